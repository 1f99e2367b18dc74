"""Metrics of one score against outcomes under many sets of weights at once, for a bootstrap over clusters.

Every metric is a function of weights, so that a resample is a set of counts. Ties share their places evenly.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from features.types import Array
from models.calibration import fit_affine, log_odds, sigmoid
from models.errors import RHO, TRANSFER, Ranked, best_lists, welfare_of_lists
from models.words import BUDGETS

ORDER = ("auc", "average_precision")
LISTS = ("precision", "recall", "exclusion", "inclusion", "leakage")
"""Of a list: falls among the listed; falls that are listed; falls that are not (exclusion error, of all falls);
listed that did not fall (inclusion error, of all listed); listed among those that did not fall."""
PROBABILITIES = ("log_loss", "brier", "brier_skill", "calibration_slope", "calibration_intercept",
                 "expected_over_observed", "ece")  # fmt: skip
WORTH = (*(f"welfare_{rho}" for rho in RHO), "months")
"""Of a list: welfare it adds at each rho, and the family-months under the line that it holds, as shares of the most
there is."""
SIZES = (*(str(k) for k in BUDGETS), "budget")
NAMES = (*ORDER, *PROBABILITIES, *(f"{name}_at_{size}" for name in (*LISTS, *WORTH) for size in SIZES))
RANKING = tuple(name for name in NAMES if name in ORDER or name.startswith(tuple(f"{one}_at_" for one in LISTS)))
"""What needs the order of a score only."""
BIASED = ("ece",)
"""Sums of absolute values, which chance alone lifts above 0 (`training.judge.unbiased`)."""
_BINS = 10


@dataclass(frozen=True, slots=True)
class Later:
    """What became of n households, beyond whether they fell.

    Attributes
    ----------
    welfare : n, over the line at the horizon; all NaN where it is not measured.
    months : n, months under the line within the horizon; all NaN where they are not told.
    transfer : given to each listed household, in poverty lines.
    budget : weight of the households that a budget pays for; None without a budget.
    best : of `models.errors.best_lists` for the weights in use, which all scores share.
    """

    welfare: Array
    months: Array
    transfer: float = TRANSFER
    budget: float | None = None
    best: dict[str, Array] = field(default_factory=dict)

    def take(self, rows: Array, weights: Array) -> Later:
        """Some rows, under b x n weights of theirs. A budget is for all rows, so that a part of them has none."""
        own = Later(self.welfare[rows], self.months[rows], self.transfer, self.budget if rows.all() else None)
        if np.isnan(own.welfare).any() or not len(own.welfare):
            return own
        best = best_lists(own.welfare, weights, own.places(weights.sum(axis=1, dtype=np.float64)), self.transfer)
        return replace(own, best=best)

    def places(self, all_rows: Array) -> dict[str, Array]:
        """Weight of the households on each list, by its name, b each."""
        found = {str(share): all_rows * share / 100 for share in BUDGETS}
        if self.budget is not None:
            found["budget"] = np.minimum(self.budget * all_rows / all_rows[0], all_rows)
        return found


def metrics(p: Array, y: Array, weights: Array, later: Later | None = None, names: tuple[str, ...] = NAMES,
            ) -> dict[str, Array]:  # fmt: skip
    """Every metric of `names` for each set of weights.

    Parameters
    ----------
    p : n probabilities.
    y : n outcomes, 0 or 1.
    weights : b x n non-negative weights, one row a resample.
    later : what else became of them; without it nothing is said of welfare, months and a budget.

    Returns
    -------
    For each name b values; NaN where it is not defined, or a resample holds one class only.
    """
    ranked = Ranked.of(p, weights)
    rows, events = ranked.above, ranked.among(y, weights)
    all_rows, all_events = rows[:, -1], events[:, -1]
    both = (all_events > 0) & (all_events < all_rows)
    nothing = np.full(len(weights), np.nan)
    if not both.any():
        return dict.fromkeys(names, nothing)
    found: dict[str, Array] = {}
    with np.errstate(invalid="ignore", divide="ignore"):
        found |= _ranking(rows, events, all_rows, all_events)
        places = (later or Later(np.empty(0), np.empty(0))).places(all_rows)
        for size, wanted in places.items():
            found |= {f"{name}_at_{size}": value for name, value in
                      _list(ranked.share(events, wanted), wanted, all_rows, all_events).items()}  # fmt: skip
        if any(name in PROBABILITIES for name in names):
            own = p[ranked.order], y[ranked.order], weights[:, ranked.order]
            found |= _proper(*own, all_rows, all_events)
            found |= _calibration(*own, ranked.starts, all_rows, all_events)
        if later is not None and any(name.startswith(WORTH) for name in names):
            found |= _worth(ranked, later, weights, places)
    return {name: np.where(both, found[name], np.nan) if name in found else nothing for name in names}


def _ranking(rows: Array, events: Array, all_rows: Array, all_events: Array) -> dict[str, Array]:
    hits = np.diff(events, axis=1, prepend=0.0)
    safe_above = rows - events
    safe = np.diff(safe_above, axis=1, prepend=0.0)
    all_safe = all_rows - all_events
    wins = (hits * (all_safe[:, None] - safe_above + safe / 2)).sum(axis=1)
    precision = np.divide(events, rows, out=np.zeros_like(events), where=rows > 0)
    return {
        "auc": wins / (all_events * all_safe),
        "average_precision": (hits * precision).sum(axis=1) / all_events,
    }


def _list(caught: Array, places: Array, all_rows: Array, all_events: Array) -> dict[str, Array]:
    """Shares of one list; each name says of what (`LISTS`)."""
    return {
        "precision": caught / places,
        "recall": caught / all_events,
        "exclusion": 1 - caught / all_events,
        "inclusion": 1 - caught / places,
        "leakage": (places - caught) / (all_rows - all_events),
    }


def _worth(ranked: Ranked, later: Later, weights: Array, places: dict[str, Array]) -> dict[str, Array]:
    found: dict[str, Array] = {}
    if later.best:
        found |= welfare_of_lists(ranked, later.welfare, weights, places, later.transfer, later.best)
    if not np.isnan(later.months).any() and later.months.any():
        total = ranked.among(later.months, weights)
        for size, wanted in places.items():
            found[f"months_at_{size}"] = ranked.share(total, wanted) / total[:, -1]
    return found


def _proper(p: Array, y: Array, weights: Array, all_rows: Array, all_events: Array) -> dict[str, Array]:
    q = np.clip(p, 1e-12, 1 - 1e-12)
    loss = weights @ -(y * np.log(q) + (1 - y) * np.log1p(-q)) / all_rows
    brier = weights @ (p - y) ** 2 / all_rows
    rate = all_events / all_rows
    return {"log_loss": loss, "brier": brier, "brier_skill": 1 - brier / (rate * (1 - rate))}


def _calibration(p: Array, y: Array, weights: Array, starts: Array, all_rows: Array, all_events: Array,
                 ) -> dict[str, Array]:  # fmt: skip
    intercept, slope = _recalibrate(p, y, weights)
    # A bin begins with a group of equal scores: split by order, they would cancel less than they do.
    wanted = np.linspace(0, len(p), _BINS + 1).astype(int)[:-1]
    edges = np.unique(starts[np.searchsorted(starts, wanted, side="right") - 1])
    gap = np.abs(np.add.reduceat(weights * (p - y), edges, axis=1))
    return {
        "calibration_slope": slope,
        "calibration_intercept": intercept,
        "expected_over_observed": (weights @ p) / all_events,
        "ece": gap.sum(axis=1) / all_rows,
    }


def _recalibrate(p: Array, y: Array, weights: Array) -> tuple[Array, Array]:
    """Intercept with the slope held at 1, and slope of the outcome on the log-odds, for each resample.

    Newton steps from the answers under the mean weights. The first is shared: there all resamples have the same
    fitted values, so it is one product of matrices; a resample moves little, so few more are needed.
    """
    eta = log_odds(p, 1e-9)
    if np.ptp(eta) < 1e-9:
        return np.full(len(weights), np.nan), np.full(len(weights), np.nan)
    mean = weights.mean(axis=0, dtype=np.float64)
    line, middle = fit_affine(eta, y, mean), _shift(eta, y, mean, 0.0)
    shifts = middle + _first_step(sigmoid(middle + eta), np.ones((1, len(eta))), y, weights)[:, 0]
    design = np.vstack([np.ones(len(eta)), eta])
    lines = np.array([line.intercept, line.slope]) + _first_step(sigmoid(line.logit(eta)), design, y, weights)
    for row, own in enumerate(weights):
        w = own.astype(np.float64)
        shifts[row] = _shift(eta, y, w, shifts[row])
        lines[row] = _line(design, y, w, lines[row])
    return shifts, lines[:, 1]


_WILD = 50.0  # beyond it the data separate and there is no slope to tell
_CLOSE = 1e-3  # Newton's error after a step is about the square of the step


def _first_step(fitted: Array, design: Array, y: Array, weights: Array) -> Array:
    """One Newton step for every resample from the same fitted values, b x columns of the design.

    Where the rows of a resample share one score the curve has no slope; a ridge a billionth of its own size holds it,
    whatever the unit of the weights.
    """
    gradient = weights @ (design * (y - fitted)).T
    products = design[:, None] * design[None] * fitted * (1 - fitted)
    hessian = weights @ products.reshape(-1, len(y)).T
    size = len(design)
    hessian = hessian.reshape(-1, size, size).astype(np.float64)
    ridge = np.maximum(1e-9 * np.trace(hessian, axis1=1, axis2=2), 1e-30)[:, None, None] * np.eye(size)
    return np.linalg.solve(hessian + ridge, gradient[:, :, None])[:, :, 0]


def shifts(p: Array, y: Array, weights: Array) -> Array:
    """Intercept of the outcome on the log-odds with the slope held at 1, for each resample, b; 0 is right."""
    eta = log_odds(p, 1e-9)
    start = _shift(eta, y, weights[0].astype(np.float64), 0.0)
    return np.array([_shift(eta, y, w.astype(np.float64), start) if 0 < w @ y < w.sum() else np.nan for w in weights])


def _shift(eta: Array, y: Array, w: Array, shift: float) -> float:
    """Intercept beside a slope of 1; steps are held short, since far from the answer the curve is flat."""
    for _ in range(40):
        fitted = sigmoid(shift + eta)
        step = float(np.clip((w @ (y - fitted)) / max(w @ (fitted * (1 - fitted)), 1e-12), -2, 2))
        shift += step
        if abs(step) < _CLOSE:
            break
    return shift


def _line(design: Array, y: Array, w: Array, beta: Array) -> Array:
    """Intercept and slope; the few steps end early where the data separate and no slope is the best one."""
    for _ in range(8):
        fitted = sigmoid(beta @ design)
        weighted = design * (w * fitted * (1 - fitted))
        step = np.linalg.lstsq(weighted @ design.T, design @ (w * (y - fitted)), rcond=None)[0]
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            break
    return beta if np.abs(beta).max() < _WILD else np.full(2, np.nan)
