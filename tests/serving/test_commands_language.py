"""What `jaga lists`, `jaga audit` and `jaga data feedback` print is in the language asked for, their errors too."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from string import Formatter

import pytest

from features.cli import main
from models import chain
from serving import feedback_cli as feedback_command
from serving import terminal
from serving.audit import trail
from serving.cases import feedback
from serving.lists import commands, facts, facts_file, files, rows
from serving.lists import told as lists_told
from serving.store import copy, engine, schema
from tests.serving.lists_made import store, write_rules

__all__ = ["store"]
MODULES = (facts_file, commands, facts, files, rows, lists_told, terminal, feedback_command,
           feedback, chain, engine, schema, copy)  # fmt: skip


def test_every_line_has_both_languages_with_the_same_places() -> None:
    for key, (indonesian, english) in terminal.LINES.items():
        assert _places(indonesian) == _places(english), key
        assert indonesian != english or key == "list.edge", key
    for indonesian_, english_ in terminal.HEADS.values():
        assert len(indonesian_) == len(english_)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_error_of_these_commands_has_both_languages(module: object) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call)
             and getattr(call.func, "id", "") in ("UserError", "ContractError", "ChainError")]  # fmt: skip
    assert [call.lineno for call in calls if len(call.args) < 2 and not isinstance(call.args[0], ast.Starred)] == []


def test_a_directory_has_one_name_in_bahasa_indonesia() -> None:
    """`folder`, in errors as in help and on pages: a `map` is what a register is read by."""
    found = [f"{path.relative_to(ROOT)}:{line}: {text}" for name in ("features", "models", "serving", "training")
             for path in sorted((ROOT / name).rglob("*.py")) for line, text in _texts(path)
             if re.search(r"\bmap\b", text) and _INDONESIAN.search(text)]  # fmt: skip
    assert found == []


ROOT = Path(terminal.__file__).parents[1]
_INDONESIAN = re.compile(r"\b(sebut|sebuah|bukan|tidak|yang|berkas|pilih|atau|dengan|untuk)\b")


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each string, one with holes as a whole."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    whole = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in whole for part in node.values}
    for node in whole:
        yield node.lineno, "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in parts:
            yield one.lineno, one.value


@pytest.mark.parametrize(
    "words",
    [
        ("people", "grant", "sari", "boss", "32"), ("people", "grant", "sari"), ("people", "add"),
        ("people", "nobody"), ("people", "list", "--all"), ("tokens", "add", "sari", "--label", "x", "--scope", "foo"),
        ("tokens", "add", "sari", "--label"), ("tokens", "add", "sari", "--label", "x", "--scope"),
        ("lists", "facts", "--input", "x", "--s", "y"), ("audit", "show", "--count", "many"),
        ("scores", "top", "--certainty", "none"), ("lists", "draw", "--without-visits=x"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_told_in_the_language_asked_for(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for language in ("id", "en"):
        with pytest.raises(SystemExit) as ended:
            main([*words[:2], "--language", language, *words[2:]] if words[1] != "nobody" else
                 [*words, "--language", language])  # fmt: skip
        assert ended.value.code == 2
        told[language] = capsys.readouterr().err
    last = {language: text.strip().splitlines()[-1].split(": ", 2)[2] for language, text in told.items()}
    assert told["id"].startswith("cara pakai: jaga")
    assert ": galat: " in told["id"]
    assert re.search(r"\b(argument|choice|expected|invalid|required|unrecognized|could)", last["en"])
    assert not re.search(r"\b(argument|choice|choose|expected|invalid|required|unrecognized|could|value)", last["id"])


def test_a_command_without_a_language_tells_wrong_use_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["data", "check"])
    assert "the following arguments are required" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["people", "grant", "sari", "boss", "32"])
    assert "bukan pilihan" in capsys.readouterr().err


def test_a_broken_log_is_told_in_both_languages() -> None:
    for how in ("missing", "added", "changed", "other", "head"):
        indonesian, english = trail.BrokenLogError(7, how, "audit row 7 is wrong").words  # type: ignore[arg-type]
        assert indonesian != english


def test_what_the_commands_print_is_in_the_language_asked_for(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JAGA_DB", f"sqlite:///{tmp_path / 'own.db'}")
    assert main(["db", "upgrade"]) == 0
    rules, bad = str(tmp_path / "rules.toml"), tmp_path / "bad.toml"
    bad.write_text(write_rules(tmp_path).read_text().replace("PKH TW IV", "x" * 200))
    torn = tmp_path / "torn.toml"
    torn.write_text("# Rules\n\nRules of a list\n")
    asked = [
        ("lists", "draw", "--rules", rules, "--output", str(tmp_path / "out{language}")),
        ("lists", "draw", "--rules", rules, "--output", str(tmp_path / "more{language}"), "--without-visits"),
        ("lists", "draw", "--rules", str(tmp_path / "none.toml"), "--output", str(tmp_path / "no")),
        ("lists", "draw", "--rules", str(bad), "--output", str(tmp_path / "no")),
        ("lists", "draw", "--rules", str(torn), "--output", str(tmp_path / "no")),
        ("lists", "draw", "--rules", rules, "--output", str(tmp_path / "no.xyz")),
        ("lists", "draw", "--rules", rules, "--output", str(tmp_path / "no"), "--facts", str(tmp_path / "none.csv")),
        ("lists", "facts", "--input", str(tmp_path), "--output", str(tmp_path / "facts.csv")),
        ("lists", "facts", "--input", str(tmp_path), "--as-of", "tomorrow"),
        ("lists", "facts", "--input", str(tmp_path / "none")), ("lists", "facts", "--input", str(tmp_path)),
        ("audit", "verify"), ("audit", "accept-record"), ("audit", "show", "--count", "0"),
        ("audit", "show", "--since", "x"), ("audit", "show", "--household", "x"),
        ("data", "feedback", "--output", str(tmp_path / "back{language}")),
        ("data", "feedback", "--output", str(tmp_path / "back"), "--known-by", "tomorrow"),
        ("people", "add", "first{language}", "--name", "Sari", "--no-password"),
        ("people", "add", "with{language}", "--name", "Sari", "--generate"),
        ("people", "add", "with{language}", "--name", "Sari", "--generate"),
        ("people", "add", "other", "--name", "Sari", "--generate", "--no-password"),
        ("people", "add", "other", "--name", "Sari", "--no-password", "--subject", "x"),
        ("people", "add", "other", "--name", "Sari", "--provider"), ("people", "add", "other", "--name", "Sari"),
        ("people", "grant", "first{language}", "officer", "3204"),
        ("people", "grant", "first{language}", "officer", "3204"),
        ("people", "grant", "first{language}", "officer", "320"),
        ("tokens", "add", "first{language}", "--label", "x", "--scope", "lists.read"),
        ("tokens", "add", "first{language}", "--label", "x", "--scope", "lists.read", "--area", ""),
        ("db", "upgrade"), ("db", "check"), ("db", "tidy"), ("db", "tidy", "--dry-run"),
        ("db", "tidy", "--draft-days", "0"), ("tokens", "list"), ("people", "list"),
        ("people", "revoke", "first{language}", "officer", "3204"),
        ("people", "revoke", "first{language}", "officer", "3204"), ("people", "lock", "first{language}"),
        ("people", "unlock", "first{language}"), ("people", "reset", "with{language}", "--generate"),
    ]  # fmt: skip
    for words in asked:
        told = []
        for language in ("id", "en"):
            capsys.readouterr()
            main([word.format(language=language) for word in words] + ["--language", language])
            both = capsys.readouterr()
            told.append([line.replace(f"out{language}", "") for line in (both.out + both.err).splitlines() if line])
        assert len(told[0]) == len(told[1]) > 0, words
        for indonesian, english in zip(*told, strict=True):
            # What is the same in both has no words: a row of numbers and codes.
            assert "_" not in english or not english.startswith("Households for "), english
            assert indonesian != english or not re.search(r"[a-z]{4,} [a-z]{2,}", english), english
    assert main(["tokens", "add", "withid", "--label", "x", "--scope", "lists.read"]) == 0
    assert "withid belum punya hak, jadi token ini tidak membuka apa pun" in capsys.readouterr().out
    assert main(["tokens", "add", "firsten", "--label", "x", "--scope", "lists.read"]) == 0
    with closing(sqlite3.connect(tmp_path / "own.db", isolation_level=None)) as own:  # as somebody who opens the file
        own.execute("DROP TRIGGER guard_audit_delete")
        own.execute("UPDATE grants SET ended = NULL")
    for language, lines in (("id", ["trigger guard_audit_delete tidak ada", " di 3204 milik "]),
                            ("en", ["trigger guard_audit_delete is missing", " in 3204 of "])):  # fmt: skip
        assert main(["db", "check", "--language", language]) == 1
        said_ = capsys.readouterr().out
        assert all(line in said_ for line in lines), said_
