"""Score rows and quarantine rows as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from models.row import KEPT
from models.shown import COLUMNS

FILED = pa.schema([field for field in KEPT if field.name != "province"])
"""Columns of the score row as a run keeps it, in a file: the province is the name of its folder, as Hive has it."""
_REPEATED = [*(field.name for field in FILED if field.name != "household_id" and not pa.types.is_float64(field.type)
               and not pa.types.is_list(field.type)), "table", "field", "rule", "missing.list.element",
             *(f"reasons.list.element.{name}" for name in ("key", "value", "known_at")),
             *(field.name for field in COLUMNS if not pa.types.is_boolean(field.type))]  # fmt: skip
"""Columns with few values. A dictionary of codes or of chances would be built and thrown away in every row group."""
GROUP = 32_768
"""Rows of a row group: the least that a look-up reads."""
NOWHERE = "__HIVE_DEFAULT_PARTITION__"
"""Hive's name for the folder of rows without a province."""
UNKNOWN = "unknown"
"""What the manifest, and who asks, calls the province of households of which no row names one."""


def write(tables: Iterable[Any], schema: Any, path: Path, said: Mapping[str, str], by: str | None = None) -> None:
    """Write tables, one after the other, as a parquet file; `said` goes into its metadata, beside the types.

    `by` is the column that the rows are sorted by, rows without one last: readers are told so.

    Small row groups and statistics of pages keep the look-up of one household cheap. Bytes depend on nothing but the
    rows, how they are cut into tables, what is said, and the version of Arrow.
    """
    marked = schema.with_metadata({f"jaga.{name}": value for name, value in said.items()})
    order = None if by is None else [pq.SortingColumn(schema.get_field_index(by))]
    with pq.ParquetWriter(path, marked, compression="lz4", use_dictionary=_REPEATED, write_page_index=True,
                          sorting_columns=order) as file:  # fmt: skip
        for table in tables:
            file.write_table(table.replace_schema_metadata(marked.metadata), row_group_size=GROUP)
