"""The judged result: a stable interface, counts that add up, paired figures, honest nulls."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from features import periods
from models.baselines import PLAIN
from models.bundle import dump
from tests.training.small import QUICK
from training import backtest, judge


@pytest.fixture(scope="module")
def found(small):
    return backtest.run(small, lookback=2, settings=QUICK, number=60)


def test_the_interface_is_stable(found):
    result = json.loads(dump(found.result))
    assert set(result["models"]) == {"jaga", *PLAIN}
    assert set(result["differences"]) == set(PLAIN)
    assert set(result["kinds"]) == {"relapse", "first_entry", "unknown_history"}
    for part in (result, *result["kinds"].values(), result["bands"]["vulnerable"]):
        assert {"rows", "events"} <= set(part["cohort"])
        for values in part["models"].values():
            for metric in ("auc", "average_precision", "log_loss", "brier", "calibration_slope", "recall_at_10"):
                assert set(values[metric]) == {"value", "low", "high"}


def test_kinds_add_up_to_the_cohort(found):
    for count in ("rows", "events"):
        assert sum(kind["cohort"][count] for kind in found.result["kinds"].values()) == found.result["cohort"][count]


def test_kinds_are_told_by_what_was_known_before(found):
    test = found.test
    relapse = test.meta["past_poor"] > 0
    assert found.result["kinds"]["relapse"]["cohort"]["rows"] == int(relapse.sum())
    first = ~relapse & (test.meta["back_run"] >= 2)
    assert found.result["kinds"]["first_entry"]["cohort"]["rows"] == int(first.sum())


def test_the_band_is_the_vulnerable(found):
    assert found.result["bands"]["vulnerable"]["cohort"]["rows"] == int((found.test.meta["ratio"] < 1.5).sum())


def test_intervals_hold_their_value(found):
    for metric in ("auc", "average_precision", "log_loss", "recall_at_20"):
        summary = found.result["models"]["jaga"][metric]
        assert summary["low"] <= summary["value"] <= summary["high"]


def test_differences_are_paired(found):
    own, other = found.result["models"]["jaga"], found.result["models"]["welfare_rule"]
    paired = found.result["differences"]["welfare_rule"]["auc"]
    assert paired["value"] == pytest.approx(own["auc"]["value"] - other["auc"]["value"], abs=2e-6)
    wide = (own["auc"]["high"] - own["auc"]["low"]) + (other["auc"]["high"] - other["auc"]["low"])
    assert paired["high"] - paired["low"] < wide


def test_one_class_only_is_null_and_says_why(small, found):
    test = found.test.take(found.test.poor_next == 0)
    report = judge.judge(test, {"jaga": np.full(len(test), 0.1)}, 2, number=30, seed=1)
    assert report["models"]["jaga"]["auc"]["value"] is None
    assert report["cohort"]["events"] == 0


def test_months_are_those_of_every_period_of_the_horizon_and_null_where_they_are_the_falls(found):
    test, p = found.test, found.scores["jaga"]
    one = judge.judge(test, {"jaga": p}, 2, number=30, seed=1)
    assert "the falls themselves" in one["worth"]["months"]
    assert one["models"]["jaga"]["months_at_20"]["value"] is None
    # Two periods: who falls had been poor in the one between by the parity of the row.
    between = np.where(test.poor_next == 1, np.arange(len(test)) % 2, 0.0)
    told = replace(test, horizon=2, path=np.column_stack([between, test.poor_next]))
    rank = np.argsort(-p, kind="stable")
    weight, months = judge.judged_weights(test)[rank], told.months()[rank]
    share = np.clip(0.2 * weight.sum() - (np.cumsum(weight) - weight), 0, weight) @ months / (weight @ months)
    two = judge.judge(told, {"jaga": p}, 2, number=30, seed=1)
    assert two["worth"]["months"] is None
    assert two["models"]["jaga"]["months_at_20"]["value"] == pytest.approx(share, abs=0.005)
    assert two["models"]["jaga"]["months_at_20"] != two["models"]["jaga"]["recall_at_20"]


def test_a_rerun_is_equal(small, found):
    again = backtest.run(small, lookback=2, settings=QUICK, number=60)
    assert dump(again.result) == dump(found.result)


def test_the_first_judged_origin_can_be_set(small):
    found = backtest.run(small, lookback=1, settings=QUICK, number=20, test_from=periods.parse("2021Q2"))
    assert found.result["test_from"] == "2021Q2"
    assert found.result["cohort"]["from"] == "2021Q2"


def test_training_rows_are_counted_apart(found):
    assert found.result["train"]["rows"] == int(found.split.train.sum())
    assert found.result["train"]["events"] > 0
