"""The small tables of the whole country: sectors, regional events, poverty lines and regions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from features import contract, periods
from features.context import COUNTRY
from features.sources.synthetic import arrow, events, figures
from features.sources.synthetic.jobs import ORDER
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

FOOD_PRICE = contract.SHOCKS.index("food_price")
LINE_LAG, SIGNAL_LAG, REGION_LAG, EVENT_LAG = 14, 30, 105, 20
"""Days from the end of a period until each is known; the line of a period comes with its survey."""


def tables(world: World) -> dict[str, pa.Table]:
    """The four tables that do not grow with the number of families."""
    return {"sector_signals": sector_signals(world), "shocks": regional_shocks(world),
            "poverty_lines": poverty_lines(world), "regions": regions(world)}  # fmt: skip


def _known(period: Array, days: Array | int) -> Array:
    return np.asarray(periods.end(period) + np.asarray(days).astype("timedelta64[D]"))


def poverty_lines(world: World) -> pa.Table:
    """Line and extreme line of the 75 strata in every period."""
    when = np.repeat(np.array(world.periods), len(world.strata.people))
    place = np.tile(world.strata.province, len(world.periods))
    line = np.round(world.lines.ravel())
    return arrow.table("poverty_lines", {
        "line_province": arrow.words(place, figures.provinces()), "period": when,
        "line_urban": np.tile(world.urban, len(world.periods)).astype(np.int8), "known_at": _known(when, LINE_LAG),
        "line": line, "extreme_line": np.round(line * world.spread.extreme)})  # fmt: skip


def regions(world: World) -> pa.Table:
    """Headcount of every province by period, also of the year before; other figures are those of 2025."""
    first = world.periods[0] - world.per_year
    span = np.arange(first, world.periods[-1] + 1)
    count = len(figures.provinces())
    when = np.repeat(span, count)
    path = np.concatenate([_headcounts(world, int(period)) for period in span])
    place = np.tile(np.arange(count), len(span))
    names = [figures.names()[code] for code in figures.provinces()]
    return arrow.table("regions", {
        "region": arrow.words(place, figures.provinces()), "period": when, "known_at": _known(when, REGION_LAG),
        "region_name": arrow.words(place, names), "headcount": np.round(path, 5),
        "unemployment": figures.by_province("unemployment")[place],
        "mean_schooling": figures.by_province("mean_schooling")[place]})  # fmt: skip


def _headcounts(world: World, period: int) -> Array:
    from scipy.special import ndtr

    strata, count = world.strata, len(figures.provinces())
    step = period - world.periods[0]
    rate = strata.headcount_in(period) if step < 0 else ndtr(world.start(step, step))
    poor = np.bincount(strata.province, strata.people * rate, count)
    return np.asarray(poor / np.bincount(strata.province, strata.people, count))


def regional_shocks(world: World) -> pa.Table:
    """Layoff waves, disasters, failed seasons and jumps of food prices by province; a jump is known with its line."""
    drawn = {events.LAYOFF: world.outlook.layoff, events.DISASTER: world.outlook.disaster,
             events.HARVEST: world.outlook.harvest, FOOD_PRICE: world.prices.jump}  # fmt: skip
    period, place = np.concatenate([np.argwhere(there) for there in drawn.values()]).T
    when = np.array(world.periods)[period]
    kind = np.repeat(np.array(list(drawn)), [int(there.sum()) for there in drawn.values()])
    lag = np.where(kind == FOOD_PRICE, LINE_LAG, EVENT_LAG)
    scope = contract.SHOCK_EVENTS["scope"].choices.index("province")
    return arrow.table("shocks", {
        "place": arrow.words(place, figures.provinces()), "scope": np.full(len(place), scope), "shock": kind,
        "period": when, "known_at": _known(when, lag)})  # fmt: skip


def sector_signals(world: World) -> pa.Table:
    """Signals of 21 sections in the country and its provinces: published means with generated movement.

    Layoffs are the recorded floor, by the exposure of a section's jobs, times three during a wave.
    """
    shape = len(world.periods), len(figures.provinces()) + 1, len(contract.SECTIONS)
    draw = stream(world.seed, 0, Purpose.SIGNAL)
    national, local = draw.standard_normal((2, shape[0], 1, shape[2])), draw.standard_normal((2, *shape))
    for step in range(1, shape[0]):
        national[:, step] = 0.8 * national[:, step - 1] + 0.6 * national[:, step]
    local[:, :, 0] = 0.0
    growth = _growth() + 0.02 * national[0] + 0.015 * local[0]
    wage = 0.05 + 0.3 * (growth - 0.02) + 0.01 * local[1]
    force = np.concatenate([world.outlook.layoff_factor.mean(axis=1, keepdims=True), world.outlook.layoff_factor], 1)
    layoff = np.clip(_layoffs(world) * force[:, :, None], 0, 1)
    vacancy = np.clip(0.02 + 0.3 * (growth - 0.02) + 0.004 * national[1], 0, 1)
    period, place, section = (axis.ravel() for axis in np.indices(shape))
    when = np.array(world.periods)[period]
    return arrow.table("sector_signals", {
        "sector_section": section, "region": arrow.words(place, (COUNTRY, *figures.provinces())),
        "period": when, "known_at": _known(when, SIGNAL_LAG), "employment_growth": np.round(growth.ravel(), 4),
        "layoff_rate": np.round(layoff.ravel(), 6), "vacancy_rate": np.round(vacancy.ravel(), 4),
        "wage_growth": np.round(wage.ravel(), 4)})  # fmt: skip


def _growth() -> Array:
    of = {letter: float(row["value"]) for row in figures.rows("sectors") if row["measure"] == "employment_growth"
          for letter in row["section"]}  # fmt: skip
    return np.array([of[letter] for letter in contract.SECTIONS])


def _layoffs(world: World) -> Array:
    hazard = world.displacement(world.jobs.exposure)
    size = len(ORDER)
    mean = np.bincount(world.jobs.section, hazard, size) / np.bincount(world.jobs.section, minlength=size)
    of = dict(zip(ORDER, mean / mean.mean(), strict=True))
    return np.array([figures.national("layoff_rate") * of.get(letter, 1.0) for letter in contract.SECTIONS])
