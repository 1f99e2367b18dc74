"""How the register ranks: a proxy means test fitted on other families, its deciles and the programmes' cuts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features import contract
from features.types import Array

if TYPE_CHECKING:
    from features.sources.synthetic.people import Families
    from features.sources.synthetic.record import Record
    from features.sources.synthetic.world import World

HOUSE = ("floor", "wall", "roof", "water", "sanitation", "sewage", "power", "fuel", "floor_area", "rooms", "slum",
         "land_area", *contract.ASSETS, *contract.LIVESTOCK)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranking:
    """Coefficients of the test on `matrix`, decile cuts of its value, and cuts of the programmes' scores."""

    coefficients: Array
    deciles: Array
    middle: float
    scale: float
    programmes: dict[str, float]
    fit: float

    def value(self, matrix: Array) -> Array:
        """Predicted log consumption."""
        # not a matrix product: its sums may depend on the number of threads
        return np.asarray((matrix * self.coefficients).sum(axis=1))

    def desil(self, value: Array) -> Array:
        """National decile of predicted consumption, 1 poorest."""
        return 1 + np.searchsorted(self.deciles, value)

    def receives(self, name: str, score: Array, parts: Array) -> Array:
        """Whether a family receives a programme: a low enough score, and for PKH a member it is meant for."""
        return (score < self.programmes[name]) & (parts if name == "pkh" else True)


def score(ranking: Ranking, value: Array, noise: Array) -> Array:
    """Score that programmes go by: the register's value in standard units and what officials see or miss."""
    return (value - ranking.middle) / ranking.scale + noise


def matrix(world: World, families: Families, record: Record, age: Array, family: Array) -> Array:
    """What the test looks at, shape (families, terms), from the register's record."""
    count = len(families)
    there = record.present

    def total(values: Array) -> Array:
        return np.bincount(family, np.where(there, values, 0.0), count)

    def best(values: Array, among: Array, empty: float) -> Array:
        out = np.full(count, empty)
        np.maximum.at(out, family[there & among], values[there & among].astype(float))
        return out

    head = record.person["relation"] == 0
    size = np.maximum(total(np.ones(len(age))), 1.0)
    works = record.person["activity"] == 0
    earner = np.full(count, len(age))
    rows = np.flatnonzero(there & works)
    np.minimum.at(earner, family[rows], rows)
    job = record.person["job"][np.minimum(earner, len(age) - 1)]
    section = np.where(earner < len(age), world.jobs.section[job] + 1, 0)
    place = world.strata.province[families.stratum]
    columns = [np.ones(count), np.log(size), size, total((age < 15) | (age >= 65)) / size,
               total(age < 5), best(age, head, 45.0), best(age, head, 45.0) ** 2 / 100,
               best(record.person["education"], head, 2.0), best(record.person["education"], age >= 15, 2.0),
               total(works) / size, total(works & record.person["formal"]) / size,
               total(record.person["chronic_illness"]) / size, world.urban[families.stratum]]  # fmt: skip
    columns += [record.house[name].astype(float) for name in HOUSE]
    columns += [(section == code).astype(float) for code in range(1, 21)]
    columns += [(place == code).astype(float) for code in range(1, 38)]
    return np.column_stack(columns)
