"""What a list is expected to get wrong, before anybody has fallen: from calibrated chances and their intervals.

The risk of a household is that of falling if it is not poor now, and it may be poor now with a chance q: it falls with
a chance p = risk (1 - q), is below the line already with q, and stays above with (1 - risk) (1 - q). Of the households
at risk in the list's areas let L be those on it and O the others, A and B the sums of their p, Q the sum of q over L.
Of 100 who will fall 100 A / (A + B) are expected on the list; the rest is the exclusion error. Of 100 on the list
100 A / |L| are expected to fall; the others are the inclusion error, of whom 100 Q / |L| are below the line already,
which a visit finds.

Two things are uncertain. Which of the three a household is is a lot, so each count is Poisson-binomial: to first order
a share with derivative d_i after chance i has variance sum of d_i^2 p_i (1 - p_i). And each risk may lie anywhere in
its 90 % interval; errors of similar households go together and nobody knows how, so they are all moved to the end that
hurts most: sum of |d_i| (1 - q_i) times the distance to that end, which no correlation exceeds. The half-widths of both
are added in squares. The interval therefore holds what happens in 90 of 100 cases or more, whatever the errors of the
risks have in common, where q is right. How far q may be off no bundle tells, nor does any part of the evaluation: so
what Q enters directly, those below the line already and those who are neither, is told without a range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from features.contract import RUNGS
from features.types import Array
from models.few import FEWEST
from models.targeting.rows import Coded, Rows

LEVEL_Z = 1.6448536269514722
"""Half-width of a 90 % interval in standard deviations."""
FEWEST_FALLS = 10
"""A group with fewer expected falls, as one of few (`models.few`), gets no figure: its interval would hold nearly
anything."""
_SUMS = ("count", "fall", "spread", "down", "up", "poor")
SIZES = ("1-2", "3-4", "5+")


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 90 % interval, None where how far it may be off is not known, and what it is a share of."""

    value: float
    low: float | None
    high: float | None
    of: float


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected errors in one group.

    Attributes
    ----------
    by, level : `all`, or what households are grouped by and which they are; empty is not known.
    households : at risk with a score. unscored : in the list's areas without one, or without a chance of being poor
        now: nothing is said of them.
    listed : of `households`, on the list. falls, caught : expected, in all and among the listed.
    exclusion : of those who will fall, the share not on the list. inclusion : of those on it, the share who will not
        fall: `poor`, the share below the line already, and `neither`, the share who stay above it, both without a
        range. None where the group is too small. intervals : whether the rows had intervals; without them the ranges
        tell chance alone.
    """

    by: str
    level: str
    households: int
    unscored: int
    listed: int
    falls: float
    caught: float
    exclusion: Share | None
    inclusion: Share | None
    poor: Share | None
    neither: Share | None
    intervals: bool


def expected(rows: Rows, inside: Array, listed: Array) -> tuple[Expected, ...]:
    """Expected errors in all and by group.

    Parameters
    ----------
    inside : n bools, in an area of the list. listed : n bools, on the list (not its reserve).
    """
    groups, own = list(_groups(rows)), np.flatnonzero(inside)
    joint, number = np.zeros(len(own), np.int64), 1
    for _, levels, codes in groups:
        joint = joint * (len(levels) + 1) + (codes[own] + 1)
        number *= len(levels) + 1
    scored = rows.scored[own] & (~rows.applies[own] | ~np.isnan(_poor(rows, own)))
    told = scored & rows.applies[own]
    sums = _sums(rows, own[told], listed[own[told]], joint[told], number)
    unscored = np.bincount(joint[~scored], minlength=number)
    where = np.arange(number)
    found = [_one("all", "", sums.sum(axis=2), int(unscored.sum()))]
    for name, levels, _ in reversed(groups):
        codes = where % (len(levels) + 1)
        where = where // (len(levels) + 1)
        found[1:1] = [_one(name, (*levels, "")[code - 1], sums[:, :, codes == code].sum(axis=2),
                           int(unscored[codes == code].sum())) for code in [*range(1, len(levels) + 1), 0]]  # fmt: skip
    return tuple(one for one in found if one.households or one.unscored)


def _groups(rows: Rows) -> Iterator[tuple[str, tuple[str, ...], Array]]:
    yield "province", *_sorted(rows.province)
    yield "urban", ("rural", "urban"), rows.urban
    yield "kind", *_sorted(rows.kind)
    # In the order of the ladder, not of the alphabet.
    rungs = tuple(name for name in RUNGS if name in rows.rung.names)
    yield "rung", rungs, rows.rung.within({name: at for at, name in enumerate(rungs)})
    if "size" in rows.amounts:
        size = rows.amounts["size"]
        band = np.select([np.isnan(size), size <= 2, size <= 4], [-1, 0, 1], 2)
        yield "size", SIZES, band


def _sorted(own: Coded) -> tuple[tuple[str, ...], Array]:
    """Texts in the order of the alphabet, and the code of each row: rows may come in any order, and their texts too."""
    names = tuple(sorted(own.names))
    return names, own.within({name: at for at, name in enumerate(names)})


def _poor(rows: Rows, own: Array) -> Array:
    """Chances of being poor now of some rows; NaN where not known."""
    return np.full(len(own), np.nan) if rows.poor_now is None else rows.poor_now[own]


def _sums(rows: Rows, own: Array, listed: Array, joint: Array, size: int) -> Array:
    """Sums (`_SUMS`) over the households at risk (`own`), those off and those on the list, by group: 6 x 2 x g."""
    q = _poor(rows, own)
    p, low, high = ((1 - q) * column[own] for column in (rows.risk, rows.low, rows.high))
    at = joint * 2 + listed
    # Without an interval nothing is known of the model's error; `intervals` says so.
    down, up = np.nan_to_num(p - low), np.nan_to_num(high - p)
    parts = [None, p, p * (1 - p), down, up, q]
    sums = np.array([np.bincount(at, part, 2 * size) for part in parts], dtype=float)
    return sums.reshape(len(_SUMS), size, 2).transpose(0, 2, 1)


def _one(by: str, level: str, sums: Array, unscored: int) -> Expected:
    """sums : of `_sums` over one group, 6 x 2 (off the list, on it)."""
    (off, on), (b, a), (noise_b, noise_a), (down_b, down_a), (up_b, up_a), (_, q) = sums
    exclusion = inclusion = poor = neither = None
    falls = float(a + b)
    if off + on >= FEWEST and falls >= FEWEST_FALLS:
        share = a / falls
        chance = LEVEL_Z**2 * ((1 - share) ** 2 * noise_a + share**2 * noise_b) / falls**2
        down = np.hypot(((1 - share) * down_a + share * up_b) / falls, np.sqrt(chance))
        up = np.hypot(((1 - share) * up_a + share * down_b) / falls, np.sqrt(chance))
        exclusion = _share(1 - share, up, down, falls)
    if on >= FEWEST:
        chance = LEVEL_Z * np.sqrt(noise_a) / on
        inclusion = _share(1 - a / on, np.hypot(up_a / on, chance), np.hypot(down_a / on, chance), float(on))
        poor, neither = (Share(float(value), None, None, float(on)) for value in (q / on, 1 - (a + q) / on))
    return Expected(by, level, int(off + on), unscored, int(on), falls, float(a), exclusion, inclusion, poor, neither,
                    bool(down_a + down_b + up_a + up_b > 0))  # fmt: skip


def _share(value: float, down: float, up: float, of: float) -> Share:
    return Share(float(value), float(max(0.0, value - down)), float(min(1.0, value + up)), of)
