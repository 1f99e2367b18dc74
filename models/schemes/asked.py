"""What the years that a scenario reaches are held against, and so what it is asked: the goal of 2045, or shares that
were published. The answer begins with either (`models.schemes.judging`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.numbers import number, signed
from models.schemes import named, started, unaided, way
from models.schemes.lasting import trying
from models.schemes.telling import label
from models.schemes.words import said
from models.words import Language

Found = Mapping[str, Any]


def told(found: Found, language: Language) -> list[str]:
    """Sentences, none where a scenario reaches no such year: the verdict on the goal and what it would take; how far
    the last year of which shares were published is missed."""
    return [*_goal(found, language), *_missed(found, language)]


def _goal(found: Found, language: Language) -> list[str]:
    own = found["goal"]
    inverse = own["inverse"]
    if inverse is None:
        return []
    told = {"without", *(arm["name"] for arm in trying(found))}
    rows = [row for row in own["middle"] if row["name"] in told]
    reached = [row for row in rows if row["value"] >= own["goal"]]
    shares = "; ".join(_share(row, _answer(found, row["name"], language), language) for row in reached or rows)
    calm = [] if unaided.moving(found) else [_calm(found, language)]
    verdict = said(f"asked.goal.{'reached' if reached else 'missed'}", language, shares=shares,
                   here=said("asked.goal.here", language) if way.of_area(inverse) else "",
                   goal=number(100 * own["goal"], language), year=rows[0]["year"])  # fmt: skip
    pace, growth, *_ = way.lines(inverse, language)
    return [verdict, growth, said(f"asked.mix.{_mix(inverse)}", language), pace, *calm]


def _calm(found: Found, language: Language) -> str:
    """What the verdict rests on where neither growth nor a shock is given: on what yearly moves do alone."""
    first, last = found["without"]["rungs"][0], found["without"]["rungs"][-1]
    ends = {name: number(100 * row["middle"]["value"], language, 1) for name, row in (("now", first), ("then", last))}
    return said("asked.goal.calm", language, start=first["year"], year=last["year"], **ends)


def _share(row: Mapping[str, Any], what: str, language: Language) -> str:
    """Share of the middle and upper class of one answer with the range of its draws."""
    ends = {end: number(100 * row[end], language, 1) for end in ("low", "high")}
    return said("asked.goal.share", language, what=what, share=number(100 * row["value"], language, 1), **ends)


def _answer(found: Found, name: str, language: Language) -> str:
    return said("asked.goal.without", language) if name == "without" else label(found, name, language)


def _mix(inverse: Mapping[str, Any]) -> str:
    """At which end of the effects, if at any, all schemes together reach the goal."""
    mix = inverse["mix"]
    if mix["value"]["reaches"]:
        return "value"
    return "high" if any(own["reaches"] or own["reaches_with_left_out"] for own in mix.values()) else "none"


def _missed(found: Found, language: Language) -> list[str]:
    start = found["without"]["rungs"][0]["year"]
    later = [row for row in found["published"] if row["year"] > start]
    if not later:
        return []
    held = {name: own for name, own in later[-1]["shares"].items() if own["published"] is not None}
    seen = {name: own for name, own in held.items() if abs(own["miss"]) >= started.SEEN}
    misses = []
    for name, own in (seen or held).items():  # those that round to nought only where all do
        shares = {key: number(100 * own[key], language, 1) for key in ("simulated", "published")}
        misses.append(said("asked.miss", language, rung=named.shares(language)[name],
                           miss=signed(100 * own["miss"], language, 1), **shares))  # fmt: skip
    return [said("asked.published", language, year=later[-1]["year"], misses="; ".join(misses))]
