"""Rules over more than one cell: keys unique, dates sane, places nested, members belong to households, ages fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features import contract, periods
from features.cells import SMALL, Refusals, parse_column
from features.types import Array, EncodedTable

NOT_HERE = "is a household that has no row"
"""Rule of a shock of a household that the register lacks: one of a part of the nation may come with all shocks."""
HOMELESS = "has no household row for that period"
"""Rule of a member whose household has no row for the member's period, not even one that was refused."""
TWICE = "is there already in an earlier row"
"""End of the rule of a row whose key another row has too."""
YOUNGEST_WORKER = 5
"""No child under five works; Indonesia's labour force survey asks from 15, child-labour surveys from 5."""


def check(encoded: dict[str, EncodedTable], refusals: dict[str, Refusals], quarterly: bool | None = None,
          ) -> dict[str, Array]:  # fmt: skip
    """Add to `refusals` what breaks a rule over several cells or tables; `quarterly` as in `features.admit.admit`.

    Returns
    -------
    By table the rows that say in every cell what an earlier row of the same key says: one of them is enough.
    """
    families = _families(encoded)
    identical = {}
    for name, table in encoded.items():
        identical[name] = _unique(contract.TABLES[name], table | families.get(name, {}), refusals[name])
        _dates(table, refusals[name])
    if "households" in encoded:
        _one_frequency(encoded["households"]["period"], refusals["households"], quarterly)
        _nested(encoded["households"], refusals["households"])
    if "members" in encoded:
        _ages(encoded["members"], refusals["members"])
    if "households" in encoded and "members" in encoded:
        _belonging(encoded["households"], encoded["members"], families, refusals)
    if "households" in encoded and "shocks" in encoded:
        _hit(encoded["households"]["household_id"], encoded["shocks"], refusals["shocks"])
    return identical


def _families(encoded: dict[str, EncodedTable]) -> dict[str, EncodedTable]:
    """One whole number for each household id of the families' tables: numbers are compared faster than texts."""
    names = [name for name in ("households", "members") if name in encoded]
    if not names:
        return {}
    sizes = [len(encoded[name]["household_id"]) for name in names]
    codes = row_codes(np.concatenate([encoded[name]["household_id"] for name in names]))
    return {name: {"household_id": own}
            for name, own in zip(names, np.split(codes, np.cumsum(sizes)[:-1]), strict=True)}  # fmt: skip


def row_codes(*columns: Array) -> Array:
    """One whole number for each distinct combination of values, in any order; shape of the columns."""
    if len(columns[0]) <= SMALL:
        seen: dict[tuple[Any, ...], int] = {}
        cells = ([cell if cell == cell else None for cell in column.tolist()] for column in columns)
        return np.array([seen.setdefault(row, len(seen)) for row in zip(*cells, strict=True)], dtype=np.int64)
    code, most = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        part = pa.array(column, from_pandas=True).dictionary_encode(null_encoding="encode")
        size = len(part.dictionary) + 1
        if most * size > np.iinfo(np.int64).max:  # at most the rows squared now, which 64 bits hold
            code, most = np.unique(code, return_inverse=True)[1], len(code)
        code, most = code * size + part.indices.to_numpy(zero_copy_only=False), most * size
    return code


def key_places(shocks: EncodedTable, refusals: Refusals, key: bytes | None) -> None:
    """Make the household ids among the places of shocks into codes, in place; a place of any kind is no NIK."""
    if "place" not in shocks or "scope" not in shocks:
        return
    household = shocks["scope"] == contract.SHOCK_EVENTS["scope"].choices.index("household")
    family, region = contract.HOUSEHOLDS["household_id"], contract.REGIONS["region"]
    for rows, rule in ((np.flatnonzero(household), family), (np.flatnonzero(~household), region)):
        own = Refusals()
        shocks["place"][rows] = parse_column(rule, shocks["place"][rows], own, key)
        for at, why in own.of(rule.name).items():
            refusals.add(rows[at], "place", why)


def _unique(table: contract.Table, encoded: EncodedTable, refusals: Refusals) -> Array:
    """Refuse rows whose key an earlier row has, unless they are that row over again, which are given back."""
    size = len(next(iter(encoded.values())))
    none = np.empty(0, dtype=np.int64)
    if size < 2:
        return none
    absent = np.full(size, None, dtype=object)
    code = row_codes(*(encoded.get(name, absent) for name in table.key))
    ordered = np.sort(code)  # np.unique hashes, eighty times slower
    if (ordered[1:] != ordered[:-1]).all():
        return none
    refused = [row for name in table.key for row in refusals.of(name)]
    rows = np.delete(np.arange(size), refused) if refused else np.arange(size)
    _, first, inverse = np.unique(code[rows], return_index=True, return_inverse=True)
    again = first[inverse] != np.arange(len(rows))
    if not again.any():
        return none
    alike = _alike(encoded, rows, first[inverse], inverse, refusals)
    refusals.add(rows[again & ~alike], table.key[-1], f"{' + '.join(table.key)} {TWICE}")
    return rows[again & alike]


def _alike(encoded: EncodedTable, rows: Array, first: Array, group: Array, refusals: Refusals) -> Array:
    """Rows of keys of which all rows are equal in every cell; a refused cell, which is kept empty, equals no other."""
    several = np.bincount(group)[group] > 1  # they alone are compared, few of a register's rows
    content = np.zeros(len(rows), dtype=np.int64)
    content[several] = row_codes(*(values[rows[several]] for values in encoded.values()))
    differs = (content != content[first]) | np.isin(rows, refusals.rows())
    return np.bincount(group, weights=differs)[group] == 0


def _dates(encoded: EncodedTable, refusals: Refusals) -> None:
    known, period = encoded["known_at"], encoded["period"]
    early = (known < periods.start(period)) & (period > 0)
    refusals.add(np.flatnonzero(early), "known_at", "lies before the period it describes begins")


def _one_frequency(period: Array, refusals: Refusals, quarterly: bool | None) -> None:
    quarter = periods.quarters(period)
    most = 2 * int(quarter.sum()) > int((period > 0).sum()) if quarterly is None else quarterly
    mixed = (quarter != most) & (period > 0)
    refusals.add(np.flatnonzero(mixed), "period", "mixes years and quarters with the other rows")


def _nested(households: EncodedTable, refusals: Refusals) -> None:
    """A sub-district lies in the regency of its row: who sees a family is told by that."""
    if "subdistrict" not in households:
        return
    own = pa.array(households["subdistrict"], pa.string())
    if own.null_count == len(own):
        return
    regency = pa.array(households.get("regency", np.full(len(own), None, dtype=object)), pa.string())
    inside = pc.fill_null(pc.equal(pc.utf8_slice_codeunits(own, 0, contract.REGENCY_DIGITS), regency), False)
    odd = pc.and_not(pc.is_valid(own), inside).to_numpy(zero_copy_only=False)
    refusals.add(np.flatnonzero(odd), "subdistrict", "does not begin with the code of the row's regency")


def _ages(members: EncodedTable, refusals: Refusals) -> None:
    activity = members.get("activity")
    if activity is None:
        return
    employed = contract.MEMBERS["activity"].choices.index("employed")
    young = (members["age"] < YOUNGEST_WORKER) & (activity == employed)
    refusals.add(np.flatnonzero(young), "activity", f"a child under {YOUNGEST_WORKER} cannot be employed")


def _belonging(households: EncodedTable, members: EncodedTable, families: dict[str, EncodedTable],
               refusals: dict[str, Refusals]) -> None:  # fmt: skip
    """A household's period goes to quarantine whole: with a refused row its composition would be wrong."""
    homes, persons = refusals["households"], refusals["members"]
    size = len(households["household_id"])
    ids = np.concatenate([families[name]["household_id"] for name in ("households", "members")])
    period = np.concatenate([households["period"], members["period"]])
    code = row_codes(ids, period)
    home, person = code[:size], code[size:]
    homes.add(np.flatnonzero(~np.isin(home, person)), "household_id", "has no member rows")
    spoiled = person[persons.rows()]
    persons.add(np.flatnonzero(~np.isin(person, home)), "household_id", HOMELESS)
    if len(spoiled):
        homes.add(np.flatnonzero(np.isin(home, spoiled)), "household_id", "has a member row that was refused")
    _anywhere(households["household_id"], members["household_id"], members["period"], homes)
    gone = home[homes.rows()]
    if len(gone):
        homes.add(_rest(home, gone, homes), "household_id", "has another row for that period, which was refused")
        persons.add(_rest(person, gone, persons), "household_id", "belongs to a household that was refused")


def _hit(homes: Array, shocks: EncodedTable, refusals: Refusals) -> None:
    """A shock of a single household is that of one in the table: it would be dropped without a word."""
    own = np.flatnonzero(shocks["scope"] == contract.SHOCK_EVENTS["scope"].choices.index("household"))
    places = pa.array(shocks["place"][own], pa.string())
    lost = pc.and_(pc.is_valid(places), pc.invert(pc.is_in(places, value_set=pa.array(homes, pa.string()))))
    refusals.add(own[lost.to_numpy(zero_copy_only=False)], "place", NOT_HERE)


def _rest(codes: Array, gone: Array, refusals: Refusals) -> Array:
    rest = np.isin(codes, gone)
    rest[refusals.rows()] = False
    return np.flatnonzero(rest)


def _anywhere(homes: Array, persons: Array, period: Array, refusals: Refusals) -> None:
    """A member row whose period cannot be read may be missing in any period of its household."""
    lost = set(persons[period == 0].tolist()) - {None}
    if lost:
        rows = [row for row, name in enumerate(homes.tolist()) if name in lost]
        refusals.add(rows, "household_id", "has a member row whose period was refused")
