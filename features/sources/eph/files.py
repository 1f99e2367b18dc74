"""Finding the files of each quarter: household and person files, paired by the quarter written inside them."""

from __future__ import annotations

import csv
import gzip
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from features import periods
from features.commands import UserError

SUFFIXES = (".tsv", ".txt", ".csv", ".tsv.gz", ".txt.gz", ".csv.gz")
SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma"}


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its separator, its quarter, and the heading of each column as the file writes it, by plain name."""

    path: Path
    separator: str
    headings: dict[str, str]
    period: int


@dataclass(frozen=True, slots=True)
class Wave:
    """The household and the person file of one quarter."""

    period: int
    hogar: Source
    individual: Source


def find(folder: Path) -> list[Wave]:
    """Quarters of a folder, in order; UserError where a file has no counterpart or a quarter has two files."""
    homes, persons = _by_period(folder / "hogar"), _by_period(folder / "individual")
    for mine, other, kind in ((homes, persons, "individual"), (persons, homes, "hogar")):
        for period, source in mine.items():
            if period not in other:
                raise UserError(f"{source.path} holds {periods.text(period)}, but {folder / kind} has no file of that "
                                f"quarter; each quarter needs a hogar and an individual file")  # fmt: skip
    return [Wave(period, homes[period], persons[period]) for period in sorted(homes)]


def _by_period(folder: Path) -> dict[int, Source]:
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder; expected are the folders hogar and individual with the EPH files")
    found: dict[int, Source] = {}
    for path in sorted(path for path in folder.iterdir() if path.name.lower().endswith(SUFFIXES)):
        source = peek(path)
        if source.period in found:
            raise UserError(f"{found[source.period].path} and {path} both hold {periods.text(source.period)}; keep one")
        found[source.period] = source
    if not found:
        raise UserError(f"{folder} has no EPH file; expected are files ending in {', '.join(SUFFIXES)}")
    return found


def peek(path: Path) -> Source:
    """Read heading and first row of a file, so that quarters are known before anything large is read."""
    lines = _first_lines(path)
    if len(lines) < 2:
        raise UserError(f"{path} is empty; expected are a heading and at least one row")
    separator = max(SEPARATORS, key=lines[0].count)
    heading, first = csv.reader(lines, delimiter=separator)
    headings = {name.strip().upper(): name for name in heading}
    row = {name.strip().upper(): cell.strip() for name, cell in zip(heading, first, strict=False)}
    require(path, headings, ("ANO4", "TRIMESTRE"))
    try:
        period = periods.parse(f"{int(row['ANO4'])}Q{int(row['TRIMESTRE'])}")
    except (KeyError, ValueError):
        raise UserError(f"{path}: ANO4 and TRIMESTRE of the first row do not name a quarter; expected are a year of "
                        f"four digits and 1 to 4") from None  # fmt: skip
    return Source(path, separator, headings, period)


def require(path: Path, headings: Iterable[str], needed: Iterable[str]) -> None:
    """UserError that names the columns a file lacks."""
    present = set(headings)
    missing = [name for name in needed if name not in present]
    if missing:
        raise UserError(f"{path}: column {', '.join(missing)} is missing; expected is the layout of INDEC's EPH user "
                        f"files, separated by tab or semicolon ({len(present)} columns found)")  # fmt: skip


def _first_lines(path: Path) -> list[str]:
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        # Only plain letters and digits matter here, so that free text in an old encoding must not stop it.
        with opened(path, "rt", encoding="utf-8-sig", errors="replace", newline=None) as file:
            filled = (line.rstrip("\n") for line in file if line.strip())
            return list(itertools.islice(filled, 2))
    except (OSError, EOFError) as error:
        raise UserError(f"{path} cannot be read: {error}") from None
