"""Baselines: each with the same interface, each what its source says, left out with a reason where it cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features.registry import Feature
from models.baselines import LEARNERS, NAMES, PLAIN, Sample, lacks
from models.baselines.expected import three_steps
from models.calibration import log_loss

QUICK = {"random_forest": {"min_samples_leaf": 5, "max_features": 0.5, "max_samples": 0.9},
         "xgboost": dict(LEARNERS["xgboost"].usual), "catboost": dict(LEARNERS["catboost"].usual)}  # fmt: skip


def feature(name: str, choices: tuple[str, ...] = ()) -> Feature:
    return Feature(name, "", lambda c: c, "household", "", -np.inf, np.inf, choices, (), ("survey", "registry"), False,
                   0, False, False, None)  # fmt: skip


@pytest.fixture(scope="module")
def sample() -> Sample:
    rng = np.random.default_rng(2)
    n = 1500
    school, town = rng.integers(0, 5, n).astype(float), rng.integers(0, 3, n).astype(float)
    lasting = 0.4 * (school - 2) + 0.3 * (town - 1) + rng.normal(0, 0.3, n)
    ratio = np.exp(0.8 + lasting + rng.normal(0, 0.2, n))
    later = np.exp(0.8 + lasting + rng.normal(0, 0.4, n))
    X = np.column_stack([school, town, ratio]).astype(np.float32)
    X[rng.random(n) < 0.1, 0] = np.nan
    at_risk = ratio >= 1
    whole = Sample((feature("school"), feature("town", ("a", "b", "c")), feature("welfare")), X, ratio,
                   rng.choice([0.0, 1.0, np.nan], n), rng.integers(0, 12, n).astype(float), rng.integers(0, 2, n),
                   (later < 1).astype(float), rng.integers(0, 3, n))  # fmt: skip
    return replace(whole.take(at_risk), everyone=(X, ratio))


def fitted(name: str, sample: Sample):
    if name in PLAIN:
        return PLAIN[name][0](sample)
    return LEARNERS[name].fit(sample, QUICK[name] | {"rounds": 60}, 1, 1)[0]


@pytest.mark.parametrize("name", NAMES)
def test_each_answers_a_probability_for_every_row(sample, name):
    assert lacks(name, sample) is None
    p = fitted(name, sample).predict(sample)
    assert p.shape == (len(sample),)
    assert ((p > 0) & (p < 1)).all()
    assert p.mean() == pytest.approx(sample.hard.mean(), abs=0.03)
    assert log_loss(p, sample.hard) < log_loss(np.full(len(p), sample.hard.mean()), sample.hard) + 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_the_same_rows_give_the_same_answer(sample, name):
    half = sample.take(np.arange(len(sample)) % 2 == 0)
    model = fitted(name, sample)
    np.testing.assert_allclose(model.predict(sample)[::2], model.predict(half), rtol=1e-5)
    np.testing.assert_array_equal(fitted(name, sample).predict(half), model.predict(half))


@pytest.mark.parametrize(
    ("name", "gone", "said"),
    [
        ("welfare_rule", "ratio", "needs welfare"),
        ("welfare_rank", "ratio", "needs welfare"),
        ("expected_poverty", "ratio", "needs welfare"),
        ("logistic_pmt", "ratio", "needs welfare"),
        ("last_status", "last_poor", "needs the status before"),
        ("logistic_hazard", "duration", "needs earlier rows with"),
    ],
)
def test_what_it_cannot_do_without_is_said(sample, name, gone, said):
    assert said in lacks(name, replace(sample, **{gone: np.full(len(sample), np.nan)}))


def test_the_rank_never_rises_with_welfare(sample):
    p = fitted("welfare_rank", sample).predict(sample)
    assert (np.diff(p[np.argsort(sample.ratio)]) <= 1e-12).all()


def test_a_proxy_means_test_does_not_see_welfare(sample):
    other = replace(sample, X=np.column_stack([sample.X[:, :2], sample.X[::-1, 2]]))
    for name in ("logistic_pmt", "expected_poverty"):
        model = fitted(name, sample)
        np.testing.assert_array_equal(model.predict(sample), model.predict(other))


def test_three_steps_find_the_mean_and_the_variance_they_were_made_of():
    rng = np.random.default_rng(4)
    Z = np.column_stack([np.ones(60_000), rng.uniform(0, 1, 60_000)])
    y = Z @ [1.0, 0.5] + rng.normal(0, 1, 60_000) * np.sqrt(Z @ [0.1, 0.8])
    mean, variance, _ = three_steps(Z, y)
    np.testing.assert_allclose(mean, [1.0, 0.5], atol=0.02)
    np.testing.assert_allclose(variance, [0.1, 0.8], atol=0.03)
    # Weighted by its own variance it errs less than least squares, which is why there are three steps.
    plain = np.linalg.lstsq(Z, y, rcond=None)[0]
    assert np.abs(mean - [1.0, 0.5]).sum() < np.abs(plain - [1.0, 0.5]).sum() + 0.01


def test_a_hazard_that_falls_with_the_spell_is_found(sample):
    rng = np.random.default_rng(6)
    p = 0.35 / (1 + sample.duration)
    own = replace(sample, hard=(rng.random(len(sample)) < p).astype(float))
    found = fitted("logistic_hazard", own).predict(own)
    assert np.corrcoef(found, p)[0, 1] > 0.8
