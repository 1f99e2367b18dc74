"""Runs by several workers: the same bytes, lost workers or not; and what is said where there are none."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import psutil
import pytest

from features import crew
from features.commands import UserError
from serving.batch import batch, task
from serving.batch.batch import Request
from tests.serving import registers
from tests.serving.batch.test_scheduler import cluster


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return registers.write(tmp_path_factory.mktemp("register") / "in", registers.tables(120))


@pytest.fixture(scope="module")
def alone(source: Path, bundles: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("alone") / "out"
    registers.score(source, output, bundles[0], chunk=30)
    return output


def test_that_no_worker_is_left_is_told_once_within_30_seconds_and_that_one_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import distributed

    waited: list[float] = []
    told: list[tuple[str, float]] = []

    class Done:
        """A piece that was done by a worker that is lost: what it gave cannot be had at first, and is then."""

        status = "finished"
        asked = 0

        def result(self, timeout: float) -> str:
            waited.append(timeout)
            self.asked += 1
            if self.asked == 1:
                raise TimeoutError
            return "score"

    def wait(futures: list[Any], timeout: float, return_when: str) -> Any:
        waited.append(timeout)
        if 1 < len(waited) < 7:
            raise TimeoutError
        return Mock(done=futures)

    monkeypatch.setattr(distributed, "wait", wait)
    client = Mock(status="running", submit=Mock(side_effect=lambda *_, **__: Done()))
    # Asked once for how much is handed out, then at each look: none, none, one, none, none; then one, and it is done.
    client.scheduler_info.side_effect = [{"workers": dict.fromkeys(range(own))} for own in (2, 0, 0, 1, 0, 0, 1)]
    own = crew.Cluster(client, lambda event: told.append((event, sum(waited))))
    assert list(own.each(lambda task, item: None, None, [1])) == [(1, "score")]
    assert told[0] == (crew.NO_WORKER, 2 * crew.LOOK)
    assert [event for event, _ in told] == [crew.NO_WORKER, crew.WORKER_BACK, crew.NO_WORKER, crew.WORKER_BACK]
    assert crew.LOOK < 30  # a worker that is lost right after a look is missed by the next


@pytest.mark.slow
@pytest.mark.parametrize("lost", [False, True])
def test_workers_write_the_same_bytes_and_one_may_be_lost(source: Path, bundles: tuple[Path, Path], alone: Path,
                                                          tmp_path: Path, lost: bool) -> None:  # fmt: skip
    from distributed import Client, LocalCluster

    job = batch.prepare(Request(source, tmp_path / "out", bundles[0], chunk=30))
    assert job.plan["parts"] > 8
    with (LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                       memory_limit=0, silence_logs=50) as cluster,
          Client(cluster) as client):  # fmt: skip
        own = crew.Cluster(client)
        killed = threading.Event()

        def tell(stage: str, done: int = 0, *_: Any, **__: Any) -> None:
            if lost and stage == "score" and done == 3 and not killed.is_set():
                killed.set()
                os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

        assert batch.run(job, tell, own).state == "published"
        assert killed.is_set() is lost
    assert registers.contents(tmp_path / "out") == registers.contents(alone)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "CONNECT", 1.0)
    with pytest.raises(UserError, match="no scheduler with workers at tcp://127"), crew.crew(1, "tcp://127.0.0.1:9"):
        pass


@pytest.mark.parametrize("address", ["nonsense", "http://x:1", "tcp://", "tcp://127.0.0.1:no", ""])
def test_what_is_no_address_is_told_with_what_is_one(address: str) -> None:
    with pytest.raises(UserError, match=r"is no address of a Dask scheduler; write tcp://HOST:8786"):
        crew.connect(address)


@pytest.mark.parametrize("address", ["tls://127.0.0.1:1", "wss://127.0.0.1:1"])
def test_a_sealed_address_without_a_certificate_is_refused_in_words(address: str) -> None:
    with pytest.raises(UserError, match=r"Dask has no certificate for it; .* or write tcp://HOST:8786"):
        crew.connect(address)


@pytest.mark.slow
def test_that_a_schedulers_first_worker_is_waited_for_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, float]] = []
    ended = 0.0
    monkeypatch.setattr(crew, "WAIT", 8.0)
    with cluster(tmp_path / "elsewhere", manned=False) as (address, *_):
        until = time.monotonic() + 60
        while not told and time.monotonic() < until:  # the scheduler is on its way
            with pytest.raises(UserError, match="no scheduler with workers at"):
                crew.connect(address, lambda event: told.append((event, time.monotonic())))
            ended = time.monotonic()
    ((event, at),) = told
    assert event == crew.NO_WORKER_YET
    assert ended - at > 6  # before the wait, not after it


def test_workers_that_die_of_one_piece_are_told_in_words_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed
    from distributed.scheduler import KilledWorker

    piece = Mock(result=Mock(side_effect=KilledWorker("key", Mock(address="tcp://10.0.0.1:1"), 5)))
    monkeypatch.setattr(distributed, "wait", lambda futures, **_: Mock(done=futures))
    client = Mock(submit=Mock(return_value=piece))
    client.scheduler_info.return_value = {"workers": {"one": None}}
    with pytest.raises(UserError) as told:
        list(crew.Cluster(client).each(lambda task, item: None, None, [1]))
    said = str(told.value)
    assert said.startswith("6 workers died one after the other of the same piece")
    assert "another --output or once the unfinished one is removed" in said
    assert not re.search(r"tcp://|Attempted|https", said)


@pytest.mark.slow
@pytest.mark.parametrize(("starts", "after"), [
    *(("with crew.crew(2, None): time.sleep(60)", after) for after in (0.2, 0.6, 1.2, 2.5)),
    *(("list(crew.spread(time.sleep, [60] * 4, 2))", after) for after in (0.02, 0.1, 0.3)),
])  # fmt: skip
def test_ctrl_c_while_workers_start_leaves_one_line_and_no_process(starts: str, after: float) -> None:
    code = _WAITS.replace("STARTS", starts)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "starts\n"
        time.sleep(after)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (130, "stopped\n")
    until = time.monotonic() + 10
    while left := [own for own in psutil.process_iter() if _session(own.pid) == process.pid]:
        assert time.monotonic() < until, left
        time.sleep(0.2)


def _session(pid: int) -> int:
    with contextlib.suppress(OSError):
        return os.getsid(pid)
    return 0


_WAITS = """
import signal, sys, time
from features import crew

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what begins in the background has it ignored
    import distributed
    crew.warm()
    print("starts", flush=True)
    try:
        STARTS
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)
"""


def test_one_worker_is_this_process() -> None:
    with crew.crew(1, None) as own:
        assert isinstance(own, crew.Alone)


@pytest.mark.slow
def test_as_many_workers_as_were_asked_for_have_one_thread_each_and_leave_ctrl_c_to_their_master() -> None:
    """In a process of its own: the one that workers are forked from stays until its master ends."""
    done = subprocess.run([sys.executable, "-c", _CREW], capture_output=True, text=True, timeout=120, check=True)
    count, found = json.loads(done.stdout)
    assert count == MANY != crew.processors()
    assert {tuple(own[:3]) for own in found} == {("1", True, True)}
    assert len({own[3] for own in found}) == MANY
    assert not done.stderr


_CREW = """
import json, sys
from features import crew
from tests.serving.test_crew import MANY, told

if __name__ == "__main__":
    crew.warm(["serving.batch.forked"])
    with crew.crew(MANY, None) as own:
        print(json.dumps([own.workers, [found for _, found in own.each(told, None, range(4 * MANY))]]))
"""
MANY = crew.processors() + 1


def told(_: None, item: int) -> tuple[str, bool, bool, int]:
    """Threads of a worker, whether Ctrl-C is kept from it, whether it was forked with what it needs, and its number."""
    time.sleep(0.1)  # so that each of them has some
    ignored = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    return os.environ["OMP_NUM_THREADS"], ignored, "serving.batch.forked" in sys.modules, os.getpid()


def test_a_worker_with_other_keys_stops_the_run(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_KEYS", f"door={'1' * 32},seal={'2' * 32}")
    register = batch.inputs.find(source)
    real = type(register)(register.folder, register.sources, synthetic=False)
    own: Any = task.Task(real, None, source, True, 5, 1, keyed="of another key")  # type: ignore[arg-type]
    with pytest.raises(UserError, match="the same JAGA_KEYS"):
        own.key()
