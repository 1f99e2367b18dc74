"""What the pages of scenarios show: figures in words, pictures from the installation, tables to open up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from models import drawn
from models.numbers import about, number
from models.schemes import ahead, grounds, judging, named, pictures, spread, telling, way, whom
from models.schemes.words import said
from models.words import CHARTS, Language, word
from serving.cases.scenarios import area_of
from serving.console import formats, places
from serving.console.charts import icons
from serving.console.strings import Strings
from serving.console.view import Desk

Found = Mapping[str, Any]
SQUARES = 4
"""Answers up to which each has its hundred squares."""


def head(row: Row[Any], say: Strings) -> dict[str, Any]:
    """A line of the list of scenarios."""
    return {"number": row.number, "title": row.title[say.language], "question": row.question[say.language],
            "area": places.name(area_of(row), say), "date": formats.date(row.made_at, say.language),
            "status": row.status, "state": say.say(f"scen.state.{row.status}"), "synthetic": row.synthetic,
            "kind": {"done": "ok", "failed": "warn"}.get(row.status, "info")}  # fmt: skip


def why(reason: str, say: Strings) -> str:
    """Why a scenario came to nothing, as far as there are words for it. reason : as it is kept, or `cancelled`."""
    code, *values = reason.split() or [""]
    key = f"scen.failed.{code}"
    if not say.has(key):
        return say.say("scen.failed.other", told=reason)
    what = {"scheme": named.kept(values[0], say.language)} if values else {}
    told = say.say(key, **what, **({"n": about(int(values[1]), say.language)} if len(values) > 1 else {}))
    return f"{say.say('scen.answer.no', n=_letter(values[2]))}. {told}" if len(values) > 2 else told


def _letter(arm: str) -> str:
    """Name of an answer; a letter of the form as it stands there."""
    return arm.upper() if len(arm) == 1 else arm


def shown(desk: Desk, found: Found, say: Strings) -> dict[str, Any]:
    """All that the page of a comparison shows before its tables."""
    language = say.language
    asked = pictures.asks(found, language)
    svgs = dict(zip(asked, drawn.pictures(desk.office.home, [*asked.values()]), strict=True))
    response, why = judging.response(found, language)
    still = [arm for arm in found["arms"] if arm["rungs"] == found["without"]["rungs"]]
    return {
        "ladders": [("without", said("without", language)), *((arm["name"], pictures.labelled(arm, language))
                                                               for arm in found["arms"] if arm not in still)],
        "same": [pictures.labelled(arm, language) for arm in still],
        "questions": [*dict.fromkeys(own["question"][language] for own in found["scenarios"]
                                     if own["question"][language])],
        "found": found, **judging.in_short(found, language), "rows": telling.rows(found, language),
        "heads": [{"title": pictures.labelled(arm, language), "evidence": arm["evidence"]} for arm in found["arms"]],
        "pareto": ahead.shown(found["arms"]),
        "alone": " ".join(filter(None, (judging.alone(found, language), pictures.left_out(found, language))))
        if judging.alone(found, language) else "",
        "response": response, "response_why": why,
        "aspirin": [_aspirin(arm, at, say, drawn_=len(found["arms"]) <= SQUARES) for at, arm in
                    enumerate(found["arms"])],
        "pictures": {name: _frame(name, found, svg, language) for name, svg in svgs.items() if svg},
        **telling.goal_in_short(found, language), "unsure": grounds.unknown(found, language),
        "few_draws": grounds.few_draws(found, language),
        "gains": spread.gains(found, language),
        "costs": telling.costs(found, language), "versions": grounds.versions(found, language),
        "whom_title": said("brief.whom", language), "whom": whom.lines(found, language),
        "people": about(found["data"]["people"], language), "area": named.area(found, language),
    }  # fmt: skip


def picture(desk: Desk, found: Found, name: str, say: Strings) -> str | None:
    """A picture by its name; None where there is none of it. A page asks for them one by one: they would be most of
    it."""
    ask = pictures.asks(found, say.language).get(name)
    return None if ask is None else drawn.pictures(desk.office.home, [ask])[0]


def _frame(name: str, found: Found, svg: str, language: Language) -> dict[str, Any]:
    """What a page says of a picture before it has arrived: its words and its size."""
    size = re.search(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg)
    width, height = (round(float(own)) for own in size.groups()) if size else (336, 330)
    title = word(CHARTS, pictures.titled(name, found), language)
    return {"alt": f"{title}. {pictures.about(name, found, language)}", "width": width, "height": height}


def _aspirin(arm: dict[str, Any], at: int, say: Strings, *, drawn_: bool) -> dict[str, Any]:
    """A hundred squares: of a hundred averted falls, those that come back."""
    own, language = arm["outcomes"]["aspirin"], say.language
    label = pictures.labelled(arm, language)
    if why := telling.no_aspirin(arm, language):
        return {"title": label, "told": f"{why[0].upper()}{why[1:]}.", "picture": ""}
    p, low, high = (formats.percent(one) for one in (own["value"], *own["draws"]))
    least, most = (formats.percent(one) for one in own["effects"])
    told = say.say("scen.aspirin.told", p=p, draws=said("range", language, low=low, high=high),
                   effects=said("range", language, low=least, high=most))  # fmt: skip
    told = " ".join([told, *(f"{doubt[0].upper()}{doubt[1:]}." for doubt in telling.doubts(arm, "aspirin", language))])
    squares = icons.draw(p, low, high, title=label, about=told, name=f"aspirin-{at}") if drawn_ else ""
    return {"title": label, "told": told, "picture": squares}


def preview(told: dict[str, Any], say: Strings, *, shocks_known: bool = True) -> dict[str, Any]:
    """The live panel of the builder: money, families and limits of each answer; where its shocks are not known as they
    are meant, nothing is said of the shock that a scheme would protect against."""
    language = say.language
    if not shocks_known:
        told = told | {"arms": [arm | {"schemes": [own | {"lacks_shock": None} for own in arm["schemes"]]}
                                for arm in told["arms"]]}  # fmt: skip
    arms = [_previewed(arm, say) for arm in told["arms"]]
    return {"ready": told["ready"], "arms": arms, "families": number(told["families"], language),
            "stand_for": about(told["stand_for"], language),
            "status": "; ".join(own["status"] for own in arms) or say.say("scen.live.none_tried")}  # fmt: skip


def _previewed(arm: Mapping[str, Any], say: Strings) -> dict[str, Any]:
    """An answer in the live panel."""
    language, title = say.language, arm["title"][say.language]
    notes = [note for own in arm["schemes"] for note in _notes(own, say)]
    if any(own["rolling"] for own in arm["schemes"]):
        notes.insert(0, said("unknown.rolling", language, a=title))
    known = arm["cost"] is not None
    spent = [row for row in arm["cost_by_year"] or () if row["rupiah"]]
    eligible = [own["eligible"] for own in arm["schemes"]]
    small = say.say("scen.live.few")
    money = small if arm["families"] is None else telling.cost(
        arm["cost"] if known else arm["cost_at_least"], language, known=known)  # fmt: skip
    return {
        "title": title, "zero": arm["families"] == 0 and not any(own["coarse"] for own in arm["schemes"]),
        "cost": money,
        "families": small if arm["families"] is None else about(arm["families"], language),
        "eligible": small if None in eligible else about(sum(eligible), language),
        "each": ", ".join(telling.cost(own["cost_of_one"] if own["cost_known"] else own["cost_of_one_at_least"],
                                       language, known=own["cost_known"]) for own in arm["schemes"]),
        "status": f"{title}: " + (small if arm["families"] is None else ", ".join(
            (money, f"{about(arm['families'], language)} {say.say('unit.family')}"))),
        "years": [(row["year"], telling.cost(row["rupiah"], language, known=True)) for row in spent],
        "notes": notes[:12],
        "evidence": say.say("scen.live.evidence", n=arm["effect_figures_from_evidence"], m=arm["effect_figures"]),
        "from_evidence": arm["effect_figures_from_evidence"] == arm["effect_figures"],
    }  # fmt: skip


def _notes(own: Mapping[str, Any], say: Strings) -> list[str]:
    """What limits a scheme, and what is not known of it."""
    language, title = say.language, own["title"][say.language]
    limits: dict[str, list[str]] = {}
    for year, what in own["limited_by"].items():
        limits.setdefault(what, []).append(str(year))
    notes = [say.say("scen.live.limit", year=", ".join(years), what=said(f"limited.{what}", language))
             for what, years in limits.items()]  # fmt: skip
    notes += telling.lacks_shock(own, language)
    if own["eligible"] is None:
        notes.append(say.say("scen.live.cannot", why=say.say("scen.failed.few", scheme=title)))
    elif own["rows"] is None:
        notes.append(say.say("scen.live.few.scheme", what=title))
    elif 0 < own["rows"] < grounds.ENOUGH:
        notes.append(said("unknown.few", language, what=title, n=own["rows"]))
    if own["facts_unknown"]:
        notes.append(say.say("scen.live.unknown", n=about(own["facts_unknown"], language)))
    if own["coarse"]:
        notes.append(own["coarse_why"][language])
    if own["cost_unknown"]:
        notes.append(said("unknown.cost", language, what=title, parts=way.parts(own["cost_unknown"], language)))
    elif assumed := grounds.assumed_cost(own["cost_assumed"], language):
        notes.append(said("unknown.cost_assumed", language, what=title, **assumed))
    if own["take_up_basis"] == "assumption":
        notes.append(said("unknown.take_up", language, what=title, n=number(100 * own["take_up"], language)))
    if own["no_evidence"]:
        notes.append(said("unknown.no_evidence", language, what=title))
    return notes
