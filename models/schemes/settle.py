"""Start and moves that agree: where nothing changes, the shares of the rungs stay as they are.

A law fitted to one panel and families of another day do not agree by themselves. Measured welfare is part noise, so
families that stand high by luck come down and others rise in their place, and only in the panel's own mix do the two
balance; panel and register weigh families differently; and the panel's years had a trend of their own. All of that
would show as a jump in the first year that nobody caused. So the log-odds of being below each bound are moved, all
families alike, until the expected shares of the best estimate, and as the mean of the variants that draws are of,
stay where they start: after the first
year, after the second (whose families are not yet those of the moves' own long run), and on average over the twenty
after it. The chance of being poor in the first year is the score's own and is left alone; of how many of the poor are
extreme poor then the score says nothing, so that these stay as many. What changes the shares is
then what the scenario says: growth, shocks and schemes.

One shift for all would let provinces drift to the nation's mean: most of a score is passing, and the moves know neither
the place nor how far apart its families stand. So the log-odds are moved by province, town and country
apart, until each keeps its own shares: below 1.5 and 3.5 lines from the start on, below the line as after the first
year. One shift for town and country of a province would let these two drift to each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from features.cohort import BOUNDS
from features.commands import UserError
from features.types import Array
from models.calibration import log_odds
from models.dynamics import RUNG_OF, TOWNS, Dynamics
from models.numbers import number
from models.schemes.classes import MIDDLE, Classes, Draws, rungs_of, step
from models.schemes.nation import Nation
from models.schemes.words import both, said

YEARS = 20
"""Years over which the shares stay, on average."""
_LEAST, _CLOSE = 1e-9, 1e-4
_ROUNDS, _PACE, _RARE, _MOST = 40, 0.7, 1e-3, 4.0
"""Of closing the gaps of places: rounds, part of a gap that is closed in each, shares too rare to be told, log-odds
that a place is moved at most."""
_NOTED = said("note.settled", "en").partition("{")[0]
_ERRORS = 0
"""Seed of the errors over which the mean of the draws is taken; those of a simulation have its own."""


def settled(nation: Nation, *, known: bool = True) -> Nation:
    """The nation with moves that leave its shares, and those of its places, as they are.

    Parameters
    ----------
    known : the chances of the first year are those of this nation's own scores; False where its weights were changed.
    """
    classes = Classes.of(nation)
    start, before = rungs_of(classes.people), rungs_of(step(classes.people, classes.moves(0)))
    note = both("note.settled", lambda language: {"begin": number(100 * start[MIDDLE], language, 1),
                                                  "next": number(100 * before[MIDDLE], language, 1)})  # fmt: skip
    law = _moved(classes, known)
    home = np.zeros((TOWNS * (len(nation.province.names) + 1), *law.level.shape[1:3]))
    _settle_places(replace(classes, dynamics=replace(law, home=home)))
    law = _moved(replace(classes, dynamics=replace(law, home=home)), known)  # places close it but for a hair
    if law.variants > 1:
        law = _of_draws(replace(classes, dynamics=law))
    noted = any(one["en"].startswith(_NOTED) for one in nation.notes)  # settled before, with other weights
    return replace(nation, dynamics=law, notes=nation.notes if noted else (*nation.notes, note))


def _of_draws(classes: Classes) -> Dynamics:
    """The dynamics with the variants that draws are of moved, all alike, until their mean stays where the best estimate
    does: each bends what it is unsure of its own way, and the mean of bent things is not that of the straight ones."""
    best, wanted = classes.dynamics, rungs_of(step(classes.people, classes.moves(0)))
    moved = _moved(Draws.by_all(classes, _ERRORS), known=False, wanted=wanted)
    return replace(best, level=np.concatenate([best.level[:1], moved.level[1:]]))


def _moved(classes: Classes, known: bool, wanted: Array | None = None) -> Dynamics:
    """The dynamics with log-odds moved for all alike; wanted : shares after the first year, those of the start if not
    given."""
    law = classes.dynamics
    first = _first(classes, rungs_of(classes.people) if wanted is None else wanted, known)
    after = step(classes.people, classes.moves(0, first))
    second = _after(classes, after, rungs_of(after), 1, 1)
    later = _after(classes, step(after, classes.moves(1, second)), rungs_of(after), law.ages - 1, YEARS)
    own = np.minimum(np.arange(3), law.ages - 1)
    level = law.level[:, own] + np.stack([first, second, later])[None, :, :, None]
    return replace(law, level=level, slope=law.slope[:, own], home=law.home[:, own] if len(law.home) else law.home)


def _settle_places(classes: Classes) -> None:
    """Fill the dynamics' `home`: what is added in each place, age by age."""
    cuts, home = classes.dynamics.cuts, classes.dynamics.home
    places, code = np.unique(classes.place, return_inverse=True)
    held = np.bincount(code, classes.people.sum(axis=1))
    weights = np.array([np.interp(cuts, np.log(BOUNDS), one) for one in np.eye(len(BOUNDS))])

    def below(people: Array) -> Array:
        """Shares of each place below the line, 1.5 and 3.5 lines."""
        return (
            np.array([np.bincount(code, people[:, rung > RUNG_OF].sum(axis=1)) for rung in (2, 3, 4)]).T / held[:, None]
        )

    def close(people: Array, wanted: Array, age: int, years: int, free: Array) -> None:
        free = free & (wanted > _RARE) & (wanted < 1 - _RARE)
        shift = np.zeros_like(wanted)
        for _ in range(_ROUNDS):
            home[places, age] = shift @ weights
            moves, own, total = classes.moves(age), people, np.zeros_like(wanted)
            for _ in range(years):
                own = step(own, moves)
                total += below(own)
            shift = np.clip(
                shift + _PACE * np.where(free, log_odds(wanted, _LEAST) - log_odds(total / years, _LEAST), 0.0),
                -_MOST,
                _MOST,
            )

    close(classes.people, below(classes.people), 0, 1, np.array([False, True, True]))
    after = step(classes.people, classes.moves(0))
    wanted, every = below(after), np.ones(len(BOUNDS), bool)
    close(after, wanted, 1, 1, every)
    close(step(after, classes.moves(1)), wanted, 2, YEARS, every)


def _first(classes: Classes, wanted: Array, known: bool) -> Array:
    """Shift of each cut in the first year, K."""

    def gap(shift: Array) -> Array:
        return _gap(rungs_of(step(classes.people, classes.moves(0, _spread(classes, shift)))), wanted)

    return _spread(classes, _solved(gap, _free(classes, wanted) & np.array([True, not known, True, True])))


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
            raise UserError(
                "the yearly moves cannot be brought into agreement with the shares of the rungs; name a "
                "law of them with --dynamics, or train on a panel with families on every rung",
                "perpindahan tahunan tidak dapat disesuaikan dengan bagian tiap jenjang; sebut hukumnya dengan "
                "--dynamics, atau latih pada panel yang memuat keluarga di setiap jenjang",
            )
    return shift


def _gap(found: Array, wanted: Array) -> Array:
    """How much the log-odds of being below each bound are off, 4."""
    return log_odds(np.cumsum(wanted)[:4], _LEAST) - log_odds(np.cumsum(found)[:4], _LEAST)


def _spread(classes: Classes, shift: Array) -> Array:
    """Shifts at all cuts, K, from those at the bounds: straight between them, level beyond."""
    bounds = classes.dynamics.bounds
    known = np.isfinite(bounds)
    return np.asarray(np.interp(classes.dynamics.cuts, bounds[known], shift[known]))
