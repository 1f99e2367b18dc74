"""What a minister reads of scenarios in a minute: figures with both ranges, one sentence of answer, what is not known.

Everything is made of one result (`Result.to_dict`) or of several put together (`models.schemes.beside.together`); the
page, the print and the PDF say the same because they ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from features.contract import RUNGS
from models.few import FEWEST, rough
from models.numbers import about, number, rupiah
from models.schemes import lasting, named, selection, spread, way
from models.schemes.pictures import labelled, of_scheme
from models.schemes.words import said
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
    """Of falls averted of how many they are; of the aspirin share, where an answer has one: that the rest of it is no
    share that lasts."""
    if name == "falls_averted":
        falls = found["without"]["falls"]
        return said("falls_averted.of", language, n=about(sum(row["value"] for row in falls), language),
                    end=falls[-1]["year"])  # fmt: skip
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
    return [" ".join([said("brief.cost_line", language, a=of_scheme(arm, own["title"][language], language),
                 cost=scheme_cost(own, language),
                 n=about(own["families"], language),
                 rule=", ".join([said(f"rule.{own['rule']}", language), *dict.fromkeys(
                     said(f"limited.{why}", language) for why in own["limited_by"].values())])),
                     spread.errors(own, language)]).strip()
            for arm in lasting.trying(found) for own in arm["schemes"]]  # fmt: skip


def lacks_shock(own: Mapping[str, Any], language: Language) -> list[str]:
    """That a scheme protects against a shock that the scenario lacks; none of other schemes."""
    kind = own["lacks_shock"]
    return [said("lacks_shock", language, what=own["title"][language],
                 shock=said(f"kind.{kind}", language))] if kind else []  # fmt: skip


def rolling(arm: Row) -> bool:
    """Whether families of an answer join in several years, so that more places need not avert more falls."""
    return selection.rolling(row["year"] for own in arm["schemes"] for row in own["joined_by_year"] if row["families"])
