"""Why a household's risk is what it is: exact contributions, told as facts a family can recognise and contest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from features.frame import Days
from features.registry import Feature
from features.types import Array
from models import row
from models.forest import Forest

SHOWN = 5
_DIGITS = 6


def explain(forest: Forest, features: tuple[Feature, ...], matrix: Array, days: Days, told: Array, shift: Array,
            count: int, threads: int) -> dict[str, Any]:  # fmt: skip
    """Reasons of the households at risk, as columns of the score row.

    Parameters
    ----------
    forest : of the risk. features : F features of the model; those of one reason key are one fact, told with the value
        of the first and the sum of their contributions; one without words, or a protected one, is never told.
    matrix : N x (F + 1) features and stratum. days : on which their facts became known.
    told : N log-odds of the risk, NaN for a household that is not at risk.
    shift : N, the part of it that was added by place.
    count : reasons at most, the strongest first.

    Returns
    -------
    base, place, reasons and other, N each: base + place + contributions + other is the log-odds within 1e-6.
    """
    applies = ~np.isnan(told)
    rows = np.flatnonzero(applies)
    columns, parts = forest.strongest(matrix[rows], np.append(facts(features), -1), count, threads)
    parts, shown = np.round(parts, _DIGITS), columns >= 0
    base = np.where(applies, round(forest.base, _DIGITS), np.nan)
    # A shift to a headcount is of the place: it is told there, and what adds up goes on adding up.
    place = np.round(np.where(applies, forest.alone(matrix[:, -1], len(features)) + shift, np.nan), _DIGITS)
    other = told - base - place
    other[rows] -= parts.sum(axis=1)
    counts = np.zeros(len(matrix), dtype=np.int64)
    counts[rows] = shown.sum(axis=1)
    at, column = rows.repeat(counts[rows]), columns[shown]
    reasons = pa.StructArray.from_arrays([
        row.labels(column, tuple(feature.reason or "" for feature in features)),
        values(features, column, matrix[at, column]),
        pa.array(days.at(at, column)),
        pa.array(parts[shown]),
    ], fields=list(row.REASON))  # fmt: skip
    return {"base": row.numbers(base, _DIGITS), "place": row.numbers(place, _DIGITS),
            "other": row.numbers(other, _DIGITS), "reasons": row.lists(counts, reasons, applies)}  # fmt: skip


def facts(features: tuple[Feature, ...]) -> Array:
    """The column by which each feature is told, F: the first of its reason key, so that a key is one fact with one sum;
    -1 where it has no words or is protected."""
    first: dict[str, int] = {}
    return np.array([-1 if feature.reason is None or feature.protected else first.setdefault(feature.reason, number)
                     for number, feature in enumerate(features)], dtype=np.int64)  # fmt: skip


def values(features: tuple[Feature, ...], columns: Array, found: Array) -> Any:
    """Values as they are stored in a reason, M: the label of a category, else the number; null where missing.

    Parameters
    ----------
    columns : M, the feature of each. found : M values.
    """
    texts = np.empty(len(found), dtype=object)
    for column in np.unique(columns).tolist():
        here = np.flatnonzero(columns == column)
        distinct, code = np.unique(found[here], return_inverse=True)
        texts[here] = np.array([told(features[column], value) for value in distinct.tolist()], dtype=object)[code]
    return pa.array(texts, pa.string())


def told(feature: Feature, value: float) -> str | None:
    """One value as it is stored."""
    if np.isnan(value):
        return None
    return feature.choices[int(value)] if feature.choices else f"{float(value):.4g}"


def missing(features: tuple[Feature, ...], found: Array, usual: Array, applies: Array) -> Any:
    """Keys of the facts that most families have and this one has not, N lists; null where it does not apply.

    Parameters
    ----------
    found : N x F values. usual : F, whether the training rows mostly had the feature.
    """
    keys = sorted({feature.reason for feature in features if feature.reason is not None})
    known = np.ones((len(found), len(keys)), dtype=bool)
    for key in {feature.reason for feature, common in zip(features, usual, strict=True) if common and feature.reason}:
        own = [column for column, feature in enumerate(features) if feature.reason == key]
        known[:, keys.index(str(key))] = ~np.isnan(found[:, own]).all(axis=1)
    absent = ~known & applies[:, None]
    return row.lists(absent.sum(axis=1), row.labels(np.nonzero(absent)[1], tuple(keys)), applies)
