"""Routes of files: a confirmed list as csv or xlsx."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from features.safe_cells import CSV, as_lines
from models.text import Language
from serving.api import examples
from serving.api.routes import Answer, Call, Route
from serving.api.shapes import Version
from serving.cases import files, list_reads
from serving.lists.files import cells
from serving.office import Office

_Make = Callable[[list_reads.Sheet, Language], bytes]


def _file(suffix: str, media: str, make: _Make) -> Callable[[Office, Call], Answer]:
    def handle(office: Office, call: Call) -> Answer:
        sheet = list_reads.sheet(office, call.who, call.path["no"], version=call.query.version)
        language = call.languages[0] if len(call.languages) == 1 else call.who.language
        told = {"Content-Disposition": f'attachment; filename="{files.name(sheet.row, suffix)}"'}
        return Answer(make(sheet, language), 200, media, told, sheet.row.synthetic)

    return handle


_EXPORT: dict[str, Any] = {"tag": "lists", "scope": "lists.read", "act": "list.export", "answer": None,
           "query": Version,
           "problems": ("bad_query", "not_in_area", "not_confirmed", "read_only")}  # fmt: skip
_ABOUT = ("One line a place, in the caller's areas; then how many left the last list by reason, and who "
          "of these. Made-up families are marked in the first line and in the name of the file. "
          "A cell that a spreadsheet would run as a formula is quoted.")  # fmt: skip
_LIST: Any = SimpleNamespace(synthetic=True, title="PKH", quarter="2026Q4", number="D-2026-0001", version=1, newest=1,
                             hash="0" * 64, run=examples.RUN, result={})  # fmt: skip
_LINES = [
    *files.lines(list_reads.Sheet(_LIST, (), {}, None), "en"),
    cells(examples.PLACE["place"], examples.PLACE, "en"),
]
_HOLDS = "the mark of made-up families, what the list is, how places were given, the heads, then one line a place."
ROUTES = (
    Route("GET", "/v1/lists/{no}.csv", "list_csv", summary="A confirmed list as csv", about=_ABOUT,
          handle=_file("csv", CSV, files.as_csv), media="text/csv", file=files.name(_LIST, "csv"),
          given=f"UTF-8 with its mark: {_HOLDS} After an empty line how many left, and who, where anybody did.",
          example=as_lines(_LINES).decode(), **_EXPORT),
    Route("GET", "/v1/lists/{no}.xlsx", "list_xlsx", summary="A confirmed list as xlsx", about=_ABOUT,
          handle=_file("xlsx", files.XLSX, files.as_xlsx), media=files.XLSX, file=files.name(_LIST, "xlsx"),
          given=f"A workbook, its numbers as such: {_HOLDS} Who left is a sheet of its own.", **_EXPORT),
)  # fmt: skip
