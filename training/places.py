"""Calibration by place: expected over observed falls in each province and its towns or countryside."""

from __future__ import annotations

from typing import Any

import numpy as np

from features.types import Array
from training.judge import Resamples, judged_weights, summary
from training.limits import FEWEST_FALLS, FEWEST_ROWS, too_few
from training.panel import Panel

TOGETHER = "all cells too small, together"
"""The cell of all rows whose own cell is too small, so that none is left out of the picture."""
NONE = "no place is told: neither a province nor whether it is urban or rural"


def judge(panel: Panel, p: Array, *, number: int, seed: int) -> dict[str, Any]:
    """Expected over observed by province x urban or rural, with intervals; cells under the minimum are put together.

    Parameters
    ----------
    panel : judged rows. p : n, the risk told. number, seed : of the bootstrap over clusters.
    """
    levels = names(panel)
    facts = {"fewest": {"rows": FEWEST_ROWS, "events": FEWEST_FALLS}}
    if not (levels != "").any():
        return facts | {"reason": NONE, "cells": {}}
    draws, y = Resamples.of(panel.clusters(), judged_weights(panel), number, seed), panel.poor_next
    cells, small = {}, np.zeros(len(panel), dtype=bool)
    for level in sorted(set(levels) - {""}):
        rows = levels == level
        cells[level] = _cell(rows, p, y, draws)
        if cells[level]["too_small"]:
            small |= rows
    if small.any() and len(cells) > 1:
        cells[TOGETHER] = _cell(small, p, y, draws)
    return facts | {"reason": None, "cells": cells}


def names(panel: Panel) -> Array:
    """Province and urban or rural of each row as far as they are known, empty where neither is, n texts."""
    province, urban = panel.meta["province"].astype(str), panel.meta["urban"]
    kind = np.select([urban == 1, urban == 0], ["urban", "rural"], "")
    return np.array([f"{one} {two}".strip() for one, two in zip(province, kind, strict=True)], dtype=object)


def _cell(rows: Array, p: Array, y: Array, draws: Resamples) -> dict[str, Any]:
    """Rows, falls, mean risk told, share that fell and their ratio; no figure where there are too few of either."""
    size = {"rows": int(rows.sum()), "events": int(y[rows].sum())}
    if too_few(size["rows"], size["events"]):
        return size | {"too_small": True, "told": None, "fell": None, "expected_over_observed": None}
    w = draws.weights[:, rows].astype(np.float64)
    told, fell, total = w @ p[rows], w @ y[rows], w.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {"told": told / total, "fell": fell / total, "expected_over_observed": told / fell}
    return size | {"too_small": False, **{name: summary(values, draws.level) for name, values in found.items()}}
