"""The best split of a budget over the schemes of an arm, by a search that anybody can repeat.

Every split of the budget in equal steps is lived by the same families with the same chance, so two splits differ only
by what differs. The best by the mean is told with all that cannot be told apart from it, and lived once more with
another seed, since the best of many is lucky too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from features.commands import UserError
from features.crew import Crew
from features.types import Array
from models.few import FEWEST
from models.numbers import number
from models.rule_words import said
from models.schemes import outcomes
from models.schemes.lasting import LASTING
from models.schemes.nation import Nation
from models.schemes.ranges import difference, ranged, two_ranges
from models.schemes.result import Result
from models.schemes.run import lived, prepare
from models.schemes.scenario import Arm, Planned, Scenario, without_price
from models.targeting.rule_checks import RuleError

OUTCOMES = (LASTING, "falls_averted", "relapses_averted", "poor_years_averted")
STEPS, MOST = 5, 150
_YEARS = int(LASTING.removeprefix("lasting_")) // 12
_UNTOLD: dict[str, Any] = {"value": None, "draws": [None, None], "effects": [None, None]}
Parts = tuple[int, ...]


def search(scenario: Scenario, nation: Nation, arm: str, budget: int, outcome: str = OUTCOMES[0], steps: int = STEPS,
           seed: int | None = None, crew: Crew | None = None) -> dict[str, Any]:  # fmt: skip
    """All splits of a budget, best first.

    Parameters
    ----------
    arm : name of the arm whose schemes share it; their own places and budgets are put aside, their years kept. budget :
        rupiah in all. outcome : of `OUTCOMES`, of which more is better. steps : in which the budget is cut.

    Returns
    -------
    `splits`, without those in which so few families of the sample take part in a scheme that nothing is told of it
    (`models.schemes.left_out`), of which `left_out` is the number; `unseen`, in how many the scenario ends
    before the outcome; `nothing`, whether in none of the others it changes in any draw or at any end, so that none is
    best; `again`, the best once more, `few` and null where it is of
    few families then.

    Raises
    ------
    UserError : all splits are of few families; the scenario ends before the outcome could be seen of any scheme; no
        such arm or outcome, a budget below 0, no step, fewer than two schemes, one without a cost, or too many splits.
        The first two have words in both languages (`models.rule_words.words_of`).
    """
    own = _arm(scenario, arm, budget, outcome, steps)
    if outcome == LASTING and not any(_seen(one, scenario) for one in own.schemes):
        raise RuleError("--outcome", said("mix_unseen", last=scenario.start + scenario.years,
                            end=min(one.first + one.scheme.duration - 1 for one in own.schemes) + _YEARS,
                            known=", ".join(one for one in OUTCOMES if one != LASTING)))  # fmt: skip
    splits = list(_splits(steps, len(own.schemes)))
    seed = scenario.seed if seed is None else seed
    result = _lived(scenario, nation, own, splits, steps, budget, seed, crew)
    found = [outcomes.ends(result, at) for at in range(len(splits))]
    told = result.told()
    if not told:
        raise RuleError("--budget", said("mix_few", budget=budget, few=FEWEST))
    order = sorted(told, key=lambda at: (-_mean(found[at]["value"][outcome]), splits[at]))
    best = order[0]
    rows = [_row(own, splits[at], steps, outcome, found[at], difference(outcome, found[best], found[at])["verdict"])
            for at in order]  # fmt: skip
    again = _lived(scenario, nation, own, [splits[best]], steps, budget, seed + 1, crew)
    return {"arm": arm, "outcome": outcome, "budget": budget, "steps": steps, "seed": seed, "splits": rows,
            "left_out": len(splits) - len(told), "unseen": sum(row["value"] is None for row in rows),
            "nothing": not any(_moves(row) for row in rows),
            "again": {"seed": seed + 1, "few": not again.told(),
                      **(_ranges(outcomes.ends(again, 0), outcome) if again.told() else _UNTOLD)},
            }  # fmt: skip


def _arm(scenario: Scenario, name: str, budget: int, outcome: str, steps: int) -> Arm:
    """The arm of this name; UserError where it, or what is asked of it, cannot be searched."""
    if budget < 0:
        raise UserError(
            f"the budget must be Rp0 or more, not {budget:,}",
            f"dana harus Rp0 atau lebih, bukan {number(budget, 'id')}",
        )
    own = next((one for one in scenario.arms if one.name == name), None)
    if own is None:
        raise UserError(
            f"the scenario has no arm {name}; there are {', '.join(one.name for one in scenario.arms)}",
            f"skenario ini tidak punya pilihan {name}; yang ada: {', '.join(one.name for one in scenario.arms)}",
        )
    if outcome not in OUTCOMES:
        raise UserError(
            f"no outcome {outcome}; there are {', '.join(OUTCOMES)}",
            f"tidak ada hasil {outcome}; yang ada: {', '.join(OUTCOMES)}",
        )
    if len(own.schemes) < 2:
        raise UserError(
            f"arm {name}: a mix needs two schemes or more, and it has {len(own.schemes)}",
            f"pilihan {name}: pembagian memerlukan dua skema atau lebih, di sini ada {len(own.schemes)}",
        )
    for one in own.schemes:
        if one.scheme.unpriced:
            raise without_price(f"arm {name}: {one.scheme.name}: budget", one.scheme)
    if steps < 1:
        raise UserError(
            f"a budget is cut in 1 step or more, not {steps}", f"dana dibagi dalam 1 langkah atau lebih, bukan {steps}"
        )
    many = math.comb(steps + len(own.schemes) - 1, len(own.schemes) - 1)
    if many > MOST:
        raise UserError(
            f"{len(own.schemes)} schemes in {steps} steps are {many:,} splits; at most {MOST} are tried",
            f"{len(own.schemes)} skema dalam {steps} langkah menjadi {number(many, 'id')} pembagian; "
            f"paling banyak {MOST} yang dicoba",
        )
    return own


def _seen(one: Planned, scenario: Scenario) -> bool:
    """Whether of those who join a scheme first the years after support that the outcome asks of are simulated."""
    return one.first + one.scheme.duration - 1 + _YEARS <= scenario.start + scenario.years


def _splits(steps: int, parts: int) -> Iterator[Parts]:
    """All ways to cut `steps` into so many parts, those of nothing with them."""
    if parts == 1:
        yield (steps,)
        return
    for first in range(steps, -1, -1):
        for rest in _splits(steps - first, parts - 1):
            yield (first, *rest)


def _lived(scenario: Scenario, nation: Nation, arm: Arm, splits: list[Parts], steps: int, budget: int, seed: int,
           crew: Crew | None) -> Result:  # fmt: skip
    """Every split as an arm of one scenario."""
    arms = tuple(Arm(f"mix-{at}", arm.title, tuple(
        replace(one, places=None, budget=budget * part // steps)
        for one, part in zip(arm.schemes, split, strict=True) if part)) for at, split in enumerate(splits))  # fmt: skip
    plan = prepare(replace(scenario, arms=arms), nation, seed)
    return Result(plan, nation, lived(plan, nation, crew=crew))


def _row(arm: Arm, split: Parts, steps: int, outcome: str, found: dict[str, dict[str, Array]], verdict: str,
         ) -> dict[str, Any]:  # fmt: skip
    shares = {one.scheme.name: part / steps for one, part in zip(arm.schemes, split, strict=True)}
    return {"shares": shares, **_ranges(found, outcome), "cost": ranged(found["value"]["cost"])["value"],
            "worse": verdict == "first"}  # fmt: skip


def _ranges(found: dict[str, dict[str, Array]], outcome: str) -> dict[str, Any]:
    return two_ranges(*(own[outcome] for own in found.values()))


def _moves(row: dict[str, Any]) -> bool:
    """Whether an outcome is seen to be other than nought anywhere in its ranges."""
    return row["value"] is not None and any([row["value"], *row["draws"], *row["effects"]])


def _mean(values: Array) -> float:
    return float(np.nan_to_num(values.mean(), nan=-np.inf))
