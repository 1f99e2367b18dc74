"""How sure a risk is: a 90 % interval for the risk of families that look like this one.

A table of widths over log-odds and missing facts, fitted once (`training.interval`): no second model is served.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from features.types import Array
from models.calibration import sigmoid

LEVEL = 0.9
USUAL = 0.5
"""A feature that at most this share of training rows lacks is one that families usually have."""
CLASSES = 2
"""Families that lack none of the usual facts, and families that lack some."""


@dataclass(frozen=True, slots=True)
class Widths:
    """Offsets from the log-odds told to the ends of the interval.

    Attributes
    ----------
    at : k, log-odds in rising order; between them offsets are interpolated.
    low, high : CLASSES x k, offsets in log-odds; low <= 0 <= high, so that the interval holds the risk itself.
    floor : log-odds up to which the lower end is 0: so small a risk is told as "under x".
    """

    at: Array
    low: Array
    high: Array
    floor: float

    def bounds(self, logit: Array, lacking: Array) -> tuple[Array, Array]:
        """Lower and upper end of each family's interval, N each.

        Parameters
        ----------
        logit : N log-odds of the risk. lacking : N, whether a usual fact is missing.
        """
        own = lacking.astype(int)
        low, high = (np.select([own == c for c in range(CLASSES)],
                               [np.interp(logit, self.at, table[c]) for c in range(CLASSES)])
                     for table in (self.low, self.high))  # fmt: skip
        return np.where(logit <= self.floor, 0.0, sigmoid(logit + low)), sigmoid(logit + high)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for `interval.json`."""
        return {"level": LEVEL, "at": self.at.tolist(), "low": self.low.tolist(), "high": self.high.tolist(),
                "floor": self.floor}  # fmt: skip


def read(found: dict[str, Any]) -> Widths:
    """Widths from what `to_json` wrote; ValueError where they are not of one shape, or not in order."""
    at, low, high = (np.array(found[name], dtype=float) for name in ("at", "low", "high"))
    if at.ndim != 1 or not len(at) or low.shape != (CLASSES, len(at)) or high.shape != low.shape:
        raise ValueError(f"low and high must be {CLASSES} rows as long as at")
    if not np.isfinite([*at, *low.ravel(), *high.ravel(), float(found["floor"])]).all() or (np.diff(at) < 0).any():
        raise ValueError("offsets must be finite, and at rise")
    return Widths(at, low, high, float(found["floor"]))


def hundredths(share: Array | float) -> Array:
    """Chances as they are told everywhere: whole numbers out of 100, half up; NaN stays."""
    return np.floor(100 * np.asarray(share, dtype=float) + 0.5)


def crosses(low: Array | float, high: Array | float, cut: float) -> Array:
    """Whether an interval lies on both sides of a cut as it is told, all whole numbers out of 100: its lower end below,
    its upper end not below; never where an end is NaN. N bools for N ends."""
    at = hundredths(cut)
    return (hundredths(low) < at) & (hundredths(high) >= at)


MANY = 3
"""Verbal labels that an interval touches from which no one of them is told: the family is to be looked at."""


def unsure(low: Array, high: Array, labels: Array) -> Array:
    """Whether an interval touches `MANY` labels or more as it is told, its ends whole numbers out of 100, N bools.

    Parameters
    ----------
    low, high : N chances. labels : percentages at which the labels begin, in rising order.
    """
    first, last = (np.searchsorted(np.asarray(labels, dtype=float), hundredths(end), side="right")
                   for end in (low, high))  # fmt: skip
    return last - first >= MANY - 1


def usual(values: Array) -> Array:
    """Features that families usually have, F bools, from training rows, N x F."""
    return np.isnan(values).mean(axis=0) <= USUAL


def lacking(values: Array, usual: Array) -> Array:
    """Whether a family lacks a fact that families usually have, N bools.

    Parameters
    ----------
    values : N x F features, NaN where not known. usual : F bools.
    """
    return np.isnan(values[:, usual]).any(axis=1)
