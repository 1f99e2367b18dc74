"""The additive part agrees with scikit-learn's ridge logistic regression on the same columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.linear_model import LogisticRegression

from models import additive


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(3000, 3)).astype(np.float32)
    X[:, 2] = rng.integers(0, 4, 3000)
    X[rng.random((3000, 3)) < 0.1] = np.nan
    y = (rng.random(3000) < 1 / (1 + np.exp(1 - np.nan_to_num(X[:, 0]) ** 2))).astype(float)
    return X, y


def test_it_is_a_ridge_logistic_regression(data):
    X, y = data
    binnings = tuple(additive.cut(X[:, i], categorical=i == 2) for i in range(3))
    codes = np.column_stack([b.codes(X[:, i]) for i, b in enumerate(binnings)])
    own = additive.fit(codes, binnings, y, penalty=10.0).eta(X)
    design = np.column_stack([b.design[codes[:, i]] for i, b in enumerate(binnings)]).astype(float)
    peer = LogisticRegression(C=1 / 10.0, tol=1e-10, max_iter=5000).fit(design, y).decision_function(design)
    np.testing.assert_allclose(own, peer, atol=2e-3)


def test_a_straight_effect_is_told_as_well_as_by_a_plain_regression():
    """Few rows, as many steps as columns of a regression four times over: they must not cost what a line tells."""
    gaps = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(11_500, 12)).astype(np.float32)
        eta = X[:, :6] @ rng.normal(0, 0.7, 6) - 3
        y = (rng.random(len(X)) < 1 / (1 + np.exp(-eta))).astype(float)
        few = slice(0, 1500)
        binnings = tuple(additive.cut(X[few, i], categorical=False).straight() for i in range(12))
        codes = np.column_stack([b.codes(X[few, i]) for i, b in enumerate(binnings)])
        own = additive.fit(codes, binnings, y[few], penalty=30.0).eta(X[1500:])
        plain = LogisticRegression(C=1 / 30.0).fit(X[few], y[few]).decision_function(X[1500:])
        gaps.append(np.corrcoef(own, eta[1500:])[0, 1] - np.corrcoef(plain, eta[1500:])[0, 1])
    assert np.mean(gaps) > -0.01


def test_many_rows_bend_it():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(40_000, 1)).astype(np.float32)
    y = (rng.random(len(x)) < 1 / (1 + np.exp(3 - 2 * (x[:, 0] < -0.5)))).astype(float)
    binning = (additive.cut(x[:, 0], categorical=False).straight(),)
    eta = additive.fit(binning[0].codes(x[:, 0])[:, None], binning, y, penalty=100.0).eta(x)
    middle = (x[:, 0] > 0) & (x[:, 0] < 1)
    low = (x[:, 0] < -1) & (x[:, 0] > -2)
    slope = eta[low].mean() - eta[middle].mean()
    assert slope == pytest.approx(2.0, abs=0.45)


def test_soft_labels_are_used(data):
    X, y = data
    binnings = tuple(additive.cut(X[:, i], categorical=i == 2) for i in range(3))
    codes = np.column_stack([b.codes(X[:, i]) for i, b in enumerate(binnings)])
    soft = additive.fit(codes, binnings, 0.1 + 0.8 * y, penalty=1.0).eta(X)
    twice = np.concatenate([np.ones(len(y)), np.zeros(len(y))])
    weights = np.concatenate([0.1 + 0.8 * y, 0.9 - 0.8 * y])
    design = np.column_stack([b.design[codes[:, i]] for i, b in enumerate(binnings)]).astype(float)
    peer = LogisticRegression(C=1.0, tol=1e-10, max_iter=5000).fit(np.vstack([design, design]), twice, weights)
    np.testing.assert_allclose(soft, peer.decision_function(design), atol=2e-3)


@given(arrays(np.float32, st.integers(1, 200), elements=st.one_of(st.just(np.nan), st.floats(-1e6, 1e6, width=32))),
       st.booleans())  # fmt: skip
def test_bins_hold_every_value_and_count_it(values, categorical):
    binning = additive.cut(values, categorical)
    codes = binning.codes(values)
    assert len(binning.counts) <= additive.MAX_BINS + 1
    assert (codes[np.isnan(values)] == len(binning.counts) - 1).all()
    np.testing.assert_array_equal(np.bincount(codes, minlength=len(binning.counts)), binning.counts)
    assert len(binning.design) == len(binning.counts)
    assert np.isfinite(binning.design).all()


def test_what_is_given_as_offset_needs_no_coefficient(data):
    X, y = data
    binnings = tuple(additive.cut(X[:, i], categorical=i == 2) for i in range(3))
    codes = np.column_stack([b.codes(X[:, i]) for i, b in enumerate(binnings)])
    free = additive.fit(codes, binnings, y, penalty=1e-3)
    rest = additive.fit(codes, binnings, y, penalty=1e-3, offset=free.eta(X))
    assert np.abs(rest.eta(X)).max() < 1e-2
    moved = additive.fit(codes, binnings, y, penalty=10.0, offset=np.full(len(y), 0.7))
    np.testing.assert_allclose(moved.eta(X) + 0.7, additive.fit(codes, binnings, y, penalty=10.0).eta(X), atol=1e-3)


@pytest.mark.parametrize("rows", [2999, 3000], ids=["all that may be used", "one more"])
def test_of_more_rows_than_are_used_every_second_counts_for_two(data, monkeypatch, rows):
    """The ridge is told in rows: of half of them it has to be half as strong."""
    X, y = data[0][:rows], data[1][:rows]
    binnings = tuple(additive.cut(X[:, i], categorical=i == 2) for i in range(3))
    codes = np.column_stack([b.codes(X[:, i]) for i, b in enumerate(binnings)])
    given_ = np.linspace(-1, 1, rows)
    every = 1 if rows == 2999 else 2
    few = additive.fit(codes[::every], binnings, y[::every], 200.0 / every, given_[::every])
    monkeypatch.setattr(additive, "MOST_ROWS", 2999)
    monkeypatch.setattr(additive, "_CHUNK", 700)  # nor does it matter how many a product takes at once
    many = additive.fit(codes, binnings, y, 200.0, given_)
    np.testing.assert_allclose(many.eta(X), few.eta(X), atol=1e-4)


def test_a_feature_is_cut_into_as_many_bins_as_are_told_and_no_more():
    for size, bins in ((1, 1), (2, 2), (64, 64), (65, 64), (1000, 64)):
        binning = additive.cut(np.arange(size, dtype=np.float32), categorical=False)
        assert len(binning.counts) == bins + 1
        assert binning.counts[-1] == 0


def test_a_number_has_a_line_and_four_steps_a_category_one_column_for_each():
    """Four steps cut the rows in fifths; of two values the line says all, and of one there is nothing to say."""
    hundred = additive.cut(np.arange(100, dtype=np.float32) % 50, categorical=False)
    assert hundred.steps.tolist() == [False, True, True, True, True]
    jumps = [np.flatnonzero(np.diff(column))[0] for column in hundred.design[:-1, 1:].T]
    assert jumps == [9, 19, 29, 39]
    np.testing.assert_allclose(hundred.straight().design, hundred.design * [1, 0.1, 0.1, 0.1, 0.1], rtol=1e-6)
    for values, columns in (([1, 1], 0), ([1, 2], 1), ([1, 2, 3], 3), ([1, 2, np.nan], 2), ([np.nan, np.nan], 0)):
        own = additive.cut(np.array(values, dtype=np.float32), categorical=False)
        assert own.design.shape[1] == len(own.steps) == columns, values
    kinds = additive.cut(np.array([0, 1, 2, np.nan], dtype=np.float32), categorical=True)
    assert kinds.steps.tolist() == [False] * 4
