"""Rows of a table of the register: cut into units, and read in batches under bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from features import contract, lines, parquet_bounds
from features.commands import UserError
from features.types import Array
from features.values import NESTED, masked
from serving.places import Place

ROW = "_row"
"""Column with the 0-based number of a row in its table, so that the quarantine can name it."""
BATCH = 65_536
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


@contextmanager
def told_plainly(place: Place) -> Iterator[None]:
    """Errors of Arrow as UserError, without what the file holds: a message may not show the id of a family."""
    try:
        yield
    except UnicodeDecodeError:
        raise UserError(*cannot(place, *_NO_TEXT)) from None
    except pa.ArrowException as error:
        if place.suffix == ".parquet":
            raise UserError(*cannot(place, str(error), str(error))) from None
        if "newlines_in_values" in str(error):  # a cell that goes on beyond what Arrow reads at a time
            raise lines.error(place, place.open) from None
        why = (_NO_TEXT if "UTF8" in str(error) else ("it is empty", "kosong") if "Empty" in str(error)
               else ("no CSV", "bukan CSV"))  # fmt: skip
        raise UserError(*cannot(place, *why)) from None
    except OSError as error:
        raise UserError(*cannot(place, str(error), str(error))) from None


_OVERFULL = ("column {name} holds more than its rows account for; give one short value a cell",
             "kolom {name} memuat lebih dari yang wajar untuk barisnya; beri satu nilai pendek tiap sel")  # fmt: skip
_NO_TEXT = ("it is not UTF-8 text", "bukan teks UTF-8")


def cannot(place: Place | str, english: str, indonesian: str) -> tuple[str, str]:
    """That a place cannot be read and why, in English and Indonesian."""
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
    with told_plainly(place), place.open() as file:
        if place.suffix == ".parquet":
            known = pq.read_metadata(file)
            flat = parquet_bounds.flat(known)
            own = [name for name in columns if name in flat] or flat[:1]
            some = None if group is None else [group]
            if not own:
                raise UserError(*cannot(place, "it holds lists and structs alone", "isinya hanya daftar dan objek"))
            if name := parquet_bounds.overfull(known, own, some):
                raise UserError(*cannot(place, *(words.format(name=masked(name)) for words in _OVERFULL)))
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
