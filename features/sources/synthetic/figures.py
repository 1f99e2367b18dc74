"""Reading of the cited tables that ship with the package."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import numpy as np

from features import periods
from features.context import COUNTRY
from features.types import Array


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of `features/reference/<name>.csv`."""
    text = (files("features") / "reference" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def provinces() -> tuple[str, ...]:
    """The 38 BPS codes in order."""
    return tuple(dict.fromkeys(row["province"] for row in rows("provinces") if row["province"] != COUNTRY))


@cache
def names() -> dict[str, str]:
    """Name of every province by code."""
    return {row["province"]: row["name"] for row in rows("provinces")}


def by_province(measure: str, year: int = 2025) -> Array:
    """A figure of the 38 provinces, shape (38,); NaN where the table is empty."""
    found = {row["province"]: row["value"] for row in rows("provinces")
             if row["measure"] == measure and row["year"] == str(year)}  # fmt: skip
    return np.array([float(found.get(code) or "nan") for code in provinces()])


@cache
def national(measure: str, year: int = 2025) -> float:
    """A figure of the whole country."""
    for row in rows("provinces"):
        if (row["province"], row["measure"], row["year"]) == (COUNTRY, measure, str(year)):
            return float(row["value"])
    raise KeyError(measure)


def when(period: int) -> float:
    """Date that a period's figures are read at, as a fraction of a year: end of the quarter, or March."""
    if not periods.is_quarter(period):
        return period + 0.25
    return period // 4 + (period % 4 + 1) / 4


@cache
def headcount_path() -> tuple[Array, Array]:
    """Dates (as `when` counts them) and national headcounts of every March, in order."""
    found = [row for row in rows("provinces") if (row["province"], row["measure"]) == (COUNTRY, "headcount")]
    return np.array([int(row["year"]) + 0.25 for row in found]), np.array([float(r["value"]) for r in found])


@cache
def line_path() -> tuple[Array, Array]:
    """Dates and national lines (rupiah a head a month) of the published Marches and Septembers, in order."""
    months = {"line_march": 0.25, "line_september": 0.75}
    found = sorted((int(row["year"]) + months[row["measure"]], float(row["value"])) for row in rows("provinces")
                   if row["province"] == COUNTRY and row["measure"] in months)  # fmt: skip
    return np.array([date for date, _ in found]), np.array([value for _, value in found])
