"""Checks on what people write before it is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from features.keys import CODE
from serving.problems import Broken, Problem

_NUMBER = re.compile(r"(?:\d[\W_]*){15}\d")
"""Sixteen digits of any script with anything but letters between them."""
MOST = 500


def note(field: str, text: str, *, required: bool = False) -> str:
    """A note without signs that cannot be kept and without a NIK or family card number; at most 500 characters."""
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if required and not text:
        raise Problem("invalid", [Broken(field, "required")])
    if len(text) > MOST or any(not (sign.isprintable() or sign == "\n") for sign in text):
        raise Problem("invalid", [Broken(field, "text")])
    return no_id_number(field, text)


def has_id_number(text: str) -> bool:
    """Whether a text holds what may be a NIK or family card number, however its digits are set apart."""
    return _NUMBER.search(unicodedata.normalize("NFKC", text)) is not None


def id_numbers(value: Any, field: str = "") -> Iterator[str]:
    """Fields of plain values, however deep, whose text, name or number may be a NIK or family card number.

    A number of sixteen digits counts unless it is whole millions, as large sums of rupiah are.
    """
    if isinstance(value, Mapping):
        for name, own in value.items():
            if has_id_number(str(name)):
                yield field
            else:
                yield from id_numbers(own, f"{field}.{name}" if field else str(name))
    elif isinstance(value, list | tuple):
        for at, own in enumerate(value):
            yield from id_numbers(own, f"{field}[{at}]")
    elif isinstance(value, str):
        if has_id_number(value):
            yield field
    elif isinstance(value, int | float) and 1e15 <= abs(value) < 1e16 and value % 1e6:
        yield field


def no_id_numbers(value: Any, field: str = "") -> None:
    """Problem `invalid` with every field of plain values that may hold a NIK or family card number."""
    if found := [Broken(own[:80], "no_id_number") for own in id_numbers(value, field)]:
        raise Problem("invalid", dict.fromkeys(found))


def no_id_number(field: str, text: str) -> str:
    """The text. Problem `invalid` where it may hold a NIK or family card number."""
    if has_id_number(text):
        raise Problem("invalid", [Broken(field, "no_id_number")])
    return text


def choice(field: str, value: str, choices: Collection[str]) -> str:
    """One of the choices."""
    if value not in choices:
        raise Problem("invalid", [Broken(field, "choice" if value else "required")])
    return value


def code(value: str) -> str:
    """A keyed household code; anything else is not known here, and never kept."""
    if not CODE.match(value):
        raise Problem("not_in_area")
    return value


def past(field: str, value: date | None, today: date) -> date:
    """A date of the last year; None is what was no date."""
    if value is None:
        raise Problem("invalid", [Broken(field, "date")])
    if not today - timedelta(days=366) <= value <= today:
        raise Problem("invalid", [Broken(field, "past")])
    return value
