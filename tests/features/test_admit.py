"""The door: good rows go on, bad ones are told, nothing is lost, and no raw id passes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import contract
from features.admit import ContractError, admit, outdated
from features.keys import CODE
from tests.features.door import KEY, code, good, let_in, rules

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.binary(max_size=4), st.dates(),
    st.datetimes(), st.decimals(), st.complex_numbers(), st.lists(st.integers(), max_size=2), st.timedeltas(),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1), st.tuples(st.integers()), st.sets(st.integers()),
    st.sampled_from([pd.NA, pd.NaT, np.nan, np.inf, 10**400, Decimal("sNaN"), Decimal("Infinity"), "\ud800", "\x00",
                     np.float16(1.5), np.bool_(True), np.datetime64("NaT"), np.timedelta64(1, "D"), np.array([1, 2]),
                     np.array(5), pd.Timestamp("2026-01-31", tz="UTC"), pd.Period("2026Q1"), object(), type, "2026Q1",
                     np.ma.masked, pd.Interval(0, 1), float, "-999", "true", "household", "A", "1e400", "0x1"]),
)  # fmt: skip


def complaint(tables: Any) -> str:
    """What is wrong with the tables as a whole; nothing where rows were judged."""
    try:
        let_in(tables)
    except ContractError as error:
        return str(error)
    return ""


def test_good_tables_pass_whole() -> None:
    answer = let_in(good(3, 2, ("2026Q1", "2026Q2")))
    assert len(answer.quarantine) == 0
    assert answer.counts["households"].admitted == 6
    homes = answer.tables["households"]
    assert homes["household_id"][0] == code("family 0")
    assert homes["province"].tolist() == ["06"] * 6
    assert homes["period"].dtype == np.int64
    assert homes["known_at"].dtype == "datetime64[D]"
    assert homes["unit"].tolist() == [1.0] * 6


@given(data=st.data(), repeat=st.sampled_from([1, 30]))
def test_any_junk_is_counted_and_raises_nothing_else(data: st.DataObject, repeat: int) -> None:
    tables = good(3 * repeat)
    for _ in range(data.draw(st.integers(1, 5))):
        name = data.draw(st.sampled_from(["households", "members"]))
        column = data.draw(st.sampled_from(contract.TABLES[name].names))
        size = len(tables[name]["period"])
        cells = list(tables[name].get(column, [None] * size))
        for row in data.draw(st.lists(st.integers(0, size - 1), max_size=4)):
            cells[row] = data.draw(ANYTHING)
        tables[name][column] = cells
        for row in data.draw(st.lists(st.integers(0, size - 1), max_size=2)):
            for own in tables[name].values():
                own.append(own[row])
    try:
        answer = let_in(tables)
    except ContractError:
        return
    homes, members = answer.tables["households"], answer.tables["members"]
    keys = set(zip(homes["household_id"], homes["period"], strict=True))
    assert len(keys) == len(homes["period"])
    assert keys == set(zip(members["household_id"], members["period"], strict=True))
    for table in answer.tables.values():
        assert all(CODE.match(value) for value in table["household_id"])


@given(st.dictionaries(st.sampled_from([*contract.TABLES, "other"]), st.one_of(ANYTHING, st.dictionaries(
    st.sampled_from([*contract.HOUSEHOLDS.names, *contract.MEMBERS.names, "other"]),
    st.one_of(ANYTHING, st.lists(ANYTHING, max_size=3)), max_size=20)), max_size=4))  # fmt: skip
def test_shapeless_tables_are_one_clear_error(tables: Any) -> None:
    complaint(tables)  # any other exception fails the test


@given(name=st.sampled_from([*contract.HOUSEHOLDS.names, *contract.MEMBERS.names]), junk=ANYTHING)
def test_a_column_that_is_no_list_of_cells_is_one_error(name: str, junk: Any) -> None:
    tables = good()
    table = "households" if name in contract.HOUSEHOLDS.names else "members"
    tables[table][name] = junk
    assert name in (complaint(tables) or name)


@pytest.mark.parametrize(("change", "words"), [
    (lambda t: t.pop("members"), "table members is missing; needed are households, members"),
    (lambda t: t["households"].pop("province"), "households: column province is missing; expected are household_id"),
    (lambda t: t["households"].update(unit=["family"]), "households: column unit has 1 cells, household_id has 3"),
    (lambda t: t.update(members=None), "members: expected columns by name, not NoneType"),
    (lambda t: t.update(households=[{"household_id": "a"}]), "households: expected columns by name, not list"),
    (lambda t: t["households"].update(unit="family"), "column unit is not a list of cells"),
    (lambda t: t["households"].update(unit=np.full((3, 2), "family")), "column unit is there twice"),
    (lambda t: t.update(households={name: [] for name in t["households"]}), "households: no rows"),
])  # fmt: skip
def test_wrong_table_is_one_clear_error(change: Callable[[Any], Any], words: str) -> None:
    tables = good()
    change(tables)
    with pytest.raises(ContractError, match=words):
        let_in(tables)


def test_column_twice_in_a_frame_is_one_error() -> None:
    frame = pd.DataFrame(good()["households"])
    frame = pd.concat([frame, frame[["unit"]]], axis=1)
    with pytest.raises(ContractError, match="column unit is there twice"):
        let_in({**good(), "households": frame})


def test_wrong_type_throughout_is_one_error_but_few_rows_are_judged_one_by_one() -> None:
    tables = good(10)
    tables["members"]["age"] = ["forty"] * 20
    with pytest.raises(ContractError, match=r"members: no cell of age can be used \(row 0: 'forty' is not a number\)"):
        let_in(tables)
    assert let_in(tables, whole=False).counts["members"].quarantined == 20
    few = good(3)
    few["members"]["age"] = ["forty"] * 6
    assert let_in(few).counts["members"].quarantined == 6


def test_half_filled_column_of_the_wrong_type_is_one_error_too() -> None:
    tables = good(20)
    tables["households"]["welfare"] = ["?", None] * 10
    with pytest.raises(ContractError, match="no cell of welfare can be used"):
        let_in(tables)


def test_quarantine_names_row_field_and_rule() -> None:
    tables = good(3)
    tables["members"]["age"][3] = 130
    assert rules(tables) == {
        ("households", 1, "household_id"): "has a member row that was refused",
        ("members", 2, "household_id"): "belongs to a household that was refused",
        ("members", 3, "age"): "130 is above 120 years",
    }
    bad = let_in(tables).quarantine
    assert set(bad.household_id) == {code("family 1")}


def test_every_form_of_table_gets_the_same_answer() -> None:
    tables = good(40, 2, ("2026Q1", "2026Q2"))
    tables["members"]["age"][5] = 130
    tables["households"]["urban"] = [True, False, None, True] * 20
    expected = let_in(tables)
    frames = {name: pd.DataFrame(table).astype({"urban": "boolean"} if name == "households" else {})
              for name, table in tables.items()}  # fmt: skip
    arrow = {name: pa.Table.from_pandas(frame) for name, frame in frames.items()}
    for other in (frames, arrow):
        answer = let_in(other)
        assert answer.quarantine == expected.quarantine
        for name, table in expected.tables.items():
            for column, values in table.items():
                np.testing.assert_array_equal(answer.tables[name][column], values)


def test_unknown_columns_are_told() -> None:
    tables = good()
    tables["households"]["nik"] = ["3171011201900001"] * 3
    tables["households"]["3171011201900001"] = [1, 2, 3]
    answer = let_in(tables)
    assert answer.unknown_columns == {"households": ("nik", "################")}, "a head that is a NIK is masked"
    assert "nik" not in answer.tables["households"]


@given(st.lists(st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=4, max_size=20),
                min_size=1, max_size=6, unique=True), st.integers(0, 5))  # fmt: skip
def test_no_raw_id_is_stored_or_told(raw: list[str], broken: int) -> None:
    raw = [f"id{name}" for name in raw]  # longer than any word of a rule could hold by chance
    tables = good(len(raw))
    for table in tables.values():
        table["household_id"] = [raw[int(name.split()[1])] for name in table["household_id"]]
    tables["members"]["person_id"] = [f"{home}-{at}" for at, home in enumerate(tables["members"]["household_id"])]
    tables["members"]["age"][broken % len(raw)] = -5
    tables["shocks"] = {"place": raw, "scope": ["household"] * len(raw), "shock": ["illness"] * len(raw),
                        "period": ["2026Q1"] * len(raw), "known_at": ["2026-02-28"] * len(raw)}  # fmt: skip
    answer = let_in(tables)
    stored = [value for table in answer.tables.values() for column in table.values() for value in column.tolist()]
    told = json.dumps([stored, answer.quarantine.columns()], default=str, ensure_ascii=False)
    assert not [name for name in raw if f'"{name}' in told or f" {name}" in told]
    assert set(answer.tables["shocks"]["place"]) == {code(name) for name in raw}


def test_without_a_key_raw_ids_do_not_pass() -> None:
    with pytest.raises(ContractError, match=r"no cell of household_id can be used .*is not a keyed code"):
        admit(good(10))


def test_dates_of_a_frame_with_times() -> None:
    tables = good(1)
    tables["households"]["known_at"] = [dt.datetime(2026, 4, 20, 23, 59)]
    answer = admit({name: pd.DataFrame(table) for name, table in tables.items()}, key=KEY)
    assert answer.tables["households"]["known_at"][0] == np.datetime64("2026-04-20")


def test_ten_cells_of_the_wrong_kind_are_a_wrong_column_where_they_are_half_of_it_and_nothing_else_is_there() -> None:
    for size, bad, wrong in ((9, 9, False), (10, 10, True), (20, 10, True), (21, 10, False), (20, 9, False)):
        tables = good(size)
        tables["households"]["welfare"] = ["much"] * bad + [None] * (size - bad)
        if wrong:
            with pytest.raises(ContractError, match="no cell of welfare can be used"):
                let_in(tables)
        else:
            assert sum(field == "welfare" for _, _, field in rules(tables)) == bad
        assert let_in(tables, whole=False).counts["households"].rows == size


def test_a_refused_row_counts_from_the_day_on_which_it_was_known() -> None:
    day = np.datetime64("2026-05-01")
    spoiled = {"a": day, "b": day + 1, "c": np.datetime64("NaT")}
    assert outdated(spoiled, day) == ["a", "c"]
