"""Where the household lives, as published figures of the place; not facts a family can object to."""

from __future__ import annotations

import numpy as np

from features.columns import Columns
from features.facts import YES_NO, as_told
from features.registry import feature
from features.types import Array

as_told("urban", "place", reason="place.urban")
as_told("large_city", "place", reason="place.large_city")


@feature("place", "share", inputs=("province", "headcount"), high=1, contestable=False, reason="place.headcount",
         known=lambda c: c.region_day("headcount"))  # fmt: skip
def place_headcount(c: Columns) -> Array:
    """Official poverty rate of the province."""
    return c.region("headcount")


@feature("place", "share", inputs=("province", "unemployment"), high=1, contestable=False, reason="place.unemployment",
         known=lambda c: c.region_day("unemployment"))  # fmt: skip
def place_unemployment(c: Columns) -> Array:
    """Open unemployment rate of the province."""
    return c.region("unemployment")


@feature("place", "years", inputs=("province", "mean_schooling"), high=25, contestable=False, reason="place.schooling",
         known=lambda c: c.region_day("mean_schooling"))  # fmt: skip
def place_schooling(c: Columns) -> Array:
    """Mean years of schooling at 15 and over in the province."""
    return c.region("mean_schooling")


@feature("place", "log ratio", inputs=("province", "urban", "period", "line"), low=-10, high=10, contestable=False,
         reason="place.line", known=Columns.line_day)  # fmt: skip
def place_line(c: Columns) -> Array:
    """Poverty line of the own place over the median of all places' newest lines, in logs: how dear living is."""
    return np.log(c.now(c.line()) / c.context.usual_line)


@feature("place", "category", inputs=("province", "regency", "remote"), choices=YES_NO, protected=True,
         contestable=False)  # fmt: skip
def remote(c: Columns) -> Array:
    """The regency, or the province where the regency is not listed, is declared disadvantaged; for the audit."""
    return c.nearest_region("remote")
