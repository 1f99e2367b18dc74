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
from models.dynamics import RUNG_OF, SPELLS, STATES, Law
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


class Room(NamedTuple):
    """Room of one thread for the draws of a family, side by side: share of consumption that each shock takes
    (S x draws), what is left of it without help and with it, draws in which help works, and rungs without help and with
    it (`plain`, `helped`: Y + 1 x draws)."""

    loss: Array
    left: Array
    kept: Array
    works: Array
    plain: Array
    helped: Array


class Now(NamedTuple):
    """Where the draws of a family are, side by side: number of the year's draw, years above the line, state, and the
    variant of the law that each draw has; each of draws."""

    u: Array
    spell: Array
    state: Array
    variant: Array


class Chains(NamedTuple):
    """What no shock and no scheme moves, lived once and seen at every end of the ranges: rung (n x Y + 1 x draws) and
    the welfare ratio that the year's draw stands for, of those families of whom it is asked (`needed`, n)."""

    rung: Array
    ratio: Array
    needed: Array


@compiled
def tables(law: Law, variant: int, lives: Lives, at: int, level: Array, under: Array) -> None:
    """Log-odds of being below each cut a year later, those of a higher one never lower (`level`, ages x STATES x K),
    and the chance of being below where each grade begins (`under`, ages x STATES x 5), in the first year and after it,
    by state; in the first year of those states only in which the family may start."""
    eta, place, home = lives.eta[at], lives.place[at], lives.home[at]
    for age in range(len(under)):
        error = law.offset[variant, age, place]
        index, above = eta[min(age, 1)], eta[2 - min(age, 1)]
        for state in range(_STATES):
            rung = RUNG_OF[state]
            if age == 0 and state > 1 and state != _state(int(rung) + 1, lives.spell[at]):
                continue
            most = -1e9
            grade = 0
            while law.begin_at[grade] < 0:
                under[age, state, grade] = 0.0
                grade += 1
            for k in range(len(law.cuts)):
                own = index if law.fresh[k] == 1.0 else above + law.fresh[k] * (index - above)
                base = law.level[variant, age, k, state] + law.home[home, age, k]
                most = max(most, base + law.slope[variant, age, k, rung] * own + error)
                level[age, state, k] = most
                while grade < 5 and law.begin_at[grade] == k:
                    under[age, state, grade] = 1.0 / (1.0 + np.exp(-most))
                    grade += 1


@compiled
def _welfare(cuts: Array, level: Array, u: float) -> float:
    """Log welfare ratio that a draw stands for: log-odds are straight between cuts and go on straight beyond them."""
    wanted = np.log(max(u, 1e-300) / (1.0 - u))
    last, k = len(cuts) - 1, 0
    for at in range(len(cuts)):
        k += wanted >= level[at]
    after = min(max(k, 1), last)
    before = after - 1
    slope = (level[after] - level[before]) / (cuts[after] - cuts[before])
    if k == 0 or k > last:
        slope = max(slope, 1.0)
    at = last if k > last else before
    return float(cuts[at] + (wanted - level[at]) / slope)


@compiled
def _rung(value: float, one: float, two: float, three: float, four: float) -> np.uint8:
    """Rung of a value by where those above the lowest begin: a welfare ratio, or a draw among chances. Numbers, not an
    array: they stay in registers, and many values are done at a time."""
    return np.uint8(value >= one) + np.uint8(value >= two) + np.uint8(value >= three) + np.uint8(value >= four)


@compiled
def chain(lives: Lives, cuts: Array, stream: np.uint64, at: int, level: Array, under: Array, now: Now,
          chains: Chains) -> None:  # fmt: skip
    """Rungs of one family in all draws by year, and its welfare where that is asked for.

    level, under : as `tables` fills them, of each variant of the law. Draws stand side by side: what one becomes does
    not wait for another, so that the processor has several in hand.
    """
    first = root(lives.key[at], stream)
    rungs, start, draws = chains.rung[at], lives.start[at], len(now.u)
    for draw in range(draws):
        rung = _rung(uniform(first, draw, LIFE), start[0], start[1], start[2], start[3])
        now.spell[draw], rungs[0, draw] = lives.spell[at], rung
        now.state[draw] = rung if rung < 2 else _state(int(rung) + 1, lives.spell[at])
    for year in range(1, len(rungs)):
        age = min(year - 1, under.shape[1] - 1)
        for draw in range(draws):
            now.u[draw] = uniform(first, draw, LIFE + year)
        if chains.needed[at]:
            ratio = chains.ratio[at, year]
            for draw in range(draws):
                own = level[now.variant[draw], age, now.state[draw]]
                ratio[draw] = np.exp(_welfare(cuts, own, now.u[draw]))
        before, after = rungs[year - 1], rungs[year]
        for draw in range(draws):
            own = under[now.variant[draw], age, now.state[draw]]
            u = now.u[draw]
            grade = int(u >= own[0]) + int(_rung(u, own[1], own[2], own[3], own[4]))
            spell = 1 if before[draw] < 2 else min(now.spell[draw] + 1, _SPELLS)
            now.spell[draw], after[draw] = 0 if grade < 3 else spell, grade - (grade > 1)
            now.state[draw] = _state(grade, spell)


@compiled
def _state(grade: int, spell: int) -> int:
    """State of a grade and the years above the line."""
    return grade if grade < 3 else 3 + (grade - 3) * _SPELLS + min(spell, _SPELLS) - 1


@compiled
def life(lives: Lives, chains: Chains, bounds: Array, times: Times, help: Help, at: int, own: int, room: Room) -> None:
    """Rungs of one family by year in all draws, without help (`room.plain`) and with that of row `own` of `help`
    (none: -1).

    bounds : welfare ratios at which each rung above the lowest begins, 4; 0 where nobody stands below. All moves are
    products of ratios, and draws stand side by side: this is the innermost loop, and a logarithm or a branch in it
    costs more than all the rest.
    """
    rungs, ratios = chains.rung[at], chains.ratio[at]
    first = root(lives.key[at], times.stream)
    _begun(rungs[0], help, own, first, room)
    shaken = False
    for year in range(1, len(rungs)):
        room.left[:] = 1.0
        room.kept[:] = 1.0
        for shock in range(len(times.size)):
            shaken |= _hit(lives.hazard[at, shock], times, shock, year, first, room.loss[shock])
            if shaken:
                _lost(room.loss[shock], help.shield[own, year, shock] if own >= 0 else 0.0, own >= 0, room)
        plain, moving = room.plain[year], times.growth[year] != 1.0 or times.below[year] != 1.0
        if shaken or moving:
            _moved(ratios[year], rungs[year], bounds, times, year, room.left, plain)
        else:
            plain[:] = rungs[year]
        if own >= 0:
            gain, lines = help.gain[own, year], help.lines[own, year]
            if shaken or gain != 1.0 or lines != 0.0:
                _helped(ratios[year], bounds, times, year, gain, lines, room)
            else:
                room.helped[year] = plain


@compiled
def _grown(ratio: float, growth: float, low: float, until: float) -> float:
    """How many times the first year's consumption a year has at a welfare ratio (`Times`). Numbers, not the record, as
    in `_rung`."""
    return growth * (low if ratio < until else 1.0)


@compiled
def _moved(ratios: Array, rungs: Array, bounds: Array, times: Times, year: int, left: Array, plain: Array) -> None:
    """Rungs of a year without help: those of the chain where nothing moves them."""
    growth, low, until = times.growth[year], times.below[year], times.ratio
    one, two, three, four = bounds
    for draw in range(len(ratios)):
        ratio, stay = ratios[draw], rungs[draw]
        grown = _grown(ratio, growth, low, until)
        value = ratio * grown * left[draw]
        rung = _rung(value, one, two, three, four)
        plain[draw] = rung if left[draw] * grown != 1.0 else stay


@compiled
def _helped(ratios: Array, bounds: Array, times: Times, year: int, gain: float, lines: float, room: Room) -> None:
    """Rungs of a year with help: those without it where it changes nothing."""
    growth, low, until = times.growth[year], times.below[year], times.ratio
    one, two, three, four = bounds
    left, kept, works, plain, helped = room.left, room.kept, room.works, room.plain[year], room.helped[year]
    aided = gain != 1.0 or lines != 0.0
    for draw in range(len(ratios)):
        ratio, stay = ratios[draw], plain[draw]
        value = ratio * _grown(ratio, growth, low, until) * kept[draw] * gain + lines
        rung = _rung(value, one, two, three, four)
        changed = works[draw] & (aided | (kept[draw] != left[draw]))
        helped[draw] = rung if changed else stay


@compiled
def _begun(rungs: Array, help: Help, own: int, first: np.uint64, room: Room) -> None:
    """The family's rungs at the start, no loss yet, and the draws in which help works."""
    room.loss[:] = 0.0
    room.plain[0] = rungs
    room.helped[0] = rungs
    if own >= 0:
        reach = help.reach[own]
        for draw in range(len(room.works)):
            room.works[draw] = reach >= 1.0 or uniform(first, draw, REACH) < reach


@compiled
def _hit(chance: float, times: Times, shock: int, year: int, first: np.uint64, loss: Array) -> bool:
    """Let a shock's losses fade and new ones come; whether any may have come."""
    fade, size, place = times.fade[shock], times.size[shock], SHOCK + shock * YEARS + year
    if chance <= 0.0:
        return False
    if not times.active[shock, year]:
        for draw in range(len(loss)):
            loss[draw] *= fade
        return False
    if chance >= 1.0:
        for draw in range(len(loss)):
            left = loss[draw] * fade
            loss[draw] = left + size * (1.0 - left)
    else:
        for draw in range(len(loss)):
            left = loss[draw] * fade
            loss[draw] = left + (size * (1.0 - left) if uniform(first, draw, place) < chance else 0.0)
    return True


@compiled
def _lost(loss: Array, shield: float, helping: bool, room: Room) -> None:
    """Take what a shock leaves of losses from what is left of consumption, without help and with it."""
    for draw in range(len(loss)):
        room.left[draw] *= 1.0 - loss[draw]
    if helping:
        for draw in range(len(loss)):
            room.kept[draw] *= 1.0 - loss[draw] * (1.0 - shield)
