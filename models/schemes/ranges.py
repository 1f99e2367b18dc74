"""Figures of draws with their ranges: one answer, and the difference of two with its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from features.types import Array
from models.schemes.ends import together
from models.schemes.scenario import LEVEL

Ends = dict[str, dict[str, Array]]
"""Outcomes of an arm by `End.name` (`outcomes.ends`)."""
BETTER_LOW = ("cost",)
_ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


def ranged(values: Array, *, price: bool = False) -> dict[str, float | None]:
    """Mean of the draws and the ends of their range, which hold it.

    The mean is told because means add up: groups to the whole, rungs to 1, a difference to two answers; medians do not.
    Where few draws carry it (three of a hundred in which one family that stands for thousands is kept from falling) it
    may lie beyond the ends within which `LEVEL` of the draws are: the range then reaches to it, and holds more of the
    draws than it says, never fewer.

    price : the mean is harmonic, that is the whole cost over the mean of what is held; an end without end is None.
    """
    own = values[~np.isnan(values)]
    if not len(own):
        return {"value": None, "low": None, "high": None}
    mean = 1 / np.mean(1 / own) if price and np.isfinite(own).any() else own.mean()
    low, high = np.quantile(own, _ENDS, method="inverted_cdf" if price else "linear")
    return {"value": finite(mean), "low": finite(min(low, mean)), "high": finite(max(high, mean))}


def finite(value: float) -> float | None:
    """A number; None for what is none or has no end."""
    return float(value) if np.isfinite(value) else None


def two_ranges(value: Array, *ends: Array, price: bool = False) -> dict[str, Any]:
    """Mean, range from draws at the middle of all ranges, and range of the means over the ends of effects, displacement
    and shocks: the upper end is None where a price has none there."""
    found, *others = (ranged(one, price=price) for one in (value, *ends))
    means = [found["value"], *(one["value"] for one in others)]
    known = [one for one in means if one is not None]
    open_ = any(np.isinf(one).any() for one in (value, *ends)) and None in means
    return {"value": found["value"], "draws": [found["low"], found["high"]],
            "effects": [min(known), None if open_ else max(known)] if known else [None, None]}  # fmt: skip


def difference(name: str, first: Ends, second: Ends, shared: Sequence[str] = (), *, reached: bool = True,
               ) -> dict[str, Any]:  # fmt: skip
    """First less second, draw by draw; undecided where either range holds 0, unless they never differ.

    The range from effects takes the two arms at opposite ends: nothing says that their effects err together. The shocks
    are the same for both, and so is what they share.

    Parameters
    ----------
    shared : of `effect` and `displacement` those of which both arms hold the same figures (`Uncertain.shared`).
    reached : whether both arms reach anybody; where one does not, `unreached` stands for `undecided`: of that one it is
        known that it changes nothing.
    """
    if first.keys() == second.keys() and all(np.array_equal(own[name], second[end][name], equal_nan=True)
                                             for end, own in first.items()):  # fmt: skip
        shared = ("effect", "displacement")  # the same answer twice
    paired = ranged(first["value"][name] - second["value"][name])
    means = [{end: float(np.nanmean(own[name])) for end, own in arm.items() if np.isfinite(own[name]).any()}
             for arm in (first, second)]  # fmt: skip
    every = [one - two for end, one in means[0].items() for other, two in means[1].items()
             if together(end, other, shared)]  # fmt: skip
    if every and paired["value"] is not None:
        every.append(paired["value"])  # a mean over the draws that both have may differ from that of two means
    effects = [min(every), max(every)] if every else [None, None]
    found = verdict(name, [(paired["low"], paired["high"]), (effects[0], effects[1])])
    return {"value": paired["value"], "draws": [paired["low"], paired["high"]], "effects": effects,
            "verdict": "unreached" if found == "undecided" and not reached else found}  # fmt: skip


def verdict(name: str, ends: list[tuple[float | None, float | None]]) -> str:
    """Which of two is better by an outcome, `equal` where they are the same in every draw and at every end, `undecided`
    where a range holds 0 otherwise or there is none."""
    known = [(low, high) for low, high in ends if low is not None and high is not None]
    if known and all(low == high == 0 for low, high in known):
        return "equal"
    if not known or any(low <= 0 <= high for low, high in known) or len({low > 0 for low, _ in known}) > 1:
        return "undecided"
    return "first" if (known[0][0] > 0) != (name in BETTER_LOW) else "second"
