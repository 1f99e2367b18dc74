"""Sign-in at a real OpenID provider on 127.0.0.1, and what an attacker might put in its place."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psutil
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import update
from starlette.testclient import TestClient

from features.commands import UserError
from serving.access import accounts, rights_logged
from serving.access.oidc import Provider
from serving.access.oidc_settings import Settings, settings
from serving.access.rights import Grant
from serving.audit import trail
from serving.problems import Problem
from serving.store import people
from serving.store.engine import Store, open_store
from serving.store.tables import flows
from tests.conftest import StartServer
from tests.serving.doors import small
from tests.serving.stores import Hands

ROOT = trail.terminal("operator")
HOME = "http://127.0.0.1:3000"
OWN = {"Sec-Fetch-Site": "same-origin"}


class Between(httpx.BaseTransport):
    """Passes on to the real provider; may put another ID token into its answer."""

    def __init__(self) -> None:
        self.real = httpx.HTTPTransport()
        self.token: str | None = None
        self.asked: list[httpx.Request] = []
        self.genuine = ""

    def close(self) -> None:
        self.real.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.real.handle_request(request)
        answer.read()
        if request.url.path.endswith("/token") and answer.status_code == 200:
            body = answer.json()
            self.genuine = body["id_token"]
            if self.token is not None:
                return httpx.Response(200, json=body | {"id_token": self.token})
        return answer


@pytest.fixture
def issuer(free_port: int, start_server: StartServer) -> str:
    return start(start_server, free_port)


def start(start_server: StartServer, port: int) -> str:
    claims = [{"sub": "s-dewi", "name": "Dewi", "preferred_username": "dewi", "email": "dewi@kemensos.example",
               "jaga_roles": ["petugas", "administrator"], "jaga_areas": ["3204"]},
              {"sub": "s-asing", "preferred_username": "asing"}]  # fmt: skip
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    for person in claims:
        command += ["--user-claims", json.dumps(person)]
    return start_server(command, port, ready="/.well-known/openid-configuration").url


@pytest.fixture
def now(sqlite_store: Store) -> Iterator[Store]:
    """A store by the clock of the machine, which is that of the provider too."""
    store = open_store(sqlite_store.engine.url.render_as_string())
    yield store
    store.close()


@contextmanager
def browser(store: Store, issuer: str, between: Between | None = None, **more: Any) -> Iterator[TestClient]:
    own = Settings(issuer, "jaga", secret="s", **more)
    with (
        httpx.Client(transport=between or Between(), timeout=60) as asker,
        TestClient(small(store, HOME, Provider(own, HOME, asker)), base_url=HOME, follow_redirects=False) as client,
    ):
        yield client


def known(store: Store, issuer: str) -> None:
    accounts.add(store, ROOT, "dewi", "Dewi", signs_in=False, issuer=issuer, subject="s-dewi")
    accounts.grant(store, ROOT, "dewi", Grant("officer", "3204"))


def go(client: TestClient, subject: str = "s-dewi", ke: str = "/keluarga?kab=3204") -> str:
    """Begin at our button, agree at the provider; the path with which it sends the browser back."""
    asked = client.get("/masuk/instansi", params={"ke": ke})
    assert asked.status_code == 303
    return agree(asked.headers["location"], subject)


def agree(where: str, subject: str = "s-dewi") -> str:
    back = httpx.post(where, data={"sub": subject}, timeout=60)
    assert back.status_code == 302, back.text
    assert back.headers["location"].startswith(f"{HOME}/masuk/kembali?")
    return str(back.headers["location"]).removeprefix(HOME)


def refused(answer: httpx.Response, code: str = "provider_refused") -> None:
    assert answer.json()["code"] == code
    assert "jaga=" not in answer.headers.get("set-cookie", "").replace("jaga-masuk=", "")


def test_who_was_registered_beforehand_signs_in_and_out(now: Store, issuer: str) -> None:
    known(now, issuer)
    between = Between()
    with browser(now, issuer, between) as client:
        asked = client.get("/masuk/instansi", params={"ke": "/keluarga?kab=3204"})
        query = parse_qs(urlsplit(asked.headers["location"]).query)
        assert query["code_challenge_method"] == ["S256"]
        assert {"state", "nonce", "code_challenge", "redirect_uri"} <= query.keys()
        for part in ("HttpOnly", "SameSite=lax", "Path=/"):
            assert part in asked.headers["set-cookie"]
        answer = client.get(agree(asked.headers["location"]))
        assert (answer.status_code, answer.headers["location"]) == (303, "/keluarga?kab=3204")
        assert "SameSite=lax" in answer.headers["set-cookie"]
        (exchange,) = [request for request in between.asked if request.url.path.endswith("/token")]
        sent = parse_qs(exchange.content.decode())
        assert len(sent["code_verifier"][0]) == 43
        assert exchange.headers["authorization"].startswith("Basic ")
        page = client.get("/ikhtisar").json()
        assert (page["account"], page["grants"]) == ("dewi", ["officer:3204"])
        out = client.post("/keluar", data={"csrf": page["csrf"]}, headers=OWN)
        assert out.headers["location"].startswith(f"{issuer}/oauth2/end_session?client_id=jaga")
        assert client.get("/ikhtisar").status_code == 303


def test_who_is_not_registered_stays_outside(now: Store, issuer: str) -> None:
    known(now, issuer)
    with browser(now, issuer) as client:
        refused(client.get(go(client, "s-asing")), "not_registered")
        accounts.lock(now, ROOT, "dewi")
        refused(client.get(go(client)), "bad_credentials")
        accounts.unlock(now, ROOT, "dewi")
        accounts.revoke(now, ROOT, "dewi", Grant("officer", "3204"))
        refused(client.get(go(client)), "not_registered")
    with now.reading() as connection:
        trail.verify(connection)
        assert people.by_account(connection, "asing") is None


def test_an_account_that_was_made_for_the_provider_is_taken_over_once_and_no_other(now: Store, issuer: str) -> None:
    accounts.add(now, ROOT, "dewi", "Dewi", signs_in=False, issuer=issuer)
    accounts.grant(now, ROOT, "dewi", Grant("viewer", ""))
    accounts.add(now, ROOT, "asing", "Pemilik sandi", password="kopi tubruk pagi")
    accounts.grant(now, ROOT, "asing", Grant("viewer", ""))
    with browser(now, issuer, account="preferred_username") as client:
        assert client.get(go(client)).status_code == 303
        refused(client.get(go(client, "s-asing")), "not_registered")
    with now.reading() as connection:
        dewi, other = (people.by_account(connection, account) for account in ("dewi", "asing"))
    assert dewi is not None
    assert other is not None
    assert (dewi.subject, other.subject) == ("s-dewi", None)


def test_rights_from_claims_follow_them_and_never_make_an_administrator(now: Store, issuer: str) -> None:
    more = {"people": "claims", "account": "preferred_username", "roles": {"petugas": "officer"}}
    with browser(now, issuer, **more) as client:
        assert client.get(go(client)).status_code == 303
        assert client.get("/ikhtisar").json()["grants"] == ["officer:3204"]
        refused(client.get(go(client, "s-asing")), "not_registered")
        httpx.put(f"{issuer}/users/s-dewi", timeout=60, json={
            "preferred_username": "dewi", "jaga_roles": "verifier viewer",
                                                  "jaga_areas": ["33", "3204' OR 1=1", ""]})  # fmt: skip
        assert client.get(go(client)).status_code == 303
        assert client.get("/ikhtisar").json()["grants"] == ["verifier:33", "viewer:33"]
        with now.reading() as connection:
            assert list(rights_logged.unlogged(connection, now.seal)) == [], "the log knows what the claims gave"
        httpx.put(f"{issuer}/users/s-dewi", timeout=60, json={
            "preferred_username": "dewi", "jaga_roles": ["administrator"],
                                                  "jaga_areas": ["ID"]})  # fmt: skip
        refused(client.get(go(client)), "not_registered")
        assert client.get("/ikhtisar").status_code == 303
    with now.reading() as connection:
        assert people.administrators(connection) == set()


def test_a_wrong_state_a_state_of_another_browser_and_a_used_code_are_refused(now: Store, issuer: str) -> None:
    known(now, issuer)
    with browser(now, issuer) as client, browser(now, issuer) as other:
        path = go(client)
        refused(client.get(path.replace("state=", "state=x")))
        refused(other.get(path))  # no cookie of this flow
        mine = go(other)
        refused(client.get(mine))  # the cookie of another flow
        assert client.get(path).status_code == 303
        client.cookies.delete("jaga")
        refused(client.get(path))  # the state was used
        code = parse_qs(urlsplit(path).query)["code"][0]
        state = parse_qs(urlsplit(go(client)).query)["state"][0]
        refused(client.get("/masuk/kembali", params={"code": code, "state": state}))  # the provider knows it was used
        state = parse_qs(urlsplit(go(client)).query)["state"][0]
        refused(client.get("/masuk/kembali", params={"error": "access_denied", "state": state}))
        state = parse_qs(urlsplit(go(client)).query)["state"][0]
        refused(client.get("/masuk/kembali", params={"code": code, "state": state, "iss": "https://evil.example"}))


def test_a_flow_that_took_too_long_is_refused(sqlite_store: Store, hands: Hands, issuer: str) -> None:
    known(sqlite_store, issuer)
    with browser(sqlite_store, issuer) as client:
        for minutes in (11, -5):
            path = go(client)
            hands.move(minutes=minutes)
            refused(client.get(path))


def _foreign(client: TestClient, between: Between, issuer: str, **other: str) -> str:
    """A genuine token of the provider, made for another flow or client."""
    where = client.get("/masuk/instansi").headers["location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()} | other
    path = agree(f"{issuer}/oauth2/authorize?{httpx.QueryParams(query)}")
    code = parse_qs(urlsplit(path).query)["code"][0]
    answer = httpx.post(f"{issuer}/oauth2/token", timeout=60, auth=(query["client_id"], "s"), data={
        "grant_type": "authorization_code", "code": code, "redirect_uri": query["redirect_uri"]})  # fmt: skip
    return str(answer.json()["id_token"])


def test_tokens_that_were_not_made_for_this_sign_in_are_refused(
    now: Store, issuer: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("jaga"), "propagate", True)
    known(now, issuer)
    between = Between()
    with browser(now, issuer, between) as client:
        for other in ({"nonce": "another"}, {"client_id": "other"}):
            between.token = _foreign(client, between, issuer, **other)
            refused(client.get(go(client)))
        between.token = ""
        refused(client.get(go(client)))
        between.token = None
        assert client.get(go(client)).status_code == 303  # the same way, with the genuine token
    assert "s-dewi" not in caplog.text
    assert "refused: InvalidClaimError" in caplog.text


@pytest.mark.parametrize("how", [
    "none", "other key", "shared secret", "expired", "future", "changed", "no nonce", "for two", "sound",
])  # fmt: skip
def test_forged_and_old_tokens_are_refused(now: Store, issuer: str, how: str) -> None:
    known(now, issuer)
    between = Between()
    with browser(now, issuer, between) as client:
        path = go(client)
        forge(between, how)
        answer = client.get(path)
        assert between.genuine  # the provider did answer; it is the token that is judged
        if how == "sound":
            assert answer.status_code == 303
        else:
            refused(answer)


def forge(between: Between, how: str) -> None:
    """Let the provider's answer carry another token, made of the genuine claims once they are known."""

    def other(request: httpx.Request) -> httpx.Response:
        answer = Between.handle_request(between, request)
        if not request.url.path.endswith("/token") or answer.status_code != 200:
            return answer
        head, body, signature = between.genuine.split(".")
        key = RSAKey.generate_key(2048, {"kid": json.loads(_plain(head)).get("kid", "x")})
        claims = json.loads(_plain(body))
        if how == "none":
            token = f"{_coded({'alg': 'none', 'typ': 'JWT'})}.{body}."
        elif how == "shared secret":
            token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("s" * 32), algorithms=["HS256"])
        elif how == "changed":
            token = f"{head}.{_coded(claims | {'sub': 's-root'})}.{signature}"
        elif how == "other key":
            token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        else:  # claims that are wrong under a key that we do accept
            claims |= {"expired": {"exp": claims["iat"] - 100}, "future": {"iat": claims["exp"]},
                       "no nonce": {"nonce": None}, "for two": {"aud": ["jaga", "other"]},
                       "sound": {}}[how]  # fmt: skip
            token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
            between.keys = {"keys": [key.as_dict(private=False)]}  # type: ignore[attr-defined]
        return httpx.Response(200, json=answer.json() | {"id_token": token})

    def ask(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/jwks") and hasattr(between, "keys"):
            return httpx.Response(200, json=between.keys)
        return other(request)

    between.handle_request = ask  # type: ignore[method-assign]


def _plain(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _coded(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_the_clock_of_the_provider_may_differ_by_a_minute_and_no_more(
    sqlite_store: Store, hands: Hands, issuer: str
) -> None:
    known(sqlite_store, issuer)
    with browser(sqlite_store, issuer) as client:
        for seconds, status in ((-40, 303), (40, 303), (3600 + 30, 303), (3600 + 90, 401), (-90, 401)):
            hands.time = datetime.now(UTC)
            path = go(client)
            hands.move(seconds=seconds)
            with sqlite_store.writing() as connection:  # as if begun just now: only the token's time is judged
                connection.execute(update(flows).values(until=hands.time + timedelta(minutes=5)))
            assert client.get(path).status_code == status, seconds


def test_new_keys_of_the_provider_are_fetched_when_a_token_needs_them(
    now: Store, free_port: int, start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(start_server, free_port)
    known(now, first)
    between = Between()
    with browser(now, first, between) as client:
        assert client.get(go(client)).status_code == 303
        # The same address with another key, as after a rotation.
        for process in _started(start_server):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)
        start(start_server, free_port)
        asked = len([request for request in between.asked if request.url.path == "/jwks"])
        refused(client.get(go(client)))  # not again within a minute: a forger must not make us ask on and on
        assert len([request for request in between.asked if request.url.path == "/jwks"]) == asked
        monkeypatch.setattr("serving.access.oidc._AGAIN", 0.0)
        assert client.get(go(client)).status_code == 303


def _started(start_server: StartServer) -> list[Any]:
    closure = dict(zip(start_server.__code__.co_freevars, start_server.__closure__ or (), strict=True))  # type: ignore[attr-defined]
    return [server.process for server in closure["servers"].cell_contents]


def test_a_provider_that_is_away_or_another_is_told_apart(now: Store, free_port: int, issuer: str) -> None:
    with browser(now, f"http://127.0.0.1:{free_port + 1}") as client:
        refused(client.get("/masuk/instansi"), "provider_away")
    with browser(now, issuer.replace("127.0.0.1", "localhost")) as client:
        assert client.get("/masuk/instansi").status_code in (303, 401)
    with browser(now, f"{issuer}/") as client:
        refused(client.get("/masuk/instansi"))  # it calls itself otherwise


def test_without_a_provider_the_way_there_is_not_there(now: Store) -> None:
    with TestClient(small(now), base_url=HOME, follow_redirects=False) as client:
        refused(client.get("/masuk/instansi"), "not_found")


@pytest.mark.parametrize(("text", "told"), [
    ("issuer = 'http://kemensos.example'\nclient = 'jaga'", "https"), ("client = 'jaga'", "issuer and client"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\ncolour = 'red'", "colour"), ("issuer = ", "oidc.toml"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\npeople = 'all'", "registered or claims"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\npeople = 'claims'", "account"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\naccount = 'email'", "preferred_username"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\nroles = {admin = 'administrator'}", "jaga people"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\nroles = {admin = ['officer']}", "roles must map to"),
    (f"roles = {'[' * 5000}", "nested too deeply"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\nalgorithms = ['none']", "algorithms"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\nalgorithms = ['HS256']", "algorithms"),
    ("issuer = 'https://a.example'\nclient = 'jaga'\nscopes = 'email'", "openid"),
    ("issuer = 'https://a.example'\nclient = 7", "client must be a str"),
])  # fmt: skip
def test_settings_that_cannot_be_used_are_told_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str,
                                                       told: str) -> None:  # fmt: skip
    path = toml(tmp_path, monkeypatch)
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(UserError, match=told):
        settings()


def toml(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    (folder / "jaga").mkdir(exist_ok=True)
    return folder / "jaga" / "oidc.toml"


def test_settings_come_from_the_file_and_variables_go_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: Store
) -> None:
    assert settings() is None
    path = toml(tmp_path, monkeypatch)
    path.write_text("issuer = 'https://a.example'\nclient = 'jaga'\nroles = {petugas = 'officer'}\n")
    with pytest.raises(UserError, match="mode to 600"):
        settings()
    path.chmod(0o600)
    monkeypatch.setenv("JAGA_OIDC_CLIENT", "other")
    found = settings()
    assert found is not None
    assert (found.issuer, found.client, found.roles) == ("https://a.example", "other", {"petugas": "officer"})
    with pytest.raises(UserError, match="JAGA_URL"):
        small(now)
    monkeypatch.setenv("JAGA_URL", "https://jaga.example/")
    assert small(now).state.gate.provider.back == "https://jaga.example/masuk/kembali"


def test_problems_of_the_provider_are_problems() -> None:
    assert {Problem(code).status for code in ("provider_refused", "provider_away", "not_registered")} == {401, 503, 403}


def test_no_connection_to_the_provider_is_kept(now: Store, issuer: str) -> None:
    Provider(Settings(issuer, "jaga", secret="s"), HOME).start(now, "/ikhtisar")
    port = urlsplit(issuer).port
    assert [own for own in psutil.Process().net_connections("tcp")
            if own.raddr and own.raddr.port == port and own.status == psutil.CONN_ESTABLISHED] == []  # fmt: skip
