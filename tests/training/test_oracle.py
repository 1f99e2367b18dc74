"""The oracle: true risks joined to judged rows, null with a reason, seen by no model."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest

from features import periods
from models.bundle import dump
from tests.training.judged import as_json, evaluated
from training import oracle, report, terminal

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/evaluate.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found():
    return evaluated()


@pytest.fixture
def truth(found, tmp_path):
    """A file that holds, in another order, a risk for each judged row and the true welfare of both dates."""
    test = found.test
    rng = np.random.default_rng(5)
    risk = np.clip(found.scores["jaga"] + 0.1 * (test.poor_next - 0.4) + rng.normal(0, 0.02, len(test)), 0.01, 0.99)
    now = pd.DataFrame({"household_id": test.meta["household_id"].astype(str),
                        "period": [periods.text(int(t)) for t in test.meta["period"]], "risk_1": risk,
                        "ratio": test.meta["ratio"]})  # fmt: skip
    later = now.assign(period=[periods.text(int(t) + 1) for t in test.meta["period"]], ratio=test.ratio_next)
    later = later.merge(now[["household_id", "period"]], how="left", indicator=True)
    later = later[later["_merge"] == "left_only"].drop(columns="_merge").assign(risk_1=0.5)
    path = tmp_path / "truth" / "families"
    path.mkdir(parents=True)
    pd.concat([now, later]).sample(frac=1, random_state=1).to_parquet(path / "part-0.parquet")
    return path, risk


def test_without_a_truth_there_is_no_oracle(found, tmp_path):
    assert as_json()["oracle"] is None
    assert oracle.place(tmp_path) is None
    assert oracle.judge(None, found.test, found.scores, number=5, seed=1) is None


def test_the_true_risk_is_joined_to_the_right_rows(found, truth):
    path, risk = truth
    assert oracle.place(path.parents[1]) == path
    block = oracle.judge(path, found.test, found.scores | {"twin": risk}, number=30, seed=1)
    jsonschema.validate(as_json() | {"oracle": json.loads(dump(block))}, SCHEMA)
    assert (block["rows"], block["reason"]) == (len(found.test), None)
    assert block["share"]["twin"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert 0 < block["share"]["jaga"]["value"] < 1
    assert block["latent"]["auc"]["value"] > as_json()["models"]["jaga"]["auc"]["value"]
    assert block["agreement"]["correlation"]["value"] > 0.9
    assert sum(one["rows"] for one in block["agreement"]["fifths"]) == len(found.test)
    told = [one["predicted"] for one in block["agreement"]["fifths"]]
    assert told == sorted(told)
    assert block["falls"] == {"true": 1.0, "poor_before": 0.0, "never_poor": 0.0}


def test_terminal_and_report_tell_it(found, truth, capsys):
    result = as_json() | {"synthetic": True,
                          "oracle": oracle.judge(truth[0], found.test, found.scores, number=30, seed=1)}  # fmt: skip
    terminal.tell(result)
    text = capsys.readouterr().out
    assert "oracle: the true risk of each of" in text
    assert "share of the lift over chance of the true risk: jaga" in text
    weights = found.test.weight()
    html = report.render(result, found.scores, found.test.poor_next, weights)
    assert "By fifth of Jaga's risk" in html or "By fifth of Jaga&#39;s risk" in html
    unknown = copy.deepcopy(result)
    unknown["oracle"] |= {"latent": None, "share": None, "agreement": None, "falls": None, "reason": "no such horizon"}
    assert "No figures: no such horizon." in report.render(unknown, found.scores, found.test.poor_next, weights)
    terminal.tell(unknown)
    assert "oracle: none; no such horizon" in capsys.readouterr().out


def test_a_horizon_that_was_not_written_is_null_with_its_reason(found, truth):
    block = oracle.judge(truth[0], replace(found.test, horizon=3), found.scores, number=5, seed=1)
    assert block["latent"] is block["share"] is None
    assert block["reason"] == "no true risk was written for a horizon of 3; it is there for 1"
    jsonschema.validate(as_json() | {"oracle": block}, SCHEMA)


def test_rows_without_a_true_risk_are_never_left_out_in_silence(found, truth):
    path, _ = truth
    table = pd.read_parquet(path)
    gone = found.test.meta["household_id"][0]
    table[table["household_id"] != gone].to_parquet(path / "part-0.parquet")
    block = oracle.judge(path, found.test, found.scores, number=5, seed=1)
    assert block["latent"] is None
    assert "judged rows have no true risk" in block["reason"]


def test_correlation_and_share_of_lift():
    x = np.random.default_rng(1).normal(size=200)
    weights = np.ones((1, 200))
    assert oracle.correlation(x, 3 * x + 1, weights)[0] == pytest.approx(1)
    assert oracle.correlation(x, np.tanh(x), weights)[0] == pytest.approx(np.corrcoef(x, np.tanh(x))[0, 1])
    assert np.isnan(oracle.correlation(x, np.full(200, 0.3), weights)[0])
    assert oracle.lift_share(np.array([0.7, 0.7]), np.array([0.8, 0.5]))[0] == pytest.approx(2 / 3)
    assert np.isnan(oracle.lift_share(np.array([0.7]), np.array([0.5]))[0])
