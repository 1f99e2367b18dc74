"""One household a request, 50 requests a second with a token and an audit row: how long a caller waits, and where the
time goes.
"""

from __future__ import annotations

import http.client
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import batch
from features import frame
from features.home import home
from models import bundle as bundles
from models import record, score
from serving.access.rights import Grant
from serving.answer import answers
from serving.audit import trail
from serving.champion import Loaded
from serving.requests import parse
from serving.store import people, schema, tokens
from serving.store.engine import open_store
from tests import small
from tests.serving import load
from tests.serving.load import Call

RATE, SECONDS = 50, 30
BAR_MS = 25.0
MANY, MANY_MS = 1_000, 500.0
"""Households in one request, and the milliseconds it may take."""
FAMILIES = 200
_KEY = b"a key for made-up families"


def run() -> dict[str, Any]:
    """Measure against the promoted model of this installation, or one trained for the benchmarks."""
    with tempfile.TemporaryDirectory() as scratch:
        path, kind = model()
        bodies = [json.dumps(body).encode() for body in families()]
        print(f"   model {path.name} ({kind}); {len(bodies[0]) / 1024:.1f} KiB a request", flush=True)
        inside = _inside(path, bodies)
        token, database = caller(scratch)
        asked = calls(bodies, token)
        with load.jaga(Path(scratch), database, "--bundle", str(path)) as (port, _):
            load.open_loop(port, asked, RATE, 3, scored)
            answers = load.open_loop(port, asked, RATE, SECONDS, scored)
            many = _many(port, token)
        written = _audited(database)
    latencies, errors = [own.ms for own in answers if own.status == 200], load.wrongs(answers)
    told = load.quantiles(latencies)
    shown = ", ".join(f"{name} {value:.1f}" for name, value in told.items())
    print(f"   {len(latencies)} answers at {RATE}/s: {shown} ms (bar of p99: {BAR_MS:.0f}), errors: {errors or 'none'}",
          flush=True)  # fmt: skip
    print(f"   {MANY:,} households in one request: {many:.0f} ms (bar: {MANY_MS:.0f})", flush=True)
    print(f"   {written:,} rows in the audit log, all verified", flush=True)
    return {"model": path.name, "kind": kind, "rate": RATE, "seconds": SECONDS, "answers": len(latencies),
            "errors": sum(errors.values()), "many_households": MANY,
            "many_ms": round(many, 1),
            "audit_rows": written, "latency_ms": told, "inside_ms": inside,
            "bar_p99_ms": BAR_MS, "bar_many_ms": MANY_MS,
            "passed": not errors and told["p99"] < BAR_MS and many < MANY_MS}  # fmt: skip


def families() -> Iterator[dict[str, Any]]:
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
        return load.quantiles(times)

    steps: dict[str, Callable[[int], object]] = {
        "parse and check": lambda at: parse(bodies[at], _KEY),
        "features": lambda at: frame.build(tables[at], model.context, as_of, model.features),
        "features, score and reasons": lambda at: score.score(model, tables[at], as_of),
        "the same with words": lambda at: answers(model, loaded.told(), [asked[at]]),
    }
    inside = {}
    for name, step in steps.items():
        step(0)
        inside[name] = each(step)
        print(f"   {name:32} p50 {inside[name]['p50']:5.2f}  p99 {inside[name]['p99']:5.2f} ms", flush=True)
    return inside


def model() -> tuple[Path, str]:
    """The promoted model of this installation, else one trained on synthetic families; which of the two."""
    path = record.champion(home())
    return (path or batch.model()).resolve(), "promoted" if path else "trained on 20,000 synthetic families"


def caller(scratch: str) -> tuple[str, str]:
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
        count = trail.verify(connection).count
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


def calls(bodies: list[bytes], token: str) -> list[Call]:
    """A request for each body."""
    return [Call("POST", "/v1/score", body, _headers(token)) for body in bodies]


def scored(_: Call, content: bytes) -> str:
    """What is wrong with an answer to one household."""
    return "" if json.loads(content)["counts"]["scored"] == 1 else "no score"
