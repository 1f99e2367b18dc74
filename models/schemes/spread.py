"""Who gains and where: what the page and the brief say of rungs, groups, provinces and the errors of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.contract import RUNGS
from models.compass.telling import place_name, section
from models.numbers import about, number
from models.schemes import named
from models.schemes.lasting import trying
from models.schemes.pictures import labelled
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]
KINDS = ("place", "desil", "size", "section", "province")
_NAMED, _PLACES = 2, 5
"""Groups of a kind, and provinces, that are told by name; tables hold them all."""
_POOR = RUNGS[:2]


def group(kind: str, name: str, language: Language) -> str:
    """The name of a group in words."""
    if kind == "province":
        return place_name(name, language) if name else said("group.unknown", language)
    if kind == "section":
        return f"{name} {section(name, language)}" if name else said("group.unknown", language)
    return said(f"group.{name}", language) if kind == "place" else said(f"group.{kind}", language, n=name)


def gains(found: Found, language: Language) -> list[str]:
    """A line for each answer that keeps somebody from falling: of each kind the groups of whom it keeps most."""
    told = []
    for arm in found["arms"]:
        most = [f"{group(kind, row['name'], language)}: {about(row['falls_averted']['value'], language)}"
                for kind in KINDS for row in _most(arm["groups"], kind)]  # fmt: skip
        if most:
            told.append(said("gains", language, a=labelled(arm, language), most="; ".join(most)))
    return told


def _most(groups: list[Row], kind: str) -> list[Row]:
    own = [row for row in groups if row["kind"] == kind and (row["falls_averted"]["value"] or 0) >= 1]
    return sorted(own, key=lambda row: -row["falls_averted"]["value"])[:_NAMED]


def provinces(found: Found, language: Language) -> list[str]:
    """A line for each answer: provinces in which fewest people are poor in the last year for it."""
    year, told = found["without"]["rungs"][-1]["year"], []
    before = {row["province"]: _poor(row) for row in found["without"]["provinces"] if not row["few"]}
    for arm in trying(found):
        less = {row["province"]: before[row["province"]] - _poor(row) for row in arm["provinces"]
                if row["province"] in before}  # fmt: skip
        most = sorted((code for code, people in less.items() if people >= 1), key=lambda code: -less[code])[:_PLACES]
        where = "; ".join(f"{group('province', code, language)}: {about(less[code], language)}" for code in most)
        told.append(said("provinces" if most else "provinces.none", language, a=labelled(arm, language), year=year,
                         most=where))  # fmt: skip
    return told


def _poor(row: Row) -> float:
    return sum(row["people"][rung]["value"] or 0.0 for rung in _POOR)


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
    return value if low == high else f"{value} ({low} - {high})"


def errors(own: Row, language: Language) -> str:
    """What the rule of a scheme gets wrong, in a sentence; empty where nobody takes part or nobody would be poor."""
    shares = {name: None if own[name] is None else number(100 * own[name], language)
              for name in ("exclusion", "inclusion")}  # fmt: skip
    told = [said(f"rule.{name}", language, n=share) for name, share in shares.items() if share is not None]
    return " ".join(told) if own["families"] else ""
