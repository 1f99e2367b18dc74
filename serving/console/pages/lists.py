"""Lists: those there are, one of them in tabs, its print, and its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Row
from starlette.responses import Response

from features.contract import REGENCY_DIGITS
from features.safe_cells import CSV
from models.few import added
from models.targeting import CHANNELS
from serving import signin
from serving.access import Caller, may
from serving.cases import cuts, files, list_reads, visits
from serving.cases import places as told_places
from serving.cases.lists import NAME
from serving.console import formats, forms, list_form, list_words, places, telling, view, visit_form
from serving.console.asked import Asked
from serving.console.pages.visits import cursor, place_of
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.lists_files import HEADS, Language, cells
from serving.problems import Problem
from serving.scores_run import run_day

ROWS = 25
TABS = {"": None, "tempat": None, "batas": None, "acak": "random", "cadangan": "reserve", "kunjungan": None}
"""Tab to the channel of the places that it shows, None for all."""
PRINTED = (0, 3, 7, 8, 13, 17, 18)
"""Columns of the file that stand on the print: number, code, regency, why, check, name, result."""
SUBDISTRICT = 6
"""Column of the sub-district, which a print has before the regency where it is known of a place."""
SCHEME = 1
"""Column of the scheme, which a print has after the number where a list has several."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages; the builder stands before them, since `{no}` would take `baru`."""

    @app.get("/daftar", include_in_schema=False)
    def index(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say, asked = strings(view.language(request, who)), Asked(request, ("status", "sebelum"))
        draft = asked.choice("status", {"draf": "draft", "dikonfirmasi": ""}, "liststatus") == "draft"
        before = asked.number("sebelum")
        rows = list_reads.index(desk.office, who, quarter=None, status="draft" if draft else "confirmed", before=before,
                           count=ROWS + 1)  # fmt: skip
        more = f"?sebelum={rows[ROWS - 1].id}{'&status=draf' if draft else ''}" if len(rows) > ROWS else ""
        return view.page(request, desk, "lists.html", title=say.say("nav.lists"), who=who, secret=True, draft=draft,
                         unknown=asked.unknown, rows=[_head(row, say) for row in rows[:ROWS]], after=more and
                         f"/daftar{more}", build=may(who, "list.build"))  # fmt: skip

    for suffix, media, make in (("csv", CSV, files.as_csv), ("xlsx", files.XLSX, files.as_xlsx)):
        app.add_api_route(f"/daftar/{{no}}.{suffix}", _file(desk, suffix, media, make), include_in_schema=False)

    @app.get("/daftar/{no}", include_in_schema=False)
    def see(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say = strings(view.language(request, who))
        asked = Asked(request, ("tab", "setelah", "versi", "selesai"))
        tab = asked.choice("tab", {name: name for name in TABS}, "tab")
        version = asked.number("versi")
        row, shown = _tab(desk, who, no, tab, version, asked, say)
        title = say.say("list.title", no=row.number or no)
        return view.page(request, desk, "list.html", title=title, who=who, secret=True, tab=tab, list=row,
                         **_source(row, title, say),
                         unknown=asked.unknown, head=_head(row, say), tabs=[name for name in TABS if not name or
                         may(who, "list.see")], done="selesai" in request.query_params,
                         rules=list_form.rules(row.settings, say), several=len(row.settings["scheme"]) > 1,
                         export=may(who, "list.export") and row.status == "confirmed",
                         printable=may(who, "list.see"), build=may(who, "list.build"),
                         link=lambda part="", **own: _link(no, version, part, **own),
                         crumbs=((say.say("nav.lists"), "/daftar"),), **shown)  # fmt: skip

    @app.get("/daftar/{no}/cetak", include_in_schema=False)
    def paper(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say = strings(view.language(request, who))
        act = "list.export" if may(who, "list.export") else "list.see"
        asked = Asked(request, ("versi", "kec"))
        version, subdistrict = asked.number("versi"), asked.subdistrict()
        row, found = list_reads.places_of(desk.office, who, no, version=version, count=None, act=act,
                                          subdistrict=subdistrict or None)  # fmt: skip
        title = say.say("list.title", no=row.number or no)
        parts = list_reads.subdistricts(desk.office, who, row)
        several = (SCHEME,) if len(row.settings["scheme"]) > 1 else ()
        printed = (0, *several, PRINTED[1], *((SUBDISTRICT,) if parts else ()), *PRINTED[2:])
        # By sub-district, as the field is visited; families of no known one last.
        found = sorted(found, key=lambda place: (place.subdistrict is None, place.subdistrict or "", place.place))
        lines = [
            [cell[at] for at in printed]
            for cell in (cells(place.place, told_places.told(place), say.language) for place in found)
        ]
        return view.page(request, desk, "list_print.html", title=title, who=who, secret=True, list=row,
                         head=_head(row, say), lines=lines, crumbs=((say.say("nav.lists"),
                         "/daftar"), (row.number or no, _link(no, version))),
                         **_source(row, title, say),
                         heads=[HEADS[say.language][at] for at in printed], no=no, version=version,
                         subdistrict=subdistrict, subdistricts=[(code, places.whole(None, code[:REGENCY_DIGITS], say,
                         code)) for code in parts], unknown=asked.unknown)  # fmt: skip


def _file(desk: Desk, suffix: str, media: str,
          make: Callable[[Row[Any], Sequence[Row[Any]], Language], bytes]) -> Any:  # fmt: skip
    def export(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        version = Asked(request, ("versi",)).number("versi")
        row, found = list_reads.places_of(desk.office, who, no, version=version, count=None, act="list.export")
        return Response(make(row, found, view.language(request, who)), media_type=media, headers={
            "Content-Disposition": f'attachment; filename="{files.name(row, suffix)}"'})  # fmt: skip

    return export


def _tab(desk: Desk, who: Caller, no: str, tab: str, version: int | None, asked: Asked, say: Strings,
         ) -> tuple[Row[Any], dict[str, Any]]:  # fmt: skip
    """A list and what one tab of it shows; each of them is one reading."""
    if not NAME.fullmatch(no):
        raise Problem("not_in_area")
    nothing: dict[str, Any] = {"told": None, "places": [], "after": "", "visits": [], "own": []}
    if not tab:
        seen = list_reads.see(desk.office, who, no, version)
        counts = {how: added(count for (_, own), count in seen.totals.items() if own == how) for how in CHANNELS}
        # Who sees a part of the list is told that part beside the whole.
        part = [(say.say(f"list.how.{how}"), list_words.count(counts[how], say)) for how in CHANNELS
               if not seen.whole and any(count is not None for count in seen.totals.values())]  # fmt: skip
        drawn = formats.date(seen.row.made_at, say.language)
        since = list_words.found_since(drawn, visits.found_since(desk.office, who, seen.row), say)
        return seen.row, nothing | {"told": list_words.told(seen.result, (), say), "own": part, "since": since}
    if tab == "batas":
        row, result, near = cuts.see(desk.office, who, no, version)
        return row, nothing | {"told": list_words.told(result, near, say)}
    if tab == "kunjungan":
        return _visits(desk, who, no, version, asked, say, nothing)
    row, found = list_reads.places_of(desk.office, who, no, version=version, how=TABS[tab],
                                      after=asked.number("setelah") or 0, count=ROWS + 1)  # fmt: skip
    more = _link(no, version, tab=tab, setelah=str(found[ROWS - 1].place)) if len(found) > ROWS else ""
    facts = visits.findings(desk.office, who, [place.household for place in found[:ROWS]])
    return row, nothing | {"places": [_place(place, facts.get(place.household), say) for place in found[:ROWS]],
                           "after": more}  # fmt: skip


def _visits(desk: Desk, who: Caller, no: str, version: int | None, asked: Asked, say: Strings,
            nothing: dict[str, Any]) -> tuple[Row[Any], dict[str, Any]]:  # fmt: skip
    """A list and a page of its visits, with how many of all of them are made."""
    after = cursor(asked)
    row, _ = list_reads.places_of(desk.office, who, no, version=version, count=0)
    own = visits.index(desk.office, who, list=no, version=row.version, after=after, count=ROWS + 1)
    made, total = visits.progress(desk.office, who, row)
    more = _link(no, version, tab="kunjungan", setelah=place_of(own[ROWS - 1])) if len(own) > ROWS else ""
    return row, nothing | {"visits": [{"code": one.household, "place": one.place, **visit_form.line(one, say)}
                                      for one in own[:ROWS]], "made": made, "total": total, "after": more}  # fmt: skip


def _link(no: str, version: int | None, part: str = "", **more: str) -> str:
    """Address of a list or a part of it, in the version that was asked for: without one, in the newest."""
    query = forms.address({"versi": str(version or "")}, **more)
    return f"/daftar/{no}{part}" + (query and f"?{query}")


def _place(place: Row[Any], fact: Row[Any] | None, say: Strings) -> dict[str, Any]:
    """A place; fact : the last visit that says how the family stands, also one after the list was drawn."""
    own = None if place.risk is None else telling.estimate(place.risk, place.low, place.high, None)
    return {"number": place.place, "scheme": place.scheme, "code": place.household,
            "how": say.say(f"list.how.{place.how}"),
            "where": places.whole(place.province, place.regency, say, place.subdistrict),
            "verify": place.verify, "found": "" if fact is None else say.say(
                "list.found", result=say.say(f"visit.{fact.result}"), date=formats.date(fact.visited, say.language)),
            "p": own and formats.out_of(own.p, say.language), "span": own and telling.span(own, say)}  # fmt: skip


def _source(row: Row[Any], title: str, say: Strings) -> dict[str, Any]:
    """What tells a sheet of this list from any other, and which scores it was drawn from: not those that answer now."""
    sheet = title if not row.hash else say.say("list.sheet", no=title, version=row.version, hash=row.hash[:12])
    return {"sheet": sheet, "source": f"{sheet} \u00b7 {view.source(row.bundle, run_day(row.run), say)}"}


def _head(row: Row[Any], say: Strings) -> dict[str, Any]:
    name = row.number or f"draft-{row.id}"
    newest = getattr(row, "newest", None) or row.version
    old = row.version if newest != row.version else None
    return {"name": name, "newest": old is None, "link": _link(name, old),
            "versions": [(n, _link(name, n if n < newest else None)) for n in range(1, (newest or 0) + 1)],
            "title": row.title, "quarter": formats.quarter(row.quarter, say.language),
            "version": row.version,
            "area": places.name(row.regency or row.province or "", say), "draft": row.status == "draft",
            "date": formats.date(row.confirmed_at or row.made_at, say.language),
            "by": getattr(row, "confirmer", None) or "",
            "state": say.say("list.draft") if row.status == "draft" else say.say("list.replaced", n=newest)
            if newest != row.version else say.say("list.confirmed")}  # fmt: skip
