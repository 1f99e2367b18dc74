"""Gates: a worse, uncalibrated or leaking model does not pass, and each gate says what it found."""

from __future__ import annotations

import copy

import pytest

from features.cli import main
from models import record
from training import gate, probast


def summary(value, half=0.01):
    return {"value": value, "low": value - half, "high": value + half}


@pytest.fixture
def result():
    own = {"auc": summary(0.75), "calibration_slope": summary(0.95), "expected_over_observed": summary(1.02)}
    difference = {"log_loss": summary(-0.02), "average_precision": summary(0.03)}
    cell = {"too_small": False, "figures": {"expected_over_observed": summary(0.97)}}
    return {"cohort": {"events": 400, "rows": 6000, "censored": 500}, "models": {"jaga": own},
            "differences": {"logistic": difference}, "horizon": 4, "source": "contract", "line": None,
            "synthetic": False, "bootstrap": {"unit": "cluster"}, "train": {"events": 900, "features": ["adults"] * 20},
            "fairness": {"head woman": {"yes": cell, "no": cell}}, "champion": None}  # fmt: skip


def failed(result, view="registry", champion=None):
    schema = {"view": view, "features": ["adults", "household_size"], "refit": False, "name": "0123456789ab"}
    return [one.name for one in gate.gates(result, schema, champion) if not one.passed]


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
        (
            ("fairness", "head woman", "yes", "figures", "expected_over_observed"),
            summary(0.6),
            "fair to protected groups",
        ),
    ],
)
def test_each_gate_closes(result, path, value, name):
    changed = copy.deepcopy(result)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    # Few falls, a slope that is wrong and a leak are risks of bias as well.
    assert set(failed(changed)) - {"risk of bias (PROBAST)"} == {name}


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


CHAMPION = "fedcba987654"


def compared(log_loss, precision, bundle=CHAMPION, reason=None):
    gaps = None if reason else {"log_loss": log_loss, "average_precision": precision}
    return {"bundle": bundle, "reason": reason, "rows": 900, "events": 80, "differences": gaps}


@pytest.mark.parametrize(
    ("against", "held"),
    [
        (compared(summary(-0.02), summary(0.03)), False),
        (compared(summary(0.005), summary(-0.005)), False),
        (compared(summary(0.02), summary(0.03)), True),
        (compared(summary(-0.02), summary(-0.03)), True),
        (compared(None, None, reason="another view"), True),
        (compared(summary(-0.02), summary(0.03), bundle="000000000000"), True),
        (None, True),
    ],
)
def test_a_challenger_that_is_worse_or_cannot_be_compared_is_held_back(result, against, held):
    result["champion"] = against
    assert ("not worse than the champion" in failed(result, champion=CHAMPION)) == held


def test_the_history_tells_why_a_person_let_a_bundle_through(result, monkeypatch, capsys):
    result["champion"] = compared(None, None, reason="another view")
    schema = {"view": "registry", "features": ["adults", "household_size"], "refit": False, "name": "0123456789ab"}
    held = [gate._accepted(one, "new register; agreed on Monday") for one in gate.gates(result, schema, CHAMPION)]
    assert all(one.passed for one in held)
    gates = {one.name: {"passed": one.passed, "found": one.found} for one in held}
    plain = {name: {"passed": True, "found": "fine"} for name in gates}
    entries = [{"when": "2026-01-01", "who": "ana", "action": "promote", "bundle": "0123456789ab", "data_hash": "ff",
                "gates": own, "figures": {"auc": {"value": 0.7}}} for own in (plain, gates)]  # fmt: skip
    monkeypatch.setattr(record, "entries", lambda home: entries)
    assert main(["promote", "--history"]) == 0
    first, second, why = capsys.readouterr().out.splitlines()
    assert "gates" in first
    assert "gates" in second
    assert why.strip().startswith("accepted by ")
    assert ": new register; agreed on Monday; it cannot be compared with fedcba987654: another view" in why


def test_without_a_champion_there_is_nothing_to_be_worse_than(result):
    assert failed(result, champion=None) == []
    assert failed(result, champion="0123456789ab") == []  # it is the champion itself


def test_a_group_too_small_to_judge_closes_nothing(result):
    result["fairness"]["head woman"]["yes"] = {"too_small": True, "figures": None}
    assert failed(result) == []


def fair(result):
    schema = {"view": "registry", "features": ["adults"], "refit": False}
    return next(one for one in gate.gates(result, schema) if one.name == "fair to protected groups")


def test_the_gate_of_fairness_names_the_lowest_group_with_its_interval(result):
    cell = {"too_small": False, "figures": {"expected_over_observed": {"value": 0.504, "low": 0.344, "high": 0.95}}}
    result["fairness"]["disability present"] = {"yes": cell}
    found = fair(result)
    assert found.passed
    assert found.found == ("3 groups judged by expected over observed falls, lowest: disability present yes 0.504 "
                           "(0.344 to 0.950); the gate closes where the whole interval lies under 0.8")  # fmt: skip
    cell["figures"]["expected_over_observed"]["high"] = 0.79
    assert not fair(result).passed
    assert "told too small a risk: disability present yes 0.504 (0.344 to 0.790);" in fair(result).found


def test_where_no_group_can_be_judged_it_is_said(result):
    assert fair(result | {"fairness": {}}).found.startswith("no group has rows and falls enough")


def test_the_bias_sheet_answers_every_question_of_its_source(result):
    schema = {"view": "registry", "features": ["adults"], "refit": False}
    items = probast.sheet(result, schema)
    assert [item.number for item in items] == [
        "1.1", "1.2", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6",
        *(f"4.{n}" for n in range(1, 10))]  # fmt: skip
    assert all(item.answer in ("pass", "fail", "unknown") and item.why for item in items)


def test_the_bias_sheet_says_the_same_in_both_languages(result):
    schema = {"view": "registry", "features": ["adults"], "refit": False}
    english, indonesian = (probast.sheet(result, schema, (), language) for language in ("en", "id"))
    assert [(one.number, one.answer) for one in english] == [(one.number, one.answer) for one in indonesian]
    for one, other in zip(english, indonesian, strict=True):
        assert one.question != other.question
        assert one.why != other.why
        assert sorted(filter(str.isdigit, one.why)) == sorted(filter(str.isdigit, other.why))
    texts = [probast._text(language) for language in ("en", "id")]
    assert [list(part) for part in texts[0].values()] == [list(part) for part in texts[1].values()]


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda r, s: r["cohort"].update(events=30), "4.1"),
        (lambda r, s: s.update(features=["log_ratio"]), "2.3"),
        (lambda r, s: r["models"]["jaga"].update(auc=summary(0.96)), "3.3"),
        (lambda r, s: r["cohort"].update(censored=60_000), "4.3"),
        (lambda r, s: r["bootstrap"].update(unit="row"), "4.6"),
        (lambda r, s: r["models"]["jaga"].update(calibration_slope=summary(0.5)), "4.8"),
        (lambda r, s: s.update(features=["head_woman"]), "4.9"),
    ],
)
def test_each_computed_item_can_fail(result, change, number):
    schema = {"view": "registry", "features": ["adults"], "refit": False}
    change(result, schema)
    found = {item.number: item.answer for item in probast.sheet(result, schema, ("head_woman",))}
    assert found[number] == "fail"
