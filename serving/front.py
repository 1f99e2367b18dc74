"""What surrounds every answer: security headers, problem details in place of bare errors, one log line, figures.

The log names the route's template, never the path: a path may hold a household's code.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
import traceback
from collections.abc import Mapping
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.access.cookies import origin_of
from serving.limits import FORM_KIB, HEAD_KIB
from serving.problems import MEDIA_TYPE, Problem, language_of, of_status, too_large

log = logging.getLogger("jaga")

STRICT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
DOCS = (f"{STRICT}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'")  # fmt: skip
"""Swagger UI sets styles on its elements; nowhere else is that allowed."""
PAGE = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")  # fmt: skip
"""Pages for people: files of our own and nothing else."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SYSTEM = ("/healthz", "/livez", "/readyz")
"""Routes of BentoML that answer."""
SHUT = ("/schema.json", "/docs.json", "/static_content", "/assets")
"""Routes of BentoML that describe the service in its own words: nobody needs them, and they ask for no account."""
SECURE = {"Strict-Transport-Security": f"max-age={365 * 24 * 3600}"}
"""Where `JAGA_URL` is https: for a year browsers ask this host in no other way. Of its neighbours nothing is said."""
_FORM = FORM_KIB * 1024

_requests = Counter("jaga_requests", "Requests by route, method and status.", ("route", "method", "status"))
_seconds = Histogram("jaga_request_seconds", "Seconds to answer by route.", ("route",),
                     buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20))  # fmt: skip


class Front:
    """ASGI middleware around BentoML's routes and ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        secure = origin_of(os.environ.get("JAGA_URL")).startswith("https:")
        self._headers = HEADERS | (SECURE if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send, self._headers)
        scope["jaga_number"] = answer.number  # for the page of an error, by which somebody asks what the log says
        begin = time.perf_counter()
        refused = _shut(scope) or _head_refused(scope) or _form_refused(scope)
        try:
            if refused is not None:
                await answer.replace(refused)
            else:
                await self._app(scope, receive, answer.send)
        except Exception as error:
            # The message and the values of an error may hold what a caller sent; its place in the code does not.
            at = traceback.extract_tb(error.__traceback__)[-1]
            log.error("%s %s %s at %s:%s", answer.number, _route(scope), type(error).__name__, at.name, at.lineno)
            if not answer.begun:
                await answer.replace(Problem("internal"))
        _tell(scope, answer, time.perf_counter() - begin)


class _Answer:
    """An answer on its way out; one that is a library's bare error is replaced."""

    def __init__(self, scope: Scope, send: Send, headers: Mapping[str, str]) -> None:
        self.number = f"r{secrets.token_hex(8)}"  # a letter first: sixteen digits could be a NIK
        self.status = 500
        self.begun = False
        self._scope, self._send, self._headers = scope, send, headers
        self._replaced = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            # An error that a person reads is a page of ours, which says so itself.
            own = headers.get("content-type") == MEDIA_TYPE or self._scope.get("jaga_page")
            if message["status"] >= 400 and not own:
                self._replaced = True
                problem = of_status(message["status"])
                if "allow" in headers:
                    problem.headers["Allow"] = headers["allow"]
                await self.replace(problem)
                return
            self._dress(headers)
            self.begun, self.status = True, message["status"]
        if not self._replaced:
            await self._send(message)

    async def replace(self, problem: Problem) -> None:
        """Send a problem instead."""
        language = language_of(Headers(scope=self._scope).get("accept-language", ""))
        body = problem.body(language)
        start: dict[str, Any] = {"type": "http.response.start", "status": problem.status, "headers": []}
        headers = MutableHeaders(scope=start)
        headers.update({"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), "Content-Language": language,
                        "Vary": "Accept-Language", **problem.headers})  # fmt: skip
        self._dress(headers)
        self.begun, self.status = True, problem.status
        await self._send(start)
        await self._send({"type": "http.response.body", "body": b"" if self._scope["method"] == "HEAD" else body})

    def _dress(self, headers: MutableHeaders) -> None:
        path = self._scope["path"]
        for name, value in self._headers.items():
            headers[name] = value
        page = headers.get("content-type", "").startswith("text/html")
        headers["Content-Security-Policy"] = DOCS if path == "/docs" else PAGE if page else STRICT
        headers["X-Request-Id"] = self.number
        headers.setdefault("Cache-Control", "no-store")


def _shut(scope: Scope) -> Problem | None:
    """What a route that is shut answers: what no route at all would."""
    path: str = scope["path"]
    return Problem("not_found") if path in SHUT or path.startswith(tuple(f"{own}/" for own in SHUT)) else None


def _head_refused(scope: Scope) -> Problem | None:
    """What is wrong with the head of a request: the parser takes one that came at once, however large, and one that
    says in two ways how long the body is, of which a proxy may believe the other (request smuggling)."""
    size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    size += sum(len(name) + len(value) for name, value in scope["headers"])
    if size > HEAD_KIB * 1024:
        return Problem("head_too_large", headers={"Connection": "close"})
    names = {name for name, _ in scope["headers"]}
    if b"content-length" in names and b"transfer-encoding" in names:
        return Problem("bad_request", headers={"Connection": "close"})
    return None


def _form_refused(scope: Scope) -> Problem | None:
    """What is wrong with the form of a page by what is said of it: it would be read before it is asked who sends it.

    Routes of the API read their bodies themselves, when they know who asks. No page takes files.
    """
    if scope["path"].startswith("/v1/") or scope["method"] in ("GET", "HEAD"):
        return None
    headers = Headers(scope=scope)
    if headers.get("content-type", "").strip().lower().startswith("multipart/"):
        return Problem("media_type")
    length = headers.get("content-length")
    if length is None:
        return too_large(_FORM) if "transfer-encoding" in headers else None
    if not (length.isascii() and length.isdigit()):
        return Problem("bad_request")
    return too_large(_FORM) if len(length) > 9 or int(length) > _FORM else None


def _route(scope: Scope) -> str:
    template = getattr(scope.get("route"), "path", None)
    if template:
        return str(template)
    return scope["path"] if scope["path"] in SYSTEM else "unknown"


def _tell(scope: Scope, answer: _Answer, seconds: float) -> None:
    route = _route(scope)
    method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
    _requests.labels(route, method, str(answer.status)).inc()
    _seconds.labels(route).observe(seconds)
    if route not in SYSTEM:
        log.info("%s %s %s %d %.1f ms", answer.number, method, route, answer.status, 1000 * seconds)
