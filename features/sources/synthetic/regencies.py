"""In which regency a family of a stratum lives: by people, with cities more urban than regencies; and where there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.sources.synthetic import figures
from features.sources.synthetic.places import Strata
from features.types import Array

CITY_URBAN = 0.95
"""Urban share of a city (codes x71 and up): an assumption; regencies take the rest of the province's."""

SUBDISTRICTS = 14
"""Sub-districts of each regency, so that there are about 7,200 in all: an assumption, no table of them is at hand.
Their codes count in tens, as those of BPS mostly do (3204010, 3204020, ...); they are made up and have no names."""


@dataclass(frozen=True, slots=True)
class Regencies:
    """Codes, shape (514,), and the cumulated probability of each in every stratum, shape (75, 514)."""

    code: Array
    city: Array
    large: Array
    cumulated: Array

    def pick(self, stratum: Array, uniform: Array) -> Array:
        """Index of a regency for each family."""
        out = np.empty(len(stratum), dtype=np.int64)
        for one in np.unique(stratum):
            mine = stratum == one
            out[mine] = np.searchsorted(self.cumulated[one], uniform[mine], side="right")
        return out

    def subdistricts(self, regency: Array, uniform: Array) -> tuple[Array, list[str]]:
        """Sub-district of each family of a regency, as its place among those that occur, and the codes of these."""
        own, place = np.unique(regency * SUBDISTRICTS + (uniform * SUBDISTRICTS).astype(np.int64), return_inverse=True)
        return place, [f"{self.code[at // SUBDISTRICTS]}{10 * (at % SUBDISTRICTS + 1):03d}" for at in own.tolist()]


def load(strata: Strata) -> Regencies:
    """Read the regencies; people are poor people over the headcount."""
    found: dict[str, dict[str, float]] = {}
    for row in figures.rows("regencies"):
        found.setdefault(row["code"], {})[row["measure"]] = float(row["value"])
    code = np.array(list(found))
    people = np.array([facts["poor"] / facts["headcount"] for facts in found.values()])
    province = np.array([figures.provinces().index(one[:2]) for one in code])
    city = np.array([int(one[2:]) >= 71 for one in code])
    chance = np.zeros((len(strata.people), len(code)))
    for stratum, (home, urban) in enumerate(zip(strata.province, strata.urban, strict=True)):
        mine = province == home
        share = _urban(people[mine], city[mine], strata.people[(strata.province == home) & (strata.urban > 0)].sum())
        chance[stratum, mine] = people[mine] * (share if urban else 1 - share)
    cumulated = np.cumsum(chance, axis=1)
    return Regencies(code, city, city & (people >= 500_000), cumulated / cumulated[:, -1:])


def _urban(people: Array, city: Array, urban: float) -> Array:
    in_city = people[city].sum()
    rest = people.sum() - in_city
    other = np.clip((urban - CITY_URBAN * in_city) / max(rest, 1.0), 0.02, 0.98)
    return np.where(city, CITY_URBAN, other)
