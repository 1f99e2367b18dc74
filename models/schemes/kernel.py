"""The inner loops: lives of families, year by year, in many draws at once; sums are whole numbers.

A life is a chain of rungs that no scheme and no shock moves. What is seen of it each year is the welfare that the
year's draw stands for, moved by shocks, schemes and growth; when those end nothing of them is left but what their
fading says. So an effect lasts as long as its evidence, never longer because the model has a memory.
Sums are in thousandths of a family or a person, in whole numbers: they are the same in any order, on any number of
threads, and cut into any parts.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from features.types import Array
from models.compiled import compiled, spread
from models.dynamics import AGES, SPELLS, STATES, Law
from models.schemes.draws import LIFE, SHOCK, YEARS, root, uniform

EVENTS = ("falls", "exits", "relapses", "poor")
"""Of each draw and year, in families: first falls of those not poor at the start, exits, falls of those who had been
poor since the start, and families that are poor."""
LASTING = (1, 2, 3)
"""Years after support ends for which a family has to stay above the line."""
PAIRS = ("averted", "caused", "relapses_averted", "relapses_caused", "poor_years", "caught", "returned",
         *(f"{kind}_{who}_{years}" for kind in ("exits", "held") for who in ("with", "without") for years in LASTING),
         )  # fmt: skip
"""Of each draw, in families (see `models.schemes.outcomes`): what the same lives are with and without a scheme."""
_AGES, _SPELLS, _STATES = AGES, SPELLS, STATES
_EXITS, _HELD, _KINDS = PAIRS.index("exits_with_1"), PAIRS.index("held_with_1"), len(LASTING)


class Lives(NamedTuple):
    """Families, n: key, chances of the rungs at the start cumulated (n x 5), spell, index (`eta`, n x 3: for the first
    year up to the line, after it, for the first year above the line), place (of the sums) and stratum (of the law's
    error), thousandths of people and of families, yearly chance to be hit by a shock (n x S)."""

    key: Array
    start: Array
    spell: Array
    eta: Array
    place: Array
    stratum: Array
    people: Array
    families: Array
    hazard: Array


class Times(NamedTuple):
    """What befalls all alike: growth so far by year (Y + 1, in logs), years in which a shock is about (S x Y + 1), how
    much it takes (S, in logs) and what is left of it a year later (S). `stream` is the start of the numbers."""

    growth: Array
    active: Array
    size: Array
    fade: Array
    stream: np.uint64


class Help(NamedTuple):
    """What schemes do to m families: gain in logs and in lines a head by year (m x Y + 1), share of each shock that is
    kept off (m x Y + 1 x S), first and last year of support (0: none of its own), groups (m x Q, -1: none)."""

    log_gain: Array
    line_gain: Array
    shield: Array
    entry: Array
    end: Array
    groups: Array


@compiled
def _tables(law: Law, variant: int, eta: Array, error: float, under: Array) -> None:
    """Chance of being below each bound a year later, in the first year and after it, by state (2 x STATES x 4)."""
    for age in range(_AGES):
        _table(law, variant, age, eta[age], eta[2 - age], error, under[age])


@compiled
def _table(law: Law, variant: int, age: int, index: float, above: float, error: float, under: Array) -> None:
    for state in range(_STATES):
        rung = state if state < 2 else 2 + (state - 2) // _SPELLS
        most = -1e9
        bound = 0
        if law.bound_at[0] < 0:
            under[state, 0] = 0.0
            bound = 1
        for k in range(len(law.cuts)):
            own = index if k <= law.bound_at[1] else above
            most = max(most, law.level[variant, age, k, state] + law.slope[variant, age, k, rung] * own + error)
            if bound < 4 and law.bound_at[bound] == k:
                under[state, bound] = 1.0 / (1.0 + np.exp(-most))
                bound += 1


@compiled
def _welfare(law: Law, variant: int, age: int, state: int, index: float, above: float, error: float, u: float) -> float:
    """Log welfare ratio that a draw stands for: log-odds are straight between cuts and go on straight beyond them."""
    rung = state if state < 2 else 2 + (state - 2) // _SPELLS
    wanted = np.log(max(u, 1e-300)) - np.log1p(-u)
    last = len(law.cuts) - 1
    before = law.level[variant, age, 0, state] + law.slope[variant, age, 0, rung] * index + error
    after = before
    for k in range(1, last + 1):
        own = index if k <= law.bound_at[1] else above
        after = max(before, law.level[variant, age, k, state] + law.slope[variant, age, k, rung] * own + error)
        if wanted < after or k == last:
            width = law.cuts[k] - law.cuts[k - 1]
            slope = max((after - before) / width, 1.0)
            if wanted >= after:
                return law.cuts[k] + (wanted - after) / slope
            if wanted < before:  # below the first cut
                return law.cuts[k - 1] + (wanted - before) / slope
            return law.cuts[k - 1] + (wanted - before) / (after - before) * width
        before = after
    return law.cuts[last]


@compiled
def _seen(law: Law, welfare: float, gain: float, lines: float) -> int:
    """Rung of a log welfare ratio after a gain in logs and one in lines."""
    moved = welfare + gain
    if lines != 0.0:
        moved = np.log(max(np.exp(moved) + lines, 1e-12))
    rung = 0
    for bound in range(4):
        if moved >= law.bounds[bound]:
            rung += 1
    return rung


@compiled
def _life(lives: Lives, law: Law, times: Times, help: Help, at: int, own: int, draw: int, variant: int, error: float,
          under: Array, loss: Array, plain: Array, helped: Array) -> None:  # fmt: skip
    """Rungs of one life by year, without help (`plain`) and with that of row `own` of `help` (none: -1)."""
    first = root(lives.key[at], times.stream)
    u = uniform(first, draw, LIFE)
    rung = 0
    while rung < 4 and u >= lives.start[at, rung]:
        rung += 1
    spell = lives.spell[at]
    plain[0] = rung
    helped[0] = rung
    loss[:] = 0.0
    for year in range(1, len(plain)):
        age = min(year - 1, _AGES - 1)
        state = rung if rung < 2 else 2 + (rung - 2) * _SPELLS + min(spell, _SPELLS) - 1
        u = uniform(first, draw, LIFE + year)
        lost, kept = 0.0, 0.0
        for shock in range(len(loss)):
            loss[shock] *= times.fade[shock]
            chance = lives.hazard[at, shock]
            if (
                chance > 0.0
                and times.active[shock, year]
                and (chance >= 1.0 or uniform(first, draw, SHOCK + shock * YEARS + year) < chance)
            ):
                loss[shock] += times.size[shock]
            lost += loss[shock]
            if own >= 0:
                kept += loss[shock] * help.shield[own, year, shock]
        nxt = 0
        while nxt < 4 and u >= under[age, state, nxt]:
            nxt += 1
        without = times.growth[year] - lost
        gain, lines = 0.0, 0.0
        if own >= 0:
            gain, lines = help.log_gain[own, year] + kept, help.line_gain[own, year]
        plain[year] = nxt
        helped[year] = nxt
        if without != 0.0 or gain != 0.0 or lines != 0.0:
            welfare = _welfare(law, variant, age, state, lives.eta[at, age], lives.eta[at, 2 - age], error, u)
            if without != 0.0:
                plain[year] = _seen(law, welfare, without, 0.0)
            helped[year] = plain[year]
            if gain != 0.0 or lines != 0.0:
                helped[year] = _seen(law, welfare, without + gain, lines)
        spell = 0 if nxt < 2 else (1 if rung < 2 else min(spell + 1, _SPELLS))
        rung = nxt


@spread
def whole(lives: Lives, law: Law, times: Times, help: Help, draws: int, rungs: Array, events: Array, poor: Array,
          ) -> None:  # fmt: skip
    """Add up the lives without help.

    Parameters
    ----------
    help : without rows. rungs : T x places x draws x Y + 1 x 5, people. events : T x draws x Y + 1 x `EVENTS`,
        families. poor : n x Y + 1, number of draws in which a family is poor.
    """
    threads, size = rungs.shape[0], len(lives.key)
    for thread in numba.prange(threads):
        under = np.empty((_AGES, _STATES, 4))
        loss = np.empty(len(times.size))
        plain, helped = np.empty(len(times.growth), np.int64), np.empty(len(times.growth), np.int64)
        for at in range(size * thread // threads, size * (thread + 1) // threads):
            people, families, place = lives.people[at], lives.families[at], lives.place[at]
            for variant in range(len(law.level)):
                error = law.offset[variant, lives.stratum[at]]
                _tables(law, variant, lives.eta[at], error, under)
                for draw in range(variant, draws, len(law.level)):
                    _life(lives, law, times, help, at, -1, draw, variant, error, under, loss, plain, helped)
                    been, gone = plain[0] < 2, False
                    for year in range(len(plain)):
                        rungs[thread, place, draw, year, plain[year]] += people
                        if plain[year] < 2:
                            poor[at, year] += 1
                            events[thread, draw, year, 3] += families
                            if year > 0 and plain[year - 1] >= 2:
                                if been:
                                    events[thread, draw, year, 2] += families
                                elif not gone:
                                    events[thread, draw, year, 0] += families
                                    gone = True
                            been = True
                        elif year > 0 and plain[year - 1] < 2:
                            events[thread, draw, year, 1] += families


@compiled
def _first_poor(path: Array, after: int) -> int:
    """First year from `after` in which a path is poor; its length where it is not."""
    for year in range(after, len(path)):
        if path[year] < 2:
            return year
    return len(path)


@compiled
def _relapse(path: Array) -> int:
    """First year of being poor again of one who was poor at the start; the length of the path where there is none."""
    year = 0
    while year < len(path) and path[year] < 2:
        year += 1
    return _first_poor(path, year)


@compiled
def _stays(path: Array, begin: int, end: int) -> bool:
    """Whether a path is never poor from one year to another, both with."""
    return _first_poor(path[: end + 1], begin) > end


@compiled
def _compare(plain: Array, helped: Array, entry: int, end: int, families: int, pairs: Array, falls: Array,
             ) -> int:  # fmt: skip
    """Add what one life is with and without help to `pairs` (of a draw) and `falls` (2 x Y + 1); returns the fall that
    was averted (1) or caused (-1)."""
    last = len(plain)
    found = 0
    if plain[0] >= 2:
        one, two = _first_poor(plain, 1), _first_poor(helped, 1)
        for year in range(one, last):
            if two > year:
                falls[0, year] += families
        for year in range(two, last):
            if one > year:
                falls[1, year] += families
        if one < last and two == last:
            pairs[0] += families
            found = 1
        elif two < last and one == last:
            pairs[1] += families
            found = -1
    else:
        one, two = _relapse(plain), _relapse(helped)
        if one < last and two == last:
            pairs[2] += families
        elif two < last and one == last:
            pairs[3] += families
    for year in range(1, last):
        pairs[4] += families * (int(plain[year] < 2) - int(helped[year] < 2))
    if entry == 0:
        return found
    fell = plain[entry - 1] >= 2 and not _stays(plain, entry, end)
    if fell and _stays(helped, entry, end) and end + _KINDS < last:
        pairs[5] += families
        if not _stays(helped, end + 1, end + _KINDS):
            pairs[6] += families
    kind = _EXITS if plain[entry - 1] < 2 else _HELD
    for number in range(_KINDS):
        until = end + number + 1
        if until < last:
            if _stays(helped, end, until):
                pairs[kind + number] += families
            if _stays(plain, end, until):
                pairs[kind + _KINDS + number] += families
    return found


@spread
def beside(lives: Lives, law: Law, times: Times, help: Help, draws: int, rungs: Array, pairs: Array, falls: Array,
           groups: Array) -> None:  # fmt: skip
    """Add up what help changes in the lives of m families.

    Parameters
    ----------
    rungs : T x places x draws x Y + 1 x 5, people with help less people without.
    pairs : T x draws x `PAIRS`. falls : T x draws x 2 x Y + 1, families that fell by each year without and not with
        help, and the other way. groups : T x draws x groups x 2, falls averted less caused, and years in poverty less.
    """
    threads, size = rungs.shape[0], len(lives.key)
    for thread in numba.prange(threads):
        under = np.empty((_AGES, _STATES, 4))
        loss = np.empty(len(times.size))
        plain, helped = np.empty(len(times.growth), np.int64), np.empty(len(times.growth), np.int64)
        for at in range(size * thread // threads, size * (thread + 1) // threads):
            people, families, place = lives.people[at], lives.families[at], lives.place[at]
            for variant in range(len(law.level)):
                error = law.offset[variant, lives.stratum[at]]
                _tables(law, variant, lives.eta[at], error, under)
                for draw in range(variant, draws, len(law.level)):
                    _life(lives, law, times, help, at, at, draw, variant, error, under, loss, plain, helped)
                    years = 0
                    for year in range(1, len(plain)):
                        years += int(plain[year] < 2) - int(helped[year] < 2)
                        if plain[year] != helped[year]:
                            rungs[thread, place, draw, year, plain[year]] -= people
                            rungs[thread, place, draw, year, helped[year]] += people
                    found = _compare(plain, helped, help.entry[at], help.end[at], families, pairs[thread, draw],
                                     falls[thread, draw])  # fmt: skip
                    if found != 0 or years != 0:
                        for kind in range(help.groups.shape[1]):
                            group = help.groups[at, kind]
                            if group >= 0:
                                groups[thread, draw, group, 0] += found * families
                                groups[thread, draw, group, 1] += years * families
