"""Whether a household's risk changed since the run before: one rule for lists, their filter, counts and the page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.types import Array
from models.interval import hundredths


@dataclass(frozen=True, slots=True)
class Risks:
    """Risks of n households and the ends of their intervals, shares; NaN where there is none."""

    risk: Array
    low: Array
    high: Array

    def rounded(self) -> tuple[Array, Array, Array]:
        """The same as they are told: whole numbers out of 100, half up, the risk within its range."""
        risk, low, high = (hundredths(own) for own in (self.risk, self.low, self.high))
        return risk, np.minimum(low, risk), np.maximum(high, risk)


def direction(now: Risks, before: Risks) -> Array:
    """1 risen, -1 fallen, 0 no change that can be told, NaN where one of the two has no risk; n floats.

    No change can be told where each number lies within the range of the other; without ranges any change is told.
    """
    (risk, low, high), (was, least, most) = now.rounded(), before.rounded()
    within = (least <= risk) & (risk <= most) & (low <= was) & (was <= high)
    return np.where(within & ~np.isnan(risk - was), 0.0, np.sign(risk - was))
