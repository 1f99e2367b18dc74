"""Who is asking: dependencies for routes, and what the sign-in pages call.

Signatures first; the bodies follow. `install(app, store, ...)` puts a `Gate` into `app.state.gate`.

    @router.get("/keluarga/{code}")
    def household(code: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response: ...

    @router.post("/keluarga/{code}/kunjungan/baru", dependencies=[Depends(signin.csrf)])
    def visit(who: Annotated[Caller, Depends(signin.caller_keeping)]) -> Response: ...

    @router.get("/v1/households/{code}")
    def look(who: Annotated[Caller, Depends(signin.api_caller("households.read"))]) -> Response: ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response

from serving.access import Caller

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
SIGN_IN = "/masuk"
CHANGE = "/masuk/sandi"


@dataclass(frozen=True, slots=True)
class Entry:
    """A new session: `cookie` is its id (`remember` sets it); `must_change` sends to `CHANGE` first."""

    cookie: str
    must_change: bool
    caller: Caller


def install(app: FastAPI) -> None:
    """Make the dependencies of this module work in an app."""
    raise NotImplementedError


async def caller(request: Request) -> Caller:
    """Who is signed in, else a redirect to `/masuk?ke=<this path>` (303; with HX-Request 401 and HX-Redirect).

    Who must change the password first is sent to `CHANGE`. A form sent with an expired session is lost.
    """
    raise NotImplementedError


async def caller_keeping(request: Request) -> Caller:
    """Like `caller`, but a form sent with an expired session is kept 15 minutes for the same person (`kept`).

    Not for the look-up box: what is typed there must never be stored.
    """
    raise NotImplementedError


async def caller_changing(request: Request) -> Caller:
    """Like `caller`, also for who must change the password first: for `CHANGE` and signing out."""
    raise NotImplementedError


def api_caller(scope: str) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency for the API: the owner of the bearer token, if the token has this scope (401, 403)."""
    raise NotImplementedError


async def csrf(request: Request) -> None:
    """Refuse a change (403 `form_expired`) that another site may have sent.

    The field `csrf` of the form, or the header X-CSRF-Token, must be `caller.csrf`; Origin or Sec-Fetch-Site, where
    the browser sends them, must be our own.
    """
    raise NotImplementedError


async def same_origin(request: Request) -> None:
    """The half of `csrf` that needs no session: for the sign-in form itself."""
    raise NotImplementedError


def enter(request: Request, account: str, password: str) -> Entry:
    """Sign in; Problem `bad_credentials` (wrong account and wrong password alike) or `locked_out` (minutes left)."""
    raise NotImplementedError


def change_password(request: Request, who: Caller, old: str, new: str) -> Entry:
    """Set a new password and sign out everywhere else.

    Problem `bad_credentials` or `locked_out` for the old one, `invalid` with the rule broken (field `new`) for the new.
    """
    raise NotImplementedError


def leave(request: Request, who: Caller, response: Response, *, everywhere: bool = False) -> str | None:
    """Sign out and clear the cookie; the address of the provider's own sign-out where there is one."""
    raise NotImplementedError


def stay(request: Request, who: Caller) -> None:
    """What the button "Tetap masuk" does: the idle time begins again."""
    raise NotImplementedError


def remember(request: Request, response: Response, entry: Entry) -> None:
    """Set the session's cookie on an answer."""
    raise NotImplementedError


def kept(request: Request, who: Caller, path: str) -> Mapping[str, list[str]] | None:
    """Answers that were sent to `path` after the session had expired, once; None where there are none."""
    raise NotImplementedError


def safe_path(asked: str | None) -> str:
    """A path of our own to go on to after signing in, else `/ikhtisar`."""
    raise NotImplementedError
