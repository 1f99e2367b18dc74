"""Rows of reading: written before the answer leaves, and while the database is away into a signed file beside it.

So reading goes on where nothing can be stored, and is in the log all the same: the file's rows are taken over into the
log once the database is back, each with its own time and once. Where neither can be written, nothing is shown.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from features.home import home
from models import chain
from serving.access.rights import Caller, Grant
from serving.audit import trail
from serving.problems import Problem
from serving.store.engine import Store
from serving.store.tables import audit as table

log = logging.getLogger("jaga")
_PURPOSE = "audit-waiting"
_ABSORB = "audit.absorb"


def waiting(folder: Path | None = None) -> Path:
    """File of the rows that wait for the database."""
    return (folder or home() / "store") / "audit-waiting.jsonl"


def pending() -> bool:
    """Whether rows wait, or must: the head tells of a file that somebody took away."""
    return waiting().exists() or chain.head_file(waiting()).exists()


@dataclass(frozen=True, slots=True)
class Read:
    """That somebody read something; fields as of `trail.write`."""

    caller: Caller
    act: str
    object: str = ""
    households: Sequence[str] = ()
    area: str = ""
    count: int = 1
    detail: Mapping[str, Any] | None = None
    result: Literal["done", "refused"] = "done"


def write_many(store: Store, reads: Sequence[Read]) -> None:
    """Write down several readings in one transaction.

    Raises
    ------
    Problem : `read_only` where neither the database nor the file can be written: then nothing may be shown.
    """
    try:
        if pending():
            absorb(store)
        with store.writing() as connection:
            trail.write_rows(connection, [trail.row(connection, own.caller, own.act, detail=own.detail, **_told(own))
                                          for own in reads])  # fmt: skip
    except Problem as problem:
        if problem.code != "read_only":
            raise
        try:
            with _alone():
                for own in reads:
                    row = {"act": own.act, **_told(own), "detail": trail.digest(store.seal, own.detail),
                           "at": store.clock().isoformat(), "caller": _plain(own.caller)}  # fmt: skip
                    number = chain.append(waiting(), row, store.seal, purpose=_PURPOSE, mode=0o600)
                    if number & (number - 1) == 0:  # the first, then each doubling: a line each would drown the log
                        log.warning("audit: the database is away; rows that wait in %s: %d", waiting().name, number)
        except (OSError, chain.ChainError):
            raise problem from None


def _told(own: Read) -> dict[str, Any]:
    return {"object": own.object, "households": list(own.households), "area": own.area, "count": own.count,
            "result": own.result}  # fmt: skip


def absorb(store: Store) -> int:
    """Take the waiting rows over into the log, with a row that says which file they are of; how many there were.

    Raises
    ------
    ChainError : the file was tampered with, or taken away while its head is there; it stays as it is, and nothing is
        read until somebody has looked.
    """
    with _alone():
        if not pending():
            return 0
        # The database is asked before the file: while it is away no reading pays for all that wait already.
        with store.writing() as connection:
            rows = _sound(store)
            fresh = _fresh(connection, rows)
            for row in fresh:
                trail.write(connection, _caller(row["caller"]), row["act"], object=row["object"],
                            households=row["households"], area=row["area"], count=row["count"],
                            result=row["result"],
                            digested=row["detail"], at=datetime.fromisoformat(row["at"]))  # fmt: skip
            if fresh:
                trail.write(connection, trail.NOBODY, _ABSORB, object=_name(rows), count=len(rows))
        # Only now: should it stop between the two, the log knows the file and takes nothing of it again.
        chain.head_file(waiting()).unlink()
        os.unlink(waiting())
    if len(fresh) < len(rows):
        log.warning("audit: %d rows that waited were in the log already: their file was put back, or left by a stop",
                    len(rows) - len(fresh))  # fmt: skip
    log.info("audit: %d rows that waited are in the log", len(fresh))
    return len(fresh)


def verify(store: Store) -> int:
    """How many rows wait, each as it was written. ChainError as of `absorb`."""
    if not pending():
        return 0
    with _alone(), store.reading() as connection:
        return len(_fresh(connection, _sound(store)))


def _sound(store: Store) -> list[dict[str, Any]]:
    try:
        return list(chain.bodies(waiting(), store.seal, _PURPOSE))
    except chain.ChainError as error:
        log.error("audit: rows that wait cannot be trusted, nothing is read until somebody has looked: %s", error)
        raise


def _name(rows: Sequence[Mapping[str, Any]]) -> str:
    """What tells a file of waiting rows from any other, however far it had come: the hash of its first line."""
    return chain.link(chain.START, 1, rows[0])


def _fresh(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that the log has not taken over yet: a file kept from then, whole or in part, is one that it knows."""
    if not rows:
        return []
    known = select(func.max(table.c["count"])).where(table.c.object == _name(rows), table.c.act == _ABSORB)
    return rows[connection.execute(known).scalar_one() or 0 :]


def _plain(caller: Caller) -> dict[str, Any]:
    own = asdict(caller)
    return {name: own[name] for name in ("person", "account", "via")} | {
        "grants": [[grant.role, grant.area] for grant in caller.grants]}  # fmt: skip


def _caller(own: Mapping[str, Any]) -> Caller:
    grants = tuple(Grant(role, area) for role, area in own["grants"])
    return Caller(own["person"], own["account"], "", grants, own["via"])


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time with the file."""
    path = waiting().with_suffix(".absorbing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = path.open("w")
    except OSError:
        raise Problem("read_only", headers={"Retry-After": "10"}) from None
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
