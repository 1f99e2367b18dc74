"""Reading raw tables from files: CSV, parquet, Stata and SPSS, alone or in folders; the file's name is the table's.

Codes stay text. Nothing is judged here but whether a file can be read at all: the door (`features.admit`) judges cells.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features import contract, lines, parquet_bounds
from features.commands import UserError
from features.contract import Field
from features.report import quarantine_table, report_counts
from features.values import masked

__all__ = ["KINDS", "read_tables", "report_counts", "torn_lines", "write_quarantine"]

_ANY = contract.Table("table", "A table without rules of its own.", (), ())
_NUMERIC = ("number", "count", "flag")
_NAME, _REASON = 60, 300
"""Characters of a column's name, and of what a library says, that an error shows: both may hold a cell of the file."""
_WHOLE = re.compile(r"-?\d+\.0")
_FEW = 5  # torn lines of a file that are told by number
_OVERFULL = "{}: cannot be read as a table: line {} has {} cells, the head has {}"
TORN = "torn"
"""What `DataFrame.attrs` holds by this name: by file the numbers of its torn lines, where it has some."""
_NAMES = f"{', '.join(contract.TABLES)}"


def read_tables(path: Path) -> dict[str, pd.DataFrame]:
    """Read the contract's tables from a file or a folder.

    Parameters
    ----------
    path : a file whose stem is a table's name (`households.csv`), or a folder of such files and of folders of parts
        (`households/part-0.parquet`), which are read in the order of their names. Other files are left alone.

    Returns
    -------
    Data frames by table. Column names are trimmed and in lower case. Ids, text, periods, dates and choices of a CSV
    file are text, so that province 06 keeps its zero; Stata and SPSS files store codes as numbers, which have none.
    Where a Stata or SPSS column has value labels, a label that is in the contract's vocabulary replaces its code. A
    line of a CSV file with more or fewer cells than its head is a row of empty cells, which the door keeps out, and is
    told in `attrs` (`TORN`).

    Raises
    ------
    UserError : no such path, no table of the contract, a table twice, or a file that is empty, of an unknown kind,
        damaged, or with a column twice.
    """
    if not path.exists():
        raise UserError(f"{path}: no such file or folder")
    return {name: _read_table(name, place) for name, place in _places(path).items()}


def torn_lines(tables: Mapping[str, Any]) -> list[str]:
    """By file of the tables read a line for a person on its torn lines, if any."""
    told: list[str] = []
    for name, frame in tables.items():
        for path, numbers in getattr(frame, "attrs", {}).get(TORN, ()):
            some = ", ".join(map(str, numbers[:_FEW])) + (", ..." if len(numbers) > _FEW else "")
            told.append(f"{name}: {path}: {len(numbers):,} line(s) with more or fewer cells than the head, taken as "
                        f"rows of empty cells: {some}")  # fmt: skip
    return told


def _places(path: Path) -> dict[str, Path]:
    places: dict[str, Path] = {}
    entries = [path] if path.is_file() else sorted(path.iterdir())
    for entry in entries:
        name = _stem(entry)
        if name not in contract.TABLES:
            continue
        if name in places:
            raise UserError(f"{path} has the table {name} twice: {places[name].name} and {entry.name}; keep one")
        places[name] = entry
    if not places:
        inner = [entry.name for entry in entries if entry.name in ("registry", "survey")]
        flat = path.is_file() and _kind(path)
        hint = (f"; it has {' and '.join(inner)} inside: name one of them" if inner else
                "; a flat table of household-periods is judged by jaga evaluate --table, and files of another shape "
                "come in by jaga data import --map" if flat else "")  # fmt: skip
        raise UserError(f"{path}: no table of the contract; expected files or folders named {_NAMES}, "
                        f"ending in {', '.join(KINDS)}{hint}")  # fmt: skip
    return places


def _stem(path: Path) -> str:
    return path.name.split(".")[0].strip().lower()


def _kind(path: Path) -> str | None:
    return next((kind for kind in KINDS if path.name.lower().endswith(kind)), None)


def _read_table(name: str, place: Path) -> pd.DataFrame:
    parts = [place]
    if place.is_dir():
        parts = [part for part in sorted(place.iterdir()) if _kind(part) and not part.name.startswith((".", "_"))]
        if not parts:
            raise UserError(f"{place}: no file in this folder; expected parts ending in {', '.join(KINDS)}")
    frames = [_read_file(contract.TABLES[name], part) for part in parts]
    torn = tuple(own for frame in frames for own in frame.attrs.get(TORN, ()))
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    frame.attrs = {TORN: torn} if torn else {}
    if not len(frame):
        raise UserError(f"{place}: empty; expected rows of {name}")
    return frame


def read_flat(path: Path) -> pd.DataFrame:
    """Any table of a stranger: its columns by their own names and in their own types; a folder holds its parts.

    Raises
    ------
    UserError : it is not there, of no known kind, cannot be read, or names a column twice.
    """
    frames = [_read_file(_ANY, part, str) for part in _flat_parts(path)]
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def _flat_parts(path: Path) -> list[Path]:
    if not path.exists():
        raise UserError(f"{path}: not there")
    parts = sorted(part for part in path.iterdir() if _kind(part)) if path.is_dir() else [path]
    if not parts:
        raise UserError(f"{path}: no file in this folder; expected parts ending in {', '.join(KINDS)}")
    return parts


def read_texts(path: Path, names: Collection[str]) -> tuple[pd.DataFrame, list[str]]:
    """Columns of a stranger's file as text, so that codes keep their zeros: those of `names` that it has.

    Parameters
    ----------
    path : a file, or a folder of parts.
    names : columns, in lower case; the file's own are trimmed and lowered too.

    Returns
    -------
    Columns of text, blanks around it cut, missing where a cell is empty, and the names of all columns of the file. A
    whole number has no decimals: `1.0`, which is how a program writes a code beside empty cells, is `1`.

    Raises
    ------
    UserError : as `read_flat`; or a number is too large for a file that keeps numbers as doubles.
    """
    table = contract.Table("table", "Columns read as text.", (), tuple(Field(name, "text", "") for name in names))
    frames: list[pd.DataFrame] = []
    for part in _flat_parts(path):
        frame = _read_file(table, part)
        had = [str(name) for name in frame.columns]
        texts = {name: _as_text(part, name, frame[name]) for name in had if name in names}
        frames.append(pd.DataFrame(texts, index=frame.index))
    return (frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)), had


def _as_text(path: Path, name: str, cells: pd.Series) -> pd.Series:
    """Text of each cell by its distinct values."""
    at, distinct = pd.factorize(cells)
    told: list[str | None] = [_cell_text(path, name, value) for value in distinct.tolist()]
    return pd.Series([told[place] if place >= 0 else None for place in at.tolist()], cells.index, dtype="str")


def _cell_text(path: Path, name: str, value: Any) -> str | None:
    if isinstance(value, float) and abs(value) > 2**53:
        raise UserError(f"{path}: column {name} has numbers of more digits than a double holds; save it as text")
    if isinstance(value, float) and value == int(value):
        value = int(value)
    if isinstance(value, dt.date):
        value = value.isoformat()[:10]
    text = str(value).strip()
    return (text[:-2] if _WHOLE.fullmatch(text) else text) or None


def _read_file(table: contract.Table, path: Path, clean: Callable[[Any], str] | None = None) -> pd.DataFrame:
    kind = _kind(path)
    if kind is None:
        raise UserError(f"{path}: unknown kind of file; expected one ending in {', '.join(KINDS)}")
    try:
        frame = KINDS[kind](table, path)
    except UserError:
        raise
    except MemoryError:
        raise UserError(f"{path}: larger than the memory of this machine; split it into parts") from None
    except Exception as error:  # each library has exceptions of its own; none of them may end in a traceback
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise UserError(f"{path}: cannot be read as {kind}: {reason[0][:_REASON]}") from error
    names = [(clean or _clean)(name) for name in frame.columns]
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        raise UserError(f"{path}: column {', '.join(masked(name)[:_NAME] for name in again[:3])} is there twice")
    return frame.set_axis(names, axis=1)


def _clean(name: Any) -> str:
    return str(name).strip().lower()


def _rules(table: contract.Table, names: list[Any]) -> dict[Any, Field]:
    return {name: table[_clean(name)] for name in names if _clean(name) in table.names}


def _read_csv(table: contract.Table, path: Path) -> pd.DataFrame:
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            separator = max(",;\t", key=head.count)
            names = next(csv.reader([head], delimiter=separator), [])
            if not names:
                raise UserError(f"{path}: empty; expected a line of column names: {', '.join(table.names[:3])}, ...")
            # A row of the register that is torn is kept out at the door; of another table it ends the reading.
            own = lines.Evened(file, len(names), separator) if table.name in contract.TABLES else None
            try:
                frame = _read_rows(table, own or file, names, separator)
            except (pd.errors.ParserError, pd.errors.ParserWarning):
                file.seek(0)
                if not (more := lines.overfull(file, separator)):
                    raise
                raise UserError(_OVERFULL.format(path, *more)) from None
            if own and own.torn:
                frame.attrs[TORN] = ((str(path), tuple(own.torn)),)
            file.seek(0)
            whole = _as_lines(file, len(frame), separator)
    except UnicodeDecodeError:
        raise UserError(f"{path}: not in UTF-8; save it as CSV UTF-8") from None
    if not whole:
        raise lines.error(path, lambda: opener(path, "rb"), separator)
    return frame.set_axis(names, axis=1)


def _as_lines(file: Any, rows: int, separator: str) -> bool:
    """Whether the lines below the head, those of blanks aside as for pandas, are as many rows."""
    blank, count, last = "\r\n \t".replace(separator, ""), -1, ""
    for line in file:
        if line.strip(blank):
            count, last = count + 1, line
    return count == rows and not lines.goes_on(last, separator)


def _read_rows(table: contract.Table, file: Any, names: list[str], separator: str) -> pd.DataFrame:
    rules = _rules(table, names)
    text = {at: "str" for at, name in enumerate(names) if name in rules and rules[name].kind not in _NUMERIC}
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # a row with more cells than there are names
        return pd.read_csv(file, header=None, sep=separator, dtype=text, keep_default_na=False, na_values=[""],
                           low_memory=False, index_col=False, names=list(range(len(names))))  # fmt: skip


def _read_parquet(table: contract.Table, path: Path) -> pd.DataFrame:
    try:
        read = parquet_bounds.read(path)
    except parquet_bounds.OverfullError as error:
        raise UserError(f"{path}: column {masked(error.column)[:_NAME]} holds more than its rows account for; give one "
                        "short value a cell") from None  # fmt: skip
    for name, rule in _rules(table, read.column_names).items():
        at = read.column_names.index(name)
        if rule.kind not in _NUMERIC and pa.types.is_integer(read.schema.field(at).type):
            # With a cell empty, pandas would make floats of whole numbers and lose the last digits of long ones.
            read = read.set_column(at, name, read.column(at).cast(pa.string()))
    return read.to_pandas(ignore_metadata=True, date_as_object=False)


def _read_stata(table: contract.Table, path: Path) -> pd.DataFrame:
    import pyreadstat

    frame, facts = pyreadstat.read_dta(path)
    return _labelled(table, frame, facts.variable_value_labels)


def _read_spss(table: contract.Table, path: Path) -> pd.DataFrame:
    import pyreadstat

    frame, facts = pyreadstat.read_sav(path)
    return _labelled(table, frame, facts.variable_value_labels)


def _labelled(table: contract.Table, frame: pd.DataFrame, labels: dict[str, dict[Any, str]]) -> pd.DataFrame:
    for name, rule in _rules(table, list(frame.columns)).items():
        vocabulary = set(rule.choices) or (set(contract.FLAG_WORDS) if rule.kind == "flag" else set())
        known = {code: _clean(label) for code, label in labels.get(name, {}).items() if _clean(label) in vocabulary}
        if known:
            cells = [known.get(cell, cell) for cell in frame[name].tolist()]
            frame[name] = pd.Series(cells, index=frame.index, dtype=object)
    return frame


KINDS: dict[str, Callable[[contract.Table, Path], pd.DataFrame]] = {
    **dict.fromkeys((".csv", ".csv.gz", ".tsv", ".tsv.gz"), _read_csv),
    ".parquet": _read_parquet, ".dta": _read_stata, ".sav": _read_spss,
}  # fmt: skip
"""Kinds of file that can be read, by how the name ends."""


def write_quarantine(admitted: Any, path: Path) -> None:
    """Write the quarantine as parquet or CSV, by the file's ending; an existing file is replaced at once.

    Columns: `table`, `row` (from 0, in the order read), `household_id` (keyed), `field`, `rule`.
    """
    from pyarrow import csv as pa_csv

    if path.suffix not in (".parquet", ".csv"):
        raise UserError(f"{path}: the quarantine is written as .parquet or .csv")
    table = quarantine_table(admitted)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    (pq.write_table if path.suffix == ".parquet" else pa_csv.write_csv)(table, part)
    part.replace(path)
