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
output = pathlib.Path(sys.argv[1])
time.sleep(0.1)
(output / ".work").mkdir(parents=True, exist_ok=True)
(output / ".work" / "plan.json").touch()
time.sleep(0.4)
(output / "scores").write_text("scores" if sys.argv[2] == "1" else sys.argv[3])
(output / "manifest.json").touch()
shutil.rmtree(output / ".work")
"""


@pytest.mark.parametrize("second", ["scores", "others"])
def test_what_ends_before_its_kill_is_held_against_the_undisturbed(second: str, tmp_path: Path) -> None:
    """With two workers the run writes `second`; kills count where work was begun and not published."""

    def start(output: Path, workers: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-S", "-c", _RUN, output, str(workers), second],
                                start_new_session=True)  # fmt: skip

    whole = start(tmp_path / "whole", 1)
    assert whole.wait() == 0
    expected = batch_kills.contents(tmp_path / "whole")
    found = batch_kills.killed(lambda workers: start(tmp_path / "out", workers), tmp_path / "out", expected,
                               (0.1, 1.4), 6)  # fmt: skip
    assert found.working == 6
    assert found.finished > 1
    assert found.starts == found.working + found.early + found.late + found.finished
    assert (found.other > 0) is (second != "scores")


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
