"""Whether it is time to train again: shift of the families, of the scores, and calibration on outcomes since known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from features import asof, periods
from features.commands import UserError
from features.context import Context
from features.frame import META, weight
from features.types import Array
from models import drift, score
from models.bundle import Bundle
from models.calibration import sigmoid
from training import panel as panels
from training import replay
from training.judge import Resamples, plain, summaries, unbiased
from training.limits import TOLERANCE
from training.metrics import metrics
from training.panel import Panel
from training.prepare import Prepared, check_bundle

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

    Families and scores are those of the newest origin of the tables, whose outcome nobody knows yet; outcomes those
    known since the bundle was trained, as `training.replay.unseen` has them.

    Raises
    ------
    UserError : the bundle is of another view or horizon, or from before bins of training values were kept.
    """
    check_bundle(prepared, bundle)
    if "bins" not in bundle.reference:
        raise UserError(f"bundle {bundle.name} keeps no bins of its training values; train it again")
    now = _newest(prepared, bundle)
    draws = Resamples.of(panels.clusters(now.meta), weight(now.meta), number, seed)
    bins = dict(zip((feature.name for feature in bundle.features), bundle.reference["bins"], strict=True))
    share = len(now.X) / bundle.schema["trained_rows"]
    features = {name: unbiased(drift.index(own, now.X[:, n], draws.weights), draws.level, share)
                for n, (name, own) in enumerate(bins.items())}  # fmt: skip
    told = drift.index(bundle.reference["scores"], now.risk, draws.weights)
    scores = unbiased(told, draws.level, share)
    large = [name for name, own in features.items() if _over(own, drift.MOVED)]
    calibration = _calibration(prepared.panel, bundle, number, seed)
    due = _due(features, large, scores, calibration)
    found = {"bundle": bundle.name, "origin": periods.text(now.period), "rows": len(now.X), "refused": now.refused,
             "features": features, "moved": large, "scores": scores, "calibration": calibration,
             "due": list(due)}  # fmt: skip
    return Report(found, due)


@dataclass(frozen=True, slots=True)
class _Now:
    """Families at risk at an origin: values of the bundle's features, n x F, who they are, and risk, n; and how many of
    them are refused a score, which are among them: the rows of the training were not asked either."""

    period: int
    X: Array
    meta: dict[str, Array]
    risk: Array
    refused: int


def _newest(prepared: Prepared, bundle: Bundle) -> _Now:
    """Families of the newest origin that holds some at risk, by the rule of a score of that day."""
    tables = prepared.admitted.tables
    context = Context({**bundle.context.tables, **tables})
    for period in np.unique(tables["households"]["period"])[::-1].tolist():
        own = score.chances(bundle, tables, asof.origin_date(period, prepared.panel.lag_days), context=context,
                            period=period)  # fmt: skip
        rows = own.poor_now < bundle.cuts["poor_now"]
        if rows.any():
            return _Now(period, own.frame.values[rows], {name: own.frame.meta[name][rows] for name in META},
                        sigmoid(bundle.forests["risk"].logit(own.matrix[rows])),
                        int((~own.known[rows]).sum()))  # fmt: skip
    raise UserError("no family of these tables is at risk")


def _over(own: dict[str, float | None], limit: float) -> bool:
    """Beyond the limit with the whole interval: what chance alone could do is no shift."""
    return own["low"] is not None and own["low"] > limit


def _calibration(panel: Panel, bundle: Bundle, number: int, seed: int) -> dict[str, Any]:
    known = np.datetime64(bundle.schema["known_until"])
    rows: Array = panel.at_risk & panel.seen & (panel.outcome_known > known) & replay.unseen(bundle, panel)
    events = int(np.nansum(panel.poor_next[rows]))
    if events < FEWEST_FALLS:
        return {"rows": int(rows.sum()), "events": events, "figures": None}
    own = panel.take(rows)
    draws = Resamples.of(own.clusters(), own.weight(), number, seed)
    figures = metrics(replay.predict_bundle(bundle, own), own.poor_next, draws.weights, names=CALIBRATED)
    return {"rows": len(own), "events": events, "figures": summaries(figures, draws.level, CALIBRATED)}


def _due(features: dict[str, Any], large: list[str], scores: dict[str, Any],
         calibration: dict[str, Any]) -> tuple[str, ...]:  # fmt: skip
    why = []
    if len(large) > MANY * len(features):
        why.append(f"{len(large)} of {len(features)} features shifted by more than {drift.MOVED}: "
                   f"{', '.join(large[:5])}{' ...' if len(large) > 5 else ''}")  # fmt: skip
    if _over(scores, drift.MOVED):
        why.append(f"the scores shifted by {plain(round(scores['value'], 3))}, more than {drift.MOVED}")
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
    refused = f", {found['refused']:,} of them refused a score" if found["refused"] else ""
    told = [f"bundle {found['bundle']} against {found['rows']:,} families at risk of {found['origin']}{refused}",
            f"scores: stability index {_figure(found['scores'])}",
            "features that moved most: " + ", ".join(f"{name} {_figure(one)}" for name, one in largest)]  # fmt: skip
    if own["figures"]:
        told.append(f"{own['events']:,} falls since known among {own['rows']:,} rows: " + ", ".join(
            f"{name.replace('_', ' ')} {_figure(own['figures'][name])}" for name in CALIBRATED))  # fmt: skip
    else:
        told.append(f"{own['events']} falls since known: too few to judge calibration ({FEWEST_FALLS} needed)")
    told.append(f"{len(found['moved'])} of {len(found['features'])} features moved by more than {drift.MOVED} with the "
                f"whole interval; due where more than {100 * MANY:.0f} % did")  # fmt: skip
    told += [f"due: {why}" for why in report.due] or ["training again is not due"]
    return told


def _figure(own: dict[str, float | None]) -> str:
    if own["value"] is None:
        return "not defined"
    if own["low"] is None:
        return f"{own['value']:.3f}"
    return f"{own['value']:.3f} ({own['low']:.3f} to {own['high']:.3f})"
