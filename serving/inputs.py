"""The register as it lies on disk: contract tables in parquet or CSV, read in batches under bounded memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from features import contract, periods
from features.admit import ContractError
from features.cells import Refusals, parse_column
from features.commands import UserError

ROW = "_row"
"""Column with the 0-based number of a row in its table, so that the quarantine can name it."""
BATCH = 65_536
KINDS = (".parquet", ".csv")


@dataclass(frozen=True, slots=True)
class Source:
    """One table of the input: its files in order, the contract columns they hold and the columns not read."""

    table: contract.Table
    files: tuple[Path, ...]
    columns: tuple[str, ...]
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """A folder of contract tables, by name in the order of the contract."""

    folder: Path
    sources: dict[str, Source]
    synthetic: bool

    def fingerprint(self) -> str:
        """SHA-256 over the names and the bytes of the tables' files, 64 hex digits."""
        total = hashlib.sha256()
        for name, source in self.sources.items():
            for path in source.files:
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                total.update(f"{name} {path.name} {digest}\n".encode())
        return total.hexdigest()


@dataclass(frozen=True, slots=True)
class Extent:
    """What a first look says: rows by table, whether periods are quarters, the latest day a family's fact was known."""

    rows: dict[str, int]
    quarterly: bool
    latest: np.datetime64


def find(folder: Path) -> Register:
    """The register in `folder`, or in its `registry` where it has one.

    Raises
    ------
    UserError : no such folder, or a needed table or column is not there.
    """
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder")
    home = folder / "registry" if (folder / "registry").is_dir() else folder
    sources = {name: source for name, table in contract.TABLES.items() if (source := _source(home, table))}
    absent = [name for name in contract.REQUIRED if name not in sources]
    if absent:
        raise ContractError(f"{home} holds no table {' and '.join(absent)}; needed are {', '.join(contract.REQUIRED)}, "
                            "each as NAME.parquet, NAME.csv or a folder NAME of such files")  # fmt: skip
    return Register(home, sources, _synthetic(folder) or _synthetic(home))


def _synthetic(folder: Path) -> bool:
    path = folder / "manifest.json"
    if not path.is_file():
        return False
    try:
        said = json.loads(path.read_text())
    except ValueError:
        raise UserError(f"{path} is not JSON, so that it cannot say whether the data are synthetic") from None
    return bool(said.get("synthetic")) if isinstance(said, dict) else False


def _source(home: Path, table: contract.Table) -> Source | None:
    inside = sorted(path for path in (home / table.name).glob("**/*") if path.suffix in KINDS)
    beside = [path for kind in KINDS if (path := home / f"{table.name}{kind}").is_file()]
    if len(beside) + bool(inside) > 1:
        raise UserError(f"{home} holds the table {table.name} more than once; keep one of its forms")
    files = tuple(beside or inside)
    if not files:
        return None
    names = [_columns(path) for path in files]
    for path, columns in zip(files, names, strict=True):
        if set(columns) != set(names[0]):
            odd = ", ".join(sorted(set(columns) ^ set(names[0])))
            raise ContractError(f"{table.name}: {path.name} and {files[0].name} differ in columns: {odd}")
    lacking = [field.name for field in table.fields if field.required and field.name not in names[0]]
    if lacking:
        raise ContractError(f"{table.name}: column {', '.join(lacking)} is missing; expected are "
                            f"{', '.join(field.name for field in table.fields if field.required)}")  # fmt: skip
    extra = tuple(sorted(set(names[0]) - set(table.names)))
    return Source(table, files, tuple(name for name in table.names if name in names[0]), extra)


def _columns(path: Path) -> list[str]:
    try:
        if path.suffix == ".parquet":
            return list(pq.read_schema(path).names)
        with pa_csv.open_csv(path) as reader:
            return list(reader.schema.names)
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{path} cannot be read: {error}") from None


def batches(source: Source, columns: tuple[str, ...] | None = None) -> Iterator[Any]:
    """Arrow tables of the source in the order of its rows: contract columns as they are, and `ROW`.

    Nothing is judged here; a CSV file's cells are text, for the door to read.
    """
    wanted = [name for name in source.columns if columns is None or name in columns]
    start = 0
    for path in source.files:
        for batch in _raw(path, wanted):
            data = {name: _decoded(batch.column(name)) for name in wanted}
            data[ROW] = pa.array(np.arange(start, start + batch.num_rows))
            yield pa.table(data)
            start += batch.num_rows


def _decoded(column: Any) -> Any:
    """A dictionary's values: two batches need not have the same dictionary."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _raw(path: Path, columns: list[str]) -> Iterator[Any]:
    try:
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                yield from file.iter_batches(BATCH, columns=columns)
            return
        # Text throughout: a type guessed from the first block would refuse the later ones.
        convert = pa_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), include_columns=columns,
                                        null_values=[""], strings_can_be_null=True)  # fmt: skip
        with pa_csv.open_csv(path, convert_options=convert) as reader:
            yield from reader
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{path} cannot be read: {error}") from None


def survey(register: Register) -> Extent:
    """Look once over the rows: how many, of which frequency, known until when.

    Raises
    ------
    ContractError : a needed table has no rows, or none of its rows says when it was known.
    """
    rows: dict[str, int] = {}
    quarters = 0
    latest = np.datetime64("NaT", "D")
    for name, source in register.sources.items():
        rows[name] = 0
        for batch in batches(source, ("period", "known_at")):
            rows[name] += batch.num_rows
            if name == "households":
                quarters += _quarters(batch.column("period"))
            if name in contract.REQUIRED:
                latest = np.fmax(latest, _latest(batch.column("known_at")))
        if not rows[name] and name in contract.REQUIRED:
            raise ContractError(f"{name}: no rows")
    if np.isnat(latest):
        raise ContractError("households: no cell of known_at holds a date; write 2026-01-31")
    return Extent(rows, 2 * quarters > rows["households"], latest)


def _quarters(column: Any) -> int:
    read = parse_column(contract.HOUSEHOLDS["period"], column, Refusals(), None)
    return int((read >= periods.parse("1800Q1")).sum())


def _latest(column: Any) -> np.datetime64:
    read = parse_column(contract.HOUSEHOLDS["known_at"], column, Refusals(), None)
    return np.fmax.reduce(read, initial=np.datetime64("NaT", "D"))
