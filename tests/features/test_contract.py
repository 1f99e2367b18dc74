"""The contract: which columns there must be, what each number may be to the last one allowed, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from features import contract
from features.cells import Refusals, parse_column
from features.contract import TABLES, Field

MONEY = (0, 1e12)
RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "households": {
        "weight": (0, 1e8), "floor_area": (1, 10_000), "rooms": (0, 50), "land_area": (0, 10_000),
        "cattle": (0, 10_000), "buffalo": (0, 10_000), "horse": (0, 10_000), "pig": (0, 10_000), "goat": (0, 10_000),
        "welfare": MONEY, "food_share": (0, 1), "income": MONEY, "labour_income_share": (0, 1),
        "pension_income_share": (0, 1), "aid_income_share": (0, 1), "desil": (1, 10)},
    "members": {"age": (0, 120), "hours": (0, 168), "earnings": MONEY, "pension": MONEY},
    "sector_signals": {"employment_growth": (-1, 10), "layoff_rate": (0, 1), "vacancy_rate": (0, 1),
                       "wage_growth": (-1, 10)},
    "shocks": {},
    "poverty_lines": {"line": (1e-9, 1e12), "extreme_line": (1e-9, 1e12)},
    "regions": {"headcount": (0, 1), "unemployment": (0, 1), "mean_schooling": (0, 25)},
}  # fmt: skip
"""The least and the most that may stand in each column of numbers; an hour of the week more is a slip of the pen."""
NEEDED = {
    "households": ["household_id", "period", "known_at", "unit", "province"],
    "members": ["household_id", "period", "known_at", "person_id", "age", "relation"],
    "sector_signals": ["sector_section", "region", "period", "known_at"],
    "shocks": ["place", "scope", "shock", "period", "known_at"],
    "poverty_lines": ["period", "known_at", "line"],
    "regions": ["region", "period", "known_at"],
}
UNKNOWN = {"welfare": (-9, -99, -999), "income": (-9, -99, -999), "earnings": (-9, -99, -999),
           "pension": (-9, -99, -999), "hours": (999,)}  # fmt: skip


def refused(rule: Field, cell: Any, times: int = 1) -> str:
    found = Refusals()
    parse_column(rule, [cell] * times, found, b"k" * 32)
    return found.of(rule.name).get(times - 1, "")


@pytest.mark.parametrize("name", RANGES)
def test_a_number_may_be_as_low_and_as_high_as_it_is_written_and_no_more(name: str) -> None:
    numbers = {rule.name: rule for rule in TABLES[name].fields if rule.kind in ("number", "count")}
    assert numbers.keys() == RANGES[name].keys()
    for key, (low, high) in RANGES[name].items():
        rule = numbers[key]
        step = 1 if rule.kind == "count" else 0
        for times in (1, 100):  # short columns and long ones are read another way
            assert not refused(rule, low, times), key
            assert not refused(rule, high, times), key
            assert "above" in refused(rule, high + step if step else np.nextafter(high, np.inf), times), key
            assert refused(rule, low - step if step else np.nextafter(low, -np.inf), times), key


@pytest.mark.parametrize("name", NEEDED)
def test_columns_without_which_a_row_says_nothing_must_be_there_and_filled(name: str) -> None:
    for rule in TABLES[name].fields:
        assert rule.required is (rule.name in NEEDED[name]), rule.name
        assert refused(rule, None) == ("" if rule.name not in NEEDED[name] else "is empty; a value is required")
    assert {rule.name: rule.refuse for table in TABLES.values() for rule in table.fields if rule.refuse} == UNKNOWN
    for key, codes in UNKNOWN.items():
        for rule in (rule for table in TABLES.values() for rule in table.fields if rule.name == key):
            assert all("code for unknown" in refused(rule, code) for code in codes)


def test_what_a_cell_should_hold_is_told_in_words() -> None:
    homes, members = contract.HOUSEHOLDS, contract.MEMBERS
    assert homes["unit"].expected == "one of household, family"
    assert homes["subdistrict"].expected == "a code of 7 digits"
    assert homes["urban"].expected == "true or false"
    assert (homes["period"].expected, homes["known_at"].expected) == ("2026Q1 or 2026", "2026-01-31")
    assert (homes["province"].expected, homes["food_share"].expected) == ("text", "number from 0 to 1 share")
    assert members["age"].expected == "count from 0 to 120 years"
    assert homes["rooms"].name == "rooms"
    plain = Field("x", "text", "Anything.")
    assert (plain.digits, plain.null, plain.required, plain.low, plain.high) == (0, True, False, None, None)
    assert (contract.REGENCY_DIGITS, contract.SUBDISTRICT_DIGITS) == (4, 7)
    assert homes["subdistrict"].digits == 7
