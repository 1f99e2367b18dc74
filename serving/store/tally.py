"""Counts for a first page: how many rows, told exactly up to a number beyond which nobody counts on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

MOST = 1000
"""Where counting ends: a count that reaches it says "1,000 or more"."""


def tally(connection: Connection, query: Select[Any]) -> int:
    """Rows of a query, `MOST` at most, so that the first page costs the same on a large store."""
    return int(connection.execute(select(func.count()).select_from(query.limit(MOST).subquery())).scalar_one())
