"""The score row and the quarantine row as typed parquet columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.contract import RUNGS
from models.score import COLUMNS

_REASON = pa.struct([("key", pa.string()), ("value", pa.string()), ("known_at", pa.date32()),
                     ("contribution", pa.float64())])  # fmt: skip
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("household_id", "unit", "province", "regency", "bundle", "status", "refusal", "rung", "kind",
                     "certainty"), pa.string()),
    **dict.fromkeys(("urban", "applies"), pa.bool_()),
    **dict.fromkeys(("as_of", "expires"), pa.date32()),
    **dict.fromkeys(("risk", "low", "high", "fall_within", "p_poor_now", "p_poor_next", "base", "place", "other",
                     *(f"ladder_{rung}" for rung in RUNGS)), pa.float64()),
    "horizon": pa.int16(),
    "reasons": pa.list_(_REASON),
    "missing": pa.list_(pa.string()),
}  # fmt: skip
SCORES = pa.schema([(name, _KINDS[name]) for name in COLUMNS])
QUARANTINE = pa.schema([("table", pa.string()), ("row", pa.int64()), ("household_id", pa.string()),
                        ("field", pa.string()), ("rule", pa.string())])  # fmt: skip


def score_table(answer: Mapping[str, list[Any]]) -> Any:
    """Score rows (`models.score.COLUMNS` as lists) as an Arrow table, sorted by household, those without last."""
    days = {name: pa.array(answer[name], pa.string()).cast(pa.date32()) for name in ("as_of", "expires")}
    data = [days[name] if name in days else pa.array(_dated(answer[name]) if name == "reasons" else answer[name],
                                                     kind) for name, kind in _KINDS_IN_ORDER]  # fmt: skip
    table = pa.table(data, schema=SCORES)
    return table.sort_by([("household_id", "ascending")])


_KINDS_IN_ORDER = [(name, _KINDS[name]) for name in COLUMNS]


def _dated(reasons: list[list[dict[str, Any]] | None]) -> list[list[dict[str, Any]] | None]:
    """The same reasons with days as dates; a day is parsed once, since few differ."""
    days: dict[str, Any] = {}

    def day(text: str) -> Any:
        if text not in days:
            days[text] = np.datetime64(text, "D").item()
        return days[text]

    return [own and [reason | {"known_at": day(reason["known_at"])} for reason in own] for own in reasons]


def write(table: Any, path: Path, said: Mapping[str, str]) -> None:
    """Write a parquet file; `said` goes into its metadata, beside the types.

    Small row groups and page statistics keep the look-up of one household cheap. Bytes depend on nothing but the
    rows, what is said, and the version of Arrow.
    """
    marked = table.replace_schema_metadata({f"jaga.{name}": value for name, value in said.items()})
    pq.write_table(marked, path, compression="zstd", row_group_size=32_768, write_page_index=True)
