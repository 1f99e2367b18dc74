"""What is told of the lines that no test runs, from a report of coverage.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks import _reach
from benchmarks._page import tests as told

CODE = '''class Door:
    def open(self):
        """Open it; two hands.

        More.
        """
        return 1


def _quiet():
    return 2
'''


def part(
    missing: list[int], lines: int = 4, branches: tuple[int, int] = (0, 0), **functions: list[int]
) -> dict[str, Any]:
    covered = lines - len(missing)
    return {"summary": {"num_statements": lines, "covered_lines": covered, "missing_lines": len(missing),
                        "num_branches": branches[0], "covered_branches": branches[1],
                        "missing_branches": branches[0] - branches[1],
                        "percent_covered": 100 * (covered + branches[1]) / (lines + branches[0])},
            "functions": {name.replace("__", "."): {"missing_lines": own}
                          for name, own in functions.items()}}  # fmt: skip


def test_packages_and_the_least_run_files_are_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for name in ("door", "whole"):
        (tmp_path / "models" / f"{name}.py").write_text(CODE)
    found = _reach.of({"files": {"models/door.py": part([7, 11], 4, (4, 1), Door__open=[7], _quiet=[11]),
                                 "models/whole.py": part([], 6, (2, 2), _quiet=[])}}, tmp_path)  # fmt: skip
    assert found["packages"] == {"models": {"lines": 80.0, "missing": 2, "branches": 50.0, "of": 10}}
    assert [own["file"] for own in found["least"]] == ["models/door.py", "models/whole.py"]
    assert found["least"][0]["what"] == "`Door.open` (1 line: Open it; two hands); `_quiet` (1 line)"
    page = list(told.reach(json.loads(json.dumps(found))))
    assert "| `models/` | 80.0 % | 50.0 % | 2 of 10 |" in page
    assert any(line.startswith("| `models/door.py` | 37.5 % | `Door.open`") for line in page)
