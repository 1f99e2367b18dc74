"""The top of a scored folder: the households at the highest risk, with their reasons in words."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.keys import grouped
from models.text import Language, Words, words
from serving.batch.rows import NOWHERE
from serving.places import Place

_TELL = ("household_id", "province", "risk", "reasons")


def top(folder: Place, count: int) -> list[dict[str, Any]]:
    """The `count` rows at the highest risk among those to whom the risk applies, highest first.

    Only the best of each file are held, so that memory does not grow with the register. Equal risks stand in the
    order of the codes.
    """
    best: Any = None
    for place in (folder / "scores").files():
        province = unquote(PurePosixPath(place.path).parent.name.partition("=")[2])
        with place.open() as opened, pq.ParquetFile(opened) as file:
            for batch in file.iter_batches(columns=["household_id", "risk", "reasons", "applies"]):
                table = pa.Table.from_batches([batch]).filter(pc.fill_null(batch.column("applies"), False))
                table = table.append_column("province", pa.repeat(province, table.num_rows))
                table = table if best is None else pa.concat_tables([best, table])
                order = pc.sort_indices(table, [("risk", "descending"), ("household_id", "ascending")])
                best = table.take(order[:count])
    return [] if best is None else best.select(list(_TELL)).to_pylist()


def lines(rows: list[dict[str, Any]], language: Language) -> list[str]:
    """The rows as text: code, province and risk, then a line for each reason, + where it raises the risk."""
    told = words(language)
    result = []
    for place, row in enumerate(rows, start=1):
        province = told.score["unknown"] if row["province"] == NOWHERE else row["province"]
        result.append(f"{place:3d}. {grouped(row['household_id'])}  {province}  {told.number(100 * row['risk'], 1)} %")
        result += [reason(told, own) for own in row["reasons"]]
    return result


def reason(told: Words, own: dict[str, Any]) -> str:
    """A reason as a line: + where it raises the risk of this household, - where it lowers it."""
    sentence = told.reason(own["key"], own["value"], own["contribution"], brief=True)
    return f"       {'+' if own['contribution'] > 0 else '-'} {sentence}"
