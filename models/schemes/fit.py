"""Fit the dynamics to a panel: logistic regressions, one a cut, with what they are unsure of.

Rows are families in a year whose welfare is measured then and a year later. The index is that of the year in which the
family is seen first: the first year, in which it is fresh, has coefficients of its own, and those of the years after
say what a score of the start is worth then, and tell the poor near the line from those far from it, which nobody knows
of a family at the start (`models.dynamics.state_of`). Families whose last years are not known count as long out of
poverty. Variants are draws from the joint law of the coefficients, with a sandwich over families (White 1980; Liang and
Zeger 1986); what is left between places beyond chance is told by the estimator of DerSimonian and Laird (1986).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from features.cohort import BOUNDS
from features.commands import UserError
from features.contract import RUNGS
from features.types import Array
from models.calibration import log_odds, sigmoid
from models.dynamics import RUNG_OF, SPELLS, Dynamics, near

CUTS = (0.77, 0.85, 0.92, 1.0, 1.1, 1.2, 1.35, 1.5, 1.8, 2.2, 3.5, 6.0)
"""Welfare ratios that the chance is fitted for; where a family's extreme line is known it is one more. They lie close
about the line: log-odds are straight between them and in truth are not, so that with none between .85 and 1 there were
a sixth too many families in the last twentieth below it, whom the least gain lifts."""
VARIANTS = 20
"""The ends of what variants share, errors of places among them, are those of so many draws: eight would cover 78 %."""
MOST, LEAST = 120_000, 500
_PENALTY = 100.0
_NEAR = 0.08
_LEAST_STEEP = 0.02
_REACH = (0.01, 0.95)
_FEW = 10


class Panel(NamedTuple):
    """n rows of a panel, in any order: code of the family, period, welfare over its line, index (`eta`; that of a
    family's first row is read), code of its place. `step` periods are a year; `extreme` is the ratio of the extreme
    line, NaN for none; `group` is what else families are told apart by (a class of desil), over which errors are
    measured.
    """

    household: Array
    period: Array
    ratio: Array
    eta: Array
    place: Array
    step: int
    extreme: float = float("nan")
    group: Array | None = None


def fit(
    panel: Panel, *, variants: int = VARIANTS, seed: int = 1, synthetic: bool = False, source: str = ""
) -> Dynamics:
    """Dynamics of a panel.

    Raises
    ------
    UserError : under `LEAST` families are seen twice, a year apart.
    """
    cuts = _cuts(panel.extreme)
    extreme = float(np.log(panel.extreme)) if np.isfinite(panel.extreme) else -np.inf
    rows = _pairs(panel, near(cuts, extreme))
    if len(rows.rung) < LEAST:
        raise UserError(
            f"the panel has {len(rows.rung):,} families seen in two years running; the dynamics needs {LEAST}"
        )
    fresh, later = rows.take(rows.age == 0), rows.take(rows.age > 0)
    low, high = np.quantile((later if len(later.rung) else fresh).eta, _REACH).round(4).tolist()
    centre = round(float(fresh.eta.mean()), 4)
    later = later._replace(eta=np.clip(later.eta, low, high))
    # A panel of two years tells nothing of what a score is worth later: then it is worth what it is when fresh.
    taught = (fresh, later) if len(later.rung) >= LEAST else (fresh,)
    drawn = [_coefficients(own, cuts, variants, seed + at) for at, own in enumerate(taught)]
    level, slope = zip(*(zip(*(_unfold(one, _means(own)) for one in found), strict=True)
                         for own, found in zip(taught, drawn, strict=True)), strict=True)  # fmt: skip
    ages = [0, len(drawn) - 1]
    line = int(np.searchsorted(cuts, 0.0))
    spread = max(_between(own, found[0][line]) for own, found in zip((fresh, later), drawn, strict=False))
    shape = _shape(fresh, cuts, drawn[0][0], near(cuts, extreme))
    levels, slopes = (np.stack([values[at] for at in ages], axis=1) for values in (level, slope))
    return Dynamics(
        cuts, extreme, levels, slopes, round(spread, 4), round(shape, 4), centre, low, high, synthetic, source
    )


class _Sorted(NamedTuple):
    """Rows by family and period, welfare measured in each; `age` is years since the family was seen first."""

    family: Array
    number: Array
    ratio: Array
    eta: Array
    place: Array
    first: Array
    age: Array
    group: Array

    def at(self, periods: int) -> Array:
        """Row of the same family some periods on, -1 where there is none."""
        wanted = self.number + periods
        place = np.minimum(np.searchsorted(self.number, wanted), len(wanted) - 1)
        return np.where(self.number[place] == wanted, place, -1)


def _sorted(panel: Panel) -> _Sorted:
    kept = ~np.isnan(panel.ratio)
    _, family = np.unique(panel.household[kept], return_inverse=True)
    period = panel.period[kept]
    order = np.lexsort((period, family))
    family, period = family[order], period[order]
    span = int(np.ptp(period)) + 4 * panel.step + 1 if len(period) else 1
    new = np.append(True, family[1:] != family[:-1]) if len(family) else np.zeros(0, bool)
    first = np.maximum.accumulate(np.where(new, np.arange(len(new)), 0)) if len(family) else np.zeros(0, np.int64)
    group = panel.place if panel.group is None else panel.group
    ratio, eta, place, group = (column[kept][order] for column in (panel.ratio, panel.eta, panel.place, group))
    number = family.astype(np.int64) * span + period - (period.min() if len(period) else 0)
    return _Sorted(family, number, ratio, eta, place, first, (period - period[first]) // panel.step, group)


class _Rows(NamedTuple):
    """Rows that teach: rung, spell and index, welfare a year later, family, place, years since it was seen first, and
    whether it is poor and near the line, after the first year."""

    rung: Array
    spell: Array
    eta: Array
    then: Array
    family: Array
    place: Array
    age: Array
    group: Array
    near: Array

    def take(self, rows: Array) -> _Rows:
        """Some of them."""
        return _Rows(*(column[rows] for column in self))


def _pairs(panel: Panel, begin: float) -> _Rows:
    """Each row that is seen a year later; the poor are near the line from `begin` on, a natural log."""
    own = _sorted(panel)
    nxt, one, two = (own.at(years * panel.step) for years in (1, -1, -2))
    poor = own.ratio < 1
    poor_one, poor_two = (one >= 0) & poor[one], (two >= 0) & poor[two]
    spell = np.select([poor_one, poor_two & (one >= 0)], [1, 2], SPELLS)
    rows = np.flatnonzero((nxt >= 0) & ~np.isnan(own.eta[own.first]))
    rows = rows[:: max(1, -(-len(rows) // MOST))]
    ratio = own.ratio[rows]
    code = np.digitize(ratio, BOUNDS) + 1
    if np.isfinite(panel.extreme):
        code = np.where(ratio < panel.extreme, 0, code)
    close = (code == 1) & (ratio >= np.exp(begin)) & (own.age[rows] > 0)
    return _Rows(code, spell[rows], own.eta[own.first[rows]], own.ratio[nxt[rows]], own.family[rows], own.place[rows],
                 own.age[rows], own.group[rows], close)  # fmt: skip


def _cuts(extreme: float) -> Array:
    """Logs of the cuts; a free one too near to the extreme line gives way to it."""
    own = [cut for cut in CUTS if not np.isfinite(extreme) or cut in BOUNDS or abs(np.log(cut / extreme)) > _NEAR]
    return np.array(sorted({float(np.log(cut)) for cut in own} | ({float(np.log(extreme))} if np.isfinite(extreme) else
                                                                 set())))  # fmt: skip


def _design(rows: _Rows) -> Array:
    """Rung, spells 1 and 2 of those above the line, the poor near it, and the index by rung, n x 13."""
    hot = np.eye(5)[rows.rung]
    short = (rows.spell[:, None] == np.arange(1, SPELLS)) & (rows.rung >= 2)[:, None]
    return np.column_stack([hot, short, rows.near, hot * rows.eta[:, None]])


def _coefficients(rows: _Rows, cuts: Array, variants: int, seed: int) -> Array:
    """The best estimate and its variants, 1 + variants x K x 13."""
    X = _design(rows)
    best = np.array([_logistic(X, rows.then < np.exp(cut)) for cut in cuts])
    return np.concatenate([best[None], _variants(X, rows, cuts, best, variants, seed)])


def _means(rows: _Rows) -> Array:
    """Mean index of the families on each rung, 5; 0 where there are none."""
    count, total = (np.bincount(rows.rung, weights, minlength=len(RUNGS)) for weights in (None, rows.eta))
    return np.asarray(total / np.maximum(count, 1))


def _unfold(found: Array, mean: Array) -> tuple[Array, Array]:
    """Levels K x STATES and slopes K x 5 of coefficients K x 13; slopes are held above 0, as a higher risk is one.

    mean : index of the families of each rung, 5, at which a level with a slope that is held tells what was fitted: of a
    rung that few are on, or that none leaves beyond a cut, the two are told apart by little but their penalty.
    """
    short = np.column_stack([found[:, 5:7], np.zeros(len(found))])
    more = np.column_stack([np.zeros((len(found), 2)), found[:, 7], np.tile(short, 3)])
    slope = np.maximum(found[:, 8:], _LEAST_STEEP)
    own = found[:, : len(RUNGS)] + (found[:, 8:] - slope) * mean
    level = own[:, RUNG_OF] + more
    # Rounded far below any meaning, so that the last bits of a machine do not make another model of it.
    return np.round(level, 4), np.round(slope, 4)


def _logistic(X: Array, y: Array) -> Array:
    from sklearn.linear_model import LogisticRegression

    if y.min() == y.max():
        rate = (y.sum() + 0.5) / (len(y) + 1)
        return np.concatenate([np.full(5, log_odds(rate)), np.zeros(X.shape[1] - 5)])
    model = LogisticRegression(C=_PENALTY, fit_intercept=False, max_iter=200, solver="newton-cholesky")
    return np.asarray(model.fit(X, y.astype(float)).coef_[0])


def _variants(X: Array, rows: _Rows, cuts: Array, best: Array, count: int, seed: int) -> Array:
    """`count` draws of all coefficients together, count x K x 13."""
    scores, bread = [], []
    _, family = np.unique(rows.family, return_inverse=True)
    for cut, own in zip(cuts, best, strict=True):
        p = sigmoid(X @ own)
        H = (X * (p * (1 - p))[:, None]).T @ X + np.eye(X.shape[1]) / _PENALTY
        inverse = np.linalg.inv(H)
        each = X * ((rows.then < np.exp(cut)) - p)[:, None]
        total = np.column_stack([np.bincount(family, column) for column in each.T])
        scores.append(total)
        bread.append(inverse)
    stacked = np.hstack([total @ inverse for total, inverse in zip(scores, bread, strict=True)])
    covariance = stacked.T @ stacked
    chance = np.random.Generator(np.random.Philox(seed))
    # A hair on the diagonal: columns that no family is in have no variance at all.
    root = np.linalg.cholesky(covariance + 1e-8 * np.eye(len(covariance)))
    noise = chance.standard_normal((count, len(root)))
    return best + (noise @ root.T).reshape(count, *best.shape)


def _shape(rows: _Rows, cuts: Array, best: Array, begin: float) -> float:
    """Standard deviation of the log of how steeply the chances fall below the line: from families just below it, seen
    over told, by tenths of the index and by group, beyond chance; a group's share of them moves by two thirds of it."""
    line = int(np.searchsorted(cuts, 0.0))
    X = _design(rows)
    first = int(np.searchsorted(cuts, begin))
    upper, lower = (sigmoid(X @ best[at]) for at in (line, first))
    hit = (rows.then < np.exp(cuts[line])) & (rows.then >= np.exp(cuts[first]))
    tenth = np.minimum(10 * np.argsort(np.argsort(rows.eta)) // len(rows.eta), 9)
    return 1.5 * max(_beyond(hit, np.maximum(upper - lower, 0.0), code) for code in (tenth, rows.group))


def _beyond(hit: Array, told: Array, code: Array) -> float:
    """Root of the mean square of log(seen / told) over groups, weighted by what is told, chance taken out."""
    _, own = np.unique(code, return_inverse=True)
    seen, told = np.bincount(own, hit), np.bincount(own, told)
    kept = (told > _FEW) & (seen > 0)
    if not kept.any():
        return 0.0
    square = told[kept] * np.log(seen[kept] / told[kept]) ** 2
    return float(np.sqrt(max(0.0, (square.sum() - kept.sum()) / told[kept].sum())))


def _between(rows: _Rows, own: Array) -> float:
    """Standard deviation over places and years of what the log-odds of being poor are off by, chance taken out."""
    p = sigmoid(_design(rows) @ own)
    # A bad year of a place is one of its errors too.
    _, code = np.unique(rows.place.astype(np.int64) * 100 + rows.age, return_inverse=True)
    weight = np.bincount(code, p * (1 - p))
    gap = np.bincount(code, (rows.then < 1) - p) / np.maximum(weight, 1e-12)
    kept = weight > 1
    weight, gap = weight[kept], gap[kept]
    if len(weight) < 3:
        return 0.0
    mean = np.average(gap, weights=weight)
    Q = float((weight * (gap - mean) ** 2).sum())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    return float(np.sqrt(max(0.0, (Q - (len(weight) - 1)) / scale)))
