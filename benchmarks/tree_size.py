"""How deep the trees should be: accuracy out of time against the speed of scores and of reasons.

Each depth stops by its own inner folds, as a training run does; differences are paired with the usual depth.
"""

from __future__ import annotations

import tempfile
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from features.sources import synthetic
from features.sources.synthetic import make
from models import risk
from models.forest import Forest
from training import backtest, prepare
from training.fit import Settings
from training.judge import Resamples, summary
from training.metrics import metrics
from training.split import out_of_time

RESAMPLES, RUNS, ROWS = 200, 3, 100_000


def run() -> dict[str, Any]:
    """Fit one model a depth; time its log-odds and its five strongest reasons with one thread."""
    chosen = tomllib.loads((Path(__file__).parent / "protocol.toml").read_text(encoding="utf-8"))["tree_size"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "families"
        synthetic.generate(folder, households=chosen["families"], periods=chosen["quarters"], start=chosen["start"],
                           seed=chosen["seed"], workers=2)  # fmt: skip
        panel = prepare.prepare("synthetic", folder, tell=lambda text: None).panel
    split = out_of_time(panel)
    test = panel.take(np.flatnonzero(split.test)[:ROWS])
    draws = Resamples.of(test.clusters(), test.weight(), RESAMPLES, 1)
    found, told = [], {}
    for depth in chosen["depths"]:
        model = backtest.train(panel, split.train, panel.poor_next == 1, panel.ratio_next,
                               replace(Settings(), depth=depth))  # fmt: skip
        told[depth] = metrics(model.predict(test, 2), test.poor_next, draws.weights, names=("auc", "log_loss"))
        forest = Forest(model.text)
        matrix = risk.with_stratum(backtest.columns(test, model.features), backtest.codes(test, model.strata))
        told_by = np.arange(forest.width)
        found.append({
            "depth": depth, "trees": model.booster.num_trees(), "rounds": model.fitted.chosen["rounds"],
            "groups": len(forest.tables.node_at) - 1,
            "scores": len(matrix) / _best(lambda forest=forest, X=matrix: forest.logit(X)),
            "reasons": len(matrix) / _best(lambda forest=forest, X=matrix, of=told_by: forest.strongest(X, of, 5)),
            "lightgbm": len(matrix) / _best(lambda own=model.booster, X=matrix: own.predict(X, num_threads=1)),
        })  # fmt: skip
    for one in found:
        for name in ("auc", "log_loss"):
            own, usual = told[one["depth"]][name], told[chosen["usual"]][name]
            one[name] = summary(own, draws.level)
            one[f"{name}_less_usual"] = summary(own - usual, draws.level)
        gap = one["log_loss_less_usual"]
        spread = f"{gap['value']:+.5f} ({gap['low']:+.5f} to {gap['high']:+.5f})"
        print(f"   depth {one['depth']}: {one['trees']} trees, AUC {one['auc']['value']:.4f}, log-loss less that of "
              f"depth {chosen['usual']} {spread}; {one['scores']:,.0f} scores/s, {one['reasons']:,.0f} with reasons, "
              f"LightGBM {one['lightgbm']:,.0f}", flush=True)  # fmt: skip
    return {"families": chosen["families"], "quarters": chosen["quarters"], "seed": chosen["seed"],
            "generator": make.GENERATOR, "train": int(split.train.sum()), "judged": len(test),
            "usual": chosen["usual"], "depths": found, "passed": True}  # fmt: skip


def _best(work: Callable[[], object]) -> float:
    work()
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)
