"""When the fact behind a feature became known: the family's row, the figure of its place or industry, an event."""

from __future__ import annotations

import numpy as np
import pytest

from features import frame
from features.frame import Frame
from tests.features.families import Facts, code, framed, line, now, person, worker

LAST, FIRST = "2026-12-31", "2026-10-10"
SHOP = {"sector_scheme": "KBLI2020", "sector": "47"}
FARM = {"sector_scheme": "KBLI2020", "sector": "01"}


def days(made: Frame, name: str) -> list[str | None]:
    column = np.full(len(made), made.names.index(name))
    found = made.days.at(np.arange(len(made)), column)
    return [None if np.isnat(day) else str(day) for day in found]


def published(table: str, known: str, period: str = "2026Q1", **facts: object) -> Facts:
    return {"region": table, "period": period, "known_at": known, **facts}


REGIONS = [published("32", "2026-07-14", headcount=0.1, mean_schooling=8), published("32", "2026-11-02", "2026Q2",
           headcount=0.2), published("11", "2026-07-20", headcount=0.3)]  # fmt: skip
SIGNALS = [published("ID", "2026-05-01", sector_section="A", layoff_rate=0.1, wage_growth=0.02),
           published("ID", "2026-05-02", sector_section="G", layoff_rate=0.3),
           published("32", "2026-08-05", sector_section="G", layoff_rate=0.5)]  # fmt: skip
LINES = [line(90, "2025Q1", known_at="2025-02-01"), line(100, "2026Q1", known_at="2026-02-01"),
         line(120, "2027Q1", known_at="2027-02-01"), line(80, "2026Q1", line_province="11",
         known_at="2026-03-01")]  # fmt: skip


def test_a_figure_of_the_place_has_its_own_day_and_a_fact_of_the_family_that_of_its_row() -> None:
    made = framed(now(person(), known_at=FIRST), now(person(), province="11"), now(person(), province="99"),
                  regions=REGIONS)  # fmt: skip
    assert days(made, "adults") == [FIRST, LAST, LAST]
    assert days(made, "place_headcount") == ["2026-11-02", "2026-07-20", None]
    assert days(made, "place_schooling") == ["2026-07-14", None, None]
    assert days(made, "place_unemployment") == [None, None, None]


def test_a_figure_that_became_known_after_the_date_gives_neither_value_nor_day() -> None:
    made = framed(now(person(), known_at=FIRST), as_of=np.datetime64("2026-11-01"), regions=REGIONS)
    assert made.column("place_headcount").tolist() == pytest.approx([0.1])
    assert days(made, "place_headcount") == ["2026-07-14"]


def test_signals_of_an_industry_have_the_day_of_the_last_of_those_that_the_value_is_made_of() -> None:
    both = now(worker(**FARM), worker("spouse", **SHOP))
    made = framed(both, now(worker(**SHOP), province="11"), now(worker()), now(worker(**FARM), person(**SHOP)),
                  {"2026Q3": ({}, [worker(**SHOP)]), "2026Q4": ({}, [worker(**FARM)])},
                  sector_signals=SIGNALS)  # fmt: skip
    assert days(made, "sector_layoffs") == ["2026-08-05", "2026-05-02", None, "2026-05-01", "2026-05-01"]
    assert days(made, "sector_wage_growth") == ["2026-05-01", None, None, "2026-05-01", "2026-05-01"]
    assert days(made, "sector_growth") == [None] * 5
    assert days(made, "head_sector") == [LAST] * 5


def test_a_line_has_the_day_of_the_line_that_holds_in_the_familys_period() -> None:
    made = framed(now(person()), now(person(), province="11"), {"2025Q3": ({}, [person()])},
                  {"2024Q1": ({}, [person()])}, poverty_lines=LINES)  # fmt: skip
    assert days(made, "place_line") == ["2026-02-01", "2026-03-01", "2025-02-01", None]


def test_a_shock_has_the_day_on_which_the_last_one_became_known_and_none_has_no_day() -> None:
    def event(place: str, scope: str, shock: str, period: str, known: str) -> Facts:
        return {"place": place, "scope": scope, "shock": shock, "period": period, "known_at": known}

    shocks = [
        event("32", "province", "disaster", "2026Q2", "2026-07-01"), event(code(0), "household", "disaster", "2026Q1",
        "2026-09-09"), event("32", "province", "disaster", "2027Q1", "2027-01-05"), event("32", "province", "harvest",
        "2025Q4", "2026-10-10"), event("32", "province", "food_price", "2025Q4", "2026-01-20"),
    ]  # fmt: skip
    made = framed(now(person()), now(person()), now(person(), province="11"), {"2026Q3": ({}, [person()])},
                  shocks=shocks)  # fmt: skip
    assert days(made, "shock_disaster") == ["2026-09-09", "2026-07-01", None, "2026-07-01"]
    assert days(made, "shock_harvest") == [None, None, None, "2026-10-10"]
    assert days(made, "shock_food_price") == [None, None, None, "2026-01-20"]
    assert days(framed(now(person())), "shock_disaster") == [None]


def test_one_family_has_the_days_that_it_has_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    families = [now(worker(**SHOP), known_at=FIRST), {"2026Q3": ({}, [person()]), "2026Q4": ({}, [worker(**FARM)])}]
    tables = {"regions": REGIONS, "sector_signals": SIGNALS, "poverty_lines": LINES}
    few = framed(*families, **tables)
    monkeypatch.setattr(frame, "FEW", 0)
    many = framed(*families, **tables)
    np.testing.assert_array_equal(few.days.values, many.days.values)
    np.testing.assert_array_equal(framed(families[0], **tables).days.values, many.days.values[:1])
