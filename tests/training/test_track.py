"""A tracking store that is away is told soon and clearly, and holds up nothing that was decided already."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

import lightgbm
import numpy as np
import pytest

from features.commands import UserError
from training import track


def _interrupted():
    raise KeyboardInterrupt


@pytest.mark.parametrize(("stop", "status"), [
    (lambda: os.kill(os.getpid(), signal.SIGTERM), "KILLED"),
    (_interrupted, "KILLED"),  # not by a signal, which the processes of a run of tests may be deaf to
    (lambda: [][0], "FAILED"),
    (lambda: None, "FINISHED"),
])  # fmt: skip
def test_a_run_ends_as_what_it_was(tmp_path, monkeypatch, stop, status):
    monkeypatch.setattr(track, "_GIVEN", None)
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    before, mlflow = signal.getsignal(signal.SIGTERM), track.client()
    with contextlib.suppress(SystemExit, KeyboardInterrupt, IndexError), track._run(mlflow, "one"):
        stop()
    (found,) = mlflow.search_runs(experiment_names=[track.EXPERIMENT], output_format="list")
    assert found.info.status == status
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_home_that_was_copied_reads_and_writes_its_own_files(tmp_path, monkeypatch):
    monkeypatch.setattr(track, "_GIVEN", None)
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "first"))
    booster = lightgbm.train({"verbose": -1, "num_threads": 1}, lightgbm.Dataset(np.eye(60), np.arange(60) % 2), 1)
    report = tmp_path / "report"
    report.mkdir()
    result = {"models": {"jaga": {"auc": {"value": 0.7}}}}

    def log(bundle: str) -> None:
        track.log(
            booster, np.zeros((1, 60)), tuple(map(str, range(60))), result, {}, {"bundle": bundle}, [], str(report)
        )

    log("one")
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    shutil.rmtree(tmp_path / "first")
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "second"))
    assert track.signature("one") == ("1", True)
    log("two")
    assert track.signature("two") == ("2", True)
    assert track.alias("two", "champion") == "2"
    # One that the store does not know takes the name from what is no champion any more.
    assert track.alias("of another store", "champion") is None
    assert not track.client().MlflowClient().get_registered_model(track.MODEL).aliases
    assert track.client().lightgbm.load_model(f"models:/{track.MODEL}/1").num_trees() == booster.num_trees()
    assert not (tmp_path / "first").exists()


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track, "_GIVEN", "http://sari:rahasia@127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")


@pytest.mark.usefixtures("away")
def test_a_store_that_is_away_is_told_without_its_password() -> None:
    began = time.monotonic()
    with pytest.raises(UserError, match=r"the tracking store http://127\.0\.0\.1:9 .* nothing was changed") as told:
        track.signature("0123456789ab")
    assert "rahasia" not in str(told.value)
    assert time.monotonic() - began < 60


@pytest.mark.usefixtures("away")
def test_what_was_decided_stands_and_the_words_say_what_the_tracker_lacks() -> None:
    told = track.told("0123456789ab", "champion")
    assert told.startswith(" (the tracker does not know it yet; jaga promote 0123456789ab tells it once it is there: ")
    assert "nothing was changed" not in told


def test_a_store_that_was_moved_away_is_named_and_no_empty_one_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track, "_GIVEN", None)
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    with pytest.raises(UserError, match=r"mlflow\.db is not there: put it back"):
        track.signature("0123456789ab")
    assert "is not there" in track.told("0123456789ab", "champion")  # a rollback goes on, and makes no empty one either
    assert not (tmp_path / "mlflow.db").exists()
