"""What the register says of families beyond their score: size, rank, work and exposure, poverty line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from features import codes, contract, reference
from features.commands import UserError
from features.types import Array
from models.schemes.parts import EXPOSURES
from models.targeting.rows import Coded

SIZE = 289_060_513 / 95_006_179
"""People a family where no size is known: those of DTSEN of 23 January 2026 over its families (copy of CNBC Indonesia,
12 February 2026)."""
_PERSON = ("household_id", "period", "age", "relation", "activity", "sector_scheme", "sector", "occupation_scheme",
           "occupation")  # fmt: skip
_ADULT = 15
_FEW = 1_000_000
"""Families that are looked for one by one: a sample never brings a whole register into memory."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Columns of n families; see `models.schemes.nation.Nation`. `known` : whether the register has the family."""

    known: Array
    size: Array
    weight: Array
    desil: Array
    section: Coded
    division: Coded
    working: Array
    exposure: dict[str, Array]


def table(folder: Path, name: str, columns: Sequence[str], where: Any = None) -> Any:
    """Columns of a contract table in parquet or CSV, a file or a folder of parts; a column that it lacks is null."""
    there = [one for one in (folder / name, folder / f"{name}.parquet", folder / f"{name}.csv") if one.exists()]
    place = there[0] if there else None
    if place is None:
        raise UserError(
            f"{folder}: has no table {name}; expected {name}.parquet, {name}.csv or a folder {name}",
            f"{folder}: tidak memuat tabel {name}; yang dicari {name}.parquet, {name}.csv, atau folder {name}",
        )
    source = ds.dataset(place, format="csv" if place.suffix == ".csv" else "parquet")
    found = source.to_table(columns=[one for one in columns if one in source.schema.names], filter=where)
    for one in columns:
        if one not in found.column_names:
            found = found.append_column(one, pa.nulls(len(found)))
    return found.select(list(columns))


def last_period(folder: Path) -> str:
    """The newest period of a register, as it is written there."""
    return str(pc.max(pc.cast(table(folder, "households", ["period"])["period"], pa.string())).as_py())


def read(folder: Path, wanted: Array, period: str | None = None) -> Facts:
    """Facts of families of a period, the newest if not given, in the order of their codes `wanted` (n).

    Raises
    ------
    UserError : the folder has no contract tables, or none of the families.
    """
    period = period or last_period(folder)
    asked = ds.field("period").cast(pa.string()) == period
    if len(wanted) <= _FEW:
        asked &= ds.field("household_id").cast(pa.string()).isin(pa.array(wanted.astype(str)))
    houses = table(folder, "households", ["household_id", "period", "weight", "desil"], asked)
    at, known = places(plain(houses["household_id"]), wanted)
    if not known.any():
        raise UserError(
            f"{folder}: holds none of these families; name the register that was scored, with its codes",
            f"{folder}: tidak memuat satu pun keluarga ini; sebut register yang dinilai, dengan kode-kodenya",
        )
    weight, desil = (numbers(houses[name]) for name in ("weight", "desil"))
    people = table(folder, "members", _PERSON, asked)
    order = np.argsort(wanted, kind="stable")
    row = _rows(plain(people["household_id"]), wanted, order)
    people, row = people.filter(pa.array(row >= 0)), row[row >= 0]
    size = np.bincount(row, minlength=len(wanted)).astype(float)
    head, working = _earner(people, row, len(wanted))
    section, division, exposure = _work(people, head)
    return Facts(
        known,
        np.where(size > 0, size, SIZE),
        _weights(np.where(known, weight[at], np.nan)),
        np.where(known, np.nan_to_num(desil[at]), 0).astype(np.int64),
        section,
        division,
        working,
        exposure,
    )


def _weights(own: Array) -> Array:
    """Families that each stands for, n: one of which the register does not tell it (NaN) for as many as the others do
    as a mean, and where it tells it of none, for itself. One that stood for itself alone beside others of a sample
    would be nobody in every figure, and known by some."""
    told = own[~np.isnan(own)]
    return np.where(np.isnan(own), told.mean() if len(told) else 1.0, own)


def plain(column: Any) -> Array:
    """Codes of households, n of twelve bytes."""
    return text(column).astype("S12")


def numbers(column: Any) -> Array:
    """Numbers, n; NaN where empty."""
    return np.asarray(pc.cast(column, pa.float64()).to_numpy()).astype(float)


def text(column: Any) -> Array:
    """Texts, n; empty where there is none."""
    return np.asarray(pc.fill_null(pc.cast(column, pa.string()), "").to_numpy())


def _rows(codes_: Array, wanted: Array, order: Array) -> Array:
    """Place in `wanted` of each code, -1 where it is not there."""
    if not len(wanted):
        return np.full(len(codes_), -1)
    at = np.minimum(np.searchsorted(wanted[order], codes_), len(wanted) - 1)
    return np.where(wanted[order][at] == codes_, order[at], -1)


def places(own: Array, wanted: Array) -> tuple[Array, Array]:
    """Row in `own` of each wanted code (0 where there is none), and whether there is one."""
    row = _rows(wanted, own, np.argsort(own, kind="stable"))
    return np.maximum(row, 0), row >= 0


def _earner(people: Any, row: Array, count: int) -> tuple[Array, Array]:
    """Row of the main earner of each family (the head if at work, else the eldest at work; -1: none), and whether
    somebody works (-1: nothing is told of work)."""
    activity, relation = text(people["activity"]), text(people["relation"])
    age = numbers(people["age"])
    works = (activity == "employed") & (age >= _ADULT)
    told = np.bincount(row[activity != ""], minlength=count) > 0
    rank = np.where(relation == "head", 200.0, age)
    at = np.flatnonzero(works)
    at = at[np.argsort(rank[at], kind="stable")]
    found = np.full(count, -1)
    found[row[at]] = at
    return found, np.where(told, (found >= 0).astype(np.int64), -1)


def _work(people: Any, head: Array) -> tuple[Coded, Coded, dict[str, Array]]:
    """Section, division and exposure of the main earners' work."""

    def code(name: str) -> Array:
        return np.where(head >= 0, text(people[name])[head], "")

    schemes = contract.MEMBERS["sector_scheme"].choices
    sector, scheme = code("sector"), code("sector_scheme")
    number = np.array([schemes.index(one) if one in schemes else np.nan for one in schemes])
    own = np.select([scheme == name for name in schemes], number, np.nan)
    letters = codes.looked_up("sector_scheme", own, _known(sector), codes.section_of)
    section = np.where(np.isnan(letters), "", np.array(contract.SECTIONS)[np.nan_to_num(letters).astype(int)])
    kbli = np.isin(scheme, ("KBLI2020", "ISIC4"))
    division = np.where(kbli, np.array([one[:2] for one in sector], dtype=object), "")
    kinds = contract.MEMBERS["occupation_scheme"].choices
    job, kind = code("occupation"), code("occupation_scheme")
    own = np.select([kind == name for name in kinds], np.arange(len(kinds), dtype=float), np.nan)
    unit = codes.looked_up("occupation_scheme", own, _known(job), codes.unit_of)
    exposure = {}
    for measure in EXPOSURES:
        exposure[measure] = np.where(np.isnan(unit), np.nan, codes.by_unit(measure)[np.nan_to_num(unit).astype(int)])
    return Coded.of(section), Coded.of(division), exposure


def _known(texts: Array) -> Array:
    """Texts as objects, None where empty."""
    found = texts.astype(object)
    found[texts == ""] = None
    return found


@cache
def _lines() -> dict[tuple[str, int], float]:
    """Newest published poverty line, rupiah a head a month, of each province, urban (1) and rural (0), and of both (-1:
    their mean)."""
    found: dict[tuple[str, int], float] = {}
    for row in sorted(reference.rows("provinces.csv"), key=lambda row: row["year"]):
        if row["measure"] in ("line_urban", "line_rural") and row["value"]:
            found[row["province"], int(row["measure"] == "line_urban")] = float(row["value"])
    for province in {province for province, _ in found}:
        own = [found[province, urban] for urban in (0, 1) if (province, urban) in found]
        found[province, -1] = float(np.mean(own))
        for urban in (0, 1):
            found.setdefault((province, urban), own[0])
    return found


def lines(province: Coded, urban: Array) -> Array:
    """Poverty line of each family, rupiah a head a month, n; NaN where its place has none that was published."""
    own = _lines()
    grid = np.array([[own.get((name, place), np.nan) for place in (-1, 0, 1)] for name in (*province.names, "")])
    return np.asarray(grid[province.codes, urban + 1])
