"""The results page tells what is bad as well: worse kinds and bands, baselines that were not run, figures left out."""

from __future__ import annotations

import copy
import re
from types import ModuleType
from typing import Any

import pytest

from benchmarks import _judged, _page
from tests.conftest import ROOT, script


@pytest.fixture(scope="module")
def results() -> ModuleType:
    return script("results")


def summary(value: float, half: float) -> dict[str, float]:
    return {"value": value, "low": value - half, "high": value + half}


def part(log_loss: float, precision: float, *, falls: int = 109) -> dict[str, Any]:
    gap = {"log_loss": summary(log_loss, 0.01), "average_precision": summary(precision, 0.01)}
    figures = {"log_loss": summary(0.4, 0.1), "average_precision": summary(0.3, 0.1)}
    small = falls < 20
    nothing = {name: dict.fromkeys(("value", "low", "high")) for name in gap}
    return {"cohort": {"rows": 527, "events": falls, "too_few": small},
            "models": dict.fromkeys(("jaga", "welfare_rank"), nothing if small else figures),
            "differences": {"welfare_rank": nothing if small else gap}}  # fmt: skip


def panel(relapse: dict[str, Any], band: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = part(-0.1, 0.1)
    own["cohort"]["rate"] = 0.1
    return own | {"kinds": {"relapse": relapse}, "bands": {"1.00-1.10": band}, "synthetic": False, "left_out": {},
                  } | more  # fmt: skip


def said(results: ModuleType, *panels: dict[str, Any]) -> str:
    return "\n".join(results._never_worse(dict(zip(("eph", "german_60"), panels, strict=True))))


def test_a_kind_that_is_worse_is_told_with_how_many_were_looked_at(results):
    good, small = part(-0.02, 0.005), part(0.5, -0.5, falls=3)
    text = said(results, panel(good, small), panel(part(-0.02, -0.05), good))
    # Three parts of two figures; the fourth has three falls.
    assert "6 differences; parts left out as too small: 1." in text
    assert "better beyond the paired interval in 3, undecided in 2, worse in 1." in text
    rows = [line for line in text.splitlines() if line.startswith("| Germany |")]
    assert len(rows) == 1
    assert "| Relapse | 527, 109 | welfare_rank | average precision |" in rows[0]
    assert "-0.0500 (-0.0600 to -0.0400)" in rows[0]


def test_where_nothing_is_worse_there_is_no_table(results):
    good = panel(part(-0.02, 0.05), part(-0.02, 0.05))
    text = said(results, good, good)
    assert "worse in 0." in text
    assert "| baseline's |" not in text


def test_learners_that_were_not_run_are_not_those_that_cannot_be(results):
    plain = panel(part(0, 0), part(0, 0))
    assert results._quick(plain)
    assert not results._quick(plain | {"left_out": {"xgboost": "needs the package"}})
    assert not results._quick(plain | {"differences": {"xgboost": {}}})


def test_months_are_told_or_the_reason_stands_there(results):
    def months(horizon: int, why: str | None) -> str:
        told = {f"months_at_{k}": summary(0.3, 0.1) for k in (5, 10, 20, 30)}
        return "\n".join(results._months({"horizon": horizon, "worth": {"months": why}, "models": {"jaga": told}}))

    assert "falls caught tell them" in months(1, None)
    assert "not told, not observed." in months(4, "not observed")
    assert "| jaga | 0.300 (0.200 to 0.400)" in months(4, None)


def test_every_section_of_quick_baselines_says_so(results):
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    sections = page.split("\n## ")[1:]
    judged = [one for one in sections if "Difference of `jaga` to each baseline" in one]
    assert judged
    for one in judged:
        run = "\n| xgboost |" in one
        assert run != ("**Quick baselines alone**" in one), one.splitlines()[0]


def test_the_head_of_the_page_and_the_other_seeds_are_what_the_files_hold():
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    assert page.startswith(_judged.intro(_page.found()["accuracy"]["panels"]))
    assert _judged.seeds().strip() in page


def test_a_difference_that_the_words_call_behind_is_behind():
    panels = copy.deepcopy(_page.found()["accuracy"]["panels"])
    panels["german_50"]["differences"]["catboost"]["log_loss"]["value"] = -0.0009
    with pytest.raises(ValueError, match=r"says behind, which german_50, catboost, log_loss is no longer"):
        _judged.intro(panels)


def cells(part: str, row: str) -> list[str]:
    """Cells of the first row of a passage that begins so, without their intervals."""
    [line] = re.findall(rf"(?m)^\| {row} \|.*$", part)[:1]
    return [cell.split(" (")[0].removeprefix("0") for cell in line.strip("| ").split(" | ")][1:]


def test_what_the_head_says_of_single_kinds_and_bands_stands_in_the_tables():
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    head = " ".join(page.partition("\nIn single kinds and bands")[2].partition("\n\n")[0].split())
    rows = [line.strip("| ").split(" | ") for line in page.partition("### In single")[2].partition("\n## ")[0]
            .splitlines() if line.startswith("| Germany")]  # fmt: skip
    gaps = [[f"{float(end):+.3f}".replace("0.", ".", 1) for end in re.findall(r"[-+][\d.]+", row[-1])] for row in rows]
    assert len(rows) == ("no", "one", "two", "three", "four", "five", "six").index(
        head.split(" figures")[0].split()[-1]
    )
    own, theirs = (row.split(" (")[0][1:] for row in rows[0][5:7])
    assert f"average precision {own} beside {theirs} ({gaps[0][0]}, {gaps[0][1]} to {gaps[0][2]}; " in head
    assert "; {} rows, {} falls)".format(*rows[0][2].split(", ")) in head
    assert f"({gaps[1][0]}, {gaps[2][0]}; {rows[1][2].split(', ')[1]} falls)" in head
    assert {gaps[3][0], gaps[4][0]} == {"-.006"}, "one figure is told of both"
    assert f"({gaps[3][0]}; {rows[3][2].split(', ')[1]} falls)" in head
    for title in ("german 60", "german 50", "eph, line 0.5 of the median, 4"):
        relapse = page.partition(f"\n## {title}")[2].partition("\n### Relapse")[2].partition("\n### ")[0]
        jaga, rank = cells(relapse, "jaga"), cells(relapse, "welfare_rank")
        assert float(jaga[2]) < float(rank[2])
        assert (float(jaga[1]) > float(rank[1])) == (title != "german 60")
        if title == "german 60":
            assert f"smaller, {jaga[2]} beside {rank[2]}, within" in head
