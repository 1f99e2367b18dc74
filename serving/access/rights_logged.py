"""Rights, tokens and locks held against the log: what was written into their tables beside it gives itself away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models.rule_words import Pair
from serving.audit import trail
from serving.store.tables import audit as log
from serving.store.tables import grants, people, tokens

_ACTS = ("people.first", "people.grant", "people.revoke", "people.reset", "people.tie", "people.lock", "people.unlock",
         "token.make", "token.revoke")  # fmt: skip


def of_right(role: str) -> dict[str, Any]:
    """Details of the row of a right that was given or taken; account and area stand in the row itself."""
    return {"role": role}


def of_token(account: str, scopes: Iterable[str], hash: str, expires: datetime) -> dict[str, Any]:
    """Details of the row of a token that was made; its area stands in the row itself."""
    return {"account": account, "scopes": sorted(scopes), "hash": hash, "expires": expires.isoformat()}


def unlogged(connection: Connection, seal: bytes) -> Iterator[Pair]:
    """What somebody may do, and the log does not know it as it is, in both languages: a right, a token, an account that
    is open again.

    The log itself is verified by `audit.verify`. Passwords, subjects at a provider and sessions are not in it by their
    value.
    """
    rights: dict[tuple[str, str, str], bool] = {}
    made: dict[str, tuple[str, str]] = {}
    owned: dict[str, set[str]] = {}
    locked: dict[str, bool] = {}
    administrator = trail.digest(seal, of_right("administrator"))
    accounts: Mapping[str, str] = {row.prefix: row.account for row in connection.execute(
        select(tokens.c.prefix, people.c.account).join(people, people.c.id == tokens.c.person))}  # fmt: skip
    for prefix, account in accounts.items():
        owned.setdefault(account, set()).add(prefix)
    for row in connection.execute(select(log).where(log.c.act.in_(_ACTS), log.c.result == "done").order_by(log.c.n)):
        own, area = row.object, row.regency or row.province or ""
        match row.act:
            case "people.first":
                rights[own, "", administrator] = True
            case "people.grant" | "people.revoke":
                rights[own, area, row.detail] = row.act == "people.grant"
            case "people.lock" | "people.unlock":
                locked[own] = row.act == "people.lock"
            case "token.make":
                made[own] = area, row.detail
            case "token.revoke":
                made.pop(own, None)
            case "people.reset" | "people.tie":  # ends all tokens of the account that there were
                for prefix in owned.get(own, ()):
                    made.pop(prefix, None)
    held = select(grants, people.c.account).join(people, people.c.id == grants.c.person)
    for row in connection.execute(held.where(grants.c.ended.is_(None)).order_by(grants.c.id)):
        if not rights.get((row.account, row.area, trail.digest(seal, of_right(row.role)))):
            where = row.area or "ID"
            yield f"hak {row.role} di {where} milik {row.account}", f"right {row.role} in {where} of {row.account}"
    for row in connection.execute(select(tokens).where(tokens.c.revoked.is_(None)).order_by(tokens.c.id)):
        account = accounts[row.prefix]
        told = trail.digest(seal, of_token(account, row.scopes.split(), row.hash, row.expires))
        if made.get(row.prefix) != (row.area, told):
            yield f"token {row.prefix} milik {account}", f"token {row.prefix} of {account}"
    for row in connection.execute(select(people.c.account).where(people.c.locked.is_(False)).order_by(people.c.id)):
        if locked.get(row.account):
            yield f"akun {row.account}, yang dikunci,", f"account {row.account}, which was locked,"
