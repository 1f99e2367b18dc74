"""A small logistic regression with offsets and weights, errors that hold within clusters, and Holm's correction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from features.types import Array
from models.calibration import sigmoid

_MOST = 30
_WILD = 50.0  # a coefficient beyond it: the data separate, and there is none to tell


def fit(design: Array, y: Array, offset: Array | None = None, weight: Array | None = None) -> Array:
    """Coefficients by Newton steps, held short, k.

    Parameters
    ----------
    design : n x k. y : n outcomes. offset : n log-odds without a coefficient. weight : of the rows, n.
    """
    beta, (offset, weight) = np.zeros(design.shape[1]), _whole(len(y), offset, weight)
    for _ in range(_MOST):
        p = sigmoid(offset + design @ beta)
        step = np.linalg.solve(_curve(design, weight * p * (1 - p)), design.T @ (weight * (y - p)))
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    return beta


def covariance(beta: Array, design: Array, y: Array, clusters: Array, offset: Array | None = None,
               weight: Array | None = None) -> Array:  # fmt: skip
    """Covariance of the coefficients that holds where rows of a cluster go together, k x k (Liang and Zeger 1986)."""
    offset, weight = _whole(len(y), offset, weight)
    p = sigmoid(offset + design @ beta)
    names, code = np.unique(clusters.astype(str), return_inverse=True)
    score = np.zeros((len(names), design.shape[1]))
    np.add.at(score, code, design * (weight * (y - p))[:, None])
    bread = np.linalg.inv(_curve(design, weight * p * (1 - p)))
    return np.asarray(len(names) / max(len(names) - 1, 1) * bread @ (score.T @ score) @ bread)


def slope(pick: Array, design: Array, y: Array, clusters: Array, weight: Array, level: float,
          ) -> tuple[dict[str, float | None], float | None]:  # fmt: skip
    """A sum of coefficients with its interval, and the two-sided p of 0; null where the data tell none.

    Parameters
    ----------
    pick : factor of each coefficient, k. level : of the interval, by Student's t on the number of clusters.
    """
    from scipy.stats import t

    beta, free = fit(design, y, weight=weight), len(np.unique(clusters.astype(str))) - 1
    nothing: dict[str, float | None] = {"value": None, "low": None, "high": None}
    if free < 1 or not np.isfinite(beta).all() or np.abs(beta).max() > _WILD:
        return nothing, None
    value = float(pick @ beta)
    error = float(np.sqrt(pick @ covariance(beta, design, y, clusters, weight=weight) @ pick))
    if not error > 0:
        return nothing, None
    reach = float(t.ppf((1 + level) / 2, free)) * error
    return {"value": value, "low": value - reach, "high": value + reach}, float(2 * t.sf(abs(value) / error, free))


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Each p corrected for all of them (Holm 1979): under a bar, no one among them is called sure by chance more often
    than that, however they go together. None stays None and counts for nothing."""
    told = sorted((value, at) for at, value in enumerate(p) if value is not None)
    found: list[float | None] = [None] * len(p)
    least = 0.0
    for passed, (value, at) in enumerate(told):
        least = max(least, min(1.0, value * (len(told) - passed)))
        found[at] = least
    return found


def _whole(rows: int, offset: Array | None, weight: Array | None) -> tuple[Array, Array]:
    return np.zeros(rows) if offset is None else offset, np.ones(rows) if weight is None else weight / weight.mean()


def _curve(design: Array, weight: Array) -> Array:
    return (design.T * weight) @ design + 1e-9 * np.eye(design.shape[1])
