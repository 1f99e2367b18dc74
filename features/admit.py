"""The door: raw columns in, typed arrays and a quarantine out; nothing is lost and counts add up.

Used for files, chunks and single requests alike. Only numpy and pyarrow: no pandas here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features import contract, links, periods
from features.cells import Refusals, parse_column
from features.commands import UserError
from features.types import Array, EncodedTable, Tables
from features.values import masked

_FEW = 10  # rows; a smaller table is judged row by row even where all are bad, as in a request for one household


class ContractError(UserError):
    """A table that cannot be read at all: a column is missing, of the wrong kind throughout, or empty."""


@dataclass(slots=True)
class Quarantine:
    """Rows kept out: parallel lists of table, row (0-based in the input), household, field and rule."""

    table: list[str] = made(default_factory=list)
    row: list[int] = made(default_factory=list)
    household_id: list[str | None] = made(default_factory=list)
    field: list[str] = made(default_factory=list)
    rule: list[str] = made(default_factory=list)

    def __len__(self) -> int:
        return len(self.row)

    def extend(self, table: str, refusals: Refusals, households: Array | None) -> None:
        """Add the refusals of one table."""
        for row, name, rule in refusals.items():
            self.table.append(table)
            self.row.append(row)
            self.household_id.append(None if households is None else households[row])
            self.field.append(name)
            self.rule.append(rule)

    def columns(self) -> dict[str, list[Any]]:
        """The quarantine as columns, for a file or an answer."""
        return {"table": self.table, "row": self.row, "household_id": self.household_id,
                "field": self.field, "rule": self.rule}  # fmt: skip


@dataclass(slots=True)
class Counts:
    """Rows of one table: `rows` in = `admitted` + `quarantined` + `identical`, rows that say nothing that an earlier
    one does not say in every cell."""

    rows: int
    admitted: int
    quarantined: int
    identical: int = 0


@dataclass(slots=True)
class Admitted:
    """What passed the door, what did not, and the count of both by table.

    spoiled : households whose newest row was refused, or is missing while members of its period came, and the first day
        on which a row of those became known (NaT if unreadable). What is left of them is older than what was sent, so a
        score would be told of facts that are known to have changed: they are not scored.
    """

    tables: Tables
    quarantine: Quarantine
    counts: dict[str, Counts]
    unknown_columns: dict[str, tuple[str, ...]]
    spoiled: dict[str, np.datetime64]


def admit(
    raw: Mapping[str, Any],
    *,
    key: bytes | None = None,
    required: Sequence[str] = contract.REQUIRED,
    whole: bool = True,
    quarterly: bool | None = None,
) -> Admitted:
    """Check and encode raw tables.

    Parameters
    ----------
    raw : for each table its columns (pandas or pyarrow table, or mapping of name to array or list).
    key : key for ids that are not codes yet; without it such ids are refused.
    required : tables that must be there.
    whole : whether these are all rows; in one chunk of many a table may be empty and a column refused throughout.
    quarterly : frequency that the periods must have; None takes that of most household rows.

    Returns
    -------
    Admitted : encoded tables. id and text are object arrays of str (None where empty), periods int64 ordinals,
        dates `datetime64[D]`, numbers and counts float64 (NaN), flags 0/1/NaN, choices their index or NaN.

    Raises
    ------
    ContractError : a required table or column is missing, a table is empty, or a column is of the wrong kind
        throughout.
    """
    if not isinstance(raw, Mapping):
        raise ContractError(f"expected tables by name ({', '.join(contract.TABLES)}), not {type(raw).__name__}")
    absent = [name for name in required if name not in raw]
    if absent:
        useful = ", ".join(name for name in contract.TABLES if name not in contract.REQUIRED)
        raise ContractError(f"table {' and '.join(absent)} is missing; needed are {', '.join(contract.REQUIRED)}, "
                            f"and of use are {useful}")  # fmt: skip
    encoded: Tables = {}
    refusals: dict[str, Refusals] = {}
    unknown: dict[str, tuple[str, ...]] = {}
    for name, table in contract.TABLES.items():
        if name not in raw:
            continue
        columns = _columns(table, raw[name])
        encoded[name], refusals[name] = _encode(table, columns, key, whole)
        extra = tuple(masked(str(column)) for column in columns if column not in table.names)
        if extra:
            unknown[name] = extra
    if "shocks" in encoded:
        links.key_places(encoded["shocks"], refusals["shocks"], key)
    identical = links.check(encoded, refusals, quarterly)
    return _sort_out(encoded, refusals, identical, unknown)


def _columns(table: contract.Table, raw: Any) -> Mapping[Any, Any]:
    """The table's columns by name; those of the contract are there, once, and equally long."""
    if isinstance(raw, (pa.Table, pa.RecordBatch)):
        if len(set(raw.column_names)) < raw.num_columns:
            raise ContractError(f"{table.name}: a column is there twice")
        raw = dict(zip(raw.column_names, raw.columns, strict=True))
    if not isinstance(raw, Mapping) and not hasattr(raw, "columns"):
        raise ContractError(f"{table.name}: expected columns by name, not {type(raw).__name__}")
    missing = [rule.name for rule in table.fields if rule.required and rule.name not in raw]
    if missing:
        raise ContractError(f"{table.name}: column {', '.join(missing)} is missing; expected are "
                            f"{', '.join(f.name for f in table.fields if f.required)}")  # fmt: skip
    first, size = "", 0
    for name in table.names:
        if name not in raw:
            continue
        values = raw[name]
        if not isinstance(values, list) and (isinstance(values, (str, bytes, Mapping, Set))
                                             or not hasattr(values, "__len__")):  # fmt: skip
            raise ContractError(f"{table.name}: column {name} is not a list of cells")
        if getattr(values, "ndim", 1) != 1:
            raise ContractError(f"{table.name}: column {name} is there twice, or is a table itself")
        if not first:
            first, size = name, len(values)
        if len(values) != size:
            raise ContractError(f"{table.name}: column {name} has {len(values)} cells, {first} has {size}")
    return raw


def _encode(table: contract.Table, raw: Mapping[str, Any], key: bytes | None, whole: bool,
            ) -> tuple[EncodedTable, Refusals]:  # fmt: skip
    refusals = Refusals()
    encoded: EncodedTable = {}
    for rule in table.fields:
        if rule.name not in raw:
            continue
        values: Sequence[Any] | Array = raw[rule.name]
        if whole and not len(values) and table.name in contract.REQUIRED:
            raise ContractError(f"{table.name}: no rows")
        encoded[rule.name] = parse_column(rule, values, refusals, key)
        refused = refusals.of(rule.name)
        if whole and len(refused) >= max(_FEW, len(values) / 2) and _nothing(encoded[rule.name]):
            row, why = next(iter(refused.items()))
            raise ContractError(
                f"{table.name}: no cell of {rule.name} can be used (row {row}: {why}); expected {rule.expected}"
            )
    return encoded, refusals


def _nothing(values: Array) -> bool:
    if values.dtype == object:
        return all(value is None for value in values)
    return not values.any() if values.dtype == np.int64 else bool((values != values).all())


def _sort_out(encoded: Tables, refusals: dict[str, Refusals], identical: dict[str, Array],
              unknown: dict[str, tuple[str, ...]]) -> Admitted:  # fmt: skip
    quarantine = Quarantine()
    counts: dict[str, Counts] = {}
    kept: Tables = {}
    for name, table in encoded.items():
        size = len(next(iter(table.values())))
        bad = np.zeros(size, dtype=bool)
        rows = refusals[name].rows()
        bad[rows] = True
        again = np.zeros(size, dtype=bool)
        again[identical[name]] = True
        again &= ~bad  # what takes the first of equal rows out takes the others with it
        quarantine.extend(name, refusals[name], table.get("household_id"))
        out = bad | again
        kept[name] = {column: values[~out] for column, values in table.items()} if out.any() else table
        counts[name] = Counts(size, size - int(out.sum()), int(bad.sum()), int(again.sum()))
    spoiled = _spoiled(encoded, refusals) if "households" in encoded else {}
    return Admitted(kept, quarantine, counts, unknown, spoiled)


def _spoiled(encoded: Tables, refusals: Mapping[str, Refusals]) -> dict[str, np.datetime64]:
    """Households of which a refused row is newer than every admitted one, or of unreadable period.

    Members of a period in which their household has no row at all show that this row is missing.
    """
    homes, refused = encoded["households"], refusals["households"].rows()
    orphans = _homeless(refusals["members"]) if "members" in encoded else refused[:0]
    if not len(refused) and not len(orphans):
        return {}
    found = [(homes, refused), *([(encoded["members"], orphans)] if len(orphans) else [])]
    ids, period, known_at = (np.concatenate([table[name][rows] for table, rows in found])
                             for name in ("household_id", "period", "known_at"))  # fmt: skip
    there, own = pa.array(homes["household_id"], pa.string()), pa.array(ids, pa.string())
    names = pc.unique(own).drop_null()
    names = names.filter(pc.is_in(names, value_set=there))
    at, home = (pc.fill_null(pc.index_in(column, value_set=names), -1).to_numpy() for column in (own, there))
    kept = home >= 0
    kept[refused] = False
    newest = np.full(len(names), np.iinfo(np.int64).min)
    np.maximum.at(newest, home[kept], _begins(homes["period"][kept]))
    hit = (at >= 0) & ((period == 0) | (_begins(period) > newest[at])) if len(names) else at >= 0
    day = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(day, at[hit], known_at[hit].astype(np.int64))  # NaT is the least whole number
    lost = np.unique(at[hit])
    return dict(zip(names.take(pa.array(lost)).to_pylist(), day[lost].astype("datetime64[D]"), strict=True))


def outdated(spoiled: Mapping[str, np.datetime64], as_of: np.datetime64) -> list[str]:
    """Households of `Admitted.spoiled` of which older facts than were sent are left on a date: they are not scored.

    A refused row that was not known yet changes nothing; one whose day cannot be read might have been known.
    """
    return [name for name, day in spoiled.items() if not day > as_of]


def _homeless(members: Refusals) -> Array:
    """Rows of members whose household has no row for their period."""
    rows = [row for row, rule in members.of("household_id").items() if rule == links.HOMELESS]
    return np.array(rows, dtype=np.int64)


def _begins(period: Array) -> Array:
    """First day of each period as a whole number: years and quarters are compared by it."""
    return periods.start(period).astype(np.int64)
