"""Families as columns: what a feature may read, sorted and cut by household and period.

Three lengths: N households, R household rows (their periods, sorted), M members (of all rows). A feature sees
only rows of its own household up to the origin period, so it cannot look ahead.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features import asof, contract, periods
from features.arranged import Arranged, arrange
from features.context import COUNTRY, NEVER, REGION_FACTS, SIGNALS, Context, Known, Latest, line_of
from features.types import Array, EncodedTable, Tables

Made = TypeVar("Made")


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
        self.as_of = as_of
        self.context: Known = context.at(as_of)
        self._shocks = asof.known({"shocks": tables["shocks"]}, as_of)["shocks"] if "shocks" in tables else None
        self._arrange(arrange(tables["households"], tables["members"], as_of, period))

    def _arrange(self, arranged: Arranged) -> None:
        self._arranged = arranged
        self.period_starts, self.member_starts = arranged.period_starts, arranged.member_starts
        self.row_of_member = arranged.row_of_member
        self.last = np.append(self.period_starts, len(arranged.households))[1:] - 1
        self._made: dict[Any, Any] = {}

    def latest(self, rows: int) -> Columns:
        """The same households with their latest `rows` rows each; for features that look no further back."""
        return self._of(self._arranged.latest(rows))

    def within(self, periods: int) -> Columns:
        """The same households with their rows of the `periods` before the origin, and the origin."""
        return self._of(self._arranged.within(periods))

    def _of(self, arranged: Arranged) -> Columns:
        if arranged is self._arranged:
            return self
        other = copy(self)
        other._arrange(arranged)
        return other

    @property
    def size(self) -> int:
        """Number of households, N."""
        return len(self.last)

    def __getitem__(self, name: str) -> Array:
        """A raw column: R long for `households`, M for `members`; NaN where the source has none."""
        for table in (self._arranged.households, self._arranged.members):
            if name in table:
                return table[name]
        length = len(self.member_starts) if name in contract.HOUSEHOLDS.names else len(self.row_of_member)
        if name not in contract.HOUSEHOLDS.names and name not in contract.MEMBERS.names:
            raise KeyError(f"{name} is no column of households or members")
        return self.shared(("absent", name), lambda: _absent(name, length))

    def shared(self, key: Any, make: Callable[[], Made]) -> Made:
        """What several features use, made once; derived from these columns alone."""
        if key not in self._made:
            self._made[key] = make()
        return cast(Made, self._made[key])

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
        head = self["relation"] == HEAD
        return np.fmax.reduceat(np.where(head, members, np.nan), self.member_starts)

    # Context ---------------------------------------------------------------------------------------------

    def line(self) -> Array:
        """Poverty line of each row's own stratum and period, R."""
        return self.shared("lines", self._lines)[0]

    def extreme_line(self) -> Array:
        """Extreme poverty line of each row's own stratum and period, R."""
        return self.shared("lines", self._lines)[1]

    def line_day(self) -> Array:
        """Day on which the line at the origin became known, N."""
        return self.now(self.shared("lines", self._lines)[2])

    def _lines(self) -> tuple[Array, Array, Array]:
        return line_of(self.context, self["province"], self["urban"], self["period"])

    def ratio(self) -> Array:
        """Welfare ratio of each row, R: welfare over the line of its own stratum and period."""
        return self.shared("ratio", lambda: self["welfare"] / self.line())

    def signal(self, name: str, section: Array) -> Array:
        """Latest known sector signal for each member's section, in the own province or else the country, M."""
        row, figures, _ = self.shared("signals", self._signals)
        known = ~np.isnan(section)
        at = np.where(known, section, 0).astype(np.int64)
        return np.where(known, figures[:, SIGNALS.index(name)][row[self.row_of_member], at], np.nan)

    def signal_days(self, section: Array, among: Array) -> Array:
        """Last day on which each of `SIGNALS` became known of the sections of some members, at the origin, N x 4."""
        row, _, days = self.shared("signals", self._signals)
        household = np.full(len(self.member_starts), -1)
        household[self.last] = np.arange(self.size)
        home = household[self.row_of_member]
        some = np.flatnonzero(among & ~np.isnan(section) & (home >= 0))
        found = days[row[self.row_of_member[some]], :, section[some].astype(np.int64)]
        first = np.flatnonzero(np.diff(home[some], prepend=-1))
        answer = np.full((self.size, len(SIGNALS)), NEVER)
        answer[home[some][first]] = np.fmax.reduceat(found, first, axis=0)
        return answer

    def _signals(self) -> tuple[Array, Array, Array]:
        """Place of each row in the list of places, R, and figures and their days, places x signals x sections; place 0
        is the country."""
        home, names = self.shared("provinces", self._provinces)
        absent = Latest.none(len(SIGNALS), len(contract.SECTIONS))
        country = self.context.signals.get(COUNTRY, absent)
        places = [country, *(self.context.signals.get(place, absent).or_else(country) for place in names)]
        return home + 1, np.stack([place.figures for place in places]), np.stack([place.days for place in places])

    def region(self, name: str) -> Array:
        """Latest known fact of each household's province, N."""
        return self._fact(REGION_FACTS.index(name), *self.shared("provinces", self._provinces))

    def region_day(self, name: str) -> Array:
        """Day on which that fact became known, N."""
        home, names = self.shared("provinces", self._provinces)
        number, regions = REGION_FACTS.index(name), self.context.regions
        days = [regions[place].days[number] if place in regions else NEVER for place in names]
        return np.array([*days, NEVER])[self.now(home)]

    def nearest_region(self, name: str) -> Array:
        """The same of its regency, or of its province where nothing is known of that, N."""
        found = pa.array(self["regency"], pa.string()).dictionary_encode()
        home = found.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        own = self._fact(REGION_FACTS.index(name), home, found.dictionary.to_pylist())
        return np.where(np.isnan(own), self.region(name), own)

    def _fact(self, number: int, home: Array, names: list[str]) -> Array:
        regions = self.context.regions
        facts = [regions[name].figures[number] if name in regions else np.nan for name in names]
        return np.array([*facts, np.nan])[self.now(home)]

    def _provinces(self) -> tuple[Array, list[str]]:
        """Number of each row's province, R (-1 without one), and the names."""
        found = pa.array(self["province"], pa.string()).dictionary_encode()
        return found.indices.fill_null(-1).to_numpy(zero_copy_only=False), found.dictionary.to_pylist()

    def shocks(self, *kinds: str) -> Array:
        """Events of these kinds in the year up to the origin, own or of the own place, N; NaN without a table."""
        if self._shocks is None:
            return np.full(self.size, np.nan)
        codes = [contract.SHOCKS.index(kind) for kind in kinds]
        return np.asarray(self.shared("struck", self._struck)[0][codes].sum(axis=0))

    def shock_day(self, kind: str) -> Array:
        """Day on which the last of these events became known, N; NaT where there is none."""
        return np.asarray(self.shared("struck", self._struck)[1][contract.SHOCKS.index(kind)])

    def _struck(self) -> tuple[Array, Array]:
        """Events of each kind in the year up to the origin, and the last day on which one became known, kinds x N."""
        total = np.zeros((len(contract.SHOCKS), self.size))
        last = np.full(total.shape, NEVER)
        events = self._shocks
        if events is None or not len(events["period"]) or not self.size:
            return total, last
        origin = self.now(self["period"])
        year = periods.per_year(int(origin[0]))
        for scope, column in enumerate(("household_id", "regency", "province")):
            some = asof.take(events, (events["scope"] == scope) & (events["period"] > origin.min() - year))
            if len(some["period"]):
                _add_events(total, last, some, self.now(self[column]), origin, year)
        return total, last


def _add_events(total: Array, last: Array, events: EncodedTable, places: Array, origin: Array, year: int) -> None:
    distinct = pa.array(places, pa.string()).dictionary_encode()
    home = distinct.indices.fill_null(len(distinct.dictionary)).to_numpy(zero_copy_only=False)
    hit = pc.index_in(pa.array(events["place"], pa.string()), value_set=distinct.dictionary, skip_nulls=True)
    hit = hit.fill_null(-1).to_numpy(zero_copy_only=False)
    for one in np.unique(origin).tolist():
        here = (hit >= 0) & (events["period"] <= one) & (events["period"] > one - year)
        if not here.any():
            continue
        count = np.zeros((len(total), len(distinct.dictionary) + 1))  # the last place is nowhere
        day = np.full(count.shape, NEVER)
        at = events["shock"][here].astype(np.int64), hit[here]
        np.add.at(count, at, 1)
        np.fmax.at(day, at, events["known_at"][here])
        rows = np.flatnonzero(origin == one)
        total[:, rows] += count[:, home[rows]]
        last[:, rows] = np.fmax(last[:, rows], day[:, home[rows]])


HEAD = contract.MEMBERS["relation"].choices.index("head")
"""Code of the relation that names the head of a household."""


def _absent(name: str, length: int) -> Array:
    table = contract.HOUSEHOLDS if name in contract.HOUSEHOLDS.names else contract.MEMBERS
    if table[name].kind in ("id", "text"):
        return np.full(length, None, dtype=object)
    return np.full(length, np.nan)
