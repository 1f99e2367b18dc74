"""Any household and member files through a map: the source's columns in, raw tables of the contract out.

Codes of which the map does not say the meaning are told apart from words, so that the door refuses them by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features import contract, keys
from features.admit import Quarantine
from features.commands import UserError, closest
from features.files import read_texts
from features.sources.map_cells import keyed, read_cells
from features.sources.map_file import NUMBERS, read_map
from features.sources.map_model import Entry, Map
from features.types import Array

__all__ = ["MAPS", "Mapped", "read", "read_map"]

MAPS = Path(__file__).with_name("maps")
"""Folder of the worked maps; each is a TOML file."""


@dataclass(slots=True)
class Mapped:
    """What a map read.

    Attributes
    ----------
    tables : raw tables with the contract's columns, all text.
    rows : place of each row among those read of its table, before any was left out.
    left_out : by table, rows that the map's `keep` left out.
    unmatched : by file, rows of a joined file that no row of the first one has.
    """

    tables: dict[str, pd.DataFrame]
    rows: dict[str, Array]
    left_out: dict[str, int]
    unmatched: dict[str, int]

    def lines(self) -> list[str]:
        """What a person should know of the rows that are not in the tables."""
        told = [
            f"{table}: {count:,} rows left out by the map's keep" for table, count in self.left_out.items() if count
        ]
        return told + [f"{file}: {count:,} rows have no row in the file that they are joined to"
                       for file, count in self.unmatched.items() if count]  # fmt: skip

    def number_rows(self, quarantine: Quarantine) -> None:
        """Number the quarantined rows as they were read, so that they are found in the source's files."""
        quarantine.row[:] = [int(self.rows[table][row])
                             for table, row in zip(quarantine.table, quarantine.row, strict=True)]  # fmt: skip


def read(made: Map, folder: Path, *, key: bytes | None = None) -> Mapped:
    """Read a source's files by a map.

    Parameters
    ----------
    made : the map.
    folder : where its files are.
    key : key of clusters; the installation's own without it. Ids are left to the door (`features.admit`).

    Raises
    ------
    UserError : a file or column is missing, or a file to be joined has a key twice; names file, column and rule.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; --input is the folder of the map's files")
    door = key or keys.load().door
    mapped = Mapped({}, {}, {}, {})
    for table in made.tables:
        parts: list[pd.DataFrame] = []
        rows: list[Array] = []
        before = 0
        for entry in made.files:
            if table not in entry.files:
                continue
            frame = _frame(made, table, entry, folder, mapped)
            kept = _kept(made, table, frame)
            rows.append(np.flatnonzero(kept) + before)
            before += len(frame)
            parts.append(_columns(made, table, entry, frame[kept].reset_index(drop=True), door))
        if parts:
            mapped.tables[table] = pd.concat(parts, ignore_index=True)
            mapped.rows[table] = np.concatenate(rows)
            mapped.left_out[table] = before - len(mapped.rows[table])
    return mapped


def _columns(made: Map, table: str, entry: Entry, frame: pd.DataFrame, key: bytes) -> pd.DataFrame:
    cells = made.tables[table]
    nothing = pd.Series(None, frame.index, dtype="str")
    read: dict[str, pd.Series] = {}
    for name, fixed in (("period", entry.period), ("known_at", entry.known_at)):
        if fixed is not None:
            read[name] = pd.Series(fixed, frame.index, dtype="str")
    order = sorted(cells, key=lambda name: name != "period")  # an age and a lag are counted from the period
    for name in order:
        decimal = made.decimal if contract.TABLES[table][name].kind in NUMBERS else "."
        told = read_cells(cells[name], frame, missing=made.missing, decimal=decimal,
                          period=read.get("period", nothing))  # fmt: skip
        read[name] = keyed(name, told, key)
    return pd.DataFrame({name: read[name] for name in contract.TABLES[table].names if name in read})


def _kept(made: Map, table: str, frame: pd.DataFrame) -> Array:
    kept = np.ones(len(frame), dtype=bool)
    for name, codes in made.keep.get(table, {}).items():
        kept &= frame[name].isin(codes).to_numpy()
    return kept


def _frame(made: Map, table: str, entry: Entry, folder: Path, mapped: Mapped) -> pd.DataFrame:
    """Every column of the source that the table needs, as text, under the map's names."""
    wanted = {name: field for field, cell in made.tables[table].items() for name in cell.names()}
    wanted |= dict.fromkeys(made.keep.get(table, {}), "keep")
    several = len(entry.files[table]) > 1
    join = made.join[table]
    whole: pd.DataFrame | None = None
    had: list[str] = []
    for file in entry.files[table]:
        own = {entry.names.get(name, name): name for name in (*wanted, *(join if several else ()))}
        frame, names = read_texts(folder / file, own)
        frame = frame.rename(columns=own)
        had += names
        whole = frame if whole is None else _join(whole, frame, join, folder / file, mapped)
    assert whole is not None
    for name, field in wanted.items():
        if name not in whole:
            told = entry.names.get(name, name)
            raise UserError(f"{' and '.join(str(folder / file) for file in entry.files[table])}: column {told} is "
                            f"missing, which {table}.{field} is read from{closest(told, had)}")  # fmt: skip
    return whole


def _join(whole: pd.DataFrame, frame: pd.DataFrame, join: tuple[str, ...], file: Path, mapped: Mapped) -> pd.DataFrame:
    """The further columns of a joined file; columns that are there already stay those of the file before it."""
    by = [name for name in join if name in frame and name in whole]
    if not by:
        raise UserError(f"{file}: has none of the columns {', '.join(join)}, by which it would be joined")
    twice = int(frame.duplicated(by).sum())
    if twice:
        raise UserError(f"{file}: {twice:,} rows have the {', '.join(by)} of another row; a joined file has each once")
    fresh = frame[[*by, *(name for name in frame if name not in whole)]]
    known = pd.MultiIndex.from_frame(whole[by])
    mapped.unmatched[file.name] = mapped.unmatched.get(file.name, 0) + int(
        (~pd.MultiIndex.from_frame(frame[by]).isin(known)).sum()
    )
    return whole.merge(fresh, on=by, how="left", validate="m:1")


def about(made: Map, mapped: Mapped) -> dict[str, Any]:
    """What a manifest says of the map: its name, digest, whether it was tried on real files, and the rows left out."""
    left: Mapping[str, int] = {table: count for table, count in mapped.left_out.items() if count}
    return {"map": {"name": made.name, "sha256": made.digest, "tested": made.tested, "left_out": dict(left)}}
