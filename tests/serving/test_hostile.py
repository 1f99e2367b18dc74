"""Hostile input to a real server, what schemathesis does not think of: no 5xx, nothing told, memory bounded."""

from __future__ import annotations

import contextlib
import gzip
import json
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving.access.rights import ROLES, SCOPES, Grant
from serving.front import SYSTEM
from serving.limits import BODY_MIB
from serving.store import people, schema, sessions, tokens
from serving.store.engine import open_store
from tests import small
from tests.serving import load, stores
from tests.serving.live import KEYS, Live, Serve

BODY: dict[str, Any] = {"as_of": small.AS_OF, **small.families(1, seed=3, periods=("2026Q3",))}
TEXT = json.dumps(BODY)


def raw(live: Live, sent: bytes, patience: float = 15) -> bytes:
    """What comes back for bytes, up to where the server closes or says no more."""
    with socket.create_connection(("127.0.0.1", int(live.url.rpartition(":")[2])), timeout=patience) as line:
        with contextlib.suppress(ConnectionError):  # it may close before it has read all
            line.sendall(sent)
        told = b""
        with contextlib.suppress(ConnectionError):
            while b"\r\n\r\n" not in told and (more := line.recv(65536)):
                told += more
        return told


def status(told: bytes) -> int:
    return int(told.split(b" ", 2)[1]) if told.startswith(b"HTTP/1.1 ") else 0


def request(live: Live, body: bytes, *lines: str, method: str = "POST", path: str = "/v1/score") -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {live.token}",
            "Content-Type: application/json", *lines]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def sound(client: httpx.Client) -> None:
    """The service answers as ever."""
    assert client.post("/v1/score", json=BODY).json()["counts"]["scored"] == 1


@pytest.fixture
def bounded(live: Live) -> Iterator[None]:
    """What happens meanwhile may not leave the workers much larger than they were."""
    before = sum(own.memory_info().rss for own in load.workers(live.process))
    assert before
    yield
    assert sum(own.memory_info().rss for own in load.workers(live.process)) - before < 300 * 2**20


@pytest.mark.usefixtures("bounded")
def test_a_body_that_is_too_large_is_refused_before_it_is_read(live: Live, client: httpx.Client) -> None:
    told = raw(live, request(live, b"{", f"Content-Length: {BODY_MIB * 2**20 + 1}"))
    assert status(told) == 413, told
    for length in ("9" * 30, "-1", "1e3", "0x10"):
        assert status(raw(live, request(live, b"{", f"Content-Length: {length}"))) in (400, 413), length
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    told = raw(live, request(live, chunk * (BODY_MIB + 1), "Transfer-Encoding: chunked"))
    assert status(told) in (0, 413), "in parts of which none says how many follow"
    sound(client)


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("path", ["/masuk", "/keluarga", "/keluar", "/daftar/baru/1", "/nowhere"])
def test_a_form_of_anybody_is_refused_before_it_is_read(live: Live, client: httpx.Client, path: str) -> None:
    form = "Content-Type: application/x-www-form-urlencoded"
    chunk = b"100000\r\n" + b"a=" + b"b" * (0x100000 - 2) + b"\r\n"
    for lines, body, then in (((form, "Content-Length: 300000000"), b"a=b", 413), ((form, "Transfer-Encoding: chunked"),
                              chunk * 3, 413), (("Content-Type: Multipart/form-data; boundary=x",
                              "Content-Length: 5"), b"--x--", 415)):  # fmt: skip
        head = "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", *lines]).encode()
        told = raw(live, head + b"\r\n\r\n" + body)
        assert status(told) in (then, 0 if then == 413 and len(body) > 100 else then), told[:200]
    sound(client)


@pytest.mark.usefixtures("bounded")
def test_many_large_bodies_at_once_are_not_all_held(live: Live, client: httpx.Client) -> None:
    """Each says it has 16 MiB and sends little: the worker keeps room for few of them, and says so to the others."""
    lines = []
    with contextlib.ExitStack() as stack:
        for _ in range(24):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", int(live.url.rpartition(":")[2]))))
            line.sendall(request(live, b"{" + b" " * 1000, f"Content-Length: {BODY_MIB * 2**20}"))
            lines.append(line)
        told, end = [], time.monotonic() + 15
        while len(told) < 8 and time.monotonic() < end:
            ready, _, _ = select.select(lines, [], [], 1)
            told += [line.recv(65536) for line in ready]
            lines = [line for line in lines if line not in ready]
        assert {status(own) for own in told} == {503}
        assert len(told) == 8, "room for sixteen, and eight too many"
        assert all(b"retry-after" in own.lower() for own in told)
    end = time.monotonic() + 15
    while client.post("/v1/score", json=BODY).status_code == 503 and time.monotonic() < end:
        time.sleep(0.2)
    sound(client)


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("body", [
    b"[" * 200_000, b'{"a":' * 200_000 + b"1" + b"}" * 200_000, b'{"households":' + b"[" * 100_000,
    b'{"as_of": "2026-11-15", "households": [' + b"{}," * 1_000_000 + b"{}]}",
    b'{"as_of": "2026-11-15", "households": [{"household_id": "' + b"A" * 8_000_000 + b'"}], "members": []}',
    b'{"as_of": "2026-11-15", ' + b", ".join(b'"k%d": 1' % n for n in range(200_000)) + b"}",
], ids=["deep lists", "deep objects", "deep rows", "a million rows", "a long id", "many keys"])  # fmt: skip
def test_a_strange_shape_is_told_and_breaks_nothing(live: Live, client: httpx.Client, body: bytes) -> None:
    told = client.post("/v1/score", content=body, headers={"Content-Type": "application/json"})
    assert told.status_code in (400, 422), told.text[:300]
    assert len(told.content) < 20_000
    sound(client)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400", "-1e308", "9" * 400, "1" + "0" * 4999,
                                   "1" + "0" * 5001, '"\\u0000"', '"\\ud800"', '"\\u202e"', "true", "{}", "[]",
                                   '"=HYPERLINK(1)"', '"NaN"', '"1e999"', "-0.0", "1e-320"])  # fmt: skip
@pytest.mark.parametrize("field", ["floor_area", "rooms", "regency", "known_at", "period", "urban", "reasons"])
def test_no_number_or_word_in_a_cell_breaks_the_service(live: Live, client: httpx.Client, field: str,
                                                        value: str) -> None:  # fmt: skip
    asked: dict[str, Any] = json.loads(TEXT)
    (asked if field == "reasons" else asked["households"][0])[field] = "HERE"
    told = client.post("/v1/score", content=json.dumps(asked).replace('"HERE"', value).encode(),
                       headers={"Content-Type": "application/json"})  # fmt: skip
    assert told.status_code in (200, 400, 422), told.text[:300]
    if told.status_code == 200:
        counts = json.loads(told.text, parse_constant=pytest.fail)["counts"]
        assert counts["households"] == counts["scored"] + counts["refused"] + counts["quarantined"]


@pytest.mark.parametrize(("headers", "body"), [
    ({"Content-Type": "application/json; charset=utf-16"}, TEXT.encode("utf-16")),
    ({"Content-Type": "application/json"}, TEXT.encode("utf-16-le")),
    ({"Content-Type": "application/json"}, TEXT.encode("utf-32")),
    ({"Content-Type": "application/json"}, TEXT.replace("family", "f\xe4mily").encode("latin-1")),
    ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, gzip.compress(b" " * 50_000_000)),
    ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, gzip.compress(TEXT.encode())),
    ({"Content-Type": "application/json", "Content-Encoding": "br, deflate"}, TEXT.encode()),
    ({"Content-Type": "text/plain"}, TEXT.encode()), ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=1"),
    ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--"), ({"Content-Type": "application/xml"}, b"<a/>"),
    ({"Content-Type": "application/json" + "x" * 5000}, TEXT.encode()), ({"Content-Type": ""}, TEXT.encode()),
])  # fmt: skip
@pytest.mark.usefixtures("bounded")
def test_what_is_not_plain_json_is_refused(client: httpx.Client, headers: dict[str, str], body: bytes) -> None:
    for path in ("/v1/score", "/v1/lists"):
        told = client.post(path, content=body, headers=headers | {"Idempotency-Key": "hostile-1"})
        assert told.status_code in (400, 415, 422), told.text[:300]
        assert told.json()["code"] in ("not_json", "media_type", "invalid")


@pytest.mark.parametrize("path", SYSTEM)
def test_no_request_breaks_what_bentoml_answers_itself(live: Live, client: httpx.Client, path: str) -> None:
    """The random inputs to the API leave these out, since only a whole server has them."""
    strange = {"Accept": "\\*", "Content-Type": "application/json", "If-None-Match": "W/" * 500, "Range": "bytes=9-1,-"}
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"):
        for end in ("", "/", "/..%2f..", "?a=%00&a[]=%ff", "?" + "a=b&" * 500, ";x=%0d%0aX:1"):
            for body in (b"", b"\xff" * 1000, b'{"a":' * 5000):
                told = client.request(method, path + end, content=body, headers=strange)
                assert told.status_code < 500, (method, end, told.text[:200])
                assert "Traceback" not in told.text
    sound(client)


@pytest.mark.parametrize("sent", [
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n", b"\r\n\r\n\r\n", b"\x00" * 1000,
    b"POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    b"POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/score HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nBad Name: x\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET http://169.254.169.254/ HTTP/1.1\r\nHost: x\r\n\r\n",
], ids=range(13))  # fmt: skip
def test_what_is_not_http_as_it_should_be_gets_no_further(live: Live, client: httpx.Client, sent: bytes) -> None:
    with contextlib.suppress(TimeoutError):
        told = raw(live, sent, patience=2)
        assert status(told) < 500, told[:200]
        assert b"Traceback" not in told
    sound(client)


def test_a_head_is_64_kib_and_tells_one_length(live: Live, client: httpx.Client) -> None:
    for kib, then in ((60, 200), (66, 431), (90, 431)):
        told = raw(live, request(live, b"", "X: " + "a" * kib * 1024, method="GET", path="/v1/model"))
        assert status(told) == then, (kib, told[:300])
    both = request(live, b"2\r\n{}\r\n0\r\n\r\n", "Content-Length: 2", "Transfer-Encoding: chunked")
    told = raw(live, both + request(live, b"", method="GET", path="/v1/model"))
    assert (status(told), told.count(b"HTTP/1.1 ")) == (400, 1), "what was hidden behind it is not answered"
    assert b"connection: close" in told.lower()
    sound(client)


def test_idle_and_slow_connections_keep_nobody_out(live: Live, client: httpx.Client) -> None:
    """Hundreds that never end their headers, and some whose body comes letter by letter."""
    with contextlib.ExitStack() as stack:
        for number in range(400):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", int(live.url.rpartition(":")[2]))))
            line.sendall(b"GET / HTTP/1.1\r\nX: " if number % 4 else request(live, b"{", "Content-Length: 100"))
        for _ in range(5):
            sound(client)


def test_what_another_installation_gave_opens_nothing(live: Live, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A token and a session of the same account name and the same keys, of another database; and forged ones."""
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    store = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    schema.prepare(store)
    with store.writing() as connection:
        person = stores.person(connection, "tester", *(Grant(role, "") for role in ROLES))
        _, token = tokens.make(connection, person, "tests", SCOPES)
        session = sessions.begin(connection, person, "password")
        assert people.by_account(connection, "tester")
    store.close()
    changed = live.token[:-1] + ("A" if live.token[-1] != "A" else "B")
    for secret in (token, changed, live.token.upper(), "jaga_", "x" * 20_000, "jaga_' OR 1=1 --",
                   "null", "eyJhbGciOiJub25lIn0.e30."):  # fmt: skip
        told = httpx.get(live.url + "/v1/lists", headers={"Authorization": f"Bearer {secret}"})
        assert (told.status_code, told.json()["code"]) == (401, "bad_token"), secret[:30]
    for cookie in (session, "x", "", "' OR 1=1 --", "%00", "a" * 5000, live.token, "../../keys"):
        told = httpx.get(live.url + "/ikhtisar", headers={"Cookie": f"jaga={cookie}", "Accept": "text/html"})
        assert told.status_code == 303, cookie
        assert told.headers["location"].startswith("/masuk")
        told = httpx.get(live.url + "/v1/lists", headers={"Cookie": f"jaga={cookie}"})
        assert told.status_code == 401, cookie
        word = {"X-CSRF-Token": sessions.csrf(cookie)}
        told = httpx.post(live.url + "/v1/score", json=BODY, headers={"Cookie": f"jaga={cookie}", **word})
        assert told.status_code == 401, cookie


@pytest.mark.slow
def test_nobody_says_by_a_header_where_they_are(serve: Serve) -> None:
    """Thirty failures of one address lock it, whatever other address each request names; a local proxy is none of ours
    unless `JAGA_PROXIES` says so."""
    codes = []
    with serve(None, ready=False) as own:
        for number in range(45):
            at = f"203.0.113.{number}"
            headers = {"X-Forwarded-For": at, "Forwarded": f"for={at}", "X-Real-IP": at, "Accept": "text/html"}
            sent = {"akun": f"orang{number}", "sandi": "bukan ini sandinya"}
            codes.append(httpx.post(f"{own.url}/masuk", data=sent, timeout=30, headers=headers).status_code)
            if codes[-1] == 429:
                break
    assert {*codes[:-1]} == {401}
    assert codes[-1] == 429


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("body", [
    b"&".join(b"f%d=x" % at for at in range(10_000)), b"akun=a&" * 30_000, b"&" * 200_000, b"=" * 200_000,
    b"akun=" + b"%00" * 60_000, b"akun=" + b"a" * 250_000,
], ids=["10,000 fields", "one name again and again", "ampersands", "signs", "nulls", "a long name"])  # fmt: skip
def test_a_form_of_many_fields_is_read_at_once_and_refused_like_any_other(live: Live, client: httpx.Client,
                                                                          body: bytes) -> None:  # fmt: skip
    begun = time.monotonic()
    told = httpx.post(f"{live.url}/masuk", content=body, timeout=30, headers={
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"})  # fmt: skip
    assert told.status_code in (400, 401, 413, 422, 429)  # 422: without a password nothing is tried
    assert time.monotonic() - begun < 5
    sound(client)


@pytest.mark.usefixtures("bounded")
def test_headers_without_end_are_cut_off(live: Live, client: httpx.Client) -> None:
    with socket.create_connection(("127.0.0.1", int(live.url.rpartition(":")[2])), timeout=10) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        with contextlib.suppress(OSError):  # it is closed while more is sent
            for number in range(10_000):
                line.sendall(b"X-%d: " % number + b"a" * 1000 + b"\r\n")
            pytest.fail("ten megabytes of headers were taken")
    sound(client)
