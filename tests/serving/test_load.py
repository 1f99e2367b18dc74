"""The clients of the benchmarks: no answer is lost, none is made up, and a slow server cannot slow the load down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.serving import load
from tests.serving.load import Call

SLEEP = 0.1
CALLS = [Call("POST", path, path.encode(), {}, path) for path in ("/echo", "/lost", "/busy", "/half")]
ECHO = CALLS[:1]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(SLEEP)
        if self.path == "/lost":
            self.close_connection = True
            return
        self.send_response(503 if self.path == "/busy" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(body[:2])
        self.wfile.flush()
        if self.path == "/half":
            self.close_connection = True
            return
        time.sleep(0.01)
        self.wfile.write(body[2:])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(10)


def echoed(call: Call, content: bytes) -> str:
    return "" if content == call.body else "other content"


def test_every_request_has_one_answer_with_what_came_of_it(port: int) -> None:
    found = load.open_loop(port, CALLS, 40, 1, echoed)
    assert len(found) == 40
    told = {own.name: (own.status, own.wrong, own.wait) for own in found}
    assert told == {"/echo": (200, "", "7"), "/busy": (503, "", "7"), "/lost": (0, "ConnectionResetError", None),
                    "/half": (0, "ConnectionResetError", None)}  # fmt: skip
    assert load.wrongs(found) == {"ConnectionResetError": 20, "status 503": 10}


def test_latency_counts_from_the_moment_a_request_is_due(port: int) -> None:
    found = load.open_loop(port, ECHO, 20, 1, echoed, senders=1)
    assert [own.status for own in found] == [200] * 20
    assert all(own.ms - own.late >= 1000 * SLEEP for own in found)
    assert found[-1].late > 800, "the last one waited for all before it"


def test_nobody_asks_before_the_last_answer_came(port: int) -> None:
    found = load.closed_loop(port, ECHO, 1, echoed, senders=3)
    assert 3 <= len(found) <= 3 * (1 + 1 / SLEEP)
    assert not load.wrongs(found)
    assert load.wrongs(load.closed_loop(port, ECHO, 0.1, lambda *_: "never right", senders=2)) == {"never right": 2}


def test_a_server_that_is_not_there_is_told(port: int) -> None:
    found = load.open_loop(load.free_port(), ECHO, 10, 0.5, echoed)
    assert load.wrongs(found) == {"ConnectionRefusedError": 5}
