"""Reading one column by its rule: typed values, and a refusal in words for each cell that breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features import periods
from features.contract import Field
from features.keys import CODE, key_ids
from features.types import Array

_SMALL = 64  # below this many cells plain Python beats a vector call's overhead
_EPOCH = np.datetime64("1900-01-01")
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


class Refusals:
    """Refused cells of one table, first rule broken by each cell."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, str], str] = {}

    def __len__(self) -> int:
        return len(self._cells)

    def add(self, rows: Any, name: str, rule: str) -> None:
        """Refuse these rows for breaking `rule` in field `name`; a cell's first refusal stays."""
        for row in np.atleast_1d(rows).tolist():
            self._cells.setdefault((row, name), rule)

    def items(self) -> Iterator[tuple[int, str, str]]:
        """Row, field and rule, by row."""
        return ((row, name, self._cells[row, name]) for row, name in sorted(self._cells))

    def items_of(self, field: str) -> Iterator[tuple[int, str, str]]:
        """The refusals of one field."""
        return (item for item in self.items() if item[1] == field)

    def rows(self) -> Array:
        """Refused rows, each once."""
        return np.array(sorted({row for row, _ in self._cells}), dtype=np.int64)


def parse_column(rule: Field, values: Sequence[Any] | Array, refusals: Refusals, key: bytes | None) -> Array:
    """Values of one column as its kind's type; cells that break the rule go to `refusals`."""
    if rule.kind in ("number", "count", "flag"):
        result = _numbers(rule, values, refusals)
        _check_number(rule, result, refusals)
        empty = np.isnan(result)
    else:
        text = _texts(values)
        empty = np.array([value is None for value in text], dtype=bool)
        result = _PARSERS[rule.kind](rule, text, empty, refusals, key)
    if not rule.null:
        refusals.add(np.flatnonzero(empty), rule.name, "is empty; a value is required")
    return result


def _numbers(rule: Field, values: Sequence[Any] | Array, refusals: Refusals) -> Array:
    array = np.asarray(values)
    if array.dtype.kind in "fiub":
        return array.astype(np.float64)
    result = np.full(len(values), np.nan)
    for row, value in enumerate(values):
        if value is None or value != value or value == "":
            continue
        try:
            result[row] = _number(rule, value)
        except (TypeError, ValueError):
            kind = "true or false" if rule.kind == "flag" else "a number"
            refusals.add(row, rule.name, f"{_shown(value)} is not {kind}")
    return result


def _number(rule: Field, value: Any) -> float:
    if isinstance(value, str) and rule.kind == "flag":
        lowered = value.strip().lower()
        if lowered in _TRUE + _FALSE:
            return float(lowered in _TRUE)
    if isinstance(value, str) and "_" in value:  # Python would read 1_000 as a number
        raise ValueError(value)
    return float(value)


def _check_number(rule: Field, values: Array, refusals: Refusals) -> None:
    def refuse(bad: Array, why: str) -> None:
        for row in np.flatnonzero(bad):
            refusals.add(row, rule.name, f"{values[row]:.12g} {why}")

    with np.errstate(invalid="ignore"):
        refuse(np.isinf(values), "is not finite")
        if rule.kind == "flag":
            refuse((values != 0) & (values != 1) & ~np.isnan(values), "is neither 0 nor 1")
            return
        for code in rule.refuse:
            refuse(values == code, "is a code for unknown; leave the cell empty")
        if rule.low is not None:
            refuse(values < rule.low, f"is below {rule.low:g} {rule.unit}".rstrip())
        if rule.high is not None:
            refuse(values > rule.high, f"is above {rule.high:g} {rule.unit}".rstrip())
        if rule.kind == "count":
            refuse((values != np.floor(values)) & np.isfinite(values), "is not a whole number")


def _texts(values: Sequence[Any] | Array) -> list[str | None]:
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    return [_text(value) for value in listed]


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a code column that a reader took for numbers
    return str(value)


def _parse_text(rule: Field, text: list[str | None], empty: Array, refusals: Refusals, key: Any) -> Array:
    if text and max((len(value) for value in text if value), default=0) > 200:
        for row, value in enumerate(text):
            if value and len(value) > 200:
                refusals.add(row, rule.name, f"{_shown(value)} is longer than 200 characters")
    if rule.name == "person_id" and key is not None:
        text = [key_ids([value], key)[0] if value and len(value) > 3 else value for value in text]
    return _objects(text)


def _parse_id(rule: Field, text: list[str | None], empty: Array, refusals: Refusals, key: Any) -> Array:
    if key is not None:
        return _objects([None if value is None else key_ids([value], key)[0] for value in text])
    for row, value in enumerate(text):
        if value is not None and not CODE.match(value):
            refusals.add(row, rule.name, "is not a keyed code; read raw ids through a source, which keys them")
    return _objects([value if value and CODE.match(value) else None for value in text])


def _parse_period(rule: Field, text: list[str | None], empty: Array, refusals: Refusals, key: Any) -> Array:
    known: dict[str | None, int] = {None: 0}
    for value in set(text) - {None}:
        try:
            known[value] = periods.parse(str(value))
        except ValueError:
            known[value] = 0
    result = np.array([known[value] for value in text], dtype=np.int64)
    for row in np.flatnonzero((result == 0) & ~empty):
        refusals.add(row, rule.name, f"{_shown(text[row])} is not a period; write 2026Q1 or 2026")
    return result


def _parse_date(rule: Field, text: list[str | None], empty: Array, refusals: Refusals, key: Any) -> Array:
    known: dict[str | None, np.datetime64] = {None: np.datetime64("NaT", "D")}
    for value in set(text) - {None}:
        try:
            known[value] = np.datetime64(str(value)[:10], "D")
        except ValueError:
            known[value] = np.datetime64("NaT", "D")
    result = np.array([known[value] for value in text], dtype="datetime64[D]")
    for row in np.flatnonzero((np.isnat(result) | (result < _EPOCH)) & ~empty):
        refusals.add(row, rule.name, f"{_shown(text[row])} is not a date; write 2026-01-31")
    return result


def _parse_choice(rule: Field, text: list[str | None], empty: Array, refusals: Refusals, key: Any) -> Array:
    if len(text) <= _SMALL:
        order = {choice: float(code) for code, choice in enumerate(rule.choices)}
        result = np.array([order.get(value, np.nan) if value else np.nan for value in text], dtype=np.float64)
    else:
        found = pc.index_in(pa.array(text, pa.string()), value_set=pa.array(rule.choices))
        result = found.cast(pa.float64()).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(np.isnan(result) & ~empty):
        refusals.add(row, rule.name, f"{_shown(text[row])} is not one of {', '.join(rule.choices)}")
    return result


def _objects(values: Sequence[str | None]) -> Array:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else text[:37] + "...")


_PARSERS = {"text": _parse_text, "id": _parse_id, "period": _parse_period, "date": _parse_date,
            "choice": _parse_choice}  # fmt: skip
