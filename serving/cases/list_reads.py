"""Lists, read: in totals, place by place, as an index; what a caller sees of one depends on their areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row

from models.few import FEWEST, added, kept_back, shown, told
from models.targeting import CHANNELS
from serving.access.rights import Areas, Caller, allow, may, smallest
from serving.cases.list_cells import counts, edges, kept, part_of, ruled
from serving.cases.lists import GONE, codes, find, named
from serving.cases.subdistricts import check as check_subdistrict
from serving.lists import files
from serving.office import Office
from serving.problems import Problem
from serving.scores import area_figures, small_areas
from serving.scores.kept_run import run_day
from serving.scores.scores import Scores
from serving.store import lists, visits

_VERIFY = {"places": "verify", "outside": "verify_outside"}
NOWHERE = Areas(())
OTHER = "other"
"""Why families left where each of several reasons is of few."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A list as a caller may see it.

    totals : its places by scheme and how they were given, where the caller may see the households; who may see none
    of them, those of the cells in their areas as `result` tells these, None of a count that is kept back. whole :
    whether all of it lies in areas where they may see the households, else `result` has no codes.
    """

    row: Row[Any]
    result: Mapping[str, Any]
    totals: Mapping[tuple[str, str], int | None]
    whole: bool


def see(office: Office, who: Caller, name: str, version: int | None = None,
        shown: Callable[[Mapping[str, Any]], Sequence[str]] = codes) -> Seen:  # fmt: skip
    """A list in totals; shown : codes of the households that are shown of what the caller is told of it."""
    areas = allow(who, "list.see_totals")
    seen = allow(who, "list.see") if may(who, "list.see") else NOWHERE
    with office.store.reading() as connection:
        row = find(connection, areas, who, name, version)
        totals = lists.totals(connection, seen, row.id)
    area = row.regency or row.province or ""
    found = Seen(row, row.result, totals, True)
    if not seen.holds(area):
        result = told_to(office, row, seen)
        # Who sees the families of a part of it may count them, and has no count of the rest to take them from.
        found = Seen(row, result, totals or _totals(result["cells"], areas), False)
    own = shown(found.result)
    office.journal.write(who, "list.see" if found.whole or own else "list.see_totals", object=named(row), area=area,
                         households=own, count=len(own) or 1, detail={"version": row.version})  # fmt: skip
    return found


def names(office: Office, who: Caller, ids: Iterable[int | None]) -> dict[int, lists.Name]:
    """Names of the lists, by id, that visits or cases which the caller was given are about."""
    allow(who, "household.see")
    known = {*ids} - {None}
    if not known:  # what names no list is told while the database is away
        return {}
    with office.store.reading() as connection:
        return lists.names(connection, known)


def told_to(office: Office, row: Row[Any], seen: Areas) -> Mapping[str, Any]:
    """What was shown of a list, to who sees the households of these areas: of a part of it nothing that is of few, and
    no code but of those who left there."""
    whole: bool = seen.holds(row.regency or row.province or "")
    return row.result if whole else _without_codes(row.result, seen)


def index(office: Office, who: Caller, *, quarter: str | None, status: str, before: int | None,
          count: int) -> list[Row[Any]]:  # fmt: skip
    """Confirmed lists of the caller's areas, or the caller's own drafts, the newest first; and one beyond, which tells
    that there are more: it is not to be shown, and not in the log."""
    areas = allow(who, "list.see_totals")
    mine = who.person if status == "draft" else None
    with office.store.reading() as connection:
        rows = lists.search(connection, areas, quarter=quarter, status=status, made_by=mine, before=before,
                            limit=count + 1)  # fmt: skip
    office.journal.write(who, "list.see_totals", area=smallest(areas.codes), count=len(rows[:count]),
                         detail={"quarter": quarter, "status": status})  # fmt: skip
    return rows


def subdistricts(office: Office, who: Caller, row: Row[Any]) -> list[str]:
    """Sub-districts of the places of a list that the caller was given, in the caller's areas, by code."""
    areas = allow(who, "list.see")
    with office.store.reading() as connection:
        return lists.subdistricts(connection, areas, row.id)


def places_of(office: Office, who: Caller, name: str, *, version: int | None = None, how: str | None = None,
              subdistrict: str | None = None, after: int = 0, count: int = 25,
              ) -> tuple[Row[Any], Sequence[Row[Any]]]:  # fmt: skip
    """A list and its places in the caller's areas, with one beyond as of `index`."""
    areas = allow(who, "list.see")
    with office.store.reading() as connection:
        row = find(connection, areas, who, name, version)
        found = lists.places(connection, areas, row.id, how=how, after=after, limit=count + 1, subdistrict=subdistrict)
        if subdistrict and not found:
            check_subdistrict(office, areas, subdistrict, lists.subdistricts(connection, areas, row.id))
    _log(office, who, "list.see", row, found[:count], [], {"how": how, "subdistrict": subdistrict})
    return row, found


def _log(office: Office, who: Caller, act: str, row: Row[Any], found: Sequence[Row[Any]], beside: Iterable[str],
         detail: Mapping[str, Any]) -> None:  # fmt: skip
    """A row of places that were given of a list; a file names no household in the log. beside : codes of households
    that are told of the list beside its places."""
    seen = [] if act == "list.export" else [*(place.household for place in found), *beside]
    office.journal.write(who, act, object=named(row), area=row.regency or row.province or "", households=seen,
                         count=len(found), detail={"version": row.version, **detail})  # fmt: skip


def checked(office: Office, who: Caller, row: Row[Any], households: Collection[str]) -> Checked:
    """Of households of a list that the caller was given, the visit that leaves nothing to be looked at in the field
    (`visits.checked`) since the scores that the list was drawn from, by code."""
    areas = allow(who, "list.see")
    with office.store.reading() as connection:
        return visits.checked(connection, areas, run_day(row.run), households)


Checked = Mapping[str, Row[Any]]
Results = Mapping[int, tuple[str, date]]
"""Place of a list to what the visit to it found, or the one that answers it, and its day."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list to take away, on paper or as a file: its places in the caller's areas, with what visits found of them.

    own : how many of its places lie in those areas, and how many of its reserve; None where all of it does. result :
    what the caller is told of it; None of its places in one sub-district, of which it is not known who left. checked :
    of the function of this name.
    """

    row: Row[Any]
    places: Sequence[Row[Any]]
    results: Results
    own: tuple[int, int] | None
    result: Mapping[str, Any] | None = None
    checked: Checked = field(default_factory=dict)

    def gone(self, name: str) -> list[Mapping[str, Any]]:
        """Who of the caller's areas had a place and has none of this one; name : one of `GONE`."""
        return [one for one in (self.result or {}).get(name, ()) if one["household_id"]]


def sheet(office: Office, who: Caller, name: str, *, version: int | None = None, subdistrict: str | None = None,
          act: str = "list.export") -> Sheet:  # fmt: skip
    """A list to take away, or its places in one sub-district."""
    areas = allow(who, act)
    with office.store.reading() as connection:
        row = find(connection, areas, who, name, version)
        if act == "list.export" and row.status != "confirmed":
            raise Problem("not_confirmed")
        found = lists.places(connection, areas, row.id, limit=None, subdistrict=subdistrict)
        if subdistrict and not found:
            check_subdistrict(office, areas, subdistrict, lists.subdistricts(connection, areas, row.id))
        results = visits.results(connection, areas, row.id)
        seen = visits.checked(connection, areas, run_day(row.run), lists.households(row.id))
    told_ = None if subdistrict else told_to(office, row, areas)
    own = Sheet(row, found, results, part(office, who, row, act), told_, seen)
    gone = (one["household_id"] for name in GONE for one in own.gone(name))
    _log(office, who, act, row, found, gone, {"how": None, "subdistrict": subdistrict})
    return own


def part(office: Office, who: Caller, row: Row[Any], act: str = "list.see") -> tuple[int, int] | None:
    """How many places of a list that the caller was given lie in their areas, and how many of its reserve; None where
    all of it does."""
    areas = allow(who, act)
    if areas.holds(row.regency or row.province or ""):
        return None
    with office.store.reading() as connection:
        totals = lists.totals(connection, areas, row.id)
    reserve = sum(count for (_, how), count in totals.items() if how == lists.RESERVE)
    return sum(totals.values()) - reserve, reserve


@dataclass(frozen=True, slots=True)
class Quota:
    """How long a list is: its name, the places it was asked for, those that were filled, and its length as a share of
    the households at risk in its area.

    filled : None where the caller may not know; then the share is that of the places asked for. share : None where the
    area is one of few: with the places it tells how many are assessed there.
    """

    name: lists.Name
    places: int
    filled: int | None
    share: float | None


def filled(result: Mapping[str, Any]) -> int | None:
    """How many places of a list somebody has; None where that is kept back. result : of `told_to`."""
    vacant = added((result["no_budget"], result["too_few"]))
    return None if vacant is None else int(result["places"]) - vacant


def last_quota(office: Office, who: Caller, few: Callable[[Scores], small_areas.Few]) -> Quota | None:
    """The length of the list of the caller's areas that was confirmed last; None without one, or without scores.

    few : what of a run is kept back, as `small_areas.remembered` keeps it.
    """
    areas = allow(who, "list.see_totals")
    scores = office.published.current()
    with office.store.reading() as connection:
        row = next(iter(lists.search(connection, areas, status="confirmed", limit=1)), None)
    if row is None or scores is None:
        return None
    area, seen = row.regency or row.province or "", allow(who, "list.see") if may(who, "list.see") else NOWHERE
    places, own = int(row.result["places"]), filled(told_to(office, row, seen))
    total = area_figures.totals(scores, Areas((area,)))[0]
    if not total.at_risk:
        return None
    few_there = small_areas.shut(total, Areas((area,)), few(scores)())
    share = (places if own is None else own) / total.at_risk
    return Quota(lists.Name.of(row), places, own, None if few_there else share)


def _without_codes(result: Mapping[str, Any], seen: Areas = NOWHERE) -> dict[str, Any]:
    """What was shown of a list, without any household but those that left where the caller sees them: where it ends to
    a hundredth, which is no family's own risk, and nothing that counts few (`models.few`): cells, groups, reasons,
    findings of visits.

    seen : where the caller sees the households; a cell there keeps its counts, and who left there stays named beside
    the counts of those elsewhere (`gone_part`), as do findings of visits (`visited_part`). A cell is kept
    back where its area is (`shut`, of the run it was drawn from), and with it
    all that it is part of. Who left, and what was found, is counted beside such areas: nothing can be taken from that.
    """
    cells, closed = result["cells"], result["shut"]
    others = {at: cell["candidates"] for at, cell in enumerate(cells) if not seen.holds(cell["area"])}
    few, kept_out = kept(result, others)
    told_ = [ruled(cell) if at in few else edges(counts(cell, kept_out) if at in others else cell)
             for at, cell in enumerate(cells)]  # fmt: skip
    met, others_met = _parted(result.get("visited", ()), seen)
    small = {cells[at]["area"] for at, count in others.items()
             if cells[at]["area"] in closed or count < FEWEST}  # fmt: skip
    visited = _many(_beside(others_met, small), "found", "listed")
    whole = {name: added(cell[name] for cell in told_) for name in ("no_budget", "too_few", "cost")}
    return {
        **result, **whole, "cells": told_,
        "left": None if added(cell["left"] for cell in told_) is None else result["left"],
        "channels": {name: added(cell[name] for cell in told_) for name in result["channels"]},
        "verify": {name: added(cell[own] for cell in told_) for name, own in _VERIFY.items()},
        "households": kept_out,
        "expected": ([files.silent(one) for one in result["expected"]] if few
                     else files.groups(result["expected"], closed or ())),
        **{key: own for name in GONE for key, own in _gone(name, result.get(name, ()), seen, small).items()},
        "visited": [*met, *(one | {"household_id": None, "area": None} for one in visited)],
        "also_on": [],  # of few families, of lists that the caller may not see
        "visited_few": len(visited) < len(others_met),
        "visited_part": bool(seen.codes) and all("area" in one for one in others_met),
        # Who sees a part of the families could take it from the whole.
        "receipt": [_received(one, bool(few) or len(others) < len(cells)) for one in result.get("receipt", ())],
    }  # fmt: skip


def _gone(name: str, rows: Iterable[Mapping[str, Any]], seen: Areas, small: Collection[str]) -> dict[str, Any]:
    """Who left by one of `GONE`: those of the areas by name, of the others how many by reason, as far as the rule on
    few allows; whether some are not told, and whether the two are told apart."""
    own, rest = _parted(rows, seen)
    others = _left(_beside(rest, small))
    return {name: [*own, *(one | {"household_id": None, "area": None} for one in others)],
            f"{name}_few": len(others) < len(rest),
            f"{name}_part": bool(seen.codes)}  # fmt: skip


def _parted(rows: Iterable[Mapping[str, Any]], seen: Areas) -> tuple[list[Any], list[Any]]:
    """Rows of households of these areas, and the others, of whom none knows where some are."""
    own, rest = list[Any](), list[Any]()
    for one in rows:
        (own if one.get("area") and seen.holds(one["area"]) else rest).append(one)
    return own, rest


def _beside(rows: Sequence[Mapping[str, Any]], small: Collection[str]) -> list[Mapping[str, Any]]:
    """Rows of households that lie in none of these areas for sure: not in one, nor in what may hold one."""

    def inside(home: str) -> bool:
        return any(home.startswith(area) or area.startswith(home) for area in small)

    shut_ = {home: inside(home) for home in {one.get("area") or "" for one in rows}}
    return [one for one in rows if not shut_[one.get("area") or ""]]


def _received(one: Mapping[str, Any], silent: bool) -> dict[str, Any]:
    """What those with a place receive, without what counts few of them; silent : all of it."""
    found = {name: shown({"yes": count, "no": one["known"] - count, "unknown": one["places"] - one["known"]})
             for name, count in one["programmes"].items()}  # fmt: skip
    known = None if any(None in own.values() for own in found.values()) else part_of(one["known"], one["places"])
    told_ = {name: None if silent else own["yes"] for name, own in found.items()}
    return {**one, "places": None, "known": None if silent else known, "programmes": told_}


def _totals(cells: Sequence[Mapping[str, Any]], areas: Areas) -> dict[tuple[str, str], int | None]:
    """Places by scheme and how they were given, of the cells that lie in areas, as these are told."""
    own = [cell for cell in cells if areas.holds(cell["area"])]
    names = dict.fromkeys((cell["scheme"], how) for cell in own for how in CHANNELS)
    found = {(scheme, how): added(cell[how] for cell in own if cell["scheme"] == scheme) for scheme, how in names}
    return {key: count for key, count in found.items() if count != 0}


def _many(rows: Sequence[Mapping[str, Any]], *names: str) -> list[dict[str, Any]]:
    """Rows of what is no matter of few, by all that is told of them."""
    keys = [tuple(one[name] for name in names) for one in rows]
    few = kept_back(Counter(keys))
    return [dict(one) for key, one in zip(keys, rows, strict=True) if key not in few]


def _left(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of who left, by scheme and reason. No sum of them is told, so a reason of many stands by itself however few
    another has; those of few are `other` together where that is many."""
    reasons = Counter((one["scheme"], one["why"]) for one in rows)
    others = Counter(one["scheme"] for one in rows if told(reasons[one["scheme"], one["why"]]) is None)
    plain = [dict(one) if told(reasons[one["scheme"], one["why"]]) else {**one, "why": OTHER} for one in rows]
    return [one for one in plain if one["why"] != OTHER or told(others[one["scheme"]])]
