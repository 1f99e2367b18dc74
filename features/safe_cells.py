"""Texts in files that a spreadsheet opens: none of them may run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
BEGIN = "\ufeff".encode()
"""The mark of UTF-8 before the first line, so that a spreadsheet reads every letter."""
_BREAKS = ("\t", "\r", "\n")
_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs that begin a formula, full-width ones too: a spreadsheet set to an East Asian language takes those."""


def safe(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    begins = text.startswith(_BREAKS) or text.lstrip().startswith(_STARTS)
    return f"'{text}" if begins else text


def as_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Lines of a csv file, each cell as it is given."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
