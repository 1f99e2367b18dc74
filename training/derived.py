"""What a flat table tells of itself where its spec is silent: the poverty line, and welfare at the outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features import periods
from features.cohort import below
from features.types import Array
from training.spec import Spec

FEWEST = 5
"""Poor rows, and others, below which a figure parts them by chance."""
PARTS = 0.995
"""Share of rows that a line must part as poor_now does; of the smaller side `PARTS_EITHER`."""
PARTS_EITHER = 0.99
AGREES = 0.98
"""Share of outcomes that later welfare and the line must reproduce to teach how near the line a household ended."""
EVEN = 0.8
"""Least share seen later of those that fell, over that of the rest, or the other way round: else who is seen later
hangs on the outcome (a table of rows at risk alone keeps no row of a household that fell), and would bend what is
taught."""


@dataclass(frozen=True, slots=True)
class Line:
    """Poverty line of each row, n; its one figure, None where it moves with the period; what to tell of it."""

    values: Array
    figure: float | None
    notes: tuple[str, ...] = ()

    def later(self, number: Array, horizon: int) -> Array:
        """The line `horizon` periods of the table after each row's own, n; NaN where it is not known."""
        if self.figure is not None:
            return np.full(len(number), self.figure)
        _, first, rank = np.unique(number, return_index=True, return_inverse=True)
        return np.append(self.values[first], np.full(horizon, np.nan))[rank + horizon]


def line(spec: Spec, welfare: Array, poor_now: Array | None, number: Array) -> Line:
    """The line of the spec, else the figure under which poor_now calls welfare poor, else 1.

    One figure for the table is tried first, then one for each period, since a nominal line moves with prices. A
    figure uses who is poor at the origin alone, which is known then; the line of a period is read off its own rows.

    Parameters
    ----------
    welfare : in the table's own unit, n, NaN where not measured. poor_now : 1, 0 or NaN, n. number : of the period.
    """
    if spec.line is not None:
        return Line(np.full(len(welfare), spec.line), spec.line)
    one = Line(np.ones(len(welfare)), 1.0)
    if poor_now is None or not spec.welfare:
        return one
    known = ~np.isnan(welfare) & ~np.isnan(poor_now)
    w, poor, when = welfare[known], poor_now[known] == 1, number[known]
    whole, own = _cut(w, poor), _of_periods(w, poor, when, number)
    # What parts all rows goes before what parts nearly all: lines that move a little look like one with a few errors.
    for share in (1.0, PARTS):
        if _parted(below(w) == 1, poor, share):
            return one
        if whole is not None and _parted(w < whole, poor, share):
            figure = f"{whole:.10g}"
            note = _told(spec, f"{spec.welfare} under {figure}", w < whole, poor, figure)
            return Line(np.full(len(welfare), whole), whole, (note,))
        if own is not None and _parted(w < own[known], poor, share):
            ends = [(periods.text(int(number[at])), own[at]) for at in (number.argmin(), number.argmax())]
            figures = " to ".join(f"{figure:.10g} in {period}" for period, figure in ends) + ", one for each period"
            note = _told(spec, f"{spec.welfare} under a figure of its period", w < own[known], poor, figures)
            return Line(own, None, (note,))
    return Line(one.values, 1.0, (f"no `line` is given and {spec.poor_now} is not {spec.welfare} under one figure, in "
                                  "the table or in each period: 1 is taken, so bands and rules by distance to the line "
                                  "mean little unless that fits its unit",))  # fmt: skip


def _of_periods(welfare: Array, poor: Array, when: Array, number: Array) -> Array | None:
    """A figure for each period at each row, n; None where a period of the table has none."""
    cuts = {int(period): _cut(welfare[when == period], poor[when == period]) for period in np.unique(number)}
    found = {period: cut for period, cut in cuts.items() if cut is not None}
    return np.array([found[int(period)] for period in number]) if len(found) == len(cuts) else None


def _told(spec: Spec, words: str, under: Array, poor: Array, figures: str) -> str:
    return (f"no `line` is given: {spec.poor_now} is {words} in {100 * (under == poor).mean():.4g} % of rows; it is "
            f"taken as the line ({figures})")  # fmt: skip


def _parted(under: Array, poor: Array, share: float) -> bool:
    right = under == poor
    if min(poor.sum(), (~poor).sum()) < FEWEST:
        return False
    return bool(right.mean() >= share and min(right[poor].mean(), right[~poor].mean()) >= PARTS_EITHER)


def _cut(welfare: Array, poor: Array) -> float | None:
    """The figure above 0 that best parts the poor below from the others: the roundest that parts them so; None where
    either are too few or none does."""
    if min(poor.sum(), (~poor).sum()) < FEWEST:
        return None
    values, code = np.unique(welfare, return_inverse=True)
    poor_at = np.bincount(code, poor, len(values))
    others_at = np.bincount(code, ~poor, len(values))
    # A cut lies between two values: wrong are the others below and the poor above.
    wrong = np.cumsum(others_at)[:-1] + poor.sum() - np.cumsum(poor_at)[:-1]
    if not len(wrong):
        return None
    best = int(np.argmin(wrong))
    low, high = max(float(values[best]), 0.0), float(values[best + 1])
    return _roundest(low, high) if high > 0 else None


def _roundest(low: float, high: float) -> float:
    """The figure of fewest digits over `low`, up to `high`, near their middle."""
    middle = low + (high - low) / 2
    tried = (float(f"{middle:.{digits}g}") for digits in range(1, 18))
    return next((figure for figure in tried if low < figure <= high), high)


def teaching(spec: Spec, household: Array, number: Array, at_risk: Array, outcome: Array, ratio: Array,
             ratio_next: Array | None, notes: list[str]) -> Array:  # fmt: skip
    """Welfare over the line when the outcome was seen, n, NaN where it cannot teach (the hard label stays).

    Parameters
    ----------
    ratio, ratio_next : welfare over the line of its period at the origin, and when the outcome was seen; without the
        latter that of the household's own row, `horizon` periods of the table later.
    notes : gets what was found.

    It softens the label and is never a feature. What is found in a later row was known on the day the outcome was,
    which is itself read off that welfare: the embargo on the outcome holds it back just as long.
    """
    given = ratio_next is not None
    later = ratio_next if ratio_next is not None else own_next(household, number, ratio, spec.horizon)
    known = at_risk & ~np.isnan(outcome)
    both = known & ~np.isnan(later)
    nothing = np.full(len(later), np.nan)
    if not given and not both.any():
        return nothing
    agree = (below(later) == 1) == (outcome == 1)
    share = float(agree[both].mean()) if both.any() else 0.0
    if share < AGREES:
        name = spec.welfare_next if given else f"{spec.welfare} of the household's row {_ahead(spec)} later"
        under = "its period's line" if spec.line is None else f"the line {spec.line:g}"
        notes.append(f"{name} under {under} tells the outcome in {100 * share:.1f} % of rows only: it is not used; "
                     f"does `line` fit its unit{'' if given else ', and `horizon` the outcome'}?")  # fmt: skip
        return nothing
    if given:
        return later
    fell, stayed = (float((~np.isnan(later))[known & (outcome == value)].mean()) if (known & (outcome == value)).any()
                    else 0.0 for value in (1, 0))  # fmt: skip
    if min(fell, stayed) < EVEN * max(fell, stayed):
        notes.append(f"no `welfare_next` is given, and the table has the row {_ahead(spec)} later of "
                     f"{100 * fell:.0f} % of the households that fell and {100 * stayed:.0f} % of the others: who is "
                     "seen hangs on the outcome, so these rows teach nothing")  # fmt: skip
        return nothing
    notes.append(f"no `welfare_next` is given: that of {100 * both.sum() / known.sum():.1f} % of the rows at risk is "
                 f"{spec.welfare} of the household's own row {_ahead(spec)} later, which tells the outcome in "
                 f"{100 * share:.4g} % of them; it teaches how near the line they ended")  # fmt: skip
    return np.where(agree, later, np.nan)


def _ahead(spec: Spec) -> str:
    return f"{spec.horizon} period{'s' if spec.horizon > 1 else ''}"


def own_next(household: Array, number: Array, ratio: Array, horizon: int) -> Array:
    """`ratio` at the household's row `horizon` periods of the table later, NaN where it has none, n.

    Periods are counted as the table has them, as the day of the outcome is; a household stands once in each.
    """
    distinct, rank = np.unique(number, return_inverse=True)
    code = np.unique(household, return_inverse=True)[1]
    key = code * (len(distinct) + horizon) + rank  # past the last period no household's key begins
    order = np.argsort(key)
    at = np.minimum(np.searchsorted(key[order], key + horizon), len(key) - 1)
    return np.where(key[order][at] == key + horizon, ratio[order][at], np.nan)


def poor(spec: Spec, ratio: Array, figure: float | None, notes: list[str]) -> Array:
    """Who is poor at the origin where no column says so, n: under the line; nobody where welfare is not given."""
    if not spec.welfare:
        return np.zeros(len(ratio))
    notes.append(f"no poor_now column: rows with {spec.welfare} under the line {figure:g} are not at risk")
    return below(ratio)
