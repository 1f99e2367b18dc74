"""Openings for the workers of a family: from what the score keeps, or from what an officer writes for this once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from features.contract import EDUCATION, SECTIONS
from models.compass import openings, table, telling
from models.compass.measures import BY_KEY, TASKS
from models.compass.occupations import all_occupations
from models.compass.openings import Prospect, Worker
from models.text import words
from serving.access import signin
from serving.access.rights import Caller
from serving.cases import households
from serving.cases.households import Household
from serving.console import formats, places, view
from serving.console.forms import Sent, Values, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk

WORKERS = 3
"""Workers that the form has room for."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the page."""

    @app.get("/keluarga/{kode}/peluang", include_in_schema=False)
    def kept(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _page(request, desk, who, kode, None)

    @app.post("/keluarga/{kode}/peluang", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def told(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        return _page(request, desk, who, kode, sent)


def _page(request: Request, desk: Desk, who: Caller, kode: str, sent: Values | None) -> Response:
    found = households.look(desk.office, who, kode)
    say, row = strings(view.language(request, who)), found.row
    given, broken = ([_kept(found)], {}) if sent is None else _sent(sent, say)
    place = table.place(row["province"] if row["province"] in table.provinces() else "")
    workers = [own for own in given if own != Worker()]
    code = row["household_id"]
    crumbs = ((say.say("house.crumb"), "/keluarga"), (formats.code(code), f"/keluarga/{code}"))
    prospects = [] if broken else [_told(own, say) for own in openings.household(workers, place)]
    return view.page(
        request, desk, "openings.html", title=say.say("open.title"), who=who, secret=True, crumbs=crumbs, row=row,
        of=formats.code(code),
        status=422 if broken else 200, prospects=prospects,
        place=places.whole(row["province"], row["regency"], say, row["subdistrict"]), kept=sent is None,
        head=_heads(found), broken=broken, errors=list(broken.items()),
        note=words(say.language).compass["note"], missing=telling.missing(openings.NOT_KNOWN, say.language),
        fields=[_field(at, given[at] if at < len(given) else Worker(), sent) for at in range(WORKERS)],
        occupations=[(own.code, own.title(say.language)) for own in all_occupations().values()],
        sections=[(letter, f"{letter} {telling.section(letter, say.language)}") for letter in SECTIONS],
        schooling=[(name, words(say.language).compass[f"schooling.{name}"]) for name in EDUCATION],
        compass=f"/kompas?prov={place.province}" if place.province else "/kompas",
        more_open=any(own != Worker() for own in given[1:]) or any(not name.endswith("-1") for name in broken),
    )  # fmt: skip


def _kept(found: Household) -> Worker:
    """The job that stands for the family, of the facts that are kept with the score, else what its reasons say of the
    head's work; the head's schooling, where the job is the head's."""
    known = {reason["key"]: reason["value"] for reason in found.row["reasons"] or []}
    section, job = known.get("work.head_sector"), None
    if found.facts is not None:
        section, job = found.facts["section"], found.facts["occupation"]
    schooling, code = known.get("hh.head_school") if _heads(found) else "", "" if job is None else f"{job:04d}"
    return Worker(code if code in all_occupations() else "", section if section in SECTIONS else "",
                  schooling if schooling in EDUCATION else "")  # fmt: skip


def _heads(found: Household) -> bool:
    """Whether the job that is kept is the head's."""
    return found.facts is None or found.facts["head"] is not False


def _sent(sent: Values, say: Strings) -> tuple[list[Worker], dict[str, str]]:
    """Workers of the form, and what is wrong by field."""
    found, broken = [], {}
    for at in range(1, WORKERS + 1):
        typed, section, schooling = (first(sent, f"{name}-{at}") for name in ("pekerjaan", "usaha", "ijazah"))
        code = typed[:4].strip()
        if typed and code not in all_occupations():
            broken[f"pekerjaan-{at}"] = say.say("open.rule.occupation")
        if section and section not in SECTIONS:
            broken[f"usaha-{at}"] = say.say("rule.section")
        if schooling and schooling not in EDUCATION:
            broken[f"ijazah-{at}"] = say.say("open.rule.schooling")
        found.append(Worker(code if code in all_occupations() else "", section, schooling))
    if not broken and all(own == Worker() for own in found):
        broken["pekerjaan-1"] = say.say("open.rule.one")
    return found, broken


def _field(at: int, own: Worker, sent: Values | None) -> dict[str, Any]:
    known = all_occupations().get(own.occupation)
    typed = first(sent, f"pekerjaan-{at + 1}") if sent is not None else ""
    return {"n": at + 1, "occupation": typed or (known.code if known else ""), "section": own.section,
            "schooling": own.schooling}  # fmt: skip


def _told(found: Prospect, say: Strings) -> dict[str, Any]:
    """A worker with the openings in words, and exposure now and there side by side."""
    own = telling.worker(found.worker, say.language)
    lines = []
    for each in found.openings:
        told = telling.opening(each, found, say.language)
        told["exposures"] = [{"name": _called(key, say), "now": _written(key, found.exposure[key], say),
                              "there": _written(key, each.exposure[key], say)} for key in TASKS]  # fmt: skip
        lines.append(told)
    about = [own["title"] or say.say("open.unknown.occupation"),
             own["section_name"] or say.say("open.unknown.section"),
             own["schooling_name"] or say.say("open.unknown.schooling")]  # fmt: skip
    return {"about": about, "openings": lines, "missing": telling.missing(found.missing, say.language),
            "of_section": found.of_section,
            "now": [(_called(key, say), _written(key, found.exposure[key], say)) for key in TASKS]}  # fmt: skip


def _called(key: str, say: Strings) -> str:
    """A measure by its name, with its scale where that is not the hundred of per cent."""
    name, kind = BY_KEY[key].name(say.language), BY_KEY[key].kind
    return f"{name} ({say.say(f'compass.unit.{kind}')})" if kind in ("scale", "index") else name


def _written(key: str, value: float | None, say: Strings) -> str:
    return say.say("compass.unknown") if value is None else BY_KEY[key].written(value, say.language)
