"""What is found for keys that a spec leaves out is what they would have said, or nothing; and it is never a feature."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.flat import SPEC, table
from training import derived
from training.table import build

SILENT = replace(SPEC, line=None, welfare_next=None)


def rows_of(line, rise=0.0, seed=5):
    """The small table in another currency whose line moves by `rise` a year; the last year has no later row."""
    rows = table(households=150, years=4, seed=seed)
    unit = line / 2 * (1 + rise) ** (rows["year"] - 2010)
    rows["cons"] *= unit
    rows["cons_next"] *= unit * (1 + rise)
    return rows


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 5_000_000), st.sampled_from([0.0, 0.07, -0.03]), st.integers(0, 20), st.randoms())
def test_a_silent_spec_finds_what_a_full_one_says(line, rise, seed, random):
    """Whatever the unit, the prices and the order of rows: the same ratio, and softness where a later row is."""
    order = list(range(600))
    random.shuffle(order)
    rows = rows_of(line, rise, seed).iloc[order].reset_index(drop=True)
    full = rows.copy()
    unit = line * (1 + rise) ** (rows["year"] - 2010)
    full["cons"], full["cons_next"] = rows["cons"] / unit, rows["cons_next"] / (unit * (1 + rise))
    told = build(full, replace(SPEC, line=1.0)).panel
    found = build(rows, SILENT)
    # What lies between the highest poor and the lowest other is not told by the table.
    np.testing.assert_allclose(found.panel.meta["ratio"], told.meta["ratio"], rtol=0.08)
    np.testing.assert_array_equal(found.panel.meta["ratio"] < 1, told.meta["ratio"] < 1)
    soft = ~np.isnan(found.panel.ratio_next)
    np.testing.assert_array_equal(soft, (~np.isnan(told.ratio_next) & (rows["year"] < 2013)))
    np.testing.assert_allclose(found.panel.ratio_next[soft], told.ratio_next[soft], rtol=0.08)
    assert [feature.name for feature in found.panel.features] == [feature.name for feature in told.features]
    assert (found.line is None) == (rise != 0.0)


def test_a_round_line_is_found_to_the_digit():
    rows = table(households=150, years=4)
    found = build(rows, SILENT)
    assert found.line == 2.0
    assert any("no `line` is given: poor is cons under 2 in 100 %" in note for note in found.notes)
    full = build(rows, SPEC).panel
    np.testing.assert_array_equal(found.panel.meta["ratio"], full.meta["ratio"])
    np.testing.assert_array_equal(found.panel.X, full.X)


def test_a_few_wrong_cells_do_not_hide_the_line():
    rows = table(households=400, years=4)
    rows.loc[[3, 500], "poor"] = 1 - rows.loc[[3, 500], "poor"]
    assert build(rows, SILENT).line == pytest.approx(2.0, rel=0.01)


def test_what_is_not_under_a_figure_is_told():
    rows = table(households=150, years=4)
    place = np.where(rows["village"].str[1:].astype(int) % 2, 1.6, 2.6)
    rows["poor"] = (rows["cons"] < place).astype(int)
    found = build(rows, SILENT)
    assert found.line == 1.0
    np.testing.assert_array_equal(found.panel.meta["ratio"], rows["cons"])
    assert any("is not cons under one figure" in note for note in found.notes)


def test_welfare_in_lines_needs_no_word():
    rows = table(households=150, years=4)
    found = build(rows.assign(cons=rows["cons"] / 2, cons_next=rows["cons_next"] / 2), SILENT)
    assert found.line == 1.0
    assert not any("no `line`" in note for note in found.notes)


def test_a_given_line_is_kept():
    rows = table(households=150, years=4)
    assert build(rows, replace(SILENT, line=50.0)).line == 50.0


def test_rows_at_risk_alone_tell_no_line_and_teach_nothing():
    """A household that fell has no later row there: soft labels of the others alone would tell too much risk."""
    rows = table(households=300, years=6)
    found = build(rows[rows["poor"] == 0].reset_index(drop=True), replace(SILENT, line=2.0))
    assert np.isnan(found.panel.ratio_next).all()
    assert any("who is seen hangs on the outcome" in note for note in found.notes)


def test_a_wrong_horizon_teaches_nothing():
    found = build(table(households=300, years=6), replace(SILENT, horizon=2))
    assert np.isnan(found.panel.ratio_next).all()
    assert any("and `horizon` the outcome" in note for note in found.notes)


def test_the_horizon_counts_the_tables_periods():
    household = np.array(["a", "a", "a", "b", "b", "a"], dtype=object)
    number = np.array([1, 2, 5, 2, 7, 7])
    ratio = np.arange(6.0)
    np.testing.assert_array_equal(derived.own_next(household, number, ratio, 1), [1, 2, 5, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(derived.own_next(household, number, ratio, 2), [2, 5, np.nan, 4, np.nan, np.nan])
    np.testing.assert_array_equal(derived.own_next(household, number, ratio, 9), np.full(6, np.nan))


@given(st.integers(0, 30))
def test_later_welfare_is_in_no_feature(row):
    """Any later welfare changed: no feature of the rows before it changes, and their softness does."""
    rows = table(households=60, years=4)
    changed = rows.copy()
    at = 4 * row + 3
    changed.loc[at, "cons"] = rows.loc[at, "cons"] * (1.3 if rows.loc[at, "poor"] == 0 else 0.7)
    before, after = (build(own, replace(SILENT, line=2.0)).panel for own in (rows, changed))
    others = np.arange(len(rows)) != at
    np.testing.assert_array_equal(before.X[others], after.X[others])
    np.testing.assert_array_equal(np.flatnonzero(~np.isclose(before.ratio_next, after.ratio_next, equal_nan=True)),
                                  [at - 1] if before.seen[at - 1] else [])  # fmt: skip


def test_where_outcome_and_later_welfare_differ_the_outcome_holds():
    rows = table(households=300, years=6)
    at = rows.index[(rows["poor"] == 0) & (rows["falls"] == 0) & (rows["year"] < 2015)][:3]
    rows.loc[at, "falls"] = 1.0
    found = build(rows, SILENT).panel
    assert np.isnan(found.ratio_next[at]).all()
    assert np.isfinite(found.ratio_next).mean() > 0.6


def test_a_period_without_poor_rows_leaves_the_line_open():
    rows = pd.concat([rows_of(2, 0.3), rows_of(2, 0.3).query("year == 2013 and poor == 0").assign(year=2014)])
    found = build(rows.reset_index(drop=True), SILENT)
    assert found.line == 1.0
    assert any("under one figure" in note for note in found.notes)
