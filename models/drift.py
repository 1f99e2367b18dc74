"""How far today's families lie from those a model was trained on: the population stability index."""

from __future__ import annotations

from typing import Any

import numpy as np

from features.types import Array

BINS = 10
SMALLEST = 1e-4
"""Share that an empty bin counts as: its logarithm must be finite."""
MOVED = 0.25
"""A large shift by the rule of thumb of credit scoring (Siddiqi 2006, 'Credit risk scorecards')."""


def reference(values: Array) -> dict[str, list[float]]:
    """Bins of a column's training values and the share of rows in each, the last for missing; n values."""
    seen = values[~np.isnan(values)].astype(float)
    at = np.linspace(0, 1, BINS + 1)[1:-1]
    edges = np.unique(np.quantile(seen, at, method="higher")) if len(seen) else seen
    return {
        "edges": edges.tolist(),
        "shares": np.round(shares(values, edges, np.ones((1, len(values))))[0], 6).tolist(),
    }


def shares(values: Array, edges: Array, weights: Array) -> Array:
    """Share of weight in each bin, the last for missing, b x (k + 2) under b x n weights."""
    code = np.searchsorted(edges, values, side="left")
    code[np.isnan(values)] = len(edges) + 1
    found = np.column_stack([weights[:, code == k].sum(axis=1) for k in range(len(edges) + 2)])
    return np.asarray(found / weights.sum(axis=1, keepdims=True))


def stability(before: Array, after: Array) -> Array:
    """Population stability index of shares against those of training, b: sum of (after - before) x log(after / before).

    0 where both are equal, never below.
    """
    one, two = np.maximum(before, SMALLEST), np.maximum(after, SMALLEST)
    return np.asarray(((two - one) * np.log(two / one)).sum(axis=-1))


def index(own: dict[str, Any], values: Array, weights: Array) -> Array:
    """The index of a column's values against its `reference`, b."""
    return stability(np.array(own["shares"]), shares(values, np.array(own["edges"]), weights))
