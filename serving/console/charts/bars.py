"""A bar with its range, for a row of a table: length is the figure, the line its range; all rows share one axis."""

from __future__ import annotations

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, HEIGHT = 200, 22


def draw(value: float | None, low: float | None, high: float | None, top: float, step: int, name: str) -> Markup:
    """One row; it is hidden from a screen reader, since the cells beside it say the same.

    Parameters
    ----------
    value, low, high : figures on the axis from 0 to `top`; a value that is not known is hatched.
    step : class of the ramp, 1 to 5.
    """
    scale = WIDTH / top if top > 0 else 0.0
    parts = [svg.line(0.5, 0, 0.5, HEIGHT, "axis")]
    if value is None or not svg.known(value):
        parts += [svg.hatch(name), svg.rect(0, 3, WIDTH, 11, "none", f"url(#{name}-hatch)")]
    else:
        parts.append(svg.rect(0, 3, min(WIDTH, value * scale), 11, f"r{step} edge"))
        if low is not None and high is not None and svg.known(low) and svg.known(high):
            # Beneath the bar and not upon it: on the dark steps it would not be seen.
            ends = [min(WIDTH - 1.0, max(1.0, at * scale)) for at in (low, high)]
            parts.append(svg.line(ends[0], 18, ends[1], 18, "range"))
            parts += [svg.line(end, 15, end, 21, "range") for end in ends]
    return Markup('<svg class="pic bar" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>').format(
        WIDTH, HEIGHT, Markup("").join(parts))  # fmt: skip
