"""Too few families to tell of: one rule for every group and province of a result, on pages and in files.

A figure of fewer than `LEAST` families of a sample would hold nearly anything, and may be known for one of them. Of a
whole that is told with its parts, what is left beyond those told would tell the one that is not: so where all that is
kept back together is still few, the next smallest is kept back with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.targeting.expected import FEWEST

LEAST = FEWEST
"""Families of the sample below which nothing is told of a part."""


def kept_back(rows: Mapping[str, int]) -> frozenset[str]:
    """Names of the parts of a whole that are kept back, by how many families of the sample each has."""
    found: dict[str, int] = {}
    for name in sorted(rows, key=lambda name: (rows[name], name)):
        if rows[name] >= LEAST and not 0 < sum(found.values()) < LEAST:
            break
        found[name] = rows[name]
    return frozenset(found)
