"""Which rows a search may see, and what it minimises for Jaga and for each learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from features.commands import UserError
from models.baselines import lacks
from models.calibration import log_loss, sigmoid
from training import backtest, tune
from training.fit import Settings
from training.panel import Panel
from training.split import Split, plan
from training.tune import Budget, Tuned
from training.vocabulary import encode


def window(panel: Panel, test_from: int | None, seed: int) -> tuple[Split, bool]:
    """Rows to search on, and whether rows remain that the search does not see.

    A panel with periods enough keeps its last third: what is searched was known on the first judged day.
    """
    first = plan(panel, test_from, blocks=1, seed=seed)[0]
    if first.test_from is not None:
        return first, True
    usable = panel.at_risk & panel.seen
    return Split(usable, np.zeros(len(panel), dtype=bool), None), False


def settle(name: str, panel: Panel, split: Split, settings: Settings, budget: Budget) -> Tuned:
    """Settings of one model by out-of-fold log-loss on the training rows of a window."""
    own = encode(panel, split.train)
    if name == "jaga":
        return _jaga(own, split, settings, budget)
    sample = backtest.fitting(own, split, backtest.varying(own.take(split.train)), settings)
    why = lacks(name, sample)
    if why:
        raise UserError(f"{name} {why}")
    return tune.tune(name, sample, budget, settings.seed, settings.threads)


def _jaga(panel: Panel, split: Split, settings: Settings, budget: Budget) -> Tuned:
    """The whole fit, with bandwidth, penalty, rounds and blend chosen anew each time, on a part of the rows."""
    at = np.flatnonzero(split.train)
    rows = np.zeros(len(panel), dtype=bool)
    rows[at[:: max(1, -(-len(at) // tune.ROWS))]] = True
    y = panel.poor_next[rows]

    def objective(params: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        model = backtest.train(panel, rows, panel.poor_next == 1, panel.ratio_next, apply(settings, params))
        return log_loss(sigmoid(model.fitted.oof), y), {}

    usual = {name: float(getattr(settings, name)) for name in tune.OWN_SPACE}
    seen = tune.mark(panel.X[rows], y, panel.ratio_next[rows])
    return tune.search("jaga", tune.OWN_SPACE, usual, objective, budget, settings.seed, seen)


def apply(settings: Settings, params: Mapping[str, float]) -> Settings:
    """Settings with those of a `params.toml` put in."""
    own: dict[str, Any] = {name: int(value) if name in ("depth", "leaf") else value for name, value in params.items()}
    return replace(settings, **own)
