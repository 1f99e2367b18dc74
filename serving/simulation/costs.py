"""What a scenario would cost and whom it would reach, before it is lived: means of its lists, no lives.

Every figure is worked out from one number of a scheme's scope, the eligible families to ten families of the sample, and
from what the scenario itself says. No lot is drawn and no family is counted after that: places that are halved again
and again, or a take-up and a name that are tried again and again, then tell no more than the number that is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from features.types import Array
from models.few import FEWEST
from models.numbers import about
from models.schemes.checks import plain
from models.schemes.left_out import stand_for
from models.schemes.nation import Nation
from models.schemes.parts import COSTS, Scheme
from models.schemes.scenario import Arm, Planned, Scenario
from models.schemes.selection import rolling, within
from models.schemes.way import assumed, parts
from models.schemes.words import said
from models.text import LANGUAGES
from serving.simulation import few

TEN = 10
"""Families of the sample to which counts are told."""


def of(scenario: Scenario, nation: Nation) -> list[dict[str, Any]]:
    """Each answer with its schemes: families, money by year, what runs out, where the effect is from.

    What is of fewer than `FEWEST` families of the sample is None; other counts are to ten families of the sample, and
    money to that of ten a year, both down. A cost of which a part was not found (`Scheme.cost_unknown`) is None too,
    and `cost_at_least` what is known of it; `cost_why` says either, in both languages.
    """
    found = []
    for arm in scenario.arms:
        reaches = _reaches(arm, scenario, nation)
        schemes = [_scheme(own, nation) | {"lacks_shock": scenario.lacking(own.plan.scheme)} for own in reaches]
        figures = [one for own in arm.schemes for one in own.scheme.effect.figures.values()]
        years = [own.pop("_years") for own in schemes]
        whole = None not in years
        spent = [sum(own[at] for own in years) for at in range(scenario.years + 1)] if whole else []
        joins = whole and rolling(year for own in reaches for year in own.intakes)
        known = whole and all(own["cost"] is not None for own in schemes)
        why = [own["cost_why"] for own in schemes if own["cost_why"]]
        found.append({
            "name": arm.name, "title": plain(arm.title), "cost": float(sum(spent)) if known else None,
            "cost_at_least": (sum(spent) or None) if whole and not known else None,
            "cost_why": {language: " ".join(one[language] for one in why) for language in LANGUAGES} if why else None,
            "families": sum(own["families"] for own in schemes) if whole else None,
            "cost_by_year": [{"year": scenario.start + at, "rupiah": rupiah} for at, rupiah in enumerate(spent)]
            if known else None,
            "effect_figures": len(figures),
            "effect_figures_from_evidence": sum(one.basis == "evidence" for one in figures),
            "schemes": [own | {"rolling": joins} for own in schemes],
        })  # fmt: skip
    return found


def _step(nation: Nation) -> int:
    """Families that ten of the sample stand for."""
    return TEN * max(stand_for(nation), 1)


def _down(value: float, step: float) -> float:
    # What a mean lacks of a whole step by rounding alone is none.
    return float((value + 1e-6) // step * step) if step else float(value)


def _count(nation: Nation, rows: Array) -> float:
    """Families of some rows, to ten families of the sample."""
    return _down(float(nation.families[rows].sum()) / 1000, _step(nation))


@dataclass
class _Reach:
    """What a scheme comes to on average, as far as its coarse scope says.

    Attributes
    ----------
    inside, unknown : n each, families of its scope and those whose facts do not say. eligible : coarse, so many of
    the first. joined : families that take part. spent : rupiah by year. full : years in which places or money run out.
    intakes : years in which families join, counted from the start.
    """

    plan: Planned
    inside: Array
    unknown: Array
    eligible: float
    joined: float = 0.0
    spent: list[float] = field(default_factory=list)
    full: dict[int, str] = field(default_factory=dict)
    intakes: list[int] = field(default_factory=list)


def _reaches(arm: Arm, scenario: Scenario, nation: Nation) -> list[_Reach]:
    """The schemes of an answer in their order; whom an earlier one takes in, no later one does."""
    found: list[_Reach] = []
    everybody = float(nation.families.sum()) / 1000
    for plan in arm.schemes:
        inside, unknown = within(nation, plan.scheme.eligibility)
        own = _Reach(plan, inside, unknown, _count(nation, inside))
        scheme = plan.scheme
        able = (own.eligible * (1 - scheme.exclusion.value) * _left(own, found, nation)
                + (everybody - own.eligible) * scheme.inclusion.value)  # fmt: skip
        _fill(own, able * scheme.take_up.value, scenario.start, scenario.years)
        found.append(own)
    return found


def _left(own: _Reach, before: Iterable[_Reach], nation: Nation) -> float:
    """Share of the eligible families of a scheme that earlier ones leave to it."""
    left = 1.0
    for one in before:
        both = one.inside & own.inside
        if own.eligible and one.eligible and int(both.sum()) >= FEWEST:
            left *= 1 - min(one.joined / one.eligible, 1.0) * min(_count(nation, both) / own.eligible, 1.0)
    return left


def _fill(own: _Reach, waiting: float, start: int, years: int) -> None:
    """Take families in year by year as `models.schemes.selection` does, in means: places, then money."""
    plan, scheme = own.plan, own.plan.scheme
    setup, yearly = round(scheme.setup.value), round(scheme.cost.value)
    each = plan.each
    money = None if plan.budget is None else float(plan.budget)
    came = np.zeros(years + 1)
    for year in range(plan.first - start, plan.last - start + 1):
        there = float(came[max(year - scheme.duration + 1, 0) : year].sum())
        entering = waiting
        if (places := plan.open_places(start + year)) is not None:
            room = max(round(places) - there, 0.0)
            if room < entering:
                entering, own.full[start + year] = room, "places"
        if money is not None and each and money / each < entering:
            entering, own.full[start + year] = money / each, "budget"
        came[year] = entering
        waiting -= entering
        money = None if money is None else money - entering * each
    own.joined, own.intakes = float(came.sum()), np.flatnonzero(came > 1e-6).tolist()
    own.spent = [setup * float(came[year]) + yearly * float(came[max(year - scheme.duration + 1, 0) : year + 1].sum())
                 for year in range(years + 1)]  # fmt: skip


def _too_little(plan: Planned, families: int) -> bool:
    """Whether there are places or money for somebody, but not for the families that one of the sample stands for."""
    needs = [(plan.places, families), (plan.budget, families * plan.each)]
    return all(given != 0 for given, _ in needs) and any(given is not None and given < need for given, need in needs)


def _scheme(own: _Reach, nation: Nation) -> dict[str, Any]:
    plan, scheme, one = own.plan, own.plan.scheme, max(stand_for(nation), 1)
    step = _step(nation)
    enough = few.enough(nation, scheme.eligibility)
    setup, yearly = round(scheme.setup.value), round(scheme.cost.value)
    shut = plan.places == 0 or bool(plan.budget == 0 and plan.each)
    little = enough and own.eligible > 0 and _too_little(plan, one)
    joined = 0.0 if little else own.joined
    # That nobody takes part is told where it says nothing of whom the scheme may reach.
    told = shut or little or (enough and (joined + 1e-6 >= FEWEST * one or not (joined or own.eligible)))
    known = scheme.cost_known or shut
    money = [0.0 if little else _down(year, step * (setup + yearly)) for year in own.spent]
    return {
        "name": scheme.name, "title": plain(scheme.title), "rule": scheme.rule,
        "eligible": own.eligible if enough else None,
        "facts_unknown": None if few.unknown(nation, scheme.eligibility) else _count(nation, own.unknown),
        "families": _down(joined, step) if told else None,
        "cost": float(sum(money)) if told and known else None,
        "cost_at_least": (float(sum(money)) or None) if told and not known else None,
        "cost_of_one": float(plan.each) if scheme.cost_known else None,
        "cost_of_one_at_least": None if scheme.cost_known else float(plan.each) or None,
        "cost_why": None if told and known else _why(scheme, few=not told),
        "limited_by": {str(year): why for year, why in own.full.items()} if told and enough else {},
        "evidence": scheme.effect.from_evidence, "no_evidence": scheme.effect.size.basis == "none",
        "coarse": little,
        "coarse_why": {language: said("coarse", language, what=plain(scheme.title)[language], n=about(one, language))
                       for language in LANGUAGES} if little else None,
        "cost_known": scheme.cost_known,
        "cost_unknown": list(scheme.cost_unknown),
        "cost_assumed": {name: float(part.value) for name in COSTS if assumed(
            (part := getattr(scheme, name)).basis, part.value, part.source)},
        "take_up": scheme.take_up.value,
        "take_up_basis": scheme.take_up.basis, "budget": plan.budget,
        "rows": int(_down(joined / one, TEN)) if told else None, "_years": money if told else None,
    }  # fmt: skip


def _why(scheme: Scheme, *, few: bool) -> dict[str, str]:
    """Why no cost is told, in both languages."""
    titles = plain(scheme.title)
    if few:
        return {language: said("cost.few", language, what=titles[language], n=FEWEST) for language in LANGUAGES}
    return {language: said("unknown.cost", language, what=titles[language],
                           parts=parts(scheme.cost_unknown, language)) for language in LANGUAGES}  # fmt: skip
