"""A real server process for tests, its installation and its keys."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

KEYS = f"door={'0d' * 16},seal={'5e' * 16}"


@dataclass(frozen=True, slots=True)
class Live:
    """A real server process, its installation and what it printed."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    log: Path
    token: str = ""

    def client(self) -> httpx.Client:
        """Somebody with every scope who may do anything anywhere."""
        return httpx.Client(base_url=self.url, timeout=30, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def printed(self) -> str:
        return self.log.read_text(errors="replace")


Promote = Callable[..., str]
Serve = Callable[..., "contextmanager[Live]"]


def wait(live: Live, path: str) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and live.process.poll() is None:
        try:
            if httpx.get(live.url + path, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    pytest.fail(f"the server did not get ready; it printed:\n{live.printed()[-4000:]}")
