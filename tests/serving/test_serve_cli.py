"""Starting the service by hand: it says where it answers or in one line why not, and ends when told to."""

from __future__ import annotations

import signal
import socket
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
