"""Where the names of dots stand in a picture, so that none lies on another: beside its dot, above or below, left or
right, wherever it covers least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_LINE = 13.0
"""Height of a line of 11 px letters."""
_LETTER = 6.3
"""Width of a letter; a browser's are wider than those of the renderer."""
_ASIDE = 8.0
"""From the middle of a dot to its name."""
_STEPS = (-7.0, 16.0, *(own for away in range(4, 61, 4) for own in (-7.0 - away, 16.0 + away)))
"""From the middle of a dot to the foot of the first line of its name, nearest first."""
_APART = 4.0
"""Between names, which would else read as one."""
_FAR = 14.0
"""From a dot to a name that needs a line to it."""
_NAME, _EDGE = 20.0, 60.0
"""How much worse it is to cover a name than a mark, and to leave the picture."""


class Box(NamedTuple):
    """Corners in px, from the upper left of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    def covered(self, other: Box) -> float:
        """Area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)


class Place(NamedTuple):
    """Where a name stands from its dot: `align` as SVG's text has it (left: to the right of the dot), px."""

    align: str
    dx: float
    dy: float


def places(dots: Sequence[tuple[float, float]], names: Sequence[Sequence[str]], marks: Sequence[Box], width: float,
           height: float) -> list[Place]:  # fmt: skip
    """A place for each name.

    Parameters
    ----------
    dots : px from the upper left, n. names : their lines, n. marks : what had better not be covered. width, height : of
        the picture, px.
    """
    told: list[Place] = []
    taken: list[Box] = []
    for (x, y), lines in zip(dots, names, strict=True):
        sides = (("left", _ASIDE), ("right", -_ASIDE)) if x <= width / 2 else (("right", -_ASIDE), ("left", _ASIDE))
        able = [Place(align, dx, dy) for dy in _STEPS for align, dx in sides]
        boxes = [_box(x, y, lines, one) for one in able]
        inside = Box(0.0, 0.0, width, height)
        worse = [_EDGE * (own.covered(own) - own.covered(inside)) + _NAME * sum(own.covered(one) for one in taken)
                 + sum(own.covered(one) for one in marks) for own in boxes]  # fmt: skip
        best = min(range(len(able)), key=worse.__getitem__)
        told.append(able[best])
        taken.append(boxes[best])
    return told


def leader(place: Place, lines: Sequence[str]) -> tuple[float, float] | None:
    """Where a line from a dot to its name ends, px from the dot; None where the name stands right beside it."""
    top, foot = place.dy - _LINE + 3, place.dy + _LINE * (len(lines) - 1)
    end = top if top > 0 else foot + 3
    return (place.dx, end) if top > _FAR or foot < -_FAR else None


def _box(x: float, y: float, lines: Sequence[str], place: Place) -> Box:
    """What a name covers there."""
    wide, foot = _LETTER * max(map(len, lines)), y + place.dy
    left = x + place.dx - (wide if place.align == "right" else 0.0)
    return Box(left, foot - _LINE + 3 - _APART / 2, left + wide, foot + 3 + _APART / 2 + _LINE * (len(lines) - 1))
