"""Cross-section moments of welfare: each at its own March, weighted by people."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from features.sources.synthetic import figures
from features.types import Array
from training.moments_panel import Panel, locate, numbers, read
from training.moments_weights import Value, gini, grouped, mean, means, quantile

EDGES = (1.0, 1.5, 3.5, 17.0)
CLASSES = ("poor", "vulnerable", "aspiring", "middle", "upper")


@dataclass(frozen=True, slots=True)
class Cells:
    """A moment of many places: arrays over them; `label` names each."""

    label: tuple[str, ...]
    value: Array
    target: Array
    error: Array


@dataclass(slots=True)
class Found:
    """What was measured: single figures and moments of many places, by key."""

    values: dict[str, Value] = field(default_factory=dict)
    cells: dict[str, Cells] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wave:
    """Families of one wave with a measured ratio and members: arrays of the same length."""

    row: Array
    ratio: Array
    size: Array
    weight: Array
    province: Array
    urban: Array
    spent: Array
    extreme: Array

    @property
    def people(self) -> Array:
        """Person weights."""
        return self.weight * self.size


def wave(panel: Panel, column: int) -> Wave:
    """The cross-section of a wave."""
    row = np.flatnonzero(np.isfinite(panel.ratio[:, column]) & (panel.size[:, column] > 0)
                         & (panel.province[:, column] >= 0))  # fmt: skip
    place, town = panel.province[row, column].astype(int), panel.urban[row, column].astype(int)
    ratio = panel.ratio[row, column].astype(float)
    line = panel.line[column, place, town]
    return Wave(row, ratio, panel.size[row, column].astype(float), panel.weight[row], place, town, ratio * line,
                panel.extreme[column, place, town] / line)  # fmt: skip


def measure(panel: Panel) -> Found:
    """Every cross-section moment of welfare that the panel's waves allow."""
    out = Found()
    for year in (2019, 2024, 2025):
        column = panel.march(year)
        if column is not None:
            _classes(out, wave(panel, column), year)
    column = panel.march(2025)
    if column is not None:
        _year_2025(out, panel, wave(panel, column), column)
    column = panel.march(2024)
    if column is not None:
        _year_2024(out, wave(panel, column))
    _paths(out, panel)
    return out


def _classes(out: Found, now: Wave, year: int) -> None:
    for number, name in enumerate(CLASSES):
        there = np.digitize(now.ratio, EDGES) == number
        out.values[f"class_{name}_{year}"] = mean(there.astype(float), now.people)


def _year_2025(out: Found, panel: Panel, now: Wave, column: int) -> None:
    poor, places = now.ratio < 1, len(figures.provinces())
    gap = np.maximum(1 - now.ratio, 0)
    for name, values, measure in (("headcount", poor.astype(float), "headcount"), ("gap", gap, "gap"),
                                  ("gap_squared", gap**2, "gap_squared"),
                                  ("expenditure", now.spent, "expenditure")):  # fmt: skip
        out.cells[f"{name}_provinces"] = provinces(*means(values, now.people, now.province, places), measure, 2025)
    food = _asked(panel, column, "food_share")[now.row]
    told = np.isfinite(food)
    # the published share is mean food spending over mean spending: families count by what they spend
    out.cells["food_share_provinces"] = _provinces_of(
        *means(food[told], (now.people * now.spent)[told], now.province[told], places), _food_target()
    )
    lines = np.concatenate([panel.line[column, :, 1], panel.line[column, :, 0]])
    goal = np.concatenate([figures.by_province("line_urban"), figures.by_province("line_rural")])
    there = np.isfinite(lines)
    label = tuple(f"{place} {town}" for town in ("urban", "rural") for place in names())
    out.cells["line_strata"] = Cells(_chosen(label, there), lines[there], goal[there], np.zeros(there.sum()))
    for town, name in ((1, "urban"), (0, "rural")):
        own = now.urban == town
        out.values[f"headcount_{name}"] = mean(poor[own].astype(float), now.people[own])
    for key, own in (("gini", now.urban >= 0), ("gini_urban", now.urban == 1)):
        out.values[key] = _gini(now, own)
    low, high = quantile(now.spent, now.people, np.array([0.4, 0.8]))
    part = np.digitize(now.spent, [low, high], right=True)
    for number, key in enumerate(("share_bottom_40", "share_middle_40", "share_top_20")):
        out.values[key] = mean((part == number).astype(float), now.people * now.spent)
    out.values["extreme"] = mean((now.ratio < now.extreme).astype(float), now.people)
    out.values["poor_size"] = mean(now.size[poor], now.weight[poor])
    out.values["poor_households"] = mean(1 / now.size[poor], now.people[poor])
    out.values["household_size"] = mean(now.size, now.weight)


def _year_2024(out: Found, now: Wave) -> None:
    places = len(figures.provinces())
    value, error = means((now.ratio < 1).astype(float), now.people, now.province + places * now.urban, 2 * places)
    goal = np.concatenate([figures.by_province(f"headcount_{town}", 2024) for town in ("rural", "urban")])
    there = np.isfinite(goal) & np.isfinite(value)
    label = tuple(f"{place} {town}" for town in ("rural", "urban") for place in names())
    out.cells["headcount_strata"] = Cells(_chosen(label, there), value[there], goal[there], error[there])
    out.values["gini_rural_2024"] = _gini(now, now.urban == 0)


def _paths(out: Found, panel: Panel) -> None:
    """Headcounts of the country in every March, and of the provinces in 2024 and 2026."""
    dates, path = figures.headcount_path()
    label, value, error, goal = [], [], [], []
    for date, target in zip(dates, path, strict=True):
        column = panel.march(int(date))
        if column is None:
            continue
        now = wave(panel, column)
        found = mean((now.ratio < 1).astype(float), now.people)
        label.append(str(int(date)))
        value.append(found[0])
        error.append(found[1])
        goal.append(target)
    if label:
        out.cells["path"] = Cells(tuple(label), np.array(value), np.array(goal), np.array(error))
    parts = []
    for year in (2024, 2026):
        column = panel.march(year)
        if column is not None:
            now = wave(panel, column)
            parts.append(provinces(*means((now.ratio < 1).astype(float), now.people, now.province,
                                          len(figures.provinces())), "headcount", year))  # fmt: skip
    if parts:
        out.cells["path_provinces"] = Cells(sum((part.label for part in parts), ()),
                                            *(np.concatenate([getattr(part, name) for part in parts])
                                              for name in ("value", "target", "error")))  # fmt: skip


def provinces(value: Array, error: Array, measure: str, year: int) -> Cells:
    """Measured figures of the 38 provinces beside those of the reference table."""
    return _provinces_of(value, error, figures.by_province(measure, year))


def _food_target() -> Array:
    return figures.by_province("expenditure_food") / figures.by_province("expenditure")


def _asked(panel: Panel, column: int, name: str) -> Array:
    """A column of the survey's households in one wave, shape (families,); NaN where it was not asked."""
    out = np.full(len(panel.key), np.nan)
    for piece in read(panel.folder / "survey" / "households", ("household_id", "period", name)):
        if name in piece.column_names:
            family, when = locate(piece, panel.key, panel.periods)
            out[family[when == column]] = numbers(piece, name)[when == column]
    return out


def _provinces_of(value: Array, error: Array, goal: Array) -> Cells:
    there = np.isfinite(goal) & np.isfinite(value)
    return Cells(_chosen(names(), there), value[there], goal[there], error[there])


def names() -> tuple[str, ...]:
    """Names of the 38 provinces in order."""
    return tuple(figures.names()[code] for code in figures.provinces())


def _chosen(label: tuple[str, ...], there: Array) -> tuple[str, ...]:
    return tuple(name for name, keep in zip(label, there, strict=True) if keep)


def _gini(now: Wave, own: Array) -> Value:
    spent, people = now.spent[own], now.people[own]
    if not len(spent):
        return float("nan"), float("nan")
    return grouped(lambda use: gini(spent[use], people[use]) if use.any() else float("nan"), now.row[own])
