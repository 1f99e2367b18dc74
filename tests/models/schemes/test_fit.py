"""Dynamics fitted to a panel: what was put in comes out, and the first year is the score's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.commands import UserError
from models import dynamics
from models.dynamics import GRADES, RUNG_OF, SPELLS, STATES, Dynamics, state_of
from models.schemes.fit import Panel, fit
from models.schemes.nation import indexed, told
from tests.models.schemes.worlds import CHAIN


def panel(count: int = 8000, years: int = 4, seed: int = 1) -> Panel:
    """Families whose log welfare is a lasting part and a passing one; the index is their true chance of being poor."""
    rng = np.random.default_rng(seed)
    lasting = rng.normal(0.6, 0.5, count)
    ratio = np.exp(lasting + rng.normal(0, 0.35, (years, count)))
    from scipy.special import ndtr

    chance = ndtr(-lasting / 0.35)
    return Panel(np.tile(np.arange(count), years), np.repeat(np.arange(years), count), ratio.ravel(),
                 np.tile(told(chance), years), np.tile(np.arange(count) % 20, years), 1, 0.7)  # fmt: skip


@pytest.fixture(scope="module")
def fitted() -> Dynamics:
    return fit(panel())


def test_it_tells_other_families_as_they_are(fitted):
    own = panel(seed=2)
    first, second = own.period == 0, own.period == 1
    ratio, later = own.ratio[first], own.ratio[second]
    rung = np.digitize(ratio, (0.7, 1.0, 1.5, 3.5))
    state = state_of(rung, np.full(len(rung), SPELLS))
    for cut in (0.85, 1.0, 1.5, 3.5):
        chance = fitted.below(state, own.eta[first], float(np.log(cut)))
        for part in (rung < 2, rung == 2, rung == 3, rung == 4):
            assert chance[part].mean() == pytest.approx((later[part] < cut).mean(), abs=0.03), cut
    assert fitted.spread < 0.15  # places do not differ in these families


@pytest.mark.parametrize("extreme", [0.4, 0.5])
def test_from_a_rung_of_few_families_none_leap_to_one_that_nobody_reached(extreme):
    """Where all of a rung are below a cut a year later the index tells nothing of it, and its slope falls below 0."""
    own = panel(count=3000, years=3)._replace(extreme=extreme)
    own = own._replace(eta=own.eta / 3 - 2)  # a score that is below what it should be, as one that is long past
    ratio, index = own.ratio.reshape(3, -1), own.eta.reshape(3, -1)
    now, then, eta = ratio[:-1].ravel(), ratio[1:].ravel(), index[:-1].ravel()
    there = now < extreme
    assert there.sum() > 30
    assert then[there].max() < 3.5
    law = fit(own, variants=2)
    for age in range(2):
        reached = law.transitions(np.clip(eta[there], law.low, law.high), age)[:, 0, -1]
        assert reached.mean() < 0.1 / there.sum()


@pytest.mark.parametrize("extreme", [0.7, 0.8, 0.95])
def test_the_poor_who_are_near_the_line_are_those_it_was_fitted_to(extreme):
    """Where the extreme line is close to the cut that tells them apart, all of the poor are near."""
    law, own = fit(panel()._replace(extreme=extreme)), panel(seed=2)
    cut = max(float(np.exp(law.cuts[law.begins[1]])), extreme)
    assert cut == pytest.approx({0.7: 0.85, 0.8: 0.8, 0.95: 0.95}[extreme])
    now, then, index = own.ratio[own.period == 1], own.ratio[own.period == 2], own.eta[own.period == 1]
    there = (now >= cut) & (now < 1)
    chances = law.transitions(np.clip(index[there], law.low, law.high), 1)[:, 2]
    assert chances[:, :3].sum(axis=1).mean() == pytest.approx((then[there] < 1).mean(), abs=0.05)


def test_its_variants_lie_around_it(fitted):
    gap = fitted.level[1:] - fitted.level[0]
    assert fitted.variants == 21
    assert (gap.std(axis=0) > 0).mean() > 0.9
    assert np.abs(gap[:, 0, :, 5:8]).mean() < 0.6


def test_they_err_for_the_whole_nation_by_what_its_headcount_moves_in_as_many_years(fitted):
    one, two, three = (dynamics.moves_in(years) for years in (1, 2, 3))
    assert 0.02 < one < 0.1  # 11.96 % in 2012, 8.07 % in 2026: about a 20th of the odds a year
    assert one < two < three < 3 * one
    many = replace(fitted, level=np.repeat(fitted.level[:1], 2001, axis=0),
                   slope=np.repeat(fitted.slope[:1], 2001, axis=0), spread=0.1)  # fmt: skip
    offset = many.law(400, 1).offset  # variants x ages x provinces
    nation = offset.mean(axis=2)
    np.testing.assert_allclose(nation.std(axis=0), [one, two], rtol=0.06)
    assert np.corrcoef(nation.T)[0, 1] > 0.99  # a good year is followed by good ones
    assert (offset - offset.mean(axis=2, keepdims=True)).std() == pytest.approx(0.1, rel=0.02)
    few = replace(many, level=many.level[:21], slope=many.slope[:21], spread=0.0).law(3, 5).offset
    assert abs(few.mean()) < 1e-12  # twenty errors of the nation lean to no side
    assert few[:, 0, 0].std() == pytest.approx(one, rel=0.05)
    assert not Dynamics.of_matrix(CHAIN).law(5, 1).offset.any()  # what is named as known errs nowhere


def test_with_two_years_alone_later_years_are_as_the_first():
    own = fit(panel(years=2))
    np.testing.assert_array_equal(own.level[:, 0], own.level[:, 1])


def test_too_few_families_are_refused():
    with pytest.raises(UserError, match="families seen in two years running; the dynamics needs 500"):
        fit(panel(count=300, years=2))


def test_bytes_are_read_back(fitted):
    again = dynamics.read(dynamics.to_bytes(fitted))
    assert dynamics.to_bytes(again) == dynamics.to_bytes(fitted)
    np.testing.assert_array_equal(again.level, fitted.level)


@given(st.integers(0, 1000))
def test_the_index_brings_the_first_year_to_the_chance(seed):
    own, rng = Dynamics.of_matrix(CHAIN), np.random.default_rng(seed)
    law = Dynamics(own.cuts, own.extreme, own.level, np.full((1, 2, 4, 5), 0.7))
    start = rng.dirichlet(np.ones(5), 30)
    spell, chance = rng.integers(1, 4, 30), rng.uniform(0.01, 0.6, 30)
    eta = indexed(start, spell, chance, law)
    above = start[:, 2:] / start[:, 2:].sum(axis=1, keepdims=True)
    found = sum(above[:, at] * law.below(state_of(np.full(30, at + 2), spell), eta, 0.0) for at in range(3))
    np.testing.assert_allclose(found, chance, atol=1e-6)
    either = indexed(start, spell, chance, law, np.ones(30, bool))
    whole = sum(start[:, at] * law.below(state_of(np.full(30, at), spell), either, 0.0) for at in range(5))
    np.testing.assert_allclose(whole, chance, atol=1e-6)


def test_a_matrix_that_is_none_is_refused():
    with pytest.raises(UserError, match="each row adding up to 1"):
        Dynamics.of_matrix(CHAIN * 0.9)
    found = Dynamics.of_matrix(CHAIN).transitions(np.zeros(3), 1)
    assert found.shape == (3, STATES, len(GRADES))
    assert not found[:, :, 1].any()  # a matrix knows of no poor that are farther from the line than others
    rungs = np.delete(found[2], 1, axis=1)
    np.testing.assert_allclose(rungs[np.searchsorted(RUNG_OF, np.arange(5))], CHAIN, atol=1e-9)
