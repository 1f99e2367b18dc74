"""Measures of automation exposure beside each other, each on its own axis: they disagree, and that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, _ROW, _LEFT = 336, 52, 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: its name, its value (None: not known) as written and as a number, and the ends of its axis."""

    name: str
    value: float | None
    written: str
    low: float = 0.0
    high: float = 1.0


def draw(measures: Sequence[Measure], *, title: str, about: str, name: str = "exposure") -> Markup:
    """One row a measure; what is not known is hatched."""
    parts = [svg.hatch(name)]
    room = WIDTH - 2 * _LEFT
    for row, measure in enumerate(measures):
        y = row * _ROW
        known = svg.known(measure.value) and measure.high > measure.low
        parts.append(svg.text(_LEFT, y + 14, svg.shortened(measure.name, 38), css="small"))
        # A number has room beside the name; words for one that is not known stand beneath, between the ends.
        at, line, anchor = (WIDTH - _LEFT, 14, "end") if known else (WIDTH / 2, 43, "middle")
        parts.append(svg.text(at, y + line, measure.written, css="small strong", anchor=anchor))
        parts.append(
            svg.rect(_LEFT, y + 21, room, 10, "track" if known else "none", "" if known else f"url(#{name}-hatch)")
        )
        if known:
            share = ((measure.value or 0.0) - measure.low) / (measure.high - measure.low)
            at = _LEFT + room * min(1.0, max(0.0, share))
            parts.append(svg.rect(_LEFT, y + 21, at - _LEFT, 10, "amount"))
            parts.append(svg.line(at, y + 18, at, y + 34, "needle"))
        parts.append(svg.text(_LEFT, y + 43, f"{measure.low:g}", css="small quiet"))
        parts.append(svg.text(WIDTH - _LEFT, y + 43, f"{measure.high:g}", css="small quiet", anchor="end"))
    return svg.picture(name, WIDTH, _ROW * len(measures), title, about, parts, css="exposure")
