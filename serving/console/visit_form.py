"""The form of what a visit found, empty, with what was sent, or with what was recorded before."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from sqlalchemy import Row
from starlette.responses import Response

from serving.access.rights import Caller
from serving.cases import objections, visits
from serving.cases.households import Household
from serving.console import formats, forms, list_words, places, telling, view
from serving.console.forms import Values, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.store.lists import Name
from serving.store.visits import RESULTS, Found

FIELDS = {"result": "hasil", "wrong": "salah", "moved_to": "pindah", "visited": "tanggal", "note": "catatan",
          "intervention": "bantuan", "second": "kedua"}  # fmt: skip
"""Field of a problem to that of the form."""
PAGES_OF_THEIR_OWN = ("not_in_area", "forbidden_role")
"""Problems that are no matter of what was filled in."""
OTHER = "other"
"""A wrong fact in words, where none of those that are known is it."""


def names(say: Strings) -> dict[str, str]:
    """Labels of the form's fields."""
    return {name: say.say(f"visit.{name}") for name in FIELDS.values()}


def broken(problem: Problem, say: Strings, known: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What is wrong with which field; known : facts that the form asks for, key and words."""
    facts = {f"wrong.{key}": f"salah-{key}" for key, _ in known}
    labels = names(say)
    own = {"hasil": labels["hasil"], "salah": labels["salah"], **{f"salah-{key}": text for key, text in known}} | labels
    return forms.broken(problem, say, FIELDS | facts, own)


def found(sent: Values) -> Found:
    """What the form tells; what is wrong with it is told where it is to be kept, all at once."""
    result, day = first(sent, "hasil"), None
    with contextlib.suppress(ValueError):
        day = datetime.date.fromisoformat(first(sent, "tanggal"))
    # Only what the result needs: what was filled in under another one first is left out.
    wrong = {name.removeprefix("salah-"): first(sent, name) for name in sent if name.startswith("salah-")}
    facts = {name: value for name, value in wrong.items() if value} if result == "wrong" else None
    return Found(result, day, first(sent, "catatan"), facts or None,
                 (first(sent, "pindah") or None) if result == "moved" else None,
                 first(sent, "bantuan") or None)  # fmt: skip


def recorded(row: Row[Any]) -> dict[str, list[str]]:
    """What was recorded of a visit, as the form would send it."""
    given = {"hasil": row.result, "tanggal": row.visited and row.visited.isoformat(), "catatan": row.note,
             "pindah": row.moved_to, "bantuan": row.intervention}  # fmt: skip
    given |= {f"salah-{fact}": value for fact, value in (row.wrong or {}).items()}
    return {name: [value] for name, value in given.items() if value}


def outcome(row: Row[Any], say: Strings) -> str:
    """What a visit found, and a later one since, or the one that answers it; where none did, that it is planned, or
    was."""
    if row.answer:
        return say.say("visit.answered", result=say.say(f"visit.{row.answer}"))
    own = say.say(f"visit.{row.result or visits.state(row)}")
    if row.last is None or _again(row):
        return own
    last, day = say.say(f"visit.{row.last}"), formats.date(row.last_day, say.language)
    return say.say("visit.superseded", result=own, last=last, date=day)


def _again(row: Row[Any]) -> bool:
    """Whether a later visit found the same: that is told once, with the newer day."""
    return row.result is not None and row.last == row.result


def chosen(row: Row[Any], name: Name | None, say: Strings) -> str:
    """How a family came to be visited; name : of the list that planned it."""
    if row.channel == "kept":
        return say.say("list.how.kept", list=list_words.before(name.version if name else 1, say))
    return say.say(f"visit.how.{row.channel}")


def line(row: Row[Any], names: Mapping[int, Name], say: Strings) -> dict[str, Any]:
    """A visit in a line: what came of it, whether it waits, its day: made, answered, or due, none of one that is asked
    for no longer; and of itself, or of the one that answers it, the number where it was made, and the list, of those
    whose `names` are given."""
    day = row.last_day if _again(row) else row.visited or row.answer_day or (row.due if visits.waits(row) else None)
    name = names.get(row.answer_list if row.answered_by else row.list)
    return {"name": outcome(row, say), "planned": visits.waits(row), "list": str(name or ""),
            "visit": row.answered_by or (row.id if row.result else None),
            "date": formats.date(day, say.language) if day else ""}  # fmt: skip


def facts(house: Household | None, say: Strings, kept: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Facts that may be wrong, key and words: those of the score that can be objected to, and those recorded before."""
    known: list[tuple[str, str]] = []
    if house is not None:
        missing = house.row["missing"] or []
        known = [(fact.key, fact.text) for fact in telling.facts(house.row, say) if fact.contestable]
        named = zip(missing, telling.named(missing, say), strict=False)
        known += [(key, say.say("visit.missing", name=name)) for key, name in named if key in objections.contestable()]
    for key in kept or {}:
        if key not in dict(known) and key != OTHER:
            known.append((key, telling.named([key], say)[0] if key in objections.contestable() else key))
    if not known or OTHER in (kept or {}):
        known.append((OTHER, say.say("visit.salah.other")))
    return known


def page(request: Request, desk: Desk, who: Caller, code: str, where: str, known: list[tuple[str, str]], values: Values,
         problem: Problem | None = None, *, title: str, action: str, restored: bool,
         planned: int | None = None, second: Row[Any] | None = None) -> Response:  # fmt: skip
    """The form. action : where it is sent. restored : whether its answers were kept while nobody was signed in.
    planned : number of the planned visit that it records. second : the visit to the family that its person
    recorded of the same day already."""
    say = strings(view.language(request, who))
    return view.page(
        request, desk, "visit_new.html", title=title, of=formats.code(code), who=who, secret=True,
        error=problem is not None,
        status=problem.status if problem else 200, broken=broken(problem, say, known) if problem else {},
        values={name: first(values, name) for name in values}, action=action, code_=code,
        crumbs=((say.say("house.crumb"), "/keluarga"), (formats.code(code), f"/keluarga/{code}")), where=where,
        results=[(name, say.say(f"visit.{name}")) for name in RESULTS], facts=known, planned=planned or "",
        restored=restored, second=second, second_told=say.say("visit.twice", date=formats.date(
            second.visited, say.language), result=say.say(f"visit.{second.result}")) if second else "",
        today=desk.office.today, names=names(say), key_name=forms.KEY,
        key=first(values, forms.KEY) or forms.key(), provinces=[
            (name, [(own, places.name(own, say)) for own in places.regencies() if own[:2] == province])
            for province, name in places.provinces().items()],
    )  # fmt: skip
