"""The law of the welfare score: distribution functions by inversion of characteristic functions.

A score is a normal part less a sum of shocks that fade; each shock is there with a small probability and its
drop is exponential. No simulation is needed for the national rank of a score or for a family's true risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from features.sources.synthetic.parameters import Parameters
from features.types import Array

_STEP = 2 * np.pi / 320  # a period of 320 units holds the long lower tail (v = -3 lies at z = -22)
_HIGH = 20.0


def fades(parameters: Parameters, per_year: int, steps: int) -> Array:
    """Share of a shock that is left after 0, 1, ... periods, shape (steps,): full for a year, then less."""
    return parameters.shock_fade ** (np.arange(steps) // per_year)


def per_period(yearly: Array | float, per_year: int) -> Array:
    """Probability in one period of what has this probability in a year."""
    return -np.expm1(np.log1p(-np.asarray(yearly, dtype=float)) / per_year)


def yearly_rate(permanent: Array, parameters: Parameters) -> Array:
    """Yearly probability of a shock from other causes than displacement, by permanent score."""
    base = parameters.shock_rate * (1 - parameters.displacement_share * parameters.displacement_rate)
    return np.minimum(parameters.shock_cap, base * np.exp(-parameters.shock_slope * permanent))


def drop_transform(omega: Array, rate: Array, weights: Array, size: float) -> Array:
    """Characteristic function of minus the sum of faded drops, shape (rates, omegas)."""
    out = np.ones((len(rate), len(omega)), dtype=complex)
    for weight, times in zip(*np.unique(weights, return_counts=True), strict=True):
        one = 1 - rate[:, None] + rate[:, None] / (1 + 1j * omega * weight * size)
        out *= one**times
    return out


def invert(transform: Array, omega: Array, at: Array) -> Array:
    """P(X < at) from a characteristic function on midpoints (Gil-Pelaez), shape (rows, len(at))."""
    weight = transform / (1j * omega)
    parts = np.exp(-1j * np.outer(omega, at))
    return np.clip(0.5 - (weight @ parts).real * (omega[1] - omega[0]) / np.pi, 0.0, 1.0)


def omegas() -> Array:
    """Midpoints that a characteristic function is inverted on."""
    return np.arange(_STEP / 2, _HIGH, _STEP)


@dataclass(frozen=True, slots=True)
class RankTable:
    """National normal score v of a measured score z: two increasing arrays."""

    score: Array
    normal: Array

    def rank(self, score: Array) -> Array:
        """Normal scores of measured or true scores."""
        return np.interp(score, self.score, self.normal)

    def threshold(self, normal: Array) -> Array:
        """Scores whose normal score is this."""
        return np.interp(normal, self.normal, self.score)


def population(parameters: Parameters, per_year: int) -> tuple[Array, Array, Array, Array]:
    """Lasting scores, the share of people at each, and their rates of a shock in a period: of other causes, then of
    displacement, at its mean over families."""
    permanent = np.linspace(-6.0, 6.0, 481)
    weight = np.exp(-(permanent**2) / 2) * _mean_size(permanent, parameters)
    cause = per_period(yearly_rate(permanent, parameters), per_year)
    loss = per_period(parameters.displacement_rate * parameters.earner_share, per_year)
    return permanent, weight / weight.sum(), cause, np.full(len(permanent), float(loss))


def total_rate(cause: Array, displaced: Array) -> Array:
    """Probability that a shock of either cause comes in a period."""
    return 1 - (1 - cause) * (1 - displaced)


@cache
def rank_table(parameters: Parameters, per_year: int) -> RankTable:
    """Person-weighted law of the measured score over the whole population, as a table of normal scores."""
    from scipy.special import ndtri

    permanent, weight, cause, loss = population(parameters, per_year)
    omega = omegas()
    weights = fades(parameters, per_year, int(parameters.burn_in * per_year))
    rate = total_rate(cause, loss)
    drops = drop_transform(omega, rate, weights, parameters.shock_size)
    noise = parameters.spread**2 + parameters.error**2
    mixed = weight @ (drops * np.exp(1j * np.outer(permanent, omega)))
    at = np.concatenate([np.linspace(-60, -8, 521)[:-1], np.linspace(-8, 6, 1401)])
    share = invert(mixed * np.exp(-(omega**2) * noise / 2), omega, at)
    inside = (share > 1e-7) & (share < 1 - 1e-7)
    normal = np.maximum.accumulate(ndtri(share[inside]))
    rising = np.concatenate([[True], np.diff(normal) > 0])
    return RankTable(at[inside][rising], normal[rising])


def _mean_size(permanent: Array, parameters: Parameters) -> Array:
    """Mean family size by permanent score: the demographic score is .30 P plus its own part."""
    slope = parameters.size_by_welfare + 0.30 * parameters.size_by_demography
    own = parameters.size_by_demography**2 * (1 - 0.30**2) / 2
    return 1 + np.exp(np.log(parameters.size_at_mean) - 0.03 - slope * permanent + own)


@dataclass(frozen=True, slots=True)
class RiskTable:
    """P(normal part less coming shocks < margin) by margin and by probability of a shock in a period."""

    low: float
    step: float
    rates: Array
    values: Array

    def risk(self, margin: Array, rate: Array) -> Array:
        """Bilinear reading of the table; margins outside it take the border."""
        rows, columns = self.values.shape
        x = np.clip((margin - self.low) / self.step, 0, columns - 1.000001)
        y = np.clip(np.sqrt(rate / self.rates[-1]) * (rows - 1), 0, rows - 1.000001)
        i, j = y.astype(np.intp), x.astype(np.intp)
        u, w = y - i, x - j
        table = self.values
        left = table[i, j] * (1 - u) + table[i + 1, j] * u
        right = table[i, j + 1] * (1 - u) + table[i + 1, j + 1] * u
        return left * (1 - w) + right * w


@cache
def risk_table(parameters: Parameters, per_year: int, horizon: int) -> RiskTable:
    """Table of true risk `horizon` periods ahead: shocks ahead and the error of measurement integrated out."""
    keep = parameters.persistence ** (2 * horizon / per_year)
    variance = parameters.spread**2 * (1 - keep) + parameters.error**2
    rates = 0.6 * np.linspace(0, 1, 41) ** 2
    margins = np.arange(-30, 6, 0.04)
    omega = omegas()
    drops = drop_transform(omega, rates, fades(parameters, per_year, horizon), parameters.shock_size)
    values = invert(drops * np.exp(-(omega**2) * variance / 2), omega, margins)
    return RiskTable(float(margins[0]), 0.04, rates, values)
