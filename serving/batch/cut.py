"""A register cut into parts that keep families whole: by ranges of the household's code, on disk, unit by unit.

Each unit of the input becomes one Arrow file in which the rows of a part lie together, with a note that says where.
Codes are keyed hashes, so ranges are even; parts in order give the households in order.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features import halves
from features.commands import UserError
from serving.batch import codes, runs
from serving.batch.input_rows import ROW, Unit, batches, units
from serving.batch.inputs import Register

OWN = {"households": "household_id", "members": "household_id", "shocks": "place"}
"""Tables that are cut, each with the column that names the household."""
CHANGED = (
    "the input changed while it was read, and nothing was published; once it is at rest, score it into another "
    "--output, or remove the unfinished one first",
    "masukan berubah saat dibaca, dan tidak ada yang diterbitkan; setelah tenang, nilai ke --output lain, atau "
    "hapus dulu yang belum selesai",
)
_HELD = 256 << 20  # bytes of rows held back until they are worth a write
_FEW = 4096  # texts of a column that is kept as a dictionary
_LIGHT = pa.ipc.IpcWriteOptions(compression="lz4")


class Parts:
    """The parts of a register that was cut."""

    def __init__(self, folder: Path, columns: dict[str, tuple[str, ...]]) -> None:
        """Read the notes of all units.

        Parameters
        ----------
        folder : where the units' files and notes lie. columns : columns of each table that was cut.
        """
        self._columns = columns
        self._where: dict[str, dict[int, list[tuple[Path, list[int]]]]] = {}
        for name in columns:
            own = self._where[name] = defaultdict(list)
            for note in sorted(folder.glob(f"{name}-*.json")):
                for file, said in json.loads(note.read_text())["files"].items():
                    for number, batches_ in said["parts"].items():
                        own[int(number)].append((folder / file, batches_))
        self._open: dict[Path, Any] = {}

    def read(self, number: int) -> dict[str, Any]:
        """Arrow tables of one part, rows in the order of the input."""
        return {name: joined([self._some(*where) for where in own[number]], self._columns[name])
                for name, own in self._where.items()}  # fmt: skip

    def _some(self, path: Path, numbers: list[int]) -> Any:
        if path not in self._open:
            self._open[path] = pa.ipc.open_file(pa.memory_map(str(path)))
        return pa.Table.from_batches([self._open[path].get_batch(number) for number in numbers])


def rows_of(register: Register, unit: Unit, key: Callable[[], bytes]) -> Iterator[Any]:
    """Rows of a unit of a table that is cut, ids as codes; of the shocks, those of single households."""
    name = unit.table
    for table in batches(register.sources[name], unit):
        if name == "shocks":
            table = table.filter(own_shock(table))
        at = table.column_names.index(OWN[name])
        ids = codes.codes(table.column(at).combine_chunks(), key)
        yield table.set_column(at, OWN[name], ids)


def own_shock(table: Any) -> Any:
    """Mask of the shocks that hit one household; all others concern everyone in a place."""
    scope = table.column("scope").cast(pa.string())
    return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(scope), "household"), False)


def cut(register: Register, unit: Unit, number: int, count: int, folder: Path, key: Callable[[], bytes]) -> None:
    """Cut a unit into `count` parts: a file for each heap of rows and a note, or nothing where they are there.

    Raises
    ------
    UserError : a file was written to while it was read.
    """
    note, stamps = _note(folder, unit, number), unit.stamps(register.sources[unit.table])
    if note.exists() and _stands(note, stamps):
        return
    told: dict[str, Any] = {}
    for heap, held in enumerate(_heaps(rows_of(register, unit, key))):
        path = folder / f"{note.stem}-{heap:03d}.arrow"
        half = halves.of(path)
        parts = _file(held, OWN[unit.table], count, half)
        told[path.name] = {"parts": parts, **runs.told(half)}
        runs.settle(half, path, checked=True)
    if unit.stamps(register.sources[unit.table]) != stamps:
        raise UserError(*CHANGED)
    runs.write_json(note, {"read": stamps, "files": told})


def _stands(note: Path, stamps: list[list[int]]) -> bool:
    """Whether what an earlier start cut is whole, and of the files as they are now."""
    said = json.loads(note.read_text())
    return said["read"] == stamps and all(runs.is_as_told(note.parent / name, own)
                                          for name, own in said["files"].items())  # fmt: skip


def still(register: Register, units_: Iterable[tuple[int, Unit]], folder: Path) -> bool:
    """Whether the files of units that were cut are as they were when they were read."""
    return all(json.loads(_note(folder, unit, number).read_text())["read"] == unit.stamps(register.sources[unit.table])
               for number, unit in units_)  # fmt: skip


def _note(folder: Path, unit: Unit, number: int) -> Path:
    return folder / f"{unit.table}-{number:05d}.json"


def _file(held: Any, name: str, count: int, path: Path) -> dict[str, list[int]]:
    """Write rows to a file, those of a part together; the numbers of each part's batches."""
    part = codes.spread(held.column(name).combine_chunks(), held.column(ROW).to_numpy(), count)
    order = part.argsort(kind="stable")
    held, bounds = light(held, name).take(order).combine_chunks(), part[order].searchsorted(np.arange(count + 1))
    index: dict[str, list[int]] = {}
    written = 0
    with path.open("wb") as file, pa.ipc.new_file(file, held.schema, options=_LIGHT) as sink:
        for own in np.flatnonzero(np.diff(bounds)).tolist():
            some = held.slice(bounds[own], bounds[own + 1] - bounds[own]).to_batches()
            for batch in some:
                sink.write_batch(batch)
            index[str(own)] = list(range(written, written + len(some)))
            written += len(some)
    return index


def light(table: Any, name: str) -> Any:
    """The table with dictionaries where a column has few texts: each part would carry all texts of the others.

    `name` is the column of ids, which are many whatever the rows.
    """
    for at, column in enumerate(table.columns):
        kind = column.type
        if pa.types.is_dictionary(kind) and (table.column_names[at] == name or _many(column)):
            table = table.set_column(at, table.column_names[at], column.cast(kind.value_type))
    return table


def _many(column: Any) -> bool:
    return max((len(chunk.dictionary) for chunk in column.chunks), default=0) > _FEW


def _heaps(tables: Iterator[Any]) -> Iterator[Any]:
    """The same rows in fewer, larger tables."""
    waiting: list[Any] = []
    size = 0
    for table in tables:
        waiting.append(table)
        size += table.nbytes
        if size > _HELD:
            yield joined(waiting)
            waiting, size = [], 0
    if waiting:
        yield joined(waiting)


def joined(tables: Sequence[Any], columns: tuple[str, ...] = ()) -> Any:
    """One table, of no rows where there is none; a column that is text in one file and number in another is text."""
    if not tables:
        return pa.table({name: pa.array([], pa.int64() if name == ROW else pa.string()) for name in (*columns, ROW)})
    kinds: dict[str, set[Any]] = {name: set() for name in tables[0].column_names}
    for table in tables:
        for field in table.schema:
            kinds[field.name].add(field.type)
    for name, found in kinds.items():
        if len(found) > 1:
            some = found - {pa.null()}
            kind = some.pop() if len(some) == 1 else pa.string()
            tables = [table.set_column(table.column_names.index(name), name, table.column(name).cast(kind))
                      for table in tables]  # fmt: skip
    whole = pa.concat_tables([table.select(list(kinds)) for table in tables])
    return whole.unify_dictionaries().combine_chunks()


def shared(register: Register, name: str, rows: tuple[int, ...]) -> Any:
    """Rows of a table that every part needs whole: context, and shocks of places. `rows` are those of each file."""
    source = register.sources[name]
    tables = [table for unit in units(source, rows) for table in batches(source, unit)]
    if name == "shocks":
        tables = [table.filter(pc.invert(own_shock(table))) for table in tables]
    return joined(tables, source.columns)
