"""Regressions: on all features, with the length of the spell, on proxies alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from features.types import Array
from models.baselines.sample import Baseline, Sample, measured, proxies
from models.calibration import log_loss
from models.words import LACKING

PENALTIES = (0.003, 0.01, 0.1, 1.0)
MOST_SPELL = 8
"""Periods of a spell told apart; longer ones count as this long."""


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
    best = min(PENALTIES, key=lambda C: _fold_loss(sample, C))
    return Logistic(_pipeline(sample, best).fit(sample.X, sample.hard))


def _fold_loss(sample: Sample, C: float, rows: int = 20_000) -> float:
    own = sample.take(np.arange(len(sample)) % max(1, len(sample) // rows) == 0)
    p = np.empty(len(own))
    for k in np.unique(own.fold):
        out = own.fold == k
        p[out] = _pipeline(own, C).fit(own.X[~out], own.hard[~out]).predict_proba(own.X[out])[:, 1]
    return log_loss(p, own.hard)


def encoder(sample: Sample) -> Any:
    """Numbers standardised with missing indicators, one column a category, missing being none of them."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    named = [i for i, f in enumerate(sample.features) if f.choices]
    numbers = [i for i, f in enumerate(sample.features) if not f.choices]
    return ColumnTransformer(
        [
            ("number", make_pipeline(SimpleImputer(add_indicator=True, keep_empty_features=True), StandardScaler()),
             numbers),
            ("category", OneHotEncoder(handle_unknown="ignore", min_frequency=20, sparse_output=False), named),
        ]
    )  # fmt: skip


def _pipeline(sample: Sample, C: float) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(encoder(sample), LogisticRegression(C=C, max_iter=1000, solver="newton-cholesky"))


@dataclass(frozen=True, slots=True)
class Hazard:
    """A logistic regression with the length of the spell among its columns."""

    inner: Baseline

    def predict(self, sample: Sample) -> Array:
        """Hazard of each row, n."""
        return self.inner.predict(_with_spell(sample))


def logistic_hazard(sample: Sample) -> Baseline:
    """Discrete-time logistic hazard: a row a household-period at risk, the baseline hazard a step a period of the
    spell out of poverty (Jenkins 1995, 'Easy estimation methods for discrete-time duration models').

    A spell that began before the panel is as long as it was seen and marked as such.
    """
    return Hazard(logistic(_with_spell(sample)))


def _with_spell(sample: Sample) -> Sample:
    length = np.minimum(sample.duration, MOST_SPELL)
    steps = [np.where(np.isnan(length), 0.0, length == k) for k in range(MOST_SPELL + 1)]
    begun = (sample.past_poor > 0).astype(float)
    added = np.column_stack([*steps, np.isnan(length), begun])
    like = replace(sample.features[0], choices=(), family="history")
    names = [*(f"spell_{k}" for k in range(MOST_SPELL + 1)), "spell_unknown", "spell_begun_in_sight"]
    features = (*sample.features, *(replace(like, name=name) for name in names))
    return replace(sample, features=features, X=np.column_stack([sample.X, added]).astype(np.float32))


def no_spell(sample: Sample) -> str | None:
    """Reason to leave the hazard out: no household is seen twice before its outcome."""
    seen = ~np.isnan(sample.duration)
    return None if (sample.duration[seen] > 0).any() else LACKING["spell"][1]


@dataclass(frozen=True, slots=True)
class ProxyMeans:
    """Welfare predicted from proxies, and the risk of falling given that prediction."""

    columns: list[int]
    welfare: Any
    risk: Any

    def predict(self, sample: Sample) -> Array:
        """Risk of each row, n."""
        return np.asarray(self.risk.predict_proba(self._score(sample.X))[:, 1])

    def _score(self, X: Array) -> Array:
        return self.welfare.predict(X[:, self.columns])[:, None]


def logistic_pmt(sample: Sample) -> Baseline:
    """Proxy means test: log welfare by ridge regression on proxies over all households of the window, then a logistic
    regression of falls on the predicted welfare."""
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline

    columns = proxies(sample)
    X, ratio = everyone(sample)
    own = replace(sample, features=tuple(sample.features[i] for i in columns))
    welfare = make_pipeline(encoder(own), Ridge(1.0)).fit(X[:, columns], log_welfare(ratio))
    found = ProxyMeans(columns, welfare, LogisticRegression(C=1e4, max_iter=1000))
    found.risk.fit(found._score(sample.X), sample.hard)
    return found


def everyone(sample: Sample) -> tuple[Array, Array]:
    """Features and ratio of all households with measured welfare in the window, the sample's own where it has no
    others, n x F and n."""
    X, ratio = sample.everyone if sample.everyone is not None else (sample.X, sample.ratio)
    known = ~np.isnan(ratio)
    return X[known], ratio[known]


def log_welfare(ratio: Array) -> Array:
    """Log of welfare over the line; no welfare counts as 2 % of the line."""
    return np.log(np.maximum(ratio, 0.02))


def no_proxies(sample: Sample) -> str | None:
    """Reason to leave out what predicts welfare."""
    return measured(sample) or (None if proxies(sample) else LACKING["proxies"][1])
