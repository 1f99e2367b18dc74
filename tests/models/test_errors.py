"""Lists and what they are worth: the laws, and agreement with a list counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import FLOOR, RHO, Ranked, best_lists, crra, gain, welfare_of_lists
from models.words import BUDGETS
from training.metrics import LISTS, Later, metrics


@st.composite
def families(draw):
    size = draw(st.integers(5, 40))
    score = draw(st.lists(st.sampled_from([0.05, 0.1, 0.4, 0.8]), min_size=size, max_size=size))
    welfare = draw(st.lists(st.floats(0.0, 6.0), min_size=size, max_size=size))
    weight = draw(st.lists(st.sampled_from([0.5, 1.0, 40.0]), min_size=size, max_size=size))
    return np.array(score), np.array(welfare), np.array(weight)


def worth(score, welfare, weight, share, transfer=0.1):
    weights = weight[None, :]
    places = {"list": weights.sum(axis=1) * share}
    best = best_lists(welfare, weights, places, transfer)
    found = welfare_of_lists(Ranked.of(score, weights), welfare, weights, places, transfer, best)
    return {rho: float(found[f"welfare_{rho}_at_list"][0]) for rho in RHO}


def by_hand(score, welfare, weight, share, rho, transfer=0.1):
    """Utility added by the list and by the best list, families one by one, the tied ones sharing the last places."""

    def added(order_by):
        places, total = share * weight.sum(), 0.0
        for value in sorted(set(order_by), reverse=True):
            tied = order_by == value
            part = min(1.0, max(0.0, places / weight[tied].sum()))
            for w, own in zip(weight[tied], welfare[tied], strict=True):
                own = max(own, FLOOR)
                before, after = (math.log(x) if rho == 1 else x ** (1 - rho) / (1 - rho) for x in (own, own + transfer))
                total += part * w * (after - before)
            places -= weight[tied].sum()
            if places <= 0:
                break
        return total

    return added(score) / added(-np.maximum(welfare, FLOOR))


@given(families(), st.sampled_from([0.05, 0.3, 0.9]))
def test_welfare_agrees_with_families_counted_one_by_one(case, share):
    for rho, value in worth(*case, share).items():
        assert value == pytest.approx(by_hand(*case, share, rho), rel=1e-7)


@given(families(), st.sampled_from([0.1, 0.5]))
def test_the_best_list_has_all_the_welfare_and_no_list_has_more(case, share):
    score, welfare, weight = case
    assert worth(-np.maximum(welfare, FLOOR), welfare, weight, share) == pytest.approx(dict.fromkeys(RHO, 1.0))
    assert all(0 < value <= 1 + 1e-9 for value in worth(score, welfare, weight, share).values())


@given(families())
def test_a_list_of_everybody_is_the_best_list(case):
    assert worth(*case, 1.0) == pytest.approx(dict.fromkeys(RHO, 1.0))


def test_equal_scores_are_a_random_list():
    """The list by chance is worth, in the mean, what one gets that gives everybody the same part of a place."""
    rng = np.random.default_rng(3)
    welfare, weight = rng.gamma(2.0, 1.0, 400), np.ones(400)
    drawn = [worth(rng.permutation(400).astype(float), welfare, weight, 0.2)[2] for _ in range(300)]
    even = worth(np.zeros(400), welfare, weight, 0.2)[2]
    assert np.mean(drawn) == pytest.approx(even, abs=4 * np.std(drawn) / np.sqrt(300))


@pytest.mark.parametrize("rho", RHO)
def test_a_transfer_helps_the_poorest_most(rho):
    welfare = np.linspace(FLOOR, 5, 50)
    assert (np.diff(gain(welfare, 0.1, rho)) < 0).all()
    slope = (crra(np.array([2.0 + 1e-6]), rho) - crra(np.array([2.0]), rho)) / 1e-6
    assert slope[0] == pytest.approx(2.0**-rho, rel=1e-4)


@given(families(), st.floats(1.0, 30.0))
def test_errors_of_a_list_fit_together(case, budget):
    score, welfare, weight = case
    y = (welfare < 1).astype(float)
    later = Later(welfare, y * 3, budget=budget).take(np.ones(len(y), dtype=bool), weight[None, :])
    found = {name: float(value[0]) for name, value in metrics(score, y, weight[None, :], later).items()}
    if not 0 < y.sum() < len(y):
        assert all(math.isnan(value) for value in found.values())
        return
    falls, rows = weight @ y, weight.sum()
    for size in (*map(str, BUDGETS), "budget"):
        own = {name: found[f"{name}_at_{size}"] for name in LISTS}
        places = min(budget, rows) if size == "budget" else rows * int(size) / 100
        assert own["exclusion"] == pytest.approx(1 - own["recall"])
        assert own["inclusion"] == pytest.approx(1 - own["precision"])
        assert own["precision"] * places == pytest.approx(own["recall"] * falls)
        assert own["inclusion"] * places == pytest.approx(own["leakage"] * (rows - falls), abs=1e-6)
        # Three months under the line for each fall: the months held are the falls caught.
        assert found[f"months_at_{size}"] == pytest.approx(own["recall"], abs=1e-9)
