"""The table of households: place, dwelling, how they got by, income and welfare."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.keys import key_ids
from features.sources.eph import codebook as book
from features.sources.eph.equivalents import adult_equivalents
from features.types import Array

NO_ANSWER = 12
"""`DECCFR` of households that did not tell their income; their `ITF` is no income of nothing."""


def build(homes: pd.DataFrame, persons: pd.DataFrame, home_of: Array, key: bytes) -> pd.DataFrame:
    """Table of households without period and known-at date.

    Parameters
    ----------
    homes : N records of households.
    persons : M records of persons, all of them in one of `homes`.
    home_of : place in `homes` of each person, M.
    key : key of the ids.
    """
    code = {str(name): homes[name].to_numpy() for name in homes}
    table = pd.DataFrame({
        "household_id": key_ids(homes["home"].tolist(), key),
        "unit": "household",
        "province": [f"{city:02.0f}" if city >= 0 else None for city in code["AGLOMERADO"].tolist()],
        # An ending, because later years' dwelling codes are letters and could look like a code that is keyed already.
        "cluster": key_ids((homes["CODUSU"] + "-").tolist(), key),
        "urban": 1.0,
        "weight": code["PONDERA"],
        "tenure": book.words(code["II7"], book.II7_TENURE),
        "rooms": np.where((code["II1"] >= 1) & (code["II1"] <= 50), code["II1"], np.nan),
        "dwelling": book.words(code["IV1"], book.IV1_DWELLING),
        "floor": book.words(code["IV3"], book.IV3_FLOOR),
        "roof": book.words(code["IV4"], book.IV4_ROOF),
        "water": book.words(code["IV7"], book.IV7_WATER),
        "sanitation": _sanitation(code),
        "sewage": book.words(code["IV11"], book.IV11_SEWAGE),
        "fuel": book.words(code["II8"], book.II8_FUEL),
        "slum": book.flags(code["IV12_3"], book.YES_NO),
        "near_hazard": _either(code["IV12_1"], code["IV12_2"]),
        "large_city": homes["MAS_500"].str.upper().map({"S": 1.0, "N": 0.0}).astype(np.float64),
        **{name: book.flags(code[column], book.YES_NO) for column, name in book.COPING.items()},
    })  # fmt: skip
    return table.assign(**_money(code, persons, home_of))


def _sanitation(code: dict[str, Array]) -> pd.Series:
    """A toilet shared with others (`II9` 2, 3) comes before its kind; where sharing is unknown, so is the answer."""
    own = book.words(np.where(code["II9"] == 1, code["IV10"], np.nan), book.IV10_TOILET)
    shared = np.isin(code["II9"], (2, 3)) & (code["IV8"] == 1)
    return own.mask(shared, "shared").mask(code["IV8"] == 2, "none")


def _either(one: Array, other: Array) -> Array:
    flags = np.stack([book.flags(one, book.YES_NO), book.flags(other, book.YES_NO)])
    return np.where((flags == 1).any(axis=0), 1.0, flags.max(axis=0))


def _money(code: dict[str, Array], persons: pd.DataFrame, home_of: Array) -> dict[str, Array]:
    """Income, welfare and shares of income, N each.

    Income from work is all that is not `T_VI`, so that the yearly extra wage counts. Aid is what programmes pay:
    unemployment benefit, subsidies and scholarships (`V4_M`, `V5_M`, `V11_M`); help from kin is not among it.
    """
    told = (code["DECCFR"] != NO_ANSWER) & (code["ITF"] >= 0)
    income = np.where(told, code["ITF"], np.nan)
    person = {str(name): persons[name].to_numpy() for name in persons}

    def total(amount: Array) -> Array:
        return np.bincount(home_of, amount, minlength=len(income))

    def share(amount: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(income > 0, total(amount) / income, np.nan)
        # A cent of rounding may lie beyond the whole; more than that is a contradiction, and so unknown.
        return np.where((part >= -0.01) & (part <= 1.01), np.clip(part, 0, 1), np.nan)

    def sum_told(*names: str) -> Array:
        return np.sum([np.where(person[name] >= 0, person[name], np.nan) for name in names], axis=0)

    equivalents = total(adult_equivalents(person["CH06"], person["CH04"]))
    with np.errstate(divide="ignore", invalid="ignore"):
        welfare = np.where(equivalents > 0, income / equivalents, np.nan)
    return {
        "welfare": welfare,
        "income": income,
        "labour_income_share": share(sum_told("P47T") - sum_told("T_VI")),
        "pension_income_share": share(sum_told("V2_M")),
        "aid_income_share": share(sum_told("V4_M", "V5_M", "V11_M")),
    }
