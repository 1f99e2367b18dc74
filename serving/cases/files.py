"""A confirmed list as a file for a spreadsheet: csv or xlsx, the same cells in both, none of them a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from sqlalchemy import Row

from features.safe_cells import BEGIN, as_lines, safe
from models.targeting import TIE_RULE
from models.words import MARK
from serving.cases import places
from serving.lists_files import HEADS, HUMAN, Language, cells

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def name(row: Row[Any], suffix: str) -> str:
    """Name of the file; it says so where the families are made up."""
    return f"{'sintetis_' if row.synthetic else ''}daftar_{row.number}_v{row.version}.{suffix}"


def lines(row: Row[Any], found: Sequence[Row[Any]], language: Language) -> Iterator[list[str]]:
    """All lines of the file: the mark of made-up families, what the list is, the heads, the places."""
    if row.synthetic:
        yield [MARK[language]]
    yield [safe(f"{row.title}, {row.quarter}"), f"{row.number} v{row.version}", row.hash, row.run]
    yield [HUMAN[language], TIE_RULE[language]]
    yield list(HEADS[language])
    for place in found:
        yield cells(place.place, places.told(place), language)


def as_csv(row: Row[Any], found: Sequence[Row[Any]], language: Language) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet reads every letter."""
    return BEGIN + as_lines(lines(row, found, language))


def as_xlsx(row: Row[Any], found: Sequence[Row[Any]], language: Language) -> bytes:
    """A workbook of one sheet, every cell a text: a spreadsheet changes no code and runs no formula."""
    book = Workbook(write_only=True)
    book.properties.creator = "Jaga"
    book.properties.created = book.properties.modified = row.confirmed_at.replace(tzinfo=None)
    sheet = book.create_sheet(f"{row.number} v{row.version}")
    for line in lines(row, found, language):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
