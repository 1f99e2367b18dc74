"""Families as columns: what a feature may read, sorted and cut by household and period.

Three lengths: N households, R household rows (their periods, sorted), M members (of all rows). A feature sees
only rows of its own household up to the origin period, so it cannot look ahead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from features import asof, contract, periods
from features.context import COUNTRY, REGION_FACTS, SIGNALS, Context, Known, line_of
from features.types import Array, EncodedTable, Tables


class Columns:
    """Columns of some families as known on a date.

    Attributes
    ----------
    period_starts : first row of each household, N.
    last : latest row of each household (the origin), N.
    member_starts : first member of each row, R.
    row_of_member : the row of each member, M.
    """

    def __init__(self, tables: Tables, context: Context, as_of: np.datetime64, period: int | None = None) -> None:
        """Sort and cut encoded tables.

        Parameters
        ----------
        tables : encoded `households`, `members` and, where there are any, `shocks`; any rows.
        context : lines, signals and regions.
        as_of : rows known later are left out.
        period : origin; only households with a row of that period stay. Without it each household's latest row
            is its origin.
        """
        seen = asof.known({name: table for name, table in tables.items() if name in _OWN}, as_of)
        households = _sorted_households(seen["households"], period)
        self.as_of = as_of
        self.context: Known = context.at(as_of)
        self._rows, self.period_starts = households
        self.last = np.append(self.period_starts[1:], len(self._rows["period"])) - 1
        self._members, self.member_starts, self.row_of_member = _sorted_members(seen["members"], self._rows)
        self._shocks = seen.get("shocks")
        self._made: dict[Any, Array] = {}

    @property
    def size(self) -> int:
        """Number of households, N."""
        return len(self.last)

    def __getitem__(self, name: str) -> Array:
        """A raw column: R long for `households`, M for `members`; NaN where the source has none."""
        if name in self._rows:
            return self._rows[name]
        if name in self._members:
            return self._members[name]
        length = len(self.member_starts) if name in contract.HOUSEHOLDS.names else len(self.row_of_member)
        if name not in contract.HOUSEHOLDS.names and name not in contract.MEMBERS.names:
            raise KeyError(f"{name} is no column of households or members")
        return self.shared(("absent", name), lambda: _absent(name, length))

    def shared(self, key: Any, make: Callable[[], Array]) -> Array:
        """A derived array made once and used by several features."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    # Rows of a household -> household -------------------------------------------------------------------

    def now(self, rows: Array) -> Array:
        """Value at the origin, N."""
        return rows[self.last]

    def before(self, rows: Array) -> Array:
        """Value at the row before the origin, N; NaN for a household seen once."""
        previous = np.maximum(self.last - 1, self.period_starts)
        return np.where(self.last > self.period_starts, rows[previous], np.nan)

    def over_rows(self, how: np.ufunc, rows: Array) -> Array:
        """Reduce each household's rows, N (`np.add`, `np.minimum`, `np.maximum`, ...)."""
        return how.reduceat(rows, self.period_starts)

    # Members -> rows of a household ----------------------------------------------------------------------

    def total(self, members: Array) -> Array:
        """Sum over members, R; a missing value counts nothing, all missing stays missing."""
        seen = ~np.isnan(members)
        total = np.add.reduceat(np.where(seen, members, 0.0), self.member_starts)
        return np.where(np.logical_or.reduceat(seen, self.member_starts), total, np.nan)

    def count(self, mask: Array) -> Array:
        """Members for whom `mask` holds, R."""
        return np.add.reduceat(mask.astype(np.float64), self.member_starts)

    def highest(self, members: Array) -> Array:
        """Largest value over members, R; missing where all are."""
        return np.fmax.reduceat(members, self.member_starts)

    def lowest(self, members: Array) -> Array:
        """Smallest value over members, R; missing where all are."""
        return np.fmin.reduceat(members, self.member_starts)

    def mean(self, members: Array, weights: Array) -> Array:
        """Weighted mean over members with a value and a weight, R; missing where nobody has both."""
        use = ~np.isnan(members) & ~np.isnan(weights) & (weights > 0)
        weight = np.add.reduceat(np.where(use, weights, 0.0), self.member_starts)
        total = np.add.reduceat(np.where(use, members * weights, 0.0), self.member_starts)
        return np.divide(total, weight, out=np.full(len(weight), np.nan), where=weight > 0)

    def of_head(self, members: Array) -> Array:
        """Value of the head, R; missing where a row has no head."""
        head = self["relation"] == _HEAD
        return np.fmax.reduceat(np.where(head, members, np.nan), self.member_starts)

    # Context ---------------------------------------------------------------------------------------------

    def line(self) -> Array:
        """Poverty line of each row's own stratum and period, R."""
        return self.shared("line", lambda: self._lines()[0])

    def extreme_line(self) -> Array:
        """Extreme poverty line of each row's own stratum and period, R."""
        return self.shared("extreme", lambda: self._lines()[1])

    def _lines(self) -> tuple[Array, Array]:
        line, extreme = line_of(self.context, self["province"], self["urban"], self["period"])
        self._made["line"], self._made["extreme"] = line, extreme
        return line, extreme

    def ratio(self) -> Array:
        """Welfare ratio of each row, R: welfare over the line of its own stratum and period."""
        return self.shared("ratio", lambda: self["welfare"] / self.line())

    def signal(self, name: str, section: Array) -> Array:
        """Latest known sector signal for each member's section, in the own province or else the country, M."""
        number = SIGNALS.index(name)
        provinces = pa.array(self["province"], pa.string()).dictionary_encode()
        absent = np.full(len(contract.SECTIONS), np.nan)
        country = self.context.signals[COUNTRY][number] if COUNTRY in self.context.signals else absent
        figures = [country]  # row 0 for a province without figures of its own, or none given
        for place in provinces.dictionary.to_pylist():
            own = self.context.signals[place][number] if place in self.context.signals else absent
            figures.append(np.where(np.isnan(own), country, own))
        row = provinces.indices.fill_null(-1).to_numpy(zero_copy_only=False)[self.row_of_member] + 1
        known = ~np.isnan(section)
        value = np.stack(figures)[row, np.where(known, section, 0).astype(np.int64)]
        return np.where(known, value, np.nan)

    def region(self, name: str) -> Array:
        """Latest known fact of each household's province, N."""
        number = REGION_FACTS.index(name)
        facts = {place: values[number] for place, values in self.context.regions.items()}
        return np.array([facts.get(place, np.nan) for place in self.now(self["province"]).tolist()], dtype=float)

    def shocks(self, *kinds: str) -> Array:
        """Events of these kinds in the year up to the origin, own or of the own place, N; NaN without a table."""
        if self._shocks is None:
            return np.full(self.size, np.nan)
        codes = [contract.SHOCK_EVENTS["shock"].choices.index(kind) for kind in kinds]
        events = asof.take(self._shocks, np.isin(self._shocks["shock"], codes))
        origin = self.now(self["period"])
        year = periods.per_year(int(origin[0])) if self.size else 1
        total = np.zeros(self.size)
        for scope, column in enumerate(("household_id", "regency", "province")):
            some = asof.take(events, events["scope"] == scope)
            if len(some["place"]):
                _add_events(total, some, self.now(self[column]), origin, year)
        return total


def _add_events(total: Array, events: EncodedTable, places: Array, origin: Array, year: int) -> None:
    distinct = pa.array(places, pa.string()).dictionary_encode()
    home = distinct.indices.to_numpy(zero_copy_only=False)
    names = {name: number for number, name in enumerate(distinct.dictionary.to_pylist())}
    for period in np.unique(events["period"]).tolist():
        count = np.zeros(len(names) + 1)
        for place in events["place"][events["period"] == period].tolist():
            count[names.get(place, len(names))] += 1
        count[-1] = 0
        recent = (period <= origin) & (period > origin - year) & ~np.isnan(home.astype(float))
        total[recent] += count[home[recent].astype(np.int64)]


_OWN = ("households", "members", "shocks")
_HEAD = contract.MEMBERS["relation"].choices.index("head")


def _absent(name: str, length: int) -> Array:
    table = contract.HOUSEHOLDS if name in contract.HOUSEHOLDS.names else contract.MEMBERS
    if table[name].kind in ("id", "text"):
        return np.full(length, None, dtype=object)
    return np.full(length, np.nan)


def _sorted_households(table: EncodedTable, period: int | None) -> tuple[EncodedTable, Array]:
    if period is not None:
        table = asof.take(table, table["period"] <= period)
    ids = pa.array(table["household_id"], pa.string()).dictionary_encode()
    home = ids.indices.to_numpy(zero_copy_only=False)
    if period is not None:
        stays = np.zeros(len(ids.dictionary), dtype=bool)
        stays[home[table["period"] == period]] = True
        table, home = asof.take(table, stays[home]), home[stays[home]]
    # Households keep the order in which they first appear, so that answers come in the order of the question.
    order = np.lexsort((table["period"], home))
    home = home[order]
    starts = np.flatnonzero(np.append(True, home[1:] != home[:-1])) if len(home) else np.empty(0, np.int64)
    return asof.take(table, order), starts


def _sorted_members(table: EncodedTable, rows: EncodedTable) -> tuple[EncodedTable, Array, Array]:
    size = len(rows["period"])
    value_set = pa.array(rows["household_id"], pa.string()).dictionary_encode()
    home = value_set.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    person = pa.compute.index_in(pa.array(table["household_id"], pa.string()), value_set=value_set.dictionary)
    person_home = person.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    low = int(rows["period"].min()) if size else 0
    span = (int(rows["period"].max()) - low + 1) if size else 1
    key = home * span + rows["period"] - low
    inside = (person_home >= 0) & (table["period"] >= low) & (table["period"] < low + span)
    member_key = person_home * span + table["period"] - low
    order = np.argsort(key, kind="stable")
    at = np.searchsorted(key[order], member_key)
    at_row = order[np.minimum(at, size - 1)] if size else np.zeros(len(at), np.int64)
    inside &= (at < size) & (key[at_row] == member_key) if size else False
    chosen = np.flatnonzero(inside)
    chosen = chosen[np.argsort(at_row[chosen], kind="stable")]
    row_of_member = at_row[chosen]
    starts = np.searchsorted(row_of_member, np.arange(size))
    if size and (np.bincount(row_of_member, minlength=size) == 0).any():
        raise ValueError("a household row has no members; admit refuses such rows")
    return asof.take(table, chosen), starts, row_of_member
