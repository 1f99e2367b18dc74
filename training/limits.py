"""The limits that gates, bias sheet, drift, card and report share, each with its reason (docs/evaluating.md)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

Answer = Literal["pass", "fail", "unknown"]
Summary = Mapping[str, float | None]

TOLERANCE = (0.8, 1.25)
"""Range of the calibration slope and of expected over observed falls, one end the inverse of the other: at most five
falls told for four seen, or four for five; at a slope of .8 a family told 30 in 100 where the mean is 10 falls about 25
times."""
WIDEST = (0.6, 1 / 0.6)
"""Range that their whole interval must lie in, twice as far from 1: one that reaches beyond it says too little."""
MARGIN = 0.05
"""Most by which a model may be worse than another: this share of the log-loss of telling everybody the average rate,
and of 1 minus the rate for average precision. Only who knows every fate gains all of it, so that beside a model's own
gain the margin is large (`margin_of_gain`), about half of it in the demo: tighter, some hundred falls would leave
every gate unknown. It says how wide an interval may be before it tells nothing, and is a convention: no lead is proven
by it. Jaga's own lead over a rank by desil or welfare is smaller (4.5 % of log-loss pooled, docs/results.md), so that a
model no better than such a rank is "not worse" than it; ahead of the rules that need no model it must be by
`training.gates.OFFICE`."""
ALARM = 0.90
"""AUC of a judged model above which, in any view, no bundle is promoted: on register features it has meant a leaked
label in every published case read, and with welfare measured the best on the EPH is .84 a year ahead and .87 a
quarter ahead."""
FEWEST_ROWS, FEWEST_FALLS = 100, 20
"""A cell with fewer of either gets no figure: its interval would hold nearly anything, or be drawn from a handful of
falls and too narrow."""
FEWEST_CLUSTERS = 20
"""Clusters of judged rows below which an error or interval over clusters is too narrow, of a resample as of a formula
(Cameron, Gelbach and Miller 2008, 'Bootstrap-based improvements for inference with clustered errors'): nothing that
stands on it is told as sure."""


def too_few(rows: int, events: int) -> bool:
    """Whether a cell of this many rows and falls (`events`) gets no figure: too few of any."""
    return rows < FEWEST_ROWS or min(events, rows - events) < FEWEST_FALLS


def few_clusters(cohort: Mapping[str, Any]) -> bool:
    """Whether rows (`clusters` of a cohort, households where there are no others) are of too few clusters for their
    intervals; False in a result of before they were counted."""
    clusters = cohort.get("clusters")
    return clusters is not None and clusters < FEWEST_CLUSTERS


def cluster_warning(cohort: Mapping[str, Any]) -> list[str]:
    """A warning where the judged rows are of too few clusters; none where they are not."""
    if not few_clusters(cohort):
        return []
    return [f"the judged rows are of {cohort['clusters']} clusters only: intervals over fewer than "
            f"{FEWEST_CLUSTERS} are too narrow, so no difference is told as sure, and gates that stand on them stay "
            "unknown; bring rows of more clusters"]  # fmt: skip


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
    return {"log_loss": MARGIN * blind(rate), "average_precision": MARGIN * (1 - rate)}


def blind(rate: float) -> float:
    """Log-loss of telling everybody the average rate, itself between 0 and 1."""
    return -rate * math.log(rate) - (1 - rate) * math.log(1 - rate)


def margin_of_gain(own: Mapping[str, Summary], rate: float) -> dict[str, float]:
    """Each margin as a share of what a model itself gains over telling everybody the average rate.

    A measure without a figure, or in which the model gains nothing, is left out.

    Parameters
    ----------
    own : figures of the model by measure. rate : share of the judged rows that fell.
    """
    out: dict[str, float] = {}
    for metric, most in margins(rate).items():
        value = own.get(metric, {}).get("value")
        gain = 0.0 if value is None or not most else blind(rate) - value if metric == "log_loss" else value - rate
        if gain > 0:
            out[metric] = most / gain
    return out
