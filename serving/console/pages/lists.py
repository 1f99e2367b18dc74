"""Lists: those there are, one of them in tabs, and its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Row
from starlette.responses import Response

from features.safe_cells import CSV
from models.few import added
from models.targeting import CHANNELS
from models.text import Language
from serving.access import signin
from serving.access.rights import Caller, allow, may
from serving.cases import cuts, files, list_reads, objections, visits
from serving.cases.list_reads import Sheet
from serving.cases.lists import NAME
from serving.cases.places import told as told_place
from serving.console import formats, list_form, list_head, list_words, places, telling, view, visit_form
from serving.console.asked import Asked
from serving.console.pages import list_print
from serving.console.pages.visits import cursor, place_of
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.lists.files import families
from serving.problems import Problem
from serving.store.lists import Name

ROWS = 25
TABS = {"": None, "tempat": None, "batas": None, "acak": "random", "cadangan": "reserve", "kunjungan": None}
"""Tab to the channel of the places that it shows, None for all."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages; the builder stands before them, since `{no}` would take `baru`."""

    @app.get("/daftar", include_in_schema=False)
    def index(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _index(request, desk, who)

    for suffix, media, make in (("csv", CSV, files.as_csv), ("xlsx", files.XLSX, files.as_xlsx)):
        app.add_api_route(f"/daftar/{{no}}.{suffix}", _file(desk, suffix, media, make), include_in_schema=False)

    @app.get("/daftar/{no}", include_in_schema=False)
    def see(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _see(request, desk, who, no)

    @app.get("/daftar/{no}/cetak", include_in_schema=False)
    def paper(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return list_print.page(request, desk, who, no)


def _index(request: Request, desk: Desk, who: Caller) -> Response:
    say, asked = strings(view.language(request, who)), Asked(request, ("status", "sebelum"))
    draft = asked.choice("status", {"draf": "draft", "dikonfirmasi": ""}, "liststatus") == "draft"
    before = asked.number("sebelum")
    rows = list_reads.index(desk.office, who, quarter=None, status="draft" if draft else "confirmed", before=before,
                            count=ROWS)  # fmt: skip
    more = f"/daftar?sebelum={rows[ROWS - 1].id}{'&status=draf' if draft else ''}" if len(rows) > ROWS else ""
    return view.page(request, desk, "lists.html", title=say.say("nav.lists"), who=who, secret=True, draft=draft,
                     unknown=asked.unknown, rows=[list_head.head(row, say) for row in rows[:ROWS]], after=more,
                     build=may(who, "list.build"))  # fmt: skip


def _see(request: Request, desk: Desk, who: Caller, no: str) -> Response:
    say = strings(view.language(request, who))
    asked = Asked(request, ("tab", "setelah", "versi", "selesai"))
    tab = asked.choice("tab", {name: name for name in TABS}, "tab")
    version = asked.number("versi")
    row, shown = _tab(desk, who, no, tab, version, asked, say)
    return view.page(
        request, desk, "list.html", **list_head.named(row, say), who=who, secret=True, tab=tab, unknown=asked.unknown,
        of=say.say(f"list.tab.{tab or 'ringkasan'}"),
        tabs=[name for name in TABS if not name or may(who, "list.see")], done="selesai" in request.query_params,
        rules=list_form.rules(row.settings, row.result, say),
        several=len(row.settings["scheme"]) > 1,
        export=may(who, "list.export") and row.status == "confirmed", printable=may(who, "list.see"),
        build=may(who, "list.build"), own_whole=may(who, "list.build") and allow(who, "list.build").holds(
            row.regency or row.province or ""), link=lambda part="", **own: list_head.address(no, version, part, **own),
        crumbs=((say.say("nav.lists"), "/daftar"),), **shown)  # fmt: skip


def _file(desk: Desk, suffix: str, media: str,
          make: Callable[[Sheet, Language], bytes]) -> Any:  # fmt: skip
    def export(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        version = Asked(request, ("versi",)).number("versi")
        sheet = list_reads.sheet(desk.office, who, no, version=version)
        return Response(make(sheet, view.language(request, who)), media_type=media, headers={
            "Content-Disposition": f'attachment; filename="{files.name(sheet.row, suffix)}"'})  # fmt: skip

    return export


def _tab(desk: Desk, who: Caller, no: str, tab: str, version: int | None, asked: Asked, say: Strings,
         ) -> tuple[Row[Any], dict[str, Any]]:  # fmt: skip
    """A list and what one tab of it shows; each of them is one reading."""
    if not NAME.fullmatch(no):
        raise Problem("not_in_area")
    nothing: dict[str, Any] = {"told": None, "places": [], "after": "", "visits": [], "own": []}
    if not tab:
        seen = list_reads.see(desk.office, who, no, version, list_words.named)
        counts: dict[str, int | None] = {
            how: added(count for (_, own), count in seen.totals.items() if own == how) for how in CHANNELS
        }
        # Who sees a part of the list is told that part beside the whole.
        told_part = not seen.whole and any(count is not None for count in seen.totals.values())
        part = list_words.counts(counts, seen.result, say) if told_part else []
        drawn = formats.date(seen.row.made_at, say.language)
        newer = visits.found_since(desk.office, who, seen.row, seen.result)
        since = list_words.found_since(drawn, newer, say, seen.whole)
        return seen.row, nothing | {
            "told": list_words.told(seen.result, (), say),
            "own": part,
            "since": since,
            "accepted": list_head.accepted(seen.row, objections.accepted(desk.office, who, seen.row), say),
        }
    if tab == "batas":
        row, result, near = cuts.see(desk.office, who, no, version)
        return row, nothing | {"told": list_words.told(result, near, say)}
    if tab == "kunjungan":
        return _visits(desk, who, no, version, asked, say, nothing)
    row, found = list_reads.places_of(desk.office, who, no, version=version, how=TABS[tab],
                                      after=asked.number("setelah") or 0, count=ROWS)  # fmt: skip
    more = list_head.address(no, version, tab=tab, setelah=str(found[ROWS - 1].place)) if len(found) > ROWS else ""
    codes = [place.household for place in found[:ROWS]]
    facts = visits.findings(desk.office, who, codes)
    checked = list_reads.checked(desk.office, who, row, codes)
    names = list_reads.names(desk.office, who, [fact.list for fact in facts.values()])
    own = list_reads.part(desk.office, who, row)
    held = (
        ""
        if own is None
        else say.say("list.part", n=families(*own, say.language), of=formats.number(row.result["places"], say.language))
    )
    lines = [_place(told_place(place, checked.get(place.household)), _found(facts.get(place.household), names, say),
                    row.result, say) for place in found[:ROWS]]  # fmt: skip
    return row, nothing | {"part": held, "places": lines, "after": more}


def _visits(desk: Desk, who: Caller, no: str, version: int | None, asked: Asked, say: Strings,
            nothing: dict[str, Any]) -> tuple[Row[Any], dict[str, Any]]:  # fmt: skip
    """A list and a page of its visits, with how many of all of them are made."""
    after = cursor(asked)
    row, _ = list_reads.places_of(desk.office, who, no, version=version, count=0)
    own = visits.index(desk.office, who, list=no, version=row.version, after=after, count=ROWS)
    made, total = visits.progress(desk.office, who, row)
    more = list_head.address(no, version, tab="kunjungan", setelah=place_of(own[ROWS - 1])) if len(own) > ROWS else ""
    names = list_reads.names(desk.office, who, [one.answer_list for one in own if one.answer_list != row.id])
    return row, nothing | {"visits": [{"code": one.household, "place": one.place, **visit_form.line(one, names, say)}
                                      for one in own[:ROWS]], "made": made, "total": total, "after": more}  # fmt: skip


def _found(fact: Row[Any] | None, names: Mapping[int, Name], say: Strings) -> dict[str, Any] | None:
    """The last visit that says how a family stands, also one after the list was drawn, or of another list."""
    if fact is None:
        return None
    name = names.get(fact.list)
    return {
        "id": fact.id,
        "list": str(name or ""),
        "text": say.say(
            "list.found", result=say.say(f"visit.{fact.result}"), date=formats.date(fact.visited, say.language)
        ),
    }


def _place(place: Mapping[str, Any], found: Mapping[str, Any] | None, result: Mapping[str, Any], say: Strings,
           ) -> dict[str, Any]:  # fmt: skip
    """A place as `cases.places` tells it; found : of `_found`. result : of the list."""
    own = None if place["risk"] is None else telling.estimate(place["risk"], place["low"], place["high"], None)
    return {"number": place["place"], "scheme": list_words.scheme(place["scheme"], say), "code": place["household_id"],
            "how": list_words.how(place["channel"], result, say),
            "where": places.whole(place["province"], place["regency"], say, place["subdistrict"]),
            "verify": place["verify"], "found": found,
            "p": own and formats.out_of(own.p, say.language), "span": own and telling.span(own, say)}  # fmt: skip
