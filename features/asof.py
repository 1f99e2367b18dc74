"""The known-at filter: what a score of a date may see. On always; there is no switch."""

from __future__ import annotations

import numpy as np

from features import periods
from features.types import Array, EncodedTable, Tables


def known(tables: Tables, as_of: np.datetime64) -> Tables:
    """Rows of every table that were known on `as_of` (known_at <= as_of); other rows might as well not exist."""
    return {name: take(table, table["known_at"] <= as_of) for name, table in tables.items()}


def take(table: EncodedTable, rows: Array) -> EncodedTable:
    """Some rows of a table, by mask or index."""
    if rows.dtype == bool and rows.all():
        return table
    return {name: values[rows] for name, values in table.items()}


def publication_lag(households: EncodedTable, share: float = 0.99) -> int:
    """Days after a period's end by which `share` of its household rows are known, at least 0.

    Rows later than that are backfills: they never stand as the origin of a score of that period.
    """
    days = (households["known_at"] - periods.end(households["period"])).astype(int)
    return max(0, int(np.ceil(np.quantile(days, share, method="higher"))))


def origin_date(period: int, lag_days: int) -> np.datetime64:
    """The date on which a score of `period` is made: the period's end plus the publication lag."""
    return np.datetime64(str(periods.end(period)), "D") + np.timedelta64(lag_days, "D")
