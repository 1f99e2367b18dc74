"""How often the households' intervals hold the truth, on synthetic families whose risk is known."""

from __future__ import annotations

from typing import Any

import numpy as np

from features.types import Array
from models.calibration import log_odds
from models.interval import LEVEL, Widths, lacking, usual
from training.backtest import Model, columns
from training.ceiling import Ceiling
from training.judge import Resamples, judged_weights, plain, summary
from training.panel import Panel

FIFTHS = 5


def judge(widths: Widths | None, model: Model, test: Panel, risk: Array, ceiling: Ceiling | None, latent: Array | None,
          *, number: int, seed: int) -> dict[str, Any] | None:  # fmt: skip
    """Coverage by fifths of the predicted risk, mean width and interval score.

    The interval is for `view`: the risk of families that look like this one (decision 18). `latent`, the risk given
    the whole hidden state, lies outside far more often: no interval from a register's facts could hold it, and it
    stands beside as what is not known.
    """
    if widths is None:
        return None
    X = columns(test, model.features)
    low, high = widths.bounds(log_odds(risk), lacking(X, usual(X)))
    draws = Resamples.of(test.clusters(), judged_weights(test), number, seed)
    truths = {"view": None if ceiling is None else ceiling.predict(test), "latent": latent}
    return {
        "level": LEVEL,
        "rows": len(test),
        "width": summary(_mean(high - low, draws.weights), draws.level),
        **{name: None if truth is None else _held(truth, low, high, risk, draws) for name, truth in truths.items()},
    }


def _held(truth: Array, low: Array, high: Array, risk: Array, draws: Resamples) -> dict[str, Any]:
    inside = ((low <= truth) & (truth <= high)).astype(float)
    alpha = 1 - LEVEL
    # Gneiting and Raftery 2007: the width, and 2 / alpha for what lies outside; lower is better.
    score = high - low + 2 / alpha * (np.maximum(low - truth, 0) + np.maximum(truth - high, 0))
    cuts = np.quantile(risk, np.arange(1, FIFTHS) / FIFTHS)
    fifth = np.searchsorted(cuts, risk)
    parts = []
    for number in range(FIFTHS):
        rows = fifth == number
        if not rows.any():
            continue
        weights = draws.weights[:, rows]
        parts.append({"rows": int(rows.sum()), "risk": plain(np.average(risk[rows], weights=weights[0])),
                      "truth": plain(np.average(truth[rows], weights=weights[0])),
                      "coverage": summary(_mean(inside[rows], weights), draws.level),
                      "width": plain(np.average((high - low)[rows], weights=weights[0]))})  # fmt: skip
    return {"coverage": summary(_mean(inside, draws.weights), draws.level),
            "score": summary(_mean(score, draws.weights), draws.level), "fifths": parts}  # fmt: skip


def _mean(values: Array, weights: Array) -> Array:
    return (weights @ values) / weights.sum(axis=1)
