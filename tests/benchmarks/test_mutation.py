"""A run over planted faults that was stopped goes on where it was, and only on the same code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks import mutation

LINES = "".join(f"def at_{number}(value: int) -> bool:\n    return value < {number}\n\n\n" for number in range(6))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of six functions, whose faults are tried by a stand-in for the tests."""
    root = tmp_path / "checkout"
    (root / "models").mkdir(parents=True)
    (root / "models" / "small.py").write_text(LINES)
    monkeypatch.setattr(mutation, "ROOT", root)
    monkeypatch.setattr(mutation, "CODE", {"model": ("models/*.py",)})
    monkeypatch.setattr(mutation, "COUNT", 6)
    monkeypatch.setattr(mutation, "BAR", 5)
    monkeypatch.setattr(mutation, "_copied", lambda to: to)
    return root


def tries(monkeypatch: pytest.MonkeyPatch, stop: int | None = None) -> list[int]:
    """Lines of the faults that are tried from now on; the one of line `stop` ends the run."""
    tried: list[int] = []

    def one(mutant: mutation.Mutant, copies: object) -> str | None:
        if mutant.line == stop:
            raise KeyboardInterrupt
        tried.append(mutant.line)
        return None if mutant.line == 2 else "FAILED tests/test_small.py::test_it"

    monkeypatch.setattr(mutation, "_tried", one)
    return tried


def test_a_stopped_run_goes_on_where_it_was(checkout: Path, monkeypatch: pytest.MonkeyPatch,
                                            capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    first = tries(monkeypatch, stop=14)
    with pytest.raises(KeyboardInterrupt):
        mutation.run()
    assert 14 not in first
    second = tries(monkeypatch)
    found = mutation.run()
    assert 14 in second
    assert sorted([*first, *second]) == [2, 6, 10, 14, 18, 22]
    assert (found["caught"], found["passed"], len(found["rows"])) == (5, True, 6)
    said = capsys.readouterr().out
    assert f"{len(first)} of 6 were tried before" in said
    assert said.rstrip().splitlines()[-2].endswith("5 of 6 noticed; not noticed:")
    assert "models/small.py:2: " in said.rstrip().splitlines()[-1]
    assert tries(monkeypatch) == []
    assert mutation.run() == found


@pytest.mark.parametrize("changed", ["models/small.py", "tests/test_small.py"])
def test_other_code_or_other_tests_begin_anew(changed: str, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries(monkeypatch)
    mutation.run()
    (checkout / "tests").mkdir()
    path = checkout / changed
    path.write_text((path.read_text() if path.exists() else "") + "\n# Changed.\n")
    again = tries(monkeypatch)
    mutation.run()
    assert len(again) == 6


def test_half_a_line_of_a_killed_run_is_tried_again(tmp_path: Path) -> None:
    row = {"file": "a.py", "line": 1, "old": "1", "new": "2", "kind": "model", "caught_by": None}
    kept = mutation.Kept(tmp_path, "mark")
    kept.add(row)
    file = tmp_path / "mark.jsonl"
    file.write_text(file.read_text() + '{"file": "a.py", "li')
    again = mutation.Kept(tmp_path, "mark")
    assert (len(again), again.get(row)) == (1, row)
    again.add(row | {"line": 2})
    assert len(mutation.Kept(tmp_path, "mark")) == 2


def test_only_a_test_that_fails_each_time_and_not_with_the_line_as_it_was_has_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three tests one fails now and then, one always fails, and one sees the fault."""
    (tmp_path / "small.py").write_text("right")
    asked: list[tuple[str, tuple[object, ...]]] = []
    fails = {"now_and_then": iter([True, False, False]).__next__, "broken": lambda: True,
             "sees": lambda: (tmp_path / "small.py").read_text() == "wrong"}  # fmt: skip

    def failed(copy: Path, tests: Sequence[Path | str]) -> str | None:
        asked.append(((copy / "small.py").read_text(), tuple(tests)))
        named = [one.partition("::")[2] for one in map(str, tests) if "::" in one]
        left_out = [one for before, one in pairwise(tests) if before == "--deselect"]
        run = named if len(tests) == 1 and named else [one for one in fails if f"t.py::{one}" not in left_out]
        return next((f"FAILED t.py::{one}" for one in run if fails[one]()), None)

    monkeypatch.setattr(mutation, "_failed", failed)
    fault = mutation.Mutant(Path("small.py"), 1, "right", "wrong", "wrong")
    assert mutation._noticed(tmp_path, fault, [Path("t.py")]) == "FAILED t.py::sees"
    assert ("wrong", (Path("t.py"), "--deselect", "t.py::now_and_then", "--deselect", "t.py::broken")) in asked
    assert (tmp_path / "small.py").read_text() == "right"
    fails["sees"] = lambda: False
    fails["now_and_then"] = lambda: False
    assert mutation._noticed(tmp_path, fault, [Path("t.py")]) is None
