"""The audit log, read: by administrators all of it, by verifiers that of their area, by everybody their own acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, desc, func, or_, select, true

from features import keys
from features.keys import CODE
from serving.access.rights import ACTS, Caller, allow, may, smallest
from serving.store.tables import audit as log

READS = ("household.see", "household.report")
"""Acts by which somebody opened one household."""
WIDER = ("audit.all", "audit.area")
"""Rights to more of the log than one's own acts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; None where it does not matter.

    by : an account. act : an act such as `list.export`, or a family of them such as `list`. object : a number, an
    account, or a household's code as people write it: then every row about it or that showed it among others is meant,
    since those about it alone would pass for all. household : such a code beside another object. since, until : from
    (with) and to (without). A code is looked for in every row, so for single questions.
    """

    by: str | None = None
    act: str | None = None
    object: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    household: str | None = None


def rows(connection: Connection, who: Caller | None, asked: Asked, *, before: int | None = None, limit: int = 25,
         ) -> list[Row[Any]]:  # fmt: skip
    """Rows of the log that somebody may see, the newest first; `before` is the number of the last of the page before.

    who : None for a terminal of the server, which sees all. Problem `forbidden_role`, `forbidden_scope`.
    """
    where = _asked(who, asked)
    if before is not None:
        where.append(log.c.n < before)
    return list(connection.execute(select(log).where(*where).order_by(desc(log.c.n)).limit(limit)))


def extent(connection: Connection, who: Caller, asked: Asked) -> tuple[int, int]:
    """How many rows somebody may see of what is asked, and the number of the newest, 0 without any."""
    query = select(func.count(), func.coalesce(func.max(log.c.n), 0)).where(*_asked(who, asked))
    count, newest = connection.execute(query).one()
    return count, newest


def _asked(who: Caller | None, asked: Asked) -> list[ColumnElement[bool]]:
    where = [true() if who is None else _seen(who)]
    if asked.by is not None:
        where.append(log.c.account == asked.by)
    where += [_of(own) for own in (asked.object, asked.household) if own is not None]
    if asked.act is not None:
        where.append(or_(log.c.act == asked.act, log.c.act.startswith(f"{asked.act}.", autoescape=True)))
    if asked.since is not None:
        where.append(log.c.at >= asked.since)
    if asked.until is not None:
        where.append(log.c.at < asked.until)
    return where


def _of(text: str) -> ColumnElement[bool]:
    """Rows about something; of a list's number about any of its versions, of a household's code also those that showed
    it among others."""
    about = or_(log.c.object == text, log.c.object.startswith(f"{text} v", autoescape=True))
    if not household(text):
        return about
    code = keys.written(text)
    return or_(about, log.c.object == code, log.c.households.contains(code))


def household(text: str) -> bool:
    """Whether a text is a household's code as people write it."""
    return bool(CODE.match(keys.written(text)))


def reach(who: Caller) -> str:
    """The smallest area around what somebody may see of the log, for the row that tells of their reading it."""
    wider = [act for act in WIDER if may(who, act)]
    return smallest([code for act in wider or ["audit.own"] for code in allow(who, act).codes])


def readers(connection: Connection, household: str, limit: int = 50) -> list[tuple[datetime, str]]:
    """When and by which roles a household's page was opened, the newest first: for the family's own report.

    Of the roles that the reader held those alone that open families; the log holds all of them.
    """
    query = select(log.c.at, log.c.roles).where(
        log.c.object == household, log.c.act.in_(READS), log.c.result == "done").order_by(desc(log.c.n))  # fmt: skip
    return [(row.at, " ".join(role for role in row.roles.split() if role in ACTS["household.see"]))
            for row in connection.execute(query.limit(limit))]  # fmt: skip


def deciders(connection: Connection, case: str) -> list[str]:
    """Of each thing that happened to an objection (by its number), in order, the roles by which it was done: of those
    that the person held the ones that may do it."""
    steps = ("objection.open", "objection.step", "objection.decide")
    query = select(log.c.act, log.c.roles).where(
        log.c.object == case, log.c.act.in_(steps), log.c.result == "done").order_by(log.c.n)  # fmt: skip
    open_, decide = ACTS["objection.open"], ACTS["objection.decide"]
    may_do = dict(zip(steps, (open_, open_ | decide, decide), strict=True))
    return [" ".join(role for role in row.roles.split() if role in may_do[row.act])
            for row in connection.execute(query)]  # fmt: skip


def _seen(who: Caller) -> ColumnElement[bool]:
    """One's own acts, and those of the areas of one's other rights to the log; by a token those of its area alone."""
    areas, own = allow(who, "audit.own"), log.c.person == who.person
    if who.via == "token":
        own &= areas.clause(log.c.province, log.c.regency)
    wider = [allow(who, act).clause(log.c.province, log.c.regency) for act in WIDER if may(who, act)]
    return or_(own, *wider)
