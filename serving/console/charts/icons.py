"""A hundred squares, 10 x 10, filled row by row from the bottom left: how many families of a hundred fall."""

from __future__ import annotations

from markupsafe import Markup

from serving.console.charts import svg

PITCH, SIDE = 16, 14


def draw(p: int | None, low: int | None, high: int | None, *, title: str, about: str, name: str = "squares") -> Markup:
    """The squares: 1 to low solid, to p solid with a white dot, to high outlined with a hatch, the rest empty.

    Parameters
    ----------
    p, low, high : whole numbers out of 100; without p all are hatched, without ends there is no range.
    """
    lower = p if low is None else low
    upper = p if high is None else high
    parts = [svg.hatch(name)]
    for square in range(1, 101):
        row, column = divmod(square - 1, 10)
        x, y = column * PITCH + 1, (9 - row) * PITCH + 1
        if p is None or lower is None or upper is None:
            parts.append(svg.rect(x, y, SIDE, SIDE, "none", f"url(#{name}-hatch)"))
        elif square <= min(lower, p):
            parts.append(svg.rect(x, y, SIDE, SIDE, "full"))
        elif square <= p:
            parts.append(svg.rect(x, y, SIDE, SIDE, "full"))
            parts.append(svg.circle(x + SIDE / 2, y + SIDE / 2, 3, "hole"))
        elif square <= upper:
            parts.append(svg.rect(x, y, SIDE, SIDE, "maybe", f"url(#{name}-hatch)"))
        else:
            parts.append(svg.rect(x, y, SIDE, SIDE, "void"))
    return svg.picture(name, 10 * PITCH, 10 * PITCH, title, about, parts, css="squares")
