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


THIRDS = (0, 1, 2)
"""Parts into which `for_judging` draws clusters; (0,) judges one of them, all three judge every cluster in turn."""
FEWEST_ORIGINS = 6
"""Origins with known outcomes below which there is no time to roll through and clusters are crossed instead."""
FEWEST_FALLS = 30
"""Falls that the first window of a rolling origin must train on; with fewer, clusters are crossed instead."""
CROSSED = 5


@dataclass(frozen=True, slots=True)
class Split:
    """Which rows train and which are judged.

    Attributes
    ----------
    train, test : masks over the panel; both at risk with a known outcome.
    test_from : first judged origin; None where clusters are crossed and time is not.
    embargoed : rows before `test_from` left out since their outcome was not known by then.
    drawn : whether every cluster was drawn for one side, as in a panel that sees households on both.
    kept_from_training, kept_from_judging : rows left out since their cluster serves the other side.
    """

    train: Array
    test: Array
    test_from: int | None
    embargoed: int = 0
    drawn: bool = False
    kept_from_training: int = 0
    kept_from_judging: int = 0


def out_of_time(panel: Panel, test_from: int | None = None, share: float = 1 / 3) -> Split:
    """Judge the origins from `test_from` on; train on rows whose outcome was known on its first day of scoring.

    Without `test_from` the last `share` of the origins is judged, later if nothing could be trained otherwise. A
    panel that sees the same clusters on both sides is drawn: one in three is judged, the others train.
    """
    return rolling(panel, test_from, share=share)[0]


def rolling(panel: Panel, test_from: int | None = None, *, blocks: int = 1, parts: tuple[int, ...] = (0,),
            share: float = 1 / 3) -> list[Split]:  # fmt: skip
    """Rolling origin: the judged origins in `blocks` runs, each judged by a model of what was known on its first day.

    Parameters
    ----------
    parts : of `THIRDS`, those to judge in turn in a panel whose clusters are seen on both sides.
    """
    first = test_from if test_from is not None else _choose(panel, share)
    found = _windows(panel, first, blocks, parts)
    if not found:
        raise UserError(_no_rows("test", panel, first))
    for split in found:
        for name, rows, kept in (("training", split.train, split.kept_from_training),
                                 ("test", split.test, split.kept_from_judging)):  # fmt: skip
            if not rows.any():
                raise UserError(_no_clusters(name, panel) if kept else _no_rows(name, panel, first))
    return found


def _windows(panel: Panel, first: int, blocks: int, parts: tuple[int, ...]) -> list[Split]:
    """The windows of `rolling` from the origin `first` on, none where no row is judged; a side may be empty."""
    usable = panel.at_risk & panel.seen
    period, names = panel.meta["period"], panel.clusters().astype(str)
    judged = np.unique(period[usable & (period >= first)])
    if not len(judged):
        return []
    found = []
    for run in np.array_split(judged, min(blocks, len(judged))):
        start = first if run[0] == judged[0] else int(run[0])
        after = usable & (period >= start) & (period <= run[-1])
        day = asof.origin_date(start, panel.lag_days)
        before = usable & (period < start)
        late = before & ~(panel.outcome_known <= day)
        early = before & ~late
        drawn = bool(np.isin(names[after], np.unique(names[early])).mean() > _FEW)
        if drawn:
            third = _thirds(names)
            sides = [(early & (third != part), after & (third == part)) for part in parts]
        else:
            sides = [(early & ~np.isin(names, np.unique(names[after])), after)]
        found += [Split(train, test, start, int(late.sum()), drawn, int((early & ~train).sum()),
                        int((after & ~test).sum())) for train, test in sides]  # fmt: skip
    return found


def crossed(panel: Panel, count: int, seed: int) -> list[Split]:
    """Grouped cross-validation: every row at risk is judged once, by a model that saw no row of its cluster.

    Raises
    ------
    UserError : fewer than two clusters have rows, so that none can be held back.
    """
    usable = panel.at_risk & panel.seen
    names = panel.clusters().astype(str)
    if len(np.unique(names[usable])) < 2:
        raise UserError(_no_clusters("test", panel))
    own = folds(names[usable], count, seed, panel.poor_next[usable])
    fold = np.full(len(panel), -1)
    fold[usable] = own
    return [Split(usable & (fold != k), usable & (fold == k), None) for k in np.unique(own)]


def plan(panel: Panel, test_from: int | None, *, blocks: int, seed: int) -> list[Split]:
    """Rolling origins where there are periods and clusters enough, grouped cross-validation where not."""
    usable = panel.at_risk & panel.seen
    origins = np.unique(panel.meta["period"][usable])
    if test_from is not None:
        return rolling(panel, test_from, blocks=blocks, parts=THIRDS)
    if len(origins) >= FEWEST_ORIGINS:
        found = _windows(panel, _choose(panel), blocks, THIRDS)
        if all(split.test.any() and panel.poor_next[split.train].sum() >= FEWEST_FALLS for split in found):
            return found
    return crossed(panel, CROSSED, seed)


def _no_clusters(name: str, panel: Panel) -> str:
    usable = panel.at_risk & panel.seen
    number = len(np.unique(panel.clusters()[usable].astype(str)))
    return (f"too few clusters to hold some back for judging: {int(usable.sum()):,} rows at risk with a known outcome "
            f"in {number} cluster{'' if number == 1 else 's'}; a cluster trains or is judged, never both, which leaves "
            f"no {name} rows: bring rows of more clusters")  # fmt: skip


def _no_rows(name: str, panel: Panel, first: int) -> str:
    period = panel.meta["period"]
    return (f"no {name} rows with --test-from {periods.text(first)}: origins run from "
            f"{periods.text(int(period.min()))} to {periods.text(int(period.max()))} and an outcome takes "
            f"{panel.horizon} periods to be known")  # fmt: skip


def for_judging(clusters: Array) -> Array:
    """Clusters drawn for judging, one in three by a hash of the name alone, n.

    Every cluster is drawn, whatever became of its households: to draw only those with usable rows on both sides would
    select on the outcome. No seed: two models are judged on the same clusters.
    """
    return _thirds(clusters.astype(str)) == 0


def _thirds(clusters: Array) -> Array:
    names, code = np.unique(clusters, return_inverse=True)
    sums = [hashlib.blake2b(name.encode(), digest_size=8, person=b"jaga-split").digest() for name in names]
    return np.array([int.from_bytes(one, "big") % 3 for one in sums])[code]


def _choose(panel: Panel, share: float = 1 / 3) -> int:
    origins = np.unique(panel.meta["period"][panel.at_risk & panel.seen])
    if len(origins) < 2:
        raise UserError(f"an out-of-time split needs at least two origins with known outcomes{_history(panel)}")
    wanted = int(origins[max(1, int(np.floor(len(origins) * (1 - share))))])
    # An outcome must be known by the first judged origin, or there is nothing to train on.
    known = panel.outcome_known[panel.at_risk & panel.seen]
    able = [int(t) for t in origins[1:] if (known <= asof.origin_date(int(t), panel.lag_days)).any()]
    later = [t for t in able if t >= wanted]
    if not later:
        first, last = (periods.text(int(origins[at])) for at in (0, -1))
        raise UserError(f"the panel is too short: its origins with known outcomes run from {first} to {last}, but the "
                        f"first to be judged must come after an outcome {panel.horizon} periods ahead is "
                        f"known{_lag(panel)}: bring later periods{_history(panel)}")  # fmt: skip
    return later[0]


def _lag(panel: Panel) -> str:
    return f" with its lag of {panel.lag_days} days" if panel.lag_days else ""


def _history(panel: Panel) -> str:
    """What else gives a short panel more origins: the periods that are history only, where there are any."""
    number = len(panel.history)
    what = f"the first {number} periods are" if number > 1 else "the first period is"
    uses = "them" if number > 1 else "it"
    return f"; {what} history only (--burn-in): --burn-in 0 uses {uses} as well" if number else ""


def folds(groups: Array, count: int, seed: int, hard: Array | None = None) -> Array:
    """Fold of each row, n, whole groups together; a shuffle by `seed`.

    With labels (`hard`, n) the groups that hold a fall and those that hold none are dealt out apart, so that few
    falls spread evenly over the folds.
    """
    names, code = np.unique(groups.astype(str), return_inverse=True)
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(names))
    if hard is not None:
        fell = np.bincount(code, weights=hard, minlength=len(names)) > 0
        shuffled = shuffled[np.argsort(~fell[shuffled], kind="stable")]
    place = np.empty(len(names), dtype=np.int64)
    place[shuffled] = np.arange(len(names))
    return (place % count)[code]
