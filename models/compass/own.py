"""An office's own figures of the industries, read under the same rules as those that ship."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from math import isfinite
from pathlib import Path

from features import file_words, reference
from features.commands import UserError
from features.contract import SECTIONS
from models.compass.measures import BY_KEY, SCHOOLED

OWN = "JAGA_COMPASS"
"""Variable that names the table (CSV with `COLUMNS`); its rows count before those that ship."""
COLUMNS = ("section", "division", "province", "measure", "value", "unit", "year", "source")
_MOST_MIB = 16
OF_PROVINCES = ("unemployment", "participation", "urban")
"""Figures that the table of provinces holds of each of them, and none of the nation."""
FACTS = ("layoffs", "vacancies", "informality", *OF_PROVINCES, "wage")
"""Figures of a whole place, of all industries together."""


@cache
def sections_of() -> dict[str, str]:
    """Section of each division (two digits of KBLI 2020)."""
    return {row["division"]: row["section"] for row in reference.rows("divisions.csv")}


def rows(path: str, provinces: Collection[str]) -> list[dict[str, str]]:
    """Rows of the table at `path`, none without one.

    Raises
    ------
    UserError : it cannot be read or is no table of that size, or a row breaks a rule: with its row, column and rule.
    """
    if not path:
        return []
    reader = csv.DictReader(io.StringIO(_text(Path(path)), newline=""))
    try:
        lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        found = list(reader)
    except csv.Error:
        at = reader.line_num + 1
        raise UserError(
            f"{OWN}: {path} row {at}: a cell without its second quote, or of more than 131,072 characters",
            f"{OWN}: {path} baris {at}: sel tanpa tanda kutip penutup, atau lebih dari 131.072 karakter",
        ) from None
    if lacking:
        names = ", ".join(lacking)
        raise UserError(f"{OWN}: {path} lacks {names}", f"{OWN}: {path} tidak memuat kolom {names}")
    for number, row in enumerate(found, 2):
        for name, (indonesian, english) in broken(row, provinces):
            raise UserError(f"{OWN}: {path} row {number}, {name} {row[name]!r:.80}: {english}",
                            f"{OWN}: {path} baris {number}, {name} {row[name]!r:.80}: {indonesian}")  # fmt: skip
    return found


def _text(path: Path) -> str:
    """What is in the file; UserError where it is none, a pipe or a device included, which have no end, or too large."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise ValueError
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read(_MOST_MIB << 20)
            if file.read(1):
                raise UserError(f"{OWN}: {path} is larger than {_MOST_MIB} MiB",
                                f"{OWN}: {path} lebih besar dari {_MOST_MIB} MiB")  # fmt: skip
    except (OSError, ValueError) as error:
        raise file_words.unreadable(path, error) from None
    return text


def broken(row: Mapping[str, str], provinces: Collection[str]) -> Iterable[tuple[str, tuple[str, str]]]:
    """Columns of a row that break a rule, each with the rule in Bahasa Indonesia and English."""
    measure, section = BY_KEY.get(row["measure"]), row["section"] or ""
    if section and any(letter not in SECTIONS for letter in section):
        yield "section", ("huruf A sampai U dari KBLI 2020, atau kosong untuk seluruh wilayah",
                          "letters A to U of KBLI 2020, or empty for a whole place")  # fmt: skip
    if row["division"] and sections_of().get(row["division"]) != section:
        yield "division", ("dua angka golongan pokok dari kategori ini, atau kosong",
                           "two digits of a division of this section, or empty")  # fmt: skip
    if row["province"] and row["province"] not in provinces:
        yield "province", ("kode BPS sebuah provinsi, atau kosong untuk seluruh Indonesia",
                           "BPS code of a province, or empty for the nation")  # fmt: skip
    if not (measure or row["measure"] in SCHOOLED or (not section and row["measure"] in FACTS)):
        names, facts = f"{', '.join(BY_KEY)}; {', '.join(SCHOOLED[1:])}", ", ".join(FACTS)
        yield "measure", (f"salah satu dari {names}; untuk seluruh wilayah {facts}",
                          f"one of {names}; of a whole place {facts}")  # fmt: skip
    try:
        value = float(row["value"] or "")
        if not isfinite(value) or (measure and not measure.low <= value <= measure.high):
            raise ValueError
    except ValueError:
        ends = ("", "")
        if measure and isfinite(measure.high):
            ends = f" dari {measure.low:g} sampai {measure.high:g}", f" from {measure.low:g} to {measure.high:g}"
        elif measure and isfinite(measure.low):
            ends = f" dari {measure.low:g} ke atas", f" of {measure.low:g} or more"
        yield "value", (f"sebuah angka{ends[0]}", f"a number{ends[1]}")
    if not (row["year"] or "").isdecimal() or len(row["year"]) != 4:
        yield "year", ("empat angka", "four digits")
    for name in ("unit", "source"):
        if not (row[name] or "").strip():
            yield name, ("harus diisi", "must say it")
