"""Affine calibration in log-odds, the only kind: logit p = a + a_s + b eta, with b > 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.types import Array

_SURE = 1e-6  # a rate nearer to 0 or 1 is none to begin from


@dataclass(frozen=True, slots=True)
class Affine:
    """Intercept `a`, slope `b` and offsets `a_s` by stratum code (S; shrunk towards 0)."""

    intercept: float
    slope: float
    offsets: Array

    def logit(self, eta: Array, stratum: Array | None = None) -> Array:
        """Calibrated log-odds, N; a stratum of code -1 has no offset."""
        base = self.intercept + self.slope * eta
        if stratum is None or not len(self.offsets):
            return base
        return base + np.where(stratum >= 0, self.offsets[np.maximum(stratum, 0)], 0.0)


def sigmoid(logit: Array) -> Array:
    """Probability of log-odds."""
    return 1 / (1 + np.exp(-np.clip(logit, -40, 40)))


def log_odds(p: Array | float, least: float = 1e-12) -> Array:
    """Log-odds of probabilities, N; 0 and 1 are held `least` off."""
    own = np.clip(p, least, 1 - least)
    return np.asarray(np.log(own / (1 - own)))


def log_loss(p: Array, y: Array, weight: Array | None = None) -> float:
    """Mean log-loss of probabilities `p` (N) against labels (N, 0 to 1)."""
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return float(np.average(-(y * np.log(p) + (1 - y) * np.log1p(-p)), weights=weight))


def fit_affine(eta: Array, y: Array, weight: Array | None = None, slope: float | None = None) -> Affine:
    """Intercept and slope of a logistic regression of `y` on `eta` (N), by `weight` (N); with `slope` the intercept
    alone."""
    weight = np.ones(len(eta)) if weight is None else weight
    if slope is not None:
        return Affine(_intercept(slope * eta, y, weight), slope, np.empty(0))
    center = float(np.average(eta, weights=weight))
    X = np.column_stack([np.ones(len(eta)), eta - center])
    beta = np.array([log_odds(np.average(y, weights=weight), _SURE), 0.0])
    for _ in range(50):
        p = sigmoid(X @ beta)
        h = weight * p * (1 - p)
        gradient = X.T @ (weight * (y - p))
        step = np.linalg.solve((X.T * h) @ X + 1e-9 * np.eye(2), gradient)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    return Affine(float(beta[0] - beta[1] * center), float(beta[1]), np.empty(0))


def _intercept(eta: Array, y: Array, weight: Array) -> float:
    shift = float(log_odds(np.average(y, weights=weight), _SURE)) - float(np.average(eta, weights=weight))
    for _ in range(50):
        p = sigmoid(shift + eta)
        step = float(np.clip((weight * (y - p)).sum() / max((weight * p * (1 - p)).sum(), 1e-12), -2, 2))
        shift += step
        if abs(step) < 1e-10:
            break
    return shift


def fit_offsets(base: Affine, eta: Array, y: Array, stratum: Array, strata: int, prior_rows: float = 30.0) -> Affine:
    """Add offsets by stratum under a normal prior of precision `prior_rows`; one with few rows stays near 0."""
    offsets = np.zeros(strata)
    logit = base.logit(eta)
    for _ in range(25):
        p = sigmoid(logit + np.where(stratum >= 0, offsets[np.maximum(stratum, 0)], 0.0))
        known = stratum >= 0
        gradient = np.bincount(stratum[known], weights=(y - p)[known], minlength=strata) - prior_rows * offsets
        curve = np.bincount(stratum[known], weights=(p * (1 - p))[known], minlength=strata) + prior_rows
        offsets += gradient / curve
    return Affine(base.intercept, base.slope, offsets)
