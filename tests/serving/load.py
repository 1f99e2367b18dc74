"""Load on a real server: requests at set moments (open loop) or one after the other (closed loop), every answer kept.

In the open loop each request has the moment at which it is to be sent, and its latency counts from there, so that a
server that falls behind cannot slow the load down and look fast.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

_IDLE, _LONGEST = 4.0, 60.0
"""Seconds of rest after which a connection is not used again (the server closes it after five), and of waiting for an
answer at most."""
JAGA = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())"]


@dataclass(frozen=True, slots=True)
class Call:
    """A request; `name` is what its answers are counted under."""

    method: str
    path: str
    body: bytes | None
    headers: Mapping[str, str]
    name: str = ""


class Answer(NamedTuple):
    """What came back. at : seconds from the beginning of the load to the moment it was due. status : 0 where nothing
    came back, `wrong` then says why; it also says what is wrong with an answer of status 200, empty where nothing is.
    wait : what `Retry-After` said. late : milliseconds of `ms` before it was sent, where no sender was free."""

    name: str
    at: float
    ms: float
    status: int
    wrong: str
    wait: str | None
    late: float


Check = Callable[[Call, bytes], str]
"""What is wrong with the content of an answer of status 200, empty where nothing is."""


def open_loop(port: int, calls: Sequence[Call], rate: float, seconds: float, check: Check, senders: int = 16,
              ) -> list[Answer]:  # fmt: skip
    """The calls in turn, `rate` a second."""
    begin = time.perf_counter() + 0.2
    jobs = ((begin + number / rate, calls[number % len(calls)]) for number in range(round(rate * seconds)))
    return _ask(port, begin, jobs, check, senders)


def closed_loop(port: int, calls: Sequence[Call], seconds: float, check: Check, senders: int = 16) -> list[Answer]:
    """As many as the server takes: each sender asks again as soon as it was answered."""
    begin = time.perf_counter()

    def jobs() -> Iterator[tuple[float, Call]]:
        for call in cycle(calls):
            moment = time.perf_counter()
            if moment >= begin + seconds:
                return
            yield moment, call

    return _ask(port, begin, jobs(), check, senders)


def _ask(port: int, begin: float, jobs: Iterator[tuple[float, Call]], check: Check, senders: int) -> list[Answer]:
    """Send each job when it is due and a connection is free.

    One thread and no library: clients that share the server's processors must cost it little, or a fast server is
    measured by the speed of its clients.
    """
    answers: list[Answer] = []
    free = [_Line(port) for _ in range(senders)]
    waiting = selectors.DefaultSelector()

    def done(line: _Line, status: int, wrong: str, wait: str | None) -> None:
        ms = 1000 * (time.perf_counter() - line.due)
        answers.append(Answer(line.call.name, line.due - begin, ms, status, wrong, wait, line.late))
        free.append(line)

    def lost(line: _Line, error: Exception) -> None:
        line.close()
        done(line, 0, type(error).__name__, None)

    job: tuple[float, Call] | None = None
    while True:
        while free:
            job = job or next(jobs, None)  # asked for only now: in a closed loop it is due at once
            if job is None or job[0] > time.perf_counter():
                break
            line = free.pop()
            try:
                waiting.register(line.send(*job), selectors.EVENT_READ, line)
            except OSError as error:
                lost(line, error)
            job = None
        if job is None and not waiting.get_map():
            break
        pause = job[0] - time.perf_counter() if free and job is not None else 1.0
        for key, _ in waiting.select(min(max(pause, 0.0), 1.0)):
            try:
                told = key.data.receive()
            except (OSError, ValueError, KeyError) as error:
                waiting.unregister(key.fileobj)
                lost(key.data, error)
                continue
            if told is not None:
                waiting.unregister(key.fileobj)
                status, wait, content = told
                done(key.data, status, check(key.data.call, content) if status == 200 else "", wait)
        for key in [own for own in waiting.get_map().values() if own.data.used < time.perf_counter() - _LONGEST]:
            waiting.unregister(key.fileobj)
            lost(key.data, TimeoutError())
    for line in free:
        line.close()
    waiting.close()
    return answers


class _Line:
    """One connection and the request that is on it."""

    def __init__(self, port: int) -> None:
        self._port, self._got = port, b""
        self._socket: socket.socket | None = None
        self.used = self.due = self.late = 0.0
        self.call: Call

    def send(self, due: float, call: Call) -> socket.socket:
        """Send a request; the socket on which its answer comes."""
        now = time.perf_counter()
        self.call, self.due, self.late, self._got = call, due, 1000 * (now - due), b""
        if now - self.used > _IDLE:
            self.close()
        self.used = now
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_LONGEST)
        lines = [f"{call.method} {call.path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        lines += [f"{name}: {value}" for name, value in call.headers.items()]
        lines += [] if call.body is None else [f"Content-Length: {len(call.body)}"]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + (call.body or b""))
        return self._socket

    def receive(self) -> tuple[int, str | None, bytes] | None:
        """Status, `Retry-After` and content, once all of it is there."""
        assert self._socket is not None
        part = self._socket.recv(1 << 18)
        if not part:
            raise ConnectionResetError
        self._got += part
        head, found, content = self._got.partition(b"\r\n\r\n")
        if not found:
            return None
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if len(content) < int(headers["content-length"]):
            return None
        self.used = time.perf_counter()
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(status.split(" ", 2)[1]), headers.get("retry-after"), content

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def quantiles(times: Sequence[float]) -> dict[str, float]:
    """Middle, 90, 95 and 99 % and worst of milliseconds."""
    names = ("p50", "p90", "p95", "p99", "worst")
    if not times:
        return dict.fromkeys(names, float("inf"))
    found = np.quantile(np.asarray(times), [0.5, 0.9, 0.95, 0.99, 1.0]).tolist()
    return dict(zip(names, (round(value, 2) for value in found), strict=True))


def wrongs(answers: Sequence[Answer]) -> dict[str, int]:
    """Answers that are none or not right, counted by what is wrong: a status, or what the check says."""
    found = Counter(own.wrong or f"status {own.status}" for own in answers if own.wrong or own.status != 200)
    return dict(found)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(command: Sequence[str], port: int, ready: str, log: Path, env: Mapping[str, str],
            ) -> Iterator[subprocess.Popen[bytes]]:  # fmt: skip
    """A server in a process group of its own, ready as soon as the path `ready` answers 200, stopped at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                                   start_new_session=True, env=os.environ | dict(env))  # fmt: skip
    try:
        end = time.monotonic() + 120
        while not answers(port, ready):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the server did not get ready:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@contextmanager
def jaga(scratch: Path, database: str, *options: str, ready: str = "/readyz", **env: str,
         ) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:  # fmt: skip
    """`jaga serve` on a free port: the port and the process."""
    port = free_port()
    own = {"BENTOML_HOME": str(scratch / "bentoml"), "JAGA_DB": database, **env}
    with started([*JAGA, "serve", "--port", str(port), *options], port, ready, scratch / "server.log",
                 own) as process:  # fmt: skip
        yield port, process


def answers(port: int, path: str) -> bool:
    """Whether a path answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Memory:
    """Watches the memory of a process and all below it: MiB that are their own, each second."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.mib: list[float] = []
        self._root, self._over = psutil.Process(process.pid), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def _watch(self) -> None:
        while True:
            own = 0
            for process in [self._root, *self._root.children(recursive=True)]:
                try:
                    own += process.memory_full_info().uss
                except psutil.Error:  # it ended while it was looked at
                    continue
            self.mib.append(own / 2**20)
            if self._over.wait(1):
                return


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time that a server has used, all processes that live now."""
    root = psutil.Process(process.pid)
    return sum(sum(own.cpu_times()[:2]) for own in [root, *root.children(recursive=True)])


def workers(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Processes that answer, of a server of BentoML."""
    found = []
    for own in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # one that was killed, and not yet taken leave of
            if any("worker" in part for part in own.cmdline()):
                found.append(own)
    return found
