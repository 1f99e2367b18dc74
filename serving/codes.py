"""Household codes of whole columns: ids keyed at the door, and rows spread over parts by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.cells import Refusals, parse_column
from features.contract import HOUSEHOLDS
from features.keys import ALPHABET
from features.types import Array

_SYMBOLS = 12


def codes(column: Any, key: Callable[[], bytes]) -> Any:
    """Ids as keyed codes (Arrow text), null where empty or unreadable; N.

    `key` is asked for only where an id is not a code yet.
    """
    if column.type == pa.string():
        ready = pc.match_substring_regex(column, f"^[{ALPHABET}]{{{_SYMBOLS}}}$")
        if pc.all(ready).as_py() is not False:
            return column
    read = parse_column(HOUSEHOLDS["household_id"], column, Refusals(), key())
    return pa.array(read, pa.string())


def spread(ids: Any, rows: Array, count: int) -> Array:
    """Part (0 .. count - 1) of each row by its code, N int64; a row without a code goes by its number.

    The same on every machine and in every version: nothing here depends on Python's or a library's own hash.
    """
    empty = ids.is_null().to_numpy(zero_copy_only=False)
    text = pc.fill_null(ids, "2" * _SYMBOLS).to_numpy(zero_copy_only=False).astype(f"S{_SYMBOLS}")
    words = np.ascontiguousarray(text).view("<u4").reshape(-1, 3).astype(np.uint64)
    mixed = _mix(_mix(_mix(words[:, 0]) ^ words[:, 1]) ^ words[:, 2])
    mixed[empty] = rows[empty].astype(np.uint64)
    return (mixed % np.uint64(count)).astype(np.int64)


def _mix(value: Array) -> Array:
    """The finisher of splitmix64, which spreads neighbouring numbers evenly."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
