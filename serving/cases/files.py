"""A confirmed list as a file for a spreadsheet: csv or xlsx, the same cells in both, none of them a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from sqlalchemy import Row

from features.safe_cells import BEGIN, as_lines, safe
from models.targeting import TIE_RULE
from models.text import Language
from models.words import MARK
from serving.area_names import named
from serving.cases import places
from serving.cases.list_reads import Sheet
from serving.console import formats, list_words
from serving.console.strings import strings
from serving.lists.files import HEADS, HUMAN, PART, RESULTS, cells, families

_WIDTHS = (6, 14, 10, 17, 9, 10, 12, 28, 22, 10, 11, 9, 9, 10, 9, 8, 11, 30, 28)
_WIDTHS_LEFT = (17, 28, 14, 60)
"""Widths of the columns of a sheet, in letters."""
_NUMBERS = (0, 9, 10, 11, 12, 16)
"""Columns of the file that hold numbers; an estimate of less than one is text."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def name(row: Row[Any], suffix: str) -> str:
    """Name of the file; it says so where the families are made up."""
    return f"{'sintetis_' if row.synthetic else ''}daftar_{row.number}_v{row.version}.{suffix}"


def lines(sheet: Sheet, language: Language) -> Iterator[list[str]]:
    """All lines of the file: the mark of made-up families, what the list is, that it was replaced, that it is a part,
    whose families stood on other lists too, heads, places."""
    row, say = sheet.row, strings(language).say
    if row.synthetic:
        yield [MARK[language]]
    yield [safe(f"{row.title}, {formats.quarter(row.quarter, language)}"), f"{row.number} v{row.version}",
           f"SHA-256: {row.hash}", f"{say('list.run')}: {row.run}"]  # fmt: skip
    if row.version != row.newest:
        yield [say("list.replaced", n=row.newest)]
    if sheet.own is not None:
        yield [part(row, sheet.places, sheet.own, language)]
    for told in list_words.also_on(sheet.result or {}, strings(language)):
        yield [told]
    yield [HUMAN[language], TIE_RULE[language]]
    yield list(HEADS[language])
    kept = list_words.kept_from(row.result, strings(language))
    for place in sheet.places:
        result, day = sheet.results.get(place.place, ("", None))
        told = f"{RESULTS[language][result]}, {day}" if result else ""
        yield cells(place.place, places.told(place, sheet.checked.get(place.household)), language, told, kept)


def part(row: Row[Any], found: Sequence[Row[Any]], own: tuple[int, int], language: Language) -> str:
    """That these places are a part of the list, and which: the quota of the whole is told to everybody."""
    areas = sorted({place.regency or place.province or "" for place in found} - {""})
    names = ", ".join(named(code, language) for code in areas) or "-"
    return PART[language].format(n=families(*own, language), area=names, of=row.result["places"])


def gone(sheet: Sheet, language: Language) -> dict[str, list[list[str]]]:
    """What the page tells of who left, in lines, by name of `lists.GONE`: of which list, how many by reason, also of
    other areas, and whose decision that is, then who they are (`list_words.leavers`)."""
    say, found = strings(language), {}
    for one in list_words.gone(sheet.result or {}, say):
        found[one.name] = list_words.leaving(one, sheet.gone(one.name), say.say("list.gone.note.kept"), say)
    return found


def as_csv(sheet: Sheet, language: Language) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet reads every letter."""
    apart = [line for told in gone(sheet, language).values() for line in ([], *told)]
    return BEGIN + as_lines([*lines(sheet, language), *apart])


def as_xlsx(sheet: Sheet, language: Language) -> bytes:
    """A workbook: the list, and who left the last list and the version before, each on a sheet of their own, with the
    mark of made-up families on each. A spreadsheet changes no code and runs no formula: all but counts, ranks,
    estimates and chances is text."""
    row = sheet.row
    book = Workbook(write_only=True)
    book.properties.creator = "Jaga"
    book.properties.created = book.properties.modified = row.confirmed_at.replace(tzinfo=None)
    _page(book, f"{row.number} v{row.version}", [*lines(sheet, language)], [*HEADS[language]], _WIDTHS)
    for name_, told in gone(sheet, language).items():
        heads = next(iter(list_words.leavers(sheet.gone(name_), strings(language))), [])
        mark = [[MARK[language]]] if row.synthetic else []
        _page(book, strings(language).say(f"list.{name_}.sheet"), [*mark, *told], heads, _WIDTHS_LEFT)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _page(book: Workbook, title: str, told: Sequence[Sequence[str]], heads: Sequence[str], widths: Sequence[int],
          ) -> None:  # fmt: skip
    """A sheet that is read and printed as it is: what stands above its table is a text over all columns, the heads stay
    in sight, and are repeated on every page of a print."""
    page = book.create_sheet(title)
    at = [*told].index(heads) + 1 if heads else 0
    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if at:
        page.freeze_panes, page.print_title_rows = f"A{at + 1}", f"{at}:{at}"
    for number, line in enumerate(told, start=1):
        if number == at:
            page.append([_head(page, own) for own in line])
        else:
            page.append(_counted(line) if number > at > 0 else [" \u00b7 ".join(line)])


def _head(page: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, text)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _counted(line: Sequence[str]) -> list[str | float]:
    """A place with its numbers as such."""
    return [_number(cell) if at in _NUMBERS else cell for at, cell in enumerate(line)]


def _number(cell: str) -> str | float:
    try:
        return int(cell) if cell.isdecimal() else float(cell)
    except ValueError:
        return cell
