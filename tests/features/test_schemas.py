"""The pandera schemas and the door give every cell the same verdict."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import contract, keys
from features.admit import admit
from features.cells import Refusals, parse_column
from features.schemas import schema

RULES = [(table.name, rule) for table in contract.TABLES.values() for rule in table.fields]
CODES = keys.key_ids(["a", "b", "c"], b"k" * 32)

EMPTY = st.sampled_from([None, "", "  ", float("nan"), pd.NA, pd.NaT, Decimal("NaN"), np.float32("nan")])
JUNK = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["1_000", "nan", "inf", "0x10", "٣", "1,5", "3171011201900001", "3171 0112 0190 0001", "x" * 201]),
    st.sampled_from(["2026Q5", "2026q1", "20261", "9999-12-31", "1899-12-31", "2026-02-30", "2026-01-31T25:00"]),
    st.sampled_from([True, False, np.True_, b"5", b"", 1j, 10**30, -(10**30), dt.timedelta(1), dt.time(3)]),
    st.sampled_from([Decimal("2.50"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+400"), np.int8(3)]),
    st.sampled_from([[1], [], {"a": 1}, (1, 2), object, 1.5, np.array([1.0])]),
    st.sampled_from([dt.date(2026, 1, 31), dt.datetime(2026, 1, 31, 5), pd.Timestamp("2026-01-31", tz="Asia/Jakarta")]),
    st.sampled_from([np.datetime64("2026-01-31"), pd.Period("2026Q1"), pd.Period("2026-01"), pd.Period("2026", "Y")]),
    st.sampled_from([2026, 2026.0, 2026.5, -9, -99, -999, 999, 0, 1, 2, 0.5, float("inf"), -1e300, "7", " 7 ", "1e2"]),
)


def good(rule: contract.Field) -> st.SearchStrategy[Any]:
    if rule.kind in ("number", "count", "flag"):
        low, high = (0, 1) if rule.kind == "flag" else (rule.low or 0, rule.high or 0)
        edges = [
            low,
            high,
            np.nextafter(high, np.inf),
            np.nextafter(low, -np.inf),
            *rule.refuse,
            str(high),
            np.int64(1),
        ]
        return st.one_of(st.sampled_from(edges), st.floats(low, high), st.sampled_from(["true", "No ", "yes", True]))
    if rule.kind == "choice":
        return st.sampled_from([*rule.choices, f" {rule.choices[0]} ", rule.choices[0].upper()])
    some = {"id": [*CODES, CODES[0] + " ", "raw", "2" * 12], "period": ["2026Q1", "2026", 2026.0, "2199Q4", "1799"],
            "date": ["2026-01-31", "2026-01-31 00:00:00", "2026-01-31T10:00:00+07:00", "2199-12-31", "2026-1-31"],
            "text": ["06", 6, 6.0, 6.25, "Kab. Ende", "no\ttab", "a\x00", "é", "12", "1234",
                     "3204010", 3204010, CODES[0]]}  # fmt: skip
    return st.sampled_from(some[rule.kind])


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
@given(data=st.data())
def test_both_judge_each_cell_alike(long: bool, data: st.DataObject) -> None:
    name, rule = data.draw(st.sampled_from(RULES))
    cells = data.draw(st.lists(st.one_of(good(rule), good(rule), EMPTY, JUNK), min_size=1, max_size=6))
    if long:  # the door reads long columns another way
        cells = cells * 20
    refusals = Refusals()
    parse_column(rule, cells, refusals, None)
    column = pa.DataFrameSchema({rule.name: schema(name).columns[rule.name]})
    bad = pandera_verdict(column, pd.DataFrame({rule.name: pd.Series(cells, dtype=object)}))
    assert set(refusals.of(rule.name)) == bad, (rule, cells, dict(refusals.of(rule.name)))


def pandera_verdict(rules: pa.DataFrameSchema, frame: pd.DataFrame) -> set[int]:
    try:
        rules.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        rows = errors.failure_cases["index"]
        if rows.isna().any():  # a check that itself broke says no row
            raise
        return set(rows.astype(int))
    return set()


@given(st.lists(st.tuples(
    st.sampled_from(["11", " 11", 11, "12", None, "3171011201900001"]), st.sampled_from([0, 1, "no", None, 2]),
    st.sampled_from(["2026Q1", "2025Q4", "x"])), min_size=1, max_size=8))  # fmt: skip
def test_both_find_the_same_keys_twice(rows: list[tuple[Any, Any, Any]]) -> None:
    province, urban, period = (pd.Series(cells, dtype=object) for cells in zip(*rows, strict=True))
    frame = pd.DataFrame({"line_province": province, "line_urban": urban, "period": period})
    # No two rows are equal: of those the door takes one, and the schema, which drops nothing, tells of both.
    frame = frame.assign(known_at="2027-01-01", line=np.arange(1.0, len(rows) + 1))
    answer = admit({"poverty_lines": frame}, required=())
    assert set(answer.quarantine.row) == pandera_verdict(schema("poverty_lines"), frame)


def test_clean_frame_comes_back_typed() -> None:
    frame = pd.DataFrame({"region": ["06", "ID"], "period": [2025, 2026], "known_at": ["2026-01-31"] * 2,
                          "headcount": ["0.09", None]})  # fmt: skip
    result = schema("regions").validate(frame)
    assert result["region"].tolist() == ["06", "ID"]
    assert result["period"].tolist() == ["2025", "2026"]
    assert result["headcount"].dtype == np.float64
    assert result["known_at"].dtype.kind == "M"


def test_missing_column_is_told() -> None:
    with pytest.raises(pa.errors.SchemaError, match="region"):
        schema("regions").validate(pd.DataFrame({"period": ["2026"], "known_at": ["2026-01-31"]}))


def test_unknown_table() -> None:
    with pytest.raises(KeyError):
        schema("nonsense")
