"""Small tables that ship with the package, each figure with its source, year and unit."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import numpy as np

MEASURES = ("ilo_genai", "frey_osborne", "routine_manual", "routine_intensity", "aioe", "gpt_beta")
"""Measures of exposure kept in `exposure.csv`. They disagree, so they are never added up."""
TOP = 0.75
"""A job counts as highly exposed from the third quartile of the occupation groups that have the measure."""


def rows(name: str) -> list[dict[str, str]]:
    """Rows of the table `name` of this folder, cells as text."""
    return list(csv.DictReader((files(__name__) / name).read_text(encoding="utf-8").splitlines()))


@cache
def exposure(measure: str) -> dict[str, float]:
    """Exposure of each ISCO-08 sub-major group (two digits) by one of `MEASURES`; groups without a figure absent."""
    return {row["isco2"]: float(row["value"]) for row in rows("exposure.csv") if row["measure"] == measure}


@cache
def unit_exposure(measure: str) -> dict[str, float]:
    """Exposure of each ISCO-08 unit group (four digits) that has a figure: the figures that `exposure` averages.

    Year, unit and source are those of the measure in `exposure.csv`.
    """
    return {row["isco4"]: float(row[measure]) for row in rows("exposure_units.csv") if row[measure]}


@cache
def high_exposure(measure: str) -> float:
    """Value of `measure` from which a job counts as highly exposed."""
    return float(np.quantile(list(exposure(measure).values()), TOP))


@cache
def sector_prefixes() -> dict[tuple[str, str], str]:
    """Section letter of each (scheme, leading digits) of an industry code."""
    return {(row["scheme"], row["prefix"]): row["section"] for row in rows("sector_codes.csv")}


@cache
def divisions() -> frozenset[str]:
    """KBLI 2020 divisions, codes of 2 digits."""
    return frozenset(row["division"] for row in rows("divisions.csv"))


@cache
def regencies() -> dict[str, str]:
    """BPS code to name, without the word for a regency; a city has "Kota" in its name."""
    return {row["code"]: row["name"] for row in rows("regencies.csv")}


def regency(code: str) -> str:
    """BPS code of a regency with its name."""
    return f"{code} {regencies().get(code, '')}".rstrip()


@cache
def areas(length: int) -> frozenset[str]:
    """BPS codes of the provinces (2 digits) or the regencies (4) that there are."""
    if length == 2:
        return frozenset(row["province"] for row in rows("provinces.csv") if row["province"] != "ID")
    return frozenset(regencies())
