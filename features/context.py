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
_KEPT = 64  # dates held ready; a service asks for today, a back-test for a few dozen origins


@dataclass(frozen=True, slots=True)
class Known:
    """The context as known on one date.

    lines : stratum (province or None, urban 0/1 or None) to starts (sorted dates), lines, extreme lines.
    signals : region to an array of `SIGNALS` x sections, latest period known.
    regions : region to its `REGION_FACTS`, latest known.
    usual_line : median over the strata of their newest lines; NaN without lines.
    """

    lines: dict[tuple[str | None, float | None], tuple[Array, Array, Array]]
    signals: dict[str, Array]
    regions: dict[str, Array]
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
            usual = float(np.median([line[-1] for _, line, _ in lines.values()])) if lines else np.nan
            self._known[as_of] = Known(lines, _signals(tables.get("sector_signals")), _regions(tables.get("regions")),
                                       usual)  # fmt: skip
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return self._known[as_of]


def _by_period(table: EncodedTable) -> EncodedTable:
    return asof.take(table, np.argsort(periods.start(table["period"]), kind="stable"))


def _lines(table: EncodedTable | None) -> dict[tuple[str | None, float | None], tuple[Array, Array, Array]]:
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
    return {key: (start[rows], table["line"][rows], extreme[rows]) for key, rows in strata.items()}


def _signals(table: EncodedTable | None) -> dict[str, Array]:
    signals: dict[str, Array] = {}
    if table is None:
        return signals
    table = _by_period(table)
    measures = [table.get(name, np.full(len(table["period"]), np.nan)) for name in SIGNALS]
    for row in range(len(table["period"])):  # in order of time, so that the latest stays
        region = signals.setdefault(table["region"][row], np.full((len(SIGNALS), len(contract.SECTIONS)), np.nan))
        section = int(table["sector_section"][row])
        for number, measure in enumerate(measures):
            if not np.isnan(measure[row]):
                region[number, section] = measure[row]
    return signals


def _regions(table: EncodedTable | None) -> dict[str, Array]:
    regions: dict[str, Array] = {}
    if table is None:
        return regions
    table = _by_period(table)
    facts = [table.get(name, np.full(len(table["period"]), np.nan)) for name in REGION_FACTS]
    for row in range(len(table["period"])):
        region = regions.setdefault(table["region"][row], np.full(len(REGION_FACTS), np.nan))
        for number, fact in enumerate(facts):
            if not np.isnan(fact[row]):
                region[number] = fact[row]
    return regions


def line_of(known: Known, province: Array, urban: Array, period: Array) -> tuple[Array, Array]:
    """Poverty line and extreme line of each row: own stratum, latest line not after the row's period.

    A stratum without a line of its own takes its province's, then its stratum's national, then the national one.
    """
    line, extreme = np.full(len(period), np.nan), np.full(len(period), np.nan)
    if not len(period):
        return line, extreme
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
                starts, lines, extremes = known.lines[key]
                at = np.searchsorted(starts, start[rows], side="right") - 1
                line[rows] = np.where(at >= 0, lines[at], np.nan)
                extreme[rows] = np.where(at >= 0, extremes[at], np.nan)
                break
    return line, extreme
