"""Rules over several cells, rows and tables: each broken once, and a household's period goes whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.admit import Counts
from features.links import row_codes
from features.report import report_counts, row_counts
from features.schemas import schema
from tests.features.door import code, good, let_in, rules

REFUSED = "belongs to a household that was refused"


def test_household_row_twice_takes_the_whole_period() -> None:
    tables = good(2)
    for column in tables["households"].values():
        column.append(column[0])
    tables["households"]["province"][2] = "07"
    found = rules(tables)
    assert found["households", 2, "period"] == "household_id + period is there already in an earlier row"
    assert found["households", 0, "household_id"] == "has another row for that period, which was refused"
    assert found["members", 0, "household_id"] == found["members", 1, "household_id"] == REFUSED
    assert let_in(tables).tables["households"]["household_id"].tolist() == [code("family 1")]


def test_person_twice() -> None:
    tables = good(2)
    tables["members"]["person_id"][1] = " 1"
    assert rules(tables) == {
        ("members", 1, "period"): "household_id + person_id + period is there already in an earlier row",
        ("members", 0, "household_id"): REFUSED,
        ("households", 0, "household_id"): "has a member row that was refused",
    }


@pytest.mark.parametrize("families", [2, 40])  # few rows are judged by another way than many
def test_of_rows_equal_in_every_cell_one_is_admitted_and_the_others_are_counted(families: int) -> None:
    tables = good(families)
    for table in tables.values():
        for name, column in table.items():
            table[name] = [*column, *column, column[0]]
    answer = let_in(tables)
    assert len(answer.quarantine) == 0
    assert answer.counts == {"households": Counts(2 * families + 1, families, 0, families + 1),
                             "members": Counts(4 * families + 1, 2 * families, 0, 2 * families + 1)}  # fmt: skip
    assert row_counts(answer)["households"]["identical"] == families + 1
    assert f"{families + 1} identical to an earlier row, dropped" in report_counts(answer)[0]
    assert "identical" not in row_counts(let_in(good(2)))["households"]


def test_a_third_row_that_differs_takes_the_equal_ones_with_it() -> None:
    tables = good(2)
    for column in tables["households"].values():
        column.extend([column[0], column[0]])
    tables["households"]["province"][3] = "07"
    answer = let_in(tables)
    assert answer.counts["households"] == Counts(4, 1, 3)


def test_equal_rows_with_a_cell_that_is_refused_are_refused_all() -> None:
    tables = good(2)
    tables["members"]["age"][0] = 130
    for column in tables["members"].values():
        column.append(column[0])
    assert let_in(tables).counts["members"] == Counts(5, 2, 3)


def test_member_without_household() -> None:
    tables = good(2)
    tables["members"]["household_id"][2:] = ["family 9", "family 9"]
    assert rules(tables) == {
        ("members", 2, "household_id"): "has no household row for that period",
        ("members", 3, "household_id"): "has no household row for that period",
        ("households", 1, "household_id"): "has no member rows",
    }


@pytest.mark.parametrize(("lost", "spoiled"), [("2026Q2", True), ("2026Q1", False)])
def test_members_of_a_newer_period_without_a_household_row_spoil_the_older_one(lost: str, spoiled: bool) -> None:
    tables = good(2, 2, ("2026Q1", "2026Q2"))
    homes, members = tables["households"], tables["members"]
    members["known_at"] = [f"2027-0{2 + (period == '2026Q2')}-15" for period in members["period"]]
    row = homes["period"].index(lost)
    for column in homes.values():
        del column[row]
    expected = {code("family 0"): np.datetime64("2027-03-15")} if spoiled else {}
    assert let_in(tables).spoiled == expected
    homes["household_id"] = ["family 1"] * 3  # whoever has no household row at all is no family
    homes["period"] = ["2026Q1", "2026Q2", "2026Q3"]
    assert code("family 0") not in let_in(tables).spoiled


def test_a_member_of_an_older_year_in_a_table_of_quarters_spoils_nothing_and_one_of_a_newer_year_does() -> None:
    for year, spoiled in (("2025", False), ("2027", True)):
        tables = good(1, 2, ("2026Q1", "2026Q2"))
        for name, column in tables["members"].items():
            column.append({"period": year}.get(name, column[0]))
        assert (code("family 0") in let_in(tables).spoiled) is spoiled


def test_a_family_with_several_refused_newest_rows_is_spoiled_from_the_first_day_on() -> None:
    tables = good(1, 1, ("2026Q1", "2026Q2", "2026Q3"))
    homes = tables["households"]
    homes["known_at"], homes["province"] = ["2026-05-01", "2026-08-01", "2026-11-01"], ["06", None, None]
    assert let_in(tables).spoiled == {code("family 0"): np.datetime64("2026-08-01")}
    homes["known_at"][2] = "never"
    assert np.isnat(let_in(tables).spoiled[code("family 0")])


def test_household_without_members_in_one_period_keeps_the_other() -> None:
    tables = good(1, 1, ("2026Q1", "2026Q2"))
    for column in tables["members"].values():
        column.pop()
    assert rules(tables) == {("households", 1, "household_id"): "has no member rows"}


def test_refused_household_row_takes_its_members() -> None:
    tables = good(2)
    tables["households"]["unit"][1] = "clan"
    found = rules(tables)
    assert found["households", 1, "unit"] == "'clan' is not one of household, family"
    assert found["members", 2, "household_id"] == found["members", 3, "household_id"] == REFUSED
    assert len(found) == 3


def test_member_with_unreadable_period_may_be_missing_anywhere() -> None:
    tables = good(2, 2, ("2026Q1", "2026Q2"))
    tables["members"]["period"][1] = "soon"
    answer = let_in(tables)
    assert set(answer.tables["households"]["household_id"]) == {code("family 1")}
    assert rules(tables)["households", 1, "household_id"] == "has a member row whose period was refused"


def test_known_before_the_period_begins() -> None:
    tables = good(2)
    tables["households"]["known_at"][0] = "2025-12-31"
    tables["members"]["known_at"][0] = "2026-01-01"
    assert rules(tables)["households", 0, "known_at"] == "lies before the period it describes begins"
    assert ("members", 0, "known_at") not in rules(tables)


def test_years_among_quarters() -> None:
    tables = good(3)
    for name in tables:
        tables[name]["period"] = ["2026" if home == "family 2" else period for home, period in zip(
            tables[name]["household_id"], tables[name]["period"], strict=True)]  # fmt: skip
    assert rules(tables)["households", 2, "period"] == "mixes years and quarters with the other rows"
    assert rules(tables, quarterly=False)["households", 0, "period"] == "mixes years and quarters with the other rows"
    assert let_in(tables, quarterly=False).counts["households"].admitted == 1


def test_child_at_work() -> None:
    tables = good(1)
    tables["members"] |= {"age": [40, 4], "activity": ["employed", "employed"]}
    assert rules(tables)["members", 1, "activity"] == "a child under 5 cannot be employed"
    tables["members"]["age"][1] = 5
    assert not rules(tables)


def shocks(**columns: Any) -> dict[str, Any]:
    row = {"place": ["family 0"], "scope": ["household"], "shock": ["illness"], "period": ["2026Q1"],
           "known_at": ["2026-02-28"]}  # fmt: skip
    return {**good(), "shocks": row | columns}


def test_places_of_shocks_are_keyed_where_they_are_households() -> None:
    answer = let_in(shocks())
    assert answer.tables["shocks"]["place"].tolist() == [code("family 0")]
    answer = let_in(shocks(scope=["province"], place=["06"]))
    assert answer.tables["shocks"]["place"].tolist() == ["06"]
    nik = "3171011201900001"
    assert rules(shocks(place=[nik])) == {("shocks", 0, "place"): "is a household that has no row"}
    assert rules(shocks(scope=["regency"], place=[nik]))["shocks", 0, "place"].startswith("looks like a NIK")
    assert list(rules(shocks(scope=["planet"]))) == [("shocks", 0, "scope")]


@pytest.mark.parametrize("twice", [True, False])
def test_line_for_every_province_twice(twice: bool) -> None:
    lines = {"line_province": [None, "06", "" if twice else "07"], "period": ["2026"] * 3,
             "known_at": ["2026-01-31"] * 3, "line": [500.0, 500.0, 600.0]}  # fmt: skip
    assert bool(rules({**good(), "poverty_lines": lines})) == twice


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 3), st.sampled_from([0.0, 1.0, np.nan]))),
       st.sampled_from([1, 60]))  # fmt: skip
def test_equal_rows_have_equal_codes(some: list[tuple[Any, int, float]], times: int) -> None:
    rows = some[:5] * times if times > 1 else some
    text = np.empty(len(rows), dtype=object)
    text[:] = [row[0] for row in rows]
    codes = row_codes(text, np.array([row[1] for row in rows], dtype=np.int64), np.array([row[2] for row in rows]))
    for one, first in zip(codes, rows, strict=True):
        for other, second in zip(codes, rows, strict=True):
            assert (one == other) == (repr(first) == repr(second))


@pytest.mark.parametrize(("regency", "subdistrict", "rule"), [
    ("3204", "3204010", None), (3204, 3204010, None), ("3204", None, None), (None, None, None), ("3204", " ", None),
    ("3205", "3204010", "does not begin with the code of the row's regency"),
    (None, "3204010", "does not begin with the code of the row's regency"),
    ("3204", "320401", "'320401' is not a code of 7 digits"), ("3204", "Pacet", "'Pacet' is not a code of 7 digits"),
    ("3204", "3204\u0660\u0661\u0660", "'3204\u0660\u0661\u0660' is not a code of 7 digits"),
])  # fmt: skip
@pytest.mark.parametrize("size", [2, 80], ids=["short", "long"])
def test_a_sub_district_lies_in_the_regency_of_its_row(
    size: int, regency: Any, subdistrict: Any, rule: str | None
) -> None:
    tables = good(size)
    for name, values in (("regency", [regency, *["3204"] * (size - 1)]),
                         ("subdistrict", [subdistrict, *["3204020"] * (size - 1)])):  # fmt: skip
        tables["households"][name] = values
    found = {row: why for (table, row, field), why in rules(tables).items() if field == "subdistrict"}
    assert found == ({} if rule is None else {0: rule})
    frame = pd.DataFrame(tables["households"]).astype(object)
    frame["household_id"] = [code(raw) for raw in frame["household_id"]]
    try:
        schema("households").validate(frame, lazy=True)
        bad = set[int]()
    except pa.errors.SchemaErrors as errors:
        bad = set(errors.failure_cases["index"].dropna().astype(int))
    assert bad == set(found)


def test_a_sub_district_without_the_column_of_regencies_is_refused() -> None:
    tables = good(2)
    tables["households"]["subdistrict"] = ["3204010", None]
    assert rules(tables)["households", 0, "subdistrict"] == "does not begin with the code of the row's regency"


def test_many_columns_of_many_values_are_told_apart_though_their_numbers_pass_64_bits() -> None:
    """Of a hundred rows ten columns could have 10^20 combinations."""
    columns = [np.random.default_rng(seed).permutation(100) for seed in range(12)]
    codes = row_codes(*[np.append(column, column[:3]) for column in columns])
    assert len(set(codes[:100].tolist())) == 100
    assert codes[100:].tolist() == codes[:3].tolist()


def test_of_two_rows_the_second_may_be_the_first_again_and_of_half_and_half_the_years_stay() -> None:
    row = {"region": ["06", "06"], "period": ["2026", "2026"], "known_at": ["2027-01-31", "2027-02-28"]}
    assert list(rules({**good(), "regions": row})) == [("regions", 1, "period")]
    assert not rules({**good(), "regions": {name: cells[:1] for name, cells in row.items()}})
    tables = good(2)
    for name in tables:
        tables[name]["period"] = ["2026" if home == "family 1" else "2026Q1" for home in tables[name]["household_id"]]
    found = rules(tables)
    assert found["households", 0, "period"] == "mixes years and quarters with the other rows"
    assert ("households", 1, "period") not in found
    assert ("households", 0, "period") not in rules(tables, quarterly=True)
