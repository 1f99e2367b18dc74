"""What the register learns from other families, and how steep displacement must be for the effect asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from features import contract
from features.commands import UserError
from features.sources.synthetic import events, figures, law, local, ranking
from features.sources.synthetic.law import per_period
from features.sources.synthetic.partition import Town
from features.sources.synthetic.streams import OTHER_FAMILIES, PARTITION
from features.sources.synthetic.world import World
from features.types import Array

PARTITIONS = 5
"""Partitions of other families that teach the ranking: 20,480 families, one wave, never written."""

STEEPEST = 8.0


def calibrate(world: World, displacement: float) -> World:
    """Set the steepness of displacement and fit the ranking, on families that are never written."""
    world = replace(world, fitted=local.solve(world.parameters, world.per_year, world.periods[0]))
    first = replace(world, periods=world.periods[:1])
    towns = [Town(first, OTHER_FAMILIES + part, PARTITION) for part in range(PARTITIONS)]
    world = _steepen(replace(world, farms=_farms(world, towns)), towns, displacement)
    first = replace(world, periods=world.periods[:1])
    clean = [Town(first, OTHER_FAMILIES + part, PARTITION, clean=True) for part in range(PARTITIONS)]
    return replace(world, ranking=_rank(world, clean, towns))


def _farms(world: World, towns: list[Town]) -> float:
    """Share of the shocks of rural people that those of farm families bear."""
    total = np.zeros(2)
    for town in towns:
        farm = events.farm_families(world, town.families.stratum, town.work.job, town.earner)
        cause, _ = events.rates(world, town.families.permanent, town.exposure)
        size = np.bincount(town.persons.family, town.present, len(town.families))
        mine = town.families.weight * size * cause * (world.urban[town.families.stratum] == 0)
        total += mine[farm].sum(), mine.sum()
    return float(total[0] / total[1])


def _steepen(world: World, towns: list[Town], effect: float) -> World:
    """Bisect the steepness: effect is the mean gain in one-year risk of the at-risk families, in points, were
    their main earner moved from the least to the most exposed fifth with all else equal."""
    exposure = np.concatenate([town.exposure for town in towns])
    exposure = exposure[~np.isnan(exposure)]
    low, high = 0.0, STEEPEST
    if effect and _effect(world, towns, exposure, STEEPEST) < effect:
        most = _effect(world, towns, exposure, STEEPEST)
        raise UserError(f"--displacement {effect:g}: the most this world can show is {most:.2f} points")
    for _ in range(24 if effect else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if _effect(world, towns, exposure, middle) < effect else (low, middle)
    steepness = (low + high) / 2 if effect else 0.0
    return _with(world, exposure, steepness)


def _with(world: World, exposure: Array, steepness: float) -> World:
    mean = float(np.exp(steepness * (exposure - 0.5)).mean())
    return replace(world, steepness=steepness, exposure_mean=mean)


def _effect(world: World, towns: list[Town], exposure: Array, steepness: float) -> float:
    trial = _with(world, exposure, steepness)
    cuts = np.quantile(exposure, (0.2, 0.8))
    hazard = trial.displacement(exposure)
    least, most = hazard[exposure <= cuts[0]].mean(), hazard[exposure >= cuts[1]].mean()
    return 100 * (_mean_risk(world, towns, most) - _mean_risk(world, towns, least))


def _mean_risk(world: World, towns: list[Town], hazard: float) -> float:
    total, weight = 0.0, 0.0
    for town in towns[:2]:
        ahead, welfare_now = world.per_year, town.welfare
        keep = world.parameters.persistence
        known = (welfare_now.permanent + world.parameters.spread * keep * welfare_now.passing
                 + welfare_now.ahead(world)[ahead - 1])  # fmt: skip
        cause, _ = events.rates(world, welfare_now.permanent, town.exposure)
        rate = law.total_rate(cause, per_period(hazard, world.per_year))
        cut = world.cut(ahead, 0)[town.families.stratum]
        mine = town.families.weight * (town.ratio >= 1)
        total += float(mine @ world.risks[ahead].risk(cut - known, rate))
        weight += float(mine.sum())
    return total / weight


def _rank(world: World, clean: list[Town], dirty: list[Town]) -> ranking.Ranking:
    """Least squares on clean cells; deciles and programme cuts on the register's own cells."""
    terms = np.concatenate([town.matrix() for town in clean])
    target = np.log(np.concatenate([town.consumption for town in clean]))
    weight = np.concatenate([town.families.weight for town in clean])
    columns = np.ascontiguousarray(terms.T)
    # no matrix products of many rows: their sums may depend on the number of threads
    square = np.einsum("ij,kj->ik", columns, columns * weight)
    ridge = 1e-8 * np.diag(np.diag(square))  # a term that never varies must not break the fit
    coefficients = np.linalg.lstsq(square + ridge, (columns * (target * weight)).sum(axis=1), rcond=None)[0]
    rest = target - (terms * coefficients).sum(axis=1)
    fit = 1 - np.average(rest**2, weights=weight) / np.average((target - np.average(target, weights=weight)) ** 2,
                                                               weights=weight)  # fmt: skip
    value = (np.concatenate([town.matrix() for town in dirty]) * coefficients).sum(axis=1)
    deciles = _quantile(value, weight, np.arange(1, 10) / 10)
    middle = float(np.average(value, weights=weight))
    scale = float(np.sqrt(np.average((value - middle) ** 2, weights=weight)))
    out = ranking.Ranking(coefficients, deciles, middle, scale, {}, float(fit))
    return replace(out, programmes=_programme_cuts(world, out, value, weight, dirty))


def _programme_cuts(world: World, ranked: ranking.Ranking, value: Array, weight: Array,
                    towns: list[Town]) -> dict[str, float]:  # fmt: skip
    """Cut of each programme's score at which its published number of families, or of people, is reached."""
    families = figures.national("families", 2026)
    people = figures.national("people", 2026)
    share = {"pkh": figures.national("pkh_families", 2026) / families,
             "sembako": figures.national("sembako_families", 2026) / families,
             "pbi": figures.national("pbi_people", 2026) / people}  # fmt: skip
    parts = np.concatenate([components(town) for town in towns])
    size = np.concatenate([np.bincount(town.persons.family, town.record.present, PARTITION) for town in towns])
    plain = ranking.score(ranked, value, np.zeros(len(value)))
    cuts = {}
    for name in contract.PROGRAMMES:
        counted = weight * size if name == "pbi" else weight
        meant = parts if name == "pkh" else np.ones(len(plain), dtype=bool)
        reach = share[name] * counted.sum()
        cuts[name] = _cut(plain[meant], counted[meant], reach, world.parameters.programme_noise)
    return cuts


def _cut(score: Array, weight: Array, reach: float, noise: float) -> float:
    """Cut below which this weight of scores lies once they bear noise; the noise is integrated, not drawn."""
    from scipy.special import ndtr

    low, high = -8.0, 8.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if (weight * ndtr((middle - score) / noise)).sum() < reach else (low, middle)
    return (low + high) / 2


def components(town: Town) -> Array:
    """Families with a child under 21 or a person of 60 or more on record: PKH is meant for these."""
    there = town.record.present & ((town.years < 21) | (town.years >= 60))
    return np.bincount(town.persons.family, there, len(town.families)) > 0


def _quantile(values: Array, weight: Array, share: Array) -> Array:
    order = np.argsort(values)
    total = np.cumsum(weight[order])
    return values[order][np.minimum(np.searchsorted(total, share * total[-1]), len(values) - 1)]
