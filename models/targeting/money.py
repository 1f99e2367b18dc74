"""What the budget leaves of the quotas, in whole rupiah and whole places."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from models.targeting.drawn import Cell
from models.targeting.rules import Rules


def places(rules: Rules) -> list[list[int]]:
    """Places that are paid for, by scheme and area.

    Where money is short every area keeps the same share of its quota. Shares are rounded along the areas, so that what
    one area loses to rounding the next one gets, and the sum never exceeds the budget; a larger quota of an area is
    never fewer places of it.
    """
    asked = sum(scheme.cost * sum(dict(scheme.quota).values()) for scheme in rules.schemes)
    found = []
    for scheme in rules.schemes:
        quotas = [quota for _, quota in scheme.quota]
        own = scheme.cost * sum(quotas)
        part = min(
            [
                Fraction(1),
                *(
                    Fraction(budget, total)
                    for budget, total in ((rules.budget, asked), (scheme.budget, own))
                    if budget is not None and total
                ),
            ]
        )
        total, ends = 0, [0]
        for quota in quotas:
            total += quota
            ends.append(int(part * total))
        found.append([after - before for before, after in pairwise(ends)])
    return found


def left(rules: Rules, cells: Sequence[Cell]) -> int | None:
    """Rupiah of the budget that are not spent: of the list's own, else of the schemes' together; None without any."""
    spent = sum(cell.cost for cell in cells)
    if rules.budget is not None:
        return rules.budget - spent
    named = {scheme.name: scheme.budget for scheme in rules.schemes if scheme.budget is not None}
    if not named:
        return None
    return sum(named.values()) - sum(cell.cost for cell in cells if cell.scheme in named)
