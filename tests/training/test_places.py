"""Calibration by place: what a cell tells, which cells are too small, and what is said where no place is known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.flat import SPEC, table
from tests.training.judged import as_json, evaluated
from training import places, report
from training.table import build


@pytest.fixture
def judged(small):
    """The small panel in two provinces, one of them with towns alone, and one cell of a few rows."""
    panel = small.take(small.at_risk & small.seen)
    n = np.arange(len(panel))
    panel.meta["province"] = np.where(n % 2 == 0, "31", "12").astype(object)
    panel.meta["urban"] = np.where(n % 2 == 0, 1.0, np.where(n < 40, 0.0, 1.0))
    return panel


def test_each_cell_tells_expected_over_observed(judged):
    p = np.full(len(judged), judged.poor_next.mean())
    found = places.judge(judged, p, number=40, seed=1)
    assert found["reason"] is None
    assert set(found["cells"]) == {"31 urban", "12 urban", "12 rural", places.TOGETHER}
    rows = judged.meta["province"] == "31"
    weight = judged.weight()[rows]
    cell = found["cells"]["31 urban"]
    ratio = cell["expected_over_observed"]
    assert ratio["value"] == pytest.approx(weight @ p[rows] / (weight @ judged.poor_next[rows]), rel=1e-5)
    assert ratio["low"] < ratio["value"] < ratio["high"]
    assert cell["told"]["value"] / cell["fell"]["value"] == pytest.approx(ratio["value"], rel=1e-4)


def test_a_cell_under_the_minimum_gets_no_figure_and_no_row_is_lost(judged):
    cells = places.judge(judged, np.full(len(judged), 0.1), number=40, seed=1)["cells"]
    assert cells["12 rural"] == {"rows": 20, "events": cells["12 rural"]["events"], "too_small": True, "told": None,
                                 "fell": None, "expected_over_observed": None}  # fmt: skip
    assert cells[places.TOGETHER]["rows"] == 20
    assert sum(cell["rows"] for name, cell in cells.items() if name != places.TOGETHER) == len(judged)


def test_a_table_without_places_says_why():
    panel = build(table(households=60, years=4), SPEC).panel
    assert places.judge(panel, np.full(len(panel), 0.1), number=20, seed=1) | {"fewest": 0} == {
        "reason": places.NONE, "cells": {}, "fewest": 0}  # fmt: skip


def test_the_report_names_provinces_of_indonesia_and_says_where_there_are_none():
    found, result = evaluated(), as_json()
    result["calibration_by_place"]["cells"] = {
        "31 urban": {"rows": 900, "events": 60, "too_small": False, "told": {"value": 0.05, "low": 0.04, "high": 0.06},
                     "fell": {"value": 0.04, "low": 0.03, "high": 0.05},
                     "expected_over_observed": {"value": 1.25, "low": 1.1, "high": 1.4}},
        "32 rural": {"rows": 9, "events": 0, "too_small": True, "told": None, "fell": None,
                     "expected_over_observed": None},
    }  # fmt: skip

    def page(own):
        return report.render(own, found.scores, found.test.poor_next, found.test.weight())

    html = page(result | {"place": "Indonesia"})
    for words in ("Calibration by place", "DKI Jakarta urban", "1.250", "1.100 to 1.400", "too few falls (0)"):
        assert words in html, words
    assert "31 urban" in page(result | {"place": "Argentina"})
    none = {"fewest": {"rows": 100, "events": 20}, "reason": places.NONE, "cells": {}}
    assert f"Not told: {places.NONE}." in page(result | {"calibration_by_place": none})
