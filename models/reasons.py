"""Why a household's risk is what it is: exact contributions, told as facts a family can recognise and contest."""

from __future__ import annotations

from typing import Any

import numpy as np

from features.registry import Feature
from features.types import Array

SHOWN = 5
_DIGITS = 6


def top(features: tuple[Feature, ...], values: Array, contributions: Array, known_at: Array, count: int = SHOWN,
        ) -> tuple[list[list[dict[str, Any]]], Array]:  # fmt: skip
    """The strongest reasons of each household, and what they leave.

    Parameters
    ----------
    features : F features of the model.
    values, contributions : N x F values and log-odds contributions.
    known_at : N days on which the origin's facts became known.
    count : reasons at most.

    Returns
    -------
    reasons : for each household up to `count` of `{key, value, known_at, contribution}`, strongest first. A feature
        without words of its own, or a protected one, is never among them.
    shown : N, sum of the shown contributions; the remainder is told as "other factors".
    """
    tellable = np.array([feature.reason is not None and not feature.protected for feature in features])
    strength = np.where(tellable, np.abs(contributions), -1.0)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :count]
    days = known_at.astype(str).tolist()
    reasons: list[list[dict[str, Any]]] = []
    shown = np.zeros(len(values))
    for row, picked in enumerate(order.tolist()):
        own = []
        for column in picked:
            if strength[row, column] <= 0:
                continue
            part = round(float(contributions[row, column]), _DIGITS)
            own.append({"key": features[column].reason, "value": told(features[column], values[row, column]),
                        "known_at": days[row], "contribution": part})  # fmt: skip
            shown[row] += part
        reasons.append(own)
    return reasons, shown


def told(feature: Feature, value: float) -> str | None:
    """A value as it is stored in a reason: the label of a category, else the number; None where missing."""
    if np.isnan(value):
        return None
    if feature.choices:
        return feature.choices[int(value)]
    return f"{float(value):.4g}"


def missing(features: tuple[Feature, ...], values: Array, usual: Array) -> list[list[str]]:
    """Keys of the facts that most families have and this one has not, N lists.

    usual : F, whether the training rows mostly had the feature.
    """
    keys = [feature.reason for feature in features]
    absent = np.isnan(values) & usual[None, :] & np.array([key is not None for key in keys])[None, :]
    return [sorted({str(keys[column]) for column in np.flatnonzero(row)}) for row in absent]
