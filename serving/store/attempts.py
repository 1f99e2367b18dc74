"""Throttling of sign-in: failures by account or known browser and by network address, known by a keyed hash alone."""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, text, update

from serving.store.engine import now_of, seal_of
from serving.store.tables import attempts

WINDOW = timedelta(minutes=15)
"""Failures are counted for this long from the first."""
LOCK = timedelta(minutes=15)
_MINUTES = LOCK // timedelta(minutes=1)
MOST = {"account": 5, "browser": 5, "address": 30}
"""Failures after which an account, a browser that is known to it, and an office behind one address has to wait."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes to wait, 0 where a try may go on; whether the wait begins with this try."""

    minutes: int
    begins: bool


def key(connection: Connection, kind: str, value: str) -> str:
    """What stands for an account or an address in the table; an account that does not exist has one too."""
    seal = seal_of(connection)
    return kind[:2] + hmac.new(seal, f"attempt {kind} {value}".encode(), hashlib.sha256).hexdigest()[2:]


def begin(connection: Connection, kind: str, value: str) -> Wait:
    """Count a try before it is judged, so that many at once cannot pass."""
    own, moment = key(connection, kind, value), now_of(connection)
    # A row that is there is locked by this, and one that is not is made: concurrent tries are counted one by one.
    connection.execute(text(
        "INSERT INTO attempts (key, failures, first, last) VALUES (:key, 0, :now, :now) "
        "ON CONFLICT (key) DO UPDATE SET key = excluded.key",
    ).bindparams(bindparam("now", moment, attempts.c.last.type), key=own))  # fmt: skip
    row = connection.execute(select(attempts).where(attempts.c.key == own).with_for_update()).one()
    if row.until is not None and moment < row.until:
        # A clock that was set back lets nobody in; nor does it show more minutes than a lock ever lasts.
        return Wait(min(_MINUTES, math.ceil((row.until - moment) / timedelta(minutes=1))), begins=False)
    anew = row.until is not None or moment - row.first >= WINDOW
    failures = 1 if anew else row.failures + 1
    until = moment + LOCK if failures > MOST[kind] else None
    connection.execute(update(attempts).where(attempts.c.key == own).values(
        failures=failures, first=moment if anew else row.first, last=moment, until=until))  # fmt: skip
    return Wait(_MINUTES if until is not None else 0, begins=until is not None)


def succeeded(connection: Connection, kind: str, value: str, address: str) -> None:
    """The password was right: what was counted for it starts anew, the address gets this one try back."""
    # The address first, as where they are counted: two who lock rows in another order would wait for each other.
    connection.execute(update(attempts).where(
        attempts.c.key == key(connection, "address", address), attempts.c.failures > 0,
    ).values(failures=attempts.c.failures - 1))  # fmt: skip
    forget(connection, kind, value)


def forget(connection: Connection, kind: str, value: str) -> None:
    """Let it try again at once; old rows of others are cleared away."""
    own = attempts.c.key == key(connection, kind, value)
    connection.execute(delete(attempts).where(own | old(now_of(connection))))


def old(moment: datetime) -> ColumnElement[bool]:
    """Tries that nobody is made to wait for any more."""
    return attempts.c.last < moment - 2 * (WINDOW + LOCK)
