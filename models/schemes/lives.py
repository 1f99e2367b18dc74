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
    """Where the draws of a family are, side by side: number of the year's draw, or its log-odds, how many cuts these
    are above, years above the line, state, and the variant of the law that each draw has; each of draws."""

    u: Array
    above: Array
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
def tables(law: Law, variant: int, lives: Lives, at: int, level: Array) -> None:
    """Log-odds of being below each cut a year later, those of a higher one never lower (`level`, ages x STATES x K), in
    the first year and after it, by state; in the first year of those states only in which the family may start."""
    eta, spell, home = lives.eta[at], lives.spell[at], lives.home[at]
    for age in range(len(level)):
        index, above = eta[min(age, 1)], eta[2 - min(age, 1)]
        _table(law.level, law.slope, law.home, law.fresh, variant, age, home, law.offset[variant, age, lives.place[at]],
               index, above, spell, level)  # fmt: skip


@compiled
def _table(odds: Array, slope: Array, homes: Array, fresh: Array, variant: int, age: int, home: int, error: float,
           index: float, above: float, spell: int, level: Array) -> None:  # fmt: skip
    """The same of one year. odds : the law's `level`."""
    for state in range(_STATES):
        rung = RUNG_OF[state]
        if age == 0 and state > 1 and state != _state(int(rung) + 1, spell):
            continue
        most = -1e9
        for k in range(len(fresh)):
            own = index if fresh[k] == 1.0 else above + fresh[k] * (index - above)
            base = odds[variant, age, k, state] + homes[home, age, k]
            most = max(most, base + slope[variant, age, k, rung] * own + error)
            level[age, state, k] = most


@compiled
def _rung(value: float, one: float, two: float, three: float, four: float) -> np.uint8:
    """Rung of a value by where those above the lowest begin: a welfare ratio, or a draw among chances. Numbers, not an
    array: they stay in registers, and many values are done at a time."""
    return np.uint8(value >= one) + np.uint8(value >= two) + np.uint8(value >= three) + np.uint8(value >= four)


@compiled
def chain(lives: Lives, cuts: Array, grade: Array, stream: np.uint64, at: int, level: Array, now: Now,
          chains: Chains) -> None:  # fmt: skip
    """Rungs of one family in all draws by year, and its welfare where that is asked for.

    grade : of who is above so many of the cuts, K + 1. level : as `tables` fills it, of each
    variant of the law. Draws stand side by side: what one becomes does not wait for another, so that the processor has
    several in hand.
    """
    first = root(lives.key[at], stream)
    rungs, u, above, spell, state, variant = chains.rung[at], now.u, now.above, now.spell, now.state, now.variant
    _uniforms(first, LIFE, u)
    _started(lives.start[at], lives.spell[at], u, spell, state, rungs[0])
    for year in range(1, len(rungs)):
        age = min(year - 1, level.shape[1] - 1)
        _uniforms(first, LIFE + year, u)
        _placed(level, age, u, variant, state, above)
        if chains.needed[at]:
            _ratios(cuts, level, age, u, variant, state, above, chains.ratio[at, year])
        _stepped(grade, above, rungs[year - 1], spell, state, rungs[year])


# What runs over the draws takes arrays and numbers, never records of them: reading a record's array in a function of
# its own takes so much that a loop of a hundred draws is several times slower.


@compiled
def _uniforms(first: np.uint64, place: int, u: Array) -> None:
    for draw in range(len(u)):
        u[draw] = uniform(first, draw, place)


@compiled
def _started(start: Array, before: int, u: Array, spell: Array, state: Array, rungs: Array) -> None:
    """Rung, years above the line and state of the start."""
    one, two, three, four = start[0], start[1], start[2], start[3]
    for draw in range(len(u)):
        rung = _rung(u[draw], one, two, three, four)
        spell[draw], rungs[draw] = before, rung
        state[draw] = rung if rung < 2 else _state(int(rung) + 1, before)


@compiled
def _placed(level: Array, age: int, u: Array, variant: Array, state: Array, above: Array) -> None:
    """Log-odds in place of chances, and how many cuts they are above."""
    for draw in range(len(u)):
        u[draw] = np.log(max(u[draw], 1e-300) / (1.0 - u[draw]))
    for draw in range(len(u)):
        own, at, odds, count = variant[draw], state[draw], u[draw], 0
        for k in range(level.shape[3]):
            count += odds >= level[own, age, at, k]
        above[draw] = count


@compiled
def _ratios(cuts: Array, level: Array, age: int, odds: Array, variant: Array, state: Array, above: Array,
            ratio: Array) -> None:  # fmt: skip
    """Welfare ratios that log-odds stand for: these are straight between cuts and go on straight beyond them."""
    last = len(cuts) - 1
    for draw in range(len(odds)):
        own, at, k = variant[draw], state[draw], above[draw]
        after = min(max(k, 1), last)
        before = after - 1
        low = level[own, age, at, before]
        slope = (level[own, age, at, after] - low) / (cuts[after] - cuts[before])
        if k == 0 or k > last:
            slope = max(slope, 1.0)
        end = last if k > last else before
        ratio[draw] = cuts[end] + (odds[draw] - level[own, age, at, end]) / slope
    for draw in range(len(odds)):
        ratio[draw] = np.exp(ratio[draw])


@compiled
def _stepped(grades: Array, above: Array, before: Array, spell: Array, state: Array, after: Array) -> None:
    """Rungs of a year, and what they are followed by."""
    for draw in range(len(above)):
        grade = grades[above[draw]]
        held = 1 if before[draw] < 2 else min(spell[draw] + 1, _SPELLS)
        spell[draw], after[draw] = 0 if grade < 3 else held, grade - (grade > 1)
        state[draw] = _state(grade, held)


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
    rungs, ratios, left, kept = chains.rung[at], chains.ratio[at], room.left, room.kept
    first, until = root(lives.key[at], times.stream), times.ratio
    _begun(rungs[0], help, own, first, room)
    shaken = False
    for year in range(1, len(rungs)):
        left[:] = 1.0
        kept[:] = 1.0
        for shock in range(len(times.size)):
            loss, place = room.loss[shock], SHOCK + shock * YEARS + year
            shaken |= _hit(lives.hazard[at, shock], times.active[shock, year], times.fade[shock], times.size[shock],
                           first, place, loss)  # fmt: skip
            if shaken:
                _lost(loss, 0.0, left)
                if own >= 0:
                    _lost(loss, help.shield[own, year, shock], kept)
        plain, growth, low = room.plain[year], times.growth[year], times.below[year]
        if shaken or growth != 1.0 or low != 1.0:
            _moved(ratios[year], rungs[year], bounds, growth, low, until, left, plain)
        else:
            plain[:] = rungs[year]
        if own >= 0:
            gain, lines = help.gain[own, year], help.lines[own, year]
            if shaken or gain != 1.0 or lines != 0.0:
                _helped(ratios[year], bounds, growth, low, until, gain, lines, left, kept, room.works, plain,
                        room.helped[year])  # fmt: skip
            else:
                room.helped[year] = plain


@compiled
def _grown(ratio: float, growth: float, low: float, until: float) -> float:
    """How many times the first year's consumption a year has at a welfare ratio (`Times`). Numbers, not the record, as
    in `_rung`."""
    return growth * (low if ratio < until else 1.0)


@compiled
def _moved(ratios: Array, rungs: Array, bounds: Array, growth: float, low: float, until: float, left: Array,
           plain: Array) -> None:  # fmt: skip
    """Rungs of a year without help: those of the chain where nothing moves them."""
    one, two, three, four = bounds
    for draw in range(len(ratios)):
        ratio, stay = ratios[draw], rungs[draw]
        grown = _grown(ratio, growth, low, until)
        value = ratio * grown * left[draw]
        rung = _rung(value, one, two, three, four)
        plain[draw] = rung if left[draw] * grown != 1.0 else stay


@compiled
def _helped(ratios: Array, bounds: Array, growth: float, low: float, until: float, gain: float, lines: float,
            left: Array, kept: Array, works: Array, plain: Array, helped: Array) -> None:  # fmt: skip
    """Rungs of a year with help: those without it where it changes nothing."""
    one, two, three, four = bounds
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
def _hit(chance: float, active: bool, fade: float, size: float, first: np.uint64, place: int, loss: Array) -> bool:
    """Let a shock's losses fade and new ones come; whether any may have come."""
    if chance <= 0.0:
        return False
    if not active:
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
def _lost(loss: Array, shield: float, left: Array) -> None:
    """Take losses from what is left of consumption, but for the share that is kept off."""
    for draw in range(len(loss)):
        left[draw] *= 1.0 - loss[draw] * (1.0 - shield)
