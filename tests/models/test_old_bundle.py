"""A bundle written by an earlier release still loads, and still gives the scores it gave then."""

from __future__ import annotations

import json
import tarfile
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from models import bundle
from tests import old_bundle

FIXTURES = sorted(old_bundle.FOLDER.glob("bundle_*.tar.xz"))


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_an_old_bundle_gives_its_old_scores(fixture: Path, tmp_path: Path) -> None:
    with tarfile.open(fixture) as archive:
        archive.extractall(tmp_path, filter="data")
    told = json.loads((tmp_path / "told.json").read_text())
    [path] = [folder for folder in tmp_path.iterdir() if folder.is_dir()]
    now = old_bundle.scores(path, told["tables"], told["as_of"])
    assert len(now) == len(told["scores"]) == old_bundle.FAMILIES
    for row, then in zip(now, told["scores"], strict=True):
        same(row, then)


def same(now: object, then: object) -> None:
    """Equal to the last name and nearly the last digit; a later version may tell more, never less."""
    if isinstance(then, dict):
        assert isinstance(now, dict)
        for name, value in then.items():
            same(now[name], value)
    elif isinstance(then, list):
        assert isinstance(now, list)
        assert len(now) == len(then)
        for one, other in zip(now, then, strict=True):
            same(one, other)
    elif isinstance(then, float):
        assert now == pytest.approx(then, abs=1e-6)
    else:
        assert now == then


def test_there_is_a_small_fixture_of_this_release_and_format() -> None:
    own = f"bundle_{Version(version('jaga')).base_version}.tar.xz"
    assert own in {path.name for path in FIXTURES}
    assert all(path.stat().st_size < 300_000 for path in FIXTURES)
    with tarfile.open(old_bundle.FOLDER / own) as archive:
        (manifest,) = [name for name in archive.getnames() if name.endswith("manifest.json")]
        file = archive.extractfile(manifest)
        assert file is not None
        assert json.load(file)["format"] == bundle.FORMAT
        assert {"interval.json", "ladder.npz", "dynamics.npz", "status.lgb", "stay.lgb"} <= {
            Path(name).name for name in archive.getnames()
        }
