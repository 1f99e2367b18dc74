"""People who may sign in or hold tokens, and what they were granted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.text import Language
from serving.access.rights import Grant, Role
from serving.faults import Faults
from serving.problems import Problem
from serving.store.checks import has_id_number
from serving.store.engine import now_of
from serving.store.tables import grants, people

ACCOUNT = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,62})[a-z0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Person:
    """A row of `people`; `password` is its argon2id hash and never printed.

    keeper : area of the administrator who gave the first password, or tied the account to a person of a provider, and
    so may sign in as this person; "" the nation.
    """

    id: int
    account: str
    name: str
    language: Language
    password: str | None
    must_change: bool
    issuer: str | None
    subject: str | None
    locked: bool
    created: datetime
    changed: datetime
    last_seen: datetime | None
    keeper: str

    def __repr__(self) -> str:
        return f"Person({self.id}, {self.account})"


def add(connection: Connection, account: str, name: str, *, password: str | None = None, must_change: bool = True,
        language: Language = "id", issuer: str | None = None, subject: str | None = None, keeper: str = "",
        ) -> int:  # fmt: skip
    """Add a person without any right; the number.

    password : hash of a first password, to be changed at the first sign-in where somebody else chose it; none for who
    signs in at a provider (`issuer`, `subject`) or only holds tokens. Problem `invalid` on `account`, `name` or
    `subject`, `account_taken`.
    """
    faults, name = broken(account, name), name.strip()
    _subject(faults, subject)
    if faults.broken and by_account(connection, account) is not None:
        faults.tell("account", "account_taken")
    faults.refuse()
    moment = now_of(connection)
    try:
        with connection.begin_nested():
            done = connection.execute(insert(people).values(
                account=account, name=name, language=language, password=password,
                must_change=must_change and password is not None, issuer=issuer, subject=subject, locked=False,
                created=moment, changed=moment, keeper=keeper))  # fmt: skip
    except IntegrityError:
        raise Problem("account_taken", values={"account": account}) from None
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def broken(account: str, name: str) -> Faults:
    """What no account and no name of a person may be."""
    faults, name = Faults(), name.strip()
    if not ACCOUNT.fullmatch(account):
        faults.tell("account", "account")
    for field, text in (("account", account), ("name", name)):
        if has_id_number(text):
            faults.tell(field, "no_id_number")
    if not 1 <= len(name) <= 120 or not name.isprintable():
        faults.tell("name", "person_name")
    return faults


def by_account(connection: Connection, account: str) -> Person | None:
    """The person of an account; what is none is not looked up: PostgreSQL takes no text of every kind."""
    if not ACCOUNT.fullmatch(account):
        return None
    return _one(connection.execute(select(people).where(people.c.account == account)).one_or_none())


def by_id(connection: Connection, person: int) -> Person | None:
    """The person of a number."""
    return _one(connection.execute(select(people).where(people.c.id == person)).one_or_none())


def by_subject(connection: Connection, issuer: str, subject: str) -> Person | None:
    """The person whom a provider knows as `subject`."""
    query = select(people).where(people.c.issuer == issuer, people.c.subject == subject)
    return _one(connection.execute(query).one_or_none())


def everyone(connection: Connection) -> list[Person]:
    """All people by account."""
    return [Person(**row._mapping) for row in connection.execute(select(people).order_by(people.c.account))]


def grants_of(connection: Connection, person: int, until: datetime | None = None) -> tuple[Grant, ...]:
    """Rights of a person now, by role and area; `until`: of these, the ones that were given by then."""
    query = select(grants.c.role, grants.c.area).where(grants.c.person == person, grants.c.ended.is_(None))
    if until is not None:
        query = query.where(grants.c.since <= until)
    return tuple(Grant(row.role, row.area) for row in connection.execute(query.order_by(grants.c.role, grants.c.area)))


def all_grants(connection: Connection) -> Mapping[int, tuple[Grant, ...]]:
    """Rights of everyone now."""
    found: dict[int, tuple[Grant, ...]] = {}
    query = select(grants.c.person, grants.c.role, grants.c.area).where(grants.c.ended.is_(None))
    for row in connection.execute(query.order_by(grants.c.person, grants.c.role, grants.c.area)):
        found[row.person] = (*found.get(row.person, ()), Grant(row.role, row.area))
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A right that somebody holds or held; `given_by` is an account, empty for a terminal of the server."""

    account: str
    name: str
    locked: bool
    role: Role
    area: str
    since: datetime
    ended: datetime | None
    given_by: str


def held(connection: Connection, at: datetime) -> list[Held]:
    """Every right that was held at a moment, by area, role and account."""
    giver = people.alias()
    query = (select(people.c.account, people.c.name, people.c.locked, grants.c.role, grants.c.area, grants.c.since,
                    grants.c.ended, func.coalesce(giver.c.account, "").label("given_by"))
             .join(people, people.c.id == grants.c.person).outerjoin(giver, giver.c.id == grants.c.given_by)
             .where(grants.c.since <= at, grants.c.ended.is_(None) | (grants.c.ended > at))
             .order_by(grants.c.area, grants.c.role, people.c.account))  # fmt: skip
    return [Held(**row._mapping) for row in connection.execute(query)]


def give(connection: Connection, person: int, grant: Grant, by: int | None) -> bool:
    """Grant a role in an area; False where the person has it already."""
    if grant in grants_of(connection, person):
        return False
    moment = now_of(connection)
    values = {"person": person, "role": grant.role, "area": grant.area, "since": moment, "given_by": by}
    connection.execute(insert(grants).values(values))
    connection.execute(update(people).where(people.c.id == person).values(changed=moment))
    return True


def take(connection: Connection, person: int, grant: Grant, by: int | None) -> bool:
    """Take a role in an area away; False where the person has it not. Problem `last_administrator`."""
    if grant.role == "administrator":
        _another_administrator(connection, person, without=grant)
    moment = now_of(connection)
    done = connection.execute(update(grants).where(
        grants.c.person == person, grants.c.role == grant.role, grants.c.area == grant.area, grants.c.ended.is_(None),
    ).values(ended=moment, ended_by=by))  # fmt: skip
    connection.execute(update(people).where(people.c.id == person).values(changed=moment))
    return done.rowcount == 1


def set_locked(connection: Connection, person: int, locked: bool) -> None:
    """Lock or unlock an account. Problem `last_administrator`: somebody must be left."""
    if locked:
        _another_administrator(connection, person)
    connection.execute(update(people).where(people.c.id == person).values(locked=locked, changed=now_of(connection)))


def set_password(connection: Connection, person: int, password: str, *, must_change: bool, keeper: str | None = None,
                 ) -> None:  # fmt: skip
    """Replace the hash of the password.

    keeper : area of the administrator who gave it, None for one's own change. What they give is the only way to sign in
    from then on, so that one keeper says of every account who may know its way.
    """
    values: dict[str, Any] = {"password": password, "must_change": must_change, "changed": now_of(connection)}
    if keeper is not None:
        values |= {"keeper": keeper, "issuer": None, "subject": None}
    connection.execute(update(people).where(people.c.id == person).values(values))


def tie(connection: Connection, person: Person, issuer: str, subject: str | None, *, keeper: str) -> None:
    """Let a person of a provider sign in, and by no other way; without a subject the first who comes under the account.

    keeper : area of the administrator who says so. Problem `invalid` on `subject`, `account_taken` where another
    account has it.
    """
    _subject(faults := Faults(), subject)
    faults.refuse()
    values = {"issuer": issuer, "subject": subject, "password": None, "must_change": False, "keeper": keeper,
              "changed": now_of(connection)}  # fmt: skip
    try:
        with connection.begin_nested():
            connection.execute(update(people).where(people.c.id == person.id).values(values))
    except IntegrityError:
        raise Problem("account_taken", values={"account": person.account}) from None


def rehashed(connection: Connection, person: int, old: str, new: str) -> None:
    """Replace a hash by one of the same password with today's parameters, unless it was changed meanwhile."""
    connection.execute(update(people).where(people.c.id == person, people.c.password == old).values(password=new))


def seen(connection: Connection, person: int) -> None:
    """Note that a person was there."""
    connection.execute(update(people).where(people.c.id == person).values(last_seen=now_of(connection)))


def sound_subject(subject: str) -> bool:
    """Whether a provider may call a person so: a text of which a database keeps every sign."""
    return 0 < len(subject) <= 255 and subject.isprintable()


def administrators(connection: Connection) -> set[tuple[int, str]]:
    """Person and area of every administrator who can sign in."""
    # Locked in one order, so that two administrators who remove each other wait instead of both succeeding.
    query = (select(grants.c.person, grants.c.area).join(people, people.c.id == grants.c.person)
             .where(grants.c.role == "administrator", grants.c.ended.is_(None), people.c.locked.is_(False),
                    people.c.password.is_not(None) | people.c.issuer.is_not(None))
             .order_by(grants.c.id).with_for_update())  # fmt: skip
    return {(row.person, row.area) for row in connection.execute(query)}


def bind(connection: Connection, person: Person, subject: str) -> None:
    """Let the account of a person who waits at a provider be this subject's, unless it is somebody's by now."""
    waits = (people.c.id == person.id, people.c.issuer == person.issuer, people.c.subject.is_(None))
    with suppress(IntegrityError), connection.begin_nested():  # whose subject is another account's by now
        connection.execute(update(people).where(*waits).values(subject=subject))


def _subject(faults: Faults, subject: str | None) -> None:
    if subject is not None and not sound_subject(subject):
        faults.tell("subject", "subject")


def _another_administrator(connection: Connection, person: int, without: Grant | None = None) -> None:
    """Problem unless whoever is lost leaves somebody over the same area."""
    found = administrators(connection)
    gone = {pair for pair in found if pair[0] == person and (without is None or pair[1] == without.area)}
    left = {area for _, area in found - gone}
    if any(not any(lost.startswith(area) for area in left) for _, lost in gone):
        raise Problem("last_administrator")


def _one(row: Row[Any] | None) -> Person | None:
    return None if row is None else Person(**row._mapping)
