"""Who is at risk on a date, on which rung, and of which kind of fall."""

from __future__ import annotations

import numpy as np

from features.columns import Columns
from features.contract import RUNGS
from features.types import Array

KINDS = ("relapse", "first_entry", "unknown_history")
BOUNDS = (1.0, 1.5, 3.5)
"""Multiples of the line at which poor, vulnerable, aspiring and middle begin (World Bank multiples used by BPS)."""


def below(ratio: Array) -> Array:
    """1 where the welfare ratio lies under the line, 0 where not, NaN where welfare is not measured, N."""
    return np.where(np.isnan(ratio), np.nan, ratio < BOUNDS[0])


def rung(ratio: Array, extreme: Array) -> Array:
    """Code of the rung (index in `RUNGS`, float, NaN where welfare is not measured), N.

    Parameters
    ----------
    ratio : welfare over the poverty line.
    extreme : welfare over the extreme line; NaN where there is none, and then nobody is called extreme poor.
    """
    code = np.digitize(ratio, BOUNDS) + RUNGS.index("poor")
    code = np.where((below(ratio) == 1) & (extreme < 1.0), RUNGS.index("extreme_poor"), code)
    return np.where(np.isnan(ratio), np.nan, code)


def history(columns: Columns) -> dict[str, Array]:
    """Known past of each household before its origin row, N each.

    past_poor : earlier rows below the line (0 where none was).
    back_run : periods observed without a gap right before the origin, welfare measured in each.
    last_poor : 1 or 0 at the row before the origin, NaN without one.
    past_rows, gap : rows before the origin, and periods since the last of them (NaN without one).
    """
    ratio = columns.ratio()
    rows = np.arange(len(ratio))
    origin = np.zeros(len(ratio), dtype=bool)
    origin[columns.last] = True
    poor = np.where(origin | np.isnan(ratio), 0.0, below(ratio))
    step = np.append(np.diff(columns["period"]), 0)
    linked = origin | ((step == 1) & ~np.isnan(ratio))
    broken = np.maximum.reduceat(np.where(linked, -1, rows), columns.period_starts) if len(rows) else rows
    return {
        "past_poor": columns.over_rows(np.add, poor) if len(rows) else poor,
        "back_run": (columns.last - 1 - np.maximum(broken, columns.period_starts - 1)).astype(float),
        "last_poor": below(columns.before(ratio)),
        "past_rows": (columns.last - columns.period_starts).astype(float),
        "gap": columns.now(columns["period"]) - columns.before(columns["period"].astype(float)),
    }


def kind(past_poor: Array, back_run: Array, lookback: int) -> Array:
    """Code of the kind of a fall (index in `KINDS`), N.

    relapse where the household is known to have been poor before; first entry where each of the `lookback` periods
    before was observed and none was poor; unknown history otherwise.
    """
    first = (back_run >= lookback) & (past_poor == 0)
    return np.where(past_poor > 0, 0, np.where(first, 1, 2))
