"""Small faults planted in a line of code: what a test suite has to notice."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
             ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
_COUNTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
            ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Pow: ast.Mult, ast.Mod: ast.Mult}  # fmt: skip
_JOINED = {ast.And: ast.Or, ast.Or: ast.And}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one expression changed: `old` in line `line` of `path` (under the root) is `new`."""

    path: Path
    line: int
    old: str
    new: str
    text: str


def of(root: Path, paths: Iterable[Path], count: int, seed: int) -> list[Mutant]:
    """One mutant of each of so many lines, drawn without putting back from all lines of the files that have one."""
    chance = random.Random(seed)
    lines = [(path, line, own) for path in sorted(paths) for line, own in sorted(_places(root / path).items())]
    return [chance.choice(own)(path, line) for path, line, own in chance.sample(lines, count)]


def _places(file: Path) -> dict[int, list[Callable[[Path, int], Mutant]]]:
    """What may be changed, by line: expressions of one line, outside of annotations, docstrings and f-strings."""
    text = file.read_text()
    found: dict[int, list[Callable[[Path, int], Mutant]]] = {}
    for node in _walked(ast.parse(text)):
        for new in _changed(node):
            found.setdefault(node.lineno, []).append(_planted(text, node, new))
    return found


def _walked(tree: ast.AST) -> Iterable[ast.expr]:
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list") or isinstance(value, ast.JoinedStr):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.JoinedStr) or not isinstance(node, ast.AST):
                continue
            if isinstance(node, ast.expr) and node.lineno == node.end_lineno:
                yield node
            yield from _walked(node)


def _changed(node: ast.expr) -> Iterable[str]:
    match node:
        case ast.Compare(left, [op], [right]) if type(op) in _COMPARED:
            yield ast.unparse(ast.Compare(left, [_COMPARED[type(op)]()], [right]))
        case ast.BinOp(left, op, right) if type(op) in _COUNTED and not isinstance(left, ast.Constant | ast.JoinedStr):
            yield f"({ast.unparse(ast.BinOp(left, _COUNTED[type(op)](), right))})"
        case ast.BoolOp(op, values):
            yield f"({ast.unparse(ast.BoolOp(_JOINED[type(op)](), values))})"
        case ast.UnaryOp(ast.Not(), operand):
            yield f"({ast.unparse(operand)})"
        case ast.IfExp(test, body, other):
            yield f"({ast.unparse(ast.IfExp(test, other, body))})"
        case ast.Constant(bool(value)):
            yield str(not value)
        case ast.Constant(int(value) | float(value)):
            # One more of a very large number is the same number, and no fault.
            yield str(value + 1 if value + 1 != value else value * 2)
        case _:
            return


def _planted(text: str, node: ast.expr, new: str) -> Callable[[Path, int], Mutant]:
    lines = text.splitlines(keepends=True)
    whole = lines[node.lineno - 1].encode()
    begin, end = node.col_offset, node.end_col_offset or 0

    def made(path: Path, line: int) -> Mutant:
        changed = (whole[:begin] + new.encode() + whole[end:]).decode()
        return Mutant(path, line, whole[begin:end].decode(), new,
                      "".join([*lines[: line - 1], changed, *lines[line:]]))  # fmt: skip

    return made
