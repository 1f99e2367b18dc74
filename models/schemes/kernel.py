"""The inner loop: lives of families in many draws at once, added up; sums are whole numbers.

Sums are in thousandths of a family or a person, in whole numbers: they are the same in any order, on any number of
threads, and cut into any parts.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numba
import numpy as np

from features.types import Array
from models.compiled import compiled, spread
from models.dynamics import STATES, Law
from models.schemes.lives import Chains, Help, Lives, Now, Room, Times, chain, life, tables

EVENTS = ("falls", "exits", "relapses", "below_line")
"""Of each draw and year, in families: first falls of those not poor at the start, exits, falls of those who had been
poor since the start, and families that are below the line, the extreme poor too."""
LASTING = (1, 2, 3)
"""Years after support ends, counted from the first of them, for which a family has to stay above the line."""
PAIRS = ("averted", "caused", "relapses_averted", "relapses_caused", "poor_years", "caught", "returned",
         *(f"{kind}_{who}_{years}" for kind in ("exits", "held") for who in ("with", "without") for years in LASTING),
         )  # fmt: skip
"""Of each draw, in families (see `models.schemes.outcomes`): what the same lives are with and without a scheme."""
_AVERTED, _CAUSED, _AGAIN_AVERTED, _AGAIN_CAUSED, _POOR_YEARS, _CAUGHT, _RETURNED = range(7)
_EXITS, _HELD, _KINDS = PAIRS.index("exits_with_1"), PAIRS.index("held_with_1"), len(LASTING)
_FALLS, _OUT, _RELAPSES, _POOR = range(len(EVENTS))
_STATES = STATES


class Sums(NamedTuple):
    """What is added up, T threads apart, in thousandths.

    Attributes
    ----------
    rungs : T x places x Y + 1 x 5 x draws, people; where there is help those with less those without.
    events : T x draws x Y + 1 x `EVENTS`, families, and poor : n x Y + 1, draws in which a family is poor: both without
        help. pairs : T x draws x `PAIRS`. falls : T x draws x 2 x Y + 1, families that fell by each year without and
        not with help, and the other way. groups : T x draws x groups x 2, falls averted less caused, and years in
        poverty less: all three with help.
    """

    rungs: Array
    events: Array
    poor: Array
    pairs: Array
    falls: Array
    groups: Array

    @classmethod
    def nothing(cls, threads: int, places: int, draws: int, years: int, groups: int, families: int) -> Self:
        """Zeros for so many years after the start."""

        def zeros(*shape: int) -> Array:
            return np.zeros((threads, *shape), np.int64)

        return cls(zeros(places, years + 1, 5, draws), zeros(draws, years + 1, len(EVENTS)),
                   np.zeros((families, years + 1), np.uint16), zeros(draws, len(PAIRS)), zeros(draws, 2, years + 1),
                   zeros(draws, groups, 2))  # fmt: skip

    def of(self, name: str) -> Array:
        """One of them over all threads: `rungs` as places x draws x Y + 1 x 5."""
        total: Array = getattr(self, name).sum(axis=0)
        return np.ascontiguousarray(np.moveaxis(total, -1, 1)) if name == "rungs" else total


@spread
def chained(lives: Lives, law: Law, stream: np.uint64, draws: int, threads: int, chains: Chains) -> None:
    """Fill the chains of all families."""
    size, variants = len(lives.key), min(len(law.level), draws)
    grade = np.zeros(len(law.cuts) + 1, np.int64)
    for begin in law.begin_at:
        grade[begin + 1 :] += 1
    for thread in numba.prange(threads):
        level = np.empty((variants, law.level.shape[1], _STATES, len(law.cuts)))
        now = Now(np.empty(draws), np.empty(draws, np.int64), np.empty(draws, np.int64), np.empty(draws, np.int64),
                  np.arange(draws) % variants)  # fmt: skip
        for at in range(size * thread // threads, size * (thread + 1) // threads):
            for variant in range(variants):
                tables(law, variant, lives, at, level[variant])
            chain(lives, law.cuts, grade, stream, at, level, now, chains)


@spread
def live(lives: Lives, chains: Chains, bounds: Array, times: Times, help: Help, rows: Array, sums: Sums) -> None:
    """Add up the lives of some rows: without help where `help` has none, else what help changes in them, row by row.

    bounds : see `models.schemes.lives.life`.
    """
    threads, size, helping = sums.rungs.shape[0], len(rows), len(help.entry) > 0
    years, draws = chains.rung.shape[1:]
    for thread in numba.prange(threads):
        room = Room(np.empty((len(times.size), draws)), np.empty(draws), np.empty(draws), np.empty(draws, np.bool_),
                    np.empty((years, draws), np.uint8), np.empty((years, draws), np.uint8))  # fmt: skip
        below, aided = np.empty(draws, np.int64), np.empty(draws, np.int64)
        for number in range(size * thread // threads, size * (thread + 1) // threads):
            at, own = rows[number], number if helping else -1
            life(lives, chains, bounds, times, help, at, own, room)
            _years(room.plain, below)
            if helping:
                _years(room.helped, aided)
                _changed(lives, help, at, own, room, below, aided, thread, sums)
            else:
                _counted(lives, at, room.plain, below, thread, sums)


@compiled
def _years(rungs: Array, below: Array) -> None:
    """Years below the line of each draw, as a set of bits: a bit a year, the first the lowest."""
    below[:] = 0
    for year in range(len(rungs)):
        own = rungs[year]
        for draw in range(len(below)):
            below[draw] |= np.int64(own[draw] < 2) << year


@compiled
def _counted(lives: Lives, at: int, plain: Array, below: Array, thread: int, sums: Sums) -> None:
    """Add lives without help."""
    families = lives.families[at]
    _stood(plain, lives.people[at], sums.rungs[thread, lives.place[at]], sums.poor[at])
    for draw in range(len(below)):
        if below[draw]:
            _moves(below[draw], len(plain), families, sums.events[thread, draw])


@compiled
def _stood(plain: Array, people: int, rungs: Array, poor: Array) -> None:
    """Add people by year and rung, and draws below the line; arrays and no records, as in `models.schemes.lives`."""
    for year in range(plain.shape[0]):
        count = 0
        for rung in range(5):
            for draw in range(plain.shape[1]):
                rungs[year, rung, draw] += people * np.int64(plain[year, draw] == rung)
        for draw in range(plain.shape[1]):
            count += plain[year, draw] < 2
        poor[year] += count


@compiled
def _moves(below: int, last: int, families: int, events: Array) -> None:
    """Add falls, exits, relapses and years below the line of a life that has some."""
    been = below & 1 == 1
    for year in range(last):
        now, before = (below >> year) & 1, (below >> max(year - 1, 0)) & 1
        if now:
            events[year, _POOR] += families
        if now > before:
            events[year, _RELAPSES if been else _FALLS] += families
            been = True
        elif now < before:
            events[year, _OUT] += families


@compiled
def _changed(lives: Lives, help: Help, at: int, own: int, room: Room, below: Array, aided: Array, thread: int,
             sums: Sums) -> None:  # fmt: skip
    """Add what row `own` of help changes in lives."""
    families, last = lives.families[at], len(room.plain)
    _shifted(room.plain, room.helped, lives.people[at], sums.rungs[thread, lives.place[at]])
    for draw in range(len(below)):
        pairs = sums.pairs[thread, draw]
        _lasting(below[draw], aided[draw], last, help.entry[own], help.end[own], families, pairs)
        if below[draw] != aided[draw]:
            years = _bits(below[draw] & ~aided[draw]) - _bits(aided[draw] & ~below[draw])
            pairs[_POOR_YEARS] += families * years
            fall = _fallen(below[draw], aided[draw], last, families, pairs, sums.falls[thread, draw])
            groups = sums.groups[thread, draw]
            for kind in range(help.groups.shape[1]):
                group = help.groups[own, kind]
                if group >= 0:
                    groups[group, 0] += fall * families
                    groups[group, 1] += years * families


@compiled
def _shifted(plain: Array, helped: Array, people: int, rungs: Array) -> None:
    """Add people by year and rung with help less those without."""
    for year in range(1, plain.shape[0]):
        for rung in range(5):
            for draw in range(plain.shape[1]):
                rungs[year, rung, draw] += people * (
                    np.int64(helped[year, draw] == rung) - np.int64(plain[year, draw] == rung))  # fmt: skip


@compiled
def _bits(years: int) -> int:
    """How many years a set of years has."""
    count = 0
    while years:
        years &= years - 1
        count += 1
    return count


@compiled
def _first(years: int, after: int, last: int) -> int:
    """First year from `after` in a set of years; `last` where there is none."""
    years >>= after
    if years == 0:
        return last
    while not years & 1:
        years >>= 1
        after += 1
    return after


@compiled
def _relapse(below: int, last: int) -> int:
    """First year of being poor again of one who was poor at the start; `last` where there is none."""
    year = 0
    while below & 1:
        below >>= 1
        year += 1
    return _first(below, 0, last - year) + year


@compiled
def _stays(below: int, begin: int, end: int) -> bool:
    """Whether one is never poor from one year to another, both with."""
    return (below >> begin) & ((1 << (end - begin + 1)) - 1) == 0


@compiled
def _fallen(below: int, aided: int, last: int, families: int, pairs: Array, falls: Array) -> int:
    """Add falls and relapses without help and with it, of years below the line; 1 for a fall that was averted, -1 for
    one that was caused."""
    if below & 1:
        one, two = _relapse(below, last), _relapse(aided, last)
        if one < last and two == last:
            pairs[_AGAIN_AVERTED] += families
        elif two < last and one == last:
            pairs[_AGAIN_CAUSED] += families
        return 0
    one, two = _first(below, 1, last), _first(aided, 1, last)
    for year in range(one, two):
        falls[0, year] += families
    for year in range(two, one):
        falls[1, year] += families
    if one < last and two == last:
        pairs[_AVERTED] += families
        return 1
    if two < last and one == last:
        pairs[_CAUSED] += families
        return -1
    return 0


@compiled
def _lasting(below: int, aided: int, last: int, entry: int, end: int, families: int, pairs: Array) -> None:
    """Add what is left of support from `entry` to `end` in the years after it, with it and without.

    Only years after `end` are looked at: a life that is the same in all of them with and without support adds as much
    to both, so that with less without is nothing, whatever support did while it lasted.
    """
    poor = (below >> (entry - 1)) & 1 == 1
    fell = end + _KINDS < last and not poor and not _stays(below, entry, end)
    if fell and _stays(aided, entry, end):
        pairs[_CAUGHT] += families
        if not _stays(aided, end + 1, end + _KINDS):
            pairs[_RETURNED] += families
    kind = _EXITS if poor else _HELD
    for number in range(_KINDS):
        until = end + number + 1
        if until < last:
            if _stays(aided, end + 1, until):
                pairs[kind + number] += families
            if _stays(below, end + 1, until):
                pairs[kind + _KINDS + number] += families
