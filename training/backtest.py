"""Fit on the past, judge on what came later, beside the baselines: the figures of `jaga evaluate` and `jaga train`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import lightgbm
import numpy as np

from features import asof, periods
from features.commands import UserError
from features.registry import Feature
from features.types import Array
from models import risk
from models.baselines import LEARNERS, NAMES, PLAIN, Baseline, Sample, lacks
from models.bundle import stratum_names
from models.calibration import sigmoid
from training import checks, judge, tune
from training.attrition import follow_up_due, follow_up_weight
from training.fit import Fitted, Rows, Settings, fit
from training.panel import Panel
from training.rows import WINDOW
from training.split import Split, out_of_time
from training.table import FAMILY
from training.tune import Budget, inner_folds
from training.vocabulary import encode

SCHEMA = "jaga.evaluate/1"
FLOOR = 0.02  # welfare of 0 would have no logarithm; such a ratio counts as 2 % of the line


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
class Rivals:
    """Which baselines to judge beside Jaga, and how their settings are found.

    Attributes
    ----------
    names : of `models.baselines.NAMES`. budget : of the search for settings of those that have some.
    params : settings given beforehand by name; a learner named here is not tuned.
    most : rows at most that a learner is fitted on, evenly taken; None: all.
    """

    names: tuple[str, ...] = tuple(PLAIN)
    budget: Budget = field(default_factory=Budget)
    params: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    most: int | None = None


GATED = Rivals(NAMES, Budget(trials=3), params={"random_forest": LEARNERS["random_forest"].usual}, most=50_000)
"""What a model must not be worse than to be promoted: all there is, the forest by its usual settings, XGBoost and
CatBoost tuned, three settings each. Where those are not installed (the `dev` extra) they are left out, and the
promotion record says so."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """A judged model: the result that is written as JSON, and what the plots need.

    Attributes
    ----------
    model, split : of the last window; with one window, the model that was judged.
    rows, test, scores : all judged rows by index and as a panel, and the risk by every model.
    seconds : of the fits of Jaga, the baselines not counted.
    page : the report, where it was drawn already.
    """

    model: Model
    split: Split
    result: dict[str, Any]
    scores: dict[str, Array]
    test: Panel
    rows: Array
    seconds: float
    page: str = ""


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
    features = fixed.features if fixed else varying(own)
    if not features:
        raise UserError("no feature takes two values on the training rows; there is nothing to learn from")
    strata = fixed.strata if fixed else _strata(own)
    log_ratio = np.log(np.maximum(ratio[rows], FLOOR))
    data = Rows(columns(own, features), hard[rows].astype(float), log_ratio, own.clusters(), codes(own, strata))
    fitted = fit(data, features, len(strata), settings)
    text = risk.one_booster(fitted.composed)
    model = Model(text, lightgbm.Booster(model_str=text), features, strata, fitted)
    gap = float(np.abs(model.predict(own, settings.threads) - model.composed(own)).max())
    if gap > 1e-9:
        raise AssertionError(f"the one booster and its parts differ by {gap:g}; the model is not written")
    return model


def _strata(panel: Panel) -> tuple[str, ...]:
    """Names of the strata among these rows; none where the panel tells no places."""
    names = sorted(set(stratum_names(panel.meta["province"], panel.meta["urban"])))
    return () if names == ["/all"] else tuple(names)


def varying(panel: Panel) -> tuple[Feature, ...]:
    """Features that take at least two values on the training rows; the others say nothing."""
    low, high = np.full(panel.X.shape[1], np.nan), np.full(panel.X.shape[1], np.nan)
    seen = ~np.isnan(panel.X).all(axis=0)
    low[seen], high[seen] = np.nanmin(panel.X[:, seen], axis=0), np.nanmax(panel.X[:, seen], axis=0)
    share = np.isnan(panel.X).mean(axis=0)
    useful = (low < high) | ((share > 0) & (share < 1))
    return tuple(feature for feature, keep in zip(panel.features, useful, strict=True) if keep)


def run(panel: Panel, *, lookback: int, settings: Settings, test_from: int | None = None, number: int = 200,
        rivals: Rivals | None = None, splits: list[Split] | None = None, worth: judge.Worth | None = None,
        tell: Callable[[str], None] = lambda text: None) -> Backtest:  # fmt: skip
    """Split, fit, judge.

    Parameters
    ----------
    lookback : periods of the declared look-back.
    test_from : first judged origin; the last third of the origins without it.
    number : bootstrap resamples.
    rivals : the baselines.
    worth : what lists are judged by.
    splits : windows to judge, each with a model of its own (`training.split.plan`); one out of time without them.
    tell : gets a line a window, one for each model as it is fitted, and one of the figures.
    """
    rivals = rivals or Rivals()
    windows = splits or [out_of_time(panel, test_from)]
    _both_classes(panel, windows)
    found, tuned = [], _Settled(rivals, settings)
    for number_of, split in enumerate(windows, 1):
        if len(windows) > 1:
            tell(f"window {number_of} of {len(windows)}: {int(split.train.sum()):,} rows train, "
                 f"{int(split.test.sum()):,} are judged ...")  # fmt: skip
        found.append(_window(panel, split, settings, tuned, tell))
    order = np.argsort(np.concatenate([np.flatnonzero(split.test) for split in windows]), kind="stable")
    rows = np.flatnonzero(np.any([split.test for split in windows], axis=0))
    test = panel.take(rows)
    test.meta["follow_up_weight"] = np.concatenate([one.weights for one in found])[order]
    test.meta[WINDOW] = np.repeat(np.arange(1, len(windows) + 1), [split.test.sum() for split in windows])[order]
    # A baseline that one window lacks would be judged on other rows than the rest.
    names = [name for name in found[0].scores if all(name in one.scores for one in found)]
    scores = {name: np.concatenate([one.scores[name] for one in found])[order] for name in names}
    left_out = {name: why for one in found for name, why in one.left_out.items()}
    begun = time.monotonic()
    report = judge.judge(test, scores, lookback, number=number, seed=settings.seed, worth=worth)
    tell(f"figures of {len(test):,} judged rows with {number} resamples: {time.monotonic() - begun:.1f} s")
    report["left_out"] = left_out
    result = _result(panel, windows, [one.model for one in found], report, lookback, settings, number)
    result["tuned"] = tuned.found
    result["checks"] = checks.of(encode(panel, windows[-1].train), windows, found[-1].model, scores[judge.MAIN])
    seconds = sum(one.seconds for one in found)
    return Backtest(found[-1].model, windows[-1], result, scores, test, rows, seconds)


@dataclass(frozen=True, slots=True)
class _Window:
    """What one window found on its judged rows."""

    model: Model
    scores: dict[str, Array]
    weights: Array
    left_out: dict[str, str]
    seconds: float


def _both_classes(panel: Panel, windows: list[Split]) -> None:
    y = np.concatenate([panel.poor_next[split.test] for split in windows])
    if len(np.unique(y)) < 2:
        raise UserError(f"all {len(y)} judged rows hold one class; judge more origins with --test-from")


def _window(panel: Panel, split: Split, settings: Settings, settled: _Settled, tell: Callable[[str], None],
            ) -> _Window:  # fmt: skip
    own, begun = encode(panel, split.train), time.monotonic()
    model = train(own, split.train, own.poor_next == 1, own.ratio_next, settings)
    seconds = time.monotonic() - begun
    tell(f"  {judge.MAIN}: {seconds:.1f} s")
    test = own.take(split.test)
    scores = {judge.MAIN: model.predict(test, settings.threads)}
    taught = fitting(own, split, model.features, settings)
    judged = replace(sample(test, model.features, np.empty(0)), hard=np.empty(0))
    left_out = {}
    for name in settled.rivals.names:
        why = lacks(name, taught)
        if why:
            left_out[name] = why
            continue
        begun = time.monotonic()
        scores[name] = np.clip(settled.fit(name, taught, split).predict(judged), 0.0, 1.0)
        tell(f"  {name}: {time.monotonic() - begun:.1f} s")
    return _Window(model, scores, follow_up_weight(panel, _learnt(panel, split), split.test), left_out,
                   seconds)  # fmt: skip


def _learnt(panel: Panel, split: Split) -> Array:
    """Rows that the chance of being followed up is learned from: none of them is judged, n."""
    if split.test_from is None:
        judged = np.isin(panel.clusters().astype(str), np.unique(panel.clusters()[split.test].astype(str)))
        return panel.at_risk & ~judged
    day = asof.origin_date(split.test_from, panel.lag_days)
    return panel.at_risk & (panel.meta["period"] < split.test_from) & follow_up_due(panel, day)


class _Settled:
    """Baselines with their settings: found in one window, kept for later ones that they have seen no judged row of."""

    def __init__(self, rivals: Rivals, settings: Settings) -> None:
        self.rivals, self.settings = rivals, settings
        self.found: dict[str, dict[str, float]] = {}
        self._seen: dict[str, Array] = {}
        self._windows = 0

    def fit(self, name: str, sample: Sample, split: Split) -> Baseline:
        """The baseline fitted on the training rows of a window."""
        if name in PLAIN:
            return PLAIN[name][0](sample)
        params = self._params(name, sample, split)
        if self.rivals.most is not None and len(sample) > self.rivals.most:
            sample = sample.take(np.arange(len(sample)) % -(-len(sample) // self.rivals.most) == 0)
        return LEARNERS[name].fit(sample, params, self.settings.seed, self.settings.threads)[0]

    def _params(self, name: str, sample: Sample, split: Split) -> Mapping[str, float]:
        if name in self.rivals.params:
            return self.rivals.params[name]
        if name not in self._seen or (self._seen[name] & split.test).any():
            self._windows += 1
            own = tune.tune(name, sample, self.rivals.budget, self.settings.seed, self.settings.threads,
                            f"{name} {self._windows}")  # fmt: skip
            self.found[name], self._seen[name] = own.params, split.train
        return self.found[name]


def sample(panel: Panel, features: tuple[Feature, ...], fold: Array) -> Sample:
    """Rows of a panel as the baselines see them."""
    meta = panel.meta
    # A register does not know who was poor when: what only measured welfare tells is not for a baseline either.
    blind = all(f.family != FAMILY and "registry" in f.views for f in panel.features)
    spell = np.full(len(panel), np.nan) if blind else np.where(np.isnan(meta["gap"]), 0.0, meta["back_run"])
    return Sample(features, columns(panel, features), meta["ratio"], meta["last_poor"], spell, meta["past_poor"],
                  panel.poor_next, fold)  # fmt: skip


def fitting(panel: Panel, split: Split, features: tuple[Feature, ...], settings: Settings) -> Sample:
    """Training rows of a window for the baselines, with all households of measured welfare that it may know."""
    own = panel.take(split.train)
    taught = sample(own, features, inner_folds(own.clusters(), settings.inner, settings.seed, own.poor_next))
    known = ~np.isnan(panel.meta["ratio"]) & apart(panel, split)
    if split.test_from is not None:
        known &= panel.as_of <= asof.origin_date(split.test_from, panel.lag_days)
    if not known.any():
        return taught
    return replace(taught, everyone=(columns(panel, features)[known], panel.meta["ratio"][known]))


def apart(panel: Panel, split: Split) -> Array:
    """Rows of clusters that are not judged in this window, poor or not, n."""
    clusters = panel.clusters().astype(str)
    return ~np.isin(clusters, np.unique(clusters[split.test]))


def known(panel: Panel, split: Split) -> Array:
    """Rows of any household whose outcome a model of this window may know, poor or not, n."""
    rows = panel.seen & apart(panel, split)
    if split.test_from is not None:
        rows &= panel.outcome_known <= asof.origin_date(split.test_from, panel.lag_days)
    return rows


def _result(panel: Panel, windows: list[Split], models: list[Model], report: dict[str, Any], lookback: int,
            settings: Settings, number: int) -> dict[str, Any]:  # fmt: skip
    """What the JSON says of the rows and the fits; `train` and `chosen` are of the last window."""
    period, last = panel.meta["period"], windows[-1]
    timed = last.test_from is not None
    test = np.any([split.test for split in windows], axis=0)
    first = (
        min(split.test_from for split in windows if split.test_from is not None) if timed else int(period[test].min())
    )
    judged = panel.at_risk & (period >= first)
    cohort = report["cohort"] | {
        "embargoed": sum(split.embargoed for split in windows),
        "shared_clusters": sum(split.kept_from_training for split in windows),
        "shared_judged": int((judged & panel.seen & ~test).sum()) if timed else 0,
        "censored": int((judged & ~panel.seen).sum()),
        "from": periods.text(int(period[test].min())),
        "to": periods.text(int(period[test].max())),
    }
    trained = _trained(panel, last, models[-1])
    return report | {
        "schema": SCHEMA,
        "horizon": panel.horizon,
        "lag_days": panel.lag_days,
        "lookback": lookback,
        "test_from": periods.text(first),
        "seed": settings.seed,
        "bootstrap": {"resamples": number, "level": 0.95, "unit": "cluster"},
        "cohort": cohort,
        "design": "rolling origin" if timed else "grouped cross-validation",
        "splits": [_split(panel, *pair) for pair in zip(windows, models, strict=True)],
        "train": trained,
        "chosen": {name: round(float(value), 6) for name, value in models[-1].fitted.chosen.items()},
    }


def _split(panel: Panel, split: Split, model: Model) -> dict[str, Any]:
    own = panel.take(split.test)
    return {
        "test_from": None if split.test_from is None else periods.text(split.test_from),
        "judged": {"rows": len(own), "events": int(own.poor_next.sum())},
        "train": {"rows": int(split.train.sum()), "events": int(panel.poor_next[split.train].sum())},
        "chosen": {name: round(float(value), 6) for name, value in model.fitted.chosen.items()},
    }


def _trained(panel: Panel, split: Split, model: Model) -> dict[str, Any]:
    own = panel.take(split.train)
    return {
        "rows": len(own),
        "events": int(own.poor_next.sum()),
        "households": len(np.unique(own.meta["household_id"].astype(str))),
        "from": periods.text(int(own.meta["period"].min())),
        "to": periods.text(int(own.meta["period"].max())),
        "features": [feature.name for feature in model.features],
    }
