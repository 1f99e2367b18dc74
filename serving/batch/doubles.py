"""Families that stand there more than once for one period, in rows of different files or regencies.

All rows of such a period are kept out, since nobody can tell which is true. So whoever adds rows to a register can keep
out families of somebody else, and that must not be one count among many: the files and regencies are told by name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features import links
from features.admit import Quarantine
from features.cells import Refusals, parse_column
from features.contract import TABLES
from features.types import Array
from features.values import masked
from serving.batch.input_rows import ROW, Source

_OF_FAMILIES = ("households", "members")


def find(tables: Mapping[str, Any], kept_out: Quarantine, files: Mapping[str, Sequence[int]]) -> list[list[Any]]:
    """Doubles of one part, for its note: table, numbers of the files, regencies, and how many families.

    Parameters
    ----------
    tables : rows of the part, with the number of each in its table (`inputs.ROW`).
    kept_out : what the door did not let in. files : rows of each file, by table.
    """
    codes: dict[str, set[str | None]] = defaultdict(set)
    for name, code, rule in zip(kept_out.table, kept_out.household_id, kept_out.rule, strict=True):
        if rule.endswith(links.TWICE):
            codes[name].add(code)
    told = []
    for name in _OF_FAMILIES:
        families: dict[tuple[tuple[int, ...], tuple[str, ...]], set[str]] = defaultdict(set)
        for code, file, region in _apart(name, tables[name], codes[name], files.get(name, ())) if codes[name] else ():
            families[file, region].add(code)
        told += [[name, [*file], [*region], len(own)] for (file, region), own in sorted(families.items())]
    return told


def _apart(name: str, table: Any, codes: set[str | None], files: Sequence[int],
           ) -> Iterable[tuple[str, tuple[int, ...], tuple[str, ...]]]:  # fmt: skip
    """Family, files and regencies of each key that is there in more than one of either."""
    mine = pa.array(_cells(name, "household_id", table), pa.string())
    some = table.filter(pc.is_in(mine, value_set=pa.array([code for code in codes if code], pa.string())))
    keys = zip(*(_cells(name, column, some).tolist() for column in TABLES[name].key), strict=True)
    file = np.searchsorted([*accumulate(files)], some.column(ROW).to_numpy(), side="right").tolist()
    regions = _regions(name, some)
    rows: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        rows[key].append(at)
    for key, own in rows.items():
        held, places = {file[at] for at in own}, {regions[at] for at in own}
        if len(held) > 1 or len(places) > 1:
            yield key[TABLES[name].key.index("household_id")], tuple(sorted(held)), tuple(sorted(places - {""}))


def _regions(name: str, table: Any) -> list[str]:
    """Regency of each row, its province where that is not known; empty of persons, who have none."""
    found = [""] * table.num_rows
    for column in ("province", "regency"):
        if column in table.column_names and column in TABLES[name].names:
            found = [own or had for own, had in zip(_cells(name, column, table).tolist(), found, strict=True)]
    return found


def _cells(name: str, column: str, table: Any) -> Array:
    """Cells as the door reads them."""
    return parse_column(TABLES[name][column], table.column(column), Refusals(), None)


def named(notes: Iterable[Mapping[str, Any]], sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """Doubles of all parts, for the manifest: table, names of the files, regencies, families; the most first."""
    families: Counter[tuple[str, tuple[int, ...], tuple[str, ...]]] = Counter()
    for note in notes:
        for name, file, region, count in note.get("doubles", ()):
            families[name, tuple(file), tuple(region)] += count
    return [{"table": name, "files": [masked(sources[name].files[at].name) for at in file], "regencies": [*region],
             "families": count} for (name, file, region), count in sorted(
                 families.items(), key=lambda item: (-item[1], item[0]))]  # fmt: skip
