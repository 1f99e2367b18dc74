"""Cells of a flat table: what a column may hold, and errors that name the row and the rule."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from features.commands import UserError
from features.contract import FLAG_WORDS
from features.periods import PATTERN, is_quarter, parse
from features.types import Array
from features.values import shown

SHOWN = 3
"""Offending rows that an error names."""


def rows(bad: Array) -> str:
    """The marked rows in words, the first few by number; 1 is the first after the head."""
    at = np.flatnonzero(bad)
    more = f" and {len(at) - SHOWN:,} more" if len(at) > SHOWN else ""
    return f"row{'s' if len(at) > 1 else ''} {', '.join(str(row + 1) for row in at[:SHOWN])}{more}"


def codes(table: pd.DataFrame, name: str) -> Array:
    """Codes of households or clusters as text; none may be empty."""
    values = table[name]
    empty = values.isna().to_numpy() | (values.astype(str).str.strip() == "").to_numpy()
    if empty.any():
        raise UserError(f"column {name}: {rows(empty)}: empty; every row must say whose it is")
    if pd.api.types.is_float_dtype(values) and (values == np.floor(values)).all():
        values = values.astype("int64")  # a number that a missing cell elsewhere had made a float
    return values.astype(str).to_numpy(dtype=object)


def flag(table: pd.DataFrame, name: str) -> Array:
    """A column of 1, 0 and empty cells, n floats."""
    values = table[name]
    if values.dtype == bool:
        return values.to_numpy(dtype=float)
    text = pd.Series([FLAG_WORDS.get(one, one) for one in values.astype(str).str.strip().str.lower()], dtype=object)
    found = np.asarray(pd.to_numeric(text, errors="coerce"), dtype=float)
    empty = values.isna().to_numpy() | (text == "").to_numpy()
    bad = ~empty & ~np.isin(found, (0.0, 1.0))
    if bad.any():
        raise UserError(
            f"column {name}: {rows(bad)}: {shown(values[bad].iloc[0])}; only 1, 0 or an empty cell is allowed"
        )
    return np.where(empty, np.nan, found)


_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})")
_DAY = 10  # characters of a date
_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+")


def numbers(table: pd.DataFrame, name: str) -> tuple[Array, list[str]]:
    """A column as floats, NaN where it is empty, infinite or no number; the texts that were none.

    Raises
    ------
    UserError : the column holds dates, or numbers with a decimal comma.
    """
    values = table[name]
    if values.dtype == bool or pd.api.types.is_numeric_dtype(values):
        found = values.to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isfinite(found), found, np.nan), ["inf"] * int(np.isinf(found).sum())
    if pd.api.types.is_datetime64_any_dtype(values):
        raise _dates(name, str(values.dropna().astype(str).iloc[0]) if values.notna().any() else "NaT")
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    lost = ~np.isfinite(found) & ~values.isna().to_numpy() & (values.astype(str).str.strip() != "").to_numpy()
    texts = values[lost].astype(str).tolist()
    _readable(name, texts)
    return np.where(np.isfinite(found), found, np.nan), texts


def _readable(name: str, lost: list[str]) -> None:
    """Refuse a column most of whose texts are dates or have a decimal comma: as missing cells they would be lost."""
    dates = [text for text in lost if _DATE.fullmatch(text.strip())]
    if 2 * len(dates) > len(lost):
        raise _dates(name, dates[0])
    commas = [text for text in lost if _COMMA.fullmatch(text.strip())]
    if 2 * len(commas) > len(lost):
        raise UserError(f"column {name} holds numbers with a decimal comma such as {shown(commas[0])}; write them with "
                        "a point, and with nothing between thousands")  # fmt: skip


def _dates(name: str, example: str) -> UserError:
    return UserError(f"column {name} holds dates such as {shown(example[:_DAY])}; leave it out or make it a number of "
                     "days, such as days before the origin")  # fmt: skip


def weights(table: pd.DataFrame, name: str | None) -> Array:
    """Survey weights, n; 1 for all where the table has none."""
    if name is None:
        return np.ones(len(table))
    found, _ = numbers(table, name)
    bad = ~(found >= 0)
    if bad.any():
        raise UserError(
            f"column {name}: {rows(bad)}: {shown(table[name][bad].iloc[0])}; a weight is a number, 0 or more"
        )
    if not found.any():
        raise UserError(f"column {name}: all weights are 0")
    return found


def periods(table: pd.DataFrame, name: str | None) -> tuple[Array, dict[str, str], str]:
    """Number of each row's period, names of waves that are no years or quarters, and the frequency."""
    if name is None:
        return np.full(len(table), 1, dtype=np.int64), {}, "period"
    values = table[name]
    if values.isna().any():
        raise UserError(f"column {name}: {rows(values.isna().to_numpy())}: empty; every row needs its period")
    if pd.api.types.is_datetime64_any_dtype(values):
        quarters = values.dt.year.astype(str) + "Q" + values.dt.quarter.astype(str)
        years = values.dt.year.astype(str)
        same = values.nunique()
        values = years if years.nunique() == same else quarters if quarters.nunique() == same else values
    elif pd.api.types.is_float_dtype(values) and (values == np.floor(values)).all():
        values = values.astype("int64")
    distinct, code = np.unique(values.to_numpy(), return_inverse=True)
    texts = [str(value).strip().upper() for value in distinct]
    if all(PATTERN.match(text) for text in texts):
        found = np.array([parse(text) for text in texts], dtype=np.int64)
        kinds = {is_quarter(int(number)) for number in found}
        if len(kinds) == 1:
            return found[code], {}, "quarter" if kinds.pop() else "year"
    return code.astype(np.int64) + 1, {str(n + 1): str(value) for n, value in enumerate(distinct)}, "period"


def categories(values: pd.Series) -> tuple[Array, tuple[str, ...]]:
    """Codes of the categories in the order of their names, NaN for an empty cell, and the names."""
    if pd.api.types.is_float_dtype(values) and (values.dropna() == np.floor(values.dropna())).all():
        values = values.astype("Int64")
    text = values.astype("string").str.strip()
    text = text.where(text != "")
    code, names = pd.factorize(text, sort=True)
    return np.where(code < 0, np.nan, code.astype(float)), tuple(str(name) for name in names)


def welfare(table: pd.DataFrame, name: str | None) -> Array:
    """Welfare in the table's own unit, n; NaN where it is not measured."""
    if name is None:
        return np.full(len(table), np.nan)
    found, lost = numbers(table, name)
    if lost:
        raise UserError(f"column {name}: {shown(lost[0])} is no number; welfare must be numbers or empty cells")
    return found
