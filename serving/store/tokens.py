"""API tokens: shown once, stored as a hash, limited by scope, area and time to less than their owner may do."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from serving.access.rights import AREA, SCOPES
from serving.faults import Faults
from serving.problems import Broken
from serving.store.checks import has_id_number
from serving.store.engine import now_of
from serving.store.sessions import SKEW, digest
from serving.store.tables import people, tokens

MOST_DAYS = 90
SHAPE = re.compile(r"jaga_([a-z0-9]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
_TOUCH = timedelta(seconds=60)
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Of what a person may have to type: none that looks like another."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret; `prefix` stands in the secret too and tells one from another."""

    id: int
    person: int
    account: str
    label: str
    prefix: str
    scopes: frozenset[str]
    area: str
    created: datetime
    expires: datetime
    revoked: datetime | None
    last_used: datetime | None

    def usable(self, moment: datetime) -> bool:
        """Whether it still holds; not by a clock that is behind what was done with it: that must not revive one."""
        latest = max(self.created, self.last_used or self.created)
        return self.revoked is None and latest - SKEW <= moment and max(moment, latest) < self.expires


def make(connection: Connection, person: int, label: str, scopes: Iterable[str], *, area: str = "",
         days: int = MOST_DAYS, by: int | None = None) -> tuple[Token, str]:  # fmt: skip
    """A new token and its secret, which is never known again.

    Raises
    ------
    Problem : `invalid` for no such scope or area, no label, or days outside 1 to 90; every field that is wrong.
    """
    own = frozenset(scopes)
    broken(label, own, area, days).refuse()
    prefix = "".join(secrets.choice(LETTERS) for _ in range(8))
    secret, moment = f"jaga_{prefix}_{secrets.token_urlsafe(32)}", now_of(connection)
    connection.execute(insert(tokens).values(
        person=person, label=label.strip(), prefix=prefix, hash=digest(secret), scopes=" ".join(sorted(own)), area=area,
        created=moment, created_by=by, expires=moment + timedelta(days=days)))  # fmt: skip
    return next(token for token in of(connection, person) if token.prefix == prefix), secret


def broken(label: str, scopes: Iterable[str], area: str, days: int) -> Faults:
    """What no token may be: every field that breaks a rule."""
    own = frozenset(scopes)
    sound = {("label", "token_label"): 1 <= len(label.strip()) <= 120 and label.isprintable(),
             ("label", "no_id_number"): not has_id_number(label[:120]),
             ("scopes", "token_scopes"): bool(own) and own <= SCOPES.keys(),
             ("area", "area"): bool(AREA.fullmatch(area)), ("days", "token_days"): 1 <= days <= MOST_DAYS}  # fmt: skip
    return Faults(Broken(field, rule) for (field, rule), kept in sound.items() if not kept)


def find(connection: Connection, secret: str) -> Token | None:
    """The token of a secret, if it can be used."""
    if not SHAPE.fullmatch(secret):
        return None
    found = _read(connection, tokens.c.hash == digest(secret))
    return next((token for token in found if token.usable(now_of(connection))), None)


def due(connection: Connection, token: Token) -> bool:
    """Whether its last use is old enough to be written anew (`touch`)."""
    return token.last_used is None or now_of(connection) - token.last_used >= _TOUCH


def touch(connection: Connection, token: Token) -> None:
    """Note that it was used; never backwards."""
    moment = now_of(connection)
    later = tokens.c.last_used.is_(None) | (tokens.c.last_used < moment)
    connection.execute(update(tokens).where(tokens.c.id == token.id, later).values(last_used=moment))


def revoke(connection: Connection, prefix: str) -> Token | None:
    """Let a token hold no longer; None where there is none with this prefix."""
    done = connection.execute(update(tokens).where(tokens.c.prefix == prefix, tokens.c.revoked.is_(None)).values(
        revoked=now_of(connection)))  # fmt: skip
    found = _read(connection, tokens.c.prefix == prefix)
    return found[0] if found and done.rowcount else None


def revoke_all(connection: Connection, person: int) -> int:
    """Revoke every token of a person; how many there were."""
    return connection.execute(update(tokens).where(tokens.c.person == person, tokens.c.revoked.is_(None)).values(
        revoked=now_of(connection))).rowcount  # fmt: skip


def of(connection: Connection, person: int) -> list[Token]:
    """Tokens of a person, the newest first."""
    return _read(connection, tokens.c.person == person)


def everyone(connection: Connection) -> list[Token]:
    """All tokens, the newest first."""
    return _read(connection, tokens.c.id.is_not(None))


def _read(connection: Connection, where: object) -> list[Token]:
    query = (select(tokens, people.c.account).join(people, people.c.id == tokens.c.person)
             .where(where).order_by(tokens.c.id.desc()))  # type: ignore[arg-type] # fmt: skip
    return [Token(row.id, row.person, row.account, row.label, row.prefix, frozenset(row.scopes.split()), row.area,
                  row.created, row.expires, row.revoked, row.last_used)
            for row in connection.execute(query)]  # fmt: skip
