"""The last list of a new one: the confirmed list of an earlier quarter whose families it goes on from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row

from serving.access.rights import Areas, Caller, allow, smallest
from serving.office import Office
from serving.store import lists

Kind = tuple[frozenset[str], frozenset[str]]
"""Areas and schemes of a list: one of other areas, or of another scheme, is of another kind."""


def kind(settings: Mapping[str, Any]) -> Kind:
    """Areas and schemes of a list, by its rules."""
    schemes = settings["scheme"]
    return frozenset(area for one in schemes for area in one["quota"]), frozenset(one["name"] for one in schemes)


def offered(office: Office, who: Caller, period: str, wanted: Kind | None = None) -> list[Row[Any]]:
    """Lists that a new one may go on from, as `store.lists.earlier` tells them: confirmed, of an earlier quarter than
    `period`, wholly in the caller's areas, and of each kind those of its last quarter alone.

    wanted : of the new list, where it is known: then those of this kind, which come first, and others that share a
    scheme and a place with it.
    """
    areas = allow(who, "list.build")
    with office.store.reading() as connection:
        rows = lists.earlier(connection, areas, period)
    quarters: dict[Kind, str] = {}
    found = [row for row in rows if quarters.setdefault(kind(row.settings), row.quarter) == row.quarter]
    if wanted is not None:
        found = [row for row in found if kind(row.settings) == wanted or _touch(kind(row.settings), wanted)]
        found.sort(key=lambda row: kind(row.settings) != wanted)
    office.journal.write(who, "list.see_totals", area=smallest(areas.codes), count=len(found),
                         detail={"quarter": None, "status": "confirmed"})  # fmt: skip
    return found


def of_version(connection: Connection, areas: Areas, replaces: Row[Any]) -> str | None:
    """Number of the last list of a new version: that of the version that it replaces; None where that had none, or
    the caller may not see it."""
    found = replaces.result.get("previous")
    return found if found and lists.find(connection, areas, found) else None


def same(found: Collection[Row[Any]], wanted: Kind) -> Row[Any] | None:
    """The last list of a new one, of those that were offered: the newest of just its areas and schemes; None where
    there is none, and an officer may still choose another."""
    return next((row for row in found if kind(row.settings) == wanted), None)


def _touch(one: Kind, other: Kind) -> bool:
    areas = any(a.startswith(b) or b.startswith(a) for a in one[0] for b in other[0])
    return areas and not one[1].isdisjoint(other[1])
