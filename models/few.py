"""The one rule for counts of few: a group of fewer than `FEWEST` families has no figure, not even its number.

What is left of a whole beyond the groups that are told would tell it again: so the next smallest is kept back with it,
until what is kept back together is no group of few. Areas follow the same rule over their tree (`serving.small_areas`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

FEWEST = 30
"""Families below which a group has no figure: it may be known for one of them, and an interval would hold nearly
anything."""

Key = TypeVar("Key", bound=Hashable)


def kept_back(counts: Mapping[Key, int]) -> set[Key]:
    """Keys of the groups of a whole whose counts are kept back."""
    kept, together = set[Key](), 0
    for key, count in sorted(counts.items(), key=lambda own: own[1]):
        if count >= FEWEST and not 0 < together < FEWEST:
            break
        kept.add(key)
        together += count
    return kept


def told(count: int) -> int | None:
    """A count that stands alone; None of few."""
    return count if count == 0 or count >= FEWEST else None
