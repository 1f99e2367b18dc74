"""Where short labels stand on a map, so that each area has its own and none lies on another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

_RINGS, _WAYS = 60, 24
"""How far, in steps of a third of a line, and in how many directions a free place is looked for."""
_APART = 2.0
"""Room between two labels, px of the drawing."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The point of an area that its label belongs to, the width of the area there, and the width of the label."""

    x: float
    y: float
    room: float
    width: float


def place(spots: Sequence[Spot], line: float, width: float, height: float) -> list[tuple[float, float]]:
    """The middle of each label, in the order of the spots; px of a drawing of `width` by `height`.

    line : height of a label. The widest areas come first, each as near to its own point as what stands there already
    leaves free; where nothing is free, at the point itself.
    """
    taken: list[tuple[float, float, float]] = []
    found = [(0.0, 0.0)] * len(spots)
    for at in sorted(range(len(spots)), key=lambda own: (-spots[own].room, own)):
        own = spots[at]
        x, y = next((near for near in _near(own, line) if _inside(near, own, line, width, height)
                     and all(_free(near, own.width, other, line) for other in taken)), (own.x, own.y))  # fmt: skip
        taken.append((x, y, own.width))
        found[at] = (round(x, 1), round(y, 1))
    return found


def apart(spot: Spot, at: tuple[float, float], line: float) -> bool:
    """Whether a label stands so far from its point that a line has to lead there."""
    return hypot(at[0] - spot.x, at[1] - spot.y) > line * 0.75


def _near(own: Spot, line: float) -> Iterator[tuple[float, float]]:
    yield own.x, own.y
    for ring in range(1, _RINGS):
        for way in range(_WAYS):
            angle = 2 * pi * way / _WAYS
            yield own.x + ring * line / 3 * cos(angle), own.y + ring * line / 3 * sin(angle)


def _inside(at: tuple[float, float], own: Spot, line: float, width: float, height: float) -> bool:
    return own.width / 2 <= at[0] <= width - own.width / 2 and line / 2 <= at[1] <= height - line / 2


def _free(at: tuple[float, float], width: float, other: tuple[float, float, float], line: float) -> bool:
    return abs(at[0] - other[0]) >= (width + other[2]) / 2 + _APART or abs(at[1] - other[1]) >= line
