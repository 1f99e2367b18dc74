"""Visits: which are waiting, and the record of what one found, which is stored once however often it is sent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Connection, Row
from starlette.responses import RedirectResponse, Response

from features.contract import REGENCY_DIGITS
from serving.access import signin
from serving.access.rights import Caller, allow, may
from serving.cases import households, list_reads, visits
from serving.cases.households import Household
from serving.console import formats, forms, places, view, visit_form
from serving.console.asked import Asked, by_key, refused
from serving.console.forms import Sent, Values, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.store import visits as store
from serving.store.lists import Name

ROWS = 25
STATES = {"menunggu": "planned", "terjawab": "answered", "selesai": "done", "ditutup": "closed"}
SAVED = {"ya": "visit", "tutup": "close", "perbaikan": "correct"}
"""What was saved before this page is shown, to the word that says so."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/kunjungan", include_in_schema=False)
    def waiting(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _waiting(request, desk, who)

    @app.get("/keluarga/{kode}/kunjungan/baru", include_in_schema=False)
    def form(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "visit.record")
        found = households.look(desk.office, who, kode)
        kept = signin.kept(request, who, request.url.path)
        return _form(request, desk, who, found, kept or {}, restored=bool(kept))

    @app.post("/keluarga/{kode}/kunjungan/baru", include_in_schema=False, dependencies=[Depends(signin.csrf_keeping)])
    def record(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller_keeping)],
               sent: Sent) -> Response:  # fmt: skip
        return _record(request, desk, who, kode, sent)


def _waiting(request: Request, desk: Desk, who: Caller) -> Response:
    say = strings(view.language(request, who))
    asked = Asked(request, ("status", "kec", "tenggat", "oleh", "setelah", "tersimpan", "dari"))
    status = asked.choice("status", STATES, "visitstatus") or "planned"
    whose = asked.choice("oleh", {"saya": "mine", "lain": "others"}, "whose")
    saved = asked.choice("tersimpan", SAVED, "saved")
    last_day, subdistrict = last_due(desk, asked), asked.subdistrict()
    with by_key("subdistrict", "kec"):
        rows = visits.index(desk.office, who, status=status, subdistrict=subdistrict,
                            due_before=last_day and last_day + datetime.timedelta(1), mine=whose == "mine",
                            others=whose == "others", after=cursor(asked), count=ROWS)  # fmt: skip
    listed = list_reads.names(desk.office, who, [own.list for own in rows])
    last = rows[ROWS - 1] if len(rows) > ROWS else None
    given = {name: asked.query.get(name, "") for name in ("status", "kec", "tenggat", "oleh")}
    from_ = asked.query.get("dari", "")
    from_ = from_ if from_.isascii() and from_.isdigit() and len(from_) < 10 else ""
    more = "" if last is None else f"/kunjungan?{forms.address(given, setelah=place_of(last))}"
    return view.page(request, desk, "visits.html", title=say.say("nav.visits"), who=who, secret=True,
                     of=say.say(f"visit.state.{status}"),
                     unknown=asked.unknown, rows=[_row(desk, own, listed, say) for own in rows[:ROWS]], after=more,
                     status=200, chosen=status, given=given, subdistrict=subdistrict,
                     subdistricts=_subdistricts(desk, who, status, subdistrict, say),
                     states=list(STATES.items()), record=may(who, "visit.record"),
                     whose=whose, saved=_saved(desk, who, saved, from_, say),
                     onward=_onward(desk, who, saved, from_, say) if saved else None, from_=from_,
                     limit=say.say("visit.limit", date=formats.date(last_day, say.language)) if last_day else "",
                     )  # fmt: skip


def _record(request: Request, desk: Desk, who: Caller, kode: str, sent: Values) -> Response:
    told = visit_form.found(sent)

    def work(connection: Connection) -> str:
        if first(sent, "kedua") != "ya":
            visits.refuse_second(connection, who, kode, told.visited)
        number = first(sent, "kunjungan")
        if number.isdecimal() and len(number) < 10:
            planned = store.by_id(connection, int(number))
            if planned is None or planned.household != kode.replace("-", "").upper():  # that of another family
                raise Problem("not_in_area")
            row = visits.record(connection, who, int(number), told)
        else:
            row = visits.add(connection, desk.office, who, kode, told)
        return f"/kunjungan?tersimpan=ya&dari={row.id}"

    try:
        return RedirectResponse(forms.once(desk, who, request.url.path, sent, work), 303)
    except Problem as problem:
        if problem.code in visit_form.PAGES_OF_THEIR_OWN:
            raise
        found = households.look(desk.office, who, kode)
        return _form(request, desk, who, found, sent, problem)


def last_due(desk: Desk, asked: Asked) -> datetime.date | None:
    """Of `tenggat=7`: the last of the next seven days; of `tenggat=lewat`: yesterday; None where it is not asked."""
    text = asked.query.get("tenggat", "")
    if not text:
        return None
    if text == "lewat":
        return desk.office.today - datetime.timedelta(1)
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise refused("tenggat", "due")
    return desk.office.today + datetime.timedelta(int(text))


def _subdistricts(desk: Desk, who: Caller, status: str, chosen: str, say: Strings) -> list[tuple[str, str]]:
    """Sub-districts to choose from, with that which is chosen, by code."""
    codes = {*visits.subdistricts(desk.office, who, status), chosen} - {""}
    return [(code, places.whole(None, code[:REGENCY_DIGITS], say, code)) for code in sorted(codes)]


def cursor(asked: Asked) -> tuple[datetime.date | None, int] | None:
    """Of `setelah=2026-12-01_12`: due date and number of the last visit of the page before."""
    day, _, number = asked.query.get("setelah", "").partition("_")
    if not (day or number):
        return None
    try:
        return (datetime.date.fromisoformat(day) if day else None), int(number[:9])
    except ValueError:
        raise refused("setelah", "cursor") from None


def place_of(row: Row[Any]) -> str:
    """Of a visit, where the page after it begins, as `cursor` reads it."""
    return f"{row.due or ''}_{row.id}"


def _saved(desk: Desk, who: Caller, saved: str, number: str, say: Strings) -> str:
    """What was saved, and that it answers other visits to the family; empty where nothing was."""
    if not saved:
        return ""
    others = visits.answered(desk.office, who, int(number)) if number and saved != "close" else 0
    key = "visit.answers.one" if others == 1 else "visit.answers"
    return say.say(f"done.{saved}") + (" " + say.say(key, n=others) if others else "")


def _onward(desk: Desk, who: Caller, saved: str, number: str, say: Strings) -> dict[str, str] | None:
    """Where to go on after something was saved; None where nothing like it waits."""
    if not number:
        return None
    closing = saved == "close"
    found = visits.onward(desk.office, who, int(number), "done" if closing else "planned")
    if found is None or not may(who, "visit.close" if closing else "visit.record"):
        return None
    row, same = found
    return {"code": row.household, "words": say.say(f"visit.next.{same}"),
            "where": places.whole(row.province, row.regency, say, row.subdistrict),
            "href": f"/kunjungan/{row.id}" if closing else f"/keluarga/{row.household}/kunjungan/baru"}  # fmt: skip


def _row(desk: Desk, own: Row[Any], listed: Mapping[int, Name], say: Strings) -> dict[str, Any]:
    waits = visits.waits(own)
    name = visit_form.outcome(own, say)
    late = waits and own.due is not None and own.due < desk.office.today
    return {"code": own.household, "where": places.whole(own.province, own.regency, say, own.subdistrict),
            "id": own.id,
            "due": formats.date(own.due, say.language) if own.due else "", "planned": waits,
            "late": late, "place": own.place, "name": say.say("visit.overdue") if late else name,
            "how": visit_form.chosen(own, listed.get(own.list), say),
            "list": str(listed.get(own.list, ""))}  # fmt: skip


def _form(request: Request, desk: Desk, who: Caller, found: Household, values: Values,
          problem: Problem | None = None, restored: bool = False) -> Response:  # fmt: skip
    say, row = strings(view.language(request, who)), found.row
    # Until a day is written it is the one that the form fills in.
    day = visit_form.found(values).visited or desk.office.today
    planned = [own for own in found.visits or () if visits.waits(own)]
    return visit_form.page(request, desk, who, row["household_id"], places.whole(
                           row["province"], row["regency"], say, row["subdistrict"]), visit_form.facts(found, say),
                           values, problem, title=say.say("btn.visit"), action=request.url.path,
                           planned=planned[0].id if planned else None, restored=restored,
                           second=store.same_day(found.visits or (), who.person, day))  # fmt: skip
