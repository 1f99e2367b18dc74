"""Additive trees as LightGBM reads them: look-up, missing values, exact SHAP; scaling keeps everything."""

from __future__ import annotations

import lightgbm
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models import trees

values = st.floats(-5, 5, allow_nan=False)


def booster(*blocks: str, names=("a", "b")) -> lightgbm.Booster:
    return lightgbm.Booster(model_str=trees.join(blocks, names, ["none"] * len(names)))


@given(
    st.lists(st.integers(-(10**6), 10**6).map(lambda i: i / 8), min_size=1, max_size=63, unique=True),
    st.data(),
)
def test_a_tree_is_its_table(edges, data):
    edges = np.sort(np.array(edges))
    leaves = np.array(data.draw(st.lists(values, min_size=len(edges) + 1, max_size=len(edges) + 1)))
    missing = data.draw(values)
    counts = np.arange(1, len(leaves) + 1)
    tree = booster(trees.additive(1, edges, leaves, missing, counts, 3))
    x = np.concatenate([edges, edges + np.maximum(np.abs(edges) * 1e-12, 1e-9), [-1e30, 1e30, np.nan, 0.0]])
    expected = np.append(leaves, missing)[np.where(np.isnan(x), len(leaves), np.searchsorted(edges, x, side="left"))]
    raw = tree.predict(np.column_stack([np.zeros(len(x)), x]), raw_score=True)
    np.testing.assert_allclose(raw, expected, rtol=0, atol=1e-15)


@given(st.lists(values, min_size=2, max_size=40), values)
def test_shap_of_an_additive_tree_is_its_value_less_the_mean(leaves, missing):
    counts, missing_count = np.arange(1, len(leaves) + 1), 2
    edges = np.arange(len(leaves) - 1) + 0.5
    tree = booster(trees.additive(0, edges, np.array(leaves), missing, counts, missing_count))
    x = np.column_stack([np.append(np.arange(len(leaves)), np.nan), np.zeros(len(leaves) + 1)])
    parts = tree.predict(x, pred_contrib=True)
    mean = np.average([*leaves, missing], weights=[*counts, missing_count])
    np.testing.assert_allclose(parts[:, 0], np.array([*leaves, missing]) - mean, atol=1e-12)
    np.testing.assert_allclose(parts[:, -1], mean, atol=1e-12)


def test_scaling_scales_the_log_odds():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 2))
    grown = lightgbm.train({"objective": "binary", "verbosity": -1}, lightgbm.Dataset(X, X[:, 0] > 0), 5)
    header, blocks, _ = trees.split_text(grown.model_to_string())
    assert len(blocks) == 5
    again = lightgbm.Booster(model_str=trees.join([trees.scale(b, 0.5) for b in blocks], ("a", "b"),
                                                  header["feature_infos"].split()))  # fmt: skip
    np.testing.assert_allclose(again.predict(X, raw_score=True), 0.5 * grown.predict(X, raw_score=True), atol=1e-14)
    np.testing.assert_allclose(
        again.predict(X, pred_contrib=True), 0.5 * grown.predict(X, pred_contrib=True), atol=1e-12
    )


def test_every_number_that_a_column_can_hold_is_below_the_missing_one():
    """What lies beyond 1e300, where LightGBM ends, is no number to it."""
    tree = booster(trees.additive(0, np.array([0.0]), np.array([1.0, 2.0]), 3.0, np.array([4, 5]), 6))
    x = np.array([-np.inf, -1e300, 0.0, 1e-30, 1e300, 1.5e300, np.inf, np.nan])
    assert tree.predict(np.column_stack([x, x]), raw_score=True).tolist() == [1, 1, 1, 2, 2, 3, 3, 3]


def test_bins_that_no_row_of_the_training_is_in_count_for_one():
    """Else exact reasons would divide by zero; of one bin the tree is a leaf and the missing ones beside it."""
    tree = booster(trees.additive(0, np.array([0.5]), np.array([1.0, 2.0]), 3.0, np.array([0, 2]), 0))
    x = np.array([[0.0, 0.0], [1.0, 0.0], [np.nan, 0.0]])
    parts = tree.predict(x, pred_contrib=True)
    np.testing.assert_allclose(parts[:, -1], (1 + 2 * 2 + 3) / 4, atol=1e-12)
    np.testing.assert_allclose(parts.sum(axis=1), [1, 2, 3], atol=1e-12)
    one = booster(trees.additive(0, np.empty(0), np.array([1.5]), 2.5, np.array([3]), 1))
    assert one.predict(x, raw_score=True).tolist() == [1.5, 1.5, 2.5]
    assert one.predict(x, pred_contrib=True)[0, -1] == 1.75


def test_values_are_changed_by_those_who_know_how_many_rows_they_stand_for():
    block = trees.additive(0, np.array([0.5]), np.array([1.0, 2.0]), 3.0, np.array([4, 5]), 6)
    again = booster(trees.revalue(block, lambda values, rows: values * rows))
    x = np.array([[0.0, 0.0], [1.0, 0.0], [np.nan, 0.0]])
    assert again.predict(x, raw_score=True).tolist() == [4, 10, 18]
    leaf = "num_leaves=1\nleaf_value=2\nleaf_count=\nis_linear=0"
    assert trees.revalue(leaf, lambda values, rows: values * rows) == leaf
