"""Lines of a CSV file: each is one row, since no cell of a table holds a line break.

A quote that is opened at the start of a cell and closed lines later makes one cell of all that stands between: a reader
takes their rows for a text, and no count tells that they are gone. So the rows read are held against the lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
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
