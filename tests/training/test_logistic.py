"""Small regressions are those of the textbook, their errors hold within clusters, and Holm's correction is Holm's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from models.calibration import sigmoid
from training import logistic

LEVEL = 0.95


def data(seed, clusters=200, each=5):
    """Rows of clusters that share a chance and a fact; the fact says nothing."""
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(clusters), each)
    shared = rng.normal(size=clusters)[code]
    x = rng.normal(size=clusters)[code]
    return np.column_stack([np.ones(len(x)), x]), (rng.random(len(x)) < sigmoid(1.5 * shared)).astype(float), code


def test_it_is_a_logistic_regression_with_weights_and_offset():
    design, y, _ = data(1)
    weight = np.random.default_rng(2).uniform(0.2, 3, len(y))
    peer = LogisticRegression(C=np.inf, tol=1e-10).fit(design[:, 1:], y, weight)
    own = logistic.fit(design, y, weight=weight)
    np.testing.assert_allclose(own, [peer.intercept_[0], peer.coef_[0, 0]], atol=1e-4)
    moved = logistic.fit(design, y, offset=0.7 + 0.2 * design[:, 1], weight=weight)
    np.testing.assert_allclose(moved, own - [0.7, 0.2], atol=1e-8)


def test_a_fact_of_the_cluster_that_says_nothing_is_sure_one_time_in_twenty():
    pick, sure, naive = np.array([0.0, 1.0]), [], []
    for seed in range(300):
        design, y, code = data(seed, clusters=80)
        sure.append(logistic.slope(pick, design, y, code, np.ones(len(y)), LEVEL)[1] < 0.05)
        naive.append(logistic.slope(pick, design, y, np.arange(len(y)), np.ones(len(y)), LEVEL)[1] < 0.05)
    assert np.mean(sure) < 0.09  # 5 % and three standard errors
    assert np.mean(naive) > 0.1  # rows taken for fresh draws would be sure too often


def test_where_the_data_separate_there_is_no_slope():
    x = np.linspace(-1, 1, 200)
    design = np.column_stack([np.ones(200), x])
    told, p = logistic.slope(np.array([0.0, 1.0]), design, (x > 0).astype(float), np.arange(200), np.ones(200), LEVEL)
    assert told == {"value": None, "low": None, "high": None}
    assert p is None


def test_the_interval_leaves_out_zero_where_p_is_small():
    rng = np.random.default_rng(3)
    x = rng.normal(size=2000)
    y = (rng.random(2000) < sigmoid(0.5 * x)).astype(float)
    told, p = logistic.slope(np.array([0.0, 1.0]), np.column_stack([np.ones(2000), x]), y, np.arange(2000),
                             np.ones(2000), LEVEL)  # fmt: skip
    assert told["low"] < 0.5 < told["high"]
    assert told["low"] > 0
    assert p < 1e-10


def test_holm_as_worked_by_hand():
    assert logistic.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert logistic.holm([0.04, None, 0.001]) == [pytest.approx(0.04), None, pytest.approx(0.002)]
    assert logistic.holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_corrected_p_is_no_smaller_keeps_the_order_and_is_at_most_bonferronis(p):
    found = logistic.holm(p)
    assert all(own <= told <= min(1.0, len(p) * own) for own, told in zip(p, found, strict=True))
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(found)[order]) >= 0).all()
