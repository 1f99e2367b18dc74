"""What a run shows of itself: the facts from which the risk-of-bias sheet answers (`training.probast`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from features import asof, contract, periods
from features.types import Array
from training.panel import Panel
from training.split import Split

if TYPE_CHECKING:
    from training.backtest import Model

MANY, MOSTLY, TWO = 10, 0.9, 2
"""A number of that many values is cut in two to its harm, unless so large a share of its rows has one value alone."""
LOOKED = 100_000
"""Rows at most whose values are counted."""


def of(panel: Panel, splits: Sequence[Split], model: Model, scores: Array) -> dict[str, Any]:
    """Facts of the rows that trained and were judged.

    Parameters
    ----------
    panel : with the categories of the last window. splits, model : the windows, and the model of the last one.
    scores : risk of the judged rows.

    Returns
    -------
    units : what a row is, where it is told. known_late : rows with a fact known after their origin. outcome : outcomes
    in all, those that come with welfare over the line, and those that differ from it. interval : least and most days
    from origin to outcome, training rows whose outcome was not known by the first judged day. binned : numbers, the
    fewest steps of one in the additive part, and those of many values that have two at most. missing : share of cells,
    usable rows that no side of the last window took without a reason of its own, judged rows without a risk. unused :
    features that vary in the training rows and are not in the model.
    """
    used = np.flatnonzero(np.any([split.train | split.test for split in splits], axis=0))
    meta, ratio, last = panel.meta, panel.ratio_next[used], splits[-1]
    units = np.unique(meta["unit"][used].astype(float)) if "unit" in meta else np.empty(0)
    late = meta["known_at"][used] > panel.as_of[used] if "known_at" in meta else np.empty(0)
    measured = ~np.isnan(ratio)
    days = (panel.outcome_known[used] - panel.as_of[used]).astype("timedelta64[D]").astype(int)
    taught = np.flatnonzero(last.train)
    return {
        "units": [contract.HOUSEHOLDS["unit"].choices[int(code)] for code in units[~np.isnan(units)]],
        "known_late": int(late.sum()),
        "outcome": {
            "rows": len(used),
            "measured": int(measured.sum()),
            "broken": int(((ratio < 1) != (panel.poor_next[used] == 1))[measured].sum()),
        },
        "interval": {
            "least": int(days.min()),
            "most": int(days.max()),
            "late": sum(_late(panel, split) for split in splits),
            "periods_a_year": periods.per_year(int(meta["period"][0])),
        },
        "binned": _binned(panel, taught[:: -(-len(taught) // LOOKED)], model),
        "missing": {
            "share": round(float(np.mean([np.isnan(column[used]).mean() for column in panel.X.T])), 6),
            "dropped": _dropped(panel, last),
            "unscored": int((~np.isfinite(scores)).sum()),
        },
        "unused": _unused(panel, taught, model),
    }


def _late(panel: Panel, split: Split) -> int:
    if split.test_from is None:
        return 0
    return int((panel.outcome_known[split.train] > asof.origin_date(split.test_from, panel.lag_days)).sum())


def _dropped(panel: Panel, split: Split) -> int:
    """Usable rows on neither side, less those that embargo and clusters keep out."""
    left = panel.at_risk & panel.seen & ~split.train & ~split.test
    if split.test_from is not None:
        # Windows before the last have judged rows of their own, which are early rows of this one.
        left &= panel.meta["period"] <= panel.meta["period"][split.test].max()
    return int(left.sum()) - split.embargoed - split.kept_from_training - split.kept_from_judging


def _unused(panel: Panel, taught: Array, model: Model) -> list[str]:
    mine = {feature.name for feature in model.features}
    return [feature.name for number, feature in enumerate(panel.features)
            if feature.name not in mine and len(np.unique(panel.X[taught, number])) > 1]  # fmt: skip


def _binned(panel: Panel, rows: Array, model: Model) -> dict[str, Any]:
    place = {feature.name: number for number, feature in enumerate(panel.features)}
    steps, halved = [], []
    for feature, binning in zip(model.features, model.fitted.composed.additive.binnings, strict=True):
        column = panel.X[rows, place[feature.name]]
        _, counts = np.unique(column[~np.isnan(column)], return_counts=True)
        if feature.choices or len(counts) < MANY or counts.max() > MOSTLY * counts.sum():
            continue
        steps.append(len(binning.edges) + 1)
        if steps[-1] <= TWO:
            halved.append(feature.name)
    numbers = sum(not feature.choices for feature in model.features)
    return {"numbers": numbers, "fewest": min(steps, default=0), "halved": halved}
