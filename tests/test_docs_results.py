"""The results page tells what is bad as well: worse kinds and bands, baselines that were not run, figures left out."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

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


def test_the_head_of_the_page_is_what_the_program_writes(results):
    assert (ROOT / "docs" / "results.md").read_text(encoding="utf-8").startswith(results.INTRO)
    assert results.SEEDS.strip() in (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
