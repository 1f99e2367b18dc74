"""Where a list ends: the places either side of the cut with their ranges, so that its sharpness is not believed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, _ROW, _LABEL, _TOP = 336, 14, 64, 56
_LETTERS = int((WIDTH - 2) / svg.LETTER)
"""Letters that have room in a line from side to side."""
_STEPS = (1, 2, 5, 10, 20, 25)
_TICKS = 6
"""Most marks of the axis, 0 with them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One household: its rank, its risk and range out of 100 (None: not known), whether it is on the list, and whether
    it was kept there from the last one, below others of a better rank."""

    number: int
    p: float | None
    low: float | None
    high: float | None
    listed: bool
    kept: bool = False


def draw(places: Sequence[Place], *, title: str, about: str, cut_name: str, axis: str = "", number: str = "",
         name: str = "cut", empty: str = "", kept_name: str = "") -> Markup:  # fmt: skip
    """The places in their order, the cut as a dashed line between the last listed and the first that is not.

    Parameters
    ----------
    axis : what the numbers above and below are. number : head of the places' ranks. kept_name : what is said at the
        foot of the mark of those who were kept, where there are any.
    """
    if not places:
        parts = [svg.rect(1, 1, WIDTH - 2, 38, "panel"), svg.text(WIDTH / 2, 25, empty, anchor="middle")]
        return svg.picture(name, WIDTH, 40, title, about, parts, css="cutline")
    ends = [value for place in places for value in (place.p, place.high) if value is not None and svg.known(value)]
    ticks = _ticks(max(ends, default=0.0))
    scale = (WIDTH - _LABEL - 12) / ticks[-1]
    rows = []
    y = float(_TOP)
    for at, place in enumerate(places):
        if at and places[at - 1].listed and not place.listed:
            # Its name has a line of its own, beneath the last bar.
            rows.append(svg.text(WIDTH - 4, y + 10, cut_name, css="small strong", anchor="end"))
            rows.append(svg.line(0, y + 14, WIDTH, y + 14, "cut"))
            y += 18
        rows += _row(place, y, scale, name)
        y += _ROW
    parts = [svg.hatch(name), *(svg.line(_LABEL + scale * tick, _TOP, _LABEL + scale * tick, y, "rule")
                                for tick in ticks), *rows]  # fmt: skip
    # At both ends: with twenty places either side the two are never on a phone's screen together.
    for line, words in ((_TOP, _TOP - 6), (y, y + 15)):
        parts.append(svg.line(_LABEL, line, WIDTH - 12, line, "axis"))
        parts += [svg.text(_LABEL + scale * tick, words, f"{tick:g}", css="small", anchor="middle") for tick in ticks]
    parts.append(svg.text(2, 14, svg.shortened(axis, _LETTERS), css="small quiet"))
    parts.append(svg.text(2, 31, number, css="small quiet"))
    if any(place.kept for place in places):
        y += 22
        parts += [_mark(8.0, y + 9, kept=True), svg.text(20, y + 14, kept_name, css="small")]
    return svg.picture(name, WIDTH, y + 20, title, about, parts, css="cutline")


def _row(place: Place, y: float, scale: float, name: str) -> list[Markup]:
    parts = [svg.text(_LABEL - 8, y + 11, str(place.number), css="small", anchor="end")]
    if place.p is None or not svg.known(place.p):
        return [*parts, svg.rect(_LABEL, y + 3, WIDTH - _LABEL - 12, 8, "none", f"url(#{name}-hatch)")]
    if place.low is not None and place.high is not None and svg.known(place.low) and svg.known(place.high):
        left, right = _LABEL + scale * place.low, _LABEL + scale * place.high
        css = "out" if not place.listed else "r1 edge" if place.kept else "r3 edge"
        parts.append(svg.rect(left, y + 4, max(2.0, right - left), 6, css))
    return [*parts, _mark(_LABEL + scale * place.p, y + 7, kept=place.kept)]


def _mark(x: float, y: float, *, kept: bool) -> Markup:
    """A dot; of those who were kept a lozenge, so that they are told apart without colours too."""
    if not kept:
        return svg.circle(x, y, 3.5, "point")
    return Markup('<path class="point" d="M{} {}l6 6l-6 6l-6 -6z"/>').format(svg.coordinate(x), svg.coordinate(y - 6))


def _ticks(most: float) -> list[float]:
    """Round numbers from 0 to the first that holds the greatest end, so that each distance can be read off."""
    step = next((step for step in _STEPS if step * (_TICKS - 1) >= most), _STEPS[-1])
    return [float(step * at) for at in range(max(1, math.ceil(most / step)) + 1)]
