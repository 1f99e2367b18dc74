"""The welfare of a synthetic folder as matrices of families and periods, read a few columns at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features import periods, sources
from features.commands import UserError
from features.sources.synthetic import figures
from features.types import Array


@dataclass(frozen=True, slots=True)
class Panel:
    """Arrays over families (rows) and periods (columns).

    `ratio` is measured consumption over the family's own line; with the truth at hand it is there for families
    that the survey lost too, so that a cross-section is not bent by attrition. `seen` marks interviews of the
    survey: dynamics use them alone, as published panels do. `size` and place of a lost family are those of the
    register, or the last ones seen. `weight` counts families.
    """

    folder: Path
    manifest: dict[str, Any]
    periods: tuple[int, ...]
    key: Array
    ratio: Array
    seen: Array
    size: Array
    weight: Array
    province: Array
    urban: Array
    line: Array
    extreme: Array

    def march(self, year: int) -> int | None:
        """Column of the wave of March of a year; None where the panel has none."""
        wanted = year * periods.per_year(self.periods[0])
        return self.periods.index(wanted) if wanted in self.periods else None

    def marches(self) -> list[int]:
        """Columns one year apart, in order."""
        step = periods.per_year(self.periods[0])
        return [column for column, period in enumerate(self.periods) if period % step == 0]

    def people(self) -> Array:
        """Person weights, shape (families, periods)."""
        return self.weight[:, None] * self.size


def load(folder: Path) -> Panel:
    """Read the panel of a folder that `jaga data synth` made; UserError where it is another one."""
    manifest = _manifest(folder)
    if not (folder / "survey" / "households").is_dir():
        raise UserError(f"{folder}: no survey/households; moments of welfare need the survey")
    faces = [face for face in ("registry", "survey") if (folder / face / "households").is_dir()]
    rows = {face: _households(folder / face / "households") for face in faces}
    key = np.unique(np.concatenate([found["key"] for found in rows.values()]))
    span = tuple(np.unique(np.concatenate([found["period"] for found in rows.values()])).tolist())
    shape = len(key), len(span)
    line, extreme = _lines(folder / "survey" / "poverty_lines", span)
    weight, size = np.zeros(len(key)), np.zeros(shape, dtype=np.float32)
    place = {name: np.full(shape, -1, dtype=np.int8) for name in ("province", "urban")}
    ratio = np.full(shape, np.nan, dtype=np.float32)
    config = manifest.get("config", {})
    # the weights of the survey count the families of its own share of the register
    scale = {"survey": config.get("survey", 1) / config.get("households", 1) if "registry" in faces else 1.0}
    for face, found in rows.items():
        at = np.searchsorted(key, found["key"]), np.searchsorted(span, found["period"])
        for name, values in place.items():
            values[at] = found[name]
        weight[at[0]] = found["weight"] * scale.get(face, 1.0)
        size[at] = 0
        for piece in read(folder / face / "members", ("household_id", "period")):
            np.add.at(size, locate(piece, key, span), 1)
        if face == "survey":
            ratio[at] = found["welfare"] / line[at[1], found["province"], found["urban"]]
    seen = np.isfinite(ratio)
    _truth(folder / "truth" / "families", key, span, ratio)
    for values in place.values():
        _forward(values, values >= 0)
    _forward(size, size > 0)
    return Panel(folder, manifest, span, key, ratio, seen, size, weight, place["province"], place["urban"], line,
                 extreme)  # fmt: skip


def read(path: Path, columns: Sequence[str]) -> Iterator[pa.Table]:
    """These columns of a table (those it has), one row group at a time; text comes as codes."""
    if not path.is_dir():
        raise UserError(f"{path}: no such table")
    for part in sorted(path.glob("*.parquet")):
        have = set(pq.read_schema(part).names)
        wanted = [name for name in columns if name in have]
        with pq.ParquetFile(part, read_dictionary=wanted) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group, columns=wanted)


def codes(piece: pa.Table, name: str, words: Sequence[str]) -> Array:
    """Place of every cell in a vocabulary, -1 for an empty or another cell, shape (rows,)."""
    index, found = _coded(piece, name)
    places = {word: number for number, word in enumerate(words)}
    return np.array([*(places.get(str(word), -1) for word in found), -1])[index]


def numbers(piece: pa.Table, name: str) -> Array:
    """Cells of a number or flag column, NaN where empty, shape (rows,)."""
    return np.asarray(piece[name].to_numpy(), dtype=float)


def locate(piece: pa.Table, key: Array, span: Sequence[int]) -> tuple[Array, Array]:
    """Row (family) and column (period) of every row of a table."""
    return np.searchsorted(key, _keys(piece)), np.searchsorted(span, _periods(piece))


def _coded(piece: pa.Table, name: str) -> tuple[Array, list[Any]]:
    column = piece[name].combine_chunks()
    column = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    return column.indices.fill_null(-1).to_numpy(zero_copy_only=False), column.dictionary.to_pylist()


def _keys(piece: pa.Table) -> Array:
    """Household ids as 64-bit hashes, which take less room than text."""
    index, found = _coded(piece, "household_id")
    return np.asarray(pd.util.hash_array(np.array(found, dtype=object), categorize=False))[index]


def _periods(piece: pa.Table) -> Array:
    index, found = _coded(piece, "period")
    return np.array([periods.parse(str(text)) for text in found])[index]


def _households(path: Path) -> dict[str, Array]:
    parts: dict[str, list[Array]] = {}
    for piece in read(path, ("household_id", "period", "province", "urban", "weight", "welfare")):
        found = {"key": _keys(piece), "period": _periods(piece), "weight": numbers(piece, "weight"),
                 "province": codes(piece, "province", figures.provinces()),
                 "urban": numbers(piece, "urban").astype(np.int8)}  # fmt: skip
        if "welfare" in piece.column_names:
            found["welfare"] = numbers(piece, "welfare")
        for name, values in found.items():
            parts.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in parts.items()}


def _lines(path: Path, span: Sequence[int]) -> tuple[Array, Array]:
    """Line and extreme line, shape (periods, 38, 2) with rural first."""
    shape = len(span), len(figures.provinces()), 2
    out = {name: np.full(shape, np.nan) for name in ("line", "extreme_line")}
    for piece in read(path, ("line_province", "line_urban", "period", "line", "extreme_line")):
        when = _periods(piece)
        use = np.isin(when, span)
        at = (np.searchsorted(span, when[use]), codes(piece, "line_province", figures.provinces())[use],
              numbers(piece, "line_urban")[use].astype(int))  # fmt: skip
        for name, values in out.items():
            values[at] = numbers(piece, name)[use]
    return out["line"], out["extreme_line"]


def _truth(path: Path, key: Array, span: Sequence[int], ratio: Array) -> None:
    """Fill in what the survey would have measured of families it did not reach."""
    if not path.is_dir():
        return
    for piece in read(path, ("household_id", "period", "measured_ratio")):
        family, when = locate(piece, key, span)
        family = np.minimum(family, len(key) - 1)
        use = (key[family] == _keys(piece)) & ~np.isfinite(ratio[family, when])
        ratio[family[use], when[use]] = numbers(piece, "measured_ratio")[use]


def _forward(values: Array, there: Array) -> None:
    """Carry the last value there was to later periods without one, in place."""
    for column in range(1, values.shape[1]):
        gap = ~there[:, column] & there[:, column - 1]
        values[gap, column] = values[gap, column - 1]
        there[:, column] |= gap


def _manifest(folder: Path) -> dict[str, Any]:
    found = sources.manifest(folder)
    if not found:
        raise UserError(f"{folder}: no manifest.json; give a folder that jaga data synth made")
    if not found["synthetic"]:
        raise UserError(f"{folder}: not synthetic data; moments of a real panel are not judged against targets")
    return found
