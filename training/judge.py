"""Judge scores on held-out rows: every figure with an interval, every comparison paired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from features import cohort
from features.types import Array
from models.errors import FLOOR, RHO, TRANSFER
from training.limits import too_few
from training.metrics import BIASED, NAMES, RANKING, Later, metrics
from training.panel import Panel, kinds

MAIN = "jaga"
FEWEST_DRAWS = 20
"""Resamples that define a figure, below which it has no interval."""
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


@dataclass(frozen=True, slots=True)
class Worth:
    """What lists are judged by beside falls.

    Attributes
    ----------
    transfer : to each listed household, in poverty lines.
    budget, benefit : a sum for one origin, and what a family gets of it, in one currency; None: no such list.
    """

    transfer: float = TRANSFER
    budget: float | None = None
    benefit: float | None = None

    def places(self, origins: int) -> float | None:
        """Families that the budget pays for over a number of origins."""
        return None if self.budget is None or self.benefit is None else origins * self.budget / self.benefit


def judge(panel: Panel, scores: Mapping[str, Array], lookback: int, *, number: int, seed: int,
          worth: Worth | None = None) -> dict[str, Any]:  # fmt: skip
    """Figures of every score on the rows of `panel`: whole, by kind, by distance to the line, and for a downgrade.

    Parameters
    ----------
    panel : judged rows, all at risk with a known outcome.
    scores : name to n probabilities; `jaga` is compared with each of the others on the same resamples.
    lookback : periods of the declared look-back that tells first entry from unknown history.
    number, seed : of the bootstrap over clusters. worth : of lists.
    """
    from training import curves  # which summarises its bins as this module does

    worth = worth or Worth()
    resamples = Resamples.of(panel.clusters(), judged_weights(panel), number, seed)
    months, no_months = _months(panel)
    later = Later(panel.ratio_next, months, worth.transfer,
                  worth.places(len(np.unique(panel.meta["period"]))))  # fmt: skip
    judged = _Judged(panel, scores, resamples, later)
    kind = kinds(panel, lookback)
    report = judged.figures(np.ones(len(panel), dtype=bool))
    report["kinds"] = {name: judged.figures(kind == code) for code, name in enumerate(cohort.KINDS)}
    report["bands"] = {name: judged.figures(rows) for name, rows in bands(panel).items()}
    report["reliability"] = curves.reliability(scores, panel.poor_next, resamples)
    report["outcomes"] = {"downgrade": judged.downgrade()}
    report["worth"] = {"transfer": worth.transfer, "floor": FLOOR, "rho": list(RHO), "budget": worth.budget,
                       "benefit": worth.benefit, "places": plain(later.budget),
                       "welfare": _why_welfare(panel), "months": no_months}  # fmt: skip
    return report


STEPS = (1.0, 1.1, 1.25, 1.5, 2.0)
"""Distances to the line, in lines, that figures are told by."""
CLEAR = 1.1
"""Welfare over the line from which a household is out of poverty strictly, by more than a survey errs."""


def bands(panel: Panel) -> dict[str, Array]:
    """Rows by where they stand at the origin: the vulnerable, those out strictly, and by distance to the line.

    Out strictly: not poor at the origin and at the observation before, or over 1.1 lines: who has just crossed the
    line may have done so by an error of measurement, and falls back without having been out.
    """
    ratio = panel.meta["ratio"]
    edges = [*STEPS, np.inf]
    names = [f"{low:.2f}-{high:.2f}" if high < np.inf else f"{low:.2f} and more" for low, high in pairwise(edges)]
    by_distance = {name: (ratio >= low) & (ratio < high) for name, (low, high) in zip(names, pairwise(edges),
                                                                                     strict=True)}  # fmt: skip
    strictly = (panel.meta["last_poor"] == 0) | (ratio > CLEAR)
    return {"vulnerable": ratio < VULNERABLE, "strict": strictly} | by_distance


def _why_welfare(panel: Panel) -> str | None:
    return "welfare at the horizon is not measured in every judged row" if np.isnan(panel.ratio_next).any() else None


ONE_PERIOD = "one period ahead they are the falls themselves, so that falls caught tell them"


def _months(panel: Panel) -> tuple[Array, str | None]:
    """Months under the line within the horizon, n; all NaN where they are not told, and then why."""
    months, why = panel.months(), None
    if panel.horizon == 1:
        why = ONE_PERIOD
    elif np.isnan(months).any():
        why = "not every period between origin and horizon is observed"
    elif not months.any():
        why = "no month under the line"
    return (months if why is None else np.full(len(months), np.nan)), why


def judged_weights(panel: Panel) -> Array:
    """Weights of judged rows: those of the survey times those for rows that were not seen again, where some were made,
    n."""
    return panel.weight() * panel.meta.get("follow_up_weight", 1.0)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The judged rows with their scores and resamples."""

    panel: Panel
    scores: Mapping[str, Array]
    resamples: Resamples
    later: Later

    def figures(self, rows: Array) -> dict[str, Any]:
        """Every figure of every score on some rows, a mask; null where they are too few (`training.limits`)."""
        own = self.resamples.some(rows)
        later = self.later.take(rows, own.weights)
        y = self.panel.poor_next
        return {"cohort": _cohort(self.panel, rows, y)} | self._compared(rows, y, own, later, NAMES)

    def downgrade(self) -> dict[str, Any] | None:
        """How the same scores order households by whether they went down a rung or more; None without welfare."""
        panel = self.panel
        now = cohort.rung(panel.meta["ratio"], panel.meta["extreme"])
        then = cohort.rung(panel.ratio_next, panel.extreme_next)
        known = ~np.isnan(now) & ~np.isnan(then)
        if not known.any():
            return None
        y = np.where(known, then < now, np.nan).astype(float)
        return {"cohort": _cohort(panel, known, y)} | self._compared(
            known, y, self.resamples.some(known), None, RANKING
        )

    def _compared(self, rows: Array, y: Array, own: Resamples, later: Later | None, names: tuple[str, ...],
                  ) -> dict[str, Any]:  # fmt: skip
        small = too_few(int(rows.sum()), int(y[rows].sum()))
        found = {name: {} if small else metrics(p[rows], y[rows], own.weights, later, names)
                 for name, p in self.scores.items()}  # fmt: skip
        others = [name for name in self.scores if name != MAIN]
        gaps = {name: {m: found[MAIN][m] - found[name][m] for m in found[MAIN]} for name in others}
        return {
            "models": {name: summaries(values, own.level, names) for name, values in found.items()},
            "differences": {name: summaries(values, own.level, names, gaps=True) for name, values in gaps.items()},
        }


def _cohort(panel: Panel, rows: Array, y: Array) -> dict[str, Any]:
    y, weight = y[rows], panel.weight()[rows]
    return {
        "rows": int(rows.sum()),
        "events": int(y.sum()),
        "too_few": too_few(int(rows.sum()), int(y.sum())),
        "households": len(np.unique(panel.meta["household_id"][rows].astype(str))),
        "clusters": len(np.unique(panel.clusters()[rows].astype(str))),
        "rate": plain(np.average(y, weights=weight)) if weight.sum() > 0 else None,
    }


def summaries(values: Mapping[str, Array], level: float, names: tuple[str, ...] = NAMES, *, gaps: bool = False,
              ) -> dict[str, Any]:  # fmt: skip
    """Every metric's value and interval; null where `values` lacks it. gaps : differences, which may lie under 0."""
    least = -np.inf if gaps else 0.0
    return {name: unbiased(values[name], level, least=least) if name in BIASED and name in values
            else summary(values.get(name, np.empty(0)), level) for name in names}  # fmt: skip


def summary(values: Array, level: float) -> dict[str, float | None]:
    """Value on the sample and the percentile interval over the resamples that define it."""
    drawn = values[1:][~np.isnan(values[1:])]
    if not len(values) or np.isnan(values[0]) or len(drawn) < FEWEST_DRAWS:
        value = plain(values[0]) if len(values) else None
        return {"value": value, "low": None, "high": None}
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return {"value": plain(values[0]), "low": plain(low), "high": plain(high)}


def unbiased(values: Array, level: float, share: float = 0.0, least: float = 0.0) -> dict[str, float | None]:
    """A statistic of sizes less what chance adds to it, and its basic bootstrap interval, which holds it.

    What is made of absolute values or squares, as ECE and the stability index are, is above 0 by chance alone: of two
    samples of one distribution the index is about (bins - 1) x (1 / rows now + 1 / training rows), more where clusters
    are large. A resample adds the chance of the sample once more, which tells its size, so that percentiles of the
    resamples may lie wholly above the figure of the sample; the chance of a second sample that is not drawn again is
    taken in proportion (Efron and Tibshirani 1993, 'An introduction to the bootstrap', chapters 10 and 13: bias, and
    the interval 2 x estimate - quantile).

    Parameters
    ----------
    values : the statistic of the sample, then of its resamples. share : rows of the sample over those of a second one
        that it is compared with; 0: there is none. least : the least there is of it.
    """
    drawn = values[1:][~np.isnan(values[1:])]
    if not len(values) or np.isnan(values[0]) or len(drawn) < FEWEST_DRAWS:
        return summary(values, level)
    centre = 2 * values[0] - share * (drawn.mean() - values[0])
    ends = centre - np.quantile(drawn, [(1 + level) / 2, (1 - level) / 2])
    value, low, high = (plain(max(least, float(one))) for one in (centre - drawn.mean(), *ends))
    return {"value": value, "low": low, "high": high}


def plain(value: float | None) -> float | None:
    """A figure for the JSON: six decimals, null for NaN."""
    return None if value is None or value != value else round(float(value), 6)
