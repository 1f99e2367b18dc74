"""Weights for households that were not seen again: the inverse of their chance of being followed up.

Only for figures and headcounts, never for the fit. The chance is learned on origins before the first judged one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from features.types import Array
from training.panel import Panel

_LOWEST, _TRIM = 0.02, 0.99


def follow_up_weight(panel: Panel, learn: Array, judged: Array) -> Array:
    """Weights of the `judged` rows, mean 1.

    Parameters
    ----------
    panel : the whole panel.
    learn : mask of rows, seen again or not, from which the chance is learned; none of them is judged.
    judged : mask of the rows that get a weight.

    A rotating panel that leaves half of its households by design lowers every chance alike, which the mean takes out.
    """
    seen = panel.seen[learn]
    if seen.all() or not seen.any() or min(seen.sum(), (~seen).sum()) < 50:
        return np.ones(int(judged.sum()))
    model = _model().fit(panel.X[learn], seen)
    chance = np.maximum(model.predict_proba(panel.X[judged])[:, 1], _LOWEST)
    weight = 1 / chance
    weight = np.minimum(weight, np.quantile(weight, _TRIM))
    return np.asarray(weight / weight.mean())


def _model() -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(
        SimpleImputer(add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=0.01, max_iter=200, solver="newton-cholesky"),
    )
