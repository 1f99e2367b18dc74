"""Why a part of the figures is empty, in words: what the panel does not tell, and what would tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training import groups
from training.backtest import Model
from training.split import Split

Facts = Mapping[str, Any]
_TABLE = "; a flat table tells it by `welfare`, `line` and a `welfare_next` or later rows that agree with the outcome"


def of(result: Facts) -> dict[str, str]:
    """`reason` of the JSON: by part that is null, why; empty where all is told."""
    hint = _TABLE if result.get("source") == "table" else ""
    found = {}
    if result["ladder"] is None:
        found["ladder"] = ("a fitted bundle is judged by its risk alone" if result.get("bundle") else
                           f"the rung at the origin, or at the horizon of the last judged rows, is not known{hint}"
                           )  # fmt: skip
    elif not result["ladder"]["within"]:
        found["fall_within"] = "the periods between origin and horizon were not observed"
    if result["outcomes"]["downgrade"] is None:
        found["downgrade"] = f"the rung at the origin or at the horizon is not known{hint}"
    if result["worth"]["welfare"]:
        found["welfare"] = result["worth"]["welfare"] + hint
    if result["worth"]["months"]:
        found["months"] = result["worth"]["months"]
    return found


def of_audit(audit: Facts, split: Split, model: Model, alone: tuple[str, ...] = ()) -> dict[str, str]:
    """`audit.reason`: by part that is empty, and feature of `alone` that was not judged, why."""
    found = {}
    dark = [title for name, title in groups.ASKED.items() if name not in audit["groups"]]
    if dark:
        found["groups"] = f"{', '.join(dark)}: the data do not tell it, or all judged rows are alike in it"
    if not audit["ageing"]:
        found["ageing"] = ("rows are judged crosswise, not after the training data ended: a table of fewer than six "
                           "origins, or of few clusters or falls, has no later periods to spare"
                           if split.test_from is None else
                           "no judged row is of a cluster that the model has not seen")  # fmt: skip
    if not audit["gaming"]:
        told = any(feature.contestable for feature in model.features)
        found["gaming"] = ("no self-reported feature takes two values" if told else "nothing says which features a "
                           "family reports itself; the columns of a flat table do not")  # fmt: skip
    for name, own in audit["stability"].items():
        if own is None:
            found[name] = "fewer than 50 falls are left without the last period"
    flat = "it says the same of every training row, or there is no other feature"
    return found | {name: flat for name in alone if name not in audit["ablation"]}
