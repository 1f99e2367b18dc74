"""The route that scores: requests that wait together are scored together, audit rows written beside the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from prometheus_client import Counter
from starlette.responses import Response

from features import keys
from serving import limits
from serving.access import Caller, allow
from serving.answer import answers
from serving.api import bodies
from serving.api.routes import caller_of, plain
from serving.api.turns import Turns
from serving.champion import Loaded
from serving.journal import WAIT_SECONDS
from serving.office import Office
from serving.problems import Problem
from serving.requests import ScoreRequest, parse

SCOPE, ACT = "score", "score.make"
TOGETHER_KIB = 512
"""Bodies of requests that are scored together, in sum; a larger one is scored by itself."""
_MOST = limits.BODY_MIB * 1024 * 1024
Scored = tuple[bytes, dict[str, int], list[str]]
"""Body of an answer, the counts in it, and the codes of its households."""
_households = Counter("jaga_households", "Households answered by outcome.", ("outcome",))


def add(app: FastAPI, office: Office) -> None:
    """Add the route."""
    key = keys.load().door

    def work(asked: Sequence[bytes]) -> list[tuple[Loaded, Scored] | Exception]:
        loaded = loaded_of(office)  # one model for all, and the newest there is
        return [done if isinstance(done, Exception) else (loaded, done) for done in respond(loaded, asked, key)]

    turns = Turns[bytes, tuple[Loaded, Scored]](work, TOGETHER_KIB * 1024)
    held = bodies.Held(limits.HELD_MIB * 1024 * 1024)

    @app.post("/v1/score", include_in_schema=False)
    async def score(request: Request) -> Response:
        turns.room()  # before anything is paid for
        who = await caller_of(request, office, SCOPE)
        allow(who, ACT)
        bodies.is_json(request)
        loaded_of(office)
        with held.room(request, _MOST):
            body = await bodies.read(request, _MOST)
            turns.room()  # others came while the body did
            loaded, (content, counts, codes) = await turns.take(body, len(body))
        await _noted(office, who, counts, codes)
        for outcome in ("scored", "refused", "quarantined"):
            _households.labels(outcome).inc(counts[outcome])
        return Response(content, media_type="application/json", headers=synthetic(loaded))


def respond(loaded: Loaded, sent: Sequence[bytes], key: bytes) -> list[Scored | Exception]:
    """From bodies of requests to those of their answers, or what is wrong with each."""
    asked = [_tried(body, key) for body in sent]
    good = [one for one in asked if isinstance(one, ScoreRequest)]
    told = iter(_answered(loaded, good))
    return [one if isinstance(one, Exception) else next(told) for one in asked]


def _tried(body: bytes, key: bytes) -> ScoreRequest | Exception:
    try:
        return parse(body, key)
    except Exception as error:
        return error


def _answered(loaded: Loaded, asked: Sequence[ScoreRequest]) -> list[Scored | Exception]:
    try:
        found = answers(loaded.bundle, loaded.told(), asked)
    except Exception as error:
        if len(asked) == 1:
            return [error]
        return [own for one in asked for own in _answered(loaded, [one])]  # what breaks one breaks no other
    return [_written(told) for told in found]


def _written(told: dict[str, Any]) -> Scored:
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


async def _noted(office: Office, who: Caller, counts: dict[str, int], codes: list[str]) -> None:
    """Wait for the audit row: rows of requests that come together are written together."""
    single = codes[0] if len(codes) == 1 else ""
    row = office.journal.note(who, ACT, object=single, households=[] if single else codes, count=counts["households"])
    try:
        await asyncio.wait_for(asyncio.wrap_future(row), WAIT_SECONDS)
    except TimeoutError:
        raise Problem("busy", headers={"Retry-After": "2"}) from None
