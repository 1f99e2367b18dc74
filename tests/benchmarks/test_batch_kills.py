"""The benchmark that kills workers finds them."""

from __future__ import annotations

import subprocess
import sys

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
