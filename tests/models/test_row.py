"""Columns of a score row: what is not known is null, and nothing else is."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from models import row


def test_what_is_not_known_is_null() -> None:
    assert row.labels(np.array([0.0, 1.0, np.nan, -1.0]), ("a", "b")).to_pylist() == ["a", "b", None, None]
    assert row.text(np.array(["a", "", None], dtype=object)).to_pylist() == ["a", None, None]
    assert row.flags(np.array([1.0, 0.0, 1.0]), np.array([True, True, False])).to_pylist() == [True, False, None]
    assert row.numbers(np.array([0.0, np.nan])).to_pylist() == [0.0, None]
    assert row.same("x", pa.string(), 2).to_pylist() == ["x", "x"]
    lists = row.lists(np.array([2, 0, 0, 1]), pa.array([1, 2, 3]), np.array([True, True, False, True]))
    assert lists.to_pylist() == [[1, 2], [], None, [3]]


def test_figures_end_at_twelve_decimals_unless_told_otherwise() -> None:
    third = np.array([1 / 3])
    assert row.numbers(third).to_pylist() == [0.333333333333]
    assert row.numbers(third, 3).to_pylist() == [0.333]


def test_a_column_that_is_not_given_is_empty_and_dates_are_told_as_text() -> None:
    day = dt.date(2026, 1, 31)
    reason = {"key": "a", "value": None, "known_at": day, "contribution": 0.5}
    made = row.table({"as_of": pa.array([day, day]), "reasons": pa.array([[reason], None], pa.list_(row.REASON))}, 2)
    assert made.schema == row.KEPT
    first, second = row.plain(made)
    assert (first["as_of"], first["expires"], first["risk"]) == ("2026-01-31", None, None)
    assert first["reasons"] == [reason | {"known_at": "2026-01-31"}]
    assert second["reasons"] is None
    assert list(first)[-1] == "subdistrict"
