"""What a scenario would cost and whom it would reach, before it is lived: the lists alone, no lives."""

from __future__ import annotations

from typing import Any

from models.few import FEWEST
from models.schemes.checks import plain
from models.schemes.nation import Nation
from models.schemes.parts import Scheme
from models.schemes.scenario import Scenario
from models.schemes.selection import Taking, select
from models.schemes.way import parts
from models.schemes.words import said
from models.text import LANGUAGES
from serving.simulation import few

TEN = 10
"""Families of the sample to which counts are told."""


def of(scenario: Scenario, nation: Nation, seed: int) -> list[dict[str, Any]]:
    """Each answer with its schemes: families, money by year, what ran out, where the effect is from.

    What is of fewer than `FEWEST` families of the sample is None; other counts are to ten families of the sample,
    and money to that of ten a year, both down: one family more or less is then seldom seen. A cost of which a part was
    not found (`Scheme.cost_unknown`) is None too, and `cost_at_least` what is known of it; `cost_why` says either, in
    both languages.
    """
    found = []
    for arm in scenario.arms:
        takings = select(nation, arm, scenario.start, scenario.years, seed)
        schemes = [_scheme(own, nation, scenario) for own in takings]
        figures = [one for own in takings for one in own.plan.scheme.effect.figures.values()]
        years = [own.pop("_years") for own in schemes]
        whole = None not in years
        spent = [sum(own[at] for own in years) for at in range(scenario.years + 1)] if whole else []
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
            "effect_figures_from_evidence": sum(one.basis == "evidence" for one in figures), "schemes": schemes,
        })  # fmt: skip
    return found


def coarse(own: Taking) -> bool:
    """Whether a scheme has places or money, but less than one family of the sample, which stands for many, would take:
    that nobody joins is then the sample's doing."""
    return not len(own.row) and bool(own.full) and bool(own.plan.places or own.plan.budget)


def stand_for(nation: Nation) -> int:
    """Families that one of the sample stands for, as a mean."""
    return round(float(nation.weight.mean()))


def _down(value: float, step: float) -> float:
    return float(value // step * step) if step else float(value)


def _scheme(own: Taking, nation: Nation, scenario: Scenario) -> dict[str, Any]:
    plan, scheme, rows = own.plan, own.plan.scheme, len(own.row)
    ten = TEN * max(stand_for(nation), 1)
    enough = few.enough(nation, scheme.eligibility)
    setup, yearly = round(scheme.setup.value), round(scheme.cost.value)
    each = setup + yearly * scheme.duration
    shut = not rows and (plan.places == 0 or bool(plan.budget == 0 and each))
    # That nobody takes part is told where it says nothing of whom the scheme may reach.
    told = shut or (enough and (rows >= FEWEST or coarse(own) or not (rows or own.eligible)))
    known = scheme.cost_known or shut
    money = [_down(year, ten * (setup + yearly)) for year in own.cost(nation, scenario.years).tolist()]
    return {
        "name": scheme.name, "title": plain(scheme.title), "rule": scheme.rule,
        "eligible": _down(own.eligible, ten) if enough else None,
        "facts_unknown": None if few.unknown(nation, scheme.eligibility) else _down(own.unknown, ten),
        "families": _down(float(nation.families[own.row].sum()) / 1000, ten) if told else None,
        "cost": float(sum(money)) if told and known else None,
        "cost_at_least": (float(sum(money)) or None) if told and not known else None,
        "cost_of_one": float(each) if scheme.cost_known else None,
        "cost_of_one_at_least": None if scheme.cost_known else float(each) or None,
        "cost_why": None if told and known else _why(scheme, few=not told),
        "limited_by": {str(year): why for year, why in own.full.items()} if told and enough else {},
        "evidence": scheme.effect.from_evidence, "no_evidence": scheme.effect.size.basis == "none",
        "rolling": told and len(set(own.entry.tolist())) > 1,
        "coarse": enough and coarse(own), "cost_known": scheme.cost_known,
        "cost_unknown": list(scheme.cost_unknown), "take_up": scheme.take_up.value,
        "take_up_basis": scheme.take_up.basis,
        "rows": rows // TEN * TEN if told else None, "_years": money if told else None,
    }  # fmt: skip


def _why(scheme: Scheme, *, few: bool) -> dict[str, str]:
    """Why no cost is told, in both languages."""
    titles = plain(scheme.title)
    if few:
        return {language: said("cost.few", language, what=titles[language], n=FEWEST) for language in LANGUAGES}
    return {language: said("unknown.cost", language, what=titles[language],
                           parts=parts(scheme.cost_unknown, language)) for language in LANGUAGES}  # fmt: skip
