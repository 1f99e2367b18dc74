"""What a parquet file says of its columns before any of it is unpacked: which are flat, and which hold more than their
rows account for. A column of the same value packs a million to one, so a small file may fill the memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
