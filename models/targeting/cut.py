"""Who is in at a cut, and by which rule: the ranking of one cell, hysteresis, and the random sample.

Positions count the households of a cell who can be ranked, without those of its fast lane, from the highest value down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.types import Array
from models.targeting.rule_checks import MILLION


@dataclass(frozen=True, slots=True)
class Chosen:
    """Positions that have a place by their value, or by the rule of hysteresis; none is in both.

    Attributes
    ----------
    ranked : all above every position that is in neither. kept : of the last list, below a newcomer who is out.
    displaced : newcomers whose places were kept.
    """

    ranked: Array
    kept: Array
    displaced: Array


def choose(value: Array, before: Array, places: int, hysteresis: float) -> Chosen:
    """The `places` highest, but for newcomers whose place one of the last list keeps.

    One of the last list who falls below the cut keeps the place of a newcomer above it, if its value is at most the
    share `hysteresis` below the newcomer's: the highest of them keep the places of the lowest newcomers.

    Parameters
    ----------
    value : m, falling. before : m bools, on the last list. places : 0 or more.
    """
    places = min(places, len(value))
    none = np.empty(0, np.int64)
    if not hysteresis or places in (0, len(value)):
        return Chosen(np.arange(places), none, none)
    fresh = np.flatnonzero(~before[:places])[::-1]
    end = int(np.searchsorted(-value, -(1 - hysteresis) * value[places - 1], side="right"))
    stay = places + np.flatnonzero(before[places:end])
    most = min(len(fresh), len(stay))
    # Values to keep fall and values to beat rise, so this holds for the first few and then no more.
    number = int((value[stay[:most]] >= (1 - hysteresis) * value[fresh[:most]]).sum())
    if not number:
        return Chosen(np.arange(places), none, none)
    first = fresh[number - 1]
    kept = np.append(first + np.flatnonzero(before[first:places]), stay[:number])
    return Chosen(np.arange(first), kept, fresh[:number][::-1])


@dataclass(frozen=True, slots=True)
class Lots:
    """How many places of a cell are drawn by lot: a share of them, rounded up or down by a lot of the cell.

    Attributes
    ----------
    places : outside the fast lane. low : whole part of the share. odds : chance of one more. drawn : what it came to.
    """

    places: int
    low: int
    odds: float
    drawn: int

    @classmethod
    def of(cls, places: int, share: float, lot: int) -> Lots:
        """lot : 64 bits of the cell, the same for any number of places, so that more places are never fewer ranked."""
        whole, rest = divmod(round(share * MILLION) * places, MILLION)
        return cls(places, whole, rest / MILLION, whole + (lot * MILLION >> 64 >= MILLION - rest))


def listed(chosen: Chosen, size: int) -> Array:
    """Whether each position has a place by value or hysteresis, `size` bools."""
    found = np.zeros(size, bool)
    found[chosen.ranked] = found[chosen.kept] = True
    return found


def picked(pool: Array, lots: Array, number: int, code: Array) -> Array:
    """Positions of the pool with the smallest lots; equal lots, which hardly happen, by code.

    Parameters
    ----------
    pool : positions. lots, code : one for each position of the cell.
    """
    number = min(number, len(pool))
    if number == len(pool):
        return pool
    if not number:
        return pool[:0]
    own = lots[pool]
    few = pool[own <= np.partition(own, number - 1)[number - 1]]
    return np.sort(few[np.lexsort((code[few], lots[few]))][:number])


def probabilities(value: Array, before: Array, hysteresis: float, lots: Lots, wanted: Array) -> Array:
    """Chance of each wanted position to be on the list, over the lot of the cell and the lots of the pool.

    The two numbers that the share can be rounded to leave two rankings, one place apart. In each a position is in for
    certain, or by as many lots as there are out of the pool.
    """
    found = np.zeros(len(wanted))
    for number, odds in ((lots.low, 1 - lots.odds), (lots.low + 1, lots.odds)):
        if not odds:
            continue
        own = listed(choose(value, before, lots.places - number, hysteresis), len(value))
        out = len(value) - int(own.sum())
        found += odds * np.where(own[wanted], 1.0, min(1.0, number / out) if out else 0.0)
    return found
