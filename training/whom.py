"""For whom a family of features is worth something: what it adds, in cells of households and against all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from features.types import Array
from models.calibration import sigmoid
from training import logistic
from training.judge import Resamples, plain, summaries
from training.limits import few_clusters, too_few
from training.metrics import metrics
from training.nested import Learned
from training.panel import Panel

SHOWN = ("auc", "average_precision", "log_loss")
SURE = 0.05
"""Corrected p under which a verdict is told."""
NOTHING: dict[str, float | None] = {"value": 0.0, "low": None, "high": None}


def judge(part: Learned, test: Panel, draws: Resamples, who: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """By grouping and level: figures of the cell, and `beside`, its slope minus that of all others of the grouping.

    All cells are corrected together, the slopes for themselves and the gaps for themselves: that one cell is sure and
    another is not does not say that they differ.
    """
    found: dict[str, dict[str, Any]] = {}
    cells: list[dict[str, Any]] = []
    for grouping, levels in who.items():
        names = sorted(set(levels) - {""})
        if len(names) < 2:
            continue
        found[grouping] = {}
        for level in names:
            one = cell(part, test, draws, levels == level)
            beside, p = _beside(part, test, draws, levels == level, levels != "", small=one["too_small"])
            found[grouping][level] = one | {"beside": beside, "beside_p": p}
            cells.append(found[grouping][level])
    for key, summary, said in (("p", "slope", "verdict"), ("beside_p", "beside", "differs")):
        for one, p in zip(cells, logistic.holm([one[key] for one in cells]), strict=True):
            name = "adjusted" if key == "p" else "beside_adjusted"
            one |= {name: p, said: decided(one[summary], p)}
    return found


def cell(part: Learned, test: Panel, draws: Resamples, rows: Array) -> dict[str, Any]:
    """Slope with its p, and gaps of both arms, on some rows; no figure where they are too few."""
    y, own = test.poor_next[rows], draws.some(rows)
    found = _size(test, rows)
    if found["too_small"]:
        nothing: dict[str, float | None] = dict.fromkeys(NOTHING)
        return found | {"slope": nothing, "p": None} | dict.fromkeys(SHOWN, nothing)
    slope, p = _slope(part, test, draws, [rows], np.array([0.0, 0.0, 1.0]))
    one, two = (metrics(sigmoid(eta[rows]), y, own.weights, names=SHOWN) for eta in (part.with_it, part.without))
    gap = {name: one[name] - two[name] for name in SHOWN}
    return found | {"slope": slope, "p": p} | summaries(gap, own.level, SHOWN)


def decided(slope: Mapping[str, float | None], adjusted: float | None) -> str | None:
    """`better` where what was learned of a family holds, `worse` where the reverse does, `undecided` otherwise; None
    where it was not judged."""
    value = slope["value"]
    if value is None:
        return None
    if adjusted is None or adjusted >= SURE:
        return "undecided"
    return "better" if value > 0 else "worse"


def _size(test: Panel, rows: Array) -> dict[str, Any]:
    """Rows, falls and clusters, and whether any are too few."""
    y = test.poor_next[rows]
    size = {"rows": len(y), "events": int(y.sum()), "clusters": len(np.unique(test.clusters()[rows].astype(str)))}
    return size | {"too_small": too_few(size["rows"], size["events"]) or few_clusters(size)}


def _beside(part: Learned, test: Panel, draws: Resamples, rows: Array, known: Array, *, small: bool,
            ) -> tuple[dict[str, float | None], float | None]:  # fmt: skip
    rest = known & ~rows
    if small or _size(test, rest)["too_small"]:
        return dict.fromkeys(NOTHING), None
    return _slope(part, test, draws, [rows, rest], np.array([0.0, 0.0, 1.0, 0.0, 0.0, -1.0]))


def _slope(part: Learned, test: Panel, draws: Resamples, parts: list[Array], pick: Array,
           ) -> tuple[dict[str, float | None], float | None]:  # fmt: skip
    """Falls on what the family says beside the log-odds of the model without it, a line in each part; log-odds a unit.

    A family to which the training rows gave no weight says nothing: 0, which nothing can make sure.
    """
    any_of = np.any(parts, axis=0)
    flat = any(np.ptp(part.index[rows]) == 0 or np.ptp(part.without[rows]) == 0 for rows in parts)
    if part.weight == 0 or flat:
        return dict(NOTHING), 1.0
    blocks = [np.column_stack([rows, rows * part.without, rows * part.index]) for rows in parts]
    design = np.hstack(blocks)[any_of].astype(np.float64)
    weight = draws.weights[0][any_of].astype(np.float64)
    told, p = logistic.slope(pick, design, test.poor_next[any_of], test.clusters()[any_of], weight, draws.level)
    return {key: plain(value) for key, value in told.items()}, plain(p)
