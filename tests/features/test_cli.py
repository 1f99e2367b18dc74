"""Ctrl-C at any moment, the first one too, is one line and the code for it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from features import cli, commands


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_while_the_commands_are_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "parser", _stop)
    assert cli.main(["score"]) == 130
    assert (
        capsys.readouterr().err
        == "jaga: stopped, nothing is half-written; the same command goes on where it can, or begins anew\n"
    )


def test_little_is_read_before_main() -> None:
    """Python's own start apart, the time in which Ctrl-C meets nobody."""
    code = "import sys; had = set(sys.modules); import features.cli; print(*sorted(set(sys.modules) - had))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"features", "features.cli", "__future__"}


@pytest.mark.parametrize(("redirected", "code", "said"), [
    ("> /dev/full", 2, "jaga: what was to be printed or written could not be (No space left on device)\n"),
    (">&-", 0, ""),
])  # fmt: skip
def test_where_nothing_can_be_printed_a_command_says_so_and_ends_in_order(
    redirected: str, code: int, said: str
) -> None:
    call = (
        f"{sys.executable} -c 'import sys; from features.cli import main; sys.exit(main())' schemes list {redirected}"
    )
    done = subprocess.run(["sh", "-c", call], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, said)


def test_the_clock_of_a_command_begins_with_its_process() -> None:
    code = (
        "import time; time.sleep(.5); from features import cli; now = time.monotonic(); print(now - cli._started(now))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0.5 < float(done.stdout) < 30


def test_a_command_that_writes_families_writes_for_its_owner_alone(tmp_path: Path) -> None:
    def run(_: argparse.Namespace) -> int:
        (tmp_path / "run").mkdir()
        code = f"open({str(tmp_path / 'run' / 'part')!r}, 'w')"
        return subprocess.run([sys.executable, "-c", code], check=True).returncode  # a worker of its own

    before = os.umask(0o022)
    try:
        commands.privately(run)(argparse.Namespace())
        after = os.umask(0o022)
    finally:
        os.umask(before)
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "run" / "part").stat().st_mode & 0o777 == 0o600
    assert after == 0o022, "what comes after it in the same process is not its own"


def test_ctrl_c_during_a_query_is_a_stop_and_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def query(_: argparse.Namespace) -> int:
        raise RuntimeError("Query interrupted")  # as DuckDB says it

    monkeypatch.setattr(cli, "parser", lambda: SimpleNamespace(parse_args=lambda _: argparse.Namespace(run=query)))
    assert cli.main([]) == commands.Exit.STOPPED
    assert capsys.readouterr().err.startswith("jaga: stopped")
