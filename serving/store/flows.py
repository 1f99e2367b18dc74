"""Sign-ins that are under way at a provider: each can be finished once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert

from serving.store.engine import now_of
from serving.store.sessions import digest
from serving.store.tables import flows

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Flow:
    """What was kept when it began; `onward` is the path to go on to."""

    nonce: str
    verifier: str
    onward: str


def begin(connection: Connection, state: str, flow: Flow) -> None:
    """Keep a flow under its state; old ones are cleared away."""
    moment = now_of(connection)
    connection.execute(delete(flows).where(old(moment)))
    connection.execute(insert(flows).values(state=digest(state), nonce=flow.nonce, verifier=flow.verifier,
                                            onward=flow.onward, until=moment + LASTS))  # fmt: skip


def old(moment: datetime) -> ColumnElement[bool]:
    """Flows that can be finished no longer."""
    return flows.c.until < moment


def take(connection: Connection, state: str) -> Flow | None:
    """The flow of a state, once; None for an unknown, used or old one."""
    row = connection.execute(delete(flows).where(flows.c.state == digest(state)).returning(flows)).one_or_none()
    left = timedelta(-1) if row is None else row.until - now_of(connection)
    if row is None or not timedelta(0) < left <= LASTS:  # more is left where the clock was set back
        return None
    return Flow(row.nonce, row.verifier, row.onward)
