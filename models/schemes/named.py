"""Titles of the schemes and shocks of a result, where the scenario or the library gives one, and names of rungs."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

from features import reference
from features.contract import RUNGS
from models.compass.telling import place_name
from models.schemes import library
from models.schemes.published import NATION
from models.schemes.words import said
from models.text import words
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]


def area(found: Found, language: Language) -> str:
    """Name of the area whose families live it: the `area` (BPS code) that it was asked for, else the province that all
    are of; empty of the nation, and where neither is known."""
    code = found.get("area") or found["start"]["place"]
    if not code or code == NATION:
        return ""
    return place_name(code, language) if len(code) == 2 else reference.regency(code)


def shocks(found: Found) -> list[Row]:
    """The shocks as the scenario asks for them; scenarios side by side have the same."""
    own = next(iter(found.get("scenarios", [])), found.get("scenario"))
    return own["asked"].get("shocks", []) if own else []


def part(found: Found, name: str, language: Language) -> str:
    """Title of a scheme or a shock: the scenario's own, else that of the library, with the name that the scenario gave
    it, else its name.

    found : of `Result.to_dict`, or the assumptions of a part of the library alone, of which no scenario is known.
    """
    for scheme in (own for arm in found.get("arms", ()) for own in arm["schemes"]):
        if scheme["name"] == name:
            return str(scheme["title"][language])
    for own in shocks(found):
        changed, used = own.get("with", {}), own.get("use", "")
        if name == changed.get("name", used):
            if "title" in changed:
                return str(changed["title"][language])
            title = kept(used, language)
            return name if title == used else title if name == used else f"{title} ({name})"
    return kept(name, language)


def letter(at: int) -> str:
    """What the answer of a number, from 0, is called: A to Z, AA and on."""
    before = at // len(ascii_uppercase)
    return (letter(before - 1) if before else "") + ascii_uppercase[at % len(ascii_uppercase)]


def kept(name: str, language: Language) -> str:
    """Title of a scheme or a shock of the library; the name where the library has none of it."""
    for kind in ("schemes", "shocks"):
        if name in library.names(kind):
            return str(library.raw(kind, name)["title"][language])
    return name


def rungs(language: Language) -> dict[str, str]:
    """Names of the rungs, in their order. The highest holds all above it here: published shares tell the middle class
    and the upper one apart, and stand beside it as their sum."""
    own = words(language).rungs
    return {rung: said("rung.middle", language) if rung == "middle" else own[rung] for rung in RUNGS}


def shares(language: Language) -> dict[str, str]:
    """Names of the shares that are published (`published.SHARES`): all below the line, and the rungs above it."""
    return {"below_line": said("share.below_line", language)} | {
        rung: name for rung, name in rungs(language).items() if RUNGS.index(rung) > 1}  # fmt: skip
