"""One visit: what it found, its correction by who recorded it, its closing by somebody else."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Connection, Row
from starlette.responses import RedirectResponse, Response

from serving.access import signin
from serving.access.rights import Caller, allow, may
from serving.cases import households, list_reads, visits
from serving.console import administration, formats, forms, list_head, places, view, visit_form
from serving.console.forms import Sent, Values
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.store.lists import Name

TAGS = {"planned": "", "answered": "ok", "done": "info", "closed": "ok", "replaced": ""}


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/kunjungan/{nomor}", include_in_schema=False)
    def see(request: Request, nomor: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _page(request, desk, who, nomor)

    @app.post("/kunjungan/{nomor}/tutup", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def close(request: Request, nomor: str, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        def work(connection: Connection) -> str:
            row = visits.close(connection, who, _number(nomor))
            return f"/kunjungan?status=selesai&oleh=lain&tersimpan=tutup&dari={row.id}"

        try:
            return RedirectResponse(forms.once(desk, who, request.url.path, sent, work), 303)
        except Problem as problem:
            if problem.code in visit_form.PAGES_OF_THEIR_OWN:
                raise
            return _page(request, desk, who, nomor, problem)

    @app.get("/kunjungan/{nomor}/perbaiki", include_in_schema=False)
    def form(request: Request, nomor: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "visit.record")
        row = visits.see(desk.office, who, _number(nomor))
        visits.refuse_correction(row, who)
        kept = signin.kept(request, who, request.url.path)
        return _form(request, desk, who, row, kept or visit_form.recorded(row), restored=bool(kept))

    @app.post("/kunjungan/{nomor}/perbaiki", include_in_schema=False, dependencies=[Depends(signin.csrf_keeping)])
    def correct(request: Request, nomor: str, who: Annotated[Caller, Depends(signin.caller_keeping)],
                sent: Sent) -> Response:  # fmt: skip
        told = visit_form.found(sent)

        def work(connection: Connection) -> str:
            row = visits.correct(connection, who, _number(nomor), told)
            return f"/kunjungan?tersimpan=perbaikan&dari={row.id}"

        try:
            return RedirectResponse(forms.once(desk, who, request.url.path, sent, work), 303)
        except Problem as problem:
            if problem.code in visit_form.PAGES_OF_THEIR_OWN:
                raise
            row = visits.see(desk.office, who, _number(nomor))
            return _form(request, desk, who, row, sent, problem)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Problem("not_in_area")
    return int(text)


def _page(request: Request, desk: Desk, who: Caller, nomor: str, problem: Problem | None = None) -> Response:
    say = strings(view.language(request, who))
    row = visits.see(desk.office, who, _number(nomor))
    closes, own = visits.closes(row, who), row.recorded_by == who.person
    names = list_reads.names(desk.office, who, [row.list, row.answer_list])
    standing, waits = visits.state(row), row.status == "done" and row.newer is None
    return view.page(
        request, desk, "visit.html", title=say.say("visit.title", n=row.id), who=who, secret=True, row=row,
        crumbs=((say.say("nav.visits"), "/kunjungan"),), told=_told(row, names.get(row.list), say), css=TAGS[standing],
        state=say.say(f"visit.state.{standing}"), closes=closes, corrects=visits.corrects(row, who),
        own=waits and own and may(who, "visit.close"), name=names.get(row.list), link=list_head.link,
        answer_name=names.get(row.answer_list),
        where=places.whole(row.province, row.regency, say, row.subdistrict),
        why=problem.sentence(say.language) if problem else "", error=problem is not None,
        status=problem.status if problem else 200, key=forms.key(), key_name=forms.KEY,
    )  # fmt: skip


def _told(row: Row[Any], name: Name | None, say: Strings) -> list[tuple[str, str]]:
    """What was found, in words; what is empty is not shown. name : of the list that planned it."""
    names = dict(visit_form.facts(None, say, row.wrong))
    return [
        (say.say("visit.result"), say.say(f"visit.{row.result}") if row.result else ""),
        (say.say("visit.date"), formats.date(row.visited, say.language) if row.visited else ""),
        (say.say("visit.due"), formats.date(row.due, say.language) if row.due else ""),
        (say.say("list.why"), visit_form.chosen(row, name, say)),
        (say.say("visit.facts"), "; ".join(f"{names[key]}: {value}" for key, value in (row.wrong or {}).items())),
        (say.say("visit.pindah"), places.name(row.moved_to, say) if row.moved_to else ""),
        (say.say("visit.bantuan"), row.intervention or ""), (say.say("visit.catatan"), row.note),
        (say.say("visit.recorded"), _by(row.recorder, row.recorded_at, say)),
        (say.say("visit.closed"), _by(row.closer, row.closed_at, say)),
    ]  # fmt: skip


def _by(account: str | None, at: Any, say: Strings) -> str:
    return "" if at is None else say.say("visit.by", when=administration.moment(at, say), who=account or "-")


def _form(request: Request, desk: Desk, who: Caller, row: Row[Any], values: Values,
          problem: Problem | None = None, restored: bool = False) -> Response:  # fmt: skip
    say = strings(view.language(request, who))
    try:
        house = households.look(desk.office, who, row.household)
    except Problem as gone:  # the run that answers may hold it no longer; what was found of it can be put right
        if gone.code not in ("not_in_area", "no_scores"):
            raise
        house = None
    return visit_form.page(request, desk, who, row.household,
                           places.whole(row.province, row.regency, say, row.subdistrict),
                           visit_form.facts(house, say, row.wrong), values, problem,
                           title=say.say("visit.correct"), action=request.url.path, restored=restored)  # fmt: skip
