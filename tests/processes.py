"""Processes that tests start: how one is ended with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess


def stop(process: subprocess.Popen[bytes], patience: float = 15) -> None:
    """End a process that leads a group, and the group: asked first, killed where it does not end in `patience` s."""
    for number, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, number)
            process.wait(wait)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            break
        else:
            break
    process.wait(5)
