"""The list builder: four steps whose state is the address, a preview, and the confirmation by a person."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Request
from sqlalchemy import Connection, Row
from starlette.responses import RedirectResponse, Response

from features.contract import SHOCKS
from serving import signin
from serving.access import Areas, Caller, allow
from serving.cases import cuts, list_reads, lists
from serving.cases.lists import Drawing
from serving.console import forms, list_words, listing, places, view
from serving.console.forms import KEY, Sent, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Broken, Problem

_ROOM = threading.BoundedSemaphore(1)
"""Drawing takes seconds on a large store: one at a time in a process."""
Step = Annotated[int, Path(ge=1, le=4)]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/daftar/baru/{step}", include_in_schema=False)
    def see(request: Request, step: Step, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "list.build")
        chosen = listing.state({name: request.query_params.getlist(name) for name in request.query_params})
        if "draf" in chosen and "skema" not in chosen:
            row = list_reads.see(desk.office, who, chosen["draf"]).row
            kept = listing.of_settings(row.settings)
            end = listing.query(kept, draf=chosen["draf"], ubah=str(row.changed))
            return RedirectResponse(f"/daftar/baru/{step}?{end}", 303)
        return _page(request, desk, who, step, chosen)

    @app.post("/daftar/baru/pratinjau", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def preview(request: Request, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        say = strings(view.language(request, who))
        made = _try(desk, who, listing.state(sent), say)
        return view.page(request, desk, "builder_preview.html", title=say.say("build.preview"), who=who, secret=True,
                         **made)  # fmt: skip

    @app.post("/daftar/baru/{step}", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def go(request: Request, step: Step, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        allow(who, "list.build")
        known = {name: request.query_params.getlist(name) for name in request.query_params}
        chosen = listing.state(known) | _unticked(step, sent) | listing.state(sent)
        act = first(sent, "aksi")
        if act == "hitung":
            return _page(request, desk, who, step, chosen, show=True)
        if act == "lanjut" and step < 4:
            broken = _broken_of(chosen, step, strings(view.language(request, who)))
            if broken:
                return _page(request, desk, who, step, chosen, broken=broken, status=422)
            return RedirectResponse(f"/daftar/baru/{step + 1}?{listing.query(chosen)}", 303)
        try:
            return _write(request, desk, who, step, chosen, sent, confirm=act == "konfirmasi")
        except Problem as problem:
            say = strings(view.language(request, who))
            broken = forms.broken(problem, say, listing.FIELDS, _names(say))
            return _page(request, desk, who, 4 if act == "konfirmasi" else step, chosen, broken=broken,
                         status=problem.status, reason=first(sent, "alasan"))  # fmt: skip


def _unticked(step: int, sent: Mapping[str, list[str]]) -> dict[str, str]:
    """A box that is not ticked is not sent: of the step's own form it means none."""
    return {} if step != 3 or "acak" not in sent else {"guncangan": ""}


def _write(request: Request, desk: Desk, who: Caller, step: int, chosen: Mapping[str, str],
           sent: Mapping[str, list[str]], confirm: bool) -> Response:  # fmt: skip
    """Keep the draft, and confirm it where a person has checked what they were shown."""
    if confirm and first(sent, "periksa") != "ya":
        raise Problem("invalid", [Broken("checked", "checked")])
    drawing = _draw(desk, who, chosen)
    if confirm and first(sent, "skor") != drawing.scores.run.name:
        raise Problem("scores_changed")
    if confirm and first(sent, "daftar") != drawing.drawn.identity:
        raise Problem("changed_meanwhile")

    def work(connection: Connection) -> str:
        name, changed = chosen.get("draf", ""), chosen.get("ubah", "")
        if name and changed.isdecimal():
            row = lists.keep_again(connection, who, name, int(changed), drawing)
        else:
            row = lists.keep(connection, who, drawing)
        name = f"draft-{row.id}"
        if not confirm:
            end = listing.query(chosen, draf=name, ubah=str(row.changed))
            return f"/daftar/baru/{step}?{end}&tersimpan=ya"
        done = lists.confirm(connection, desk.office, who, name, row.changed, first(sent, "alasan"),
                             lists.errors_of(row.result))  # fmt: skip
        return f"/daftar/{done.number}?selesai=ya"

    return RedirectResponse(forms.once(desk, who, request.url.path, {**sent, "pilihan": [listing.query(chosen)]}, work),
                            303)  # fmt: skip


@contextmanager
def _alone() -> Iterator[None]:
    if not _ROOM.acquire(timeout=20):
        raise Problem("busy", headers={"Retry-After": "5"})
    try:
        yield
    finally:
        _ROOM.release()


def _draw(desk: Desk, who: Caller, chosen: Mapping[str, str]) -> Drawing:
    base, replaces = None, None
    if chosen.get("versi") or chosen.get("dari"):
        with desk.office.store.reading() as connection:
            row = lists.find_to_replace(connection, who, chosen.get("versi") or chosen["dari"])
        base, replaces = row.settings, row.id if chosen.get("versi") else None
    rules = lists.rules(listing.rules(chosen, base))
    with _alone():
        return lists.draw(desk.office, who, rules, previous=chosen.get("dari") or None, replaces=replaces)


def _try(desk: Desk, who: Caller, chosen: Mapping[str, str], say: Strings) -> dict[str, Any]:
    """A preview, or what keeps it from being made; a reading of the households that it is made of."""
    try:
        drawing = _draw(desk, who, chosen)
    except Problem as problem:
        return {"preview": None, "why": list(forms.broken(problem, say, listing.FIELDS, _names(say)).values())}
    drawn = drawing.drawn
    desk.office.journal.write(who, "list.build", object="preview", area=drawing.area, count=len(drawn.places),
                              detail={"list": drawn.identity})  # fmt: skip
    result, near = lists.told(drawing), cuts.drawn(drawn)
    return {"preview": list_words.told(result, near, say) | {"empty": list_words.empty(result, say)}, "why": [],
            "identity": drawn.identity, "run": drawn.run}  # fmt: skip


def _broken_of(chosen: dict[str, str], step: int, say: Strings) -> dict[str, str]:
    """What is wrong with the fields of a step."""
    try:
        asked_later = {f"kuota-{code or '0'}": "1" for code in listing.areas(chosen)} if step == 1 else {}
        lists.rules(listing.rules(chosen | asked_later))
    except Problem as problem:
        found = forms.broken(problem, say, listing.FIELDS, _names(say))
        return {name: text for name, text in found.items() if name in listing.STEPS[step]}
    return {}


def _page(request: Request, desk: Desk, who: Caller, step: int, chosen: Mapping[str, str], *, show: bool = False,
          broken: Mapping[str, str] | None = None, status: int = 200, reason: str = "") -> Response:  # fmt: skip
    say = strings(view.language(request, who))
    areas = allow(who, "list.build")
    last = _last(desk, who, areas) if step == 1 and not chosen.get("skema") else None
    period = _period(desk)
    if last is not None:
        own = listing.of_settings(last.settings)
        chosen = {**own, "per": period, "dari": last.number, **chosen} if own else chosen
    values = {**listing.USUAL, "per": period, **chosen}
    made = _try(desk, who, chosen, say) if step == 4 or show else {"preview": None, "why": []}
    title = say.say(f"build.step.{step}")
    return view.page(
        request, desk, "builder.html", title=title, who=who, secret=True, live=step < 4, step=step, values=values,
        crumbs=((say.say("nav.lists"), "/daftar"),), broken=broken or {}, status=status, error=bool(broken),
        names=_names(say), areas=_choices(areas, say), chosen_areas=[(code or "0", places.name(code, say)) for code in
        listing.areas(values)], shocks=[(shock, say.say(f"shock.{shock}")) for shock in SHOCKS],
        ticked=values.get("guncangan", "").split(","), ends=listing.query(chosen), key=forms.key(), key_name=KEY,
        rows=_summary(values, say), saved="tersimpan" in request.query_params, reason=reason,
        last_link=f"/daftar/baru/4?{listing.query(chosen)}" if last is not None and chosen.get("skema") else "",
        last=last, **made)  # fmt: skip


def _last(desk: Desk, who: Caller, areas: Areas) -> Row[Any] | None:
    """The newest confirmed list that lies wholly in the caller's areas."""
    rows = list_reads.index(desk.office, who, quarter=None, status="confirmed", before=None, count=25)
    return next((row for row in rows if areas.holds(row.regency or row.province or "")), None)


def _period(desk: Desk) -> str:
    day = desk.office.today
    return f"{day.year}Q{(day.month + 2) // 3}"


def _choices(areas: Areas, say: Strings) -> list[tuple[str, str]]:
    """Areas that a list may be of: those of the caller, and the regencies or provinces in them."""
    if areas.everywhere:
        return [("0", places.name("", say)), *places.provinces().items()]
    found = [(code, places.name(code, say)) for code in areas.codes]
    inside = [code for code in places.regencies() if code[:2] in areas.codes]
    return found + [(code, places.name(code, say)) for code in inside]


def _names(say: Strings) -> dict[str, str]:
    fields = (*(name for own in listing.STEPS.values() for name in own), "alasan", "periksa")
    return {name: say.say(f"build.{name}") for name in fields}


def _summary(values: Mapping[str, str], say: Strings) -> list[tuple[str, str, int]]:
    """Rows of the last step: name, answer, step in which it is changed."""
    shown: list[tuple[str, str, int]] = []
    for step, names in listing.STEPS.items():
        for name in names:
            own = values.get(name, "")
            if name == "wil":
                own = ", ".join(places.name(code, say) for code in listing.areas(values))
            elif name == "kuota":
                own = "; ".join(f"{places.name(code, say)}: {values.get(f'kuota-{code or 0}', '-')}"
                                for code in listing.areas(values))  # fmt: skip
            elif name == "urutan":
                own = say.say(f"build.urutan.{own if own in listing.ORDERS else listing.USUAL[name]}")
            elif name == "guncangan":
                own = ", ".join(say.say(f"shock.{shock}") for shock in own.split(",") if shock in SHOCKS) or say.say(
                    "build.none"
                )
            elif name in ("acak", "cadangan", "jalur", "histeresis"):
                own = f"{own} %"
            shown.append((say.say(f"build.{name}"), own or say.say("build.none"), step))
    return shown
