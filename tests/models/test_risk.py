"""One booster is the parts it was written from, whatever their weights and strata, and takes any names of columns."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from models import additive, risk
from models.calibration import Affine
from models.risk import Composed

ROWS = 400


@pytest.fixture(scope="module")
def parts() -> tuple[np.ndarray, lightgbm.Booster, additive.Additive]:
    chance = np.random.default_rng(4)
    X = chance.normal(size=(ROWS, 3)).astype(np.float32)
    X[::7, 0] = np.nan
    X[:, 1] = 2.0  # one value throughout: its effect is none
    y = (chance.random(ROWS) < 1 / (1 + np.exp(-np.nan_to_num(X[:, 0])))).astype(float)
    params = {"objective": "binary", "verbosity": -1, "num_leaves": 5, "num_threads": 1}
    grown = lightgbm.train(params, lightgbm.Dataset(X, y), 4)
    binnings = tuple(additive.cut(X[:, at], categorical=False) for at in range(3))
    codes = np.column_stack([own.codes(X[:, at]) for at, own in enumerate(binnings)])
    return X, grown, additive.fit(codes, binnings, y, penalty=5.0)


@pytest.mark.parametrize("offsets", [(), (0.4,), (0.4, -0.3, 1.1)], ids=["no strata", "one", "three"])
@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_one_booster_is_its_parts(parts, weight, offsets) -> None:
    X, grown, own = parts
    stratum = np.arange(ROWS) % (len(offsets) + 1) - 1
    counts = np.bincount(np.where(stratum < 0, len(offsets), stratum), minlength=len(offsets) + 1)
    made = Composed(("a", "b", "c"), grown.model_to_string(), own, weight, Affine(-0.2, 0.8, np.array(offsets)),
                    counts if offsets else np.array([0, ROWS]))  # fmt: skip
    booster = lightgbm.Booster(model_str=risk.one_booster(made))
    matrix = risk.with_stratum(X, stratum)
    wanted = made.logit(X, grown.predict(X, raw_score=True), stratum)
    np.testing.assert_allclose(booster.predict(matrix, raw_score=True), wanted, atol=1e-6)
    np.testing.assert_allclose(risk.predict(booster, matrix), 1 / (1 + np.exp(-wanted)), atol=1e-6)
    # Reasons add up to the score from the mean over the training rows.
    told = booster.predict(matrix, pred_contrib=True)
    np.testing.assert_allclose(told.sum(axis=1), wanted, atol=1e-6)
    assert (told[:, 1] == 0).all()
    text = risk.one_booster(made)
    assert booster.num_trees() == (4 if weight < 1 else 0) + (3 if weight > 0 else 0) + 1
    assert f"[0:{max(1, len(offsets) - 1)}]" in text
    assert booster.feature_name() == ["a", "b", "c", "stratum"]


def test_a_feature_without_an_effect_has_no_split_of_its_own(parts) -> None:
    """Else every number that a register once had would be carried along for nothing."""
    _, grown, own = parts
    for effect, leaves in ((0.0, 2), (1e-9, 4)):
        binning = additive.Binning(np.array([1.0, 2.0]), np.zeros((4, 0)), np.array([10, 20, 30, 5]), np.zeros(0, bool))
        values = np.array([0.25, 0.25, 0.25, 0.25]) + effect * np.arange(4)
        one = additive.Additive(own.constant, (binning,) * 3, (values, np.zeros(4), np.zeros(4)))
        made = Composed(
            ("a", "b", "c"), grown.model_to_string(), one, 1.0, Affine(0.0, 1.0, np.empty(0)), np.array([0, 65])
        )
        booster = lightgbm.Booster(model_str=risk.one_booster(made))
        told = booster.dump_model()["tree_info"]
        assert [tree["num_leaves"] for tree in told] == [leaves, 2, 2, 2]
        matrix = risk.with_stratum(np.array([[0.0] * 3, [3.0] * 3, [np.nan] * 3]), np.zeros(3, int))
        np.testing.assert_allclose(booster.predict(matrix, raw_score=True), own.constant + 0.25, atol=1e-8)
        below = told[0]["tree_structure"]
        assert [below["left_child"].get("leaf_count", 60), below["right_child"]["leaf_count"]] == [60, 5]


def test_any_names_of_columns_are_written_and_none_twice() -> None:
    names = risk._plain(("luas_lantai", "pengeluaran per kapita", "pengeluaran_per_kapita", "rumah:jenis", "é"))
    assert names == ["luas_lantai", "pengeluaran_per_kapita_1", "pengeluaran_per_kapita", "rumah_jenis_3", "__4"]


def test_no_place_is_no_number_and_nobody_has_no_risk() -> None:
    matrix = risk.with_stratum(np.array([[1.0], [2.0], [3.0]]), np.array([-1, 0, 2]))
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, [[1, np.nan], [2, 0], [3, 2]])
    assert risk.predict(None, matrix[:0]).shape == (0,)
