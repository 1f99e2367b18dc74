"""Industry and occupation codes looked up in cited tables; a code travels with its scheme and is never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pyarrow as pa

from features import contract, reference
from features.types import Array, EncodedTable, Tables

ISCO_LIKE = ("KBJI2014", "ISCO08")
"""Occupation schemes whose first two digits are an ISCO-08 sub-major group; CNO is not one of them."""


def looked_up(name: str, scheme: Array, code: Array, find: Callable[[str, str], float]) -> Array:
    """Value of each (scheme, code), asked once for each distinct pair; NaN where there is none.

    Parameters
    ----------
    name : column that says the scheme (`sector_scheme` or `occupation_scheme`).
    scheme, code : M encoded schemes and codes.
    find : value of a scheme and a code as text.
    """
    result = np.full(len(code), np.nan)
    distinct = pa.array(code, pa.string()).dictionary_encode()
    given = ~np.isnan(scheme)
    if not len(distinct.dictionary) or not given.any():
        return result
    index = distinct.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    codes = distinct.dictionary.to_pylist()
    schemes = contract.MEMBERS[name].choices
    for number in np.unique(scheme[given]).astype(int).tolist():
        # The last place answers for a missing code, whose index is -1.
        values = np.array([*(find(schemes[number], text) for text in codes), np.nan])
        result = np.where(scheme == number, values[index], result)
    return result


def section_of(scheme: str, code: str, table: Mapping[tuple[str, str], str] | None = None) -> float:
    """Index in `contract.SECTIONS` of an industry code by its longest known prefix; NaN where none is known."""
    prefixes = reference.sector_prefixes() if table is None else table
    for end in range(len(code), 0, -1):
        section = prefixes.get((scheme, code[:end]))
        if section is not None:
            return float(contract.SECTIONS.index(section))
    return np.nan


def group_of(scheme: str, code: str) -> float:
    """ISCO-08 sub-major group of an occupation code: its first two digits as a number; NaN for other schemes."""
    return float(code[:2]) if scheme in ISCO_LIKE and code[:2].isdecimal() and len(code) > 1 else np.nan


@cache
def by_group(measure: str) -> Array:
    """Exposure by sub-major group, 100 places from 00 to 99; NaN for groups without a figure."""
    table = np.full(100, np.nan)
    for group, value in reference.exposure(measure).items():
        table[int(group)] = value
    return table


def unit_of(scheme: str, code: str) -> float:
    """Place of an occupation code in `by_unit`: its first four digits, filled up with zeros; NaN as in `group_of`."""
    return np.nan if np.isnan(group_of(scheme, code)) or not code[:4].isdecimal() else float(code[:4].ljust(4, "0"))


@cache
def by_unit(measure: str) -> Array:
    """Exposure by unit group, 10,000 places; where a unit group has no figure, that of its sub-major group."""
    table = np.repeat(by_group(measure), 100)
    for unit, value in reference.unit_exposure(measure).items():
        table[int(unit)] = value
    return table


def unmapped(tables: Tables) -> dict[str, float]:
    """Share of the codes given in `members` that no table knows: `sector` (no section), `occupation` (no exposure).

    NaN where no code is given.
    """
    members = tables["members"]
    exposed = by_group(reference.MEASURES[0])

    def exposure_of(scheme: str, code: str) -> float:
        group = group_of(scheme, code)
        return np.nan if np.isnan(group) else float(exposed[int(group)])

    return {"sector": _share_without(members, "sector", section_of),
            "occupation": _share_without(members, "occupation", exposure_of)}  # fmt: skip


def _share_without(members: EncodedTable, name: str, find: Callable[[str, str], float]) -> float:
    size = len(members["period"])
    code = members.get(name, np.full(size, None, dtype=object))
    scheme = members.get(f"{name}_scheme", np.full(size, np.nan))
    given = pa.array(code, pa.string()).is_valid().to_numpy(zero_copy_only=False)
    if not given.any():
        return np.nan
    return float(np.isnan(looked_up(f"{name}_scheme", scheme, code, find)[given]).mean())
