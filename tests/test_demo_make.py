"""What `make demo` hands on to `jaga demo`."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def demo(*words: str) -> str:
    return subprocess.run(["make", "--dry-run", "demo", *words], cwd=ROOT, capture_output=True, text=True,
                          check=True).stdout  # fmt: skip


def test_the_number_of_households_that_is_asked_for_is_handed_on() -> None:
    assert "--households 3000" in demo("HOUSEHOLDS=3000")
    assert "--households" not in demo()
    assert "--households 700" in demo("ARGS=--households 700")
