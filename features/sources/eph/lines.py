"""The poverty line of a quarter, a share of its own median, so that no later quarter is known early."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.commands import UserError
from features.types import Array


def weighted_median(values: Array, weights: Array) -> float:
    """Smallest value at or under which lies half of the weight; rows with either missing do not count."""
    told = ~np.isnan(values) & (weights > 0)
    order = np.argsort(values[told], kind="stable")
    below = np.cumsum(weights[told][order])
    if not len(below):
        return np.nan
    return float(values[told][order][np.searchsorted(below, below[-1] / 2)])


def build(welfare: Array, person_weights: Array, share: float) -> pd.DataFrame:
    """Table with the line of one quarter and country, without period and known-at date.

    Parameters
    ----------
    welfare : income per adult equivalent of each household, N, pesos per month.
    person_weights : persons each household stands for, N.
    share : line over median.
    """
    line = share * weighted_median(welfare, person_weights)
    if not line > 0:
        raise UserError("the median income of a quarter is missing or nothing, so that it has no poverty line")
    return pd.DataFrame({
        "line_province": pd.Series([None], dtype="str"),
        "line_urban": np.nan,
        "line": line,
    })  # fmt: skip
