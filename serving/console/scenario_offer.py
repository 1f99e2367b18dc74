"""What the scenario builder offers: labels, areas, schemes and shocks with where their effects are from, examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.contract import SECTIONS
from models.compass.telling import section
from models.schemes import library
from models.schemes.checks import BASES
from models.schemes.parts import RULES, Shock
from models.schemes.words import said
from serving.access.rights import Areas, smallest
from serving.console import places
from serving.console.scenario_form import FIELDS, SHOCKS
from serving.console.strings import Strings


def names(say: Strings) -> dict[str, str]:
    """Labels of the fields."""
    return {name: say.say(f"scen.{name.partition('-')[0]}") for name in FIELDS}


def named(name: str, say: Strings) -> str:
    """Label of a field as it is told away from it: with the answer or the shock that it is of."""
    field, _, at = name.partition("-")
    label = say.say(f"scen.{field}")
    if not at:
        return label
    return f"{say.say('scen.shock.no' if at in SHOCKS else 'scen.answer.no', n=at.upper())}, {label}"


def choices(areas: Areas, say: Strings) -> dict[str, list[tuple[str, str]]]:
    """What the choosers of the form offer."""
    wide = [("", places.name("", say)), *places.provinces().items()] if areas.everywhere else []
    for code in areas.codes if not areas.everywhere else ():
        wide.append((code, places.name(code, say)))
        if len(code) == 2:
            wide += [(own, places.name(own, say)) for own in places.regencies() if own[:2] == code]
    within = [*places.provinces().items(), *((own, places.name(own, say)) for own in places.regencies())]
    return {
        "areas": wide,
        "places": [own for own in within if areas.holds(own[0])],
        "schemes": [(own.name, _scheme(own, say)) for own in library.schemes()],
        "shocks": [(own.name, _shock(own, say)) for own in library.shocks()],
        "rules": [(rule, said(f"rule.{rule}", say.language)) for rule in RULES],
        "sections": [(letter, f"{letter} {section(letter, say.language)}") for letter in SECTIONS],
    }


def _scheme(own: Any, say: Strings) -> str:
    basis = said(f"basis.{own.effect.basis}", say.language)
    return f"{getattr(own.title, say.language)} ({said(f'approach.{own.approach}', say.language)}; {basis})"


def _shock(own: Shock, say: Strings) -> str:
    weakest = max(own.basis, own.hazard.basis, key=BASES.index)
    return f"{getattr(own.title, say.language)} ({said(f'basis.{weakest}', say.language)})"


def _about(plain: Mapping[str, Any], areas: Areas) -> str:
    """The smallest area that a scenario is about, in the caller's: the smaller it is, the finer the sample."""
    scopes = [own.get("with", {}).get("eligibility", {}) for arm in plain.get("arms", []) for own in arm["schemes"]]
    scopes += [own.get("with", {}).get("scope", {}) for own in plain.get("shocks", [])]
    named = [code for scope in scopes for code in scope.get("provinces", [])]
    area = smallest(named) if named and all(scope.get("provinces") for scope in scopes) else ""
    return area if areas.holds(area) else areas.codes[0]


def examples(year: int, areas: Areas, say: Strings) -> list[dict[str, str]]:
    """Scenarios that ship and look ahead, as what may be tried first."""
    found = []
    for name in library.names("scenarios"):
        own = library.raw("scenarios", name)
        if own["start"] + own["years"] >= year:
            found.append({"name": name, "title": own["title"][say.language], "question": own["question"][say.language],
                          "area": _about(own, areas)})  # fmt: skip
    return found
