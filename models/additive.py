"""The additive part: a ridge logistic regression on binned features, piecewise constant by construction.

Piecewise constant so that it can be written as single-feature trees; linear in the bin means plus a few steps, so
that it extrapolates like a regression and bends where the data ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from features.types import Array
from models.calibration import log_odds, sigmoid

MAX_BINS = 64
STEPS = 4
BEND = 0.1
"""Spread of a step of a straight binning where the line has 1, so that the ridge on it is a hundred times as strong."""
_CHUNK = 16_384  # rows a product of matrices takes at once: they stay near the processor
_WARM_ROWS = 40_000
MOST_ROWS = 250_000
"""Rows that coefficients are fitted on at most: a few hundred of them are known to a hundredth by then."""
_MOST_CELLS = 2**28  # a gibibyte of regression columns is kept over the steps, more is made anew
_STEPS_MOST, _CLOSE = 12, 1e-4


@dataclass(frozen=True, slots=True)
class Binning:
    """How one feature is cut: bin i holds x <= edges[i]; the last bin the rest; missing has its own.

    Attributes
    ----------
    edges : k - 1 thresholds.
    design : (k + 1) x c standardised regression columns by bin, last row for missing.
    counts : k + 1 training rows by bin, last for missing.
    steps : c, which columns are steps beside a line.
    """

    edges: Array
    design: Array
    counts: Array
    steps: Array

    def straight(self) -> Binning:
        """The same bins, which bend less readily: under equal ridges a straight effect is shared out over the steps."""
        return replace(self, design=(self.design * np.where(self.steps, BEND, 1.0)).astype(np.float32))

    def codes(self, values: Array) -> Array:
        """Bin of each value, N uint8; k for missing."""
        codes = np.searchsorted(self.edges, values.astype(np.float64), side="left").astype(np.uint8)
        codes[np.isnan(values)] = len(self.counts) - 1
        return codes


@dataclass(frozen=True, slots=True)
class Additive:
    """A fitted additive part: `eta = constant + sum of values[f][bin of feature f]`."""

    constant: float
    binnings: tuple[Binning, ...]
    values: tuple[Array, ...]

    def eta(self, X: Array) -> Array:
        """Log-odds of each row, N."""
        total = np.full(len(X), self.constant)
        for number, binning in enumerate(self.binnings):
            total += self.values[number][binning.codes(X[:, number])]
        return total


def cut(values: Array, categorical: bool) -> Binning:
    """Bins and regression columns of one feature from its training values, N."""
    seen = values[~np.isnan(values)].astype(np.float64)
    distinct = np.unique(seen)
    if len(distinct) > MAX_BINS:
        distinct = np.unique(np.quantile(seen, np.linspace(0, 1, MAX_BINS + 1)[1:], method="higher"))
    edges = distinct[:-1]
    k = max(1, len(distinct))
    codes = np.searchsorted(edges, seen, side="left")
    counts = np.append(np.bincount(codes, minlength=k), len(values) - len(seen))
    means = np.bincount(codes, weights=seen, minlength=k) / np.maximum(counts[:-1], 1)
    columns = _one_hot(k) if categorical else _linear_and_steps(means, counts[:-1])
    steps = np.full(columns.shape[1], not categorical)
    steps[0] = False
    missing = np.average(columns, axis=0, weights=counts[:-1]) if len(seen) else np.zeros(columns.shape[1])
    design = np.vstack([columns, missing])
    if 0 < counts[-1] < len(values):
        design, steps = np.column_stack([design, np.append(np.zeros(k), 1.0)]), np.append(steps, False)
    standard, useful = _standard(design, counts)
    return Binning(edges, standard, counts, steps[useful])


def _one_hot(k: int) -> Array:
    return np.eye(k)


def _linear_and_steps(means: Array, counts: Array) -> Array:
    columns = [means]
    if len(means) > 2:
        below = np.cumsum(counts) / counts.sum()
        cuts = {int(np.searchsorted(below, share)) for share in np.arange(1, STEPS + 1) / (STEPS + 1)}
        columns += [(np.arange(len(means)) > at).astype(float) for at in sorted(cuts) if at < len(means) - 1]
    return np.column_stack(columns)


def _standard(design: Array, counts: Array) -> tuple[Array, Array]:
    """Columns of mean 0 and spread 1 over the rows, and which they are: constant ones are left out."""
    mean = np.average(design, axis=0, weights=counts)
    spread = np.sqrt(np.average((design - mean) ** 2, axis=0, weights=counts))
    useful = spread > 1e-12
    return ((design - mean)[:, useful] / spread[useful]).astype(np.float32), useful


def fit(codes: Array, binnings: tuple[Binning, ...], target: Array, penalty: float,
        offset: Array | None = None) -> Additive:  # fmt: skip
    """Ridge logistic regression by Newton's method on soft labels.

    Parameters
    ----------
    codes : N x F bins of the training rows.
    target : N labels in [0, 1].
    penalty : ridge on the standardised columns, in rows.
    offset : N log-odds that are given beforehand and get no coefficient; none: 0. They are no part of the answer.
    """
    bounds = np.cumsum([0, *(binning.design.shape[1] for binning in binnings)])
    every = -(-len(codes) // MOST_ROWS)
    given = None if offset is None else offset[::every]
    beta = _solve(codes[::every], binnings, target[::every], penalty / every, given)
    values = tuple(binning.design @ beta[bounds[i] : bounds[i + 1]] for i, binning in enumerate(binnings))
    return Additive(float(beta[-1]), binnings, values)


def _solve(codes: Array, binnings: tuple[Binning, ...], target: Array, penalty: float, offset: Array | None,
           ) -> Array:  # fmt: skip
    """Coefficients and constant; many rows start from the answer on a part of them and need two or three steps."""
    width = sum(binning.design.shape[1] for binning in binnings)
    if len(codes) > _WARM_ROWS:
        every = len(codes) // (_WARM_ROWS // 2)
        given = None if offset is None else offset[::every]
        beta = _solve(codes[::every], binnings, target[::every], penalty / every, given)
    else:
        beta = np.zeros(width + 1)
        rate = float(np.clip(target.mean(), 1e-6, 1 - 1e-6))
        beta[-1] = float(log_odds(rate)) if offset is None else 0.0
    ridge = np.append(np.full(width, penalty), 0.0)
    kept = list(_chunks(codes, binnings, target, offset)) if len(codes) * width <= _MOST_CELLS else None
    for _ in range(_STEPS_MOST):
        gradient, hessian = _derivatives(kept or _chunks(codes, binnings, target, offset), beta)
        step = np.linalg.solve(hessian + np.diag(ridge + 1e-9), gradient - ridge * beta)
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            break
    return beta


def _chunks(codes: Array, binnings: tuple[Binning, ...], target: Array, offset: Array | None,
            ) -> Iterator[tuple[Array, Array, Array | float]]:  # fmt: skip
    """Regression columns with a constant, labels and offsets of some rows at a time."""
    for start in range(0, len(codes), _CHUNK):
        rows = slice(start, start + _CHUNK)
        parts = [binning.design[codes[rows, number]] for number, binning in enumerate(binnings)]
        given = 0.0 if offset is None else offset[rows]
        yield np.column_stack([*parts, np.ones(len(codes[rows]), dtype=np.float32)]), target[rows], given


def _derivatives(chunks: Iterable[tuple[Array, Array, Array | float]], beta: Array) -> tuple[Array, Array]:
    gradient, hessian = np.zeros(len(beta)), np.zeros((len(beta), len(beta)))
    for X, own, given in chunks:
        p = sigmoid((X @ beta.astype(np.float32)).astype(np.float64) + given)
        gradient += X.T @ (own - p).astype(np.float32)
        weighted = X * np.sqrt(p * (1 - p)).astype(np.float32)[:, None]
        hessian += weighted.T @ weighted
    return gradient, hessian
