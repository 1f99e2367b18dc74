"""Routes of objections (usul-sanggah)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import Connection, Row

from serving.api import bodies, examples, matching, told
from serving.api.routes import Answer, Call, Route, Write
from serving.api.shapes import (
    AREA_ABOUT,
    Asked,
    Changing,
    Code,
    Day,
    KnownArea,
    ListName,
    Note,
    Page,
    PageQuery,
    Query,
    Word,
)
from serving.api.told import Case, Objection
from serving.cases import list_reads, objections
from serving.cases.objections import EVIDENCE
from serving.faults import Faults
from serving.office import Office
from serving.problems import Problem
from serving.store import checks, lists
from serving.store.objections import ASKERS, CHANNELS, KINDS, OUTCOMES, STAGES, STATES
from serving.store.objections import check as case_check

NUMBER = re.compile(r"S-[0-9]{4}-[0-9]{4,6}", re.ASCII)
Kind = Literal["proposal", "data", "result"]
Asker = Literal["family", "village_official", "companion"]
Channel = Literal["counter", "cek_bansos", "companion"]
Stage = Literal["completeness", "village", "verification", "decision", "notice"]
State = Literal["running", "incomplete", "done"]
Outcome = Literal["upheld", "partly", "rejected", "withdrawn"]
Evidence = Literal["land_paper", "pay_slip", "layoff_letter", "school_letter", "health_letter", "village_letter",
                   "photo", "utility_bill", "other"]  # fmt: skip
for _known, _own in ((KINDS, Kind), (ASKERS, Asker), (CHANNELS, Channel), (STAGES[1:], Stage), (STATES, State),
                     (OUTCOMES, Outcome), (EVIDENCE, Evidence)):  # fmt: skip
    assert _known == _own.__args__  # type: ignore[attr-defined]


class Objections(PageQuery):
    """Which cases."""

    area: KnownArea = Field("", description=AREA_ABOUT)
    waiting: bool | None = Field(None, description="Not decided yet.")
    due_by: Day | None = Field(None, description="To be decided by this day.")
    mine: bool = Field(False, description="Lodged by the caller.")


class NewObjection(Asked):
    """What is objected to, by whom."""

    household_id: Code
    kind: Kind = Field(description="usul masuk, sanggah data, sanggah hasil.")
    asker: Asker
    channel: Channel
    facts: list[Word] = Field(default_factory=list, max_length=30,
                              description="Keys of facts of its score row that can be objected to.")  # fmt: skip
    evidence: list[Evidence] = Field(default_factory=list, max_length=10,
                                     description="Kinds of papers seen; no copy is kept.")  # fmt: skip
    note: Note = ""
    list_number: ListName | None = Field(None, description="Of the list objected to; `result` needs it.")

    @classmethod
    def beyond(cls, given: Mapping[str, Any], today: datetime.date, faults: Faults) -> None:
        """See `Asked`."""
        kind, asker, channel, note = (bodies.words(given, name) for name in ("kind", "asker", "channel", "note"))
        case_check(faults, kind, asker, channel, note, bool(given.get("list_number")))
        if given.get("kind") == "data" and not given.get("facts"):
            faults.tell("facts", "required")


class Step(Changing):
    """How far a stage is; for the stage `decision` with `outcome` and `reason`."""

    stage: Stage
    state: State = "done"
    note: Note = ""
    outcome: Outcome | None = None
    reason: Note = Field("", description="Needed for a decision.")

    @classmethod
    def beyond(cls, given: Mapping[str, Any], today: datetime.date, faults: Faults) -> None:
        """See `Asked`."""
        faults.of(checks.note, "note", bodies.words(given, "note"))
        decides = given.get("outcome") is not None
        faults.of(checks.note, "reason", bodies.words(given, "reason"), required=decides)
        if decides and given.get("stage") != "decision":
            faults.tell("stage", "one_of_two")
            faults.tell("outcome", "one_of_two")

    @model_validator(mode="after")
    def _decides(self) -> Step:
        if self.outcome is not None and self.stage != "decision":
            raise bodies.TogetherError("one_of_two", ("stage", "outcome"))
        return self


class ObjectionPage(Page):
    """Cases by deadline."""

    objections: list[Objection]


class ObjectionAnswer(BaseModel):
    """The case after the change."""

    objection: Objection


def _index(office: Office, call: Call) -> Answer:
    asked = call.query
    after = call.after()
    day = None if after is None else (datetime.date.fromisoformat(after[0]), after[1])
    rows = objections.index(office, call.who, area=asked.area, waiting=asked.waiting, due_by=asked.due_by,
                            mine=asked.mine, after=day, count=asked.count)  # fmt: skip
    more = rows[asked.count - 1] if len(rows) > asked.count else None
    last = None if more is None else [more.deadline.isoformat(), more.id]
    names = list_reads.names(office, call.who, [row.list for row in rows])
    return Answer(call.page("objections", [told.objection(row, names) for row in rows[: asked.count]], last))


def _see(office: Office, call: Call) -> Answer:
    row, events, _ = objections.see(office, call.who, _number(call))
    names = list_reads.names(office, call.who, [row.list])
    return Answer({"objection": told.objection(row, names), "steps": [told.event(own) for own in events]},
                  headers=matching.tag(row.changed))  # fmt: skip


def _lodge(office: Office, call: Call) -> Write:
    asked = call.body

    def work(connection: Connection) -> Answer:
        row = objections.lodge(connection, office, call.who, asked.household_id, kind=asked.kind, asker=asked.asker,
                               channel=asked.channel, facts=asked.facts, evidence=asked.evidence, note=asked.note,
                               list=asked.list_number)  # fmt: skip
        return _told(connection, row, 201)

    return work


def _step(office: Office, call: Call) -> Write:
    asked, number = call.body, _number(call)

    def work(connection: Connection) -> Answer:
        if asked.outcome is not None:
            return _told(connection, objections.decide(connection, call.who, number, asked.changed, asked.outcome,
                                                       asked.reason))  # fmt: skip
        return _told(connection, objections.step(connection, call.who, number, asked.changed, asked.stage, asked.state,
                                                 asked.note))  # fmt: skip

    return work


def _told(connection: Connection, row: Row[Any], status: int = 200) -> Answer:
    own = told.objection(row, lists.names(connection, [row.list]))
    return Answer({"objection": own}, status, headers=matching.tag(row.changed))


def _number(call: Call) -> str:
    number = call.path["number"]
    if not NUMBER.fullmatch(number):
        raise Problem("not_in_area")
    return number


_WRITE = ("invalid", "not_in_area", "changed_meanwhile", "duplicate_request", "read_only")
_READ: dict[str, Any] = {"tag": "objections", "scope": "households.read", "act": "household.see"}
ROUTES = (
    Route("GET", "/v1/objections", "objections", summary="Objections by deadline", about="Of the caller's areas.",
          handle=_index, answer=ObjectionPage, query=Objections,
          example={"objections": [examples.OBJECTION], "next": None},
          problems=("bad_query", "not_in_area", "read_only"), **_READ),
    Route("GET", "/v1/objections/{number}", "objection", summary="One case and its steps", about="", handle=_see,
          answer=Case, query=Query, example={"objection": examples.OBJECTION, "steps": [examples.EVENT]},
          problems=("not_in_area", "read_only"), tagged=True, **_READ),
    Route("POST", "/v1/objections", "lodge", tag="objections", scope="objections.write", act="objection.open",
          summary="Lodge an objection", about="The deadline of the answer is computed (`JAGA_OBJECTION_DAYS`).",
          handle=_lodge, answer=ObjectionAnswer, body=NewObjection, status=201, writes=True, tagged=True,
          asked={"household_id": "7K3M9Q2PT5XA", "kind": "data", "asker": "family", "channel": "counter",
                 "facts": ["hh.land"], "evidence": ["land_paper"], "note": "lahan sudah dijual"},
          example={"objection": examples.OBJECTION}, problems=("no_scores", *_WRITE)),
    Route("POST", "/v1/objections/{number}/steps", "step", tag="objections", scope="objections.write",
          act="objection.decide", summary="Take a case a step further, or decide it",
          about="Stages never go back. `decision` with `outcome` and `reason` decides the case for good; who opened "
                "it, or drew or confirmed a list it may be about, cannot. Completeness and village meeting are noted "
                "by officers too, verification, decision and notice by verifiers. A case never edits a score.",
          handle=_step, answer=ObjectionAnswer, body=Step, writes=True, tagged=True,
          asked={"changed": 3, "stage": "decision", "outcome": "upheld", "reason": "surat jual beli diperiksa"},
          example={"objection": examples.OBJECTION}, problems=("own_list", "case_decided", *_WRITE)),
)  # fmt: skip
