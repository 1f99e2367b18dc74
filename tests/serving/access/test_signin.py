"""The dependencies of sign-in, asked over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import Request
from sqlalchemy import select, text
from starlette.testclient import TestClient

from features.commands import UserError
from serving.access import accounts, passwords
from serving.access.gate import PAGES, Gate
from serving.access.rates import Rates
from serving.access.rights import Caller, Grant, limited
from serving.access.signin import CSRF_HEADER, safe_path
from serving.audit import trail
from serving.limits import MOST_AT_DOOR
from serving.problems import Problem
from serving.store.engine import Store
from serving.store.tables import attempts, drafts
from tests.serving.doors import small
from tests.serving.stores import Hands

ROOT = trail.terminal("operator")
GOOD = "kopi tubruk pagi hari"
OTHER = "teh melati sore hari"
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    passwords._nobody.cache_clear()


@pytest.fixture
def people_(store: Store) -> Store:
    return add(store)


@pytest.fixture
def local(sqlite_store: Store) -> Store:
    return add(sqlite_store)


def add(store: Store) -> Store:
    for account, role, area in (("dewi", "officer", "3204"), ("budi", "verifier", "33")):
        accounts.add(store, ROOT, account, account.title(), password=GOOD)
        accounts.grant(store, ROOT, account, Grant(role, area))  # type: ignore[arg-type]
    return store


@contextmanager
def browser(store: Store, url: str | None = None, at: str = "http://127.0.0.1:3000") -> Iterator[TestClient]:
    with TestClient(small(store, url), base_url=at, follow_redirects=False) as client:
        yield client


def enter(client: TestClient, account: str = "dewi", password: str = GOOD, **more: str) -> httpx.Response:
    return client.post("/masuk", data={"account": account, "password": password, **more}, headers=OWN)


def signed_in(client: TestClient, account: str = "dewi") -> str:
    """Sign in and change the first password; the word for forms."""
    assert enter(client, account).headers["location"] == "/masuk/sandi?ke=/ikhtisar"
    word = client.get("/masuk/sandi").json()["csrf"]
    changed = client.post("/masuk/sandi", data={"old": GOOD, "new": OTHER, "csrf": word}, headers=OWN)
    assert changed.headers["location"] == "/ikhtisar"
    return str(client.get("/ikhtisar").json()["csrf"])


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(people_: Store) -> None:
    with browser(people_) as client:
        answer = client.get("/keluarga?kab=3204&tingkat=tinggi")
        assert answer.status_code == 303
        assert answer.headers["cache-control"] == "no-store"
        where = answer.headers["location"]
        assert where == "/masuk?ke=/keluarga%3Fkab%3D3204%26tingkat%3Dtinggi"
        signed_in(client)
        onward = parse_qs(urlsplit(where).query)["ke"][0]
        assert enter(client, password=OTHER, ke=onward).headers["location"] == "/keluarga?kab=3204&tingkat=tinggi"
        assert client.get(onward).json() == {"codes": ["3204"]}


def test_a_part_of_a_page_is_answered_with_the_way_for_htmx(local: Store) -> None:
    with browser(local) as client:
        answer = client.get("/keluarga?bagian=1", headers={
            "HX-Request": "true", "HX-Current-URL": "http://127.0.0.1:3000/ikhtisar?wilayah=3204"})  # fmt: skip
        assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/masuk?ke=/ikhtisar%3Fwilayah%3D3204")
        for elsewhere in ("http://evil.example/a", "http://["):
            answer = client.get("/keluarga", headers={"HX-Request": "true", "HX-Current-URL": elsewhere})
            assert answer.headers["hx-redirect"] == "/masuk?ke=/keluarga"


def test_the_first_password_has_to_be_changed_before_anything_else(people_: Store) -> None:
    with browser(people_) as client:
        enter(client)
        for path in ("/ikhtisar", "/keluarga"):
            assert client.get(path).headers["location"] == f"/masuk/sandi?ke={path}"
        word = client.get("/masuk/sandi").json()["csrf"]
        sent = client.post("/keluarga", data={"csrf": word}, headers=OWN)
        assert sent.headers["location"] == "/masuk/sandi?ke=/keluarga"
        old = client.cookies["jaga"]
        weak = client.post("/masuk/sandi", data={"old": GOOD, "new": "pendek", "csrf": word}, headers=OWN)
        assert (weak.status_code, weak.json()["errors"][0]["rule"]) == (422, "password_length")
        client.post("/masuk/sandi", data={"old": GOOD, "new": OTHER, "csrf": word}, headers=OWN)
        assert client.cookies["jaga"] != old  # the id is a new one
        assert client.get("/ikhtisar").json()["account"] == "dewi"
    with browser(people_) as other:
        other.cookies.set("jaga", old)
        assert other.get("/ikhtisar").status_code == 303


def test_wrong_account_and_wrong_password_get_one_text_and_no_cookie(local: Store) -> None:
    with browser(local) as client:
        answers = [enter(client, *pair) for pair in (("dewi", "salah salah salah"), ("tidak", GOOD))]
        assert [answer.status_code for answer in answers] == [401, 401]
        assert answers[0].json() == answers[1].json()
        assert "set-cookie" not in answers[0].headers
        for _ in range(4):
            enter(client, "dewi", "salah salah salah")
        locked = enter(client)
        assert (locked.status_code, locked.headers["retry-after"]) == (429, "900")


@pytest.mark.parametrize(("at", "url", "secure"), [
    ("http://127.0.0.1:3000", None, False), ("http://localhost:3000", None, False),
    ("https://jaga.example", None, True),
    ("http://10.0.0.5:3000", None, True), ("http://10.0.0.5:3000", "https://jaga.example", True),
])  # fmt: skip
def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(
    local: Store, at: str, url: str | None, secure: bool
) -> None:
    with browser(local, url, at) as client:
        cookie = enter(client).headers["set-cookie"]
        assert cookie.startswith("__Host-jaga=" if secure else "jaga=")
        assert ("Secure" in cookie) == secure
        for part in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=36000"):
            assert part in cookie
        assert "Domain" not in cookie


def test_a_change_needs_the_word_of_the_session_from_our_own_page(people_: Store) -> None:
    with browser(people_) as client:
        word = signed_in(client)
        note = {"note": "ada orang"}
        assert client.post("/kunjungan", data=note | {"csrf": word}, headers=OWN).json()["by"] == "dewi"
        assert client.post("/kunjungan", data=note, headers=OWN | {CSRF_HEADER: word}).status_code == 200
        assert client.post("/kunjungan", data=note | {"csrf": word}).status_code == 200  # an old browser says nothing
        assert client.post("/kunjungan", data=note | {"csrf": word},
                           headers={"Origin": "http://127.0.0.1:3000"}).status_code == 200  # fmt: skip
        for data, headers in (
            (note, OWN), (note | {"csrf": ""}, OWN), (note | {"csrf": word[:-1] + "x"}, OWN),
            (note | {"csrf": "ü"}, OWN),
            (note | {"csrf": word}, {"Sec-Fetch-Site": "cross-site"}),
            (note | {"csrf": word}, {"Sec-Fetch-Site": "same-site"}),
            (note | {"csrf": word}, {"Origin": "http://evil.example"}), (note | {"csrf": word}, {"Origin": "null"}),
            (note | {"csrf": word}, {"Origin": "http://127.0.0.1:3001"}), (note | {"csrf": word}, {"Origin": "http://["}),
        ):  # fmt: skip
            answer = client.post("/kunjungan", data=data, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "form_expired"), (data, headers)
        for content, kind in ((b"{}", "application/json"), (b"csrf=" + word.encode(), "text/plain")):
            answer = client.post("/keluarga", content=content, headers=OWN | {"Content-Type": kind})
            assert answer.status_code == 403


def test_a_word_of_another_session_does_not_pass(people_: Store) -> None:
    with browser(people_) as one, browser(people_) as two:
        mine, theirs = signed_in(one), signed_in(two, "budi")
        assert mine != theirs
        assert one.post("/keluarga", data={"csrf": theirs}, headers=OWN).status_code == 403


def test_nobody_is_signed_in_by_another_site(local: Store) -> None:
    with browser(local) as client:
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {"Origin": "http://["}):
            answer = client.post("/masuk", data={"account": "dewi", "password": GOOD}, headers=headers)
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_signing_out_ends_the_session_here_or_everywhere(people_: Store) -> None:
    with browser(people_) as one, browser(people_) as two:
        signed_in(one)
        enter(two, password=OTHER)
        word = two.get("/ikhtisar").json()["csrf"]
        stolen = two.cookies["jaga"]
        answer = two.post("/keluar", data={"csrf": word}, headers=OWN)
        assert 'jaga=""' in answer.headers["set-cookie"]
        assert "jaga" not in two.cookies
        two.cookies.set("jaga", stolen)
        assert two.get("/ikhtisar").status_code == 303
        word = one.get("/ikhtisar").json()["csrf"]
        enter(two, password=OTHER)
        one.post("/keluar?all=1", data={"csrf": word}, headers=OWN)
        assert two.get("/ikhtisar").status_code == 303


def test_idle_time_begins_again_with_each_page_and_by_the_button(local: Store, hands: Hands) -> None:
    with browser(local) as client:
        word = signed_in(client)
        for _ in range(3):
            hands.move(minutes=25)
            assert client.get("/ikhtisar").status_code == 200
        hands.move(seconds=50)
        assert client.post("/tetap", data={"csrf": word}, headers=OWN).status_code == 200
        hands.move(minutes=29, seconds=50)
        assert client.get("/ikhtisar").status_code == 200
        hands.move(minutes=31)
        assert client.get("/ikhtisar").status_code == 303


def test_answers_sent_too_late_are_kept_for_the_same_person_a_quarter_of_an_hour(people_: Store, hands: Hands) -> None:
    with browser(people_) as client:
        word = signed_in(client)
        hands.move(minutes=31)
        sent = {"note": "ada orang", "csrf": word, "result": "above"}
        assert client.post("/kunjungan", data=sent, headers=OWN).headers["location"] == "/masuk?ke=/kunjungan"
        with people_.reading() as connection:
            assert word not in str(connection.execute(select(drafts)).all())
        enter(client, password=OTHER, ke="/kunjungan")
        assert client.get("/kunjungan").json() == {"note": ["ada orang"], "result": ["above"]}
        assert client.get("/kunjungan").json() is None
        for late, account in ((16, "dewi"), (1, "budi")):
            word = client.get("/ikhtisar").json()["csrf"]
            hands.move(minutes=31)
            client.post("/kunjungan", data=sent | {"csrf": word}, headers=OWN)
            hands.move(minutes=late)
            if account == "budi":
                signed_in(client, account)
            else:
                enter(client, password=OTHER)
            assert client.get("/kunjungan").json() is None


def test_what_is_typed_into_the_look_up_box_is_never_kept(local: Store, hands: Hands) -> None:
    with browser(local) as client:
        word = signed_in(client)
        hands.move(minutes=31)
        assert (
            client.post("/keluarga", data={"csrf": word, "nomor": "3204123412341234"}, headers=OWN).status_code == 303
        )
        client.post("/kunjungan", data={"note": "x", "csrf": "wrong"}, headers=OWN)
        with local.reading() as connection:
            assert connection.execute(select(drafts)).all() == []


def test_rights_that_change_count_at_once(people_: Store) -> None:
    with browser(people_) as client:
        signed_in(client)
        accounts.revoke(people_, ROOT, "dewi", Grant("officer", "3204"))
        assert client.get("/ikhtisar").status_code == 303
        enter(client, password=OTHER)
        assert client.get("/ikhtisar").json()["grants"] == []
        assert client.get("/keluarga").json()["code"] == "forbidden_role"
        accounts.lock(people_, ROOT, "dewi")
        assert client.get("/ikhtisar").status_code == 303


def test_a_token_opens_what_its_scope_says_in_its_area(people_: Store, hands: Hands) -> None:
    _, good = accounts.make_token(people_, ROOT, "budi", "SIKS", ["households.read"], area="3322", days=3)
    _, poor = accounts.make_token(people_, ROOT, "budi", "SIKS", ["score"])
    accounts.grant(people_, ROOT, "budi", Grant("viewer", "32"))
    _, outside = accounts.make_token(people_, ROOT, "budi", "SIKS", ["households.read"], area="32")
    accounts.revoke(people_, ROOT, "budi", Grant("viewer", "32"))

    with browser(people_) as client:

        def ask(value: str) -> httpx.Response:
            return client.get("/v1/households", headers={"Authorization": value} if value else {})

        assert ask(f"Bearer {good}").json() == {"account": "budi", "codes": ["3322"]}
        assert ask(f"bearer {good}").status_code == 200
        bare = ask("")
        assert (bare.status_code, bare.headers["www-authenticate"], bare.json()["code"]) == (
            401, "Bearer", "unauthenticated")  # fmt: skip
        for value in ("Bearer", "Basic ZGV3aTp4", f"Bearer {good}x", "Bearer jaga_' OR 1=1"):
            assert ask(value).status_code == 401, value
        wrong = ask(f"Bearer {poor}")
        assert (wrong.status_code, wrong.json()["code"]) == (403, "forbidden_scope")
        assert "insufficient_scope" in wrong.headers["www-authenticate"]
        assert ask(f"Bearer {outside}").json()["code"] == "forbidden_role"
        signed_in(client)  # a cookie opens no part of the API
        assert ask("").status_code == 401
        assert client.get("/ikhtisar", headers={"Authorization": f"Bearer {good}"}).json()["account"] == "dewi"
        hands.move(days=4)
        assert ask(f"Bearer {good}").json()["code"] == "bad_token"
        _, fresh = accounts.make_token(people_, ROOT, "budi", "SIKS", ["households.read"])
        assert ask(f"Bearer {fresh}").json()["codes"] == ["33"]
        accounts.lock(people_, ROOT, "budi")
        assert ask(f"Bearer {fresh}").json()["code"] == "bad_token"


def test_a_script_in_two_sessions_waits_and_a_colleague_does_not(people_: Store) -> None:
    app = small(people_)
    app.state.gate.readers = Rates(PAGES, lambda: 0.0)
    client, other, colleague = (
        TestClient(app, base_url="http://127.0.0.1:3000", follow_redirects=False) for _ in range(3)
    )
    with client, other, colleague:
        signed_in(client)
        enter(colleague, "budi", GOOD)
        enter(other, password=OTHER)
        answers = [client.get("/ikhtisar") for _ in range(2 * PAGES)]
        stopped = next(answer for answer in answers if answer.status_code == 429)
        assert (stopped.json()["code"], stopped.headers["retry-after"]) == ("too_many_requests", "1")
        assert answers[0].status_code == 200
        assert other.get("/ikhtisar").status_code == 429, "another session is the same person"
        assert colleague.get("/masuk/sandi").status_code == 200


def test_guesses_in_a_crowd_hold_up_no_page_and_those_turned_away_count_for_nothing(
    local: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_PROXIES", "10.0.0.1")
    go_on = threading.Event()
    monkeypatch.setattr(passwords, "matches", lambda *_: not go_on.wait(20))
    crowd, done = 60, list[int]()

    async def come() -> httpx.Response:
        door = httpx.ASGITransport(small(local), client=("10.0.0.1", 1))
        async with httpx.AsyncClient(transport=door, base_url="http://127.0.0.1:3000", headers=OWN) as client:

            async def guess(at: int) -> None:
                sent = {"account": f"orang{at}", "password": "salah salah salah"}
                answer = await client.post("/masuk", data=sent, headers={"X-Forwarded-For": f"198.51.100.{at}"})
                done.append(answer.status_code)

            guesses = [asyncio.create_task(guess(at)) for at in range(crowd)]
            try:
                async with asyncio.timeout(5):
                    while len(done) < crowd - MOST_AT_DOOR:
                        await asyncio.sleep(0.01)
                    return await client.get("/ikhtisar")
            finally:
                go_on.set()
                await asyncio.gather(*guesses)

    assert asyncio.run(come()).status_code == 303
    assert sorted(done) == [401] * MOST_AT_DOOR + [503] * (crowd - MOST_AT_DOOR)
    with local.reading() as connection:
        assert len(connection.execute(select(attempts)).all()) == 2 * MOST_AT_DOOR, "of each its address and account"
    with browser(local) as client:
        assert enter(client, password="salah salah salah").status_code == 401, "the places are free again"


def test_the_many_networks_of_one_site_do_not_come_as_one_door_each(
    local: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_PROXIES", "10.0.0.1")
    with TestClient(
        small(local), "http://127.0.0.1:3000", headers=OWN, follow_redirects=False, client=("10.0.0.1", 1)
    ) as client:

        def code(at: str) -> str:
            client.headers["X-Forwarded-For"] = at
            return str(enter(client, "tidak", "salah salah salah").json()["code"])

        told = [code(f"2001:db8:1:{at:x}::1") for at in range(80)]
        assert told[0] != "too_many_requests"
        assert "too_many_requests" in told
        assert code("2001:db8:2::1") != "too_many_requests"
        assert code("198.51.100.1") != "too_many_requests"


def test_a_token_gets_no_right_that_was_granted_after_it_was_made(people_: Store, hands: Hands) -> None:
    _, secret = accounts.make_token(people_, ROOT, "budi", "SIKS", ["households.read"])
    hands.move(hours=1)
    accounts.grant(people_, ROOT, "budi", Grant("officer", "32"))
    accounts.revoke(people_, ROOT, "budi", Grant("verifier", "33"))
    accounts.grant(people_, ROOT, "budi", Grant("verifier", "33"))
    with browser(people_) as client:
        asked = {"Authorization": f"Bearer {secret}"}
        assert client.get("/v1/households", headers=asked).json()["code"] == "forbidden_role"
        _, fresh = accounts.make_token(people_, ROOT, "budi", "SIKS", ["households.read"])
        asked = {"Authorization": f"Bearer {fresh}"}
        assert client.get("/v1/households", headers=asked).json()["codes"] == ["32", "33"]


def test_guesses_of_others_do_not_keep_out_who_has_signed_in_in_this_browser_before(people_: Store) -> None:
    with browser(people_) as own, browser(people_) as stranger:
        signed_in(own)
        for _ in range(6):
            last = enter(stranger, password="salah salah salah")
        assert last.json()["code"] == "locked_out"
        assert enter(stranger, password=OTHER).json()["code"] == "locked_out"
        assert enter(own, password=OTHER).headers["location"] == "/ikhtisar"
        # The stranger brings a cookie made up, one of another account, and goes on waiting.
        name = next(name for name in own.cookies if name.startswith("jaga-kenal-"))
        assert "dewi" not in name + own.cookies[name]
        enter(stranger, "budi", GOOD)
        other = next(name for name in stranger.cookies if name.startswith("jaga-kenal-"))
        for value in (stranger.cookies[other], "A" * 86, own.cookies[name][:-1] + "x"):
            stranger.headers["Cookie"] = f"{name}={value}"
            assert enter(stranger, password=OTHER).json()["code"] == "locked_out", value
        # Nor does a known browser guess for ever.
        for _ in range(6):
            last = enter(own, password="salah salah salah")
        assert last.json()["code"] == "locked_out"


def test_requests_that_come_together_share_a_look_and_never_an_owner(
    people_: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = {
        account: accounts.make_token(people_, ROOT, account, "SIKS", ["score"])[1] for account in ("dewi", "budi")
    }
    looks: list[str] = []
    real = Gate._token
    monkeypatch.setattr(Gate, "_token", lambda gate, secret: looks.append(secret) or real(gate, secret))
    gate = small(people_).state.gate

    def asking(secret: str) -> Request:
        return Request({"type": "http", "headers": [(b"authorization", f"Bearer {secret}".encode())]})

    async def at_once(asked: list[str]) -> list[str]:
        done = await asyncio.gather(*(gate.bearer(asking(secret), "score") for secret in asked), return_exceptions=True)
        return [own.account if isinstance(own, Caller) else own.code for own in done]  # type: ignore[union-attr]

    asked = [secrets["dewi"], secrets["budi"], "jaga_nonsense"] * 10
    assert asyncio.run(at_once(asked)) == ["dewi", "budi", "bad_token"] * 10
    assert sorted(looks) == sorted(set(asked)), "each token is looked up once"
    accounts.revoke_token(people_, ROOT, secrets["dewi"].split("_")[1])
    assert asyncio.run(at_once(asked)) == ["bad_token", "budi", "bad_token"] * 10


def test_a_token_revoked_during_a_look_opens_nothing_that_comes_after(
    people_: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, secret = accounts.make_token(people_, ROOT, "dewi", "SIKS", ["score"])
    looking, go_on = threading.Event(), threading.Event()
    real = Gate._token

    def slow(gate: Gate, own: str) -> Caller | None:
        found = real(gate, own)
        looking.set()
        assert go_on.wait(10)
        return found

    monkeypatch.setattr(Gate, "_token", slow)
    gate = small(people_).state.gate
    request = Request({"type": "http", "headers": [(b"authorization", f"Bearer {secret}".encode())]})

    async def ask() -> list[object]:
        first = asyncio.create_task(gate.bearer(request, "score"))
        await asyncio.to_thread(looking.wait, 10)
        accounts.revoke_token(people_, ROOT, secret.split("_")[1])
        second = asyncio.create_task(gate.bearer(request, "score"))
        await asyncio.sleep(0)
        go_on.set()
        return await asyncio.gather(first, second, return_exceptions=True)

    before, after = asyncio.run(ask())
    assert isinstance(before, Caller)
    assert isinstance(after, Problem)
    assert after.code == "bad_token"


def test_rights_are_cut_to_the_area_of_a_token() -> None:
    grants = (Grant("officer", ""), Grant("verifier", "3204"), Grant("analyst", "33"))
    assert limited(grants, "") == grants
    assert limited(grants, "32") == (Grant("officer", "32"), Grant("verifier", "3204"))
    assert limited(grants, "3204") == (Grant("officer", "3204"), Grant("verifier", "3204"))


def test_reading_goes_on_for_who_was_here_while_the_database_is_away(
    local: Store, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with browser(local) as client:
        word = signed_in(client)
        gate: Gate = client.app.state.gate  # type: ignore[attr-defined]
        path = local.engine.url.database
        assert path is not None
        gone = Store(local.engine.execution_options(), local.seal, local.clock)
        monkeypatch.setattr(gate, "store", gone)
        with local.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        local.close()
        moved = [(file, file.with_name(f"gone-{file.name}")) for file in Path(path).parent.glob("jaga.sqlite*")]
        for file, other in moved:
            file.rename(other)
        Path(path).mkdir()  # nothing can be opened there
        assert client.get("/ikhtisar").json()["account"] == "dewi"
        answer = client.post("/tetap", data={"csrf": word}, headers=OWN)
        assert (answer.status_code, answer.json()["code"]) == (503, "read_only")
        client.cookies.set("jaga", "somebody else")
        assert client.get("/ikhtisar").json()["code"] == "read_only"
        hands.move(minutes=20)
        assert client.get("/ikhtisar").status_code == 503


@pytest.mark.parametrize(("asked", "path"), [
    ("/keluarga/7K3M?per=2026-10-01", None), ("/daftar#tempat", None), ("/keluarga", None),
    ("", "/ikhtisar"), (None, "/ikhtisar"), ("//evil.example", "/ikhtisar"), ("/\\evil.example", "/ikhtisar"),
    ("https://evil.example/", "/ikhtisar"), ("javascript:alert(1)", "/ikhtisar"),
    ("/a\r\nSet-Cookie: x=1", "/ikhtisar"),
    ("/masuk", "/ikhtisar"), ("/masuk/sandi", "/ikhtisar"), ("/keluar", "/ikhtisar"), ("/v1/score", "/ikhtisar"),
    ("/\t/evil.example", "/ikhtisar"), ("/" + "x" * 2001, "/ikhtisar"), ("evil", "/ikhtisar"),
])  # fmt: skip
def test_one_is_sent_on_to_paths_of_ours_alone(asked: str | None, path: str | None) -> None:
    assert safe_path(asked) == (asked if path is None else path)


@pytest.mark.parametrize("url", ["http://jaga.example", "jaga.example", "https://jaga.example/console", "ftp://x"])
def test_an_address_of_ours_that_is_not_encrypted_is_refused(local: Store, url: str) -> None:
    with pytest.raises(UserError, match="JAGA_URL"):
        small(local, url)


def test_an_address_behind_our_own_proxy_is_that_of_the_caller(local: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_PROXIES", "10.0.0.1, 10.0.0.2")
    gate: Gate = small(local).state.gate

    def address(host: str, forwarded: str = "") -> str:
        headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
        return gate.address(Request({"type": "http", "client": (host, 1), "headers": headers}))

    assert address("203.0.113.9", "198.51.100.1") == "203.0.113.9"  # not our proxy: it may say what it likes
    assert address("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2") == "203.0.113.9"
    assert address("10.0.0.1") == "10.0.0.1"
    assert address("10.0.0.1", "garbage") == "-"
    assert address("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert address("::ffff:203.0.113.9") == "203.0.113.9"  # else all of IPv4 would be one address, and one lock
    assert address("10.0.0.1", "203.0.113.9:4711") == "203.0.113.9"
    assert address("10.0.0.1", "[2001:db8:1:2:3:4:5:6]:4711") == "2001:db8:1:2::/64"
    lines = [(b"x-forwarded-for", b"198.51.100.1"), (b"x-forwarded-for", b"203.0.113.9")]  # the second is the proxy's
    assert gate.address(Request({"type": "http", "client": ("10.0.0.1", 1), "headers": lines})) == "203.0.113.9"


def test_no_sign_of_any_alphabet_in_an_account_or_password_breaks_the_door(people_: Store) -> None:
    with browser(people_) as client:
        for text in ("de\x00wi", "\ud800dewi".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "\u202edewi",
                     "' OR 1=1 --", "a" * 9000, "\x00"):  # fmt: skip
            told = enter(client, text, text)
            assert told.json()["code"] == "bad_credentials", text[:20]
