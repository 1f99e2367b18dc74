"""The map of a source: where each column of the contract comes from and how its cells are read.

There is no code in a map and there are no expressions: a cell is renamed, put together, looked up, multiplied or fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cell:
    """How the cells of one column of the contract are read: the keys of its table in the map.

    Attributes
    ----------
    columns : the source's columns, put together with `join` where there are several.
    digits : fill each part up to so many digits with zeros in front.
    constant : one value for every row.
    codes : meaning of each code; a further `Cell` where another column says more. `others` : of all other codes, ""
        where they say nothing.
    replace : cells that stand for another value. missing : cells that say nothing.
    factor : what a number is multiplied with. lag_days : days after the period's end (`known_at` alone).
    born : column with the date of birth (`age` alone). format : how a date is written, as in strptime.
    source : which of the map's `sources` the names and codes are from.
    """

    columns: tuple[str, ...] = ()
    join: str = "-"
    digits: tuple[int, ...] = ()
    constant: str | None = None
    codes: Mapping[str, str | Cell] | None = None
    others: str | Cell | None = None
    replace: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    factor: float | None = None
    lag_days: int | None = None
    born: str | None = None
    format: str | None = None
    source: str | None = None

    def names(self) -> set[str]:
        """Every column of the source that is looked at."""
        inner = [cell for cell in (*(self.codes or {}).values(), self.others) if isinstance(cell, Cell)]
        return {*self.columns, *([self.born] if self.born else []), *(name for cell in inner for name in cell.names())}


@dataclass(frozen=True, slots=True)
class Entry:
    """Files of one wave, or of all: by table the first and those joined to it; `names` a column's own name in them."""

    files: Mapping[str, tuple[str, ...]]
    period: str | None
    known_at: str | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Map:
    """A checked map.

    Attributes
    ----------
    join : by table the columns by which its further files are joined to the first. keep : rows of a table that are
        read, by column and codes. digest : SHA-256 of the file.
    """

    path: Path
    name: str
    tested: bool
    files: tuple[Entry, ...]
    join: Mapping[str, tuple[str, ...]]
    keep: Mapping[str, Mapping[str, frozenset[str]]]
    tables: Mapping[str, Mapping[str, Cell]]
    missing: frozenset[str]
    decimal: str
    sources: Mapping[str, str]
    left_out: Mapping[str, Mapping[str, str]]
    digest: str
