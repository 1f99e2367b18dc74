"""Scenarios as the database keeps them: asked for, taken by who lives them, done, failed or cancelled.

Whoever lives one says every few seconds that it still does; one that nobody speaks for any more is taken again, and the
second time it is given up, so that none can stop the others for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from serving.access.rights import Areas, columns_of
from serving.problems import Problem
from serving.store import numbers
from serving.store.engine import now_of
from serving.store.tables import people
from serving.store.tables_cases import scenarios

LEASE = timedelta(seconds=30)
TRIES = 2
MOST_WAITING, MOST_OF_ONE = 20, 4
"""Scenarios that may wait in all, and of one person."""
OPEN = ("waiting", "running")
"""Of one that is still to be lived to its end."""
_WHOLE = frozenset({"result", "paired", "asked"})
_HEAD = [column for column in scenarios.c if column.name not in _WHOLE]


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario to be lived. area : BPS code of whose families, "" of all. plain : as YAML holds it."""

    area: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    plain: Mapping[str, Any]
    sha256: str
    seed: int


def ask(connection: Connection, areas: Areas, by: int, own: Asked) -> Row[Any]:
    """Keep one that waits to be lived; its head. Problem `not_in_area`; `scenarios_wait` where too many of one's own
    wait, `busy` where too many of all do."""
    place = columns_of(own.area)
    if not areas.covers(**place):
        raise Problem("not_in_area")
    waiting = select(func.count()).where(scenarios.c.status.in_(OPEN))
    mine = connection.execute(waiting.where(scenarios.c.made_by == by)).scalar_one()
    if mine >= MOST_OF_ONE:
        raise Problem("scenarios_wait", values={"n": str(MOST_OF_ONE)}, headers={"Retry-After": "10"})
    if connection.execute(waiting).scalar_one() >= MOST_WAITING:
        raise Problem("busy", headers={"Retry-After": "10"})
    done = connection.execute(insert(scenarios).values(
        number=numbers.take(connection, "K"), **place, title=dict(own.title), question=dict(own.question),
        asked=dict(own.plain), sha256=own.sha256, seed=own.seed, status="waiting", tries=0, reason="", families="",
        bundle="", made_by=by, made_at=now_of(connection)))  # fmt: skip
    assert done.inserted_primary_key is not None
    return connection.execute(select(*_HEAD).where(scenarios.c.id == done.inserted_primary_key[0])).one()


def find(connection: Connection, areas: Areas, number: str) -> Row[Any]:
    """All of one in the areas, and `maker`, the name of who asked for it. Problem `not_in_area`."""
    name = select(people.c.name).where(people.c.id == scenarios.c.made_by).scalar_subquery()
    query = select(scenarios, name.label("maker")).where(scenarios.c.number == number, _inside(areas))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise Problem("not_in_area")
    return row


def standing(connection: Connection, areas: Areas, number: str) -> Row[Any, Any, Any]:
    """Id, status and `made_at` of one of the areas. Problem `not_in_area`."""
    query = select(scenarios.c.id, scenarios.c.status, scenarios.c.made_at).where(
        scenarios.c.number == number, _inside(areas)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise Problem("not_in_area")
    return found


def before(connection: Connection, number: int) -> int:
    """How many are lived before one (by its id) that waits."""
    own = select(func.count()).where(scenarios.c.status.in_(OPEN), scenarios.c.id < number)
    return int(connection.execute(own).scalar_one())


def index(connection: Connection, areas: Areas, *, before: int | None = None, limit: int = 25) -> list[Row[Any]]:
    """Heads of those in the areas, the newest first; `before` is the id of the last one of the page before."""
    where = [_inside(areas)]
    if before is not None:
        where.append(scenarios.c.id < before)
    return list(connection.execute(select(*_HEAD).where(*where).order_by(scenarios.c.id.desc()).limit(limit)))


def take(connection: Connection) -> Row[Any] | None:
    """The oldest that waits, or that nobody speaks for any more: it is the caller's now; None where there is none."""
    moment = now_of(connection)
    free = or_(scenarios.c.status == "waiting", (scenarios.c.status == "running") & (scenarios.c.until < moment))
    connection.execute(update(scenarios).where(free, scenarios.c.tries >= TRIES).values(
        status="failed", reason="interrupted", ended_at=moment, until=None))  # fmt: skip
    row = connection.execute(select(scenarios).where(free).order_by(scenarios.c.id).limit(1)).one_or_none()
    if row is None:
        return None
    mine = connection.execute(update(scenarios).where(scenarios.c.id == row.id, scenarios.c.tries == row.tries, free)
                              .values(status="running", tries=row.tries + 1, until=moment + LEASE))  # fmt: skip
    return row if mine.rowcount == 1 else None


def hold(connection: Connection, number: int) -> None:
    """Say that one (by its id) is still being lived."""
    connection.execute(update(scenarios).where(scenarios.c.id == number, scenarios.c.status == "running").values(
        until=now_of(connection) + LEASE))  # fmt: skip


def done(connection: Connection, number: int, *, families: str, bundle: str, result: Mapping[str, Any],
         paired: Mapping[str, Any]) -> None:  # fmt: skip
    """Keep what one (by its id) came to."""
    connection.execute(update(scenarios).where(scenarios.c.id == number, scenarios.c.status == "running").values(
        status="done", families=families, bundle=bundle, synthetic=result["data"]["synthetic"], result=dict(result),
        paired=dict(paired), until=None, ended_at=now_of(connection)))  # fmt: skip


def failed(connection: Connection, number: int, reason: str) -> None:
    """Say why one (by its id) cannot be lived."""
    connection.execute(update(scenarios).where(scenarios.c.id == number, scenarios.c.status == "running").values(
        status="failed", reason=reason[:500], until=None, ended_at=now_of(connection)))  # fmt: skip


def cancel(connection: Connection, areas: Areas, by: int, number: str) -> Row[Any]:
    """Let one that waits or is being lived come to nothing; its head. Problem `not_in_area`; `own_scenario` for
    another's, `scenario_ended` where it is lived to its end, failed or was cancelled."""
    row = connection.execute(select(*_HEAD).where(scenarios.c.number == number, _inside(areas))).one_or_none()
    if row is None:
        raise Problem("not_in_area")
    if row.made_by != by:
        raise Problem("own_scenario")
    mine = connection.execute(update(scenarios).where(scenarios.c.id == row.id, scenarios.c.status.in_(OPEN)).values(
        status="cancelled", until=None, ended_at=now_of(connection)))  # fmt: skip
    if mine.rowcount != 1:  # also where who lives it was the quicker
        raise Problem("scenario_ended", values={"no": number})
    return connection.execute(select(*_HEAD).where(scenarios.c.id == row.id)).one()


def cancelled(connection: Connection, number: int) -> bool:
    """Whether one (by its id) was cancelled."""
    query = select(scenarios.c.id).where(scenarios.c.id == number, scenarios.c.status == "cancelled")
    return connection.execute(query).first() is not None


def _inside(areas: Areas) -> ColumnElement[bool]:
    return areas.clause(scenarios.c.province, scenarios.c.regency)


def waiting(connection: Connection) -> bool:
    """Whether any waits, or is held by nobody."""
    return connection.execute(select(scenarios.c.id).where(scenarios.c.status.in_(OPEN)).limit(1)).first() is not None
