"""Ranges of effects, displacement and shocks: corners that are lived, and what a wider range may never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.schemes import beside, ends, outcomes, simulate
from models.schemes.ranges import difference, two_ranges
from models.schemes.run import lived, prepare
from tests.models.schemes.worlds import in_parts, nation, scenario, scheme, shock

FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
PUSHING = {"kind": "consumption", "size": 0.4, "fade": 0.5}


def figure(low, value, high):
    return {"value": value, "low": low, "high": high, "basis": "assumption", "source": "test"}


def effects(result, name, at=0):
    return two_ranges(*(own[name] for own in outcomes.ends(result, at).values()))["effects"]


def test_every_corner_of_what_has_a_range_is_lived_and_no_other():
    own = scheme(displacement=figure(0.1, 0.2, 0.3))
    hit = shock(size=figure(0.1, 0.3, 0.5))
    plan = scenario([own], [scheme()], shocks=(hit,))
    names = [one.name for one in ends.of(plan, plan.arms[0])]
    assert names == ["value", *(f"{a}, displacement {b}, shock {c}" for a in ("low", "high") for b in ("low", "high")
                                for c in ("low", "high"))]  # fmt: skip
    assert [one.name for one in ends.of(plan, plan.arms[1])] == [
        "value", *(f"{a}, shock {c}" for a in ("low", "high") for c in ("low", "high"))]  # fmt: skip
    assert {ends.End.named(name).shock for name in names} == {"value", "low", "high"}
    plain = scenario([scheme()], shocks=(shock(),))
    assert [one.name for one in ends.of(plain, plain.arms[0])] == ["value", "low", "high"]
    result = simulate(plan, nation(), 1)
    assert [set(arm) for arm in result.tally.arms] == [set(names), {one.name for one in ends.of(plan, plan.arms[1])}]
    assert [next(iter(arm)) for arm in result.tally.arms] == ["value", "value"], "the middle is first"
    assert list(result.tally.without) == ["value", "low", "high"]


@FEW
@given(st.integers(0, 1000))
def test_a_scheme_of_no_effect_changes_nothing_at_any_end(seed):
    own = scheme(effect={"kind": "consumption", "size": 0}, displacement=figure(0.0, 0.5, 1.0))
    result = simulate(scenario([own], shocks=(shock(size=figure(0.0, 0.3, 0.6), hazard=figure(0.1, 0.3, 0.9)),)),
                      nation(), seed)  # fmt: skip
    assert len(result.tally.arms[0]) == 9
    for one in result.tally.arms[0].values():
        assert not one.rungs.any()
        assert not one.falls.any()
        assert not one.groups.any()
    for name in ("falls_averted", "relapses_averted", "poor_years_averted", "lasting_24"):
        assert effects(result, name) == [0, 0]


def test_a_shock_of_nothing_has_no_range():
    calm = simulate(scenario([scheme()]), nation(), 2)
    for changed in ({"size": figure(0, 0, 0), "hazard": figure(0.1, 0.3, 0.9)}, {"hazard": 0}):
        found = simulate(scenario([scheme()], shocks=(shock(**changed),)), nation(), 2).to_dict()
        if shocked := found["without"]["shocks"]:
            for row, ends_ in zip(found["without"]["below_line"], shocked["below_line"], strict=True):
                assert ends_["low"] == ends_["high"] == pytest.approx(row["value"])
        assert found["without"]["below_line"] == calm.to_dict()["without"]["below_line"]
        assert found["arms"][0]["outcomes"]["falls_averted"] == calm.to_dict()["arms"][0]["outcomes"]["falls_averted"]


@FEW
@given(st.integers(0, 1000), st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_a_wider_range_of_displacement_never_gives_a_narrower_interval(seed, shares):
    wide_low, low, middle, high, wide_high = sorted(shares)
    found = [simulate(scenario([scheme(effect=PUSHING, displacement=own)], places=20, draws=4), nation(), seed)
             for own in (figure(middle, middle, middle), figure(low, middle, high),
                         figure(wide_low, middle, wide_high))]  # fmt: skip
    for name in ("falls_averted", "poor_years_averted"):
        point, narrow, wide = (effects(one, name) for one in found)
        assert wide[0] <= narrow[0] <= point[0] == point[1] <= narrow[1] <= wide[1]
    assert len({outcomes.of(one, 0, "value")["falls_averted"].tobytes() for one in found}) == 1


@FEW
@given(st.integers(0, 1000), st.sampled_from(["size", "hazard", "fade"]),
       st.lists(st.floats(0, 0.9), min_size=5, max_size=5))  # fmt: skip
def test_a_wider_range_of_a_shock_never_gives_a_narrower_interval(seed, which, values):
    wide_low, low, middle, high, wide_high = sorted(values)
    narrow, wide = (simulate(scenario(shocks=(shock(**{which: own}),), draws=4), nation(), seed).to_dict()["without"]
                    for own in (figure(low, middle, high), figure(wide_low, middle, wide_high)))  # fmt: skip
    if narrow["shocks"] is None:  # all of it is one number
        return
    for year, row in enumerate(narrow["below_line"]):
        one, two = narrow["shocks"]["below_line"][year], wide["shocks"]["below_line"][year]
        assert two["low"] <= one["low"] + 1e-9
        assert two["high"] >= one["high"] - 1e-9
        assert one["low"] - 1e-9 <= row["value"] <= one["high"] + 1e-9


def test_two_arms_that_are_the_same_differ_by_nothing_under_any_shock():
    both = [scheme(effect=PUSHING)]
    result = simulate(scenario(both, both, shocks=(shock(size=figure(0.05, 0.3, 0.8)),)), nation(), 4)
    one, two = (outcomes.ends(result, at) for at in (0, 1))
    assert effects(result, "falls_averted")[0] < effects(result, "falls_averted")[1], "the shock alone gives a range"
    for name in ("falls_averted", "lasting_24", "poor_years_averted"):
        assert difference(name, one, two)["effects"] == [0, 0]


RANGED = {"kind": "consumption", "size": figure(0.05, 0.3, 0.6), "fade": 0.5}


@FEW
@given(st.integers(0, 1000), st.integers(30, 150), st.integers(30, 150), st.booleans())
def test_two_arms_of_the_same_figures_differ_by_the_span_of_their_paired_ends(seed, many, few, pushing):
    """One uncertain figure is one: it is not high in one arm and low in the other."""
    more = {"displacement": figure(0.0, 0.2, 0.6)} if pushing else {}
    hit = shock(size=figure(0.1, 0.3, 0.5))
    result = simulate(scenario(*([scheme(effect=RANGED, places=own, **more)] for own in (many, few)), shocks=(hit,),
                               draws=4), nation(), seed)  # fmt: skip
    one, two = (outcomes.ends(result, at) for at in (0, 1))
    (pair,) = result.to_dict()["differences"]
    assert one.keys() == two.keys()
    for name in ("falls_averted", "relapses_averted", "poor_years_averted"):
        gaps = [float((own[name] - two[end][name]).mean()) for end, own in one.items()]
        assert pair["outcomes"][name]["effects"] == pytest.approx([min(gaps), max(gaps)])
        for arm in (one, two):
            assert difference(name, arm, arm)["effects"] == [0, 0]
    (turned,) = beside.together([beside.Kept("K-1", result.to_dict(), result.paired())])["differences"]
    assert turned["outcomes"] == pair["outcomes"]


@pytest.mark.parametrize("other", [
    {"name": "lain", "effect": RANGED}, {"effect": RANGED | {"size": figure(0.05, 0.3, 0.7)}},
    {"effect": RANGED | {"fade": 0.4}},
])  # fmt: skip
def test_arms_of_other_figures_may_err_apart(other):
    result = simulate(scenario([scheme(effect=RANGED)], [scheme(**other)]), nation(), 3)
    one, two = (outcomes.ends(result, at) for at in (0, 1))
    means = [[float(own["falls_averted"].mean()) for own in arm.values()] for arm in (one, two)]
    (pair,) = result.to_dict()["differences"]
    assert pair["outcomes"]["falls_averted"]["effects"] == pytest.approx(
        [min(means[0]) - max(means[1]), max(means[0]) - min(means[1])])  # fmt: skip


def test_of_several_schemes_the_figures_may_err_apart_though_both_arms_have_them():
    def arm(first, second):
        return [scheme(effect=RANGED, places=first), scheme(effect=RANGED, name="lain", places=second)]

    result = simulate(scenario(arm(150, 10), arm(10, 150)), nation(), 3)
    held = [ends.Uncertain.of(result.assumptions(), f"arm-{at}") for at in (0, 1)]
    assert held[0] == held[1]
    assert held[0].shared(held[1]) == ()
    one = outcomes.ends(result, 0)
    assert difference("falls_averted", one, one)["effects"] == [0, 0], "an arm is always the same as itself"


@pytest.mark.parametrize("threads", [1, 2])
def test_all_ends_are_the_same_on_any_number_of_threads_and_in_any_parts(threads):
    families = nation(300)
    own = scheme(effect=PUSHING, displacement=figure(0.0, 0.3, 0.9))
    plan = prepare(scenario([own], shocks=(shock(hazard=figure(0.1, 0.3, 0.6)),), draws=6), families, 7)
    usual, total = lived(plan, families, 1), in_parts(plan, families, threads)
    for name, alone in usual.without.items():
        np.testing.assert_array_equal(alone.rungs, total.without[name].rungs)
        np.testing.assert_array_equal(alone.events, total.without[name].events)
    for name, arm in usual.arms[0].items():
        np.testing.assert_array_equal(arm.pairs, total.arms[0][name].pairs)
        np.testing.assert_array_equal(arm.rungs, total.arms[0][name].rungs)


def test_growth_of_those_below_is_growth_of_all_where_it_is_the_same_and_its_own_where_not():
    def poor(**own):
        from dataclasses import replace

        from models.schemes.checks import Figure
        from models.schemes.scenario import Below

        plan = scenario(growth=own.get("growth", 0.0))
        if "below" in own:
            plan = replace(plan, growth_below=Below(Figure.assumed(1.8, "lines"), Figure.assumed(
                own["below"], "share a year")))  # fmt: skip
        return simulate(plan, nation(), 1).tally

    def same(one, two):
        np.testing.assert_array_equal(one.rungs, two.rungs)

    same(poor(), poor(below=0.0))
    same(poor(growth=-0.02), poor(growth=-0.02, below=-0.02))
    uniform, spared = poor(growth=-0.02), poor(growth=-0.02, below=-0.005)
    assert spared.events[:, 1:, 3].sum() < uniform.events[:, 1:, 3].sum()
    np.testing.assert_array_equal(spared.rungs[..., 4], uniform.rungs[..., 4])
    assert poor(below=0.01).events[:, 1:, 3].sum() < poor().events[:, 1:, 3].sum()
