"""The law of the measured score given the regional events that came, so that published headcounts hold with them.

The headcount of a published year already holds that year's events: given them, the line lies where the published share
of people is below it. Families hit by an event fall; that others stand a little better is what the figure says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from features.sources.synthetic import law
from features.sources.synthetic.outlook import Outlook
from features.sources.synthetic.parameters import Parameters
from features.types import Array

YEARS = 4
"""Years after which what is left of a shock (.3 a year) moves no headcount."""


@dataclass(frozen=True, slots=True)
class EventTable:
    """What one period's events add to P(v < normal), were its rate of shocks twice the usual, by years since.

    `cause` and `loss`, shape (YEARS, len(normal)), are of displacement's and of all other shocks; the law is linear in
    the rate of one period, so a factor f adds f - 1 times as much. Several periods together are taken to add up.
    """

    normal: Array
    cause: Array
    loss: Array


@cache
def event_table(parameters: Parameters, per_year: int) -> EventTable:
    """Tabulate both, for the whole population."""
    ranks = law.rank_table(parameters, per_year)
    permanent, weight, cause, loss = law.population(parameters, per_year)
    omega = law.omegas()
    weights = law.fades(parameters, per_year, int(parameters.burn_in * per_year))
    usual = law.total_rate(cause, loss)
    drops = law.drop_transform(omega, usual, weights, parameters.shock_size)
    noise = np.exp(-(omega**2) * (parameters.spread**2 + parameters.error**2) / 2)
    keep = slice(None, None, 4)
    at, normal = ranks.score[keep], ranks.normal[keep]

    def below(transform: Array) -> Array:
        mixed = weight @ (transform * np.exp(1j * np.outer(permanent, omega)))
        return law.invert(mixed * noise, omega, at)

    base = below(drops)
    out: list[list[Array]] = [[], []]
    for year in range(YEARS):
        left = weights[min(year * per_year, len(weights) - 1) :][:1]
        one = law.drop_transform(omega, usual, left, parameters.shock_size)
        for table, rate in zip(out, (law.total_rate(2 * cause, loss), law.total_rate(cause, 2 * loss)), strict=True):
            twice = law.drop_transform(omega, rate, left, parameters.shock_size)
            table.append(below(drops / one * twice) - base)
    return EventTable(normal, np.array(out[0]), np.array(out[1]))


def pressure(outlook: Outlook, per_year: int, period: int, last: int, province: Array, farms: Array,
             ) -> tuple[Array, Array]:  # fmt: skip
    """Factors less one of the events up to the period `last`, summed by years since, shape (YEARS, strata) each.

    `farms` is the share of each stratum's shocks that farm families bear: a failed season is theirs alone.
    """
    shape = YEARS, len(province)
    cause, loss = np.zeros(shape), np.zeros(shape)
    for past in range(max(1, period - YEARS * per_year + 1), min(period, last) + 1):
        year = (period - past) // per_year
        harvest = 1 + farms * (outlook.harvest_factor[past, province] - 1)
        cause[year] += outlook.disaster_factor[past, province] * harvest - 1
        loss[year] += outlook.layoff_factor[past, province] - 1
    return cause, loss


def start(table: EventTable, usual: Array, cause: Array, loss: Array) -> Array:
    """Normal score below which the share of people is, given these events, what it usually is below `usual`."""
    from scipy.special import ndtr, ndtri

    share, out = ndtr(usual), usual
    if not cause.any() and not loss.any():
        return usual
    for _ in range(8):
        extra = np.zeros(len(usual))
        for factor, values in ((cause, table.cause), (loss, table.loss)):
            extra += sum(own * np.interp(out, table.normal, row) for own, row in zip(factor, values, strict=True))
        out = ndtri(np.clip(share - extra, 1e-6, 1 - 1e-6))
    return np.asarray(out)
