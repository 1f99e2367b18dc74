"""Household codes of whole columns: ids keyed at the door, and rows spread over parts by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.cells import DIGITS, Refusals, are_codes, parse_column
from features.contract import HOUSEHOLDS
from features.keys import ALPHABET
from features.types import Array

_SYMBOLS = 12


def codes(column: Any, key: Callable[[], bytes]) -> Any:
    """Ids as keyed codes (Arrow text), null where empty or unreadable; N.

    `key` is asked for only where an id is not a code yet. Of a dictionary each id is read once.
    """
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, codes(column.dictionary, key))
    if are_codes(column) or column.null_count == len(column):
        return column.cast(pa.string())
    read = parse_column(HOUSEHOLDS["household_id"], column, Refusals(), key())
    return pa.array(read, pa.string())


def spread(ids: Any, rows: Array, count: int) -> Array:
    """Part (0 .. count - 1) of each row by the range that its code lies in, N; without a code by its number.

    Codes are keyed hashes: equal ranges hold about as many. The order of the parts is that of the codes.
    """
    texts, where = ids, slice(None)
    if pa.types.is_dictionary(ids.type):
        # Each code once, and one more for rows without any.
        texts = pa.concat_arrays([ids.dictionary, pa.nulls(1, pa.string())])
        where = ids.indices.fill_null(len(ids.dictionary)).to_numpy(zero_copy_only=False)
    part = _ranges(texts, count)[where]
    empty = ids.is_null().to_numpy(zero_copy_only=False)
    part[empty] = rows[empty] % count
    return part


def _ranges(texts: Any, count: int) -> Array:
    """The range of each code, N; the first for none."""
    text = pc.fill_null(texts, ALPHABET[0] * _SYMBOLS).to_numpy(zero_copy_only=False).astype(f"S{_SYMBOLS}")
    letters = np.ascontiguousarray(text).view(np.uint8).reshape(-1, _SYMBOLS)[:, :_LEADING]
    place = DIGITS[letters].astype(np.int64) @ (len(ALPHABET) ** np.arange(_LEADING - 1, -1, -1))
    part = place * count // len(ALPHABET) ** _LEADING
    return part.astype(np.uint16 if count < 1 << 16 else np.int64)  # numbers of two bytes are sorted by counting


_LEADING = 5
"""Symbols that say the range: 33 million of them are enough for any number of parts."""
