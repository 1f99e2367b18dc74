"""The one rule for counts of few: a group of fewer than `FEWEST` families has no figure, not even its number.

What is left of a whole beyond the groups that are told would tell it again: so the next smallest is kept back with it,
until what is kept back together is no group of few. Areas follow the same rule over their tree
(`serving.scores.small_areas`).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

FEWEST = 30
"""Families below which a group has no figure: it may be known for one of them, and an interval would hold nearly
anything."""

Key = TypeVar("Key", bound=Hashable)


def kept_back(counts: Mapping[Key, int], shut: Collection[Key] = ()) -> set[Key]:
    """Keys of the groups of a whole whose counts are kept back; shut : groups that are so for another reason."""
    kept, together = set[Key](), 0
    for key, count in sorted(counts.items(), key=lambda own: (own[0] not in shut, own[1])):
        if key not in shut and count >= FEWEST and not 0 < together < FEWEST:
            break
        kept.add(key)
        together += count
    return kept


def shown(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """Counts of the groups of a whole as they are told: None of those kept back; that a group is empty is told."""
    kept = kept_back({key: count for key, count in counts.items() if count})
    return {key: None if key in kept else count for key, count in counts.items()}


def added(counts: Iterable[int | None]) -> int | None:
    """A sum as it is told: None where one of its parts is kept back, which it would tell beside the others."""
    parts = list(counts)
    return None if None in parts else sum(part for part in parts if part is not None)


def rough(families: float, rows: int, held: float) -> bool:
    """Whether so many families, a mean of draws, are some but fewer than `FEWEST` of a sample whose `rows` stand for
    `held` families: three in a hundred draws may be one family of the sample, told a thousandfold."""
    return bool(held and families) and abs(families) * rows < FEWEST * held


def told(count: int) -> int | None:
    """A count that stands alone; None of few."""
    return count if count == 0 or count >= FEWEST else None
