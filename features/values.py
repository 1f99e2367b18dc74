"""Reading one cell by its rule: a typed value, None where it is empty, or a refusal in words.

Every path into the tables ends here, so that a file, a chunk and a request get the same verdict. A refusal shows
the value only where it cannot be a name or the number of a person.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from features import periods
from features.contract import Field
from features.keys import CODE, key_ids

NIK = "looks like a NIK; personal numbers are never stored"
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9:]{2,6})?)?")
LONGEST = 200
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Dates outside are typing errors or codes for unknown, such as 9999-12-31."""
NESTED = "\0a list or struct"
"""What a reader of columns puts in place of a nested cell; no kind takes it, since it cannot be printed."""

UNMAPPED = "\0unmapped:"
"""What a source's map puts before a code of which it does not say the meaning; no kind takes it either."""

_COMMA = re.compile(r"[-+]?\d[\d.]*,\d+\Z")
_TRUE, _FALSE = ("true", "yes"), ("false", "no")
_SHORT_ID = 3
_EMPTY_TYPES = ("NAType", "NaTType", "MaskedConstant")  # by name, so that pandas is not imported


class RefusedError(ValueError):
    """The cell breaks its rule; the text says how."""


def reader(rule: Field, key: bytes | None) -> Callable[[Any], Any]:
    """Function that reads one cell of this column; it raises `RefusedError`."""
    if rule.kind == "id":
        return partial(_id, key=key)
    if rule.kind == "choice":
        return partial(_choice, rule, {choice: float(code) for code, choice in enumerate(rule.choices)})
    if rule.kind == "period":
        return _period
    if rule.kind == "date":
        return _date
    if rule.kind == "text":
        if rule.name == "place":  # a household or a region: `features.links.key_places` tells them apart
            return _text
        if rule.digits:
            return partial(_digit_code, rule.digits)
        return partial(_person, key=key) if rule.name == "person_id" else _plain
    return partial(_number, rule)


def empty(value: Any) -> bool:
    """Whether a cell says nothing: None, NaN, NA, NaT, a masked cell or blank text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, (float, np.floating, np.datetime64)):
        return bool(value != value)
    if isinstance(value, Decimal):
        return value.is_nan()
    return type(value).__name__ in _EMPTY_TYPES


def _number(rule: Field, value: Any) -> float | None:
    if type(value) is not float and type(value) is not int:
        value = _as_number(rule, value)
    elif type(value) is int:
        value = _float(value)
    if value is None or value != value:
        return None
    wrong = _wrong(rule, value)
    if wrong:
        raise RefusedError(f"{_rounded(value)} {wrong}")
    return value


def _as_number(rule: Field, value: Any) -> float | None:
    if empty(value):
        return None
    flag = rule.kind == "flag"
    if isinstance(value, str):
        text = value.strip().lower()
        if text == "nan":
            return None
        if flag and text in _TRUE + _FALSE:
            return float(text in _TRUE)
        if NUMBER.fullmatch(text):
            return float(text)
        _check_mapped(value)
    elif isinstance(value, (bool, np.bool_)):
        if flag:
            return float(value)
    elif _is_number(value):
        return _float(value)
    if not flag and isinstance(value, str) and _COMMA.match(value.strip()):
        raise RefusedError(
            f'{shown(value)} is not a number: its decimal sign is a comma (a map has to set decimal = ",")'
        )
    raise RefusedError(f"{shown(value)} is not {'true or false' if flag else 'a number'}")


def _is_number(value: Any) -> bool:
    if isinstance(value, (bool, np.timedelta64)):  # which Python and numpy count among the whole numbers
        return False
    return isinstance(value, (int, float, Decimal, np.integer, np.floating))


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _wrong(rule: Field, value: float) -> str:
    if math.isinf(value):
        return "is not finite"
    if rule.kind == "flag":
        return "" if value in (0.0, 1.0) else "is neither 0 nor 1"
    if value in rule.refuse:
        return "is a code for unknown; leave the cell empty"
    if rule.low is not None and value < rule.low:
        return f"is below {rule.low:g} {rule.unit}".rstrip()
    if rule.high is not None and value > rule.high:
        return f"is above {rule.high:g} {rule.unit}".rstrip()
    if rule.kind == "count" and value != math.floor(value):
        return "is not a whole number"
    return ""


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        if empty(value):
            return None
        value = _digits(value)
    text = value.strip()
    if len(text) > LONGEST:
        raise RefusedError(f"is longer than {LONGEST} characters")
    if text == NESTED:
        raise RefusedError(f"{shown(text)} is not text")
    if not text.isprintable():
        _check_mapped(text)
        raise RefusedError("has characters that cannot be printed")
    return text or None


def _check_mapped(text: str) -> None:
    if text.startswith(UNMAPPED):
        raise RefusedError(f"code {shown(text.removeprefix(UNMAPPED))} has no meaning in the map")


def _digits(value: Any) -> str:
    """A code that a reader took for a number."""
    if not _is_number(value):
        raise RefusedError(f"{shown(value)} is not text")
    if not isinstance(value, Decimal):
        value = int(value) if isinstance(value, (int, np.integer)) else float(value)
    if not -1e18 < value < 1e18:  # beyond this a number is no code, and writing it out may take for ever
        raise RefusedError("is too large a number for a code")
    return str(int(value)) if value == int(value) else str(value)


def looks_like_nik(text: str) -> bool:
    """Whether a text holds sixteen digits in a row, written with or without spaces, dots and hyphens."""
    return len(text) >= 16 and bool(_SIXTEEN.search(_SEPARATOR.sub("", text)))


def masked(name: str) -> str:
    """A name, such as that of a column or field, without the digits of what may be the number of a person, in whole or
    in part."""
    if sum(sign.isdigit() for sign in _INDEX.sub("", name)) < _NUMBER:
        return name
    return _DIGITS.sub(lambda found: found[0] if found[0].startswith("[") else "#", name)


_NUMBER = 8
"""Digits from which on a name is not told as it was sent; areas and dates in one have fewer."""
_INDEX, _DIGITS = re.compile(r"\[[0-9]{1,7}\]"), re.compile(r"\[[0-9]{1,7}\]|\d")
_SEPARATOR = re.compile(r"[ .\-]")
_SIXTEEN = re.compile(r"(?<!\d)\d{16}(?!\d)")


def _plain(value: Any) -> str | None:
    text = _text(value)
    if text is not None and looks_like_nik(text):
        raise RefusedError(NIK)
    return text


def _digit_code(digits: int, value: Any) -> str | None:
    text = _plain(value)
    if text is not None and not (len(text) == digits and text.isascii() and text.isdigit()):
        raise RefusedError(f"{shown(text)} is not a code of {digits} digits")
    return text


def _id(value: Any, key: bytes | None) -> str | None:
    text = _text(value)
    if text is None:
        return None
    if key is not None:
        return key_ids([text], key)[0]
    if not CODE.match(text):
        raise RefusedError("is not a keyed code; read raw ids through a source, which keys them")
    return text


def _person(value: Any, key: bytes | None) -> str | None:
    text = _text(value)
    return text if text is None or len(text) <= _SHORT_ID else _id(text, key)


def _period(value: Any) -> int | None:
    text = str(value) if type(value).__name__ == "Period" else _text(value)
    if text is None:
        return None
    try:
        return periods.parse(text)
    except ValueError:
        raise RefusedError(f"{shown(text)} is not a period; write 2026Q1 or 2026") from None


def _date(value: Any) -> dt.date | None:
    if empty(value):
        return None
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()  # a whole number where Python has no such date
    elif isinstance(value, dt.datetime):
        value = value.date()
    elif isinstance(value, str):
        value = _iso(value.strip())
    if not isinstance(value, dt.date):
        raise RefusedError(f"{shown(value)} is not a date; write 2026-01-31")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise RefusedError(f"{value.isoformat()} is not between {FIRST_DAY.year} and {LAST_DAY.year}")
    return value


def _iso(text: str) -> Any:
    try:
        return dt.datetime.fromisoformat(text).date() if DATE.fullmatch(text) else text
    except ValueError:
        return text


def _choice(rule: Field, codes: dict[str, float], value: Any) -> float | None:
    text = _text(value)
    if text is None:
        return None
    if text not in codes:
        raise RefusedError(f"{shown(text)} is not one of {', '.join(rule.choices)}")
    return codes[text]


def shown(value: Any) -> str:
    """The value as a refusal may show it: no long text and no long run of digits, which may be a person's."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if _is_number(value):
        return _rounded(_float(value))
    if isinstance(value, (dt.date, np.datetime64)):
        return "a date"
    if not isinstance(value, str):
        return f"a {type(value).__name__}"
    if value == NESTED:
        return NESTED[1:]
    if len(value) > 24 or not value.isprintable() or _LONG_RUN.search(_SEPARATOR.sub("", value)):
        return "the value"
    return repr(value)


_LONG_RUN = re.compile(r"\d{9}")


def _rounded(number: float) -> str:
    return f"{number:.8g}" if abs(number) < 1e8 else f"{number:.3g}"
