"""Adult equivalents by age and sex, the scale INDEC used for poverty until 2015."""

from __future__ import annotations

import numpy as np

from features.types import Array

OLDER_THAN = (1, 2, 3, 4, 7, 10, 13, 16, 18, 30, 60)
"""First year of age of every band after the first."""
MEN = np.array([0.33, 0.43, 0.50, 0.56, 0.63, 0.72, 0.83, 0.96, 1.05, 1.06, 1.00, 0.82])
WOMEN = np.array([0.33, 0.43, 0.50, 0.56, 0.63, 0.72, 0.73, 0.79, 0.79, 0.74, 0.74, 0.64])
"""Needs by band over those of a man of 30 to 59. INDEC, Metodología de la EPH: unidades consumidoras."""


def adult_equivalents(age: Array, sex: Array) -> Array:
    """Adult equivalents of each person, M; NaN where age or sex is unknown.

    Parameters
    ----------
    age : years; -1 under one.
    sex : 1 man, 2 woman.
    """
    known = (age >= -1) & (age <= 120) & np.isin(sex, (1, 2))
    band = np.searchsorted(OLDER_THAN, np.where(known, age, 0), side="right")
    return np.where(known, np.where(sex == 1, MEN[band], WOMEN[band]), np.nan)
