"""What every test stands on: its own home and keys, no telemetry, and the servers and browser it may need."""

from __future__ import annotations

import argparse
import atexit
import gc
import importlib.util
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

from tests.processes import stop

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
CI = bool(os.environ.get("CI"))

# Set before any test imports these libraries, which read them once. Their own homes are moved too, so that
# neither a run nor a broken test leaves anything in the folders of the person who runs it.
_HOME = Path(mkdtemp(prefix="jaga-tests-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ |= {
    "BENTOML_DO_NOT_TRACK": "True",
    "BENTOML_HOME": str(_HOME / "bentoml"),
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MPLCONFIGDIR": str(_HOME / "matplotlib"),
    "XDG_CONFIG_HOME": str(_HOME / "config"),
}
os.environ.pop("MLFLOW_TRACKING_URI", None)
# Two files are tested at a time: a second thread of the algebra in each only waits for the other one's core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
_homes = count()

settings.register_profile("jaga", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if CI else "jaga")


def missing(reason: str) -> NoReturn:
    """Skip the test for want of something outside the project; with `CI` set fail instead."""
    if CI:
        pytest.fail(f"{reason} (a skip is a failure when CI is set)")
    pytest.skip(reason)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first (`--no-loadscope-reorder` keeps it so): begun last, one of them would go on alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What is imported by now lives until the end: looked through again and again for garbage, it took a sixth of the
    processor's time of tests of pages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch) -> None:
    home = _HOME / f"home-{next(_homes)}"
    monkeypatch.setenv("JAGA_HOME", str(home / "jaga"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.delenv("JAGA_KEYS", raising=False)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the real panels and reference files: `JAGA_SHARED`, or `shared` beside the checkout."""
    folder = Path(os.environ.get("JAGA_SHARED") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        missing("the real panels are not here; name their folder in JAGA_SHARED")
    return folder


def script(name: str) -> ModuleType:
    """A script that writes pages of `docs/`, as a module."""
    spec = importlib.util.spec_from_file_location(f"{name}_docs", ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def generated() -> ModuleType:
    """The script that writes the generated pages, which knows the command tree."""
    return script("generate")


@pytest.fixture(scope="session")
def command_tree(generated: ModuleType) -> argparse.ArgumentParser:
    """The parser of `jaga` with every command."""
    tree: argparse.ArgumentParser = generated.parser()
    return tree


@pytest.fixture(scope="session")
def commands(generated: ModuleType, command_tree: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Parsers of the commands that do something, by name ("jaga data synth")."""
    return {command.prog: command for command in generated.leaves(command_tree)}


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers at `url`."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


StartServer = Callable[..., Server]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start commands that listen on 127.0.0.1 and stop them, by their own process group, after the test.

    `start_server(command, port, ready="/readyz", timeout=60, env=None, cwd=None)` returns once `ready` answers
    with a 2xx status, and fails with the server's own output where it does not in `timeout` seconds.
    """
    servers: list[Server] = []

    def start(
        command: Sequence[str],
        port: int,
        *,
        ready: str = "/readyz",
        timeout: float = 60,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Server:
        log = tmp_path / f"server-{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=os.environ | (env or {}),
                cwd=cwd,
                start_new_session=True,
            )
        server = Server(f"http://127.0.0.1:{port}", process, log)
        servers.append(server)
        _wait(server, ready, timeout)
        return server

    yield start
    for server in servers:
        stop(server.process)


def _wait(server: Server, ready: str, timeout: float) -> None:
    end = time.monotonic() + timeout
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with urllib.request.urlopen(server.url + ready, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    state = f"ended with {server.process.returncode}" if server.process.poll() is not None else "did not get ready"
    pytest.fail(f"the server {state}; it printed:\n{server.log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        missing("Chromium is not here; type: sudo apt-get install -y chromium fonts-liberation")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Headless Chromium under Playwright, with no connection of its own to anywhere.

    Playwright runs an event loop in this thread until it is stopped, so it must not outlive the tests of a module:
    others run loops of their own.
    """
    from playwright.sync_api import sync_playwright

    flags = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:  # Chromium refuses its sandbox to root
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()
