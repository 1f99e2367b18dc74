"""Start and moves that agree: where nothing changes, the shares of the rungs stay as they are.

A law fitted to one panel and families of another day do not agree by themselves. Measured welfare is part noise, so
families that stand high by luck come down and others rise in their place, and only in the panel's own mix do the two
balance; panel and register weigh families differently; and the panel's years had a trend of their own. All of that
would show as a jump in the first year that nobody caused. So the log-odds of being below each bound are moved, all
families and all variants alike, until the expected shares of the best estimate stay where they start: after the first
year, after the second (whose families are not yet those of the moves' own long run), and on average over the twenty
after it. The chance of being poor in the first year is the score's own and is left alone. What changes the shares is
then what the scenario says: growth, shocks and schemes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from features.commands import UserError
from features.types import Array
from models.schemes.classes import MIDDLE, Classes, rungs_of, step
from models.schemes.nation import Nation

YEARS = 20
"""Years over which the shares stay, on average."""
_LEAST, _CLOSE = 1e-9, 1e-4


def settled(nation: Nation, *, known: bool = True) -> Nation:
    """The nation with moves that leave its shares as they are.

    Parameters
    ----------
    known : the chances of the first year are those of this nation's own scores; False where its weights were changed.
    """
    classes = Classes.of(nation)
    start = rungs_of(classes.people)
    before = rungs_of(step(classes.people, classes.moves(0)))
    first = _first(classes, start, known)
    after = step(classes.people, classes.moves(0, first))
    second = _after(classes, after, rungs_of(after), 1, 1)
    later = _after(classes, step(after, classes.moves(1, second)), rungs_of(after), classes.dynamics.ages - 1, YEARS)
    own = np.minimum(np.arange(3), nation.dynamics.ages - 1)
    level = nation.dynamics.level[:, own] + np.stack([first, second, later])[None, :, :, None]
    note = (
        f"yearly moves are shifted so that the shares of the rungs stay where nothing changes; as fitted, the middle "
        f"class would have gone from {100 * start[MIDDLE]:.1f} to {100 * before[MIDDLE]:.1f} % in the first year"
    )
    law = replace(nation.dynamics, level=level, slope=nation.dynamics.slope[:, own])
    return replace(nation, dynamics=law, notes=(*nation.notes, note))


def _first(classes: Classes, wanted: Array, known: bool) -> Array:
    """Shift of each cut in the first year, K."""

    def gap(shift: Array) -> Array:
        return _gap(rungs_of(step(classes.people, classes.moves(0, _spread(classes, shift)))), wanted)

    return _spread(classes, _solved(gap, _free(classes, wanted) & np.array([not known, not known, True, True])))


def _after(classes: Classes, people: Array, wanted: Array, age: int, years: int) -> Array:
    """Shift of each cut at an age, K, with which these people keep the shares on average over so many years."""

    def gap(shift: Array) -> Array:
        moves, own, total = classes.moves(age, _spread(classes, shift)), people, np.zeros(len(wanted))
        for _ in range(years):
            own = step(own, moves)
            total += rungs_of(own)
        return _gap(total / years, wanted)

    return _spread(classes, _solved(gap, _free(classes, wanted)))


def _free(classes: Classes, wanted: Array) -> Array:
    """Bounds below which some are, and not all, 4 bools."""
    below = np.cumsum(wanted)[:4]
    return np.asarray((below > _LEAST) & (below < 1 - _LEAST) & np.isfinite(classes.dynamics.bounds))


def _solved(gap: Callable[[Array], Array], free: Array) -> Array:
    """Shifts at the bounds that close a gap, 4; those that are not free are 0."""
    shift = np.zeros(4)

    def of(own: Array) -> Array:
        shift[free] = own
        return gap(shift)[free]

    if free.any():
        from scipy import optimize

        found = optimize.root(of, np.zeros(int(free.sum())), tol=1e-9)
        if np.abs(of(found.x)).max() > _CLOSE:
            raise UserError("the yearly moves cannot be brought into agreement with the shares of the rungs; name a "
                            "law of them with --dynamics, or train on a panel with families on every rung")  # fmt: skip
    return shift


def _gap(found: Array, wanted: Array) -> Array:
    """How much the log-odds of being below each bound are off, 4."""
    below, goal = (np.clip(np.cumsum(one)[:4], _LEAST, 1 - _LEAST) for one in (found, wanted))
    return np.asarray(np.log(goal / (1 - goal)) - np.log(below / (1 - below)))


def _spread(classes: Classes, shift: Array) -> Array:
    """Shifts at all cuts, K, from those at the bounds: straight between them, level beyond."""
    bounds = classes.dynamics.bounds
    known = np.isfinite(bounds)
    return np.asarray(np.interp(classes.dynamics.cuts, bounds[known], shift[known]))
