"""What the coverage of simulated falls is judged by: plain arithmetic on lives that are given."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import _coverage_scenarios as scenarios
from benchmarks._coverage_truth import Later, averted
from models.schemes.parts import EFFECTS, RULES
from tests.models.schemes.worlds import nation, scenario, scheme, shock

LINE = 12_000_000.0
"""Rupiah a year that are one line for a family."""


def lives(*years: list[float]) -> Later:
    """Four families, by year."""
    return Later(np.array(years), np.full((len(years), 4), LINE))


def four():
    return nation(4, start=np.tile(np.eye(5)[3], (4, 1)), weight=np.full(4, 10.0), working=np.ones(4, np.int64))


def told(effect, *years: list[float], shocks=(), **changed) -> float:
    """Families averted: all four take part from the first year on."""
    plan = scenario([scheme(effect=effect, **changed)], years=len(years), places=1000, shocks=shocks)
    return averted(plan, four(), lives(*years), 1)[0]


@pytest.mark.parametrize(("effect", "changed", "ratios", "wanted"), [
    # .84 x 1.2 = 1.008 and .83 x 1.2 = .996: the first is kept up
    ({"kind": "consumption", "size": 0.2}, {}, ([0.84, 0.83, 1.1, 2.0],), 10),
    # 1.8 million are .15 lines: .86 is kept up, .84 is not
    ({"kind": "income", "size": 3_600_000, "share": 0.5}, {}, ([0.86, 0.84, 1.1, 2.0],), 10),
    # a year of support and half of it left in the next: 1.1 x .92 = 1.012, 1.1 x .90 = .99
    ({"kind": "consumption", "size": 0.2, "fade": 0.5}, {"duration": 1}, ([1.1] * 4, [0.92, 0.90, 1.1, 2.0]), 10),
    # for nobody, for nothing
    ({"kind": "consumption", "size": 0.2, "reach": 0.0}, {}, ([0.84, 0.9, 0.95, 0.99],), 0),
    ({"kind": "none", "size": 0}, {}, ([0.84, 0.9, 0.95, 0.99],), 0),
])  # fmt: skip
def test_what_a_scheme_averts_is_what_its_file_says(effect, changed, ratios, wanted):
    assert told(effect, *ratios, **changed) == wanted


def test_a_shock_takes_a_share_and_protection_keeps_its_part_off():
    hit = shock(hazard=1.0, size=0.5, fade=0.0)
    keep = {"kind": "protection", "against": "job_loss", "size": 0.6}
    # half is lost: 1.9 falls to .95; with .6 of the loss kept off to 1.9 x .8 = 1.52. 1.2 falls to .6, with it to .96.
    assert told(keep, [1.9, 1.2, 2.1, 0.9], shocks=(hit,)) == 10
    assert told(keep, [1.9, 1.2, 2.1, 0.9]) == 0  # without the shock there is nothing to keep off
    plan = scenario(years=1, shocks=(hit,))
    assert averted(plan, four(), lives([1.9, 1.2, 2.1, 0.9]), 1)[0] == 20  # two fall by it; one would have anyway


def test_the_rest_of_a_shock_is_a_share_of_the_loss():
    plan = scenario(years=3, shocks=(shock(hazard=1.0, size=0.4, fade=0.5),))  # is about in the first two years
    # The third year keeps .4 x .25 = .1 of the first hit and .4 x .5 = .2 of the second: 1.4 x .9 x .8 = 1.008.
    three = lives([9.0] * 4, [9.0] * 4, [1.4, 1.38, 1.0, 0.99])
    assert averted(plan, four(), three, 1)[0] == 20  # 1.38 and 1.0 fall by it, .99 anyway


def test_others_are_pushed_down_by_as_much():
    own = nation(4, start=np.tile(np.eye(5)[3], (4, 1)), weight=np.full(4, 10.0), working=np.ones(4, np.int64),
                 province=four().province.__class__.of(np.array(["32"] * 4)),
                 section=four().section.__class__.of(np.array(["C"] * 4)))  # fmt: skip
    plan = scenario([scheme(effect={"kind": "income", "size": 3_600_000}, displacement=1.0)], years=1, places=20)
    found, rows = averted(plan, own, lives([1.2] * 4), 1)  # .3 lines up do nothing here, .3 lines down are a fall
    assert (found, rows) == (-20, 2)


def test_every_kind_of_effect_every_rule_and_every_shock_comes_up():
    families, chance = nation(3000, weight=np.full(3000, 50.0)), np.random.default_rng(2)
    plans = [scenarios.draw(kind, families, 2026, 3, 10, chance) for kind in scenarios.KINDS for _ in range(40)]
    planned = [one for plan in plans for arm in plan.arms for one in arm.schemes]
    assert {one.scheme.effect.kind for one in planned} == set(EFFECTS) - {"none"}
    assert {one.scheme.rule for one in planned} == set(RULES)
    assert {one.shock.name for plan in plans for one in plan.shocks} == set(scenarios.SHOCKS)
    assert {one.scheme.approach for one in planned} >= {"jobs", "ecosystem", "training", "cash", "insurance"}
    assert any(one.scheme.displacement.value > 0 for one in planned)
    assert any(len(one.scheme.ramp) > 1 for one in planned)
