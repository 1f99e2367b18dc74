"""The metrics agree with scikit-learn, with a list counted by hand, and their intervals hold the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from models.calibration import sigmoid
from models.words import BUDGETS
from training.judge import Resamples, summaries, summary
from training.metrics import NAMES, metrics


def one(p, y, weights=None):
    weights = np.ones(len(p)) if weights is None else np.asarray(weights, dtype=float)
    found = metrics(np.asarray(p, dtype=float), np.asarray(y, dtype=float), weights[None, :])
    return {name: float(values[0]) for name, values in found.items()}


@st.composite
def judged(draw):
    size = draw(st.integers(4, 60))
    # Few distinct scores, so that ties are common; weights of very different size, zero among them.
    p = draw(st.lists(st.sampled_from([0.01, 0.1, 0.25, 0.5, 0.9]), min_size=size, max_size=size))
    y = draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    w = draw(st.lists(st.sampled_from([0.0, 0.3, 1.0, 7.0, 2500.0]), min_size=size, max_size=size))
    return np.array(p), np.array(y, dtype=float), np.array(w)


@given(judged())
def test_they_agree_with_scikit_learn(case):
    p, y, w = case
    found = one(p, y, w)
    if not 0 < w @ y < w.sum():
        assert all(math.isnan(value) for value in found.values())
        return
    expected = {
        "auc": roc_auc_score(y, p, sample_weight=w),
        "average_precision": average_precision_score(y, p, sample_weight=w),
        "log_loss": log_loss(y, p, sample_weight=w, labels=[0, 1]),
        "brier": brier_score_loss(y, p, sample_weight=w),
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name
    rate = w @ y / w.sum()
    assert found["brier_skill"] == pytest.approx(1 - expected["brier"] / (rate * (1 - rate)), rel=1e-6, abs=1e-9)
    assert found["expected_over_observed"] == pytest.approx(w @ p / (w @ y), rel=1e-9)


@given(judged(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(case, random):
    p, y, w = case
    order = list(range(len(p)))
    random.shuffle(order)
    a, b = one(p, y, w), one(p[order], y[order], w[order])
    # Where a few rows all but separate, no slope is determined.
    for name in set(NAMES) - {"calibration_slope"}:
        assert a[name] == pytest.approx(b[name], rel=1e-6, abs=1e-7, nan_ok=True), name


def test_single_precision_weights_change_nothing_that_is_shown():
    rng = np.random.default_rng(5)
    p, w = rng.random(30_000), rng.gamma(1.0, 900.0, 30_000)
    y = (rng.random(30_000) < p / 3).astype(float)
    exact, stored = one(p, y, w), metrics(p, y, w.astype(np.float32)[None, :])
    for name in [name for name in NAMES if not np.isnan(exact[name])]:
        assert float(stored[name][0]) == pytest.approx(exact[name], abs=2e-6), name


def test_one_class_under_single_precision_weights_is_not_defined():
    rng = np.random.default_rng(6)
    p, w = rng.random(999), rng.random((3, 999)).astype(np.float32)
    for y in (np.zeros(999), np.ones(999)):
        assert all(np.isnan(values).all() for values in metrics(p, y, w).values())


def test_a_list_counted_by_hand():
    # Twenty households; the top 5 % is one place, 10 % two, 20 % four, 30 % six.
    p = np.linspace(0.95, 0.0, 20)
    y = np.zeros(20)
    y[[0, 2, 3, 9]] = 1
    found = one(p, y)
    assert [found[f"recall_at_{k}"] for k in BUDGETS] == pytest.approx([1 / 4, 1 / 4, 3 / 4, 3 / 4])
    assert [found[f"precision_at_{k}"] for k in BUDGETS] == pytest.approx([1, 1 / 2, 3 / 4, 3 / 6])
    assert found["average_precision"] == pytest.approx((1 / 1 + 2 / 3 + 3 / 4 + 4 / 10) / 4)


def test_equal_scores_share_their_places_evenly():
    # One household on top, then ten equal ones holding four falls: the second place of ten catches .4 of a fall.
    p = np.array([0.9] + [0.5] * 10 + [0.1] * 9)
    y = np.array([1] + [1, 0, 1, 0, 1, 0, 1, 0, 0, 0] + [0] * 9, dtype=float)
    found = one(p, y)
    assert found["recall_at_5"] == pytest.approx(1 / 5)
    assert found["recall_at_10"] == pytest.approx((1 + 0.4) / 5)
    assert found["recall_at_30"] == pytest.approx((1 + 5 * 0.4) / 5)
    assert found["precision_at_10"] == pytest.approx(1.4 / 2)


def test_a_place_is_as_long_as_its_weight():
    # Ten per cent of the weight is the first household and half of the second.
    p, y = np.array([0.9, 0.8, 0.1]), np.array([1.0, 1.0, 0.0])
    assert one(p, y, [5, 10, 85])["recall_at_10"] == pytest.approx(10 / 15)


def test_all_equal_scores_are_chance():
    found = one(np.full(40, 0.2), np.array([1.0] * 10 + [0.0] * 30))
    assert found["auc"] == 0.5
    assert found["average_precision"] == 0.25
    assert [found[f"recall_at_{k}"] for k in BUDGETS] == pytest.approx([k / 100 for k in BUDGETS])
    assert math.isnan(found["calibration_slope"])


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.5, 1.5), (2.0, -2.0), (0.3, 3.0)])
def test_slope_and_intercept_are_those_of_an_unpenalised_logistic_regression(scale, shift):
    rng = np.random.default_rng(7)
    eta = rng.normal(-2, 1, 3000)
    y = (rng.random(3000) < sigmoid(eta)).astype(float)
    weights = np.vstack([rng.gamma(2.0, 1.0, 3000), *(rng.multinomial(3000, np.full(3000, 1 / 3000), size=6))])
    told = scale * eta + shift
    found = metrics(sigmoid(told), y, weights)
    for row, w in enumerate(weights):
        fitted = LogisticRegression(C=np.inf, tol=1e-10).fit(told[:, None], y, sample_weight=w)
        assert found["calibration_slope"][row] == pytest.approx(fitted.coef_[0, 0], rel=1e-3)
        gap = found["calibration_intercept"][row]
        assert w @ sigmoid(told + gap) == pytest.approx(w @ y, rel=1e-3)


def test_a_calibrated_score_has_slope_one_and_no_error():
    rng = np.random.default_rng(8)
    eta = rng.normal(-2, 1.2, 60_000)
    p, y = sigmoid(eta), (rng.random(60_000) < sigmoid(eta)).astype(float)
    found = one(p, y)
    assert found["calibration_slope"] == pytest.approx(1, abs=0.05)
    assert found["calibration_intercept"] == pytest.approx(0, abs=0.05)
    assert found["expected_over_observed"] == pytest.approx(1, abs=0.03)
    assert found["ece"] < 0.006


def _clustered(rng, clusters, size):
    """Outcomes of clusters that share a shock, and a score that does not know it."""
    eta = rng.normal(-1.2, 1, (clusters, size))
    y = rng.random((clusters, size)) < sigmoid(eta + rng.normal(0, 0.8, (clusters, 1)))
    return sigmoid(eta).ravel(), y.ravel().astype(float), np.repeat(np.arange(clusters), size)


def test_intervals_over_clusters_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(9)
    p, y, _ = _clustered(rng, 4000, 10)
    truth = {name: one(p, y)[name] for name in ("auc", "brier", "recall_at_10")}
    held = dict.fromkeys(truth, 0)
    trials = 120
    for trial in range(trials):
        p, y, cluster = _clustered(rng, 60, 10)
        drawn = Resamples.of(cluster, np.ones(len(p)), 150, seed=trial)
        found = metrics(p, y, drawn.weights)
        for name, value in truth.items():
            low, high = np.quantile(found[name][1:], [0.025, 0.975])
            held[name] += low <= value <= high
    # 95 % nominal; percentile intervals on 60 clusters run a little short, chance adds about 2 points.
    for name, number in held.items():
        assert 0.86 <= number / trials <= 1.0, (name, number / trials)


def test_resamples_draw_whole_clusters_and_start_with_the_sample_itself():
    cluster = np.array(["a", "a", "b", "c", "c", "c"])
    weight = np.array([1.0, 2, 3, 4, 5, 6])
    drawn = Resamples.of(cluster, weight, 50, seed=1)
    np.testing.assert_array_equal(drawn.counts[0], 1)
    np.testing.assert_allclose(drawn.weights, drawn.counts * weight)
    for name in "abc":
        own = drawn.counts[:, cluster == name]
        assert (own == own[:, :1]).all()
    np.testing.assert_array_equal(drawn.counts[:, [0, 2, 3]].sum(axis=1), 3)
    np.testing.assert_array_equal(drawn.counts, Resamples.of(cluster, weight, 50, seed=1).counts)
    np.testing.assert_array_equal(drawn.some(cluster == "c").weights, drawn.weights[:, 3:])


def test_a_resample_of_one_score_has_no_slope_and_stops_nothing():
    """National weights: a ridge of fixed size was swallowed by them."""
    p = np.full(200, 0.06)
    p[:2] = 0.2
    y = (np.arange(200) % 10 == 0).astype(float)
    weights = np.random.default_rng(3).multinomial(200, np.full(200, 1 / 200), 100).astype(np.float32)
    found = {scale: metrics(p, y, weights * scale, names=("calibration_slope",)) for scale in (1.0, 1e5)}
    np.testing.assert_allclose(found[1e5]["calibration_slope"], found[1.0]["calibration_slope"], rtol=0.1)


@pytest.mark.parametrize("seed", range(5))
def test_the_interval_of_the_calibration_error_holds_it_and_chance_is_taken_off(seed):
    """Risks that are right, with few falls: percentiles of the plain ECE lie above the ECE of the sample itself."""
    rng = np.random.default_rng(seed)
    p = rng.beta(2, 20, 1500)
    y = (rng.random(1500) < p).astype(float)
    draws = Resamples.of(np.arange(1500) // 2, np.ones(1500), 200, seed)
    found = metrics(p, y, draws.weights)
    plain, own = summary(found["ece"], 0.95), summaries(found, 0.95)["ece"]
    assert own["low"] <= own["value"] <= own["high"]
    assert own["value"] < plain["value"] < np.mean(found["ece"][1:])
    off = metrics(p / 2, y, draws.weights)
    told = summaries(off, 0.95)["ece"]
    assert told["low"] > 0
    assert told["value"] == pytest.approx((p / 2).mean(), abs=0.02)
    gap = summaries({"ece": found["ece"] - off["ece"]}, 0.95, ("ece",), gaps=True)["ece"]
    assert gap["low"] <= gap["value"] <= gap["high"] < 0
