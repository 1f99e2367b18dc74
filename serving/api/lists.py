"""Routes of lists: drawn, seen, confirmed, drawn anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from models.targeting import TIE_RULE
from serving.api import examples, matching
from serving.api.list_shapes import (
    Confirmation,
    ListAnswer,
    ListHead,
    ListPage,
    Lists,
    NewList,
    NewVersion,
    PlacePage,
    PlacesQuery,
    draft,
)
from serving.api.routes import Answer, Call, Route, Write
from serving.api.shapes import Version
from serving.cases import list_reads, lists, places
from serving.cases.list_reads import Seen
from serving.faults import Faults
from serving.office import Office
from serving.store import lists as store
from serving.store.lists import Name


def name_of(row: Row[Any]) -> str:
    """What a list is called."""
    return str(row.number) if row.number else f"draft-{row.id}"


def _before(connection: Connection, *rows: Row[Any]) -> dict[int, Name]:
    """Names of the lists that some replace, by id."""
    return store.names(connection, [row.replaces for row in rows])


def _head(row: Row[Any], before: Mapping[int, Name]) -> dict[str, Any]:
    names = ("version", "status", "quarter", "title", "run", "bundle", "synthetic", "made_at", "changed", "reason",
             "confirmed_at", "hash")  # fmt: skip
    area, old = row.regency or row.province or "", before.get(row.replaces)
    return {"list": name_of(row), "newest": getattr(row, "newest", row.version), "area": area,
            **{name: getattr(row, name) for name in names},
            "replaces": old and {"list": old.number, "version": old.version}}  # fmt: skip


def _whole(row: Row[Any], before: Mapping[int, Name], result: Mapping[str, Any],
           totals: Mapping[tuple[str, str], int | None], whole: bool,
           status: int = 200, also_on: Mapping[Name, int] | None = None) -> Answer:  # fmt: skip
    """also_on : of a list just drawn; of a confirmed one its accounts keep it."""
    counts: dict[str, dict[str, int | None]] = {}
    for (scheme, how), count in totals.items():
        counts.setdefault(scheme, {})[how] = count
    return Answer({**_head(row, before), "rules": row.settings, "tie_rule": dict(TIE_RULE),
                   "expected_errors": lists.errors_of(result), "totals": counts, "whole": whole,
                   "also_on": {name.number: count for name, count in also_on.items()} if also_on is not None else
                   {own["list"]: own["families"] for own in result.get("also_on", ())},
                   "result": result}, status, headers=matching.tag(row.changed), synthetic=row.synthetic)  # fmt: skip


def _kept(connection: Connection, row: Row[Any], drawing: lists.Drawing, status: int) -> Answer:
    totals: dict[tuple[str, str], int] = {}
    for place in places.of(drawing.drawn):
        totals[place.scheme, place.how] = totals.get((place.scheme, place.how), 0) + 1
    return _whole(row, _before(connection, row), row.result, totals, True, status, drawing.also_on)


def _index(office: Office, call: Call) -> Answer:
    asked, before = call.query, call.after()
    rows = list_reads.index(office, call.who, quarter=asked.quarter, status=asked.status, before=before,
                       count=asked.count)  # fmt: skip
    last = rows[asked.count - 1].id if len(rows) > asked.count else None
    with office.store.reading() as connection:
        old = _before(connection, *rows)
    return Answer(call.page("lists", [_head(row, old) for row in rows[: asked.count]], last))


def _see(office: Office, call: Call) -> Answer:
    found: Seen = list_reads.see(office, call.who, call.path["no"], call.query.version)
    with office.store.reading() as connection:
        old = _before(connection, found.row)
    return _whole(found.row, old, found.result, found.totals, found.whole)


def _places(office: Office, call: Call) -> Answer:
    asked = call.query
    row, found = list_reads.places_of(office, call.who, call.path["no"], version=asked.version, how=asked.channel,
                                      subdistrict=asked.subdistrict, after=call.after() or 0,
                                      count=asked.count)  # fmt: skip
    last = found[asked.count - 1].place if len(found) > asked.count else None
    own = found[: asked.count]
    checked = list_reads.checked(office, call.who, row, [place.household for place in own])
    page = call.page("places", [places.told(place, checked.get(place.household)) for place in own], last)
    return Answer({"list": name_of(row), "version": row.version, **page}, synthetic=row.synthetic)


def _draw(office: Office, call: Call) -> Write:
    asked = call.body
    faults = Faults()
    draft(asked.draft, asked.changed, faults)
    rules = faults.of(lists.rules, asked.rules)
    faults.refuse()
    drawing = lists.draw(office, call.who, rules, previous=asked.previous)

    def work(connection: Connection) -> Answer:
        own = None if asked.draft is None else (asked.draft, asked.changed)
        row = lists.keep(connection, call.who, drawing, own, told=True)
        return _kept(connection, row, drawing, 200 if own else 201)

    return work


def _version(office: Office, call: Call) -> Write:
    asked = call.body
    with office.store.reading() as connection:
        row = lists.find_to_replace(connection, call.who, call.path["no"])
    chosen = lists.rules(asked.rules or row.settings)
    drawing = lists.draw(office, call.who, chosen, previous=asked.previous, replaces=row)
    return lambda connection: _kept(connection, lists.keep(connection, call.who, drawing, told=True), drawing, 201)


def _confirm(office: Office, call: Call) -> Write:
    asked = call.body
    faults = Faults()
    Confirmation.beyond(vars(asked), office.today, faults)
    faults.refuse()
    expected = asked.expected_errors.model_dump()

    def work(connection: Connection) -> Answer:
        row = lists.confirm(connection, office, call.who, call.path["no"], asked.changed, asked.reason, expected)
        return Answer(_head(row, _before(connection, row)), headers=matching.tag(row.changed), synthetic=row.synthetic)

    return work


_WRITE = ("invalid", "not_in_area", "no_scores", "changed_meanwhile", "duplicate_request", "read_only")
_DRAW: dict[str, Any] = {"tag": "lists", "scope": "lists.write", "act": "list.build", "writes": True, "tagged": True}
_READ: dict[str, Any] = {"tag": "lists", "scope": "lists.read"}
_GONE = ("bad_query", "not_in_area", "read_only")
ROUTES = (
    Route("GET", "/v1/lists", "lists", act="list.see_totals", summary="Confirmed lists, or one's own drafts",
          about="Of the caller's areas, the newest first.", handle=_index, answer=ListPage, query=Lists,
          example={"lists": [examples.LIST_HEAD], "next": None}, problems=("bad_query", "read_only"), **_READ),
    Route("POST", "/v1/lists", "draw_list", summary="Draw a list by rules and keep it as a draft",
          about="From the run that answers now, within the caller's areas. The lots follow from the name of the run.",
          handle=_draw, answer=ListAnswer, body=NewList, asked={"rules": examples.RULES}, example=examples.LIST,
          problems=("scores_expired", "facts_broken", *_WRITE), heavy=True, status=201, **_DRAW),
    Route("GET", "/v1/lists/{no}", "list", act="list.see_totals", summary="A list in totals",
          about="Rules, accounts, expected errors by group. Households at the cut are told to who may see all of it.",
          handle=_see, answer=ListAnswer, query=Version, example=examples.LIST, problems=_GONE, tagged=True, **_READ),
    Route("GET", "/v1/lists/{no}/places", "places", act="list.see", summary="Places of a list in the caller's areas",
          about="In the order of the list, the reserve last.", handle=_places, answer=PlacePage, query=PlacesQuery,
          example={"list": "D-2026-0001", "version": 1, "places": [examples.PLACE], "next": None}, problems=_GONE,
          **_READ),
    Route("POST", "/v1/lists/{no}/confirm", "confirm_list", summary="Confirm one's own draft",
          about="From then on it is never changed, and its visits are planned. Expected errors are sent back as they "
                "were shown. 409 where new scores are published, or it was confirmed already.",
          handle=_confirm, answer=ListHead, body=Confirmation, asked={"changed": 1, "reason": "kuota triwulan IV",
          "checked": True, "expected_errors": {"missed_of_100": 62, "not_falling_of_100": 71}},
          example=examples.LIST_HEAD, problems=("scores_changed", "list_immutable", "errors_differ", *_WRITE), **_DRAW),
    Route("POST", "/v1/lists/{no}/versions", "new_version", summary="Draw a new version of a confirmed list",
          about="A draft, which replaces the version before once it is confirmed; that one stays as it is. Its rules "
                "keep name, quarter, schemes and areas of the list; others are a list of their own.",
          handle=_version, answer=ListAnswer, body=NewVersion, asked={},
          example={**examples.LIST, "list": "draft-2", "version": None, "newest": None, "status": "draft", "reason": "",
                   "confirmed_at": None, "hash": None, "replaces": {"list": "D-2026-0001", "version": 1}},
          problems=("scores_expired", "facts_broken", *_WRITE), heavy=True, status=201, **_DRAW),
)  # fmt: skip
