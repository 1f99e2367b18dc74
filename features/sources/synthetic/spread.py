"""From national rank to welfare ratio: one curve, and one spread and lower tail for every stratum.

ln ratio = b [G(v) - G(v0)] above the line, -A (exp(k D) - 1) / k below it, with v0 the rank of the stratum's
headcount and D the distance under it on the curve. G goes through the published class shares of 2025, so
the law is not lognormal. b is solved from a province's mean expenditure, A and k from its poverty gaps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.sources.synthetic import figures
from features.sources.synthetic.places import Strata
from features.types import Array

KNOTS = np.array([-6.0, -1.339, -0.433, 0.934, 2.669, 6.0])
SIGMAS = np.array([0.36, 0.447, 0.591, 0.877, 1.69])
"""Local spread of ln ratio by normal score between the knots (derived from the class shares of 2025)."""

LEAST = float(np.log(0.1))
"""Nobody is measured below a tenth of the line: an assumption that keeps the far tail from zero."""

RURAL_SPREAD = 0.839
"""Spread of a rural stratum over the urban one of the same province (fits the rural and urban Gini)."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Curve and solved numbers of each stratum, shape (75,); `extreme` is the extreme line over the line."""

    curve_at: Array
    curve: Array
    b: Array
    tail: Array
    bend: Array
    extreme: float

    def height(self, normal: Array) -> Array:
        """G of normal scores."""
        return np.interp(normal, self.curve_at, self.curve)

    def log_ratio(self, normal: Array, stratum: Array, start: Array) -> Array:
        """ln of the welfare ratio of normal scores; `start` is v0 of each stratum, shape (75,)."""
        rise = self.b[stratum] * (self.height(normal) - self.height(start)[stratum])
        return _log_ratio(rise, self.tail[stratum], self.bend[stratum])


def _log_ratio(rise: Array, tail: Array, bend: Array) -> Array:
    below = np.maximum(-rise, 0.0)
    under = -tail * np.expm1(np.minimum(bend * below, 50.0)) / bend
    return np.where(rise < 0, np.maximum(under, LEAST), rise)


def solve(strata: Strata) -> Spread:
    """Solve every province's spread, gap and squared gap by quadrature over the normal score."""
    from scipy.interpolate import PchipInterpolator
    from scipy.special import ndtri

    heights = np.concatenate([[0.0], np.cumsum(np.diff(KNOTS) * SIGMAS)])
    heights -= heights[1]
    at = np.linspace(-6, 6, 1601)
    curve = PchipInterpolator(KNOTS, heights)(at)
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
    return Spread(at, curve, (b[where] * slope), tail[where], bend[where], extreme)


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
