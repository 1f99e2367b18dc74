"""What a scheme asks of a household beyond its number: one table, which lists, pages and searches all go by.

Lists look at columns (`rows.why_not`), a page at a single family (`out`), a search at rows of an index in SQL
(`serving.scores.to_check`). A test holds the three alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.targeting.rules import Scheme

WHY = ("", "listed_already", "outside_areas", "found_died", "found_moved", "found_below", "poor_now",
       "perhaps_poor_now", "rung", "rung_unknown", "kind",
       "programme", "programme_unknown", "no_score", "no_need")  # fmt: skip
"""Why a household is not ranked in a scheme, the first that holds; empty: it is."""
POOR_NOW, RUNG, KIND, PROGRAMME = "poor_now", "rung", "kind", "programme"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a scheme asks.

    Attributes
    ----------
    fact : `POOR_NOW`, `RUNG`, `KIND` or `PROGRAMME`, of which `name` is the programme. among : what it may be; of a
        programme whether it is received. most : what a chance may be at most, in place of that. why : of `WHY`, why
        one is kept out of whom another value is known; unknown : likewise where none is known, empty where that lets
        a household through.
    """

    fact: str
    why: str
    unknown: str
    among: tuple[str | bool, ...] = ()
    most: float | None = None
    name: str = ""

    def out(self, value: Any) -> str:
        """Why a value of the fact, None where it is not known, keeps a household out; empty where it does not."""
        if value is None:
            return self.unknown
        return "" if (value in self.among if self.most is None else value <= self.most) else self.why


def asked(scheme: Scheme) -> tuple[Asked, ...]:
    """All that a scheme asks."""
    found = []
    if scheme.most_poor_now is not None:  # not known is not low
        found.append(Asked(POOR_NOW, "perhaps_poor_now", "perhaps_poor_now", most=scheme.most_poor_now))
    if scheme.rungs:
        found.append(Asked(RUNG, "rung", "" if scheme.rung_unknown else "rung_unknown", scheme.rungs))
    if scheme.kinds:
        found.append(Asked(KIND, "kind", "", scheme.kinds))
    unknown = "" if scheme.programme_unknown else "programme_unknown"
    for names, value in ((scheme.receives, True), (scheme.without, False)):
        found += [Asked(PROGRAMME, "programme", unknown, (value,), name=name) for name in names]
    return tuple(found)


def out(some: Iterable[Asked], known: Mapping[str, Any], programmes: Mapping[str, bool | None]) -> str:
    """Why a household is kept out, of `WHY`; empty where nothing keeps it out.

    known : its facts by name. programmes : whether it receives each. None, or none there, is not known.
    """
    found = (own.out(programmes.get(own.name) if own.fact == PROGRAMME else known.get(own.fact)) for own in some)
    return min(filter(None, found), key=WHY.index, default="")
