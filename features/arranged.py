"""Rows of raw tables put in order by household, period and member, without copying a column nobody reads."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.types import Array, EncodedTable


class Picked:
    """Some rows of a table in some order; a column is taken when it is first read."""

    def __init__(self, table: EncodedTable, rows: Array) -> None:
        self.rows = rows
        self._table = table
        self._whole = len(rows) == len(table["period"]) and bool((rows == np.arange(len(rows))).all())
        self._taken: EncodedTable = {}

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def __getitem__(self, name: str) -> Array:
        if name not in self._taken:
            self._taken[name] = self._table[name] if self._whole else self._table[name][self.rows]
        return self._taken[name]

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, some: Array) -> Picked:
        """These of the picked rows."""
        return Picked(self._table, self.rows[some])


def starts(sorted_codes: Array) -> Array:
    """First place of each run of equal codes."""
    if not len(sorted_codes):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.append(True, sorted_codes[1:] != sorted_codes[:-1]))


class Arranged:
    """Household rows sorted by household and period, members by household row.

    Attributes
    ----------
    households : R rows, `period_starts` the first of each of N households.
    members : M rows, `row_of_member` the household row of each.
    """

    def __init__(self, households: Picked, members: Picked, period_starts: Array, row_of_member: Array) -> None:
        self.households, self.members = households, members
        self.period_starts, self.row_of_member = period_starts, row_of_member
        self.member_starts = np.searchsorted(row_of_member, np.arange(len(households)))

    def latest(self, rows: int) -> Arranged:
        """The same households with their latest `rows` rows each."""
        counts = np.diff(np.append(self.period_starts, len(self.households)))
        first = self.period_starts + np.maximum(counts - rows, 0)
        return self._only(np.arange(len(self.households)) >= np.repeat(first, counts))

    def within(self, periods: int) -> Arranged:
        """The same households with their rows of the `periods` before their latest one, and that one."""
        counts = np.diff(np.append(self.period_starts, len(self.households)))
        period = self.households["period"]
        last = period[np.append(self.period_starts, len(period))[1:] - 1]
        return self._only(period >= np.repeat(last - periods, counts))

    def _only(self, keep: Array) -> Arranged:
        if keep.all():
            return self
        keep_member = keep[self.row_of_member]
        renumbered = np.cumsum(keep) - 1
        kept = np.add.reduceat(keep, self.period_starts, dtype=np.int64)
        return Arranged(self.households.only(keep), self.members.only(keep_member),
                        np.append(0, np.cumsum(kept))[:-1], renumbered[self.row_of_member[keep_member]])  # fmt: skip


def arrange(households: EncodedTable, members: EncodedTable, as_of: np.datetime64, period: int | None) -> Arranged:
    """Sort what was known on `as_of`; parameters as in `features.columns.Columns`.

    A household row none of whose members was known yet is not known either.
    """
    ids = pa.array(households["household_id"], pa.string()).dictionary_encode()
    home = ids.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    seen = np.flatnonzero(members["known_at"] <= as_of)
    visible = households["known_at"] <= as_of
    row = _row_of(members, seen, home, households["period"], ids.dictionary)
    peopled = np.zeros(len(home) + 1, dtype=bool)
    peopled[row] = True
    visible &= peopled[:-1]
    if period is not None:
        stays = np.zeros(len(ids.dictionary), dtype=bool)
        stays[home[visible & (households["period"] == period)]] = True
        visible &= stays[home] & (households["period"] <= period)
    # Households keep the order in which they first appear, so that answers come in the order of the question.
    order = np.flatnonzero(visible)
    order = order[np.lexsort((households["period"][order], home[order]))]
    place = np.full(len(home) + 1, -1)
    place[order] = np.arange(len(order))
    row_of_member = place[row]
    chosen = np.flatnonzero(row_of_member >= 0)
    # By person, so that sums over members do not depend on the order of the rows, not in the last digit either.
    people = _ranks(members["person_id"][seen[chosen]])
    chosen = chosen[np.argsort(row_of_member[chosen] * (people.max(initial=0) + 1) + people, kind="stable")]
    return Arranged(Picked(households, order), Picked(members, seen[chosen]), starts(home[order]),
                    row_of_member[chosen])  # fmt: skip


def _ranks(texts: Array) -> Array:
    """Place of each text among the distinct ones in their order, N."""
    found = pa.array(texts, pa.string()).dictionary_encode()
    names = found.dictionary.to_numpy(zero_copy_only=False).astype(str)
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort(names)] = np.arange(len(names))
    return rank[found.indices.to_numpy(zero_copy_only=False)]


def _row_of(members: EncodedTable, seen: Array, home: Array, period: Array, names: pa.Array) -> Array:
    """Household row of each seen member, by household and period; -1 without one."""
    if not len(home):
        return np.full(len(seen), -1)
    found = pc.index_in(pa.array(members["household_id"][seen], pa.string()), value_set=names)
    own = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    low = int(period.min())
    span = int(period.max()) - low + 1
    key = home * span + period - low
    when = members["period"][seen] - low
    wanted = np.where((own >= 0) & (when >= 0) & (when < span), own * span + when, -1)
    order = np.argsort(key, kind="stable")
    at = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
    return np.where(key[order[at]] == wanted, order[at], -1)
