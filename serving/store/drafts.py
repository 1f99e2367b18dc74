"""Answers that were sent after a session had expired, kept for a quarter of an hour for whoever sent them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from serving.store.checks import has_id_number, id_numbers
from serving.store.engine import now_of
from serving.store.tables import drafts

KEPT = timedelta(minutes=15)
MOST_CHARACTERS = 20_000


def keep(connection: Connection, person: int, path: str, answers: Mapping[str, list[str]]) -> bool:
    """Keep the answers of a form, in place of earlier ones of the same path, and whether they are: too many are not.

    Nothing has looked at them yet: an answer that may hold a NIK or family card number, which a live session would
    refuse, is left out, and with such a path nothing is kept.
    """
    answers = {name: own for name, own in answers.items() if not [*id_numbers({name: own})]}
    moment = now_of(connection)
    connection.execute(delete(drafts).where(old(moment)))
    connection.execute(delete(drafts).where(drafts.c.person == person, drafts.c.path == path))
    size = sum(len(name) + sum(map(len, values)) for name, values in answers.items())
    fits = size <= MOST_CHARACTERS and len(path) <= 300 and not has_id_number(path)
    if fits:
        connection.execute(insert(drafts).values(person=person, path=path, answers=dict(answers), created=moment,
                                                 until=moment + KEPT))  # fmt: skip
    return fits


def old(moment: datetime) -> ColumnElement[bool]:
    """Answers that are given back no longer."""
    return drafts.c.until < moment


def waits(connection: Connection, person: int) -> bool:
    """Whether any answers of somebody are kept now."""
    moment = now_of(connection)
    fresh = (drafts.c.person == person) & (drafts.c.created <= moment) & (drafts.c.until > moment)
    return connection.execute(select(drafts.c.path).where(fresh).limit(1)).first() is not None


def take(connection: Connection, person: int, path: str) -> dict[str, list[str]] | None:
    """The kept answers of a path, once."""
    mine = (drafts.c.person == person) & (drafts.c.path == path)
    row = connection.execute(select(drafts).where(mine)).one_or_none()
    if row is None:
        return None
    connection.execute(delete(drafts).where(mine))
    moment = now_of(connection)
    return dict(row.answers) if row.created <= moment < row.until else None
