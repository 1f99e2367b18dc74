"""What is known of the household's past: welfare seen before and spells below the line.

Welfare is told in logs of the welfare ratio. All figures use the periods seen up to the origin, whatever their gaps.
"""

from __future__ import annotations

import numpy as np

from features.columns import Columns
from features.facts import YES_NO, changed, size
from features.registry import View, feature
from features.types import Array
from features.work import LEAST

SURVEY: tuple[View, ...] = ("survey",)
REGISTRY: tuple[View, ...] = ("registry",)
LONGEST = 400
"""Periods in the longest past that is read as one: a century of quarters."""
_WELFARE = ("welfare", "province", "urban", "period")


def log_ratio_rows(c: Columns) -> Array:
    """Log of the welfare ratio of each row, at least that of 1 % of the line, R."""
    return c.shared("log_ratio", lambda: np.log(np.maximum(c.ratio(), LEAST)))


def _since(c: Columns, row: Array, found: Array) -> Array:
    """Periods from a row to the origin, N; missing where no row was found."""
    period = c["period"]
    return np.where(found, c.now(period) - period[np.where(found, row, 0)], np.nan).astype(np.float64)


def _last_where(c: Columns, mask: Array) -> Array:
    """Last row of each household for which the mask holds, -1 without one, N."""
    return c.over_rows(np.maximum, np.where(mask, np.arange(len(mask)), -1))


@feature("history", "log ratio", inputs=_WELFARE, low=-5, high=50, views=SURVEY, reason="hist.near_line")
def log_ratio(c: Columns) -> Array:
    """Welfare over the poverty line now, in logs; at least 1 % of the line."""
    return c.now(log_ratio_rows(c))


@feature("history", "log ratio", inputs=_WELFARE, low=-5, high=50, views=SURVEY, reason="hist.before")
def log_ratio_before(c: Columns) -> Array:
    """Welfare over the poverty line in the period seen before, in logs."""
    return c.before(log_ratio_rows(c))


@feature("history", "log ratio", inputs=_WELFARE, low=-50, high=50, views=SURVEY, reason="hist.change")
def log_ratio_change(c: Columns) -> Array:
    """Change of log welfare over the line since the period seen before."""
    return changed(c, log_ratio_rows(c))


@feature("history", "log ratio", inputs=_WELFARE, low=-5, high=50, views=SURVEY, whole_past=True, reason="hist.mean")
def log_ratio_mean(c: Columns) -> Array:
    """Mean log welfare over the line in all periods seen."""
    return _moments(c)[0]


@feature("history", "log ratio", inputs=_WELFARE, low=-5, high=50, views=SURVEY, whole_past=True, reason="hist.lowest")
def log_ratio_lowest(c: Columns) -> Array:
    """Lowest log welfare over the line of all periods seen."""
    return c.over_rows(np.fmin, log_ratio_rows(c))


@feature("history", "log ratio", inputs=_WELFARE, high=50, views=SURVEY, whole_past=True, reason="hist.volatility")
def log_ratio_volatility(c: Columns) -> Array:
    """Standard deviation of log welfare over the line; needs two periods."""
    mean, square, seen = _moments(c)
    return np.where(seen >= 2, np.sqrt(np.maximum(square - mean**2, 0) * seen / np.maximum(seen - 1, 1)), np.nan)


def _moments(c: Columns) -> Array:
    """Mean of the log ratio, of its square, and the number of periods with one, 3 x N."""

    def make() -> Array:
        value = log_ratio_rows(c)
        known = ~np.isnan(value)
        seen = c.over_rows(np.add, known.astype(np.float64))
        total = c.over_rows(np.add, np.where(known, value, 0.0))
        square = c.over_rows(np.add, np.where(known, value**2, 0.0))
        return np.stack([np.where(seen > 0, total / seen, np.nan), np.where(seen > 0, square / seen, np.nan), seen])

    return c.shared("log_ratio_moments", make)


@feature("history", "periods", inputs=_WELFARE, high=LONGEST, views=SURVEY, whole_past=True, reason="hist.spells")
def times_poor(c: Columns) -> Array:
    """Periods of the last four and the origin seen below the poverty line; missing where welfare was never measured."""
    poor = c.over_rows(np.add, (c.ratio() < 1).astype(np.float64))
    return np.where(_moments(c)[2] > 0, poor, np.nan)


@feature("history", "category", inputs=_WELFARE, choices=YES_NO, views=SURVEY, reason="hist.poor_before")
def poor_before(c: Columns) -> Array:
    """Below the poverty line in the period seen before."""
    ratio = c.before(c.ratio())
    return np.where(np.isnan(ratio), np.nan, ratio < 1)


@feature("history", "periods", inputs=_WELFARE, high=LONGEST, views=SURVEY, whole_past=True, reason="hist.since_poor")
def periods_since_poor(c: Columns) -> Array:
    """Periods since the household was last seen below the line; missing where it never was."""
    row = _last_where(c, c.ratio() < 1)
    return _since(c, row, row >= 0)


@feature("history", "periods", inputs=_WELFARE, high=LONGEST, views=SURVEY, whole_past=True, reason="hist.recent_exit")
def periods_since_exit(c: Columns) -> Array:
    """Periods since the household was first seen above the line again; missing where it never was below or is so."""
    last_poor = _last_where(c, c.ratio() < 1)
    found = (last_poor >= 0) & (c.now(c.ratio()) >= 1)
    return _since(c, _first_above(c, last_poor), found)


@feature("history", "periods", inputs=_WELFARE, high=LONGEST, views=SURVEY, whole_past=True, reason="hist.stable")
def periods_above(c: Columns) -> Array:
    """Periods from the first of the unbroken row of periods seen above the line to now; missing where poor now."""
    last_poor = _last_where(c, c.ratio() < 1)
    return _since(c, _first_above(c, last_poor), c.now(c.ratio()) >= 1)


def _first_above(c: Columns, last_poor: Array) -> Array:
    """First row with welfare measured after the last poor one, or of all, N."""
    after = np.arange(len(c.ratio())) > np.repeat(last_poor, np.diff(np.append(c.period_starts, len(c.ratio()))))
    rows = np.where(after & (c.ratio() >= 1), np.arange(len(after)), len(after) - 1)
    return c.over_rows(np.minimum, rows)


@feature("history", "log ratio", inputs=("income", "age", "province", "urban", "period"), low=-5, high=50,
         views=SURVEY, reason="hist.income")  # fmt: skip
def log_income_per_person(c: Columns) -> Array:
    """Household income a member over the poverty line, in logs; at least 1 % of the line."""
    return c.now(np.log(np.maximum(c["income"] / size(c) / c.line(), LEAST)))


@feature("history", "periods", inputs=("period",), low=1, high=LONGEST, views=SURVEY, contestable=False)
def gap_before(c: Columns) -> Array:
    """Periods between the origin and the period seen before."""
    return changed(c, c["period"].astype(np.float64))


@feature("history", "decile", inputs=("desil",), low=1, high=10, views=REGISTRY, reason="hist.desil")
def desil(c: Columns) -> Array:
    """Welfare decile of the register: a rank, not a measure of welfare."""
    return c.now(c["desil"])


@feature("history", "deciles", inputs=("desil",), low=-9, high=9, views=REGISTRY, reason="hist.desil_change")
def desil_change(c: Columns) -> Array:
    """Change of the decile since the version seen before."""
    return changed(c, c["desil"])


@feature("history", "changes", inputs=("desil",), high=LONGEST, views=REGISTRY, whole_past=True, reason="hist.volatile")
def desil_changes(c: Columns) -> Array:
    """Times the decile differed from the version seen before it; needs two versions."""
    step = np.diff(c["desil"], prepend=np.nan)
    step[c.period_starts] = np.nan
    changes = c.over_rows(np.add, (np.nan_to_num(step) != 0).astype(np.float64))
    return np.where(c.over_rows(np.add, (~np.isnan(step)).astype(np.float64)) > 0, changes, np.nan)
