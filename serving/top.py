"""The top of a scored folder: the households at the highest risk, with their reasons in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from models.text import Language, words

_TELL = ("household_id", "province", "risk", "reasons")


def top(folder: Path, count: int) -> list[dict[str, Any]]:
    """The `count` rows at the highest risk among those to whom the risk applies, highest first.

    Only the best of each file are held, so that memory does not grow with the register. Equal risks stand in the
    order of the codes.
    """
    best: Any = None
    for path in sorted((folder / "scores").glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=[*_TELL, "applies"]):
                table = pa.Table.from_batches([batch]).filter(pc.fill_null(batch.column("applies"), False))
                table = table if best is None else pa.concat_tables([best, table])
                order = pc.sort_indices(table, [("risk", "descending"), ("household_id", "ascending")])
                best = table.take(order[:count])
    return [] if best is None else best.select(list(_TELL)).to_pylist()


def lines(rows: list[dict[str, Any]], language: Language) -> list[str]:
    """The rows as text: code, province and risk, then a line for each reason."""
    told = words(language)
    result = []
    for place, row in enumerate(rows, start=1):
        risk = f"{row['risk'] * 100:.1f}".replace(".", "," if language == "id" else ".")
        result.append(f"{place:3d}. {row['household_id']}  {row['province']}  {risk} %")
        result += [f"       - {told.reason(own['key'], own['value'], own['contribution'])}" for own in row["reasons"]]
    return result
