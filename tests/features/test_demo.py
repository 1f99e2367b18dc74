"""`jaga demo` up to its steps; that it makes and serves it all is tested from a wheel (`tests/test_release.py`)."""

from __future__ import annotations

import io
import json
import os
import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from features import demo
from features.cli import main, parser
from features.commands import Exit


def _stand_in(monkeypatch: pytest.MonkeyPatch, jaga: Callable[..., int]) -> None:
    """Let `jaga` answer for every command of a demo, which then has no evaluation and no record to tell of."""
    monkeypatch.setattr(demo, "_jaga", jaga)
    monkeypatch.setattr(demo, "_judged", lambda file: None)
    monkeypatch.setattr(demo, "_gates", lambda file: None)


def test_too_few_families_are_refused_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--households", "4999", "--output", str(tmp_path / "demo")]) == Exit.WRONG
    assert "--households 4999: 5000 or more are needed" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("today", "first"), [(date(2026, 11, 29), "2022Q4"), (date(2026, 1, 1), "2022Q1"), (date(2026, 12, 31), "2022Q4")]
)
def test_the_last_of_sixteen_quarters_ended_before_today(today: date, first: str) -> None:
    assert demo.first_quarter(today) == first


def test_every_step_is_a_command_that_can_be_typed(tmp_path: Path) -> None:
    for _, words, _ in demo.steps(tmp_path, 5000, 1, "2022Q4"):
        parser().parse_args(words)


def test_it_ends_where_a_step_fails_and_shows_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def jaga(*words: str) -> int:
        asked.append(words[0])
        print(f"all that {words[0]} tells")
        return Exit.FAILED if words[0] == "train" else Exit.DONE

    _stand_in(monkeypatch, jaga)
    home = tmp_path / "demo"
    monkeypatch.setenv("JAGA_HOME", str(home))
    assert demo._make(home, 5000, 1, "2022Q4") == Exit.FAILED
    told = capsys.readouterr()
    assert asked == ["data", "data", "data", "train"]
    assert "all that train tells" in told.out
    assert not (home / ".done").exists()
    assert os.environ["JAGA_HOME"] == str(home)


def test_what_so_few_families_leave_unknown_is_answered_for_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed: list[tuple[str, ...]] = []

    def jaga(*words: str) -> int:
        if words[0] != "promote":
            return Exit.DONE
        typed.append(words)
        if len(words) > 1:
            print("bundle 12ab is champion")
            return Exit.DONE
        print("bundle 12ab is not promoted")
        print("  jaga promote 12ab --accept leak-alarm='REASON' --accept fair-to-all='REASON'")
        return Exit.FAILED

    _stand_in(monkeypatch, jaga)
    assert demo._make(tmp_path / "demo", 5000, 1, "2022Q4") == Exit.DONE
    assert [words[0] for words in typed] == ["promote", "promote"]
    gates = [word.partition("=")[0] for word in typed[1] if "=" in word]
    assert gates == ["leak-alarm", "leak-alarm:id", "fair-to-all", "fair-to-all:id"]
    told = capsys.readouterr().out
    assert "leave 2 gates unknown; the demo answers for them" in told
    assert "--accept 'leak-alarm=demonstration on synthetic families, no real people'" in told
    assert "bundle 12ab is champion" in told
    assert "not promoted" not in told, "it stands in the log"


def test_a_gate_that_failed_is_answered_for_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed: list[str] = []
    monkeypatch.setattr(demo, "_jaga", lambda *words: typed.append(words[0]) or int(words[0] == "promote"))
    monkeypatch.setattr(demo, "_judged", lambda file: None)
    home = tmp_path / "demo"
    assert demo._make(home, 5000, 1, "2022Q4") == Exit.FAILED
    assert typed.count("promote") == 1
    assert "by the gates above this model may not answer" in capsys.readouterr().err
    assert not (home / ".done").exists()


def test_the_model_is_the_same_whatever_the_day(tmp_path: Path) -> None:
    """It learns from a panel of fixed quarters; of those of some days the gates would let no model answer."""
    now, later = ([words for _, words, _ in demo.steps(tmp_path, 5000, 2045, start)] for start in ("2022Q4", "2025Q1"))
    made = [words for words in now if words[:2] == ["data", "synth"] or words[0] == "train"]
    panel, register, train = made
    assert panel[panel.index("--output") + 1] == train[train.index("--input") + 1] != register[-1]
    assert [words for words in now if words not in later] == [register]


def test_other_families_are_made_again_and_the_same_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(demo, "_jaga", lambda *words: ran.append(words[0]) or Exit.DONE)
    monkeypatch.setattr(demo, "_judged", lambda file: None)
    monkeypatch.setattr(demo, "_gates", lambda file: None)
    for seed, count in ((1, 7), (1, 7), (2, 14)):
        assert demo._make(tmp_path, 5000, seed, "2022Q4") == Exit.DONE
        assert len(ran) == count
    capsys.readouterr()


def test_what_a_run_compiles_makes_no_other_demo() -> None:
    before = demo._mark("5000 1 2022Q4")
    compiled = Path(demo.__file__).parent / "__pycache__" / "kernel.test.nbc"
    compiled.parent.mkdir(exist_ok=True)
    compiled.write_bytes(b"machine code")
    try:
        assert demo._mark("5000 1 2022Q4") == before
    finally:
        compiled.unlink()
    assert demo._mark("5000 2 2022Q4") != before


def test_a_long_command_stands_on_lines_that_can_be_typed(tmp_path: Path) -> None:
    for _, words, _ in demo.steps(tmp_path, 5000, 1, "2022Q4"):
        shown = demo._typed(words)
        assert shlex.split(shown.replace("\\\n", " ")) == ["jaga", *words]
        assert max(map(len, shown.splitlines())) < 140 + len(str(tmp_path))


def test_gates_are_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answered = {"passed": False, "accepted": {"who": "dewi", "why": "demo"}}
    gates = {"baselines": {"passed": True}, "signature": {"passed": True}, "leak alarm": answered,
             "risk of bias (PROBAST)": answered}  # fmt: skip
    (tmp_path / "record.jsonl").write_text("".join(f"{json.dumps({'body': {'gates': one}})}\n" for one in ({}, gates)))
    demo._gates(tmp_path / "record.jsonl")
    told = capsys.readouterr().out
    assert told == ("   4 gates: 2 passed; unknown with so few families, and answered for: leak alarm, "
                    "risk of bias (PROBAST, a checklist for prediction models)\n")  # fmt: skip


def test_how_far_a_step_is_goes_to_the_log_alone() -> None:
    terminal, log = io.StringIO(), io.StringIO()
    print("time=2026-11-29T10:37:49Z event=look", "jaga: no such file", sep="\n",
          file=demo._Short(terminal, log, demo._NO_PROGRESS))  # fmt: skip
    assert terminal.getvalue() == "   jaga: no such file\n"
    assert "event=look" in log.getvalue()


def test_the_terminal_shows_what_is_worth_it_and_the_log_all() -> None:
    terminal, log = io.StringIO(), io.StringIO()
    short = demo._Short(terminal, log, "^bundle")
    print("pass  baselines", "bundle x is champion", sep="\n", file=short)
    assert log.getvalue() == "pass  baselines\nbundle x is champion\n"
    assert terminal.getvalue() == "   bundle x is champion\n"


def test_the_families_at_the_highest_risk_are_shown_and_written_into_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def jaga(*words: str) -> int:
        if words[0] == "score":
            print("Households in 9 = scored 9\n\nHighest risk of falling below the line")
            print("  1. 7K3M-9Q2P-T5XA  32  41.3 %\n       + one earner")
        return Exit.DONE

    _stand_in(monkeypatch, jaga)
    before = os.umask(0o022)
    try:
        assert demo._make(tmp_path, 5000, 1, "2022Q4") == Exit.DONE
    finally:
        os.umask(before)
    told, log = capsys.readouterr().out, tmp_path / "demo.log"
    assert "7K3M-9Q2P-T5XA" in told
    assert "+ one earner" in told
    written = log.read_text()
    assert "Households in 9" in written
    assert "scores publish" in written, "what the next step prints is there again"
    assert "7K3M" not in written
    assert "one earner" not in written
    assert log.stat().st_mode & 0o777 == 0o600


def test_how_it_is_served_again_names_the_families_of_scenarios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_HOME", "")
    monkeypatch.setenv("JAGA_REGISTER", "")
    monkeypatch.delenv("JAGA_REGISTER")
    monkeypatch.setattr(demo, "_make", lambda *told: 0)
    monkeypatch.setattr(demo, "_jaga", lambda *told: 0)
    assert main(["demo", "--output", str(tmp_path), "--port", "3999"]) == 0
    again = f"JAGA_HOME={tmp_path} JAGA_REGISTER={tmp_path / 'data' / 'registry'} jaga serve --port 3999"
    assert again in capsys.readouterr().out
