"""Tables behind the charts of a report: from probabilities, outcomes and weights to a few rows, with numpy only.

Equal scores stay together throughout: they share their places evenly, as in `training.metrics`. Rows whose score or
outcome is not a number are left out of that model's rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from features.types import Array
from models.words import BUDGETS
from training.judge import Resamples, summary
from training.limits import too_few

Table = list[dict[str, Any]]
Scores = Mapping[str, Array]
POINTS = 160
"""Points of a line at most; more would only make the picture heavier."""


def reliability(scores: Scores, y: Array, draws: Resamples, bins: int = 10) -> Table:
    """Mean predicted risk (with the least and the most) and observed share of falls in bins of equal weight, with the
    interval of whole clusters drawn anew, as every other figure has it; from the highest risk down, neighbours are
    joined until no bin is too small (`training.limits`).

    Parameters
    ----------
    scores : name to n probabilities.
    y, draws : n outcomes (0 or 1), and the resamples of their clusters.
    """
    found: Table = []
    for name, p in scores.items():
        rows = np.flatnonzero(np.isfinite(p) & np.isfinite(y))
        found += [{"model": name} | row for row in _bins(p[rows], y[rows], draws.some(rows), bins)]
    return found


def _bins(p: Array, y: Array, draws: Resamples, bins: int) -> Table:
    order, starts = _tied(p)
    p, y, weights = p[order], y[order], draws.weights[0, order].astype(np.float64)
    total = weights.sum()
    if not total > 0 or too_few(len(y), int(y.sum())):
        return []
    size = np.add.reduceat(weights, starts)
    middle = (np.cumsum(size) - size / 2) / total
    number = np.minimum((middle * bins).astype(int), bins - 1)
    code = _joined(number[np.cumsum(np.bincount(starts, minlength=len(p))) - 1], y)
    return [_bin(p[code == k], y[code == k], draws.some(order[code == k])) for k in np.unique(code)[::-1]]


def _joined(code: Array, y: Array) -> Array:
    """Bins, n, put together from the first on until none is too small; what is left at the end joins the one before."""
    ends: list[int] = []
    for end in (np.flatnonzero(np.append(np.diff(code) != 0, True)) + 1).tolist():
        since = ends[-1] if ends else 0
        if too_few(end - since, int(y[since:end].sum())):
            continue
        ends.append(end)
    return np.minimum(np.searchsorted(ends, np.arange(len(code)), side="right"), len(ends) - 1)


def _bin(p: Array, y: Array, draws: Resamples) -> dict[str, Any]:
    weights = draws.weights.astype(np.float64)
    total = weights.sum(axis=1)
    ends = {"least": _number(p.min()), "most": _number(p.max()), "rows": len(p), "events": int(y.sum())}
    if not total[0] > 0:
        return {"predicted": None, "observed": None, "low": None, "high": None, **ends}
    with np.errstate(invalid="ignore", divide="ignore"):
        fell = summary(weights @ y / total, draws.level)
    return {
        "predicted": _number(weights[0] @ p / total[0]),
        "observed": fell["value"],
        "low": fell["low"],
        "high": fell["high"],
        **ends,
    }


def gain(scores: Scores, y: Array, weights: Array) -> Table:
    """Share of all falls caught (`caught`) against the share of the cohort listed (`listed`), both 0 to 1.

    Every budget of `training.metrics.BUDGETS` is a point of its own, flagged `budget`, so that the picture and
    `recall_at_k` say the same.
    """
    rows: Table = []
    marks = np.array(BUDGETS) / 100
    for name, p in scores.items():
        listed, caught, _ = _steps(*_known(p, y, weights))
        rows += _points(name, _thin(listed, caught), ("listed", "caught"), budget=False)
        if len(listed):
            at = np.interp(marks, listed, caught)
            rows += _points(name, (marks, at), ("listed", "caught"), budget=True)
    return rows


def roc(scores: Scores, y: Array, weights: Array) -> Table:
    """Share of falls caught (`caught`) against the share of safe households listed (`false_alarm`)."""
    rows: Table = []
    for name, p in scores.items():
        _, caught, alarms = _steps(*_known(p, y, weights))
        rows += _points(name, _thin(alarms, caught), ("false_alarm", "caught"))
    return rows


def precision_recall(scores: Scores, y: Array, weights: Array) -> Table:
    """Share of the listed who fall (`precision`) against the share of falls caught (`caught`)."""
    rows: Table = []
    for name, p in scores.items():
        listed, caught, _ = _steps(*_known(p, y, weights))
        if len(listed) < 2:
            continue
        precision = _rate(*_known(p, y, weights)) * caught[1:] / listed[1:]
        # A line starts at the precision of its first group: nothing is known left of it.
        rows += _points(name, _thin(np.append(0.0, caught[1:]), np.append(precision[0], precision)),
                        ("caught", "precision"))  # fmt: skip
    return rows


def distribution(scores: Scores, y: Array, weights: Array, bins: int = 20) -> Table:
    """Share of the falls and of the safe households in each bin of predicted risk.

    Bins are equally wide from 0 to the 99.5 % quantile of the risk; what lies above is counted in the last.
    """
    rows: Table = []
    for name, score in scores.items():
        p, fell_next, own_weights = _known(score, y, weights)
        if not len(p):
            continue
        top = max(float(np.quantile(p, 0.995)), 1e-6)
        edges = np.linspace(0, top, bins + 1)
        code = np.minimum((p / top * bins).astype(int), bins - 1)
        for fell in (0, 1):
            own = np.bincount(code, weights=own_weights * (fell_next == fell), minlength=bins)
            if own.sum() > 0:
                rows += [{"model": name, "fell": bool(fell), "from": _number(edges[k]), "to": _number(edges[k + 1]),
                          "share": _number(own[k] / own.sum())} for k in range(bins)]  # fmt: skip
    return rows


def dots(result: Mapping[str, Any], metrics: tuple[str, ...] = ("auc", "average_precision")) -> Table:
    """Figures of each model with their intervals, and the paired difference of log-loss to each baseline."""
    rows: Table = [
        {"metric": metric, "model": name, **figures[metric]}
        for metric in metrics
        for name, figures in result["models"].items()
        if metric in figures
    ]
    return rows + [
        {"metric": "log_loss_difference", "model": name, **figures["log_loss"]}
        for name, figures in result.get("differences", {}).items()
        if "log_loss" in figures
    ]


def _tied(p: Array) -> tuple[Array, Array]:
    """Order from the highest score down, and the first place of each distinct score."""
    order = np.argsort(-p, kind="stable")
    return order, np.flatnonzero(np.append(True, np.diff(p[order]) != 0)) if len(p) else np.empty(0, dtype=int)


def _steps(p: Array, y: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Shares listed, of falls caught and of safe households listed after each distinct score, from 0; empty where one
    class is missing."""
    order, starts = _tied(p)
    total, events = weights.sum(), weights @ y
    if not 0 < events < total:
        return np.empty(0), np.empty(0), np.empty(0)
    size = np.add.reduceat(weights[order], starts)
    hits = np.add.reduceat((weights * y)[order], starts)

    def share(values: Array, whole: float) -> Array:
        return np.append(0.0, np.cumsum(values) / whole)

    return share(size, total), share(hits, events), share(size - hits, total - events)


def _thin(x: Array, *others: Array) -> tuple[Array, ...]:
    """At most `POINTS` points of a line, spread evenly along x, ends kept."""
    if len(x) <= POINTS:
        return x, *others
    wanted = np.linspace(x[0], x[-1], POINTS)
    keep = np.unique(np.append(np.clip(np.searchsorted(x, wanted), 0, len(x) - 1), [0, len(x) - 1]))
    return x[keep], *(values[keep] for values in others)


def _points(name: str, columns: tuple[Array, ...], names: tuple[str, str], **flags: bool) -> Table:
    return [{"model": name, **{key: _number(v) for key, v in zip(names, row, strict=True)}, **flags}
            for row in zip(*columns, strict=True)]  # fmt: skip


def _rate(p: Array, y: Array, weights: Array) -> float:
    return float(weights @ y / weights.sum())


def _known(p: Array, y: Array, weights: Array) -> tuple[Array, Array, Array]:
    rows = np.isfinite(p) & np.isfinite(y)
    return (p, y, weights) if rows.all() else (p[rows], y[rows], weights[rows])


def _number(value: float) -> float:
    return round(float(value), 5)
