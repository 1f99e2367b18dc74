"""Affine calibration recovers what was bent, and offsets are shrunk."""

from __future__ import annotations

import numpy as np
import pytest

from models.calibration import fit_affine, fit_offsets, log_loss, log_odds, sigmoid


@pytest.fixture(scope="module")
def bent():
    rng = np.random.default_rng(2)
    eta = rng.normal(-2, 1.2, 40_000)
    y = (rng.random(len(eta)) < sigmoid(0.4 + 0.7 * eta)).astype(float)
    return eta, y


def test_it_recovers_intercept_and_slope(bent):
    found = fit_affine(*bent)
    assert found.intercept == pytest.approx(0.4, abs=0.08)
    assert found.slope == pytest.approx(0.7, abs=0.04)


def test_mean_prediction_equals_the_rate(bent):
    eta, y = bent
    assert sigmoid(fit_affine(eta, y).logit(eta)).mean() == pytest.approx(y.mean(), abs=1e-6)


@pytest.mark.parametrize("slope", [None, 0.8])
def test_weights_count_as_copies(bent, slope):
    eta, y = bent[0][:500], bent[1][:500]
    weight = np.arange(500) % 3 + 1
    a = fit_affine(eta, y, weight.astype(float), slope)
    b = fit_affine(np.repeat(eta, weight), np.repeat(y, weight), slope=slope)
    assert (a.intercept, a.slope) == pytest.approx((b.intercept, b.slope))


def test_offsets_follow_the_data_and_shrink_where_there_is_little(bent):
    eta, y = bent
    stratum = np.where(np.arange(len(eta)) < 30_000, 0, 1)
    stratum[-3:] = 2
    raised = y.copy()
    raised[stratum == 1] = np.maximum(raised[stratum == 1], np.arange((stratum == 1).sum()) % 10 == 0)
    raised[-3:] = 1.0
    base = fit_affine(eta, raised)
    found = fit_offsets(base, eta, raised, stratum, 4)
    assert found.offsets[1] > found.offsets[0] + 0.2
    assert abs(found.offsets[2]) < 0.15, "three households say little of a stratum"
    assert found.offsets[3] == 0
    assert log_loss(sigmoid(found.logit(eta, stratum)), raised) < log_loss(sigmoid(base.logit(eta)), raised)
    np.testing.assert_allclose(found.logit(eta[:5], np.full(5, -1)), base.logit(eta[:5]))


def test_log_odds_undo_the_sigmoid_and_keep_certainty_finite():
    eta = np.array([-9.0, 0.0, 3.0])
    assert log_odds(sigmoid(eta)) == pytest.approx(eta)
    assert log_odds(np.array([0.0, 1.0]), 1e-6) == pytest.approx([-np.log(1e6 - 1), np.log(1e6 - 1)])
