"""Metrics of one score against outcomes under many sets of weights at once, for a bootstrap over households.

Every metric is a function of weights, so that a resample is a set of counts. Ties share their places evenly.
"""

from __future__ import annotations

import numpy as np

from features.types import Array
from models.calibration import fit_affine, sigmoid

BUDGETS = (5, 10, 20, 30)
"""Shares of the cohort, in per cent, that a list could hold."""
NAMES = ("auc", "average_precision", "log_loss", "brier", "brier_skill", "calibration_slope", "calibration_intercept",
         "expected_over_observed", "ece", *(f"precision_at_{k}" for k in BUDGETS),
         *(f"recall_at_{k}" for k in BUDGETS))  # fmt: skip
_BINS = 10


def metrics(p: Array, y: Array, weights: Array) -> dict[str, Array]:
    """Every metric of `NAMES` for each set of weights.

    Parameters
    ----------
    p : n probabilities.
    y : n outcomes, 0 or 1.
    weights : b x n non-negative weights, one row a resample.

    Returns
    -------
    For each name b values; NaN where a resample holds one class only.
    """
    order = np.argsort(-p, kind="stable")
    p, y, weights = p[order], y[order], weights[:, order]
    starts = np.flatnonzero(np.append(True, np.diff(p) != 0))
    # In double precision, so that a resample of falls alone adds up to exactly its falls.
    total = np.add.reduceat(weights, starts, axis=1, dtype=np.float64)
    events = np.add.reduceat(weights * y, starts, axis=1, dtype=np.float64)
    all_rows, all_events = total.sum(axis=1), events.sum(axis=1)
    both = (all_events > 0) & (all_events < all_rows)
    if not both.any():
        return {name: np.full(len(weights), np.nan) for name in NAMES}
    with np.errstate(invalid="ignore", divide="ignore"):
        result = _ranking(total, events, all_rows, all_events)
        result |= _proper(p, y, weights, all_rows, all_events)
        result |= _calibration(p, y, weights, all_rows, all_events)
    return {name: np.where(both, result[name], np.nan) for name in NAMES}


def _ranking(total: Array, events: Array, all_rows: Array, all_events: Array) -> dict[str, Array]:
    above, hits = np.cumsum(total, axis=1), np.cumsum(events, axis=1)
    misses = total - events
    safe_above = np.cumsum(misses, axis=1) - misses
    all_safe = all_rows - all_events
    wins = (events * (all_safe[:, None] - safe_above - misses / 2)).sum(axis=1)
    precision = np.divide(hits, above, out=np.zeros_like(hits), where=above > 0)
    result = {
        "auc": wins / (all_events * all_safe),
        "average_precision": (events * precision).sum(axis=1) / all_events,
    }
    for budget in BUDGETS:
        places = all_rows * budget / 100
        caught = _caught(above, hits, places)
        result[f"precision_at_{budget}"] = caught / places
        result[f"recall_at_{budget}"] = caught / all_events
    return result


def _caught(above: Array, hits: Array, places: Array) -> Array:
    """Events among the first `places` weight of each resample; the tied group at the cut gives its even share."""
    caught = np.empty(len(places))
    for row, wanted in enumerate(places):
        at = min(int(np.searchsorted(above[row], wanted)), above.shape[1] - 1)
        before_rows = above[row, at - 1] if at else 0.0
        before_hits = hits[row, at - 1] if at else 0.0
        size = above[row, at] - before_rows
        share = (wanted - before_rows) / size if size > 0 else 0.0
        caught[row] = before_hits + share * (hits[row, at] - before_hits)
    return caught


def _proper(p: Array, y: Array, weights: Array, all_rows: Array, all_events: Array) -> dict[str, Array]:
    q = np.clip(p, 1e-12, 1 - 1e-12)
    loss = weights @ -(y * np.log(q) + (1 - y) * np.log1p(-q)) / all_rows
    brier = weights @ (p - y) ** 2 / all_rows
    rate = all_events / all_rows
    return {"log_loss": loss, "brier": brier, "brier_skill": 1 - brier / (rate * (1 - rate))}


def _calibration(p: Array, y: Array, weights: Array, all_rows: Array, all_events: Array) -> dict[str, Array]:
    intercept, slope = _recalibrate(p, y, weights)
    edges = np.linspace(0, len(p), _BINS + 1).astype(int)[:-1]
    edges = np.unique(edges)
    gap = np.abs(np.add.reduceat(weights * (p - y), edges, axis=1))
    return {
        "calibration_slope": slope,
        "calibration_intercept": intercept,
        "expected_over_observed": (weights @ p) / all_events,
        "ece": gap.sum(axis=1) / all_rows,
    }


def _recalibrate(p: Array, y: Array, weights: Array) -> tuple[Array, Array]:
    """Intercept with the slope held at 1, and slope of the outcome on the log-odds, for each resample.

    Newton steps from the answers under the mean weights. The first is shared: there all resamples have the same
    fitted values, so it is one product of matrices; a resample moves little, so few more are needed.
    """
    q = np.clip(p, 1e-9, 1 - 1e-9)
    eta = np.log(q / (1 - q))
    if np.ptp(eta) < 1e-9:
        return np.full(len(weights), np.nan), np.full(len(weights), np.nan)
    mean = weights.mean(axis=0, dtype=np.float64)
    line, middle = fit_affine(eta, y, mean), _shift(eta, y, mean, 0.0)
    shifts = middle + _first_step(sigmoid(middle + eta), np.ones((1, len(eta))), y, weights)[:, 0]
    design = np.vstack([np.ones(len(eta)), eta])
    lines = np.array([line.intercept, line.slope]) + _first_step(sigmoid(line.logit(eta)), design, y, weights)
    for row, own in enumerate(weights):
        w = own.astype(np.float64)
        shifts[row] = _shift(eta, y, w, shifts[row])
        lines[row] = _line(design, y, w, lines[row])
    return shifts, lines[:, 1]


_WILD = 50.0  # beyond it the data separate and there is no slope to tell
_CLOSE = 1e-3  # Newton's error after a step is about the square of the step


def _first_step(fitted: Array, design: Array, y: Array, weights: Array) -> Array:
    """One Newton step for every resample from the same fitted values, b x columns of the design."""
    gradient = weights @ (design * (y - fitted)).T
    products = design[:, None] * design[None] * fitted * (1 - fitted)
    hessian = weights @ products.reshape(-1, len(y)).T
    size = len(design)
    return np.linalg.solve(hessian.reshape(-1, size, size) + 1e-9 * np.eye(size), gradient[:, :, None])[:, :, 0]


def _shift(eta: Array, y: Array, w: Array, shift: float) -> float:
    """Intercept beside a slope of 1; steps are held short, since far from the answer the curve is flat."""
    for _ in range(40):
        fitted = sigmoid(shift + eta)
        step = float(np.clip((w @ (y - fitted)) / max(w @ (fitted * (1 - fitted)), 1e-12), -2, 2))
        shift += step
        if abs(step) < _CLOSE:
            break
    return shift


def _line(design: Array, y: Array, w: Array, beta: Array) -> Array:
    """Intercept and slope; the few steps end early where the data separate and no slope is the best one."""
    for _ in range(8):
        fitted = sigmoid(beta @ design)
        weighted = design * (w * fitted * (1 - fitted))
        step = np.linalg.lstsq(weighted @ design.T, design @ (w * (y - fitted)), rcond=None)[0]
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            break
    return beta if np.abs(beta).max() < _WILD else np.full(2, np.nan)
