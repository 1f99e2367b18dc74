"""Tables of a comparison that an analyst opens up, by their name in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from features.contract import RUNGS
from models.few import FEWEST
from models.numbers import about, number, signed
from models.schemes import grounds, named, pictures, spread, telling, unaided, way
from models.schemes.words import between, said
from models.words import Language
from serving.console import places
from serving.console.strings import Strings

TABLES = ("tangga", "tanpa", "skema", "kelompok", "provinsi", "selisih", "tahun", "laju", "menuju", "terbit", "asumsi")
"""In the order in which they are offered."""
Found = Mapping[str, Any]


def table(found: Found, name: str, say: Strings) -> dict[str, Any]:
    """One table to open up: heads and lines, and what is said of all of it (`about`)."""
    make = {"tangga": _rungs, "tanpa": _calm, "skema": _schemes, "kelompok": _groups, "provinsi": _provinces,
            "selisih": _differences, "tahun": _years, "laju": _way(way.moves),
            "menuju": _way(way.options), "terbit": _published, "asumsi": _assumptions}[name]  # fmt: skip
    heads, lines = make(found, say)
    notes = {"kelompok": spread.effects, "laju": way.measured}.get(name)
    about = notes(found, say.language) if notes else []
    return {"name": name, "heads": heads, "lines": lines, "caption": say.say(f"scen.table.{name}"), "about": about}


_Table = tuple[list[str], list[list[str]]]


def _answers(found: Found, say: Strings) -> list[tuple[str, dict[str, Any]]]:
    return [(said("without", say.language), found["without"]),
            *((pictures.labelled(arm, say.language), arm) for arm in found["arms"])]  # fmt: skip


def _share(own: Mapping[str, Any], say: Strings) -> str:
    return between(*(number(100 * own[key], say.language, 1) for key in ("value", "low", "high")))


def _rungs(found: Found, say: Strings) -> _Table:
    rungs = named.rungs(say.language)
    lines = [[title, str(row["year"]), *(_share(row[rung], say) for rung in RUNGS)]
             for title, own in _answers(found, say) for row in own["rungs"]]  # fmt: skip
    return [say.say("scen.arm"), say.say("scen.year"), *(f"{rungs[rung]} (%)" for rung in RUNGS)], lines


def _provinces(found: Found, say: Strings) -> _Table:
    rungs = named.rungs(say.language)
    lines = [[title, places.name(row["province"] or None, say),
              *(said("few", say.language) if row["few"] else about(row["people"][rung]["value"], say.language)
                for rung in RUNGS)]
             for title, own in _answers(found, say) for row in own["provinces"]]  # fmt: skip
    return [say.say("scen.arm"), say.say("scen.province"), *(rungs[rung] for rung in RUNGS)], lines


def _groups(found: Found, say: Strings) -> _Table:
    lines = []
    for arm in found["arms"]:
        title = pictures.labelled(arm, say.language)
        for row in arm["groups"]:
            if row["kind"] == "scheme":
                continue
            own = [
                said("few", say.language) if row["few"] else _range(row[name], say)
                for name in ("falls_averted", "poor_years_averted")
            ]
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
                said(f"rule.{own['rule']}", language), _about(own["eligible"], say),
                about(own["families"], language),
                telling.scheme_cost(own, language),
                *(said("none", language) if own[name] is None else said(
                    "of_100", language, n=number(100 * own[name], language)) for name in ("exclusion", "inclusion")),
                _about(own["displaced"], say), said(f"basis.{basis}", language) if basis else said(
                    "response", language)])  # fmt: skip
    return [say.say("scen.arm"), *(say.say(f"scen.{name}") for name in (
        "skema", "approach", "aturan", "live.eligible", "live.families", "money", "missed", "leaked", "displaced",
        "effect"))], lines  # fmt: skip


def _about(families: float | None, say: Strings) -> str:
    """A number of families, which of few is not told."""
    return said("few", say.language) if families is None else about(families, say.language)


def _range(own: Mapping[str, Any], say: Strings) -> str:
    return between(*(telling.figure("falls_averted", own[key], say.language) for key in ("value", "low", "high")))


def _differences(found: Found, say: Strings) -> _Table:
    title = {arm["name"]: pictures.labelled(arm, say.language) for arm in found["arms"]}
    lines = []
    for row in found["differences"]:
        for name, own in row["outcomes"].items():
            verdict = {"first": title[row["first"]], "second": title[row["second"]],
                       "equal": say.say("scen.equal"), "unreached": said("unreached", say.language),
                       }.get(own["verdict"], say.say("undecided"))  # fmt: skip
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
        known = arm["cost_at_least"] is None
        for own in arm["schemes"]:
            for row in own["cost_by_year"]:
                money[row["year"]] = money.get(row["year"], 0.0) + (row["rupiah"] or 0.0)
        for year, row in falls.items():
            full = ", ".join(dict.fromkeys(said(f"limited.{own['limited_by'][str(year)]}", say.language)
                                           for own in arm["schemes"] if str(year) in own["limited_by"]))  # fmt: skip
            cost = telling.cost(money.get(year, 0.0), say.language, known=known)
            lines.append([pictures.labelled(arm, say.language), str(year), cost, _range(row, say), full])
    return [say.say("scen.arm"), say.say("scen.year"), say.say("scen.money"), say.say("scen.falls.year"),
            say.say("scen.limit")], lines  # fmt: skip


def _calm(found: Found, say: Strings) -> _Table:
    """Families below the line by year, and by how many more they are than in the same lives without what moves them."""
    own, calm = found["without"]["below_line"], found["without"]["calm"]
    few = said("thin", say.language, n=number(FEWEST, say.language))
    lines = [[str(row["year"]), _range(row, say), f"{_range(more, say)}; {few}" if more["rough"] else _range(more, say)]
             for row, more in zip(own, calm["below_line"] if calm else (), strict=bool(calm))]  # fmt: skip
    it = unaided.it(unaided.moving(found), say.language)
    return [say.say("scen.year"), said("calm.below", say.language), said("calm.more", say.language, it=it)], lines


def _assumptions(found: Found, say: Strings) -> _Table:
    lines = [[own["part"], own["figure"], own["value"], own["unit"], own["basis"], own["source"]]
             for own in grounds.assumptions(found, say.language)]  # fmt: skip
    return [said(f"brief.{key}", say.language) for key in ("part", "figure", "value")] + [
        say.say("scen.unit"), *(said(f"brief.{key}", say.language) for key in ("basis", "source"))], lines  # fmt: skip


def _published(found: Found, say: Strings) -> _Table:
    """Shares of the years of which some were published: simulated without schemes, published, and the miss."""
    language, lines = say.language, []
    for row in found["published"]:
        for rung, own in row["shares"].items():
            if own["published"] is None:
                continue
            one, low, high, known = (number(100 * own[name], language, 2)
                                     for name in ("simulated", "low", "high", "published"))  # fmt: skip
            alone = "-" if own["shocks_alone"] is None else number(100 * own["shocks_alone"], language, 2)
            lines.append([str(row["year"]), named.shares(language)[rung], between(one, low, high), alone, known,
                          signed(100 * own["miss"], language, 2)])  # fmt: skip
    return [say.say("scen.year"), *(say.say(f"scen.published.{name}") for name in (
        "rung", "simulated", "alone", "published", "miss"))], lines  # fmt: skip


def _way(make: Callable[[Mapping[str, Any], Language], _Table]) -> Callable[[Found, Strings], _Table]:
    """A table of what the goal takes; empty where the scenario ends before its year."""

    def made(found: Found, say: Strings) -> _Table:
        inverse = found["goal"]["inverse"]
        return ([], []) if inverse is None else make(inverse, say.language)

    return made


def offered(found: Found) -> list[str]:
    """Tables that there are of a result: none of answers where there are none, no difference of one alone."""
    needs = {"tanpa": found["without"]["calm"] is not None, "laju": found["goal"]["inverse"] is not None,
             "terbit": bool(found["published"]),
             "selisih": bool(found["differences"])}  # fmt: skip
    needs |= {"menuju": needs["laju"], **dict.fromkeys(("skema", "kelompok", "tahun"), bool(found["arms"]))}
    return [name for name in TABLES if needs.get(name, True)]
