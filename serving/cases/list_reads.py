"""Lists, read: in totals, place by place, as an index; what a caller sees of one depends on their areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from models.few import FEWEST, kept_back, told
from serving import scores_areas, small_areas
from serving.access import Areas, Caller, allow, may, smallest
from serving.cases.lists import find
from serving.office import Office
from serving.problems import Problem
from serving.scores import Scores
from serving.scores_areas import Total
from serving.store import lists

_RULED = ("scheme", "area", "quota")
"""Of a cell, what the rules of the list say: told of every one."""
_SUMMED = ("channels", "no_budget", "too_few", "verify", "cost", "left")
"""Sums over the cells, which tell one of few where no other is."""


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
        result = _without_codes(row.result)
        # Who sees the families of a part of it may count them.
        counted = result["channels"] is not None or may(who, "list.see")
        found = Seen(row, result, totals if counted else {}, False)
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
    """What a list had to give: its number, its places, and these as a share of the households at risk in its area.

    share : None where the area is one of few: with the places it tells how many are assessed there.
    """

    number: str
    places: int
    share: float | None


def last_quota(office: Office, who: Caller, few: Callable[[Scores], Mapping[str, Total]] = small_areas.few,
               ) -> Quota | None:  # fmt: skip
    """The places of the list of the caller's areas that was confirmed last; None without one, or without scores.

    few : `small_areas.few`, or what keeps it for a run.
    """
    areas = allow(who, "list.see_totals")
    scores = office.published.current()
    with office.store.reading() as connection:
        row = next(iter(lists.search(connection, areas, status="confirmed", limit=1)), None)
    if row is None or scores is None:
        return None
    area, places = row.regency or row.province or "", int(row.result["places"])
    total = scores_areas.totals(scores, Areas((area,)))[0]
    shut = small_areas.shut(total, area, few(scores))
    return Quota(row.number, places, None if shut else places / total.at_risk) if total.at_risk else None


def _may_see(who: Caller, area: str) -> bool:
    try:
        return allow(who, "list.see").holds(area)
    except Problem:
        return False


def _without_codes(result: Mapping[str, Any]) -> dict[str, Any]:
    """What was shown of a list, without any household: where it ends to a hundredth, which is no family's own risk, and
    nothing that counts few (`models.few`): cells, groups, reasons, findings of visits."""
    few = kept_back({at: cell["candidates"] for at, cell in enumerate(result["cells"])})
    cells = [dict.fromkeys(cell) | {name: cell[name] for name in _RULED} if at in few else _cell(cell)
             for at, cell in enumerate(result["cells"])]  # fmt: skip
    visited = _many(result.get("visited", ()), "found")
    return {
        **result,
        **({} if sum(cell["candidates"] for cell in result["cells"]) >= FEWEST else dict.fromkeys(_SUMMED)),
        "cells": cells,
        "households": {name: _counts(own) for name, own in result["households"].items()},
        "expected": _groups(result["expected"]),
        "gone": [one | {"household_id": None} for one in _many(result["gone"], "why")],
        "visited": [one | {"household_id": None} for one in visited],
        "visited_few": len(visited) < len(result.get("visited", ())),
    }


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    edges = {edge: None if cell[edge] is None else {**cell[edge], "household": None, "value": None,
             "risk": round(cell[edge]["risk"], 2)} for edge in ("last_in", "first_out")}  # fmt: skip
    return {**cell, "cut": None if cell["cut"] is None else round(cell["cut"], 2), **edges}


def _counts(own: Mapping[str, int]) -> dict[str, int | None]:
    few = kept_back(own)
    return {name: None if name in few else count for name, count in own.items()}


def _groups(expected: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Groups with their counts, of each grouping without those that are of few."""
    found = []
    kept = {by: kept_back({at: one["households"] for at, one in enumerate(expected) if one["by"] == by})
            for by in {one["by"] for one in expected}}  # fmt: skip
    for at, one in enumerate(expected):
        shown = one if at not in kept[one["by"]] else dict.fromkeys(one) | {
            name: one[name] for name in ("by", "level", "intervals")}  # fmt: skip
        # How many have no score may be few beside many who have one.
        found.append({**shown, "unscored": None if shown["unscored"] is None else told(one["unscored"])})
    return found


def _many(rows: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """Rows of what is no matter of few."""
    few = kept_back(Counter(one[name] for one in rows))
    return [dict(one) for one in rows if one[name] not in few]
