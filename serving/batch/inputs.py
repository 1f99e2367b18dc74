"""The register as it lies on disk: its contract tables, in parquet or CSV, and what a first look at them says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from features import contract, lines, periods, sources
from features.admit import ContractError
from features.cells import Refusals, parse_column
from features.commands import UserError
from features.types import Array
from features.values import masked
from serving import places
from serving.batch.input_rows import Source, Unit, batches, cannot, told_plainly
from serving.places import Place

KINDS = (".parquet", ".csv")


@dataclass(frozen=True, slots=True)
class Register:
    """A folder of contract tables, by name in the order of the contract."""

    folder: Place
    sources: dict[str, Source]
    synthetic: bool

    def fingerprint(self, rows: dict[str, tuple[int, ...]] | None = None, hear: Callable[[int], None] | None = None,
                    ) -> str:  # fmt: skip
        """SHA-256 over the names and the bytes of the tables' files, 64 hex digits.

        rows : those that were read of each file, by table (`Extent.by_file`), to be held against its lines.
        hear : is told on the way how many bytes were read.

        Raises
        ------
        UserError : a CSV file has not one row for each of its lines, as where a quote is left open.
        """
        total, read = hashlib.sha256(), 0
        for name, source in self.sources.items():
            for number, place in enumerate(source.files):
                own, held = hashlib.sha256(), lines.Lines()
                counted = rows is not None and place.suffix == ".csv"
                with place.open() as file:
                    while block := file.read(8 << 20):
                        own.update(block)
                        read += len(block)
                        if hear is not None:
                            hear(read)
                        if counted:
                            held.take(block)
                if rows is not None and counted and not held.are(rows[name][number]):
                    raise lines.error(place, place.open)
                total.update(f"{name} {place.name} {own.hexdigest()}\n".encode())
        return total.hexdigest()

    def size(self, names: tuple[str, ...]) -> int:
        """Bytes of the files of some tables."""
        return sum(place.size for name in names if name in self.sources for place in self.sources[name].files)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a first look says: rows by table and by its files, whether periods are quarters, the latest day on which a
    family's fact was known, and by table the days on which its facts became known, in order."""

    rows: dict[str, int]
    by_file: dict[str, tuple[int, ...]]
    quarterly: bool
    latest: np.datetime64
    known: dict[str, Array]

    def newest(self, as_of: np.datetime64) -> dict[str, str]:
        """By table the last day, up to a date, on which a fact of it became known; tables without one are left out."""
        found = {name: days[days <= as_of] for name, days in self.known.items()}
        return {name: str(days[-1]) for name, days in found.items() if len(days)}


@contextmanager
def readable(folder: str | Path) -> Iterator[None]:
    """UserError that names the input where the place it lies at cannot be read."""
    try:
        yield
    except OSError as error:
        raise UserError(*cannot(places.shown(folder), str(error), str(error))) from None


def find(folder: str | Path) -> Register:
    """The register in `folder` (a path or URL), or in its `registry` where it has one.

    Raises
    ------
    UserError : no such folder, or a needed table or column is not there.
    """
    given = places.place(folder)
    if not given.is_dir():
        raise UserError(f"{given} is no folder", f"{given} bukan folder")
    home = given / "registry" if (given / "registry").is_dir() else given
    found = {name: source for name, table in contract.TABLES.items() if (source := _source(home, table))}
    absent = [name for name in contract.REQUIRED if name not in found]
    if absent:
        raise ContractError(f"{home} holds no table {' and '.join(absent)}; needed are {', '.join(contract.REQUIRED)}, "
                            "each as NAME.parquet, NAME.csv or a folder NAME of such files",
                            f"{home} tidak memuat tabel {' dan '.join(absent)}; yang perlu: "
                            f"{', '.join(contract.REQUIRED)}, masing-masing sebagai NAMA.parquet, NAMA.csv atau folder "
                            "NAMA berisi berkas seperti itu")  # fmt: skip
    above = (given.above,) if given.name in sources.PARTS else ()
    return Register(home, found, _synthetic(given, home, *above))


def _synthetic(*folders: Place) -> bool:
    """Whether a manifest in one of some folders says so; each that is there must say whether or not."""
    files = [folder / sources.MANIFEST for folder in folders]
    return True in {sources.told(file, file.read())["synthetic"] for file in files if file.is_file()}


def _source(home: Place, table: contract.Table) -> Source | None:
    inside = [place for place in (home / table.name).files() if place.suffix in KINDS]
    beside = [place for kind in KINDS if (place := home / f"{table.name}{kind}").is_file()]
    if len(beside) + bool(inside) > 1:
        raise UserError(f"{home} holds the table {table.name} more than once; keep one of its forms",
                        f"{home} memuat tabel {table.name} lebih dari sekali; sisakan satu bentuknya")  # fmt: skip
    files = tuple(beside or inside)
    if not files:
        zipped = next((place for place in home.files() if place.name.startswith(f"{table.name}.csv.")), None)
        if zipped is not None:
            raise UserError(f"{zipped} is compressed; unpack it, or write parquet",
                            f"{zipped} dimampatkan; buka mampatannya, atau tulis parquet")  # fmt: skip
        return None
    names = [_columns(place) for place in files]
    for place, columns in zip(files, names, strict=True):
        if set(columns) != set(names[0]):
            raise ContractError(f"{table.name}: {place.name} and {files[0].name} differ in columns: "
                                f"{_differ(table, set(columns) ^ set(names[0]))[0]}",
                                f"{table.name}: kolom {place.name} dan {files[0].name} berbeda: "
                                f"{_differ(table, set(columns) ^ set(names[0]))[1]}")  # fmt: skip
    lacking = [field.name for field in table.fields if field.required and field.name not in names[0]]
    if lacking:
        needed = ", ".join(field.name for field in table.fields if field.required)
        raise ContractError(f"{table.name}: column {', '.join(lacking)} is missing; expected are {needed}",
                            f"{table.name}: kolom {', '.join(lacking)} tidak ada; yang perlu: {needed}")  # fmt: skip
    extra = tuple(sorted({masked(name) for name in names[0] if name not in table.names}))
    return Source(table, files, tuple(name for name in table.names if name in names[0]), extra)


def _differ(table: contract.Table, odd: set[str]) -> tuple[str, str]:
    """Columns in English and Indonesian, those of the contract by name; others by number alone: those of a file without
    a head are cells of a family."""
    others = len(odd - set(table.names))
    own = [name for name in table.names if name in odd]
    more = ((f"{others} that the contract has not; has each file its head?",
             f"{others} yang tidak ada di kontrak; apakah tiap berkas berjudul?") if others else ())  # fmt: skip
    english, indonesian = (", ".join([*own, *more[at : at + 1]]) for at in (0, 1))
    return english, indonesian


def _columns(place: Place) -> list[str]:
    with told_plainly(place), place.open() as file:
        if place.suffix == ".parquet":
            return list(pq.read_schema(file).names)
        with pa_csv.open_csv(file, parse_options=pa_csv.ParseOptions(invalid_row_handler=lambda _: "skip")) as reader:
            names = list(reader.schema.names)
    other = next((mark for mark in (";", "\t", "|") if len(names) == 1 and mark in names[0]), None)
    if other:
        raise UserError(f"{place}: the cells of a row are parted by {other!r}; a comma is expected",
                        f"{place}: sel sebaris dipisah oleh {other!r}; yang perlu koma")  # fmt: skip
    return names


def empty(register: Register) -> list[str]:
    """Columns of the contract, of households and members, that hold nothing in any row, or that are not there."""
    found: list[str] = []
    for source in (register.sources[name] for name in contract.REQUIRED):
        left = set(source.columns)
        for number in range(len(source.files)):
            for batch in batches(source, Unit.of_file(source.table.name, number), tuple(left)) if left else ():
                left -= {name for name in left if batch[name].null_count < batch.num_rows}
        found += [name for name in source.table.names if name in left or name in source.absent]
    return found


def survey(register: Register, hear: Callable[[int], None] | None = None) -> Extent:
    """Look once over the rows: how many, of which frequency, known until when.

    hear : is told on the way how many rows were read.

    Raises
    ------
    ContractError : a needed table has no rows, or none of its rows says when it was known.
    """
    by_file: dict[str, tuple[int, ...]] = {}
    known: dict[str, Array] = {}
    quarters = read = 0
    for name, source in register.sources.items():
        counts, days = [], [np.empty(0, "datetime64[D]")]
        for number in range(len(source.files)):
            rows = 0
            for batch in batches(source, Unit.of_file(name, number), ("period", "known_at")):
                rows += batch.num_rows
                read += batch.num_rows
                if hear is not None:
                    hear(read)
                if name == "households":
                    quarters += _quarters(batch.column("period"))
                days.append(_days(batch.column("known_at")))
            counts.append(rows)
        known[name] = np.unique(np.concatenate(days))
        by_file[name] = tuple(counts)
        if not sum(counts) and name in contract.REQUIRED:
            raise ContractError(f"{name}: no rows")
    own = np.concatenate([known[name] for name in contract.REQUIRED])
    if not len(own):
        raise ContractError("households: no cell of known_at holds a date; write 2026-01-31")
    rows_of = {name: sum(counts) for name, counts in by_file.items()}
    return Extent(rows_of, by_file, 2 * quarters > rows_of["households"], own.max(), known)


def _quarters(column: Any) -> int:
    """Rows whose period is a quarter; each distinct cell is read once."""
    told = pc.value_counts(column.combine_chunks())
    cells = told.field("values")
    read = parse_column(contract.HOUSEHOLDS["period"], cells, Refusals(), None)
    return int(told.field("counts").to_numpy()[read >= periods.parse("1800Q1")].sum())


def _days(column: Any) -> Array:
    """The days of a column, each once; a cell that is no date is left to the door."""
    read = parse_column(contract.HOUSEHOLDS["known_at"], pc.unique(column), Refusals(), None)
    return np.unique(read[~np.isnat(read)])
