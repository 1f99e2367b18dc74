"""A figure around 1 with its interval, for a row of a table."""

from __future__ import annotations

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, HEIGHT, TOP = 200, 20, 2.0


def draw(value: float | None, low: float | None, high: float | None, name: str) -> Markup:
    """The dot and its line on an axis from 0 to 2 with an upright line at 1; a value that is not known is hatched."""
    parts = [svg.line(_x(1), 0, _x(1), HEIGHT, "axis"), svg.line(0, HEIGHT - 0.5, WIDTH, HEIGHT - 0.5, "rule")]
    if value is None or not svg.known(value):
        parts += [svg.hatch(name), svg.rect(0, 5, WIDTH, 10, "none", f"url(#{name}-hatch)")]
    else:
        if low is not None and high is not None and svg.known(low) and svg.known(high):
            parts.append(svg.line(_x(low), 10, _x(high), 10, "range"))
        parts.append(svg.circle(_x(value), 10, 4.5, "dot"))
    return Markup('<svg class="pic bar" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>').format(
        WIDTH, HEIGHT, Markup("").join(parts))  # fmt: skip


def _x(value: float) -> float:
    return min(WIDTH - 5.0, max(5.0, WIDTH * value / TOP))
