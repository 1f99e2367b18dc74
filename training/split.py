"""Out-of-time splits with an embargo, and grouped folds inside the training rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from features import asof, periods
from features.commands import UserError
from features.types import Array
from training.panel import Panel

_FEW = 0.01  # a rotating panel shares hardly any; there the few training rows go and nothing is drawn


@dataclass(frozen=True, slots=True)
class Split:
    """Which rows train and which are judged.

    Attributes
    ----------
    train, test : masks over the panel; both at risk with a known outcome.
    test_from : first judged origin.
    embargoed : rows before `test_from` left out since their outcome was not known by then.
    drawn : whether every cluster was drawn for one side, as in a panel that sees households on both.
    kept_from_training, kept_from_judging : rows left out since their cluster serves the other side.
    """

    train: Array
    test: Array
    test_from: int
    embargoed: int
    drawn: bool
    kept_from_training: int
    kept_from_judging: int


def out_of_time(panel: Panel, test_from: int | None = None, share: float = 1 / 3) -> Split:
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
    early = before & ~late
    clusters = panel.clusters()
    shared = np.isin(clusters[after].astype(str), np.unique(clusters[early].astype(str)))
    drawn = bool(shared.mean() > _FEW) if after.any() else False
    if drawn:
        judged = for_judging(clusters)
        train, test = early & ~judged, after & judged
    else:
        train, test = early & ~np.isin(clusters.astype(str), np.unique(clusters[after].astype(str))), after
    for name, rows in (("training", train), ("test", test)):
        if not rows.any():
            raise UserError(f"no {name} rows with --test-from {periods.text(first)}: origins run from "
                            f"{periods.text(int(period.min()))} to {periods.text(int(period.max()))} and an outcome "
                            f"takes {panel.horizon} periods to be known")  # fmt: skip
    return Split(train, test, first, int(late.sum()), drawn, int((early & ~train).sum()), int((after & ~test).sum()))


def for_judging(clusters: Array) -> Array:
    """Clusters drawn for judging, one in three by a hash of the name alone, n.

    Every cluster is drawn, whatever became of its households: to draw only those with usable rows on both sides would
    select on the outcome. No seed: two models are judged on the same clusters.
    """
    names, code = np.unique(clusters.astype(str), return_inverse=True)
    sums = [hashlib.blake2b(name.encode(), digest_size=8, person=b"jaga-split").digest() for name in names]
    return (np.array([int.from_bytes(one, "big") % 3 for one in sums]) == 0)[code]


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
