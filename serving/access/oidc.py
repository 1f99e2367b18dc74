"""Signing in at an OpenID provider: authorisation code with PKCE, state and nonce; the ID token verified here.

What cannot be verified is refused with one text; the reason goes to the log, without anything of the person.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from serving.access.oidc_settings import Settings, safe
from serving.problems import Problem
from serving.store import flows
from serving.store.engine import Store
from serving.store.flows import Flow
from serving.store.people import sound_subject

LEEWAY = 60
"""Seconds by which the clock of the provider may differ from ours."""
_FRESH = 3600.0
_AGAIN = 60.0
"""Seconds before keys are asked for again for a key that is not known: a forger must not make us ask on and on."""
_MOST_BYTES = 1_000_000
_MOST_SECONDS = 10.0
_REST = 10.0
"""Seconds for which a provider that did not answer is not asked again."""
_AT_ONCE = 8
"""Threads of a process that may wait for the provider: a slow one must not keep those waiting who sign in otherwise."""
_UNSOUND = (JoseError, ValueError, KeyError, TypeError, RecursionError)
"""What reading a token or keys of somebody else may end in."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
log = logging.getLogger("jaga")


class Provider:
    """A provider that was set up; threads share it.

    settings : of it. url : our own address, such as https://jaga.example.go.id. client : asks it, for tests.
    """

    def __init__(self, settings: Settings, url: str, client: httpx.Client | None = None) -> None:
        self.settings = settings
        self.url = url.rstrip("/")
        # Asked a few times a sign-in: a connection that is kept would only be one to close some day.
        alone = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        self._client = client or httpx.Client(timeout=5, follow_redirects=False, limits=alone)
        self._lock, self._room = threading.Lock(), threading.BoundedSemaphore(_AT_ONCE)
        self._rests = 0.0
        self._about: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    @property
    def back(self) -> str:
        """Address that the provider sends people back to; to be registered there."""
        return f"{self.url}/masuk/kembali"

    def start(self, store: Store, onward: str) -> tuple[str, str]:
        """Begin: the address to send the browser to, and the state that its cookie has to bring back."""
        about = self._discover()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with store.writing() as connection:
            flows.begin(connection, state, Flow(nonce, verifier, onward))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode({
            "response_type": "code", "client_id": self.settings.client, "redirect_uri": self.back,
            "scope": self.settings.scopes, "state": state, "nonce": nonce, "code_challenge": challenge,
            "code_challenge_method": "S256",
        })  # fmt: skip
        where = str(about["authorization_endpoint"])
        return f"{where}{'&' if '?' in where else '?'}{query}", state

    def finish(self, store: Store, answer: Mapping[str, str], cookie: str | None) -> tuple[dict[str, Any], str]:
        """What the provider says of the person who came back, and the path to go on to.

        answer : the query that the browser brought. cookie : state of the browser's own flow.

        Raises
        ------
        Problem : `provider_refused` for anything that is not as it must be, `provider_away`.
        """
        state = answer.get("state", "")
        if not cookie or not hmac.compare_digest(cookie.encode(), state.encode()):
            raise self._refused("state of another browser")
        with store.writing() as connection:
            flow = flows.take(connection, state)
        if flow is None:
            raise self._refused("state unknown, used or old")
        if "iss" in answer and answer["iss"] != self.settings.issuer:
            raise self._refused("answer of another issuer")
        if not answer.get("code"):
            raise self._refused("no code")
        token = self._exchange(answer["code"], flow.verifier)
        return self._verified(token, flow.nonce, int(store.clock().timestamp())), flow.onward

    def end(self) -> str | None:
        """Address of the provider's own sign-out, None where it has none or cannot be reached."""
        try:
            where = self._discover().get("end_session_endpoint")
        except Problem:
            return None
        if not isinstance(where, str) or not safe(where):
            return None
        query = {"client_id": self.settings.client, "post_logout_redirect_uri": f"{self.url}/masuk"}
        return f"{where}{'&' if '?' in where else '?'}{urlencode(query)}"

    def _exchange(self, code: str, verifier: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "code_verifier": verifier}
        own = self.settings
        # A client with a secret names itself by it; a public one has to in the form.
        who: dict[str, Any] = ({"data": form, "auth": (own.client, own.secret)} if own.secret
                               else {"data": form | {"client_id": own.client}})  # fmt: skip
        answer = self._ask("POST", str(self._discover()["token_endpoint"]), **who)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise self._refused("no ID token")
        return token

    def _verified(self, token: str, nonce: str, now: int) -> dict[str, Any]:
        own = self.settings
        try:
            try:
                read = jwt.decode(token, self._keyset(), algorithms=list(own.algorithms))
            except _UNSOUND:  # the provider may have new keys
                read = jwt.decode(token, self._keyset(anew=True), algorithms=list(own.algorithms))
            jwt.JWTClaimsRegistry(
                now=now, leeway=LEEWAY, iss={"essential": True, "value": own.issuer}, sub={"essential": True},
                aud={"essential": True, "value": own.client}, exp={"essential": True}, iat={"essential": True},
                nonce={"essential": True},
            ).validate(read.claims)  # fmt: skip
        except _UNSOUND as error:
            raise self._refused(type(error).__name__) from None
        claims: dict[str, Any] = dict(read.claims)
        # The library takes a list that holds the value wherever a text is due.
        texts = [claims[name] for name in ("iss", "sub", "nonce", *(("azp",) if "azp" in claims else ()))]
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if not all(isinstance(value, str) for value in (*texts, *audience)):
            raise self._refused("a claim that is no text")
        if not hmac.compare_digest(claims["nonce"].encode("utf-8", "replace"), nonce.encode()):
            raise self._refused("made for another sign-in")
        if claims["iss"] != own.issuer or not sound_subject(claims["sub"]):
            raise self._refused("another issuer, or a subject that is none")
        if own.client not in audience or claims.get("azp", own.client if len(audience) == 1 else "") != own.client:
            raise self._refused("made for another client")
        return claims

    def _keyset(self, *, anew: bool = False) -> KeySet:
        with self._lock:
            kept = self._keys
        age = time.monotonic() - kept[0] if kept else _FRESH
        if kept and age < (_AGAIN if anew else _FRESH):
            return kept[1]
        found = self._ask("GET", str(self._discover()["jwks_uri"]))
        try:
            keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
        except _UNSOUND:
            raise self._refused("keys that cannot be read") from None
        with self._lock:
            self._keys = (time.monotonic(), keys)
        return keys

    def _discover(self) -> Mapping[str, Any]:
        with self._lock:
            kept = self._about
        if kept and time.monotonic() - kept[0] < _FRESH:
            return kept[1]
        about = self._ask("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != self.settings.issuer:
            raise self._refused("description of another issuer")
        if not all(isinstance(about.get(name), str) and safe(about[name]) for name in _ENDPOINTS):
            raise self._refused("addresses that are missing or not encrypted")
        with self._lock:
            self._about = (time.monotonic(), about)
        return about

    def _ask(self, method: str, url: str, **what: Any) -> dict[str, Any]:
        """A JSON object of the provider. Problem `provider_away`, at once where it has just been away."""
        if time.monotonic() < self._rests or not self._room.acquire(timeout=1):
            raise self._away("is not asked for a while")
        try:
            status, body = self._read(method, url, **what)
        except (httpx.HTTPError, TimeoutError) as error:
            self._rests = time.monotonic() + _REST
            raise self._away(type(error).__name__) from None
        finally:
            self._room.release()
        if status >= 500:
            raise self._away(f"status {status}")
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if status != 200 or not isinstance(found, dict):
            raise self._refused(f"status {status}")
        return found

    def _read(self, method: str, url: str, **what: Any) -> tuple[int, bytes]:
        """Status and body, as far as an answer of a provider is long; nothing is unpacked."""
        end, body = time.monotonic() + _MOST_SECONDS, b""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        with self._client.stream(method, url, headers=headers, **what) as answer:
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise self._refused("packed")
            for part in answer.iter_bytes():
                body += part
                if len(body) > _MOST_BYTES:
                    raise self._refused("too long")
                if time.monotonic() > end:
                    raise TimeoutError
        return answer.status_code, body

    @staticmethod
    def _away(why: str) -> Problem:
        log.warning("OpenID provider: %s", why)
        return Problem("provider_away", headers={"Retry-After": "10"})

    @staticmethod
    def _refused(why: str) -> Problem:
        log.warning("sign-in at the OpenID provider refused: %s", why)
        return Problem("provider_refused")
