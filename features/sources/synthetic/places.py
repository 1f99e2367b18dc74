"""The 75 strata (province x urban or rural): people, poverty lines, headcounts and their paths over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features import periods
from features.sources.synthetic import figures
from features.sources.synthetic.parameters import Parameters
from features.types import Array

URBAN_FACTOR = 1.006
"""Brings the provincial urban headcounts of 2025 to the national urban figure (derived)."""

AUGUST_2025 = 2025.625

SPLIT = ("92", "95", "96", "97", "94")
"""Provinces whose urban share is solved from their three headcounts of March 2024: cut out of Papua in 2022."""


@dataclass(frozen=True, slots=True)
class Strata:
    """Arrays over the strata, shape (75,); `province` is an index into the 38 codes."""

    province: Array
    urban: Array
    people: Array
    headcount: Array
    line: Array

    @property
    def share(self) -> Array:
        """Share of all people."""
        return self.people / self.people.sum()

    def draw(self, parameters: Parameters) -> Array:
        """Probability that a generated family lives in each stratum: a floor and the share of people."""
        floor = parameters.floor_share
        return floor / len(self.people) + (1 - floor) * self.share

    def elsewhere(self, stratum: Array, far: Array, uniform: Array) -> Array:
        """Stratum in which those of `stratum` end who move, by people: anywhere, or within the province if not far.

        Moves in proportion to people leave the share of every stratum as it is.
        """
        edges = np.append(0.0, np.cumsum(self.people))
        first, last = (np.searchsorted(self.province, self.province[stratum], side=side) for side in ("left", "right"))
        low, high = np.where(far, 0.0, edges[first]), np.where(far, edges[-1], edges[last])
        return np.searchsorted(edges, low + uniform * (high - low), side="right") - 1

    def headcount_in(self, period: int) -> Array:
        """Poverty rate of each stratum in a period: its figure of 2025 moved as its province moved."""
        return self.headcount * headcount_ratio(figures.when(period))[self.province]

    def line_in(self, period: int, parameters: Parameters) -> Array:
        """Poverty line of each stratum in a period: March 2025 moved by the national line."""
        return self.line * line_ratio(figures.when(period), parameters)


def strata() -> Strata:
    """The strata of March 2025."""
    share = _urban_share()
    rate = _headcounts(share)
    people = figures.by_province("people")[:, None] * np.column_stack([1 - share, share])
    line = np.column_stack([figures.by_province("line_rural"), figures.by_province("line_urban")])
    keep = people > 0
    province, urban = np.nonzero(keep)
    return Strata(province, urban.astype(float), people[keep], rate[keep], line[keep])


def _urban_share() -> Array:
    """Share of people in urban areas, shape (38,)."""
    share = figures.by_province("urban")
    total, urban, rural = (figures.by_province(name, 2024)
                           for name in ("headcount", "headcount_urban", "headcount_rural"))  # fmt: skip
    new = np.isin(figures.provinces(), SPLIT)
    share[new] = ((rural - total) / np.where(new, rural - urban, 1.0))[new]
    return share


def _headcounts(share: Array) -> Array:
    """Headcounts of 2025, shape (38, 2) rural then urban: the pattern of 2024 scaled to the total of 2025."""
    total = figures.by_province("headcount")
    urban, rural = figures.by_province("headcount_urban", 2024), figures.by_province("headcount_rural", 2024)
    whole = np.isnan(urban)
    urban, rural = np.where(whole, total, urban), np.where(whole, 0.0, rural)
    scale = total / (share * urban + (1 - share) * rural)
    urban = np.where(whole, total, urban * scale * URBAN_FACTOR)
    rural = (total - share * urban) / np.where(whole, 1.0, 1 - share)
    return np.column_stack([rural, urban])


def headcount_ratio(date: float) -> Array:
    """Poverty rate of each province over its own of March 2025, shape (38,).

    Between the Marches of 2024, 2025 and 2026 along the province's own figures, before them along the
    national series, after them unchanged.
    """
    own = np.column_stack([figures.by_province("headcount", year) for year in (2024, 2025, 2026)])
    years, path = figures.headcount_path()
    before = np.interp(min(date, 2024.25), years, path) / np.interp(2024.25, years, path)
    at = np.array([np.interp(date, [2024.25, 2025.25, 2026.25], row) for row in own])
    return at * before / own[:, 1]


def line_ratio(date: float, parameters: Parameters) -> float:
    """National line over that of March 2025: log-linear between published dates, a fixed growth outside."""
    dates, lines = figures.line_path()
    logs = np.interp(date, dates, np.log(lines)) - np.interp(2025.25, dates, np.log(lines))
    outside = (date - np.clip(date, dates[0], dates[-1])) * np.log1p(parameters.line_growth)
    return float(np.exp(logs + outside))


def wage_ratio(period: int, parameters: Parameters) -> float:
    """Pay of the middle of a period over that of August 2025: it grows with the line, an assumption."""
    middle = figures.when(period) + (-0.125 if periods.is_quarter(period) else 0.25)
    return line_ratio(middle, parameters) / line_ratio(AUGUST_2025, parameters)
