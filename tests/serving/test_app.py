"""A service under load answers or turns away in time, and its errors tell nothing of who asked."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from models import bundle
from serving import limits
from serving.access.rights import Grant
from serving.api import score as api
from serving.app import build, warm
from serving.champion import Champion, Loaded
from serving.example import request
from serving.front import Front
from serving.office import Office
from serving.settings import Settings
from serving.store import tokens
from serving.store.engine import Store
from tests.serving import stores
from tests.serving.live import KEYS


@pytest.fixture
def front(bundles: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
          sqlite_store: Store) -> Iterator[Front]:  # fmt: skip
    """The app in this process, for what cannot be provoked in another one."""
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    champion = Champion(tmp_path, None, warm)
    champion.current = Loaded(bundle.load(bundles[0]), None)
    with sqlite_store.writing() as connection:
        person = stores.person(connection, "dewi", Grant("officer", "3101"))
        _, secret = tokens.make(connection, person, "tests", ["score"])
    app = build(champion, sqlite_store, Office.of(sqlite_store, champion, Settings(), tmp_path))
    app.state.secret = secret
    yield Front(app)
    app.state.office.journal.close()


def client(front: Front) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(front),
        base_url="http://jaga",
        headers={"Authorization": f"Bearer {front._app.state.secret}"},
    )  # type: ignore[attr-defined]


def slow(_: object, sent: Sequence[bytes], key: object) -> Any:
    time.sleep(1.5)
    return [(b"{}", {"households": 1, "scored": 0, "refused": 0, "quarantined": 0}, [], "")] * len(sent)


def test_work_that_takes_too_long_is_given_up(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "respond", slow)
    monkeypatch.setattr(limits, "WORK_SECONDS", 0.05)

    async def ask() -> httpx.Response:
        async with client(front) as asker:
            return await asker.post("/v1/score", json=request())

    answer = anyio.run(ask)
    assert (answer.status_code, answer.json()["code"]) == (504, "time_limit")


def test_a_crowd_is_turned_away_at_once_and_those_who_wait_are_answered(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "respond", slow)
    monkeypatch.setattr(limits, "MOST_WAITING", 2)
    answers: list[httpx.Response] = []

    async def ask(asker: httpx.AsyncClient) -> None:
        answers.append(await asker.post("/v1/score", json=request()))

    async def crowd() -> None:
        async with client(front) as asker, anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(ask, asker)
                await anyio.sleep(0.01)

    anyio.run(crowd)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 503, 503, 503]
    for answer in answers[:3]:
        assert answer.json()["code"] == "busy"
        assert answer.headers["retry-after"] == "1"


def test_a_body_that_does_not_arrive_is_not_waited_for(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEND_SECONDS", 0.05)

    async def parts() -> AsyncIterator[bytes]:
        yield b"{"
        await anyio.sleep(1)
        yield b"}"

    async def ask() -> httpx.Response:
        async with client(front) as asker:
            return await asker.post("/v1/score", content=parts(), headers={"Content-Type": "application/json"})

    answer = anyio.run(ask)
    assert (answer.status_code, answer.json()["code"]) == (408, "too_slow_to_send")


def test_a_form_that_does_not_arrive_is_not_waited_for(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEND_SECONDS", 0.05)

    async def parts() -> AsyncIterator[bytes]:
        yield b"a"
        await anyio.sleep(2)

    async def ask() -> httpx.Response:
        async with client(front) as asker:
            return await asker.post("/masuk", content=parts(), headers={
                "Content-Type": "application/x-www-form-urlencoded", "Content-Length": "100",
                "Sec-Fetch-Site": "same-origin"})  # fmt: skip

    begin = time.perf_counter()
    answer = anyio.run(ask)
    assert (answer.status_code, answer.json()["code"]) == (408, "too_slow_to_send")
    assert time.perf_counter() - begin < 1.5, answer.text


def test_an_error_of_ours_tells_nothing_of_the_caller(
    front: Front, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger("jaga"), "propagate", True)

    def breaks(*_: object) -> None:
        raise ValueError("3171234567890001")

    monkeypatch.setattr(api, "respond", breaks)

    async def ask() -> httpx.Response:
        async with client(front) as asker:
            return await asker.post("/v1/score", json=request(), headers={"Accept-Language": "en"})

    with caplog.at_level(logging.INFO):
        answer = anyio.run(ask)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "ValueError at breaks" in caplog.text
    assert "3171234567890001" not in caplog.text + answer.text
