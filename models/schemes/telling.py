"""What a minister reads of scenarios in a minute: figures with both ranges, one sentence of answer, what is not known.

Everything is made of one result (`Result.to_dict`) or of several put together (`models.schemes.beside.together`); the
page, the print and the PDF say the same because they ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from features.contract import RUNGS
from models.dynamics import TABLE
from models.few import FEWEST, rough
from models.numbers import about, number, rupiah
from models.schemes import lasting, named, origin, selection, sources, spread, way
from models.schemes.checks import OWN
from models.schemes.parts import COSTS
from models.schemes.pictures import labelled
from models.schemes.words import between, said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]
FAMILIES = ("falls_averted", "relapses_averted", "lasting_12", "lasting_24", "exits_24", "lasting_36")
SHOWN = ("falls_averted", "relapses_averted", "poor_years_averted", *FAMILIES[2:], "aspirin", "cost",
         "cost_per_lasting_24", "cost_per_falls_averted")  # fmt: skip
"""Outcomes in the order in which they are told."""
_OF = {**{name: name for name in FAMILIES}, "aspirin": "caught", "cost_per_lasting_24": "lasting_24",
       "cost_per_falls_averted": "falls_averted"}  # fmt: skip
"""Families that a figure is of, so that it is rough where these are few of the sample."""
ENOUGH = 100
"""Families of a sample that make a scheme's figures more than rough."""
RANGES_HELD = {"inside": 316, "of": 350, "fewer": 25, "more": 9, "draws": 100}
"""Scenarios of 50 synthetic countries (seeds from 20265000), each lived with so many `draws`, by where the true figure
lay: inside the 90 % range of the draws, fewer falls averted or caused than it says, more
(`benchmarks/results/simulation_coverage.json`)."""
_DECIDING = ("size", "share", "reach", "fade", "displacement", "take_up", "cost", "setup", "hazard", "growth",
             "growth_below.ratio", "growth_below.growth")  # fmt: skip


_OF_LASTING = {"fewer": "unknown.fewer", "open": "unknown.open_cost"}
"""What is said of what lasts, by `lasting.state`; of what is not seen to last the answer says so (`judging`)."""


def figure(name: str, value: float | None, language: Language) -> str:
    """One figure of an outcome in words."""
    if value is None:
        what, _, months = name.partition("_")
        if what in ("lasting", "exits"):
            return said("unseen", language, n=months)
        return said("cost.unknown" if name == "cost" else "none", language)
    if name == "aspirin":
        return said("of_100", language, n=number(100 * value, language))
    if name.startswith("cost"):
        return rupiah(value, language)
    return about(value, language)


def span(name: str, ends: list[float | None], language: Language) -> str:
    """A range in words; empty where there is none, an open end said as such."""
    low, high = ends
    if low is None:
        return ""
    if high is None:
        return said(f"open.{name}", language, low=figure(name, low, language))
    if name == "aspirin":
        ends_ = {end: number(100 * one, language) for end, one in (("low", low), ("high", high))}
        return said("of_100", language, n=said("range", language, **ends_))
    return said("range", language, low=figure(name, low, language), high=figure(name, high, language))


def no_price(arm: Row, name: str, language: Language) -> str:
    """Why an answer has no cost of each (`cost_per_lasting_24` and the like), in words; empty where it has one."""
    if lasting.nothing(arm) or not name.startswith("cost_per_"):
        return ""
    of = name.removeprefix("cost_per_")
    why = lasting.state(arm, of)
    if why == "unseen":
        return figure(of, None, language)
    if why in lasting.WITHOUT_PRICE:
        return said(f"no_price.{why}.{name}", language)
    return "" if arm["cost_at_least"] is None else said("cost.unknown", language)


def no_aspirin(arm: Row, language: Language) -> str:
    """Why no share of averted falls comes back, in words; empty where there is a share."""
    why = arm["aspirin_why"]
    return "" if why is None else said("unseen", language, n=36) if why == "unseen" else said("aspirin.none", language)


def rows(found: Found, language: Language) -> list[Row]:
    """A row an outcome: its name, what is to be read with its figures (`about`), and for each answer value and both
    ranges."""
    return [{"name": name, "title": said(name, language), "about": _about(found, name, language),
             "cells": [_cell(arm, name, language) for arm in found["arms"]]}
            for name in SHOWN]  # fmt: skip


def _about(found: Found, name: str, language: Language) -> str:
    """Of the aspirin share, where an answer has one: that the rest of it is no share that lasts."""
    told = name == "aspirin" and any(arm["aspirin_why"] is None for arm in found["arms"])
    return said("aspirin.about", language) if told else ""


def cost(value: float | None, language: Language, *, known: bool,
         write: Callable[[float, Language], str] = rupiah) -> str:  # fmt: skip
    """Money in words, where all of it, a part or nothing is known of it."""
    if known:
        return write(value or 0.0, language)
    return said("cost.least", language, cost=write(value, language)) if value else said("cost.unknown", language)


def scheme_cost(own: Row, language: Language) -> str:
    """What a scheme of an answer costs, in words."""
    return cost(own["cost"] if own["cost_known"] else own["cost_at_least"], language, known=own["cost_known"])


def arm_cost(arm: Row, language: Language, write: Callable[[float, Language], str] = rupiah) -> str:
    """What an answer costs, in words."""
    least = arm["cost_at_least"]
    own = arm["outcomes"]["cost"]["value"] if least is None else least
    return cost(own, language, known=least is None, write=write)


def _cell(arm: Row, name: str, language: Language) -> Row:
    own = arm["outcomes"][name]
    told = [said("rolling", language)] if name == "falls_averted" and rolling(arm) else []
    notes = [*told, *doubts(arm, name, language)]
    if why := _lacking(arm, name, language):
        return {"value": why, "draws": "", "effects": "", "known": False, "notes": notes}
    value = figure(name, own["value"], language)
    ranges = {kind: span(name, own[kind], language) for kind in ("draws", "effects")}
    return {"value": value, "known": own["value"] is not None, "notes": notes,
            **{kind: "" if told == value else told for kind, told in ranges.items()}}  # fmt: skip


def _lacking(arm: Row, name: str, language: Language) -> str:
    """Why an answer has no figure of an outcome, in words; empty where it has one, or there are no words for it."""
    if name == "aspirin":
        return no_aspirin(arm, language)
    if name == "cost" and arm["cost_at_least"] is not None:
        return cost(arm["cost_at_least"], language, known=False)
    return no_price(arm, name, language)


def doubts(arm: Row, name: str, language: Language) -> list[str]:
    """What must stand beside a figure: of families and their years that its range holds nought, and why they are fewer
    than none; of families, and of what is a share or a price of them, that they are few of the sample."""
    own = arm["outcomes"][name]
    if own["value"] is None or (name not in _OF and name != "poor_years_averted"):
        return []
    counted = name in FAMILIES or name == "poor_years_averted"
    told = [said("holds_nought", language)] if counted and own["value"] and holds_nought(own) else []
    if counted and below_nought(own):
        told += _why_below(arm, name, language)
    few = name in _OF and thin(arm, arm["outcomes"][_OF[name]]["value"])
    return [*told, said("thin", language, n=number(FEWEST, language))] if few else told


def _why_below(arm: Row, name: str, language: Language) -> list[str]:
    """Why a figure of families is below nought, as far as it is known."""
    if name == "relapses_averted":
        return [said("lifted_first", language)] if arm["outcomes"]["poor_years_averted"]["value"] > 0 else []
    return [said("pushed", language, n=_pushed(arm, language))] if spread.pushes(arm) else []


def _pushed(arm: Row, language: Language) -> str:
    """How many families others push down, in words."""
    counts = [own["displaced"] for own in arm["schemes"]]
    return said("few", language) if None in counts else about(sum(counts), language)


def holds_nought(own: Row) -> bool:
    """Whether a range of a figure, from draws or from effects, holds 0."""
    return any(
        low is not None and high is not None and low <= 0 <= high for low, high in (own["draws"], own["effects"])
    )


def below_nought(own: Row) -> bool:
    """Whether a figure is below 0 by more than chance, so that there is something to be explained: by the range of its
    draws, whatever it is at the ends of the effects, one of which may be no effect at all."""
    return bool(own["value"] < 0 and own["draws"][1] < 0)


def above_nought(own: Row) -> bool:
    """Whether a figure is above 0 by both of its ranges."""
    return bool(own["value"] and own["value"] > 0 and not holds_nought(own))


def thin(arm: Row, families: float) -> bool:
    """Whether so many families are few of the sample (`models.few.rough`), by what each that takes part in the answer
    stands for."""
    return rough(families, *(sum(own[key] for own in arm["schemes"]) for key in ("rows", "families")))


def label(found: Found, name: str, language: Language) -> str:
    """An answer by its name in words."""
    return labelled(next(arm for arm in found["arms"] if arm["name"] == name), language)


def in_list(found: Found, name: str, language: Language) -> str:
    """An answer among others in a sentence: its title in brackets behind its letter, since a colon would begin what is
    said of it."""
    told = label(found, name, language)
    return f"{name} ({told.removeprefix(f'{name}: ')})" if told.startswith(f"{name}: ") else told


def goal(found: Found, language: Language) -> list[str]:
    """The middle class in the last year against the goal, and what it would take."""
    own, wanted = found["goal"], number(100 * found["goal"]["goal"], language)
    grown = [line for line in (growth(found, language),) if line]
    told: list[str] = []
    idle = {arm["name"] for arm in found["arms"] if lasting.nothing(arm)}
    for row in (row for row in own["middle"] if row["name"] not in idle):
        ends = {name: number(100 * row[name], language) for name in ("low", "high")} | {
            "share": number(100 * row["value"], language)}  # fmt: skip
        if row["name"] == "without":
            area = named.area(found, language)
            told.append(said("goal.told.area" if area else "goal.told", language, year=row["year"], goal=wanted,
                             area=area, **ends))  # fmt: skip
        else:
            told.append(said("goal.arm", language, a=label(found, row["name"], language), **ends))
    return [*told, *grown, *([] if own["inverse"] is None else way.lines(own["inverse"], language)),
            *way.measured(found, language)]  # fmt: skip


def goal_in_short(found: Found, language: Language) -> dict[str, list[str]]:
    """The same in two parts: what it comes to and whether the goal is within reach (`goal`), and the rest
    (`goal_more`)."""
    told, inverse = goal(found, language), found["goal"]["inverse"]
    first = told[: 1 + len(lasting.trying(found))] + ([] if inverse is None else way.lines(inverse, language)[:1])
    return {"goal": first, "goal_more": [line for line in told if line not in first]}


def growth(found: Found, language: Language) -> str:
    """What a lower and a higher growth of consumption would come to without schemes; empty where it was not lived."""
    own = found["without"]["growth"]
    if own is None:
        return ""

    def percent(share: float) -> str:
        return number(100 * share, language, 1)

    values = {"year": own["rows"][0]["year"], "growth": percent(own["value"])}
    for name, row in zip(("low", "own", "high"), own["rows"], strict=True):
        values |= {name: percent(row["growth"]), f"{name}_middle": percent(row["middle"]["value"]),
                   f"{name}_poor": percent(sum(row[rung]["value"] for rung in RUNGS[:2]))}  # fmt: skip
    return said("growth.given" if own["given"] else "growth.step", language, **values)


def costs(found: Found, language: Language) -> list[str]:
    """A line for each scheme of each answer: money, families, rule and what the rule gets wrong."""
    return [" ".join([said("brief.cost_line", language, a=_of(arm, own, language),
                 cost=scheme_cost(own, language),
                 n=about(own["families"], language),
                 rule=", ".join([said(f"rule.{own['rule']}", language), *dict.fromkeys(
                     said(f"limited.{why}", language) for why in own["limited_by"].values())])),
                     spread.errors(own, language)]).strip()
            for arm in lasting.trying(found) for own in arm["schemes"]]  # fmt: skip


def _of(arm: Row, scheme: Row, language: Language) -> str:
    """A scheme by its answer; its title alone where both have the same."""
    label, title = labelled(arm, language), scheme["title"][language]
    return label if arm["title"][language] == title else f"{label} ({title})"


def lacks_shock(own: Mapping[str, Any], language: Language) -> list[str]:
    """That a scheme protects against a shock that the scenario lacks; none of other schemes."""
    kind = own["lacks_shock"]
    return [said("lacks_shock", language, what=own["title"][language],
                 shock=said(f"kind.{kind}", language))] if kind else []  # fmt: skip


def rolling(arm: Row) -> bool:
    """Whether families of an answer join in several years, so that more places need not avert more falls."""
    return selection.rolling(row["year"] for own in arm["schemes"] for row in own["joined_by_year"] if row["families"])


def unknown(found: Found, language: Language) -> list[str]:
    """What the figures do not tell, plainly; the same on page, paper and terminal."""
    told = [line for arm in found["arms"] for line in _unknown_of_answer(found, arm, language)]
    told = [*_facts(found, language), *told, *_take_ups(found, language)]
    return list(dict.fromkeys([*told, *_unknown_of_families(found, language), *_unknown_of_moves(found, language)]))


def _unknown_of_answer(found: Found, arm: Row, language: Language) -> list[str]:
    label = labelled(arm, language)
    told = [line for own in arm["schemes"] for line in _unknown_of_scheme(found, arm, own, language)]
    if rolling(arm):
        told.append(said("unknown.rolling", language, a=label))
    key = _OF_LASTING.get(lasting.state(arm))
    if key and arm["cost_at_least"] is None and not lasting.nothing(arm):
        told.append(said(key, language, a=label))
    return told


def _unknown_of_scheme(found: Found, arm: Row, own: Row, language: Language) -> list[str]:
    if not own["families"]:
        return []  # of whom nothing else is to be known
    told, title = [], own["title"][language]
    if own["no_evidence"]:
        told.append(said("unknown.no_evidence", language, what=title))
    elif not own["evidence"]:
        told.append(said("unknown.effect", language, what=title, why=_why(found, own["name"], language)))
    if own["cost_unknown"]:
        told.append(said("unknown.cost", language, what=title, parts=way.parts(own["cost_unknown"], language)))
    elif assumed := _assumed_cost(found, arm, own["name"], language):
        told.append(said("unknown.cost_assumed", language, what=title, **assumed))
    if own["rows"] < ENOUGH:
        told.append(said("unknown.few", language, what=title, n=number(own["rows"], language)))
    return told


def _facts(found: Found, language: Language) -> list[str]:
    """For how many families it is not known what eligibility asks for: a line for each number, with its schemes."""
    schemes: dict[str, dict[str, None]] = {}
    for own in (own for arm in found["arms"] for own in arm["schemes"] if own["facts_unknown"]):
        schemes.setdefault(about(own["facts_unknown"], language), {})[own["title"][language]] = None
    return [said("unknown.facts", language, what="; ".join(titles), n=n) for n, titles in schemes.items()]


def _take_ups(found: Found, language: Language) -> list[str]:
    """Shares of families that are asked of whom it is assumed that they take part: a line each with its schemes."""
    schemes: dict[float, dict[str, None]] = {}
    for own in (own for arm in found["arms"] for own in arm["schemes"] if own["families"]):
        if own["take_up_basis"] == "assumption":
            schemes.setdefault(own["take_up"], {})[own["title"][language]] = None
    return [said("unknown.take_up", language, what="; ".join(titles), n=number(100 * share, language))
            for share, titles in schemes.items()]  # fmt: skip


def _unknown_of_families(found: Found, language: Language) -> list[str]:
    told, data, start = [], found["data"], _start(found)
    if data["year"] not in (None, start):
        told.append(said("unknown.start", language, year=data["year"], start=start))
    told.append(said("unknown.families", language, rows=number(data["families"], language),
                     n=about(data["stand_for"], language)))  # fmt: skip
    if left_out := data["provinces_left_out"]:
        told.append(said("unknown.provinces", language, n=number(left_out, language), least=FEWEST))
    if drift := found["start"]["place_drift"]:
        told.append(said("unknown.place_drift", language, points=number(100 * drift["share"], language, 1),
                         years=drift["years"]))  # fmt: skip
    return told


def _unknown_of_moves(found: Found, language: Language) -> list[str]:
    """Of shocks, of growth, and of the years to come."""
    told = []
    law = found["data"]["dynamics"]
    file = origin.law_file(law)
    if found["without"]["shock_hits"] or lasting.trying(found):
        told.append(_held(law, file, language))
    if shocked := found["without"]["shocks"]:
        # After a shock has faded its range is told of nothing: the year in which it is widest.
        middle, ends = max(zip(found["without"]["below_line"], shocked["below_line"], strict=True),
                           key=lambda own: own[1]["high"] - own[1]["low"])  # fmt: skip
        values = {name: about(value, language) for name, value in (middle | ends).items() if name != "year"}
        if values["low"] != values["high"]:
            told.append(said("unknown.shocks", language, year=middle["year"], **values))
    grown = [row for row in found["assumptions"] if row["figure"].endswith("growth") and row["value"]]
    if grown and found["without"]["growth"] is None:
        told.append(said("unknown.growth", language))
    late = [row["year"] for row in grown if (row["year"] or 0) > _start(found)]
    if late and any(one["shocks_alone"] is not None for row in found["published"] for one in row["shares"].values()):
        told.append(said("unknown.end_year", language, year=max(late), start=_start(found)))
    return [*told, said("unknown.years.law", language, file=file) if file else said("unknown.years", language)]


def _held(law: str, file: str, language: Language) -> str:
    """How often ranges of the draws hold the truth: measured of the law that Jaga fits alone, not of one in a file."""
    if file:
        chance = said("unknown.draw_ranges.chance", language) if origin.fitted(law) == TABLE else ""
        return said("unknown.draw_ranges.law", language, file=file, chance=chance)
    return said("unknown.draw_ranges", language,
                **{name: number(count, language) for name, count in RANGES_HELD.items()})  # fmt: skip


def few_draws(found: Found, language: Language) -> str:
    """That a scenario has fewer draws than those that its ranges were tested with; empty of others."""
    tested = RANGES_HELD["draws"]
    if found["draws"] >= tested:
        return ""
    return said("few_draws", language, n=number(found["draws"], language), of=number(tested, language))


def _start(found: Found) -> int:
    year: int = found["without"]["rungs"][0]["year"]
    return year


def _assumed_cost(found: Found, arm: Row, scheme: str, language: Language) -> Row:
    """Parts of a scheme's cost that are assumed, and their money; empty where none is."""
    named = arm.get("from", {"number": "", "arm": arm["name"]})
    here = (f"arm {named['arm']}", f"{named['number']} arm {named['arm']}")
    own = {row["figure"]: row["value"] for row in found["assumptions"] if row["name"] == scheme and row["part"] in here
           and row["figure"] in COSTS and way.assumed(row["basis"], row["value"], row["source"])}  # fmt: skip
    return assumed_cost(own, language)


def assumed_cost(own: Mapping[str, float], language: Language) -> Row:
    """Assumed parts of a cost (rupiah by name), each with its money, as `unknown.cost_assumed` has them; empty of
    none."""
    parts = ", ".join(f"{way.parts([name], language)} {rupiah(value, language)}" for name, value in own.items())
    return {"parts": parts} if own else {}


def _why(found: Found, scheme: str, language: Language) -> str:
    """The figures of its effect that are no evidence, with their basis."""
    own = {row["figure"].removeprefix("effect."): row["basis"] for row in found["assumptions"]
           if row["name"] == scheme and row["figure"].startswith("effect.") and row["basis"] != "evidence"}  # fmt: skip
    return ", ".join(f"{said(f'figure.{name}', language)} ({said(f'basis.{basis}', language)})"
                     for name, basis in own.items()) + "."  # fmt: skip


def assumptions(found: Found, language: Language, *, deciding: bool = False) -> list[Row]:
    """Figures of shocks and schemes with range, basis, year and source; only those of effect and cost if `deciding`."""
    told = []
    for row in found["assumptions"]:
        name = row["figure"].removeprefix("effect.")
        if deciding and name not in _DECIDING:
            continue
        if deciding and row["value"] == row["low"] == row["high"] == 0 and name in ("setup", "growth", "displacement"):
            continue
        write = rupiah if row["unit"].startswith("rupiah") else _plain
        value = between(*(write(row[key], language) for key in ("value", "low", "high")))
        unit = said(f"unit.{row['unit']}", language)
        if name in COSTS and (row["basis"] == "none" or row["lacks"]):
            value = cost(row["value"], language, known=False)
            unit = unit if row["value"] else ""
        year = "" if row["year"] is None else f", {row['year']}"
        origin_ = source(row["source"], language) + ("" if row["source"] == OWN else year)
        if row["lacks"]:
            origin_ += f"; {said('figure.lacks', language, what=source(row['lacks'], language))}"
        loss = name == "fade" and _of_shock(row["part"])
        one = {"part": _part(found, row, language), "value": value,
               "figure": said("figure.loss" if loss else f"figure.{name}", language),
               "unit": unit,
               "basis": said(f"basis.{row['basis']}", language), "source": origin_}  # fmt: skip
        if one not in told:
            told.append(one)
    return told


def source(text: str, language: Language) -> str:
    """Where a figure is from, in words: a line of the library, or that it is the scenario's own."""
    return said("source.own", language) if text == OWN else sources.told(text, language)


def _part(found: Found, row: Row, language: Language) -> str:
    if row["part"].split()[-1] == "scenario":
        return said("version.scenario", language)
    return named.part(found, row["name"], language)


def _of_shock(part: str) -> bool:
    """Whether a part, with the number of its scenario in front where there are several, is a shock."""
    words = part.split()
    return words[-1:] == ["shock"] and "arm" not in words


def _plain(value: float, language: Language) -> str:
    if value == int(value):
        return number(value, language)
    return number(value, language, 4).rstrip("0").rstrip(",.")


def versions(found: Found, language: Language) -> list[tuple[str, str]]:
    """What is needed to run it again."""
    data = found["data"]
    kept = found.get("scenarios", [{"number": "", **found["scenario"]}])
    told = [(said("version.scenario", language), f"{own['number']} {own['title'][language]}, SHA-256 "
             f"{own['sha256'][:16]}".strip()) for own in kept]  # fmt: skip
    told += [(said("version.file", language), f"{one['use']}, SHA-256 {one['sha256'][:16]}")
             for own in kept for one in own["files"]]  # fmt: skip
    if area := named.area(found, language):
        told.append((said("version.area", language), area))
    told.append((said("version.seed", language), f"{found['seed']}, {found['draws']}"))
    own = {"data": origin.source(data["source"], language), "model": origin.model(data["model"], language),
           "dynamics": origin.dynamics(data["dynamics"], language)}  # fmt: skip
    told += [(said(f"version.{name}", language), text or "-") for name, text in own.items()]
    return told
