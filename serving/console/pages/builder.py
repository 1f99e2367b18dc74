"""The list builder: four steps whose state is the address, a preview, and the confirmation by a person."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Request
from sqlalchemy import Connection, Row
from starlette.responses import RedirectResponse, Response

from features.contract import SHOCKS
from models.targeting.rule_checks import FOUND
from serving.access import signin
from serving.access.rights import Areas, Caller, allow
from serving.cases import cuts, list_last, list_reads, lists, objections, visits
from serving.cases.lists import Drawing
from serving.console import formats, forms, list_facts, list_form, list_head, list_words, listing, places, view
from serving.console.forms import KEY, Sent, Values, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.faults import Faults
from serving.problems import Broken, Problem
from serving.store import checks
from serving.store.lists import Name

_ROOM = threading.BoundedSemaphore(1)
"""Drawing takes seconds on a large store: one at a time in a process."""
PREVIEW = "/daftar/baru/pratinjau"
Step = Annotated[int, Path(ge=1, le=4)]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/daftar/baru/{step}", include_in_schema=False)
    def see(request: Request, step: Step, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "list.build")
        chosen = _known(request)
        if "draf" in chosen and "skema" not in chosen:
            row = list_reads.see(desk.office, who, chosen["draf"], shown=lambda _: ()).row
            kept = listing.of_settings(row.settings)
            if not kept:
                return _page(request, desk, who, 1, {}, several=chosen["draf"])
            replaced = "".join(name.number for name in list_reads.names(desk.office, who, [row.replaces]).values())
            before = row.result.get("previous") or ""
            end = listing.query(kept, draf=chosen["draf"], ubah=str(row.changed), versi=replaced,
                                dari=before)  # fmt: skip
            return RedirectResponse(f"/daftar/baru/{step if listing.decided(kept) else 2}?{end}", 303)
        # What was sent, or only shown in a preview, after the session had ended.
        late = [signin.kept(request, who, path) for path in (request.url.path, PREVIEW)]
        sent = next((own for own in late if own), None)
        if sent is None:
            return _page(request, desk, who, step, chosen)
        return _page(request, desk, who, step, chosen | _of(sent), restored=True,
                     reason=first(sent, "alasan"))  # fmt: skip

    @app.post(PREVIEW, include_in_schema=False, dependencies=[Depends(signin.csrf_keeping)])
    def preview(request: Request, who: Annotated[Caller, Depends(signin.caller_keeping)], sent: Sent) -> Response:
        say = strings(view.language(request, who))
        made = _try(desk, who, _kept(desk, who, _known(request) | _of(sent)), say)
        return view.page(request, desk, "builder_preview.html", title=say.say("build.preview"), who=who, secret=True,
                         **made)  # fmt: skip

    @app.post("/daftar/baru/{step}", include_in_schema=False, dependencies=[Depends(signin.csrf_keeping)])
    def go(request: Request, step: Step, who: Annotated[Caller, Depends(signin.caller_keeping)],
           sent: Sent) -> Response:  # fmt: skip
        return _go(request, desk, who, step, sent)


def _go(request: Request, desk: Desk, who: Caller, step: int, sent: Values) -> Response:
    """From a step to where its button leads."""
    allow(who, "list.build")
    chosen = _kept(desk, who, _known(request) | _of(sent))
    if step == 1:
        chosen = _since(desk, who, chosen, _known(request))
    act = first(sent, "aksi")
    if act == "skema":
        more = str(listing.shown(chosen) + 1)
        return RedirectResponse(f"/daftar/baru/1?{listing.query(chosen, berapa=more)}", 303)
    if act == "hitung":
        return _page(request, desk, who, step, chosen, show=True)
    if act in ("lanjut", "draf") and step < 4:
        told = chosen if act == "lanjut" else listing.undecided(chosen)
        broken = _broken_of(desk, told, step, allow(who, "list.build"), strings(view.language(request, who)))
        if broken:
            return _page(request, desk, who, step, chosen, broken=broken, status=422)
    if act == "lanjut" and step < 4:
        return RedirectResponse(_onward(desk, who, step, chosen, strings(view.language(request, who))), 303)
    try:
        return _write(request, desk, who, step, chosen, sent, confirm=act == "konfirmasi")
    except Problem as problem:
        say = strings(view.language(request, who))
        broken = forms.broken(problem, say, listing.fields(chosen), list_form.names(chosen, say))
        return _page(request, desk, who, 4 if act == "konfirmasi" else step, chosen, broken=broken,
                     status=problem.status, reason=first(sent, "alasan"))  # fmt: skip


def _onward(desk: Desk, who: Caller, step: int, chosen: Mapping[str, str], say: Strings) -> str:
    """Address of the step after one; of a choice that was changed from the last step, that step again, unless the
    change asks something anew on another one."""
    to = step + 1
    if chosen.get("kembali"):
        areas = allow(who, "list.build")
        to = next((other for other in (1, 2, 3) if _broken_of(desk, chosen, other, areas, say)), 4)
    return f"/daftar/baru/{to}?{listing.query(chosen)}"


def _of(sent: Mapping[str, list[str]]) -> dict[str, str]:
    """The choices of a form. A box that is not ticked is not sent: beside the other fields of its form that is none."""
    ticks = [
        ("nama", "wil"),
        ("acak", "guncangan"),
        ("acak", "temuan"),
        *(
            (listing.field("biaya", at), listing.field(name, at))
            for at in range(1, listing.MOST + 1)
            for name in ("tanpa", "jenjang")
        ),
    ]
    none = {name: "" for beside, name in ticks if beside in sent}
    return none | listing.state(sent)


def _known(request: Request) -> dict[str, str]:
    """The choices of the address."""
    return listing.state({name: request.query_params.getlist(name) for name in request.query_params})


def _write(request: Request, desk: Desk, who: Caller, step: int, chosen: Mapping[str, str],
           sent: Mapping[str, list[str]], confirm: bool) -> Response:  # fmt: skip
    """Keep the draft, and confirm it where a person has checked what they were shown."""
    if confirm:
        faults = Faults()
        faults.of(checks.note, "reason", first(sent, "alasan"), required=True)
        if first(sent, "periksa") != "ya":
            faults.tell("checked", "checked")
        faults.refuse()
    drawing = _draw(desk, who, chosen if confirm else listing.undecided(chosen))
    if confirm and first(sent, "skor") != drawing.scores.run.name:
        raise Problem("scores_changed")
    if confirm and first(sent, "daftar") != drawing.drawn.identity:
        raise Problem("changed_meanwhile")

    def work(connection: Connection) -> str:
        name, changed = chosen.get("draf", ""), chosen.get("ubah", "")
        draft = (name, int(changed)) if name and changed else None
        if confirm:
            done = lists.confirm_drawn(connection, desk.office, who, drawing, first(sent, "alasan"), draft)
            return f"/daftar/{done.number}?selesai=ya"
        row = lists.keep(connection, who, drawing, draft)
        end = listing.query(chosen, draf=f"draft-{row.id}", ubah=str(row.changed))
        return f"/daftar/baru/{step}?{end}&tersimpan=ya"

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
    if named := chosen.get("versi") or chosen.get("dari"):
        row = _named(desk, who, named)
        base, replaces = row.settings, row if chosen.get("versi") else None
    rules = lists.rules(listing.rules(chosen, base))
    with _alone():
        return lists.draw(desk.office, who, rules, previous=chosen.get("dari") or None, replaces=replaces)


def _try(desk: Desk, who: Caller, chosen: Mapping[str, str], say: Strings, last: bool = False) -> dict[str, Any]:
    """A preview, or what keeps it from being made; a reading of the households that it names. last : in the last step,
    which shows the two at each cut as well."""
    try:
        drawing = _draw(desk, who, chosen)
    except Problem as problem:
        areas = allow(who, "list.build")
        told = {name: text for step in (1, 2, 3) for name, text in _broken_of(desk, chosen, step, areas, say).items()}
        told = told or forms.broken(problem, say, listing.fields(chosen), list_form.names(chosen, say))
        return {"preview": None, "why": [*told.values()]}
    drawn = drawing.drawn
    result, near = lists.told(drawing), cuts.drawn(drawn)
    named = dict.fromkeys([*list_words.named(result), *(lists.ends(result) if last else ())])
    desk.office.journal.write(who, "list.build", object="preview", area=drawing.area, households=[*named],
                              count=len(drawn.places), detail={"list": drawn.identity})  # fmt: skip
    return {"preview": list_words.told(result, near, say) | {"empty": list_words.empty(result, say), "twice": [
                say.say("build.twice", no=name, n=formats.number(count, say.language))
                for name, count in drawing.also_on.items()]}, "why": [],
            "identity": drawn.identity, "run": drawn.run, "result": result}  # fmt: skip


def _broken_of(desk: Desk, chosen: Mapping[str, str], step: int, areas: Areas, say: Strings) -> dict[str, str]:
    """All that is wrong with the fields of a step; areas : of the caller, who has to hold one around those of the list.

    Rules are told one at a time: what breaks one is taken as if it were sound, and the choices are looked at again.
    """
    found: dict[str, str] = {}
    if step == 3 and (absent := list_facts.absent(desk.office, chosen.get("urutan", ""), say)):
        found["urutan"] = say.say("form.broken", field=say.say("build.urutan"), rule=absent)
    sound = dict(chosen)
    while told := _first_broken(sound, step, areas, say, "wil" in found):
        if not told.keys() - found.keys():
            break
        found = told | found
        sound = sound | {name: listing.sound(name, areas) for name in told}
    return {name: found[name] for name in listing.steps(chosen)[step] if name in found}


def _first_broken(chosen: dict[str, str], step: int, areas: Areas, say: Strings, areas_told: bool) -> dict[str, str]:
    try:
        if step == 1 and not areas_told and (rule := listing.areas_broken(chosen, areas)):
            raise Problem("invalid", [Broken("wil", rule)])
        asked_later = {listing.quota(at, code): "1" for code in listing.areas(chosen)
                       for at in listing.schemes(chosen)} if step == 1 else {}  # fmt: skip
        lists.rules(listing.rules(chosen | asked_later))
    except Problem as problem:
        return forms.broken(problem, say, listing.fields(chosen), list_form.names(chosen, say))
    return {}


def _page(request: Request, desk: Desk, who: Caller, step: int, chosen: Mapping[str, str], *, show: bool = False,
          broken: Mapping[str, str] | None = None, status: int = 200, reason: str = "",
          restored: bool = False, several: str = "") -> Response:  # fmt: skip
    say = strings(view.language(request, who))
    areas = allow(who, "list.build")
    old = _version(desk, who, chosen)
    fixed = {} if old is None else listing.kept(old.settings, chosen)
    period = fixed.get("per") or chosen.get("per") or _period(desk)
    last, others = _offered(desk, who, areas, step, chosen, period)
    again = {} if last is None else _again(last, old is not None, period, say)
    if last is not None and not again:
        several = str(Name.of(last))
    if again and step == 1:
        chosen = again = {**again, **chosen, **fixed}
    chosen = {**chosen, **fixed}
    if step == 4:
        chosen.pop("kembali", None)
    # Who has one regency has nothing to choose.
    only = {"wil": areas.codes[0]} if len(areas.codes) == 1 and len(areas.codes[0]) == 4 else {}
    values = {**listing.USUAL, "per": period, **only, **chosen}
    # What is no quarter stays as it was typed.
    told = formats.quarter(values["per"], say.language, short=True) if formats.typed_quarter(values["per"]) else ""
    made = _try(desk, who, chosen, say, step == 4) if step == 4 or show else {"preview": None, "why": []}
    title = say.say(f"build.step.{step}")
    return view.page(
        request, desk, "builder.html", title=title, who=who, secret=True, live=step < 4, step=step, values=values,
        of=", ".join(own for own in (say.say("build.at", n=step), values.get("nama", "")) if own),
        crumbs=((say.say("nav.lists"), "/daftar"),), broken=broken or {}, status=status,
        error=bool(broken), quarter_=told or values["per"],
        orders=list_facts.orders(desk.office, say) if step == 3 else [],
        names=list_form.names(values, say), areas_of=list_form.choices(areas, values, say) if step == 1 else [],
        everywhere=areas.everywhere, chosen=listing.areas(values), most=listing.MOST,
        schemes=_schemes(values, step, say),
        areas_chosen=[(code, places.name(code, say)) for code in listing.areas(values)], restored=restored,
        quota=listing.quota, field=listing.field, rungs=list_form.rungs(say),
        shocks=[(shock, say.say(f"shock.{shock}")) for shock in SHOCKS],
        lane=list_facts.lane(desk.office, say) if step == 3 else "",
        findings=[(found, say.say(f"visit.{found}")) for found in FOUND], kept_out=values["temuan"].split(","),
        ticked=values.get("guncangan", "").split(","), ends=listing.query(chosen), key=forms.key(), key_name=KEY,
        rows=list_form.summary(values, say, made.pop("result", None)), saved="tersimpan" in request.query_params,
        reason=reason,
        fixed=[(name, own) for name, own, _ in list_form.kept(values, say)] if fixed else (),
        last_link=f"/daftar/baru/4?{listing.query(again)}" if again else "",
        last=last, last_name=last and Name.of(last), several=several,
        others=[(row.number, _last_told(row, say)) for row in others],
        **(_lasts(desk, who, chosen, say) if step == 2 else {"lasts": [], "no_last": ""}),
        **_replaced(desk, who, old if step in (1, 4) else None, say), **made)  # fmt: skip


def _again(last: Row[Any], version: bool, period: str, say: Strings) -> dict[str, str]:
    """The choices of a list for the next one, or for a new version of it; empty where they do not fit these steps."""
    own = listing.of_settings(last.settings)
    if not own:
        return {}
    return {**own, "nama": list_form.suggested(own, period, say), "per": period, "dari": "" if version else last.number}


def _version(desk: Desk, who: Caller, chosen: Mapping[str, str]) -> Row[Any] | None:
    """The list that a new version is made of; None of a list of its own, or where the rest of the page tells what is
    wrong with its number."""
    if not chosen.get("versi"):
        return None
    try:
        return _named(desk, who, chosen["versi"])
    except Problem as problem:
        if problem.code not in ("not_in_area", "not_confirmed"):
            raise
        return None


def _kept(desk: Desk, who: Caller, chosen: Mapping[str, str]) -> dict[str, str]:
    """The choices with those that a new version keeps from the list that it replaces."""
    old = _version(desk, who, chosen)
    return dict(chosen) if old is None else {**chosen, **listing.kept(old.settings, chosen)}


def _replaced(desk: Desk, who: Caller, row: Row[Any] | None, say: Strings) -> dict[str, Any]:
    """That a new version replaces a list, what of the one before falls away with that, and the objections accepted
    since; empty of a list of its own."""
    if row is None:
        return {"replaced": "", "accepted": {}}
    made, planned = visits.progress(desk.office, who, row)
    told = say.say("build.replaces", no=row.number, n=row.version + 1, old=row.version)
    if planned > made:
        told += f" {say.say('build.replaces.visits', n=formats.number(planned - made, say.language), old=row.version)}"
    return {"replaced": told, "accepted": list_head.accepted(row, objections.accepted(desk.office, who, row), say)}


def _offered(desk: Desk, who: Caller, areas: Areas, step: int, chosen: Mapping[str, str], period: str,
             ) -> tuple[Row[Any] | None, Sequence[Row[Any]]]:  # fmt: skip
    """The list whose choices are offered, and others that may be taken instead: before anything was chosen; and, where
    the first step has brought another last list, before anybody has said how many places there are."""
    if step == 1 and not chosen.get("skema"):
        if named := chosen.get("versi") or chosen.get("dari"):
            return _named(desk, who, named), ()
        rows = list_last.offered(desk.office, who, period)
        rows.sort(key=lambda row: (row.regency or row.province or "") not in areas.codes)  # of all they have, first
        return (rows[0], rows[1:]) if rows else (None, ())
    if step == 2 and not chosen.get("versi") and chosen.get("dari") and not listing.decided(chosen):
        return _named(desk, who, chosen["dari"]), ()
    return None, ()


def _since(desk: Desk, who: Caller, chosen: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The choices of the first step with the last list of the quarter, areas and schemes that were chosen; before :
    those of the address, whose last list stays while these do. A new version keeps the one that it replaces."""
    if chosen.get("versi") or (before.get("wil") and _asked(chosen) == _asked(before)):
        return dict(chosen)
    period, wanted = _asked(chosen)
    last = list_last.same(list_last.offered(desk.office, who, period, wanted), wanted)
    return {**chosen, "dari": "" if last is None else last.number}


def _asked(chosen: Mapping[str, str]) -> tuple[str, list_last.Kind]:
    """Quarter, and areas and schemes, of the list that is made; what nobody chose is as the form shows it."""
    own = {**listing.USUAL, **chosen}
    schemes = frozenset(own.get(listing.field("skema", at), "").strip() for at in listing.schemes(own))
    return own.get("per", ""), (frozenset(listing.areas(own)), schemes)


def _named(desk: Desk, who: Caller, name: str) -> Row[Any]:
    with desk.office.store.reading() as connection:
        return lists.find_to_replace(connection, who, name)


def _lasts(desk: Desk, who: Caller, chosen: Mapping[str, str], say: Strings) -> dict[str, Any]:
    """Lists that the one that is made may go on from, to choose from, and that none of them is of just its areas and
    schemes; nothing of a new version, whose last list is the one that it replaces."""
    if chosen.get("versi"):
        return {"lasts": [], "no_last": ""}
    period, wanted = _asked(chosen)
    rows = list_last.offered(desk.office, who, period, wanted)
    told = {row.number: _last_told(row, say) for row in rows}
    if (named := chosen.get("dari", "")) and named not in told:  # of a draft, or of an address that somebody wrote
        told[named] = named
    none = "" if list_last.same(rows, wanted) else say.say("build.dari.other" if rows else "build.dari.none")
    return {"lasts": [*told.items()], "no_last": none}


def _last_told(row: Row[Any], say: Strings) -> str:
    """A list to be chosen: what it is called, its quarter, where it is."""
    area = places.name(row.regency or row.province or "", say)
    return f"{Name.of(row)}, {row.title}, {formats.quarter(row.quarter, say.language)}, {area}"


def _period(desk: Desk) -> str:
    day = desk.office.today
    return f"{day.year}Q{(day.month + 2) // 3}"


def _schemes(values: Mapping[str, str], step: int, say: Strings) -> list[tuple[int, str]]:
    """Number and name of the schemes that a step asks of: the first one also those that have no name yet."""
    numbers = range(1, listing.shown(values) + 1) if step == 1 else listing.schemes(values)
    return [(at, list_words.scheme(values.get(listing.field("skema", at), ""), say)) for at in numbers]
