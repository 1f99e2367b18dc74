"""Requests a second that `POST /v1/score` and `mlflow models serve` answer, each saturated, with the same booster.

Both are started from the same environment, so with the same server (uvicorn on uvloop), on the same processors, with
as many worker processes, once one and once one for each processor, and asked by the same clients in turn. These are
connections of one thread on the same processors that never pause; what they cost a request is told.
For one household a request Jaga checks the caller's token, reads raw rows of the family and its members over three
quarters, checks every cell against the contract, makes the features, scores with all three boosters, adds interval,
ladder and reasons in two languages, and writes an audit row to disk before it answers. MLflow is given the ready
matrix row of the same family and answers the risk booster's output.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from subprocess import Popen
from typing import Any

import numpy as np

from benchmarks import single_request
from features.types import Array
from models import bundle as bundles
from models import score
from models.bundle import Bundle
from serving.requests import parse
from tests import small
from tests.serving import load
from tests.serving.load import Call

SECONDS, ROUNDS, SENDERS = 8, 3, 32
BAR_RATIO = 5.0


def run() -> dict[str, Any]:
    """Ask both, with one worker and with one for each processor; the smaller ratio counts."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        path, kind = single_request.model()
        bodies = [json.dumps(body).encode() for body in single_request.families()]
        loaded = bundles.load(path)
        matrix, names = rows(loaded, bodies)
        model, peers = saved(loaded, matrix, names, scratch), invocations(matrix, names)
        token, database = single_request.caller(name)
        own = single_request.calls(bodies, token)
        found = {}
        for workers in sorted({1, len(os.sched_getaffinity(0))}):
            port = load.free_port()
            command = [sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(model), "--env-manager",
                       "local", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]  # fmt: skip
            env = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
            with (load.started(command, port, "/ping", scratch / "mlflow.log", env) as peer,
                  load.jaga(scratch, database, "--bundle", str(path), "--workers", str(workers),
                            JAGA_RATE="100000") as (own_port, process)):  # fmt: skip
                found[str(workers)] = in_turn({"mlflow": (port, peers, predicted, peer),
                                               "jaga": (own_port, own, single_request.scored, process)})  # fmt: skip
            told = found[str(workers)]
            print(f"   {workers} workers each: Jaga {np.median(told['rates']['jaga']):.0f}/s "
                  f"({told['cpu_ms']['jaga']:.1f} ms of a processor a request), mlflow models serve "
                  f"{np.median(told['rates']['mlflow']):.0f}/s ({told['cpu_ms']['mlflow']:.1f} ms): "
                  f"{told['ratio']:.2f} times (bar: {BAR_RATIO:g})", flush=True)  # fmt: skip
    ratio = min(told["ratio"] for told in found.values())
    wrong = any(own["wrong"] for told in found.values() for rounds in told["rounds"].values() for own in rounds)
    clients = max(ms for told in found.values() for ms in told["client_ms"].values())
    return {"model": path.name, "kind": kind, "senders": SENDERS, "client_ms": clients, "seconds": SECONDS,
            "by_workers": found,
            "ratio": ratio, "bar_ratio": BAR_RATIO, "passed": ratio >= BAR_RATIO and not wrong}  # fmt: skip


def in_turn(asked: dict[str, tuple[int, list[Call], load.Check, Popen[bytes]]]) -> dict[str, Any]:
    """Ask each in every round; the ratio of the middle round, and milliseconds of a processor by server and client."""
    rounds: dict[str, list[dict[str, Any]]] = {who: [] for who in asked}
    for port, calls, check, _ in asked.values():
        load.closed_loop(port, calls, 2, check, SENDERS)
    for _ in range(ROUNDS):
        for who, (port, calls, check, process) in asked.items():
            busy, clients = load.processor_seconds(process), time.process_time()
            answers = load.closed_loop(port, calls, SECONDS, check, SENDERS)
            busy, clients = load.processor_seconds(process) - busy, time.process_time() - clients
            right = [own.ms for own in answers if own.status == 200 and not own.wrong]
            rounds[who].append({"rate": len(right) / SECONDS, "ms": load.quantiles(right),
                                "wrong": load.wrongs(answers), "cpu_ms": round(1000 * busy / max(1, len(right)), 2),
                                "client_ms": round(1000 * clients / max(1, len(right)), 2)})  # fmt: skip
            print(f"   {who:7} {rounds[who][-1]}", flush=True)

    def middle(who: str, what: str) -> float:
        return float(np.median([own[what] for own in rounds[who]]))

    rates = {who: [own["rate"] for own in own_rounds] for who, own_rounds in rounds.items()}
    ratio = round(float(np.median(np.array(rates["jaga"]) / np.array(rates["mlflow"]))), 2)
    return {"rates": rates, "ratio": ratio, "rounds": rounds, "cpu_ms": {who: middle(who, "cpu_ms") for who in rounds},
            "client_ms": {who: middle(who, "client_ms") for who in rounds}}  # fmt: skip


def rows(bundle: Bundle, bodies: list[bytes]) -> tuple[Array, list[str]]:
    """Ready matrix rows of the families of the requests, and the names of their columns."""
    tables = [parse(body, b"a key for made-up families").admitted.tables for body in bodies]
    found = [score.chances(bundle, own, np.datetime64(small.AS_OF)).matrix for own in tables]
    return np.concatenate(found).astype(float), [*bundle.schema["features"], "stratum"]


def saved(bundle: Bundle, matrix: Array, names: list[str], scratch: Path) -> Path:
    """The risk booster as MLflow keeps one, with a signature."""
    import lightgbm
    import mlflow
    import pandas as pd

    booster = lightgbm.Booster(model_str=bundle.texts["risk"])
    signature = mlflow.models.infer_signature(pd.DataFrame(matrix[:5], columns=names), booster.predict(matrix[:5]))
    mlflow.lightgbm.save_model(booster, str(scratch / "mlflow-model"), signature=signature)
    return scratch / "mlflow-model"


def invocations(matrix: Array, names: list[str]) -> list[Call]:
    """A request of MLflow's for each row."""
    told = [[None if np.isnan(value) else value for value in row] for row in matrix.tolist()]
    return [Call("POST", "/invocations", json.dumps({"dataframe_split": {"columns": names, "data": [row]}}).encode(),
                 {"Content-Type": "application/json"}) for row in told]  # fmt: skip


def predicted(_: Call, content: bytes) -> str:
    """What is wrong with an answer of MLflow's to one row."""
    return "" if len(json.loads(content)["predictions"]) == 1 else "no prediction"
