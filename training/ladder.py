"""Fit the kernel of the ladder, and judge it against the table of transitions by present rung."""

from __future__ import annotations

from typing import Any

import numpy as np

from features import cohort
from features.contract import RUNGS
from features.types import Array
from models import ladder
from models.calibration import log_odds
from models.ladder import Kernel
from training.backtest import Model
from training.judge import Resamples, judged_weights, summaries, summary
from training.limits import too_few
from training.panel import Panel

_PENALTY = 1.0
"""Ridge of the kernel's logits in scikit-learn's terms (C): its columns are few and its rows many."""
MOST = 200_000
"""Rows that the kernel is fitted on at most."""
_FEW = 30
FLOOR = 1e-6


def rungs(panel: Panel) -> tuple[Array, Array]:
    """Codes of the rung at the origin and at the horizon, n each, NaN where not measured."""
    now = cohort.rung(panel.meta["ratio"], panel.meta["extreme"])
    return now, cohort.rung(panel.ratio_next, panel.extreme_next)


def inputs(panel: Panel, risk: Array, blind: bool) -> Array:
    """Columns of the kernel for the rows of a panel; a register is blind to the present rung and to spells."""
    now, _ = rungs(panel)
    rung = np.full(len(panel), np.nan) if blind else now
    return ladder.design(rung, panel.meta["back_run"], log_odds(risk, 1e-9))


def fit(panel: Panel, rows: Array, model: Model, threads: int, blind: bool) -> Kernel | None:
    """The kernel from all households of measured welfare, the poor too; None where rungs are not measured.

    Parameters
    ----------
    rows : mask of rows whose outcome may be known. blind : the view does not measure welfare.
    """
    at = np.flatnonzero(rows & panel.seen)
    own = panel.take(at[:: max(1, -(-len(at) // MOST))])
    now, then = rungs(own)
    if np.isnan(now).all() or np.isnan(then).all():
        return None
    X = inputs(own, model.predict(own, threads), blind)
    poor_now, poor_then = now <= ladder.POOR, then <= ladder.POOR
    # A register does not know the rung: what it tells is given that the family is not poor now, so those teach it.
    told = own.at_risk if blind else np.ones(len(own), dtype=bool)
    upper = told & (then > ladder.POOR)
    known = ~np.isnan(then)
    lines = bool((~np.isnan(own.extreme_next)).any())
    extreme = (then == RUNGS.index("extreme_poor")).astype(float)
    return Kernel(
        _classes(X[upper], then[upper] - ladder.POOR - 1),
        _binary(X[told & poor_then], extreme[told & poor_then]) if lines else np.zeros(ladder.WIDTH),
        np.array(lines),
        _binary(X[poor_now & known], poor_then[poor_now & known].astype(float)),
        _hazards(own, X),
        _back(own, X),
    )


def _hazards(panel: Panel, X: Array) -> Array:
    """A logit a period of the horizon, among families at risk that did not fall in those before."""
    path, at_risk = panel.path, panel.at_risk
    if np.isnan(path[at_risk]).any(axis=0).all() and panel.horizon > 1 and not _all_seen(path, at_risk).any():
        return np.empty((0, ladder.WIDTH))
    found = []
    for step in range(panel.horizon):
        rows = at_risk & _all_seen(path[:, : step + 1], at_risk) & (np.nan_to_num(path[:, :step]).sum(axis=1) == 0)
        found.append(_binary(X[rows], path[rows, step]))
    return np.vstack(found)


def _back(panel: Panel, X: Array) -> Array:
    """Logit of having been poor between, among families at risk that are not poor at the horizon; zeros if not seen."""
    path = panel.path
    rows = _all_seen(path, panel.at_risk) & (path[:, -1] == 0)
    if not rows.any():
        return np.zeros(ladder.WIDTH)
    return _binary(X[rows], (path[rows, :-1].sum(axis=1) > 0).astype(float))


def _all_seen(path: Array, rows: Array) -> Array:
    return rows & ~np.isnan(path).any(axis=1)


def _binary(X: Array, y: Array) -> Array:
    """Coefficients of a ridge logistic regression without a constant of its own: the classes of the design hold it."""
    from sklearn.linear_model import LogisticRegression

    if len(y) < _FEW or len(np.unique(y)) < 2:
        rate = (y.sum() + 0.5) / (len(y) + 1)
        level = float(log_odds(rate))
        # Every row has one class of the rung: there the level stands, whatever the rest.
        return np.concatenate([np.full(ladder.UNKNOWN + 1, level), np.zeros(ladder.WIDTH - ladder.UNKNOWN - 1)])
    model = LogisticRegression(C=_PENALTY, fit_intercept=False, max_iter=500, solver="newton-cholesky")
    return np.asarray(model.fit(X, y).coef_[0])


def _classes(X: Array, y: Array) -> Array:
    """Logits of the three upper rungs, 3 x WIDTH; one that nobody reached is out of reach."""
    from sklearn.linear_model import LogisticRegression

    found = np.full((3, ladder.WIDTH), 0.0)
    reached = np.unique(y).astype(int)
    found[[code for code in range(3) if code not in reached], : ladder.UNKNOWN + 1] = -30.0
    if len(reached) == 3:
        model = LogisticRegression(C=_PENALTY, fit_intercept=False, max_iter=500, solver="newton-cholesky")
        found = np.asarray(model.fit(X, y).coef_)
    elif len(reached) == 2:
        found[reached[1]] = _binary(X, (y == reached[1]).astype(float))
    return found


def judge(kernel: Kernel | None, train: Panel, test: Panel, risk: Array, blind: bool, *, number: int, seed: int,
          ) -> dict[str, Any] | None:  # fmt: skip
    """Figures of the ladder on judged rows at risk, beside the transitions of the training rows by present rung.

    Shares of rungs, told and seen, are those of the rows whose rung at the horizon is known (`known_rows`).

    Parameters
    ----------
    risk : n, the risk of each judged row. number, seed : of the bootstrap over clusters.
    """
    now, then = rungs(test)
    if kernel is None or np.isnan(then).all():
        return None
    X = inputs(test, risk, blind)
    told = kernel.ladder(X, risk)
    table = transitions(train, blind)
    beside = table[now.astype(int)]
    draws = Resamples.of(test.clusters(), judged_weights(test), number, seed)
    scores = {"jaga": told, "transitions": beside}
    measured = {name: {"log_loss": _log_loss(p, then), "ranked_probability_score": _rps(p, then)}
                for name, p in scores.items()}  # fmt: skip
    figures = {name: {metric: summary(_mean(values, draws), draws.level) for metric, values in own.items()}
               for name, own in measured.items()}  # fmt: skip
    gaps = {metric: summary(_mean(measured["jaga"][metric] - measured["transitions"][metric], draws), draws.level)
            for metric in measured["jaga"]}  # fmt: skip
    # A row whose rung at the horizon is not known is of no rung: counted on one side alone it would lower all seen.
    known = ~np.isnan(then)
    shares = {name: {"told": summary(_mean(np.where(known, told[:, code], np.nan), draws), draws.level),
                     "seen": summary(_mean(np.where(known, then == code, np.nan), draws), draws.level)}
              for code, name in enumerate(RUNGS)}  # fmt: skip
    return {"rows": len(test), "known_rows": int(known.sum()), "extreme_lines": bool(kernel.lines),
            "models": figures, "differences": gaps, "rungs": shares,
            "within": _within(kernel, X, risk, test, draws)}  # fmt: skip


def transitions(panel: Panel, blind: bool = False) -> Array:
    """Share of each rung at the horizon by the rung at the origin, 5 x 5, as if one household of the mean stood by.

    Where the view is blind to the rung, the share among all that were not poor, whatever the row.
    """
    now, then = rungs(panel)
    known = ~np.isnan(now) & ~np.isnan(then)
    if blind:
        own = np.bincount(then[known & panel.at_risk].astype(int), minlength=len(RUNGS))
        return np.tile(own / own.sum(), (len(RUNGS), 1))
    counts = np.zeros((len(RUNGS), len(RUNGS)))
    np.add.at(counts, (now[known].astype(int), then[known].astype(int)), 1.0)
    mean = counts.sum(axis=0) / counts.sum()
    return (counts + mean) / (counts.sum(axis=1, keepdims=True) + 1)


def _within(kernel: Kernel, X: Array, risk: Array, test: Panel, draws: Resamples) -> list[dict[str, Any]] | None:
    """A fall within 1 .. h periods: told and seen, and the order of families; None where no path was observed."""
    from training.metrics import metrics

    told = kernel.fall_within(X, risk)
    if not told.shape[1]:
        return None
    found = []
    for step in range(1, told.shape[1] + 1):
        rows = ~np.isnan(test.path[:, :step]).any(axis=1)
        if not rows.any():
            return None
        own = draws.some(rows)
        y = (test.path[rows, :step].sum(axis=1) > 0).astype(float)
        names = ("auc", "log_loss", "expected_over_observed")
        figures = {} if too_few(len(y), int(y.sum())) else metrics(told[rows, step - 1], y, own.weights, names=names)
        found.append({"periods": step, "rows": len(y), "events": int(y.sum()),
                      **summaries(figures, draws.level, names)})  # fmt: skip
    return found


def _mean(values: Array, draws: Resamples) -> Array:
    known = ~np.isnan(values)
    return (draws.weights[:, known] @ values[known]) / draws.weights[:, known].sum(axis=1)


def _log_loss(p: Array, then: Array) -> Array:
    known = ~np.isnan(then)
    found = np.full(len(p), np.nan)
    found[known] = -np.log(np.maximum(p[known, then[known].astype(int)], FLOOR))
    return found


def _rps(p: Array, then: Array) -> Array:
    """Ranked probability score of each row (Epstein 1969): squared gaps of the cumulated chances, n."""
    seen = np.arange(p.shape[1]) >= np.nan_to_num(then)[:, None]
    return np.where(np.isnan(then), np.nan, ((np.cumsum(p, axis=1) - seen)[:, :-1] ** 2).sum(axis=1))
