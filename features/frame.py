"""The feature frame of a date: the one path to features for training, a batch and a single request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from features import cohort, facts
from features.columns import Columns
from features.context import NEVER, Context
from features.registry import Feature
from features.types import Array, Tables

META = ("household_id", "unit", "province", "regency", "subdistrict", "urban", "cluster", "weight", "period",
        "known_at")  # fmt: skip
"""Columns carried beside the features: who, where and when, never inputs of the model."""

RECENT = 2
"""Rows of a household that a feature is given, now and before, unless it asks for the whole past."""

WINDOW = 4
"""Periods before the origin that features see at most: with more, a late origin of a panel would know more of each
household than an early one, and a model trained on the early ones would meet values it never saw."""

FEW = 100


@dataclass(frozen=True, slots=True)
class Days:
    """Days on which the facts behind F features of N households became known.

    Attributes
    ----------
    values : N x G, NaT where nothing became known; G sources of facts, each of one day a household.
    source : the source of each feature, F.
    """

    values: Array
    source: Array

    @classmethod
    def of(cls, columns: Columns, features: tuple[Feature, ...]) -> Days:
        """Each day made once, whatever number of features are of it."""
        makers = list(dict.fromkeys(feature.known for feature in features))
        values = np.full((columns.size, len(makers)), NEVER)
        for number, make in enumerate(makers):
            values[:, number] = make(columns)
        return cls(values, np.array([makers.index(feature.known) for feature in features], dtype=np.int64))

    def at(self, households: Array, features: Array) -> Array:
        """Those of pairs of a household and a feature, by their numbers."""
        return self.values[households, self.source[features]]


@dataclass(frozen=True, slots=True)
class Frame:
    """Features of N households as of a date.

    Attributes
    ----------
    names : feature names, F.
    values : N x F float32, NaN where not known.
    days : when the facts behind the features became known.
    meta : `META` columns, `size` (members), `ratio` and `extreme` (welfare over the poverty and the extreme line, NaN
        where not measured) and the past of `features.cohort.history`, each N.
    out_of_range : N x F, values outside the feature's declared range.
    as_of : the date.
    beside : further columns that were asked for, N each; no model sees them.
    """

    names: tuple[str, ...]
    values: Array
    days: Days
    meta: dict[str, Array]
    out_of_range: Array
    as_of: np.datetime64
    beside: dict[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)

    def column(self, name: str) -> Array:
        """One feature, N."""
        return self.values[:, self.names.index(name)]


def weight(meta: Mapping[str, Array]) -> Array:
    """Families that each row of a frame or panel stands for, n: its survey weight, 1 where the source has none."""
    return np.where(np.isnan(meta["weight"]), 1.0, meta["weight"])


def build(
    tables: Tables,
    context: Context,
    as_of: np.datetime64,
    features: tuple[Feature, ...],
    period: int | None = None,
    beside: Mapping[str, Callable[[Columns], Array]] | None = None,
) -> Frame:
    """Features of the households in `tables` as known on `as_of`.

    Parameters
    ----------
    tables : encoded tables (`features.admit`).
    context : poverty lines, sector signals, regions.
    features : the columns to make.
    period : origin period; None takes each household's latest row.
    beside : further columns to make of the same rows (`features.shown`).
    """
    columns = Columns(tables, context, as_of, period)
    values = np.full((columns.size, len(features)), np.nan, dtype=np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        # For few households a second set of shared columns costs more than the rows it spares.
        past = columns.within(WINDOW)
        recent = past.latest(RECENT) if past.size > FEW else past
        for number, feature in enumerate(features):
            values[:, number] = feature.make(past if feature.whole_past else recent)
        days = Days.of(recent, features)
        further = {name: make(recent) for name, make in (beside or {}).items()}
        low = np.array([f.low for f in features], dtype=np.float32)
        high = np.array([f.high for f in features], dtype=np.float32)
        outside = (values < low) | (values > high) | np.isinf(values)
        meta = {name: columns.now(columns[name]) for name in META}
        meta["size"] = columns.now(facts.size(columns))
        meta["ratio"] = columns.now(columns.ratio())
        meta.update(cohort.history(columns))
        meta["extreme"] = columns.now(columns["welfare"] / columns.extreme_line())
    return Frame(tuple(f.name for f in features), values, days, meta, outside, as_of, further)
