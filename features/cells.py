"""Reading one column by its rule: typed values, and a refusal in words for each cell that breaks it.

Cells that are plainly as the contract has them are taken as they are. Of all others the distinct values are read, each
by the same reader (`features.values`): of a long column, with vector comparisons; of a short one, in plain Python.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import NoneType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.contract import Field
from features.keys import ALPHABET
from features.types import Array
from features.values import RefusedError, reader

SMALL = 64
"""Up to so many cells plain Python beats a vector call's overhead."""
_EMPTY = "is empty; a value is required"
_DEFAULT: dict[str, Any] = {"number": np.nan, "count": np.nan, "flag": np.nan, "choice": np.nan, "period": 0}
_PLAIN = {int, float, np.int64, np.float64}
_NUMBERS, _FLAGS, _TEXTS = {int, float, NoneType}, {bool, NoneType}, {str, NoneType}
_FOREIGN = re.compile(r"period|interval|datetime64\[.*,")  # pandas types whose cells pyarrow does not take as they are
DIGITS = np.full(256, 255, np.uint8)
"""Value of each symbol of a household code by its byte; 255 for a byte that is none."""
DIGITS[list(ALPHABET.encode())] = np.arange(len(ALPHABET), dtype=np.uint8)
_TYPE: dict[str, Any] = {"id": object, "text": object, "period": np.int64, "date": "datetime64[D]"}


class Refusals:
    """RefusedError cells of one table, first rule broken by each cell."""

    def __init__(self) -> None:
        self._cells: dict[str, dict[int, str]] = {}

    def __len__(self) -> int:
        return sum(len(cells) for cells in self._cells.values())

    def add(self, rows: Any, name: str, rule: str) -> None:
        """Refuse these rows for breaking `rule` in field `name`; a cell's first refusal stays."""
        cells = self._cells.setdefault(name, {})
        for row in np.atleast_1d(rows).tolist():
            cells.setdefault(row, rule)

    def of(self, name: str) -> dict[int, str]:
        """RefusedError rows of one field, with the rule."""
        return self._cells.get(name, {})

    def items(self) -> Iterator[tuple[int, str, str]]:
        """Row, field and rule, by row."""
        cells = ((row, name, rule) for name, rules in self._cells.items() for row, rule in rules.items())
        return iter(sorted(cells, key=lambda cell: cell[0]))

    def rows(self) -> Array:
        """Refused rows, each once."""
        return np.array(sorted({row for cells in self._cells.values() for row in cells}), dtype=np.int64)


def parse_column(rule: Field, values: Sequence[Any] | Array, refusals: Refusals, key: bytes | None) -> Array:
    """Values of one column as its kind's type; cells that break the rule go to `refusals`.

    Parameters
    ----------
    values : N cells: a list, numpy array (masked too), pyarrow array, pandas Series or anything like one.
    key : key for ids that are not codes yet.

    Returns
    -------
    N values, as `features.admit.admit` describes them; refused cells are empty.
    """
    if len(values) <= SMALL:
        return _read_few(rule, _listed(values), refusals, key)
    array = _arrow(values)
    if array is None:
        return _read(rule, _listed(values), None, refusals, key)
    if rule.kind in ("number", "count", "flag") and _is_number(array.type):
        return _read_numbers(rule, array, refusals)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    nothing = len(array.dictionary)
    where = array.indices.cast(pa.int64()).fill_null(nothing).to_numpy(zero_copy_only=False)
    told = array.dictionary
    if (rule.kind == "id" and are_codes(told)) or (_is_plain_text(rule) and _are_plain(told, rule.digits)):
        if not array.indices.null_count:
            return told.to_numpy(zero_copy_only=False)[where]
        if rule.null:
            return np.append(told.to_numpy(zero_copy_only=False), [None])[where]
    return _read(rule, [*array.dictionary.to_pylist(), None], where, refusals, key)


def _read_few(rule: Field, cells: Sequence[Any], refusals: Refusals, key: bytes | None) -> Array:
    """A short column: as it is where it is plainly sound, else each distinct text read once, or cell by cell."""
    kinds = set(map(type, cells))
    if rule.kind in ("number", "count"):
        if kinds <= _NUMBERS and _are_sound(rule, cells):
            return np.array(cells, dtype=np.float64)
    elif rule.kind in ("choice", "flag"):
        if kinds <= (_TEXTS if rule.kind == "choice" else _FLAGS):
            codes = _codes(rule)
            found = [codes.get(cell) for cell in cells]
            if None not in found:
                return np.array(found, dtype=np.float64)
    elif kinds <= _TEXTS:
        distinct = {cell: at for at, cell in enumerate(dict.fromkeys(cells))}
        return _read(rule, list(distinct), np.array([distinct[cell] for cell in cells], np.int64), refusals, key)
    return _read(rule, cells, None, refusals, key)


def _are_sound(rule: Field, cells: Sequence[float | None]) -> bool:
    """Whether all numbers keep every rule of their column; `_read_numbers` asks the same of a vector."""
    low = -sys.float_info.max if rule.low is None else rule.low
    high = sys.float_info.max if rule.high is None else rule.high
    for cell in cells:
        if cell is None:
            if not rule.null:
                return False
        elif not low <= cell <= high or cell in rule.refuse or (rule.kind == "count" and cell % 1):
            return False
    return True


@cache
def _codes(rule: Field) -> Mapping[Any, float]:
    """What each sound cell of a choice or flag is read as."""
    codes: dict[Any, float] = {True: 1.0, False: 0.0} if rule.kind == "flag" else {
        choice: float(code) for code, choice in enumerate(rule.choices)}  # fmt: skip
    return codes | {None: np.nan} if rule.null else codes


def _read(rule: Field, cells: Sequence[Any], where: Array | None, refusals: Refusals, key: bytes | None) -> Array:
    """Read distinct `cells`, then put them `where` they stand; None: they are the column itself."""
    read = reader(rule, key)
    default = _DEFAULT.get(rule.kind)
    parsed: list[Any] = []
    wrong: dict[int, str] = {}
    for at, cell in enumerate(cells):
        try:
            value = read(cell)
        except RefusedError as refusal:
            value, wrong[at] = None, str(refusal)
        else:
            if value is None and not rule.null:
                wrong[at] = _EMPTY
        parsed.append(default if value is None else value)
    result = np.empty(len(parsed), dtype=_TYPE.get(rule.kind, np.float64))
    result[:] = parsed
    if where is None:
        for row, why in wrong.items():
            refusals.add(row, rule.name, why)
        return result
    if wrong:
        for row in np.flatnonzero(np.isin(where, list(wrong))).tolist():
            refusals.add(row, rule.name, wrong[int(where[row])])
    return result[where]


def _read_numbers(rule: Field, array: Any, refusals: Refusals) -> Array:
    numbers = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False).copy()
    low, high = (0, 1) if rule.kind == "flag" else (rule.low, rule.high)
    clear = np.isfinite(numbers) & ~np.isin(numbers, rule.refuse)
    with np.errstate(invalid="ignore"):
        if low is not None:
            clear &= numbers >= low
        if high is not None:
            clear &= numbers <= high
        if rule.kind in ("flag", "count"):
            clear &= numbers == np.floor(numbers)
    if rule.null:
        clear |= np.isnan(numbers)
    rows = np.flatnonzero(~clear)
    if len(rows):
        distinct, where = np.unique(numbers[rows], return_inverse=True)
        doubtful = Refusals()
        _read(rule, distinct.tolist(), where, doubtful, None)
        for at, why in doubtful.of(rule.name).items():
            refusals.add(rows[at], rule.name, why)
        numbers[rows] = np.nan
    return numbers


def _arrow(values: Sequence[Any] | Array) -> Any:
    """The column in a form whose distinct values are quickly found, or None where it is a mix of types."""
    if isinstance(values, np.ma.MaskedArray):
        values = values.tolist()
    if _FOREIGN.match(str(getattr(values, "dtype", ""))):
        return None
    if isinstance(values, pa.ChunkedArray):
        array = values.combine_chunks()
    elif isinstance(values, pa.Array):
        array = values
    else:
        try:
            array = pa.array(values, from_pandas=True)
        except (pa.ArrowException, TypeError, ValueError, OverflowError, np.ma.MaskError):
            return None
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        # Of Python objects pyarrow guesses one type, and may take true for 1 or 0 for a day; texts it never mixes.
        if str(getattr(values, "dtype", "object")) == "object" and not _is_text(array.type):
            types = set(map(type, values)) - {type(None)}
            if len(types) > 1 and not (_is_number(array.type) and types <= _PLAIN):
                return None
            if _is_number(array.type) and not types <= _PLAIN:
                return None
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    return array if _is_plain(kind) else None


def are_codes(texts: Any) -> bool:
    """Whether all texts of an Arrow array that are not null are keyed codes already (`features.keys.CODE`): then there
    is nothing to read in each. False for an array that is not of text, or has none."""
    if not pa.types.is_string(texts.type) or len(texts) == texts.null_count:
        return False
    code = pc.and_(pc.match_substring_regex(texts, _CODE), pc.match_substring_regex(texts, "[A-Z]"))
    return pc.all(code).as_py() is True


_CODE = rf"\A[{ALPHABET}]{{12}}\z"  # Arrow's expressions cannot look ahead for the letter


def _is_plain_text(rule: Field) -> bool:
    """Whether texts are taken as they are; numbers of persons are keyed where they are long."""
    return rule.kind == "text" and rule.name != "person_id"


def _are_plain(distinct: Any, digits: int) -> bool:
    """Whether all are codes of so many digits, or without a number of digits short texts of ASCII letters, digits and
    signs: with these no rule can be broken."""
    pattern = rf"\A[0-9]{{{digits}}}\z" if digits else _PLAIN_TEXT
    return bool(pa.types.is_string(distinct.type) and len(distinct)
                and pc.all(pc.match_substring_regex(distinct, pattern)).as_py())  # fmt: skip


_PLAIN_TEXT = r"\A[!-~](?:[ -~]{0,13}[!-~])?\z"  # too short for a number of sixteen digits


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind))


def _is_plain(kind: Any) -> bool:
    types = pa.types
    if types.is_timestamp(kind):
        return kind.tz is None  # with zones mixed, pyarrow would move some times to another day
    return bool(_is_number(kind) or types.is_boolean(kind) or types.is_date32(kind) or types.is_string(kind)
                or types.is_large_string(kind))  # fmt: skip


def _listed(values: Any) -> Sequence[Any]:
    if isinstance(values, (list, tuple)):
        return values
    if getattr(getattr(values, "dtype", None), "kind", "") in ("m", "M"):
        return list(values)  # `tolist` would make whole numbers of nanoseconds
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values.to_pylist()
    return values.tolist() if hasattr(values, "tolist") else list(values)
