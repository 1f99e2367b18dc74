"""`jaga evaluate --table`: a stranger's table from the file to the figures, rolling or crossed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from features.cli import main
from models.baselines import PLAIN
from tests.training.flat import SPEC, table
from tests.training.small import QUICK
from training import backtest, report, run, split, track
from training.table import build

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/evaluate.schema.json").read_text(encoding="utf-8"))
TOML = """
household = "id"
outcome = "falls"
period = "year"
cluster = "village"
weight = "w"
poor_now = "poor"
welfare = "cons"
welfare_next = "cons_next"
line = 2
numeric = ["cons", "age", "rooms", "flat"]
categorical = ["job", "town"]
"""
NONE = backtest.Rivals(())


@pytest.fixture
def files(tmp_path):
    table().to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "spec.toml").write_text(TOML)
    return tmp_path


@pytest.mark.slow
def test_from_the_command_to_json_and_report(files, capsys):
    named = ["evaluate", "--table", str(files / "t.csv"), "--spec", str(files / "spec.toml"), "--bootstrap", "40",
             "--trials", "1", "--refits", "2", "--threads", "1"]  # fmt: skip
    assert main([*named, "--json", str(files / "a.json"), "--report", str(files / "a.html")]) == 0
    said = capsys.readouterr().out
    result = json.loads((files / "a.json").read_text())
    jsonschema.validate(result, SCHEMA)
    assert set(result["models"]) == {"jaga", *PLAIN, "random_forest", "xgboost", "catboost"}
    assert result["design"] == "rolling origin"
    assert result["source"] == "table"
    assert sum(one["judged"]["rows"] for one in result["splits"]) == result["cohort"]["rows"]
    assert "all at risk" in said
    html = (files / "a.html").read_text()
    for words in ("Exclusion error", "A rung or more down", "Windows, each judged by a model of its own", "XGBoost"):
        assert words in html
    assert result["models"]["jaga"]["auc"]["value"] > 0.65
    mlflow = track.client()
    (run_,) = mlflow.search_runs(experiment_names=[track.EXPERIMENT], output_format="list")
    assert run_.info.run_name == "t.csv"
    assert run_.data.metrics["jaga.auc"] == result["models"]["jaga"]["auc"]["value"]
    assert {one.path for one in mlflow.MlflowClient().list_artifacts(run_.info.run_id)} >= {
        "evaluation.json",
        "report.html",
    }
    # The same table, seed and version: the same figures.
    assert main([*named, "--no-track", "--json", str(files / "b.json")]) == 0
    assert (files / "a.json").read_bytes() == (files / "b.json").read_bytes()


@pytest.mark.parametrize(("cluster", "warned"), [("village", True), (None, False)])
def test_few_clusters_are_counted_and_warned_of_and_a_household_without_one_is_one(cluster, warned):
    own = build(table(households=65, years=8), replace(SPEC, cluster=cluster))
    found = run.evaluate_table(own, QUICK, test_from=None, number=30, rivals=NONE, blocks=1)
    cohort = found.result["cohort"]
    assert cohort["clusters"] == (13 if warned else cohort["households"])
    assert any("13 clusters only" in words for words in found.result["warnings"]) == warned
    weights = found.test.weight() * found.test.meta["follow_up_weight"]
    page = report.render(found.result, found.scores, found.test.poor_next, weights)
    told = f"{cohort['rows']} of {cohort['households']} households"
    assert (f"{told} in 13 clusters" if warned else f"{told}, each a cluster of its own") in page
    assert ("Warning: the judged rows are of 13 clusters only" in page) == warned


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--table", "T"], "go together"),
        (["--spec", "S"], "go together"),
        ([], "say what to judge on"),
        (["--table", "T", "--spec", "S", "--input", "."], "--input is for contract tables"),
        (["--table", "T", "--spec", "S", "--burn-in", "0"], "--burn-in is for contract tables"),
        (["--table", "T", "--spec", "S", "--baselines", "magic"], "--baselines magic: not known"),
        (["--table", "T", "--spec", "S", "--ablate", "age"], "--ablate is a part of --audit"),
        (["--input", "nowhere", "--ablate", "age"], "--ablate is a part of --audit"),  # before anything is read
        (["--input", "nowhere", "--budget", "5"], "--budget and --benefit go together"),
        (
            ["--table", "T", "--spec", "S", "--audit", "--ablate", "agee"],
            "--ablate agee: the panel has no such feature (did you mean 'age'?)",
        ),
        (["--table", "T", "--spec", "S", "--budget", "5"], "--budget and --benefit go together"),
        (["--table", "T", "--spec", "S", "--refits", "0"], "at least 1"),
        (["--input", "nowhere", "--rows", "a.xlsx"], "--rows a.xlsx: the judged rows are written as .parquet or .csv"),
    ],
)
def test_wrong_use_is_said(files, more, said, capsys):
    names = {"T": str(files / "t.csv"), "S": str(files / "spec.toml")}
    assert main(["evaluate", *(names.get(one, one) for one in more)]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_figures_are_computed_again_from_the_rows_of_a_file(files, capsys, ending):
    own = files / f"rows.{ending}"
    table(households=200, years=3).to_csv(files / "t.csv", index=False)
    assert main(["evaluate", "--table", str(files / "t.csv"), "--spec", str(files / "spec.toml"), "--bootstrap", "30",
                 "--baselines", "welfare_rank", "--threads", "1", "--no-track", "--json", str(files / "a.json"),
                 "--rows", str(own)]) == 0  # fmt: skip
    assert str(own) in capsys.readouterr().out
    result = json.loads((files / "a.json").read_text())
    rows = pd.read_csv(own) if ending == "csv" else pd.read_parquet(own)
    assert len(rows) == result["cohort"]["rows"]
    assert not rows.duplicated(["household_id", "origin"]).any()
    assert not rows["synthetic"].any()
    assert rows.groupby("window").size().tolist() == [one["judged"]["rows"] for one in result["splits"]]
    for name in ("jaga", "welfare_rank"):
        again = roc_auc_score(rows["fell"], rows[f"risk_{name}"], sample_weight=rows["weight"])
        assert again == pytest.approx(result["models"][name]["auc"]["value"], abs=1e-5), name


@pytest.mark.parametrize("years", [8, 3])
def test_every_row_is_judged_by_a_model_that_saw_nothing_of_it(years):
    panel = build(table(years=years), SPEC).panel
    windows = split.plan(panel, None, blocks=3, seed=1)
    assert (windows[0].test_from is not None) == (years == 8)
    usable = panel.at_risk & panel.seen
    judged = np.sum([one.test for one in windows], axis=0)
    assert judged.max() == 1
    names = panel.clusters().astype(str)
    for one in windows:
        assert not (one.train & ~usable).any()
        assert not set(names[one.train]) & set(names[one.test])
        if one.test_from is None:
            continue
        assert panel.meta["period"][one.test].min() >= one.test_from
        # What is known on the last day before the judged origin ends: outcomes of the years before.
        assert panel.meta["period"][one.train].max() + panel.horizon <= one.test_from
    first = min((one.test_from or 0) for one in windows)
    np.testing.assert_array_equal(judged == 1, usable & (panel.meta["period"] >= first))


def test_a_few_hundred_rows_are_enough():
    found = build(table(households=120, years=4), SPEC)
    result = run.evaluate_table(found, QUICK, test_from=None, number=20, rivals=NONE, blocks=3).result
    assert result["design"] == "grouped cross-validation"
    assert result["cohort"]["rows"] == int((found.panel.at_risk & found.panel.seen).sum())
    assert result["models"]["jaga"]["auc"]["value"] > 0.55


def test_noise_is_told_as_noise():
    """Features that say nothing: no error, no claim, everybody near the base rate."""
    rows = table(households=150, years=3)
    rng = np.random.default_rng(1)
    rows["age"] = rng.normal(size=len(rows))
    spec = replace(SPEC, numeric=("age",), categorical=(), welfare=None, welfare_next=None)
    result = run.evaluate_table(build(rows, spec), QUICK, test_from=None, number=20, rivals=NONE, blocks=3).result
    own = result["models"]["jaga"]
    assert abs(own["auc"]["value"] - 0.5) < 0.1
    assert own["brier_skill"]["value"] < 0.02
    assert result["outcomes"]["downgrade"] is None
    assert result["worth"]["welfare"]
    # What is empty says why, in the JSON and in the report.
    assert set(result["reason"]) == {"ladder", "downgrade", "welfare", "months"}
    assert result["ladder"] is None
    assert "falls caught" in result["reason"].pop("months")
    assert all("welfare_next" in why for why in result["reason"].values())


def test_shuffled_outcomes_give_no_skill():
    rows = table()
    rows["falls"] = np.random.default_rng(2).permutation(rows["falls"].to_numpy())
    found = build(rows, replace(SPEC, welfare_next=None))
    result = run.evaluate_table(found, QUICK, test_from=None, number=20, rivals=NONE, blocks=2).result
    assert abs(result["models"]["jaga"]["auc"]["value"] - 0.5) < 0.08


@pytest.mark.shared
@pytest.mark.slow
def test_on_the_german_panel_it_beats_the_rule(shared, tmp_path):
    spec = tmp_path / "german.toml"
    spec.write_text("""
household = "id"
period = "year"
outcome = "poor60_t1"
poor_now = "poor60_t"
welfare = "wr"
welfare_next = "wr_next"
line = 0.6
numeric = ["docvis", "hospvis", "age", "kids", "hhninc", "educ", "wr", "wr_prev", "outwork", "female", "married"]
categorical = ["edlevel"]
""")
    path = shared / "data/flat/germany_rwm5yr_transitions.parquet"
    out = tmp_path / "german.json"
    assert main(["evaluate", "--table", str(path), "--spec", str(spec), "--json", str(out), "--bootstrap", "50",
                 "--no-track", "--baselines", "logistic", "welfare_rule"]) == 0  # fmt: skip
    result = json.loads(out.read_text())
    assert result["cohort"]["rows"] == 10345
    assert result["cohort"]["events"] == 636
    assert result["differences"]["welfare_rule"]["auc"]["low"] > 0
    assert result["models"]["jaga"]["auc"]["value"] > 0.78
