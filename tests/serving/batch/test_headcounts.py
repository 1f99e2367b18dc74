"""`jaga score --headcounts`: files that are refused, places that are matched, runs that meet what was asked."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from features.cli import main
from features.commands import UserError
from serving.batch import headcounts
from tests.serving import registers

DAY = np.datetime64("2026-10-20")


def write(path: Path, *rows: str) -> Path:
    path.write_text("province,urban,headcount,known_at,forecast\n" + "\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("31,,1.2,2026-07-01,", "row 1: province 31.*a share between 0 and 1"),
        ("31,perhaps,0.1,2026-07-01,", "row 1: province 31, urban 'perhaps'"),
        (",true,0.1,2026-07-01,", "province empty"),
        ("31,true,0.1,,", "known_at empty"),
        ("31,true,0.1,next year,", "known_at next year"),
        ("31,true,0.1,2026-11-01,", "after the date of the scores"),
    ],
)
def test_a_bad_row_is_named_by_its_rule(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        headcounts.read(write(tmp_path / "h.csv", row), DAY)


def test_a_forecast_says_so_and_twice_is_refused(tmp_path: Path) -> None:
    found = headcounts.read(write(tmp_path / "h.csv", "31,,0.1,,true", "32,true,0.2,2026-07-01,"), DAY)
    assert found.targets == {("31", "all"): 0.1, ("32", "urban"): 0.2}
    with pytest.raises(UserError, match="row 2: 31 all is there twice"):
        headcounts.read(write(tmp_path / "h.csv", "31,,0.1,,true", "31,,0.2,,true"), DAY)


def test_the_nearest_headcount_holds(tmp_path: Path) -> None:
    own = headcounts.read(write(tmp_path / "h.csv", "ID,,0.1,,true", "31,,0.05,,true", "32,false,0.2,,true"), DAY)
    assert headcounts.place_of(("31/urban", "32/rural", "32/urban", "35/all"), own) == {
        "31/urban": "31/all", "32/rural": "32/rural", "32/urban": "ID/all", "35/all": "ID/all"}  # fmt: skip


def test_a_run_meets_the_headcount_and_its_reasons_go_on_adding_up(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    source = registers.write(tmp_path / "in", registers.tables(120))
    plain = registers.score(source, tmp_path / "plain", bundles[0])
    asked = write(tmp_path / "h.csv", "ID,,0.3,2026-07-01,")
    brought = registers.score(source, tmp_path / "brought", bundles[0], headcounts=asked, chunk=70)
    (told,) = brought.manifest["headcounts"]["places"].values()
    assert told["after"] == pytest.approx(0.3, abs=1e-6)
    assert abs(told["before"] - 0.3) > 0.01
    before, after = (registers.rows(tmp_path / name).to_pylist() for name in ("plain", "brought"))
    for one, two in zip(before, after, strict=True):
        if not two["applies"]:
            continue
        logit = math.log(two["risk"] / (1 - two["risk"]))
        parts = two["base"] + two["place"] + two["other"] + sum(reason["contribution"] for reason in two["reasons"])
        assert parts == pytest.approx(logit, abs=1e-5)
        assert logit - math.log(one["risk"] / (1 - one["risk"])) == pytest.approx(told["shift"], abs=1e-5)
    assert "headcounts" not in plain.manifest
    assert brought.manifest["run"]["headcounts"] == headcounts.read(asked, DAY).hash


def test_from_the_command_line(bundles: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = registers.write(tmp_path / "in", registers.tables(60))
    asked = write(tmp_path / "h.csv", "ID,,0.25,2026-07-01,", "99,,0.1,2026-07-01,")
    named = ["score", "--input", str(source), "--output", str(tmp_path / "out"), "--bundle", str(bundles[0])]
    assert main([*named, "--headcounts", str(asked)]) == 0
    assert "25,00 % sesudahnya, 25,00 % diminta" in capsys.readouterr().out
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["headcounts"]["not_used"] == ["99/all"]
    # The same folder for another headcount is another run, and refused.
    other = write(tmp_path / "other.csv", "ID,,0.2,2026-07-01,")
    assert main([*named, "--headcounts", str(other)]) == 2
