"""Moments of two or more waves: families that the survey met in each of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from features.types import Array
from training.moments_panel import Panel
from training.moments_weights import NONE, Value, grouped, mean, quantile, ranks

Found = dict[str, Value]


def measure(panel: Panel, person: bool = True) -> Found:
    """Every dynamic moment by key; with `person` a family counts as many times as it has members.

    A headcount that a moment belongs to is reached by moving the line: all measured ratios of a wave are divided
    by the ratio that this share of people lies under. The cut is that of people for family weights as well.
    """
    weight = panel.people() if person else np.broadcast_to(panel.weight[:, None], panel.ratio.shape)
    out: Found = {}
    one, two = (_Pairs(panel, weight, lag) for lag in (1, 2))
    if two.size:
        poor, later = two.poor(0.089, 0.089)
        out["stay_2y"], out["entry_2y"] = two.share(later, poor), two.share(later, ~poor)
        poor, later = two.poor(0.154, 0.133)
        out["both_2y"] = two.share(poor & later, np.ones(two.size, dtype=bool))
        out |= two.deciles() | two.chronic(0.154, 0.133)
    if one.size:
        out |= one.year(0.12) | one.band(0.085)
    return out | spells(panel, weight) | re_entry(panel, weight) | attrition(panel, weight)


class _Pairs:
    """All pairs of Marches `lag` years apart, stacked: ratio then and later, weights, family."""

    def __init__(self, panel: Panel, weight: Array, lag: int) -> None:
        columns = panel.marches()
        self.pairs = [(a, b) for a, b in zip(columns, columns[lag:], strict=False)]
        where = [np.flatnonzero(panel.seen[:, a] & panel.seen[:, b]) for a, b in self.pairs]
        self.parts = [len(rows) for rows in where]
        self.size = sum(self.parts)
        if not self.size:
            return
        self.family = np.concatenate(where)
        self.then, self.later = (np.concatenate([panel.ratio[rows, pair[side]] for rows, pair in
                                                 zip(where, self.pairs, strict=True)]).astype(float)
                                 for side in (0, 1))  # fmt: skip
        people = panel.people()
        self.people, self.people_later = (np.concatenate([people[rows, pair[side]] for rows, pair in
                                                          zip(where, self.pairs, strict=True)])
                                          for side in (0, 1))  # fmt: skip
        self.weight = np.concatenate([weight[rows, pair[0]] for rows, pair in zip(where, self.pairs, strict=True)])

    def scaled(self, share: float, later: bool) -> Array:
        """Ratios over the one that this share of people lies under, wave by wave."""
        values, people = (self.later, self.people_later) if later else (self.then, self.people)
        out, start = np.empty(self.size), 0
        for count in self.parts:
            part = slice(start, start + count)
            out[part] = values[part] / quantile(values[part], people[part], share) if count else 1.0
            start += count
        return out

    def poor(self, share: float, later: float) -> tuple[Array, Array]:
        """Who is under the moved line in each wave."""
        return self.scaled(share, False) < 1, self.scaled(later, True) < 1

    def share(self, event: Array, among: Array) -> Value:
        """Share of an event among some rows."""
        return mean(event[among].astype(float), self.weight[among], self.family[among])

    def deciles(self) -> Found:
        """Moves out of the bottom three and the top six tenths of people."""
        rank = [np.empty(self.size), np.empty(self.size)]
        start = 0
        for count in self.parts:
            part = slice(start, start + count)
            if count:
                rank[0][part] = ranks(self.then[part], self.people[part])
                rank[1][part] = ranks(self.later[part], self.people_later[part])
            start += count
        low, high = rank[0] < 0.3, rank[0] >= 0.4
        return {
            "bottom_leave": self.share(rank[1] >= 0.3, low),
            "bottom_reach_top": self.share(rank[1] >= 0.4, low),
            "top_leave": self.share(rank[1] < 0.4, high),
            "top_reach_bottom": self.share(rank[1] < 0.3, high),
        }

    def chronic(self, share: float, later: float) -> Found:
        """Parts of the gap that the mean of two waves keeps (Jalan and Ravallion)."""
        first, second = self.scaled(share, False), self.scaled(later, True)
        middle = (first + second) / 2
        out = {"below_mean": self.share(middle < 1, np.ones(self.size, dtype=bool))}
        for name, power in (("chronic_gap", 1), ("chronic_squared", 2)):
            lasting = self.weight * np.maximum(1 - middle, 0) ** power
            whole = self.weight * (np.maximum(1 - first, 0) ** power + np.maximum(1 - second, 0) ** power) / 2

            def figure(use: Array, top: Array = lasting, all_of_it: Array = whole) -> float:
                total = float(all_of_it[use].sum())
                return float(top[use].sum()) / total if total > 0 else float("nan")

            out[name] = grouped(figure, self.family)
        return out

    def year(self, share: float) -> Found:
        """Staying and entry within a year by band of the moved line."""
        now, later = self.scaled(share, False), self.scaled(share, True) < 1
        return {"stay_1y": self.share(later, now < 1), "entry_band": self.share(later, (now >= 1) & (now < 1.5)),
                "entry_above": self.share(later, now >= 1.5), "entry_all": self.share(later, now >= 1),
                "from_below": self.share(now < 1.5, later)}  # fmt: skip

    def band(self, share: float) -> Found:
        """Entry at one and a half lines, and the spread of a year's change there."""
        now, later = self.scaled(share, False), self.scaled(share, True)
        near = (now > 1.4) & (now < 1.6)
        if not near.any():
            return {}
        change = np.log(later[near] / now[near])
        weight, family = self.weight[near], self.family[near]

        def spread(use: Array) -> float:
            if not use.any():
                return float("nan")
            centre = np.average(change[use], weights=weight[use])
            return float(np.sqrt(np.average(np.square(change[use] - centre), weights=weight[use])))

        return {"entry_at_band": self.share(later < 1, near), "change_at_band": grouped(spread, family)}


def spells(panel: Panel, weight: Array) -> Found:
    """Re-entry within five years of leaving, and long poverty after entry, against the family's own line."""
    columns = panel.marches()
    poor, seen = panel.ratio[:, columns] < 1, panel.seen[:, columns]
    mass = weight[:, columns]
    out: Found = {"re_entry": NONE, "long_spell": NONE}
    for name, before, after, years, least in (("re_entry", True, False, 5, 1), ("long_spell", False, True, 10, 5)):
        found: list[tuple[Array, Array, Array]] = []
        for t in range(1, len(columns) - years):
            window = seen[:, t - 1 : t + years + 1].all(axis=1)
            rows = np.flatnonzero(window & (poor[:, t - 1] == before) & (poor[:, t] == after))
            later = poor[rows, t + 1 : t + years + 1].sum(axis=1) >= least
            found.append((later.astype(float), mass[rows, t], rows))
        if found:
            out[name] = mean(*(np.concatenate(part) for part in zip(*found, strict=True)))
    return out


YEARS_OUT = 5


def re_entry(panel: Panel, weight: Array) -> Found:
    """Chance of falling back in each of the first years since leaving poverty, and its largest rise between two."""
    columns = panel.marches()
    poor, seen, mass = panel.ratio[:, columns] < 1, panel.seen[:, columns], weight[:, columns]
    found: list[list[tuple[Array, Array, Array]]] = [[] for _ in range(YEARS_OUT)]
    for t in range(1, len(columns) - YEARS_OUT):  # each year is told of the same families, whatever the trend
        left = seen[:, t - 1] & seen[:, t] & poor[:, t - 1] & ~poor[:, t]
        for year in range(1, YEARS_OUT + 1):
            rows = np.flatnonzero(left & seen[:, t + year])
            found[year - 1].append((poor[rows, t + year].astype(float), mass[rows, t], rows))
            left &= seen[:, t + year] & ~poor[:, t + year]
    out: Found = {}
    for year, parts in enumerate(found, 1):
        if parts:
            out[f"re_entry_{year}"] = mean(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    told = [out[f"re_entry_{year}"] for year in range(1, YEARS_OUT + 1) if f"re_entry_{year}" in out]
    if len(told) == YEARS_OUT and all(value > 0 for value, _ in told):
        rises = [(later[0] / now[0], float(np.hypot(now[1] / now[0], later[1] / later[0])))
                 for now, later in pairwise(told)]  # fmt: skip
        most = max(rises)
        out["re_entry_order"] = most[0], most[0] * most[1]
    return out


def attrition(panel: Panel, weight: Array) -> Found:
    """Households of the first wave that the survey has lost four years later."""
    columns = panel.marches()
    if len(columns) < 5:
        return {"attrition": NONE}
    first = np.flatnonzero(panel.seen[:, columns[0]])
    return {"attrition": mean((~panel.seen[first, columns[4]]).astype(float), weight[first, columns[0]])}
