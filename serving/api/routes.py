"""A route of the API as data, and the one way in which all of them are answered.

Who asks, how often, what they sent and in which language is settled here, before a route is asked for anything; a
route says what it needs (`Route`), so none can forget it, and the description of the API is made of the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import anyio
import anyio.to_thread
from fastapi import FastAPI, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from models.text import LANGUAGES, Language
from serving.access import signin
from serving.access.gate import CHANGE, Elsewhere, gate_of
from serving.access.rights import Caller
from serving.api import bodies, matching
from serving.api.cursors import Cursors
from serving.api.shapes import Asked
from serving.faults import Faults
from serving.limits import MOST_WAITING, WORK_SECONDS
from serving.office import Office
from serving.problems import Problem
from serving.store import checks, once

JSON = "application/json"
BODY_KIB = 512
"""Room for the quotas of all regencies in several schemes."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a route is asked. path : what stands in the holes of its path. body, query : as the route declares them.

    about : what cursors are bound to: route, caller's areas, and all of the query and body but cursor and count.
    """

    who: Caller
    path: Mapping[str, str]
    body: Any
    query: Any
    about: str
    cursors: Cursors

    def after(self) -> Any:
        """Where the page begins that is asked for, None for the first one. Problem `bad_query`."""
        return self.cursors.read(self.about, (self.body or self.query).cursor)

    def page(self, name: str, rows: list[Any], last: Any) -> dict[str, Any]:
        """A page: its rows, and where the next one begins; last : what stands for the last row, None at the end."""
        return {name: rows, "next": None if last is None else self.cursors.make(self.about, last)}

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages of told sentences."""
        own: Language | None = getattr(self.query, "language", None)
        return LANGUAGES if own is None else (own,)


@dataclass(frozen=True, slots=True)
class Answer:
    """content : plain values, or bytes of `media`. synthetic : whether what is told is made up, None where unknown."""

    content: Any
    status: int = 200
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    synthetic: bool | None = None

    def body(self) -> bytes:
        """The bytes."""
        return self.content if isinstance(self.content, bytes) else plain(self.content)


Write = Callable[[Connection], Answer]
"""What a route does in the transaction of its write; it was prepared before, outside of any."""


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes
    ----------
    act : of `access.ACTS`, what it is about: for the description, the functions of `serving.cases` ask it.
    scope : of a token. handle : reads and answers; or, for a write, prepares it and gives what is to be done.
    body, query : models of what it takes; answer : of what it gives, None for a file of `media`.
    asked, example : of the description; `others` : further examples of the answer by name. Of a file `given`, what it
    holds, and `file`, a name of it.
    problems : codes beside those that every route has.
    logged : what it reads or writes leaves a row of the log, without which it answers nothing: a full disk is 507.
    heavy : takes seconds, so few run at once. tagged : its answer has an `ETag`.
    """

    method: Literal["GET", "POST"]
    path: str
    name: str
    tag: str
    scope: str
    act: str
    summary: str
    about: str
    handle: Callable[[Office, Call], Answer | Write]
    answer: type[BaseModel] | None
    body: type[Asked] | None = None
    query: type[BaseModel] | None = None
    asked: Mapping[str, Any] | None = None
    example: Any = None
    others: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    writes: bool = False
    logged: bool = True
    heavy: bool = False
    tagged: bool = False
    status: int = 200
    media: str = JSON
    given: str = ""
    file: str = ""


def add(app: FastAPI, office: Office, routes: tuple[Route, ...]) -> None:
    """Add the routes to an app, one by one: an included router would hide them from who asks the app for its routes."""
    heavy, cursors = anyio.CapacityLimiter(1), Cursors(office.store.seal)
    for route in routes:
        app.add_api_route(route.path, _endpoint(office, route, heavy, cursors), methods=[route.method],
                           name=route.name, include_in_schema=False)  # fmt: skip


def _endpoint(office: Office, route: Route, heavy: anyio.CapacityLimiter, cursors: Cursors) -> Any:
    async def endpoint(request: Request) -> Response:
        who = await caller_of(request, office, route.scope)
        query = bodies.query(route.query, request) if route.query else None
        raw, expected = b"", request.headers.get(matching.HEADER)
        if route.method == "POST":
            raw = await bodies.read(request, BODY_KIB * 1024)
            if route.body is not None:
                bodies.is_json(request)
        key = request.headers.get("idempotency-key", "")
        body = _asked(route, raw, expected, key, office.today)
        areas = sorted((grant.role, grant.area) for grant in who.grants)
        sent = {name: own.model_dump(mode="json", exclude={"cursor", "count", "language"}) for name, own in
                (("query", query), ("body", body)) if own is not None}  # fmt: skip
        about = json.dumps([route.name, request.path_params, areas, sent], sort_keys=True)
        call = Call(who, dict(request.path_params), body, query, about, cursors)

        def work() -> Answer:
            try:
                done = route.handle(office, call)
                return done if isinstance(done, Answer) else once_only(office, who, key, about.encode() + raw,
                                                                       _without_id_numbers(done, raw))  # fmt: skip
            except Problem as problem:
                raise matching.told(problem, expected) from None

        if route.heavy and heavy.statistics().tasks_waiting >= MOST_WAITING // 8:
            raise Problem("busy", headers={"Retry-After": "5"})
        try:
            with anyio.fail_after(WORK_SECONDS):
                answer = await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=heavy if route.heavy
                                                        else None)  # fmt: skip
        except TimeoutError:
            raise Problem("time_limit") from None
        headers = dict(answer.headers)
        if answer.synthetic is not None:
            headers["Jaga-Synthetic"] = "true" if answer.synthetic else "false"
        return Response(answer.body(), answer.status, media_type=answer.media, headers=headers)

    return endpoint


def _asked(route: Route, raw: bytes, expected: str | None, key: str, today: date) -> Any:
    """The body of a request, with what its headers say of it. Problem `invalid` with all that is wrong."""
    faults, body = Faults(), None
    if route.body is not None:
        body = faults.of(bodies.parse, route.body, raw, today)
        given = vars(body) if body is not None else bodies.given(raw)
        changed = matching.check(expected, route.body, given.get("changed"), faults)
        if body is not None and changed is not None:
            body = body.model_copy(update={"changed": changed})
    if route.writes:
        faults.of(once.check, key)
    if faults.broken and route.body is not None and body is not None:  # else told only once the headers are mended
        route.body.beyond(bodies.given(raw), today, faults)
    faults.refuse()
    return body


async def caller_of(request: Request, office: Office, scope: str) -> Caller:
    """Who asks: the owner of a token, or who is signed in; both no more often than they may.

    Problem `unauthenticated`, `bad_token`, `forbidden_scope`, `sign_in_expired`, `must_change`, `form_expired` for a
    change without the word of the session (`X-CSRF-Token`), `too_many_requests`.
    """
    gate = gate_of(request)
    office.addresses.pass_on(gate.address(request))
    if request.headers.get("authorization") or not gate.cookies.read(request):
        who = await gate.bearer(request, scope)
    else:
        try:
            who = await gate.who(request)
        except Elsewhere as elsewhere:
            code = "must_change" if elsewhere.where.startswith(CHANGE) else (
                "sign_in_expired" if elsewhere.expired is not None else "unauthenticated")  # fmt: skip
            raise Problem(code) from None
        await signin.csrf(request)
    request.state.language = who.language
    office.callers.pass_on(str(who.person))
    return who


def _without_id_numbers(work: Write, raw: bytes) -> Write:
    """A write that is taken back where any text of its body, whatever it is for, may hold the number of a person; only
    after the route has told all else that is wrong."""

    def checked(connection: Connection) -> Answer:
        answer = work(connection)
        checks.no_id_numbers(bodies.given(raw))
        return answer

    return checked


def once_only(office: Office, who: Caller, key: str, asked: bytes, work: Write) -> Answer:
    """Do a write once for a key; asked again the same way it answers what it answered. Problem `duplicate_request`."""
    with office.store.writing() as connection:
        known = once.begin(connection, who.person, key, asked)
        if known is not None:
            return Answer(known.body.encode(), known.status, known.media, {"Idempotency-Replayed": "true"})
        answer = work(connection)
        once.keep(connection, who.person, key, once.Answer(answer.status, answer.media, answer.body().decode()))
        return answer


def plain(value: Any) -> bytes:
    """JSON without NaN; days and moments as texts."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_text).encode()


def _text(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
