"""What a baseline may see, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Protocol

import numpy as np

from features.registry import Feature
from features.types import Array
from models.words import LACKING


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows a baseline may see, n.

    Attributes
    ----------
    features, X : F features and their values, n x F, NaN where not known.
    ratio : welfare over the poverty line at the origin; NaN where not measured.
    last_poor : 1 or 0 at the observation before, NaN without one.
    duration : periods observed in a row before the origin, not poor in any (the spell so far); NaN where not known.
    past_poor : whether the household is known to have been poor before.
    hard, fold : outcomes and inner folds; empty when predicting.
    everyone : features and welfare ratio of all households of the training window, the poor too, for methods that
        learn welfare rather than falls; None when predicting or where welfare is not measured.
    """

    features: tuple[Feature, ...]
    X: Array
    ratio: Array
    last_poor: Array
    duration: Array
    past_poor: Array
    hard: Array
    fold: Array
    everyone: tuple[Array, Array] | None = None

    def __len__(self) -> int:
        return len(self.X)

    def take(self, rows: Array) -> Sample:
        """Some rows, by mask or index."""
        names = [one.name for one in fields(self) if one.name not in ("features", "everyone")]
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


class Baseline(Protocol):
    """A fitted baseline."""

    def predict(self, sample: Sample) -> Array:
        """Risk of each row, n."""


def measured(sample: Sample) -> str | None:
    """Reason to leave out what reads welfare at the origin, where none is measured."""
    return LACKING["welfare"][1] if np.isnan(sample.ratio).all() else None


def proxies(sample: Sample, like: float = 0.9) -> list[int]:
    """Features that are not welfare itself: known to a register, and not welfare in other units.

    A column that goes with welfare at a rank correlation of `like` or more is a transform of it.
    """
    from scipy.stats import spearmanr

    def is_welfare(number: int) -> bool:
        x = sample.X[:, number].astype(float)
        both = ~np.isnan(x) & ~np.isnan(sample.ratio)
        if sample.features[number].choices or both.sum() < 3 or np.ptp(x[both]) == 0 or np.ptp(sample.ratio[both]) == 0:
            return False
        return abs(float(spearmanr(x[both], sample.ratio[both]).statistic)) >= like

    return [n for n, feature in enumerate(sample.features) if "registry" in feature.views and not is_welfare(n)]
