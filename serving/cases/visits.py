"""Visits: what is to be visited, what a visit found, its correction and its closing by another person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from features.contract import REGENCY_DIGITS
from serving.access.rights import Areas, Caller, allow, may, smallest
from serving.audit import trail
from serving.cases import households, visits_logged
from serving.cases.lists import find as find_list
from serving.cases.subdistricts import check as check_subdistrict
from serving.office import Office
from serving.problems import Broken, Problem
from serving.store import visits
from serving.store.visits import Found


def index(office: Office, who: Caller, *, area: str = "", subdistrict: str = "", status: str | None = None,
          list: str | None = None, version: int | None = None, due_before: date | None = None, mine: bool = False,
          others: bool = False, after: tuple[date | None, int] | None = None,
          count: int = 25) -> list[Row[Any]]:  # fmt: skip
    """Visits in an area of the caller as they stand now, by due date, those without one last; version : of the list,
    the newest without one. mine, others : recorded by the caller, or by anybody else. One beyond `count` tells that
    there are more: it is not to be shown, and not in the log. Problem `bad_query` for a sub-district that neither the
    scores nor any visit knows."""
    areas = allow(who, "household.see")
    for code in filter(None, (area, subdistrict[:REGENCY_DIGITS])):
        areas = areas.narrow(code)
    with office.store.reading() as connection:
        number = None if list is None else find_list(connection, areas, who, list, version).id
        rows = visits.search(connection, areas, status=status, list=number, due_before=due_before,
                             recorded_by=who.person if mine else None, not_by=who.person if others else None,
                             subdistrict=subdistrict or None, after=after, limit=count + 1)  # fmt: skip
        if subdistrict and not rows:
            check_subdistrict(office, areas, subdistrict, visits.subdistricts(connection, areas))
    shown = rows[:count]
    office.journal.write(who, "visit.see", area=smallest(areas.codes), count=len(shown),
                         households=[row.household for row in shown],
                         detail={"status": status, "list": list, "version": version,
                                 "subdistrict": subdistrict})  # fmt: skip
    return rows


def progress(office: Office, who: Caller, row: Row[Any]) -> tuple[int, int]:
    """Of the visits of a list that the caller was given, in their areas: how many are made or answered, and all."""
    areas = allow(who, "household.see")
    with office.store.reading() as connection:
        return visits.progress(connection, areas, row.id)


def subdistricts(office: Office, who: Caller, status: str) -> Sequence[str]:
    """Sub-districts in which visits of the caller's areas stand so, to choose from, as of the store."""
    areas = allow(who, "household.see")
    with office.store.reading() as connection:
        return visits.subdistricts(connection, areas, status)


def findings(office: Office, who: Caller, households: Sequence[str]) -> dict[str, Row[Any]]:
    """The last visits that say how households stand, by code, in the caller's areas: read with a page that is logged
    as showing these households."""
    areas = allow(who, "household.see")
    with office.store.reading() as connection:
        return visits.findings(connection, areas, households=households)


def found_since(office: Office, who: Caller, row: Row[Any], result: Mapping[str, Any],
                ) -> tuple[dict[str, int], dict[str, int]] | None:  # fmt: skip
    """What visits found since a list was drawn of households on it, and of those that a finding cost their place, in
    the caller's areas (`store.visits.found_since`); None for who sees no household. Read with a page that is logged as
    showing the list; result : of it, as the caller is told it."""
    if not may(who, "household.see"):
        return None
    areas = allow(who, "household.see")
    out = {own["household_id"]: own["found"] for own in result.get("visited", ())
           if own["household_id"] and not own["listed"]}  # fmt: skip
    with office.store.reading() as connection:
        return visits.found_since(connection, areas, row.id, row.made_at, out)


def see(office: Office, who: Caller, visit: int) -> Row[Any]:
    """One visit, as of `store.visits.look`. Problem `not_in_area`."""
    areas = allow(who, "household.see")
    with office.store.reading() as connection:
        row = visits.look(connection, areas, visit)
    if row is None:
        raise Problem("not_in_area")
    office.journal.write(who, "visit.see", object=row.household, area=row.regency or row.province or "",
                         detail={"visit": visit})  # fmt: skip
    return row


def answered(office: Office, who: Caller, visit: int) -> int:
    """How many other visits to the same family wait no longer because of one that the caller just saved."""
    areas = allow(who, "household.see")
    with office.store.reading() as connection:
        row = visits.look(connection, areas, visit)
        return 0 if row is None else visits.newly_answered(connection, row)


def onward(office: Office, who: Caller, visit: int, status: str) -> tuple[Row[Any], str] | None:
    """The next visit of a status after one that was dealt with, and whether it is of the same `list` or `area`.

    In the list it is the one after it, from the beginning again after the last; of visits that are to be made first
    one of the same sub-district, then of the same regency, so that nobody travels past a family that waits. Without
    one in the list it is the first nearby. Of recorded visits only those of others, which the caller may close. None
    where nothing waits there.
    """
    areas = allow(who, "household.see")
    wanted: dict[str, Any] = {"status": status, "not_by": who.person if status == "done" else None, "limit": 2}
    with office.store.reading() as connection:
        row = visits.look(connection, areas, visit)
        if row is None:
            return None
        found = next(((own, same) for same, inside, way in _ways(areas, row, status)
                      for own in visits.search(connection, inside, **way, **wanted)
                      if own.household != row.household), None)  # fmt: skip
    if found is None:
        return None
    following = found[0]
    office.journal.write(who, "visit.see", object=following.household, detail={"after": visit},
                         area=following.regency or following.province or "")  # fmt: skip
    return found


def _ways(areas: Areas, row: Row[Any], status: str) -> Iterator[tuple[str, Areas, dict[str, Any]]]:
    """Where the visit after one is looked for, in turn: what is the same, the areas, what else it is to be of."""
    nearby: list[tuple[Areas, dict[str, Any]]] = []
    if row.regency:
        here = areas.narrow(row.regency)
        nearby = [*([(here, {"subdistrict": row.subdistrict})] if row.subdistrict else []), (here, {})]
    if row.list is not None:
        for inside, way in [*(nearby if status == "planned" else []), (areas, {})]:
            yield "list", inside, {"list": row.list, "after": (row.due, row.id), **way}
            yield "list", inside, {"list": row.list, **way}
    for inside, way in nearby:
        yield "area", inside, way


def corrects(row: Row[Any], who: Caller) -> bool:
    """Whether somebody may correct a visit: their own, as long as nobody closed it; `correct` looks again."""
    return row.status == "done" and row.newer is None and row.recorded_by == who.person and may(who, "visit.record")


def refuse_correction(row: Row[Any], who: Caller) -> None:
    """The problem of a visit that somebody may not correct: another's, or as of `store.visits.waits_closing`."""
    if row.recorded_by not in (None, who.person):
        raise Problem("own_visit")
    visits.waits_closing(row, row.newer is not None)


def closes(row: Row[Any], who: Caller) -> bool:
    """Whether somebody may close a visit: another's that stands, in areas where they verify; `close` looks again."""
    return (row.status == "done" and row.newer is None and row.recorded_by != who.person and may(who, "visit.close")
            and allow(who, "visit.close").covers(row.province, row.regency))  # fmt: skip


def state(row: Row[Any]) -> str:
    """How a visit stands: planned, answered by another one, done or closed."""
    return visits.state(row)


def waits(row: Row[Any]) -> bool:
    """Whether a visit is still to be made."""
    return state(row) == "planned"


def refuse_second(connection: Connection, who: Caller, code: str, day: date | None) -> None:
    """Problem `invalid`, of the field `second`, where the caller recorded a visit to a household of this day already,
    which stands: a form that is sent once more by mistake, with a key of its own, would be a second one.

    day : on which the visit was made; None, of a date that cannot be read, is told where the visit is kept.
    """
    if day is None:
        return
    rows = visits.of(connection, allow(who, "visit.record"), code)
    if visits.same_day(rows, who.person, day) is not None:
        raise Problem("invalid", [Broken("second", "second_visit")])


def record(connection: Connection, who: Caller, visit: int, found: Found) -> Row[Any]:
    """Record what a planned visit found; its row. Problem as of `store.visits.record`."""
    areas = allow(who, "visit.record")
    return _told(connection, who, "visit.record", visits.record(connection, areas, who.person, visit, found))


def add(connection: Connection, office: Office, who: Caller, code: str, found: Found, channel: str = visits.OWN,
        ) -> Row[Any]:  # fmt: skip
    """Record a visit that no list planned, to a household of the published scores; its row. Problem `not_in_area`."""
    areas = allow(who, "visit.record")
    row = households.row_of(office, areas, code)
    number = visits.add(
        connection,
        areas,
        who.person,
        row["household_id"],
        row["province"],
        row["regency"],
        found,
        channel,
        row["subdistrict"],
    )
    return _told(connection, who, "visit.record", number)


def correct(connection: Connection, who: Caller, visit: int, found: Found, changed: int | None = None) -> Row[Any]:
    """Record something else in place of one's own visit (as it was seen at `changed`); the row of the new one.

    Problem as of `store.visits.correct`.
    """
    areas = allow(who, "visit.record")
    return _told(connection, who, "visit.correct", visits.correct(connection, areas, who.person, visit, found, changed))


def close(connection: Connection, who: Caller, visit: int, changed: int | None = None) -> Row[Any]:
    """Close a visit that somebody else recorded (as it was seen at `changed`); its row.

    Problem as of `store.visits.close`.
    """
    areas = allow(who, "visit.close")
    visits.close(connection, areas, who.person, visit, changed)
    return _told(connection, who, "visit.close", visit)


def _told(connection: Connection, who: Caller, act: str, number: int) -> Row[Any]:
    row = visits.by_id(connection, number)
    if row is None:
        raise Problem("not_in_area")
    answers = visits.answered(connection, row)
    trail.write(
        connection,
        who,
        act,
        object=row.household,
        area=row.regency or row.province or "",
        count=1 + len(answers),
        detail=visits_logged.of_visit(row),
    )
    return row
