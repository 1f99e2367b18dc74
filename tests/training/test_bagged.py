"""The forest of hard labels: it tells its leaves' smoothed log-odds, and is taken where it is worth it alone."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from features.registry import Feature
from models import risk, trees
from models.calibration import sigmoid
from models.forest import Forest
from training import bagged
from training.fit import Rows, Settings, fit

QUICK = Settings(inner=3, rounds=120, patience=10, threads=1)


def _features(count: int) -> tuple[Feature, ...]:
    return tuple(Feature(f"x{i}", "", lambda c: c.last, "household", "", -np.inf, np.inf, (), (), ("survey",), False, 0,
                         False, True, None) for i in range(count))  # fmt: skip


def _rows(torn: bool) -> Rows:
    """Falls that hardly anything foretells; with `torn` two persons of each household, as if they were strangers."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(700, 5)).astype(np.float32)
    hard = (rng.random(700) < sigmoid(X[:, 0] - 1.5)).astype(float)
    if torn:
        X, hard = np.vstack([X, X + rng.normal(0, 0.01, X.shape).astype(np.float32)]), np.tile(hard, 2)
    size = len(hard)
    return Rows(X, hard, np.full(size, np.nan), np.arange(size), np.full(size, -1))


@pytest.fixture(scope="module")
def torn():
    rows = _rows(torn=True)
    return rows, fit(rows, _features(5), 0, QUICK)


def test_a_leaf_tells_the_smoothed_log_odds_of_its_rows():
    """Told back through the smoothing, each leaf holds a whole number of falls, and rows enough."""
    rows = _rows(torn=False)
    rate = rows.hard.mean()
    block = trees.split_text(bagged.grow(rows.X, rows.hard, 1))[1][0]
    lines = dict(line.split("=", 1) for line in block.splitlines())
    values, counts = (np.array(lines[name].split(), dtype=float) for name in ("leaf_value", "leaf_count"))
    share = sigmoid(values * bagged.TREES)
    falls = share * (counts + bagged.PRIOR) - bagged.PRIOR * rate
    np.testing.assert_allclose(falls, falls.round(), atol=1e-3)
    assert ((falls > -1e-3) & (falls < counts + 1e-3)).all()
    assert counts.min() >= bagged.LEAF


def test_the_forest_is_taken_where_relatives_are_torn_apart(torn):
    assert torn[1].chosen["weight_forest"] >= 0.2
    assert fit(_rows(torn=False), _features(5), 0, QUICK).chosen["weight_forest"] == 0


def test_the_one_booster_holds_the_forest_too(torn):
    rows, found = torn
    text = risk.one_booster(found.composed)
    matrix = risk.with_stratum(rows.X, rows.stratum)
    raw = lightgbm.Booster(model_str=found.composed.booster).predict(rows.X, raw_score=True)
    told = lightgbm.Booster(model_str=text).predict(matrix)
    np.testing.assert_allclose(told, sigmoid(found.composed.logit(rows.X, raw, rows.stratum)), rtol=0, atol=1e-9)
    own = Forest(text)
    np.testing.assert_allclose(sigmoid(own.logit(matrix)), told, rtol=0, atol=1e-12)
    parts = lightgbm.Booster(model_str=text).predict(matrix[:50], pred_contrib=True)
    np.testing.assert_allclose(own.contributions(matrix[:50]), parts[:, :-1], rtol=0, atol=1e-10)


def test_out_of_fold_scores_stay_calibrated_with_it(torn):
    rows, found = torn
    assert sigmoid(found.oof).mean() == pytest.approx(rows.hard.mean(), rel=0.02)


def test_the_same_rows_and_seed_give_the_same_bytes(torn):
    rows, found = torn
    again = fit(rows, _features(5), 0, Settings(inner=3, rounds=120, patience=10, threads=2))
    assert risk.one_booster(again.composed) == risk.one_booster(found.composed)


def test_soft_labels_and_many_rows_take_none(torn, monkeypatch):
    rows, _ = torn
    rng = np.random.default_rng(0)
    log_next = np.where(rows.hard == 1, -1, 1) * np.abs(rng.normal(0.5, 0.3, len(rows.hard)))
    soft = Rows(rows.X, rows.hard, log_next, rows.groups, rows.stratum)
    own = Settings(inner=3, rounds=120, patience=10, threads=1, bandwidths=(1 / 3,))
    assert fit(soft, _features(5), 0, own).chosen["weight_forest"] == 0
    monkeypatch.setattr(bagged, "MOST", 100)
    assert fit(rows, _features(5), 0, QUICK).chosen["weight_forest"] == 0
