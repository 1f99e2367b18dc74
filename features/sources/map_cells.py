"""How the cells of one column are made of a source's columns, by what its map says; all on distinct texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd

from features import contract, periods
from features.keys import CODE, key_ids
from features.sources.map_model import Cell
from features.values import UNMAPPED

NO_BIRTH = "no date of birth"
"""What stands for an age whose date of birth cannot be read; the door refuses it without showing the date."""

_APART = "\0"


def read_cells(cell: Cell, frame: pd.DataFrame, *, missing: frozenset[str], decimal: str,
               period: pd.Series) -> pd.Series:  # fmt: skip
    """Cells of one column, N texts, missing where the source says nothing.

    Parameters
    ----------
    frame : the source's columns as text, N rows.
    missing, decimal : of the whole map; the sign is that of numbers alone, "." for any other column.
    period : period of each row as text, N.
    """
    if cell.constant is not None:
        return pd.Series(cell.constant, frame.index, dtype="str")
    if cell.lag_days is not None:
        lag = dt.timedelta(cell.lag_days)
        return _each(period, lambda text: (day + lag).isoformat() if (day := _end(text)) else None)
    if cell.born is not None:
        born = _silenced(frame[cell.born], missing | cell.missing)
        return _each(born + _APART + period, lambda text: _age(text, cell.format))
    cells = _joined(cell, frame, missing)
    if cell.replace:
        cells = _each(cells, lambda text: cell.replace.get(text, text))
    if cell.codes is not None:
        return _looked_up(cell, cells, frame, missing=missing, decimal=decimal, period=period)
    if cell.factor is not None or decimal != ".":
        cells = _each(cells, lambda text: _number(text, decimal, cell.factor))
    if cell.format is not None:
        cells = _each(cells, lambda text: _day(text, cell.format) or text)
    return cells


def keyed(name: str, cells: pd.Series, key: bytes) -> pd.Series:
    """Cells of a column that could name a household: a cluster is keyed, an id never looks as if it were so already."""
    if name == "cluster":
        return _each(cells, lambda text: key_ids([text + "-"], key)[0])
    if name in ("household_id", "person_id"):
        return _each(cells, lambda text: text + "-" if CODE.match(text) else text)
    return cells


def _each(cells: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    at, distinct = pd.factorize(cells)
    told = [change(text) for text in distinct.tolist()]
    return pd.Series([told[place] if place >= 0 else None for place in at.tolist()], cells.index, dtype="str")


def _silenced(cells: pd.Series, missing: frozenset[str]) -> pd.Series:
    return _each(cells, lambda text: None if text in missing else text) if missing else cells


def _joined(cell: Cell, frame: pd.DataFrame, missing: frozenset[str]) -> pd.Series:
    parts = [_silenced(frame[name], missing | cell.missing) for name in cell.columns]
    if cell.digits:
        parts = [part.str.zfill(digits) for part, digits in zip(parts, cell.digits, strict=True)]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + cell.join + part
    return whole


def _looked_up(cell: Cell, cells: pd.Series, frame: pd.DataFrame, *, missing: frozenset[str], decimal: str,
               period: pd.Series) -> pd.Series:  # fmt: skip
    codes = cell.codes or {}
    words = {code: word for code, word in codes.items() if isinstance(word, str)}

    def word(text: str) -> str | None:
        if text in words or cell.others is None:
            return words.get(text, f"{UNMAPPED}{text}")
        return cell.others if isinstance(cell.others, str) and cell.others else None

    read = _each(cells, word)
    inner = [(cells == code, told) for code, told in codes.items() if isinstance(told, Cell)]
    if isinstance(cell.others, Cell):
        inner.append((cells.notna() & ~cells.isin(codes), cell.others))
    for where, further in inner:
        here = where.fillna(False).astype(bool)
        told = read_cells(further, frame[here], missing=missing, decimal=decimal, period=period[here])
        read = read.mask(here, told.reindex(read.index))
    return read


def _number(text: str, decimal: str, factor: float | None) -> str:
    text = text.replace(decimal, ".")
    if factor is None:
        return text
    try:
        return repr(float(text) * factor)
    except ValueError:
        return text


def _day(text: str, written: str | None) -> str | None:
    try:
        day = dt.datetime.strptime(text, written).date() if written else dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day.isoformat()


def _end(period: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(periods.end(periods.parse(period))))
    except ValueError:
        return None


def _age(text: str, written: str | None) -> str:
    """Whole years on the last day of the period; `text` is the date of birth and the period."""
    born, _, period = text.partition(_APART)
    day, end = _day(born, written), _end(period)
    if day is None or end is None:
        return NO_BIRTH
    birth = dt.date.fromisoformat(day)
    age = end.year - birth.year - ((end.month, end.day) < (birth.month, birth.day))
    return str(age) if 0 <= age <= (contract.MEMBERS["age"].high or 0) else NO_BIRTH
