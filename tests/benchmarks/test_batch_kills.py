"""The benchmark that kills workers finds them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import batch_kills

_LEADS = """
import os, sys
from features import crew
from tests.benchmarks.test_batch_kills import pid

if __name__ == "__main__":
    crew.warm()
    with crew.crew(2, None) as own:
        print(*{found for _, found in own.each(pid, None, range(40))}, flush=True)
        sys.stdin.read()
"""


_RUN = """
import pathlib, shutil, sys, time
output, until, content = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
if until == "begun":
    print(flush=True)
    time.sleep(600)
if (output / "manifest.json").exists():
    sys.exit()
(output / ".work").mkdir(parents=True, exist_ok=True)
(output / ".work" / "plan.json").touch()
if until == "working":
    print(flush=True)
    time.sleep(600)
(output / "scores").write_text(content)
(output / "manifest.json").touch()
shutil.rmtree(output / ".work")
if until == "published":
    print(flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("second", ["scores", "others"])
def test_what_ends_before_its_kill_is_held_against_the_undisturbed(second: str, tmp_path: Path) -> None:
    """With two workers the run writes `second`; kills count where work was begun and not published."""
    # Every run has come to where it stops before its kill is drawn, so nothing here depends on the machine's speed.
    turns = iter(["working", "end", "end", "begun", "published", "end", "working", "working"])

    def start(output: Path, workers: int, until: str) -> subprocess.Popen[bytes]:
        content = "scores" if workers == 1 else second
        process = subprocess.Popen([sys.executable, "-S", "-c", _RUN, output, until, content],
                                   stdout=subprocess.PIPE, start_new_session=True)  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        if until == "end":
            assert process.wait() == 0
        return process

    start(tmp_path / "whole", 1, "end")
    expected = batch_kills.contents(tmp_path / "whole")
    output = tmp_path / "out"
    found = batch_kills.killed(lambda workers: start(output, workers, next(turns)), output, expected, (0.01, 0.1), 3)
    others = 2 if second == "others" else 0
    assert found == batch_kills.Kills(working=3, early=1, late=1, finished=3, other=others)
    assert found.starts == 8


def pid(_: None, __: int) -> int:
    """Of the worker."""
    import os
    import time

    time.sleep(0.05)  # so that each of them has some
    return os.getpid()


@pytest.mark.slow
def test_the_workers_that_are_found_are_those_that_do_the_work() -> None:
    with subprocess.Popen([sys.executable, "-c", _LEADS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          ) as process:  # fmt: skip
        assert process.stdout is not None
        own = {int(found) for found in process.stdout.readline().split()}
        assert {found.pid for found in batch_kills.workers(process.pid)} == own
        assert len(own) == 2
        process.communicate("", timeout=60)
