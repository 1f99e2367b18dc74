"""Whom a scenario hits and whom it helps, in words: area, industry, years and size of each shock; who may take part in
each scheme, when, and in how many places or for how much money.

`told` writes it of a scenario, in both languages, so that a result keeps what was lived whatever the library says
later; `lines` are these rows as page, brief, terminal and docs have them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.numbers import limit, number
from models.schemes import described, named
from models.schemes.checks import Figure
from models.schemes.parts import Scheme, Shock
from models.schemes.pictures import of_scheme
from models.schemes.scenario import Coming, Planned, Scenario
from models.schemes.words import both, said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]


def told(own: Scenario) -> list[Row]:
    """A row for each shock (`arm` None) and for each scheme of each answer: `arm`, `name`, `told` in both languages."""
    rows = [{"arm": None, "name": one.shock.name, "told": both("whom.shock", _shock(one))} for one in own.shocks]
    return rows + [{"arm": arm.name, "name": one.scheme.name, "told": both("whom.scheme", _scheme(one))}
                   for arm in own.arms for one in arm.schemes]  # fmt: skip


def lines(found: Found, language: Language) -> list[str]:
    """A line for each shock, then for each scheme of the answers that are told.

    found : of `Result.to_dict`, or of `beside.together`.
    """
    return [f"{name}: {row['told'][language]}" for name, row in _named(found, language)]


def _named(found: Found, language: Language) -> Iterator[tuple[str, Row]]:
    for row in found["whom"]:
        if row["arm"] is None:
            yield said("whom.of_shock", language, what=named.part(found, row["name"], language)), row
    for arm in found["arms"]:
        titles = {own["name"]: own["title"][language] for own in arm["schemes"]}
        for row in (row for row in found["whom"] if row["arm"] == arm["name"]):
            yield of_scheme(arm, titles[row["name"]], language), row


def _shock(own: Coming) -> Any:
    shock: Shock = own.shock
    return lambda language: {
        "years": years(own.first, own.last, language), "scope": described.scope(shock.scope, language),
        "hazard": _percent(shock.hazard, language), "size": _percent(shock.size, language)}  # fmt: skip


def _scheme(own: Planned) -> Any:
    scheme: Scheme = own.scheme
    return lambda language: {
        "years": years(own.first, own.last, language), "scope": described.scope(scheme.eligibility, language),
        "duration": described.lasts(scheme, language), "rule": said(f"rule.{scheme.rule}", language),
        "most": said("whom.and", language).join(_most(own, language))}  # fmt: skip


def _most(own: Planned, language: Language) -> Iterator[str]:
    """What is never passed, as it was set: rounded down, the families told to take part would be more than may."""
    if own.budget is not None:
        yield said("whom.budget", language, money=limit(own.budget, language))
    if own.places is not None:
        yield said("whom.places", language, n=number(own.places, language))


def years(first: int, last: int, language: Language) -> str:
    """A span of years in words."""
    return said("range", language, low=first, high=last)


def _percent(own: Figure, language: Language) -> str:
    """A share as a number of 100, with its range where it has one."""
    value, low, high = (number(100 * one, language, 2).rstrip("0").rstrip(",.") if one % 0.01 else
                        number(100 * one, language) for one in (own.value, own.low, own.high))  # fmt: skip
    return value if low == high else f"{value} ({said('range', language, low=low, high=high)})"
