"""A store with one run, rules beside it, and the command that draws from them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from features.cli import main
from serving.scores import commands
from tests.serving import scored

ROWS = scored.rows(1500, seed=5)
PLAIN = ROWS.to_pylist()
RULES = """
name = "{name}"
period = "2026Q4"
budget = 270_000_000
random = 0.05
hysteresis = 0.2
{more}

[[scheme]]
name = "pkh"
cost = 3_000_000
[scheme.quota]
"31" = 60
"7301" = 20
"7302" = 30
"""


class Day:
    day_of_test = datetime.date(2026, 11, 20)

    @classmethod
    def today(cls) -> datetime.date:
        return cls.day_of_test


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of an installation with one run, and the rules beside it."""
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(commands, "today", Day.today)
    assert main(["scores", "publish", str(scored.write(tmp_path / "run", ROWS, most=300))]) == 0
    write_rules(tmp_path)
    return tmp_path / "home" / "scores"


def write_rules(folder: Path, name: str = "PKH TW IV", more: str = "") -> Path:
    path = folder / "rules.toml"
    path.write_text(RULES.format(name=name, more=more))
    return path


def said(capsys: pytest.CaptureFixture[str], tmp_path: Path, *words: str, code: int = 0) -> str:
    capsys.readouterr()
    words = words if "--language" in words else (*words, "--language", "en")
    assert main(["lists", "draw", "--rules", str(tmp_path / "rules.toml"), *words]) == code
    told = capsys.readouterr()
    return told.out if code == 0 else told.err


def one(folder: Path, suffix: str) -> Path:
    [path] = folder.glob(f"*{suffix}")
    return path
