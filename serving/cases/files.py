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
from serving.area_names import named
from serving.cases import places
from serving.cases.list_reads import Sheet
from serving.lists_files import HEADS, HUMAN, PART, RESULTS, Language, cells, families

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def name(row: Row[Any], suffix: str) -> str:
    """Name of the file; it says so where the families are made up."""
    return f"{'sintetis_' if row.synthetic else ''}daftar_{row.number}_v{row.version}.{suffix}"


def lines(sheet: Sheet, language: Language) -> Iterator[list[str]]:
    """All lines of the file: the mark of made-up families, what the list is, that it is a part, heads, places."""
    row = sheet.row
    if row.synthetic:
        yield [MARK[language]]
    yield [safe(f"{row.title}, {row.quarter}"), f"{row.number} v{row.version}", row.hash, row.run]
    if sheet.own is not None:
        yield [part(row, sheet.places, sheet.own, language)]
    yield [HUMAN[language], TIE_RULE[language]]
    yield list(HEADS[language])
    for place in sheet.places:
        result, day = sheet.results.get(place.place, ("", None))
        told = f"{RESULTS[language][result]}, {day}" if result else ""
        yield cells(place.place, places.told(place), language, told)


def part(row: Row[Any], found: Sequence[Row[Any]], own: tuple[int, int], language: Language) -> str:
    """That these places are a part of the list, and which: the quota of the whole is told to everybody."""
    areas = sorted({place.regency or place.province or "" for place in found} - {""})
    names = ", ".join(named(code, language) for code in areas) or "-"
    return PART[language].format(n=families(*own, language), area=names, of=row.result["places"])


def as_csv(sheet: Sheet, language: Language) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet reads every letter."""
    return BEGIN + as_lines(lines(sheet, language))


def as_xlsx(sheet: Sheet, language: Language) -> bytes:
    """A workbook of one sheet, every cell a text: a spreadsheet changes no code and runs no formula."""
    row = sheet.row
    book = Workbook(write_only=True)
    book.properties.creator = "Jaga"
    book.properties.created = book.properties.modified = row.confirmed_at.replace(tzinfo=None)
    page = book.create_sheet(f"{row.number} v{row.version}")
    for line in lines(sheet, language):
        page.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
