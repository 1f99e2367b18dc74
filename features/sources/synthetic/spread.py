"""From national rank to welfare ratio: one curve, and one spread and lower tail for every stratum.

ln ratio = b [G(v) - G(v0)] above the line, -A (exp(k D) - 1) / k below it, with v0 the rank of the stratum's
headcount and D the distance under it on the curve. G goes through the published class shares, so the law
is not lognormal; they changed from 2016 to 2025, and G moves with them. b is solved from a province's mean
expenditure, A and k from its poverty gaps, all of 2025.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.sources.synthetic import figures
from features.sources.synthetic.places import Strata, headcount_ratio
from features.types import Array

KNOTS = np.array([-6.0, -1.339, -0.433, 0.934, 2.669, 6.0])
SIGMAS = np.array([0.36, 0.447, 0.591, 0.877, 1.69])
"""Local spread of ln ratio by normal score between the knots (derived from the class shares of 2025)."""

MARCH_2025 = 2025.25
CLASS_YEARS = (2016, 2019, 2024)
"""Other years whose class shares are published; their local spreads are solved from them over all strata. The
upper class of 2016 is the World Bank's count, three times that of 2019, and asks for a Gini of .45."""

CLASS_EDGES = np.log([1.5, 3.5, 17.0])

LEAST = float(np.log(0.1))
"""Nobody is measured below a tenth of the line: an assumption that keeps the far tail from zero."""

RURAL_SPREAD = 0.839
"""Spread of a rural stratum over the urban one of the same province (fits the rural and urban Gini)."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Curves by date and solved numbers of each stratum, shape (75,); `extreme` is the extreme line over the line.

    `curves`, shape (dates, points), hold G on `curve_at`: between two dates it moves evenly from one to the
    other, before the first and after the last it stays.
    """

    dates: Array
    curve_at: Array
    curves: Array
    b: Array
    tail: Array
    bend: Array
    extreme: float

    def curve(self, date: float) -> Array:
        """G on `curve_at` at a date, as a fraction of a year."""
        at = float(np.interp(date, self.dates, np.arange(len(self.dates))))
        first = min(int(at), len(self.dates) - 2)
        return np.asarray(self.curves[first] + (at - first) * (self.curves[first + 1] - self.curves[first]))

    def log_ratio(self, normal: Array, stratum: Array, start: Array, date: float = MARCH_2025) -> Array:
        """ln of the welfare ratio of normal scores; `start` is v0 of each stratum, shape (75,)."""
        curve = self.curve(date)
        line = np.interp(start, self.curve_at, curve)
        rise = self.b[stratum] * (np.interp(normal, self.curve_at, curve) - line[stratum])
        return _log_ratio(rise, self.tail[stratum], self.bend[stratum])

    def raised(self, start: Array, fall: Array, date: float) -> Array:
        """v0 of each stratum once every log ratio above the line is lower by `fall`, shape (75,)."""
        curve = self.curve(date)
        height = np.interp(start, self.curve_at, curve) + fall / self.b
        return np.where(fall == 0, start, np.interp(height, curve, self.curve_at))


def _log_ratio(rise: Array, tail: Array, bend: Array) -> Array:
    below = np.maximum(-rise, 0.0)
    under = -tail * np.expm1(np.minimum(bend * below, 50.0)) / bend
    return np.where(rise < 0, np.maximum(under, LEAST), rise)


def solve(strata: Strata) -> Spread:
    """Solve every province's spread, gap and squared gap by quadrature over the normal score."""
    from scipy.special import ndtri

    at = np.linspace(-6, 6, 1601)
    curve = _curve(SIGMAS, at)
    weight = np.exp(-(at**2) / 2)
    weight /= weight.sum()
    height0 = np.interp(ndtri(strata.headcount), at, curve)
    slope = np.where(strata.urban > 0, 1.0, RURAL_SPREAD)
    rise = slope[:, None] * (curve[None, :] - height0[:, None])
    b = np.ones(len(figures.provinces()))
    tail, bend = b.copy(), b.copy()
    for _ in range(3):  # the mean depends a little on the tail and the gaps on b
        b = _solve_spread(strata, rise, weight, tail, bend)
        tail, bend = _solve_tail(strata, rise * b[strata.province][:, None], weight)
    where = strata.province
    ratio = np.exp(_log_ratio(rise * b[where][:, None], tail[where][:, None], bend[where][:, None]))
    extreme = _extreme(ratio, weight, strata.share)
    others = [_curve(_class_sigmas(year, strata, b[where] * slope, at), at) for year in CLASS_YEARS]
    dates = np.array([*(year + 0.25 for year in CLASS_YEARS), MARCH_2025])
    return Spread(dates, at, np.array([*others, curve]), b[where] * slope, tail[where], bend[where], extreme)


def _curve(sigmas: Array, at: Array) -> Array:
    """G at these normal scores: monotone cubic through the knots, 0 at the second."""
    from scipy.interpolate import PchipInterpolator

    heights = np.concatenate([[0.0], np.cumsum(np.diff(KNOTS) * sigmas)])
    return np.asarray(PchipInterpolator(KNOTS, heights - heights[1])(at))


def _class_sigmas(year: int, strata: Strata, b: Array, at: Array) -> Array:
    """Local spreads of a year: those above the line are moved until its class shares are met (Newton)."""
    start = strata.headcount * headcount_ratio(year + 0.25)[strata.province]
    target = _class_target(year)
    logs = np.zeros(3)
    for _ in range(6):
        found = _class_shares(logs, strata, b, start, at)
        steps = [(_class_shares(logs + step, strata, b, start, at) - found) / 1e-4 for step in 1e-4 * np.eye(3)]
        logs = logs + np.linalg.solve(np.array(steps).T, target - found)
    return _scaled(logs)


def _scaled(logs: Array) -> Array:
    """Spreads of 2025 times a factor for each class; those below the line and above the last edge stay."""
    return SIGMAS * np.exp(np.concatenate([[0.0], logs, [0.0]]))


def _class_target(year: int) -> Array:
    """Normal scores of the published shares of people below 1.5, 3.5 and 17 lines."""
    from scipy.special import ndtri

    above = [figures.national(name, year) for name in ("upper", "middle", "aspiring")]
    return np.asarray(ndtri(1 - np.cumsum(above)[::-1]))


def _class_shares(logs: Array, strata: Strata, b: Array, headcount: Array, at: Array) -> Array:
    """Normal scores of the shares of all people below the class edges, in closed form."""
    from scipy.special import ndtr, ndtri

    curve = _curve(_scaled(logs), at)
    line = np.interp(ndtri(headcount), at, curve)
    rank = np.interp(CLASS_EDGES[:, None] / b + line, curve, at)
    return np.asarray(ndtri(ndtr(rank) @ strata.share))


def _over(strata: Strata, values: Array) -> Array:
    """Mean over the people of each province of a value by stratum, shape (38,)."""
    size = len(figures.provinces())
    return np.bincount(strata.province, values * strata.people, size) / np.bincount(
        strata.province, strata.people, size)  # fmt: skip


def _solve_spread(strata: Strata, rise: Array, weight: Array, tail: Array, bend: Array) -> Array:
    target = figures.by_province("expenditure")
    low, high = np.full(len(target), 0.2), np.full(len(target), 2.5)
    where = strata.province
    for _ in range(40):
        b = (low + high) / 2
        log_ratio = _log_ratio(rise * b[where][:, None], tail[where][:, None], bend[where][:, None])
        mean = _over(strata, strata.line * (np.exp(log_ratio) @ weight))
        low, high = np.where(mean < target, b, low), np.where(mean < target, high, b)
    return np.asarray((low + high) / 2)


def _gaps(strata: Strata, rise: Array, weight: Array, tail: Array, bend: Array) -> tuple[Array, Array]:
    where = strata.province
    gap = 1 - np.exp(_log_ratio(np.minimum(rise, 0.0), tail[where][:, None], bend[where][:, None]))
    return _over(strata, gap @ weight), _over(strata, gap**2 @ weight)


def _solve_tail(strata: Strata, rise: Array, weight: Array) -> tuple[Array, Array]:
    """`tail` meets the gap for a bend, `bend` the squared gap: one bisection inside another."""
    size = len(figures.provinces())
    poor = (rise < 0).any(axis=0)
    rise, weight = rise[:, poor], weight[poor]
    gap, squared = figures.by_province("gap"), figures.by_province("gap_squared")
    low, high = np.full(size, -3.0), np.full(size, 12.0)
    for _ in range(16):
        bend = (low + high) / 2
        tail = _solve_gap(strata, rise, weight, gap, bend)
        short = _gaps(strata, rise, weight, tail, bend)[1] < squared
        low, high = np.where(short, bend, low), np.where(short, high, bend)
    bend = (low + high) / 2
    return _solve_gap(strata, rise, weight, gap, bend), bend


def _solve_gap(strata: Strata, rise: Array, weight: Array, gap: Array, bend: Array) -> Array:
    least, most = np.full(len(gap), 0.01), np.full(len(gap), 5.0)
    for _ in range(18):
        tail = np.sqrt(least * most)
        short = _gaps(strata, rise, weight, tail, bend)[0] < gap
        least, most = np.where(short, tail, least), np.where(short, most, tail)
    return np.asarray(np.sqrt(least * most))


def _extreme(ratio: Array, weight: Array, share: Array) -> float:
    """Share of the line under which the published part of all people lives."""
    target = figures.national("extreme_headcount")
    low, high = 0.2, 1.0
    for _ in range(30):
        cut = (low + high) / 2
        poor = float(share @ ((ratio < cut) @ weight))
        low, high = (cut, high) if poor < target else (low, cut)
    return (low + high) / 2
