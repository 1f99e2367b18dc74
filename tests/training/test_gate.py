"""Gates: a worse, uncalibrated or leaking model does not pass, and each gate says what it found."""

from __future__ import annotations

import copy
import re

import pytest

from features.cli import main
from features.commands import UserError
from models import record
from models.words import LACKING
from training import gate, gates, probast
from training.gates import Gate
from training.sentences import read


def summary(value, half=0.01):
    return {"value": value, "low": value - half, "high": value + half}


@pytest.fixture
def result():
    own = {"auc": summary(0.75), "calibration_slope": summary(0.95), "expected_over_observed": summary(1.02)}
    difference = {"log_loss": summary(-0.02), "average_precision": summary(0.03)}
    cell = {"too_small": False, "figures": {"expected_over_observed": summary(0.97)}}
    answers = {number: {"answer": "pass", "why": "looked at"} for number in ("1.1", "1.2", "3.1", "3.2", "3.5")}
    return {"cohort": {"events": 400, "rows": 6000, "censored": 500}, "models": {"jaga": own},
            "differences": {"logistic": difference}, "horizon": 4, "source": "contract", "line": None,
            "synthetic": False, "bootstrap": {"unit": "cluster"}, "train": {"events": 900, "features": ["adults"] * 20},
            "fairness": {"head woman": {"yes": cell, "no": cell}}, "champion": None,
            "counts": {"households": {"rows": 9000, "admitted": 8990, "quarantined": 10}},
            "checks": {"units": ["family"], "known_late": 0, "unused": [],
                       "outcome": {"rows": 7000, "measured": 7000, "broken": 0},
                       "interval": {"least": 365, "most": 366, "late": 0, "periods_a_year": 4},
                       "binned": {"numbers": 12, "fewest": 5, "halved": []},
                       "missing": {"share": 0.1, "dropped": 0, "unscored": 0}},
            "answers": {"who": "Dewi, Pusdatin", "items": answers}}  # fmt: skip


def schema_of(view="registry"):
    return {"view": view, "features": ["adults", "household_size"], "refit": False, "name": "0123456789ab"}


def answers(result, view="registry", champion=None):
    return {one.name: one.answer for one in gates.gates(result, schema_of(view), champion)}


def failed(result, view="registry", champion=None):
    """Gates that are closed: failed, or unknown."""
    return [name for name, answer in answers(result, view, champion).items() if answer != "pass"]


def test_a_good_model_passes(result):
    assert failed(result) == []


STANDING = ["not worse than logistic", "calibration slope", "expected over observed", "fair to protected groups",
            "risk of bias (PROBAST)"]  # fmt: skip
"""Gates that stand on intervals over clusters."""


def test_intervals_of_few_clusters_open_no_gate(result):
    """Thirteen clusters make every interval too narrow: what would pass on them is for a person, with the reason."""
    result["cohort"]["clusters"] = 20
    assert failed(result) == []
    result["cohort"]["clusters"] = 13
    found = {one.name: one for one in gates.gates(result, schema_of())}
    assert {name: one.answer for name, one in found.items() if one.answer != "pass"} == dict.fromkeys(
        STANDING, "unknown")  # fmt: skip
    for name in STANDING[:4]:
        assert "the rows are of 13 clusters only" in found[name].found
        assert "hanya dari 13 klaster" in found[name].found_id
    assert "13" in found[STANDING[4]].found
    assert all(not one.open for one in found.values() if one.name in STANDING)
    result["models"]["jaga"]["calibration_slope"] = summary(0.5)
    assert answers(result)["calibration slope"] == "fail"


def test_a_champion_beaten_on_few_clusters_is_not_known_to_be(result):
    compared = {"bundle": "ba9876543210", "rows": 900, "events": 80, "clusters": 19,
                "differences": result["differences"]["logistic"]}  # fmt: skip
    found = result | {"champion": compared}
    assert answers(found, champion="ba9876543210")["not worse than the champion"] == "unknown"
    compared["clusters"] = 20
    assert failed(found, champion="ba9876543210") == []


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


@pytest.mark.parametrize("half", [0.01, 0.3])
def test_a_figure_outside_the_tolerance_fails_whatever_its_interval_holds(result, half):
    result["models"]["jaga"]["calibration_slope"] = summary(0.75, half)
    assert answers(result)["calibration slope"] == "fail"
    result["models"]["jaga"]["expected_over_observed"] = summary(1.3, half)
    assert answers(result)["expected over observed"] == "fail"


def test_a_figure_within_the_tolerance_whose_interval_says_nothing_is_unknown(result):
    result["models"]["jaga"]["calibration_slope"] = summary(0.95, 0.5)
    assert answers(result)["calibration slope"] == "unknown"


def test_a_closed_gate_says_on_how_many_falls_it_stands_and_what_can_be_done(result):
    result["models"]["jaga"]["expected_over_observed"] = summary(1.3, 0.2)
    result["cohort"]["events"] = 41
    found = {one.name: one for one in gates.gates(result, schema_of())}
    told, told_id = found["expected over observed"].found, found["expected over observed"].found_id
    assert "learned from 900 falls, judged by 41: " in told
    assert "add families or periods" in told
    assert "dinilai dengan 41: " in told_id
    assert "tambahkan keluarga atau periode" in told_id
    assert found["enough events"].found == "41 judged falls, 50 needed; add families or periods"
    assert "add families" not in found["calibration slope"].found
    result["models"]["jaga"]["expected_over_observed"] = summary(1.1, 0.7)
    told = {one.name: one for one in gates.gates(result, schema_of())}["expected over observed"].found
    assert told.endswith("too few falls to tell: add families or periods")


def test_worse_within_the_interval_and_the_margin_passes(result):
    result["differences"]["logistic"]["log_loss"] = summary(0.0, half=0.008)
    assert failed(result) == []


@pytest.mark.parametrize(("metric", "value"), [("log_loss", summary(-0.01, 0.03)), ("average_precision",
                                                                                    summary(0.02, 0.08))])  # fmt: skip
def test_few_falls_let_nothing_pass(result, metric, value):
    """The interval holds 0, so that nothing is worse for sure, but it would let a model through that is."""
    result["differences"]["logistic"][metric] = value
    found = next(one for one in gates.gates(result, schema_of()) if one.name == "not worse than logistic")
    assert found.answer == "unknown"
    assert "too few falls to tell" in found.found


def test_the_margin_is_a_twentieth_of_the_log_loss_of_the_average_rate():
    most = gates.margins(0.1)
    assert most["average_precision"] == pytest.approx(0.045)
    assert most["log_loss"] == pytest.approx(0.01625, abs=1e-5)


def test_how_large_the_margin_is_beside_what_the_model_gains_is_told(result):
    result["cohort"] |= {"rows": 4000, "rate": 0.1}
    result["models"]["jaga"] |= {"log_loss": summary(0.2925), "average_precision": summary(0.19)}
    found = {one.name: one for one in gates.gates(result, schema_of())}["baselines"]
    # .0163 of .0325 gained in log-loss, .045 of .09 in average precision.
    assert found.found.count("50 % of what this model gains over telling everybody the average rate") == 2
    assert found.found_id.count("50 % dari perbaikan model ini") == 2
    result["models"]["jaga"]["log_loss"] = summary(0.4)
    found = {one.name: one for one in gates.gates(result, schema_of())}["baselines"]
    assert found.found.count("of what this model gains") == 1


def test_a_difference_without_interval_does_not_pass(result):
    result["differences"]["logistic"]["log_loss"] = {"value": -0.1, "low": None, "high": None}
    assert failed(result) == ["not worse than logistic"]


def test_a_baseline_that_was_not_judged_is_told_in_the_record(result):
    result["left_out"] = {"xgboost": "needs the package xgboost (pip install 'jaga[dev]')"}
    found = {one.name: one for one in gates.gates(result, schema_of())}["baselines"]
    assert found.answer == "pass"
    assert "not beside XGBoost: needs the package xgboost" in found.told()["found"]
    assert answers(result | {"differences": {}})["baselines"] == "unknown"


@pytest.mark.parametrize("view", ["registry", "survey"])
def test_the_leak_alarm_rings_in_every_view(result, view):
    result["models"]["jaga"]["auc"] = summary(0.95)
    assert answers(result, view)["leak alarm"] == "fail"


CHAMPION = "fedcba987654"


def compared(log_loss, precision, bundle=CHAMPION, reason=None):
    gaps = None if reason else {"log_loss": log_loss, "average_precision": precision}
    return {"bundle": bundle, "reason": reason, "rows": 900, "events": 80, "differences": gaps}


@pytest.mark.parametrize(
    ("against", "held"),
    [
        (compared(summary(-0.02), summary(0.03)), False),
        (compared(summary(0.003), summary(-0.005)), False),
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


@pytest.fixture
def looked(result, monkeypatch):
    """A bundle whose gates are those of `result`; what is promoted comes back in a list."""
    result["champion"] = compared(None, None, reason="another view")
    promoted = []
    monkeypatch.setattr(gate, "look", lambda home, path, answers=None: gates.gates(result, schema_of(), CHAMPION))
    monkeypatch.setattr(record, "promoted", lambda home: CHAMPION)
    monkeypatch.setattr(record, "promote", lambda home, path, entry: promoted.append(entry))
    monkeypatch.setattr(gate.bundles, "load", lambda path: type("Bundle", (), {"identity": "0" * 64}))
    monkeypatch.setattr(gate.bundles, "meta", lambda path: {"data_hash": "ff", "result": {"models": {"jaga": {
        "auc": 0.7, "average_precision": 0.3, "log_loss": 0.2}}}})  # fmt: skip
    return promoted


def test_an_unknown_gate_stays_closed_until_a_person_answers_for_it(looked, monkeypatch, capsys):
    assert not all(one.open for one in gate.promote(None, None))
    assert looked == []
    word = gate.reasons(["not-worse-than-the-champion=new register; agreed on Monday"])
    assert all(one.open for one in gate.promote(None, None, word))
    both = gate.reasons(["not-worse-than-the-champion=agreed", "not-worse-than-the-champion:id=disepakati"])
    assert all(one.open for one in gate.promote(None, None, both))
    entry, other = looked
    assert other["gates"]["not worse than the champion"]["accepted"] == {
        "who": entry["who"], "why": "agreed", "why_id": "disepakati"}  # fmt: skip
    kept = entry["gates"]["not worse than the champion"]
    assert kept["passed"] is False
    assert kept["accepted"] == {"who": entry["who"], "why": "new register; agreed on Monday"}
    plain = {"fine": Gate("fine", "pass", "fine").told()}
    shown = [{"when": "2026-01-01", "who": "ana", "action": "promote", "bundle": "0123456789ab", "data_hash": "ff",
              "gates": own, "figures": {"auc": {"value": 0.7}}} for own in (plain, entry["gates"])]  # fmt: skip
    monkeypatch.setattr(record, "entries", lambda home: shown)
    assert main(["promote", "--history"]) == 0
    _, second, why = capsys.readouterr().out.splitlines()
    assert "gates" in second
    assert f"accepted by {entry['who']}: new register; agreed on Monday; it cannot be compared" in why


@pytest.mark.parametrize(("registered", "chosen"), [({"first", "second"}, "second"), ({"first"}, "first"),
                                                    (set(), "second")])  # fmt: skip
def test_without_a_name_the_last_registered_bundle_is_looked_at(tmp_path, monkeypatch, registered, chosen):
    """One that is being trained has a folder and no registered model yet."""
    for day, name in enumerate(("first", "second"), 1):
        folder = record.folder(tmp_path) / name
        folder.mkdir(parents=True)
        (folder / "meta.json").write_text(f'{{"created": "2026-01-0{day}"}}')
    monkeypatch.setattr(gate.track, "registered", lambda: dict.fromkeys(registered, "1"))
    told = []
    assert gate.newest(tmp_path, told.append).name == chosen
    assert [text[:15] for text in told] == (["bundle second i"] if chosen == "first" else [])
    assert "has not ended, or was cut short" in gates.signature(None, False).found


def test_what_failed_is_let_through_by_nobody(looked, result):
    result["models"]["jaga"]["calibration_slope"] = summary(0.5)
    with pytest.raises(UserError, match="calibration-slope: this gate failed"):
        gate.promote(None, None, {"calibration-slope": "please"})
    with pytest.raises(UserError, match="no such gate"):
        gate.promote(None, None, {"luck": "please", "not-worse-than-the-champion": "agreed"})
    assert looked == []


@pytest.mark.parametrize("text", ["signature", "signature=", "=why", "signature:id=alasan"])
def test_an_acceptance_needs_a_gate_and_a_reason(text):
    with pytest.raises(UserError, match="GATE=REASON"):
        gate.reasons([text])


def test_without_a_champion_there_is_nothing_to_be_worse_than(result):
    assert failed(result, champion=None) == []
    assert failed(result, champion="0123456789ab") == []  # it is the champion itself


SMALL = {"rows": 41, "events": 3, "too_small": True, "figures": None, "gaps": None}


def test_a_protected_group_that_cannot_be_judged_is_unknown(result):
    result["fairness"]["disability present"] = {"yes": SMALL, "no": SMALL}
    assert answers(result)["fair to protected groups"] == "unknown"
    assert "not to be judged: disability present yes (too few falls (3)), disability present no" in fair(result).found


def test_a_group_large_enough_is_judged_beside_one_that_is_not_and_the_small_one_is_named(result):
    told = {"value": 0.7, "low": 0.6, "high": 0.79}
    large = {"rows": 3594, "events": 195, "too_small": False, "figures": {"expected_over_observed": told}, "gaps": None}
    groups = {"elderly alone": {"no": large, "yes": {**SMALL, "rows": 60, "events": 21}}}
    found = fair(result | {"fairness": groups})
    assert found.answer == "fail"
    assert "1 group judged" in found.found
    assert "told too small a risk: elderly alone no 0.700 (0.600 to 0.790);" in found.found
    assert "not to be judged: elderly alone yes (too few rows (60))" in found.found
    told |= {"value": 0.99, "high": 1.2}
    assert fair(result | {"fairness": groups}).answer == "unknown"


@pytest.mark.parametrize("rule", gates.OFFICE)
@pytest.mark.parametrize(("loss", "precision", "answer"), [(-0.001, 0.001, "pass"), (0.001, 0.01, "unknown"),
                                                           (-0.001, 0.0, "unknown")])  # fmt: skip
def test_a_model_must_be_ahead_of_every_rule_that_needs_no_model(result, rule, loss, precision, answer):
    """The margin calls a model that is level with a rank by desil "not worse" than it; of a learner that is enough."""
    gap = {"log_loss": summary(loss, 0.002), "average_precision": summary(precision, 0.011)}
    result["differences"] = {rule: gap, "logistic": gap}
    assert answers(result)[f"not worse than {rule}"] == answer
    assert answers(result)["not worse than logistic"] == "pass"
    told = next(one for one in gates.gates(result, schema_of()) if one.name == f"not worse than {rule}").found
    assert ("not ahead of this rule" in told) == (answer == "unknown")


@pytest.mark.parametrize("number", ["1.2", "3.2"])
def test_what_holds_of_every_run_answers_no_question(result, number):
    del result["answers"]["items"][number]
    item = next(one for one in probast.sheet(result, schema_of()) if one.number == number)
    assert item.answer == "unknown"
    assert "a person has to answer" in item.why
    assert answers(result)["risk of bias (PROBAST)"] == "unknown"


def fair(result):
    return next(one for one in gates.gates(result, schema_of()) if one.name == "fair to protected groups")


def test_the_gate_of_fairness_names_the_lowest_group_with_its_interval(result):
    cell = {"too_small": False, "figures": {"expected_over_observed": {"value": 0.504, "low": 0.344, "high": 0.95}}}
    result["fairness"]["disability present"] = {"yes": cell}
    found = fair(result)
    assert found.answer == "unknown"
    assert found.found == ("3 groups judged by expected over observed falls, lowest: disability present yes 0.504 "
                           "(0.344 to 0.950); not known, the interval is too wide or too low to tell: disability "
                           "present yes 0.504 (0.344 to 0.950); the gate fails where the whole interval lies under "
                           "0.8; a group is known to be told enough where its figure is that or more and its interval "
                           "begins at 0.6 or above")  # fmt: skip
    cell["figures"]["expected_over_observed"]["high"] = 0.79
    assert fair(result).answer == "fail"
    assert "told too small a risk: disability present yes 0.504 (0.344 to 0.790);" in fair(result).found


@pytest.mark.parametrize(("value", "low", "high", "answer"), [
    (0.60, 0.44, 0.86, "unknown"),  # 50 falls of a group told three for five: no proof of that, and none against it
    (0.78, 0.70, 0.90, "unknown"),  # narrow, and its figure is under what is allowed
    (0.95, 0.55, 1.60, "unknown"),  # the figure is right, and its interval holds nearly anything
    (0.95, 0.61, 1.60, "pass"),
    (0.80, 0.70, 0.90, "pass"),
    (1.40, 1.10, 1.90, "pass"),  # told too much is for the calibration of all to judge
    (0.70, 0.60, 0.79, "fail"),
    (0.95, None, None, "unknown"),
])  # fmt: skip
def test_a_group_passes_only_where_the_data_can_tell(result, value, low, high, answer):
    cell = {"too_small": False, "figures": {"expected_over_observed": {"value": value, "low": low, "high": high}}}
    result["fairness"]["disability present"] = {"yes": cell}
    assert fair(result).answer == answer
    assert ("not known" in fair(result).found) == (answer == "unknown")
    assert ("belum diketahui" in fair(result).found_id) == (answer == "unknown")


def test_where_no_group_can_be_judged_it_is_unknown(result):
    for groups in ({}, {"head woman": {"yes": SMALL, "no": SMALL}}):
        found = fair(result | {"fairness": groups})
        assert found.answer == "unknown"
        assert found.found.startswith("no group can be judged")


def test_a_group_large_enough_without_a_value_is_not_told_to_be_too_small(result):
    """Its rows are enough; it is the figure that has no value, which is another matter for who has to answer."""
    cell = {"rows": 3000, "events": 190, "too_small": False, "figures": {"expected_over_observed": {
        "value": None, "low": None, "high": None}}}  # fmt: skip
    result["fairness"]["disability present"] = {"yes": cell}
    found = fair(result)
    assert found.answer == "unknown"
    assert (
        "not to be judged: disability present yes (rows and falls enough, but the figure has no value);" in found.found
    )
    assert "too few" not in found.found
    only = fair(result | {"fairness": {"disability present": {"yes": cell}}})
    assert only.found.startswith("no group can be judged; not to be judged: disability present yes (rows and falls en")


def test_what_a_gate_found_is_told_in_both_languages_with_the_same_figures(result):
    """The record keeps both, so that the page of the model can tell it to who reads it."""
    result["left_out"] = {
        "catboost": LACKING["package"][1].format(package="catboost"),
        "logistic_hazard": LACKING["spell"][1],
    }
    result["fairness"]["disability present"] = {"yes": SMALL}
    result["models"]["jaga"]["calibration_slope"] = summary(0.95, 0.5)
    compared = {"bundle": "ba9876543210", "rows": 900, "events": 80, "differences": result["differences"]["logistic"]}
    rules = {rule: {"log_loss": summary(0.001, 0.002), "average_precision": summary(0.0)} for rule in gates.OFFICE}
    for changed, champion in ((result, None), (result, "ba9876543210"),
                              (result | {"champion": compared}, "ba9876543210"),
                              (result | {"differences": rules, "fairness": {}}, None)):  # fmt: skip
        signatures = [gates.signature("3", True), gates.signature(None, False)]
        for one in [*gates.gates(changed, schema_of(), champion), *signatures]:
            told = one.told()
            assert told["found_id"], one.name
            assert told["found_id"] != told["found"], one.name
            assert "needs" not in told["found_id"]
            digits = [re.findall(r"\d+", told[name].replace(",", ".")) for name in ("found", "found_id")]
            assert sorted(digits[0]) == sorted(digits[1]), told
    words = [read("gates", language) for language in ("en", "id")]
    assert list(words[0]) == list(words[1])
    assert all(set(re.findall(r"{\w+}", words[0][key])) == set(re.findall(r"{\w+}", words[1][key])) for key in words[0])


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
    texts = [read("probast", language) for language in ("en", "id")]
    assert [list(part) for part in texts[0].values()] == [list(part) for part in texts[1].values()]


def test_falls_a_feature_are_those_of_the_model_that_was_judged(result):
    """The one that answers may read more, and learned from more falls: card and record tell the same."""
    whys = {next(item.why for item in probast.sheet(result, schema, ()) if item.number == "4.1")
            for schema in ({}, {"view": "registry", "features": ["adults"] * 90, "refit": True})}  # fmt: skip
    assert len(whys) == 1
    assert "45.0 falls a feature" in whys.pop()


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


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda c: c.update(known_late=3), "2.2"),
        (lambda c: c["outcome"].update(broken=1), "3.4"),
        (lambda c: c["interval"].update(late=1), "3.6"),
        (lambda c: c["interval"].update(least=90), "3.6"),
        (lambda c: c["binned"].update(halved=["head_age"]), "4.2"),
        (lambda c: c["missing"].update(dropped=5), "4.4"),
        (lambda c: c["missing"].update(unscored=5), "4.4"),
        (lambda c: c.update(unused=["head_age"]), "4.5"),
    ],
)
def test_what_the_run_shows_decides_its_items(result, change, number):
    assert {item.number: item.answer for item in probast.sheet(result, schema_of())}[number] == "pass"
    change(result["checks"])
    assert {item.number: item.answer for item in probast.sheet(result, schema_of())}[number] == "fail"
    assert answers(result)["risk of bias (PROBAST)"] == "fail"


def test_several_units_are_told_in_the_language_of_the_sheet(result):
    result["checks"]["units"] = ["family", "household"]
    for language, words in (("en", "family, household"), ("id", "keluarga, rumah tangga")):
        item = next(one for one in probast.sheet(result, schema_of(), (), language) if one.number == "2.1")
        assert f": {words};" in item.why
        assert item.answer == "unknown", "one unit in all rows is what is alike"


def test_no_item_passes_that_nothing_was_found_for(result):
    del result["checks"], result["counts"], result["answers"]
    found = {item.number: item for item in probast.sheet(result, schema_of())}
    for number in ("2.1", "2.2", "3.4", "3.6", "4.2", "4.4", "4.5"):
        assert found[number].answer == "unknown"
        assert "a person has to answer" in found[number].why


def test_many_refused_rows_or_two_units_are_for_a_person_to_judge(result):
    def item():
        return next(one for one in probast.sheet(result, schema_of()) if one.number == "2.1").answer

    assert item() == "pass"
    result["checks"]["units"] = ["family", "household"]
    assert item() == "unknown"
    result["checks"]["units"] = ["family"]
    result["counts"]["households"]["quarantined"] = 900
    assert item() == "unknown"


SHEET = """who = "Dewi, Pusdatin"
["1.1"]
answer = "pass"
why = "the sample was drawn from the register"
"""


def test_a_person_answers_what_no_figure_decides(result, tmp_path):
    del result["answers"]
    assert answers(result)["risk of bias (PROBAST)"] == "unknown"
    file = tmp_path / "bias.toml"
    more = "".join(f'["{number}"]\nanswer = "pass"\nwhy = "seen"\n' for number in ("1.2", "3.1", "3.2", "3.5"))
    file.write_text(SHEET + more)
    result["answers"] = probast.answers(file)
    sheet = next(one for one in gates.gates(result, schema_of()) if one.name.startswith("risk of bias"))
    assert sheet.answer == "pass"
    assert "1.1 pass, Dewi, Pusdatin: the sample was drawn from the register" in sheet.told()["found"]


def test_a_person_overrules_no_figure_that_fails_but_may_fail_one_that_passes(result):
    result["checks"]["known_late"] = 3
    result["answers"]["items"] |= {"2.2": {"answer": "pass", "why": "never mind"},
                                   "4.5": {"answer": "fail", "why": "chosen by hand"}}  # fmt: skip
    found = {item.number: item.answer for item in probast.sheet(result, schema_of())}
    assert (found["2.2"], found["4.5"]) == ("fail", "fail")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SHEET.replace('who = "Dewi, Pusdatin"', 'who = ""'), "who: name and office"),
        (SHEET.replace('"1.1"', '"9.9"'), "9.9: no such question"),
        (SHEET.replace('"pass"', '"perhaps"'), "1.1: answer"),
        (SHEET.replace("the sample was drawn from the register", " "), "1.1: why"),
        ('who = "Dewi"\n', "no question is answered"),
        ("who = ", "bias.toml"),
        (f"who = {'[' * 5000}", "nested too deeply"),
    ],
)
def test_a_bad_file_of_answers_is_told_by_question_and_rule(tmp_path, text, says):
    file = tmp_path / "bias.toml"
    file.write_text(text)
    with pytest.raises(UserError, match=says):
        probast.answers(file)
