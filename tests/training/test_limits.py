"""One rule for what is too few, in every part of a result and wherever it is shown."""

from __future__ import annotations

import pytest

from tests.training.judged import as_json
from training import curves, figures, judge, report
from training.card import markdown
from training.figures import figure
from training.limits import FEWEST_FALLS, calibrated, too_few


@pytest.mark.parametrize(
    ("rows", "falls", "small"),
    [(5000, 2, True), (5000, 19, True), (5000, 20, False), (99, 40, True), (5000, 4990, True), (0, 0, True)],
)
def test_a_cell_needs_rows_falls_and_rows_without_a_fall(rows, falls, small):
    assert too_few(rows, falls) == small


@pytest.fixture(scope="module")
def few(small):
    """Judged rows of which two are in the vulnerable band and fell."""
    panel = small.take(small.at_risk & small.seen)
    panel.meta["ratio"] = panel.meta["ratio"].copy()
    panel.meta["ratio"][:] = 3.0
    panel.meta["ratio"][panel.poor_next == 0] = 2.5
    near = (panel.poor_next == 1).nonzero()[0][:2]
    panel.meta["ratio"][[*near, *(panel.poor_next == 0).nonzero()[0][:300]]] = 1.2
    return panel


def test_two_falls_get_no_figure_in_a_band(few):
    p = few.meta["ratio"] * 0 + few.poor_next.mean()
    band = judge.judge(few, {"jaga": p, "welfare_rule": p}, 2, number=30, seed=1)["bands"]["vulnerable"]
    assert band["cohort"]["events"] == 2
    assert band["cohort"]["too_few"]
    for own in (*band["models"].values(), *band["differences"].values()):
        assert all(one == {"value": None, "low": None, "high": None} for one in own.values())


def test_they_are_shown_as_too_few(few):
    assert figure({"value": 0.9, "low": 0.8, "high": 1.0}, "auc", 2) == "too few falls (2)"
    assert figure({"value": 0.9, "low": 0.8, "high": 1.0}, "auc", 2, "id") == "terlalu sedikit jatuh (2)"
    assert figures.few(3594, 195) == "too few in the rest"  # as results made before had it
    assert figures.few(80, 30) == "too few rows (80)"
    assert figures.few(500, 490, "id") == "terlalu sedikit yang tidak jatuh (10)"
    result = as_json()
    part = result["kinds"]["relapse"]
    part["cohort"] |= {"events": 2, "too_few": True}
    nothing = {"value": None, "low": None, "high": None}
    for own in (*part["models"].values(), *part["differences"].values()):
        own.update(dict.fromkeys(own, nothing))
    assert "Too few falls (2): no figures." in markdown(result, {"horizon": 1}, "en")
    assert "Terlalu sedikit jatuh (2): tidak ada angka." in markdown(result, {"horizon": 1}, "id")
    p = few.meta["ratio"] * 0 + few.poor_next.mean()
    assert "too few falls (2)" in report.render(result, {"jaga": p}, few.poor_next, few.weight())


def test_every_bin_of_the_reliability_holds_falls_enough(small):
    panel = small.take(small.at_risk & small.seen)
    p = 0.01 + 0.5 * (panel.meta["ratio"] < 1.3)
    draws = judge.Resamples.of(panel.clusters(), panel.weight(), 30, 1)
    rows = curves.reliability({"jaga": p}, panel.poor_next, draws)
    assert rows
    assert all(row["events"] >= FEWEST_FALLS for row in rows)
    assert sum(row["rows"] for row in rows) == len(panel)
    none = panel.poor_next * 0
    assert curves.reliability({"jaga": p}, none, draws) == []


@pytest.mark.parametrize(
    ("value", "low", "high", "answer"),
    [(0.75, 0.5, 1.1, "fail"), (0.75, 0.74, 0.76, "fail"), (0.95, 0.9, 1.0, "pass"), (0.95, 0.4, 1.5, "unknown"),
     (0.95, None, None, "unknown"), (None, None, None, "unknown")],
)  # fmt: skip
def test_the_figure_itself_must_lie_within_the_tolerance(value, low, high, answer):
    assert calibrated({"value": value, "low": low, "high": high}) == answer
