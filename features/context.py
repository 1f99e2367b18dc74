"""What was published of places and industries by a date: poverty lines, sector signals, regions.

Small tables, made ready once and asked by date, so that one household and a million use the same figures.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features import asof, contract, periods
from features.arranged import starts as starts_of
from features.types import Array, EncodedTable

TABLES = ("sector_signals", "poverty_lines", "regions")
SIGNALS = ("employment_growth", "layoff_rate", "vacancy_rate", "wage_growth")
REGION_FACTS = ("headcount", "unemployment", "mean_schooling", "remote")
COUNTRY = "ID"
NEVER = np.datetime64("NaT", "D")
_KEPT = 64  # dates held ready; a service asks for today, a back-test for a few dozen origins


@dataclass(frozen=True, slots=True)
class Latest:
    """Figures of one region, each of the latest period known of it, and the days on which they became known.

    figures, days : of one shape; NaN and NaT where nothing is known.
    """

    figures: Array
    days: Array

    @classmethod
    def none(cls, *shape: int) -> Latest:
        """Nothing known."""
        return cls(np.full(shape, np.nan), np.full(shape, NEVER))

    def or_else(self, other: Latest) -> Latest:
        """These figures, and those of another region where there is none."""
        absent = np.isnan(self.figures)
        return Latest(np.where(absent, other.figures, self.figures), np.where(absent, other.days, self.days))


@dataclass(frozen=True, slots=True)
class Known:
    """The context as known on one date.

    lines : stratum (province or None, urban 0/1 or None) to starts (sorted dates), lines, extreme lines, and the days
        on which they became known.
    signals : region to its `SIGNALS` x sections. regions : region to its `REGION_FACTS`.
    usual_line : median over the strata of their newest lines; NaN without lines.
    """

    lines: dict[tuple[str | None, float | None], tuple[Array, Array, Array, Array]]
    signals: dict[str, Latest]
    regions: dict[str, Latest]
    usual_line: float


class Context:
    """Context tables, filtered by known-at and indexed for look-up; answers are kept by date."""

    def __init__(self, tables: dict[str, EncodedTable]) -> None:
        self.tables = {name: tables[name] for name in TABLES if name in tables}
        self._known: OrderedDict[np.datetime64, Known] = OrderedDict()

    def at(self, as_of: np.datetime64) -> Known:
        """What was known on `as_of`."""
        if as_of not in self._known:
            tables = asof.known(self.tables, as_of)
            lines = _lines(tables.get("poverty_lines"))
            usual = float(np.median([line[-1] for _, line, *_ in lines.values()])) if lines else np.nan
            self._known[as_of] = Known(lines, _signals(tables.get("sector_signals")), _regions(tables.get("regions")),
                                       usual)  # fmt: skip
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return self._known[as_of]


def _by_period(table: EncodedTable) -> EncodedTable:
    return asof.take(table, np.argsort(periods.start(table["period"]), kind="stable"))


def _lines(table: EncodedTable | None) -> dict[tuple[str | None, float | None], tuple[Array, Array, Array, Array]]:
    if table is None:
        return {}
    table = _by_period(table)
    size = len(table["period"])
    province = table.get("line_province", np.full(size, None, dtype=object))
    urban = table.get("line_urban", np.full(size, np.nan))
    extreme = table.get("extreme_line", np.full(size, np.nan))
    strata: dict[tuple[str | None, float | None], list[int]] = {}
    for row in range(size):
        stratum = (province[row], None if np.isnan(urban[row]) else float(urban[row]))
        strata.setdefault(stratum, []).append(row)
    start = periods.start(table["period"])
    return {key: (start[rows], table["line"][rows], extreme[rows], table["known_at"][rows])
            for key, rows in strata.items()}  # fmt: skip


def _signals(table: EncodedTable | None) -> dict[str, Latest]:
    return _latest(table, SIGNALS, "sector_section", len(contract.SECTIONS))


def _regions(table: EncodedTable | None) -> dict[str, Latest]:
    return {region: Latest(found.figures[:, 0], found.days[:, 0])
            for region, found in _latest(table, REGION_FACTS).items()}  # fmt: skip


def _latest(
    table: EncodedTable | None, names: tuple[str, ...], of: str | None = None, size: int = 1
) -> dict[str, Latest]:
    """Figures by region, names x size; of : the column of codes below `size` that they are told by."""
    regions: dict[str, Latest] = {}
    if table is None:
        return regions
    table = _by_period(table)
    measures = [table.get(name, np.full(len(table["period"]), np.nan)) for name in names]
    for row in range(len(table["period"])):  # in order of time, so that the latest stays
        region = regions.setdefault(table["region"][row], Latest.none(len(names), size))
        at = int(table[of][row]) if of else 0
        for number, measure in enumerate(measures):
            if not np.isnan(measure[row]):
                region.figures[number, at], region.days[number, at] = measure[row], table["known_at"][row]
    return regions


def line_of(known: Known, province: Array, urban: Array, period: Array) -> tuple[Array, Array, Array]:
    """Poverty line and extreme line of each row, and the day on which they became known: own stratum, latest line not
    after the row's period.

    A stratum without a line of its own takes its province's, then its stratum's national, then the national one.
    """
    line, extreme = np.full(len(period), np.nan), np.full(len(period), np.nan)
    day = np.full(len(period), NEVER)
    if not len(period):
        return line, extreme, day
    start = periods.start(period)
    provinces = pa.array(province, pa.string()).dictionary_encode(null_encoding="encode")
    names = provinces.dictionary.to_pylist()
    towns = (None, 0.0, 1.0)
    stratum = provinces.indices.to_numpy(zero_copy_only=False).astype(np.int64) * 3
    stratum += np.where(np.isnan(urban), 0, urban + 1).astype(np.int64)
    order = np.argsort(stratum, kind="stable")
    for rows in np.split(order, starts_of(stratum[order])[1:]):
        number = int(stratum[rows[0]])
        place, town = names[number // 3], towns[number % 3]
        for key in ((place, town), (place, None), (None, town), (None, None)):
            if key in known.lines:
                starts, lines, extremes, days = known.lines[key]
                at = np.searchsorted(starts, start[rows], side="right") - 1
                line[rows] = np.where(at >= 0, lines[at], np.nan)
                extreme[rows] = np.where(at >= 0, extremes[at], np.nan)
                day[rows] = np.where(at >= 0, days[at], NEVER)
                break
    return line, extreme, day
