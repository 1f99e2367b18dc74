"""Welfare seen before, spells, changes and shocks of families made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.features.families import Facts, Family, code, features, line, now, person, same, worker

LINES = [line(100)]


def seen(**welfare: float | None) -> Family:
    """A family whose welfare was measured in some periods."""
    return {period: ({"welfare": value}, [person()]) for period, value in welfare.items()}


def test_welfare_now_and_before() -> None:
    up = seen(**{"2025Q1": 50, "2025Q2": 200})
    unmeasured = seen(**{"2025Q1": 50, "2025Q2": None})
    nothing = seen(**{"2025Q2": 0})
    made = features(up, unmeasured, nothing, poverty_lines=LINES)
    same(made["log_ratio"], np.log(2), None, np.log(0.01))
    same(made["log_ratio_before"], np.log(0.5), np.log(0.5), None)
    same(made["log_ratio_change"], np.log(4), None, None)
    same(made["log_ratio_mean"], 0, np.log(0.5), np.log(0.01))
    same(made["log_ratio_lowest"], np.log(0.5), np.log(0.5), np.log(0.01))
    same(made["log_ratio_volatility"], np.std(np.log([0.5, 2]), ddof=1), None, None)
    same(made["poor_before"], 1, 1, None)
    same(made["times_poor"], 1, 1, 1)


def test_each_period_is_measured_by_its_own_line() -> None:
    lines = [line(100), line(300, "2025Q2")]
    made = features(seen(**{"2025Q1": 200, "2025Q2": 200}), poverty_lines=lines)
    same(made["log_ratio"], np.log(2 / 3))
    same(made["log_ratio_before"], np.log(2))


def test_spells() -> None:
    relapsed = seen(**{"2024Q1": 50, "2024Q2": 120, "2024Q4": 50, "2025Q2": 150, "2025Q4": 160})
    never = seen(**{"2024Q4": 120, "2025Q4": 130})
    poor = seen(**{"2025Q1": 120, "2025Q4": 80})
    once = seen(**{"2025Q4": 110})
    made = features(relapsed, never, poor, once, poverty_lines=LINES)
    same(made["times_poor"], 1, 0, 1, 0)  # five quarters back lies outside the window
    same(made["periods_since_poor"], 4, None, 0, None)
    same(made["periods_since_exit"], 2, None, None, None)
    same(made["periods_above"], 2, 4, None, 0)
    same(made["gap_before"], 2, 4, 3, None)


def test_nothing_is_said_of_welfare_that_was_never_measured() -> None:
    made = features(now(person()), seen(**{"2025Q4": 110}))
    for name in (
        "log_ratio",
        "times_poor",
        "periods_since_poor",
        "periods_above",
        "log_ratio_lowest",
        "log_ratio_mean",
    ):
        same(made[name], None, None)


def test_income_a_person_over_the_line() -> None:
    made = features(now(person(), person(3, "child"), income=300), poverty_lines=LINES)
    same(made["log_income_per_person"], np.log(1.5))


def test_desil() -> None:
    def ranked(*desils: int | None) -> Family:
        return {f"2025Q{place + 1}": ({"desil": desil}, [person()]) for place, desil in enumerate(desils)}

    made = features(ranked(3, 4, 4, 2), ranked(5), ranked(5, None, 5))
    same(made["desil"], 2, 5, 5)
    same(made["desil_change"], -2, None, None)
    same(made["desil_changes"], 2, None, None)


def two(before: list[Facts], after: list[Facts], first: Facts | None = None, second: Facts | None = None) -> Family:
    """A family seen in two quarters in a row."""
    return {"2025Q3": (first or {}, before), "2025Q4": (second or {}, after)}


def test_changes_in_the_household() -> None:
    grown = two([person()], [person(), person(1, "child"), person(2, "child")], {"fridge": True, "car": False},
                {"fridge": True, "car": True})  # fmt: skip
    made = features(grown, now(person()))
    same(made["size_change"], 2, None)
    same(made["asset_change"], 0.5, None)


def test_a_move_is_seen_by_regency_or_else_by_province() -> None:
    def moved(first: Facts, second: Facts) -> Family:
        return two([person()], [person()], first, second)

    made = features(moved({"regency": "3201"}, {"regency": "3202"}), moved({"regency": "3201"}, {"regency": "3201"}),
                    moved({"regency": "3201"}, {}), moved({"province": "11"}, {"province": "12"}),
                    now(person()))  # fmt: skip
    same(made["moved"], 1, 0, 0, 1, None)


def test_changes_in_work() -> None:
    clerk = {"occupation_scheme": "ISCO08", "occupation": "4110"}
    family = two([worker(**clerk), worker("spouse", status="casual")], [worker(status="own_account", **clerk)])
    made = features(family, two([worker()], [person()]))
    same(made["earners_change"], -1, None)
    same(made["informal_change"], 0.5, None)
    same(made["genai_exposure_change"], 0, None)


def test_a_lost_job_is_matched_by_person() -> None:
    def at(number: str, activity: str | None, **facts: Any) -> Facts:
        return person(activity=activity, person_id=number, **facts)

    lost = two([at("1", "employed"), at("2", "unemployed", relation="spouse")],
               [at("2", "unemployed", relation="spouse"), at("1", "unemployed")])  # fmt: skip
    swapped = two([at("1", "employed")], [at("2", "unemployed")])
    kept = two([at("1", "employed")], [at("1", "employed")])
    unknown = two([at("1", "employed")], [at("1", "unemployed"), at("2", None, relation="spouse")])
    once = now(at("1", "unemployed"))
    earlier = {"2025Q1": ({}, [at("1", "employed")]), **two([at("1", "inactive")], [at("1", "unemployed")])}
    made = features(lost, swapped, kept, unknown, once, earlier)
    same(made["jobs_lost"], 1, 0, 0, None, None, 0)


def test_shocks_of_the_household_its_regency_and_its_province_in_the_year() -> None:
    def event(place: str, scope: str, shock: str, period: str = "2026Q2", known: str = "2026-12-31") -> Facts:
        return {"place": place, "scope": scope, "shock": shock, "period": period, "known_at": known}

    shocks = [
        event(code(0), "household", "illness"), event("3201", "regency", "disaster"),
        event("32", "province", "disaster", "2026Q4"), event("32", "province", "layoff_wave", "2025Q4"),
        event(code(0), "household", "harvest", "2027Q1", "2027-03-31"), event("99", "province", "disaster"),
    ]  # fmt: skip
    struck, spared = now(person(), regency="3201"), now(person(), province="11")
    made = features(struck, spared, shocks=shocks)
    same(made["shock_illness"], 1, 0)
    same(made["shock_disaster"], 2, 0)
    same(made["shock_layoff_wave"], 0, 0)  # four quarters ago is not within the year
    same(made["shock_harvest"], 0, 0)  # after the origin
    early = features(struck, as_of=np.datetime64("2026-12-31"), shocks=[*shocks[:1], *(
        shock | {"known_at": "2027-01-01"} for shock in shocks[1:])])  # fmt: skip
    same(early["shock_illness"], 1)
    same(early["shock_disaster"], 0)
    same(features(struck)["shock_illness"], None)
