"""What each family of features is worth: what it adds, learned on top of the model without it, on rows held out.

Two models fitted apart differ by their own noise, so the family is nested in the model without it (`training.nested`).
Whether it says anything is one test a family, on the judged rows: the slope of their falls on what it says, beside the
log-odds of the model without it. Gaps of AUC between nested models are no test: they are biased towards no gain
(Pepe, Kerr, Longton and Wang 2013, 'Testing for improvement in prediction model performance'); they tell how much.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from features.commands import UserError, closest
from features.registry import Feature
from features.types import Array
from training import logistic, nested, whom
from training.backtest import Model
from training.fit import Settings
from training.judge import Resamples, judged_weights
from training.panel import Panel
from training.split import Split
from training.stability import settled
from training.table import FAMILY
from training.whom import decided

MOST = 40
"""Columns of a flat table that are judged one by one at most; the others are one family."""
OTHERS = "other columns"
AUTOMATION = "automation"
WITH_IT = ("occupation",)
"""Columns that trees could build automation exposure from again, so that neither arm reads them."""


def families(model: Model, alone: tuple[str, ...] = ()) -> dict[str, tuple[Feature, ...]]:
    """Features by family; in a flat table each column is one. alone : features that are a family each besides, where
    the model has them."""
    found: dict[str, list[Feature]] = {}
    for feature in model.features:
        found.setdefault(feature.name if feature.family == FAMILY else feature.family, []).append(feature)
    names = list(found)
    if len(names) > MOST:
        found[OTHERS] = [feature for name in names[MOST:] for feature in found.pop(name)]
    found |= {feature.name: [feature] for feature in model.features if feature.name in alone}
    return {name: tuple(own) for name, own in found.items()}


def check(alone: tuple[str, ...], panel: Panel) -> None:
    """UserError where the panel has no feature of a name, before anything is fitted."""
    known = [feature.name for feature in panel.features]
    for name in alone:
        if name not in known:
            raise UserError(f"--ablate {name}: the panel has no such feature{closest(name, known)}")


def judge(panel: Panel, split: Split, model: Model, test: Panel, settings: Settings, who: Mapping[str, Array], *,
          number: int, seed: int, alone: tuple[str, ...] = ()) -> dict[str, Any]:  # fmt: skip
    """Figures by family, corrected for the number of families; for automation also by who the households are.

    Gaps are with the family minus without it: above 0 in AUC and average precision, below 0 in log-loss it helps.

    Parameters
    ----------
    test : the judged rows of the split, with weights for those that were not seen again where these were made.
    who : groupings of the judged rows, a text for each; empty where it is not known.
    alone : features to judge each by itself besides.
    """
    draws = Resamples.of(test.clusters(), judged_weights(test), number, seed)
    own, everyone = settled(settings, model), np.ones(len(test), dtype=bool)
    found: dict[str, Any] = {}
    whose: dict[str, Any] = {}
    for name, family in families(model, alone).items():
        kept = tuple(feature for feature in model.features if feature not in family)
        kept = nested.without(kept, WITH_IT) if name == AUTOMATION else kept
        if not kept:
            continue
        part = nested.learn(nested.base(panel, split, kept, own), family, own)
        found[name] = {"features": len(family), **whom.cell(part, test, draws, everyone)}
        if name == AUTOMATION:
            whose = whom.judge(part, test, draws, who)
    for one, p in zip(found.values(), logistic.holm([one["p"] for one in found.values()]), strict=True):
        one |= {"adjusted": p, "verdict": decided(one["slope"], p)}
    if whose:
        found[AUTOMATION]["for"] = whose
    return found
