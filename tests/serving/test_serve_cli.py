"""Starting the service by hand: it says where it answers or in one line why not, and ends when told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from features.cli import main
from tests.serving.live import Live, Serve


@pytest.mark.parametrize(("options", "said"), [
    (["--host", "nowhere"], "write an address"),
    (["--port", "0"], "between 1 and 65535"),
    (["--workers", "0"], "at least 1"),
    (["--bundle", "no-such-folder"], "no bundle"),
])  # fmt: skip
def test_wrong_use_is_one_line_and_code_2(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", *options]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(("name", "value", "said"), [
    ("JAGA_RATE", "x", "JAGA_RATE: write a whole number from 1 to 100,000"),
    ("JAGA_RATE", "9" * 5000, "JAGA_RATE: write a whole number"),
    ("JAGA_WORKERS", "0", "JAGA_WORKERS: write a whole number from 1 to 256"),
    ("JAGA_PROXIES", "10.0.0.0/8", "JAGA_PROXIES: write addresses such as 10.0.0.1"),
    ("JAGA_URL", "https://", "JAGA_URL: write https:// and a host"),
    ("JAGA_OIDC_ISSUER", "https://id.example", "issuer and client are needed"),
    ("JAGA_COMPASS", "/nowhere.csv", "/nowhere.csv: cannot be read (there is none)"),
    ("JAGA_COMPASS", "/dev/zero", "/dev/zero: cannot be read"),
    ("JAGA_DB", "mysql://x/y", "JAGA_DB: mysql is not known"),
    ("JAGA_KEYS", "x", "JAGA_KEYS must read door=HEX,seal=HEX"),
    ("JAGA_BUNDLE", "/nowhere", "no bundle"),
])  # fmt: skip
def test_what_is_set_up_wrongly_is_one_line_before_a_server_begins(
    name: str, value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], free_port: int,
) -> None:  # fmt: skip
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("a server began"))
    assert main(["serve", "--port", str(free_port)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(("options", "workers"), [([], "3"), (["--workers", "2"], "2")])
def test_the_option_counts_before_the_variable(options: list[str], workers: str, tmp_path: Path, free_port: int,
                                               monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    for name, value in (("JAGA_HOME", str(tmp_path)), ("XDG_CONFIG_HOME", str(tmp_path)), ("JAGA_WORKERS", "3")):
        monkeypatch.setenv(name, value)
    given: list[dict[str, str]] = []
    monkeypatch.setattr(os, "execve", lambda path, command, environment: given.append(environment))
    main(["serve", "--port", str(free_port), *options])
    assert given[0]["JAGA_WORKERS"] == workers


def test_a_packed_service_that_is_set_up_wrongly_ends_with_one_line_and_code_1() -> None:
    """No `jaga serve` goes before it: the process that begins the workers says it, and no trace of the program."""
    done = subprocess.run([sys.executable, "-c", "import serving.service"], env=os.environ | {"JAGA_RATE": "x"},
                          capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "jaga: JAGA_RATE: write a whole number from 1 to 100,000\n")


def test_a_port_in_use_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 2
    assert "cannot listen" in capsys.readouterr().err


def test_it_says_where_it_answers_and_ends_on_ctrl_c(serve: Serve, bundles: tuple[Path, Path], tmp_path: Path) -> None:
    with serve(tmp_path / "empty", "--bundle", str(bundles[0])) as live:
        assert httpx.get(f"{live.url}/v1/model", headers=live.headers).json()["promoted"] is None
        assert f"API:  {live.url}/v1/score" in live.printed()
        assert f"Docs: {live.url}/docs" in live.printed()
        assert "not checked against the promotion record" in live.printed()
        live.process.send_signal(signal.SIGINT)
        assert live.process.wait(20) == 0
        assert "Traceback" not in live.printed()
        for word in ("BentoServer", "cleanup hook", "[INFO]"):
            assert word not in live.printed(), "words of another program, which tell the reader nothing"
    assert not (tmp_path / "empty").exists()


def test_a_second_server_of_one_account_leaves_the_counts_of_the_first(
    serve: Serve, bundles: tuple[Path, Path], tmp_path: Path
) -> None:
    """BentoML empties its folder of metrics at start, so each server needs one of its own."""
    shared = {"BENTOML_HOME": str(tmp_path / "account")}
    options = "--bundle", str(bundles[0])

    def counts(live: Live) -> str:
        told = httpx.get(f"{live.url}/metrics", headers=live.headers).text
        return "\n".join(line for line in told.splitlines() if line.startswith("jaga_") and "/v1/model" in line)

    with serve(tmp_path / "home", *options, env=shared) as first:
        httpx.get(f"{first.url}/v1/model", headers=first.headers)
        before = counts(first)
        assert before
        with serve(tmp_path / "home", *options, env=shared):
            assert counts(first) == before
