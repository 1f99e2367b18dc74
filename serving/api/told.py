"""Rows of the database as answers tell them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from serving.store import visits
from serving.store.lists import Name


class Visit(BaseModel):
    """A visit, planned or made."""

    visit: int
    household_id: str
    province: str | None
    regency: str | None
    subdistrict: str | None = Field(description="Kecamatan, as the scores told it; null where they did not.")
    status: str = Field(
        description="planned, answered by another visit to the family, done, closed by somebody, or "
        "replaced: a newer version of its list asks instead."
    )
    answered_by: int | None = Field(description="Visit that found what this one waited for; its result stands there.")
    list: str | None = Field(description="Number of the list that planned it; null where none did.")
    version: int | None = Field(description="Version of that list.")
    superseded_by: int | None = Field(description="Later visit to the family whose finding holds in place of `result`.")
    due: datetime.date | None
    channel: str = Field(description="How the household was chosen: of the list, `own` or `objection`.")
    probability: float | None = Field(description="Chance of selection under the rules of the list.")
    place: int | None
    result: str | None
    visited: datetime.date | None
    wrong: dict[str, str] | None
    moved_to: str | None
    intervention: str | None
    note: str
    recorded_at: datetime.datetime | None
    known_at: datetime.date | None
    corrects: int | None
    changed: int = Field(description="1 planned, 2 done, 3 closed; sent back with a correction or the closing.")


class Value(BaseModel):
    """What a score row told of a fact."""

    value: str | None
    contribution: float = Field(description="Part of the log-odds; positive raised the estimate.")


class Contested(BaseModel):
    """Contested facts as they stood."""

    as_of: datetime.date = Field(description="Day of the scores that told them.")
    values: dict[str, Value] = Field(description="By the key of the fact; none of one that was missing.")


class Objection(BaseModel):
    """A case of usul-sanggah."""

    number: str
    household_id: str
    province: str | None
    regency: str | None
    kind: str
    list: str | None = Field(description="Number of the list that is objected to; null where none is.")
    version: int | None = Field(description="Version of that list.")
    asker: str
    channel: str
    facts: Sequence[str]
    contested: Contested | None = Field(
        description="What the scores told of these facts when the case was lodged; null where no fact is contested."
    )
    evidence: Sequence[str]
    note: str
    stage: str
    deadline: datetime.date
    opened_at: datetime.datetime
    outcome: str | None
    reason: str | None
    decided_at: datetime.datetime | None
    changed: int = Field(description="Grows with every step; sent back with the next one.")


class Event(BaseModel):
    """A step of a case."""

    n: int
    stage: str
    state: str
    note: str
    at: datetime.datetime


class Case(BaseModel):
    """A case and its steps."""

    objection: Objection
    steps: list[Event]


def visit(row: Row[Any], names: Mapping[int, Name]) -> dict[str, Any]:
    """A row of `visits`; names : of lists by id."""
    return _of(Visit, row, visit="id", household_id="household") | _list(row.list, names) | {
        "status": visits.state(row), "changed": visits.changed(row)}  # fmt: skip


def objection(row: Row[Any], names: Mapping[int, Name]) -> dict[str, Any]:
    """A row of `objections`; names : of lists by id."""
    return _of(Objection, row, household_id="household") | _list(row.list, names)


def event(row: Row[Any]) -> dict[str, Any]:
    """A row of `objection_events`."""
    return _of(Event, row)


def _list(id: int | None, names: Mapping[int, Name]) -> dict[str, Any]:
    name = None if id is None else names.get(id)
    return {"list": name and name.number, "version": name and name.version}


def _of(model: type[BaseModel], row: Row[Any], **other: str) -> dict[str, Any]:
    return {name: getattr(row, other.get(name, name), None) for name in model.model_fields}
