"""The audit log as a file for a spreadsheet, for administrators, as far as their area goes; itself a row of the log.

The file holds what was there when it was asked for: its own row is the first that it does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from features.safe_cells import BEGIN, as_lines, safe
from serving.access.rights import Caller, allow
from serving.audit import search
from serving.audit.search import Asked
from serving.office import Office

AT_ONCE = 2000
COLUMNS = ("n", "at", "account", "roles", "via", "act", "result", "object", "province", "regency", "count", "hash")
"""As of `GET /v1/audit`."""


def export(office: Office, who: Caller, asked: Asked, heads: list[str], mark: str = "") -> Iterator[bytes]:
    """The file in pieces, the newest row first; that it was asked for is in the log before the first piece is read.

    heads : words for `COLUMNS`. mark : a first line, for made-up families. Problem `forbidden_role`, `read_only`.
    """
    allow(who, "audit.export")
    with office.store.reading() as connection:
        count, newest = search.extent(connection, who, asked)
    office.journal.write(who, "audit.export", area=search.reach(who), count=count, detail={
        "by": asked.by, "act": asked.act, "object": asked.object, "since": asked.since and asked.since.isoformat()},
    )  # fmt: skip
    begin = BEGIN + as_lines([*([[mark]] if mark else []), heads])
    return _pieces(office, who, asked, newest, begin)


def _pieces(office: Office, who: Caller, asked: Asked, newest: int, begin: bytes) -> Iterator[bytes]:
    yield begin
    before = newest + 1
    while before > 1:
        with office.store.reading() as connection:
            found = search.rows(connection, who, asked, before=before, limit=AT_ONCE)
        if not found:
            return
        yield as_lines([_cells(row) for row in found])
        before = found[-1].n


def _cells(row: Row[Any]) -> list[str]:
    own = row._mapping
    return [safe(own[name].isoformat(timespec="seconds") if name == "at" else "" if own[name] is None
                 else str(own[name])) for name in COLUMNS]  # fmt: skip
