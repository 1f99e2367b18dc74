"""From a judged model to the files of a bundle."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from features.context import Context
from features.contract import EDUCATION, RUNGS, SECTIONS
from features.registry import Feature
from features.types import Array
from models import drift, dynamics, ladder
from models.bundle import context_json, dump
from models.interval import usual
from training.backtest import Model, columns
from training.beside import Beside
from training.panel import Panel

POOR_NOW_CUT = 0.5
"""A family judged poor with at least this chance is one to lift, not one to guard: its fall risk does not apply."""
LABEL_CUTS = (0.5, 1.0, 2.0, 4.0)
"""Verbal labels begin at these multiples of the base rate of the training rows."""
_QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)


def labels(rate: float) -> list[int]:
    """Risk in whole per cent from which each verbal label but the first is said, rising from 1 at least to 99 at most:
    all five of them can be said however rare or common a fall is.

    rate : base rate of the training rows.
    """
    found: list[int] = []
    for multiple in LABEL_CUTS:
        found.append(max(round(100 * rate * multiple), found[-1] + 1 if found else 1))
    return [min(own, 100 - len(found) + at) for at, own in enumerate(found)]


def files(model: Model, others: dict[str, Model], beside: Beside, panel: Panel, rows: Array, context: Context,
          facts: dict[str, Any]) -> dict[str, str | bytes]:  # fmt: skip
    """Files of the bundle that bear the model.

    Parameters
    ----------
    model : the risk model; its features and strata are the bundle's.
    others : further boosters by name (`status`, `stay`), on the same columns. beside : ladder, interval and dynamics.
    panel, rows : the panel and the mask of the rows the model was trained on.
    facts : view, source, synthetic, lookback, line and what else a reader must know.
    """
    taught = panel.take(rows)
    X = columns(taught, model.features)
    rate = float(np.average(taught.poor_next, weights=taught.weight()))
    schema = facts | {
        "features": [feature.name for feature in model.features],
        "strata": list(model.strata),
        "horizon": panel.horizon,
        "codes": {feature.name: list(feature.choices) for feature in model.features if feature.choices},
        "choices": {"rungs": list(RUNGS), "sections": list(SECTIONS), "education": list(EDUCATION)},
    }
    cuts = {
        "base_rate": round(rate, 6),
        "labels": labels(rate),
        "poor_now": POOR_NOW_CUT,
    }
    result: dict[str, str | bytes] = {
        "risk.lgb": model.text,
        "schema.json": dump(schema),
        "cuts.json": dump(cuts),
        "reference.json": dump(_reference(X) | _bins(X, model.predict(taught, 2))),
        "context.json": context_json(context),
        "parts.json": dump(_parts(model)),
    }
    if beside.widths is not None:
        result["interval.json"] = dump(beside.widths.to_json())
    if beside.kernel is not None:
        result["ladder.npz"] = ladder.to_bytes(beside.kernel)
    if beside.dynamics is not None:
        result["dynamics.npz"] = dynamics.to_bytes(beside.dynamics)
    return result | {f"{name}.lgb": other.text for name, other in others.items()}


def example(features: tuple[Feature, ...], matrix: Array) -> Array:
    """A row to try the model on, 1 x (F + 1): medians and most frequent codes, the place last. It is nobody's: every
    column is taken for itself, and a median is told to three figures.

    Parameters
    ----------
    matrix : N x (F + 1), the model matrix of its training rows; NaN where not known, as in the row where it is never.
    """
    named = [*(bool(feature.choices) for feature in features), True]
    return np.array([[_middle(column[~np.isnan(column)], code) for column, code in zip(matrix.T, named, strict=True)]])


def _middle(known: Array, code: bool) -> float:
    if not len(known):
        return float("nan")
    if code:
        values, counts = np.unique(known, return_counts=True)
        return float(values[counts.argmax()])
    return float(f"{np.quantile(known, 0.5, method='lower'):.3g}")


def _reference(X: Array) -> dict[str, Any]:
    """Quantiles and missing share of each feature, for the shift and the certainty of a score."""
    share = np.isnan(X).mean(axis=0)
    quantiles = [np.quantile(column[~np.isnan(column)], _QUANTILES) if (~np.isnan(column)).any() else
                 np.zeros(len(_QUANTILES)) for column in X.T]  # fmt: skip
    table = np.vstack(quantiles).astype(float)
    return {
        "quantiles": {"at": list(_QUANTILES), "values": table.tolist()},
        "low": table[:, 0].tolist(),
        "high": table[:, -1].tolist(),
        "missing_share": [round(float(value), 6) for value in share],
        "usual": usual(X).tolist(),
    }


def _bins(X: Array, risk: Array) -> dict[str, Any]:
    """Bins of every feature and of the risk, to see later how far families have moved (`training.drift`)."""
    return {"bins": [drift.reference(column) for column in X.T], "scores": drift.reference(risk)}


def _parts(model: Model) -> dict[str, Any]:
    parts = model.fitted.composed
    return {
        "weight": parts.weight,
        "slope": parts.affine.slope,
        "intercept": parts.affine.intercept,
        "offsets": parts.affine.offsets.tolist(),
        "constant": parts.additive.constant,
        "additive": {
            name: {"edges": binning.edges.tolist(), "values": values.tolist()}
            for name, binning, values in zip(parts.names, parts.additive.binnings, parts.additive.values, strict=True)
        },
        "chosen": model.fitted.chosen,
    }


def data_hash(panel: Panel) -> str:
    """Hash of the rows a model was made from: features, outcomes, weights and places."""
    digest = hashlib.sha256()
    for values in (panel.X, panel.poor_next, panel.ratio_next, panel.meta["period"], panel.weight()):
        digest.update(np.ascontiguousarray(values).tobytes())
    digest.update("\n".join(panel.meta["household_id"].astype(str)).encode())
    return digest.hexdigest()
