"""Laws of the simulation: nothing from nothing, nobody lost, no budget passed, more is never worse, frozen chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.dynamics import Dynamics
from models.schemes import exposed, outcomes, parts, simulate
from models.schemes.kernel import PAIRS
from models.schemes.run import lived, prepare
from models.schemes.scenario import named
from models.schemes.selection import within
from tests.models.schemes.worlds import CHAIN, in_parts, nation, scenario, scheme, shock

NOTHING = {"kind": "none", "size": 0}
RULES = ("risk", "desil", "self_selection", "geography", "random")
LASTING = [f"{name}_{months}" for name in ("lasting", "exits", "held") for months in outcomes.MONTHS]
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def same(one, two) -> None:
    np.testing.assert_array_equal(one.rungs, two.rungs)
    np.testing.assert_array_equal(one.events, two.events)
    for mine, other in zip(one.arms, two.arms, strict=True):
        for end in mine:
            for name in ("rungs", "pairs", "falls", "groups"):
                np.testing.assert_array_equal(getattr(mine[end], name), getattr(other[end], name))


@FEW
@given(st.integers(0, 1000), st.sampled_from(RULES), st.sampled_from(["none", "consumption", "income"]))
def test_a_scheme_of_no_effect_changes_nothing(seed, rule, kind):
    own = simulate(scenario([scheme(effect={"kind": kind, "size": 0}, targeting={"rule": rule})]), nation(), seed)
    assert own.plan.arms[0][0].row.size
    for end in ("value", "low", "high"):
        found = own.tally.arms[0][end]
        assert not found.rungs.any()
        assert not found.falls.any()
        assert not found.groups.any()
        assert not found.pairs[:, : PAIRS.index("caught")].any()
        with_, without = (found.pairs[:, [PAIRS.index(f"{kind}_{who}_{y}") for kind in ("exits", "held")
                                          for y in (1, 2, 3)]] for who in ("with", "without"))  # fmt: skip
        np.testing.assert_array_equal(with_, without)
        told = outcomes.of(own, 0, end)
        assert not any(told[name].any() for name in LASTING)


@FEW
@given(st.integers(0, 1000), st.sampled_from([{"kind": "consumption", "size": 0.3}, {"kind": "income", "size": 9e6},
                                              {"kind": "protection", "size": 0.9, "against": "job_loss"}]),
       st.sampled_from([0.0, 0.5, 1.0]), st.integers(1, 3), st.integers(0, 2), st.floats(-0.03, 0.03))  # fmt: skip
def test_of_an_effect_that_ends_with_support_nothing_lasts(seed, effect, displacement, duration, wait, growth):
    own = scheme(effect=effect, duration=duration, displacement={
        "value": displacement, "low": 0, "high": 1, "basis": "assumption", "source": "test"})  # fmt: skip
    plan = scenario([own], shocks=(shock(hazard=0.8),), last=2027 + wait, growth=growth, years=8)
    found = simulate(plan, nation(), seed)
    assert outcomes.of(found, 0, "value")["poor_years_averted"].any()  # it does something while it lasts
    for end, told in outcomes.ends(found, 0).items():
        assert not any(told[name].any() for name in LASTING), end


def test_what_lasts_is_what_the_years_after_support_are_and_would_be():
    # One intake that stays from 2027 to 2028: who is not poor in 2029 because of it can be counted from the rungs too.
    own = scheme(effect={"kind": "consumption", "size": 0.3, "fade": 0.9},
                 displacement={"value": 0.6, "basis": "assumption", "source": "test"})  # fmt: skip
    families = nation(size=np.ones(400))  # so that people are families
    found = simulate(scenario([own], shocks=(shock(),)), families, 5)
    told = outcomes.of(found, 0, "value")
    fewer = -found.tally.arms[0]["value"].rungs.sum(axis=0)[:, 3, :2].sum(axis=1) / 1000
    assert len(found.plan.arms[0][0].pushed)
    assert told["lasting_12"].any()
    np.testing.assert_allclose(told["lasting_12"], fewer)
    assert (told["lasting_24"] != told["lasting_12"]).any()


@FEW
@given(st.integers(0, 1000), st.sampled_from([{"hazard": 0}, {"size": 0}]))
def test_a_shock_of_nothing_changes_nothing(seed, changed):
    own, calm = (simulate(scenario([scheme()], shocks=shocks), nation(), seed) for shocks in ((shock(**changed),), ()))
    same(own.tally, calm.tally)


def test_a_shock_makes_more_families_poor_and_growth_fewer():
    poor = {name: simulate(one, nation(), 1).tally.events[:, 1:, 3].sum() for name, one in {
        "calm": scenario(), "shock": scenario(shocks=(shock(),)), "growth": scenario(growth=0.05)}.items()}  # fmt: skip
    assert poor["shock"] > poor["calm"] > poor["growth"]


@FEW
@given(st.integers(0, 1000), st.integers(0, 400), st.integers(0, 400), st.sampled_from(RULES), st.floats(0, 2),
       st.floats(0, 1), st.booleans())  # fmt: skip
def test_more_places_never_avert_fewer_falls(seed, few, more, rule, size, fade, hit):
    few, more = sorted((few, more))
    own = scheme(effect={"kind": "consumption", "size": size, "fade": fade}, targeting={"rule": rule})
    both = scenario([own | {"places": few}], [own | {"places": more}], shocks=(shock(),) if hit else ())
    one, two = (arm["value"] for arm in simulate(both, nation(), seed).tally.arms)
    for name in ("averted", "relapses_averted", "poor_years"):
        assert (two.pairs[:, PAIRS.index(name)] >= one.pairs[:, PAIRS.index(name)]).all()
    assert not one.pairs[:, PAIRS.index("caused")].any()
    assert (two.falls[:, 0] >= one.falls[:, 0]).all()


@FEW
@given(st.integers(0, 1000), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_effect_never_averts_fewer_falls(seed, one, two):
    low, high = sorted((one, two))
    arms = [[scheme(effect={"kind": "consumption", "size": size})] for size in (low, high)]
    less, more = (arm["value"] for arm in simulate(scenario(*arms), nation(), seed).tally.arms)
    assert (more.pairs[:, 0] >= less.pairs[:, 0]).all()


@FEW
@given(st.integers(0, 1000), st.integers(0, 60_000_000), st.one_of(st.none(), st.integers(0, 60)), st.integers(0, 3),
       st.floats(0.2, 5))  # fmt: skip
def test_no_budget_and_no_number_of_places_is_passed(seed, budget, places, wait, weight):
    own = scheme(cost=700_000, setup={"value": 90_000, "basis": "assumption", "source": "test"}, ramp=[0.3, 1.0])
    plan = scenario([own, scheme(name="uji-2", duration=1)], budget=budget, places=places, last=2027 + wait)
    families = nation(weight=np.full(400, weight))
    found = simulate(plan, families, seed)
    for taking in found.plan.arms[0]:
        assert taking.cost(families, plan.years).sum() <= budget
        assert len(np.unique(taking.row)) == len(taking.row)
        if places is not None:
            for year in range(1, plan.years + 1):
                there = (taking.entry <= year) & (taking.end >= year)
                assert families.families[taking.row[there]].sum() <= places * 1000


def test_places_that_become_free_are_filled_again_while_money_lasts():
    families, own = nation(), scheme(duration=1, cost=1_000_000)
    found = simulate(scenario([own], places=20, budget=70_000_000, last=2031), families, 1)
    taking = found.plan.arms[0][0]
    # 70 supports of Rp 1 million: 20 in each of three years, 10 in the fourth, then no money is left.
    assert np.bincount(taking.entry, minlength=6).tolist() == [0, 20, 20, 20, 10, 0]
    assert taking.full == {2027: "places", 2028: "places", 2029: "places", 2030: "budget", 2031: "budget"}
    assert taking.cost(families, 6).sum() == 70_000_000


@FEW
@given(st.integers(0, 1000), st.floats(0.2, 3), st.booleans(), st.integers(0, 4))
def test_people_are_conserved_with_rolling_intake_too(seed, weight, hit, wait):
    families = nation(weight=np.full(400, weight))
    own = scheme(displacement={"value": 0.5, "basis": "assumption", "source": "test"}, ramp=[0.4, 1.0], duration=1)
    other = scheme(name="uji-2", effect={"kind": "income", "size": 900_000})
    plan = scenario([own, other], shocks=(shock(),) if hit else (), places=40, last=2027 + wait)
    result = simulate(plan, families, seed)
    found, (first, second) = result.tally, result.plan.arms[0]
    assert (first.entry <= wait + 1).all()
    assert len(np.unique(first.entry)) > 1 or wait == 0
    assert not np.isin(first.row, second.row).any()
    everyone = families.people.sum()
    assert (found.rungs.sum(axis=(0, 3)) == everyone).all()
    for end in found.arms[0].values():
        assert (end.rungs.sum(axis=3) == 0).all()
        assert ((found.rungs + end.rungs) >= 0).all()


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_seed_gives_the_same_on_any_number_of_threads_and_in_any_parts(threads):
    families = nation(500)
    own = scheme(displacement={"value": 0.3, "basis": "assumption", "source": "test"})
    plan = prepare(scenario([own], [scheme(effect=NOTHING)], shocks=(shock(),)), families, 7)
    usual = lived(plan, families, 1)
    same(lived(plan, families, threads), usual)
    total = in_parts(plan, families, threads)
    same(total, usual)
    np.testing.assert_array_equal(total.needed[0], usual.needed[0])


def test_a_family_lives_the_same_life_whoever_is_beside_it():
    families = nation(300)
    alone = simulate(scenario(), families.take(np.arange(100, 101)), 3).tally.rungs.sum(axis=0)
    with_ = simulate(scenario(), families.take(np.arange(50, 101)), 3).tally.rungs.sum(axis=0)
    without = simulate(scenario(), families.take(np.arange(50, 100)), 3).tally.rungs.sum(axis=0)
    np.testing.assert_array_equal(alone, with_ - without)


def test_another_seed_is_another_chance():
    one, two = (simulate(scenario(), nation(), seed).tally.rungs for seed in (1, 2))
    assert (one != two).any()


def test_a_markov_chain_is_the_power_of_its_matrix():
    count, draws, years = 2000, 40, 8
    families = nation(count, dynamics=Dynamics.of_matrix(CHAIN), size=np.ones(count))
    tally = simulate(scenario(years=years, draws=draws), families, 5).tally
    start = families.start.mean(axis=0)
    for year in range(years + 1):
        expected = start @ np.linalg.matrix_power(CHAIN, year)
        told = tally.rungs[:, :, year].sum(axis=0) / count / 1000
        error = np.sqrt(expected * (1 - expected) / (count * draws)) + 1e-9
        assert (np.abs(told.mean(axis=0) - expected) < 4.5 * error).all(), year


@pytest.mark.parametrize(("kind", "size", "lifted"), [("consumption", 0.2, 0.2), ("income", 1_440_000, 0.2)])
def test_as_many_are_below_the_line_as_the_formulas_of_the_docs_tell(kind, size, lifted):
    """`docs/simulation.md`, "In formulas": growth, a shock that hits all for two years, two years of support that
    fades; families of one person with a line of Rp600,000, so that Rp1,440,000 a year is a fifth of it."""
    count, draws, years, growth, hit, left = 2000, 40, 4, 0.05, 0.2, 0.5
    families = nation(count, dynamics=Dynamics.of_matrix(CHAIN), size=np.ones(count))
    own = scheme(effect={"kind": kind, "size": size, "fade": left}, targeting={"rule": "random"})
    tried = scenario([own], shocks=(shock(hazard=1.0, size=hit, fade=left),), years=years, draws=draws, growth=growth,
                     places=count)  # fmt: skip
    tally = simulate(tried, families, 5).tally
    under = np.clip(np.cumsum(CHAIN, axis=1)[:, :4], 1e-13, 1 - 1e-13)
    odds, cuts, loss = np.log(under / (1 - under)), np.log([0.7, 1, 1.5, 3.5]), 0.0
    for year in range(1, years + 1):
        loss = left * loss + (hit * (1 - left * loss) if year <= 2 else 0.0)
        gain = lifted * left ** max(year - 2, 0)
        whole = (1 + growth) ** year * (1 - loss)
        aided = 1 / (whole * (1 + gain)) if kind == "consumption" else (1 - gain) / whole
        before = families.start.mean(axis=0) @ np.linalg.matrix_power(CHAIN, year - 1)
        rungs = tally.rungs, tally.rungs + tally.arms[0]["value"].rungs
        for found, end in zip(rungs, (1 / whole, aided), strict=True):
            below = 1 / (1 + np.exp(-np.array([np.interp(np.log(end), cuts, row) for row in odds])))
            told = found[:, :, year, :2].sum(axis=(0, 2)).mean() / count / 1000
            expected = float(before @ below)
            assert abs(told - expected) < 4.5 * np.sqrt(expected * (1 - expected) / (count * draws)), (year, end)


def test_with_displacement_others_fall():
    own = scheme(effect={"kind": "consumption", "size": 0.5}, displacement={
        "value": 1.0, "basis": "assumption", "source": "test"})  # fmt: skip
    found = simulate(scenario([own], places=60), nation(), 1)
    taking = found.plan.arms[0][0]
    assert 0 < len(taking.pushed) <= 60
    assert not np.isin(taking.pushed, taking.row).any()
    assert found.tally.arms[0]["value"].pairs[:, PAIRS.index("caused")].sum() > 0


@pytest.mark.parametrize("size", [120, 1200])
def test_as_many_are_displaced_as_the_scheme_says_however_few_a_sample_holds(size):
    own = scheme(
        displacement={"value": 0.25, "basis": "assumption", "source": "test"}, ramp=[0.3, 0.6, 1.0], duration=1
    )
    families = nation(size, weight=np.full(size, 1e6 / size))
    lifted, pushed = 0, 0
    for seed in range(40):
        taking = simulate(scenario([own], places=200_000, last=2029, draws=2), families, seed).plan.arms[0][0]
        lifted += families.families[taking.row].sum()
        pushed += families.families[taking.pushed].sum()
        assert len(np.unique(taking.pushed)) == len(taking.pushed)
        assert not np.isin(taking.pushed, taking.row).any()
    assert pushed / lifted == pytest.approx(0.25, rel=0.08)


EXPOSED = {"exposure": "frey_osborne", "scope": {"provinces": ["32"], "working": True}}


def chances(families, seed: int = 1, pieces: int = 1, end: str = "value", **figures):
    """Chance of a family of the scope, and its weight, put together from pieces of the nation."""
    one = scenario(shocks=(shock(**(EXPOSED | figures)),))
    middles, own = prepare(one, families, seed).middles[end], one.shocks[0].shock
    parts = np.array_split(np.arange(len(families)), pieces)
    found = np.concatenate([exposed.chances(own, families.take(rows), end, *middles) for rows in parts])
    inside = within(families, own.scope)[0]
    assert not found[~inside].any()
    return found[inside], families.weight[inside]


@FEW
@given(st.integers(0, 1000), st.floats(0, 1), st.floats(0.01, 20), st.floats(0, 0.9), st.integers(1, 5))
def test_the_mean_chance_lived_is_the_stated_one_however_steep(seed, hazard, steepness, unknown, pieces):
    chance = np.random.default_rng(seed)
    measure = np.where(chance.random(400) < unknown, np.nan, chance.beta(8, 2, 400))
    families = nation(seed=seed, weight=chance.uniform(0.5, 50, 400), exposure={"frey_osborne": measure})
    found, weight = chances(families, pieces=pieces, hazard=hazard, steepness=steepness)
    assert np.average(found, weights=weight) == pytest.approx(hazard, rel=1e-4, abs=1e-9)
    np.testing.assert_array_equal(found, chances(families, hazard=hazard, steepness=steepness)[0])
    known = ~np.isnan(measure[within(families, parts.shock(shock(**EXPOSED, steepness=1), "").scope)[0]])
    assert (found[~known] == hazard).all()


def test_steepness_moves_the_chance_to_the_exposed_and_none_leaves_all_alike():
    families = nation(2000)
    flat, even, steep = (chances(families, hazard=0.02, steepness={
        "value": 3.0, "low": 0.0, "high": 8.0, "basis": "assumption", "source": "test"}, end=end)[0]
        for end in ("low", "value", "high"))  # fmt: skip
    np.testing.assert_allclose(flat, 0.02)
    assert flat.std() < even.std() < steep.std()
    assert flat.mean() == pytest.approx(even.mean()) == pytest.approx(steep.mean())


def test_the_same_loss_is_lived_with_and_without_a_spread_where_all_are_alike():
    families = nation(exposure={"frey_osborne": np.full(400, 0.85)})
    plain, spread = (simulate(scenario(shocks=(shock(**more),)), families, 1).tally
                     for more in ({}, {"exposure": "frey_osborne", "steepness": 3}))  # fmt: skip
    same(plain, spread)


def test_the_robot_wave_hits_as_many_as_its_file_says():
    wave = named("robot-tekstil-jawa").shocks[0].shock
    families = nation(3000, exposure={"frey_osborne": np.random.default_rng(1).uniform(0.73, 0.97, 3000)},
                      working=np.ones(3000, int))  # fmt: skip
    for end, stated in (("low", 0.0), ("value", 0.025), ("high", 0.05)):
        own = exposed.chances(wave, families, end, exposed.middle(wave, families, end))
        inside = within(families, wave.scope)[0]
        assert inside.any()
        assert own[inside].mean() == pytest.approx(stated)
