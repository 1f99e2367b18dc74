"""How long and how often a provider is asked, how much of it is read, and which of its tokens open: at the bounds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from serving.access import oidc
from serving.access.oidc import Provider
from serving.access.oidc_settings import Settings
from serving.problems import Problem
from serving.store.engine import Store

ISSUER, HOME, NOW = "https://sso.example", "https://jaga.example", 1_800_000_000
KEY = RSAKey.generate_key(2048, {"kid": "k1"})
ABOUT = {"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token",
         "jwks_uri": f"{ISSUER}/jwks", "end_session_endpoint": f"{ISSUER}/end?a=1"}  # fmt: skip
KEYS = {"keys": [KEY.as_dict(private=False)]}
CLAIMS = {"iss": ISSUER, "sub": "s-dewi", "aud": "jaga", "exp": NOW + 300, "iat": NOW, "nonce": "n"}


class Answers(httpx.BaseTransport):
    """A provider that answers what it is told to, and notes what it was asked for."""

    def __init__(self, clock: SimpleNamespace) -> None:
        self.clock, self.asked = clock, list[str]()
        self.told: dict[str, Callable[[], httpx.Response]] = {
            "openid-configuration": lambda: httpx.Response(200, json=ABOUT),
            "jwks": lambda: httpx.Response(200, json=KEYS),
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.asked.append(name)
        return self.told[name]()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    own = SimpleNamespace(now=5000.0)
    own.monotonic = lambda: own.now
    monkeypatch.setattr(oidc, "time", own)
    return own


@pytest.fixture
def answers(clock: SimpleNamespace) -> Answers:
    return Answers(clock)


@pytest.fixture
def provider(answers: Answers) -> Provider:
    return Provider(Settings(ISSUER, "jaga"), HOME + "/", httpx.Client(transport=answers))


def token(**changed: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, KEY, algorithms=["RS256"])


def code_of(act: Callable[[], object]) -> str:
    try:
        act()
    except Problem as problem:
        return problem.code
    return ""


def test_what_the_provider_says_of_itself_and_its_keys_holds_for_an_hour(
    provider: Provider, answers: Answers, clock: SimpleNamespace
) -> None:
    def opens() -> None:
        assert provider._verified(token(), "n", NOW)["sub"] == "s-dewi"

    for later, asked in (
        (0.0, ["openid-configuration", "jwks"]),
        (3599.5, []),
        (0.5, ["jwks", "openid-configuration"]),
    ):
        clock.now += later
        answers.asked.clear()
        opens()
        assert sorted(answers.asked) == sorted(asked), later
    # Keys that do not fit are asked for anew, but not twice within a minute.
    for later, again in ((59.5, 0), (0.5, 1), (59.5, 0)):
        clock.now += later
        answers.asked.clear()
        assert code_of(lambda: provider._verified("no.token.at-all", "n", NOW)) == "provider_refused"
        assert answers.asked.count("jwks") == again, later


def test_a_provider_that_was_away_is_left_alone_for_ten_seconds(
    provider: Provider, answers: Answers, clock: SimpleNamespace
) -> None:
    def away() -> httpx.Response:
        raise httpx.ConnectTimeout("")

    answers.told["openid-configuration"] = away
    for later, asked in ((0.0, 1), (9.5, 0), (0.5, 1)):
        clock.now += later
        answers.asked.clear()
        assert code_of(provider._discover) == "provider_away"
        assert len(answers.asked) == asked
    assert (oidc._AT_ONCE, oidc.LEEWAY) == (8, 60)
    assert Provider(Settings(ISSUER, "jaga"), HOME)._client.timeout == httpx.Timeout(5)
    assert not Provider(Settings(ISSUER, "jaga"), HOME)._client.follow_redirects


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, "provider_away"), (503, "provider_away"), (499, "provider_refused"), (201, "provider_refused"), (200, "")],
)
def test_a_status_of_five_hundred_is_of_one_who_is_away(provider: Provider, answers: Answers, status: int,
                                                        code: str) -> None:  # fmt: skip
    answers.told["openid-configuration"] = lambda: httpx.Response(status, json=ABOUT)
    assert code_of(provider._discover) == code


@pytest.mark.parametrize(("size", "code"), [(1_000_000, ""), (1_000_001, "provider_refused")])
def test_a_million_bytes_are_read_and_not_one_more(provider: Provider, answers: Answers, size: int, code: str) -> None:
    body = json.dumps(ABOUT).encode()
    answers.told["openid-configuration"] = lambda: httpx.Response(200, content=body + b" " * (size - len(body)))
    assert code_of(provider._discover) == code


@pytest.mark.parametrize(("seconds", "code"), [(10.0, ""), (10.5, "provider_away")])
def test_an_answer_may_take_ten_seconds(provider: Provider, answers: Answers, clock: SimpleNamespace, seconds: float,
                                        code: str) -> None:  # fmt: skip
    def slowly() -> Iterator[bytes]:
        clock.now += seconds
        yield json.dumps(ABOUT).encode()

    answers.told["openid-configuration"] = lambda: httpx.Response(200, content=slowly())
    assert code_of(provider._discover) == code


@pytest.mark.parametrize("changed", [
    {"issuer": "https://evil.example"}, {"token_endpoint": None}, {"jwks_uri": 3},
    {"authorization_endpoint": "http://sso.example/auth"},
])  # fmt: skip
def test_a_provider_that_names_another_or_an_address_in_the_clear_is_refused(
    provider: Provider, answers: Answers, changed: dict[str, Any]
) -> None:
    answers.told["openid-configuration"] = lambda: httpx.Response(200, json=ABOUT | changed)
    assert code_of(provider._discover) == "provider_refused"


@pytest.mark.parametrize(("changed", "opens"), [
    ({}, True), ({"sub": "x" * 255}, True), ({"sub": "x" * 256}, False), ({"sub": ""}, False), ({"sub": None}, False),
    ({"aud": ["jaga"]}, True), ({"aud": ["jaga", "other"]}, False), ({"aud": ["jaga", "other"], "azp": "jaga"}, True),
    ({"aud": ["other"]}, False), ({"azp": "jaga"}, True), ({"azp": "other"}, False), ({"aud": None}, False),
    ({"aud": ["jaga", "other"], "azp": "other"}, False), ({"iss": "https://evil.example"}, False),
    ({"iss": None}, False), ({"nonce": "m"}, False), ({"nonce": None}, False), ({"exp": NOW - 59}, True),
    ({"exp": NOW - 61}, False), ({"exp": None}, False), ({"iat": NOW + 60}, True), ({"iat": NOW + 61}, False),
    ({"iat": None}, False),
])  # fmt: skip
def test_a_token_opens_where_every_claim_is_as_it_must_be(provider: Provider, changed: dict[str, Any],
                                                          opens: bool) -> None:  # fmt: skip
    assert (code_of(lambda: provider._verified(token(**changed), "n", NOW)) == "") is opens


def test_the_way_to_the_provider_and_out_of_it(provider: Provider, answers: Answers, sqlite_store: Store) -> None:
    where, state = provider.start(sqlite_store, "/ikhtisar")
    asked = parse_qs(urlsplit(where).query)
    assert where.startswith(f"{ISSUER}/auth?response_type=code&")
    assert (asked["state"], asked["redirect_uri"]) == ([state], [f"{HOME}/masuk/kembali"])
    assert [len(asked[name][0]) for name in ("state", "nonce", "code_challenge")] == [43] * 3, "256 bits"
    assert len({state, asked["nonce"][0], asked["code_challenge"][0]}) == 3
    out = provider.end()
    assert out is not None
    assert out.startswith(f"{ISSUER}/end?a=1&client_id=jaga&post_logout_redirect_uri=")
    for end in (None, 3, "http://sso.example/end"):
        answers.told["openid-configuration"] = lambda end=end: httpx.Response(  # type: ignore[misc]
            200, json=ABOUT | {"end_session_endpoint": end})  # fmt: skip
        assert Provider(provider.settings, HOME, httpx.Client(transport=answers)).end() is None
    plain = ABOUT | {"authorization_endpoint": f"{ISSUER}/auth?a=1", "end_session_endpoint": f"{ISSUER}/end"}
    answers.told["openid-configuration"] = lambda: httpx.Response(200, json=plain)
    again = Provider(provider.settings, HOME, httpx.Client(transport=answers))
    assert again.start(sqlite_store, "/")[0].startswith(f"{ISSUER}/auth?a=1&response_type=code")
    assert str(again.end()).startswith(f"{ISSUER}/end?client_id=jaga")


@pytest.mark.parametrize(("answer", "cookie", "code"), [
    ({"code": "c"}, "own", ""), ({"code": "c", "iss": ISSUER}, "own", ""), ({}, "own", "provider_refused"),
    ({"code": "c", "iss": "https://evil.example"}, "own", "provider_refused"),
    ({"code": "c"}, None, "provider_refused"), ({"code": "c"}, "other", "provider_refused"),
])  # fmt: skip
def test_who_comes_back_brings_the_state_and_a_code_of_this_provider(
    provider: Provider, answers: Answers, sqlite_store: Store, answer: dict[str, str], cookie: str | None, code: str
) -> None:
    where, state = provider.start(sqlite_store, "/keluarga")
    nonce, moment = parse_qs(urlsplit(where).query)["nonce"][0], int(sqlite_store.clock().timestamp())
    made = token(nonce=nonce, exp=moment + 60, iat=moment)
    answers.told["token"] = lambda: httpx.Response(200, json={"id_token": made})
    brought = {"own": state, "other": "x" * 43}.get(cookie or "")
    found: list[Any] = []
    assert code_of(lambda: found.append(provider.finish(sqlite_store, answer | {"state": state}, brought))) == code
    if not code:
        assert (found[0][0]["sub"], found[0][1]) == ("s-dewi", "/keluarga")
        assert code_of(lambda: provider.finish(sqlite_store, answer | {"state": state}, state)) == "provider_refused"
    answers.told["token"] = lambda: httpx.Response(200, json={"id_token": 3})
    state = provider.start(sqlite_store, "/")[1]
    assert code_of(lambda: provider.finish(sqlite_store, {"code": "c", "state": state}, state)) == "provider_refused"
