"""Out-of-time splits with an embargo, and grouped folds inside the training rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features import asof, periods
from features.commands import UserError
from features.types import Array
from training.panel import Panel


@dataclass(frozen=True, slots=True)
class Split:
    """Which rows train and which are judged.

    Attributes
    ----------
    train, test : masks over the panel; both at risk with a known outcome.
    test_from : first judged origin.
    embargoed : rows before `test_from` left out since their outcome was not known by then.
    shared_clusters : rows on either side left out since their cluster serves the other side. A cluster seen on both
        sides is drawn for one of them, so that no household is judged by a model that has seen it.
    """

    train: Array
    test: Array
    test_from: int
    embargoed: int
    shared_clusters: int


def out_of_time(panel: Panel, test_from: int | None = None, share: float = 1 / 3, seed: int = 1) -> Split:
    """Judge the origins from `test_from` on; train on rows whose outcome was known on its first day of scoring.

    Without `test_from` the last `share` of the origins is judged, later if nothing could be trained otherwise.
    """
    usable = panel.at_risk & panel.seen
    period = panel.meta["period"]
    first = test_from if test_from is not None else _choose(panel, share)
    after = usable & (period >= first)
    day = asof.origin_date(first, panel.lag_days)
    before = usable & (period < first)
    late = before & ~(panel.outcome_known <= day)
    train, test = _apart(panel.clusters(), before & ~late, after, seed)
    for name, rows in (("training", train), ("test", test)):
        if not rows.any():
            raise UserError(f"no {name} rows with --test-from {periods.text(first)}: origins run from "
                            f"{periods.text(int(period.min()))} to {periods.text(int(period.max()))} and an outcome "
                            f"takes {panel.horizon} periods to be known")  # fmt: skip
    left_out = int((before & ~late & ~train).sum() + (after & ~test).sum())
    return Split(train, test, first, int(late.sum()), left_out)


def _apart(clusters: Array, before: Array, after: Array, seed: int) -> tuple[Array, Array]:
    """Rows that train and rows that are judged, with no cluster in both; a shared one is drawn, judged one in three."""
    _, code = np.unique(clusters.astype(str), return_inverse=True)
    size = int(code.max()) + 1
    both = (np.bincount(code[before], minlength=size) > 0) & (np.bincount(code[after], minlength=size) > 0)
    judged = np.random.default_rng(seed).random(size) < 1 / 3
    return before & ~(both & judged)[code], after & ~(both & ~judged)[code]


def _choose(panel: Panel, share: float) -> int:
    origins = np.unique(panel.meta["period"][panel.at_risk & panel.seen])
    if len(origins) < 2:
        raise UserError("an out-of-time split needs at least two origins with known outcomes")
    wanted = int(origins[max(1, int(np.floor(len(origins) * (1 - share))))])
    # An outcome must be known by the first judged origin, or there is nothing to train on.
    known = panel.outcome_known[panel.at_risk & panel.seen]
    able = [int(t) for t in origins[1:] if (known <= asof.origin_date(int(t), panel.lag_days)).any()]
    later = [t for t in able if t >= wanted]
    if not later:
        raise UserError(f"the panel is too short: no outcome after {panel.horizon} periods is known by a later origin")
    return later[0]


def folds(groups: Array, count: int, seed: int) -> Array:
    """Fold of each row, n, whole groups together; a shuffle by `seed`."""
    names, code = np.unique(groups.astype(str), return_inverse=True)
    rng = np.random.default_rng(seed)
    return (rng.permutation(len(names)) % count)[code]
