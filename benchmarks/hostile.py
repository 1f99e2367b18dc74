"""Hostile requests to a real server: bodies, cells, shapes, headers, paths, cursors, sizes and tokens bent from a seed.

An answer is wrong where it is 5xx, where there is none though no size was refused, or where a refusal of the API is no
problem+json. Afterwards the service must answer as before, in the processes that it began with.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import score_store, single_request
from serving.access.rights import ROLES, SCOPES, Grant
from serving.api.every import ROUTES
from serving.limits import BODY_MIB
from serving.problems import MEDIA_TYPE
from serving.scores import publishing
from serving.store import people, schema, tokens
from serving.store.engine import open_store
from tests.serving import load
from tests.serving.load import Call

SEED, EACH, LARGE = 20260, 400, 12
"""Requests of each kind; those of many MiB are fewer."""
HOUSEHOLDS, WORKERS, LABELS, BAR_MIB = 20_000, 2, [3, 7, 14, 27], 300
STRANGE: tuple[Any, ...] = (
    None, True, False, -1, 0, 2**63, -(2**63), 10**400, 1e308, -1e-320, float("nan"), float("inf"), "", " ", "NaN",
    "1e999", "\x00", "\ud800", "\u202e", "=HYPERLINK(1)", "' OR 1=1 --", "../../etc/passwd", "<script>", "%00",
    "9" * 400, "A" * 50_000, [], [[]], {}, {"$ne": 1}, "2026-13-45", "0000-00-00", "2026Q9",
)  # fmt: skip
"""Cells and parameters that no honest client sends."""
HEADERS = ("Accept", "Accept-Language", "Content-Type", "Content-Encoding", "Cookie", "Idempotency-Key",
           "If-None-Match", "Origin", "Range", "X-Forwarded-For", "X-HTTP-Method-Override")  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY")


def run() -> dict[str, Any]:
    """Publish scores of made-up families, send it all, and look whether the service stands."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        score_store.make(scratch / "run", HOUSEHOLDS, as_of="2026-11-15", seed=SEED, labels=LABELS)
        publishing.publish(scratch / "scores", scratch / "run")
        path, kind = single_request.model()
        database, token = _caller(scratch)
        with load.jaga(scratch, database, "--bundle", str(path), "--workers", str(WORKERS), ready="/livez",
                       JAGA_HOME=name, JAGA_URL="", JAGA_RATE="100000") as (port, process):  # fmt: skip
            began = {own.pid: own.memory_info().rss for own in load.workers(process)}
            found = sent(port, token)
            left = {own.pid: own.memory_info().rss for own in load.workers(process)}
            alive = load.answers(port, "/livez") and _sound(port, token)
    grown = (sum(left.values()) - sum(began.values())) / 2**20
    wrong = [told for own in found.values() for told in own["wrong"]]
    stands = alive and bool(began) and began.keys() == left.keys()
    print(f"   {sum(own['requests'] for own in found.values()):,} requests, {len(wrong)} wrong answers; the service "
          f"{'stands' if stands else 'DOES NOT STAND'}, {grown:+.0f} MiB", flush=True)  # fmt: skip
    for told in wrong[:20]:
        print(f"   {told}", flush=True)
    return {"seed": SEED, "kind": kind, "workers": WORKERS, "households": HOUSEHOLDS, "kinds": found, "stands": stands,
            "grown_mib": round(grown), "bar_mib": BAR_MIB,
            "passed": not wrong and stands and grown < BAR_MIB}  # fmt: skip


def sent(port: int, token: str, each: int = EACH, large: int = LARGE, seed: int = SEED) -> dict[str, dict[str, Any]]:
    """Send so many requests of each kind; by kind how many, answers by status and what is wrong with any.

    Bad tokens are last, since too many of them lock their address.
    """
    body = json.dumps(next(single_request.families())).encode()
    found = {}
    for number, (name, kind) in enumerate(KINDS.items()):
        draw, statuses, wrong = random.Random(seed + number), Counter[str](), []
        for _ in range(large if kind is _size else each):
            call = kind(draw, body, token)
            status, why = _asked(port, call)
            statuses[status] += 1
            if why:
                wrong.append(f"{name}: {call.method} {call.path[:80]!r}: {why}")
        found[name] = {"requests": sum(statuses.values()), "by_status": dict(sorted(statuses.items())), "wrong": wrong}
        print(f"   {name:8} {found[name]['requests']:5} requests: {found[name]['by_status']}", flush=True)
    return found


def _asked(port: int, call: Call) -> tuple[str, str]:
    """Status of the answer, and what is wrong with it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(call.method, call.path, skip_accept_encoding=True)
        for name, value in call.headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(call.body or b"")))
        with contextlib.suppress(ConnectionError):  # it may refuse and close before it has read all
            connection.endheaders(call.body)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        # Of what is refused while it is still on its way the answer can be lost with the line.
        size = len(call.body or b"") + sum(map(len, call.headers.values()))
        return "closed", "" if size > 2**16 else f"no answer ({type(error).__name__})"
    finally:
        connection.close()
    return str(answer.status), _wrong(call, answer, content)


def _wrong(call: Call, answer: http.client.HTTPResponse, content: bytes) -> str:
    if answer.status >= 500:
        return f"{answer.status} {content[:200]!r}"
    if b"Traceback" in content:
        return "a traceback"
    told = answer.getheader("Content-Type", "")
    if answer.status >= 400 and call.path.startswith("/v1/") and call.method != "HEAD" and MEDIA_TYPE not in told:
        return f"{answer.status} as {told!r}"
    return ""


def _call(token: str, body: bytes | None = None, method: str = "POST", path: str = "/v1/score", **more: str) -> Call:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": "hostile-1"}
    return Call(method, path, body, headers | more)


def _bent(draw: random.Random, body: bytes, token: str) -> Call:
    """Bytes of an honest body changed, cut out, put in or doubled."""
    own = bytearray(body)
    for _ in range(draw.randint(1, 2)):
        at = draw.randrange(len(own))
        end = at + draw.randint(0, 20)
        own[at:end] = draw.choice((draw.randbytes(draw.randint(0, 20)), bytes(own[at:end]) * 2, b"", b'"', b"{", b"]"))
    return _call(token, bytes(own))


def _cell(draw: random.Random, body: bytes, token: str) -> Call:
    """One cell of an honest body is what none should be."""
    asked = json.loads(body)
    row = draw.choice([asked, *asked["households"], *asked["members"]])
    row[draw.choice([*row, "unknown"])] = draw.choice(STRANGE)
    return _call(token, json.dumps(asked).encode())


def _shape(draw: random.Random, body: bytes, token: str) -> Call:
    """Deep, wide and empty JSON, to every route that takes a body."""
    size = draw.choice((1, 100, 5_000, 50_000))
    own = draw.choice((b"[" * size, b'{"a":' * size, b"[" + b"{}," * size + b"{}]", b'"' + b"x" * size + b'"',
                       b"{" + b",".join(b'"k%d":1' % n for n in range(size)) + b"}",
                       json.dumps(draw.choice(STRANGE)).encode(), b"", b"\xff\xfe" * size))  # fmt: skip
    return _call(token, own, path=_filled(draw, draw.choice([one.path for one in ROUTES if one.method == "POST"])))


def _header(draw: random.Random, body: bytes, token: str) -> Call:
    """Headers that contradict the body, are long, or are of another protocol."""
    value = draw.choice((_text(draw, 60), _text(draw, 3_000), "application/xml", "gzip", "br, deflate", "bytes=9-1,-",
                         "W/" * 500, "jaga=" + "a" * 2_000, "\\*", "*/*;q=x", "q=1;" * 200, ""))  # fmt: skip
    return _call(token, body, **{draw.choice(HEADERS): value})


def _path(draw: random.Random, _: bytes, token: str) -> Call:
    """Routes of the API and pages with parts that are none, by any method."""
    known = draw.choice([*(one.path for one in ROUTES), "/", "/keluarga/{code}", "/daftar/{no}", "/skenario/{no}",
                         "/masuk", "/static/app.css", "/healthz", "/metrics"])  # fmt: skip
    end = draw.choice(("", "/", "/..%2f..%2f", "?a=%00&a[]=%ff", "?" + "a=b&" * 300, ";x=%0d%0aX:1", "//", "/%2e%2e"))
    return _call(token, b"", draw.choice(METHODS), _filled(draw, known) + end)


def _cursor(draw: random.Random, _: bytes, token: str) -> Call:
    """Cursors, counts and filters of lists that no answer gave."""
    path = draw.choice(("/v1/households", "/v1/lists", "/v1/visits", "/v1/objections", "/v1/audit", "/v1/scenarios"))
    names = draw.sample(("cursor", "count", "area", "order", "status", "since", "kind"), draw.randint(1, 3))
    return _call(token, None, "GET", f"{path}?" + "&".join(f"{name}={_value(draw)}" for name in names))


def _size(draw: random.Random, _: bytes, token: str) -> Call:
    """Bodies and heads that are larger than is taken."""
    if draw.random() < 0.5:
        return _call(token, b"", "GET", "/v1/model", **{"X-Long": "a" * 1024 * draw.randint(70, 200)})
    return _call(token, b" " * ((BODY_MIB + draw.randint(1, 8)) * 2**20))


def _token(draw: random.Random, body: bytes, token: str) -> Call:
    """Tokens that are cut, changed, long, forged or of another scheme."""
    at = draw.randrange(len(token))
    bad = draw.choice((token[:at], token[:at] + "-" + token[at:], token.swapcase(), "jaga_", _text(draw, 200), "null",
                       "x" * 20_000, "jaga_' OR 1=1 --", "eyJhbGciOiJub25lIn0.e30."))  # fmt: skip
    scheme = draw.choice(("Bearer ", "bearer ", "Basic ", "", "Bearer Bearer "))
    return _call(token, body, Authorization=(scheme + bad).strip())


Kind = Callable[[random.Random, bytes, str], Call]
KINDS: dict[str, Kind] = {"bodies": _bent, "cells": _cell, "shapes": _shape, "headers": _header, "paths": _path,
                          "cursors": _cursor, "sizes": _size, "tokens": _token}  # fmt: skip


def _filled(draw: random.Random, path: str) -> str:
    """A route with something strange for each of its names."""
    parts: Iterator[str] = (_value(draw) if part.startswith("{") else part for part in path.split("/"))
    return "/".join(parts)


def _value(draw: random.Random) -> str:
    own = draw.choice(STRANGE)
    text = own if isinstance(own, str) else json.dumps(own)
    return quote(text[:2_000].encode("utf-8", "surrogatepass"), safe="") if draw.random() < 0.7 else _text(draw, 80)


def _text(draw: random.Random, longest: int) -> str:
    """Letters, digits and signs that a head may hold."""
    return "".join(draw.choices("abcXYZ019-._~%2f'*;,:=&", k=draw.randint(1, longest)))


def _caller(scratch: Path) -> tuple[str, str]:
    """A database, and a token of somebody who may do everything everywhere."""
    database = f"sqlite:///{scratch}/jaga.sqlite"
    store = open_store(database)
    schema.prepare(store)
    with store.writing() as connection:
        person = people.add(connection, "bench", "Benchmark")
        for role in ROLES:
            people.give(connection, person, Grant(role, ""), None)
        _, token = tokens.make(connection, person, "benchmark", SCOPES, days=1)
    store.close()
    return database, token


def _sound(port: int, token: str) -> bool:
    """Whether an honest request is scored as ever."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = json.dumps(next(single_request.families())).encode()
    connection.request("POST", "/v1/score", body, dict(_call(token).headers))
    told = connection.getresponse().read()
    connection.close()
    return single_request.scored(_call(token), told) == ""
