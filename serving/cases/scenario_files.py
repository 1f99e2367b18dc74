"""Scenarios as files: csv and xlsx for people, JSON for machines, the brief as PDF.

Each says by which scenario, seed, families and model its figures came, and that they are of made-up families where they
are. Figures are written as they are, without rounding, so that a file read back is the same.
"""

from __future__ import annotations

import io
import json
import logging
import subprocess
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl import Workbook

from features.commands import UserError
from models import drawn
from models.schemes import brief as briefs
from models.schemes import pictures
from models.schemes.tables import tables
from models.schemes.words import said
from models.text import Language
from serving.limits import WORK_SECONDS
from serving.lists_files import MARK
from serving.office import Office
from serving.problems import Problem
from serving.safe_cells import BEGIN, as_lines, safe

log = logging.getLogger("jaga")
Row = dict[str, Any]
MOST_IN_BRIEF = 2
_ROOM = threading.BoundedSemaphore(1)
"""A brief is set by a process of its own: one at a time."""


def name(found: Mapping[str, Any], suffix: str) -> str:
    """Name of the file."""
    numbers = "_".join(own["number"] for own in found["scenarios"])
    return f"{'sintetis_' if found['data']['synthetic'] else ''}skenario_{numbers}.{suffix}"


def about(found: Mapping[str, Any], language: Language) -> Iterator[list[str]]:
    """Lines before the figures: the mark of made-up families, what is needed to run it again, what each answer is."""
    if found["data"]["synthetic"]:
        yield [MARK[language]]
    for own in found["scenarios"]:
        yield ["scenario", own["number"], safe(own["title"][language]), own["sha256"]]
    yield ["seed", str(found["seed"]), "draws", str(found["draws"])]
    data = found["data"]
    yield ["data", safe(data["source"]), "model", safe(data["model"]), "dynamics", safe(data["dynamics"])]
    for arm in found["arms"]:
        yield ["arm", arm["name"], safe(arm["title"][language]), arm["from"]["number"],
               "" if arm["evidence"] else said("response", language)]  # fmt: skip


def as_csv(found: Mapping[str, Any], language: Language) -> bytes:
    """All tables in one, the first column saying which; UTF-8 with its mark."""
    made = tables(found)
    columns = list(dict.fromkeys(column for rows in made.values() for row in rows[:1] for column in row))
    lines = [*about(found, language), ["table", *columns]]
    for table, rows in made.items():
        lines += [[table, *(_cell(row.get(column)) for column in columns)] for row in rows]
    return BEGIN + as_lines(lines)


def as_xlsx(found: Mapping[str, Any], language: Language) -> bytes:
    """A sheet a table, and one before them that says what they are of; numbers are numbers."""
    book = Workbook(write_only=True)
    book.properties.creator = "Jaga"
    first = book.create_sheet("tentang" if language == "id" else "about")
    for line in about(found, language):
        first.append(line)
    for table, rows in tables(found).items():
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


def as_json(found: Mapping[str, Any], language: Language) -> bytes:
    """The whole result."""
    mark = {"label": MARK[language]} if found["data"]["synthetic"] else {}
    return json.dumps({**mark, **found}, ensure_ascii=False, allow_nan=False, indent=1).encode()


def brief(office: Office, found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """What the brief says, its pictures drawn. Problem `invalid` of more than two scenarios is the caller's."""
    asked = pictures.asks(found, language)
    names = [one for one in briefs.PICTURES if one in asked]
    svgs = drawn.pictures(office.home, [asked[one] for one in names])
    return briefs.told(found, language, dict(zip(names, svgs, strict=True)))


def as_pdf(office: Office, found: Mapping[str, Any], language: Language) -> bytes:
    """The brief as PDF. Problem `no_pdf` where what sets it is not installed or fails."""
    if not _ROOM.acquire(timeout=WORK_SECONDS):
        raise Problem("busy", headers={"Retry-After": "5"})
    try:
        return briefs.pdf_elsewhere(brief(office, found, language))
    except (UserError, OSError, subprocess.SubprocessError) as error:
        log.warning("a brief cannot be set: %s", error if isinstance(error, UserError) else type(error).__name__)
        raise Problem("no_pdf") from None
    finally:
        _ROOM.release()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else safe(str(value))
