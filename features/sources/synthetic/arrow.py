"""Arrays to Arrow columns with the contract's names, types and words; codes below 0 and NaN are empty cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from features import contract, periods
from features.types import Array

TYPES = {"flag": pa.int8(), "count": pa.int32(), "number": pa.float64(), "date": pa.timestamp("ms")}


def words(codes: Array, vocabulary: Any) -> pa.DictionaryArray:
    """Codes as words of a vocabulary, empty where the code is below 0."""
    index = _numbers(np.asarray(codes, dtype=np.int32), pa.int32())
    if not isinstance(vocabulary, pa.Array):
        vocabulary = pa.array(list(vocabulary), pa.string())
    return pa.DictionaryArray.from_arrays(index, vocabulary)


def column(field: contract.Field, values: Any) -> pa.Array:
    """One column as its contract field wants it; columns that are Arrow arrays already pass."""
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if field.kind == "choice":
        return words(values, field.choices)
    if field.kind == "period":
        distinct, inverse = np.unique(values, return_inverse=True)
        return words(inverse, [periods.text(int(period)) for period in distinct])
    if field.kind in ("id", "text"):
        return pa.array(values, pa.string()).dictionary_encode()
    if field.kind == "date":
        return pa.array(np.asarray(values, dtype="datetime64[ms]"), TYPES["date"])
    return _numbers(np.asarray(values), TYPES[field.kind], signed=field.kind == "number")


def _numbers(values: Array, kind: pa.DataType, *, signed: bool = False) -> pa.Array:
    """Numbers of an Arrow type; a mask is made only where a cell is empty, since most columns have none."""
    if values.dtype.kind == "b":
        return pa.array(values.astype(np.int8)).cast(kind)
    empty = np.isnan(values) if values.dtype.kind == "f" else values < 0
    if values.dtype.kind == "i" and values.dtype.itemsize > 4:
        values = values.astype(np.int32)
    holes = not signed and empty.any() if values.dtype.kind == "i" else empty.any()
    whole = pa.array(values, mask=empty if holes else None)
    return whole if whole.type == kind else whole.cast(kind)


def table(name: str, columns: Mapping[str, Any]) -> pa.Table:
    """A contract table from its columns, in the contract's order; a column the contract lacks is an error."""
    rules = contract.TABLES[name]
    unknown = set(columns) - set(rules.names)
    if unknown:
        raise KeyError(f"{name}: {', '.join(sorted(unknown))}")
    given = [field for field in rules.fields if field.name in columns]
    return pa.table({field.name: column(field, columns[field.name]) for field in given})
