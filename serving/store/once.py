"""Idempotency: a write that is sent twice with one key is done once, and answered alike."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, text, update

from serving.problems import Broken, Problem
from serving.store.engine import now_of, seal_of
from serving.store.tables import once

KEPT = timedelta(hours=24)
KEY = re.compile(r"[A-Za-z0-9_-]{8,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    media: str
    body: str


def begin(connection: Connection, person: int, key: str, asked: bytes) -> Answer | None:
    """Take a key for the write of this transaction; None to go on, else the answer that was given before.

    asked : method, route and body, whatever makes two requests the same. A second request that comes while the first
    is at work waits for it.

    Raises
    ------
    Problem : `duplicate_request`, the key was used for something else; `invalid`, a key of the wrong shape.
    """
    check(key)
    key = _kept(connection, key)
    moment, request = now_of(connection), hashlib.sha256(asked).hexdigest()
    connection.execute(delete(once).where(old(moment)))
    done = connection.execute(text(
        "INSERT INTO once (person, key, request, at) VALUES (:person, :key, :request, :at) ON CONFLICT DO NOTHING",
    ).bindparams(bindparam("at", moment, once.c.at.type), person=person, key=key, request=request))  # fmt: skip
    if done.rowcount == 1:
        return None
    row = connection.execute(select(once).where(once.c.person == person, once.c.key == key)).one()
    if row.request != request or row.status is None:
        raise Problem("duplicate_request")
    return Answer(row.status, row.media, row.body)


def check(key: str) -> None:
    """Problem `invalid` for a key of the wrong shape, or none."""
    if not KEY.fullmatch(key):
        raise Problem("invalid", [Broken("Idempotency-Key", "idempotency_key" if key else "required")])


def _kept(connection: Connection, key: str) -> str:
    """A key as it is kept: hashed under the seal, since people put numbers of people into keys."""
    return hmac.new(seal_of(connection), f"once {key}".encode(), hashlib.sha256).hexdigest()


def old(moment: datetime) -> ColumnElement[bool]:
    """Keys, and the answers kept beside them, that a second request cannot use any more."""
    return once.c.at < moment - KEPT


def keep(connection: Connection, person: int, key: str, answer: Answer) -> None:
    """Keep the answer beside what it answers, in the transaction of both."""
    connection.execute(update(once).where(once.c.person == person, once.c.key == _kept(connection, key)).values(
        status=answer.status, media=answer.media, body=answer.body))  # fmt: skip
