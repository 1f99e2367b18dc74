"""Objections: which are waiting, how one is lodged with its receipt, and a case with its stages and decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Connection, Row
from starlette.responses import RedirectResponse, Response

from models.text import LANGUAGES
from serving.access import signin
from serving.access.rights import ROLE_NAMES, ROLES, Caller, allow, may
from serving.cases import households, list_reads, objections
from serving.cases.households import Household
from serving.cases.objections import EVIDENCE, contestable
from serving.console import formats, forms, list_head, places, telling, view
from serving.console.asked import Asked, refused
from serving.console.forms import Sent, Values, first
from serving.console.pages.visits import last_due
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.store.lists import Name
from serving.store.objections import ASKERS, CHANNELS, KINDS, OUTCOMES, STAGES, STATES

ROWS = 25
FIELDS = {"kind": "jenis", "facts": "fakta", "list_number": "daftar", "asker": "pemohon", "channel": "saluran",
          "evidence": "bukti", "stage": "tahap", "state": "keadaan", "note": "catatan", "outcome": "putusan",
          "reason": "alasan"}  # fmt: skip
STATE_TAGS = {"done": "ok", "incomplete": "warn", "running": "info"}
SAVED = {"tahap": "done.step", "putusan": "done.decision"}
"""What was saved before the case is shown, to the words that say so."""
NOTED = STAGES[1:4]
"""Stages that are noted before a decision."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/sanggah", include_in_schema=False)
    def waiting(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _waiting(request, desk, who)

    @app.get("/keluarga/{kode}/sanggah/baru", include_in_schema=False)
    def form(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "objection.open")
        asked = Asked(request, ("fakta",))
        given = {"fakta": asked.query.getlist("fakta"), "jenis": ["data"] if asked.query.get("fakta") else []}
        found = households.look(desk.office, who, kode)
        kept = signin.kept(request, who, request.url.path)
        return _form(request, desk, who, found, kept or given, restored=bool(kept))

    @app.post("/keluarga/{kode}/sanggah/baru", include_in_schema=False, dependencies=[Depends(signin.csrf_keeping)])
    def lodge(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller_keeping)],
              sent: Sent) -> Response:  # fmt: skip
        return _lodge(request, desk, who, kode, sent)

    @app.get("/sanggah/{no}", include_in_schema=False)
    def see(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        kept = signin.kept(request, who, request.url.path)
        return _case(request, desk, who, no, kept or {}, restored=bool(kept))

    @app.post("/sanggah/{no}", include_in_schema=False, dependencies=[Depends(signin.csrf_keeping)])
    def act(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller_keeping)],
            sent: Sent) -> Response:  # fmt: skip
        return _act(request, desk, who, no, sent)


def _waiting(request: Request, desk: Desk, who: Caller) -> Response:
    say = strings(view.language(request, who))
    asked = Asked(request, ("status", "tenggat", "setelah", "daftar", "versi"))
    drawn = asked.query.get("daftar") and objections.drawn(
        desk.office, who, asked.query["daftar"], asked.number("versi"))  # fmt: skip
    status = asked.choice("status", {"menunggu": "menunggu", "diputus": "diputus"}, "objstatus") or (
        "diputus" if drawn else "menunggu")  # fmt: skip
    end = last_due(desk, asked)
    rows = objections.index(desk.office, who, waiting=status == "menunggu", due_by=end, after=_after(asked),
                            count=ROWS, accepted_for=drawn or None)  # fmt: skip
    last = rows[ROWS - 1] if len(rows) > ROWS else None
    kept = {name: asked.query.get(name, "") for name in ("tenggat", "daftar", "versi")}
    more = "" if last is None else f"/sanggah?{forms.address({'status': status}, **kept)}&setelah={last.deadline}_" + (
        str(last.id))  # fmt: skip
    since = say.say("obj.since", no=list_head.head(drawn, say)["called"], date=formats.date(
        list_head.since(drawn), say.language)) if drawn else ""  # fmt: skip
    return view.page(request, desk, "objections.html", title=say.say("nav.objections"), who=who, secret=True,
                     rows=[_row(desk, own, say) for own in rows[:ROWS]], after=more, chosen=status,
                     since=since, unknown=asked.unknown)  # fmt: skip


def _lodge(request: Request, desk: Desk, who: Caller, kode: str, sent: Values) -> Response:
    def work(connection: Connection) -> str:
        row = objections.lodge(
            connection, desk.office, who, kode, kind=first(sent, "jenis"), asker=first(sent, "pemohon"),
            channel=first(sent, "saluran"), facts=sent.get("fakta", []), note=first(sent, "catatan"),
            evidence=[own for own in sent.get("bukti", []) if own in EVIDENCE],
            list=first(sent, "daftar") or None)  # fmt: skip
        return f"/sanggah/{row.number}?tanda=ya"

    try:
        return RedirectResponse(forms.once(desk, who, request.url.path, sent, work), 303)
    except Problem as problem:
        if problem.code == "forbidden_role":
            raise
        say = strings(view.language(request, who))
        broken = forms.broken(problem, say, FIELDS, _names(say))
        found = households.look(desk.office, who, kode)
        return _form(request, desk, who, found, sent, broken, problem.status)


def _act(request: Request, desk: Desk, who: Caller, no: str, sent: Values) -> Response:
    changed = first(sent, "ubah")
    seen = int(changed) if changed.isdecimal() and len(changed) < 10 else 0

    def work(connection: Connection) -> str:
        if first(sent, "aksi") == "putus":
            objections.decide(connection, who, no, seen, first(sent, "putusan"), first(sent, "alasan"))
            saved = "putusan"
        else:
            saved = "tahap"
            objections.step(connection, who, no, seen, first(sent, "tahap"), first(sent, "keadaan"),
                            first(sent, "catatan"))  # fmt: skip
        return f"/sanggah/{no}?tersimpan={saved}"

    try:
        return RedirectResponse(forms.once(desk, who, request.url.path, sent, work), 303)
    except Problem as problem:
        if problem.code in ("forbidden_role", "not_in_area"):
            raise
        say = strings(view.language(request, who))
        broken = forms.broken(problem, say, FIELDS, _names(say))
        return _case(request, desk, who, no, sent, broken, problem.status)


def _after(asked: Asked) -> tuple[date, int] | None:
    day, _, number = asked.query.get("setelah", "").partition("_")
    if not (day or number):
        return None
    try:
        return date.fromisoformat(day), int(number[:9])
    except ValueError:
        raise refused("setelah", "cursor") from None


def _names(say: Strings) -> dict[str, str]:
    return {name: say.say(f"obj.{name}") for name in FIELDS.values()}


def _roles(roles: str, say: Strings) -> str:
    """Roles by their names."""
    at = LANGUAGES.index(say.language)
    return "/".join(ROLE_NAMES[role][at] for role in ROLES if role in roles.split())


def _due(desk: Desk, row: Row[Any], say: Strings) -> tuple[str, str, bool]:
    """The deadline in words, how many days that is from now, and whether it is near or gone."""
    left = (row.deadline - desk.office.today).days
    text = say.say("obj.due.gone", n=-left) if left < 0 else say.say("obj.due", n=left)
    return formats.date(row.deadline, say.language), text, left <= 3


def _row(desk: Desk, row: Row[Any], say: Strings) -> dict[str, Any]:
    due, left, near = _due(desk, row, say)
    return {"number": row.number, "code": row.household, "where": places.whole(row.province, row.regency, say),
            "kind": say.say(f"obj.kind.{row.kind}"), "due": f"{due} ({left})", "near": near and row.outcome is None,
            "state": say.say(f"obj.{row.outcome}") if row.outcome else say.say(f"obj.stage.{row.stage}"),
            "done": row.outcome is not None}  # fmt: skip


def _form(request: Request, desk: Desk, who: Caller, found: Household, values: Values,
          broken: Mapping[str, str] | None = None, status: int = 200, restored: bool = False) -> Response:  # fmt: skip
    say = strings(view.language(request, who))
    row, code = found.row, found.row["household_id"]
    facts = [(own.key, own.text) for own in telling.facts(row, say) if own.contestable]
    missing = row["missing"] or []
    facts += [(key, say.say("visit.missing", name=name)) for key, name in
              zip(missing, telling.named(missing, say), strict=False) if key in contestable()]  # fmt: skip
    lists = [(own.number, _objected(own, how, say)) for own, how in objections.objectable(desk.office, who, found)]
    return view.page(
        request, desk, "objection_new.html", title=say.say("btn.object"), of=formats.code(code), who=who,
        secret=True, status=status,
        error=bool(broken), broken=broken or {}, values=values, code_=code, names=_names(say), facts=facts, lists=lists,
        where=places.whole(row["province"], row["regency"], say), key=first(values, forms.KEY) or forms.key(),
        key_name=forms.KEY, crumbs=((say.say("house.crumb"), "/keluarga"), (formats.code(code), f"/keluarga/{code}")),
        kinds=[(name, say.say(f"obj.kind.{name}")) for name in KINDS], askers=[(name, say.say(f"obj.asker.{name}"))
        for name in ASKERS], channels=[(name, say.say(f"obj.channel.{name}")) for name in CHANNELS],
        papers=[(name, say.say(f"obj.paper.{name}")) for name in EVIDENCE], restored=restored,
        days=desk.office.settings.objection_days,
        chosen=lambda name: values.get(name, []))  # fmt: skip


def _objected(own: Row[Any], how: str, say: Strings) -> str:
    """A list that can be objected to, always in its newest version: one without the family is told as that."""
    name = f"{Name(own.number, own.newest, own.newest)}, {formats.quarter(own.quarter, say.language)}"
    return name if how == "on" else say.say(f"obj.list.{how}", no=name)


def _case(request: Request, desk: Desk, who: Caller, no: str, values: Values,
          broken: Mapping[str, str] | None = None, status: int = 200, restored: bool = False) -> Response:  # fmt: skip
    say = strings(view.language(request, who))
    row, events, roles = objections.see(desk.office, who, no)
    due, left, near = _due(desk, row, say)
    course = objections.course(row, events, roles)
    stages = [{"name": say.say(f"obj.stage.{own.name}"), "state": say.say(f"obj.state.{own.state}"),
               "css": STATE_TAGS.get(own.state, ""), "notes": own.notes, "role": _roles(own.roles, say),
               "date": formats.date(own.at, say.language) if own.at else ""} for own in course]  # fmt: skip
    undone = [say.say(f"obj.stage.{own.name}") for own in course if own.name in NOTED and own.state != "done"]
    ahead = [stage for stage in NOTED if STAGES.index(stage) >= STAGES.index(row.stage)] if row.outcome is None else [
        "notice"]  # fmt: skip
    decides, saved = may(who, "objection.decide"), request.query_params.get("tersimpan")
    if not decides:
        ahead = [stage for stage in ahead if stage in NOTED[:2] and may(who, "objection.open")]
    open_ = decides and row.outcome is None
    barred = open_ and objections.barred(desk.office, who, row)
    return view.page(
        request, desk, "objection.html", title=say.say("obj.title", no=row.number), who=who, secret=True, row=row,
        crumbs=((say.say("nav.objections"), "/sanggah"),), due=due, left=left, near=near, stages=stages,
        facts=_facts(desk, row, say), name=list_reads.names(desk.office, who, [row.list]).get(row.list),
        office=view.office(say), receipt="tanda" in request.query_params,
        saved=say.say(SAVED[saved]) if saved in SAVED and not broken else "",
        papers=[say.say(f"obj.paper.{name}") for name in row.evidence if name in EVIDENCE], status=status,
        error=bool(broken), broken=broken or {}, values={name: first(values, name) for name in values},
        opened=formats.date(row.opened_at, say.language),
        ahead=[(name, say.say(f"obj.stage.{name}")) for name in ahead], names=_names(say), decides=open_ and not barred,
        decided=formats.date(row.decided_at, say.language) if row.decided_at else "",
        restored=say.say("obj.decide" if first(values, "aksi") == "putus" else "obj.next.save") if restored else "",
        barred=barred, undone=", ".join(undone),
        states=[(name, say.say(f"obj.state.{name}")) for name in STATES], key_name=forms.KEY,
        outcomes=[(name, say.say(f"obj.{name}")) for name in OUTCOMES], key=forms.key(),
        where=places.whole(row.province, row.regency, say))  # fmt: skip


def _facts(desk: Desk, row: Row[Any], say: Strings) -> list[str]:
    """The contested facts with the values that were contested and the day of the scores that told them; by its name
    alone what had no value, or none that is known any more. Of an open case also what is told by now, where it is
    another."""
    kept = row.contested or {"values": {}}
    contested = [key for key in row.facts if key in contestable()]
    now = _told_now(desk, row) if row.outcome is None and "as_of" in kept else None
    found = []
    for key, name in zip(contested, telling.named(contested, say), strict=True):
        then = telling.sentence(key, kept["values"][key], say) if key in kept["values"] else ""
        text = say.say("obj.fact", fact=then, date=_day(kept, say)) if then else name
        later = _later(key, name, then, now, say) if now is not None and now["as_of"] > date.fromisoformat(
            kept["as_of"]) else ""  # fmt: skip
        found.append(f"{text}. {later}" if later else text)
    return found


def _later(key: str, name: str, then: str, now: Mapping[str, Any], say: Strings) -> str:
    """What the scores that answer tell of a fact; empty where it is the same, or not told."""
    told, day = objections.contested([key], now), formats.date(now["as_of"], say.language)
    if key in told["values"]:
        fact = telling.sentence(key, told["values"][key], say)
        return "" if fact == then else say.say("obj.fact.now", fact=fact, date=day)
    return say.say("obj.fact.gone", fact=name, date=day) if then and key in (now["missing"] or ()) else ""


def _day(kept: Mapping[str, Any], say: Strings) -> str:
    return formats.date(date.fromisoformat(kept["as_of"]), say.language)


def _told_now(desk: Desk, row: Row[Any]) -> Mapping[str, Any] | None:
    """What the run that answers tells of the family, None unless in the case's place."""
    now = desk.published.history(row.household)[0]
    here = now is not None and (now["province"], now["regency"]) == (row.province, row.regency)
    return now if here else None
