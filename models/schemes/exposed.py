"""How a shock's chance is spread over its families by what the main earner does, the mean staying the stated one."""

from __future__ import annotations

import numpy as np

from features.types import Array
from models.schemes.nation import Nation
from models.schemes.parts import Shock
from models.schemes.selection import within

_STEPS = 60


def middle(shock: Shock, nation: Nation, end: str) -> float:
    """The measure at which the chance of a shock is the stated one, so that its mean over the families of the scope is.

    This needs the whole nation, as lists do. Who has no known measure stands there. By halving between the least and
    the largest measure; 0 where no chance rises with a measure.

    end : of the ranges of chance and steepness.
    """
    if shock.exposure is None:
        return 0.0
    inside, _ = within(nation, shock.scope)
    values = nation.exposure[shock.exposure][inside]
    known = ~np.isnan(values)
    # Occupations are few, so families are counted by measure; thousandths are whole numbers, in whatever order.
    measure, code = np.unique(values[known], return_inverse=True)
    if not len(measure):
        return 0.0
    weight = np.bincount(code, nation.families[inside][known])
    stated = shock.hazard.at(end) * weight.sum()
    low, high = float(measure[0]), float(measure[-1])
    for _ in range(_STEPS):
        found = (low + high) / 2
        over = weight @ _chance(shock, measure, found, end) > stated
        low, high = (found, high) if over else (low, found)
    return (low + high) / 2


def chances(shock: Shock, nation: Nation, end: str, middle: float) -> Array:
    """Chance a year that a shock hits each family, n; 0 outside its scope.

    end : of the ranges. middle : of the whole nation (`middle`).
    """
    inside, _ = within(nation, shock.scope)
    if shock.exposure is None:
        return np.where(inside, shock.hazard.at(end), 0.0)
    measure = np.nan_to_num(nation.exposure[shock.exposure], nan=middle)
    return np.where(inside, _chance(shock, measure, middle, end), 0.0)


def _chance(shock: Shock, measure: Array, middle: float, end: str) -> Array:
    return np.asarray(np.minimum(shock.hazard.at(end) * np.exp(shock.steepness.at(end) * (measure - middle)), 1.0))
