"""A model is what its name says: one that was altered, cut short or put together by hand is never scored with."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models import bundle, score
from models.bundle import BundleError
from tests import small


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.write(tmp_path_factory.mktemp("bundles"))


@pytest.fixture
def copy(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / written.name))


BEARING = ("risk.lgb", "status.lgb", "stay.lgb", "schema.json", "cuts.json", "reference.json", "context.json",
           "parts.json")  # fmt: skip


def test_a_bundle_is_named_by_its_content(written: Path) -> None:
    loaded = bundle.load(written)
    assert loaded.name == written.name == loaded.identity[:12]
    assert sorted(item.name for item in written.iterdir()) == sorted([*BEARING, "manifest.json", "meta.json"])


def test_the_same_files_are_written_once_and_what_lies_outside_has_no_part_in_the_name(written: Path) -> None:
    before = (written / "manifest.json").stat().st_mtime_ns
    files = {name: (written / name).read_bytes() for name in BEARING}
    assert bundle.write(written.parent, files, {"created": "another day"}) == written
    assert (written / "manifest.json").stat().st_mtime_ns == before
    assert [item.name for item in written.parent.iterdir()] == [written.name]


def test_a_bundle_read_back_scores_as_it_did_before(written: Path) -> None:
    tables = small.admitted(20, seed=5)
    as_of = np.datetime64(small.AS_OF)
    first, second = (score.score(bundle.load(written), tables, as_of) for _ in range(2))
    assert first.equals(second)
    assert first.column("status").to_pylist() == ["scored"] * 20


@pytest.mark.parametrize("name", BEARING)
def test_one_altered_byte_in_any_file_is_refused(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(bytes(content))
    with pytest.raises(BundleError, match=f"altered: {name}"):
        bundle.load(copy)


@pytest.mark.parametrize("name", BEARING)
def test_a_missing_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BundleError, match=f"{name} is missing"):
        bundle.load(copy)


@pytest.mark.parametrize("damage", ["gone", "empty", "cut"])
def test_a_half_written_manifest_is_refused(copy: Path, damage: str) -> None:
    manifest = copy / "manifest.json"
    text = manifest.read_text()
    manifest.unlink()
    if damage != "gone":
        manifest.write_text("" if damage == "empty" else text[: len(text) // 2])
    with pytest.raises(BundleError, match="manifest cannot be read"):
        bundle.load(copy)


@pytest.mark.parametrize("text", ["null", "[]", '"text"', '{"format": 1, "files": []}', '{"format": 1, "files": null}'])
def test_a_manifest_of_another_shape_is_refused(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text)
    with pytest.raises(BundleError):
        bundle.load(copy)


def test_a_manifest_that_hides_an_altered_file_changes_the_identity(copy: Path) -> None:
    (copy / "cuts.json").write_text('{"poor_now": 0.9}')
    manifest = json.loads((copy / "manifest.json").read_text())
    import hashlib

    manifest["files"]["cuts.json"] = hashlib.sha256((copy / "cuts.json").read_bytes()).hexdigest()
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="does not bear the name of its content"):
        bundle.load(copy)


def test_a_file_that_is_not_its_own_is_refused(copy: Path) -> None:
    (copy / "extra.py").write_text("")
    with pytest.raises(BundleError, match=r"not its own: extra\.py"):
        bundle.load(copy)


def test_another_format_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    with pytest.raises(BundleError, match="format 2"):
        bundle.load(copy)


def test_a_file_outside_the_folder_cannot_be_listed(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["../secret"] = "0" * 64
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="no file of a bundle"):
        bundle.load(copy)


def test_a_feature_this_version_does_not_know_is_refused(written: Path, tmp_path: Path) -> None:
    files = {name: (written / name).read_text() for name in BEARING}
    schema = json.loads(files["schema.json"])
    schema["features"][0] = "shoe_size"
    other = bundle.write(tmp_path, files | {"schema.json": bundle.dump(schema)}, {})
    with pytest.raises(BundleError, match="shoe_size"):
        _ = bundle.load(other).features


def test_a_write_that_stops_leaves_no_bundle(tmp_path: Path, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: (written / name).read_bytes() for name in BEARING}

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(bundle.os, "rename", full)
    with pytest.raises(OSError, match="no space"):
        bundle.write(tmp_path, files, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoil", ["figures", "seal", "hash and figures", "gone"])
def test_figures_are_those_that_were_written_or_none(tmp_path: Path, spoil: str) -> None:
    copy = small.write(tmp_path)
    assert bundle.meta(copy) == json.loads((copy / "meta.json").read_text())
    manifest = json.loads((copy / "manifest.json").read_text())
    figures = (copy / "meta.json").read_text()
    if spoil != "seal":
        (copy / "meta.json").write_text(figures[:-2] + ', "auc": 0.8}')
    if spoil == "hash and figures":
        manifest["told"]["meta.json"] = hashlib.sha256((copy / "meta.json").read_bytes()).hexdigest()
    if spoil == "seal":
        manifest["seal"] = "0" * 64
    if spoil == "gone":
        del manifest["told"], manifest["seal"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    bundle.load(copy)  # the model itself is as it was
    with pytest.raises(BundleError, match="as it was written" if spoil == "figures" else "no signature"):
        bundle.meta(copy)
