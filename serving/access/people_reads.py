"""People, rights and tokens as administrators see them: those within their reach, as they are or were on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from serving.access.accounts import reach, within
from serving.access.rights import Caller, Grant
from serving.store import people, tokens
from serving.store.people import Held, Person
from serving.store.tokens import Token


def reached(connection: Connection, by: Caller) -> list[tuple[Person, tuple[Grant, ...]]]:
    """People whom an administrator reaches (`accounts.within`), by account, and their rights."""
    areas, rights = reach(by), people.all_grants(connection)
    found = [(person, rights.get(person.id, ())) for person in people.everyone(connection)]
    return [(person, own) for person, own in found if within(areas, person, own)]


def tokens_of_reached(connection: Connection, by: Caller) -> Sequence[Token]:
    """Tokens of these people, the newest first."""
    ids = {person.id for person, _ in reached(connection, by)}
    return [token for token in tokens.everyone(connection) if token.person in ids]


def held(connection: Connection, by: Caller, at: datetime) -> Sequence[Held]:
    """Rights in the areas of an administrator as they were at a moment, whoever held them: by area, role, account."""
    areas = reach(by)
    return [own for own in people.held(connection, at) if areas.holds(own.area)]
