"""What `make demo` hands on to `jaga demo`, and how `make setup` ends when it is stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def demo(*words: str) -> str:
    return subprocess.run(["make", "--dry-run", "demo", *words], cwd=ROOT, capture_output=True, text=True,
                          check=True).stdout  # fmt: skip


def test_the_number_of_households_that_is_asked_for_is_handed_on() -> None:
    assert "--households 3000" in demo("HOUSEHOLDS=3000")
    assert "--households" not in demo()
    assert "--households 700" in demo("ARGS=--households 700")


def test_ctrl_c_while_the_environment_is_built_is_one_line_and_leaves_nothing_running(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    python = tmp_path / "python"
    long = f"{sys.executable} -c 'import time; time.sleep(60)'"
    python.write_text(f"#!/bin/sh\n[ $1 = -c ] || {{ echo $$; exec {long}; }}\n")
    python.chmod(0o755)
    with subprocess.Popen(["env", "--default-signal=INT", "make", "setup", f"PYTHON={python}"], cwd=tmp_path, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as made:  # fmt: skip
        assert made.stdout is not None
        begun = int([next(made.stdout), next(made.stdout)][1])
        while b"time.sleep" not in Path(f"/proc/{begun}/cmdline").read_bytes():
            pass
        os.killpg(made.pid, signal.SIGINT)
        out, error = made.communicate(timeout=20)
    assert (out, error.splitlines()[0]) == ("", "Stopped; type it again")
    assert "Traceback" not in error
