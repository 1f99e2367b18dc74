"""How steady a list is, how a model ages, and how far a family's own answers could move it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from features import asof, periods
from features.types import Array
from models import risk
from training import backtest
from training.backtest import Model
from training.fit import Settings
from training.judge import Resamples, plain, summaries
from training.limits import too_few
from training.metrics import metrics
from training.panel import Panel
from training.split import Split

BUDGET = 0.1
SEEDS = 3
AGED = ("auc", "average_precision", "log_loss", "calibration_slope", "expected_over_observed")


def settled(settings: Settings, model: Model) -> Settings:
    """Settings that choose nothing anew: what a fit chose before, so that refits are quick and alike."""
    fitted = model.fitted
    return replace(settings, penalties=(fitted.chosen["penalty"],), bandwidths=(fitted.share,))


def of_list(panel: Panel, split: Split, model: Model, settings: Settings, risk_told: Array) -> dict[str, Any]:
    """Overlap of the list with the list of models made a little otherwise, on the judged rows.

    reseed : other seeds of folds and trees. retrain : training clusters drawn with replacement. update : without the
    last period of the training rows, as before the data were last brought up to date.
    """
    own = settled(settings, model)
    first = top(risk_told)
    test = panel.take(split.test)

    def again(train: Array, seed: int) -> dict[str, float]:
        found = backtest.train(panel, train, panel.poor_next == 1, panel.ratio_next, replace(own, seed=seed))
        return overlap(first, top(found.predict(test, settings.threads)))

    names = np.unique(panel.clusters()[split.train].astype(str))
    kept = []
    for number in range(SEEDS):
        # In a draw of clusters 63 in 100 are there: those once or more, without the weight of the doubles.
        rng = np.random.default_rng(settings.seed + number)
        drawn = np.unique(rng.choice(names, len(names)))
        kept.append(split.train & np.isin(panel.clusters().astype(str), drawn))
    late = panel.meta["period"][split.train].max()
    older = split.train & (panel.meta["period"] < late)
    found = {
        "reseed": [again(split.train, settings.seed + 1 + number) for number in range(SEEDS)],
        "retrain": [again(rows, settings.seed) for rows in kept],
        "update": [again(older, settings.seed)] if panel.poor_next[older].sum() >= 50 else [],
    }
    return {name: {key: plain(float(np.mean([one[key] for one in own]))) for key in own[0]} | {"models": len(own)}
            if own else None for name, own in found.items()}  # fmt: skip


def top(p: Array) -> Array:
    """The tenth of rows with the highest risk, n bools; the first row wins a tie."""
    found = np.zeros(len(p), dtype=bool)
    found[np.argsort(-p, kind="stable")[: max(1, round(BUDGET * len(p)))]] = True
    return found


def overlap(one: Array, two: Array) -> dict[str, float]:
    """Share of a list that the other keeps, and the Jaccard index of both."""
    both = float((one & two).sum())
    return {"kept": both / one.sum(), "jaccard": both / (one | two).sum()}


def by_age(panel: Panel, split: Split, model: Model, threads: int, *, number: int, seed: int) -> list[dict[str, Any]]:
    """Quality of one fitted model by the periods since its training data ended, on rows of clusters it never saw."""
    if split.test_from is None:
        return []
    clusters = panel.clusters().astype(str)
    unseen = ~np.isin(clusters, np.unique(clusters[split.train]))
    rows = panel.at_risk & panel.seen & unseen & (panel.meta["period"] >= split.test_from)
    rows &= panel.as_of >= asof.origin_date(split.test_from, panel.lag_days)
    found = []
    for period in np.unique(panel.meta["period"][rows]):
        own = panel.take(rows & (panel.meta["period"] == period))
        draws = Resamples.of(own.clusters(), own.weight(), number, seed)
        events = int(own.poor_next.sum())
        figures = {} if too_few(len(own), events) else metrics(model.predict(own, threads), own.poor_next,
                                                               draws.weights, names=AGED)  # fmt: skip
        found.append({"period": periods.text(int(period)), "age": int(period - split.test_from), "rows": len(own),
                      "events": events, **summaries(figures, draws.level, AGED)})  # fmt: skip
    return found


def gaming(panel: Panel, model: Model, threads: int, most: int = 5000) -> list[dict[str, Any]]:
    """What a family gains that answers one question otherwise, alone: rank moved and places won, by feature.

    Each self-reported fact is set to the value that raises the risk most among what families are seen to answer (5th
    and 95th percentile of a number, each category of the rest); the others keep their ranks.
    """
    rows = np.arange(len(panel))[:: max(1, -(-len(panel) // most))]
    own = panel.take(rows)
    matrix = risk.with_stratum(backtest.columns(own, model.features), backtest.codes(own, model.strata))
    told = risk.predict(model.booster, matrix, threads)
    order = np.sort(told)
    cut = np.quantile(told, 1 - BUDGET)
    found = []
    for number, feature in enumerate(model.features):
        if not feature.contestable:
            continue
        values = _plausible(matrix[:, number], bool(feature.choices))
        if len(values) < 2:
            continue
        tried = [_with(matrix, number, value, model, threads) for value in values]
        best = int(np.argmax([p.mean() for p in tried]))
        p = tried[best]
        moved = (np.searchsorted(order, p) - np.searchsorted(order, told)) / len(told)
        out = told < cut
        won = float((p[out] >= cut).mean())
        found.append({"feature": feature.name, "value": plain(float(values[best])),
                      "moved": plain(float(moved[out].mean())), "won": plain(won)})  # fmt: skip
    return sorted(found, key=lambda one: -(one["won"] or 0.0))


def _plausible(column: Array, category: bool) -> Array:
    seen = column[~np.isnan(column)]
    if not len(seen):
        return seen
    return np.unique(seen) if category else np.unique(np.quantile(seen, [0.05, 0.95], method="nearest"))


def _with(matrix: Array, column: int, value: float, model: Model, threads: int) -> Array:
    own = matrix.copy()
    own[:, column] = value
    return risk.predict(model.booster, own, threads)
