"""A register cut into parts that keep families whole: by a hash of the household's code, on disk when large."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from serving import codes
from serving.inputs import ROW, Register, batches

OWN = {"households": "household_id", "members": "household_id", "shocks": "place"}
"""Tables that are cut, each with the column that names the household."""
_HELD = 256 << 20  # bytes of rows held back until they are worth a write


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a register.

    Attributes
    ----------
    count : number of parts.
    folder : where they lie, for a register larger than a part.
    held : the only part, in memory, for a smaller one.
    columns : columns of each table that is cut.
    """

    count: int
    folder: Path | None
    held: dict[str, Any]
    columns: dict[str, tuple[str, ...]]

    def read(self, number: int) -> dict[str, Any]:
        """Arrow tables of one part, rows in the order of the input."""
        if self.folder is None:
            return self.held
        return {name: _read(self.folder / name / f"{number:05d}.arrows", columns)
                for name, columns in self.columns.items()}  # fmt: skip


def rows_of(register: Register, name: str, key: Callable[[], bytes]) -> Iterator[Any]:
    """Rows of a table that is cut, ids as codes; of the shocks, those of single households."""
    for table in batches(register.sources[name]):
        if name == "shocks":
            table = table.filter(own_shock(table))
        at = table.column_names.index(OWN[name])
        ids = codes.codes(table.column(at).combine_chunks(), key)
        yield table.set_column(at, OWN[name], ids)


def own_shock(table: Any) -> Any:
    """Mask of the shocks that hit one household; all others concern everyone in a place."""
    scope = table.column("scope").cast(pa.string())
    return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(scope), "household"), False)


def arrange(register: Register, count: int, folder: Path, key: Callable[[], bytes]) -> Parts:
    """Cut the register into `count` parts; `folder` is written only where there is more than one.

    Whatever an earlier, stopped call left in `folder` is thrown away; a finished one is used again.
    """
    columns = {name: register.sources[name].columns for name in OWN if name in register.sources}
    if count == 1:
        held = {name: _joined(list(rows_of(register, name, key)), own) for name, own in columns.items()}
        return Parts(1, None, held, columns)
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        for name in columns:
            (folder / name).mkdir(parents=True)
            _cut(rows_of(register, name, key), OWN[name], count, folder / name)
        done.touch()
    return Parts(count, folder, {}, columns)


def _cut(tables: Iterator[Any], column: str, count: int, folder: Path) -> None:
    waiting: dict[int, list[Any]] = defaultdict(list)
    size = 0
    for table in tables:
        part = codes.spread(table.column(column).combine_chunks(), table.column(ROW).to_numpy(), count)
        order = part.argsort(kind="stable")
        table, part = table.take(order), part[order]
        bounds = part.searchsorted(range(count + 1))
        for number in range(count):
            if bounds[number] < bounds[number + 1]:
                waiting[number].append(table.slice(bounds[number], bounds[number + 1] - bounds[number]))
        size += table.nbytes
        if size > _HELD:
            _flush(waiting, folder)
            size = 0
    _flush(waiting, folder)


def _flush(waiting: dict[int, list[Any]], folder: Path) -> None:
    """Append one Arrow stream a part: no file stays open, so the number of parts has no limit."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    for number, tables in waiting.items():
        whole = _joined(tables)
        with (
            (folder / f"{number:05d}.arrows").open("ab") as file,
            pa.ipc.new_stream(file, whole.schema, options=options) as stream,
        ):
            stream.write_table(whole)
    waiting.clear()


def _read(path: Path, columns: tuple[str, ...]) -> Any:
    tables = []
    size = path.stat().st_size if path.exists() else 0
    if size:
        with path.open("rb") as file:
            while file.tell() < size:
                tables.append(pa.ipc.open_stream(file).read_all())
    return _joined(tables, columns)


def _joined(tables: list[Any], columns: tuple[str, ...] = ()) -> Any:
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
    return pa.concat_tables([table.select(list(kinds)) for table in tables]).combine_chunks()


def shared(register: Register, name: str) -> Any:
    """Rows of a table that every part needs whole: context, and shocks of places."""
    tables = list(batches(register.sources[name]))
    if name == "shocks":
        tables = [table.filter(pc.invert(own_shock(table))) for table in tables]
    return _joined(tables, register.sources[name].columns)
