"""A real PostgreSQL server for tests, on 127.0.0.1 and a free port, in a short temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import missing


def programs() -> Path:
    """Folder of the newest server here; without one the test skips with the line to type."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if not found:
        missing("PostgreSQL is not here; type: sudo apt-get install -y postgresql")
    return found[-1].parent


@contextmanager
def server() -> Iterator[str]:
    """A server without databases of ours; its URL up to the name of a database."""
    bin_ = programs()
    # The name of a socket has room for about 100 letters, and the user postgres must be able to reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
    data, log = folder / "data", folder / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = None
    try:
        subprocess.run([*as_user, bin_ / "initdb", "-D", data, "-U", "jaga", "-A", "trust", "-E", "UTF8", "--no-sync",
                        "--locale=C.UTF-8"], check=True, capture_output=True, cwd=folder)  # fmt: skip
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off",
                    "max_connections": 60, "timezone": "Asia/Jakarta", "shared_buffers": "32MB"}  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log.touch()
        with log.open("wb") as output:
            process = subprocess.Popen([*as_user, bin_ / "postgres", "-D", data, *options], stdout=output,
                                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=folder)  # fmt: skip
        _wait(bin_, port, process, log)
        yield f"postgresql://jaga@127.0.0.1:{port}/"
    finally:
        if process is not None:
            _stop(data, process)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(bin_: Path, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        ready = subprocess.run([bin_ / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres",
                                "-U", "jaga"], check=False)  # fmt: skip
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not get ready; it printed:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(data: Path, process: subprocess.Popen[bytes]) -> None:
    """End the server by the number in its own folder: runuser stands between us and it."""
    try:
        os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
    except (OSError, ValueError, IndexError):
        process.kill()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
