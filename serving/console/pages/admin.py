"""Administration: people and their rights, and the audit log as far as a role reaches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from features.commands import UserError
from models.chain import ChainError
from serving import accounts, audit, audit_search, signin
from serving.access import ROLE_NAMES, ROLES, Caller, Grant, allow, may
from serving.console import formats, forms, places, view
from serving.console.asked import Asked, refused
from serving.console.forms import Sent, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.store import people
from serving.store.numbers import WESTERN

ROWS = 25
DANGEROUS = ("lock", "reset", "revoke")
"""Acts that are confirmed by typing the account."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/admin/orang", include_in_schema=False)
    def everyone(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _people(request, desk, who)

    @app.post("/admin/orang", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def act(request: Request, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        allow(who, "people.edit")
        say = strings(view.language(request, who))
        try:
            secret = _act(desk, who, sent, say)
        except (Problem, UserError) as error:
            if isinstance(error, Problem) and error.code == "forbidden_role":
                raise
            told = forms.broken(error, say, {}, {"": ""}) if isinstance(error, Problem) else {"": str(error)}
            return _people(request, desk, who, list(told.values()), sent=sent)
        # A first password is shown in this answer alone: no address and no log holds it.
        if secret:
            return _people(request, desk, who, secret=secret, account=first(sent, "akun"))
        return RedirectResponse("/admin/orang?selesai=ya", 303)

    @app.get("/admin/audit", include_in_schema=False)
    def log(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say = strings(view.language(request, who))
        asked = Asked(request, ("oleh", "aksi", "objek", "sejak", "sebelum"))
        before = asked.query.get("sebelum", "")
        if before and not (before.isascii() and before.isdigit() and len(before) < 12):
            raise refused("sebelum", "number")
        wanted = audit_search.Asked(asked.query.get("oleh") or None, asked.query.get("aksi") or None,
                                    asked.query.get("objek") or None, _day(asked))  # fmt: skip
        with desk.office.store.reading() as connection:
            found = audit_search.rows(connection, who, wanted, before=int(before) if before else None, limit=ROWS + 1)
        desk.office.journal.write(who, "audit.see", count=min(len(found), ROWS), detail={"by": wanted.by,
                                  "act": wanted.act})  # fmt: skip
        given = {key: asked.query.get(key, "") for key in ("oleh", "aksi", "objek", "sejak")}
        more = f"/admin/audit?{forms.address(given, sebelum=str(found[ROWS - 1].n))}" if len(found) > ROWS else ""
        return view.page(request, desk, "audit.html", title=say.say("audit.title"), who=who, secret=True, given=given,
                         rows=[_row(own, say) for own in found[:ROWS]], after=more, unknown=asked.unknown,
                         whole=may(who, "audit.all"), crumbs=_crumbs(who, say))  # fmt: skip

    @app.post("/admin/audit", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def check(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "audit.all")
        say = strings(view.language(request, who))
        with desk.office.store.reading() as connection:
            try:
                rows = formats.number(audit.verify(connection).count, say.language)
                told, whole = say.say("audit.whole", n=rows), True
            except ChainError as error:
                told, whole = say.say("audit.broken", why=str(error)), False
        try:
            desk.office.journal.write(who, "audit.verify", detail={"whole": whole})
        except ChainError:
            # Where the end of the log is broken no row can be added; that it is broken has to be told all the same.
            if whole:
                raise
        return view.page(request, desk, "audit_checked.html", title=say.say("audit.check"), who=who, told=told,
                         whole=whole, secret=True, crumbs=((say.say("audit.title"), "/admin/audit"),))  # fmt: skip


def _crumbs(who: Caller, say: Strings) -> tuple[tuple[str, str], ...]:
    return ((say.say("nav.admin"), "/admin/orang"),) if may(who, "people.edit") else ()


def _act(desk: Desk, who: Caller, sent: dict[str, list[str]], say: Strings) -> str | None:
    """Do what a form asks; a first password where one was made. Problem, UserError."""
    store, account, act = desk.office.store, first(sent, "akun").lower(), first(sent, "aksi")
    if act in DANGEROUS and first(sent, "ulang").lower() != account:
        raise UserError(say.say("admin.retype"))
    if act == "add":
        return accounts.add(store, who, account, first(sent, "nama"))[1]
    if act == "reset":
        return accounts.reset(store, who, account)
    if act == "lock":
        accounts.lock(store, who, account)
    elif act == "unlock":
        accounts.unlock(store, who, account)
    else:
        role, area = first(sent, "peran"), first(sent, "wilayah")
        try:
            own = Grant(role, area)  # type: ignore[arg-type]
        except ValueError as error:
            raise UserError(str(error)) from None
        (accounts.revoke if act == "revoke" else accounts.grant)(store, who, account, own)
    return None


def _people(request: Request, desk: Desk, who: Caller, broken: list[str] | None = None, *, secret: str = "",
            account: str = "", sent: dict[str, list[str]] | None = None) -> Response:  # fmt: skip
    allow(who, "people.edit")
    say = strings(view.language(request, who))
    at = ("id", "en").index(say.language)
    with desk.office.store.reading() as connection:
        found, rights = people.everyone(connection), people.all_grants(connection)
    desk.office.journal.write(who, "people.see", count=len(found))
    roles = [(role, ROLE_NAMES[role][at]) for role in ROLES]
    rows = [{"account": own.account, "name": own.name, "locked": own.locked, "seen": _moment(own.last_seen, say),
             "grants": [{"role": grant.role, "area": grant.area, "text": f"{ROLE_NAMES[grant.role][at]}: "
                         f"{places.name(grant.area, say)}"} for grant in rights.get(own.id, ())]}
            for own in found]  # fmt: skip
    return view.page(request, desk, "people.html", title=say.say("admin.people"), who=who, secret=True, rows=rows,
                     roles=roles, broken=broken or [], error=bool(broken), status=422 if broken else 200, made=secret,
                     account=account, done="selesai" in request.query_params,
                     typed={name: first(sent or {}, name) for name in ("akun", "nama")})  # fmt: skip


def _row(row: Any, say: Strings) -> dict[str, Any]:
    object_ = formats.code(row.object) if len(row.object) == 12 and row.object.isalnum() else row.object
    return {"n": formats.number(row.n, say.language), "at": _moment(row.at, say), "who": row.account,
            "roles": row.roles, "act": row.act, "object": object_, "count": row.count,
            "result": say.say(f"audit.{row.result}"), "refused": row.result != "done",
            "place": places.name(row.regency or row.province, say) if row.province else ""}  # fmt: skip


def _moment(moment: datetime | None, say: Strings) -> str:
    if moment is None:
        return ""
    own = moment.astimezone(WESTERN)
    return f"{formats.date(own.date(), say.language)} {own:%H.%M}" + " WIB"


def _day(asked: Asked) -> datetime | None:
    text = asked.query.get("sejak", "")
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=WESTERN).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refused("sejak", "date") from None
