"""One life: rungs year by year of one family in one draw, without help and with it.

A life is a chain of rungs that no scheme and no shock moves. What is seen of it each year is the welfare that the
year's draw stands for, moved by shocks, schemes and growth; when those end nothing of them is left but what their
fading says. So an effect lasts as long as its evidence, never longer because the model has a memory.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from features.types import Array
from models.compiled import compiled
from models.dynamics import SPELLS, STATES, Law
from models.schemes.draws import LIFE, REACH, SHOCK, YEARS, root, uniform

_SPELLS, _STATES = SPELLS, STATES


class Lives(NamedTuple):
    """Families, n: key, chances of the rungs at the start cumulated (n x 5), spell, index (`eta`, n x 3: for the first
    year up to the line, after it, for the first year above the line), place (of the sums and of the law's error), home
    (`Nation.stratum`, of the law's `home`),
    thousandths of people and of families, yearly chance to be hit by a shock (n x S)."""

    key: Array
    start: Array
    spell: Array
    eta: Array
    place: Array
    home: Array
    people: Array
    families: Array
    hazard: Array


class Times(NamedTuple):
    """What befalls all alike: how many times the first year's consumption a year has (`growth`, Y + 1), how many times
    that below a welfare ratio (`below`, Y + 1, and `ratio`), years in which a shock is about (S x Y + 1), the share of
    consumption it takes (S) and the share of that loss that is left a year later (S). `stream` is the start of the
    numbers."""

    growth: Array
    below: Array
    ratio: float
    active: Array
    size: Array
    fade: Array
    stream: np.uint64


class Help(NamedTuple):
    """What schemes do to m families: how many times their consumption they have (`gain`) and what is added to it in
    lines a head (`lines`) by year (m x Y + 1), share of each shock that is kept off (m x Y + 1 x S), share of draws in
    which that is so (m), first and last year of support (or of being pushed down), groups (m x Q, -1: none)."""

    gain: Array
    lines: Array
    shield: Array
    reach: Array
    entry: Array
    end: Array
    groups: Array


class Chains(NamedTuple):
    """What no shock and no scheme moves, lived once and seen at every end of the ranges: rung (n x draws x Y + 1) and
    the welfare ratio that the year's draw stands for, of those families of whom it is asked (`needed`, n)."""

    rung: Array
    ratio: Array
    needed: Array


@compiled
def tables(law: Law, variant: int, eta: Array, place: int, home: int, level: Array, under: Array) -> None:
    """Log-odds of being below each cut a year later, those of a higher one never lower (`level`, ages x STATES x K),
    and the chance of being below each bound (`under`, ages x STATES x 4), in the first year and after it, by state."""
    for age in range(len(under)):
        error = law.offset[variant, age, place]
        index, above = eta[min(age, 1)], eta[2 - min(age, 1)]
        for state in range(_STATES):
            rung = state if state < 2 else 2 + (state - 2) // _SPELLS
            most = -1e9
            bound = 0
            if law.bound_at[0] < 0:
                under[age, state, 0] = 0.0
                bound = 1
            for k in range(len(law.cuts)):
                own = index if law.fresh[k] == 1.0 else above + law.fresh[k] * (index - above)
                base = law.level[variant, age, k, state] + law.home[home, age, k]
                most = max(most, base + law.slope[variant, age, k, rung] * own + error)
                level[age, state, k] = most
                if bound < 4 and law.bound_at[bound] == k:
                    under[age, state, bound] = 1.0 / (1.0 + np.exp(-most))
                    bound += 1


@compiled
def _welfare(cuts: Array, level: Array, u: float) -> float:
    """Log welfare ratio that a draw stands for: log-odds are straight between cuts and go on straight beyond them."""
    wanted = np.log(max(u, 1e-300) / (1.0 - u))
    last, k = len(cuts) - 1, 0
    for at in range(len(cuts)):
        k += wanted >= level[at]
    after = min(max(k, 1), last)
    before = after - 1
    rise, width = level[after] - level[before], cuts[after] - cuts[before]
    if k > last:
        return float(cuts[last] + (wanted - level[last]) / max(rise / width, 1.0))
    if k == 0:
        return float(cuts[0] + (wanted - level[0]) / max(rise / width, 1.0))
    return float(cuts[before] + (wanted - level[before]) / rise * width)


@compiled
def _seen(bounds: Array, value: float) -> int:
    """Rung of a value by where those above the lowest begin, 4: a welfare ratio, or a draw among chances."""
    rung = 0
    for bound in range(4):
        rung += value >= bounds[bound]
    return rung


@compiled
def chain(lives: Lives, cuts: Array, stream: np.uint64, at: int, draw: int, level: Array, under: Array,
          chains: Chains) -> None:  # fmt: skip
    """Rungs of one family in one draw by year, and its welfare where that is asked for."""
    first = root(lives.key[at], stream)
    rungs, ratio, needed = chains.rung[at, draw], chains.ratio[at, draw], chains.needed[at]
    u = uniform(first, draw, LIFE)
    rung = 0
    while rung < 4 and u >= lives.start[at, rung]:
        rung += 1
    spell = lives.spell[at]
    rungs[0] = rung
    for year in range(1, len(rungs)):
        age = min(year - 1, len(under) - 1)
        state = rung if rung < 2 else 2 + (rung - 2) * _SPELLS + min(spell, _SPELLS) - 1
        u = uniform(first, draw, LIFE + year)
        nxt = _seen(under[age, state], u)
        if needed:
            ratio[year] = np.exp(_welfare(cuts, level[age, state], u))
        rungs[year] = nxt
        spell = 0 if nxt < 2 else (1 if rung < 2 else min(spell + 1, _SPELLS))
        rung = nxt


@compiled
def life(lives: Lives, chains: Chains, bounds: Array, times: Times, help: Help, at: int, own: int, draw: int,
         loss: Array, plain: Array, helped: Array) -> None:  # fmt: skip
    """Rungs of one life by year, without help (`plain`) and with that of row `own` of `help` (none: -1).

    bounds : welfare ratios at which each rung above the lowest begins, 4; 0 where nobody stands below. loss, plain,
    helped : room for a share a shock and a rung a year. All moves are products of ratios: this is the innermost loop,
    and a logarithm in it costs more than all the rest.
    """
    first = root(lives.key[at], times.stream)
    if own >= 0 and help.reach[own] < 1.0 and uniform(first, draw, REACH) >= help.reach[own]:
        own = -1  # the scheme does not work here
    rungs = chains.rung[at, draw]
    plain[0] = rungs[0]
    helped[0] = rungs[0]
    loss[:] = 0.0
    for year in range(1, len(plain)):
        left, kept = 1.0, 1.0
        for shock in range(len(loss)):
            loss[shock] *= times.fade[shock]
            chance = lives.hazard[at, shock]
            if (
                chance > 0.0
                and times.active[shock, year]
                and (chance >= 1.0 or uniform(first, draw, SHOCK + shock * YEARS + year) < chance)
            ):
                loss[shock] += times.size[shock] * (1.0 - loss[shock])
            if loss[shock] > 0.0:
                left *= 1.0 - loss[shock]
                if own >= 0:
                    kept *= 1.0 - loss[shock] * (1.0 - help.shield[own, year, shock])
        gain, lines = 1.0, 0.0
        if own >= 0:
            gain, lines = help.gain[own, year], help.lines[own, year]
        changed = own >= 0 and (kept != left or gain != 1.0 or lines != 0.0)
        plain[year] = rungs[year]
        helped[year] = rungs[year]
        if changed or left != 1.0 or times.growth[year] != 1.0 or times.below[year] != 1.0:
            ratio = chains.ratio[at, draw, year]
            grown = times.growth[year] * (times.below[year] if ratio < times.ratio else 1.0)
            if left * grown != 1.0:
                plain[year] = _seen(bounds, ratio * grown * left)
            helped[year] = plain[year]
            if changed:
                helped[year] = _seen(bounds, ratio * grown * kept * gain + lines)
