"""Ends of ranges at which a scenario is lived: of effects, of displacement, of shocks.

Three things have a range in a file: what the schemes of an answer do, how many others each pushes down, and how hard
the shocks hit. An answer is lived at the middle of all, and at every corner: each low or high, together with each of
the others. Nothing says that they err together or apart, and more displacement is worse the more a scheme lifts, so one
end after the other would miss the worst. A figure that turns inside a range may pass the ends of its corners.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Self

from models.schemes.checks import Figure
from models.schemes.scenario import Arm, Scenario

SIDES = ("low", "high")


@dataclass(frozen=True, slots=True)
class End:
    """One corner: `value`, `low` or `high` of each. name : how it is called in files."""

    effect: str = "value"
    displacement: str = "value"
    shock: str = "value"

    @property
    def name(self) -> str:
        """`value`, `low`, `high`; with `displacement` and `shock` where these have a range."""
        more = [f"{what} {own}" for what, own in (("displacement", self.displacement), ("shock", self.shock))
                if own != "value"]  # fmt: skip
        return ", ".join([self.effect, *more])

    @classmethod
    def named(cls, name: str) -> Self:
        """The one of a name."""
        effect, *more = name.split(", ")
        return cls(effect, **dict(own.split(" ") for own in more))


MIDDLE = End()


def ranged(figures: Iterable[Figure]) -> bool:
    """Whether any of the figures has a range."""
    return any(one.low < one.high for one in figures)


def shock_ends(scenario: Scenario) -> tuple[str, ...]:
    """Ends at which the shocks of a scenario are lived beside their middle; none where they have no range."""
    return SIDES if ranged(one for own in scenario.shocks for one in own.shock.figures.values()) else ()


def of(scenario: Scenario, arm: Arm) -> tuple[End, ...]:
    """The middle and the corners of an arm."""
    pushed = SIDES if ranged(one.scheme.displacement for one in arm.schemes) else ("value",)
    return (MIDDLE, *(End(*own) for own in product(SIDES, pushed, shock_ends(scenario) or ("value",))))


def lived(arm: Arm, end: End) -> End:
    """The corner at which an arm is lived for another: where no effect has a range, all of its ends are the middle."""
    own = ranged(one for planned in arm.schemes for one in planned.scheme.effect.figures.values())
    return end if own else replace(end, effect="value")


@dataclass(frozen=True, slots=True)
class Uncertain:
    """What is uncertain of an arm: the figures of its schemes' effects and of their displacement, each with the scheme
    that it is of."""

    effect: frozenset[tuple[object, ...]] = frozenset()
    displacement: frozenset[tuple[object, ...]] = frozenset()

    @classmethod
    def of(cls, assumptions: Iterable[Mapping[str, Any]], arm: str) -> Self:
        """Of an arm by its name, from `Result.assumptions`."""
        own = [row for row in assumptions if row["part"] == f"arm {arm}"]
        return cls(*(frozenset((row["name"], *(row[key] for key in ("figure", "unit", "value", "low", "high")))
                               for row in own if row["figure"].partition(".")[0] == what)
                     for what in ("effect", "displacement")))  # fmt: skip

    def shared(self, other: Self) -> tuple[str, ...]:
        """Of `effect` and `displacement` those of which two arms hold the very same figures, of one scheme: whatever
        these are, they are so in both arms. Several schemes may err apart, and weigh otherwise in either arm."""
        return tuple(what for what in ("effect", "displacement")
                     if getattr(self, what) == getattr(other, what)
                     and len({name for name, *_, low, high in getattr(self, what) if low < high}) == 1)  # fmt: skip


def together(one: str, other: str, shared: Iterable[str]) -> bool:
    """Whether two arms may be at these ends (`End.name`) at a time: the shocks are the same, and what they share."""
    first, second = End.named(one), End.named(other)
    return all(getattr(first, what) == getattr(second, what) for what in ("shock", *shared))
