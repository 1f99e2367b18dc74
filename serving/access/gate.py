"""From a cookie or a bearer token to a caller."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from serving.access.cookies import Cookies, host_of, safe_path
from serving.access.oidc import Provider
from serving.access.rates import Rates
from serving.access.rights import SCOPES, Caller, limited
from serving.api.turns import AT_ONCE, Turns
from serving.problems import Problem
from serving.store import people, sessions, tokens
from serving.store.engine import Store

SIGN_IN = "/masuk"
CHANGE = "/masuk/sandi"
UNFILLED = ("/keluar", "/masuk/tetap")
"""Forms in which nobody filled in anything."""
AWAY = timedelta(minutes=15)
"""While the database is away, who was seen by this process so long ago goes on reading; writes are refused anyway."""
_MOST_KNOWN = 2000
PAGES = 20
"""Pages and parts of pages a second that one person may ask for: more than a hand does, less than a script would."""

DOORS = 10
"""Tries to sign in, and ways begun to a provider, a second and address: each writes a row before anybody is known."""
SITES = 20
"""The same a second and site of IPv6 (/48): it has 65,536 networks, each an address of its own."""


class Elsewhere(Exception):  # noqa: N818 - no error: the way to another page
    """The browser is to go to another page of ours; `expired` is the person whose session it was. `lost` : whether a
    form was sent whose answers are not kept, which that page tells."""

    def __init__(self, where: str, expired: int | None = None, lost: bool = False) -> None:
        super().__init__(where)
        self.where = where
        self.expired = expired
        self.lost = lost


@dataclass(frozen=True, slots=True)
class Looked:
    """What a cookie is worth."""

    caller: Caller
    must_change: bool
    live: bool
    at: datetime


class Gate:
    """What stands between requests and the app (`app.state.gate`)."""

    def __init__(self, store: Store, cookies: Cookies, proxies: frozenset[str] = frozenset(),
                 provider: Provider | None = None) -> None:  # fmt: skip
        self.store, self.cookies, self.provider = store, cookies, provider
        self.readers, self.doors = Rates(PAGES), Rates(DOORS)
        self.sites = Rates(SITES)
        self._proxies = proxies
        self._known: dict[str, Looked] = {}
        self._tokens: dict[str, tuple[Caller, datetime]] = {}
        self._lock = threading.Lock()
        # Requests that come together are looked up together: each look begins after the request came, so a token that
        # was revoked before it opens nothing.
        self._bearers = Turns[str, Caller | None](self._owners, AT_ONCE)

    async def who(self, request: Request, *, changing: bool = False) -> Caller:
        """The person of the session, else `Elsewhere`."""
        secret = self.cookies.read(request)
        looked = await run_in_threadpool(self._look_or_recall, secret) if secret else None
        if looked is None or not looked.live:
            raise Elsewhere(by_way_of(SIGN_IN, self._onward(request)), looked.caller.person if looked else None,
                            request.method == "POST" and request.url.path not in UNFILLED)  # fmt: skip
        if looked.must_change and not changing:
            raise Elsewhere(by_way_of(CHANGE, self._onward(request)))
        return looked.caller

    def signed_in(self, request: Request) -> Caller | None:
        """The person of the session for the frame of an error's page; None where there is none or it cannot be told."""
        secret = self.cookies.read(request)
        try:
            looked = self._look_or_recall(secret) if secret else None
        except Problem:
            return None
        return looked.caller if looked and looked.live and not looked.must_change else None

    async def bearer(self, request: Request, scope: str) -> Caller:
        """The owner of the token, if it has the scope."""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret:
            raise Problem("unauthenticated", headers={"WWW-Authenticate": "Bearer"})
        caller = await self._bearers.take(secret.strip(), 1)
        if caller is None:
            raise Problem("bad_token", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        if scope not in caller.scopes:
            assert scope in SCOPES
            raise Problem("forbidden_scope", values={"scope": scope},
                          headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'})  # fmt: skip
        return caller

    def look(self, secret: str) -> Looked | None:
        """What a cookie is worth now; None where it is worth nothing."""
        with self.store.reading() as connection:
            session = sessions.find(connection, secret)
            person = people.by_id(connection, session.person) if session else None
            if session is None or person is None or person.locked:
                return None
            caller = Caller(person.id, person.account, person.name, people.grants_of(connection, person.id), "session",
                            csrf=sessions.csrf(secret), language=person.language, session=session.id)  # fmt: skip
            due = session.state == "live" and sessions.due(connection, session.id)
        if due:
            try:
                with self.store.writing() as connection:
                    sessions.touch(connection, session.id)
                    people.seen(connection, person.id)
            except Problem:  # reading goes on where nothing can be written; the idle time runs
                pass
        return Looked(caller, person.must_change, session.state == "live", self.store.clock())

    def forget(self, session: str) -> None:
        """Do not remember a session that was ended."""
        with self._lock:
            self._known.pop(session, None)

    def at_door(self, request: Request) -> None:
        """Count a try to sign in by where it comes from. Problem `too_many_requests`."""
        address = self.address(request)
        self.doors.pass_on(address)
        if ":" in address:
            self.sites.pass_on(str(ipaddress.IPv6Network(address).supernet(new_prefix=48)))

    def address(self, request: Request) -> str:
        """Network address of who asks, as far as our own proxies vouch for it; of IPv6 the network."""
        found = request.client.host if request.client else "-"
        if found in self._proxies:
            # Some proxies write a line of their own below one that the caller sent: all are one list.
            for hop in reversed(",".join(request.headers.getlist("x-forwarded-for")).split(",")):
                found = _host(hop) or found
                if found not in self._proxies:
                    break
        try:
            address = ipaddress.ip_address(found)
        except ValueError:
            return "-"
        if isinstance(address, ipaddress.IPv6Address):
            # On a socket of both kinds every IPv4 caller would else be of one network, and lock out all others.
            own = address.ipv4_mapped
            return str(own or ipaddress.ip_network((address, 64), strict=False))
        return str(address)

    def _look_or_recall(self, secret: str) -> Looked | None:
        session = sessions.digest(secret)
        try:
            looked = self.look(secret)
        except Problem as problem:
            if problem.code != "read_only":
                raise
            with self._lock:
                looked = self._known.get(session)
            if looked is None or not timedelta(0) <= self.store.clock() - looked.at < AWAY:
                raise
            return looked
        with self._lock:
            self._known.pop(session, None)
            if looked is not None and looked.live:
                self._known[session] = looked
                if len(self._known) > _MOST_KNOWN:
                    del self._known[next(iter(self._known))]
        return looked

    def _owners(self, secrets: Sequence[str]) -> list[Caller | Exception | None]:
        """Who each token belongs to, or why that cannot be told; each is looked up once."""
        found: dict[str, Caller | Exception | None] = {}
        for secret in dict.fromkeys(secrets):
            try:
                found[secret] = self._token_or_recall(secret)
            except Exception as error:
                found[secret] = error
        return [found[secret] for secret in secrets]

    def _token_or_recall(self, secret: str) -> Caller | None:
        key = sessions.digest(secret)
        try:
            caller = self._token(secret)
        except Problem as problem:
            if problem.code != "read_only":
                raise
            with self._lock:
                known = self._tokens.get(key)
            if known is None or not timedelta(0) <= self.store.clock() - known[1] < AWAY:
                raise
            return known[0]
        with self._lock:
            self._tokens.pop(key, None)
            if caller is not None:
                self._tokens[key] = (caller, self.store.clock())
                if len(self._tokens) > _MOST_KNOWN:
                    del self._tokens[next(iter(self._tokens))]
        return caller

    def _token(self, secret: str) -> Caller | None:
        with self.store.reading() as connection:
            token = tokens.find(connection, secret)
            person = people.by_id(connection, token.person) if token else None
            if token is None or person is None or person.locked:
                return None
            # What was granted after it was made was not meant for who holds it.
            grants = people.grants_of(connection, person.id, token.created)
            due = tokens.due(connection, token)
        if due:
            try:
                with self.store.writing() as connection:
                    tokens.touch(connection, token)
            except Problem:
                pass
        return Caller(person.id, person.account, person.name, limited(grants, token.area), "token", token.scopes,
                      language=person.language, session=token.prefix)  # fmt: skip

    def _onward(self, request: Request) -> str:
        """The page to come back to: of a part that htmx asks for the whole page around it."""
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        around = request.headers.get("hx-current-url")
        if around and host_of(around) == request.headers.get("host", ""):
            parts = urlsplit(around)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
        return safe_path(path)


def by_way_of(page: str, onward: str) -> str:
    """Address of a page that leads on to another one of ours, by its path (of `safe_path`)."""
    return f"{page}?ke={quote(onward, safe='/')}"


def _host(hop: str) -> str:
    """The address of one hop, without the port that some proxies write behind it."""
    hop = hop.strip()
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def gate_of(request: Request) -> Gate:
    """The gate of the app that a request came to."""
    gate: Gate = request.app.state.gate
    return gate


def answer_elsewhere(request: Request, error: Exception) -> Response:
    """The way to another page: a redirect, or for htmx the header that it follows."""
    assert isinstance(error, Elsewhere)
    headers = {"Cache-Control": "no-store", "Vary": "Cookie, HX-Request"}
    where = f"{error.where}&hilang=ya" if error.lost else error.where
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers=headers | {"HX-Redirect": where})
    return RedirectResponse(where, 303, headers=headers)
