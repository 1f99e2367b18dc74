"""Places of a drawn list as the database keeps them, and as files and answers tell them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Row

from models.targeting import CHANNELS, Drawn
from serving.store.list_drafts import Outside, Place
from serving.store.lists import RESERVE

EITHER = 20
"""Households that are shown on each side of a cut."""
_WHY = re.compile(r"area=(\d*) rank=(\d+) tied=([01]) before=([01])")


@dataclass(frozen=True, slots=True)
class Why:
    """Where a place comes from: area of its quota, rank (0 without), whether a lot decided it, on the last list."""

    area: str
    rank: int
    tied: bool
    before: bool

    @classmethod
    def of(cls, text: str) -> Why:
        """From what is stored; nothing is known of a place that holds other text."""
        found = _WHY.fullmatch(text)
        return cls(found[1], int(found[2]), found[3] == "1", found[4] == "1") if found else cls("", 0, False, False)

    def __str__(self) -> str:
        return f"area={self.area} rank={self.rank} tied={self.tied:d} before={self.before:d}"


def of(drawn: Drawn) -> list[Place]:
    """Places in the order of the list: cell by cell as drawn, the reserves of all cells after the rest."""
    own, schemes = drawn.places, {scheme.name: scheme for scheme in drawn.rules.schemes}
    order = np.argsort(own.channel == CHANNELS.index("reserve"), kind="stable")
    found = []
    for at in order.tolist():
        cell, how = drawn.cells[int(own.cell[at])], CHANNELS[int(own.channel[at])]
        why = Why(cell.area, int(own.rank[at]), bool(own.tied[at]), bool(own.before[at]))
        risk, low, high, value, chance = (_number(column[at]) for column in (own.risk, own.low, own.high, own.value,
                                                                             own.probability))  # fmt: skip
        found.append(Place(
            own.household[at].decode(), str(own.province[at]) or None, str(own.regency[at]) or None, cell.scheme, how,
            why=str(why), risk=risk, low=low, high=high, need=value if drawn.rules.order == "need" else None,
            probability=chance, verify=bool(own.verify[at]),
            amount=None if how == RESERVE else schemes[cell.scheme].cost, subdistrict=str(own.subdistrict[at]) or None,
        ))  # fmt: skip
    return found


def largest(cells: Sequence[Any]) -> int | None:
    """The cell of a drawn list whose cut is shown: the one of the largest quota, the first of equal ones."""
    return max(range(len(cells)), key=lambda at: cells[at].quota) if cells else None


def outside(drawn: Drawn) -> list[Outside]:
    """Who stands next to the cut that is shown, on neither list nor reserve: no more than are shown of them."""
    own, cell = drawn.band, largest(drawn.cells)
    near = np.flatnonzero(own.cell == cell) if cell is not None else np.empty(0, np.int64)
    return [Outside(own.household[at].decode(), str(own.province[at]) or None, str(own.regency[at]) or None,
                    drawn.cells[cell or 0].scheme, int(own.rank[at]),
                    *(_number(column[at]) for column in (own.risk, own.low, own.high)))
            for at in near[np.argsort(own.rank[near], kind="stable")][:EITHER].tolist()]  # fmt: skip


def told(place: Row[Any], checked: Row[Any] | None = None) -> dict[str, Any]:
    """A stored place as an answer tells it; also what `serving.lists.files` makes a line of a file of.

    checked : the visit that left nothing to be looked at in the field (`visits.checked`): nobody is asked for it again,
    and of those whom it found dead no risk is told.
    """
    dead = checked is not None and checked.result == "died"
    risk, low, high = (None, None, None) if dead else (place.risk, place.low, place.high)
    why = Why.of(place.why)
    return {"place": place.place, "scheme": place.scheme, "area": why.area, "household_id": place.household,
            "province": place.province, "regency": place.regency, "subdistrict": place.subdistrict,
            "channel": place.how, "rank": why.rank or None,
            "risk": risk, "low": low, "high": high, "verify": place.verify and checked is None, "tied": why.tied,
            "before": why.before, "probability": place.probability, "amount": place.amount}  # fmt: skip


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
