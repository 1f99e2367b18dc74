"""What a scenario would cost and whom it would reach, before it is lived: the lists alone, no lives."""

from __future__ import annotations

from typing import Any

from models.schemes.checks import plain
from models.schemes.nation import Nation
from models.schemes.scenario import Scenario
from models.schemes.selection import Taking, select
from serving.simulation import few
from serving.simulation.spec import LEAST

TEN = 10
"""Families of the sample to which counts are told."""


def of(scenario: Scenario, nation: Nation, seed: int) -> list[dict[str, Any]]:
    """Each answer with its schemes: families, money by year, what ran out, where the effect is from.

    What is of fewer than `spec.LEAST` families of the sample is None; other counts are to ten families of the sample,
    and money to that of ten a year, both down: one family more or less is then seldom seen.
    """
    found = []
    for arm in scenario.arms:
        takings = select(nation, arm, scenario.start, scenario.years, seed)
        schemes = [_scheme(own, nation, scenario) for own in takings]
        figures = [one for own in takings for one in own.plan.scheme.effect.figures.values()]
        years = [own.pop("_years") for own in schemes]
        whole = None not in years
        spent = [sum(own[at] for own in years) for at in range(scenario.years + 1)] if whole else []
        found.append({
            "name": arm.name, "title": plain(arm.title), "cost": float(sum(spent)) if whole else None,
            "families": sum(own["families"] for own in schemes) if whole else None,
            "cost_by_year": [{"year": scenario.start + at, "rupiah": rupiah} for at, rupiah in enumerate(spent)]
            if whole else None,
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
    told = shut or (enough and (rows >= LEAST or coarse(own) or not (rows or own.eligible)))
    money = [_down(year, ten * (setup + yearly)) for year in own.cost(nation, scenario.years).tolist()]
    return {
        "name": scheme.name, "title": plain(scheme.title), "rule": scheme.rule,
        "eligible": _down(own.eligible, ten) if enough else None,
        "facts_unknown": None if few.unknown(nation, scheme.eligibility) else _down(own.unknown, ten),
        "families": _down(float(nation.families[own.row].sum()) / 1000, ten) if told else None,
        "cost": float(sum(money)) if told else None, "cost_of_one": float(each),
        "limited_by": {str(year): why for year, why in own.full.items()} if told and enough else {},
        "evidence": scheme.effect.from_evidence, "no_evidence": scheme.effect.size.basis == "none",
        "coarse": enough and coarse(own), "cost_known": scheme.cost_known,
        "rows": rows // TEN * TEN if told else None, "_years": money if told else None,
    }  # fmt: skip
