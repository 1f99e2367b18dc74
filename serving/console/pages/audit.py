"""The audit log as far as a role reaches, whether it is whole, and its file."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Row
from starlette.responses import Response, StreamingResponse

from features.safe_cells import CSV
from models.chain import ChainError
from models.words import MARK
from serving.access import signin
from serving.access.rights import ROLES, Caller, allow, may
from serving.audit import export, search, trail
from serving.audit.trail import BrokenLogError
from serving.console import administration, formats, forms, places, view
from serving.console.administration import PAGES
from serving.console.asked import Asked
from serving.console.strings import Strings, catalogue, strings
from serving.console.view import Desk
from serving.store.numbers import WESTERN

ROWS = 25
KEYS = ("oleh", "aksi", "objek", "sejak")
RIGHTS = frozenset({"overview.see", "model.see", "people.edit", "audit.own", "audit.area", "audit.all",
                    "service.figures"})  # fmt: skip
"""Acts that a role may do and of which no row is written under this name."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the page and the file."""

    @app.get(PAGES["audit"], include_in_schema=False)
    def log(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say = strings(view.language(request, who))
        asked = Asked(request, (*KEYS, "sebelum"))
        before = asked.number("sebelum")
        wanted = _wanted(asked)
        with desk.office.store.reading() as connection:
            found = search.rows(connection, who, wanted, before=before, limit=ROWS + 1)
        desk.office.journal.write(who, "audit.see", area=search.reach(who), count=min(len(found), ROWS),
                                  detail={"by": wanted.by, "act": wanted.act})  # fmt: skip
        given = {key: asked.query.get(key, "") for key in KEYS}
        more = f"{PAGES['audit']}?{forms.address(given, sebelum=str(found[ROWS - 1].n))}" if len(found) > ROWS else ""
        return view.page(request, desk, "audit.html", title=say.say("admin.audit"), who=who, secret=True, given=given,
                         household=search.household(given["objek"]),
                         acts=_acts(given["aksi"], say),
                         rows=[_row(own, say) for own in found[:ROWS]], after=more, unknown=asked.unknown,
                         whole=may(who, "audit.all"), tabs_=administration.tabs(who, say),
                         reach=say.say("audit.reach." + ("all" if may(who, "audit.all") else "area"
                                       if may(who, "audit.area") else "own")),
                         file=f"{PAGES['audit']}.csv?{forms.address(given)}".rstrip("?")
                         if may(who, "audit.export") else "")  # fmt: skip

    @app.get(PAGES["audit"] + ".csv", include_in_schema=False)
    def file(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say, asked = strings(view.language(request, who)), Asked(request, KEYS)
        heads = [say.say(f"audit.csv.{name}") for name in export.COLUMNS]
        pieces = export.export(desk.office, who, _wanted(asked), heads,
                                     MARK[say.language] if desk.synthetic else "")  # fmt: skip
        name = f"{'sintetis_' if desk.synthetic else ''}audit_{desk.office.today}.csv"
        return StreamingResponse(pieces, media_type=CSV, headers={
            "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})  # fmt: skip

    @app.post(PAGES["audit"], include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def check(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _checked(request, desk, who)


def _checked(request: Request, desk: Desk, who: Caller) -> Response:
    """Whether the log is whole, looked at anew."""
    allow(who, "audit.all")
    say = strings(view.language(request, who))
    with desk.office.store.reading() as connection:
        try:
            rows = formats.number(trail.verify(connection).count, say.language)
            told, whole = say.say("audit.whole", n=rows), True
        except BrokenLogError as error:
            row = formats.number(error.row, say.language)
            told, whole = say.say("audit.broken", n=row, how=say.say(f"audit.broken.{error.how}")), False
    try:
        desk.office.journal.write(who, "audit.verify", area=search.reach(who), detail={"whole": whole})
    except ChainError:
        # Where the end of the log is broken no row can be added; that it is broken has to be told all the same.
        if whole:
            raise
    return view.page(request, desk, "audit_checked.html", title=say.say("audit.check"), who=who, told=told,
                     whole=whole, secret=True, crumbs=((say.say("admin.audit"), PAGES["audit"]),))  # fmt: skip


def _acts(given: str, say: Strings) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be chosen: by family of acts, first all of it, then each; the given one too, whatever it is."""
    families: dict[str, list[tuple[str, str]]] = {}
    for act in sorted(key.removeprefix("act.") for key in catalogue(say.language) if key.startswith("act.")):
        if act not in RIGHTS:
            families.setdefault(act.partition(".")[0], []).append((act, say.say(f"act.{act}")))
    found = []
    for family, acts in families.items():
        key = f"audit.family.{family}"
        name = say.say(key) if say.has(key) else family
        own = sorted(acts, key=lambda pair: pair[1])
        found.append((name, [(family, say.say("audit.family.all", family=name)), *own] if len(own) > 1 else own))
    found.sort(key=lambda group: group[0])
    known = {act for _, acts in found for act, _ in acts}
    return found if not given or given in known else [("", [(given, given)]), *found]


def _wanted(asked: Asked) -> search.Asked:
    day = asked.date("sejak")
    since = datetime.combine(day, time(), WESTERN).astimezone(UTC) if day else None
    # A NUL ends a pattern of SQLite, which then fits rows about nothing, and PostgreSQL takes none.
    by, act, object_ = (asked.query.get(key, "").replace("\0", "").strip() or None for key in ("oleh", "aksi", "objek"))
    return search.Asked(by, act, object_, since)


def _row(row: Row[Any], say: Strings) -> dict[str, Any]:
    # The first word of an object may be one of ours (`preview pkh desil=1-4`); the rest are names and codes.
    word, space, rest = row.object.partition(" ")
    kept = f"audit.of.{word}"
    object_ = say.say(kept) + space + rest if say.has(kept) else formats.code(row.object)
    key = f"act.{row.act}"
    roles = ", ".join(administration.role(role, say) for role in ROLES if role in row.roles.split())
    return {"n": formats.number(row.n, say.language), "at": administration.moment(row.at, say), "who": row.account,
            "roles": roles or say.say(f"audit.via.{row.via}"), "act": say.say(key) if say.has(key) else row.act,
            "code": row.act, "object": object_, "count": formats.number(row._mapping["count"], say.language),
            "result": say.say(f"audit.{row.result}"), "refused": row.result != "done",
            "place": places.name(row.regency or row.province or "", say) if row.province else ""}  # fmt: skip
