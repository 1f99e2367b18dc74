"""The known-at filter and the leak guard: a planted look ahead must be caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import asof, frame, periods, registry
from features.columns import Columns
from features.context import TABLES, Context
from features.types import Array, Tables
from tests.features import leak
from tests.features.families import Family, admitted, code, line, person, raw, worker
from tests.small import families as drawn

NOW = np.datetime64("2025-08-01")
ALL = registry.all_features()


def panel() -> Tables:
    """Families of whom facts are known before and after `NOW`, with places and shocks that are too."""

    def family(*welfare: float) -> Family:
        return {f"2025Q{quarter}": ({"welfare": value, "desil": quarter, "fridge": quarter > 2},
                                    [worker(earnings=value, sector_scheme="KBLI2020", sector="47"), person(3, "child")])
                for quarter, value in enumerate(welfare, start=1)}  # fmt: skip

    when = (("2025Q1", "2025-03-31"), ("2025Q2", "2025-06-30"), ("2025Q3", "2025-09-30"))
    lines = [line(100), line(500, "2025Q1", line_province="32") | {"known_at": "2025-09-01"}]
    signals = [{"sector_section": "G", "region": "ID", "period": p, "known_at": known, "layoff_rate": 0.1}
               for p, known in when]  # fmt: skip
    regions = [{"region": "32", "period": p, "known_at": known, "headcount": 0.1} for p, known in when]
    shocks = [{"place": "32", "scope": "province", "shock": "disaster", "period": p, "known_at": known}
              for p, known in when]  # fmt: skip
    return admitted(raw(family(120, 90, 80, 70), family(150, 160, 90), poverty_lines=lines, sector_signals=signals,
                        regions=regions, shocks=shocks))  # fmt: skip


def context(tables: Tables) -> Context:
    return Context({name: tables[name] for name in TABLES if name in tables})


def planted(make: Callable[[Columns], Array]) -> registry.Feature:
    return replace(ALL[0], name="planted", make=make)


def test_rows_known_later_are_left_out() -> None:
    tables = panel()
    known = asof.known(tables, NOW)
    assert (known["households"]["known_at"] <= NOW).all()
    assert len(known["households"]["period"]) == 4
    assert len(known["members"]["period"]) == 8
    assert asof.known(tables, np.datetime64("2030-01-01"))["households"] is tables["households"]


def test_the_publication_lag_covers_all_but_backfills() -> None:
    tables = panel()["households"]
    assert asof.publication_lag(tables) == 0
    tables["known_at"] = tables["known_at"] + 20
    assert asof.publication_lag(tables) == 20
    tables["known_at"][0] += 900
    assert asof.publication_lag(tables, 0.8) == 20
    assert asof.origin_date(periods.parse("2025Q2"), 20) == np.datetime64("2025-07-20")


@pytest.mark.parametrize("period", [None, "2025Q2"])
def test_no_feature_looks_ahead(period: str | None) -> None:
    tables = panel()
    origin = None if period is None else periods.parse(period)
    assert leak.check(ALL, tables, context(tables), NOW, origin) == []
    late = np.datetime64("2030-01-01")
    assert leak.check(ALL, tables, context(tables), late, periods.parse("2025Q2")) == []


def test_a_fact_known_later_is_not_seen_though_it_is_in_the_table() -> None:
    tables = panel()
    seen = frame.build(tables, context(tables), NOW, ALL)
    place = seen.names.index("log_ratio")
    np.testing.assert_allclose(seen.values[:, place], np.log([0.9, 1.6]), rtol=1e-6)  # of 2025Q2, by the old line


def next_welfare(c: Columns) -> Array:
    """A planted leak: welfare one period later, out of the raw table."""
    table = c._arranged.households._table
    later = {(home, period): value for home, period, value in zip(table["household_id"], table["period"],
                                                                   table["welfare"], strict=True)}  # fmt: skip
    origin = zip(c.now(c["household_id"]), c.now(c["period"]), strict=True)
    return np.array([later.get((home, period + 1), np.nan) for home, period in origin])


def how_many_rows(c: Columns) -> Array:
    """A planted leak that reads no value: how long the household will be seen."""
    homes = c._arranged.households._table["household_id"]
    return np.array([(homes == home).sum() for home in c.now(c["household_id"])], dtype=float)


@pytest.mark.parametrize("make", [next_welfare, how_many_rows])
def test_a_planted_look_ahead_is_caught(make: Callable[[Columns], Array]) -> None:
    tables = panel()
    features = (*ALL, planted(make))
    assert leak.check(features, tables, context(tables), NOW) == ["planted"]
    assert leak.check(features, tables, context(tables), np.datetime64("2030-01-01"), periods.parse("2025Q2")) == [
        "planted"
    ]


def test_a_guard_without_a_known_at_filter_would_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = panel()
    monkeypatch.setattr("features.columns.arrange", _unfiltered)
    monkeypatch.setattr("features.context.asof.known", lambda tables, as_of: tables)
    caught = leak.check(ALL, tables, context(tables), NOW)
    assert {"log_ratio", "times_poor", "place_line", "place_headcount", "sector_layoffs"} <= set(caught)


def _unfiltered(households: Any, members: Any, as_of: np.datetime64, period: int | None) -> Any:
    from features.arranged import arrange

    return arrange(households, members, np.datetime64("9999-12-31"), period)


def test_the_guard_refuses_tables_that_could_show_nothing() -> None:
    tables = panel()
    with pytest.raises(ValueError, match="no row lies after"):
        leak.check(ALL, tables, context(tables), np.datetime64("2030-01-01"))


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), values=st.integers(0, 10_000))
def test_whatever_comes_later_changes_nothing(seed: int, values: int) -> None:
    tables = admitted(drawn(6, seed=seed))
    july = np.datetime64("2026-08-01")
    assert leak.check(ALL, tables, Context({}), july, seed=values) == []


def test_a_household_known_only_later_is_not_there() -> None:
    early = raw({"2025Q1": ({}, [person()])}, {"2025Q1": ({"known_at": "2025-12-31"}, [person()])})
    seen = frame.build(admitted(early), Context({}), NOW, ALL)
    assert seen.meta["household_id"].tolist() == [code(0)]


def test_all_but_one_in_a_hundred_facts_are_waited_for_and_early_ones_not_at_all() -> None:
    period, at = np.full(201, periods.parse("2026Q1")), np.arange(201)
    end = periods.end(period)
    assert asof.publication_lag({"known_at": end - np.timedelta64(3, "D"), "period": period}) == 0
    late = {"known_at": end + np.where(at < 3, 900, np.where(at < 90, 30, 1)), "period": period}
    assert (asof.publication_lag(late), asof.publication_lag(late, 0.5)) == (900, 1)
    late["known_at"][2] = end[2]
    assert asof.publication_lag(late) == 30
    assert str(asof.origin_date(int(period[0]), 30)) == "2026-04-30"
