"""Weighted means with their sampling error, and what else the moments are made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from features.types import Array

GROUPS = 20
"""Random groups of families whose spread gives the error of a figure that is no mean."""

Value = tuple[float, float]
"""A figure and its standard error; NaN where there is nothing to measure."""

NONE: Value = (float("nan"), float("nan"))


def mean(values: Array, weights: Array, family: Array | None = None) -> Value:
    """Weighted mean; rows of one `family` count as one draw."""
    total = weights.sum()
    if not len(values) or total <= 0:
        return NONE
    found = float(weights @ values / total)
    rest: Array = weights * (values - found)
    if family is not None:
        rest = np.bincount(family, rest)
    return found, float(np.sqrt(np.square(rest).sum()) / total)


def means(values: Array, weights: Array, group: Array, count: int, family: Array | None = None) -> tuple[Array, Array]:
    """Weighted mean and its error in each of `count` groups, shape (count,)."""
    total = np.bincount(group, weights, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.bincount(group, weights * values, count) / total
        rest = weights * (values - found[group])
        if family is None:
            squares = np.bincount(group, np.square(rest), count)
        else:
            whole, at = np.unique(family.astype(np.int64) * count + group, return_inverse=True)
            squares = np.bincount(whole % count, np.square(np.bincount(at, rest)), count)
        return found, np.sqrt(squares) / total


def grouped(figure: Callable[[Array], float], family: Array) -> Value:
    """A figure of all rows (`figure` takes a mask), with the error told by the spread over random groups."""
    found = figure(np.ones(len(family), dtype=bool))
    parts = np.array([figure(family % GROUPS == group) for group in range(GROUPS)])
    return found, float(np.std(parts, ddof=1) / np.sqrt(GROUPS))


def quantile(values: Array, weights: Array, share: float | Array) -> Array:
    """Value below which this share of the weight lies."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    at = np.searchsorted(reached, np.asarray(share) * reached[-1])
    return values[order][np.minimum(at, len(values) - 1)]


def ranks(values: Array, weights: Array) -> Array:
    """Share of the weight below each value, counting half of its own."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    out = np.empty(len(values))
    out[order] = (reached - weights[order] / 2) / reached[-1]
    return out


def gini(values: Array, weights: Array) -> float:
    """Gini index."""
    order = np.argsort(values)
    value, weight = values[order], weights[order] / weights.sum()
    below = np.cumsum(weight) - weight / 2
    return float(2 * np.sum(weight * value * below) / np.sum(weight * value) - 1)
