"""A result as one CSV or as a workbook, for people.

Each says by which scenario, seed, families and model its figures came, and that they are of made-up families where they
are. Figures are written as they are, without rounding, so that a file read back is the same. `found` is of
`models.schemes.beside.together`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from features.safe_cells import BEGIN, as_lines, safe
from models.schemes import grounds, named, origin
from models.schemes.tables import tables
from models.schemes.words import said
from models.words import MARK, Language


def about(found: Mapping[str, Any], language: Language) -> Iterator[list[str]]:
    """Lines before the figures: the mark of made-up families, what is needed to run it again, what each answer is."""
    if found["data"]["synthetic"]:
        yield [MARK[language]]
    for own in found["scenarios"]:
        yield ["scenario", own["number"], safe(own["title"][language]), own["sha256"]]
        yield from (["file", own["number"], safe(one["use"]), one["sha256"]] for one in own["files"])
    if area := named.area(found, language):
        yield ["area", safe(area)]
    yield ["seed", str(found["seed"]), "draws", str(found["draws"])]
    data = found["data"]
    yield ["data", safe(origin.source(data["source"], language)), "model", safe(origin.model(data["model"], language)),
           "dynamics", safe(origin.dynamics(data["dynamics"], language))]  # fmt: skip
    for arm in found["arms"]:
        yield ["arm", arm["name"], safe(arm["title"][language]), arm["from"]["number"],
               "" if arm["evidence"] else said("response", language), arm["from"]["arm"]]  # fmt: skip


def worded(found: Mapping[str, Any], language: Language) -> dict[str, list[dict[str, Any]]]:
    """The tables with what the library says of a figure (unit, basis, source, what its cost lacks, note) in words, as
    the page has them; names and codes stay as they are."""
    made = tables(found)
    return made | {"asumsi": [row | {
        "unit": said(f"unit.{row['unit']}", language), "basis": said(f"basis.{row['basis']}", language),
        "source": grounds.source(row["source"], language), "lacks": grounds.source(row["lacks"], language),
        "note": grounds.source(row["note"], language)}
        for row in made["asumsi"]]}  # fmt: skip


def as_csv(found: Mapping[str, Any], language: Language) -> bytes:
    """All tables in one, the first column saying which; UTF-8 with its mark."""
    made = worded(found, language)
    columns = list(dict.fromkeys(column for rows in made.values() for row in rows[:1] for column in row))
    lines = [*about(found, language), ["table", *columns]]
    for table, rows in made.items():
        lines += [[table, *(_cell(row.get(column)) for column in columns)] for row in rows]
    return BEGIN + as_lines(lines)


def as_xlsx(found: Mapping[str, Any], language: Language) -> bytes:
    """A sheet a table, and one before them that says what they are of; numbers are numbers."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "Jaga"
    first = book.create_sheet("tentang" if language == "id" else "about")
    for line in about(found, language):
        first.append(line)
    for table, rows in worded(found, language).items():
        sheet = book.create_sheet(table)
        columns = list(rows[0]) if rows else []
        if found["data"]["synthetic"]:
            sheet.append([MARK[language]])
        sheet.append(columns)
        for row in rows:
            sheet.append([safe(own) if isinstance(own, str) else own for own in (row[column] for column in columns)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else safe(str(value))
