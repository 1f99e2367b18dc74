"""The routes that take contract rows, scores and openings: one at a time in a thread of its own, its audit row written
beside the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
from fastapi import FastAPI, Request
from prometheus_client import Counter
from starlette.responses import Response

from features import keys
from serving import limits, openings
from serving.access import Caller, allow
from serving.answer import answer
from serving.api import bodies
from serving.api.routes import caller_of, plain
from serving.champion import Loaded
from serving.journal import WAIT_SECONDS
from serving.office import Office
from serving.problems import Problem
from serving.requests import parse

SCOPE, ACT = "score", "score.make"
OPENINGS = "openings.make"
"""What the log calls openings; who may score may ask for them."""
_households = Counter("jaga_households", "Households answered by outcome.", ("outcome",))


def add(app: FastAPI, office: Office) -> None:
    """Add both routes."""
    turn = anyio.CapacityLimiter(1)  # one at a time: numpy and LightGBM gain nothing from more threads on one row
    key = keys.load().door

    async def asked(request: Request) -> tuple[Caller, bytes]:
        who = await caller_of(request, office, SCOPE)
        allow(who, ACT)
        bodies.is_json(request)
        _room(turn)
        body = await bodies.read(request, limits.BODY_MIB * 1024 * 1024)
        _room(turn)  # others came while the body did
        return who, body

    @app.post("/v1/score", include_in_schema=False)
    async def score(request: Request) -> Response:
        who, body = await asked(request)
        loaded = loaded_of(office)
        content, counts, codes = await _in_turn(turn, lambda: respond(loaded, body, key))
        await _noted(office, who, ACT, counts, codes)
        for outcome in ("scored", "refused", "quarantined"):
            _households.labels(outcome).inc(counts[outcome])
        return Response(content, media_type="application/json", headers=synthetic(loaded))

    @app.post("/v1/openings", include_in_schema=False)
    async def work(request: Request) -> Response:
        who, body = await asked(request)
        told = await _in_turn(turn, lambda: openings.answer(parse(body, key)))
        codes = [row["household_id"] for row in told["households"] if row["household_id"] is not None]
        await _noted(office, who, OPENINGS, told["counts"], codes)
        return Response(plain(told), media_type="application/json")


def respond(loaded: Loaded, body: bytes, key: bytes) -> tuple[bytes, dict[str, int], list[str]]:
    """From the body of a request to that of its answer, the counts in it, and the codes of its households."""
    told = answer(loaded.bundle, loaded.told(), parse(body, key))
    codes = [row["household_id"] for row in told["scores"] if row["household_id"] is not None]
    return plain(told), told["counts"], codes


def loaded_of(office: Office) -> Loaded:
    """The model that answers; Problem `no_model` without one."""
    if office.champion.current is None:
        raise Problem("no_model", headers={"Retry-After": "5"})
    return office.champion.current


def synthetic(loaded: Loaded) -> dict[str, str]:
    """The header that marks what a model on made-up families answers."""
    return {"Jaga-Synthetic": "true" if loaded.synthetic else "false"}


async def _noted(office: Office, who: Caller, act: str, counts: dict[str, int], codes: list[str]) -> None:
    """Wait for the audit row: rows of requests that come together are written together."""
    single = codes[0] if len(codes) == 1 else ""
    row = office.journal.note(who, act, object=single, households=[] if single else codes, count=counts["households"])
    try:
        await asyncio.wait_for(asyncio.wrap_future(row), WAIT_SECONDS)
    except TimeoutError:
        raise Problem("busy", headers={"Retry-After": "2"}) from None


def _room(turn: anyio.CapacityLimiter) -> None:
    if turn.statistics().tasks_waiting >= limits.MOST_WAITING:
        raise Problem("busy", headers={"Retry-After": "1"})


async def _in_turn(turn: anyio.CapacityLimiter, work: Callable[[], Any]) -> Any:
    try:
        with anyio.fail_after(limits.WORK_SECONDS):
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=turn)
    except TimeoutError:
        raise Problem("time_limit") from None
