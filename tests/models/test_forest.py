"""The booster as tables: the same log-odds and reasons as LightGBM's own, whatever the trees and the values."""

from __future__ import annotations

import re

import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.commands import UserError
from features.types import Array
from models.forest import Forest
from models.forest_text import DEEPEST
from tests.models.test_trees import booster

FEATURES = 6


def rows(size: int, seed: int, missing: float) -> Array:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(size, FEATURES)).astype(np.float32)
    X[:, 1] = rng.integers(-2, 3, size)
    X[:, 2:4][rng.random((size, 2)) < missing] = np.nan
    return X


def grown(seed: int, depth: int, missing: float, **params: object) -> tuple[lightgbm.Booster, Array]:
    X = rows(800, seed, missing)
    filled = np.nan_to_num(X)
    y = np.random.default_rng(seed).random(800) < 1 / (1 + np.exp(-filled[:, 0] * filled[:, 1] - filled[:, 2]))
    own = {"objective": "binary", "max_depth": depth, "num_leaves": 2**depth, "min_data_in_leaf": 5, "verbosity": -1,
           "feature_fraction": 0.7, "seed": seed, "num_threads": 1} | params  # fmt: skip
    return lightgbm.train(own, lightgbm.Dataset(X, y.astype(float)), 12), X


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.sampled_from([0.0, 0.3]), st.booleans())
def test_log_odds_and_reasons_are_those_of_lightgbm(seed: int, depth: int, missing: float, seen: bool) -> None:
    told, X = grown(seed, depth, missing, use_missing=seen)
    judged = np.vstack([X[:50], rows(50, seed + 1, 0.5), np.full((1, FEATURES), np.nan), np.zeros((1, FEATURES)),
                        np.full((1, FEATURES), np.inf)]).astype(np.float32)  # fmt: skip
    own = Forest(told.model_to_string())
    np.testing.assert_allclose(own.logit(judged), told.predict(judged, raw_score=True), rtol=0, atol=1e-12)
    parts = told.predict(judged, pred_contrib=True)
    np.testing.assert_allclose(own.contributions(judged), parts[:, :-1], rtol=0, atol=1e-11)
    assert own.base == pytest.approx(parts[0, -1], abs=1e-11)


def test_values_on_a_threshold_go_the_same_way() -> None:
    told, _ = grown(3, 4, 0.3)
    own = Forest(told.model_to_string())
    edges = own.tables.edges
    judged = np.repeat(np.concatenate([edges, np.nextafter(edges, np.inf)])[:, None], FEATURES, axis=1)
    np.testing.assert_allclose(own.logit(judged.astype(np.float32)),
                               told.predict(judged.astype(np.float32), raw_score=True), rtol=0, atol=1e-12)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, FEATURES), st.lists(st.booleans(), min_size=FEATURES, max_size=FEATURES))
def test_the_strongest_are_those_of_all_contributions(seed: int, count: int, tellable: list[bool]) -> None:
    told, X = grown(seed, 3, 0.2)
    own = Forest(told.model_to_string())
    columns, parts = own.strongest(X, np.where(tellable, np.arange(FEATURES), -1), count)
    every = own.contributions(X)
    strength = np.where(tellable, np.abs(every), 0.0)
    expected = np.argsort(-strength, axis=1, kind="stable")[:, :count]
    expected = np.where(np.take_along_axis(strength, expected, 1) > 0, expected, -1)
    np.testing.assert_array_equal(columns, expected)
    np.testing.assert_array_equal(parts, np.where(columns >= 0, np.take_along_axis(every, columns, 1), 0.0))


def test_features_of_one_fact_are_told_with_their_sum() -> None:
    told, X = grown(7, 4, 0.2)
    own = Forest(told.model_to_string())
    columns, parts = own.strongest(X, np.array([0, 0, -1, 3, 3, 0]), FEATURES)
    every = own.contributions(X)
    sums = {0: every[:, [0, 1, 5]].sum(axis=1), 3: every[:, [3, 4]].sum(axis=1)}
    assert set(np.unique(columns)) == {-1, 0, 3}
    for column, expected in sums.items():
        row, place = np.nonzero(columns == column)
        np.testing.assert_allclose(parts[row, place], expected[row], rtol=0, atol=1e-12)
    assert (np.abs(parts[:, 0]) >= np.abs(parts[:, 1])).all()


def test_a_row_alone_is_the_row_among_others_whatever_the_threads() -> None:
    told, X = grown(5, 4, 0.2)
    own = Forest(told.model_to_string())
    whole = own.logit(X, threads=3)
    np.testing.assert_array_equal(whole, own.logit(X))
    np.testing.assert_array_equal(whole[[700]], own.logit(X[[700]]))
    np.testing.assert_array_equal(own.contributions(X, threads=2)[[3]], own.contributions(X[[3]]))
    assert own.logit(X[:0]).shape == (0,)


def test_a_feature_alone_in_its_trees_is_read_from_its_values() -> None:
    told, X = grown(1, 1, 0.3)  # of depth one: no tree has two features
    own = Forest(told.model_to_string())
    for feature in range(FEATURES):
        np.testing.assert_allclose(own.alone(X[:, feature], feature), own.contributions(X)[:, feature], atol=1e-14)
    both = Forest(grown(1, 4, 0.3)[0].model_to_string())
    with pytest.raises(ValueError, match="with others"):
        both.alone(X[:, 0], 0)


def test_what_cannot_be_told_is_refused() -> None:
    deep, X = grown(2, DEEPEST + 1, 0.0, min_data_in_leaf=1, num_leaves=400)
    with pytest.raises(UserError, match="splits deep"):
        Forest(deep.model_to_string())
    text = grown(2, 3, 0.0)[0].model_to_string()
    for kind in (1, 4):  # a split on categories; zeros for missing values
        with pytest.raises(UserError, match="categories, or takes zeros"):
            Forest(re.sub(r"decision_type=\d+", f"decision_type={kind}", text))
    own = Forest(grown(2, 3, 0.0)[0].model_to_string())
    with pytest.raises(ValueError, match="6 columns"):
        own.logit(X[:, :5])


def test_a_model_of_one_leaf_is_its_constant() -> None:
    single = "num_leaves=1\nnum_cat=0\nsplit_feature=\nleaf_value=0.25\nleaf_count=9\nis_linear=0\nshrinkage=1"
    told = booster(single)
    own = Forest(told.model_to_string())
    np.testing.assert_array_equal(own.logit(np.zeros((2, 2), dtype=np.float32)), [0.25, 0.25])
    assert own.base == 0.25
