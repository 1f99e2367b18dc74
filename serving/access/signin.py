"""Who is asking: dependencies for routes, and what the sign-in pages call. `install` makes them work in an app.

@router.get("/keluarga/{code}")
def household(code: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response: ...

@router.post("/keluarga/{code}/kunjungan/baru", dependencies=[Depends(signin.csrf_keeping)])
def visit(who: Annotated[Caller, Depends(signin.caller_keeping)]) -> Response: ...

Routes of the API ask `serving.api.routes.caller_of`.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from serving.access import accounts, known
from serving.access.cookies import Cookies, origin_of, safe_path, same_site
from serving.access.gate import CHANGE, SIGN_IN, Elsewhere, Gate, answer_elsewhere, by_way_of, gate_of
from serving.access.oidc import Provider
from serving.access.oidc_people import person_of
from serving.access.oidc_settings import settings as oidc_settings
from serving.access.rights import Caller
from serving.api import bodies
from serving.problems import Problem
from serving.settings import proxies
from serving.store import drafts, sessions
from serving.store.engine import Store

__all__ = ["CHANGE", "CSRF_FIELD", "CSRF_HEADER", "SIGN_IN", "Entry", "by_way_of", "caller",
           "caller_changing", "caller_keeping", "change_password", "csrf", "csrf_keeping", "enter", "finish_provider",
           "has_provider", "install", "keeps", "kept", "leave", "provider_of", "remember", "safe_path", "same_origin",
           "start_provider", "stay"]  # fmt: skip
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Entry:
    """A new session: `cookie` is its id (`remember` sets it); `must_change` sends to `CHANGE` first."""

    cookie: str
    must_change: bool
    caller: Caller


def install(app: FastAPI, store: Store, *, url: str | None = None, provider: Provider | None = None) -> Gate:
    """Make the dependencies of this module work in an app.

    url : address that people type, `JAGA_URL` without it; needed behind a proxy that speaks TLS, and by a provider.
    provider : of OpenID, the one of the settings without it. UserError: settings that cannot be used.
    """
    url = url or os.environ.get("JAGA_URL") or None
    found = None if provider else oidc_settings()
    if found is not None:
        provider = Provider(found, origin_of(url, needed=True))
    cookies = Cookies(origin_of(url) or None, "lax" if provider else "strict")
    gate = Gate(store, cookies, proxies(), provider)
    app.state.gate = gate
    app.add_exception_handler(Elsewhere, answer_elsewhere)
    return gate


async def caller(request: Request) -> Caller:
    """Who is signed in, else a redirect to `/masuk?ke=<this path>` (303; for htmx 204 and HX-Redirect).

    Who must change the password first is sent to `CHANGE?ke=<this path>`. A form sent with an expired session is lost,
    which the page there tells.
    """
    return _paced(request, await gate_of(request).who(request))


async def caller_changing(request: Request) -> Caller:
    """Like `caller`, also for who must change the password first: for `CHANGE` and signing out."""
    return _paced(request, await gate_of(request).who(request, changing=True))


async def caller_keeping(request: Request) -> Caller:
    """Like `caller`, but a form sent with an expired session is kept 15 minutes for the same person (`kept`).

    Not for the look-up box: what is typed there must never be stored.
    """
    gate = gate_of(request)
    try:
        return _paced(request, await gate.who(request))
    except Elsewhere as elsewhere:
        if elsewhere.expired is not None and request.method == "POST" and await _sent(request):
            elsewhere.lost = not await _keep(request, elsewhere.expired)
        raise


async def csrf(request: Request) -> None:
    """Refuse a change (403 `form_expired`) that another site may have sent.

    The field `csrf` of the form, or the header X-CSRF-Token, must be `caller.csrf`; Sec-Fetch-Site or Origin, where the
    browser sends them, must tell of our own site.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    await same_origin(request)
    if gate_of(request).cookies.read(request) and not await _sent(request):
        raise Problem("form_expired")


async def csrf_keeping(request: Request) -> None:
    """Like `csrf`, for a form whose answers are kept (`caller_keeping`): of one that our own page sent with the word
    of an earlier session they are kept for who is signed in now, and the refusal says so (403 `form_kept`)."""
    try:
        await csrf(request)
    except Problem as refused:
        if await _kept_of_before(request):
            raise Problem("form_kept") from refused
        raise


async def same_origin(request: Request) -> None:
    """The half of `csrf` that needs no session: for the sign-in form itself."""
    if not same_site(request, gate_of(request).cookies.origin):
        raise Problem("form_expired")


def enter(request: Request, account: str, password: str) -> Entry:
    """Sign in; Problem `bad_credentials` (wrong account and wrong password alike), `locked_out` (minutes left),
    `too_many_requests`, `busy`."""
    gate, account = gate_of(request), account.strip().lower()
    gate.at_door(request)
    seal = gate.store.seal
    browser = known.check(seal, account, gate.cookies.known(request, known.name(seal, account)))
    return _entry(gate, accounts.enter(gate.store, account, password, gate.address(request), browser))


def change_password(request: Request, who: Caller, old: str, new: str, again: str | None = None) -> Entry:
    """Set a new password and sign out everywhere else; `remember` the new session.

    Problem as of `accounts.change_password`.
    """
    gate = gate_of(request)
    return _entry(gate, accounts.change_password(gate.store, who, old, new, gate.address(request), again))


def has_provider(request: Request) -> bool:
    """Whether people may sign in at a provider: shows "Masuk dengan akun instansi"."""
    return gate_of(request).provider is not None


def provider_of(request: Request) -> str | None:
    """Issuer of the provider at which people may sign in, None without one."""
    provider = gate_of(request).provider
    return None if provider is None else provider.settings.issuer


def start_provider(request: Request, onward: str | None) -> Response:
    """A redirect to the provider; for the button "Masuk dengan akun instansi". Problem `provider_away`,
    `too_many_requests`."""
    gate = gate_of(request)
    provider = _provider(gate)
    gate.at_door(request)
    where, state = provider.start(gate.store, safe_path(onward))
    response = RedirectResponse(where, 303)
    gate.cookies.set_flow(request, response, state)
    return response


def finish_provider(request: Request) -> tuple[Entry, str]:
    """Who came back from the provider to `/masuk/kembali`, and the path to go on to.

    Problem `provider_refused`, `provider_away`, `not_registered`, `bad_credentials` for a locked account.
    """
    gate = gate_of(request)
    provider = _provider(gate)
    claims, onward = provider.finish(gate.store, dict(request.query_params), gate.cookies.flow(request))
    person = person_of(gate.store, provider.settings, claims)
    return _entry(gate, accounts.enter_known(gate.store, person)), onward


def leave(request: Request, who: Caller, response: Response, *, everywhere: bool = False) -> str | None:
    """Sign out and clear the cookie; the address of the provider's own sign-out, for who came from there."""
    gate = gate_of(request)
    with gate.store.reading() as connection:
        found = sessions.find(connection, gate.cookies.read(request) or "")
    accounts.leave(gate.store, who, everywhere=everywhere)
    gate.forget(who.session)
    gate.cookies.clear(request, response)
    return gate.provider.end() if gate.provider and found and found.via == "provider" else None


def stay(request: Request, who: Caller) -> None:
    """What the button "Tetap masuk" does: the idle time begins again."""
    with gate_of(request).store.writing() as connection:
        sessions.touch(connection, who.session)


def remember(request: Request, response: Response, entry: Entry) -> None:
    """Set the session's cookie on an answer, and let the account know this browser."""
    gate, account = gate_of(request), entry.caller.account
    gate.cookies.set(request, response, entry.cookie)
    name = known.name(gate.store.seal, account)
    if known.check(gate.store.seal, account, gate.cookies.known(request, name)) is None:
        gate.cookies.set_known(request, response, name, known.make(gate.store.seal, account), known.LASTS)


def kept(request: Request, who: Caller, path: str) -> Mapping[str, list[str]] | None:
    """Answers that were sent to `path` after the session had ended, once; None where there are none."""
    with gate_of(request).store.writing() as connection:
        return drafts.take(connection, who.person, path)


def keeps(request: Request) -> bool:
    """Whether answers of who was signed in here are kept: only then a page may say so."""
    gate = gate_of(request)
    secret = gate.cookies.read(request)
    if not secret:
        return False
    try:
        with gate.store.reading() as connection:
            session = sessions.find(connection, secret)
            return session is not None and drafts.waits(connection, session.person)
    except Problem:  # the database is away: nothing is known to be kept
        return False


def _paced(request: Request, who: Caller) -> Caller:
    """Who asks, unless they ask more often than anybody reads."""
    gate_of(request).readers.pass_on(str(who.person))  # not by session: one account may have many
    return who


def _entry(gate: Gate, entered: accounts.Entered) -> Entry:
    looked = gate.look(entered.secret)
    assert looked is not None
    return Entry(entered.secret, looked.must_change, looked.caller)


def _provider(gate: Gate) -> Provider:
    if gate.provider is None:
        raise Problem("not_found")
    return gate.provider


async def _kept_of_before(request: Request) -> bool:
    """Keep the answers of a form whose word is only old; whether they are kept. What no browser says that our own page
    sent, or has no word, may be another site's: nothing of it is kept."""
    gate = gate_of(request)
    told = "sec-fetch-site" in request.headers or "origin" in request.headers
    if not (told and same_site(request, gate.cookies.origin) and _is_form(request)):
        return False
    if not (await bodies.form(request)).get(CSRF_FIELD, [""])[-1]:
        return False
    try:
        return await _keep(request, (await gate.who(request)).person)
    except Elsewhere:
        return False


async def _keep(request: Request, person: int) -> bool:
    """Keep the answers of a form for somebody; whether they are kept."""
    answers = await bodies.form(request)
    answers.pop(CSRF_FIELD, None)
    return await run_in_threadpool(_draft, gate_of(request).store, person, request.url.path, answers)


def _draft(store: Store, person: int, path: str, answers: Mapping[str, Any]) -> bool:
    with store.writing() as connection:
        return drafts.keep(connection, person, path, answers)


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/x-www-form-urlencoded"


async def _sent(request: Request) -> bool:
    """Whether a request brings the word that only a page of this session knows."""
    cookie = gate_of(request).cookies.read(request)
    if not cookie:
        return False
    sent = request.headers.get(CSRF_HEADER)
    if sent is None:
        if not _is_form(request):
            return False
        sent = (await bodies.form(request)).get(CSRF_FIELD, [""])[-1]
    return hmac.compare_digest(sent.encode(), sessions.csrf(cookie).encode())
