"""Who gains and where: what the page and the brief say of rungs, groups and the errors of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.contract import RUNGS
from models.compass.telling import place_name, section
from models.few import FEWEST
from models.numbers import about, number
from models.schemes import named
from models.schemes.lasting import trying
from models.schemes.pictures import labelled
from models.schemes.words import between, said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]
KINDS = ("place", "desil", "size", "section", "province")
_NAMED = 2
"""Groups of a kind that are told by name; tables hold them all."""


def group(kind: str, name: str, language: Language) -> str:
    """The name of a group in words."""
    if kind == "province":
        return place_name(name, language) if name else said("group.unknown", language)
    if kind == "section":
        return f"{name} {section(name, language)}" if name else said("group.unknown", language)
    return said(f"group.{name}", language) if kind == "place" else said(f"group.{kind}", language, n=name)


def gains(found: Found, language: Language) -> list[str]:
    """Lines for each answer that somebody takes part in: of each kind the groups of whom most are kept from falling,
    and those of whom most fall for it, with the range of the draws; or that no group can be told apart."""
    told = effects(found, language)
    for arm in trying(found):
        lost = "gains.lost.pushed" if pushes(arm) else "gains.lost"
        both = [("gains", _named(arm["groups"], 1, language)), (lost, _named(arm["groups"], -1, language))]
        lines = [said(key, language, a=labelled(arm, language), most="; ".join(most)) for key, most in both if most]
        told += lines or [said("gains.none", language, a=labelled(arm, language), n=FEWEST)]
    return told


def pushes(arm: Row) -> bool:
    """Whether some who take part take places or sales from other families (displacement); from few too, whose number
    is not told."""
    return any(own["displaced"] != 0 for own in arm["schemes"])


def effects(found: Found, language: Language) -> list[str]:
    """That groups, of which only the range of the draws is known, may come to nought by the size of the effect: of the
    answers of which all falls averted together may; none where there is no such answer."""
    open_ = [labelled(arm, language) for arm in trying(found)
             if min(ends := arm["outcomes"]["falls_averted"]["effects"]) <= 0 < max(ends)]  # fmt: skip
    return [said("gains.effects", language, arms="; ".join(open_))] if open_ else []


def _named(groups: list[Row], sign: int, language: Language) -> list[str]:
    """Groups of `FEWEST` families of the sample or more whose range lies on one side of nought (`sign`) alone: any
    other figure may be chance, and the highest of many would be."""
    told = []
    for kind in KINDS:
        own = {row["name"]: sorted(sign * row["falls_averted"][key] for key in ("low", "value", "high"))
               for row in groups if row["kind"] == kind and not row["few"]}  # fmt: skip
        sure = sorted((name for name, (low, _, _) in own.items() if low > 0), key=lambda name: -own[name][1])
        for name in sure[:_NAMED]:
            low, value, high = (about(one, language) for one in own[name])
            told.append(f"{group(kind, name, language)}: {value} ({said('range', language, low=low, high=high)})")
    return told


def ladder(found: Found, language: Language) -> dict[str, Any]:
    """Share of people on each rung, per cent with the range of the draws: at the start, and in the last year without
    schemes and by answer."""
    names = named.rungs(language)
    rungs = found["without"]["rungs"]
    lines = [
        (said("ladder.start", language, year=rungs[0]["year"]), rungs[0]),
        (f"{said('without', language)}, {rungs[-1]['year']}", rungs[-1]),
        *((f"{labelled(arm, language)}, {rungs[-1]['year']}", arm["rungs"][-1]) for arm in trying(found)),
    ]
    return {"heads": [f"{names[rung]} (%)" for rung in RUNGS],
            "rows": [[label, *(_share(row[rung], language) for rung in RUNGS)] for label, row in lines]}  # fmt: skip


def _share(own: Mapping[str, float], language: Language) -> str:
    value, low, high = (number(100 * own[key], language, 1) for key in ("value", "low", "high"))
    return between(value, low, high)


def errors(own: Row, language: Language) -> str:
    """What the rule of a scheme gets wrong, in a sentence; empty where nobody takes part or nobody would be poor."""
    shares = {name: None if own[name] is None else number(100 * own[name], language)
              for name in ("exclusion", "inclusion")}  # fmt: skip
    told = [said(f"rule.{name}", language, n=share) for name, share in shares.items() if share is not None]
    return " ".join(told) if own["families"] else ""
