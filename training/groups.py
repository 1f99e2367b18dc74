"""Groups of households that an audit tells apart, and what a list gets right and wrong in each against the rest.

Groups never enter a fit. A cell with few rows or falls is said to be too small and gets no figure.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from features.types import Array
from training.judge import Resamples, summary
from training.limits import too_few
from training.metrics import shifts
from training.panel import Panel

BUDGET = 10
"""Length of the list that groups are judged at, in per cent of all judged households."""
MOST_LEVELS = 100
ISLANDS = {"1": "Sumatra", "2": "Sumatra", "3": "Java", "5": "Bali-Nusa Tenggara", "6": "Kalimantan",
           "7": "Sulawesi", "8": "Maluku", "9": "Papua"}  # fmt: skip
"""Island group by the first digit of the BPS province code."""
ASKED = {"head woman": "sex of the head", "disability present": "disability", "elderly alone": "elderly alone",
         "household size": "household size", "urban or rural": "urban or rural", "province": "province",
         "island group": "island group", "remote": "remoteness", "facts missing": "share of facts missing"}  # fmt: skip
"""Groupings that every audit looks for, by name; those that the data do not tell are listed."""
MEASURES = ("listed", "recall", "precision", "expected_over_observed", "calibration_intercept", "rank_residual")
LOWER, UPPER = 1 / 3, 2 / 3


def of(panel: Panel, extra: dict[str, Array], indonesian: bool) -> dict[str, Array]:
    """Level of each row in every grouping there is, n texts each, empty where it is not known.

    Parameters
    ----------
    extra : further columns by name, n texts each: protected attributes that no model is given.
    indonesian : province codes are those of BPS.
    """
    meta, found = panel.meta, dict(extra)
    size = meta["size"]
    if (size > 1).any():
        found["household size"] = np.select([size <= 2, size <= 4], ["1-2", "3-4"], "5 and more")
    if not np.isnan(meta["urban"]).all():
        found["urban or rural"] = np.select([meta["urban"] == 1, meta["urban"] == 0], ["urban", "rural"], "")
    province = meta["province"].astype(str)
    if len(np.unique(province)) > 1:
        found["province"] = province
        if "urban or rural" in found:
            found["province and urban or rural"] = np.array(
                [f"{one} {two}" if two else "" for one, two in zip(province, found["urban or rural"], strict=True)]
            )
    at = [number for number, feature in enumerate(panel.features) if feature.name == "large_city"]
    if at:
        found["large city"] = np.select([panel.X[:, at[0]] == 1, panel.X[:, at[0]] == 0], ["yes", "no"], "")
    if indonesian:
        found["island group"] = np.array([ISLANDS.get(code[:1], "") for code in province])
    missing = np.isnan(panel.X).mean(axis=1)
    cuts = np.quantile(missing, [LOWER, UPPER])
    if cuts[0] < cuts[1]:
        found["facts missing"] = np.select([missing <= cuts[0], missing <= cuts[1]], ["few", "some"], "many")
    return {name: levels for name, levels in found.items() if 1 < len(set(levels) - {""}) <= MOST_LEVELS}


def judge(levels: Array, p: Array, panel: Panel, draws: Resamples) -> dict[str, Any]:
    """Figures of every level of a grouping and their gap to all other rows (`rest`), on the same resamples.

    A level with rows and falls enough of its own has figures; a gap is told only where the rest has enough too.

    listed : share of the group on the list of the `BUDGET` per cent of highest risk. recall, precision : of that list.
    rank_residual : mean gap between the rank by risk and the rank by welfare one horizon later (0 lowest risk, 1
    highest; after Aiken and others 2022, 'Machine learning and phone data can improve targeting of humanitarian
    aid', Nature 603): above 0 the group is ranked as needier than it turned out.
    """
    places = on_list(p, draws.weights, BUDGET)
    residual = _residual(p, panel)
    y = panel.poor_next
    return {level: _one(levels == level, levels != "", p, y, places, residual, draws) for level in
            sorted(set(levels) - {""})}  # fmt: skip


def on_list(p: Array, weights: Array, budget: float) -> Array:
    """Share of a place that each row gets on a list of the highest risks, b x n; rows of one risk share the last."""
    order = np.argsort(-p, kind="stable")
    own = p[order]
    starts = np.flatnonzero(np.append(True, np.diff(own) != 0))
    size = np.add.reduceat(weights[:, order], starts, axis=1, dtype=np.float64)
    above = np.cumsum(size, axis=1) - size
    wanted = weights.sum(axis=1, dtype=np.float64)[:, None] * budget / 100
    share = np.clip(np.divide(wanted - above, size, out=np.zeros_like(size), where=size > 0), 0, 1)
    code = np.cumsum(np.isin(np.arange(len(p)), starts)) - 1
    found = np.empty((len(weights), len(p)), dtype=np.float32)
    found[:, order] = share[:, code]
    return found


def _residual(p: Array, panel: Panel) -> Array | None:
    """Rank by risk minus rank by need one horizon later, n in -1 .. 1; None where welfare is not measured."""
    from scipy.stats import rankdata

    if np.isnan(panel.ratio_next).any():
        return None
    return np.asarray((rankdata(p) - rankdata(-panel.ratio_next)) / len(p))


def _one(group: Array, known: Array, p: Array, y: Array, places: Array, residual: Array | None, draws: Resamples,
         ) -> dict[str, Any]:  # fmt: skip
    rest = known & ~group
    size, others = ({"rows": int(part.sum()), "events": int(y[part].sum())} for part in (group, rest))
    cell: dict[str, Any] = size | {"rest": others}
    if too_few(**size):
        return cell | {"too_small": True, "figures": None, "gaps": None}
    own = _figures(group, p, y, places, residual, draws.weights)
    figures = {name: summary(values, draws.level) for name, values in own.items()}
    if too_few(**others):
        return cell | {"too_small": False, "figures": figures, "gaps": None}
    other = _figures(rest, p, y, places, residual, draws.weights)
    gaps = {name: summary(own[name] - other[name], draws.level) for name in own}
    return cell | {"too_small": False, "figures": figures, "gaps": gaps}


def _figures(rows: Array, p: Array, y: Array, places: Array, residual: Array | None, weights: Array,
             ) -> dict[str, Array]:  # fmt: skip
    w, own_y, own_p = weights[:, rows].astype(np.float64), y[rows], p[rows]
    listed = w * places[:, rows]
    total, falls, caught = w.sum(axis=1), w @ own_y, listed @ own_y
    nothing = np.full(len(w), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "listed": listed.sum(axis=1) / total,
            "recall": caught / falls,
            "precision": caught / listed.sum(axis=1),
            "expected_over_observed": (w @ own_p) / falls,
            "calibration_intercept": shifts(own_p, own_y, w),
            "rank_residual": nothing if residual is None else (w @ residual[rows]) / total,
        }
