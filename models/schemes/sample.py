"""Some families who stand for all: the same ones from run to run, since each has a lot of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from features.commands import UserError
from features.types import Array
from models.schemes import facts
from models.schemes.draws import keys_of, uniforms
from models.schemes.nation import Nation, told

USE = "sample"


@dataclass(frozen=True, slots=True)
class Sample:
    """How many families, by which lot, and from where.

    area : BPS code of a province or regency, "" everywhere.
    """

    count: int
    seed: int = 0
    area: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows of scores that were drawn.

    Attributes
    ----------
    each : families that a row stands for, beyond its own weight. mean : of the log-odds of all families that there are,
    each counted once, None where these are all. of : how many they were drawn from, in words.
    """

    table: Any
    each: float = 1.0
    mean: float | None = None
    of: str = ""


def draw(batches: Iterable[Any], some: Sample) -> Drawn:
    """The families with the smallest lots among rows that come in pieces; no more than a few times as many are held."""
    held: list[Any] = []
    lots: list[Array] = []
    total, families, inside, below = 0.0, 0, 0, np.inf
    for table in map(pa.Table.from_batches, ([batch] for batch in batches)):
        if not len(table):
            continue
        applies = facts.numbers(table["applies"]) > 0
        total += float(told(np.where(applies, facts.numbers(table["risk"]), facts.numbers(table["p_poor_next"]))).sum())
        families += len(table)
        there = np.flatnonzero(_inside(facts.text(table["province"]), facts.text(table["regency"]), some.area))
        inside += len(there)
        lot = uniforms(keys_of(facts.plain(table["household_id"])[there]), some.seed, USE)
        few = lot < below
        held.append(table.take(pa.array(there[few])))
        lots.append(lot[few])
        if sum(map(len, lots)) > 4 * some.count:
            held, lots = _least(held, lots, some.count)
            below = float(lots[0][-1])
    if not inside:
        return Drawn(pa.table({}))
    (table,), _ = _least(held, lots, some.count)
    return Drawn(table, inside / len(table), total / families, f"of {inside:,} ")


def within(nation: Nation, some: Sample) -> Nation:
    """The sample of a nation in memory; UserError where nobody lives in the area."""
    everybody = np.arange(len(nation))
    inside = _inside(nation.province.texts(everybody), nation.regency.texts(everybody), some.area)
    if not inside.any():
        raise UserError(
            f"no family of area {some.area} is known", f"tidak ada keluarga di wilayah {some.area} yang diketahui"
        )
    own = nation.take(np.flatnonzero(inside))
    lot = uniforms(own.key, some.seed, USE)
    rows = np.sort(np.argsort(lot, kind="stable")[: some.count])
    return own.take(rows).instead_of(own)


def _least(held: list[Any], lots: list[Array], count: int) -> tuple[list[Any], list[Array]]:
    """The rows with the smallest lots, in the order of their lots."""
    lot = np.concatenate(lots)
    rows = np.argsort(lot, kind="stable")[:count]
    return [pa.concat_tables(held).take(pa.array(rows))], [lot[rows]]


def _inside(province: Array, regency: Array, area: str) -> Array:
    if not area:
        return np.ones(len(province), bool)
    return np.asarray((province == area) if len(area) == 2 else (regency == area))
