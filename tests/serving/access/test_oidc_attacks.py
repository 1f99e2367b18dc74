"""What an enemy tries at the door of a provider: forged tokens, codes and names of others, a provider that fails."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import func, select
from starlette.testclient import TestClient

from serving.access import accounts, gate, oidc, oidc_people
from serving.access.oidc import Provider
from serving.access.oidc_settings import Settings
from serving.access.rights import Caller, Grant
from serving.problems import Problem
from serving.store import people
from serving.store.engine import Store
from serving.store.tables import flows, sessions
from tests.serving.access.test_oidc import HOME, ROOT, Between, _coded, _plain, browser, go, issuer, known, now, refused
from tests.serving.doors import small

__all__ = ["issuer", "now"]
ISSUER = "https://sso.example"
KEY = RSAKey.generate_key(2048, {"kid": "k1"})
Forge = Callable[[dict[str, Any]], str]


class Forged(Between):
    """The real provider, but its keys are ours and each ID token is made by `forge` of the genuine claims."""

    def __init__(self, forge: Forge) -> None:
        super().__init__()
        self.forge = forge

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/jwks"):
            self.asked.append(request)
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        answer = super().handle_request(request)
        if not request.url.path.endswith("/token") or answer.status_code != 200:
            return answer
        claims = json.loads(_plain(self.genuine.split(".")[1]))
        return httpx.Response(200, json=answer.json() | {"id_token": self.forge(claims)})


def _signed(head: dict[str, Any], claims: dict[str, Any], key: Any = KEY) -> str:
    return jwt.encode({"alg": "RS256", **head}, claims, key, algorithms=["RS256", "ES256"])


def _hmac(secret: bytes, claims: dict[str, Any]) -> str:
    """Alg confusion: signed with a shared secret that everybody knows, the public key."""
    text = f"{_coded({'alg': 'HS256', 'kid': 'k1'})}.{_coded(claims)}"
    mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


OTHER = RSAKey.generate_key(2048, {"kid": "k2"})
CURVE = ECKey.generate_key("P-256", {"kid": "k1"})
FORGERIES: dict[str, Forge] = {
    "public key as secret": lambda own: _hmac(KEY.as_pem(private=False), own),
    "public key as secret, as JSON": lambda own: _hmac(json.dumps(KEY.as_dict(private=False)).encode(), own),
    "alg None": lambda own: f"{_coded({'alg': 'None', 'kid': 'k1'})}.{_coded(own)}.",
    "alg nOnE and a signature": lambda own: f"{_coded({'alg': 'nOnE'})}.{_coded(own)}.AAAA",
    "no alg": lambda own: f"{_coded({'kid': 'k1'})}.{_coded(own)}.AAAA",
    "unknown kid": lambda own: _signed({"kid": "k2"}, own, OTHER),
    "kid of a path": lambda own: _signed({"kid": "../../dev/null"}, own, OTHER),
    "key in the header": lambda own: _signed({"kid": "k1", "jwk": OTHER.as_dict(private=False)}, own, OTHER),
    "address of keys": lambda own: _signed({"kid": "k1", "jku": "https://evil.example/jwks"}, own, OTHER),
    "nonce in a list": lambda own: _signed({"kid": "k1"}, own | {"nonce": [own["nonce"], "x"]}),
    "nonce alone in a list": lambda own: _signed({"kid": "k1"}, own | {"nonce": [own["nonce"]]}),
    "nonce of other letters": lambda own: _signed({"kid": "k1"}, own | {"nonce": "nonc\u00e9"}),
    "subject in a list": lambda own: _signed({"kid": "k1"}, own | {"sub": [own["sub"]]}),
    "subject in an object": lambda own: _signed({"kid": "k1"}, own | {"sub": {own["sub"]: 1}}),
    "subject with a zero": lambda own: _signed({"kid": "k1"}, own | {"sub": own["sub"] + "\0"}),
    "authorised in a list": lambda own: _signed({"kid": "k1"}, own | {"azp": [own["aud"]]}),
    "authorised by nothing": lambda own: _signed({"kid": "k1"}, own | {"azp": None}),
    "audience with a list": lambda own: _signed({"kid": "k1"}, own | {"aud": ["jaga", ["x"]], "azp": "jaga"}),
    "audience with a number": lambda own: _signed({"kid": "k1"}, own | {"aud": ["jaga", 7], "azp": "jaga"}),
    "audience in an object": lambda own: _signed({"kid": "k1"}, own | {"aud": {"jaga": 1}}),
    "another curve under the same kid": lambda own: _signed({"alg": "ES256", "kid": "k1"}, own, CURVE),
    "five parts": lambda own: ".".join([_coded({"alg": "dir", "enc": "A128GCM"}), "", "AAAA", "AAAA", "AAAA"]),
    "deep header": lambda own: base64.urlsafe_b64encode(b"[" * 100_000).decode() + ".e30.AAAA",
    "not JSON": lambda own: "a.b.c",
    "no token": lambda own: "",
    "other issuer": lambda own: _signed({"kid": "k1"}, own | {"iss": "https://evil.example"}),
    "issuers in a list": lambda own: _signed({"kid": "k1"}, own | {"iss": [own["iss"]]}),
    "other audience": lambda own: _signed({"kid": "k1"}, own | {"aud": "other"}),
    "audiences without us": lambda own: _signed({"kid": "k1"}, own | {"aud": ["other", "jaga2"]}),
    "no audience": lambda own: _signed({"kid": "k1"}, own | {"aud": []}),
    "for another party": lambda own: _signed({"kid": "k1"}, own | {"azp": "other"}),
    "not yet": lambda own: _signed({"kid": "k1"}, own | {"nbf": own["iat"] + 3600}),
    "gone": lambda own: _signed({"kid": "k1"}, own | {"exp": own["iat"] - 3600}),
    "ends never": lambda own: _signed({"kid": "k1"}, {name: own[name] for name in own if name != "exp"}),
    "ends in words": lambda own: _signed({"kid": "k1"}, own | {"exp": "9999999999"}),
    "made never": lambda own: _signed({"kid": "k1"}, {name: own[name] for name in own if name != "iat"}),
    "another nonce": lambda own: _signed({"kid": "k1"}, own | {"nonce": "another"}),
    "subject of a number": lambda own: _signed({"kid": "k1"}, own | {"sub": 7}),
    "no subject": lambda own: _signed({"kid": "k1"}, own | {"sub": ""}),
    "long subject": lambda own: _signed({"kid": "k1"}, own | {"sub": "s" * 300}),
}  # fmt: skip


def test_no_forged_token_opens_and_the_same_way_with_a_sound_one_does(
    now: Store, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "DOORS", 1000)
    known(now, issuer)
    between = Forged(lambda own: _signed({"kid": "k1"}, own))
    with browser(now, issuer, between) as client:
        for name, forge in FORGERIES.items():
            between.forge = forge
            answer = client.get(go(client))
            assert answer.json()["code"] == "provider_refused", name
            assert "jaga=" not in answer.headers.get("set-cookie", "").replace("jaga-masuk=", ""), name
        between.forge = lambda own: _signed({"kid": "k1"}, own)
        assert client.get(go(client)).status_code == 303
        between.forge = lambda own: _signed({}, own)  # no kid, and only one key there is
        assert client.get(go(client)).status_code == 303


def test_one_code_opens_one_session_however_often_it_comes_at_once(now: Store, issuer: str) -> None:
    known(now, issuer)
    with browser(now, issuer) as client:
        path, answers = go(client), list[int]()
        cookies = {"jaga-masuk": client.cookies["jaga-masuk"]}

        def come() -> None:
            with TestClient(client.app, base_url=HOME, follow_redirects=False, cookies=cookies) as own:
                answers.append(own.get(path).status_code)

        threads = [threading.Thread(target=come) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == [303] + [401] * 5
    with now.reading() as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 1


def test_the_verifier_that_is_sent_is_that_of_the_challenge_and_never_in_an_address(now: Store, issuer: str) -> None:
    known(now, issuer)
    between = Between()
    with browser(now, issuer, between) as client:
        where = client.get("/masuk/instansi").headers["location"]
        query = parse_qs(urlsplit(where).query)
        client.get(go(client))
        begun = [client.get("/masuk/instansi").headers["location"] for _ in range(3)]
    sent = parse_qs(next(own for own in between.asked if own.url.path.endswith("/token")).content.decode())
    made = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
    assert made != query["code_challenge"][0]  # each flow has one of its own
    assert sent["code_verifier"][0] not in where
    for name in ("state", "nonce", "code_challenge"):
        assert len({parse_qs(urlsplit(own).query)[name][0] for own in [where, *begun]}) == 4


@pytest.mark.parametrize("ke", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "/%0d%0a//evil", "\t//evil", "/masuk/../keluar/",
    "javascript:alert(1)", "/x\r\nSet-Cookie: a=b", "x" * 5000,
])  # fmt: skip
def test_nobody_is_sent_to_another_host_after_signing_in(now: Store, issuer: str, ke: str) -> None:
    known(now, issuer)
    with browser(now, issuer) as client:
        answer = client.get(go(client, ke=ke))
    to = urlsplit(answer.headers["location"])
    assert (answer.status_code, to.scheme, to.netloc) == (303, "", "")
    assert to.path.startswith("/")
    assert not to.path.startswith(("//", "/\\"))


def test_a_name_of_other_letters_takes_over_no_account(now: Store, issuer: str) -> None:
    accounts.add(now, ROOT, "kepala", "Kepala", signs_in=False, issuer=issuer)
    accounts.grant(now, ROOT, "kepala", Grant("viewer", ""))
    with browser(now, issuer, account="preferred_username") as client:
        for name in ("\u212aepala", "kepala\u200b", "kepala ", " kepala", "kepala\x00", ["kepala"], "dewi"):
            httpx.put(f"{issuer}/users/s-asing", timeout=60, json={"preferred_username": name})
            refused(client.get(go(client, "s-asing")), "not_registered")
        httpx.put(f"{issuer}/users/s-asing", timeout=60, json={"preferred_username": "Kepala"})
        assert client.get(go(client, "s-asing")).status_code == 303
        refused(client.get(go(client)), "not_registered")  # whoever comes second under that name
    with now.reading() as connection:
        found = people.by_account(connection, "kepala")
    assert found is not None
    assert found.subject == "s-asing"


def test_of_two_who_come_first_at_once_one_has_the_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has looked the account up before either takes it; in a file one waits before looking."""
    accounts.add(store, ROOT, "kepala", "Kepala", signs_in=False, issuer=ISSUER)
    accounts.grant(store, ROOT, "kepala", Grant("viewer", ""))
    look, both = people.by_account, threading.Barrier(2)

    def looked(*args: Any) -> people.Person | None:
        found = look(*args)
        if store.engine.dialect.name == "postgresql":
            both.wait(30)
        return found

    monkeypatch.setattr(people, "by_account", looked)
    own, results = Settings(ISSUER, "jaga", account="preferred_username"), dict[str, str]()

    def come(subject: str) -> None:
        try:
            results[subject] = oidc_people.person_of(
                store, own, {"sub": subject, "preferred_username": "kepala"}
            ).account
        except Problem as problem:
            results[subject] = problem.code

    threads = [threading.Thread(target=come, args=(subject,)) for subject in ("s-one", "s-two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results.values()) == ["kepala", "not_registered"]
    with store.reading() as connection:
        (winner,) = (subject for subject, told in results.items() if told == "kepala")
        found = people.by_subject(connection, ISSUER, winner)
    assert found is not None


def test_who_was_tied_by_a_small_administrator_is_kept_out_once_a_wider_one_ties_anew(now: Store, issuer: str) -> None:
    """`s-asing` is the small administrator's own person at the provider."""
    chief, local = (Caller(0, name, name, (Grant("administrator", area),), "session")
                    for name, area in (("kepala", ""), ("wakil", "3204")))  # fmt: skip
    accounts.add(now, local, "budi", "Budi", signs_in=False, issuer=issuer, subject="s-asing")
    accounts.grant(now, local, "budi", Grant("officer", "3204"))
    with browser(now, issuer) as client:
        assert client.get(go(client, "s-asing")).status_code == 303
        with pytest.raises(Problem) as told:
            accounts.grant(now, chief, "budi", Grant("officer", ""))
        assert told.value.code == "reset_first"
        assert client.get("/ikhtisar").json()["grants"] == ["officer:3204"]
        accounts.tie(now, chief, "budi", issuer, "s-dewi")
        assert client.get("/ikhtisar").status_code == 303, "the session ends"
        accounts.grant(now, chief, "budi", Grant("officer", ""))
        refused(client.get(go(client, "s-asing")), "not_registered")
        assert client.get(go(client)).status_code == 303
        page = client.get("/ikhtisar").json()
        assert (page["account"], page["grants"]) == ("budi", ["officer:", "officer:3204"])


def test_no_session_begins_for_who_an_account_was_taken_from_meanwhile(now: Store, issuer: str) -> None:
    known(now, issuer)
    with now.reading() as connection:
        person = people.by_subject(connection, issuer, "s-dewi")
    assert person is not None
    accounts.tie(now, ROOT, "dewi", issuer, "s-asing")
    with pytest.raises(Problem) as told:
        accounts.enter_known(now, person)
    assert told.value.code == "bad_credentials"
    with now.reading() as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 0


def test_a_session_never_begins_under_a_cookie_that_was_there_before(now: Store, issuer: str) -> None:
    known(now, issuer)
    with browser(now, issuer) as client:
        client.cookies.set("jaga", "planted")
        assert client.get(go(client)).status_code == 303
        assert "planted" not in {own.value for own in client.cookies.jar if own.domain.startswith("127")}
        with TestClient(client.app, base_url=HOME, follow_redirects=False, cookies={"jaga": "planted"}) as other:
            assert other.get("/ikhtisar").status_code == 303


def test_over_tls_no_neighbour_can_plant_the_cookie_of_a_flow(now: Store, issuer: str) -> None:
    at = "https://jaga.example"
    with (
        httpx.Client(transport=Between(), timeout=60) as asker,
        TestClient(small(now, at, Provider(Settings(issuer, "jaga", secret="s"), at, asker)), base_url=at,
                   follow_redirects=False) as client,
    ):  # fmt: skip
        told = client.get("/masuk/instansi").headers["set-cookie"]
        assert told.startswith("__Host-jaga-masuk=")
        assert "Path=/;" in told
        assert "Secure" in told
        assert "Domain" not in told
        state = told.partition("=")[2].partition(";")[0]
        with TestClient(client.app, base_url=at, follow_redirects=False, cookies={"jaga-masuk": state}) as other:
            refused(other.get("/masuk/kembali", params={"state": state, "code": "x"}))


def test_a_script_at_the_door_fills_no_table(now: Store, issuer: str) -> None:
    known(now, issuer)
    with browser(now, issuer) as client:
        codes = [client.get("/masuk/instansi").status_code for _ in range(60)]
        assert codes[:5] == [303] * 5
        assert 429 in codes
    with now.reading() as connection:
        assert connection.execute(select(func.count()).select_from(flows)).scalar_one() == codes.count(303)


class Broken(httpx.BaseTransport):
    """A provider that answers badly."""

    def __init__(self, answer: Callable[[], httpx.Response]) -> None:
        self.answer, self.asked = answer, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return self.answer()


def _fails(store: Store, transport: Broken) -> tuple[Provider, str]:
    provider = Provider(Settings("https://sso.example", "jaga"), HOME, httpx.Client(transport=transport))
    with pytest.raises(Problem) as told:
        provider.start(store, "/ikhtisar")
    return provider, told.value.code


def test_a_provider_that_is_away_is_not_asked_by_everybody_who_comes(
    now: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> httpx.Response:
        raise httpx.ConnectTimeout("")

    transport = Broken(away)
    provider, code = _fails(now, transport)
    assert code == "provider_away"
    for _ in range(50):
        with pytest.raises(Problem, match="provider_away"):
            provider.start(now, "/ikhtisar")
    assert transport.asked == 1
    assert provider.end() is None  # signing out goes on
    monkeypatch.setattr(provider, "_rests", 0.0)
    with pytest.raises(Problem, match="provider_away"):
        provider.start(now, "/ikhtisar")
    assert transport.asked == 2


def test_a_slow_provider_holds_up_few_threads(now: Store) -> None:
    release = threading.Event()

    def slow() -> httpx.Response:
        release.wait(30)
        return httpx.Response(500)

    transport, told = Broken(slow), list[str]()
    provider = Provider(Settings("https://sso.example", "jaga"), HOME, httpx.Client(transport=transport))

    def come() -> None:
        with pytest.raises(Problem) as problem:
            provider.start(now, "/ikhtisar")
        told.append(problem.value.code)

    threads = [threading.Thread(target=come) for _ in range(oidc._AT_ONCE + 12)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    while len(told) < 12 and time.monotonic() - begun < 10:
        time.sleep(0.05)
    assert told == ["provider_away"] * 12
    assert transport.asked == oidc._AT_ONCE
    release.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(("answer", "code"), [
    (lambda: httpx.Response(200, content=b" " * 2_000_000), "provider_refused"),
    (lambda: httpx.Response(200, content=b"{}", headers={"Content-Encoding": "identity"}), "provider_refused"),
    (lambda: httpx.Response(200, content=b"[" * 100_000), "provider_refused"),
    (lambda: httpx.Response(302, headers={"Location": "http://169.254.169.254/"}), "provider_refused"),
    (lambda: httpx.Response(200, json={"issuer": "https://evil.example"}), "provider_refused"),
    (lambda: httpx.Response(503), "provider_away"),
], ids=["long", "empty", "deep", "elsewhere", "another", "away"])  # fmt: skip
def test_a_strange_answer_of_a_provider_is_told_and_breaks_nothing(now: Store, answer: Callable[[], httpx.Response],
                                                                   code: str) -> None:  # fmt: skip
    transport = Broken(answer)
    assert _fails(now, transport)[1] == code
    assert transport.asked == 1


def test_nothing_packed_is_unpacked(now: Store) -> None:
    import gzip

    packed = gzip.compress(b" " * 50_000_000)
    transport = Broken(lambda: httpx.Response(200, stream=httpx.ByteStream(packed),
                                              headers={"Content-Encoding": "gzip"}))  # fmt: skip
    assert _fails(now, transport)[1] == "provider_refused"
