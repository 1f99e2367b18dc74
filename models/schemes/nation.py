"""The families of a simulation as columns: a scored register or synthetic families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import numpy as np

from features.commands import UserError
from features.contract import RUNGS
from features.types import Array
from models.calibration import log_odds
from models.dynamics import SPELLS, TOWNS, Dynamics, state_of
from models.targeting.rows import Coded

THOUSAND = 1000
"""Sums are in thousandths of a family or person."""
MOST_PEOPLE = 2**31
"""People that a row may stand for, so that sums stay whole numbers of 64 bits."""
_SURE = 1e-5
_STEPS = 40


@dataclass(frozen=True, slots=True)
class Nation:
    """n families on the date of the scenario's start.

    Attributes
    ----------
    key : uint64, from the household's code. start : n x 5, chances of the present rung. spell : years out of poverty, 1
        to 3 (3: more, or not known). index : log-odds of the score. first : what the dynamics reads in their place in
        the first year, so that it is what the score tells (`indexed`). risk, poor_now : of the score. size : people.
        weight : families that the row stands for.
    province, regency : BPS codes. urban : 1, 0, -1 not known. desil : 1 to 10, 0 not known. section, division : KBLI of
        the main earner's work, "" not known or none. working : whether somebody works; -1 not known.
    exposure : of the main earner's occupation, by measure (`models.schemes.parts.EXPOSURES`), NaN not known.
    line : poverty line, rupiah a head a month, NaN not known.
    synthetic : whether families or model are made up. source, version : of data and model, told with every
        result. year : that the families are of, None not known. notes : what is told of them, in both languages.
    """

    key: Array
    start: Array
    spell: Array
    index: Array
    first: Array
    risk: Array
    poor_now: Array
    size: Array
    weight: Array
    province: Coded
    regency: Coded
    urban: Array
    desil: Array
    section: Coded
    division: Coded
    working: Array
    exposure: Mapping[str, Array]
    line: Array
    dynamics: Dynamics
    synthetic: bool
    source: str
    version: str = ""
    notes: tuple[Mapping[str, str], ...] = ()
    year: int | None = None
    following: Array | None = field(default=None)

    def __len__(self) -> int:
        return len(self.key)

    @property
    def stratum(self) -> Array:
        """Code of province and urban or rural, n."""
        return (self.province.codes.astype(np.int64) + 1) * TOWNS + self.urban + 1

    @property
    def families(self) -> Array:
        """Thousandths of families, n whole numbers."""
        return np.rint(self.weight * THOUSAND).astype(np.int64)

    @property
    def people(self) -> Array:
        """Thousandths of people, n whole numbers."""
        return np.rint(self.weight * self.size * THOUSAND).astype(np.int64)

    def take(self, rows: Array | slice) -> Nation:
        """Some of the rows."""
        own: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                own[one.name] = value[rows]
            elif isinstance(value, Coded):
                own[one.name] = Coded(value.codes[rows], value.names)
        own["exposure"] = {name: value[rows] for name, value in self.exposure.items()}
        return replace(self, **own)

    def sample(self, count: int, seed: int) -> Nation:
        """At most `count` rows, drawn with equal chances; their weights grow so that the families are as many."""
        if count >= len(self):
            return self
        rows = np.sort(np.random.Generator(np.random.Philox(seed)).choice(len(self), count, replace=False))
        return self.take(rows).instead_of(self)

    def instead_of(self, everybody: Nation) -> Nation:
        """The same families standing for all from whom they were taken; the source tells of how many they are."""
        first, _, rest = everybody.source.partition(" ")
        counted = first.replace(",", "").isdigit()
        source = f"{len(self):,} of {len(everybody):,} {rest}" if counted else everybody.source
        return replace(self, weight=self.weight * (everybody.weight.sum() / self.weight.sum()), source=source)

    def check(self) -> Self:
        """Itself; UserError names the column and the rule where one is broken."""
        if not len(self):
            raise UserError("the nation has no families")
        for name, value in ((one.name, getattr(self, one.name)) for one in fields(self)):
            codes = value.codes if isinstance(value, Coded) else value
            if isinstance(codes, np.ndarray) and len(codes) != len(self):
                raise UserError(f"{name} has {len(codes):,} rows and key {len(self):,}")
        wrong = {"start: must be chances that add up to 1": (self.start < -1e-9).any(axis=1) |
                 (np.abs(self.start.sum(axis=1) - 1) > 1e-6),
                 "weight: must be a number above 0": ~((self.weight > 0) & np.isfinite(self.weight)),
                 "size: must be a number of people from 1 to 200": ~((self.size >= 1) & (self.size <= 200)),
                 "index: must be a number": ~np.isfinite(self.index) | ~np.isfinite(self.first),
                 f"spell: must be from 1 to {SPELLS}": (self.spell < 1) | (self.spell > SPELLS),
                 f"weight: must not stand for more than {MOST_PEOPLE:,} people": self.weight * self.size > MOST_PEOPLE,
                 }  # fmt: skip
        for rule, rows in wrong.items():
            if rows.any():
                raise UserError(f"row {int(np.argmax(rows))}: {rule}")
        if len(np.unique(self.key)) < len(self):
            raise UserError("key: two families have the same code")
        return self

    def match(self) -> dict[str, Any]:
        """How near the first year of the dynamics comes to the full model, by tenth of its chance and by place.

        The figure is the chance of being poor a year later, by either way (`p_poor_next`); None where the full model
        did not tell it. Errors are differences of weighted means, simulated less told.
        """
        if self.following is None:
            return {"known": False}
        told, own = self.following, self.poor_next()
        order = np.argsort(told, kind="stable")
        tenth = np.empty(len(self), np.int64)
        tenth[order] = np.minimum(10 * np.cumsum(self.weight[order]) / self.weight.sum(), 9).astype(np.int64)

        def gaps(code: Array, least: int) -> Array:
            weight = np.bincount(code, self.weight)
            rows = np.bincount(code)
            kept = rows >= least
            return np.asarray((np.bincount(code, self.weight * (own - told))[kept]) / weight[kept])

        by_tenth, by_place = gaps(tenth, 1), gaps(self.stratum, 500)
        return {"known": True, "mean": float(np.average(own - told, weights=self.weight)),
                "by_tenth": [round(float(one), 5) for one in by_tenth],
                "largest_by_tenth": float(np.abs(by_tenth).max()), "places": len(by_place),
                "largest_by_place": float(np.abs(by_place).max()) if len(by_place) else None}  # fmt: skip

    def poor_next(self) -> Array:
        """Chance of being poor a year later by the dynamics, n."""
        found = np.zeros(len(self))
        for rung in range(len(RUNGS)):
            state = state_of(np.full(len(self), rung), self.spell)
            found += self.start[:, rung] * self.dynamics.below(state, self.first, 0.0)
        return found


def told(chance: Array) -> Array:
    """Log-odds of a chance, n; what is nearly sure is held off it."""
    return log_odds(chance, _SURE)


def indexed(start: Array, spell: Array, chance: Array, dynamics: Dynamics, either: Array | None = None) -> Array:
    """The index with which a family is poor after the first year with the chance that its score tells, n; by halving.

    Parameters
    ----------
    start : n x 5. spell : n. chance : n, of being poor a year later, of those not poor now. either : n bools, chance is
        told by either way, poor now or not (as where the risk of falling does not apply).
    """
    level, plain = np.clip(chance, _SURE, 1 - _SURE), told(chance)
    if not dynamics.slope[0].any():
        return plain
    above = np.where(np.arange(start.shape[1]) < 2, 0.0, start)
    share = above if either is None else np.where(either[:, None], start, above)
    total = share.sum(axis=1)
    share = share / np.maximum(total, 1e-12)[:, None]
    rungs = [rung for rung in range(start.shape[1]) if share[:, rung].any()]
    low, high = plain - 8.0, plain + 8.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        found = np.zeros(len(level))
        for rung in rungs:
            found += share[:, rung] * dynamics.below(state_of(np.full(len(level), rung), spell), middle, 0.0)
        low, high = np.where(found < level, middle, low), np.where(found < level, high, middle)
    return np.where(total > 1e-9, (low + high) / 2, plain)
