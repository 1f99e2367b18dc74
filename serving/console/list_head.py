"""What stands above a list and leads to it: its name with the version, its state, its address, which list a sheet is
of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from serving.console import formats, forms, places, view
from serving.console.strings import Strings
from serving.scores.kept_run import run_day
from serving.store.lists import Name
from serving.store.numbers import day_of
from serving.store.objections import unheeded_from


def address(no: str, version: int | None, part: str = "", **more: str) -> str:
    """Address of a list or a part of it, in the version that was asked for: without one, in the newest."""
    query = forms.address({"versi": str(version or "")}, **more)
    return f"/daftar/{no}{part}" + (query and f"?{query}")


def link(name: Name) -> str:
    """Address of the version of a list that a name tells; of the newest one it stays that of the list."""
    return address(name.number, None if name.version == name.newest else name.version)


def head(row: Row[Any], say: Strings) -> dict[str, Any]:
    """What a list is called, its versions with their addresses, whose it is, how it stands."""
    draft = row.status == "draft"
    no, newest = row.number or f"draft-{row.id}", 0 if draft else row.newest
    name = None if draft else Name.of(row)
    replaced = not draft and row.version != newest
    state = say.say("list.replaced", n=newest) if replaced else say.say("list.draft" if draft else "list.confirmed")
    return {"name": no, "called": str(name or f"{state} {row.id}"), "version": row.version,
            "newest": not draft and not replaced, "link": link(name) if name else "", "draft": draft, "state": state,
            "title": row.title,
            "versions": [(n, link(Name(no, n, newest))) for n in range(1, newest + 1)],
            "quarter": formats.quarter(row.quarter, say.language),
            "area": places.name(row.regency or row.province or "", say),
            "date": formats.date(row.confirmed_at or row.made_at, say.language),
            "by": getattr(row, "confirmer", None) or ""}  # fmt: skip


def accepted(row: Row[Any], found: tuple[int, Sequence[str]], say: Strings) -> dict[str, Any]:
    """That objections were accepted since the scores of a list, why none of them gives a place, and the way to them;
    empty without any. found : of `cases.objections.accepted`."""
    count, numbers = found
    if not count:
        return {}
    own = head(row, say)
    version = "" if own["newest"] or own["draft"] else str(own["version"])
    return {"text": say.say("list.accepted", n=formats.number(count, say.language),
                            date=formats.date(since(row), say.language)), "numbers": numbers,
            "href": f"/sanggah?{forms.address({'daftar': own['name'], 'versi': version})}"}  # fmt: skip


def since(row: Row[Any]) -> date:
    """From which day on accepted objections are told beside a list."""
    return day_of(unheeded_from(row))


def named(row: Row[Any], say: Strings) -> dict[str, Any]:
    """The same with the title of the page, what tells a sheet of this list from any other, and which scores it was
    drawn from: not those that answer now."""
    own = head(row, say)
    sheet = say.say("list.title", no=own["name"])
    if row.hash:
        sheet = say.say("list.sheet", no=sheet, version=row.version, hash=row.hash[:12])
    return {"list": row, "head": own, "title": say.say("list.title", no=own["called"]), "sheet": sheet,
            "source": f"{sheet} \u00b7 {view.source(row.bundle, run_day(row.run), say)}"}  # fmt: skip
