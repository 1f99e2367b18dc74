"""Fit the risk model: an additive and a tree part on soft labels, blended and calibrated out of fold.

What won on two real panels: the mean of the log-odds of a regularised logistic regression and shallow trees, both on
soft labels. Bandwidth, penalty, rounds and blend are chosen on grouped inner folds of the training rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from features.commands import UserError
from features.registry import Feature
from features.types import Array
from models import additive, threads
from models.calibration import Affine, fit_affine, fit_offsets, sigmoid
from models.risk import Composed
from training import bagged
from training.cluster import SAMPLE, Cluster
from training.split import folds
from training.steady import steady

FEWEST = 10
"""Falls, and rows without, below which nothing is fitted."""
SLOPE_OF_CHANCE = 0.02
"""Least slope of the calibration: decision 16 wants it above 0. A model that needs it ranks no better than chance."""


MANY = 200_000
"""Rows from which one fold's early stop holds for all."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is fixed before a fit; everything else is chosen on inner folds.

    Attributes
    ----------
    inner : inner folds.
    sample : rows at most for choosing bandwidth and penalty.
    bandwidths : candidates as shares of the residual spread of next period's log welfare; 0 is the hard label.
    penalties : candidates for the ridge of the additive part, in rows.
    rounds, patience, rate, depth, feature_fraction, l2 : of the trees.
    leaf : rows of a leaf at least; small samples take one in 400 rows, but 10.
    scheduler : address of the Dask scheduler whose workers grow the trees; None: this process does.
    """

    seed: int = 1
    inner: int = 4
    sample: int = 20_000
    bandwidths: tuple[float, ...] = (0.0, 1 / 6, 1 / 3, 1 / 2, 1.0)
    penalties: tuple[float, ...] = (30.0, 100.0, 300.0, 1000.0)
    rounds: int = 800
    patience: int = 50
    rate: float = 0.05
    depth: int = 4
    feature_fraction: float = 0.3
    l2: float = 10.0
    leaf: int = 60
    threads: int = 2
    scheduler: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Training rows: features n x F, hard label, next period's log welfare ratio (NaN: hard label only), groups,
    stratum codes."""

    X: Array
    hard: Array
    log_next: Array
    groups: Array
    stratum: Array


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model, its out-of-fold log-odds (n, calibrated), what was chosen, and the bandwidth as a share of the
    residual spread."""

    composed: Composed
    oof: Array
    chosen: dict[str, float]
    share: float


@steady
def fit(rows: Rows, features: tuple[Feature, ...], strata: int, settings: Settings) -> Fitted:
    """Fit on all rows; calibrate on out-of-fold predictions.

    Raises
    ------
    UserError : fewer than `FEWEST` events or non-events: too few to fit anything worth serving.
    """
    events = int(rows.hard.sum())
    if min(events, len(rows.hard) - events) < FEWEST:
        raise UserError(f"{events} falls among {len(rows.hard)} training rows are too few to fit a model: {FEWEST} are "
                        f"needed, and as many rows without a fall")  # fmt: skip
    binnings = tuple(additive.cut(rows.X[:, i], bool(f.choices)) for i, f in enumerate(features))
    codes = np.column_stack([binning.codes(rows.X[:, i]) for i, binning in enumerate(binnings)])
    fold = folds(rows.groups, settings.inner, settings.seed, rows.hard)
    for k in range(settings.inner):
        if len(np.unique(rows.hard[fold == k])) < 2:
            groups = len(np.unique(rows.groups.astype(str)))
            raise UserError(
                f"{groups} cluster{'' if groups == 1 else 's'} with {events} falls among the training rows cannot fill "
                f"{settings.inner} inner folds that each hold a fall and a row without one: bring rows of more clusters"
            )
    penalty, share, spread, binnings = _choose(rows, codes, binnings, fold, settings)
    bandwidth = share * spread
    target = soften(rows.hard, rows.log_next, bandwidth)
    with _workers(rows.X, target, fold, settings) as workers:
        linear, raw, rounds = _out_of_fold(rows, codes, binnings, target, fold, penalty, settings, workers)
        booster = _grow(rows.X, target, settings, rounds, workers)
    weight = _blend(linear, raw, rows)
    eta, text = weight * linear + (1 - weight) * raw, booster.model_to_string()
    woods = 0.0
    if share == 0 and len(rows.hard) <= bagged.MOST:
        others = bagged.out_of_fold(rows.X, rows.hard, fold, settings.seed)
        woods = _forest(eta, others, rows)
    if woods > 0:
        eta, weight = (1 - woods) * eta + woods * others, (1 - woods) * weight
        text = bagged.mixed(text, bagged.grow(rows.X, rows.hard, settings.seed), woods / (1 - weight))
    affine = _calibrate(eta, rows, strata)
    part = additive.fit(codes, binnings, target, penalty)
    counts = np.append(np.bincount(rows.stratum[rows.stratum >= 0], minlength=strata), (rows.stratum < 0).sum())
    names = tuple(feature.name for feature in features)
    composed = Composed(names, text, part, weight, affine, counts)
    chosen = {"bandwidth": bandwidth, "penalty": penalty, "rounds": rounds, "weight_additive": weight,
              "weight_forest": woods, "slope": affine.slope, "intercept": affine.intercept}  # fmt: skip
    return Fitted(composed, affine.logit(eta, rows.stratum), chosen, share)


def soften(hard: Array, log_next: Array, bandwidth: float) -> Array:
    """Soft labels: chance that next period's log welfare lies below the line when blurred by `bandwidth`.

    Rows without next period's welfare, and a bandwidth of 0, keep the hard label; parameters as of `Rows`.
    """
    if bandwidth <= 0:
        return hard.astype(float)
    soft = ndtr(-log_next / bandwidth)
    return np.where(np.isnan(log_next), hard, soft)


def _choose(rows: Rows, codes: Array, binnings: tuple[additive.Binning, ...], fold: Array, settings: Settings,
            ) -> tuple[float, float, float, tuple[additive.Binning, ...]]:  # fmt: skip
    """Penalty, bandwidth as a share of the residual spread, that spread, and the binnings, straight for hard labels; by
    out-of-fold log-loss of the additive part on a sample of whole groups.

    A few dozen falls hardly tell one candidate from another, and the best of them by chance was often no soft label and
    next to no penalty: worse than a plain regression on 1,000 rows. So the bandwidth is judged with the strongest
    penalty, and the widest that lies within one standard error of the best is taken; the penalty is judged on that soft
    label, where every household tells something and not only those that fell. Hard labels tell too little to bend by.
    """
    groups = folds(rows.groups, max(1, len(rows.hard) // settings.sample), settings.seed + 1)
    pick = groups == 0
    own = Rows(rows.X[pick], rows.hard[pick], rows.log_next[pick], rows.groups[pick], rows.stratum[pick])
    spread = residual_spread(own, settings)
    shares = sorted(settings.bandwidths) if spread > 0 else [0.0]
    if len(settings.penalties) == len(shares) == 1:
        return settings.penalties[0], shares[0], spread, bent(binnings, shares[0])

    def told(penalty: float, share: float, binnings: tuple[additive.Binning, ...] = binnings) -> Array:
        target, eta = soften(own.hard, own.log_next, share * spread), np.empty(len(own.hard))
        for k in range(settings.inner):
            out = fold[pick] == k
            part = additive.fit(codes[pick][~out], binnings, target[~out], penalty)
            eta[out] = part.eta(own.X[out])
        return eta

    strongest = max(settings.penalties)
    etas = {share: told(strongest, share) for share in shares} if len(shares) > 1 else {}
    losses = {share: _losses(eta, own.hard) for share, eta in etas.items()}
    share = max(_near(losses, own.groups)) if losses else shares[0]
    soft, kept = soften(own.hard, own.log_next, share * spread), bent(binnings, share)
    found = {penalty: etas[share] if etas and penalty == strongest and share > 0 else told(penalty, share, kept)
             for penalty in settings.penalties}  # fmt: skip
    return min(found, key=lambda penalty: float(_losses(found[penalty], soft).mean())), share, spread, kept


def bent(binnings: tuple[additive.Binning, ...], share: float) -> tuple[additive.Binning, ...]:
    """The binnings for labels softened by `share`: straight where it is 0."""
    return binnings if share > 0 else tuple(binning.straight() for binning in binnings)


def _losses(eta: Array, label: Array) -> Array:
    """Log-loss of each row after the calibration that a model would get: one that has the order wrong gains nothing."""
    p = np.clip(sigmoid(_affine(eta, label).logit(eta)), 1e-12, 1 - 1e-12)
    return -(label * np.log(p) + (1 - label) * np.log1p(-p))


def _near(found: dict[float, Array], groups: Array) -> list[float]:
    """Candidates, by their losses of each row, that lie within one standard error of the best.

    Rows of one group (a household seen again, neighbours) err alike, so the error is that of the groups' sums.
    """
    best = found[min(found, key=lambda value: float(found[value].mean()))]
    code = pd.factorize(groups)[0]

    def near(gap: Array) -> bool:
        sums = np.bincount(code, weights=gap - gap.mean())
        return float(gap.mean()) <= float(np.sqrt(sums @ sums)) / len(gap)

    return [value for value, losses in found.items() if near(losses - best)]


def residual_spread(rows: Rows, settings: Settings) -> float:
    """Spread of next period's log welfare ratio around a boosted regression, judged on held-out groups."""
    import lightgbm

    known = ~np.isnan(rows.log_next)
    if known.sum() < 200:
        return 0.0
    held = (folds(rows.groups, 3, settings.seed + 2) == 0) & known
    kept = known & ~held
    own = params(settings, int(kept.sum())) | {"objective": "regression", "learning_rate": 0.1}
    booster = lightgbm.train(own, lightgbm.Dataset(rows.X[kept], rows.log_next[kept]), 60)
    return float(np.std(rows.log_next[held] - booster.predict(rows.X[held])))


def params(settings: Settings, size: int) -> dict[str, object]:
    """LightGBM's parameters for `size` rows."""
    return {
        "objective": "cross_entropy",
        "learning_rate": settings.rate,
        "max_depth": settings.depth,
        "num_leaves": 2**settings.depth,
        "feature_fraction": settings.feature_fraction,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": settings.l2,
        "min_data_in_leaf": int(np.clip(size / 400, min(10, settings.leaf), settings.leaf)),
        "max_bin": 127,
        "seed": settings.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": threads.useful(settings.threads, size),
        "feature_pre_filter": False,
        "verbosity": -1,
    }


@contextmanager
def _workers(X: Array, target: Array, fold: Array, settings: Settings) -> Iterator[Cluster | None]:
    if settings.scheduler is None:
        yield None
        return
    workers = Cluster(settings.scheduler, X, target, fold)
    try:
        yield workers
    finally:
        workers.close()


def _out_of_fold(rows: Rows, codes: Array, binnings: tuple[additive.Binning, ...], target: Array, fold: Array,
                 penalty: float, settings: Settings, workers: Cluster | None) -> tuple[Array, Array, int]:  # fmt: skip
    """Out-of-fold log-odds of both parts (n each) and the rounds: the mean of the folds' early stops.

    With `MANY` rows the folds agree, and watching each round of each fold costs a third of the fit: the first fold
    stops for all. Trees that workers grow stop where those of a sample of whole groups stop in this process.
    """
    X, linear, raw = rows.X, np.empty(len(rows.X)), np.empty(len(rows.X))
    for k in range(settings.inner):
        inside, outside = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        linear[outside] = additive.fit(codes[inside], binnings, target[inside], penalty).eta(X[outside])
    if workers is None:
        return linear, *_trees(X, target, fold, settings)
    some = folds(rows.groups, max(1, len(X) // SAMPLE), settings.seed + 1) == 0
    rounds = _trees(X[some], target[some], fold[some], settings)[1]
    for k in range(settings.inner):
        booster = workers.grow(params(settings, int((fold != k).sum())), rounds, k)
        raw[fold == k] = booster.predict(X[fold == k], raw_score=True)
    return linear, raw, rounds


def _trees(X: Array, target: Array, fold: Array, settings: Settings) -> tuple[Array, int]:
    """Out-of-fold log-odds of the trees, n, and their rounds."""
    import lightgbm

    raw = np.empty(len(X))
    data = lightgbm.Dataset(X, target, params=params(settings, len(X)), free_raw_data=False)
    boosters: list[Any] = []
    stops: list[int] = []
    for k in range(settings.inner):
        inside, outside = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        if stops and len(X) >= MANY:
            boosters.append(lightgbm.train(params(settings, len(inside)), data.subset(inside), stops[0]))
            continue
        stop = lightgbm.early_stopping(settings.patience, verbose=False)
        booster = lightgbm.train(params(settings, len(inside)), data.subset(inside), settings.rounds,
                                 valid_sets=[data.subset(outside)], callbacks=[stop])  # fmt: skip
        boosters.append(booster)
        stops.append(booster.best_iteration)
    rounds = max(10, round(float(np.mean(stops))))
    for k, booster in enumerate(boosters):
        outside = np.flatnonzero(fold == k)
        raw[outside] = booster.predict(X[outside], raw_score=True, num_iteration=rounds)
    return raw, rounds


def _grow(X: Array, target: Array, settings: Settings, rounds: int, workers: Cluster | None) -> Any:
    import lightgbm

    if workers is not None:
        return workers.grow(params(settings, len(X)), rounds)

    return lightgbm.train(params(settings, len(X)), lightgbm.Dataset(X, target), rounds)


def _blend(linear: Array, raw: Array, rows: Rows) -> float:
    """Share of the additive part, in tenths, by out-of-fold log-loss after an affine calibration.

    Equal shares did as well on held-out years as the best of the inner folds, so the share nearest to one half that
    lies within one standard error of the best is taken.
    """
    return min(_shares(linear, raw, rows), key=lambda weight: abs(weight - 0.5))


def _forest(eta: Array, others: Array, rows: Rows) -> float:
    """Share of the forest beside the blend, in tenths: the least within one standard error of the best, since where
    rows of different groups tell nothing of each other it has nothing to add."""
    return min(_shares(others, eta, rows))


def _shares(one: Array, other: Array, rows: Rows) -> list[float]:
    """Shares of `one`, in tenths, that lie within one standard error of the best; the rest is of `other`."""
    shares = [round(0.1 * step, 1) for step in range(11)]
    return _near({share: _losses(share * one + (1 - share) * other, rows.hard) for share in shares}, rows.groups)


def _calibrate(eta: Array, rows: Rows, strata: int) -> Affine:
    affine = _affine(eta, rows.hard)
    return fit_offsets(affine, eta, rows.hard, rows.stratum, strata) if strata else affine


def _affine(eta: Array, label: Array) -> Affine:
    affine = fit_affine(eta, label)
    if affine.slope >= SLOPE_OF_CHANCE:
        return affine
    # No better than chance on inner folds: everybody is told the base rate, or nearly. No bundle is made of it.
    shift = fit_affine(SLOPE_OF_CHANCE * eta, label, slope=1.0)
    return Affine(shift.intercept, SLOPE_OF_CHANCE, affine.offsets)


def settings_json(settings: Settings) -> dict[str, object]:
    """Settings as plain values, for the tracker and the card; of a cluster, that there was one."""
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(settings).items()}
    where = plain.pop("scheduler")
    return plain if where is None else plain | {"trees": "grown by the workers of a Dask cluster"}
