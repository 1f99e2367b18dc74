"""What moved one household between two runs: its reasons side by side, its risk, and its place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serving.scores.reader import Row

_DIGITS = 6
"""Of log-odds in a score row."""
OTHER = "other"
"""The part that holds all that the score does not tell one by one."""
RELOCATED = "relocated"
"""Why a household that stayed on the list is told."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason in both runs.

    Attributes
    ----------
    key : reason key. value_before, value_after : as the score rows store them.
    before, after : log-odds; None in a run where the fact is not among the reasons that are told. Its part is then in
        that run's `other`, and no larger than the smallest told reason.
    moved : log-odds; where one run does not tell the fact, the least that it moved.
    """

    key: str
    value_before: str | None
    value_after: str | None
    before: float | None
    after: float | None
    moved: float


@dataclass(frozen=True, slots=True)
class Part:
    """`base`, `place` or `other` in both runs, log-odds.

    moved : of `other` all that no fact and no other part is known to have moved, which also holds what facts that one
        run does not tell moved beyond the least.
    """

    before: float
    after: float
    moved: float


@dataclass(frozen=True, slots=True)
class Move:
    """One household that entered or left the list, or stayed on it and moved house.

    Attributes
    ----------
    why : one of `change.ENTERED` or `LEFT`, or `RELOCATED`.
    before, after : its score rows, None where a run does not have it.
    facts : reasons that moved most, the strongest move first; empty unless the risk concerns it in both runs.
    parts : `base`, `place` and `other`; likewise. What they and all facts moved by adds up to `moved`.
    moved : log-odds that its risk moved by; likewise.
    other_leads : whether nothing moved the risk more than `other` did, of which the score tells no more.
    relocated : whether it lives in another regency or province than before (`relocated`).
    """

    household_id: str
    why: str
    before: Row | None
    after: Row | None
    facts: tuple[Fact, ...]
    parts: Mapping[str, Part]
    moved: float = 0.0
    other_leads: bool = False
    relocated: bool = False

    @property
    def carried(self) -> tuple[tuple[str | Fact, float], ...]:
        """What moved its risk, facts and the names of parts with the log-odds of each, the strongest first."""
        found: list[tuple[str | Fact, float]] = [(fact, fact.moved) for fact in self.facts]
        found += [(name, own.moved) for name, own in self.parts.items()]
        return tuple(sorted((own for own in found if own[1]), key=lambda own: -abs(own[1])))


def move(code: str, why: str, before: Row | None, after: Row | None, most: tuple[int | None, int | None],
         facts: int) -> Move:  # fmt: skip
    """What moved a household, by its score rows in both runs.

    most : how many reasons a row of each run holds at most, None where unknown. facts : reasons told at most.
    """
    elsewhere = relocated(before, after)
    if before is None or after is None or not before["applies"] or not after["applies"]:
        return Move(code, why, before, after, (), {}, relocated=elsewhere)
    told = moved(before["reasons"], after["reasons"], most)
    parts = {name: Part(before[name], after[name], after[name] - before[name]) for name in ("base", "place")}
    whole = eta(after) - eta(before)
    rest = whole - sum(fact.moved for fact in told) - sum(part.moved for part in parts.values())
    parts[OTHER] = Part(before["other"], after["other"], round(rest, _DIGITS))
    largest = max(abs(amount) for amount in (*(fact.moved for fact in told), *(own.moved for own in parts.values())))
    leads = abs(parts[OTHER].moved) == largest > 0
    return Move(code, why, before, after, told[:facts], parts, whole, leads, elsewhere)


def relocated(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Whether a household lives in another regency or province than before, by the codes of both rows; what one of them
    does not know tells nothing. `serving.scores.change` counts by the same rule."""
    if before is None or after is None:
        return False
    return any(None not in (before[name], after[name]) and before[name] != after[name]
               for name in ("province", "regency"))  # fmt: skip


def eta(row: Row) -> float:
    """Log-odds of a score row's risk, where it concerns the household."""
    parts: float = row["base"] + row["place"] + row["other"]
    return parts + sum(reason["contribution"] for reason in row["reasons"])


def moved(before: list[Row], after: list[Row], most: tuple[int | None, int | None]) -> tuple[Fact, ...]:
    """The reasons of two score rows side by side that moved, the strongest move first.

    A reason that only one row tells moved at least by what it exceeds the smallest told reason of the other. One that
    need not have moved at all is left out, whatever became of its value.

    Parameters
    ----------
    before, after : reasons of the rows. most : how many reasons a row of each run holds at most, None where unknown.
    """
    was, now = ({reason["key"]: reason for reason in row} for row in (before, after))
    floors = _floor(before, most[0]), _floor(after, most[1])
    found = []
    for key in was.keys() | now.keys():
        one, two = was.get(key, {}), now.get(key, {})
        ends = one.get("contribution"), two.get("contribution")
        fact = Fact(key, one.get("value"), two.get("value"), *ends, _least(*ends, floors))
        if fact.moved:
            found.append((-abs(fact.moved), key, fact))
    return tuple(fact for _, _, fact in sorted(found, key=lambda item: item[:2]))


def _floor(reasons: list[Row], most: int | None) -> float:
    """The most that a reason can weigh that is not told: nothing where there was room to tell it."""
    if most is not None and len(reasons) < most:
        return 0.0
    return min((abs(reason["contribution"]) for reason in reasons), default=math.inf)


def _least(before: float | None, after: float | None, floors: tuple[float, float]) -> float:
    if before is not None and after is not None:
        return after - before
    if after is not None:
        return _beyond(after, floors[0])
    return 0.0 if before is None else -_beyond(before, floors[1])


def _beyond(told: float, floor: float) -> float:
    return math.copysign(max(0.0, abs(told) - floor), told)
