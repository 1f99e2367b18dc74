"""A finished bundle on a panel: which rows it was not taught, and its risk of them."""

from __future__ import annotations

from collections.abc import Callable

import lightgbm
import numpy as np

from features.types import Array
from models import risk
from models.bundle import Bundle
from models.calibration import log_odds, sigmoid
from training import judge
from training.backtest import Model, codes, columns
from training.panel import Panel
from training.split import for_judging


def unseen(bundle: Bundle, panel: Panel) -> Array:
    """Rows that the bundle can be judged on: origins after its training rows, n.

    Of clusters that it was not trained on, too, unless it was fitted again on all: such a bundle is judged by what
    became of families later, those it knows among them, as it is used.
    """
    known = np.datetime64(bundle.schema["known_until"])
    later = ~(panel.as_of < known)
    return later if bundle.schema["refit"] else later & _apart_from(bundle.schema["drawn"], panel, known)


def _apart_from(drawn: bool, panel: Panel, known: np.datetime64) -> Array:
    clusters = panel.clusters()
    if drawn:
        return for_judging(clusters)
    trained = panel.at_risk & panel.seen & (panel.outcome_known <= known)
    return ~np.isin(clusters.astype(str), np.unique(clusters[trained].astype(str)))


def as_judged(bundle: Bundle, panel: Panel) -> tuple[Array, Callable[[Panel], Array]]:
    """Rows, n, that the model whose figures a bundle tells was not taught, and its risk of a panel's rows.

    A bundle fitted again after it was judged keeps that model: two models are compared as they were judged.
    """
    told = bundle.schema.get("judged")
    if told is None:
        return unseen(bundle, panel), lambda own: predict_bundle(bundle, own)
    booster = lightgbm.Booster(model_str=(bundle.path / "judged.lgb").read_text())
    order = {feature.name: feature for feature in panel.features}
    features, strata = tuple(order[name] for name in told["features"]), tuple(told["strata"])

    def risks(own: Panel) -> Array:
        return risk.predict(booster, risk.with_stratum(columns(own, features), codes(own, strata)), 1)

    known = np.datetime64(told["known_until"])
    return ~(panel.as_of < known) & _apart_from(told["drawn"], panel, known), risks


def agreement(judged: Model, served: Model, test: Panel, threads: int) -> dict[str, float | None]:
    """How near a model fitted again is to the one judged, on the judged rows: correlation of the log-odds, and mean
    risk of the new over that of the old."""
    one, two = (model.predict(test, threads) for model in (judged, served))
    correlation = np.corrcoef(log_odds(one), log_odds(two))[0, 1]
    return {"correlation": judge.plain(correlation), "balance": judge.plain(two.mean() / one.mean())}


def predict_bundle(bundle: Bundle, panel: Panel) -> Array:
    """Risk by a bundle of each row of a panel, n; a stratum it has not seen has no offset."""
    stratum = bundle.strata(panel.meta["province"], panel.meta["urban"])
    matrix = risk.with_stratum(columns(panel, bundle.features), stratum)
    return sigmoid(bundle.forests["risk"].logit(matrix))
