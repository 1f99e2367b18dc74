"""The score row (its columns and types) and Arrow columns made of arrays, a whole column at a time."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.contract import RUNGS
from features.types import Array

REASON = pa.struct([("key", pa.string()), ("value", pa.string()), ("known_at", pa.date32()),
                    ("contribution", pa.float64())])  # fmt: skip
CHANCES = ("risk", "low", "high", "fall_within", "p_poor_now", "p_poor_next", *(f"ladder_{name}" for name in RUNGS))
SCORES = pa.schema([
    *((name, pa.string()) for name in ("household_id", "unit", "province", "regency")),
    ("urban", pa.bool_()), ("as_of", pa.date32()), ("expires", pa.date32()), ("horizon", pa.int16()),
    *((name, pa.string()) for name in ("bundle", "status", "refusal", "rung", "kind")), ("applies", pa.bool_()),
    *((name, pa.float64()) for name in (*CHANCES, "base", "place")),
    ("reasons", pa.list_(REASON)), ("other", pa.float64()), ("missing", pa.list_(pa.string())),
    ("certainty", pa.string()),
])  # fmt: skip
"""Columns of a score row, in order."""
KEPT = pa.schema([*SCORES, ("subdistrict", pa.string())])
"""Columns of a row as a run keeps it: the score row, then what families are found by and no model reads."""


def table(columns: dict[str, Any], size: int) -> Any:
    """A table of `KEPT` from Arrow columns; one that is not given is empty throughout."""
    return pa.table([columns.get(field.name, pa.nulls(size, field.type)) for field in KEPT], schema=KEPT)


def text(values: Array) -> Any:
    """Text from an object or string array, N; None or an empty string is null."""
    found = pa.array(values, pa.string())
    return pc.if_else(pc.equal(found, ""), None, found)


def same(value: Any, kind: Any, size: int) -> Any:
    """A column of one value."""
    return pa.repeat(pa.scalar(value, kind), size)


def labels(codes: Array, names: tuple[str, ...]) -> Any:
    """Names of codes, N; null where the code is NaN or negative."""
    numbers = np.nan_to_num(codes, nan=-1).astype(np.int32)
    return pa.array(names, pa.string()).take(pa.array(numbers, mask=numbers < 0))


def numbers(values: Array, digits: int = 12) -> Any:
    """Figures rounded to `digits`, N; null where NaN."""
    return pa.array(np.round(values, digits), mask=np.isnan(values))


def flags(values: Array, known: Array) -> Any:
    """True or false, N; null where not known."""
    return pa.array(values.astype(bool), mask=~known)


def lists(counts: Array, values: Any, known: Array) -> Any:
    """Lists of `counts` (N) values each, cut from `values`; null where not known (its count is 0)."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(~known))


def plain(scores: Any) -> list[dict[str, Any]]:
    """Score rows as an answer in JSON has them: dates as text."""
    rows = scores.to_pylist()
    for row in rows:
        for name in ("as_of", "expires"):
            row[name] = _day(row[name])
        for reason in row["reasons"] or ():
            reason["known_at"] = _day(reason["known_at"])
    return rows


def _day(value: datetime.date | None) -> str | None:
    return None if value is None else value.isoformat()
