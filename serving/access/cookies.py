"""The two cookies, where a request comes from, and which paths one may be sent on to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from features.commands import UserError
from serving.access.oidc_settings import LOOPBACK, safe
from serving.store.checks import has_id_number
from serving.store.flows import LASTS
from serving.store.sessions import LONGEST

HOME = "/ikhtisar"
_ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")
_FLOW, _STATE = "/masuk", "jaga-masuk"


@dataclass(frozen=True, slots=True)
class Cookies:
    """How cookies are set.

    origin : our own address where it is known. site : `strict`, or `lax` where people come back from a provider.
    """

    origin: str | None
    site: Literal["lax", "strict"]

    def read(self, request: Request) -> str | None:
        """What the cookie of the session holds."""
        return request.cookies.get(self._name(request, "jaga"))

    def set(self, request: Request, response: Response, secret: str) -> None:
        """Set the cookie of a session, for no longer than one lasts."""
        secure = self._secure(request)
        response.set_cookie(self._name(request, "jaga"), secret, max_age=int(LONGEST.total_seconds()), path="/",
                            secure=secure, httponly=True, samesite=self.site)  # fmt: skip

    def clear(self, request: Request, response: Response) -> None:
        """Take the cookie of the session back."""
        response.delete_cookie(self._name(request, "jaga"), path="/", secure=self._secure(request), httponly=True,
                               samesite=self.site)  # fmt: skip

    def flow(self, request: Request) -> str | None:
        """State of a sign-in that this browser began at a provider."""
        return request.cookies.get(self._name(request, _STATE))

    def set_flow(self, request: Request, response: Response, state: str) -> None:
        """Remember in this browser that it began a sign-in at a provider.

        Only a cookie of this host alone (`__Host-`, so for every path) is nothing that a neighbouring host can put
        here, to let somebody finish a sign-in that another began, and work under that name.
        """
        response.set_cookie(self._name(request, _STATE), state, max_age=int(LASTS.total_seconds()), path="/",
                            secure=self._secure(request), httponly=True, samesite="lax")  # fmt: skip

    def known(self, request: Request, name: str) -> str | None:
        """What the cookie holds by which an account knows this browser."""
        return request.cookies.get(self._name(request, name))

    def set_known(self, request: Request, response: Response, name: str, value: str, lasts: timedelta) -> None:
        """Let an account know this browser."""
        response.set_cookie(self._name(request, name), value, max_age=int(lasts.total_seconds()), path="/",
                            secure=self._secure(request), httponly=True, samesite="strict")  # fmt: skip

    def _secure(self, request: Request) -> bool:
        if self.origin:
            return self.origin.startswith("https:")
        return request.url.scheme == "https" or request.url.hostname not in LOOPBACK

    def _name(self, request: Request, name: str) -> str:
        # With this prefix a browser takes the cookie from this host alone, over TLS.
        return f"__Host-{name}" if self._secure(request) else name


def origin_of(url: str | None, *, needed: bool = False) -> str:
    """Scheme, host and port of our own address; empty where none was given. UserError: one that is not encrypted."""
    if not url:
        if needed:
            raise UserError("JAGA_URL: sign-in at a provider needs the address of this service, https://...")
        return ""
    own = url.lower().removesuffix("/")  # as browsers write it: what they send is compared with it
    if not safe(own) or not _ORIGIN.fullmatch(own):
        raise UserError("JAGA_URL: write https:// and a host, such as https://jaga.example.go.id")
    return own


def same_site(request: Request, origin: str | None) -> bool:
    """Whether a browser says, or at least does not deny, that our own page sent a request."""
    told = request.headers.get("sec-fetch-site")
    if told is not None:
        return told in ("same-origin", "none")
    sent = request.headers.get("origin")
    if sent is None:
        return True
    return sent == origin if origin else host_of(sent) == request.headers.get("host", "")


def host_of(address: str) -> str | None:
    """Host and port of an address that a browser sent; None where it is no address."""
    try:
        return urlsplit(address).netloc
    except ValueError:  # of a bracket that is not closed
        return None


def safe_path(asked: str | None) -> str:
    """A path of our own to go on to after signing in, else `/ikhtisar`."""
    if not asked or len(asked) > 2000 or not asked.startswith("/") or asked[1:2] in ("/", "\\"):
        return HOME
    if any(not sign.isprintable() or sign in "\\ " for sign in asked):
        return HOME
    if has_id_number(unquote(asked)):  # it may be kept while somebody signs in elsewhere
        return HOME
    parts = urlsplit(asked)
    elsewhere = parts.scheme or parts.netloc
    return HOME if elsewhere or f"{parts.path}/".startswith((f"{_FLOW}/", "/keluar/", "/v1/")) else asked
