"""The best risk that the features allow: learnt from other families, held between the model and the true risk."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from features.commands import UserError
from features.sources.synthetic import generate
from models.bundle import dump
from tests.training.judged import as_json
from tests.training.small import QUICK
from training import ceiling, oracle, prepare, report, run, terminal
from training.backtest import Backtest
from training.ceiling import Ceiling
from training.prepare import Prepared

pytestmark = pytest.mark.slow

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/evaluate.schema.json").read_text(encoding="utf-8"))
WORLD = {"households": 6000, "periods": 4, "start": "2022", "frequency": "year"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("ceiling") / "families"
    generate(place, **WORLD)
    return place


@pytest.fixture(scope="module")
def prepared(folder: Path) -> Prepared:
    return prepare.prepare("synthetic", folder, burn_in=0, tell=lambda text: None)


@pytest.fixture(scope="module")
def learnt(folder: Path) -> Ceiling:
    return ceiling.learn(folder, 60_000, burn_in=0, threads=1, chunk=32_000, tell=lambda text: None)


@pytest.fixture(scope="module")
def judged(prepared: Prepared, learnt: Ceiling) -> Backtest:
    return run.evaluate(prepared, QUICK, test_from=None, number=60, ceiling=learnt)


def test_its_mean_is_that_of_the_true_risk(prepared: Prepared, learnt: Ceiling) -> None:
    """Regional events hit a province in a year, and each seed has its own, so these are the units."""
    panel = prepared.panel.take(prepared.panel.at_risk)
    truth, _ = oracle.truth(prepared.truth, panel)
    gap = learnt.predict(panel) - truth["risk"].to_numpy()
    units = np.unique([f"{p} {t}" for p, t in zip(panel.meta["province"], panel.meta["period"], strict=True)],
                      return_inverse=True)[1]  # fmt: skip
    error = np.sqrt((np.bincount(units, gap) ** 2).sum()) / len(gap)
    assert abs(gap.mean()) < 3 * error, (gap.mean(), error)
    assert learnt.rows >= 60_000
    assert learnt.held["correlation"] > 0.6
    assert abs(learnt.held["told"] / learnt.held["true"] - 1) < 0.1


def test_it_lies_between_the_model_and_the_true_risk(judged: Backtest) -> None:
    block = judged.result["oracle"]
    latent, view = block["latent"], block["view"]
    assert view["figures"]["auc"]["value"] < latent["auc"]["value"]
    assert view["figures"]["log_loss"]["value"] > latent["log_loss"]["value"]
    assert view["share"]["jaga"]["low"] <= 1
    assert view["share"]["welfare_rule"]["high"] < 1
    assert 0.6 < view["correlation"]["value"] < 0.95


def test_the_json_the_terminal_and_the_report_tell_it(judged: Backtest, capsys: pytest.CaptureFixture[str]) -> None:
    block = json.loads(dump(judged.result["oracle"]))
    jsonschema.validate(as_json() | {"oracle": block}, SCHEMA)
    terminal.tell(judged.result)
    text = capsys.readouterr().out
    assert "best of view" in text
    assert f"learnt from {block['view']['rows']:,} rows" in text
    html = report.render(judged.result, judged.scores, judged.test.poor_next, judged.test.weight())
    assert "Best of the features" in html


def test_a_file_is_read_as_it_was_written(learnt: Ceiling, prepared: Prepared, tmp_path: Path) -> None:
    learnt.save(tmp_path / "a" / "oracle.json")
    again = ceiling.load(tmp_path / "a" / "oracle.json")
    assert again == learnt
    again.check(prepared)
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(UserError, match="is no file of jaga data oracle"):
        ceiling.load(tmp_path / "other.json")


def test_another_world_is_refused(learnt: Ceiling, prepared: Prepared, folder: Path, tmp_path: Path) -> None:
    identity = learnt.identity
    for changed, told in (({"displacement": 0.0}, "displacement 0.0, here 1.5"), ({"horizon": 2}, "horizon 2, here 1"),
                          ({"assume": {"error": 0.5}}, "assume {'error': 0.5}, here None"),
                          ({"view": "survey"}, "view survey, here registry")):  # fmt: skip
        with pytest.raises(UserError, match=told):
            replace(learnt, identity=identity | changed).check(prepared)
    with pytest.raises(UserError, match="seed 1, which are judged here"):
        replace(learnt, seeds=(1,)).check(prepared)
    with pytest.raises(UserError, match="other features"):
        replace(learnt, features=learnt.features[1:]).check(prepared)
    with pytest.raises(UserError, match="only synthetic data"):
        learnt.check(replace(prepared, truth=None))
    with pytest.raises(UserError, match="say one above 1"):
        ceiling.learn(folder, 10, seed=1)
    with pytest.raises(UserError, match="is no folder of jaga data synth"):
        ceiling.learn(tmp_path, 10)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(UserError, match="cannot say if the data are synthetic"):
        ceiling.learn(tmp_path, 10)
