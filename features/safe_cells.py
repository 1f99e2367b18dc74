"""Texts in files that a spreadsheet opens: none of them may run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
BEGIN = "\ufeff".encode()
"""The mark of UTF-8 before the first line, so that a spreadsheet reads every letter."""
_BREAKS = ("\t", "\r", "\n")
_STARTS = "=+@\uff1d\uff0b\uff0d\uff20-"
"""Signs that begin a formula, full-width ones too: a spreadsheet set to an East Asian language takes those."""
_LATER = re.compile(rf"([;\t\r\n][\s\"]*)(?=[{_STARTS}])")
"""Where a cell of another reader begins: one that parts by semicolons (Excel where decimals have a comma) or by tabs
takes the quotes around a cell of ours, and a break inside them, for signs as others."""


def safe(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula, be the file read with commas,
    semicolons or tabs."""
    begins = text.startswith(_BREAKS) or text.lstrip().startswith(tuple(_STARTS))
    text = _LATER.sub(r"\1'", text)
    return f"'{text}" if begins else text


def as_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Lines of a csv file, each cell as it is given."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
