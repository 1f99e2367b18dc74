"""Fit on the past, judge on what came later, beside the baselines: the figures of `jaga evaluate` and `jaga train`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import lightgbm
import numpy as np

from features import asof, periods
from features.commands import UserError
from features.registry import Feature
from features.types import Array
from models import risk
from models.baselines import BASELINES, Sample
from models.bundle import stratum_names
from models.calibration import sigmoid
from training import judge
from training.attrition import follow_up_due, follow_up_weight
from training.fit import Fitted, Rows, Settings, fit
from training.panel import Panel
from training.split import Split, folds, out_of_time

SCHEMA = "jaga.evaluate/1"
_FLOOR = 0.02  # welfare of 0 would have no logarithm; such a ratio counts as 2 % of the line


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted risk model as one booster, with what is needed to apply it to a panel.

    Attributes
    ----------
    text, booster : the LightGBM model text and the booster read from it.
    features : its features, a subset of the panel's.
    strata : stratum names by code.
    """

    text: str
    booster: Any
    features: tuple[Feature, ...]
    strata: tuple[str, ...]
    fitted: Fitted

    def predict(self, panel: Panel, threads: int) -> Array:
        """Risk of each row of the panel, n."""
        return risk.predict(self.booster, self._matrix(panel), threads)

    def _matrix(self, panel: Panel) -> Array:
        return risk.with_stratum(columns(panel, self.features), codes(panel, self.strata))

    def composed(self, panel: Panel) -> Array:
        """The same risk computed from the parts, for the equality test, n."""
        X = columns(panel, self.features)
        trees = lightgbm.Booster(model_str=self.fitted.composed.booster)
        return sigmoid(self.fitted.composed.logit(X, trees.predict(X, raw_score=True), codes(panel, self.strata)))


@dataclass(frozen=True, slots=True)
class Backtest:
    """A judged model: the result that is written as JSON, and what the plots need."""

    model: Model
    split: Split
    result: dict[str, Any]
    scores: dict[str, Array]
    test: Panel


def columns(panel: Panel, features: tuple[Feature, ...]) -> Array:
    """The panel's values of some features, n x F."""
    order = {feature.name: number for number, feature in enumerate(panel.features)}
    return panel.X[:, [order[feature.name] for feature in features]]


def codes(panel: Panel, strata: tuple[str, ...]) -> Array:
    """Stratum code of each row, n; -1 where the name is not among `strata`."""
    known = {name: code for code, name in enumerate(strata)}
    names = stratum_names(panel.meta["province"], panel.meta["urban"])
    return np.array([known.get(name, -1) for name in names], dtype=np.int64)


def train(
    panel: Panel, rows: Array, hard: Array, ratio: Array, settings: Settings, fixed: Model | None = None
) -> Model:
    """Fit one model on some rows of the panel.

    Parameters
    ----------
    rows : mask of the training rows.
    hard, ratio : label and the welfare ratio it is read from, n each over the whole panel.
    fixed : a model whose features and strata this one must have, so that both read one matrix.
    """
    own = panel.take(rows)
    features = fixed.features if fixed else _varying(own)
    if not features:
        raise UserError("no feature takes two values on the training rows; there is nothing to learn from")
    strata = fixed.strata if fixed else tuple(sorted(set(stratum_names(own.meta["province"], own.meta["urban"]))))
    log_ratio = np.log(np.maximum(ratio[rows], _FLOOR))
    data = Rows(columns(own, features), hard[rows].astype(float), log_ratio, own.clusters(), codes(own, strata))
    fitted = fit(data, features, len(strata), settings)
    text = risk.one_booster(fitted.composed)
    model = Model(text, lightgbm.Booster(model_str=text), features, strata, fitted)
    gap = float(np.abs(model.predict(own, settings.threads) - model.composed(own)).max())
    if gap > 1e-9:
        raise AssertionError(f"the one booster and its parts differ by {gap:g}; the model is not written")
    return model


def _varying(panel: Panel) -> tuple[Feature, ...]:
    """Features that take at least two values on the training rows; the others say nothing."""
    low, high = np.full(panel.X.shape[1], np.nan), np.full(panel.X.shape[1], np.nan)
    seen = ~np.isnan(panel.X).all(axis=0)
    low[seen], high[seen] = np.nanmin(panel.X[:, seen], axis=0), np.nanmax(panel.X[:, seen], axis=0)
    share = np.isnan(panel.X).mean(axis=0)
    useful = (low < high) | ((share > 0) & (share < 1))
    return tuple(feature for feature, keep in zip(panel.features, useful, strict=True) if keep)


def run(panel: Panel, *, lookback: int, settings: Settings, test_from: int | None = None, number: int = 200,
        baselines: tuple[str, ...] = tuple(BASELINES)) -> Backtest:  # fmt: skip
    """Split, fit, judge.

    Parameters
    ----------
    lookback : periods of the declared look-back.
    test_from : first judged origin; the last third of the origins without it.
    number : bootstrap resamples.
    """
    split = out_of_time(panel, test_from)
    model = train(panel, split.train, panel.poor_next == 1, panel.ratio_next, settings)
    test = panel.take(split.test)
    if len(np.unique(test.poor_next)) < 2:
        raise UserError(f"all {len(test)} judged rows hold one class; judge more origins with --test-from")
    day = asof.origin_date(split.test_from, panel.lag_days)
    learn = panel.at_risk & (panel.meta["period"] < split.test_from) & follow_up_due(panel, day)
    test.meta["follow_up_weight"] = follow_up_weight(panel, learn, split.test)
    scores = {judge.MAIN: model.predict(test, settings.threads)}
    scores |= _baselines(panel, split, model.features, settings, baselines)
    report = judge.judge(test, scores, lookback, number=number, seed=settings.seed)
    return Backtest(model, split, _result(panel, split, model, report, lookback, settings, number), scores, test)


def _sample(panel: Panel, features: tuple[Feature, ...], fold: Array) -> Sample:
    return Sample(features, columns(panel, features), panel.meta["ratio"], panel.meta["last_poor"],
                  panel.poor_next, fold)  # fmt: skip


def _baselines(panel: Panel, split: Split, features: tuple[Feature, ...], settings: Settings, names: tuple[str, ...],
               ) -> dict[str, Array]:  # fmt: skip
    own, test = panel.take(split.train), panel.take(split.test)
    fold = folds(own.clusters(), settings.inner, settings.seed)
    fitting = _sample(own, features, fold)
    judged = replace(_sample(test, features, np.empty(0)), hard=np.empty(0))
    return {name: BASELINES[name](fitting).predict(judged) for name in names}


def _result(panel: Panel, split: Split, model: Model, report: dict[str, Any], lookback: int, settings: Settings,
            number: int) -> dict[str, Any]:  # fmt: skip
    judged = panel.at_risk & (panel.meta["period"] >= split.test_from)
    cohort = report["cohort"] | {
        "embargoed": split.embargoed,
        "shared_clusters": split.kept_from_training,
        "shared_judged": split.kept_from_judging,
        "censored": int((judged & ~panel.seen).sum()),
        "from": periods.text(int(panel.meta["period"][split.test].min())),
        "to": periods.text(int(panel.meta["period"][split.test].max())),
    }
    trained = panel.take(split.train)
    return report | {
        "schema": SCHEMA,
        "horizon": panel.horizon,
        "lag_days": panel.lag_days,
        "lookback": lookback,
        "test_from": periods.text(split.test_from),
        "seed": settings.seed,
        "bootstrap": {"resamples": number, "level": 0.95, "unit": "cluster"},
        "cohort": cohort,
        "train": {
            "rows": len(trained),
            "events": int(trained.poor_next.sum()),
            "households": len(np.unique(trained.meta["household_id"].astype(str))),
            "from": periods.text(int(trained.meta["period"].min())),
            "to": periods.text(int(trained.meta["period"].max())),
            "features": [feature.name for feature in model.features],
        },
        "chosen": {name: round(float(value), 6) for name, value in model.fitted.chosen.items()},
        "interval": None,
        "ladder": None,
    }
