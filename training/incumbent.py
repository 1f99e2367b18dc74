"""The challenger beside the champion: both judged on the same rows, which neither was taught."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from models import bundle as bundles
from models import record
from models.bundle import BundleError
from training.backtest import Backtest
from training.judge import MAIN, Resamples, judged_weights, summaries
from training.limits import too_few
from training.metrics import metrics
from training.panel import Panel
from training.replay import as_judged

_NAMES = {"view": "sudut pandang", "horizon": "jangka waktu"}
DECIDES = ("auc", "average_precision", "log_loss", "brier")


def compare(home: Path, panel: Panel, found: Backtest, facts: dict[str, Any], *, number: int, seed: int,
            ) -> dict[str, Any] | None:  # fmt: skip
    """`champion` of the result: the champion's name and the paired differences, challenger minus champion.

    None where there is no champion. `reason` (and `reason_id` in Bahasa Indonesia) says why there are no differences:
    another view or horizon, a damaged bundle, or no rows that it was not taught.
    """
    path = record.champion(home)
    if path is None:
        return None
    try:
        bundle = bundles.load(path)
        record.check(home, bundle)
    except BundleError as error:
        return {"bundle": path.resolve().name, **_because(str(error), f"bundelnya rusak ({error})"), "rows": 0,
                "events": 0, "differences": None}  # fmt: skip
    empty: dict[str, Any] = {"bundle": bundle.name, **_because(None, None), "rows": 0, "events": 0, "differences": None}
    for name, mine in (("view", facts["view"]), ("horizon", panel.horizon)):
        if bundle.schema[name] != mine:
            return empty | _because(f"its {name} is {bundle.schema[name]}, that of the challenger {mine}",
                                    f"{_NAMES[name]} model itu {bundle.schema[name]}, penantang {mine}")  # fmt: skip
    told = bundle.schema.get("judged") or bundle.schema
    lacking = set(told["features"]) - {feature.name for feature in panel.features}
    if lacking:
        names = ", ".join(sorted(lacking))
        return empty | _because(f"it needs features this panel has not: {names}",
                                f"model itu memerlukan ciri yang tidak ada di panel ini: {names}")  # fmt: skip
    apart, risks = as_judged(bundle, panel)
    rows = apart[found.rows]
    test = found.test.take(rows)
    events = int(test.poor_next.sum())
    clusters = len(np.unique(test.clusters().astype(str)))
    counted = empty | {"rows": len(test), "events": events, "clusters": clusters}
    if too_few(len(test), events):
        return counted | _because(f"{len(test)} judged rows with {events} falls that it was not taught are too few",
                                  f"{len(test)} baris dengan {events} jatuh yang belum dipelajarinya terlalu sedikit"
                                  )  # fmt: skip
    draws = Resamples.of(test.clusters(), judged_weights(test), number, seed)
    mine, other = (metrics(p, test.poor_next, draws.weights, names=DECIDES)
                   for p in (found.scores[MAIN][rows], risks(test)))  # fmt: skip
    gaps = {name: mine[name] - other[name] for name in DECIDES}
    return counted | {"differences": summaries(gaps, draws.level, DECIDES)}


def _because(english: str | None, indonesian: str | None) -> dict[str, str | None]:
    return {"reason": english, "reason_id": indonesian}
