"""Columns of a flat table that tell the outcome too well to have been known before it."""

from __future__ import annotations

import numpy as np

from features.commands import UserError
from features.registry import Feature
from features.types import Array
from training.limits import ALARM
from training.panel import Panel
from training.spec import MADE

TELLS = 0.97
"""AUC of one column from which it looks like the outcome itself: welfare today alone gives .79 on the EPH."""
IS_IT = 0.999
"""AUC from which it is taken for the outcome and refused."""
FEWEST = 5
"""Rows of either outcome below which a column can tell it by chance, so that nothing is refused."""
_LEVELS = 12
"""Values of a column, or categories, that are looked at one by one."""
_CHANCE = 1e-6


def too_good(auc: float | None, panel: Panel) -> list[str]:
    """A warning where the judged model itself ranks the outcome better than anything known before it should, from the
    AUC that closes the gate on (`ALARM`), with the column to look at first: the one that ranks it best alone."""
    if auc is None or not auc > ALARM:
        return []
    rows = panel.at_risk & panel.seen
    alone = {feature.name: _best_auc(panel.X[rows, number].astype(float), panel.poor_next[rows], feature)
             for number, feature in enumerate(panel.features)}  # fmt: skip
    first = max(alone, key=alone.__getitem__)
    return [
        f"the model has AUC {auc:.3f}, over {ALARM:.2f}: were all features known at the origin? Welfare of the day "
        f"gives .79 on the EPH. Look first at column {first}, the strongest alone (AUC {alone[first]:.3f})"
    ]


def look(panel: Panel, outcome: str) -> list[str]:
    """Warnings on columns that rank the outcome too well, or have a value that nobody had who did not fall.

    Raises
    ------
    UserError : a column is the outcome in other clothes: one to one with it, or alone with an AUC of `IS_IT`.
    """
    rows = panel.at_risk & panel.seen
    y, found = panel.poor_next[rows], []
    enough = min(int(y.sum()), int((1 - y).sum())) >= FEWEST
    for number, feature in enumerate(panel.features):
        x = panel.X[rows, number].astype(float)
        auc, value = _best_auc(x, y, feature), _only_falls(x, y)
        if auc >= IS_IT and enough and not feature.name.startswith(MADE):
            raise UserError(_refusal(feature.name, outcome, auc, len(y)))
        if auc > TELLS:
            found.append(f"column {feature.name} alone has AUC {auc:.3f}: was it known at the origin? A leaked outcome "
                         "looks like this")  # fmt: skip
        elif value is not None:
            code, count = value
            found.append(f"column {feature.name}: all {count:,} rows with {_told(feature, code)} fell, which chance "
                         "does not make: was it known at the origin? A leaked outcome looks like this")  # fmt: skip
    return found


def _refusal(name: str, outcome: str, auc: float, rows: int) -> str:
    how = "is one to one with" if auc == 1 else f"tells, alone, with an AUC of {auc:.4f},"
    return (f"column {name} {how} the outcome {outcome} on the {rows:,} rows at risk: it is the outcome in other "
            "clothes, or was known only after it. Take it out of numeric and categorical; if it is welfare when the "
            "outcome was seen, name it as welfare_next")  # fmt: skip


def _best_auc(x: Array, y: Array, feature: Feature) -> float:
    """The best AUC of a column alone: by its order, by whether it is missing, or by the few values it has."""
    from sklearn.metrics import roc_auc_score

    missing = np.isnan(x)
    filled = np.where(missing, np.nanmin(x) - 1 if not missing.all() else 0.0, x)
    tried = [missing.astype(float)] if feature.choices else [filled, missing.astype(float)]
    level = np.unique(filled, return_inverse=True)[1]
    if level.max() < _LEVELS:
        # The rate of falls of each value: the order that says most, whatever the codes are.
        tried.append((np.bincount(level, y) / np.bincount(level))[level])
    aucs = [float(roc_auc_score(y, values)) for values in tried]
    return max(max(auc, 1 - auc) for auc in aucs)


def _only_falls(x: Array, y: Array) -> tuple[float, int] | None:
    """A value, NaN for missing, all of whose rows fell though chance would not have it so, and their number."""
    values = np.unique(x[~np.isnan(x)])
    if len(values) > _LEVELS:
        return None
    masks = {float(value): x == value for value in values} | {np.nan: np.isnan(x)}
    for value, own in masks.items():
        if own.any() and y[own].all() and float(y.mean()) ** int(own.sum()) < _CHANCE:
            return value, int(own.sum())
    return None


def _told(feature: Feature, value: float) -> str:
    if np.isnan(value):
        return "no value"
    return repr(feature.choices[int(value)]) if feature.choices else f"{value:g}"
