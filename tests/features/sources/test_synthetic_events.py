"""Regional events hit families, and the published headcount of their year holds them already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from features.sources.synthetic import calibrate, conditional, law
from features.sources.synthetic import world as worlds
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.partition import Town
from features.sources.synthetic.streams import PARTITION
from features.sources.synthetic.world import World
from features.types import Array

STORMY = Parameters.of({"disaster": 0.3, "layoff_wave": 0.2, "harvest": 0.3, "floor_share": 1.0})
"""Many events, and as many families in every stratum."""


@pytest.fixture(scope="module")
def stormy() -> World:
    return calibrate.calibrate(worlds.make(7, (2021, 2022, 2023, 2024), 1, PARTITION, 0, 1, True, STORMY), 0.0)


def test_published_headcounts_hold_whatever_the_events(stormy: World) -> None:
    poor, people, square = np.zeros((3, 3, 75))
    for part in range(10):
        town = Town(stormy, part, PARTITION)
        for year in range(3):
            town.step()
            size = np.bincount(town.persons.family, town.present, len(town.families)) * town.exists
            stratum = town.families.stratum
            for total, add in ((poor, size * (town.ratio < 1)), (people, size), (square, size**2)):
                total[year] += np.bincount(stratum, add, 75)
    found = poor / people
    wanted = ndtr(np.array([stormy.start(year, year) for year in (1, 2, 3)]))
    error = np.sqrt(wanted * (1 - wanted) * square) / people
    assert np.sqrt(np.square((found - wanted) / error).mean()) < 1.4  # one, were there sampling alone
    # without it the same families would be off by the events as well
    moved = ndtr(np.array([stormy.given(year, year) for year in (1, 2, 3)])) - wanted
    assert np.sqrt(np.square(moved / error).mean()) > 1.5


def test_an_event_moves_nothing_where_it_is_not_published_or_not_known(stormy: World) -> None:
    np.testing.assert_array_equal(stormy.given(3, 0), stormy.start(3, 0))
    future = replace(stormy, periods=tuple(period + 20 for period in stormy.periods))
    np.testing.assert_array_equal(future.given(3, 3), future.start(3, 3))


def _none(count: int) -> tuple[Array, Array]:
    return np.zeros((conditional.YEARS, count)), np.zeros((conditional.YEARS, count))


def test_more_shocks_than_usual_lower_the_line_and_fewer_raise_it() -> None:
    table = conditional.event_table(Parameters(), 1)
    usual = np.linspace(-2, -0.8, 7)
    np.testing.assert_array_equal(conditional.start(table, usual, *_none(7)), usual)
    more, fewer = _none(7)[0], _none(7)[0]
    more[0], fewer[0] = 0.5, -0.2
    assert (conditional.start(table, usual, more, _none(7)[1]) < usual).all()
    assert (conditional.start(table, usual, fewer, _none(7)[1]) > usual).all()
    older = np.roll(more, 2, axis=0)
    assert (
        conditional.start(table, usual, older, _none(7)[1]) > conditional.start(table, usual, more, _none(7)[1])
    ).all()


def test_the_table_is_the_change_of_the_law_itself() -> None:
    """Doubling one year's rate of every shock adds up to what both columns say."""
    chosen = Parameters()
    table = conditional.event_table(chosen, 1)
    permanent, weight, cause, loss = law.population(chosen, 1)
    rng = np.random.default_rng(3)
    size = 400_000
    own = rng.choice(len(permanent), size, p=weight)
    state = permanent[own] + np.sqrt(chosen.spread**2 + chosen.error**2) * rng.standard_normal(size)
    usual, double = state.copy(), state.copy()
    rate = law.total_rate(cause, loss)[own]
    for year, left in enumerate(law.fades(chosen, 1, int(chosen.burn_in))):
        drop, draw = -chosen.shock_size * np.log1p(-rng.random(size)), rng.random(size)
        usual -= left * drop * (draw < rate)
        double -= left * drop * (draw < (law.total_rate(2 * cause, loss)[own] if year == 0 else rate))
    cut = law.rank_table(chosen, 1).threshold(np.array([-1.35]))
    seen = float((double < cut).mean() - (usual < cut).mean())
    assert seen == pytest.approx(float(np.interp(-1.35, table.normal, table.cause[0])), abs=0.002)
