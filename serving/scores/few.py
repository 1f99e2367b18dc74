"""A distribution of scores as it is told: without counts of few families, and without what would tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

from models.few import added, kept_back
from serving.scores.scores import Row

PARTS = ("at_risk", "poor", "refused", "quarantined")
"""What the households of a group are made of, each once."""
Place = tuple[str | None, ...]
Cell = tuple[Place, Hashable]


def told(rows: Sequence[Row], columns: Sequence[str]) -> list[Row]:
    """Rows of `serving.scores.scores.Scores.distribution` of all families, None where a count, or a figure of so many,
    is kept back (`models.few`): groups of few, and of the others the parts and the bins of few, with the next
    smallest where the sum over a group, or over the groups of an area, would tell them.

    columns : that the rows are grouped by, the widest first.
    """
    parts: dict[Place, Mapping[Hashable, int]] = {}
    bins: dict[Place, Mapping[Hashable, int]] = {}
    for row in rows:
        place = tuple(row[name] for name in columns)
        parts[place] = {name: row["scored"] - row["at_risk"] if name == "poor" else row[name] for name in PARTS}
        bins[place] = dict(enumerate(row["histogram"]))
    groups = _groups({place: sum(own.values()) for place, own in parts.items()})
    kept = _kept(parts, {(place, name) for place in groups for name in PARTS})
    assessed = {place for place, name in kept if name == "at_risk"}
    risks = _kept(bins, {(place, at) for place in assessed for at in bins[place]})
    return [_row(row, place, place in groups, kept, risks) for row, place in zip(rows, parts, strict=True)]


def _groups(households: Mapping[Place, int]) -> set[Place]:
    """Groups that are kept back: of each area those of few, and all that lie in an area that is."""
    kept = set[Place]()
    for depth in range(1, len(next(iter(households), ())) + 1):
        areas: dict[Place, dict[Place, int]] = defaultdict(lambda: defaultdict(int))
        for place, count in households.items():
            areas[place[: depth - 1]][place[:depth]] += count
        for area, inside in areas.items():
            kept |= set(inside) if area in kept else kept_back(inside)
    return {place for place in households if place in kept}


def _kept(counts: Mapping[Place, Mapping[Hashable, int]], shut: Collection[Cell]) -> set[Cell]:
    """Cells of few of a table, and those that a sum along a row or down an area would tell them by."""
    lines: dict[Hashable, dict[Cell, int]] = defaultdict(dict)
    for place, own in counts.items():
        for name, count in own.items():
            if count:
                lines[place][place, name] = count
                lines["down", place[:-1], name][place, name] = count
    kept = set(shut)
    while True:
        found = kept.union(*(kept_back(line, [cell for cell in line if cell in kept]) for line in lines.values()))
        if found == kept:
            return kept
        kept = found


def _row(row: Row, place: Place, silent: bool, kept: Collection[Cell], risks: Collection[Cell]) -> Row:
    found: dict[str, Any] = {name: None if row[name] and (place, name) in kept else row[name]
                             for name in PARTS if name != "poor"}  # fmt: skip
    poor = row["scored"] - row["at_risk"]
    found["scored"] = added((found["at_risk"], None if poor and (place, "poor") in kept else poor))
    if silent:
        found |= dict.fromkeys(("households", *found))
    if found["at_risk"] is None:
        found |= dict.fromkeys(("mean", "quantiles"))
    found["histogram"] = [None if found["at_risk"] is None or (count and (place, at) in risks) else count
                          for at, count in enumerate(row["histogram"])]  # fmt: skip
    return row | found
