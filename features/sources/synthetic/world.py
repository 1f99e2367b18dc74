"""What all partitions share: made once in the first process and handed to every worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from features.sources.synthetic import conditional, figures, jobs, law, places, prices, regencies, spread
from features.sources.synthetic.fitted import Local
from features.sources.synthetic.outlook import Outlook
from features.sources.synthetic.outlook import draw as draw_outlook
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.ranking import Ranking
from features.types import Array

YEAR = 2025
"""Year of the figures of people and work."""

HORIZONS = (1, 2, 4, 8)
"""Periods ahead that the truth is told for."""


@dataclass(frozen=True, slots=True)
class World:
    """A generated country: places, laws, jobs, regional events and how the register ranks.

    `starts`, shape (periods + 8, 75), is the normal score of each stratum's line without food price events, `lines`,
    shape (periods, 75), the lines in rupiah a head a month. `steepness` is how fast the hazard of
    displacement rises with exposure; 0 is flat. `farms` is the share of rural people's shocks that farm families bear.
    """

    seed: int
    periods: tuple[int, ...]
    per_year: int
    parameters: Parameters
    strata: places.Strata
    draw: Array
    weight: Array
    regencies: regencies.Regencies
    spread: spread.Spread
    ranks: law.RankTable
    jobs: jobs.Jobs
    outlook: Outlook
    prices: prices.Prices
    starts: Array
    lines: Array
    households: int
    survey: int
    versions: int
    truth: bool
    steepness: float = 0.0
    exposure_mean: float = 1.0
    ranking: Ranking | None = None
    fitted: Local | None = None
    farms: float = 0.5
    _given: dict[tuple[int, int], Array] = field(default_factory=dict, init=False, compare=False, repr=False)
    risks: dict[int, law.RiskTable] = field(default_factory=dict)

    @property
    def local(self) -> Local:
        """Numbers fitted by province; `calibrate` adds them."""
        if self.fitted is None:
            raise ValueError("the world is not calibrated")
        return self.fitted

    @property
    def urban(self) -> Array:
        """Urban flag of each stratum, shape (75,)."""
        return self.strata.urban

    def start(self, period: int, known: int) -> Array:
        """Normal score of each stratum's line in a period under the food prices known in the period `known`."""
        fall = self.prices.fall(period, known)[self.strata.province]
        return self.spread.raised(self.starts[period], fall, figures.when(self.periods[0] + period))

    def given(self, period: int, known: int) -> Array:
        """The same given the regional events up to `known`, as far as headcounts are published, which hold them."""
        if (period, known) not in self._given:
            self._given[period, known] = self._solve(period, known)
        return self._given[period, known]

    def _solve(self, period: int, known: int) -> Array:
        last = min(known, self.published)
        table = conditional.event_table(self.parameters, self.per_year)
        farms = np.where(self.urban > 0, 0.0, self.farms)
        events = conditional.pressure(self.outlook, self.per_year, period, last, self.strata.province, farms)
        return conditional.start(table, self.start(period, known), *events)

    @property
    def published(self) -> int:
        """Index of the last period of the panel whose headcount is published."""
        return int(sum(figures.when(period) <= figures.headcount_path()[0][-1] for period in self.periods)) - 1

    def cut(self, period: int, known: int) -> Array:
        """Score at that line, shape (75,)."""
        return self.ranks.threshold(self.given(period, known))

    def age_2025(self, age: Array) -> Array:
        """Age in March 2025, when people's schooling was published, of who is this old as the panel starts."""
        return age + (YEAR + 0.25 - figures.when(self.periods[0]))

    def displacement(self, exposure: Array) -> Array:
        """Yearly hazard that a main earner of this exposure is displaced; NaN exposure has none."""
        rise = np.exp(self.steepness * (exposure - 0.5)) / self.exposure_mean
        return np.where(np.isnan(exposure), 0.0, np.minimum(self.parameters.displacement_rate * rise, 0.9))


@cache
def _maps() -> tuple[places.Strata, regencies.Regencies, spread.Spread]:
    """What no option changes, solved once a process."""
    strata = places.strata()
    return strata, regencies.load(strata), spread.solve(strata)


def make(seed: int, periods: tuple[int, ...], per_year: int, households: int, survey: int, versions: int,
         truth: bool, parameters: Parameters | None = None) -> World:  # fmt: skip
    """Solve the maps and laws of a country; ranking and steepness are added by `calibrate`."""
    from scipy.special import ndtri

    parameters = parameters or Parameters()
    strata, homes, maps = _maps()
    ahead = periods + tuple(range(periods[-1] + 1, periods[-1] + 1 + HORIZONS[-1]))
    starts = np.array([ndtri(strata.headcount_in(period)) for period in ahead])
    ranks = law.rank_table(parameters, per_year)
    chance = strata.draw(parameters)
    families = figures.national("families", 2026)
    jumps = prices.draw(seed, periods, per_year, parameters)
    lines = np.array([strata.line_in(period, parameters) for period in periods])
    return World(
        seed, periods, per_year, parameters, strata, chance, families * strata.share / chance,
        homes, maps, ranks, jobs.load(),
        draw_outlook(seed, len(periods), per_year, parameters), jumps, starts,
        lines * jumps.line_factor[:, strata.province], households, survey, versions, truth,
        risks={h: law.risk_table(parameters, per_year, h) for h in HORIZONS},
    )  # fmt: skip
