"""Scenarios over a real server: lived by a process of its own beside the requests, which ends with the server."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.serving.live import Live, Promote, Serve
from tests.serving.simulations import FAMILIES, plain, settle

pytestmark = pytest.mark.slow
JOBS = {"use": "lapangan-kerja", "years": [2027, 2028], "places": 150}


def asked(client: httpx.Client, key: str, **more: Any) -> str:
    answer = client.post("/v1/scenarios", json={"scenario": plain(JOBS, **more)}, headers={"Idempotency-Key": key})
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


def done(client: httpx.Client, place: str, seconds: float = 120) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        told: dict[str, Any] = client.get(place).json()
        if told["status"] not in ("waiting", "running"):
            return told
        time.sleep(0.1)
    pytest.fail(f"not lived within {seconds} s")


def workers(live: Live) -> list[psutil.Process]:
    """Processes of a server that live scenarios."""
    return [own for own in psutil.Process(live.process.pid).children(recursive=True)
            if "serving.simulation.worker" in own.cmdline()]  # fmt: skip


def test_requests_are_answered_while_scenarios_are_lived(serve: Serve, bundles: tuple[Path, Path], promote: Promote,
                                                         tmp_path: Path) -> None:  # fmt: skip
    promote(tmp_path, bundles[0])
    settle(tmp_path, "")
    with serve(tmp_path) as live, live.client() as client:
        first = asked(client, "live-scenario-1")
        told = done(client, first)
        assert (told["status"], told["reason"]) == ("done", "")
        assert told["result"]["data"]["families"] == FAMILIES
        assert told["families"] == "synthetic"
        (worker,) = workers(live)
        assert worker.nice() >= 10, "it stands behind what answers"
        places = [asked(client, f"live-scenario-more-{at}", draws=100, years=30) for at in range(3)]
        waits = []
        lived = False
        while not lived:
            lived = not any(client.get(place).json()["status"] in ("waiting", "running") for place in places)
            began = time.monotonic()
            assert client.get("/v1/model").status_code == 200
            waits.append(time.monotonic() - began)
            time.sleep(0.05)
        assert all(done(client, place)["status"] == "done" for place in places)
        assert [own.pid for own in workers(live)] == [worker.pid], "one process lives them all"
        assert sorted(waits)[len(waits) // 2] < 2
        same = client.get(places[0]).json()["result"]
        assert client.get(places[1]).json()["result"] == same, "the same scenario and seed, the same figures"
        worker.kill()  # whoever began it takes notice when the next scenario comes
        again = done(client, asked(client, "live-scenario-after"))
        assert again["status"] == "done"
        assert again["result"] == told["result"]
        (left,) = workers(live)
    left.wait(20)
    assert not left.is_running()
