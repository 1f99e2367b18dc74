"""Nested ablation: does a group of features say anything that a model without them does not know already?

Two boosters that are fitted apart differ by their own fitting noise, which hid true effects whose slope was found
with z of 7 to 12. So the model without the features is fitted once; its out-of-fold log-odds are the offset of a
logistic regression with one slope on the group's index, fitted on the training part and judged on the test part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from features.registry import Feature
from features.types import Array
from models.calibration import sigmoid
from training import backtest
from training.backtest import columns
from training.fit import Settings
from training.judge import Resamples, summary
from training.panel import Panel
from training.split import Split

_MOST = 30


@dataclass(frozen=True, slots=True)
class Base:
    """A model without the features: its log-odds on the training rows are out of fold, those on the test rows plain."""

    panel: Panel
    split: Split
    train: Array
    test: Array


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
    p = np.clip(model.predict(own.take(split.test), settings.threads), 1e-9, 1 - 1e-9)
    return Base(panel, split, model.fitted.oof, np.log(p / (1 - p)))


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
    y = panel.poor_next
    without_it = _fit(np.ones((int(split.train.sum()), 1)), own.train, y[split.train])
    design = np.column_stack([np.ones(len(x)), x])
    beta = _fit(design[split.train], own.train, y[split.train])
    error = _errors(design[split.train], own.train, y[split.train], beta, panel.clusters()[split.train])[1]
    test = panel.take(split.test)
    losses = [_loss(eta, test.poor_next) for eta in (own.test + design[split.test] @ beta, own.test + without_it[0])]
    draws = Resamples.of(test.clusters(), test.weight(), number, seed)
    change = draws.weights @ (losses[0] - losses[1]) / draws.weights.sum(axis=1)
    z = float(beta[1] / error) if error > 0 else float("nan")
    return Nested(float(beta[1]), float(error), z, summary(change, draws.level), len(own.train), len(test))


def calibration(p: Array, y: Array, clusters: Array) -> tuple[float, float]:
    """Slope of outcomes on the log-odds of `p`, 1 where it is calibrated, and its error, robust to clusters."""
    p = np.clip(p, 1e-9, 1 - 1e-9)
    design, zero = np.column_stack([np.ones(len(p)), np.log(p / (1 - p))]), np.zeros(len(p))
    beta = _fit(design, zero, y)
    return float(beta[1]), float(_errors(design, zero, y, beta, clusters)[1])


def _fit(design: Array, offset: Array, y: Array) -> Array:
    """Logistic regression with an offset by Newton steps, held short."""
    beta = np.zeros(design.shape[1])
    for _ in range(_MOST):
        p = sigmoid(offset + design @ beta)
        step = np.linalg.solve(_curve(design, p), design.T @ (y - p))
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    return beta


def _curve(design: Array, p: Array) -> Array:
    return (design.T * (p * (1 - p))) @ design + 1e-9 * np.eye(design.shape[1])


def _errors(design: Array, offset: Array, y: Array, beta: Array, clusters: Array) -> Array:
    """Standard errors that hold where rows of a cluster go together."""
    p = sigmoid(offset + design @ beta)
    _, code = np.unique(clusters.astype(str), return_inverse=True)
    score = np.zeros((int(code.max()) + 1, design.shape[1]))
    np.add.at(score, code, design * (y - p)[:, None])
    bread = np.linalg.inv(_curve(design, p))
    return np.sqrt(np.diag(bread @ (score.T @ score) @ bread))


def _loss(eta: Array, y: Array) -> Array:
    p = np.clip(sigmoid(eta), 1e-12, 1 - 1e-12)
    return np.asarray(-(y * np.log(p) + (1 - y) * np.log1p(-p)))
