"""The routes that take contract rows, scores and openings: what waits together is worked at together, audit rows
written beside the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from prometheus_client import Counter
from starlette.responses import Response

from features import keys
from serving import limits, openings
from serving.access.rights import Areas, Caller, allow, may
from serving.answer import answers
from serving.api import bodies
from serving.api.routes import caller_of, plain
from serving.api.turns import Turns
from serving.audit.journal import WAIT_SECONDS
from serving.champion import Loaded
from serving.office import Office
from serving.problems import Problem
from serving.requests import ScoreRequest, parse

SCOPE, ACT = "score", "score.make"
TOGETHER_KIB = 512
"""Bodies of requests that are scored together, in sum; a larger one is scored by itself."""
_MOST = limits.BODY_MIB * 1024 * 1024
Sent = tuple[bytes, Areas, bool]
"""Body of a request, where its caller may ask, and whether they may be told codes."""
Told = tuple[bytes, dict[str, int], list[str], str]
"""Body of an answer, the counts in it, the codes of its households, and the smallest area that holds them."""
OPENINGS = "openings.make"
"""What the log calls openings; who may score may ask for them."""
Done = TypeVar("Done")
_counter = Counter("jaga_households", "Households answered by outcome.", ("outcome",))
_households = {outcome: _counter.labels(outcome) for outcome in ("scored", "refused", "quarantined")}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where they may, and whether they may be told codes."""

    who: Caller
    areas: Areas
    named: bool


def add(app: FastAPI, office: Office) -> None:
    """Add both routes."""
    key = keys.load().door

    def work(asked: Sequence[Sent]) -> list[tuple[Loaded, Told] | Exception]:
        loaded = loaded_of(office)  # one model for all, and the newest there is
        return [done if isinstance(done, Exception) else (loaded, done) for done in respond(loaded, asked, key)]

    scoring = Turns[Sent, tuple[Loaded, Told]](work, TOGETHER_KIB * 1024)
    opening = Turns[Sent, Told](lambda asked: [_opened(sent, key) for sent in asked], 0)
    held = bodies.Held(limits.HELD_MIB * 1024 * 1024)

    async def admitted(request: Request, turns: Turns[Sent, Done]) -> Asker:
        turns.room()  # before anything is paid for
        who = await caller_of(request, office, SCOPE)
        asker = Asker(who, allow(who, ACT), may(who, "household.see"))
        bodies.is_json(request)
        return asker

    async def taken(request: Request, asker: Asker, turns: Turns[Sent, Done]) -> Done:
        with held.room(request, _MOST):
            body = await bodies.read(request, _MOST)
            turns.room()  # others came while the body did
            return await turns.take((body, asker.areas, asker.named), len(body))

    @app.post("/v1/score", include_in_schema=False)
    async def score(request: Request) -> Response:
        asker = await admitted(request, scoring)
        loaded_of(office)
        loaded, (content, counts, codes, area) = await taken(request, asker, scoring)
        await _noted(office, asker, ACT, counts, codes, area)
        for outcome, counter in _households.items():
            if counts[outcome]:
                counter.inc(counts[outcome])
        return Response(content, media_type="application/json", headers=synthetic(loaded))

    @app.post("/v1/openings", include_in_schema=False)
    async def openings_of(request: Request) -> Response:
        asker = await admitted(request, opening)
        content, counts, codes, area = await taken(request, asker, opening)
        await _noted(office, asker, OPENINGS, counts, codes, area)
        return Response(content, media_type="application/json")


def _opened(sent: Sent, key: bytes) -> Told | Exception:
    try:
        asked = _read(sent, key)
        return _written(openings.answer(asked), "households", asked)
    except Exception as error:
        return error


def respond(loaded: Loaded, sent: Sequence[Sent], key: bytes) -> list[Told | Exception]:
    """From bodies of requests to those of their answers, or what is wrong with each."""
    asked = [_tried(one, key) for one in sent]
    good = [one for one in asked if isinstance(one, ScoreRequest)]
    told = iter(_answered(loaded, good))
    return [one if isinstance(one, Exception) else next(told) for one in asked]


def _read(sent: Sent, key: bytes) -> ScoreRequest:
    body, areas, named = sent
    return parse(body, key, areas=areas, named=named)


def _tried(sent: Sent, key: bytes) -> ScoreRequest | Exception:
    try:
        return _read(sent, key)
    except Exception as error:
        return error


def _answered(loaded: Loaded, asked: Sequence[ScoreRequest]) -> list[Told | Exception]:
    try:
        found = answers(loaded.bundle, loaded.told(), asked)
    except Exception as error:
        if len(asked) == 1:
            return [error]
        return [own for one in asked for own in _answered(loaded, [one])]  # what breaks one breaks no other
    return [_written(told, "scores", one) for one, told in zip(asked, found, strict=True)]


def _written(told: dict[str, Any], rows: str, asked: ScoreRequest) -> Told:
    codes = [row["household_id"] for row in told[rows] if row["household_id"] is not None]
    if (
        not asked.named
    ):  # `index` and `row` tell which household of the request it is; the log has the codes all the same
        told |= {name: [row | {"household_id": None} for row in told[name]] for name in (rows, "quarantine")}
    return plain(told), told["counts"], codes, asked.area


def loaded_of(office: Office) -> Loaded:
    """The model that answers; Problem `no_model` without one."""
    if office.champion.current is None:
        raise Problem("no_model", headers={"Retry-After": "5"})
    return office.champion.current


def synthetic(loaded: Loaded) -> dict[str, str]:
    """The header that marks what a model on made-up families answers."""
    return {"Jaga-Synthetic": "true" if loaded.synthetic else "false"}


async def _noted(office: Office, asker: Asker, act: str, counts: dict[str, int], codes: list[str],
                 area: str) -> None:  # fmt: skip
    """Wait for the audit row, of the area of the rows: those of requests that come together are written together."""
    # One's own rows of the log show their object: what the answer does not tell, they do not either.
    single = codes[0] if len(codes) == 1 and asker.named else ""
    row = office.journal.note(asker.who, act, object=single, households=[] if single else codes,
                              count=counts["households"], area=area)  # fmt: skip
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await asyncio.wrap_future(row)
    except TimeoutError:
        raise Problem("busy", headers={"Retry-After": "2"}) from None
