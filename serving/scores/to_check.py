"""Households to be looked at in the field, as a condition on the rows of lists by risk.

For one row of a page `serving.console.telling.uncertain` says the same: a test holds them equal. What is scored with a
range over three levels is of low certainty (`models.interval.unsure`), so that figures of areas count it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from features.contract import PROGRAMMES
from models.targeting.asked import POOR_NOW, PROGRAMME, Asked
from serving.scores.kept_run import PERCENT

_RISK = PERCENT.format("risk")
_LOW, _HIGH = f"least({PERCENT.format('low')}, {_RISK})", f"greatest({PERCENT.format('high')}, {_RISK})"
"""Ends of a range as they are told, in whole numbers out of 100."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where lists end, in some places, for those who could be on them.

    percent : the cut out of 100. regencies : codes. provinces : of households whose regency is not known. nowhere :
        whether those are meant too of whom neither is known. asked : by the scheme, of what the run tells.
    """

    percent: int
    regencies: tuple[str, ...]
    provinces: tuple[str, ...]
    nowhere: bool
    asked: tuple[Asked, ...] = ()

    def condition(self, at: int) -> tuple[str, dict[str, Any]]:
        """Whether the range of a row crosses the cut, and the values bound in it; at : number of the reach."""
        own: dict[str, Any] = {f"cut{at}": self.percent, f"in{at}": [*self.regencies], f"of{at}": [*self.provinces]}
        place = f"(regency = ANY($in{at}) OR (regency IS NULL AND province = ANY($of{at}))"
        parts = [f"{place}{' OR (regency IS NULL AND province IS NULL)' if self.nowhere else ''})",
                 f"{_LOW} < $cut{at} AND {_HIGH} >= $cut{at}"]  # fmt: skip
        for number, one in enumerate(self.asked):
            value = f"asked{at}_{number}"
            if one.fact == PROGRAMME:
                # What has no column is known of nobody.
                meets = f"{one.name} = {str(True in one.among).upper()}" if one.name in PROGRAMMES else "NULL::BOOLEAN"
            elif one.fact == POOR_NOW:  # falls = risk x (1 - p_poor_now)
                meets, own[value] = f"falls >= risk * (1 - ${value})", one.most
            else:
                meets, own[value] = f"{one.fact} = ANY(${value})", [*one.among]
            parts.append(f"coalesce({meets}, {str(not one.unknown).upper()})")
        return f"({' AND '.join(parts)})", own


def condition(reaches: Sequence[Reach]) -> tuple[str, dict[str, Any]]:
    """Whether a row is in doubt by the model, or its range crosses the end of a list; and the values bound in it."""
    ranged, own = [], dict[str, Any]()
    for at, reach in enumerate(reaches):
        part, bound = reach.condition(at)
        ranged.append(part)
        own |= bound
    doubted = "coalesce(certainty = 'low', FALSE)"
    if not ranged:
        return doubted, own
    return f"({doubted} OR (low IS NOT NULL AND high IS NOT NULL AND ({' OR '.join(ranged)})))", own
