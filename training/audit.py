"""The audit of a model: groups, steadiness of its list, ageing, gaming and ablation, on held-out rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from features import cohort
from features.registry import Feature
from features.types import Array
from training import ablation, absent, groups, stability
from training.backtest import Backtest, columns
from training.fit import Settings
from training.judge import MAIN, Resamples, judged_weights
from training.limits import FEWEST_FALLS, FEWEST_ROWS
from training.panel import Panel, kinds

Tell = Callable[[str], None]


def judge(panel: Panel, found: Backtest, settings: Settings, extra: dict[str, Array], lookback: int, *,
          indonesian: bool, number: int, tell: Tell, alone: tuple[str, ...] = ()) -> dict[str, Any]:  # fmt: skip
    """Every part of the audit.

    Parameters
    ----------
    panel : with the categories of the last window. extra : protected and other groups by name, a text for each row
        of the panel. indonesian : province codes are those of BPS. alone : features whose worth is told by itself.
    tell : gets a line with the time of each part.
    """
    seed, split, model = settings.seed, found.split, found.model
    test, p = found.test, found.scores[MAIN]
    draws = Resamples.of(test.clusters(), judged_weights(test), number, seed)
    rows = {name: levels[found.rows] for name, levels in extra.items()}
    last = p[split.test[found.rows]]
    whole = replace(panel, features=model.features, X=columns(panel, model.features))
    late = test.take(split.test[found.rows])
    who = _who(late, lookback, indonesian)

    def groups_of() -> dict[str, Any]:
        own = groups.of(test, rows, indonesian)
        return {name: groups.judge(levels, p, test, draws) for name, levels in own.items()}

    made = {
        "budget": groups.BUDGET,
        "fewest": {"rows": FEWEST_ROWS, "events": FEWEST_FALLS},
        "groups": _timed("groups", tell, groups_of),
        "stability": _timed("steadiness of the list", tell,
                            lambda: stability.of_list(whole, split, model, settings, last)),
        "ageing": _timed("ageing", tell, lambda: stability.by_age(whole, split, model, settings.threads, number=number,
                                                                  seed=seed)),
        "gaming": _timed("gaming", tell, lambda: stability.gaming(whole.take(split.test), model, settings.threads)),
        "ablation": _timed("ablation", tell, lambda: ablation.judge(whole, split, model, late, settings, who,
                                                                    number=number, seed=seed, alone=alone)),
    }  # fmt: skip
    return made | {"reason": absent.of_audit(made, split, model, alone)}


WORK = {"head_sector": "industry of the head", "head_education": "schooling of the head"}
"""Features by which the worth of exposure to automation is told."""


def _who(test: Panel, lookback: int, indonesian: bool) -> dict[str, Array]:
    """Groupings by which the worth of exposure to automation is told, a text for each row."""
    places = groups.of(test, {}, indonesian)
    where = "island group" if indonesian else "province"
    names = np.array(cohort.KINDS, dtype=object)
    by_feature = {WORK[feature.name]: levels(feature, test.X[:, at]) for at, feature in enumerate(test.features)
                  if feature.name in WORK}  # fmt: skip
    return {"kind": names[kinds(test, lookback)], **{name: places[name] for name in ("urban or rural", where)
                                                     if name in places}, **by_feature}  # fmt: skip


def fairness(found: Backtest, extra: dict[str, Array], *, number: int, seed: int) -> dict[str, Any]:
    """Figures of the protected groups alone, which a promotion looks at: cheap enough for every fit."""
    test, p = found.test, found.scores[MAIN]
    draws = Resamples.of(test.clusters(), judged_weights(test), number, seed)
    return {name: groups.judge(levels[found.rows], p, test, draws) for name, levels in extra.items()
            if len(set(levels[found.rows]) - {""}) > 1}  # fmt: skip


def _timed(name: str, tell: Tell, make: Callable[[], Any]) -> Any:
    begun = time.monotonic()
    made = make()
    tell(f"audit: {name} {time.monotonic() - begun:.1f} s")
    return made


def levels(feature: Feature, values: Array) -> Array:
    """A feature as texts, n; empty where it is not known."""
    known = ~np.isnan(values)
    found = np.full(len(values), "", dtype=object)
    if feature.choices:
        found[known] = [feature.choices[int(code)] for code in values[known]]
    else:
        found[known] = [f"{value:g}" for value in values[known]]
    return found
