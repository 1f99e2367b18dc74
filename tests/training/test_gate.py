"""Gates: a worse, uncalibrated or leaking model does not pass, and each gate says what it found."""

from __future__ import annotations

import copy

import pytest

from training import gate


def summary(value, half=0.01):
    return {"value": value, "low": value - half, "high": value + half}


@pytest.fixture
def result():
    own = {"auc": summary(0.75), "calibration_slope": summary(0.95), "expected_over_observed": summary(1.02)}
    difference = {"log_loss": summary(-0.02), "average_precision": summary(0.03)}
    return {"cohort": {"events": 400}, "models": {"jaga": own}, "differences": {"logistic": difference}}


def failed(result, view="registry"):
    return [one.name for one in gate.gates(result, view) if not one.passed]


def test_a_good_model_passes(result):
    assert failed(result) == []


@pytest.mark.parametrize(
    ("path", "value", "name"),
    [
        (("cohort", "events"), 10, "enough events"),
        (("differences", "logistic", "log_loss"), summary(0.02), "not worse than logistic"),
        (("differences", "logistic", "average_precision"), summary(-0.03), "not worse than logistic"),
        (("models", "jaga", "calibration_slope"), summary(0.5), "calibration slope"),
        (("models", "jaga", "calibration_slope"), {"value": None, "low": None, "high": None}, "calibration slope"),
        (("models", "jaga", "expected_over_observed"), summary(1.6), "expected over observed"),
        (("models", "jaga", "auc"), summary(0.95), "leak alarm"),
    ],
)
def test_each_gate_closes(result, path, value, name):
    changed = copy.deepcopy(result)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert failed(changed) == [name]


def test_a_wide_interval_around_one_is_no_proof_of_bad_calibration(result):
    result["models"]["jaga"]["expected_over_observed"] = summary(1.3, half=0.4)
    assert failed(result) == []


def test_worse_within_the_interval_passes(result):
    result["differences"]["logistic"]["log_loss"] = summary(0.005)
    assert failed(result) == []


def test_a_difference_without_interval_does_not_pass(result):
    result["differences"]["logistic"]["log_loss"] = {"value": -0.1, "low": None, "high": None}
    assert failed(result) == ["not worse than logistic"]


def test_the_leak_alarm_is_for_the_register(result):
    result["models"]["jaga"]["auc"] = summary(0.95)
    assert failed(result, "survey") == []
