"""Periods as numbers: every quarter and year there and back, and their days."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import periods

PERIODS = st.one_of(st.integers(1800, 2199), st.integers(1800 * 4, 2199 * 4 + 3))


@given(PERIODS)
def test_there_and_back(period: int) -> None:
    assert periods.parse(periods.text(period)) == period
    assert periods.is_quarter(period) == ("Q" in periods.text(period))
    assert periods.per_year(period) == (4 if periods.is_quarter(period) else 1)


@given(PERIODS)
def test_days_of_a_period(period: int) -> None:
    first, last = periods.start(period), periods.end(period)
    assert first < last
    assert str(first).endswith("-01")
    assert (last - first).astype(int) + 1 in ((90, 91, 92) if periods.is_quarter(period) else (365, 366))
    if period not in (2199, 2199 * 4 + 3):
        assert periods.start(period + 1) == last + np.timedelta64(1, "D")


@pytest.mark.parametrize(("text", "first", "last"), [
    ("2026Q1", "2026-01-01", "2026-03-31"), ("2026Q4", "2026-10-01", "2026-12-31"),
    ("2024Q1", "2024-01-01", "2024-03-31"), ("2026", "2026-01-01", "2026-12-31"),
])  # fmt: skip
def test_known_days(text: str, first: str, last: str) -> None:
    period = periods.parse(text)
    assert str(periods.start(period)) == first
    assert str(periods.end(period)) == last


def test_arrays_of_both_kinds() -> None:
    mixed = np.array([periods.parse("2026Q2"), periods.parse("2026")])
    assert periods.start(mixed).astype(str).tolist() == ["2026-04-01", "2026-01-01"]


@pytest.mark.parametrize("text", ["", "2026Q0", "2026Q5", "2026q1", "26Q1", "1799", "2200", "2026-Q1", " 2026",
                                  "2026\n", "٢٠٢٦", "2026Q1 "])  # fmt: skip
def test_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="is not a period; write a quarter as 2026Q1 or a year as 2026"):
        periods.parse(text)


def test_the_first_quarter_is_a_quarter_and_the_last_year_a_year() -> None:
    assert [periods.text(number) for number in (1800, 2199, 7200, 8799)] == ["1800", "2199", "1800Q1", "2199Q4"]
    assert str(periods.start(7200)) == str(periods.start(1800)) == "1800-01-01"
    assert str(periods.end(8799)) == "2199-12-31"
    assert (periods.per_year(7200), periods.per_year(1800)) == (4, 1)
    assert periods.quarters(np.array([2199, 7199, 7200])).tolist() == [False, False, True]
