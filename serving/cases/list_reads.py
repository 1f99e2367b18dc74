"""Lists, read: in totals, place by place, as an index; what a caller sees of one depends on their areas."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from models.targeting.expected import FEWEST
from serving import scores_areas
from serving.access import Areas, Caller, allow, smallest
from serving.cases.lists import find
from serving.office import Office
from serving.problems import Problem
from serving.store import lists


@dataclass(frozen=True, slots=True)
class Seen:
    """A list as a caller may see it. totals : its places in their areas by scheme and how they were given. whole :
    whether all of it lies in areas where they may see the households, else `result` has no codes."""

    row: Row[Any]
    result: Mapping[str, Any]
    totals: Mapping[tuple[str, str], int]
    whole: bool


def see(office: Office, who: Caller, name: str, version: int | None = None) -> Seen:
    """A list in totals."""
    areas = allow(who, "list.see_totals")
    with office.store.reading() as connection:
        row = find(connection, areas, who, name, version)
        totals = lists.totals(connection, areas, row.id)
    found = Seen(row, row.result, totals, True)
    area = row.regency or row.province or ""
    if not _may_see(who, area):
        found = dataclasses.replace(found, result=_without_codes(row.result), whole=False)
    office.journal.write(who, "list.see", object=name, area=area, detail={"version": row.version})
    return found


def index(office: Office, who: Caller, *, quarter: str | None, status: str, before: int | None,
          count: int) -> list[Row[Any]]:  # fmt: skip
    """Confirmed lists of the caller's areas, or the caller's own drafts, the newest first."""
    areas = allow(who, "list.see_totals")
    mine = who.person if status == "draft" else None
    with office.store.reading() as connection:
        rows = lists.search(connection, areas, quarter=quarter, status=status, made_by=mine, before=before, limit=count)
    office.journal.write(who, "list.see_totals", area=smallest(areas.codes), count=len(rows),
                         detail={"quarter": quarter, "status": status})  # fmt: skip
    return rows


def subdistricts(office: Office, who: Caller, row: Row[Any]) -> list[str]:
    """Sub-districts of the places of a list that the caller was given, in the caller's areas, by code."""
    areas = allow(who, "list.see")
    with office.store.reading() as connection:
        return lists.subdistricts(connection, areas, row.id)


def places_of(office: Office, who: Caller, name: str, *, version: int | None = None, how: str | None = None,
              subdistrict: str | None = None, after: int = 0, count: int | None = 25, act: str = "list.see",
              ) -> tuple[Row[Any], Sequence[Row[Any]]]:  # fmt: skip
    """A list and its places in the caller's areas; all of them where count is None. act : `list.export` for a file."""
    areas = allow(who, act)
    with office.store.reading() as connection:
        row = find(connection, areas, who, name, version)
        if act == "list.export" and row.status != "confirmed":
            raise Problem("not_confirmed")
        found = lists.places(connection, areas, row.id, how=how, after=after, limit=count, subdistrict=subdistrict)
    codes = [] if act == "list.export" else [place.household for place in found]
    office.journal.write(who, act, object=name, area=row.regency or row.province or "", households=codes,
                         count=len(found),
                         detail={"version": row.version, "how": how, "subdistrict": subdistrict})  # fmt: skip
    return row, found


@dataclass(frozen=True, slots=True)
class Quota:
    """What a list had to give: its number, its places, and these as a share of the households at risk in its area."""

    number: str
    places: int
    share: float


def last_quota(office: Office, who: Caller) -> Quota | None:
    """The places of the list of the caller's areas that was confirmed last; None without one, or without scores."""
    areas = allow(who, "list.see_totals")
    scores = office.published.current()
    with office.store.reading() as connection:
        row = next(iter(lists.search(connection, areas, status="confirmed", limit=1)), None)
    if row is None or scores is None:
        return None
    at_risk = scores_areas.totals(scores, Areas((row.regency or row.province or "",)))[0].at_risk
    places = int(row.result["places"])
    return Quota(row.number, places, places / at_risk) if at_risk else None


def _may_see(who: Caller, area: str) -> bool:
    try:
        return allow(who, "list.see").holds(area)
    except Problem:
        return False


def _without_codes(result: Mapping[str, Any]) -> dict[str, Any]:
    """What was shown of a list, without any household: where it ends to a hundredth, which is no family's own risk, and
    not at all in a cell of few."""
    cells = [{**cell, "cut": _rounded(cell), **{edge: _edge(cell, edge) for edge in ("last_in", "first_out")}}
             for cell in result["cells"]]  # fmt: skip
    return {
        **result,
        "cells": cells,
        "gone": [one | {"household_id": None} for one in result["gone"]],
        "visited": [one | {"household_id": None} for one in result.get("visited", ())],
    }


def _edge(cell: Mapping[str, Any], edge: str) -> dict[str, Any] | None:
    own = cell[edge]
    if own is None or cell["candidates"] < FEWEST:
        return None
    return {**own, "household": None, "value": None, "risk": round(own["risk"], 2)}


def _rounded(cell: Mapping[str, Any]) -> float | None:
    return None if cell["cut"] is None or cell["candidates"] < FEWEST else round(cell["cut"], 2)
