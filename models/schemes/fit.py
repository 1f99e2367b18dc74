"""Fit the dynamics to a panel: logistic regressions, one a cut, with what they are unsure of.

Rows are families in a year whose welfare is measured then and a year later. The index is read when the family is seen
first, so that its coefficients say what a score of the start is worth in the years after. Families seen too short to
know how long they are out of poverty are left out where others are, else counted as out for long. Variants are draws
from the joint law of all coefficients, with a sandwich over families (White 1980; clusters after Liang and Zeger 1986);
what is left between places beyond chance is told by the estimator of DerSimonian and Laird (1986).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from features.cohort import BOUNDS
from features.commands import UserError
from features.types import Array
from models.calibration import sigmoid
from models.dynamics import RUNG_OF, SPELLS, STATES, Dynamics

CUTS = (0.85, 1.0, 1.2, 1.5, 2.2, 3.5, 6.0)
"""Welfare ratios that the chance is fitted for; where a family's extreme line is known it is one more."""
VARIANTS = 8
MOST, LEAST = 300_000, 500
_PENALTY = 100.0
_NEAR = 0.08
_STEEPEST = 0.02


class Panel(NamedTuple):
    """n rows of a panel, in any order: code of the family, period, welfare over its line, index, and code of its place.
    `step` periods are a year; `extreme` is the ratio of the extreme line, NaN for none."""

    household: Array
    period: Array
    ratio: Array
    index: Array
    place: Array
    step: int
    extreme: float = float("nan")


def fit(panel: Panel, *, variants: int = VARIANTS, seed: int = 1, synthetic: bool = False, source: str = "") -> Dynamics:
    """Dynamics of a panel.

    Raises
    ------
    UserError : under `LEAST` families are seen twice, a year apart.
    """
    rung, spell, index, then, family, place = _pairs(panel)
    if len(rung) < LEAST:
        raise UserError(f"the panel has {len(rung):,} families seen in two years running; the dynamics needs {LEAST}")
    cuts = _cuts(panel.extreme)
    X = _design(rung, spell, index)
    found = [_logistic(X, then < np.exp(cut)) for cut in cuts]
    best = np.array(found)
    drawn = _variants(X, then, cuts, best, family, variants, seed)
    level, slope = zip(*(_unfold(one) for one in (best, *drawn)), strict=True)
    spread = _between(X, then, best[int(np.searchsorted(cuts, 0.0))], place)
    extreme = float(np.log(panel.extreme)) if np.isfinite(panel.extreme) else -np.inf
    return Dynamics(cuts, extreme, np.array(level), np.array(slope), spread, synthetic, source)


def _pairs(panel: Panel) -> tuple[Array, ...]:
    """Rung, spell, index, next ratio, family and place of each row that is seen a year later."""
    order = np.lexsort((panel.period, panel.household))
    household, period, ratio, index, place = (values[order] for values in panel[:5])
    kept = ~np.isnan(ratio)
    household, period, ratio, index, place = (v[kept] for v in (household, period, ratio, index, place))
    _, family = np.unique(household, return_inverse=True)
    first = np.append(True, family[1:] != family[:-1]) if len(family) else np.zeros(0, bool)
    index = index[np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))]
    span = int(period.max() - period.min()) + 4 * panel.step + 1 if len(period) else 1
    number = family.astype(np.int64) * span + (period - period.min() if len(period) else period)

    def at(years: int) -> Array:
        """Row of the same family some years on, -1 where there is none."""
        wanted = number + years * panel.step
        place = np.minimum(np.searchsorted(number, wanted), len(number) - 1)
        return np.where(number[place] == wanted, place, -1)

    nxt, one, two = at(1), at(-1), at(-2)
    poor = ratio < 1
    poor_one, poor_two = (one >= 0) & poor[one], (two >= 0) & poor[two]
    spell = np.select([poor_one, poor_two & (one >= 0)], [1, 2], SPELLS)
    told = poor | poor_one | ((one >= 0) & (two >= 0))
    rows = (nxt >= 0) & (told | (np.mean(told[nxt >= 0]) < 0.3 if (nxt >= 0).any() else False))
    rows = np.flatnonzero(rows & ~np.isnan(index))
    rows = rows[:: max(1, -(-len(rows) // MOST))]
    code = np.searchsorted(np.log(BOUNDS), np.log(np.maximum(ratio[rows], 1e-9)), side="right") + 1
    code = np.where((ratio[rows] < panel.extreme) if np.isfinite(panel.extreme) else False, 0, code)
    return code, spell[rows], index[rows], ratio[nxt[rows]], family[rows], place[rows]


def _cuts(extreme: float) -> Array:
    """Logs of the cuts; a free one too near to the extreme line gives way to it."""
    own = [cut for cut in CUTS if not np.isfinite(extreme) or cut in BOUNDS or abs(np.log(cut / extreme)) > _NEAR]
    return np.array(sorted({float(np.log(cut)) for cut in own} | ({float(np.log(extreme))} if np.isfinite(extreme) else
                                                                 set())))  # fmt: skip


def _design(rung: Array, spell: Array, index: Array) -> Array:
    """Rung, spells 1 and 2 of those above the line, and the index by rung, n x 12."""
    hot = np.eye(5)[rung]
    short = (spell[:, None] == np.arange(1, SPELLS)) & (rung >= 2)[:, None]
    return np.column_stack([hot, short, hot * index[:, None]])


def _unfold(found: Array) -> tuple[Array, Array]:
    """Levels K x STATES and slopes K x 5 of coefficients K x 12; slopes are held above 0, as a higher risk is one."""
    short = np.column_stack([found[:, 5:7], np.zeros(len(found))])
    spell = np.array([0, 0, *np.tile(np.arange(SPELLS), 3)])
    level = found[:, RUNG_OF] + np.where(np.arange(STATES) < 2, 0.0, short[:, spell])
    return level, np.maximum(found[:, 7:], _STEEPEST)


def _logistic(X: Array, y: Array) -> Array:
    from sklearn.linear_model import LogisticRegression

    if y.min() == y.max():
        rate = (y.sum() + 0.5) / (len(y) + 1)
        return np.concatenate([np.full(5, np.log(rate / (1 - rate))), np.zeros(X.shape[1] - 5)])
    model = LogisticRegression(C=_PENALTY, fit_intercept=False, max_iter=200, solver="newton-cholesky")
    return np.asarray(model.fit(X, y.astype(float)).coef_[0])


def _variants(X: Array, then: Array, cuts: Array, best: Array, family: Array, count: int, seed: int) -> Array:
    """`count` draws of all coefficients together, count x K x 12."""
    scores, bread = [], []
    for cut, own in zip(cuts, best, strict=True):
        p = sigmoid(X @ own)
        H = (X * (p * (1 - p))[:, None]).T @ X + np.eye(X.shape[1]) / _PENALTY
        inverse = np.linalg.inv(H)
        each = X * ((then < np.exp(cut)) - p)[:, None]
        total = np.zeros((int(family.max()) + 1, X.shape[1]))
        np.add.at(total, family, each)
        scores.append(total)
        bread.append(inverse)
    stacked = np.hstack([total @ inverse for total, inverse in zip(scores, bread, strict=True)])
    covariance = stacked.T @ stacked
    chance = np.random.Generator(np.random.Philox(seed))
    values, vectors = np.linalg.eigh(covariance)
    noise = chance.standard_normal((count, len(values))) * np.sqrt(np.maximum(values, 0))
    return best + (noise @ vectors.T).reshape(count, *best.shape)


def _between(X: Array, then: Array, own: Array, place: Array) -> float:
    """Standard deviation over places of what the log-odds of being poor are off by, chance taken out."""
    p = sigmoid(X @ own)
    _, code = np.unique(place, return_inverse=True)
    weight = np.bincount(code, p * (1 - p))
    gap = np.bincount(code, (then < 1) - p) / np.maximum(weight, 1e-12)
    kept = weight > 1
    weight, gap = weight[kept], gap[kept]
    if len(weight) < 3:
        return 0.0
    mean = np.average(gap, weights=weight)
    Q = float((weight * (gap - mean) ** 2).sum())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    return float(np.sqrt(max(0.0, (Q - (len(weight) - 1)) / scale)))
