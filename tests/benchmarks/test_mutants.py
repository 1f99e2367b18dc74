"""Planted faults: one line each, another program each, the same for the same seed."""

from __future__ import annotations

import ast
from pathlib import Path

from benchmarks._mutants import of

CODE = '''"""Says 1 < 2."""


def kept(value: int | None = 3, *, name: str = f"{1 + 1}") -> bool:
    """Is 1 + 1."""
    if value is None or not name:
        return False
    return value * 2 >= 7 and name in ("a", "b")
'''
CHANGES = {("3", "4"), ("value is None", "value is not None"), ("not name", "(name)"), ("False", "True"),
           ("value is None or not name", "(value is None and (not name))"), ("value * 2", "(value / 2)"), ("2", "3"),
           ("value * 2 >= 7", "value * 2 > 7"), ("7", "8"), ("name in (\"a\", \"b\")", "name not in ('a', 'b')"),
           ("value * 2 >= 7 and name in (\"a\", \"b\")", "(value * 2 >= 7 or name in ('a', 'b'))")}  # fmt: skip


def test_a_mutant_is_another_program_by_one_expression_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(CODE)
    found = [one for seed in range(60) for one in of(tmp_path, [Path("code.py")], 4, seed)]
    assert {(one.old, one.new) for one in found} == CHANGES
    for one in found:
        changed = [number for number, pair in enumerate(zip(CODE.splitlines(), one.text.splitlines(), strict=True), 1)
                   if pair[0] != pair[1]]  # fmt: skip
        assert changed == [one.line]
        assert ast.dump(ast.parse(one.text)) != ast.dump(ast.parse(CODE))


def test_lines_are_drawn_once_each_and_by_the_seed(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(CODE)
    one, again = (of(tmp_path, [Path("code.py")], 4, 5) for _ in range(2))
    assert one == again
    assert len({each.line for each in one}) == 4


def test_a_number_so_large_that_one_more_is_lost_is_doubled(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("MOST = 1e300\nMANY = 2.5\n")
    found = {(one.old, one.new) for one in of(tmp_path, [Path("code.py")], 2, 0)}
    assert found == {("1e300", "2e+300"), ("2.5", "3.5")}
