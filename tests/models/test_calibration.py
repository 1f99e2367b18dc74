"""Affine calibration recovers what was bent, and offsets are shrunk."""

from __future__ import annotations

import numpy as np
import pytest

from models.calibration import Affine, fit_affine, fit_offsets, log_loss, log_odds, sigmoid


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


def test_an_offset_counts_for_its_stratum_alone_and_without_one_nothing_is_added():
    own, eta = Affine(0.5, 2.0, np.array([1.0, -3.0])), np.array([0.1, 0.1, 0.1])
    assert own.logit(eta, np.array([0, 1, -1])) == pytest.approx([1.7, -2.3, 0.7])
    assert own.logit(eta) == pytest.approx([0.7] * 3)
    bare = Affine(0.5, 2.0, np.empty(0))
    assert bare.logit(eta, np.array([0, 1, -1])) == pytest.approx([0.7] * 3)


def test_chances_keep_away_from_none_and_all():
    assert sigmoid(np.array([-1000.0, -41.0, -40.0, 0.0, 2.0])) == pytest.approx(
        [1 / (1 + np.exp(40))] * 3 + [0.5, 1 / (1 + np.exp(-2))], rel=1e-12)  # fmt: skip
    assert sigmoid(np.array([-39.9]))[0] > sigmoid(np.array([-40.0]))[0]
    np.testing.assert_allclose(
        log_odds(np.array([0.0, 0.25, 1.0])), [-np.log(1e12), -np.log(3), np.log(1e12)], rtol=1e-5
    )
    p, y = np.array([0.0, 0.8, 1.0]), np.array([0.0, 0.5, 1.0])
    assert log_loss(p, y) == pytest.approx(-(np.log(0.8) + np.log(0.2)) / 6)
    assert log_loss(p, y, np.array([1.0, 3.0, 0.0])) == pytest.approx(-(np.log(0.8) + np.log(0.2)) / 2 * 0.75)
    assert log_loss(np.array([0.0, 1.0]), np.array([1.0, 0.0])) == pytest.approx(np.log(1e12), rel=1e-4)


def test_a_fit_is_where_the_sums_agree_however_far_it_begins(bent):
    eta, y = bent[0][:2000], bent[1][:2000]
    weight = np.where(eta > -2, 3.0, 0.5)
    for own, w in ((fit_affine(eta * 9 + 50, y, weight), weight), (fit_affine(eta * 9 + 50, y), np.ones(2000))):
        p = sigmoid(own.logit(eta * 9 + 50))
        assert (w * (y - p)).sum() == pytest.approx(0, abs=1e-6)
        assert (w * (y - p) * eta).sum() == pytest.approx(0, abs=1e-6)
    given_ = fit_affine(eta * 9 + 50, y, slope=0.5)
    assert given_.slope == 0.5
    assert len(given_.offsets) == 0
    assert sigmoid(given_.logit(eta * 9 + 50)).mean() == pytest.approx(y.mean(), abs=1e-9)
    for rate in (0.0, 1.0):  # nobody fell, or everybody: as sure as a rate can be, and no number that is none
        for slope in (None, 0.7):
            all_ = fit_affine(eta, np.full(2000, rate), slope=slope)
            assert abs(sigmoid(all_.logit(eta)).mean() - rate) < 1e-6
            assert np.isfinite([all_.intercept, all_.slope]).all()


def test_an_offset_weighs_against_thirty_rows_of_nothing(bent):
    eta, y, stratum = bent[0][:900], bent[1][:900], np.arange(900) % 3 - 1
    base = Affine(0.9, 0.7, np.empty(0))
    for prior, asked in ((30.0, {}), (4.0, {"prior_rows": 4.0})):
        found = fit_offsets(base, eta, y, stratum, 2, **asked)
        assert (found.intercept, found.slope) == (0.9, 0.7)
        left = y - sigmoid(found.logit(eta, stratum))
        for code in (0, 1):
            assert left[stratum == code].sum() == pytest.approx(prior * found.offsets[code], abs=1e-9)
            assert abs(found.offsets[code]) > 0.1
