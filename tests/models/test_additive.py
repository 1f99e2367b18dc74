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
