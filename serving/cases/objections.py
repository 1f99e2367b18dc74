"""Objections (usul-sanggah): lodged for a household, taken through their stages, decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from features import registry
from serving.access.rights import Areas, Caller, allow, may, smallest
from serving.audit import search, trail
from serving.cases import households
from serving.cases.households import Household
from serving.cases.lists import find as find_list
from serving.office import Office
from serving.problems import Broken, Problem
from serving.store import lists, objections
from serving.store.objections import STAGES, Lodged

EVIDENCE = ("land_paper", "pay_slip", "layoff_letter", "school_letter", "health_letter", "village_letter", "photo",
            "utility_bill", "other")  # fmt: skip
"""Kinds of papers that can be shown; none of them is kept, and identity cards are not among them."""
MOST_NAMED = 5
"""Accepted objections that a list names by their numbers."""
BEHIND = {"none": "skipped", "running": "stopped", "incomplete": "stopped"}
"""State of a stage to what it is once the case has gone past it: a decided case has no stage that is yet to begin."""
_DECIDERS = ("verification", "decision", "notice")


@dataclass(frozen=True, slots=True)
class Stage:
    """How far one stage of a case is.

    state : as it was noted last, `none` where it was not; of a stage that the case has left behind, see `BEHIND`.
    at : when that was, roles : by which. notes : what was written, in order.
    """

    name: str
    state: str
    at: datetime | None
    notes: tuple[str, ...]
    roles: str = ""


def course(row: Row[Any], events: Sequence[Row[Any]], roles: Sequence[str] = ()) -> list[Stage]:
    """All stages of a case in their order; events, roles : of `see`."""
    found = []
    for stage in STAGES:
        own = [event for event in events if event.stage == stage]
        state = own[-1].state if own else "none"
        if STAGES.index(stage) < STAGES.index(row.stage):
            state = BEHIND.get(state, state)
        notes = tuple(event.note for event in own if event.note)
        by = [role for event, role in zip(events, roles, strict=False) if event.stage == stage]
        found.append(Stage(stage, state, own[-1].at if own else None, notes, by[-1] if by else ""))
    return found


@cache
def contestable() -> frozenset[str]:
    """Keys of the reasons that a family can object to."""
    return frozenset(feature.reason for feature in registry.all_features() if feature.contestable and feature.reason)


def index(office: Office, who: Caller, *, area: str = "", waiting: bool | None = None, due_by: date | None = None,
          mine: bool = False, after: tuple[date, int] | None = None, count: int = 25,
          accepted_for: Row[Any] | None = None) -> list[Row[Any]]:  # fmt: skip
    """Cases in an area of the caller by deadline; and one beyond `count`, which tells that there are more: it is not to
    be shown, and not in the log. accepted_for : a list that the caller was given, for those that `accepted` counts."""
    areas = allow(who, "household.see")
    if area:
        areas = areas.narrow(area)
    with office.store.reading() as connection:
        rows = objections.search(connection, areas, waiting=waiting, due_by=due_by,
                                 opened_by=who.person if mine else None, after=after, limit=count + 1,
                                 accepted_for=accepted_for)  # fmt: skip
    shown = rows[:count]
    office.journal.write(who, "objection.see", area=smallest(areas.codes), count=len(shown),
                         households=[row.household for row in shown])  # fmt: skip
    return rows


def see(office: Office, who: Caller, number: str) -> tuple[Row[Any], list[Row[Any]], list[str]]:
    """A case, what happened to it, and by which roles each of that was done, empty where the log does not tell.
    Problem `not_in_area`."""
    areas = allow(who, "household.see")
    with office.store.reading() as connection:
        row = objections.find(connection, areas, number)
        if row is None:
            raise Problem("not_in_area")
        events = objections.events(connection, row.id)
        roles = search.deciders(connection, number)
    office.journal.write(who, "objection.see", object=number, households=[row.household],
                         area=row.regency or row.province or "")  # fmt: skip
    return row, events, roles if len(roles) == len(events) else [""] * len(events)


def objectable(office: Office, who: Caller, found: Household) -> list[tuple[Row[Any], str]]:
    """Confirmed lists whose outcome a family can object to, each once in its newest version, and how it stands there:
    `on`, `left` where an older version had it, `off` where it could have been; those with it first. Rows: number,
    version, newest, quarter. While the database is away those of `found` alone."""
    areas = allow(who, "objection.open")
    held = [(row, "on" if row.version == row.newest else "left") for row in found.held]
    known = {row.number for row, _ in held}
    try:
        with office.store.reading() as connection:
            others = lists.around(connection, areas, found.row["province"], found.row["regency"])
    except Problem as problem:
        if problem.code != "read_only":
            raise
        return held
    return [*held, *((row, "off") for row in others if row.number not in known)]


def accepted(office: Office, who: Caller, row: Row[Any]) -> tuple[int, list[str]]:
    """How many objections of families of a list's place were accepted since its scores, in the caller's areas
    (`store.objections.accepted`), and their numbers where these are few; none for who sees no household."""
    if not may(who, "household.see"):
        return 0, []
    areas = allow(who, "household.see")
    with office.store.reading() as connection:
        count = objections.accepted(connection, areas, row)
        few = objections.search(connection, areas, accepted_for=row) if 0 < count <= MOST_NAMED else ()
    return count, [case.number for case in few]


def drawn(office: Office, who: Caller, name: str, version: int | None) -> Row[Any]:
    """A list by its name, to ask which objections were accepted since its scores. Problem `not_in_area`."""
    with office.store.reading() as connection:
        return find_list(connection, allow(who, "list.see_totals"), who, name, version)


def lodge(connection: Connection, office: Office, who: Caller, code: str, *, kind: str, asker: str, channel: str,
          facts: Sequence[str] = (), evidence: Sequence[str] = (), note: str = "", list: str | None = None,
          ) -> Row[Any]:  # fmt: skip
    """Lodge an objection for a household of the published scores; its row, with number and deadline.

    facts : keys of reasons that the household's score row tells and a family can object to. list : number of the list
    objected to. Problem `not_in_area`, `invalid`.
    """
    areas = allow(who, "objection.open")
    score = households.row_of(office, areas, code)
    code = score["household_id"]
    told = {reason["key"] for reason in score["reasons"] or ()} | set(score["missing"] or ())
    known = [Broken(f"facts[{at}]", "contestable") for at, fact in enumerate(facts) if fact not in told & contestable()]
    if kind == "data" and not facts:
        known.append(Broken("facts", "required"))
    number = None if list is None else find_list(connection, areas, who, list).id
    own = Lodged(code, score["province"], score["regency"], kind, asker, channel, facts, evidence, note, number,
                 contested(facts, score) if facts else None)  # fmt: skip
    row = objections.open(connection, areas, who.person, own, office.settings.objection_days, known)
    trail.write(connection, who, "objection.open", object=row.number, households=[code],
                area=row.regency or row.province or "", detail={"kind": kind, "facts": [*facts]})  # fmt: skip
    return row


def contested(facts: Sequence[str], score: Mapping[str, Any]) -> dict[str, Any]:
    """What a score row tells of some facts, to be kept: a run that is published later tells other values, or none.

    `as_of` : day of the scores, as text. `values` : fact to its `value` and `contribution`; none of what is missing.
    """
    values = {own["key"]: {"value": own["value"], "contribution": own["contribution"]}
              for own in score["reasons"] or () if own["key"] in facts}  # fmt: skip
    return {"as_of": score["as_of"].isoformat(), "values": values}


def step(connection: Connection, who: Caller, number: str, changed: int, stage: str, state: str, note: str = "",
         ) -> Row[Any]:  # fmt: skip
    """Note how far a stage is, as the case was seen at `changed`; the case. Problem as of `store.objections.step`."""
    act = "objection.decide" if stage in _DECIDERS or not may(who, "objection.open") else "objection.open"
    areas = allow(who, act)
    objections.step(connection, areas, who.person, number, changed, stage, state, note)
    return _told(connection, who, areas, "objection.step", number, {"stage": stage, "state": state})


def barred(office: Office, who: Caller, row: Row[Any]) -> bool:
    """Whether somebody may not decide a case because they opened it or made a list that it may be about; `decide` looks
    again."""
    with office.store.reading() as connection:
        return who.person in objections.makers(connection, row)


def decide(connection: Connection, who: Caller, number: str, changed: int, outcome: str, reason: str) -> Row[Any]:
    """Decide a case as it was seen at `changed`; the case. Problem as of `store.objections.decide`."""
    areas = allow(who, "objection.decide")
    objections.decide(connection, areas, who.person, number, changed, outcome, reason)
    return _told(connection, who, areas, "objection.decide", number, {"outcome": outcome})


def _told(connection: Connection, who: Caller, areas: Areas, act: str, number: str, detail: dict[str, str],
          ) -> Row[Any]:  # fmt: skip
    row = objections.find(connection, areas, number)
    if row is None:
        raise Problem("not_in_area")
    trail.write(connection, who, act, object=number, households=[row.household],
                area=row.regency or row.province or "", detail=detail)  # fmt: skip
    return row
