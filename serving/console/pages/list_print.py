"""A list on paper, to take to the field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from sqlalchemy import Row
from starlette.responses import Response

from features.contract import REGENCY_DIGITS
from serving.access import Caller, may
from serving.cases import list_reads
from serving.cases import places as told_places
from serving.console import list_head, places, view
from serving.console.asked import Asked
from serving.console.strings import strings
from serving.console.view import Desk
from serving.lists_files import HEADS, Language, cells

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
    row, found = list_reads.places_of(desk.office, who, no, version=version, count=None, act=act,
                                      subdistrict=subdistrict or None)  # fmt: skip
    parts = list_reads.subdistricts(desk.office, who, row)
    heads, lines = _table(found, len(row.settings["scheme"]) > 1, bool(parts), say.language)
    shown = list_head.named(row, say)
    return view.page(
        request, desk, "list_print.html", **shown, who=who, secret=True, heads=heads, lines=lines, no=no,
        crumbs=((say.say("nav.lists"), "/daftar"), (shown["head"]["called"], list_head.address(no, version))),
        version=version, unknown=asked.unknown, subdistrict=subdistrict,
        subdistricts=[(code, places.whole(None, code[:REGENCY_DIGITS], say, code)) for code in parts])  # fmt: skip


def _table(found: Sequence[Row[Any]], schemes: bool, subdistricts: bool, language: Language,
           ) -> tuple[list[str], list[list[str]]]:  # fmt: skip
    """Heads and lines by sub-district, as the field is visited; families of no known one last.

    schemes, subdistricts : whether the list tells several, and the print has a column of them.
    """
    columns = (0, *((SCHEME,) if schemes else ()), PRINTED[1], *((SUBDISTRICT,) if subdistricts else ()), *PRINTED[2:])
    order = sorted(found, key=lambda place: (place.subdistrict is None, place.subdistrict or "", place.place))
    lines = [cells(place.place, told_places.told(place), language) for place in order]
    return [HEADS[language][at] for at in columns], [[line[at] for at in columns] for line in lines]
