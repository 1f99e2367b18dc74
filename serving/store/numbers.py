"""Numbers of lists, objections and scenarios: D-2026-0001, S-2026-0001, K-2026-0001, without gaps or doubles."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Literal

from sqlalchemy import Connection, text

from serving.store.engine import Clock, now, now_of

WESTERN = timezone(timedelta(hours=7), "WIB")
"""The time zone whose days and years are counted everywhere: that of the ministry."""


def take(connection: Connection, kind: Literal["D", "S", "K"]) -> str:
    """The next number of this year; it is given back where the transaction is."""
    year = year_of(now_of(connection))
    # One statement: another writer waits here until this transaction ends, and then counts on.
    last = connection.execute(text(
        "INSERT INTO counters (name, year, last) VALUES (:name, :year, 1) "
        "ON CONFLICT (name, year) DO UPDATE SET last = counters.last + 1 RETURNING last"),
        {"name": kind, "year": year}).scalar_one()  # fmt: skip
    return f"{kind}-{year}-{last:04d}"


def year_of(moment: datetime) -> int:
    """Year of a moment in Jakarta."""
    return moment.astimezone(WESTERN).year


def day_of(moment: datetime) -> date:
    """Day of a moment in Jakarta."""
    return moment.astimezone(WESTERN).date()


def today(clock: Clock = now) -> date:
    """Today in Jakarta, for a command that has no store whose clock it could ask."""
    return day_of(clock())
