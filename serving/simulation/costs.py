"""What a scenario would cost and whom it would reach, before it is lived: the lists alone, no lives."""

from __future__ import annotations

from typing import Any

from models.schemes.checks import plain
from models.schemes.nation import Nation
from models.schemes.scenario import Scenario
from models.schemes.selection import Taking, select


def of(scenario: Scenario, nation: Nation, seed: int) -> list[dict[str, Any]]:
    """Each answer with its schemes: families, money by year, what ran out, where the effect is from."""
    found = []
    for arm in scenario.arms:
        takings = select(nation, arm, scenario.start, scenario.years, seed)
        schemes = [_scheme(own, nation, scenario) for own in takings]
        figures = [one for own in takings for one in own.plan.scheme.effect.figures.values()]
        found.append({
            "name": arm.name, "title": plain(arm.title), "cost": sum(own["cost"] for own in schemes),
            "families": sum(own["families"] for own in schemes),
            "cost_by_year": [{"year": scenario.start + at, "rupiah": sum(own["_years"][at] for own in schemes)}
                             for at in range(scenario.years + 1)],
            "effect_figures": len(figures),
            "effect_figures_from_evidence": sum(one.basis == "evidence" for one in figures),
            "schemes": [{key: value for key, value in own.items() if key != "_years"} for own in schemes],
        })  # fmt: skip
    return found


def coarse(own: Taking) -> bool:
    """Whether a scheme has places or money, but less than one family of the sample, which stands for many, would take:
    that nobody joins is then the sample's doing."""
    return not len(own.row) and bool(own.full) and bool(own.plan.places or own.plan.budget)


def stand_for(nation: Nation) -> int:
    """Families that one of the sample stands for, as a mean."""
    return round(float(nation.weight.mean()))


def _scheme(own: Taking, nation: Nation, scenario: Scenario) -> dict[str, Any]:
    scheme, families = own.plan.scheme, nation.families
    cost = own.cost(nation, scenario.years)
    return {
        "name": scheme.name, "title": plain(scheme.title), "rule": scheme.rule, "eligible": own.eligible,
        "facts_unknown": own.unknown, "families": float(families[own.row].sum()) / 1000, "cost": float(cost.sum()),
        "cost_of_one": float(round(scheme.setup.value) + round(scheme.cost.value) * scheme.duration),
        "limited_by": {str(year): why for year, why in own.full.items()},
        "evidence": scheme.effect.from_evidence, "no_evidence": scheme.effect.size.basis == "none",
        "coarse": coarse(own), "cost_known": scheme.cost.basis != "none", "rows": len(own.row), "_years": cost.tolist(),
    }  # fmt: skip
