"""Requests a second that `POST /v1/score` and `mlflow models serve` answer, each saturated, with the same booster.

Both are started from the same environment with a process for each processor, and asked by the same clients in turn.
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
from pathlib import Path
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
    """Ask both in turn, several rounds; the ratio of the middle round counts."""
    processors = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        path, kind = single_request.model()
        bodies = [json.dumps(body).encode() for body in single_request.families()]
        token, database = single_request.caller(name)
        loaded = bundles.load(path)
        matrix, names = rows(loaded, bodies)
        model, port = saved(loaded, matrix, names, scratch), load.free_port()
        command = [sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(model), "--env-manager",
                   "local", "--host", "127.0.0.1", "--port", str(port), "--workers", str(processors)]  # fmt: skip
        env = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        with (load.started(command, port, "/ping", scratch / "mlflow.log", env) as peer_process,
              load.jaga(scratch, database, "--bundle", str(path), "--workers", str(processors),
                        JAGA_RATE="100000") as (own_port, own_process)):  # fmt: skip
            asked = {"mlflow": (port, invocations(matrix, names), predicted, peer_process),
                     "jaga": (own_port, single_request.calls(bodies, token), single_request.scored,
                              own_process)}  # fmt: skip
            found: dict[str, list[dict[str, Any]]] = {who: [] for who in asked}
            for at, calls, check, _ in asked.values():
                load.closed_loop(at, calls, 2, check, SENDERS)
            for _ in range(ROUNDS):
                for who, (at, calls, check, process) in asked.items():
                    busy = load.processor_seconds(process)
                    answers = load.closed_loop(at, calls, SECONDS, check, SENDERS)
                    right = [own.ms for own in answers if own.status == 200 and not own.wrong]
                    busy = load.processor_seconds(process) - busy
                    found[who].append({"rate": len(right) / SECONDS, "ms": load.quantiles(right),
                                       "wrong": load.wrongs(answers),
                                       "cpu_ms": round(1000 * busy / max(1, len(right)), 2)})  # fmt: skip
                    print(f"   {who:7} {found[who][-1]}", flush=True)
    rates = {who: [own["rate"] for own in rounds] for who, rounds in found.items()}
    ratio = float(np.median(np.array(rates["jaga"]) / np.array(rates["mlflow"])))
    wrong = any(own["wrong"] for rounds in found.values() for own in rounds)
    cpu = {who: float(np.median([own["cpu_ms"] for own in rounds])) for who, rounds in found.items()}
    print(f"   Jaga {np.median(rates['jaga']):.0f}/s ({cpu['jaga']:.1f} ms of a processor a request), mlflow models "
          f"serve {np.median(rates['mlflow']):.0f}/s ({cpu['mlflow']:.1f} ms): {ratio:.2f} times "
          f"(bar: {BAR_RATIO:g})", flush=True)  # fmt: skip
    return {"model": path.name, "kind": kind, "workers": processors, "senders": SENDERS, "seconds": SECONDS,
            "rates": rates, "cpu_ms": cpu, "rounds": found, "ratio": round(ratio, 2), "bar_ratio": BAR_RATIO,
            "passed": ratio >= BAR_RATIO and not wrong}  # fmt: skip


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
