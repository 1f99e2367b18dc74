"""The limits that gates, bias sheet, drift, card and report share, each with its reason (docs/evaluating.md)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

Answer = Literal["pass", "fail", "unknown"]
Summary = Mapping[str, float | None]

TOLERANCE = (0.8, 1.25)
"""Range of the calibration slope and of expected over observed falls, one end the inverse of the other: at most five
falls told for four seen, or four for five; at a slope of .8 a family told 30 in 100 where the mean is 10 falls about 25
times."""
WIDEST = (0.6, 1 / 0.6)
"""Range that their whole interval must lie in, twice as far from 1: one that reaches beyond it says too little."""
MARGIN = 0.05
"""Most by which a model may be worse than another, as a share of what one could gain on these rows: of the log-loss of
the rate told to everybody, and of 1 minus the rate for average precision. It says how wide an interval may be before it
tells nothing, and is a convention: no lead is proven by it. Jaga's own lead over a rank by desil or welfare is smaller
(4.5 % of log-loss pooled, docs/results.md), so that a model no better than such a rank is "not worse" than it; ahead of
the rules that need no model it must be by `training.gates.OFFICE`."""
ALARM = 0.90
"""AUC of a judged model above which, in any view, no bundle is promoted: on register features it has meant a leaked
label in every published case read, and with welfare measured the best model of the EPH has .84."""
FEWEST_ROWS, FEWEST_FALLS = 100, 20
"""A cell with fewer of either gets no figure: its interval would hold nearly anything, or be drawn from a handful of
falls and too narrow."""


def too_few(rows: int, events: int) -> bool:
    """Whether a cell of this many rows and falls (`events`) gets no figure: too few of any."""
    return rows < FEWEST_ROWS or min(events, rows - events) < FEWEST_FALLS


def calibrated(summary: Summary) -> Answer:
    """Whether a slope or a ratio is right: the figure itself must lie within `TOLERANCE`, whatever its interval holds,
    and the interval within `WIDEST`."""
    value, low, high = summary["value"], summary["low"], summary["high"]
    if value is None:
        return "unknown"
    if not TOLERANCE[0] <= value <= TOLERANCE[1]:
        return "fail"
    return "pass" if low is not None and high is not None and WIDEST[0] <= low and high <= WIDEST[1] else "unknown"


def worst(answers: list[Answer]) -> Answer:
    """One answer of several: fail where any fails, else unknown where any is."""
    return "fail" if "fail" in answers else "unknown" if "unknown" in answers else "pass"


def margins(rate: float) -> dict[str, float]:
    """The most by which each measure may be worse, in its own unit, where this share of the judged rows fell."""
    if not 0 < rate < 1:
        return {"log_loss": 0.0, "average_precision": 0.0}
    blind = -rate * math.log(rate) - (1 - rate) * math.log(1 - rate)
    return {"log_loss": MARGIN * blind, "average_precision": MARGIN * (1 - rate)}
