"""A scenario back into the fields of the builder's form, where the form can say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serving.console.forms import per_cent
from serving.console.scenario_form import ANSWERS, SHOCKS, Read
from serving.console.strings import Strings

Plain = Mapping[str, Any]
_MONTHS = 12


def fields(plain: Plain, area: str, year: int, say: Strings) -> dict[str, str]:
    """The fields that make this very scenario; empty where none do, as of one that the form has no room for.

    What is filled in is read again as a form that is sent, so that nothing of a scenario is lost without a word.
    """
    try:
        found = _fields(plain, area)
    except (KeyError, TypeError, IndexError, AttributeError):  # YAML may hold anything in the place of a number
        return {}
    read = Read(found, year, say)
    return found if not read.broken and read.plain == dict(plain) else {}


def _fields(plain: Plain, area: str) -> dict[str, str]:
    own = {"judul": plain["title"]["id"], "tanya": plain.get("question", {}).get("id", ""), "wilayah": area,
           "tahun": str(plain["years"]), "undian": str(plain["draws"]), "benih": str(plain["seed"])}  # fmt: skip
    for at, shock in zip(SHOCKS, plain["shocks"], strict=False):
        own |= _at(at, _shock(shock))
    for arm in plain["arms"]:
        if arm["name"] in ANSWERS:
            own |= _at(arm["name"], _scheme(arm["schemes"][0]))
    return own


def _at(at: str, own: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}-{at}": value for name, value in own.items()}


def _shock(own: Plain) -> dict[str, str]:
    changed = own.get("with", {})
    return {"guncangan": own["use"], "mulai": str(own["years"][0]), "akhir": str(own["years"][1]),
            **_scope(changed.get("scope", {})),
            **{field: per_cent(changed[key]) for field, key in (("peluang", "hazard"), ("besar", "size"))
               if key in changed}}  # fmt: skip


def _scheme(own: Plain) -> dict[str, str]:
    changed = own.get("with", {})
    found = {"skema": own["use"], "dari": str(own["years"][0]), "sampai": str(own["years"][1]),
             **{field: str(own[key]) for field, key in (("tempat", "places"), ("dana", "budget")) if key in own},
             **_scope(changed.get("eligibility", {}))}  # fmt: skip
    if "targeting" in changed:
        found["aturan"] = changed["targeting"]["rule"]
    if "desil" in changed.get("eligibility", {}):
        found["desil"] = str(changed["eligibility"]["desil"][1])
    if "duration" in changed:
        found["lama"] = str(changed["duration"])
    if "take_up" in changed:
        found["ikut"] = per_cent(changed["take_up"])
    wage = changed["effect"]["size"] if "effect" in changed else None
    if wage is not None:
        found["upah"] = str(wage // _MONTHS)
    if changed.get("cost", wage) != wage:
        found["biaya"] = str(changed["cost"])
    return found


def _scope(own: Plain) -> dict[str, str]:
    place = [*own.get("provinces", ()), *own.get("regencies", ())]
    return ({"usaha": own["sections"][0]} if "sections" in own else {}) | ({"di": ", ".join(place)} if place else {})
