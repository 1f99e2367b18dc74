"""Lines of a CSV file: each is one row, since no cell of a table holds a line break.

A quote that is opened at the start of a cell and closed lines later makes one cell of all that stands between: a reader
takes their rows for a text, and no count tells that they are gone. So the rows read are held against the lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from features.commands import UserError

_ENDS = b"\r\n"
_LF, _CR = b"\n\r"


class Lines:
    """Counts the lines of a CSV file that is taken block by block; empty lines are none, as for Arrow."""

    def __init__(self) -> None:
        self._last = b"\n"  # the last line that is not empty, as far as it was taken
        self.count = 0

    def take(self, block: bytes) -> None:
        """The file's next bytes."""
        if not block:
            return
        data = np.frombuffer(block, np.uint8)
        end = (data == _LF) | (data == _CR)
        self.count += int(np.count_nonzero(end[:-1] > end[1:])) + int(self._last[-1:] in _ENDS and not end[0])
        held = block.rstrip(_ENDS)
        begin = max(held.rfind(b"\n"), held.rfind(b"\r")) + 1
        if held:
            self._last = (b"" if begin or self._last[-1:] in _ENDS or end[0] else self._last) + held[begin:]
        if len(held) < len(block):
            self._last = self._last.rstrip(_ENDS) + b"\n"

    def are(self, rows: int) -> bool:
        """Whether the lines below the head are as many rows, and the last of them leaves no quote open."""
        return max(self.count - 1, 0) == rows and not goes_on(self._last.decode(errors="replace"))


def goes_on(line: str, separator: str = ",") -> bool:
    """Whether a row that begins with a line goes on in the next one."""
    try:
        cells = next(csv.reader([line.rstrip("\r\n") + "\n"], delimiter=separator))
        return bool(cells) and cells[-1].endswith("\n")
    except csv.Error:
        return True  # a cell of more characters than Python takes


class Evened:
    """A CSV file for a reader that wants as many cells in each row: a torn line, which has more or fewer than the head,
    is a row of empty cells. The door keeps it out for that and the rows after it keep their numbers, as in a score.

    A line after which a quote stays open, and all after it, are left as they are: they are refused (`error`).

    Parameters
    ----------
    text : lines below the head, which is line 1 of the file. cells : of the head.
    """

    def __init__(self, text: Iterable[str], cells: int, separator: str = ",") -> None:
        self.torn: list[int] = []
        self._empty = '""' + separator * (cells - 1) + "\n"
        self._lines = self._evened(text, cells, separator)

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def read(self, size: int = -1) -> str:
        """The next whole lines, of `size` characters or some more; empty at the end."""
        found: list[str] = []
        held = 0
        for line in self._lines:
            found.append(line)
            held += len(line)
            if 0 <= size <= held:
                break
        return "".join(found)

    def _evened(self, text: Iterable[str], cells: int, separator: str) -> Iterator[str]:
        blank, opened = "\r\n \t".replace(separator, ""), False
        for number, line in enumerate(text, 2):
            if opened or not line.strip(blank) or _cells(line, separator) == cells:
                yield line
            elif '"' in line and goes_on(line, separator):
                opened = True
                yield line
            else:
                self.torn.append(number)
                yield self._empty


def _cells(line: str, separator: str) -> int:
    """Cells of a line; 0 where a quote stays open or one has more characters than Python takes."""
    if '"' not in line:
        return line.count(separator) + 1
    try:
        return 0 if goes_on(line, separator) else len(next(csv.reader([line], delimiter=separator)))
    except csv.Error:
        return 0


def overfull(text: Iterable[str], separator: str) -> tuple[int, int, int] | None:
    """The first line with more cells than the head, by its number in the file, with its cells and those of the head."""
    head = 0
    for number, line in enumerate(text, 1):
        own = _cells(line, separator)
        if head and own > head:
            return number, own, head
        head = head or own
    return None


def error(name: object, opened: Callable[[], Any], separator: str = ",") -> UserError:
    """What is told of a file whose rows are not its lines: where that begins, and nothing of what its cells hold.

    Parameters
    ----------
    name : of the file, as it is told. opened : opens it for reading bytes.
    """
    number = 0
    with opened() as file, io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="") as text:
        for number, line in enumerate(text, 1):  # noqa: B007
            if '"' in line and goes_on(line, separator):
                break
    return UserError(f"{name}: near line {number} a cell holds a line break, or a quote is opened and not closed, so "
                     "that the rows after it would be lost; a cell of a table holds no line break",
                     f"{name}: di sekitar baris {number} ada sel dengan ganti baris, atau kutip yang tidak ditutup, "
                     "sehingga baris sesudahnya akan hilang; sel tabel tidak memuat ganti baris")  # fmt: skip
