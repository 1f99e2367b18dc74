"""The audit log: one row for every read, list, export and decision, chained, its end signed.

A row's hash is keyed and covers the row before, so the first row that was changed, moved, put in or taken out is
known; the signed head (`audit_heads`) knows how many there must be. A row is written in the transaction of the act it
tells of: where the row cannot be written, the act does not happen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, insert, select, update

from models.chain import START, ChainError, Head, link
from serving.access.rights import Caller, columns_of
from serving.store.engine import now_of, seal_of
from serving.store.tables import audit, audit_heads

_BROKEN = {
    "missing": "baris audit {row} hilang",
    "added": "baris audit {row} disisipkan",
    "changed": "baris audit {row} diubah, dipindah, atau disisipkan",
    "other": "baris audit {row} bukan baris yang pernah dilihat atau ditandatangani",
    "head": "ujung log audit hilang, diubah, atau ditandatangani dengan kunci instalasi lain (lihat JAGA_KEYS)",
}


class BrokenLogError(ChainError):
    """A log that is not as it was written: the first wrong row, and how: `missing`, `added`, `changed`, `other` (not
    the one that was seen or signed) or `head`, the signed end, which no row can be told by."""

    def __init__(self, row: int, how: Literal["missing", "added", "changed", "other", "head"], message: str,
                 more: str = "") -> None:  # fmt: skip
        super().__init__(message, _BROKEN[how].format(row=row) + more)
        self.row, self.how = row, how


NOBODY = Caller(0, "-", "", (), "session")
"""Who asks before anyone has signed in: what was typed as an account may be a password, and is not kept."""
_BODY = tuple(column.name for column in audit.columns if column.name not in ("n", "hash"))


def terminal(account: str) -> Caller:
    """The caller of a command: the account of the operating system."""
    return Caller(0, account[:64], account, (), "command")


def write(connection: Connection, caller: Caller, act: str, *, object: str = "", households: Sequence[str] = (),
          area: str = "", count: int = 1, detail: Mapping[str, Any] | None = None,
          result: Literal["done", "refused"] = "done", digested: str | None = None, at: datetime | None = None,
          ) -> int:  # fmt: skip
    """Add one row, last in the transaction of what it tells of; its number.

    Parameters
    ----------
    act : of `access.ACTS`, or a word of sign-in and administration such as `session.begin`.
    object : the one keyed household code, list or objection number, or account; households : codes where one request
        shows several. area : BPS code of where it lies or was asked for, "" the nation.
    digested, at : the hash of the details and the time of a row that had to wait (`reads`).
    detail : kept as a keyed hash alone: it proves what was asked to a holder of the key who has the same details.

    Raises
    ------
    BrokenLogError : the head is missing or was not signed with this key; nothing may be done without its row.
    """
    own = row(connection, caller, act, object=object, households=households, area=area, count=count, detail=detail,
              result=result, digested=digested, at=at)  # fmt: skip
    return write_rows(connection, [own])


def row(connection: Connection, caller: Caller, act: str, *, object: str = "", households: Sequence[str] = (),
        area: str = "", count: int = 1, detail: Mapping[str, Any] | None = None,
        result: Literal["done", "refused"] = "done", digested: str | None = None, at: datetime | None = None,
        ) -> dict[str, Any]:  # fmt: skip
    """A row for `write_rows`, which gives it number, hash and, without `at`, time; parameters as of `write`."""
    return {
        "at": at, "person": caller.person or None, "account": caller.account,
        "roles": " ".join(sorted({grant.role for grant in caller.grants})), "via": caller.via, "act": act,
        "result": result, "object": object, "households": " ".join(households), **columns_of(area), "count": count,
        "detail": digested or digest(seal_of(connection), detail),
    }  # fmt: skip


def write_rows(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Add rows of `row` in their order, at the cost of hardly more than one; the number of the last. BrokenLogError."""
    seal = seal_of(connection)
    head = _head(connection, seal, lock=True)
    moment = now_of(connection)  # only now that nobody else can write: times of the log do not go back
    number, last, linked = head.count, head.last, []
    for own in rows:
        body = {**own, "at": (own["at"] or moment).astimezone(UTC)}
        number += 1
        last = _keyed(seal, last, number, body)
        linked.append({"n": number, "hash": last, **body})
    connection.execute(insert(audit), linked)
    new = Head(number, 0, last)
    connection.execute(update(audit_heads).where(audit_heads.c.id == 1).values(
        count=new.count, last=new.last, seal=new.seal(seal)))  # fmt: skip
    return number


@dataclass(frozen=True, slots=True)
class Verified:
    """A log in which every row is as it was written. backward : rows whose clock is behind that of the row before."""

    count: int
    last: str
    backward: int


def verify(connection: Connection, anchor: tuple[int, str] | None = None) -> Verified:
    """Read the whole log against its signed head.

    anchor : number and hash of a row seen earlier and kept elsewhere: a log that was set back to an older state of
    the whole database, its head included, no longer holds it.

    Raises
    ------
    BrokenLogError : naming the first row that is wrong.
    """
    seal = seal_of(connection)
    head = _head(connection, seal, lock=False)
    previous, number, backward, before = START, 0, 0, datetime.min.replace(tzinfo=UTC)
    query = select(audit).order_by(audit.c.n).execution_options(yield_per=2000)
    with connection.execute(query) as rows:
        for row in rows:
            number += 1
            if row.n != number:
                if row.n > number:
                    raise BrokenLogError(number, "missing", f"audit row {number} is missing")
                raise BrokenLogError(row.n, "added", f"audit row {row.n} was put in")
            if number > head.count:
                raise BrokenLogError(number, "added", f"audit row {number} was put in without the key")
            body = {name: row._mapping[name] for name in _BODY}
            if not hmac.compare_digest(row.hash, _keyed(seal, previous, number, body)):
                raise BrokenLogError(number, "changed", f"audit row {number} was changed, moved or put in")
            if anchor is not None and number == anchor[0] and row.hash != anchor[1]:
                raise BrokenLogError(number, "other", f"audit row {number} is not the one that was seen before")
            backward += row.at < before
            previous, before = row.hash, row.at
    if number < head.count:
        raise BrokenLogError(number + 1, "missing", f"audit row {number + 1} is missing: {head.count} were written, "
                             f"{number} are there", f": {head.count} ditulis, {number} ada")  # fmt: skip
    if previous != head.last:
        raise BrokenLogError(number, "other", f"audit row {number} is not the one that was signed")
    if anchor is not None and anchor[0] > number:
        raise BrokenLogError(number + 1, "missing", f"audit row {number + 1} is missing: row {anchor[0]} was seen "
                             f"before, {number} are there",
                             f": baris {anchor[0]} pernah dilihat, {number} ada")  # fmt: skip
    return Verified(number, previous, backward)


def signed(connection: Connection) -> None:
    """BrokenLogError where the head of the log is not signed with the key at hand: nothing that the key made can be
    compared then."""
    _head(connection, seal_of(connection), lock=False)


def newest(connection: Connection, act: str) -> RowMapping | None:
    """The newest row of an act up to the signed head, None where there is none.

    Only this row is held against its hash and the row before; `verify` reads all of them. BrokenLogError.
    """
    seal = seal_of(connection)
    head = _head(connection, seal, lock=False)
    query = select(audit).where(audit.c.act == act, audit.c.n <= head.count).order_by(audit.c.n.desc()).limit(1)
    found = connection.execute(query).mappings().one_or_none()
    if found is None:
        return None
    number = found["n"]
    before = connection.execute(select(audit.c.hash).where(audit.c.n == number - 1)).scalar_one_or_none()
    body = {name: found[name] for name in _BODY}
    if not hmac.compare_digest(found["hash"], _keyed(seal, before or START, number, body)):
        raise BrokenLogError(number, "changed", f"audit row {number} was changed, moved or put in")
    return found


def empty_head(seal: bytes) -> dict[str, Any]:
    """Values of the head of a log without rows."""
    head = Head(0, 0, START)
    return {"count": head.count, "last": head.last, "seal": head.seal(seal)}


def _head(connection: Connection, seal: bytes, *, lock: bool) -> Head:
    query = select(audit_heads.c.count, audit_heads.c.last, audit_heads.c.seal).where(audit_heads.c.id == 1)
    # SQLite has one writer at a time anyway; PostgreSQL lets the others wait at this row.
    found = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise BrokenLogError(1, "head", "audit row 1 cannot be trusted: the signed head is missing")
    count, last, stored = found
    head = Head(count, 0, last)
    if not hmac.compare_digest(head.seal(seal), stored):
        raise BrokenLogError(count, "head", "the head of the audit log was altered, or signed with the key of another "
                             "installation (see JAGA_KEYS)")  # fmt: skip
    return head


def _keyed(seal: bytes, previous: str, number: int, body: Mapping[str, Any]) -> str:
    at: datetime = body["at"]
    own = link(previous, number, {**body, "at": at.isoformat(timespec="microseconds")})
    return hmac.new(seal, own.encode(), hashlib.sha256).hexdigest()


def digest(seal: bytes, detail: Mapping[str, Any] | None) -> str:
    """What is kept of the details of a row."""
    text = json.dumps(detail or {}, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hmac.new(seal, text.encode(), hashlib.sha256).hexdigest()
