"""Rules that a programme goes by: a band, the last status, a rank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from features.types import Array
from models.baselines.sample import Baseline, Sample, measured
from models.words import LACKING


@dataclass(frozen=True, slots=True)
class GroupRates:
    """The rate of falls in each group of a rule, shrunk by one average household."""

    group: Callable[[Sample], Array]
    rates: Array

    def predict(self, sample: Sample) -> Array:
        """Rate of the household's group, n."""
        return self.rates[self.group(sample)]


def _rates(group: Callable[[Sample], Array], size: int, sample: Sample) -> GroupRates:
    code, base = group(sample), sample.hard.mean()
    events = np.bincount(code, weights=sample.hard, minlength=size)
    return GroupRates(group, (events + base) / (np.bincount(code, minlength=size) + 1))


def welfare_rule(sample: Sample) -> Baseline:
    """The 1.0-1.5 rule: everybody between the line and 1.5 lines is called vulnerable."""
    return _rates(lambda rows: (rows.ratio < 1.5).astype(int), 2, sample)


def last_status(sample: Sample) -> Baseline:
    """Status at the previous observation: poor, not poor, or not observed."""
    return _rates(lambda rows: np.where(np.isnan(rows.last_poor), 2, rows.last_poor).astype(int), 3, sample)


def no_past(sample: Sample) -> str | None:
    """Reason to leave out what reads the status before, where none is known."""
    return LACKING["past"][1] if np.isnan(
        sample.last_poor).all() else None  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rank:
    """The rate of falls by rank: it never rises with welfare (isotonic regression)."""

    value: Callable[[Sample], Array]
    edges: Array
    rates: Array
    unknown: float

    def predict(self, sample: Sample) -> Array:
        """Rate at the household's rank, n; the mean where its welfare is not known."""
        x = self.value(sample)
        return np.where(np.isnan(x), self.unknown, np.interp(x, self.edges, self.rates))


def welfare_rank(sample: Sample) -> Baseline:
    """Households by welfare, or by desil where a register ranks them and welfare is not measured."""
    from sklearn.isotonic import IsotonicRegression

    value = _by_desil(sample) if _ranked(sample) else lambda rows: rows.ratio
    x = value(sample)
    known = ~np.isnan(x)
    base = float(sample.hard.mean())
    curve = IsotonicRegression(increasing=False, out_of_bounds="clip").fit(x[known], sample.hard[known])
    edges, rates = curve.X_thresholds_, curve.y_thresholds_
    # As if one household of the mean rate stood at each step: no rank is ever without risk.
    steps = np.interp(x[known], edges, rates)
    rows = np.array([(steps == rate).sum() for rate in rates])
    kept = np.minimum.accumulate((rates * rows + base) / (rows + 1))
    return Rank(value, edges, kept, base)


def _ranked(sample: Sample) -> bool:
    """Whether the features are a register's: it has a desil and no measured welfare among them."""
    names = [feature.name for feature in sample.features]
    return "desil" in names and all("registry" in feature.views for feature in sample.features)


def _by_desil(sample: Sample) -> Callable[[Sample], Array]:
    at = [feature.name for feature in sample.features].index("desil")
    return lambda rows: rows.X[:, at].astype(float)


def no_rank(sample: Sample) -> str | None:
    """Reason to leave the rank out: neither welfare nor a desil."""
    return None if _ranked(sample) else measured(sample)
