"""Vulnerability as expected poverty: three-step feasible generalised least squares on one cross-section."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from features.types import Array
from models.baselines.linear import encoder, everyone, log_welfare
from models.baselines.sample import Baseline, Sample, proxies
from models.calibration import log_odds

_SMALLEST = 1e-4  # variance of log welfare below which a fitted one is no variance


@dataclass(frozen=True, slots=True)
class ExpectedPoverty:
    """Mean and variance of log welfare given proxies, and the calibration of what follows from them."""

    columns: list[int]
    encoder: Any
    mean: Array
    variance: Array
    floor: float
    calibration: Any

    def vulnerability(self, X: Array) -> Array:
        """Chance that welfare lies under the line, as the method gives it, n."""
        from scipy.special import ndtr

        Z = _design(self.encoder, X[:, self.columns])
        return ndtr(-(Z @ self.mean) / np.sqrt(np.maximum(Z @ self.variance, self.floor)))

    def predict(self, sample: Sample) -> Array:
        """Risk of each row, n."""
        return np.asarray(self.calibration.predict_proba(_column(self.vulnerability(sample.X)))[:, 1])


def expected_poverty(sample: Sample) -> Baseline:
    """Vulnerability as expected poverty (Chaudhuri, Jalan and Suryahadi 2002, 'Assessing household vulnerability to
    poverty from cross-sectional data: a methodology and estimates from Indonesia').

    Log welfare on proxies by least squares; its squared residuals on the same proxies, divided by their own fitted
    values (Amemiya); then log welfare divided by the fitted spread. The chance of welfare under the line is put
    through a logistic regression on the falls of the same rows, which keeps its order: the method itself tells
    poverty next period, of whoever is poor or not today.
    """
    from sklearn.linear_model import LogisticRegression

    columns = proxies(sample)
    X, ratio = everyone(sample)
    own = encoder(replace(sample, features=tuple(sample.features[i] for i in columns)))
    own.fit(X[:, columns])
    Z, y = _design(own, X[:, columns]), log_welfare(ratio)
    mean, variance, floor = three_steps(Z, y)
    found = ExpectedPoverty(columns, own, mean, variance, floor, LogisticRegression(C=1e4, max_iter=1000))
    found.calibration.fit(_column(found.vulnerability(sample.X)), sample.hard)
    return found


def three_steps(Z: Array, y: Array) -> tuple[Array, Array, float]:
    """Coefficients of the mean and of the variance of y on Z (n x k, with a constant), and the smallest variance."""
    residual = (y - Z @ _least_squares(Z, y)) ** 2
    floor = max(_SMALLEST, 0.01 * float(residual.mean()))
    first = np.maximum(Z @ _least_squares(Z, residual), floor)
    variance = _least_squares(Z / first[:, None], residual / first)
    spread = np.sqrt(np.maximum(Z @ variance, floor))
    return _least_squares(Z / spread[:, None], y / spread), variance, floor


def _least_squares(Z: Array, y: Array) -> Array:
    """Least squares by the normal equations; columns that say the same share their weight."""
    return np.linalg.lstsq(Z.T @ Z, Z.T @ y, rcond=1e-10)[0]


def _design(own: Any, X: Array) -> Array:
    return np.column_stack([np.ones(len(X)), own.transform(X)])


def _column(p: Array) -> Array:
    return log_odds(p, 1e-6)[:, None]
