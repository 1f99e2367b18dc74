"""Families of a nation in classes, and the shares of the rungs that they are expected to have year by year.

Classes are families of one place (town or country of a province) with about the same index; in each it is told how many
are on which rung with which spell. All of it is expected shares of one variant of the dynamics: draws and their ranges
are those of the simulation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from features.contract import RUNGS
from features.types import Array
from models.calibration import sigmoid
from models.compiled import compiled
from models.dynamics import GRADES, LAST, RUNG_OF, SPELLS, STATES, TOWNS, Dynamics, Law, state_of
from models.schemes.nation import THOUSAND, Nation

MIDDLE = RUNGS.index("middle")
_SPELLS, _STATES = SPELLS, STATES
_BINS, _LEAST, _STEPS = 100, 12, 50
_BEGIN = np.searchsorted(RUNG_OF, np.arange(len(RUNGS)))


@dataclass(frozen=True, slots=True)
class Classes:
    """c classes of families: people in each state (c x STATES); index of the first year by rung, up to the line
    (c x 5), and index of everything else (c); the dynamics; place (c, `Nation.stratum`); and which of the
    variants of the dynamics (0: the best estimate)."""

    people: Array
    first: Array
    index: Array
    dynamics: Dynamics
    place: Array
    variant: int = 0

    @classmethod
    def of(cls, nation: Nation) -> Classes:
        """Classes of a nation: equal parts of each of its places, by the index."""
        people = nation.people / THOUSAND
        places, home = np.unique(nation.stratum, return_inverse=True)
        bins = max(_LEAST, _BINS // len(places))
        order = np.lexsort((nation.index, home))
        held = np.bincount(home, people)
        before = (np.cumsum(held) - held)[home[order]]
        part = np.clip(bins * (np.cumsum(people[order]) - before) / held[home[order]], 0, bins - 1)
        code = np.empty(len(nation), np.int64)
        code[order] = home[order] * bins + part.astype(np.int64)
        count = bins * len(places)
        found, poor = np.zeros((count, STATES)), np.zeros((count, len(RUNGS)))
        for rung in range(len(RUNGS)):
            there, state = people * nation.start[:, rung], state_of(np.full(len(nation), rung), nation.spell)
            np.add.at(found, (code, state), there)
            poor[:, rung] = np.bincount(code, there * nation.dynamics.below(state, nation.first, 0.0), minlength=count)
        first = _first(found, poor, nation.dynamics)
        weight = np.bincount(code, people, minlength=count)
        index = np.bincount(code, people * nation.index, minlength=count) / np.maximum(weight, 1e-12)
        return cls(found, first, index, nation.dynamics, np.repeat(places, bins))

    def drawn(self, law: Law) -> list[Classes]:
        """The same by each of the laws that draws are of: its own moves, and its errors of the nation and of places."""
        own, found = self.dynamics, []
        for at in range(len(law.level)):
            error = np.repeat(law.offset[at].T, TOWNS, axis=0)[:, :, None]
            found.append(replace(self, variant=0, dynamics=replace(
                own, level=law.level[at : at + 1], slope=law.slope[at : at + 1], home=law.home + error)))  # fmt: skip
        return found

    def home(self, age: int) -> Array | float:
        """What is added to the log-odds in the place of each class, c x K."""
        return self.dynamics.home[self.place, age] if len(self.dynamics.home) else 0.0

    def years(self, count: int, shift: float = 0.0) -> Array:
        """People in each state after 0 to `count` years, count + 1 x c x STATES; `shift` moves all log-odds of being
        below any cut."""
        moves = [self.moves(age, shift) for age in range(self.dynamics.ages)]
        found = [self.people]
        for year in range(count):
            found.append(step(found[-1], moves[min(year, len(moves) - 1)]))
        return np.array(found)

    def moves(self, age: int, shift: float | Array = 0.0) -> Array:
        """Yearly moves of each class to the grades in the first year (age 0) or one after it, c x STATES x 6.

        shift : added to the log-odds of being below any cut; or K of them, below each; or c x K.
        """
        return self.dynamics.transitions(self.index, age, self.first, shift + self.home(age), self.variant)

    def shares(self, people: Array, year: int, gain: float = 0.0, up: int = len(RUNGS) - 1) -> Array:
        """Shares of the rungs a year after these people, 5.

        year : that they are of, 0 for the start. gain : by which the ratios of all on rungs up to `up` are moved, in
            logs.
        """
        age = min(year, self.dynamics.ages - 1)
        logit = self.dynamics.logits(self.index, age, self.first, self.home(age), self.variant)
        lifted = np.where(up >= RUNG_OF, people, 0.0)
        under = [(lifted * self._below(bound - gain, logit) + (people - lifted) * self._below(bound, logit)).sum()
                 if np.isfinite(bound) else 0.0 for bound in self.dynamics.bounds]  # fmt: skip
        return np.diff(np.concatenate([[0.0], under, [people.sum()]])) / people.sum()

    def _below(self, cut: float, logit: Array) -> Array:
        """Chance of being below any log ratio a year later, c x STATES: log-odds (`Dynamics.logits`) straight between
        cuts and beyond."""
        cuts = self.dynamics.cuts
        at = int(np.clip(np.searchsorted(cuts, cut, side="right") - 1, 0, len(cuts) - 2))
        slope = (logit[:, at + 1] - logit[:, at]) / (cuts[at + 1] - cuts[at])
        if not cuts[0] <= cut <= cuts[-1]:
            slope = np.maximum(slope, 1.0)
        base = at + 1 if cut > cuts[-1] else at
        return np.asarray(sigmoid(logit[:, base] + slope * (cut - cuts[base])))


@dataclass(frozen=True, slots=True)
class Draws(Classes):
    """The same by all laws that draws are of at once, each with its own errors (`Dynamics.law`), so that shares of
    the rungs are the mean of the draws: classes stand there once for each law, law by law. seed : of the errors."""

    seed: int = 0

    @classmethod
    def by_all(cls, one: Classes, seed: int) -> Draws:
        """Classes by every law that draws are of."""
        many = one.dynamics.variants - 1

        def often(values: Array) -> Array:
            return np.tile(values, (many, *[1] * (values.ndim - 1)))

        return cls(often(one.people), often(one.first), often(one.index), one.dynamics, often(one.place), seed=seed)

    def moves(self, age: int, shift: float | Array = 0.0) -> Array:
        """As those of `Classes`; a shift is one for each cut, K, and errors come on top of it."""
        own = self.dynamics
        level = own.level.copy()
        level[1:, age] += np.broadcast_to(shift, (len(own.cuts),))[:, None]
        moved = replace(own, level=level)
        law = moved.law(len(own.home) // TOWNS, self.seed)
        drawn, each = replace(moved, level=law.level, slope=law.slope), len(self.index) // len(law.level)
        found = []
        for at in range(len(law.level)):
            rows = slice(at * each, (at + 1) * each)
            place = self.place[rows]
            error = own.home[place, age] + law.offset[at, age, place // TOWNS][:, None]
            found.append(drawn.transitions(self.index[rows], age, self.first[rows], error, at))
        return np.concatenate(found)


def _first(people: Array, poor: Array, dynamics: Dynamics) -> Array:
    """Index by rung (c x 5) with which as many of the people (c x STATES) are poor after the first year as by their own
    (`poor`, c x 5); by halving. That of the mean would not do: who is above it adds more than who is below it takes."""
    state = np.broadcast_to(np.arange(STATES), people.shape)
    low, high = (np.full(poor.shape, edge * LAST) for edge in (-1, 1))
    for _ in range(_STEPS):
        middle = (low + high) / 2
        chance = dynamics.below(state.ravel(), middle[:, RUNG_OF].ravel(), 0.0).reshape(people.shape)
        few = np.add.reduceat(people * chance, _BEGIN, axis=1) < poor
        low, high = np.where(few, middle, low), np.where(few, high, middle)
    return (low + high) / 2


def step(people: Array, moves: Array) -> Array:
    """People by state a year later: c x STATES from c x STATES and moves c x STATES x 6."""
    found: Array = _stepped(np.ascontiguousarray(people, float), np.ascontiguousarray(moves, float))
    return found


@compiled
def _stepped(people: Array, moves: Array) -> Array:
    found = np.zeros_like(people)
    for at in range(len(people)):
        for state in range(_STATES):
            new = 1 if state < 3 else min((state - 3) % _SPELLS + 2, _SPELLS)
            for grade in range(6):
                to = grade if grade < 3 else 3 + (grade - 3) * _SPELLS + new - 1
                found[at, to] += people[at, state] * moves[at, state, grade]
    return found


def rungs_of(people: Array) -> Array:
    """Shares of the rungs of people by state, 5."""
    own = np.bincount(RUNG_OF, people.sum(axis=0), minlength=len(RUNGS))
    return np.asarray(own / own.sum())


def rates(classes: Classes, people: Array, shift: float = 0.0) -> Array:
    """Share of the people on each rung that is on each rung a year later, 5 x 5."""
    flow = (people[:, :, None] * classes.moves(0, shift)).sum(axis=0)
    found = np.zeros((len(RUNGS), len(RUNGS)))
    np.add.at(found, (RUNG_OF[:, None], GRADES), flow)
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-12))
