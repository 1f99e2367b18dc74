"""Where a list ends: the places either side of the cut with their ranges, so that its sharpness is not believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, _ROW, _LABEL = 336, 14, 44
EITHER = 20
"""Places shown on each side of the cut."""


@dataclass(frozen=True, slots=True)
class Place:
    """One household: its place, its risk and range out of 100 (None: not known), whether it is on the list."""

    number: int
    p: float | None
    low: float | None
    high: float | None
    listed: bool


def draw(
    places: Sequence[Place], *, title: str, about: str, cut_name: str, name: str = "cut", empty: str = ""
) -> Markup:
    """The places in their order, the cut as a dashed line between the last listed and the first that is not."""
    if not places:
        parts = [svg.rect(1, 1, WIDTH - 2, 38, "panel"), svg.text(WIDTH / 2, 25, empty, anchor="middle")]
        return svg.picture(name, WIDTH, 40, title, about, parts, css="cutline")
    ends = [value for place in places for value in (place.p, place.high) if value is not None and svg.known(value)]
    top = max(5.0, *ends) if ends else 5.0
    room = WIDTH - _LABEL - 10
    parts = [svg.hatch(name)]
    y = 4.0
    for at, place in enumerate(places):
        if at and places[at - 1].listed and not place.listed:
            parts.append(svg.line(0, y + 9, WIDTH, y + 9, "cut"))
            parts.append(svg.text(WIDTH - 4, y + 5, cut_name, css="small strong", anchor="end"))
            y += 18
        parts.append(svg.text(_LABEL - 8, y + 11, str(place.number), css="small", anchor="end"))
        if place.p is None or not svg.known(place.p):
            parts.append(svg.rect(_LABEL, y + 3, room, 8, "none", f"url(#{name}-h)"))
        else:
            if place.low is not None and place.high is not None and svg.known(place.low) and svg.known(place.high):
                left, right = _LABEL + room * place.low / top, _LABEL + room * place.high / top
                parts.append(svg.rect(left, y + 4, max(2.0, right - left), 6, "in" if place.listed else "out"))
            parts.append(svg.circle(_LABEL + room * place.p / top, y + 7, 3.5, "point"))
        y += _ROW
    for tick in (0.0, top):
        parts.append(svg.text(_LABEL + room * tick / top, y + 14, f"{tick:.0f}", css="small",
                              anchor="end" if tick else "start"))  # fmt: skip
    return svg.picture(name, WIDTH, y + 18, title, about, parts, css="cutline")
