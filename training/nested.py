"""Nested ablation: does a group of features say anything that a model without them does not know already?

Two boosters that are fitted apart differ by their own fitting noise, which hid true effects whose slope was found
with z of 7 to 12. So the model without the features is fitted once, and its out-of-fold log-odds are the offset of what
the group adds: an index known beforehand (`ablate`), or one learned from the training rows (`learn`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from features.registry import Feature
from features.types import Array
from models import additive
from models.calibration import fit_affine, log_odds, sigmoid
from training import backtest, logistic
from training.backtest import Model, columns
from training.fit import Settings, bent, soften
from training.judge import Resamples, summary
from training.panel import Panel
from training.split import Split, folds
from training.steady import steady

_FLAT = 1e-9  # spread in log-odds below which a group says the same of every row


@dataclass(frozen=True, slots=True)
class Base:
    """A model without the features: its log-odds on the training rows are out of fold, those on the test rows plain."""

    panel: Panel
    split: Split
    model: Model
    test: Array

    @property
    def train(self) -> Array:
        """Log-odds on the training rows."""
        return self.model.fitted.oof


@dataclass(frozen=True, slots=True)
class Nested:
    """One slope on the index of a group of features, beside the log-odds of a model without them.

    Attributes
    ----------
    slope, error, z : of the index in units of its training spread; the error is robust to clusters.
    change : log-loss on the test part with the slope minus without, `value`, `low` and `high`; below 0 it helps.
    train_rows, test_rows : rows that the slope was fitted and judged on.
    """

    slope: float
    error: float
    z: float
    change: dict[str, float | None]
    train_rows: int
    test_rows: int


def without(features: tuple[Feature, ...], inputs: tuple[str, ...]) -> tuple[Feature, ...]:
    """Features that read none of these columns. Trees rebuild exposure from the occupation, so it must go too."""
    return tuple(feature for feature in features if not set(inputs) & set(feature.inputs))


def base(panel: Panel, split: Split, kept: tuple[Feature, ...], settings: Settings) -> Base:
    """Fit the model on the kept features, which both arms share."""
    own = replace(panel, features=kept, X=columns(panel, kept))
    model = backtest.train(own, split.train, own.poor_next == 1, own.ratio_next, settings)
    return Base(panel, split, model, log_odds(model.predict(own.take(split.test), settings.threads), 1e-9))


@dataclass(frozen=True, slots=True)
class Learned:
    """What a group of features adds to a model without it, on the m judged rows.

    Attributes
    ----------
    index : what the group says of each row, m, in units of its spread over the training rows, out of fold.
    weight : log-odds that a unit of it is worth by the training rows; 0 where it told them nothing out of fold.
    without, with_it : log-odds of the model without the group and of the same with what it adds, m.
    """

    index: Array
    weight: float
    without: Array
    with_it: Array


PENALTIES = (100.0, 1_000.0, 10_000.0, 100_000.0)
"""Candidates for the ridge of a group, in rows. What a group adds is little, so the strong ones matter: there only what
its columns say in common is left, and the weight brings it back to scale."""


@steady
def learn(own: Base, group: tuple[Feature, ...], settings: Settings) -> Learned:
    """Fit a group of features on top of a model without it.

    An additive part of the group's columns is fitted on the soft labels of that model with its log-odds as offset, on
    each inner fold for the others, and one weight on what it says out of fold, at least 0 (Breiman 1996, 'Stacked
    regressions'). So a group that says nothing gets next to no weight and does no harm. What it would say only
    together with other features is not seen.
    """
    panel, train, bandwidth = own.panel, own.split.train, own.model.fitted.chosen["bandwidth"]
    X, hard, clusters = columns(panel, group), panel.poor_next[train], panel.clusters()[train]
    rows = X[train]
    binnings = bent(tuple(additive.cut(rows[:, at], bool(feature.choices)) for at, feature in enumerate(group)),
                    bandwidth)  # fmt: skip
    codes = np.column_stack([binning.codes(rows[:, at]) for at, binning in enumerate(binnings)])
    log_next = np.log(np.maximum(panel.ratio_next[train], backtest.FLOOR))
    soft = soften(hard, log_next, bandwidth)
    # Soft labels are flatter than falls, and so is what foretells them: by the slope of this line.
    line = fit_affine(own.train, soft)
    offset = line.logit(own.train)
    fold = folds(clusters, settings.inner, settings.seed, hard)
    told: dict[float, tuple[float, float, Array]] = {}
    for penalty in PENALTIES:
        said = np.empty(len(rows))
        for k in np.unique(fold):
            out = fold == k
            part = additive.fit(codes[~out], binnings, soft[~out], penalty, offset[~out])
            said[out] = part.eta(rows[out]) - part.constant
        told[penalty] = (*_weighed(said, soft, offset), said)
    penalty = min(told, key=lambda penalty: told[penalty][0])
    weight, said = told[penalty][1] / line.slope, told[penalty][2]
    whole = additive.fit(codes, binnings, soft, penalty, offset)
    test = (whole.eta(X[own.split.test]) - whole.constant - said.mean()) / _spread(said)
    one = np.ones((len(rows), 1))
    # Both arms tell as many falls as the training rows have.
    shifts = [float(logistic.fit(one, hard, own.train + part)[0]) for part in (0.0, weight * _standard(said))]
    return Learned(test, weight, own.test + shifts[0], own.test + shifts[1] + weight * test)


def _weighed(said: Array, soft: Array, offset: Array) -> tuple[float, float]:
    """Mean loss with the best weight, at least 0, of what was said out of fold, and that weight."""
    one, x = np.ones(len(said)), _standard(said)
    beta = logistic.fit(np.column_stack([one, x]), soft, offset)
    if beta[1] <= 0:
        beta = np.array([logistic.fit(one[:, None], soft, offset)[0], 0.0])
    return float(_loss(offset + beta[0] + beta[1] * x, soft).mean()), float(beta[1])


def _spread(said: Array) -> float:
    return max(float(said.std()), _FLAT)


def _standard(said: Array) -> Array:
    return np.asarray((said - said.mean()) / _spread(said))


def index(values: Array, train: Array, cells: Array | None = None) -> Array:
    """Index of a group of features: the mean of the standardised columns, n; unknown cells say nothing.

    Parameters
    ----------
    values : n x k. train : mask of the rows that means and spreads are taken from.
    cells : code of the cell within which a row is compared, n, such as sector by skill: only there is a fine
        occupation independent of what else makes a family fall. Without it all rows are compared.
    """
    code = np.zeros(len(values), dtype=np.int64) if cells is None else np.unique(cells, return_inverse=True)[1]
    known = ~np.isnan(values)
    own = known & train[:, None]
    centred = np.empty(values.shape)
    for k in range(values.shape[1]):
        rows = own[:, k]
        count = np.bincount(code[rows], minlength=code.max() + 1)
        total = np.bincount(code[rows], weights=values[rows, k], minlength=code.max() + 1)
        mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
        centred[:, k] = values[:, k] - mean[code]
        spread = float(np.nanstd(centred[rows, k])) if rows.any() else 0.0
        centred[:, k] = np.nan_to_num(centred[:, k] / spread) if spread > 0 else 0.0
    mixed = centred.mean(axis=1)
    spread = float(mixed[train].std())
    return np.asarray(mixed / spread if spread > 0 else mixed)


def ablate(own: Base, x: Array, *, number: int, seed: int) -> Nested:
    """Fit the slope of `x` (n, over the whole panel) on the training part and judge it on the test part."""
    split, panel = own.split, own.panel
    y = panel.poor_next[split.train]
    without_it = logistic.fit(np.ones((len(y), 1)), y, own.train)
    design = np.column_stack([np.ones(len(x)), x])
    beta = logistic.fit(design[split.train], y, own.train)
    spread = logistic.covariance(beta, design[split.train], y, panel.clusters()[split.train], own.train)
    error = float(np.sqrt(spread[1, 1]))
    test = panel.take(split.test)
    losses = [_loss(eta, test.poor_next) for eta in (own.test + design[split.test] @ beta, own.test + without_it[0])]
    draws = Resamples.of(test.clusters(), test.weight(), number, seed)
    change = draws.weights @ (losses[0] - losses[1]) / draws.weights.sum(axis=1)
    z = float(beta[1] / error) if error > 0 else float("nan")
    return Nested(float(beta[1]), error, z, summary(change, draws.level), len(own.train), len(test))


def _loss(eta: Array, y: Array) -> Array:
    p = np.clip(sigmoid(eta), 1e-12, 1 - 1e-12)
    return np.asarray(-(y * np.log(p) + (1 - y) * np.log1p(-p)))
