"""Sessions of people in a browser. The cookie holds 256 random bits; the table only their hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from serving.store.engine import now_of
from serving.store.tables import sessions

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
SKEW = timedelta(minutes=5)
"""A clock that is further back than this ends sessions: what a wrong clock must not do is lengthen them."""
_TOUCH = timedelta(seconds=60)
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was found; `state` says whether it still holds."""

    id: str
    person: int
    via: str
    created: datetime
    state: Literal["live", "expired"]


def begin(connection: Connection, person: int, via: Literal["password", "provider"]) -> str:
    """Begin a session; what the cookie is to hold. Old ones of everybody are cleared away."""
    secret, moment = secrets.token_urlsafe(32), now_of(connection)
    connection.execute(delete(sessions).where(old(moment)))
    connection.execute(insert(sessions).values(id=digest(secret), person=person, via=via, created=moment,
                                               last_seen=moment, ends=moment + LONGEST))  # fmt: skip
    return secret


def find(connection: Connection, secret: str) -> Session | None:
    """The session of a cookie, live or expired; None where there is none or it was ended by somebody."""
    row = connection.execute(select(sessions).where(sessions.c.id == digest(secret))).one_or_none()
    if row is None or row.ended is not None:
        return None
    moment = now_of(connection)
    live = row.last_seen - SKEW <= moment < row.ends and moment - row.last_seen < IDLE
    return Session(row.id, row.person, row.via, row.created, "live" if live else "expired")


def due(connection: Connection, session: str) -> bool:
    """Whether the last sign of life is old enough to be written anew (`touch`)."""
    seen = connection.execute(select(sessions.c.last_seen).where(sessions.c.id == session)).scalar_one_or_none()
    return seen is not None and now_of(connection) - seen >= _TOUCH


def touch(connection: Connection, session: str) -> None:
    """Let the idle time of a live session begin again; never backwards."""
    moment = now_of(connection)
    connection.execute(update(sessions).where(
        sessions.c.id == session, sessions.c.ended.is_(None), sessions.c.last_seen < moment, sessions.c.ends > moment,
    ).values(last_seen=moment))  # fmt: skip


def old(moment: datetime) -> ColumnElement[bool]:
    """Sessions whose longest time was over a day ago, however they ended."""
    return sessions.c.ends < moment - _KEPT


def end(connection: Connection, session: str) -> None:
    """End one session."""
    connection.execute(update(sessions).where(sessions.c.id == session, sessions.c.ended.is_(None)).values(
        ended=now_of(connection)))  # fmt: skip


def end_all(connection: Connection, person: int) -> int:
    """End all sessions of a person; how many there were."""
    done = connection.execute(update(sessions).where(sessions.c.person == person, sessions.c.ended.is_(None)).values(
        ended=now_of(connection)))  # fmt: skip
    return done.rowcount


def digest(secret: str) -> str:
    """What the table holds of a secret of 256 random bits; too many for a slow hash to be needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf(secret: str) -> str:
    """What forms of a session send back: made of the cookie, so it is stored nowhere."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()
