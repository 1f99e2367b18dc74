"""The ladder to 2045: where the yearly moves lead, what would reach the goal, and whether it is within reach.

All of it is worked out on the expected shares of the best estimate, family class by family class: classes are families
on the same rung with the same spell and about the same index. Draws and their ranges are those of the simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from features import reference
from features.commands import UserError
from features.contract import RUNGS
from features.types import Array
from models.calibration import sigmoid
from models.dynamics import AGES, RUNG_OF, SPELLS, STATES, Dynamics, state_of
from models.schemes import library
from models.schemes.nation import Nation
from models.schemes.parts import Scheme

GOAL, GOAL_YEAR = 0.8, 2045
"""Share of the middle class and the year that the programme set itself (statement of 11 November 2024)."""
_BINS, _STEPS = 100, 50
MIDDLE = RUNGS.index("middle")


@dataclass(frozen=True, slots=True)
class Classes:
    """c classes of families: people in each state (c x STATES), and index (c x 2: of the first year, and after it)."""

    people: Array
    index: Array
    dynamics: Dynamics

    @classmethod
    def of(cls, nation: Nation) -> Classes:
        """Classes of a nation, by hundredths of the index."""
        people = (nation.people / 1000.0).astype(float)
        order = np.argsort(nation.index, kind="stable")
        code = np.empty(len(nation), np.int64)
        code[order] = np.minimum(_BINS * np.cumsum(people[order]) / people.sum(), _BINS - 1).astype(np.int64)
        found = np.zeros((_BINS, STATES))
        for rung in range(len(RUNGS)):
            np.add.at(found, (code, state_of(np.full(len(nation), rung), nation.spell)), people * nation.start[:, rung])
        weight = np.bincount(code, people, minlength=_BINS)
        index = [np.bincount(code, people * values, minlength=_BINS) / np.maximum(weight, 1e-12)
                 for values in (nation.first, nation.index)]  # fmt: skip
        return cls(found, np.column_stack(index), nation.dynamics)

    def years(self, count: int, shift: float = 0.0) -> Array:
        """People in each state after 0 to `count` years, count + 1 x c x STATES; `shift` moves all log-odds of being
        below any cut."""
        moves = [self.moves(age, shift) for age in range(AGES)]
        found = [self.people]
        for year in range(count):
            found.append(_step(found[-1], moves[min(year, AGES - 1)]))
        return np.array(found)

    def moves(self, age: int, shift: float = 0.0) -> Array:
        """Yearly moves of each class in the first year (age 0) or after it, c x STATES x 5."""
        return np.array([self.dynamics.transitions(one, age, shift) for one in self.index[:, age]])

    def shares(self, people: Array, age: int, gain: float = 0.0) -> Array:
        """Shares of the rungs a year after these people, 5.

        age : 0 in the first year, 1 after it. gain : by which all ratios are moved, in logs.
        """
        bounds = self.dynamics.bounds - gain
        under = np.array([(people * self._below(bound, age)).sum() if np.isfinite(bound) else 0.0 for bound in bounds])
        return np.diff(np.concatenate([[0.0], under, [people.sum()]])) / people.sum()

    def _below(self, cut: float, age: int) -> Array:
        """Chance of being below any log ratio a year later, c x STATES: log-odds straight between cuts and beyond."""
        own = self.dynamics
        index = self.index[None, :, age, None]
        logit = own.level[0, age][:, None, :] + own.slope[0, age][:, RUNG_OF][:, None, :] * index
        logit = np.maximum.accumulate(logit, axis=0)
        at = int(np.clip(np.searchsorted(own.cuts, cut, side="right") - 1, 0, len(own.cuts) - 2))
        width = own.cuts[at + 1] - own.cuts[at]
        slope = (logit[at + 1] - logit[at]) / width
        if not own.cuts[0] <= cut <= own.cuts[-1]:
            slope = np.maximum(slope, 1.0)
        base = at + 1 if cut > own.cuts[-1] else at
        return np.asarray(sigmoid(logit[base] + slope * (cut - own.cuts[base])))


def _step(people: Array, moves: Array) -> Array:
    """People by state a year later: c x STATES from c x STATES and moves c x STATES x 5."""
    found = np.zeros_like(people)
    for state in range(STATES):
        to = people[:, state, None] * moves[:, state]
        found[:, :2] += to[:, :2]
        rung, spell = RUNG_OF[state], (state - 2) % SPELLS + 1
        new = 1 if rung < 2 else min(spell + 1, SPELLS)
        for above in (2, 3, 4):
            found[:, 2 + (above - 2) * SPELLS + new - 1] += to[:, above]
    return found


def rungs_of(people: Array) -> Array:
    """Shares of the rungs of people by state, 5."""
    own = np.bincount(RUNG_OF, people.sum(axis=0), minlength=len(RUNGS))
    return np.asarray(own / own.sum())


def rates(classes: Classes, people: Array, shift: float = 0.0) -> Array:
    """Share of the people on each rung that is on each rung a year later, 5 x 5."""
    flow = (people[:, :, None] * classes.moves(0, shift)).sum(axis=0)
    found = np.zeros((5, 5))
    np.add.at(found, RUNG_OF, flow)
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-12))


def seen() -> list[dict[str, Any]]:
    """Published shares of the middle class and above, by year, with their sources."""
    found: dict[int, dict[str, Any]] = {}
    for row in reference.rows("provinces.csv"):
        if row["province"] == "ID" and row["measure"] in ("middle", "upper") and row["value"]:
            own = found.setdefault(int(row["year"]), {"year": int(row["year"]), "share": 0.0, "source": row["source"]})
            own["share"] += float(row["value"])
    return [found[year] for year in sorted(found)]


def published(year: int) -> Array:
    """Published shares of poor, vulnerable, aspiring, and middle with upper, of a year, 4; NaN where not found."""
    found = {}
    for row in reference.rows("provinces.csv"):
        if row["province"] == "ID" and row["year"] == str(year) and row["value"]:
            found[row["measure"]] = float(row["value"])
    own = [found.get(name, np.nan) for name in ("headcount", "vulnerable", "aspiring", "middle", "upper")]
    return np.array([*own[:3], own[3] + own[4]])


def inverse(nation: Nation, start: int, year: int = GOAL_YEAR, goal: float = GOAL) -> dict[str, Any]:
    """What would bring the share of the middle class to a goal: growth, yearly moves, or schemes; and whether the like
    has been seen.

    growth : a rise a year of everybody's consumption over the line. moves : one change of the log-odds of all yearly
    moves. schemes : every family below the middle in a scheme of the library for good, effects at the upper end.
    A way is feasible if the middle class need not grow faster in points a year than in the best published years.
    """
    classes, span = Classes.of(nation), year - start
    people = classes.years(span)
    now, alone = rungs_of(people[0]), rungs_of(people[-1])
    growth = _root(lambda gain: float(classes.shares(people[-2], 1, gain)[MIDDLE]) - goal, 0.0, 12.0)
    shift = _root(lambda less: float(rungs_of(classes.years(span, -less)[-1])[MIDDLE]) - goal, 0.0, 40.0)
    pace, best = (goal - now[MIDDLE]) / span, _best_pace()
    return {
        "goal": goal, "year": year, "start": start, "now": float(now[MIDDLE]), "unchanged": float(alone[MIDDLE]),
        "growth_needed": None if growth is None else float(np.expm1(growth / span)),
        "shift_needed": shift, "rates_now": rates(classes, people[0]).tolist(),
        "rates_needed": None if shift is None else rates(classes, people[0], -shift).tolist(),
        "points_a_year_needed": float(100 * pace), "points_a_year_best_seen": 100 * best,
        "feasible": bool(pace <= max(best, 0.0)), "seen": seen(),
        "schemes": [one for one in (_covered(classes, nation, people[-2], own, span, goal) for own in library.schemes())
                    if one is not None],
    }  # fmt: skip


def _best_pace() -> float:
    own = seen()
    return max((two["share"] - one["share"]) / (two["year"] - one["year"]) for one, two in pairwise(own))


def _root(gap: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a rising function passes 0, by halving; None where it does not up to `high`, `low` where it has already."""
    if gap(low) >= 0:
        return low
    if gap(high) < 0:
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if gap(middle) >= 0 else (middle, high)
    return high


def _covered(
    classes: Classes, nation: Nation, people: Array, own: Scheme, span: int, goal: float
) -> dict[str, Any] | None:
    """Share of the middle class if all below it were in a scheme; None for a scheme that lifts nobody."""
    effect = own.effect
    size = effect.size.high * (1.0 if effect.share is None else effect.share.high)
    if effect.kind not in ("consumption", "income") or size == 0:
        return None
    if effect.reach is not None:
        size *= effect.reach.high
    # A rupiah counts for what it is at the upper bound of aspiring, where the goal is decided.
    line = float(np.average(nation.line, weights=nation.weight)) * float(np.average(nation.size, weights=nation.weight))
    gain = np.log1p(size) if effect.kind == "consumption" else np.log1p(size / 12 / line / 3.5)
    share = float(classes.shares(people, 1, gain)[MIDDLE])
    families = float((nation.families * (1 - nation.start[:, MIDDLE])).sum() / 1000)
    yearly = own.cost.value + own.setup.value / own.duration
    return {"name": own.name, "share": share, "reaches": share >= goal, "families": families,
            "cost_a_year": families * yearly or None, "cost_in_all": families * yearly * span or None,
            "basis": effect.size.basis}  # fmt: skip


def raked(nation: Nation, year: int) -> Nation:
    """The nation with weights changed by present rung so that its people have the published shares of a year.

    Raises
    ------
    UserError : the shares of that year were not found.
    """
    shares = published(year)
    if np.isnan(shares).any():
        known = ", ".join(str(one["year"]) for one in seen() if not np.isnan(published(one["year"])).any())
        raise UserError(f"no published shares of the rungs of {year} were found; there are those of {known}")
    kind = np.array([0, 0, 1, 2, 3])
    own = np.bincount(kind, (nation.people[:, None] * nation.start).sum(axis=0))
    factor = shares / shares.sum() / (own / own.sum())
    note = f"weights are changed so that the rungs have the shares published for {year}"
    return replace(nation, weight=nation.weight * (nation.start @ factor[kind]), notes=(*nation.notes, note))


def missed(rungs: Array, year: int) -> dict[str, Any]:
    """Simulated shares of a year beside the published ones: shares over the draws x 5, extreme poor with poor."""
    told = np.column_stack([rungs[:, 0] + rungs[:, 1], rungs[:, 2:]])
    real = published(year)
    names = ("poor", "vulnerable", "aspiring", "middle")
    return {"year": year, "shares": {name: {
        "simulated": float(told[:, at].mean()), "low": float(np.quantile(told[:, at], 0.05)),
        "high": float(np.quantile(told[:, at], 0.95)), "published": None if np.isnan(real[at]) else float(real[at]),
        "miss": None if np.isnan(real[at]) else float(told[:, at].mean() - real[at])}
        for at, name in enumerate(names)}}  # fmt: skip
