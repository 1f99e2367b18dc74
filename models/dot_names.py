"""Where the names of dots stand in a picture, so that none lies on another or reads as that of another dot: beside its
dot, above or below, left or right, wherever it covers least."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

_LINE = 13.0
"""Height of a line of 11 px letters."""
_LETTER = 6.3
"""Width of a letter; a browser's are wider than those of the renderer."""
_ASIDE = 8.0
"""From the middle of a dot to its name."""
_RIGHT_BESIDE = 10.0
"""From a dot to a name that is read as its own."""
_CLEAR, _SAME = 6.0, 2.0
"""From a line to a dot that it does not seem to lead to, and between dots that are read as one."""
_STEPS = (-7.0, 16.0, *(own for away in range(4, 61, 4) for own in (-7.0 - away, 16.0 + away)))
"""From the middle of a dot to the foot of the first line of its name, nearest first."""
_APART = 4.0
"""Between names, which would else read as one."""
_FAR = 14.0
"""From a dot to a name that needs a line to it."""
_NAME, _EDGE = 20.0, 60.0
"""How much worse it is to cover a name than a mark, and to leave the picture."""
_MISLEADING = 1000.0
"""How much worse it is to be read as another dot's name than to cover a square px of a mark."""
_AWAY = 0.5
"""How much worse it is to stand a step further away."""
_KEPT = 40
"""Ways of placing the names so far that are followed."""


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

    def away(self, dot: tuple[float, float]) -> float:
        """From a dot to the nearest of it, px."""
        x, y = dot
        return math.hypot(max(self.left - x, 0.0, x - self.right), max(self.top - y, 0.0, y - self.bottom))


class Place(NamedTuple):
    """Where a name stands from its dot: `align` as SVG's text has it (left: to the right of the dot), px.

    to : where a line from the dot to the name ends, px from the dot; None where the name stands right beside its own.
    """

    align: str
    dx: float
    dy: float
    to: tuple[float, float] | None = None


class _Try(NamedTuple):
    """A place that a name may have, what it covers there, and the dot it is of."""

    place: Place
    box: Box
    dot: tuple[float, float]

    def line(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Ends of the line to it."""
        (x, y), to = self.dot, self.place.to
        return None if to is None else ((x, y), (x + to[0], y + to[1]))


def places(dots: Sequence[tuple[float, float]], names: Sequence[Sequence[str]], marks: Sequence[Box], width: float,
           height: float) -> list[Place]:  # fmt: skip
    """A place for each name: the nearest dot is its own or a line leads to it, names of near dots stand in the order of
    the dots, and lines do not cross as far as there is room.

    Parameters
    ----------
    dots : px from the upper left, n. names : their lines, n. marks : what had better not be covered. width, height : of
        the picture, px.
    """
    inside = Box(0.0, 0.0, width, height)
    able, alone = [], []
    for at, (dot, lines) in enumerate(zip(dots, names, strict=True)):
        others = [one for number, one in enumerate(dots) if number != at]
        able.append(_tries(dot, lines, others, width))
        alone.append([_EDGE * (own.box.covered(own.box) - own.box.covered(inside))
                      + sum(own.box.covered(one) for one in marks)
                      + _MISLEADING * (_of_another(own, others) + _past(own, others))
                      + _AWAY * step for step, own in enumerate(able[-1])])  # fmt: skip
    # The best ways so far, not the best place of each name: a good one for the first may leave none for the second.
    ways: list[tuple[float, list[_Try]]] = [(0.0, [])]
    for tries, costs in zip(able, alone, strict=True):
        longer = [(before + cost + sum(_beside(own, one) for one in told), [*told, own])
                  for before, told in ways for own, cost in zip(tries, costs, strict=True)]  # fmt: skip
        ways = sorted(longer, key=lambda way: way[0])[:_KEPT]
    return [own.place for own in ways[0][1]]


def _tries(dot: tuple[float, float], lines: Sequence[str], others: Sequence[tuple[float, float]],
           width: float) -> list[_Try]:  # fmt: skip
    """Where a name may stand, nearest first."""
    sides = (("left", _ASIDE), ("right", -_ASIDE))
    found = []
    for dy, (align, dx) in itertools.product(_STEPS, sides if dot[0] <= width / 2 else sides[::-1]):
        box = _box(*dot, lines, align, dx, dy)
        top, foot = dy - _LINE + 3, dy + _LINE * (len(lines) - 1)
        far = top > _FAR or foot < -_FAR
        near = any(box.away(one) < box.away(dot) for one in others)
        to = (dx, top if top > 0 else foot + 3) if far or near else None
        found.append(_Try(Place(align, dx, dy, to), box, dot))
    return found


def _of_another(own: _Try, others: Sequence[tuple[float, float]]) -> bool:
    """Whether a name stands beside another dot, nearer than to its own: a line to its own tells, but is not seen."""
    return any(own.box.away(one) < min(own.box.away(own.dot), _RIGHT_BESIDE) for one in others)


def _past(own: _Try, others: Sequence[tuple[float, float]]) -> bool:
    """Whether the line to a name passes another dot, of which the name would seem to be."""
    if own.place.to is None:
        return False
    (x, y), (u, v) = own.dot, own.place.to
    for right, down in ((dot[0] - x, dot[1] - y) for dot in others):
        at = min((right * u + down * v) / (u * u + v * v), 1.0)
        if at > 0 and math.hypot(right, down) > _SAME and math.hypot(right - at * u, down - at * v) < _CLEAR:
            return True
    return False


def _beside(own: _Try, other: _Try) -> float:
    """How much worse a place is for the name that stands elsewhere."""
    return _NAME * own.box.covered(other.box) + _MISLEADING * (_turned(own, other) + _crossed(own, other))


def _turned(own: _Try, other: _Try) -> bool:
    """Whether two names stand the other way round than their dots: left and right, or one above the other, which is
    seen of dots of one cost even where one name is left and one right of them."""
    (x, y), (u, v) = own.dot, other.dot
    if (x - u) * (x + own.place.dx - u - other.place.dx) < 0:
        return True
    above = abs(x - u) < _CLEAR or (own.box.left < other.box.right and other.box.left < own.box.right)
    return above and (y - v) * (own.box.top + own.box.bottom - other.box.top - other.box.bottom) < 0


def _crossed(own: _Try, other: _Try) -> bool:
    """Whether the lines of two names cross."""
    one, two = own.line(), other.line()
    if one is None or two is None:
        return False

    def side(line: tuple[tuple[float, float], tuple[float, float]], dot: tuple[float, float]) -> float:
        (x, y), (u, v) = line
        return (u - x) * (dot[1] - y) - (v - y) * (dot[0] - x)

    return side(one, two[0]) * side(one, two[1]) < 0 and side(two, one[0]) * side(two, one[1]) < 0


def _box(x: float, y: float, lines: Sequence[str], align: str, dx: float, dy: float) -> Box:
    """What a name covers there."""
    wide, foot = _LETTER * max(map(len, lines)), y + dy
    left = x + dx - (wide if align == "right" else 0.0)
    return Box(left, foot - _LINE + 3 - _APART / 2, left + wide, foot + 3 + _APART / 2 + _LINE * (len(lines) - 1))
