"""The audit: a fair model shows no gap beyond chance, an unfair one is found, and laws hold whatever the names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from tests.training.flat import SPEC, table
from tests.training.small import QUICK
from training import audit_report, backtest, groups, report, run, stability
from training.judge import Resamples
from training.split import out_of_time
from training.table import build

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/evaluate.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def judged(small):
    split = out_of_time(small)
    model = backtest.train(small, split.train, small.poor_next == 1, small.ratio_next, QUICK)
    return split, model, small.take(split.test), model.predict(small.take(split.test), 1)


def resamples(panel, number=60):
    return Resamples.of(panel.clusters(), panel.weight(), number, 1)


def test_everybody_gets_the_places_there_are():
    rng = np.random.default_rng(1)
    p, weights = rng.choice([0.1, 0.2, 0.5], 300), rng.random((5, 300)) + 0.1
    places = groups.on_list(p, weights, 10)
    np.testing.assert_allclose((places * weights).sum(axis=1), weights.sum(axis=1) * 0.1, rtol=1e-5)
    assert ((places >= 0) & (places <= 1)).all()
    for row in places:  # higher risk, never less of a place; equal risk, the same
        assert row[p == 0.5].min() >= row[p == 0.2].max() >= row[p == 0.1].max()


def test_names_of_groups_decide_nothing(judged):
    _, _, test, p = judged
    levels = np.where(test.meta["province"].astype(str) == "31", "a", "b")
    one = groups.judge(levels, p, test, resamples(test))
    two = groups.judge(np.where(levels == "a", "z", "y"), p, test, resamples(test))
    assert one["a"] == two["z"]
    assert one["b"] == two["y"]
    assert one["a"]["gaps"]["recall"]["value"] == pytest.approx(-one["b"]["gaps"]["recall"]["value"])


def test_a_small_cell_gets_no_figure(judged):
    _, _, test, p = judged
    levels = np.where(np.arange(len(test)) < 30, "few", "many")
    found = groups.judge(levels, p, test, resamples(test))
    assert found["few"]["figures"] is None
    # The others are no less sure of themselves; only what compares the two is not told.
    assert not found["many"]["too_small"]
    assert found["many"]["gaps"] is None
    assert found["many"]["rest"] == {key: found["few"][key] for key in ("rows", "events")}
    alone = groups.judge(np.where(levels == "many", "x", "y"), p, test, resamples(test))["x"]
    assert found["many"]["figures"] == alone["figures"]
    own = found["many"]["figures"]["expected_over_observed"]
    assert own["low"] < own["value"] < own["high"]
    rows = audit_report.block({"audit": AUDIT | {"groups": {"elderly alone": found}}})["groups"][0][1]["rows"]
    assert "no gap, the rest: too few" in rows[1][1][0][0]
    assert "too few" in rows[0][1][0][0]


def test_a_picture_of_which_nothing_is_known_is_left_out():
    unknown = {"value": None, "low": None, "high": None}
    old = {"period": "2020Q4", "age": 1, "rows": 40, "events": 2, "auc": unknown, "log_loss": unknown}
    assert audit_report.pictures({"audit": AUDIT | {"groups": {}, "ageing": [old]}}) == []


AUDIT = {"budget": 10, "fewest": {"rows": 100, "events": 20}, "stability": {}, "ageing": [], "gaming": [],
         "ablation": {}}  # fmt: skip


def test_an_unfair_model_is_found_and_a_fair_one_is_not(judged):
    _, _, test, p = judged
    rng = np.random.default_rng(3)
    levels = np.where(rng.random(len(test)) < 0.5, "a", "b")
    draws = resamples(test, 200)
    fair = groups.judge(levels, p, test, draws)["a"]["gaps"]
    assert fair["recall"]["low"] < 0 < fair["recall"]["high"]
    unfair = groups.judge(levels, np.where(levels == "a", p / 3, p), test, draws)["a"]["gaps"]
    assert unfair["recall"]["high"] < 0
    assert unfair["expected_over_observed"]["high"] < 0
    assert unfair["rank_residual"]["high"] < 0


def test_the_same_model_keeps_its_list(judged):
    *_, p = judged
    assert stability.overlap(stability.top(p), stability.top(p)) == {"kept": 1.0, "jaccard": 1.0}
    assert stability.top(p).sum() == round(0.1 * len(p))


def test_steadiness_is_between_chance_and_certainty(small, judged):
    split, model, _, p = judged
    found = stability.of_list(small, split, model, QUICK, p)
    for name in ("reseed", "retrain", "update"):
        assert 0.1 < found[name]["jaccard"] <= found[name]["kept"] <= 1


def test_every_age_is_judged_on_clusters_never_seen(small, judged):
    split, model, *_ = judged
    found = stability.by_age(small, split, model, 1, number=20, seed=1)
    assert [one["age"] for one in found] == sorted({one["age"] for one in found})
    assert found[0]["age"] == 0
    late = small.at_risk & small.seen & (small.meta["period"] >= split.test_from)
    assert sum(one["rows"] for one in found) <= late.sum()


def test_a_fact_that_the_model_ignores_wins_no_place(judged):
    _, model, test, _ = judged
    features = [f.name for f in model.features]
    found = {one["feature"]: one for one in stability.gaming(test, model, 1)}
    assert set(found) <= set(features)
    gains = [one["won"] for one in found.values()]
    assert max(gains) > 0
    assert gains == sorted(gains, reverse=True)
    assert all(one["moved"] > -1e-9 for one in found.values() if one["won"] > 0)


@pytest.mark.slow
def test_a_flat_table_is_audited_whole():
    """From the table to the JSON and the report: protected columns are audited and in no model."""
    rows = table(households=400)
    rows["sex"] = np.where(rows["id"] % 2 == 0, "woman", "man")
    own = build(rows, replace(SPEC, protected=("sex",)))
    found = run.evaluate_table(own, QUICK, test_from=None, number=30, rivals=backtest.Rivals(("welfare_rule",)),
                               blocks=1, audited=True)  # fmt: skip
    result = json.loads(json.dumps(found.result))
    jsonschema.validate(result, SCHEMA)
    audit = result["audit"]
    assert set(audit["groups"]) >= {"sex", "job"}
    assert set(audit["groups"]["sex"]) == {"woman", "man"}
    assert "sex" not in result["train"]["features"]
    assert set(audit["ablation"]) == set(result["train"]["features"])
    assert audit["gaming"] == []
    assert "which features a family reports itself" in audit["reason"]["gaming"]
    assert ("ageing" in audit["reason"]) == (audit["ageing"] == [])
    html = report.render(result, found.scores, found.test.poor_next, found.test.weight())
    for words in ("Audit", "Falls caught", "What each family of features is worth", "What each family of features adds",
                  "Groups against the rest",
                  "Steadiness of the list", "woman", "What other answers would win: not told"):  # fmt: skip
        assert words in html, words
