"""Visits: which are waiting, and the form of what one found, which stores once however often it is sent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Connection, Row
from starlette.responses import RedirectResponse, Response

from serving import signin
from serving.access import Caller, allow, may
from serving.cases import households, objections, visits
from serving.cases.households import Household
from serving.console import formats, forms, places, telling, view
from serving.console.asked import Asked, refused
from serving.console.forms import Sent, Values, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Broken, Problem
from serving.store.visits import RESULTS, Found

ROWS = 25
FIELDS = {"result": "hasil", "visited": "tanggal", "note": "catatan", "wrong": "salah", "moved_to": "pindah",
          "intervention": "bantuan"}  # fmt: skip
STATES = {"menunggu": "planned", "selesai": "done", "ditutup": "closed"}


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/kunjungan", include_in_schema=False)
    def waiting(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say = strings(view.language(request, who))
        asked = Asked(request, ("status", "tenggat", "setelah", "tersimpan"))
        status = asked.choice("status", STATES, "visitstatus") or "planned"
        before = days(desk, asked)
        rows = visits.index(desk.office, who, status=status, due_before=before, after=_after(asked), count=ROWS + 1)
        last = rows[ROWS - 1] if len(rows) > ROWS else None
        more = "" if last is None else (f"/kunjungan?status={asked.query.get('status', 'menunggu')}"
               f"&setelah={last.due or ''}_{last.id}") + (
                   f"&tenggat={asked.query['tenggat']}" if before else "")  # fmt: skip
        return view.page(request, desk, "visits.html", title=say.say("nav.visits"), who=who, secret=True,
                         unknown=asked.unknown, rows=[_row(desk, own, say) for own in rows[:ROWS]], after=more,
                         status=200, chosen=status, states=list(STATES.items()), saved="tersimpan" in asked.query,
                         record=may(who, "visit.record"))  # fmt: skip

    @app.get("/keluarga/{kode}/kunjungan/baru", include_in_schema=False)
    def form(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "visit.record")
        found = households.look(desk.office, who, kode)
        return _form(request, desk, who, found, signin.kept(request, who, request.url.path) or {})

    @app.post("/keluarga/{kode}/kunjungan/baru", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def record(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller_keeping)],
               sent: Sent) -> Response:  # fmt: skip
        say = strings(view.language(request, who))
        try:
            told = _found(sent)

            def work(connection: Connection) -> str:
                number = first(sent, "kunjungan")
                if number.isdecimal() and len(number) < 10:
                    visits.record(connection, who, int(number), told)
                else:
                    visits.add(connection, desk.office, who, kode, told)
                return "/kunjungan?tersimpan=ya"

            return RedirectResponse(forms.once(desk, who, request.url.path, sent, work), 303)
        except Problem as problem:
            if problem.code in ("not_in_area", "forbidden_role"):
                raise
            broken = forms.broken(problem, say, FIELDS, names(say))
            found = households.look(desk.office, who, kode)
            return _form(request, desk, who, found, sent, broken, problem.status)


def days(desk: Desk, asked: Asked) -> datetime.date | None:
    """Of `tenggat=7`: the day after the last one of the next seven days."""
    text = asked.query.get("tenggat", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise refused("tenggat", "number")
    return desk.office.today + datetime.timedelta(int(text) + 1)


def _after(asked: Asked) -> tuple[datetime.date | None, int] | None:
    """Of `setelah=2026-12-01_12`: due date and number of the last visit of the page before."""
    day, _, number = asked.query.get("setelah", "").partition("_")
    if not (day or number):
        return None
    try:
        return (datetime.date.fromisoformat(day) if day else None), int(number[:9])
    except ValueError:
        raise refused("setelah", "cursor") from None


def _row(desk: Desk, own: Row[Any], say: Strings) -> dict[str, Any]:
    late = own.status == "planned" and own.due is not None and own.due < desk.office.today
    return {"code": own.household, "where": places.whole(own.province, own.regency, say), "id": own.id,
            "due": formats.date(own.due, say.language) if own.due else "", "planned": own.status == "planned",
            "late": late, "place": own.place, "name": say.say(
                f"visit.{own.result}" if own.result else "visit.overdue" if late else "visit.planned"),
            "how": say.say(f"visit.how.{own.channel}")}  # fmt: skip


def names(say: Strings) -> dict[str, str]:
    """Labels of the form's fields."""
    return {name: say.say(f"visit.{name}") for name in FIELDS.values()}


def _found(sent: Values) -> Found:
    """What the form tells; Problem `invalid` for a date that is none."""
    result = first(sent, "hasil")
    if not result:
        raise Problem("invalid", [Broken("result", "required")])
    try:
        day = datetime.date.fromisoformat(first(sent, "tanggal"))
    except ValueError:
        raise Problem("invalid", [Broken("visited", "date")]) from None
    # Only what the result needs: what was filled in under another one first is left out.
    wrong = {name.removeprefix("salah-"): first(sent, name) for name in sent if name.startswith("salah-")}
    facts = {name: value for name, value in wrong.items() if value} if result == "wrong" else None
    return Found(result, day, first(sent, "catatan"), facts or None,
                 (first(sent, "pindah") or None) if result == "moved" else None,
                 first(sent, "bantuan") or None)  # fmt: skip


def _form(request: Request, desk: Desk, who: Caller, found: Household, values: Values,
          broken: Mapping[str, str] | None = None, status: int = 200) -> Response:  # fmt: skip
    say = strings(view.language(request, who))
    row = found.row
    planned = [own for own in found.visits or () if own.status == "planned"]
    facts = [(fact.key, fact.text) for fact in telling.facts(row, say) if fact.contestable]
    facts += [(key, say.say("visit.missing", name=name)) for key, name in zip(
        row["missing"] or [], telling.named(row["missing"] or [], say), strict=False)
        if key in objections.contestable()]  # fmt: skip
    code = row["household_id"]
    return view.page(
        request, desk, "visit_new.html", title=say.say("btn.visit"), who=who, secret=True, status=status,
        error=bool(broken), broken=broken or {}, values={name: first(values, name) for name in values},
        crumbs=((say.say("house.crumb"), "/keluarga"), (formats.code(code), f"/keluarga/{code}")), code_=code,
        where=places.whole(row["province"], row["regency"], say), results=[(name, say.say(f"visit.{name}")) for name in
        RESULTS], facts=facts, planned=planned[0].id if planned else "", today=desk.office.today.isoformat(),
        names=names(say), key_name=forms.KEY, key=first(values, forms.KEY) or forms.key(), provinces=[
            (name, [(own, places.name(own, say)) for own in places.regencies() if own[:2] == province])
            for province, name in places.provinces().items()],
    )  # fmt: skip
