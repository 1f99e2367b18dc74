"""What each family of features is worth: the model without it, beside the model with it, on the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from features import cohort
from features.types import Array
from training import backtest
from training.backtest import Model, columns
from training.figures import verdict
from training.fit import Settings
from training.judge import Resamples, follow_up, summaries
from training.limits import too_few
from training.metrics import metrics
from training.panel import Panel, kinds
from training.split import Split
from training.stability import settled
from training.table import FAMILY

SHOWN = ("auc", "average_precision", "log_loss")
MOST = 40
"""Columns of a flat table that are left out one by one at most; of more the rest is left."""
AUTOMATION = "automation"
WITH_IT = ("occupation",)
"""Columns that trees could build automation exposure from again, so that they go with it (design, decision 32)."""


def families(model: Model) -> dict[str, tuple[str, ...]]:
    """Names of features by family; in a flat table each column is one."""
    found: dict[str, list[str]] = {}
    for feature in model.features:
        found.setdefault(feature.name if feature.family == FAMILY else feature.family, []).append(feature.name)
    return {name: tuple(own) for name, own in list(found.items())[:MOST]}


def judge(panel: Panel, split: Split, model: Model, settings: Settings, lookback: int, *, number: int, seed: int,
          ) -> dict[str, Any]:  # fmt: skip
    """Figures with the family minus without it, by family; for automation also by who the households are.

    Above 0 in AUC and average precision, below 0 in log-loss: the family helps. Both arms choose nothing anew.
    """
    test = panel.take(split.test)
    draws = Resamples.of(test.clusters(), test.weight() * follow_up(test), number, seed)
    own = settled(settings, model)
    whole = _risk(panel, split, tuple(f.name for f in model.features), own)
    found: dict[str, Any] = {}
    for name, gone in families(model).items():
        kept = tuple(f.name for f in model.features if f.name not in gone)
        if not kept:
            continue
        p = _risk(panel, split, kept, own)
        everyone = np.ones(len(test), dtype=bool)
        found[name] = {"features": len(gone), **_gap(test, whole, p, draws, everyone)}
    if AUTOMATION in found:
        found[AUTOMATION]["for"] = _for_whom(panel, split, model, test, own, draws, lookback)
    return found


def automation_verdict(found: Mapping[str, Any]) -> str | None:
    """One sentence: whether exposure to automation earns its place; None where the model has none of its features.

    The nested comparison decides where it was made: exposure beside the same model without occupation and exposure.
    """
    if AUTOMATION not in found:
        return None
    whole = (found[AUTOMATION].get("for") or {}).get("all")
    gap = whole or found[AUTOMATION]
    sides = {name: verdict(gap[name], name) for name in ("auc", "log_loss")}
    answer = ("undecided" if set(sides.values()) >= {"better", "worse"} or set(sides.values()) == {"undecided"} else
              "yes" if "better" in sides.values() else "no, it does harm")  # fmt: skip
    arms = "both arms without the occupation" if whole else "the occupation in both arms"
    figures = "; ".join(f"{title} {_signed(gap[name])}" for name, title in (("auc", "AUC"), ("log_loss", "log-loss")))
    return (f"Does exposure to automation earn its place? {answer.capitalize()}: {figures} with it minus without it "
            f"({arms}).")  # fmt: skip


def _signed(summary: Mapping[str, float | None]) -> str:
    if summary["value"] is None:
        return "not defined"
    if summary["low"] is None or summary["high"] is None:
        return f"{summary['value']:+.4f}"
    return f"{summary['value']:+.4f} ({summary['low']:+.4f} to {summary['high']:+.4f})"


def _risk(panel: Panel, split: Split, names: tuple[str, ...], settings: Settings) -> Array:
    features = tuple(feature for feature in panel.features if feature.name in names)
    own = replace(panel, features=features, X=columns(panel, features))
    model = backtest.train(own, split.train, own.poor_next == 1, own.ratio_next, settings)
    return model.predict(own.take(split.test), settings.threads)


def _gap(test: Panel, with_it: Array, without: Array, draws: Resamples, rows: Array) -> dict[str, Any]:
    own, y = draws.some(rows), test.poor_next[rows]
    one, two = (metrics(p[rows], y, own.weights, names=SHOWN) for p in (with_it, without))
    gap = {name: one[name] - two[name] for name in SHOWN}
    return {"rows": int(rows.sum()), "events": int(y.sum()), **summaries(gap, own.level, SHOWN)}


def _for_whom(panel: Panel, split: Split, model: Model, test: Panel, settings: Settings, draws: Resamples,
              lookback: int) -> dict[str, Any]:  # fmt: skip
    """The nested comparison for automation: exposure and everything it could be built from again are left out of one
    arm, everything but exposure's measures out of neither; by kind, place and industry of the main earner."""
    reads = {f.name for f in model.features if set(f.inputs) & set(WITH_IT)}
    exposure = {f.name for f in model.features if f.family == AUTOMATION}
    base = tuple(f.name for f in model.features if f.name not in reads | exposure)
    with_it = tuple(f.name for f in model.features if f.name in base or f.name in exposure)
    if not base or len(base) == len(with_it):
        return {}
    p, q = (_risk(panel, split, names, settings) for names in (with_it, base))
    groups: dict[str, Array] = {"all": np.ones(len(test), dtype=bool)}
    kind = kinds(test, lookback)
    groups |= {name: kind == code for code, name in enumerate(cohort.KINDS)}
    urban = test.meta["urban"]
    groups |= {"urban": urban == 1, "rural": urban == 0}
    groups |= _industries(test)
    return {name: _gap(test, p, q, draws, rows) for name, rows in groups.items()
            if not too_few(int(rows.sum()), int(test.poor_next[rows].sum()))}  # fmt: skip


def _industries(test: Panel) -> dict[str, Array]:
    at = [n for n, feature in enumerate(test.features) if feature.name == "head_sector"]
    if not at:
        return {}
    code, names = test.X[:, at[0]], test.features[at[0]].choices
    return {f"industry {names[int(one)]}": code == one for one in np.unique(code[~np.isnan(code)])}
