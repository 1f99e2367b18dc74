"""Measures put together with weights that the reader sets, and how far the order hangs on these weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from features.commands import UserError
from features.contract import SECTIONS
from features.types import Array
from models.compass.measures import BY_KEY, MEASURES
from models.compass.table import Place

HIGHEST = 3.0
"""Highest weight."""
WEIGHTS: Mapping[str, float] = {measure.key: float(measure.better != 0) for measure in MEASURES}
"""Without a word of the reader each measure that has a direction counts once."""
LEAST_KNOWN = 0.5
"""Share of the weight that must be on known figures for an industry to be ranked."""
DRAWS, SEED, FACTOR = 400, 7, 2.0
"""Weights are halved, doubled and dropped one by one, and drawn anew between half and double, all at once."""
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an industry stands.

    Attributes
    ----------
    value : weighted mean of its places among the industries, 0 (last in all) to 1 (first in all); None where too
        little is known.
    known : share of the weight that is on known figures.
    rank, low, high : 1 is first, ties share a rank; its best and worst rank under other weights.
    """

    value: float | None
    known: float
    rank: int | None = None
    low: int | None = None
    high: int | None = None


def weights(asked: Mapping[str, float] | None = None) -> dict[str, float]:
    """Weights by measure: `WEIGHTS` where none are asked for, else those asked for and 0 for the rest.

    Raises
    ------
    UserError : no such measure, a weight that is not from 0 to `HIGHEST`, or none above 0.
    """
    if not asked:
        return dict(WEIGHTS)
    for key, value in asked.items():
        if key not in BY_KEY:
            raise UserError(
                f"no measure {key!r}; there are {', '.join(BY_KEY)}",
                f"--weights: tidak ada ukuran {key}; yang ada: {', '.join(BY_KEY)}",
            )
        if not 0 <= value <= HIGHEST:
            raise UserError(
                f"weight of {key} is {value:g}; give 0 to {HIGHEST:g}",
                f"--weights: bobot {key} tertulis {value:g}; beri 0 sampai {HIGHEST:g}",
            )
    if not any(asked.values()):
        raise UserError("all weights are 0; give one above 0", "--weights: semua bobot 0; beri satu di atas 0")
    return {measure.key: float(asked.get(measure.key, 0)) for measure in MEASURES}


def read_weights(text: str) -> dict[str, float]:
    """Weights of a text such as `wage:2,frey_osborne:1`. UserError where it is none."""
    found: dict[str, float] = {}
    for part in filter(None, (own.strip() for own in text.split(","))):
        key, _, value = part.partition(":")
        try:
            found[key.strip()] = float(value)
        except ValueError:
            raise UserError(
                f"weight {part!r} is not of the form measure:number, for example wage:2",
                f"--weights: {part} tidak berbentuk ukuran:angka, misalnya wage:2",
            ) from None
    return found


def standings(place: Place, weights: Mapping[str, float]) -> dict[str, Standing]:
    """Standing of each section.

    Parameters
    ----------
    place : the figures. weights : by measure, 0 and up; only their proportions count.
    """
    used = [measure for measure in MEASURES if weights.get(measure.key, 0) > 0]
    places = np.array([_places(place, measure.key, measure.better or 1) for measure in used])  # K x sections
    base = np.array([weights[measure.key] for measure in used]) / sum(weights[measure.key] for measure in used)
    value, known = _together(places, base[None, :])
    ranked = known[0] >= LEAST_KNOWN - 1e-9
    first = _ranks(np.where(ranked, value[0], np.nan))
    tried, _ = _together(places, _other(base))
    ranks = np.array([first, *(_ranks(np.where(ranked, row, np.nan)) for row in tried)])
    found = {}
    for at, section in enumerate(SECTIONS):
        if ranked[at]:
            found[section] = Standing(float(value[0, at]), float(known[0, at]), int(first[at]),
                                      int(np.nanmin(ranks[:, at])), int(np.nanmax(ranks[:, at])))  # fmt: skip
        else:
            found[section] = Standing(None, float(known[0, at]))
    return found


def places_of(place: Place, measure: str) -> dict[str, float]:
    """Place of each known section by one measure, 0 (least favourable) to 1; ties share the mean of their places."""
    found = _places(place, measure, BY_KEY[measure].better or 1)
    return {section: float(value) for section, value in zip(SECTIONS, found, strict=True) if not np.isnan(value)}


def _places(place: Place, measure: str, better: int) -> Array:
    cells = [place.cell(section, measure) for section in SECTIONS]
    values = better * np.array([np.nan if cell is None else cell.value for cell in cells])
    known = ~np.isnan(values)
    result = np.full(len(values), np.nan)
    held = values[known]
    if len(held) == 1:
        result[known] = 0.5
    elif len(held):
        below = (held[:, None] > held[None, :]).sum(axis=1)
        same = (held[:, None] == held[None, :]).sum(axis=1)
        result[known] = (below + (same - 1) / 2) / (len(held) - 1)
    return result


def _together(places: Array, tried: Array) -> tuple[Array, Array]:
    """Weighted means over known measures and shares of the weight that is known, both T x sections.

    places : K x sections, NaN where not known. tried : T x K.
    """
    known = ~np.isnan(places)
    weight = tried @ known.astype(float)
    total = tried @ np.where(known, places, 0.0)
    value = np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 1e-12)
    return np.round(value, _DIGITS), weight / tried.sum(axis=1, keepdims=True)


def _other(base: Array) -> Array:
    """Other weights to try, T x K."""
    single = [np.where(np.arange(len(base)) == at, base * factor, base) for at in range(len(base))
              for factor in (1 / FACTOR, FACTOR, 0.0) if len(base) > 1]  # fmt: skip
    drawn = np.random.default_rng(SEED).uniform(-1, 1, (DRAWS, len(base)))
    return np.array([*single, *(base * FACTOR**drawn)])


def _ranks(values: Array) -> Array:
    """Rank by value, the highest first and ties at the better rank; NaN where not ranked."""
    higher = (values[None, :] > values[:, None]).sum(axis=1) + 1.0
    return np.where(np.isnan(values), np.nan, higher)
