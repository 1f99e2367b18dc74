"""Jumps of food prices: read off published lines, drawn after them, with the mean kept."""

from __future__ import annotations

import numpy as np
import pytest

from features import periods
from features.sources.synthetic import calibrate, country, figures, prices
from features.sources.synthetic import world as worlds
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.partition import Town
from features.sources.synthetic.streams import PARTITION

QUARTERS = tuple(range(2023 * 4, 2029 * 4))
OFTEN = {"food_price": 0.6, "food_price_size": 0.1, "food_price_pass": 0.25}


def _world(assume: dict[str, float], span: tuple[int, ...] = QUARTERS, seed: int = 3) -> worlds.World:
    return worlds.make(seed, span, periods.per_year(span[0]), PARTITION, PARTITION, 2, True, Parameters.of(assume))


def test_published_lines_are_read_and_nothing_moves() -> None:
    span = QUARTERS[:13]  # up to March 2026
    jumps = prices.draw(1, span, 4, Parameters())
    assert [periods.text(span[row]) for row in np.flatnonzero(jumps.jump.any(axis=1))] == ["2025Q2", "2025Q3"]
    assert (jumps.jump.all(axis=1) == jumps.jump.any(axis=1)).all()
    assert (jumps.line_factor == 1).all()
    assert not jumps.loss.any()
    assert prices.draw(1, (2025, 2026), 1, Parameters()).jump.any(axis=1).tolist() == [False, True]


def test_before_the_published_lines_there_is_no_event() -> None:
    assert not prices.draw(1, tuple(range(2012, 2023)), 1, Parameters()).jump.any()


@pytest.mark.parametrize("none", [{"food_price": 0.0}, {"food_price_size": 0.0}])
def test_without_events_or_force_nothing_changes(none: dict[str, float]) -> None:
    world, other = _world(none), _world(none, seed=4)
    plain = np.array([world.strata.line_in(period, world.parameters) for period in QUARTERS])
    np.testing.assert_array_equal(world.lines, plain)
    assert all(np.array_equal(world.start(row, row), world.starts[row]) for row in range(len(QUARTERS)))
    assert not world.prices.jump[14:].any()
    np.testing.assert_array_equal(other.lines, world.lines)


def test_a_jump_raises_the_line_and_lowers_every_ratio_for_a_year() -> None:
    world = _world(OFTEN)
    row, place = (int(axis[0]) for axis in np.nonzero(world.prices.jump[14:]))
    row += 14
    mine = world.strata.province == place
    mean = np.log1p(0.2047 * np.expm1(0.1))
    grown = np.log(world.lines[row] / world.lines[row - 1])[mine] - np.log1p(world.parameters.line_growth) / 4
    np.testing.assert_allclose(grown, 0.1 - mean, atol=1e-4)
    chance = -np.expm1(np.log1p(-0.6) / 4)
    normal, stratum = np.full(mine.sum(), 2.0), np.flatnonzero(mine)
    date = figures.when(QUARTERS[row])
    before, after = (world.spread.log_ratio(normal, stratum, world.start(row, known), date) for known in (row - 1, row))
    np.testing.assert_allclose(before - after, 0.75 * 0.1 * (1 - chance), rtol=1e-3)
    later = world.prices.fall(row + 4, row)
    assert (later == 0).all()
    assert (world.start(row, row)[mine] > world.start(row, row - 1)[mine]).all()


def test_events_keep_the_mean_of_line_and_ratio() -> None:
    span = tuple(range(2030 * 4, 2030 * 4 + 4000))
    jumps = prices.draw(5, span, 4, Parameters.of(OFTEN))
    assert jumps.loss.mean() == pytest.approx(0, abs=2e-4)
    steps = np.exp(np.diff(np.log(jumps.line_factor), axis=0))
    assert steps.mean() == pytest.approx(1, abs=2e-4)
    assert jumps.jump.mean() == pytest.approx(-np.expm1(np.log1p(-0.6) / 4), abs=0.003)


def test_the_true_risk_knows_no_event_to_come() -> None:
    chosen = OFTEN | {"disaster": 0.0, "harvest": 0.0, "layoff_wave": 0.0}
    span = tuple(range(2027, 2033))
    world = calibrate.calibrate(_world(chosen, span), 0.0)
    town = Town(world, 0, PARTITION)
    told = town.risks()
    blind = calibrate.replace(world, prices=prices.Prices(
        *(np.concatenate([part[:1], np.full_like(part[1:], fill)]) for part, fill in
          ((world.prices.jump, False), (world.prices.line_factor, 1.0), (world.prices.loss, 0.0))), 1))  # fmt: skip
    assert world.prices.jump[1:].any()
    for h, risk in Town(blind, 0, PARTITION).risks().items():
        np.testing.assert_array_equal(risk, told[h])


def test_risk_comes_true_over_many_events() -> None:
    chosen = OFTEN | {"disaster": 0.0, "harvest": 0.0, "layoff_wave": 0.0}
    told, happened = [], []
    for seed in range(6):
        world = calibrate.calibrate(_world(chosen, (2027, 2028), seed), 0.0)
        town = Town(world, 0, PARTITION)
        risk, safe = town.risks()[1], town.ratio >= 1
        town.step()
        told.append(risk[safe])
        happened.append(town.ratio[safe] < 1)
    assert np.concatenate(happened).mean() == pytest.approx(np.concatenate(told).mean(), rel=0.12)


def test_events_are_in_the_tables_and_known_with_the_line() -> None:
    world = calibrate.calibrate(_world(OFTEN, tuple(range(2024, 2030))), 0.0)
    events = country.regional_shocks(world).to_pandas()
    food = events[events["shock"] == "food_price"]
    lines = country.poverty_lines(world).to_pandas().drop_duplicates("period").set_index("period")["known_at"]
    assert len(food) == world.prices.jump.sum()
    assert set(food["scope"]) == {"province"}
    assert (food["known_at"].to_numpy() == lines[food["period"]].to_numpy()).all()
    regions = country.regions(world).to_pandas()
    moved = regions.pivot(index="region", columns="period", values="headcount")
    assert (moved["2029"] != moved["2026"]).any()
    np.testing.assert_allclose(
        moved.loc[list(figures.provinces()), "2025"], figures.by_province("headcount"), atol=1e-4
    )
