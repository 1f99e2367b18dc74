"""The feature frame: one household and many, in range or flagged, missing where not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import cohort, contract, frame, registry
from features.context import Context
from features.types import Tables
from tests.features.families import LATE, admitted, features, line, now, person, raw, same
from tests.small import families as drawn

ALL = registry.all_features()
CONTEXT = Context(admitted(raw(now(person()), poverty_lines=[line(500_000)])))


def only(tables: Tables, household: str) -> Tables:
    return {name: {column: values[table["household_id"] == household] for column, values in table.items()}
            for name, table in tables.items()}  # fmt: skip


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_one_household_alone_has_the_values_it_has_among_many(seed: int) -> None:
    tables = admitted(drawn(7, seed=seed))
    many = frame.build(tables, CONTEXT, LATE, ALL)
    for row, household in enumerate(many.meta["household_id"].tolist()):
        alone = frame.build(only(tables, household), CONTEXT, LATE, ALL)
        np.testing.assert_array_equal(alone.values[0], many.values[row])


def test_the_short_way_of_few_households_is_the_long_way_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = admitted(drawn(9, seed=3, periods=("2026Q1", "2026Q2", "2026Q3")))
    few = frame.build(tables, CONTEXT, LATE, ALL)
    monkeypatch.setattr(frame, "FEW", 0)
    np.testing.assert_array_equal(few.values, frame.build(tables, CONTEXT, LATE, ALL).values)


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_what_the_contract_admits_stays_in_range(seed: int) -> None:
    made = frame.build(admitted(drawn(20, seed=seed)), CONTEXT, LATE, ALL)
    assert made.values.dtype == np.float32
    assert [name for name, bad in zip(made.names, made.out_of_range.any(axis=0), strict=True) if bad] == []


def test_a_bare_household_has_what_is_known_of_it_and_no_zero_for_the_rest() -> None:
    made = features(now(person(30)))
    known = {name for name, values in made.items() if not np.isnan(values[0])}
    # School of a child: nobody here is of that age, which is known.
    assert known == {feature.name for feature in ALL
                     if set(feature.inputs) <= {"age", "relation"} and feature.family != "history"} | {
        "children_out_of_school"}  # fmt: skip


def test_a_value_out_of_range_is_flagged_and_not_clipped() -> None:
    size = next(feature for feature in ALL if feature.name == "household_size")
    made = frame.build(admitted(raw(now(person(), person(2, "child")), now(person()))), CONTEXT, LATE,
                       (replace(size, high=1.0),))  # fmt: skip
    same(made.column("household_size"), 2, 1)
    assert made.out_of_range[:, 0].tolist() == [True, False]


def test_who_where_and_when_stand_beside_the_features() -> None:
    made = frame.build(admitted(raw(now(person(), person(2, "child"), welfare=750_000, urban=True, weight=3))), CONTEXT,
                       LATE, ALL)  # fmt: skip
    assert len(made) == 1
    assert made.meta["province"].tolist() == ["32"]
    assert {*frame.META, "size", "ratio", "extreme"} <= set(made.meta)
    same(made.meta["size"], 2)
    same(made.meta["ratio"], 1.5)
    same(made.meta["extreme"], None)
    same(cohort.rung(made.meta["ratio"], made.meta["extreme"]), contract.RUNGS.index("aspiring"))


def test_no_household_known_is_an_empty_frame() -> None:
    tables = admitted(drawn(2) | {"shocks": [{"place": "32", "scope": "province", "shock": "harvest",
                                              "period": "2026Q1", "known_at": "2026-04-01"}]})  # fmt: skip
    made = frame.build(tables, CONTEXT, np.datetime64("2020-01-01"), ALL)
    assert made.values.shape == (0, len(ALL))
    assert {len(column) for column in made.meta.values()} == {0}
