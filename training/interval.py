"""Widths of the households' intervals: what refits of the model on data of a known risk get wrong.

The risk that the fit found is taken for the truth, outcomes are drawn from it, the model is fitted again on a part of
the clusters and compared with that truth on the others. Each of the two learners is the truth in turn, since a model
always finds what it could have made itself; the gap between the two stands for what neither finds. Bootstrap of the
real outcomes covered .6 of true risks, seeds of trees .3 (domain trials); this about .9. Refits are calibrated by the
known risk, so what a few hundred falls leave unsure of the calibration, its bend included, is added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from features.types import Array
from models import additive
from models.calibration import fit_affine, sigmoid
from models.interval import CLASSES, LEVEL, Widths, lacking, usual
from training import backtest, bagged
from training.backtest import Model, columns
from training.fit import Rows, Settings, params, residual_spread, soften
from training.panel import Panel
from training.split import folds

REFITS = 8
MOST = 40_000
"""Rows that refits take at most; with more the widths shrink by the root of the rows, which spares the time."""
HELD = 5
"""One in so many clusters is compared, the others teach."""
BINS = 15
GAP = 0.5
"""Part of the learners' gap that is added to either side."""
WIDEST = 1 / 3
"""Widest bandwidth of a refit, in residual spreads: drawn outcomes lie normally around what is foreseen, so a wider one
learns more from them than from real ones, and the widths come out too small (.85 of p_view held where .89 were)."""
LOWEST = 0.2
"""Share of families, those of the least risk, whose interval begins at 0."""
ABOVE = 0.98
"""Share of refits' errors below the upper end where the lower end is 0. Some fits tell the least risks too small: with
the level itself, .9, the lowest fifth of four panels was held in .54 to .94, with this in .81 to .98, mean .90."""
_FEW = 100


def fit(panel: Panel, rows: Array, model: Model, settings: Settings, refits: int = REFITS) -> Widths:
    """Widths for a fitted model.

    Parameters
    ----------
    panel, rows : the panel, and the mask of the rows the model was fitted on.
    """
    taught = panel.take(rows)
    doubt = Doubt.of(model.fitted.oof, taught.poor_next, taught.clusters())
    own = _thin(taught, settings)
    z, truths, told = [], [], []
    parts = _Parts(own, model, settings)
    for number in range(refits):
        truth = parts.truths[number % 2]
        seen, logit = parts.again(truth, settings.seed + 1 + number)
        z.append(logit)
        truths.append(truth[seen])
        told.append(parts.lacking[seen])
    shrink = np.sqrt(len(own) * (1 - 1 / HELD) / rows.sum())
    return _table(np.concatenate(z), np.concatenate(truths), np.concatenate(told), parts, doubt,
                  min(1.0, float(shrink)))  # fmt: skip


def _thin(panel: Panel, settings: Settings) -> Panel:
    """Whole clusters, at most about `MOST` rows."""
    every = -(-len(panel) // MOST)
    return panel if every < 2 else panel.take(folds(panel.clusters(), every, settings.seed + 7) == 0)


class _Parts:
    """The fitted parts on the rows that refits take."""

    def __init__(self, panel: Panel, model: Model, settings: Settings) -> None:
        composed = model.fitted.composed
        self.settings, self.model = settings, model
        self.X, self.groups = columns(panel, model.features), panel.clusters()
        self.stratum = backtest.codes(panel, model.strata)
        self.binnings = composed.additive.binnings
        self.codes = np.column_stack([one.codes(self.X[:, i]) for i, one in enumerate(self.binnings)])
        self.weight, self.affine = composed.weight, composed.affine
        import lightgbm

        linear = composed.additive.eta(self.X)
        raw = lightgbm.Booster(model_str=composed.booster).predict(self.X, raw_score=True)
        self.logit = self.affine.logit(self.weight * linear + (1 - self.weight) * raw, self.stratum)
        self.truths = tuple(self._level(eta, panel.poor_next) for eta in (linear, np.asarray(raw)))
        self.gap = np.abs(self.truths[0] - self.truths[1])
        self.lacking = lacking(self.X, usual(self.X))
        log_ratio = np.log(np.maximum(panel.ratio_next, backtest.FLOOR))
        own = Rows(self.X, panel.poor_next, log_ratio, self.groups, self.stratum)
        self.spread = residual_spread(own, settings) if model.fitted.chosen["bandwidth"] > 0 else 0.0

    def _level(self, eta: Array, hard: Array) -> Array:
        """A learner alone, by the slope of the blend, its mean set right, n."""
        own = self.affine.slope * eta
        if len(self.affine.offsets):
            own = own + np.where(self.stratum >= 0, self.affine.offsets[np.maximum(self.stratum, 0)], 0.0)
        return fit_affine(own, hard, slope=1.0).logit(own)

    def again(self, truth: Array, seed: int) -> tuple[Array, Array]:
        """Rows left out of a refit on outcomes drawn from `truth` (log-odds, n), and their log-odds by it."""
        import lightgbm

        chosen, rng = self.model.fitted.chosen, np.random.default_rng(seed)
        p = np.clip(sigmoid(truth), 1e-9, 1 - 1e-9)
        draw = rng.normal(size=len(p))
        hard = (draw < ndtri(p)).astype(float)
        # Below the line with chance p, and as far from it as outcomes lie around what is foreseen.
        log_next = self.spread * (draw - ndtri(p)) if self.spread > 0 else np.full(len(p), np.nan)
        bandwidth = min(chosen["bandwidth"], WIDEST * self.spread)
        target = soften(hard, log_next, bandwidth)
        out = folds(self.groups, HELD, seed) == 0
        part = additive.fit(self.codes[~out], self.binnings, target[~out], chosen["penalty"])
        own = params(self.settings, int((~out).sum())) | {"seed": seed}
        booster = lightgbm.train(own, lightgbm.Dataset(self.X[~out], target[~out]), int(chosen["rounds"]))
        woods = chosen["weight_forest"]
        held = self.X[out]
        eta = self.weight * part.eta(held) + (1 - self.weight - woods) * booster.predict(held, raw_score=True)
        if woods > 0:
            forest = bagged.read(bagged.grow(self.X[~out], hard[~out], seed))
            eta += woods * forest.predict(held, raw_score=True)
        # As calibration out of fold does for the model itself: no refit may be flatter than what it is to find.
        return np.flatnonzero(out), fit_affine(eta, p[out]).logit(eta)


@dataclass(frozen=True, slots=True)
class Doubt:
    """How sure the calibration is: refits are each set right by a known risk, the model by a few hundred falls.

    Attributes
    ----------
    covariance : 3 x 3, of level, slope and bend in log-odds, which the calibration itself leaves straight.
    mean, spread : of the log-odds that it was found on.
    """

    covariance: Array
    mean: float
    spread: float

    @classmethod
    def of(cls, logit: Array, hard: Array, groups: Array) -> Doubt:
        """From out-of-fold log-odds, outcomes and groups, n each: the sandwich of a logistic regression, by groups."""
        mean, spread = float(logit.mean()), max(1e-9, float(logit.std()))
        X, p = _powers((logit - mean) / spread), sigmoid(logit)
        # One row's worth of prior: log-odds that hardly differ tell neither slope nor bend.
        inverse = np.linalg.inv((X.T * (p * (1 - p))) @ X + np.eye(3))
        code = pd.factorize(groups)[0]
        sums = np.column_stack([np.bincount(code, weights=column * (hard - p)) for column in X.T])
        return cls(inverse @ (sums.T @ sums) @ inverse, mean, spread)

    def width(self, logit: Array) -> Array:
        """Half the 90 % interval of the calibration at some log-odds, N."""
        X = _powers((logit - self.mean) / self.spread)
        return float(ndtri((1 + LEVEL) / 2)) * np.sqrt(np.einsum("ni,ij,nj->n", X, self.covariance, X))


def _powers(z: Array) -> Array:
    return np.column_stack([np.ones(len(z)), z, z**2])


def _table(z: Array, truth: Array, told: Array, parts: _Parts, doubt: Doubt, shrink: float) -> Widths:
    """Offsets by bin of what was told and by class; where a class has few rows, its spread scales the bin's."""
    edges = _edges(z)
    bins, own = np.searchsorted(edges, z), np.searchsorted(edges, parts.logit)
    floor = float(np.quantile(parts.logit, LOWEST))
    error = truth - z
    scale = [_spread(error[told == c]) / _spread(error) if (told == c).sum() >= _FEW else 1.0 for c in range(CLASSES)]
    low, high, at = (np.zeros((CLASSES, len(edges) + 1)) for _ in range(3))
    for b in range(len(edges) + 1):
        rows = bins == b
        here = parts.gap[own == b]
        gap = GAP * float(here.mean()) if len(here) else 0.0
        at[:, b] = np.median(z[rows])
        tails = (0.0, ABOVE) if at[0, b] <= floor else ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
        for c in range(CLASSES):
            mine = rows & (told == c)
            found = np.quantile(error[mine if mine.sum() >= _FEW else rows], tails)
            factor = shrink * (1.0 if mine.sum() >= _FEW else scale[c])
            low[c, b], high[c, b] = min(0.0, factor * found[0] - gap), max(0.0, factor * found[1] + gap)
    unsure = doubt.width(at[0])
    return Widths(at[0], -np.hypot(low, unsure), np.hypot(high, unsure), floor)


def _edges(z: Array) -> Array:
    """Upper ends, rising, of all bins but the last; tied log-odds share a bin, and each bin holds some."""
    edges = np.unique(np.quantile(z, np.linspace(0, 1, BINS + 1)[1:-1]))
    return edges[np.unique(np.searchsorted(edges, z))[:-1]]


def _spread(values: Array) -> float:
    return max(1e-9, float(np.subtract(*np.quantile(values, [0.95, 0.05]))))
