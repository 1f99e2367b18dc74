"""Trees grown by Dask workers: as good as one process's, the one booster still equal to its parts."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from features import crew
from features.commands import UserError
from tests.serving.batch.test_scheduler import cluster
from tests.training.small import QUICK
from training import backtest, fit
from training.cluster import Cluster


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                      memory_limit=0, silence_logs=50) as cluster:  # fmt: skip
        yield cluster.scheduler_address


@pytest.mark.slow
def test_a_model_of_a_cluster_is_as_good_as_one_of_this_process(small, scheduler):
    rows = small.at_risk & small.seen
    model = backtest.train(small, rows, small.poor_next == 1, small.ratio_next, QUICK)
    there = backtest.train(small, rows, small.poor_next == 1, small.ratio_next, replace(QUICK, scheduler=scheduler))
    own, theirs = (roc_auc_score(small.poor_next[rows], one.fitted.oof) for one in (model, there))
    assert theirs == pytest.approx(own, abs=0.02)
    np.testing.assert_allclose(there.predict(small, 1), there.composed(small), rtol=0, atol=1e-9)
    assert fit.settings_json(replace(QUICK, scheduler=scheduler)).keys() - fit.settings_json(QUICK).keys() == {"trees"}
    assert scheduler not in str(fit.settings_json(replace(QUICK, scheduler=scheduler)))


@pytest.mark.slow
def test_a_fold_that_is_left_out_teaches_nothing(scheduler):
    rng = np.random.default_rng(3)
    X, fold = rng.normal(size=(4000, 3)).astype(np.float32), rng.integers(0, 4, 4000)
    # In fold 1 alone the outcome follows the first column; who is not taught it knows nothing of it.
    target = np.where(fold == 1, X[:, 0] > 0, rng.random(4000) < 0.5).astype(float)
    workers = Cluster(scheduler, X, target, fold)
    params = {"objective": "cross_entropy", "verbosity": -1, "seed": 1, "num_leaves": 4, "learning_rate": 0.1}
    spared, whole = workers.grow(params, 20, leave_out=1), workers.grow(params, 20)
    workers.close()
    assert whole.num_trees() == 20
    one = fold == 1
    assert roc_auc_score(target[one], whole.predict(X[one])) > 0.95
    assert 0.4 < roc_auc_score(target[one], spared.predict(X[one])) < 0.6


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "CONNECT", 1.0)
    with pytest.raises(UserError, match="no scheduler with workers at tcp://127"):
        Cluster("tcp://127.0.0.1:9", np.zeros((2, 1)), np.zeros(2), np.zeros(2))


@pytest.mark.slow
def test_a_scheduler_that_is_lost_is_told_in_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(3)
    X, fold = rng.normal(size=(4000, 3)).astype(np.float32), rng.integers(0, 4, 4000)
    params = {"objective": "cross_entropy", "verbosity": -1, "seed": 1, "num_leaves": 4, "learning_rate": 0.1}
    with cluster(tmp_path / "elsewhere") as (address, process, _):
        workers = Cluster(address, X, (X[:, 0] > 0).astype(float), fold)
        workers.grow(params, 5, leave_out=1)
        lost = threading.Timer(1.0, process.kill)
        lost.start()
        with pytest.raises(UserError, match=r"^the scheduler is lost; nothing was kept of the training"):
            any(workers.grow(params, 50) is None for _ in itertools.count())
        workers.close()
        lost.join()
    said = capfd.readouterr()
    # A machine that is busy may be asked before its first worker is there, which is told by itself.
    assert (said.out + said.err).replace(f"jaga: {crew._SAID[crew.NO_WORKER_YET]}\n", "") == ""
