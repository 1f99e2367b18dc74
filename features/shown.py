"""Facts of a family that people read beside its score: its work, how exposed that is, the programmes it receives.

None of them is an input of a score for standing here, none is protected or of health, and programme receipt is an input
of none. A measure has the value that a reason of the same key tells in the same view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from features import codes, registry
from features.automation import occupation
from features.columns import HEAD, Columns
from features.contract import PROGRAMMES
from features.facts import earning
from features.registry import View
from features.types import Array
from features.work import section

Make = Callable[[Columns], Array]
MEASURES: Mapping[str, str] = {
    "routine": "auto.routine", "computerisation": "auto.computerisation", "software": "auto.software",
    "layoffs": "place.layoffs", "growth": "place.sector_growth",
}  # fmt: skip
"""Measures of the family's work and of its industries, each by the reason key that tells it."""
_FIRST = 1000
"""More than any age, so that a head who earns stands before every other earner."""


def worker(c: Columns) -> Array:
    """Whose job stands for the family, mask of M: the head if the head earns, else the eldest of those who earn; of
    two of one age the first by number. Nobody where nobody is known to earn."""

    def make() -> Array:
        at = np.arange(len(c.row_of_member)) - c.member_starts[c.row_of_member]
        before = (_FIRST * (c["relation"] == HEAD) + c["age"]) * _FIRST - np.minimum(at, _FIRST - 1)
        first = np.where(earning(c), before, np.nan)
        return np.asarray(first == c.highest(first)[c.row_of_member])

    return c.shared("worker", make)


def _of_worker(c: Columns, members: Array) -> Array:
    """Value of that member, N; NaN where there is none or it is not known."""
    return c.now(c.highest(np.where(worker(c), members, np.nan)))


def _section(c: Columns) -> Array:
    return _of_worker(c, section(c))


def _occupation(c: Columns) -> Array:
    return _of_worker(c, occupation(c, codes.unit_of))


def _of_head(c: Columns) -> Array:
    return _of_worker(c, (c["relation"] == HEAD).astype(np.float64))


def _received(name: str) -> Make:
    return lambda c: c.now(c[name])


@cache
def makers(view: View) -> Mapping[str, Make]:
    """The facts of a view by name, each made of columns: codes of `contract.SECTIONS`, unit groups (0 to 9999), people,
    measures as `features.automation` has them, 1 and 0 for programmes and for whether the job is the head's; N each,
    NaN where not known."""
    of_key: dict[str | None, Make] = {}
    for feature in registry.select(view):
        of_key.setdefault(feature.reason, feature.make)
    return {"section": _section, "occupation": _occupation, "head": _of_head, "earners": of_key["hh.one_earner"],
            **{name: of_key[key] for name, key in MEASURES.items()},
            **{name: _received(name) for name in PROGRAMMES}}  # fmt: skip
