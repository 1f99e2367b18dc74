"""What a programme would use without Jaga: rules and regressions with one interface, fitted on the same rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from features.registry import Feature
from features.types import Array
from models.calibration import log_loss


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows a baseline may see: features n x F, welfare ratio, status at the previous observation (1, 0, NaN), labels
    and folds (both only when fitting)."""

    features: tuple[Feature, ...]
    X: Array
    ratio: Array
    last_poor: Array
    hard: Array
    fold: Array


class Baseline(Protocol):
    """A fitted baseline."""

    def predict(self, sample: Sample) -> Array:
        """Risk of each row, n."""


@dataclass(frozen=True, slots=True)
class GroupRates:
    """The rate of falls in each group of a rule, shrunk by one average household."""

    group: Callable[[Sample], Array]
    rates: Array

    def predict(self, sample: Sample) -> Array:
        """Rate of the household's group, n."""
        return self.rates[self.group(sample)]


def _rates(group: Callable[[Sample], Array], size: int, sample: Sample) -> GroupRates:
    code, base = group(sample), sample.hard.mean()
    events = np.bincount(code, weights=sample.hard, minlength=size)
    return GroupRates(group, (events + base) / (np.bincount(code, minlength=size) + 1))


def welfare_rule(sample: Sample) -> Baseline:
    """The 1.0-1.5 rule: everybody between the line and 1.5 lines is called vulnerable."""
    return _rates(lambda rows: (rows.ratio < 1.5).astype(int), 2, sample)


def last_status(sample: Sample) -> Baseline:
    """Status at the previous observation: poor, not poor, or not observed."""
    return _rates(lambda rows: np.where(np.isnan(rows.last_poor), 2, rows.last_poor).astype(int), 3, sample)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted scikit-learn pipeline."""

    pipeline: Any

    def predict(self, sample: Sample) -> Array:
        """Risk of each row, n."""
        return np.asarray(self.pipeline.predict_proba(sample.X)[:, 1])


def logistic(sample: Sample) -> Baseline:
    """Regularised logistic regression on the same features: standardised numbers with missing indicators, one column a
    category; the penalty chosen on the inner folds among four."""
    best = min((0.003, 0.01, 0.1, 1.0), key=lambda C: _fold_loss(sample, C))
    return Logistic(_pipeline(sample, best).fit(sample.X, sample.hard))


def _fold_loss(sample: Sample, C: float, rows: int = 20_000) -> float:
    pick = np.arange(len(sample.hard)) % max(1, len(sample.hard) // rows) == 0
    X, hard, fold = sample.X[pick], sample.hard[pick], sample.fold[pick]
    p = np.empty(len(hard))
    for k in np.unique(fold):
        fitted = _pipeline(sample, C).fit(X[fold != k], hard[fold != k])
        p[fold == k] = fitted.predict_proba(X[fold == k])[:, 1]
    return log_loss(p, hard)


def _pipeline(sample: Sample, C: float) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    named = [i for i, f in enumerate(sample.features) if f.choices]
    numbers = [i for i, f in enumerate(sample.features) if not f.choices]
    columns = ColumnTransformer(
        [
            ("number", make_pipeline(SimpleImputer(add_indicator=True, keep_empty_features=True), StandardScaler()),
             numbers),
            ("category", OneHotEncoder(handle_unknown="ignore", min_frequency=20, sparse_output=False), named),
        ]
    )  # fmt: skip
    return make_pipeline(columns, LogisticRegression(C=C, max_iter=1000, solver="newton-cholesky"))


BASELINES: dict[str, Callable[[Sample], Baseline]] = {
    "welfare_rule": welfare_rule,
    "last_status": last_status,
    "logistic": logistic,
}
