"""The model that answers is the one a person promoted; a record or link that was edited vouches for none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models import bundle, record
from models.bundle import BundleError
from models.chain import ChainError
from tests import small

ENTRY: record.Entry = {
    "action": "promote",
    "who": "dewi",
    "when": "2026-11-20T08:00:00+00:00",
    "data_hash": "0" * 64,
    "gates": {"leak alarm": {"passed": True, "found": "AUC .8"}},
    "figures": {"auc": 0.8},
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("made")
    return small.write(folder, seed=1, count=120), small.write(folder, seed=2, count=120)


@pytest.fixture
def home(two: tuple[Path, Path], tmp_path: Path) -> Path:
    for path in two:
        shutil.copytree(path, tmp_path / "bundles" / path.name)
    return tmp_path


def test_nothing_is_promoted_at_first(home: Path, two: tuple[Path, Path]) -> None:
    assert record.promoted(home) is None
    with pytest.raises(BundleError, match="no bundle was ever promoted"):
        record.check(home, bundle.load(home / "bundles" / two[0].name))


def test_the_champion_is_the_one_promoted_last(home: Path, two: tuple[Path, Path]) -> None:
    first, second = (home / "bundles" / path.name for path in two)
    identity = record.promote(home, first, ENTRY)
    link = home / "bundles" / record.CHAMPION
    assert link.is_symlink()
    assert link.readlink() == Path(first.name)
    assert record.promoted(home) == identity
    record.check(home, bundle.load(link))

    record.promote(home, second, ENTRY)
    assert link.resolve() == second.resolve()
    record.check(home, bundle.load(link))
    with pytest.raises(BundleError, match="not the one promoted last"):
        record.check(home, bundle.load(first))

    record.promote(home, link.parent / first.name, {**ENTRY, "action": "rollback"})
    record.check(home, bundle.load(link))
    assert [entry["action"] for entry in record.entries(home)] == ["promote", "promote", "rollback"]
    assert sorted(item.name for item in link.parent.iterdir()) == sorted([first.name, second.name, "champion"])


def test_a_link_that_was_bent_by_hand_is_refused(home: Path, two: tuple[Path, Path]) -> None:
    record.promote(home, home / "bundles" / two[0].name, ENTRY)
    link = home / "bundles" / record.CHAMPION
    link.unlink()
    link.symlink_to(two[1].name)
    with pytest.raises(BundleError, match="not the one promoted last"):
        record.check(home, bundle.load(link))


def test_a_record_that_was_edited_vouches_for_nothing(home: Path, two: tuple[Path, Path]) -> None:
    first, second = (home / "bundles" / path.name for path in two)
    record.promote(home, first, ENTRY)
    path = record.path(home)
    path.write_text(path.read_text().replace(bundle.load(first).identity, bundle.load(second).identity))
    with pytest.raises(BundleError, match="line 1 was altered"):
        record.check(home, bundle.load(second))
    with pytest.raises(ChainError, match="line 1"):
        record.promote(home, second, ENTRY)
    assert (home / "bundles" / record.CHAMPION).resolve() == first.resolve()


def test_the_record_of_another_installation_vouches_for_nothing(
    home: Path, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = home / "bundles" / two[0].name
    record.promote(home, first, ENTRY)
    monkeypatch.setenv("JAGA_KEYS", f"door={'ab' * 16},seal={'cd' * 16}")
    with pytest.raises(BundleError, match="another installation"):
        record.check(home, bundle.load(first))


def test_a_damaged_bundle_or_one_from_elsewhere_is_not_promoted(home: Path, two: tuple[Path, Path]) -> None:
    with pytest.raises(BundleError, match="is not in"):
        record.promote(home, two[0], ENTRY)
    own = home / "bundles" / two[0].name
    (own / "risk.lgb").write_text("tree\n")
    with pytest.raises(BundleError, match="altered"):
        record.promote(home, own, ENTRY)
    assert record.promoted(home) is None


def test_promotion_that_stopped_before_the_link_is_mended_by_promoting_again(
    home: Path, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (home / "bundles" / path.name for path in two)
    record.promote(home, first, ENTRY)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(record, "_point", stop)
        with pytest.raises(KeyboardInterrupt):
            record.promote(home, second, ENTRY)
    with pytest.raises(BundleError):
        record.check(home, bundle.load(home / "bundles" / record.CHAMPION))
    record.promote(home, second, ENTRY)
    record.check(home, bundle.load(home / "bundles" / record.CHAMPION))
