"""A list on paper, to take to the field."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from sqlalchemy import Row
from starlette.responses import Response

from features.contract import REGENCY_DIGITS
from serving.access.rights import Caller, may
from serving.cases import files, list_reads
from serving.cases import places as told_places
from serving.cases.list_reads import Sheet
from serving.console import formats, list_head, list_words, places, view
from serving.console.asked import Asked, by_key
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.lists.files import HEADS, RESULTS, cells
from serving.store.lists import RESERVE

PRINTED = (0, 3, 7, 8, 13, 17, 18)
"""Columns of the file that stand on the print: number, code, regency, why, check, name, result."""
SUBDISTRICT = 6
"""Column of the sub-district, which a print has before the regency where it is known of a place."""
SCHEME = 1
"""Column of the scheme, which a print has after the number where a list has several."""


def page(request: Request, desk: Desk, who: Caller, no: str) -> Response:
    """The print of a list, or of its places in one sub-district."""
    say = strings(view.language(request, who))
    act = "list.export" if may(who, "list.export") else "list.see"
    asked = Asked(request, ("versi", "kec"))
    version, subdistrict = asked.number("versi"), asked.subdistrict()
    with by_key("subdistrict", "kec"):
        sheet = list_reads.sheet(desk.office, who, no, version=version, act=act, subdistrict=subdistrict or None)
    row, parts = sheet.row, list_reads.subdistricts(desk.office, who, sheet.row)
    heads, lines = _table(sheet, len(row.settings["scheme"]) > 1, bool(parts), say)
    shown = list_head.named(row, say)
    part = "" if sheet.own is None else files.part(row, sheet.places, sheet.own, say.language)
    return view.page(
        request, desk, "list_print.html", **shown, of=say.say("btn.print"), crumb=say.say("btn.print"),
        who=who, secret=True, heads=heads,
        lines=lines, no=no,
        also_on=list_words.also_on(sheet.result or {}, say),
        code_at=heads.index(HEADS[say.language][list_words.CODE]),
        crumbs=((say.say("nav.lists"), "/daftar"), (shown["head"]["called"], list_head.address(no, version))),
        gone=[(one, list_words.leavers(sheet.gone(one.name), say)) for one in list_words.gone(sheet.result or {}, say)],
        version=version, unknown=asked.unknown, part=part, subdistrict=subdistrict,
        subdistricts=[(code, places.whole(None, code[:REGENCY_DIGITS], say, code)) for code in parts])  # fmt: skip


def _table(sheet: Sheet, schemes: bool, subdistricts: bool, say: Strings,
           ) -> tuple[list[str], list[list[str]]]:  # fmt: skip
    """Heads and lines by sub-district, as the field is visited; families of no known one last.

    schemes, subdistricts : whether the list tells several, and the print has a column of them.
    """
    columns = (0, *((SCHEME,) if schemes else ()), PRINTED[1], *((SUBDISTRICT,) if subdistricts else ()), *PRINTED[2:])
    kept = list_words.kept_from(sheet.row.result, say)
    order = sorted(sheet.places, key=lambda place: (place.subdistrict is None, place.subdistrict or "", place.place))
    lines = [cells(place.place, told_places.told(place, sheet.checked.get(place.household)), say.language,
                   _result(sheet, place, say), kept) for place in order]  # fmt: skip
    return [HEADS[say.language][at] for at in columns], [[line[at] for at in columns] for line in lines]


def _result(sheet: Sheet, place: Row[Any], say: Strings) -> str:
    """What a visit found; empty, to be written into, where one is still to be made: none is planned to the reserve."""
    if place.how == RESERVE:
        return say.say("list.novisit")
    result, day = sheet.results.get(place.place, ("", None))
    return f"{RESULTS[say.language][result]}, {formats.date(day, say.language)}" if day else ""
