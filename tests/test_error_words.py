"""Commands that print in the language asked for refuse in it too; Indonesian where none is asked for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from features.cli import main

ROOT = Path(__file__).parent.parent
ENGLISH = {"fit.py", "kept.py", "nation.py", "own.py", "area_figures.py", "listing.py"}
"""Modules that no option of these commands leads to: a program calls them, or they read the table of an office."""


@pytest.mark.parametrize(("words", "own", "english"), [
    (["scores", "publish", "nowhere"], "nowhere tidak memuat manifest.json", "nowhere has no manifest.json"),
    (["scores", "top"], "tidak ada skor yang terbit", "no scores are published"),
    (["scores", "find", "abc"], "itu bukan kode keluarga", "that is no household code"),
    (["simulate", "nothing", "--input", "."], "tidak ada skenario bernama nothing", "no scenario is called nothing"),
    (["simulate", "kerja-atau-usaha", "--input", ".", "--draws", "1"], "--draws harus dari 2", "--draws must be"),
    (["simulate", "kerja-atau-usaha", "--input", "."], "tidak memuat keluarga sintetis", "neither synthetic families"),
    (["schemes", "mix", "nothing.yaml", "--input", ".", "--arm", "a", "--budget", "1"],
     "nothing.yaml: tidak dapat dibaca", "nothing.yaml: cannot be read"),
    (["schemes", "show", "nothing"], "tidak ada yang bernama nothing", "nothing is called nothing"),
    (["compass", "--weights", "wage:9"], "bobot wage tertulis 9", "weight of wage is 9"),
])  # fmt: skip
def test_a_refusal_is_in_the_language_of_the_command(
    words: list[str], own: str, english: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for language, told, other in (([], own, english), (["--language", "id"], own, english),
                                  (["--language", "en"], english, own)):  # fmt: skip
        assert main([*words, *language]) == 2
        said = capsys.readouterr().err
        assert said.startswith("jaga: ")
        assert told in said
        assert other not in said


def test_every_refusal_of_these_commands_has_words_in_both_languages() -> None:
    files = [file for file in (*(ROOT / "models/schemes").glob("*.py"), *(ROOT / "serving").glob("scores*.py"),
                               *(ROOT / "models/compass").glob("*.py")) if file.name not in ENGLISH]  # fmt: skip
    assert len(files) > 50
    alone = [f"{file.name}:{call.lineno}" for file in files for call in ast.walk(ast.parse(file.read_text()))
             if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "UserError"
             and len(call.args) < 2 and not isinstance(call.args[0], ast.Starred)]  # fmt: skip
    assert alone == []
