"""Pandera schemas of the raw tables, made from the contract, for those who keep their tables in pandas.

The door itself (`features.admit`) does not use them: it is faster, and keeps the good rows. A test holds the two to
the same verdict on every cell. Rules over several tables are the door's alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from features import contract, periods
from features.contract import Field
from features.keys import CODE
from features.values import DATE, FIRST_DAY, LAST_DAY, LONGEST, NUMBER, looks_like_nik

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import Check, Column, DataFrameSchema


def schema(table_name: str) -> DataFrameSchema:
    """Schema of one raw table.

    Parameters
    ----------
    table_name : a name in `features.contract.TABLES`.

    Returns
    -------
    Schema whose `validate(frame, lazy=True)` turns cells into their kind (numbers and flags to float64, text, ids,
    periods and choices to text, dates to datetime) and reports each cell that breaks a rule. Ids must be keyed
    codes. Columns that the contract does not know are let through.

    Raises
    ------
    KeyError : no such table.
    """
    from pandera.pandas import Check, DataFrameSchema

    table = contract.TABLES[table_name]
    key = Check(partial(_is_new, table.key), name=f"{' + '.join(table.key)} is there already in an earlier row")
    nested = Check(_is_nested, name="the sub-district does not begin with the code of the row's regency")
    checks = [key, nested] if "subdistrict" in table.names else [key]
    return DataFrameSchema({rule.name: _column(rule) for rule in table.fields}, checks=checks, name=table_name)


def _column(rule: Field) -> Column:
    from pandera.pandas import Column, Parser

    parse = partial(_CELLS.get(rule.kind, _text), rule)
    return Column(None, _checks(rule), parsers=Parser(partial(_each, parse)), nullable=rule.null,
                  required=rule.required, description=rule.doc, metadata={"unit": rule.unit})  # fmt: skip


def _each(parse: Callable[[Any], Any], column: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    cells = [None if _is_missing(cell) else parse(cell) for cell in column.array]
    return pd.Series(cells, index=column.index, dtype=None if any(cell is not None for cell in cells) else object)


def _is_missing(cell: Any) -> bool:
    import pandas as pd

    if isinstance(cell, str):
        return not cell.strip()
    if isinstance(cell, Decimal):  # pandas cannot ask a signalling NaN
        return cell.is_nan()
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def _number(rule: Field, cell: Any) -> Any:
    if isinstance(cell, str):
        text = cell.strip().lower()
        if rule.kind == "flag" and text in contract.FLAG_WORDS:
            return float(contract.FLAG_WORDS[text])
        return float(text) if NUMBER.fullmatch(text) else None if text == "nan" else cell
    if _is_bool(cell):
        return float(cell) if rule.kind == "flag" else str(cell)
    return float(cell) if _is_number(cell) else str(type(cell))


def _text(rule: Field, cell: Any) -> Any:
    if isinstance(cell, str):
        return cell.strip()
    if rule.kind == "period" and type(cell).__name__ == "Period":
        return str(cell)
    if _is_number(cell) and not _is_bool(cell) and abs(cell) < 1e18:
        return str(int(cell)) if cell == int(cell) else str(cell)
    return {"not text": str(type(cell))}


def _date(rule: Field, cell: Any) -> Any:
    import pandas as pd

    if isinstance(cell, str) and not DATE.fullmatch(cell.strip()):
        return cell
    if not isinstance(cell, (str, dt.date)) and type(cell).__name__ != "datetime64":
        return str(type(cell))
    try:
        return pd.Timestamp(cell).tz_localize(None).normalize()
    except ValueError:
        return str(cell)


_CELLS: dict[str, Callable[[Field, Any], Any]] = {
    "number": _number, "count": _number, "flag": _number, "date": _date}  # fmt: skip


def _is_bool(cell: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_bool(cell))


def _is_number(cell: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_float(cell) or pd.api.types.is_integer(cell) or isinstance(cell, Decimal))


def _checks(rule: Field) -> list[Check]:
    if rule.kind in ("number", "count", "flag"):
        return [_check(f"is no {rule.kind} of the contract", float, partial(_number_holds, rule))]
    if rule.kind == "date":
        import pandas as pd

        first, last = pd.Timestamp(FIRST_DAY), pd.Timestamp(LAST_DAY)
        return [_check(f"is no date between {first:%Y} and {last:%Y}", dt.date, lambda day: first <= day <= last)]
    if rule.kind == "choice":
        return [_check(f"is not one of {', '.join(rule.choices)}", str, lambda text: text in rule.choices)]
    if rule.kind == "period":
        return [_check("is not a period", str, lambda text: bool(periods.PATTERN.match(text)))]
    checks = [_check("is no plain text", str, lambda text: len(text) <= LONGEST and text.isprintable())]
    if rule.kind == "id":
        checks.append(_check("is not a keyed code", str, lambda text: bool(CODE.match(text))))
    elif rule.name != "place":
        checks.append(_check("looks like a NIK", str, lambda text: not looks_like_nik(text)))
    if rule.digits:
        checks.append(_check(f"is not a code of {rule.digits} digits", str,
                             lambda text: len(text) == rule.digits and text.isascii() and text.isdigit()))  # fmt: skip
    if rule.name == "person_id":
        checks.append(_check("is neither short nor a code", str, lambda text: len(text) < 4 or bool(CODE.match(text))))
    return checks


def _check(name: str, kind: type, holds: Callable[[Any], bool]) -> Check:
    from pandera.pandas import Check

    return Check(lambda cell: isinstance(cell, kind) and holds(cell), element_wise=True, ignore_na=True, name=name)


def _number_holds(rule: Field, number: float) -> bool:
    low, high = (0.0, 1.0) if rule.kind == "flag" else (rule.low, rule.high)
    inside = (low is None or number >= low) and (high is None or number <= high) and abs(number) != float("inf")
    whole = rule.kind == "number" or number.is_integer()
    return inside and whole and number not in rule.refuse


def _is_nested(frame: pd.DataFrame) -> pd.Series[Any]:
    import pandas as pd

    if "subdistrict" not in frame:
        return pd.Series(True, index=frame.index)
    regency = frame["regency"] if "regency" in frame else pd.Series(None, index=frame.index, dtype=object)
    own = frame["subdistrict"]
    return own.isna() | (own.astype(object).str[: contract.REGENCY_DIGITS] == regency.astype(object))


def _is_new(key: tuple[str, ...], frame: pd.DataFrame) -> pd.Series[Any]:
    return ~frame[[name for name in key if name in frame]].astype(object).map(repr).duplicated()
