"""Checks of the values in a map; every refusal names the file, the line, the key and the rule."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from features.commands import UserError, closest


class Reading:
    """One reading of a TOML file; `at` is everywhere the path of keys that is looked at.

    Parameters
    ----------
    path : the file, for refusals.
    text : what is in it.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.lines = path, text.splitlines()

    def known(self, at: tuple[str, ...], found: Any, names: Iterable[str], what: str = "not known") -> None:
        """A table with these keys alone."""
        if not isinstance(found, dict):
            self.refuse(at, f"must be a table with the keys {', '.join(names)}")
        for key in found:
            if key not in names:
                self.refuse((*at, key), f"is {what}{closest(key, names)}; known: {', '.join(names)}")

    def mapping(self, at: tuple[str, ...], found: dict[str, Any], key: str) -> dict[str, Any]:
        """The table under a key, empty where there is none."""
        value = found.get(key, {})
        if not isinstance(value, dict):
            self.refuse(at, "must be a table")
        return dict(value)

    def text(self, at: tuple[str, ...], value: Any, *, blank: bool = False) -> str:
        """Text with something in it."""
        if not isinstance(value, str) or not (blank or value.strip()):
            self.refuse(at, f"must be text, got {value!r}")
        return str(value) if blank else str(value).strip()

    def names(self, at: tuple[str, ...], value: Any, *, lower: bool = True) -> tuple[str, ...]:
        """One name or a list of them."""
        listed = value if isinstance(value, list) else [value]
        return tuple(self.text(at, name).lower() if lower else self.text(at, name) for name in listed)

    def cells(self, at: tuple[str, ...], value: Any) -> frozenset[str]:
        """A list of codes, as text."""
        if not isinstance(value, list) or not all(isinstance(one, (str, int)) for one in value):
            self.refuse(at, f"must be a list of codes, got {value!r}")
        return frozenset(str(one).strip() for one in value)

    def flag(self, at: tuple[str, ...], value: Any) -> bool:
        """True or false."""
        if not isinstance(value, bool):
            self.refuse(at, f"must be true or false, got {value!r}")
        return bool(value)

    def decimal(self, value: Any) -> str:
        """The decimal sign."""
        if value not in (".", ","):
            self.refuse(("decimal",), f'must be "." or ",", got {value!r}')
        return str(value)

    def digits(self, at: tuple[str, ...], value: Any, columns: tuple[str, ...]) -> tuple[int, ...]:
        """Digits of each column."""
        listed = value if isinstance(value, list) else [] if value is None else [value] * len(columns)
        if any(isinstance(one, bool) or not isinstance(one, int) or not 0 < one <= 20 for one in listed) or (
            listed and len(listed) != len(columns)
        ):
            self.refuse(at, f"must be a number of digits from 1 to 20, one for each column, got {value!r}")
        return tuple(listed)

    def number(self, at: tuple[str, ...], value: Any) -> float | None:
        """A number other than 0."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value or not math.isfinite(value):
            self.refuse(at, f"must be a number other than 0, got {value!r}")
        return float(value)

    def days(self, at: tuple[str, ...], value: Any) -> int | None:
        """Days from 0."""
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            self.refuse(at, f"must be a whole number of days from 0, got {value!r}")
        return value

    def date_format(self, at: tuple[str, ...], value: Any) -> str | None:
        """How a date is written, as in strptime."""
        if value is not None and not all(part in self.text(at, value) for part in ("%d", "%m")):
            self.refuse(at, f'must say how a date is written, as in "%d/%m/%Y", got {value!r}')
        return value

    def refuse(self, at: tuple[str, ...], rule: str) -> NoReturn:
        """Raise the UserError."""
        line = self.line(at)
        raise UserError(f"{self.path}{f', line {line}' if line else ''}: {'.'.join(at)} {rule}")

    def line(self, at: tuple[str, ...]) -> int | None:
        """Where the key, or the nearest one above it, stands in the file."""
        heading: tuple[str, ...] = ()
        files, deep = 0, 0
        best: int | None = None
        for number, text in enumerate(self.lines, 1):
            section = re.match(r"\s*\[+([^\]]+)\]+", text)
            if section:
                heading = tuple(part.strip(" \"'") for part in section[1].split("."))
                if heading[0] == "files":
                    files += text.lstrip().startswith("[[")
                    heading = (f"files {files}", *heading[1:])
            key = re.match(r"\s*([A-Za-z0-9_.\"'-]+)\s*=", text)
            here = heading if section else (*heading, *(part.strip("\"'") for part in key[1].split("."))) if key else ()
            if len(here) > deep and here == at[: len(here)]:
                best, deep = number, len(here)
        return best
