"""From contract files to a registered, promoted model that others can load without our code."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from features import keys
from features.admit import admit
from features.cli import main
from features.contract import RUNGS
from features.home import home
from models import bundle, record, score
from models.calibration import sigmoid
from tests.training.small import WORD, answered, raw_tables, write_tables
from training import probast, replay, report, track
from training.backtest import columns
from training.prepare import prepare

pytestmark = pytest.mark.slow


def panel_options(place: Path) -> list[str]:
    """Options that name the panel of this installation."""
    return [
        "--source",
        "contract",
        "--input",
        str(place / "data"),
        "--horizon",
        "1",
        "--lookback",
        "2",
        "--threads",
        "1",
    ]


def write(data: Path, quarters: int) -> None:
    """The panel's files; more quarters leave the earlier ones as they are."""
    write_tables(data, raw_tables(households=1500, quarters=quarters))


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """A home with one trained and promoted model, made by the commands a user types."""
    place = tmp_path_factory.mktemp("installation")
    patch = pytest.MonkeyPatch()
    patch.setenv("JAGA_HOME", str(place / "home"))
    patch.setenv("XDG_CONFIG_HOME", str(place / "config"))
    patch.chdir(place)
    write(place / "data", quarters=10)
    drawn: list[Any] = []
    page_of = report._page
    patch.setattr(report, "_page", lambda *own: drawn.append(own) or page_of(*own))
    code = main(["train", *panel_options(place), "--bootstrap", "40", "--json", str(place / "figures.json"),
                 "--report", str(place / "report.html"), *answered(place)])  # fmt: skip
    (place / "drawn.txt").write_text(str(len(drawn)))
    assert code == 0
    assert main(["promote", *WORD]) == 0
    yield place
    patch.undo()


@pytest.fixture
def at_home(installation, monkeypatch):
    """The test runs in that installation."""
    monkeypatch.setenv("JAGA_HOME", str(installation / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(installation / "config"))
    return installation


def champion() -> bundle.Bundle:
    path = record.champion(home())
    assert path is not None
    return bundle.load(path)


def test_the_promoted_bundle_is_the_one_in_the_record(at_home):
    found = champion()
    record.check(home(), found)
    assert record.promoted(home()) == found.identity


def test_a_random_forest_is_among_what_the_gates_hold_it_against(at_home):
    figures = json.loads((at_home / "figures.json").read_text())
    assert figures["differences"]["random_forest"]["log_loss"]["high"] is not None
    assert "not worse than random_forest" in record.entries(home())[0]["gates"]


def test_the_figures_are_those_of_the_report(at_home):
    figures = json.loads((at_home / "figures.json").read_text())
    meta = json.loads((champion().path / "meta.json").read_text())
    assert meta["result"]["models"] == figures["models"]
    assert figures["train"]["rows"] > 0


def test_promoting_again_writes_nothing(at_home):
    before = len(record.entries(home()))
    assert main(["promote", *WORD]) == 0
    assert main(["promote"]) == 0, "it answers already, on a word that is in the record"
    assert len(record.entries(home())) == before


def test_training_again_gives_the_same_bundle_and_stopped_in_the_tracker_leaves_its_figures_and_says_where_it_was(
    at_home, tmp_path, monkeypatch, capsys
):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(track, "log", stopped)
    before = {path.name for path in record.folder(home()).iterdir()}
    files = ["--json", str(tmp_path / "figures.json"), "--report", str(tmp_path / "report.html")]
    with contextlib.suppress(KeyboardInterrupt):
        main(["train", *panel_options(at_home), "--bootstrap", "40", *answered(at_home), *files])
    assert {path.name for path in record.folder(home()).iterdir()} == before
    one, other = (json.loads((folder / "figures.json").read_text()) for folder in (tmp_path, at_home))
    assert {**one, "champion": None} == {**other, "champion": None}, "it was compared with the champion that is now"
    assert (tmp_path / "report.html").read_bytes() == (at_home / "report.html").read_bytes()
    assert f"bundle {champion().name} is written; registering it in MLflow ..." in capsys.readouterr().out


def test_what_answers_learnt_from_every_known_outcome_and_keeps_the_model_that_was_judged(at_home):
    found, figures = champion(), json.loads((at_home / "figures.json").read_text())
    assert found.schema["refit"]
    assert found.schema["trained_rows"] == figures["refit"]["rows"] > 2 * figures["train"]["rows"]
    assert figures["refit"]["correlation"] > probast.NEAR
    assert 0.8 < figures["refit"]["balance"] < 1.25
    panel = prepare("contract", at_home / "data", horizon=1, lookback=2).panel
    rows, risks = replay.as_judged(found, panel)
    test = panel.take(rows & panel.at_risk & panel.seen)
    assert len(test) == figures["cohort"]["rows"]
    assert roc_auc_score(test.poor_next, risks(test)) == pytest.approx(
        figures["models"]["jaga"]["auc"]["value"], abs=0.02
    )
    assert "fitted again on every row with a known outcome" in (found.path / "card.en.md").read_text()


def test_the_card_is_of_the_facts_of_the_model_that_answers(at_home):
    """A refit on more rows may keep more columns than the judged fit: the card counts those of `schema.json`."""
    found = champion()
    told, judged = found.schema["features"], found.schema["judged"]["features"]
    card = (found.path / "card.en.md").read_text()
    assert f"Features: {len(told)} (" in card
    assert ("did not have" in card) == (told != judged)


def test_a_fitted_bundle_is_judged_without_fitting(at_home, tmp_path, capsys):
    out = tmp_path / "out.json"
    options = ["--bundle", str(champion().path), "--bootstrap", "30", "--json", str(out)]
    assert main(["evaluate", *panel_options(at_home), *options]) == 2, "it was taught every outcome of this panel"
    assert "no row is left to judge" in capsys.readouterr().err
    write(tmp_path / "later", quarters=12)
    later = [*panel_options(at_home)[:3], str(tmp_path / "later"), *panel_options(at_home)[4:]]
    assert main(["evaluate", *later, *options]) == 0
    result = json.loads(out.read_text())
    assert result["bundle"] == champion().name
    assert result["train"] is None
    assert 0.5 < result["models"]["jaga"]["auc"]["value"] < 1


def test_scores_of_the_bundle_are_answers(at_home):
    tables = admit(raw_tables(households=60), key=keys.PUBLIC_KEY).tables
    rows = score.score(champion(), tables, tables["households"]["known_at"].max()).to_pydict()
    scored = [p for p in rows["risk"] if p is not None]
    assert len(scored) > 20
    assert all(0 < p < 1 for p in scored)
    columns = (rows[name] for name in ("risk", "base", "place", "reasons", "other"))
    for risk, base, place, reasons, other in zip(*columns, strict=True):
        if risk is not None:
            total = base + place + sum(reason["contribution"] for reason in reasons) + other
            assert np.log(risk / (1 - risk)) == pytest.approx(total, abs=1e-6)


def test_the_registered_model_loads_without_our_code(at_home, tmp_path):
    """A bare process, outside the checkout, with only MLflow and LightGBM: same numbers, and a signature."""
    found = champion()
    matrix = np.random.default_rng(0).normal(size=(50, len(found.schema["features"]) + 1)).astype(np.float32)
    np.save(tmp_path / "matrix.npy", matrix)
    program = """
import sys, warnings
warnings.simplefilter("ignore")
import mlflow, numpy as np
mlflow.set_tracking_uri(sys.argv[1])
info = mlflow.models.get_model_info("models:/jaga-risk@champion")
assert info.signature is not None and "lightgbm" in info.flavors
booster = mlflow.lightgbm.load_model("models:/jaga-risk@champion")
np.save("out.npy", booster.predict(np.load("matrix.npy")))
model = mlflow.pyfunc.load_model("models:/jaga-risk@champion")
example = model.input_example
assert list(example.columns) == booster.feature_name() == info.signature.inputs.input_names()
assert model.predict(example) == booster.predict(example)
example.to_json("example.json", orient="records")
np.save("risk.npy", booster.predict(example))
assert not any(name.split(".")[0] in ("features", "models", "training", "serving") for name in sys.modules)
"""
    store = f"sqlite:///{home() / 'mlflow.db'}"
    done = subprocess.run([sys.executable, "-c", program, store], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = sigmoid(found.forests["risk"].logit(matrix))
    np.testing.assert_allclose(np.load(tmp_path / "out.npy"), told, rtol=0, atol=1e-12)
    _the_example_is_of_known_codes_and_nobodys(found, tmp_path, at_home / "data")
    needed = next(home().glob("mlartifacts/**/requirements.txt"))
    names = {line.split("==")[0] for line in needed.read_text().split()}
    assert names == {"mlflow", "lightgbm", "numpy", "pandas"}, "a bare environment is told to lack no other"


def _the_example_is_of_known_codes_and_nobodys(found: bundle.Bundle, folder: Path, data: Path) -> None:
    """Each code of the row that is logged has its name in `schema.json`, and its risk is what Jaga answers with."""
    (row,) = json.loads((folder / "example.json").read_text())
    assert list(row) == [*found.schema["features"], "stratum"]
    assert set(found.schema["codes"]) == {one.name for one in found.features if one.choices}
    for name, labels in [*found.schema["codes"].items(), ("stratum", found.schema["strata"])]:
        assert row[name] in range(len(labels)), name
    values = np.array([list(row.values())], dtype=float)
    told = sigmoid(found.forests["risk"].logit(values.astype(np.float32)))
    np.testing.assert_allclose(np.load(folder / "risk.npy"), told, rtol=0, atol=1e-9)
    panel = prepare("contract", data, horizon=1, lookback=2, tell=lambda text: None).panel
    alike = (columns(panel, found.features) == values[0, :-1]) | np.isnan(values[0, :-1])
    assert not alike.all(axis=1).any()


def test_the_run_holds_the_report_its_plots_and_the_cards(at_home):
    found = track.client().search_runs(experiment_names=[track.EXPERIMENT], output_format="list")
    assert champion().name in {run.info.run_name for run in found}, "a run is named by what it made"
    logged = {path.read_bytes() for path in home().glob("mlartifacts/**/report/report.html")}
    assert (at_home / "report.html").read_bytes() in logged
    assert (at_home / "drawn.txt").read_text() == "1", "one report is drawn once, for the tracker and for --report"
    names = {path.name for path in home().glob("mlartifacts/**/artifacts/**/*")}
    assert {"report.html", "reliability.svg", "gain.svg", "roc.svg", "card.id.md", "card.en.md"} <= names


def test_the_tracker_keeps_its_files_at_home(at_home):
    assert (home() / "mlflow.db").exists()
    assert any(home().glob("mlartifacts/**/model.lgb"))
    assert not (at_home / "mlruns").exists()


def test_a_worse_model_is_held_back(at_home, capsys):
    """The gates read the figures: one that failed to beat a baseline stays out and the champion stays."""
    found = champion()
    meta = json.loads((found.path / "meta.json").read_text())
    worse = {"value": 0.1, "low": 0.05, "high": 0.15}
    meta["result"]["differences"]["logistic"]["log_loss"] = worse
    files = {name: (found.path / name).read_bytes() for name in bundle.BEARING if (found.path / name).exists()}
    files["cuts.json"] = bundle.dump({**found.cuts, "base_rate": 0.2})
    path = bundle.write(record.folder(home()), files, meta)
    try:
        assert main(["promote", path.name, *WORD]) == 1
    finally:
        # `jaga promote` without a name takes the newest bundle, and the other tests share this home.
        shutil.rmtree(path)
    assert "FAIL  not worse than logistic" in capsys.readouterr().out
    assert champion().identity == found.identity


def test_a_tampered_bundle_is_not_promoted(at_home, tmp_path, capsys):
    copy = tmp_path / champion().name
    copy.mkdir()
    for file in champion().path.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    (copy / "risk.lgb").write_text((copy / "risk.lgb").read_text().replace("leaf_value=", "leaf_value=9", 1))
    assert main(["promote", str(copy)]) == 2
    assert "altered" in capsys.readouterr().err


def test_the_history_names_who_and_when(at_home, capsys):
    assert main(["promote", "--history"]) == 0
    assert champion().name in capsys.readouterr().out


def test_every_score_has_its_interval_and_its_ladder(at_home):
    found = champion()
    tables = admit(raw_tables(households=200, quarters=3, seed=8), key=keys.PUBLIC_KEY).tables
    rows = score.score(found, tables, np.datetime64("2020-10-15")).to_pylist()
    applying = [row for row in rows if row["applies"]]
    assert applying
    for row in applying:
        assert 0 <= row["low"] <= row["risk"] <= row["high"] <= 1
        assert row["fall_within"] == pytest.approx(row["risk"], abs=1e-9)  # one period ahead they are the same
    for row in rows:
        if row["status"] != "scored":
            assert row["low"] is None
            assert row["ladder_poor"] is None
            continue
        assert sum(row[f"ladder_{rung}"] for rung in RUNGS) == pytest.approx(1, abs=1e-9)
        poor = row["ladder_extreme_poor"] + row["ladder_poor"]
        assert poor == pytest.approx(row["risk"] if row["applies"] else row["p_poor_next"], abs=1e-9)
    poor_now = [row for row in rows if row["status"] == "scored" and not row["applies"]]
    assert poor_now
    assert all(row["risk"] is None and row["low"] is None and row["p_poor_next"] is not None for row in poor_now)
