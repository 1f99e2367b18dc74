"""Ctrl-C at any moment, the first one too, is one line and the code for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from features import cli


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_while_the_commands_are_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "parser", _stop)
    assert cli.main(["score"]) == 130
    assert capsys.readouterr().err == "jaga: stopped; what was finished is kept, nothing is half-written\n"


def test_little_is_read_before_main() -> None:
    """Python's own start apart, the time in which Ctrl-C meets nobody."""
    code = "import sys; had = set(sys.modules); import features.cli; print(*sorted(set(sys.modules) - had))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"features", "features.cli", "__future__"}
