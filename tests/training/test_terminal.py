"""What the terminal says: models as they are fitted, paired differences, a reason where there is nothing to tell."""

from __future__ import annotations

import copy
import io

import pytest

from models.baselines.learners import Range
from tests.training.flat import SPEC, table
from tests.training.judged import as_json
from tests.training.small import QUICK
from training import backtest, run, terminal, tune
from training.limits import cluster_warning
from training.table import build


@pytest.fixture
def result():
    return as_json()


def said(result, capsys):
    terminal.tell(result)
    return capsys.readouterr().out


def test_a_line_for_each_model_as_it_is_fitted():
    lines = []
    run.evaluate_table(build(table(households=120, years=4), SPEC), QUICK, test_from=None, number=20,
                       rivals=backtest.Rivals(("logistic", "welfare_rule")), blocks=1, tell=lines.append)  # fmt: skip
    windows = sum(line.startswith("window") for line in lines)
    for name in ("jaga", "logistic", "welfare_rule"):
        own = [line for line in lines if line.startswith(f"  {name}: ")]
        assert len(own) == windows > 1
        assert all(line.endswith(" s") for line in own)
    assert any("resamples" in line for line in lines)
    assert "minute" not in terminal.FITTING


class Screen(io.StringIO):
    """A terminal, to whoever asks."""

    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "count"), [(io.StringIO, 0), (Screen, 4)])
def test_a_line_when_tuning_begins_and_a_count_on_a_terminal_alone(stream, count):
    out = stream()
    budget = tune.Budget(2, watch=terminal.Tuning(out))
    for name in ("random_forest 1", "random_forest 2"):
        tune.search(name, {"x": Range(0, 1)}, {"x": 0.5}, lambda params: (params["x"], {}), budget, 1)
    text = out.getvalue()
    assert text.count("tuning, 2 settings to try") == 2
    assert text.count("\r") == count
    assert text.endswith("\x1b[K" if count else "...\n")


def test_paired_differences_stand_under_the_models(result, capsys):
    text = said(result, capsys)
    assert "Jaga minus each baseline, paired" in text
    own = result["differences"]["logistic"]["log_loss"]
    assert f"{own['value']:+.4f} ({own['low']:+.4f} to {own['high']:+.4f})" in text
    assert text.count("Jaga minus each baseline") == 1


@pytest.mark.parametrize(
    ("name", "why"),
    [("relapse", "known that it was poor before"), ("first_entry", "none was observed out of poverty for 2 quarters"),
     ("unknown_history", "the past of each is known")],
)  # fmt: skip
def test_a_part_without_rows_is_one_line_that_says_why(result, capsys, name, why):
    part = result["kinds"][name]
    part["cohort"] |= {"rows": 0, "events": 0}
    part["models"] = {}
    (line,) = [one for one in said(result, capsys).splitlines() if one.startswith(f"{name}:")]
    assert line.startswith(f"{name}: no judged row; ")
    assert why in line


def test_a_part_without_falls_has_no_table_of_undefined_figures(result, capsys):
    for part in result["kinds"].values():
        part["cohort"] |= {"rows": 40, "events": 0}
    text = said(result, capsys)
    assert text.count("40 rows, 0 falls; too few for figures") == 3
    assert "recall_at_10" not in text[text.index("relapse:") : text.index("vulnerable band:")]


def test_a_bundle_judged_alone_has_no_differences(result, capsys):
    assert "Jaga minus" not in said(copy.deepcopy(result) | {"differences": {}}, capsys)


def test_warnings_stand_at_the_end(result, capsys):
    assert said(result | {"warnings": ["column x"]}, capsys).endswith("WARNING: column x\n")


def summary(value, half=0.01):
    return {"value": value, "low": value - half, "high": value + half}


def group(recall, told, small=False):
    if small:
        return {"too_small": True, "figures": None, "gaps": None}
    return {"too_small": False, "gaps": {"recall": summary(recall)}, "figures": {"expected_over_observed": told}}


def test_two_lines_sum_up_an_audit_that_was_asked_for(result, capsys):
    audit = {
        "groups": {"sex": {"woman": group(-0.12, summary(0.7)), "man": group(0.12, summary(1.1))},
                   "town": {"a": group(0.001, summary(1.0)), "b": group(0, None, small=True)}},
        "stability": {"reseed": {"kept": 0.91}, "retrain": {"kept": 0.8}, "update": None},
        "ablation": {"household": {"verdict": "better"}, "work": {"verdict": "undecided"}},
        "gaming": [{"feature": "rooms", "won": 0.031}],
    }  # fmt: skip
    lines = [line for line in said(result | {"audit": audit}, capsys).splitlines() if line.startswith("audit: ")]
    assert len(lines) == 2
    for words in ("3 of 4 groups", "sex woman -0.120 (-0.130 to -0.110)", "sex woman 0.700 (0.690-0.710)"):
        assert words in lines[0]
    for words in ("91 % with another seed, 80 % with other clusters", "for sure: household", "mislead: none",
                  "; undecided: work; ", "rooms otherwise wins 3.1 %"):  # fmt: skip
        assert words in lines[1]
    assert terminal.audit_lines(None, {}) == []


def test_few_clusters_are_told_and_nothing_on_them_is_sure(result, capsys):
    cohort = result["cohort"] | {"clusters": 13}
    small = {"verdict": None, "rows": 900, "events": 90, "clusters": 13, "too_small": True}
    audit = {"groups": {"sex": {"woman": group(-0.12, summary(0.7)), "man": group(0.12, summary(1.1))}},
             "stability": {}, "gaming": [], "ablation": {"household": small, "work": small}}  # fmt: skip
    for own in result["differences"].values():
        own["log_loss"] = summary(-0.05)
    text = said(result | {"cohort": cohort, "audit": audit, "warnings": cluster_warning(cohort)}, capsys)
    assert f"judged rows: {cohort['rows']:,} of {cohort['households']:,} households in 13 clusters" in text
    assert "widest sure gap of falls caught: not told, too few clusters (13)" in text
    assert "no family of features was judged: too few clusters (13)" in text
    assert "better " not in text[text.index("Jaga minus each") : text.index("relapse:")]
    assert "WARNING: the judged rows are of 13 clusters only" in text


def test_one_family_among_others_that_was_not_judged_is_named(result, capsys):
    small = {"verdict": None, "rows": 900, "events": 9, "clusters": 60, "too_small": True}
    audit = {"groups": {}, "stability": {}, "gaming": [], "ablation": {"household": {"verdict": "better"}, "x": small}}
    text = said(result | {"audit": audit}, capsys)
    assert "for sure: household; that mislead: none; undecided: none; x was not judged, too few falls (9)" in text
