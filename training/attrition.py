"""Weights for households that were not seen again: the inverse of their chance of being followed up.

Only for figures and headcounts, never for the fit. The chance is learned on origins before the first judged one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from features import asof
from features.types import Array
from training.panel import Panel

_LOWEST, _TRIM = 0.02, 0.99
_BY_DESIGN = 0.05  # a place in the rotation that fewer are followed up from is left by design, not lost


def follow_up_weight(panel: Panel, learn: Array, judged: Array) -> Array:
    """Weights of the `judged` rows, mean 1.

    Parameters
    ----------
    panel : the whole panel.
    learn : mask of rows, seen again or not, from which the chance is learned; none of them is judged.
    judged : mask of the rows that get a weight.

    A rotating panel leaves some households by design: rows whose place in the rotation (periods since the row before,
    and rows before) is hardly ever followed up are not learned from.
    """
    learn = learn & _followed_by_design(panel, learn)
    seen = panel.seen[learn]
    if seen.all() or not seen.any() or min(seen.sum(), (~seen).sum()) < 50:
        return np.ones(int(judged.sum()))
    model = _model().fit(panel.X[learn], seen)
    chance = np.maximum(model.predict_proba(panel.X[judged])[:, 1], _LOWEST)
    weight = 1 / chance
    weight = np.minimum(weight, np.quantile(weight, _TRIM))
    return np.asarray(weight / weight.mean())


def follow_up_due(panel: Panel, day: np.datetime64) -> Array:
    """Rows whose outcome, had the household been seen, would have been known by `day`, n."""
    due = {t: asof.origin_date(int(t) + panel.horizon, panel.lag_days) <= day for t in np.unique(panel.meta["period"])}
    return np.array([due[t] for t in panel.meta["period"]], dtype=bool)


def _followed_by_design(panel: Panel, learn: Array) -> Array:
    place = np.nan_to_num(panel.meta["gap"], nan=0) * 10 + np.minimum(panel.meta["past_rows"], 9)
    _, code = np.unique(place, return_inverse=True)
    rows = np.bincount(code[learn], minlength=code.max() + 1)
    followed = np.bincount(code[learn], weights=panel.seen[learn], minlength=code.max() + 1)
    return (followed > _BY_DESIGN * np.maximum(rows, 1))[code]


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
