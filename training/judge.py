"""Judge scores on held-out rows: every figure with an interval, every comparison paired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from features import cohort
from features.types import Array
from training.metrics import NAMES, metrics
from training.panel import Panel, kinds

MAIN = "jaga"
VULNERABLE = 1.5
"""Upper end of the vulnerable band, in poverty lines."""


@dataclass(frozen=True, slots=True)
class Resamples:
    """Bootstrap of whole clusters: how often each row counts, b x n, and the survey weights under it."""

    counts: Array
    weights: Array
    level: float

    @classmethod
    def of(cls, clusters: Array, weight: Array, number: int, seed: int, level: float = 0.95) -> Resamples:
        """`number` draws of as many clusters as there are, with replacement; the first row is the sample itself."""
        _, code = np.unique(clusters.astype(str), return_inverse=True)
        size = int(code.max()) + 1
        rng = np.random.default_rng(seed)
        draws = rng.multinomial(size, np.full(size, 1 / size), size=number).astype(np.float32)
        counts = np.vstack([np.ones((1, size), dtype=np.float32), draws])[:, code]
        return cls(counts, counts * weight.astype(np.float32), level)

    def some(self, rows: Array) -> Resamples:
        """The same draws on some rows only."""
        return Resamples(self.counts[:, rows], self.weights[:, rows], self.level)


def judge(panel: Panel, scores: Mapping[str, Array], lookback: int, *, number: int, seed: int) -> dict[str, Any]:
    """Figures of every score on the rows of `panel`, whole, by kind and in the vulnerable band.

    Parameters
    ----------
    panel : judged rows, all at risk with a known outcome.
    scores : name to n probabilities; `jaga` is compared with each of the others on the same resamples.
    lookback : periods of the declared look-back that tells first entry from unknown history.
    number, seed : of the bootstrap over clusters.
    """
    resamples = Resamples.of(panel.clusters(), panel.weight() * follow_up(panel), number, seed)
    kind = kinds(panel, lookback)
    band = panel.meta["ratio"] < VULNERABLE
    everyone = np.ones(len(panel), dtype=bool)
    report = _figures(panel, scores, resamples, everyone)
    report["kinds"] = {name: _figures(panel, scores, resamples, kind == code) for code, name in enumerate(cohort.KINDS)}
    report["bands"] = {"vulnerable": _figures(panel, scores, resamples, band)}
    return report


def follow_up(panel: Panel) -> Array:
    """Weights of judged rows for those that were not seen again, 1 where none were made, n."""
    return panel.meta.get("follow_up_weight", np.ones(len(panel)))


def _figures(panel: Panel, scores: Mapping[str, Array], resamples: Resamples, rows: Array) -> dict[str, Any]:
    y = panel.poor_next[rows]
    own = resamples.some(rows)
    found = {name: metrics(p[rows], y, own.weights) if rows.any() else {} for name, p in scores.items()}
    others = [name for name in scores if name != MAIN]
    return {
        "cohort": _cohort(panel, rows),
        "models": {name: summaries(values, own.level) for name, values in found.items()},
        "differences": {
            name: summaries({m: found[MAIN][m] - found[name][m] for m in found[MAIN]}, own.level) for name in others
        },
    }


def _cohort(panel: Panel, rows: Array) -> dict[str, Any]:
    y, weight = panel.poor_next[rows], panel.weight()[rows]
    return {
        "rows": int(rows.sum()),
        "events": int(y.sum()),
        "households": len(np.unique(panel.meta["household_id"][rows].astype(str))),
        "rate": plain(np.average(y, weights=weight)) if weight.sum() > 0 else None,
    }


def summaries(values: Mapping[str, Array], level: float) -> dict[str, Any]:
    """Every metric's value and interval; null where `values` lacks it."""
    return {name: summary(values[name], level) if name in values else summary(np.empty(0), level) for name in NAMES}


def summary(values: Array, level: float) -> dict[str, float | None]:
    """Value on the sample and the percentile interval over the resamples that define it."""
    drawn = values[1:][~np.isnan(values[1:])]
    if not len(values) or np.isnan(values[0]) or len(drawn) < 20:
        value = plain(values[0]) if len(values) else None
        return {"value": value, "low": None, "high": None}
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return {"value": plain(values[0]), "low": plain(low), "high": plain(high)}


def plain(value: float) -> float | None:
    """A figure for the JSON: six decimals, null for NaN."""
    return None if value != value else round(float(value), 6)
