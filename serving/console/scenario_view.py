"""What the pages of scenarios show: figures in words, pictures from the installation, tables to open up."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row

from features.contract import RUNGS
from models import drawn
from models.numbers import about, number, rupiah
from models.schemes import pictures, spread, telling, way
from models.schemes.brief import TITLED
from models.schemes.words import said
from models.text import words
from models.words import CHARTS, Language, word
from serving.cases.scenarios import area_of
from serving.console import formats, places
from serving.console.charts import icons
from serving.console.strings import Strings
from serving.console.view import Desk

TABLES = ("tangga", "skema", "kelompok", "provinsi", "selisih", "tahun", "laju", "menuju", "asumsi")
"""Tables that an analyst opens up, by name in the address."""
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
    """Why a scenario failed, as far as there are words for it."""
    code, *values = reason.split() or [""]
    key = f"scen.failed.{code}"
    if not say.has(key):
        return say.say("scen.failed.other", told=reason)
    return say.say(key, scheme=values[0], n=about(int(values[1]), say.language)) if len(values) == 2 else say.say(key)


def shown(desk: Desk, found: Found, say: Strings) -> dict[str, Any]:
    """All that the page of a comparison shows before its tables."""
    language = say.language
    asked = pictures.asks(found, language)
    svgs = dict(zip(asked, drawn.pictures(desk.office.home, [*asked.values()]), strict=True))
    evidence = all(arm["evidence"] for arm in found["arms"])
    still = [arm for arm in found["arms"] if arm["rungs"] == found["without"]["rungs"]]
    return {
        "ladders": [("without", said("without", language)), *((arm["name"], pictures.labelled(arm, language))
                                                               for arm in found["arms"] if arm not in still)],
        "same": [pictures.labelled(arm, language) for arm in still],
        "questions": [*dict.fromkeys(own["question"][language] for own in found["scenarios"]
                                     if own["question"][language])],
        "found": found, "answer": telling.answer(found, language), "rows": telling.rows(found, language),
        "heads": [{"title": pictures.labelled(arm, language), "evidence": arm["evidence"]} for arm in found["arms"]],
        "response": "" if evidence or not found["arms"] else said("response.why", language),
        "aspirin": [_aspirin(arm, at, say, drawn_=len(found["arms"]) <= SQUARES) for at, arm in
                    enumerate(found["arms"])],
        "pictures": {name: _frame(name, svg, language) for name, svg in svgs.items() if svg},
        "goal": telling.goal(found, language), "unsure": telling.unknown(found, language),
        "gains": [*spread.gains(found, language), *spread.provinces(found, language)],
        "costs": telling.costs(found, language), "versions": telling.versions(found, language),
        "zero": all(telling.nothing(arm) for arm in found["arms"]),
        "people": about(found["data"]["people"], language),
    }  # fmt: skip


def picture(desk: Desk, found: Found, name: str, say: Strings) -> str | None:
    """A picture by its name; None where there is none of it. A page asks for them one by one: they would be most of
    it."""
    ask = pictures.asks(found, say.language).get(name)
    return None if ask is None else drawn.pictures(desk.office.home, [ask])[0]


def _frame(name: str, svg: str, language: Language) -> dict[str, Any]:
    """What a page says of a picture before it has arrived: its words and its size."""
    key = TITLED.get(name, "stacked")
    size = re.search(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg)
    width, height = (round(float(own)) for own in size.groups()) if size else (336, 330)
    return {"alt": f"{word(CHARTS, key, language)}. {word(CHARTS, f'{key}.about', language)}", "width": width,
            "height": height}  # fmt: skip


def _aspirin(arm: dict[str, Any], at: int, say: Strings, *, drawn_: bool) -> dict[str, Any]:
    """A hundred squares: of a hundred averted falls, those that come back."""
    own, language = arm["outcomes"]["aspirin"], say.language
    label = pictures.labelled(arm, language)
    if own["value"] is None:
        return {"title": label, "told": say.say("scen.aspirin.none"), "picture": ""}
    p, low, high = (formats.percent(one) for one in (own["value"], *own["draws"]))
    told = say.say("scen.aspirin.told", p=p, low=low, high=high)
    squares = icons.draw(p, low, high, title=label, about=told, name=f"aspirin-{at}") if drawn_ else ""
    return {"title": label, "told": told, "picture": squares}


def table(found: Found, name: str, say: Strings) -> dict[str, Any]:
    """One table to open up: heads and lines."""
    make = {"tangga": _rungs, "skema": _schemes, "kelompok": _groups, "provinsi": _provinces,
            "selisih": _differences, "tahun": _years, "laju": _way(way.moves),
            "menuju": _way(way.options), "asumsi": _assumptions}[name]  # fmt: skip
    heads, lines = make(found, say)
    return {"name": name, "heads": heads, "lines": lines, "caption": say.say(f"scen.table.{name}")}


_Table = tuple[list[str], list[list[str]]]


def _answers(found: Found, say: Strings) -> list[tuple[str, dict[str, Any]]]:
    return [(said("without", say.language), found["without"]),
            *((pictures.labelled(arm, say.language), arm) for arm in found["arms"])]  # fmt: skip


def _share(own: Mapping[str, Any], say: Strings) -> str:
    one, low, high = (number(100 * own[key], say.language, 1) for key in ("value", "low", "high"))
    return f"{one} ({low} - {high})"


def _rungs(found: Found, say: Strings) -> _Table:
    rungs = words(say.language).rungs
    lines = [[title, str(row["year"]), *(_share(row[rung], say) for rung in RUNGS)]
             for title, own in _answers(found, say) for row in own["rungs"]]  # fmt: skip
    return [say.say("scen.arm"), say.say("scen.year"), *(f"{rungs[rung]} (%)" for rung in RUNGS)], lines


def _provinces(found: Found, say: Strings) -> _Table:
    rungs = words(say.language).rungs
    lines = [[title, places.name(row["province"] or None, say),
              *(about(row["people"][rung]["value"], say.language) for rung in RUNGS)]
             for title, own in _answers(found, say) for row in own["provinces"]]  # fmt: skip
    return [say.say("scen.arm"), say.say("scen.province"), *(rungs[rung] for rung in RUNGS)], lines


def _groups(found: Found, say: Strings) -> _Table:
    lines = []
    for arm in found["arms"]:
        title = pictures.labelled(arm, say.language)
        for row in arm["groups"]:
            if row["kind"] == "scheme":
                continue
            own = [_range(row[name], say) for name in ("falls_averted", "poor_years_averted")]
            lines.append([title, say.say(f"scen.group.{row['kind']}"),
                          spread.group(row["kind"], row["name"], say.language), *own])  # fmt: skip
    return [say.say("scen.arm"), say.say("scen.group"), say.say("scen.group.name"),
            said("falls_averted", say.language), said("poor_years_averted", say.language)], lines  # fmt: skip


def _schemes(found: Found, say: Strings) -> _Table:
    language, lines = say.language, []
    for arm in found["arms"]:
        for own in arm["schemes"]:
            basis = "none" if own["no_evidence"] else "evidence" if own["evidence"] else ""
            lines.append([
                pictures.labelled(arm, language), own["title"][language], said(f"approach.{own['approach']}", language),
                said(f"rule.{own['rule']}", language), about(own["eligible"], language),
                about(own["families"], language), rupiah(own["cost"], language),
                *(said("none", language) if own[name] is None else said(
                    "of_100", language, n=number(100 * own[name], language)) for name in ("exclusion", "inclusion")),
                about(own["displaced"], language), said(f"basis.{basis}", language) if basis else said(
                    "response", language)])  # fmt: skip
    return [say.say("scen.arm"), *(say.say(f"scen.{name}") for name in (
        "skema", "approach", "aturan", "live.eligible", "live.families", "money", "missed", "leaked", "displaced",
        "effect"))], lines  # fmt: skip


def _range(own: Mapping[str, Any], say: Strings) -> str:
    told = [telling.figure("falls_averted", own[key], say.language) for key in ("value", "low", "high")]
    return f"{told[0]} ({told[1]} - {told[2]})"


def _differences(found: Found, say: Strings) -> _Table:
    title = {arm["name"]: pictures.labelled(arm, say.language) for arm in found["arms"]}
    lines = []
    for row in found["differences"]:
        for name, own in row["outcomes"].items():
            verdict = {"first": title[row["first"]], "second": title[row["second"]]}.get(
                own["verdict"], say.say("undecided"))  # fmt: skip
            told = [telling.figure(name, own["value"], say.language),
                    *(telling.span(name, own[ends], say.language) for ends in ("draws", "effects"))]  # fmt: skip
            lines.append([f"{title[row['first']]} - {title[row['second']]}", said(name, say.language), *told, verdict])
    return [say.say("scen.pair"), say.say("scen.outcome"), say.say("scen.difference"), said("draws", say.language),
            said("effects", say.language), say.say("scen.verdict")], lines  # fmt: skip


def _years(found: Found, say: Strings) -> _Table:
    lines = []
    for arm in found["arms"]:
        falls = {row["year"]: row for row in arm["falls_averted_by_year"]}
        money: dict[int, float] = {}
        for own in arm["schemes"]:
            for row in own["cost_by_year"]:
                money[row["year"]] = money.get(row["year"], 0.0) + row["rupiah"]
        for year, row in falls.items():
            full = ", ".join(dict.fromkeys(said(f"limited.{own['limited_by'][str(year)]}", say.language)
                                           for own in arm["schemes"] if str(year) in own["limited_by"]))  # fmt: skip
            lines.append([pictures.labelled(arm, say.language), str(year), rupiah(money.get(year, 0.0), say.language),
                          _range(row, say), full])  # fmt: skip
    return [say.say("scen.arm"), say.say("scen.year"), say.say("scen.money"), say.say("scen.falls.year"),
            say.say("scen.limit")], lines  # fmt: skip


def _assumptions(found: Found, say: Strings) -> _Table:
    lines = [[own["part"], own["figure"], own["value"], own["unit"], own["basis"], own["source"]]
             for own in telling.assumptions(found, say.language)]  # fmt: skip
    return [said(f"brief.{key}", say.language) for key in ("part", "figure", "value")] + [
        say.say("scen.unit"), *(said(f"brief.{key}", say.language) for key in ("basis", "source"))], lines  # fmt: skip


def _way(make: Callable[[Mapping[str, Any], Language], _Table]) -> Callable[[Found, Strings], _Table]:
    """A table of what the goal takes; empty where the scenario ends before its year."""

    def made(found: Found, say: Strings) -> _Table:
        inverse = found["goal"]["inverse"]
        return ([], []) if inverse is None else make(inverse, say.language)

    return made


def offered(found: Found) -> list[str]:
    """Tables that there are of a result."""
    return [name for name in TABLES if found["goal"]["inverse"] is not None or name not in ("laju", "menuju")]


def preview(told: Mapping[str, Any], say: Strings) -> dict[str, Any]:
    """The live panel of the builder: money, families and limits of each answer."""
    language = say.language
    arms = []
    for arm in told["arms"]:
        notes = []
        for own in arm["schemes"]:
            for year, what in own["limited_by"].items():
                notes.append(say.say("scen.live.limit", year=year, what=said(f"limited.{what}", language)))
            if 0 < own["rows"] < telling.ENOUGH:
                notes.append(said("unknown.few", language, what=own["title"][language], n=own["rows"]))
            if own["facts_unknown"]:
                notes.append(say.say("scen.live.unknown", n=about(own["facts_unknown"], language)))
            if own["coarse"]:
                each = told["stand_for"] / max(told["families"], 1)
                notes.append(said("coarse", language, what=own["title"][language], n=about(each, language)))
            if not own["cost_known"]:
                notes.append(said("unknown.cost", language, what=own["title"][language]))
            if own["no_evidence"]:
                notes.append(said("unknown.no_evidence", language, what=own["title"][language]))
        spent = [row for row in arm["cost_by_year"] if row["rupiah"]]
        arms.append({
            "title": arm["title"][language], "zero": not arm["families"] and not any(
                own["coarse"] for own in arm["schemes"]), "cost": rupiah(arm["cost"], language),
            "families": about(arm["families"], language),
            "eligible": about(sum(own["eligible"] for own in arm["schemes"]), language),
            "each": ", ".join(rupiah(own["cost_of_one"], language) for own in arm["schemes"]),
            "years": [(row["year"], rupiah(row["rupiah"], language)) for row in spent], "notes": notes[:9],
            "evidence": say.say("scen.live.evidence", n=arm["effect_figures_from_evidence"], m=arm["effect_figures"]),
            "from_evidence": arm["effect_figures_from_evidence"] == arm["effect_figures"],
        })  # fmt: skip
    return {"ready": told["ready"], "arms": arms, "families": number(told["families"], language),
            "stand_for": about(told["stand_for"], language),
            "status": "; ".join(f"{own['title']}: {own['cost']}, {own['families']} {say.say('unit.family')}"
                                for own in arms) or said("answer.none", language)}  # fmt: skip
