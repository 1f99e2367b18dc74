"""From what a provider says of a person to an account with rights. Nobody becomes an administrator this way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection

from serving.access import rights_logged
from serving.access.oidc_settings import Settings
from serving.access.rights import AREA, ROLES, Grant, Role
from serving.audit import trail
from serving.problems import Problem
from serving.store import people, sessions
from serving.store.engine import Store
from serving.store.people import Person


def person_of(store: Store, settings: Settings, claims: Mapping[str, Any]) -> Person:
    """The account of a person, with the rights of the claims where the settings say so.

    Raises
    ------
    Problem : `not_registered` for who is not known here, or has no right; the refusal is in the audit log.
    """
    with store.writing() as connection:
        person = _known(connection, settings, claims)
        if person is not None and settings.people == "claims" and not person.locked:
            _align(connection, person, _wanted(settings, claims))
        if person is None or not people.grants_of(connection, person.id):
            person = None
            trail.write(connection, trail.NOBODY, "session.begin", result="refused")
    if person is None:
        raise Problem("not_registered")
    return person


def _known(connection: Connection, settings: Settings, claims: Mapping[str, Any]) -> Person | None:
    subject = str(claims["sub"])
    person = people.by_subject(connection, settings.issuer, subject)
    account = claims.get(settings.account) if settings.account else None
    # Small letters of other signs may be ours: K of the Kelvin sign would take over the account of another.
    if person is not None or not isinstance(account, str) or not account.isascii():
        return person
    account = account.lower()
    waiting = people.by_account(connection, account)
    if waiting is not None:
        # Only a row that an administrator made for this provider is taken over, and only once.
        if waiting.issuer != settings.issuer or waiting.subject is not None:
            return None
        people.bind(connection, waiting, subject)
        return people.by_subject(connection, settings.issuer, subject)
    if settings.people != "claims" or not _wanted(settings, claims):
        return None
    name = claims.get(settings.name)
    try:
        own = people.add(connection, account, name if isinstance(name, str) and name else account,
                         issuer=settings.issuer, subject=subject)  # fmt: skip
    except Problem:  # no name for an account here, or taken by another
        return None
    trail.write(connection, trail.NOBODY, "people.add", object=account)
    return people.by_id(connection, own)


def _wanted(settings: Settings, claims: Mapping[str, Any]) -> set[Grant]:
    """Every role in every area that the claims name, without words that are not known."""
    roles = {settings.roles.get(word, word) for word in _words(claims.get(settings.role_claim))}
    areas = {word for word in _words(claims.get(settings.area_claim)) if word and AREA.fullmatch(word)}
    if "ID" in _words(claims.get(settings.area_claim)):  # the nation, which an empty word would be too easily
        areas.add("")
    known = set(ROLES) - {"administrator"}
    return {Grant(cast(Role, role), area) for role in roles & known for area in areas}


def _align(connection: Connection, person: Person, wanted: set[Grant]) -> None:
    have = {grant for grant in people.grants_of(connection, person.id) if grant.role != "administrator"}
    for grant in sorted(wanted ^ have, key=str):
        act, turn = ("people.grant", people.give) if grant in wanted else ("people.revoke", people.take)
        turn(connection, person.id, grant, None)
        trail.write(connection, trail.NOBODY, act, object=person.account, area=grant.area,
                    detail=rights_logged.of_right(grant.role))  # fmt: skip
    if wanted != have:
        sessions.end_all(connection, person.id)


def _words(value: object) -> set[str]:
    if isinstance(value, str):
        return set(value.replace(",", " ").split())
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()
