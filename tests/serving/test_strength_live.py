"""What a real server survives: a worker killed, the tracker and the database away, more load than it can take."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url

from serving.access.rights import Grant
from serving.audit import reads, trail
from serving.store import schema, tokens
from serving.store.engine import open_store
from tests import small
from tests.serving import load, stores
from tests.serving.conftest import fresh
from tests.serving.live import KEYS, Live, Promote, Serve
from tests.serving.load import Answer, Call

BODY: dict[str, Any] = {"as_of": small.AS_OF, **small.families(1, seed=3, periods=("2026Q3",))}
NOWHERE = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
"""A tracker that does not answer."""


@pytest.fixture
def home(tmp_path: Path, bundles: tuple[Path, Path], promote: Promote) -> Path:
    promote(tmp_path / "installation", bundles[0])
    return tmp_path / "installation"


def port(live: Live) -> int:
    return int(live.url.rpartition(":")[2])


def call(live: Live) -> Call:
    headers = {"Content-Type": "application/json", **live.headers}
    return Call("POST", "/v1/score", json.dumps(BODY).encode(), headers)


class Same:
    """Checks that every answer holds the scores of the first one."""

    def __init__(self, live: Live) -> None:
        self.scores = httpx.post(live.url + "/v1/score", json=BODY, headers=live.headers).json()["scores"]
        assert self.scores[0]["status"] == "scored"

    def __call__(self, _: Call, content: bytes) -> str:
        return "" if json.loads(content)["scores"] == self.scores else "another score"


def test_a_killed_worker_is_replaced_and_no_answer_is_wrong(home: Path, serve: Serve) -> None:
    """At most the requests on the lost worker's connections fail; nobody starts it anew; the tracker is not asked."""
    senders = 4
    with serve(home, "--workers", "2", env=NOWHERE) as live:
        check, before = Same(live), {own.pid for own in load.workers(live.process)}
        assert len(before) == 2
        answers: list[Answer] = []

        def ask() -> None:
            answers.extend(load.closed_loop(port(live), [call(live)], 5, check, senders))

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(1.5)
        lost = min(before)
        next(own for own in load.workers(live.process) if own.pid == lost).send_signal(signal.SIGKILL)
        asking.join(60)
        wrong = load.wrongs(answers)
        assert len(answers) > 20
        assert sum(wrong.values()) <= senders, wrong
        assert all(own.status in (0, 200) for own in answers), wrong
        end = time.monotonic() + 60
        while len(now := {own.pid for own in load.workers(live.process)} - {lost}) < 2 and time.monotonic() < end:
            time.sleep(0.2)
        assert len(now) == 2, "the lost worker was not replaced"
        after = load.closed_loop(port(live), [call(live)], 1, check, senders)
        assert not load.wrongs(after)


@contextmanager
def deaf() -> Iterator[tuple[dict[str, str], list[object]]]:
    """A tracker that takes connections and never answers: its settings, and who came."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def take() -> None:
            with suppress(OSError):
                while True:
                    came.append(door.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield {"MLFLOW_TRACKING_URI": f"http://127.0.0.1:{door.getsockname()[1]}"}, came
    for one in came:
        one.close()  # type: ignore[attr-defined]


def jaga(home: Path, *given: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main(sys.argv[1:]))", *given]
    settings = {**os.environ, "JAGA_HOME": str(home), "JAGA_KEYS": KEYS, **env}
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=120, check=False)


def test_with_the_tracker_away_the_service_starts_and_goes_on_and_nothing_is_promoted(
    home: Path, bundles: tuple[Path, Path], promote: Promote, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    promote(home, bundles[1])
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    other = small.write(home / "bundles", seed=3)
    with deaf() as (env, came), serve(home, env=env) as live:
        first, patience = Same(live), time.monotonic()
        assert httpx.get(live.url + "/readyz").status_code == 200
        own = httpx.get(live.url + "/v1/model", headers=live.headers).json()
        assert own["name"] == bundles[1].name
        assert not came, "the service asks the record of promotions and the bundle alone"
        refused = jaga(home, "promote", other.name, env=NOWHERE)
        assert refused.returncode == 2, refused.stdout + refused.stderr
        assert "the tracking store http://127.0.0.1:9 (MLFLOW_TRACKING_URI) cannot be used" in refused.stderr
        assert "nothing was changed" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert time.monotonic() - patience < 100, "it does not try for minutes"
        assert httpx.post(live.url + "/v1/score", json=BODY, headers=live.headers).json()["scores"] == first.scores
        assert httpx.get(live.url + "/readyz").status_code == 200
        assert not came


class Relay:
    """Stands between a server and its database, and can be cut."""

    def __init__(self, target: int) -> None:
        self._target, self.port = target, load.free_port()
        self._open: list[socket.socket] = []
        self.restore()

    def restore(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        for own in [self._door, *self._open]:
            with suppress(OSError):
                own.shutdown(socket.SHUT_RDWR)
            own.close()
        self._open.clear()

    def _accept(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                return
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    @staticmethod
    def _copy(one: socket.socket, other: socket.socket) -> None:
        """Until one of the two ends; each socket is closed by who reads from it."""
        with one, suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)


@contextmanager
def database(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[str, str]]:
    """URL of a database with its tables, and the secret of somebody who may do anything there."""
    url = fresh(request, "postgresql", folder, template=request.getfixturevalue("postgres_made"))
    store = open_store(url)
    schema.prepare(store)
    with store.writing() as connection:
        person = stores.person(connection, "dewi", Grant("officer", ""))
        _, secret = tokens.make(connection, person, "tests", ["score", "lists.read", "visits.write"])
    yield url, secret
    with store.reading() as connection:
        trail.verify(connection)
    store.close()


def test_the_database_goes_and_comes_back_under_load(
    request: pytest.FixtureRequest, home: Path, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    with database(request, tmp_path) as (url, secret):
        relay = Relay(make_url(url).port or 0)
        through = make_url(url).set(port=relay.port).render_as_string(hide_password=False)
        with serve(home, env={"JAGA_DB": through}) as first:
            live = Live(first.url, first.home, first.process, first.log, secret)
            check, answers = Same(live), list[Answer]()

            def ask() -> None:
                answers.extend(load.open_loop(port(live), [call(live)], 5, 8, check))

            asking = threading.Thread(target=ask)
            asking.start()
            time.sleep(2)
            relay.cut()
            with live.client() as client:
                body = {"household_id": "7K3M9Q2PT5XA", "result": "above", "visited": "2026-11-20"}
                told = client.post("/v1/visits", json=body, headers={"Idempotency-Key": "while-away-1"})
                assert (told.status_code, told.json()["code"]) in ((503, "read_only"), (503, "no_scores"))
                assert told.headers["retry-after"]
                stranger = client.get("/v1/lists", headers={"Authorization": f"Bearer jaga_abcdefgh_{'x' * 43}"})
                assert stranger.json()["code"] == "read_only"
                assert client.get("/v1/lists").status_code == 503
                time.sleep(2)
                relay.restore()
                asking.join(60)
                assert not load.wrongs(answers), "who was there before goes on being answered"
                assert client.get("/v1/lists").status_code == 200
            end = time.monotonic() + 20
            while reads.waiting(home / "store").exists() and time.monotonic() < end:
                client_told = httpx.post(live.url + "/v1/score", json=BODY, headers=live.headers)
                assert client_told.status_code == 200
                time.sleep(0.5)
            assert not reads.waiting(home / "store").exists(), "rows that waited are in the log"
        relay.cut()


@pytest.mark.slow
def test_twice_the_load_it_can_take_is_shed_and_it_recovers(home: Path, serve: Serve) -> None:
    from benchmarks import overload

    with serve(home, "--workers", "1") as live:
        check = Same(live)
        found = overload.under_load(port(live), [call(live)], check, seconds=5, warm=2, after=2)
        assert httpx.post(live.url + "/v1/score", json=BODY, headers=live.headers, timeout=30).status_code == 200
    assert not found["other"], found["other"]
    assert found["shed"] > 0
    assert found["shed_without_retry_after"] == 0
    assert found["admitted"] > 0
