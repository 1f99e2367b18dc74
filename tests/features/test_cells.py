"""One column by its rule: each rule broken once, whatever the column is made of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import contract, periods
from features.cells import DIGITS, Refusals, parse_column
from features.contract import Field
from features.values import RefusedError, reader
from tests.features.door import KEY, code

HOME, PERSON, SIGNAL = contract.HOUSEHOLDS, contract.MEMBERS, contract.SECTOR_SIGNALS
LENGTHS = pytest.mark.parametrize("times", [1, 100], ids=["cell by cell", "by distinct values"])


def read(rule: Field, cells: Any, key: bytes | None = KEY) -> tuple[list[Any], dict[int, str]]:
    refusals = Refusals()
    values = parse_column(rule, cells, refusals, key)
    assert len(values) == len(cells)
    return values.tolist(), refusals.of(rule.name)


def refusal(rule: Field, cell: Any, times: int, key: bytes | None = KEY) -> str | None:
    """Why this cell is refused, the same among many others."""
    _, why = read(rule, [cell] * times, key)
    assert len(why) in (0, times)
    return why.get(times - 1)


@LENGTHS
@pytest.mark.parametrize(("rule", "cell", "words"), [
    (PERSON["age"], -1, "-1 is below 0 years"),
    (PERSON["age"], 121, "121 is above 120 years"),
    (PERSON["age"], 1.5, "1.5 is not a whole number"),
    (PERSON["age"], "forty", "'forty' is not a number"),
    (PERSON["age"], True, "true is not a number"),
    (PERSON["age"], None, "is empty; a value is required"),
    (PERSON["age"], float("nan"), "is empty; a value is required"),
    (PERSON["age"], float("inf"), "inf is not finite"),
    (PERSON["age"], 10**400, "inf is not finite"),
    (PERSON["age"], b"40", "a bytes is not a number"),
    (PERSON["age"], [40], "a list is not a number"),
    (PERSON["age"], np.array([40]), "a ndarray is not a number"),
    (PERSON["age"], {"years": 40}, "a dict is not a number"),
    (PERSON["age"], 1j, "a complex is not a number"),
    (PERSON["age"], pd.Timestamp("2026-01-31"), "a date is not a number"),
    (PERSON["age"], "1_0", "'1_0' is not a number"),
    (PERSON["age"], "٤٠", "'٤٠' is not a number"),
    (PERSON["earnings"], -999, "-999 is a code for unknown; leave the cell empty"),
    (PERSON["earnings"], "-9", "-9 is a code for unknown; leave the cell empty"),
    (PERSON["hours"], 999, "999 is a code for unknown; leave the cell empty"),
    (HOME["urban"], 2, "2 is neither 0 nor 1"),
    (HOME["urban"], "maybe", "'maybe' is not true or false"),
    (HOME["floor"], "marble", "'marble' is not one of earth, bamboo, wood, cement, tile"),
    (HOME["floor"], True, "true is not text"),
    (HOME["unit"], " ", "is empty; a value is required"),
    (HOME["period"], "2026Q5", "'2026Q5' is not a period; write 2026Q1 or 2026"),
    (HOME["period"], 2026.5, "'2026.5' is not a period; write 2026Q1 or 2026"),
    (HOME["period"], pd.Period("2026-01"), "'2026-01' is not a period; write 2026Q1 or 2026"),
    (HOME["known_at"], "31/01/2026", "'31/01/2026' is not a date; write 2026-01-31"),
    (HOME["known_at"], "2026", "'2026' is not a date; write 2026-01-31"),
    (HOME["known_at"], "2026-02-30", "'2026-02-30' is not a date; write 2026-01-31"),
    (HOME["known_at"], 20260131, "20260131 is not a date; write 2026-01-31"),
    (HOME["known_at"], "9999-12-31", "9999-12-31 is not between 1900 and 2199"),
    (HOME["known_at"], pd.NaT, "is empty; a value is required"),
    (HOME["province"], "x" * 201, "is longer than 200 characters"),
    (HOME["province"], "a\x00b", "has characters that cannot be printed"),
    (HOME["province"], "\ud800", "has characters that cannot be printed"),
    (HOME["province"], float("inf"), "is too large a number for a code"),
    (HOME["province"], "3171011201900001", "looks like a NIK; personal numbers are never stored"),
    (HOME["province"], 3171011201900001, "looks like a NIK; personal numbers are never stored"),
    (HOME["cluster"], "NIK 3171-0112-0190-0001", "looks like a NIK; personal numbers are never stored"),
])  # fmt: skip
def test_rule_broken(rule: Field, cell: Any, words: str, times: int) -> None:
    assert refusal(rule, cell, times) == words


@LENGTHS
def test_refusal_tells_no_number_of_a_person(times: int) -> None:
    for rule in (*HOME.fields, *PERSON.fields, *SIGNAL.fields):
        for cell in ("3171011201900001", 3171011201900001, "Siti Aminah, Jl. Melati 12 RT 03", "3171 0112 0190 0001"):
            why = refusal(rule, cell, times) or ""
            assert "0112" not in why
            assert "Siti" not in why


@LENGTHS
@pytest.mark.parametrize(("rule", "cell", "value"), [
    (PERSON["age"], " 40 ", 40.0), (PERSON["age"], "4e1", 40.0), (PERSON["age"], Decimal("40"), 40.0),
    (PERSON["age"], np.int8(40), 40.0), (PERSON["age"], np.float16(40), 40.0),
    (HOME["urban"], "Yes", 1.0), (HOME["urban"], True, 1.0), (HOME["urban"], np.False_, 0.0), (HOME["urban"], "0", 0.0),
    (HOME["power"], 450, 2.0), (HOME["power"], 450.0, 2.0), (HOME["power"], " 450 ", 2.0),
    (HOME["province"], "06", "06"), (HOME["province"], 6.0, "6"), (HOME["province"], Decimal("6.0"), "6"),
    (HOME["period"], 2026, 2026), (HOME["period"], 2026.0, 2026), (HOME["period"], "2026Q2", 8105),
    (HOME["period"], pd.Period("2026Q2"), 8105), (HOME["period"], pd.Period("2026", "Y"), 2026),
    (HOME["known_at"], "2026-01-31T23:59:59+07:00", dt.date(2026, 1, 31)),
    (HOME["known_at"], pd.Timestamp("2026-01-31 23:59", tz="Asia/Jakarta"), dt.date(2026, 1, 31)),
    (HOME["known_at"], np.datetime64("2026-01-31T23:59:59.999999999"), dt.date(2026, 1, 31)),
    (HOME["known_at"], dt.datetime(2026, 1, 31, 23, 59), dt.date(2026, 1, 31)),
])  # fmt: skip
def test_value_read(rule: Field, cell: Any, value: Any, times: int) -> None:
    values, why = read(rule, [cell] * times)
    assert not why
    assert values == [value] * times


@LENGTHS
@pytest.mark.parametrize("cell", [None, "", "  ", float("nan"), pd.NA, pd.NaT, np.ma.masked, Decimal("sNaN")], ids=repr)
def test_empty_cell_is_empty_in_every_kind(cell: Any, times: int) -> None:
    for rule in (HOME["weight"], HOME["rooms"], HOME["urban"], HOME["floor"], HOME["regency"]):
        values, why = read(rule, [cell] * times)
        assert not why
        assert all(value is None or value != value for value in values)


COLUMNS = {
    "masked": (np.ma.array([3.0, 8.0, -1.0], mask=[0, 1, 0]), "number"),
    "Int64": (pd.Series([3, None, -1], dtype="Int64"), "number"),
    "Float64": (pd.Series([3, None, -1], dtype="Float64"), "number"),
    "objects": (pd.Series([3, None, -1], dtype=object), "number"),
    "text": (pd.Series(["3", None, "-1"]), "number"),
    "string": (pd.Series(["3", None, "-1"], dtype="string"), "number"),
    "arrow backed": (pd.Series([3, None, -1], dtype=pd.ArrowDtype(pa.int64())), "number"),
    "categories": (pd.Series(["3", None, "-1"], dtype="category"), "number"),
    "categories of numbers": (pd.Series([3, None, -1], dtype="category"), "number"),
    "arrow": (pa.array([3, None, -1]), "number"),
    "arrow chunks": (pa.chunked_array([[3], [None, -1]]), "number"),
    "arrow dictionary": (pa.array(["3", None, "-1"]).dictionary_encode(), "number"),
    "floats": (np.array([3, np.nan, -1], dtype=np.float32), "number"),
    "boolean": (pd.Series([True, None, True], dtype="boolean"), "flag"),
    "bool and None": (pd.Series([True, None, True], dtype=object), "flag"),
    "arrow bool": (pa.array([True, None, True]), "flag"),
}


@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize("name", COLUMNS)
def test_form_of_the_column_changes_nothing(name: str, times: int) -> None:
    column, kind = COLUMNS[name]
    if times > 1:
        column = (pd.concat([column] * times) if isinstance(column, pd.Series) else np.ma.concatenate([column] * times)
                  if isinstance(column, np.ma.MaskedArray) else np.concatenate([column] * times)
                  if isinstance(column, np.ndarray) else pa.chunked_array([*pa.chunked_array(column).chunks] * times)
                  if isinstance(column, pa.ChunkedArray) else pa.concat_arrays([column] * times))  # fmt: skip
    rule = Field("rooms", "count", "", low=0, high=9) if kind == "number" else HOME["urban"]
    values, why = read(rule, column)
    first = 3.0 if kind == "number" else 1.0
    assert values[0] == first
    assert np.isnan(values[1])
    assert (why.get(2) == "-1 is below 0") == (kind == "number")
    assert set(why) == ({row for row in range(3 * times) if row % 3 == 2} if kind == "number" else set())


@pytest.mark.parametrize("times", [1, 100])
@pytest.mark.parametrize("form", [
    lambda days: pd.Series(days).astype("datetime64[ns]"), lambda days: pd.Series(days, dtype=object),
    lambda days: np.array(days, dtype="datetime64[s]"), lambda days: pa.array(days), lambda days: days,
    lambda days: pd.Series(days).astype("datetime64[ns]").dt.tz_localize("Asia/Jakarta"),
    lambda days: pd.Series(days).astype(str).astype("category"),
])  # fmt: skip
def test_dates_of_every_form(form: Any, times: int) -> None:
    days = [dt.date(2026, 1, 31), dt.date(2026, 12, 31)] * times
    values, why = read(HOME["known_at"], form(days))
    assert values == days
    assert not why


def test_true_among_numbers_is_refused_in_a_long_column() -> None:
    _, why = read(HOME["weight"], [1.5] * 99 + [True])
    assert why == {99: "true is not a number"}


def test_ids_are_keyed_and_codes_stay() -> None:
    raw = ["family 1", code("family 1"), "234567892345", 3171011201900001]
    for times in (1, 100):
        values, why = read(HOME["household_id"], raw * times)
        assert not why
        assert values[:2] == [code("family 1")] * 2
        assert values[2] == code("234567892345") != "234567892345"
        assert values[3] == code("3171011201900001")


def test_without_a_key_raw_ids_are_refused() -> None:
    values, why = read(HOME["household_id"], ["family 1", code("family 1")], key=None)
    assert values == [None, code("family 1")]
    assert why == {0: "is not a keyed code; read raw ids through a source, which keys them"}


def test_person_numbers_stay_and_person_ids_are_keyed() -> None:
    values, _ = read(PERSON["person_id"], ["1", 12, "3171011201900001"])
    assert values == ["1", "12", code("3171011201900001")]
    _, why = read(PERSON["person_id"], ["1", "3171011201900001"], key=None)
    assert list(why) == [1]


def test_first_refusal_of_a_cell_stays() -> None:
    refusals = Refusals()
    refusals.add([3, 1], "age", "first")
    refusals.add(1, "age", "second")
    refusals.add(np.array([0]), "sex", "third")
    assert list(refusals.items()) == [(0, "sex", "third"), (1, "age", "first"), (3, "age", "first")]
    assert refusals.rows().tolist() == [0, 1, 3]
    assert len(refusals) == 3


def test_period_numbers() -> None:
    assert read(HOME["period"], ["2026Q1"])[0] == [periods.parse("2026Q1")]


def test_a_day_among_numbers_spoils_its_own_cell_only() -> None:
    values = [dt.date(2020, 1, 1), *[0] * 100]
    refusals = Refusals()
    parsed = parse_column(contract.HOUSEHOLDS["weight"], values, refusals, None)
    assert [row for row, *_ in refusals.items()] == [0]
    assert (parsed[1:] == 0).all()


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 130), st.floats(), st.integers(10**300, 10**310), st.just(-0.0),
    st.sampled_from(["earth", "wood", " wood ", "employed", "yes", "2026Q1", "2026", "2026-01-31", "7", "", "-9", "x",
                     "KBLI2020", "3171011201900001", dt.date(2026, 1, 31), Decimal(3), np.float64(2), np.nan, -9, 999]),
)  # fmt: skip


@given(rule=st.sampled_from([*HOME.fields, *PERSON.fields]), cells=st.lists(CELLS, min_size=1, max_size=8))
def test_every_cell_of_a_short_column_gets_the_verdict_of_its_reader(rule: Field, cells: list[Any]) -> None:
    one = reader(rule, KEY)
    values, refused = read(rule, cells)
    for at, cell in enumerate(cells):
        try:
            value, why = one(cell), None
        except RefusedError as refusal_:
            value, why = None, str(refusal_)
        if value is None and why is None and not rule.null:
            why = "is empty; a value is required"
        assert refused.get(at) == why
        if value is not None:
            assert values[at] == value
        else:
            assert values[at] in (None, 0) or values[at] != values[at]


def test_refusals_are_told_by_row() -> None:
    found = Refusals()
    found.add([5, 2], "age", "a")
    found.add([3, 2], "sex", "b")
    assert list(found.items()) == [(2, "age", "a"), (2, "sex", "b"), (3, "sex", "b"), (5, "age", "a")]
    assert found.rows().tolist() == [2, 3, 5]
    assert len(found) == 4


def test_the_value_of_each_symbol_of_a_code() -> None:
    assert len(DIGITS) == 256
    assert sorted(value for value in DIGITS.tolist() if value != 255) == list(range(32))
    assert (DIGITS[ord("2")], DIGITS[ord("Z")], DIGITS[ord("0")], DIGITS[255]) == (0, 31, 255, 255)
