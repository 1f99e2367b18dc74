"""What would bring the middle class to its goal in words and tables: growth, yearly moves, schemes, a mix of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from features.contract import RUNGS
from models.dynamics import TABLE
from models.numbers import number, rupiah
from models.schemes import named, origin
from models.schemes.checks import DEFAULT
from models.schemes.words import said
from models.words import Language

Inverse = Mapping[str, Any]
Table = tuple[list[str], list[list[str]]]
_ASPIRING, _MIDDLE = RUNGS.index("aspiring"), RUNGS.index("middle")

MEASURED = {"down": (0.271, 0.107), "up": (0.108, 0.039)}
"""Share that is a year later below, or in, the middle and upper class, as measured and in truth: of families of the
middle and upper class (`down`), and of aspiring ones (`up`), all pairs a year apart of `truth/families` of 50,000
synthetic families, seed 2045, quarters from 2022Q4 to 2026Q3, of which 5,000 are followed before the last four."""
MEASURED_FAMILIES = 50_000


def measured(found: Mapping[str, Any], language: Language) -> list[str]:
    """That yearly moves are of measured welfare, and how much of it is error where the truth is known; nothing where
    no moves are told, or where they are of a table that somebody named."""
    if found["goal"]["inverse"] is None or origin.fitted(found["data"]["dynamics"]) == TABLE:
        return []
    shares = {f"{name}{end}": number(100 * MEASURED[name][at], language, 1)
              for name in ("up", "down") for at, end in enumerate(("", "_true"))}  # fmt: skip
    return [said("goal.measured", language, n=number(MEASURED_FAMILIES, language), **shares)]


def lines(inverse: Inverse, language: Language) -> list[str]:
    """Sentences: whether the goal is within any pace that was seen, the growth, the moves and the mix that it takes."""
    return [_pace(inverse, language), _growth(inverse, language), _moves(inverse, language),
            *(_mix(inverse, end, language) for end in ("value", "high"))]  # fmt: skip


def of_area(inverse: Inverse) -> bool:
    """Whether the goal, which is the nation's, is held against one province."""
    return inverse["feasible"] is None


def _pace(inverse: Inverse, language: Language) -> str:
    need = number(inverse["points_a_year_needed"], language, 2)
    if of_area(inverse):
        return said("goal.pace.area", language, need=need)
    return said("goal.feasible" if inverse["feasible"] else "goal.infeasible", language, need=need,
                best=number(inverse["points_a_year_best_seen"], language, 2),
                years=", ".join(str(one["year"]) for one in inverse["seen"]))  # fmt: skip


def _growth(inverse: Inverse, language: Language) -> str:
    if inverse["growth_needed"] is None:
        return said("goal.no_growth", language)
    low, high = inverse["ranges"]["growth_needed"]
    growth = number(100 * inverse["growth_needed"], language, 1)
    if low is None or high is None:
        return said("goal.growth", language, growth=growth, range="")
    ends = {"low": number(100 * low, language, 1), "high": number(100 * high, language, 1)}
    return said("goal.growth", language, growth=growth, range=said("goal.growth.range", language, **ends))


def _moves(inverse: Inverse, language: Language) -> str:
    now, need = inverse["rates_now"], inverse["rates_needed"]
    if need is None:
        return said("goal.no_rates", language)
    up, down = ([number(100 * one, language, 1) for one in own] for own in (
        (now[_ASPIRING][_MIDDLE], need[_ASPIRING][_MIDDLE]),
        (sum(now[_MIDDLE][:_MIDDLE]), sum(need[_MIDDLE][:_MIDDLE]))))  # fmt: skip
    return said("goal.rates", language, up=up[1], up_now=up[0], down=down[1], down_now=down[0])


def _mix(inverse: Inverse, end: str, language: Language) -> str:
    own, ends = inverse["mix"][end], said(f"goal.end.{end}", language)
    names = [
        named.kept(one["name"], language)
        + ("" if one["covered"] >= 1 else f" ({number(100 * one['covered'], language)} %)")
        for one in own["schemes"]
    ]
    told = said("goal.mix", language, end=ends, share=number(100 * own["share"], language, 1),
                cost=rupiah(own["cost_a_year"] or 0.0, language), names=", ".join(names),
                verdict=_verdict(own, language)) if names else said("goal.mix.none", language, end=ends)  # fmt: skip
    if not own["left_out"]:
        return told
    out = ", ".join(
        f"{named.kept(one['name'], language)} ({parts(one['unknown'], language)})" for one in own["left_out"]
    )
    return f"{told} {said('goal.mix.left_out', language, names=out, share=_all(own, language))}"


def _all(own: Mapping[str, Any], language: Language) -> str:
    return number(100 * own["share_with_left_out"], language, 1)


def _verdict(own: Mapping[str, Any], language: Language) -> str:
    if own["reaches"]:
        return said("goal.reached", language)
    return said("goal.reached.unpriced" if own["reaches_with_left_out"] else "goal.not_reached", language)


def assumed(basis: str, value: float, source: str) -> bool:
    """Whether a figure of a cost is to be named as assumed: one that somebody wrote, nought too; not that of who wrote
    none."""
    return basis == "assumption" and (bool(value) or source != DEFAULT)


def parts(unknown: Iterable[str], language: Language) -> str:
    """Parts of a cost that are not known, in words."""
    return ", ".join(said(f"figure.{name}", language) for name in unknown)


def moves(inverse: Inverse, language: Language) -> Table:
    """Of 100 people on a rung, those on each a year later: now, and as the goal needs."""
    rungs = named.rungs(language)
    now, need = inverse["rates_now"], inverse["rates_needed"]
    rows = []
    for at, rung in enumerate(RUNGS):
        cells = [number(100 * now[at][to], language, 1) + (
            "" if need is None else f" \N{RIGHTWARDS ARROW} {number(100 * need[at][to], language, 1)}")
            for to in range(len(RUNGS))]  # fmt: skip
        rows.append([rungs[rung], *cells])
    return [said("goal.from", language), *(rungs[rung] for rung in RUNGS)], rows


def options(inverse: Inverse, language: Language) -> Table:
    """Each scheme given for good to every family below the middle class."""
    rows = [[named.kept(own["name"], language), number(100 * own["share"], language, 1),
             said("range", language, **{end: number(100 * own["effects"][at], language, 1)
                                        for at, end in enumerate(("low", "high"))}),
             _price(own, language),
             said(f"basis.{own['basis']}", language),
             said("goal.reached" if own["reaches"] else "goal.not_reached.alone", language)]
            for own in inverse["schemes"]]  # fmt: skip
    heads = ("scheme", "share", "range", "cost", "basis", "verdict")
    return [said(f"goal.head.{name}", language) for name in heads], rows


def _price(own: Mapping[str, Any], language: Language) -> str:
    """Rupiah a year, what is known of it, and which part is not."""
    if own["cost_a_year"] is not None:
        return rupiah(own["cost_a_year"], language)
    least = said("cost.least", language, cost=rupiah(own["cost_at_least"], language)) if own["cost_at_least"] else said(
        "cost.unknown", language)  # fmt: skip
    return f"{least} ({said('goal.without', language, parts=parts(own['unknown'], language))})"
