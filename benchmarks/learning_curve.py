"""How much of the best that the features allow is reached with 1,000 household-periods, and up to all that there are.

The best (p_view) is learnt from other families of the same generator (`jaga data oracle`). Every size holds the rows of
the smaller ones; all are judged on the same rows, which no size teaches. XGBoost with its usual settings, untuned.
"""

from __future__ import annotations

import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from features.sources import synthetic
from features.sources.synthetic import make
from features.types import Array
from models.baselines import LEARNERS, PLAIN
from training import backtest, ceiling, oracle, prepare
from training.backtest import Model
from training.fit import Settings
from training.judge import Resamples, summary
from training.metrics import metrics
from training.panel import Panel
from training.split import Split, out_of_time

RESAMPLES = 100
MOST_JUDGED = 100_000


def run() -> dict[str, Any]:
    """AUC of Jaga, a logistic regression and XGBoost by rows, and their share of the lift of p_view."""
    chosen = tomllib.loads((Path(__file__).parent / "protocol.toml").read_text(encoding="utf-8"))["learning_curve"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "families"
        synthetic.generate(folder, households=chosen["families"], survey=chosen["families"], periods=chosen["quarters"],
                           start=chosen["start"], seed=chosen["seed"], workers=2)  # fmt: skip
        best = ceiling.learn(folder, chosen["oracle_rows"], tell=lambda text: None)
        prepared = prepare.prepare("synthetic", folder, tell=lambda text: None)
    panel, split = prepared.panel, out_of_time(prepared.panel)
    judged = np.flatnonzero(split.test)[:: max(1, -(-int(split.test.sum()) // MOST_JUDGED))]
    test = panel.take(judged)
    draws = Resamples.of(test.clusters(), test.weight(), RESAMPLES, 1)
    top = metrics(best.predict(test), test.poor_next, draws.weights, names=("auc",))["auc"]
    print(f"   p_view from {best.rows:,} rows: AUC {top[0]:.4f} on {len(test):,} rows", flush=True)
    points = [_point(panel, split, rows, test, top, draws) for rows in _nested(panel, split, chosen["rows"])]
    last = points[-1]["models"]["jaga"]["share"]
    return {"families": chosen["families"], "seed": chosen["seed"], "generator": make.GENERATOR, "bar": chosen["bar"],
            "judged": len(test), "oracle_rows": best.rows, "p_view": summary(top, draws.level), "points": points,
            "passed": last["value"] >= chosen["bar"]}  # fmt: skip


def _nested(panel: Panel, split: Split, sizes: list[int]) -> list[Array]:
    """Masks of training rows, whole clusters, each holding the one before."""
    at = np.flatnonzero(split.train)
    code = np.unique(panel.clusters()[at].astype(str), return_inverse=True)[1]
    order = np.argsort(np.random.default_rng(1).permutation(code.max() + 1)[code], kind="stable")
    found = []
    for size in sizes:
        if size > len(at):
            print(f"   only {len(at):,} training rows; {size:,} becomes all of them", flush=True)
        rows = np.zeros(len(panel), dtype=bool)
        rows[at[order[:size]]] = True
        found.append(rows)
    return found


def _point(panel: Panel, split: Split, rows: Array, test: Panel, top: Array, draws: Resamples) -> dict[str, Any]:
    begun = time.monotonic()
    model = backtest.train(panel, rows, panel.poor_next == 1, panel.ratio_next, Settings())
    seconds = time.monotonic() - begun
    scores = {"jaga": model.predict(test, 2)} | _others(panel, split, rows, model, test)
    found: dict[str, Any] = {"rows": int(rows.sum()), "falls": int(panel.poor_next[rows].sum()), "models": {},
                             "seconds": round(seconds, 1)}  # fmt: skip
    for name, p in scores.items():
        own = metrics(p, test.poor_next, draws.weights, names=("auc", "log_loss"))
        found["models"][name] = {"auc": summary(own["auc"], draws.level),
                                 "log_loss": summary(own["log_loss"], draws.level),
                                 "share": summary(oracle.lift_share(own["auc"], top), draws.level)}  # fmt: skip
    told = ", ".join(f"{name} {own['auc']['value']:.4f} ({own['share']['value']:.3f})"
                     for name, own in found["models"].items())  # fmt: skip
    print(f"   {found['rows']:>9,} rows, {found['falls']:,} falls: {told}; fit {seconds:.0f} s", flush=True)
    return found


def _others(panel: Panel, split: Split, rows: Array, model: Model, test: Panel) -> dict[str, Array]:
    own = Split(rows, split.test, split.test_from)
    sample = backtest.fitting(panel, own, model.features, Settings())
    judged = backtest.sample(test, model.features, np.empty(0))
    learner = LEARNERS["xgboost"]
    rounds = learner.fit(sample.take(sample.fold != 0), learner.usual, 1, 2, sample.take(sample.fold == 0))[1]
    return {"logistic": PLAIN["logistic"][0](sample).predict(judged),
            "xgboost": learner.fit(sample, {**learner.usual, "rounds": rounds}, 1, 2)[0].predict(judged)}  # fmt: skip
