"""One household a request, 20 requests a second with a token and an audit row: how long a caller waits, and where the
time goes.

Open loop: each request has the moment at which it is to be sent, and its latency counts from there, so that a server
that falls behind cannot slow the load down and look fast.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from features import frame
from features.home import home
from models import bundle as bundles
from models import record, score
from serving import audit
from serving.access import Grant
from serving.answer import answer
from serving.champion import Loaded
from serving.requests import parse
from serving.store import people, schema, tokens
from serving.store.engine import open_store
from tests import small

RATE, SECONDS = 20, 30
BAR_MS = 50.0
MANY, MANY_MS = 1_000, 500.0
"""Households in one request, and the milliseconds it may take."""
SENDERS = 16
FAMILIES = 200
_IDLE = 4.0
_KEY = b"a key for made-up families"


def run() -> dict[str, Any]:
    """Measure against the promoted model of this installation, or a small one where there is none."""
    with tempfile.TemporaryDirectory() as scratch:
        path = record.champion(home())
        kind = "promoted" if path else "small, made for the benchmark"
        path = (path or small.write(Path(scratch))).resolve()
        bodies = [json.dumps(body).encode() for body in _bodies()]
        print(f"   model {path.name} ({kind}); {len(bodies[0]) / 1024:.1f} KiB a request", flush=True)
        inside = _inside(path, bodies)
        token, database = _caller(scratch)
        with _server(path, scratch, database) as port:
            _load(port, bodies, token, seconds=3)
            latencies, errors = _load(port, bodies, token, seconds=SECONDS)
            many = _many(port, token)
        written = _audited(database)
    told = _quantiles(latencies)
    shown = ", ".join(f"{name} {value:.1f}" for name, value in told.items())
    print(
        f"   {len(latencies)} answers at {RATE}/s: {shown} ms (bar of p99: {BAR_MS:.0f}), {errors} errors", flush=True
    )
    print(f"   {MANY:,} households in one request: {many:.0f} ms (bar: {MANY_MS:.0f})", flush=True)
    print(f"   {written:,} rows in the audit log, all verified", flush=True)
    return {"model": path.name, "kind": kind, "rate": RATE, "seconds": SECONDS, "answers": len(latencies),
            "errors": errors, "many_households": MANY,
            "many_ms": round(many, 1),
            "audit_rows": written, "latency_ms": told, "inside_ms": inside, "bar_p99_ms": BAR_MS,
            "passed": errors == 0 and told["p99"] < BAR_MS and many < MANY_MS}  # fmt: skip


def _bodies() -> Iterator[dict[str, Any]]:
    """Families of four over three quarters, one a request."""
    tables = small.families(FAMILIES, seed=11)
    for at in range(FAMILIES):
        code = tables["households"][3 * at]["household_id"]
        own = {name: [row for row in rows if row["household_id"] == code] for name, rows in tables.items()}
        yield {"as_of": small.AS_OF, **own}


def _inside(path: Path, bodies: list[bytes]) -> dict[str, dict[str, float]]:
    """Milliseconds of each step within one process."""
    model = bundles.load(path)
    as_of = np.datetime64(small.AS_OF)
    loaded = Loaded(model, None)
    asked = [parse(body, _KEY) for body in bodies]
    tables = [one.admitted.tables for one in asked]

    def each(step: Callable[[int], object]) -> dict[str, float]:
        times = []
        for at in range(len(bodies)):
            begin = time.perf_counter()
            step(at)
            times.append(1000 * (time.perf_counter() - begin))
        return _quantiles(times)

    steps: dict[str, Callable[[int], object]] = {
        "parse and check": lambda at: parse(bodies[at], _KEY),
        "features": lambda at: frame.build(tables[at], model.context, as_of, model.features),
        "features, score and reasons": lambda at: score.score(model, tables[at], as_of),
        "the same with words": lambda at: answer(model, loaded.told(), asked[at]),
    }
    inside = {}
    for name, step in steps.items():
        step(0)
        inside[name] = each(step)
        print(f"   {name:32} p50 {inside[name]['p50']:5.2f}  p99 {inside[name]['p99']:5.2f} ms", flush=True)
    return inside


def _quantiles(times: list[float]) -> dict[str, float]:
    if not times:
        return {"p50": np.inf, "p90": np.inf, "p99": np.inf, "worst": np.inf}
    p50, p90, p99, worst = np.quantile(times, [0.5, 0.9, 0.99, 1.0]).tolist()
    return {"p50": round(p50, 3), "p90": round(p90, 3), "p99": round(p99, 3), "worst": round(worst, 3)}


def _caller(scratch: str) -> tuple[str, str]:
    """A token that may score, and the URL of the database that knows it."""
    database = f"sqlite:///{scratch}/jaga.sqlite"
    store = open_store(database)
    schema.prepare(store)
    with store.writing() as connection:
        person = people.add(connection, "bench", "Benchmark")
        people.give(connection, person, Grant("officer", ""), None)
        _, secret = tokens.make(connection, person, "benchmark", ["score"], days=1)
    store.close()
    return secret, database


def _audited(database: str) -> int:
    """Rows of the audit log, every one verified."""
    store = open_store(database)
    with store.reading() as connection:
        count = audit.verify(connection).count
    store.close()
    return count


def _many(port: int, token: str) -> float:
    """Milliseconds of one request with many households, the median of five."""
    body = json.dumps({"as_of": small.AS_OF, "reasons": 5, **small.families(MANY, seed=12)}).encode()
    connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    for _ in range(5):
        begin = time.perf_counter()
        connection.request("POST", "/v1/score", body, _headers(token))
        told = json.loads(connection.getresponse().read())
        times.append(1000 * (time.perf_counter() - begin))
        if told["counts"]["households"] != MANY:
            raise RuntimeError(f"{told['counts']['households']} of {MANY} households were answered")
    connection.close()
    return float(np.median(times))


def _headers(token: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}


@contextmanager
def _server(path: Path, scratch: str, database: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    call = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())", "serve", "--port",
            str(port), "--bundle", str(path)]  # fmt: skip
    with (Path(scratch) / "server.log").open("wb") as log:
        process = subprocess.Popen(call, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                                   env=os.environ | {"BENTOML_HOME": scratch, "JAGA_DB": database})  # fmt: skip
    try:
        for _ in range(600):
            if _ready(port):
                break
            time.sleep(0.1)
        else:
            raise RuntimeError("the server did not get ready")
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _load(port: int, bodies: list[bytes], token: str, seconds: int) -> tuple[list[float], int]:
    """Latencies in milliseconds from the intended moments, and how many requests got no score."""
    jobs: queue.SimpleQueue[tuple[float, bytes] | None] = queue.SimpleQueue()
    latencies: list[float] = []
    errors: list[str] = []
    senders = [threading.Thread(target=_send, args=(port, token, jobs, latencies, errors)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    begin = time.perf_counter() + 0.2
    for number in range(RATE * seconds):
        due = begin + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        jobs.put((due, bodies[number % len(bodies)]))
    for _ in senders:
        jobs.put(None)
    for sender in senders:
        sender.join(60)
    for error in sorted(set(errors)):
        print(f"   error: {error}", flush=True)
    return latencies, len(errors)


def _send(port: int, token: str, jobs: queue.SimpleQueue[tuple[float, bytes] | None], latencies: list[float],
          errors: list[str]) -> None:  # fmt: skip
    connection, used = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0.0
    while (job := jobs.get()) is not None:
        due, body = job
        try:
            if time.perf_counter() - used > _IDLE:  # the server closes connections that rest for five seconds
                connection.close()
            connection.request("POST", "/v1/score", body, _headers(token))
            told = connection.getresponse()
            content = told.read()
            used = time.perf_counter()
            latencies.append(1000 * (used - due))
            if told.status != 200 or json.loads(content)["counts"]["scored"] != 1:
                errors.append(f"status {told.status} without a score")
        except (OSError, http.client.HTTPException) as error:
            errors.append(type(error).__name__)
            connection.close()
    connection.close()
