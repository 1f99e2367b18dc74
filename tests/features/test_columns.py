"""Families as columns: sorted, cut, reduced; rows in any order and number give the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import periods
from features.arranged import Picked
from features.columns import Columns
from features.context import TABLES, Context
from features.types import Tables
from tests.features.families import LATE, admitted, code, features, line, now, person, raw, same

PANEL = [{"2025Q1": ({"welfare": 90}, [person(40), person(3, "child")]), "2025Q2": ({"welfare": 150}, [person(40)])},
         {"2025Q2": ({"welfare": 110}, [person(20), person(50, "parent"), person(1, "child")])}]  # fmt: skip


def columns(*families: Any, as_of: np.datetime64 = LATE, period: int | None = None, **more: Any) -> Columns:
    tables = admitted(raw(*families, **more))
    return Columns(tables, Context({name: tables[name] for name in TABLES if name in tables}), as_of, period)


def test_rows_and_members_are_cut_by_household_and_period() -> None:
    c = columns(*PANEL)
    assert (c.size, c.period_starts.tolist(), c.last.tolist()) == (2, [0, 2], [1, 2])
    assert c.member_starts.tolist() == [0, 2, 3]
    assert c.row_of_member.tolist() == [0, 0, 1, 2, 2, 2]
    same(c["age"], 40, 3, 40, 20, 50, 1)
    same(c.now(c["welfare"]), 150, 110)
    same(c.before(c["welfare"]), 90, None)
    same(c.over_rows(np.add, c["welfare"]), 240, 110)


def test_members_are_reduced_to_rows() -> None:
    c = columns(now(person(40, earnings=10), person(30, "spouse"), person(2, "child")), now(person(50)))
    same(c.total(c["earnings"]), 10, None)
    same(c.count(c["age"] > 25), 2, 1)
    same(c.highest(c["age"]), 40, 50)
    same(c.lowest(c["age"]), 2, 50)
    same(c.mean(c["age"], np.ones(4)), 24, 50)
    same(c.mean(c["earnings"], np.ones(4)), 10, None)
    same(c.mean(c["age"], np.array([0, 0, 0, 1.0])), None, 50)
    same(c.of_head(c["earnings"]), 10, None)


def test_a_column_nobody_has_is_missing_and_a_wrong_name_is_an_error() -> None:
    c = columns(*PANEL)
    assert np.isnan(c["rooms"]).all()
    assert len(c["rooms"]) == 3
    assert np.isnan(c["hours"]).all()
    assert len(c["hours"]) == 6
    assert c["regency"].tolist() == [None] * 3
    with pytest.raises(KeyError, match="no column"):
        c["rainfall"]


def test_an_origin_keeps_the_households_seen_in_it_and_nothing_later() -> None:
    first = columns(*PANEL, period=periods.parse("2025Q1"))
    assert first["household_id"].tolist() == [code(0)]
    same(first.now(first["welfare"]), 90)
    both = columns(*PANEL, period=periods.parse("2025Q2"))
    assert both.now(both["household_id"]).tolist() == [code(0), code(1)]


def test_the_latest_rows_are_the_same_columns_cut_shorter() -> None:
    long = {f"202{year}Q1": ({"welfare": 100 + year}, [person(30 + year)] * (year + 1)) for year in range(5)}
    c = columns(long, PANEL[1])
    short = c.latest(2)
    same(short["welfare"], 103, 104, 110)
    same(short.now(short["welfare"]), *c.now(c["welfare"]))
    same(short.before(short["welfare"]), *c.before(c["welfare"]))
    assert short.row_of_member.tolist() == [0] * 4 + [1] * 5 + [2] * 3
    assert short.member_starts.tolist() == [0, 4, 9]
    assert c.latest(5) is c


def test_a_household_row_without_a_known_member_is_not_known() -> None:
    tables = admitted(raw(*PANEL))
    later = (tables["members"]["household_id"] == code(0)) & (tables["members"]["period"] == periods.parse("2025Q2"))
    tables["members"]["known_at"][later] = np.datetime64("2031-01-01")
    c = Columns(tables, Context({}), LATE)
    assert c.size == 2
    same(c.now(c["welfare"]), 90, 110)


def test_nobody_known_is_no_household() -> None:
    c = columns(*PANEL, as_of=np.datetime64("2020-01-01"))
    assert c.size == 0
    same(c.ratio())


def test_columns_are_taken_once_and_not_copied_when_nothing_is_cut() -> None:
    table = {"period": np.arange(3), "x": np.arange(3.0)}
    assert Picked(table, np.arange(3))["x"] is table["x"]
    picked = Picked(table, np.array([2, 0]))
    same(picked["x"], 2, 0)
    assert picked["x"] is picked["x"]
    assert "y" not in picked


def test_the_line_of_a_stratum_falls_back_to_wider_ones() -> None:
    west = line(1, line_province="32", line_urban=True)
    lines = [west, line(2, line_province="32"), line(3, line_urban=True), line(4)]
    strata = (("32", True), ("32", False), ("32", None), ("11", True), ("11", False))
    homes = [now(person(), province=province, urban=urban) for province, urban in strata]
    same(columns(*homes, poverty_lines=lines).line(), 1, 2, 2, 3, 4)
    same(columns(*homes, poverty_lines=[west]).line(), 1, None, None, None, None)
    same(columns(*homes).line(), *[None] * 5)


def test_a_line_is_not_used_before_its_period() -> None:
    late = [line(5, "2025Q2", extreme_line=2)]
    c = columns(PANEL[0], poverty_lines=late)
    same(c.line(), None, 5)
    same(c.extreme_line(), None, 2)
    same(c.ratio(), None, 30)


@given(st.data())
def test_the_order_of_the_rows_changes_nothing(data: st.DataObject) -> None:
    tables = admitted(raw(*PANEL, *PANEL))
    shuffled: Tables = {}
    for name, table in tables.items():
        order = np.array(data.draw(st.permutations(range(len(table["period"])))))
        shuffled[name] = {column: values[order] for column, values in table.items()}
    one, other = Columns(tables, Context({}), LATE), Columns(shuffled, Context({}), LATE)
    mine, theirs = (np.argsort(c.now(c["household_id"]).astype(str)) for c in (one, other))
    for name in ("welfare", "period"):
        np.testing.assert_array_equal(one.now(one[name])[mine], other.now(other[name])[theirs])
    for reduced in (lambda c: c.now(c.total(c["age"])), lambda c: c.before(c.count(c["age"] > 30)),
                    lambda c: c.now(c.mean(c["age"] / 7, c["age"] / 3))):  # fmt: skip
        np.testing.assert_array_equal(reduced(one)[mine], reduced(other)[theirs])


def test_families_come_back_in_the_order_in_which_they_came() -> None:
    ages = [31, 62, 13, 44]
    same(features(*(now(person(age)) for age in ages))["head_age"], *ages)
