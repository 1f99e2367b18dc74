"""The figures of an arm from its sums, draw by draw.

falls_averted: families not poor at the start that fall at least once in the simulated years without the schemes and not
with them, less those of whom the opposite holds. relapses_averted: the same of being poor again, for those poor at the
start. poor_years_averted: years that families spend in poverty without less with. lasting_12, _24, _36: families above
the line in each of the 1, 2, 3 years after support with the schemes and poor in one or more of these years without,
less those of whom the opposite holds; of families taking part and of those that displacement pushes down. exits_ of
them were poor before support, held_ were not; NaN where the simulation ends before, 0 where nobody takes part.
aspirin: of families that would have fallen during support and did not, the share that is poor again within three years
after it. cost, cost_per_: NaN where what a scheme costs was not found, or only in part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from features.types import Array
from models.few import told
from models.schemes.kernel import LASTING, PAIRS
from models.schemes.nation import THOUSAND
from models.schemes.selection import Taking, within

if TYPE_CHECKING:
    from models.schemes.result import Result

MONTHS = tuple(12 * years for years in LASTING)


def of(result: Result, at: int, end: str) -> dict[str, Array]:
    """Outcomes of one arm at one end of its ranges (`End.name`), each over the draws; NaN where there is none."""
    own = result.tally.arms[at][end].pairs / THOUSAND
    pair = {name: own[:, number] for number, name in enumerate(PAIRS)}
    found = {"falls_averted": pair["averted"] - pair["caused"], "falls_caused": pair["caused"],
             "relapses_averted": pair["relapses_averted"] - pair["relapses_caused"],
             "poor_years_averted": pair["poor_years"]}  # fmt: skip
    nobody = not any(len(one.row) for one in result.plan.arms[at])  # of whom it is known that nothing changes
    for years, months in zip(LASTING, MONTHS, strict=True):
        seen = nobody or any((one.end + years <= result.plan.scenario.years).any() for one in result.plan.arms[at])
        for kind in ("exits", "held"):
            net = pair[f"{kind}_with_{years}"] - pair[f"{kind}_without_{years}"]
            found[f"{kind}_{months}"] = net if seen else np.full_like(net, np.nan)
        found[f"lasting_{months}"] = found[f"exits_{months}"] + found[f"held_{months}"]
    found["caught"] = pair["caught"]
    found["aspirin"] = _ratio(pair["returned"], pair["caught"])
    cost = spent(result, at) if cost_known(result, at) else np.nan
    found["cost"] = np.full(len(own), cost)
    for name in ("lasting_24", "falls_averted"):
        found[f"cost_per_{name}"] = _price(cost, found[name])
    return found


def spent(result: Result, at: int) -> float:
    """Rupiah of an arm in the simulated years, as far as its costs are known."""
    return sum(float(one.cost(result.nation, result.plan.scenario.years).sum()) for one in result.plan.arms[at])


def cost_known(result: Result, at: int) -> bool:
    """Whether all is known of what an arm costs; nobody costs nothing."""
    return all(_known(one) for one in result.plan.arms[at])


def _known(own: Taking) -> bool:
    return own.plan.scheme.cost_known or not len(own.row)


def ends(result: Result, at: int) -> dict[str, dict[str, Array]]:
    """The same at the middle and at all ends of the ranges, by `End.name`."""
    return {end: of(result, at, end) for end in result.tally.arms[at]}


def scheme(result: Result, at: int, number: int) -> dict[str, Any]:
    """One scheme of an arm: who was reached, at what cost, and what the rule got wrong."""
    own: Taking = result.plan.arms[at][number]
    plan, years = result.plan.scenario, result.plan.scenario.years
    families = result.nation.families
    cost = own.cost(result.nation, years)
    money, known = float(cost.sum()), _known(own)
    need, reached, all_reached = (float(one) for one in result.tally.needed[at][number])
    joined = np.bincount(own.entry, families[own.row], minlength=years + 1) / THOUSAND
    effect = own.plan.scheme.effect
    inside, unknown = within(result.nation, own.plan.scheme.eligibility)
    return {
        "name": own.plan.scheme.name, "title": {"id": own.plan.scheme.title.id, "en": own.plan.scheme.title.en},
        "approach": own.plan.scheme.approach, "rule": own.plan.scheme.rule,
        "no_evidence": effect.size.basis == "none", "evidence": effect.from_evidence,
        "lacks_shock": plan.lacking(own.plan.scheme),
        "eligible": _told(own.eligible, inside.sum()), "facts_unknown": _told(own.unknown, unknown.sum()),
        "rows": len(own.row), "families": float(families[own.row].sum()) / THOUSAND,
        "people": float(result.nation.people[own.row].sum()) / THOUSAND,
        "displaced": _told(float(families[own.pushed].sum()) / THOUSAND, len(own.pushed)),
        "joined_by_year": [{"year": plan.start + year, "families": float(one)} for year, one in enumerate(joined)],
        "cost_by_year": [{"year": plan.start + year, "rupiah": float(one) if known else None}
                         for year, one in enumerate(cost)],
        "cost": money if known else None, "cost_at_least": None if known else money or None, "cost_known": known,
        "cost_unknown": [] if known else list(own.plan.scheme.cost_unknown),
        "budget": own.plan.budget,
        "take_up": own.plan.scheme.take_up.value, "take_up_basis": own.plan.scheme.take_up.basis,
        "limited_by": {str(year): why for year, why in own.full.items()},
        "exclusion": _share(need - reached, need), "inclusion": _share(all_reached - reached, all_reached),
    }  # fmt: skip


def _told(families: float, rows: int) -> float | None:
    """A number of families as it is told; None of few rows."""
    return None if told(int(rows)) is None else families


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _price(cost: float, held: Array) -> Array:
    """Rupiah for each family held, over the draws; without end where nothing is held, and in all draws where on balance
    nothing is: there is no price then, whatever single draws came to. NaN where nothing is spent or the cost is not
    known."""
    if not cost or np.isnan(cost):
        return np.full_like(held, np.nan)
    seen = held[~np.isnan(held)]
    if len(seen) and seen.mean() <= 0:
        return np.where(np.isnan(held), np.nan, np.inf)
    return np.where(np.isnan(held), np.nan, np.where(held > 0, cost / np.where(held > 0, held, 1.0), np.inf))


def _ratio(above: Array, below: Array) -> Array:
    """Quotients, NaN over 0."""
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
