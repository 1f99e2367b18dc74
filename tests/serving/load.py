"""Load on a real server: requests at set moments (open loop) or one after the other (closed loop), every answer kept.

In the open loop each request has the moment at which it is to be sent, and its latency counts from there, so that a
server that falls behind cannot slow the load down and look fast.
"""

from __future__ import annotations

import http.client
import os
import queue
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
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

_IDLE = 4.0
"""Seconds of rest after which a connection is not used again: the server closes it after five."""
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
    jobs: queue.SimpleQueue[tuple[float, Call] | None] = queue.SimpleQueue()
    begin = time.perf_counter() + 0.2

    def due() -> Iterator[tuple[float, Call]]:
        while (job := jobs.get()) is not None:
            yield job

    answers, threads = _senders(port, begin, [due() for _ in range(senders)], check)
    for number in range(round(rate * seconds)):
        moment = begin + number / rate
        time.sleep(max(0.0, moment - time.perf_counter()))
        jobs.put((moment, calls[number % len(calls)]))
    for _ in threads:
        jobs.put(None)
    for thread in threads:
        thread.join(90)
    return answers


def closed_loop(port: int, calls: Sequence[Call], seconds: float, check: Check, senders: int = 16) -> list[Answer]:
    """As many as the server takes: each sender asks again as soon as it was answered."""
    begin, turn = time.perf_counter(), count()

    def now() -> Iterator[tuple[float, Call]]:
        while (moment := time.perf_counter()) < begin + seconds:
            yield moment, calls[next(turn) % len(calls)]

    answers, threads = _senders(port, begin, [now() for _ in range(senders)], check)
    for thread in threads:
        thread.join(seconds + 90)
    return answers


def _senders(port: int, begin: float, jobs: list[Iterator[tuple[float, Call]]], check: Check,
             ) -> tuple[list[Answer], list[threading.Thread]]:  # fmt: skip
    answers: list[Answer] = []
    threads = [threading.Thread(target=_send, args=(port, begin, own, check, answers), daemon=True) for own in jobs]
    for thread in threads:
        thread.start()
    return answers, threads


def _send(port: int, begin: float, jobs: Iterator[tuple[float, Call]], check: Check, answers: list[Answer]) -> None:
    connection, used = http.client.HTTPConnection("127.0.0.1", port, timeout=60), 0.0
    for due, call in jobs:
        status, wrong, wait = 0, "", None
        late = 1000 * (time.perf_counter() - due)
        try:
            if time.perf_counter() - used > _IDLE:
                connection.close()
            connection.request(call.method, call.path, call.body, dict(call.headers))
            told = connection.getresponse()
            content = told.read()
            status, wait = told.status, told.headers["Retry-After"]
            used = time.perf_counter()
            wrong = check(call, content) if status == 200 else ""
        except (OSError, http.client.HTTPException) as error:
            wrong = type(error).__name__
            connection.close()
        answers.append(Answer(call.name, due - begin, 1000 * (time.perf_counter() - due), status, wrong, wait, late))
    connection.close()


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
    return [own for own in psutil.Process(process.pid).children(recursive=True)
            if any("worker" in part for part in own.cmdline())]  # fmt: skip
