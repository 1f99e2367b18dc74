"""Routes of visits."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import Connection, Row

from serving.api import bodies, examples, matching, told
from serving.api.routes import Answer, Call, Route, Write
from serving.api.shapes import (
    AREA_ABOUT,
    Area,
    Asked,
    Code,
    Day,
    KnownArea,
    ListName,
    Note,
    Number,
    Page,
    PageQuery,
    Subdistrict,
    Word,
)
from serving.api.told import Visit
from serving.cases import list_reads, visits
from serving.faults import Faults
from serving.office import Office
from serving.problems import Problem
from serving.store import lists
from serving.store.visits import RESULTS, STATUSES, Found
from serving.store.visits import check as visit_check

Result = Literal["above", "below", "moved", "died", "refused", "notfound", "wrong"]
Status = Literal["planned", "answered", "done", "closed", "replaced"]
assert (Result.__args__, Status.__args__) == (RESULTS, STATUSES)  # type: ignore[attr-defined]


class Visits(PageQuery):
    """Which visits."""

    area: KnownArea = Field("", description=AREA_ABOUT)
    subdistrict: Subdistrict | None = Field(None, description="Kecamatan in one of the caller's areas.")
    status: Status | None = Field(None, description="How far the visit is; any without it.")
    list_number: ListName | None = Field(None, description="Number of a confirmed list.")
    due_before: Day | None = Field(None, description="To be made before this day.")
    mine: bool = Field(False, description="Recorded by the caller.")


class VisitFound(Asked):
    """What a visit found."""

    result: Result
    visited: datetime.date = Field(description="Day of the visit, at most a year ago.")
    note: Note = Field("", description="No name, NIK or illness.")
    wrong: dict[Word, Note] | None = Field(None, max_length=30, description="Fact to right value, for `wrong`.")
    moved_to: Area | None = Field(None, description="Regency, for `moved`.")
    intervention: Word | None = Field(None, description="Help begun since the score was made.")

    @classmethod
    def beyond(cls, given: Mapping[str, Any], today: datetime.date, faults: Faults) -> None:
        """See `Asked`."""
        wrong, moved, visited = given.get("wrong"), given.get("moved_to"), None
        with contextlib.suppress(ValueError):
            visited = datetime.date.fromisoformat(bodies.words(given, "visited"))
        facts = {name: own for name, own in wrong.items() if isinstance(own, str)} if isinstance(wrong, dict) else None
        visit_check(Found(bodies.words(given, "result"), visited, bodies.words(given, "note"), facts,
                          moved if isinstance(moved, str) else None, bodies.words(given, "intervention") or None),
                    today, faults)  # fmt: skip

    def found(self) -> Found:
        """For the store."""
        return Found(self.result, self.visited, self.note, self.wrong, self.moved_to, self.intervention)


class Correction(VisitFound):
    """What a visit found, in place of what was recorded."""

    changed: Number | None = Field(None, description="`changed` of the visit as it was seen; another one is 409.")


class NewVisit(VisitFound):
    """A planned visit that was made (`visit`), or one that no list planned (`household_id`)."""

    visit: Number | None = None
    household_id: Code | None = None
    channel: Literal["own", "objection"] = Field("own", description="Why a household was visited without a list.")

    @classmethod
    def beyond(cls, given: Mapping[str, Any], today: datetime.date, faults: Faults) -> None:
        """See `Asked`."""
        super().beyond(given, today, faults)
        if (given.get("visit") is None) == (given.get("household_id") is None):
            faults.tell("visit", "one_of_two")
            faults.tell("household_id", "one_of_two")

    @model_validator(mode="after")
    def _one(self) -> NewVisit:
        if (self.visit is None) == (self.household_id is None):
            raise bodies.TogetherError("one_of_two", ("visit", "household_id"))
        return self


class Closing(Asked):
    """That a visit is closed."""

    changed: Number | None = Field(None, description="`changed` of the visit as it was seen; another one is 409.")


class VisitPage(Page):
    """Visits as they stand now, by due date."""

    visits: list[Visit]


class VisitAnswer(BaseModel):
    """The visit after the change."""

    visit: Visit


def _index(office: Office, call: Call) -> Answer:
    asked = call.query
    after = call.after()
    day = None if after is None or after[0] is None else datetime.date.fromisoformat(after[0])
    rows = visits.index(office, call.who, area=asked.area, subdistrict=asked.subdistrict or "",
                        status=asked.status, list=asked.list_number, due_before=asked.due_before, mine=asked.mine,
                        after=None if after is None else (day, after[1]), count=asked.count)  # fmt: skip
    more = rows[asked.count - 1] if len(rows) > asked.count else None
    last = None if more is None else [more.due and more.due.isoformat(), more.id]
    names = list_reads.names(office, call.who, [row.list for row in rows])
    return Answer(call.page("visits", [told.visit(row, names) for row in rows[: asked.count]], last))


def _record(office: Office, call: Call) -> Write:
    asked = call.body

    def work(connection: Connection) -> Answer:
        if asked.visit is not None:
            return _told(connection, visits.record(connection, call.who, asked.visit, asked.found()), 201)
        return _told(connection, visits.add(connection, office, call.who, asked.household_id, asked.found(),
                                            asked.channel), 201)  # fmt: skip

    return work


def _correct(office: Office, call: Call) -> Write:
    asked = call.body
    return lambda connection: _told(
        connection, visits.correct(connection, call.who, _number(call), asked.found(), asked.changed), 201)  # fmt: skip


def _close(office: Office, call: Call) -> Write:
    return lambda connection: _told(
        connection, visits.close(connection, call.who, _number(call), call.body.changed), 200)  # fmt: skip


def _told(connection: Connection, row: Row[Any], status: int) -> Answer:
    own = told.visit(row, lists.names(connection, [row.list]))
    return Answer({"visit": own}, status, headers=matching.tag(own["changed"]))


def _number(call: Call) -> int:
    text = call.path["visit"]
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Problem("not_in_area")
    return int(text)


_FIND = {"result": "above", "visited": "2026-11-20", "note": "usaha berjalan lagi"}
_WRITE = ("invalid", "not_in_area", "changed_meanwhile", "duplicate_request", "read_only")
_OWN = ("own_visit", "visit_not_made", "visit_corrected", "visit_closed", *_WRITE)
_RECORD: dict[str, Any] = {"tag": "visits", "scope": "visits.write", "act": "visit.record", "writes": True,
           "tagged": True, "answer": VisitAnswer,
           "example": examples.VISIT_ANSWER}  # fmt: skip
ROUTES = (
    Route("GET", "/v1/visits", "visits", tag="visits", scope="households.read", act="household.see",
          summary="Visits, planned and made", about="As they stand now: a correction replaces the visit.",
          handle=_index, answer=VisitPage, query=Visits, example={"visits": [examples.VISIT], "next": None},
          problems=("bad_query", "not_in_area", "read_only")),
    Route("POST", "/v1/visits", "record_visit", summary="Record what a visit found",
          about="Of a planned visit by its number; of one that no list planned by the household's code. A finding "
          "about the family answers its other waiting visits too; `refused` and `notfound` do not.",
          handle=_record, body=NewVisit, asked={"visit": 412, **_FIND}, status=201,
          **(_RECORD | {"problems": ("visit_made", "visit_corrected", *_WRITE)})),
    Route("POST", "/v1/visits/{visit}/corrections", "correct_visit", summary="Correct one's own visit",
          about="The visit stays as it was recorded; the correction stands in its place.",
          handle=_correct, body=Correction, asked=_FIND, status=201, **(_RECORD | {"problems": _OWN})),
    Route("POST", "/v1/visits/{visit}/closing", "close_visit", summary="Close a visit that somebody else recorded",
          about="Nobody closes their own.", handle=_close, body=Closing, asked={},
          **(_RECORD | {"act": "visit.close", "problems": _OWN})),
)  # fmt: skip
