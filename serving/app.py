"""The routes of the API, as one ASGI app that BentoML carries at `/`."""

from __future__ import annotations

import json
from collections import Counter as Tally
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
from fastapi import FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import ValueClass
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from features import keys
from serving import openapi, pages
from serving.answer import answer
from serving.champion import Champion, Loaded
from serving.console import errors
from serving.console import routes as console
from serving.example import for_model
from serving.limits import BODY_MIB, MOST_WAITING, SEND_SECONDS, WORK_SECONDS
from serving.problems import MEDIA_TYPE, Problem, language_of, of_status
from serving.requests import parse

_households = Counter("jaga_households", "Households answered by outcome.", ("outcome",))


def build(champion: Champion) -> FastAPI:
    """The app over a model that may be replaced at any moment."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    turn = anyio.CapacityLimiter(1)  # one at a time: numpy and LightGBM gain nothing from more threads on one row
    key = keys.load().door
    described = openapi.document()

    @app.post("/v1/score")
    async def score(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Problem("media_type")
        if turn.statistics().tasks_waiting >= MOST_WAITING:
            raise Problem("busy", headers={"Retry-After": "1"})
        body = await _body(request)
        loaded = _loaded(champion)
        content, counts = await _in_turn(turn, lambda: respond(loaded, body, key))
        for outcome in ("scored", "refused", "quarantined"):
            _households.labels(outcome).inc(counts[outcome])
        return Response(content, media_type="application/json", headers=_synthetic(loaded))

    @app.get("/v1/model")
    async def model() -> Response:
        loaded = _loaded(champion)
        return Response(_json(card(loaded)), media_type="application/json", headers=_synthetic(loaded))

    @app.get("/openapi.json")
    async def document() -> Response:
        return Response(described, media_type="application/json", headers={"Cache-Control": "no-cache"})

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(await anyio.to_thread.run_sync(_metrics), media_type=CONTENT_TYPE_LATEST)

    pages.add(app)
    console.add(app, champion)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _bare)
    return app


def respond(loaded: Loaded, body: bytes, key: bytes) -> tuple[bytes, dict[str, int]]:
    """From the body of a request to that of its answer, and the counts in it."""
    told = answer(loaded.bundle, loaded.told(), parse(body, key))
    return _json(told), told["counts"]


def warm(loaded: Loaded) -> None:
    """Take a model through whole requests, so that everything it needs has been imported and made."""
    body = _json(for_model(loaded.bundle))
    outcomes = Tally[str]()
    for _ in range(3):
        outcomes.update(respond(loaded, body, b"a key for a made-up family")[1])
    if outcomes["households"] != 3:
        raise RuntimeError("the made-up family got no answer")


def card(loaded: Loaded) -> dict[str, Any]:
    """What `/v1/model` tells."""
    bundle, entry = loaded.bundle, loaded.entry or {}
    return loaded.told() | {
        "identity": bundle.identity,
        "lookback": bundle.schema["lookback"],
        "trained_rows": bundle.schema.get("trained_rows"),
        "base_rate": bundle.cuts["base_rate"],
        "labels": bundle.cuts["labels"],
        "strata": bundle.schema["strata"],
        "features": bundle.schema["features"],
        "data_hash": entry.get("data_hash"),
        "gates": entry.get("gates"),
        "figures": entry.get("figures"),
    }


def _loaded(champion: Champion) -> Loaded:
    if champion.current is None:
        raise Problem("no_model", headers={"Retry-After": "5"})
    return champion.current


def _synthetic(loaded: Loaded) -> dict[str, str]:
    return {"Jaga-Synthetic": "true" if loaded.synthetic else "false"}


async def _body(request: Request) -> bytes:
    """The whole body, refused as soon as it is known to be too large or is not sent on."""
    limit = BODY_MIB * 1024 * 1024
    try:
        if int(request.headers.get("content-length", 0)) > limit:
            raise Problem("too_large")
    except ValueError:
        raise Problem("bad_request") from None
    parts, size = [], 0
    try:
        with anyio.fail_after(SEND_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise Problem("too_large")
                parts.append(part)
    except TimeoutError:
        raise Problem("too_slow_to_send") from None
    except ClientDisconnect:
        raise Problem("bad_request") from None
    return b"".join(parts)


async def _in_turn(turn: anyio.CapacityLimiter, work: Callable[[], tuple[bytes, dict[str, int]]],
                   ) -> tuple[bytes, dict[str, int]]:  # fmt: skip
    try:
        with anyio.fail_after(WORK_SECONDS):
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=turn)
    except TimeoutError:
        raise Problem("time_limit") from None


def _problem(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else Problem("internal")
    if errors.wanted(request):
        return errors.page(request, request.app.state.desk, problem)
    language = language_of(request.headers.get("accept-language", ""))
    return Response(problem.body(language), problem.status, media_type=MEDIA_TYPE,
                    headers={"Content-Language": language, "Vary": "Accept-Language", **problem.headers})  # fmt: skip


def _bare(request: Request, error: Exception) -> Response:
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
    problem = of_status(status)
    problem.headers.update(headers or {})
    return _problem(request, problem)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _metrics() -> bytes:
    if ValueClass.__name__ == "MmapedValue":  # several workers write beside each other
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY)
