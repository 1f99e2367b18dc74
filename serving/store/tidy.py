"""What has outlived its use: counted, and deleted.

Nothing here is what the log, a confirmed list, a visit or an objection is made of: those rows stay.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from serving.store import attempts, drafts, flows, list_drafts, once, sessions, tables, tables_cases
from serving.store.engine import now_of

DRAFT_DAYS = 90
"""Days after which a draft of a list is taken for forgotten, where nobody says otherwise."""


def count(connection: Connection, draft_days: int = DRAFT_DAYS) -> dict[str, int]:
    """Rows by table that `tidy` would delete."""
    return {table.name: connection.execute(select(func.count()).select_from(table).where(old)).scalar_one()
            for table, old in _old(connection, draft_days)}  # fmt: skip


def tidy(connection: Connection, draft_days: int = DRAFT_DAYS) -> dict[str, int]:
    """Delete what is old; rows by table. draft_days : days that a draft of a list is kept from when it was begun."""
    return {table.name: connection.execute(delete(table).where(old)).rowcount
            for table, old in _old(connection, draft_days)}  # fmt: skip


def _old(connection: Connection, draft_days: int) -> list[tuple[Table, ColumnElement[bool]]]:
    """Each table with what of it is old; places before the drafts that they belong to."""
    moment = now_of(connection)
    forgotten = list_drafts.forgotten(moment, draft_days)
    drafted = select(tables_cases.lists.c.id).where(forgotten)
    return [
        (tables.sessions, sessions.old(moment)), (tables.flows, flows.old(moment)),
        (tables.attempts, attempts.old(moment)), (tables.once, once.old(moment)), (tables.drafts, drafts.old(moment)),
        *((table, table.c.list.in_(drafted)) for table in (tables_cases.list_places, tables_cases.list_outside)),
        (tables_cases.lists, forgotten),
    ]  # fmt: skip
