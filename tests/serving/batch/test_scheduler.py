"""`jaga score --scheduler` on a cluster whose workers were started elsewhere: paths, a full disk, a lost scheduler."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from features import crew
from features.cli import main
from tests.conftest import ROOT
from tests.serving import registers

JAGA = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())"]
DASK = [sys.executable, "-m"]
ENV = os.environ | {"PYTHONPATH": str(ROOT)}

pytestmark = pytest.mark.slow


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return registers.write(tmp_path / "in", registers.tables(120))


@contextmanager
def _started(*command: str, **asked: Any) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV, **asked) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _worker(address: str, cwd: Path, **asked: Any) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return _started(*DASK, "distributed.cli.dask_worker", address, "--nthreads", "1", "--memory-limit", "0",
                    "--no-dashboard", "--no-nanny", "--host", "127.0.0.1", cwd=cwd, **asked)  # fmt: skip


@contextmanager
def cluster(cwd: Path, *, manned: bool = True, **asked: Any) -> Iterator[tuple[str, subprocess.Popen[bytes], Any]]:
    """Address and process of a scheduler, and of its one worker, which was started in `cwd`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    cwd.mkdir()
    address = f"tcp://127.0.0.1:{port}"
    with (
        _started(*DASK, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard",
                 cwd=cwd) as scheduler,
        _worker(address, cwd, **asked) if manned else nullcontext() as worker,
    ):  # fmt: skip
        yield address, scheduler, worker


def _command(source: Path, output: str, bundle: Path, *more: str) -> list[str]:
    return [*JAGA, "score", "--input", source.name, "--output", output, "--bundle", str(bundle), "--chunk", "12",
            "--top", "0", *more]  # fmt: skip


def _run(source: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, env=ENV, cwd=source.parent)


def test_relative_paths_are_those_of_who_asks(source: Path, bundles: tuple[Path, Path], tmp_path: Path) -> None:
    with cluster(tmp_path / "elsewhere") as (address, *_):
        done = _run(source, _command(source, "out", bundles[0], "--scheduler", address))
        sent = _run(source, _command(source, f"file://{tmp_path}/sent", bundles[0], "--scheduler", address, "--work",
                                     "half"))  # fmt: skip
    assert (done.returncode, sent.returncode) == (0, 0), done.stderr + sent.stderr
    assert not (tmp_path / "elsewhere" / "out").exists()
    alone = tmp_path / "alone"
    registers.score(source, alone, bundles[0], chunk=12)
    assert registers.contents(tmp_path / "out") == registers.contents(alone) == registers.contents(tmp_path / "sent")


def test_a_full_disk_of_a_worker_is_told_as_one(source: Path, bundles: tuple[Path, Path], tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    with cluster(tmp_path / "elsewhere", preexec_fn=little_room) as (address, *_):
        full = _run(source, _command(source, str(tmp_path / "out"), bundles[0], "--scheduler", address))
    assert full.returncode == 2, full.stderr
    assert f"jaga: no room is left to write in {tmp_path / 'out'}" in full.stderr
    assert "no scheduler" not in full.stderr
    assert "Traceback" not in full.stderr


@pytest.mark.parametrize("stage", ["cut", "score"])
def test_a_scheduler_that_is_lost_is_told_in_one_line(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                                                      stage: str) -> None:  # fmt: skip
    with cluster(tmp_path / "elsewhere") as (address, scheduler, _):
        command = _command(source, str(tmp_path / "out"), bundles[0], "--scheduler", address)
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=ENV,
                              cwd=source.parent) as process:  # fmt: skip
            assert process.stderr is not None
            for line in process.stderr:
                if f"event={stage}" in line:
                    scheduler.send_signal(signal.SIGKILL)
                    break
            told = [line for line in process.stderr if "event=" not in line]
        assert process.returncode == 2
    assert told == ["jaga: the scheduler is lost; the same command goes on where this one stopped\n"]


def test_that_no_worker_is_left_is_told_within_30_seconds_and_a_new_one_goes_on(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path
) -> None:
    with cluster(tmp_path / "elsewhere") as (address, _, worker):
        command = _command(source, str(tmp_path / "out"), bundles[0], "--scheduler", address, "--language", "en")
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=ENV,
                              cwd=source.parent) as process:  # fmt: skip
            assert process.stderr is not None
            _until(process.stderr, "event=score")
            worker.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            told = _until(process.stderr, "event=no_worker")
            assert time.monotonic() - killed < 30
            assert 'message="no worker is left; waiting for one; Ctrl-C stops, the same command goes on"' in told
            with _worker(address, tmp_path / "elsewhere"):
                _until(process.stderr, "event=worker_back")
                rest = process.stderr.read()
                assert process.wait(60) == 0
    assert "no_worker" not in rest
    registers.score(source, tmp_path / "alone", bundles[0], chunk=12)
    assert registers.contents(tmp_path / "out") == registers.contents(tmp_path / "alone")


def _until(lines: Iterator[str], word: str) -> str:
    """The next line with a word."""
    return next(line for line in lines if word in line)


def test_a_dry_run_with_a_scheduler_tells_a_time_and_what_it_rests_on(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path
) -> None:
    with cluster(tmp_path / "elsewhere") as (address, *_), _worker(address, tmp_path / "elsewhere"):
        command = _command(source, str(tmp_path / "out"), bundles[0], "--scheduler", address, "--language", "en")
        until = time.monotonic() + 60
        while True:  # one part, so that one of the two would do all the work
            done = _run(source, [*command, "--dry-run", "--chunk", "100000"])
            assert done.returncode == 0, done.stderr
            if "(1 there)" not in done.stdout or time.monotonic() > until:  # the second is on its way
                break
    said = (r"about .* if each worker \(2 there\) is as fast as a processor of this machine and the shared storage "
            r"keeps up, extrapolated from a trial on \d+ of the household rows")  # fmt: skip
    assert re.search(said, done.stdout)
    assert not (tmp_path / "out").exists()


def test_a_dry_run_with_a_scheduler_that_does_not_answer_names_it(
    source: Path, bundles: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.setattr(crew, "CONNECT", 1.0)
    monkeypatch.chdir(source.parent)
    command = _command(source, str(tmp_path / "out"), bundles[0], "--scheduler", "tcp://127.0.0.1:9", "--dry-run")
    assert main(command[len(JAGA) :]) == 2
    assert "no scheduler with workers at tcp://127.0.0.1:9" in capsys.readouterr().err
