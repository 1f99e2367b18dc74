"""Household codes of whole columns: ids keyed at the door, and rows spread over parts by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.cells import Refusals, parse_column
from features.contract import HOUSEHOLDS
from features.keys import ALPHABET, CODE_TEXT
from features.types import Array

_SYMBOLS = 12


def codes(column: Any, key: Callable[[], bytes]) -> Any:
    """Ids as keyed codes (Arrow text), null where empty or unreadable; N.

    `key` is asked for only where an id is not a code yet.
    """
    if column.type == pa.string():
        ready = pc.match_substring_regex(column, CODE_TEXT)
        if pc.all(ready).as_py() is not False:
            return column
    read = parse_column(HOUSEHOLDS["household_id"], column, Refusals(), key())
    return pa.array(read, pa.string())


def spread(ids: Any, rows: Array, count: int) -> Array:
    """Part (0 .. count - 1) of each row by the range that its code lies in, N; without a code by its number.

    Codes are keyed hashes: equal ranges hold about as many. The order of the parts is that of the codes.
    """
    empty = ids.is_null().to_numpy(zero_copy_only=False)
    text = pc.fill_null(ids, ALPHABET[0] * _SYMBOLS).to_numpy(zero_copy_only=False).astype(f"S{_SYMBOLS}")
    letters = np.ascontiguousarray(text).view(np.uint8).reshape(-1, _SYMBOLS)[:, :_LEADING]
    place = _DIGIT[letters].astype(np.int64) @ (len(ALPHABET) ** np.arange(_LEADING - 1, -1, -1))
    part = place * count // len(ALPHABET) ** _LEADING
    part[empty] = rows[empty] % count
    return part.astype(np.uint16 if count < 1 << 16 else np.int64)  # numbers of two bytes are sorted by counting


_LEADING = 5
"""Symbols that say the range: 33 million of them are enough for any number of parts."""
_DIGIT = np.zeros(256, dtype=np.uint8)
_DIGIT[list(ALPHABET.encode())] = np.arange(len(ALPHABET))
