"""A scheme and a shock in words: whom it reaches, by which rule, for how long, and every figure with its source."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from features import reference
from models.compass.measures import BY_KEY
from models.compass.telling import division, place_name, section
from models.numbers import PERCENT, number
from models.schemes import grounds, sources
from models.schemes.checks import DEFAULT, plain
from models.schemes.parts import Scheme, Scope, Shock
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Lines = list[tuple[str, str]]


def scheme(own: Scheme, language: Language) -> Row:
    """Everything that a scheme's file holds: lines of name and value, figures as rows, references."""
    effect, fade = own.effect, own.effect.fade
    does = said(f"effect.{effect.kind}", language, **(
        {"against": said(f"kind.{effect.against}", language)} if effect.against else {}))  # fmt: skip
    after = said("effect.ends", language) if fade is None or not fade.value else said(
        "part.after.fade", language, n=number(100 * fade.value, language))  # fmt: skip
    lines = [("scope", scope(own.eligibility, language)), ("rule", said(f"rule.{own.rule}", language)),
             ("years", lasts(own, language)), ("ramp", _ramp(own.ramp, language)),
             ("effect", does), *([("after", after)] if effect.kind != "none" else [])]  # fmt: skip
    return _told(own, lines, language) | {
        "kind": said(f"approach.{own.approach}", language), "basis": said(f"basis.{effect.basis}", language),
        "response": "" if effect.from_evidence else said("response", language)}  # fmt: skip


def shock(own: Shock, language: Language) -> Row:
    """Everything that a shock's file holds, likewise."""
    lines = [("scope", scope(own.scope, language))]
    if own.exposure is not None:
        lines.append(("exposure", BY_KEY[own.exposure].about(language)))
    return _told(own, lines, language) | {
        "kind": said(f"kind.{own.kind}", language), "basis": said(f"basis.{own.basis}", language),
        "response": ""}  # fmt: skip


def _told(own: Scheme | Shock, lines: Lines, language: Language) -> Row:
    part = "shock" if isinstance(own, Shock) else "scheme"
    figures = [{"part": part, "name": own.name, "figure": name, **plain(one)} for name, one in own.figures.items()
               if one.source != DEFAULT]  # fmt: skip
    return {
        "name": own.name, "title": getattr(own.title, language), "dated": datetime.date.fromisoformat(own.dated),
        "lines": [(said(f"part.{name}", language), value) for name, value in lines],
        "figures": grounds.assumptions({"assumptions": figures}, language),
        "references": [f"{sources.told(one.text, language)} ({sources.told(one.source, language)})"
                       for one in own.references],
    }  # fmt: skip


def lasts(own: Scheme, language: Language) -> str:
    """Years of support."""
    return said("part.years.one" if own.duration == 1 else "part.years.of", language, n=own.duration)


def scope(own: Scope, language: Language) -> str:
    """Whom something may reach, in words."""
    found = [said(f"scope.{name}", language, low=ends[0], high=ends[1]) for name in ("desil", "size")
             if (ends := getattr(own, name)) is not None]  # fmt: skip
    for name in ("risk", "poor_now"):
        if (ends := getattr(own, name)) is not None:
            low, high = (number(100 * one, language) for one in ends)
            found.append(said(f"scope.{name}", language, low=low, high=high))
    if own.urban is not None:
        found.append(said("scope.urban" if own.urban else "scope.rural", language))
    if own.working is not None:
        found.append(said("scope.working" if own.working else "scope.idle", language))
    names: dict[str, Callable[[str], str]] = {
        "provinces": lambda code: place_name(code, language), "regencies": reference.regency,
        "sections": lambda letter: section(letter, language),
        "divisions": lambda code: division(code, language)}  # fmt: skip
    for name, named in names.items():
        if (codes := getattr(own, name)) is not None:
            found.append(said("scope.codes", language, what=said(f"scope.{name}", language),
                              codes=", ".join(named(code) for code in codes)))  # fmt: skip
    return "; ".join(found) or said("scope.all", language)


def _ramp(ramp: tuple[float, ...], language: Language) -> str:
    return ", ".join(f"{number(100 * one, language)}{PERCENT}" for one in ramp)
