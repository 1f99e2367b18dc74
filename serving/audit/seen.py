"""The promotion record as the log last saw it: a record set back whole, its signed head with it, is found by that."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection

from features import keys
from models import chain, record
from models.bundle import BundleError
from serving.access.rights import Caller
from serving.audit import trail
from serving.problems import Problem
from serving.store.engine import Store

ACT = "model.record"
SERVICE = Caller(0, "-", "service", (), "command")

log = logging.getLogger("jaga")


def check(store: Store, home: Path) -> None:
    """Hold the record of an installation against the log, which is told of what is new in it.

    BundleError : the record does not hold what the log saw of it. ChainError : a row of the log that tells of it is not
    as it was written (`audit.newest`). While the database is away nothing is compared.
    """
    path, seal = record.path(home), keys.load().seal
    head = chain.read_head(path, seal)
    try:
        with store.reading() as connection:
            known = _known(connection)
        if known == (head.count, head.last):
            return
        if known is not None and chain.hash_at(path, seal, known[0]) != known[1]:
            raise BundleError(
                f"the promotion record was set back or replaced: the log saw {known[0]} entries of another one, and "
                f"{head.count} are there; if that was meant, such as after a restore: jaga audit accept-record"
            )
        with store.writing() as connection:
            _write(connection, SERVICE, head)
    except Problem as problem:
        log.warning("the promotion record was not held against the log: %s", problem.code)


def accept(store: Store, by: Caller, home: Path) -> int:
    """Let the record as it is now be the one that the log knows; its entries. ChainError: it is broken in itself."""
    path, seal = record.path(home), keys.load().seal
    chain.verify(path, seal)
    head = chain.read_head(path, seal)
    with store.writing() as connection:
        _write(connection, by, head)
    return head.count


def _known(connection: Connection) -> tuple[int, str] | None:
    found = trail.newest(connection, ACT)
    return None if found is None else (int(found["count"]), str(found["object"]))


def _write(connection: Connection, by: Caller, head: chain.Head) -> None:
    trail.write(connection, by, ACT, object=head.last, count=head.count)
