"""Whether it is time to train again: shift of the families, of the scores, and calibration on outcomes since known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from features import periods
from features.commands import UserError
from features.types import Array
from models import drift
from models.bundle import Bundle
from training import backtest
from training.judge import Resamples, plain, summaries, unbiased
from training.limits import TOLERANCE
from training.metrics import metrics
from training.panel import Panel
from training.prepare import Prepared

CALIBRATED = ("auc", "log_loss", "calibration_slope", "expected_over_observed")
FEWEST_FALLS = 50
MANY = 0.1
"""Share of features with a large shift from which the families are others than those of the training."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, as plain values, and the reasons to train again; none: not due."""

    found: dict[str, Any]
    due: tuple[str, ...]


def judge(prepared: Prepared, bundle: Bundle, *, number: int, seed: int) -> Report:
    """Hold a panel against a bundle.

    Families and scores are those of the panel's newest origin; outcomes those known since the bundle was trained, as
    `training.backtest.unseen` has them.

    Raises
    ------
    UserError : the bundle is of another view or horizon, or from before bins of training values were kept.
    """
    panel = prepared.panel
    if bundle.schema["horizon"] != panel.horizon or bundle.schema["view"] != prepared.facts["view"]:
        raise UserError(f"bundle {bundle.name} is of the {bundle.schema['view']} view and horizon "
                        f"{bundle.schema['horizon']}; the panel was built for another")  # fmt: skip
    if "bins" not in bundle.reference:
        raise UserError(f"bundle {bundle.name} keeps no bins of its training values; train it again")
    newest = int(panel.meta["period"][panel.at_risk].max())
    now = panel.take(panel.at_risk & (panel.meta["period"] == newest))
    draws = Resamples.of(now.clusters(), now.weight(), number, seed)
    X = backtest.columns(now, bundle.features)
    bins = dict(zip((feature.name for feature in bundle.features), bundle.reference["bins"], strict=True))
    share = len(now) / bundle.schema["trained_rows"]
    features = {name: unbiased(drift.index(own, X[:, n], draws.weights), draws.level, share)
                for n, (name, own) in enumerate(bins.items())}  # fmt: skip
    told = drift.index(bundle.reference["scores"], backtest.predict_bundle(bundle, now), draws.weights)
    scores = unbiased(told, draws.level, share)
    large = [name for name, own in features.items() if _over(own, drift.MOVED)]
    calibration = _calibration(panel, bundle, number, seed)
    due = _due(bundle, features, large, scores, calibration)
    found = {"bundle": bundle.name, "origin": periods.text(newest), "rows": len(now), "features": features,
             "scores": scores, "calibration": calibration, "due": list(due)}  # fmt: skip
    return Report(found, due)


def _over(own: dict[str, float | None], limit: float) -> bool:
    """Beyond the limit with the whole interval: what chance alone could do is no shift."""
    return own["low"] is not None and own["low"] > limit


def _calibration(panel: Panel, bundle: Bundle, number: int, seed: int) -> dict[str, Any]:
    known = np.datetime64(bundle.schema["known_until"])
    rows: Array = panel.at_risk & panel.seen & (panel.outcome_known > known) & backtest.unseen(bundle, panel)
    events = int(np.nansum(panel.poor_next[rows]))
    if events < FEWEST_FALLS:
        return {"rows": int(rows.sum()), "events": events, "figures": None}
    own = panel.take(rows)
    draws = Resamples.of(own.clusters(), own.weight(), number, seed)
    figures = metrics(backtest.predict_bundle(bundle, own), own.poor_next, draws.weights, names=CALIBRATED)
    return {"rows": len(own), "events": events, "figures": summaries(figures, draws.level, CALIBRATED)}


def _due(bundle: Bundle, features: dict[str, Any], large: list[str], scores: dict[str, Any],
         calibration: dict[str, Any]) -> tuple[str, ...]:  # fmt: skip
    why = []
    if len(large) > MANY * len(features):
        why.append(f"{len(large)} of {len(features)} features shifted by more than {drift.MOVED}: "
                   f"{', '.join(large[:5])}{' ...' if len(large) > 5 else ''}")  # fmt: skip
    if _over(scores, drift.MOVED):
        why.append(f"the scores shifted by {plain(scores['value'])}, more than {drift.MOVED}")
    figures = calibration["figures"]
    if figures:
        low, high = TOLERANCE
        for name in ("calibration_slope", "expected_over_observed"):
            own = figures[name]
            if own["low"] is not None and own["high"] is not None and (own["high"] < low or own["low"] > high):
                why.append(f"{name.replace('_', ' ')} is {own['value']:.2f} ({own['low']:.2f} to {own['high']:.2f}) on "
                           f"{calibration['events']} falls since known; {low} to {high} is wanted")  # fmt: skip
    return tuple(why)


def lines(report: Report) -> list[str]:
    """The report in words, a line each."""
    found, own = report.found, report.found["calibration"]
    largest = sorted(found["features"].items(), key=lambda item: -(item[1]["value"] or 0.0))[:5]
    told = [f"bundle {found['bundle']} against {found['rows']:,} families at risk of {found['origin']}",
            f"scores: stability index {_figure(found['scores'])}",
            "features that moved most: " + ", ".join(f"{name} {_figure(one)}" for name, one in largest)]  # fmt: skip
    if own["figures"]:
        told.append(f"{own['events']:,} falls since known among {own['rows']:,} rows: " + ", ".join(
            f"{name.replace('_', ' ')} {_figure(own['figures'][name])}" for name in CALIBRATED))  # fmt: skip
    else:
        told.append(f"{own['events']} falls since known: too few to judge calibration ({FEWEST_FALLS} needed)")
    told += [f"due: {why}" for why in report.due] or ["training again is not due"]
    return told


def _figure(own: dict[str, float | None]) -> str:
    if own["value"] is None:
        return "not defined"
    if own["low"] is None:
        return f"{own['value']:.3f}"
    return f"{own['value']:.3f} ({own['low']:.3f} to {own['high']:.3f})"
