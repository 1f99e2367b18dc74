"""The fit: one booster equals its parts, probabilities are calibrated, reruns are equal, nonsense is refused."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from features.commands import UserError
from models import additive, risk
from models.calibration import sigmoid
from models.forest import Forest
from tests.training.small import QUICK
from training import backtest
from training.fit import Rows, Settings, _choose, soften
from training.split import folds


@pytest.fixture(scope="module")
def model(small):
    return backtest.train(small, small.at_risk & small.seen, small.poor_next == 1, small.ratio_next, QUICK)


def test_the_one_booster_equals_its_parts(model, small):
    np.testing.assert_allclose(model.predict(small, 1), model.composed(small), rtol=0, atol=1e-9)


def test_reading_and_writing_again_changes_nothing(model, small):
    again = lightgbm.Booster(model_str=model.booster.model_to_string())
    matrix = risk.with_stratum(backtest.columns(small, model.features), backtest.codes(small, model.strata))
    np.testing.assert_array_equal(again.predict(matrix), model.booster.predict(matrix))


def test_reasons_add_up_to_the_log_odds(model, small):
    matrix = risk.with_stratum(backtest.columns(small, model.features), backtest.codes(small, model.strata))[:200]
    parts = model.booster.predict(matrix, pred_contrib=True)
    np.testing.assert_allclose(sigmoid(parts.sum(axis=1)), model.booster.predict(matrix), atol=1e-9)


def test_scores_are_made_of_the_same_tables(model, small):
    matrix = risk.with_stratum(backtest.columns(small, model.features), backtest.codes(small, model.strata))
    own = Forest(model.text)
    np.testing.assert_allclose(sigmoid(own.logit(matrix)), model.booster.predict(matrix), rtol=0, atol=1e-12)
    parts = model.booster.predict(matrix[:200], pred_contrib=True)
    np.testing.assert_allclose(own.contributions(matrix[:200]), parts[:, :-1], rtol=0, atol=1e-10)
    assert own.base == pytest.approx(parts[0, -1], abs=1e-10)


def test_out_of_fold_predictions_are_calibrated(model, small):
    rows = small.at_risk & small.seen
    y, p = small.poor_next[rows], sigmoid(model.fitted.oof)
    assert p.mean() == pytest.approx(y.mean(), rel=0.02)
    top = p >= np.quantile(p, 0.8)
    assert p[top].mean() == pytest.approx(y[top].mean(), rel=0.25)


def test_the_model_finds_the_cause_that_is_there(model, small):
    from sklearn.metrics import roc_auc_score

    rows = small.at_risk & small.seen
    assert roc_auc_score(small.poor_next[rows], model.fitted.oof) > 0.7


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_rows_and_seed_give_the_same_bytes(model, small, threads):
    from dataclasses import replace

    settings = replace(QUICK, threads=threads)
    again = backtest.train(small, small.at_risk & small.seen, small.poor_next == 1, small.ratio_next, settings)
    assert again.text == model.text


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_of_linear_algebra_change_no_byte(model, small, threads):
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=threads, user_api="blas"):
        again = backtest.train(small, small.at_risk & small.seen, small.poor_next == 1, small.ratio_next, QUICK)
    assert again.text == model.text


def test_shuffled_labels_teach_nothing(small):
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    rows = small.at_risk & small.seen
    ratio = small.ratio_next.copy()
    ratio[rows] = rng.permutation(ratio[rows])
    found = backtest.train(small, rows, ratio < 1, ratio, QUICK)
    assert abs(roc_auc_score(ratio[rows] < 1, found.fitted.oof) - 0.5) < 0.05


def test_too_few_events_are_refused(small):
    rows = np.flatnonzero(small.at_risk & small.seen)[:25]
    mask = np.zeros(len(small), dtype=bool)
    mask[rows] = True
    with pytest.raises(UserError, match="too few"):
        backtest.train(small, mask, small.poor_next == 1, small.ratio_next, QUICK)


def test_soft_labels_lie_between_and_keep_the_order():
    log_next = np.array([-1.0, -0.1, 0.1, 1.0, np.nan])
    rows = Rows(np.zeros((5, 1)), np.array([1.0, 1, 0, 0, 1]), log_next, np.arange(5), np.zeros(5, int))
    soft = soften(rows.hard, rows.log_next, 0.2)
    assert soft[-1] == 1
    assert (np.diff(soft[:4]) < 0).all()
    assert soft[0] > 0.999
    assert soft[3] < 0.001
    np.testing.assert_array_equal(soften(rows.hard, rows.log_next, 0.0), rows.hard)


def test_one_fold_stops_for_all_where_rows_are_many(small, monkeypatch):
    """Fewer rounds are watched, and the order of households stays nearly the same."""
    rows = small.at_risk & small.seen
    whole = backtest.train(small, rows, small.poor_next == 1, small.ratio_next, QUICK)
    monkeypatch.setattr("training.fit.MANY", 10)
    quick = backtest.train(small, rows, small.poor_next == 1, small.ratio_next, QUICK)
    assert np.corrcoef(whole.fitted.oof, quick.fitted.oof)[0, 1] > 0.95
    assert quick.fitted.chosen["rounds"] >= 10


def _bandwidth(households: int, seed: int, *, spreading: bool) -> float:
    """The chosen bandwidth as a share of the residual spread; with `spreading` one cause lifts welfare and its spread,
    so that many rows tell that a wide bandwidth has the order wrong."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(households, 6)).astype(np.float32)
    noise = rng.normal(0, 0.5, households) * (np.exp(0.5 * X[:, 0]) if spreading else 1.4)
    log_next = 1.0 + 0.3 * X[:, 0] + noise
    rows = Rows(X, (log_next < 0).astype(float), log_next, np.arange(households), np.zeros(households, int))
    settings = Settings(threads=1)
    binnings = tuple(additive.cut(column, categorical=False) for column in X.T)
    codes = np.column_stack([binning.codes(column) for binning, column in zip(binnings, X.T, strict=True)])
    fold = folds(rows.groups, settings.inner, settings.seed, rows.hard)
    return _choose(rows, codes, binnings, fold, settings)[1]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_few_falls_take_the_widest_bandwidth_and_many_choose(seed):
    assert _bandwidth(800, seed, spreading=False) == max(Settings().bandwidths)
    assert _bandwidth(8000, seed, spreading=True) < 0.5
