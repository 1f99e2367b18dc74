"""From admitted tables to the workers of each household: of a person no more is read than openings need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from features import codes, contract
from features.commands import UserError
from features.types import Array, Tables
from models.compass.occupations import plain
from models.compass.openings import Worker

WORKING_AGE = 15
MOST = 8
"""Workers of one household at most."""


def of_households(tables: Tables, as_of: np.datetime64) -> dict[str, tuple[str, tuple[Worker, ...]]]:
    """Province and workers of each household, by its code.

    Parameters
    ----------
    tables : encoded `households` and `members` (`features.admit`).
    as_of : rows that became known later are not seen; of the others the newest period of a household counts.

    Returns
    -------
    Province (empty where none) and those of 15 and over who work or look for work, as the rows name them.
    """
    homes, members = tables["households"], tables["members"]
    newest: dict[str, tuple[int, str]] = {}
    for code, period, known, province in zip(homes["household_id"], homes["period"], homes["known_at"],
                                             homes["province"], strict=True):  # fmt: skip
        if known <= as_of and int(period) >= newest.get(code, (-1, ""))[0]:
            newest[code] = (int(period), province or "")
    found: dict[str, list[Worker]] = {code: [] for code in newest}
    size = len(members["period"])
    column = {name: members.get(name, _empty(name, size)) for name in (
        "household_id", "period", "known_at", "age", "activity", "education", "sector_scheme", "sector",
        "occupation_scheme", "occupation")}  # fmt: skip
    for at in range(size):
        code = column["household_id"][at]
        if code not in newest or int(column["period"][at]) != newest[code][0] or column["known_at"][at] > as_of:
            continue
        worker = _worker({name: values[at] for name, values in column.items()})
        if worker is not None and len(found[code]) < MOST:
            found[code].append(worker)
    return {code: (newest[code][1], tuple(workers)) for code, workers in found.items()}


def of_register(folder: Path, code: str) -> tuple[str, tuple[Worker, ...]]:
    """Province and workers of one household of a folder of contract tables, by its newest period.

    Raises
    ------
    UserError : the folder has no such tables, or they hold no such household.
    """
    import pyarrow as pa
    import pyarrow.dataset as ds

    from features.admit import admit
    from models.schemes.facts import table

    where = ds.field("household_id").cast(pa.string()) == code
    raw = {}
    for name in ("households", "members"):
        rows = table(folder, name, contract.TABLES[name].names, where)
        raw[name] = {column: rows[column] for column in rows.column_names if not pa.types.is_null(rows[column].type)}
    if not len(raw["households"]["household_id"]):
        raise UserError(f"{folder}: holds no household {code}", f"{folder}: tidak memuat keluarga {code}")
    admitted = admit(raw, whole=False)
    known = admitted.tables["households"]["known_at"]
    found = of_households(admitted.tables, known.max()) if len(known) else {}
    if code not in found:
        rules = sorted(set(admitted.quarantine.rule))
        raise UserError(
            f"{folder}: the rows of household {code} break rules: {'; '.join(rules)}",
            f"{folder}: baris keluarga {code} melanggar aturan: {'; '.join(rules)}",
        )
    return found[code]


def _worker(row: Mapping[str, Any]) -> Worker | None:
    activity = _choice("activity", row["activity"])
    if activity not in ("employed", "unemployed") or row["age"] < WORKING_AGE:
        return None
    scheme = _choice("sector_scheme", row["sector_scheme"])
    section = codes.section_of(scheme, row["sector"] or "") if scheme else np.nan
    return Worker(plain(_choice("occupation_scheme", row["occupation_scheme"]), row["occupation"]),
                  "" if np.isnan(section) else contract.SECTIONS[int(section)],
                  _choice("education", row["education"]), activity == "employed")  # fmt: skip


def _choice(name: str, code: float) -> str:
    return "" if code != code else contract.MEMBERS[name].choices[int(code)]


def _empty(name: str, size: int) -> Array:
    text = contract.MEMBERS[name].kind in ("id", "text")
    return np.full(size, None, dtype=object) if text else np.full(size, np.nan)
