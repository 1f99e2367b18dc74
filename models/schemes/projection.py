"""The ladder to 2045: where the yearly moves lead, what would reach the goal, and whether it is within reach.

Expected shares of the best estimate, with the range of the laws that the draws of the same run are of: coefficients,
and errors of places and of the whole nation. So what is told here and the ladder of the draws have one range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from features.types import Array
from models.schemes import library
from models.schemes.classes import MIDDLE, Classes, rates, rungs_of
from models.schemes.ends import SIDES
from models.schemes.nation import THOUSAND, Nation
from models.schemes.parts import LIFTING, Scheme
from models.schemes.published import best_pace, of_area, seen

GOAL, GOAL_YEAR = 0.8, 2045
"""Share of the middle class and the year that the programme set itself (statement of 11 November 2024)."""
ENDS = ("value", *SIDES)
"""The middle and the ends of the effects' ranges."""
_CLOSE, _NEAR = 1e-13, 1e-9
_RANGE = (0.05, 0.95)


def inverse(nation: Nation, start: int, seed: int, year: int = GOAL_YEAR, goal: float = GOAL) -> dict[str, Any]:
    """What would bring the share of the middle class to a goal: growth, yearly moves, or schemes; and whether the like
    has been seen.

    growth : a rise a year of everybody's consumption over the line, path : where it leads year by year. moves : one
    change of the log-odds of all yearly moves. schemes : every family below the middle in a scheme of the library for
    good. mix : the cheapest of those with a known cost together (`mixed`). ranges : the same by the laws that draws of
    this seed are of (`Dynamics.law`); None where one of them is never enough.
    A way is feasible if the middle class need not grow faster in points a year than in the best published years; of
    one province that is not told, since these are the nation's.
    """
    classes, span = Classes.of(nation), year - start
    people = classes.years(span)
    now = rungs_of(people[0])
    own = _needed(classes, people, span, goal)
    law = nation.dynamics.law(len(nation.province.names) + 1, seed)
    others = [_needed(one, one.years(span), span, goal) for one in classes.drawn(law)]
    shift, pace = own["shift_needed"], (goal - now[MIDDLE]) / span
    best = None if of_area(nation) else best_pace()
    options = [Option.of(one, nation) for one in library.schemes() if _lifts(one)]
    return {
        "goal": goal, "year": year, "start": start, "now": float(now[MIDDLE]), **own,
        "ranges": {name: _range([one[name] for one in others], value) for name, value in own.items()},
        "rates_now": rates(classes, people[0]).tolist(),
        "rates_needed": None if shift is None else rates(classes, people[0], -shift).tolist(),
        "points_a_year_needed": float(100 * pace), "points_a_year_best_seen": None if best is None else 100 * best,
        "path_needed": _path(classes, people, start, own["growth_needed"]),
        "feasible": None if best is None else bool(pace <= max(best, 0.0)), "seen": [] if best is None else seen(),
        "schemes": [one.told(classes, people[-2], span, goal) for one in options],
        "mix": {end: mixed(classes, people[-2], options, end, span, goal) for end in ENDS},
    }  # fmt: skip


def _needed(classes: Classes, people: Array, span: int, goal: float) -> dict[str, float | None]:
    growth = _root(lambda gain: float(classes.shares(people[-2], span - 1, gain)[MIDDLE]) - goal, 0.0, 12.0)
    shift = _root(lambda less: float(rungs_of(classes.years(span, -less)[-1])[MIDDLE]) - goal, 0.0, 40.0)
    return {"unchanged": float(rungs_of(people[-1])[MIDDLE]),
            "growth_needed": None if growth is None else float(np.expm1(growth / span)), "shift_needed": shift,
            }  # fmt: skip


def _path(classes: Classes, people: Array, start: int, growth: float | None) -> list[dict[str, float]] | None:
    """The middle class by year where consumption grows as is needed; None where no growth is enough."""
    if growth is None:
        return None
    shares = [rungs_of(people[0])[MIDDLE], *(classes.shares(people[year], year, (year + 1) * np.log1p(growth))
                                             [MIDDLE] for year in range(len(people) - 1))]  # fmt: skip
    return [{"year": start + year, "share": float(share)} for year, share in enumerate(shares)]


def _range(values: list[float | None], own: float | None) -> list[float | None]:
    """Ends of the range of the draws' laws, with that of the best estimate; None for an end that is never enough."""
    known = np.array([np.inf if one is None else one for one in [*values, own]])
    return [float(one) if np.isfinite(one) else None for one in np.quantile(known, _RANGE, method="nearest")]


def _root(gap: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a rising function passes 0; None where it does not up to `high`, `low` where it has already."""
    from scipy.optimize import brentq

    if gap(low) >= 0:
        return low
    if gap(high) < 0:
        return None
    return float(brentq(gap, low, high, xtol=_CLOSE))


def _lifts(own: Scheme) -> bool:
    return own.effect.kind in LIFTING and own.effect.size.high > 0


@dataclass(frozen=True, slots=True)
class Option:
    """A scheme given for good to every family below the middle class.

    Attributes
    ----------
    gains : rise of the welfare ratio in logs by end of the effect; of those for whom it works at all, spread over all.
    families : below the middle class at the start. cost : rupiah a year for all of them, as far as it is known
        (`Scheme.cost_unknown`).
    """

    scheme: Scheme
    gains: dict[str, float]
    families: float
    cost: float

    @classmethod
    def of(cls, scheme: Scheme, nation: Nation) -> Option:
        """A scheme over a nation. A rupiah counts for what it is at the upper bound of aspiring."""
        line = float(np.average(nation.line, weights=nation.weight) * np.average(nation.size, weights=nation.weight))
        parts = [one for one in (scheme.effect.size, scheme.effect.share, scheme.effect.reach) if one is not None]
        size = {end: float(np.prod([one.at(end) for one in parts])) for end in ENDS}
        scale = 1.0 if scheme.effect.kind == "consumption" else 12 * line * 3.5
        families = float((nation.families * (1 - nation.start[:, MIDDLE])).sum() / THOUSAND)
        yearly = scheme.cost.value + scheme.setup.value / scheme.duration
        return cls(scheme, {end: float(np.log1p(one / scale)) for end, one in size.items()}, families,
                   families * yearly)  # fmt: skip

    @property
    def priced(self) -> bool:
        """Whether it has its place in an order by price: all of its cost is known, and it has one."""
        return self.scheme.cost_known and self.cost > 0

    def told(self, classes: Classes, people: Array, span: int, goal: float) -> dict[str, Any]:
        """Share of the middle class that it comes to, at the middle and the ends of its effect; `reaches` at the upper
        one. `cost_a_year` is None where a part of it is not known (`unknown`), and `cost_at_least` then what is."""
        share = {
            end: float(classes.shares(people, span - 1, gain, MIDDLE - 1)[MIDDLE]) for end, gain in self.gains.items()
        }
        return {"name": self.scheme.name, "share": share["value"], "effects": [share["low"], share["high"]],
                "reaches": share["high"] >= goal, "families": self.families,
                "cost_a_year": self.cost if self.priced else None,
                "cost_in_all": self.cost * span if self.priced else None,
                "cost_at_least": None if self.priced else self.cost or None,
                "unknown": list(self.scheme.cost_unknown), "basis": self.scheme.effect.basis}  # fmt: skip


def mixed(classes: Classes, people: Array, options: list[Option], end: str, span: int, goal: float) -> dict[str, Any]:
    """The cheapest of the schemes together that reach a goal, at one end of their effects.

    A search that anybody can repeat: schemes whose cost is known in full are taken in order of rupiah a unit of log
    welfare, each for every family below the middle class, the last for as many as are still needed; gains add up, which
    is more than they would. A scheme with a part of its cost unknown has no place in that order: `left_out` names it
    with the part. `share_with_left_out` is where all come to, these too, at whatever they cost: where that is not
    enough either, no mix reaches the goal.
    """
    lifting = [one for one in options if one.gains[end] > 0]
    priced = sorted((one for one in lifting if one.priced), key=lambda one: one.cost / one.gains[end])
    left_out = [one for one in lifting if not one.priced]
    gain = 0.0
    taken: list[dict[str, Any]] = []

    def led(gain: float) -> float:
        return float(classes.shares(people, span - 1, gain, MIDDLE - 1)[MIDDLE])

    share = led(gain)
    for one in priced:
        if share >= goal - _NEAR:
            break
        more = led(gain + one.gains[end])
        part = 1.0 if more <= goal else (goal - share) / (more - share)
        gain, share = gain + one.gains[end], share + part * (more - share)
        taken.append({"name": one.scheme.name, "covered": part, "families": part * one.families,
                      "cost_a_year": part * one.cost})  # fmt: skip
    yearly = sum(one["cost_a_year"] for one in taken)
    with_ = led(sum(one.gains[end] for one in lifting))
    return {"reaches": share >= goal - _NEAR, "share": share, "schemes": taken, "cost_a_year": yearly or None,
            "cost_in_all": yearly * span or None, "share_with_left_out": with_,
            "reaches_with_left_out": with_ >= goal - _NEAR,
            "left_out": [{"name": one.scheme.name, "unknown": list(one.scheme.cost_unknown)} for one in left_out],
            }  # fmt: skip
