"""The register as it lies on disk: contract tables in parquet or CSV, read in batches under bounded memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from features import contract, lines, parquet_bounds, periods
from features.admit import ContractError
from features.cells import Refusals, parse_column
from features.commands import UserError
from features.types import Array
from features.values import NESTED, masked
from serving import places
from serving.places import Place

ROW = "_row"
"""Column with the 0-based number of a row in its table, so that the quarantine can name it."""
BATCH = 65_536
KINDS = (".parquet", ".csv")


UNIT, MOST_UNITS = 250_000, 64
"""Rows that are cut in one go, about, and units of a table at most. A CSV file is never divided."""


@dataclass(frozen=True, slots=True)
class Source:
    """One table of the input: its files in order, the contract columns they hold and the columns not read."""

    table: contract.Table
    files: tuple[Place, ...]
    columns: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def absent(self) -> tuple[str, ...]:
        """Columns that the contract has and the table lacks."""
        return tuple(name for name in self.table.names if name not in self.columns)


class Piece(NamedTuple):
    """A file of a table by its number, or one row group of it."""

    file: int
    group: int | None


@dataclass(frozen=True, slots=True)
class Unit:
    """Some rows of a table, one after the other: pieces of its files. `start` is the number of the first row."""

    table: str
    pieces: tuple[Piece, ...]
    start: int

    @classmethod
    def of_file(cls, table: str, number: int) -> Unit:
        """All rows of one file, numbered from 0."""
        return cls(table, (Piece(number, None),), 0)

    def stamps(self, source: Source) -> list[list[int]]:
        """What tells that one of its files was written to (`Place.stamp`)."""
        return [source.files[number].stamp for number in dict.fromkeys(piece.file for piece in self.pieces)]


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
        raise UserError(*_cannot(places.shown(folder), str(error), str(error))) from None


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
    sources = {name: source for name, table in contract.TABLES.items() if (source := _source(home, table))}
    absent = [name for name in contract.REQUIRED if name not in sources]
    if absent:
        raise ContractError(f"{home} holds no table {' and '.join(absent)}; needed are {', '.join(contract.REQUIRED)}, "
                            "each as NAME.parquet, NAME.csv or a folder NAME of such files",
                            f"{home} tidak memuat tabel {' dan '.join(absent)}; yang perlu: "
                            f"{', '.join(contract.REQUIRED)}, masing-masing sebagai NAMA.parquet, NAMA.csv atau folder "
                            "NAMA berisi berkas seperti itu")  # fmt: skip
    return Register(home, sources, _synthetic(given) or _synthetic(home))


def _synthetic(folder: Place) -> bool:
    place = folder / "manifest.json"
    if not place.is_file():
        return False
    try:
        said = json.loads(place.read())
    except (ValueError, RecursionError):
        raise UserError(f"{place} is not JSON, so that it cannot say whether the data are synthetic",
                        f"{place} bukan JSON, maka tidak jelas apakah datanya sintetis") from None  # fmt: skip
    return bool(said.get("synthetic")) if isinstance(said, dict) else False


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
    with _told_plainly(place), place.open() as file:
        if place.suffix == ".parquet":
            return list(pq.read_schema(file).names)
        with pa_csv.open_csv(file, parse_options=pa_csv.ParseOptions(invalid_row_handler=lambda _: "skip")) as reader:
            names = list(reader.schema.names)
    other = next((mark for mark in (";", "\t", "|") if len(names) == 1 and mark in names[0]), None)
    if other:
        raise UserError(f"{place}: the cells of a row are parted by {other!r}; a comma is expected",
                        f"{place}: sel sebaris dipisah oleh {other!r}; yang perlu koma")  # fmt: skip
    return names


@contextmanager
def _told_plainly(place: Place) -> Iterator[None]:
    """Errors of Arrow as UserError, without what the file holds: a message may not show the id of a family."""
    try:
        yield
    except UnicodeDecodeError:
        raise UserError(*_cannot(place, *_NO_TEXT)) from None
    except pa.ArrowException as error:
        if place.suffix == ".parquet":
            raise UserError(*_cannot(place, str(error), str(error))) from None
        if "newlines_in_values" in str(error):  # a cell that goes on beyond what Arrow reads at a time
            raise lines.error(place, place.open) from None
        why = (_NO_TEXT if "UTF8" in str(error) else ("it is empty", "kosong") if "Empty" in str(error)
               else ("no CSV", "bukan CSV"))  # fmt: skip
        raise UserError(*_cannot(place, *why)) from None
    except OSError as error:
        raise UserError(*_cannot(place, str(error), str(error))) from None


_OVERFULL = ("column {name} holds more than its rows account for; give one short value a cell",
             "kolom {name} memuat lebih dari yang wajar untuk barisnya; beri satu nilai pendek tiap sel")  # fmt: skip
_NO_TEXT = ("it is not UTF-8 text", "bukan teks UTF-8")


def _cannot(place: Place | str, english: str, indonesian: str) -> tuple[str, str]:
    return f"{place} cannot be read: {english}", f"{place} tidak dapat dibaca: {indonesian}"


def units(source: Source, rows: tuple[int, ...]) -> list[Unit]:
    """The source cut into units of about `UNIT` rows or more; `rows` are those of each file.

    Small files go together: a unit leaves a piece of each part, and pieces of a few rows cost more than their rows.
    """
    least = max(UNIT, sum(rows) // MOST_UNITS)
    found: list[Unit] = []
    own: list[Piece] = []
    start = held = 0
    for number, place in enumerate(source.files):
        for piece, size in _pieces(place, number, rows[number], least):
            own.append(piece)
            held += size
            if held >= least:
                found.append(Unit(source.table.name, tuple(own), start))
                own, start, held = [], start + held, 0
    return [*found, Unit(source.table.name, tuple(own), start)] if own else found


def _pieces(place: Place, number: int, rows: int, least: int) -> Iterator[tuple[Piece, int]]:
    """A file, or where it is parquet and large its row groups, each with its rows."""
    if place.suffix != ".parquet" or rows <= least:
        yield Piece(number, None), rows
        return
    with place.open() as file, pq.ParquetFile(file) as parquet:
        for group in range(parquet.num_row_groups):
            yield Piece(number, group), parquet.metadata.row_group(group).num_rows


def batches(source: Source, unit: Unit, columns: tuple[str, ...] | None = None) -> Iterator[Any]:
    """Arrow tables of a unit's rows in their order: contract columns as they are, and `ROW`.

    Nothing is judged here; a CSV file's cells are text, for the door to read. Texts of parquet come as dictionaries, as
    they lie in the file, and two tables need not have the same. Of a column of lists or structs nothing is
    unpacked: each of its cells is `values.NESTED`, which the door refuses.
    """
    wanted = [name for name in source.columns if columns is None or name in columns]
    start = unit.start
    for piece in unit.pieces:
        for batch in _raw(source.files[piece.file], wanted, piece.group):
            data = {name: _plain(batch, name) for name in wanted}
            data[ROW] = pa.array(np.arange(start, start + batch.num_rows))
            yield pa.table(data)
            start += batch.num_rows


def _plain(batch: Any, name: str) -> Any:
    """A column of a batch, as a dictionary only of texts; `NESTED` in each row where it was not read."""
    if name not in batch.schema.names:
        return pa.repeat(NESTED, batch.num_rows)
    column = batch.column(name)
    kind = column.type
    return column.cast(kind.value_type) if pa.types.is_dictionary(kind) and kind.value_type != pa.string() else column


def _raw(place: Place, columns: list[str], group: int | None) -> Iterator[Any]:
    """Batches of the columns; of parquet without those that are nested, but at least with one."""
    with _told_plainly(place), place.open() as file:
        if place.suffix == ".parquet":
            known = pq.read_metadata(file)
            flat = parquet_bounds.flat(known)
            own = [name for name in columns if name in flat] or flat[:1]
            some = None if group is None else [group]
            if not own:
                raise UserError(*_cannot(place, "it holds lists and structs alone", "isinya hanya daftar dan objek"))
            if name := parquet_bounds.overfull(known, own, some):
                raise UserError(*_cannot(place, *(words.format(name=masked(name)) for words in _OVERFULL)))
            with pq.ParquetFile(file, metadata=known, read_dictionary=own) as parquet:
                yield from parquet.iter_batches(BATCH, columns=own, row_groups=some)
            return
        torn: list[int] = []

        def tear(row: Any) -> str:
            torn.append(row.number)
            return "skip"

        # Text throughout: a type guessed from the first block would refuse the later ones. One thread, so that a row
        # with too many or too few cells is known by its number.
        convert = pa_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), include_columns=columns,
                                        null_values=[""], strings_can_be_null=True)  # fmt: skip
        parse = pa_csv.ParseOptions(invalid_row_handler=tear)
        with pa_csv.open_csv(file, pa_csv.ReadOptions(use_threads=False), parse, convert) as reader:
            yield from _with_torn(reader, torn)


def _with_torn(batches_: Iterable[Any], torn: list[int]) -> Iterator[Any]:
    """The batches with a row of empty cells in place of each torn one, which the contract then keeps out.

    torn : numbers in the file (its head is 1) of rows that were skipped, in order; grows while the batches are read.
    """
    at, empty = 2, None
    for batch in batches_:
        empty, own = batch.slice(0, 0), 0
        while own < len(torn) and torn[own] < at + batch.num_rows + own:
            own += 1
        holes = np.array(torn[:own], dtype=np.int64) - at
        del torn[:own]
        size = batch.num_rows + own
        at += size
        yield _spaced(batch, holes, size) if own else batch
    if torn and empty is not None:
        yield _spaced(empty, np.arange(len(torn)), len(torn))


def _spaced(batch: Any, holes: Array, size: int) -> Any:
    """The batch with empty rows at `holes`; `size` rows in all."""
    hole = np.zeros(size, dtype=bool)
    hole[holes] = True
    return batch.take(pa.array(np.cumsum(~hole) - 1, mask=hole))


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
