"""Rules over more than one cell: keys unique, dates sane, members belong to households, ages fit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from features import contract, periods
from features.cells import Refusals
from features.types import Array, EncodedTable

YOUNGEST_WORKER = 5
"""No child under five works; Indonesia's labour force survey asks from 15, child-labour surveys from 5."""


def check(encoded: dict[str, EncodedTable], refusals: dict[str, Refusals], quarterly: bool | None = None) -> None:
    """Add to `refusals` what breaks a rule over several cells or tables; `quarterly` as in `features.admit.admit`."""
    for name, table in encoded.items():
        _unique(contract.TABLES[name], table, refusals[name])
        _dates(table, refusals[name])
    if "households" in encoded:
        _one_frequency(encoded["households"]["period"], refusals["households"], quarterly)
    if "members" in encoded:
        _ages(encoded["members"], refusals["members"])
    if "households" in encoded and "members" in encoded:
        _belonging(encoded["households"], encoded["members"], refusals)


def row_codes(*columns: Array) -> Array:
    """One whole number for each distinct combination of values, in any order; shape of the columns."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        part = pa.array(column, from_pandas=True).dictionary_encode(null_encoding="encode")
        indices = part.indices.to_numpy(zero_copy_only=False)
        code = code * (len(part.dictionary) + 1) + indices
        if len(columns) > 2:  # keep the product of sizes within 64 bits
            code = np.unique(code, return_inverse=True)[1]
    return code


def _unique(table: contract.Table, encoded: EncodedTable, refusals: Refusals) -> None:
    size = len(next(iter(encoded.values())))
    absent = np.full(size, None, dtype=object)
    columns = [encoded.get(name, absent) for name in table.key]
    if size < 2:
        return
    code = row_codes(*columns)
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    again = first[inverse] != np.arange(size)
    refusals.add(np.flatnonzero(again), table.key[-1], f"{' + '.join(table.key)} is there already in an earlier row")


def _dates(encoded: EncodedTable, refusals: Refusals) -> None:
    known, period = encoded["known_at"], encoded["period"]
    early = (known < periods.start(period)) & (period > 0)
    refusals.add(np.flatnonzero(early), "known_at", "lies before the period it describes begins")


def _one_frequency(period: Array, refusals: Refusals, quarterly: bool | None) -> None:
    quarter = period >= periods.parse("1800Q1")
    most = 2 * int(quarter.sum()) > len(quarter) if quarterly is None else quarterly
    mixed = (quarter != most) & (period > 0)
    refusals.add(np.flatnonzero(mixed), "period", "mixes years and quarters with the other rows")


def _ages(members: EncodedTable, refusals: Refusals) -> None:
    activity = members.get("activity")
    if activity is None:
        return
    employed = contract.MEMBERS["activity"].choices.index("employed")
    young = (members["age"] < YOUNGEST_WORKER) & (activity == employed)
    refusals.add(np.flatnonzero(young), "activity", f"a child under {YOUNGEST_WORKER} cannot be employed")


def _belonging(households: EncodedTable, members: EncodedTable, refusals: dict[str, Refusals]) -> None:
    """A household goes to quarantine whole: with a refused member its composition would be wrong."""
    size = len(households["household_id"])
    ids = np.concatenate([households["household_id"], members["household_id"]])
    period = np.concatenate([households["period"], members["period"]])
    code = row_codes(ids, period)
    home, person = code[:size], code[size:]
    bad_person = refusals["members"].rows()
    orphan = ~np.isin(person, home)
    refusals["members"].add(np.flatnonzero(orphan), "household_id", "has no household row for that period")
    refusals["households"].add(np.flatnonzero(~np.isin(home, person)), "household_id", "has no member rows")
    spoiled = np.isin(home, person[bad_person])
    refusals["households"].add(np.flatnonzero(spoiled), "household_id", "has a member row that was refused")
    gone = home[refusals["households"].rows()]
    rest = np.isin(person, gone) & ~orphan
    rest[bad_person] = False
    refusals["members"].add(np.flatnonzero(rest), "household_id", "belongs to a household that was refused")
