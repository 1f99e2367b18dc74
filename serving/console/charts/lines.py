"""A small line of one figure by quarter, with its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, HEIGHT = 320, 130
_LEFT, _RIGHT, _TOP, _BOTTOM = 28, 12, 14, 24


@dataclass(frozen=True, slots=True)
class Mark:
    """One date: the words under it, the figure out of 100 and its range (None: not known)."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


def draw(marks: Sequence[Mark], top: float, *, title: str, about: str, name: str, dashed: bool = False,
         empty: str = "") -> Markup:  # fmt: skip
    """The line; one date is a dot, an unknown figure a hatched column, and none at all the words `empty`.

    Parameters
    ----------
    top : end of the axis, the same for lines that stand beside each other. dashed : tells two lines apart in grey.
    """
    parts = [svg.hatch(name)]
    floor = HEIGHT - _BOTTOM
    if not marks:
        parts += [svg.rect(1, 1, WIDTH - 2, HEIGHT - 2, "panel"), svg.text(WIDTH / 2, 68, empty, anchor="middle")]
        return svg.picture(name, WIDTH, HEIGHT, title, about, parts, css="line")
    height = floor - _TOP
    scale = height / top if top > 0 else 0.0
    room = WIDTH - _LEFT - _RIGHT
    at = [_LEFT + (room * (0.5 + spot) / len(marks)) for spot in range(len(marks))]
    for tick in (0.0, top):
        parts.append(svg.line(_LEFT, floor - tick * scale, WIDTH - _RIGHT, floor - tick * scale, "rule"))
        parts.append(svg.text(_LEFT - 6, floor - tick * scale + 4, f"{tick:g}", css="small", anchor="end"))
    parts += [svg.rect(x - 12, _TOP, 24, height, "none", f"url(#{name}-hatch)")
              for x, mark in zip(at, marks, strict=True) if not svg.known(mark.value)]  # fmt: skip
    seen = [(x, mark) for x, mark in zip(at, marks, strict=True) if svg.known(mark.value)]
    parts += _band([(x, mark) for x, mark in seen if svg.known(mark.low) and svg.known(mark.high)], floor, scale)
    if len(seen) > 1:
        path = " ".join(f"{svg.coordinate(x)},{svg.coordinate(floor - (mark.value or 0) * scale)}" for x, mark in seen)
        parts.append(Markup('<polyline points="{}" class="{}"/>').format(path, "course dashed" if dashed else "course"))
    parts += [svg.circle(x, floor - (mark.value or 0) * scale, 4, "dot") for x, mark in seen]
    told = {0, len(marks) - 1} if len(marks) > 4 else set(range(len(marks)))
    parts += [svg.text(at[spot], HEIGHT - 6, svg.shortened(marks[spot].label, 14), css="small", anchor="middle")
              for spot in sorted(told)]  # fmt: skip
    return svg.picture(name, WIDTH, HEIGHT, title, about, parts, css="line")


def _band(seen: list[tuple[float, Mark]], floor: float, scale: float) -> list[Markup]:
    if len(seen) == 1:
        x, mark = seen[0]
        return [svg.line(x, floor - (mark.low or 0) * scale, x, floor - (mark.high or 0) * scale, "range")]
    if not seen:
        return []
    ends = [(x, floor - (mark.high or 0) * scale) for x, mark in seen]
    ends += [(x, floor - (mark.low or 0) * scale) for x, mark in reversed(seen)]
    points = " ".join(f"{svg.coordinate(x)},{svg.coordinate(y)}" for x, y in ends)
    return [Markup('<polygon points="{}" class="band"/>').format(points)]
