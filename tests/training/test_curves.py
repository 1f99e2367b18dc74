"""The tables behind the charts say what the metrics say, keep equal scores together and survive odd input."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import auc, roc_auc_score

from models.calibration import sigmoid
from models.words import BUDGETS
from training import curves
from training.judge import Resamples
from training.metrics import metrics

TABLES = ("gain", "roc", "precision_recall", "distribution")


@pytest.fixture(scope="module")
def judged():
    rng = np.random.default_rng(1)
    eta = rng.normal(-2, 1, 12_000)
    y = (rng.random(12_000) < sigmoid(eta)).astype(float)
    scores = {"jaga": sigmoid(eta), "welfare_rule": np.where(eta > -1.5, 0.25, 0.06)}
    return scores, y, rng.gamma(2, 1, 12_000)


def test_the_gain_at_a_budget_is_the_recall(judged):
    scores, y, weights = judged
    rows = curves.gain(scores, y, weights)
    for name, p in scores.items():
        found = metrics(p, y, weights[None, :])
        own = {row["listed"]: row["caught"] for row in rows if row["model"] == name and row["budget"]}
        assert own == {k / 100: pytest.approx(found[f"recall_at_{k}"][0], abs=1e-5) for k in BUDGETS}


@pytest.mark.parametrize("name", ["jaga", "welfare_rule"])
def test_the_area_under_the_thinned_roc_is_the_auc(judged, name):
    scores, y, weights = judged
    rows = [row for row in curves.roc(scores, y, weights) if row["model"] == name]
    assert len(rows) <= curves.POINTS + 1
    area = auc([row["false_alarm"] for row in rows], [row["caught"] for row in rows])
    assert area == pytest.approx(roc_auc_score(y, scores[name], sample_weight=weights), abs=0.003)


def test_a_rule_of_two_groups_is_two_straight_lines(judged):
    scores, y, weights = judged
    rows = [row for row in curves.gain(scores, y, weights) if row["model"] == "welfare_rule" and not row["budget"]]
    assert len(rows) == 3
    assert (rows[0]["listed"], rows[0]["caught"], rows[-1]["listed"], rows[-1]["caught"]) == (0, 0, 1, 1)


def test_precision_ends_at_the_rate_of_falls(judged):
    scores, y, weights = judged
    rows = [row for row in curves.precision_recall(scores, y, weights) if row["model"] == "jaga"]
    assert rows[-1]["caught"] == 1
    assert rows[-1]["precision"] == pytest.approx(weights @ y / weights.sum(), abs=1e-5)


def draws(weights, each=1, number=200):
    return Resamples.of(np.arange(len(weights)) // each, weights, number, 1)


def test_reliability_bins_hold_equal_weight_all_rows_and_the_truth(judged):
    scores, y, weights = judged
    rows = [row for row in curves.reliability(scores, y, draws(weights)) if row["model"] == "jaga"]
    assert len(rows) == 10
    assert sum(row["rows"] for row in rows) == len(y)
    assert sum(row["events"] for row in rows) == y.sum()
    assert all(row["low"] <= row["observed"] <= row["high"] for row in rows)
    assert all(row["least"] <= row["predicted"] <= row["most"] for row in rows)
    assert all(before["most"] <= after["least"] for before, after in pairwise(rows)), "bins do not overlap"
    assert [row["predicted"] for row in rows] == sorted(row["predicted"] for row in rows)
    assert sum(row["low"] <= row["predicted"] <= row["high"] for row in rows) >= 8
    assert max(row["rows"] for row in rows) < 1.3 * min(row["rows"] for row in rows)


def test_equal_scores_are_never_split_between_bins(judged):
    scores, y, weights = judged
    rows = [row for row in curves.reliability(scores, y, draws(weights)) if row["model"] == "welfare_rule"]
    assert [row["predicted"] for row in rows] == [0.06, 0.25]
    assert len({tuple(row.items()) for row in rows}) == 2


def test_weights_widen_an_interval_by_the_rows_they_are_worth():
    y = np.array([1.0, 0.0] * 200)
    p = np.full(400, 0.5)
    even = curves.reliability({"jaga": p}, y, draws(np.ones(400)))[0]
    uneven = curves.reliability({"jaga": p}, y, draws(np.tile([1.0, 1.0, 20.0, 20.0], 100)))[0]
    assert uneven["observed"] == even["observed"] == 0.5
    assert uneven["high"] - uneven["low"] > 1.2 * (even["high"] - even["low"])


def test_clusters_that_fall_together_widen_an_interval():
    """Twenty households of a village fare alike: its interval is that of villages, about root 20 times as wide."""
    y = np.repeat((np.arange(100) % 4 == 0).astype(float), 20)
    p = np.full(len(y), 0.25)
    alone, together = (curves.reliability({"jaga": p}, y, draws(np.ones(len(y)), each))[0] for each in (1, 20))
    assert alone["observed"] == together["observed"] == 0.25
    wide = (together["high"] - together["low"]) / (alone["high"] - alone["low"])
    assert wide == pytest.approx(np.sqrt(20), rel=0.2)


def test_odd_input_has_no_bins_and_scores_that_are_not_numbers_are_left_out():
    one = np.array([0.3])
    for weight in (np.zeros(1), np.ones(1)):
        assert curves.reliability({"jaga": one}, np.ones(1), draws(weight)) == []
    assert curves.reliability({}, np.ones(1), draws(np.ones(1))) == []
    y, p = np.tile([1.0, 0.0, 0.0, 0.0], 100), np.tile([0.3, 0.2, np.nan, 0.1], 100)
    assert sum(row["rows"] for row in curves.reliability({"jaga": p}, y, draws(np.ones(400)))) == 300


def test_the_distribution_adds_up_to_one_for_those_who_fell_and_those_who_did_not(judged):
    scores, y, weights = judged
    rows = curves.distribution({"jaga": scores["jaga"]}, y, weights)
    for fell in (True, False):
        assert sum(row["share"] for row in rows if row["fell"] is fell) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", TABLES)
def test_odd_input_gives_an_empty_or_a_finite_table(name):
    table = getattr(curves, name)
    none = np.empty(0)
    assert table({}, none, none) == []
    assert table({"jaga": none}, none, none) == []
    one = np.array([0.3])
    for y in (np.zeros(1), np.ones(1)):
        for weight in (np.zeros(1), np.ones(1)):
            assert all(value == value for row in table({"jaga": one}, y, weight) for value in row.values())
    gone = table({"jaga": np.array([np.nan, 0.1, 0.4, 0.2])}, np.array([1.0, 0, 1, 0]), np.ones(4))
    assert gone == table({"jaga": np.array([0.1, 0.4, 0.2])}, np.array([0.0, 1, 0]), np.ones(3))


def test_dots_hold_the_figures_and_the_paired_differences():
    figures = {"auc": {"value": 0.7, "low": 0.6, "high": 0.8}, "log_loss": {"value": 0.3, "low": None, "high": None}}
    result = {"models": {"jaga": figures, "logistic": figures}, "differences": {"logistic": figures}}
    rows = curves.dots(result)
    assert [(row["metric"], row["model"]) for row in rows] == [
        ("auc", "jaga"), ("auc", "logistic"), ("log_loss_difference", "logistic")]  # fmt: skip
