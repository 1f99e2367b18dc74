"""Risks brought to a published headcount: one shift on the log-odds of each place, of staying and of falling alike.

A headcount alone does not say who falls; the shift keeps the order within a place and every gap between families.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from features.commands import UserError
from features.types import Array
from models.calibration import sigmoid

_EDGE, _STEP = 14.0, 0.005
"""Log-odds that a tally tells apart: beyond the edge a chance is 0 or 1 to six decimals."""
_BINS = int(2 * _EDGE / _STEP)
MOST = 3.0
"""A shift beyond this would make risks twenty times what the model says: the headcount and the register do not fit."""


@dataclass(slots=True)
class Tally:
    """People by place and log-odds: all that a shift is solved from, whatever the number of families.

    Attributes
    ----------
    mass, logit : by place, weight of people in each bin of log-odds and their weighted log-odds.
    people : by place.
    """

    mass: dict[str, Array] = field(default_factory=dict)
    logit: dict[str, Array] = field(default_factory=dict)
    people: dict[str, float] = field(default_factory=dict)

    def add(self, place: list[str], poor_now: Array, stay: Array, entry: Array, people: Array) -> None:
        """Count some families.

        Parameters
        ----------
        place : N names. poor_now : N chances of being poor now. stay, entry : N log-odds of being poor at the horizon
            for who is poor now, and for who is not. people : N, members times survey weight.
        """
        names = np.array(place, dtype=object)
        for name in dict.fromkeys(place):
            mine = names == name
            mass = self.mass.setdefault(name, np.zeros(_BINS))
            logit = self.logit.setdefault(name, np.zeros(_BINS))
            self.people[name] = self.people.get(name, 0.0) + float(people[mine].sum())
            for z, weight in ((entry[mine], ((1 - poor_now) * people)[mine]), (stay[mine], (poor_now * people)[mine])):
                kept = weight > 0
                own = np.clip(z[kept], -_EDGE, _EDGE - 1e-9)
                at = ((own + _EDGE) / _STEP).astype(int)
                mass += np.bincount(at, weights=weight[kept], minlength=_BINS)
                logit += np.bincount(at, weights=weight[kept] * own, minlength=_BINS)

    def join(self, other: Tally) -> None:
        """Add what another tally counted."""
        for own, found in ((self.mass, other.mass), (self.logit, other.logit)):
            for place, values in found.items():
                own[place] = own[place] + values if place in own else values
        for place, people in other.people.items():
            self.people[place] = self.people.get(place, 0.0) + people

    def headcount(self, place: str, shift: float = 0.0) -> float:
        """Share of the people of a place who will be poor, with a shift."""
        mass = self.mass[place]
        seen = mass > 0
        poor = mass[seen] @ sigmoid(self.logit[place][seen] / mass[seen] + shift)
        return float(poor / self.people[place])

    def solve(self, targets: Mapping[str, float]) -> dict[str, float]:
        """The shift of every place that has a target.

        Raises
        ------
        UserError : a place has no people here, or no shift up to `MOST` reaches its headcount.
        """
        from scipy.optimize import brentq

        found = {}
        for place, target in targets.items():
            if self.people.get(place, 0.0) <= 0:
                raise UserError(f"headcounts: no scored family lives in {place}")

            def gap(shift: float, place: str = place, target: float = target) -> float:
                return self.headcount(place, shift) - target

            if gap(-MOST) > 0 or gap(MOST) < 0:
                raise UserError(f"headcounts: {place} is told {100 * target:.2f} % poor, the model tells "
                                f"{100 * self.headcount(place):.2f} %; no shift of {MOST:g} on the log-odds joins "
                                "the two: is the headcount a share of people, and of these families?")  # fmt: skip
            found[place] = float(brentq(gap, -MOST, MOST, xtol=1e-10))
        return found
