"""What a parquet file says of its columns before any of it is unpacked: which are flat, and which hold more than their
rows account for. A column of the same value packs a million to one, so a small file may fill the memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.values import NESTED

CELL = 1024
"""Bytes of a cell, unpacked, at most on average: no cell may have more than 200 characters (`values.LONGEST`)."""
SPARE = 1 << 20
"""Bytes of a column beside those of its cells: heads of pages, dictionaries, and a few long cells, told one by one."""


def flat(known: Any) -> list[str]:
    """Names of the columns that hold one value a row, no list or struct; known : `pyarrow.parquet.FileMetaData`."""
    leaves = (known.schema.column(at) for at in range(len(known.schema)))
    return [leaf.path for leaf in leaves if leaf.max_repetition_level == 0 and leaf.path == leaf.name]


def overfull(known: Any, names: Iterable[str], groups: Iterable[int] | None = None, cell: int = CELL) -> str | None:
    """The first of some flat columns of which row groups (all without `groups`) hold more or fewer values than rows, or
    more bytes than so many rows account for; None where there is none."""
    sizes, rows = dict.fromkeys(names, 0), 0
    for number in range(known.num_row_groups) if groups is None else groups:
        group = known.row_group(number)
        rows += group.num_rows
        for chunk in (group.column(at) for at in range(group.num_columns)):
            name = chunk.path_in_schema
            if name not in sizes:
                continue
            if chunk.num_values != group.num_rows:
                return str(name)
            sizes[name] += chunk.total_uncompressed_size
    return next((name for name, size in sizes.items() if size > SPARE + cell * rows), None)


class OverfullError(ValueError):
    """A column of a file holds more than its rows account for; `column` is its name."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def read(path: Path) -> pa.Table:
    """A file of rows, each column in its own type; a column of lists or structs is not unpacked, and each of its cells
    is `values.NESTED`.

    Raises
    ------
    OverfullError : before anything of that size is unpacked. Faults of Arrow where the file is no sound parquet file.
    """
    known = pq.read_metadata(path)
    own = flat(known)
    if name := overfull(known, own):
        raise OverfullError(name)
    schema = known.schema.to_arrow_schema()
    with pq.ParquetFile(path, metadata=known, read_dictionary=own) as file:
        table = file.read(columns=None if len(own) == len(schema.names) else own)
    at, columns = 0, []
    for field in schema:
        if field.name in own:
            columns.append(_unpacked(table.column(at), field))
            at += 1
        else:
            columns.append(pa.chunked_array([pa.repeat(NESTED, known.num_rows)]))
    return pa.table(columns, names=schema.names)


def _unpacked(column: Any, field: Any) -> Any:
    """A column as the file says that it is; a long text that stands in many rows is no more than one in the file."""
    if pa.types.is_dictionary(column.type) and not pa.types.is_nested(column.type.value_type):
        sizes = (_bytes(chunk) for chunk in column.chunks)
        if sum(sizes) > SPARE + CELL * len(column):
            raise OverfullError(field.name)
    return column if column.type == field.type else column.cast(field.type)


def _bytes(chunk: Any) -> int:
    """Bytes of the texts of a dictionary array, were each in its row."""
    try:
        each = pc.binary_length(chunk.dictionary)
    except pa.ArrowNotImplementedError:
        return 0  # numbers
    return pc.sum(pc.cast(each, pa.int64()).take(chunk.indices)).as_py() or 0
