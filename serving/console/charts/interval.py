"""The range of one household on an axis from 0 to 100 that is the same everywhere."""

from __future__ import annotations

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, HEIGHT, _LEFT = 320, 56, 12
_ROOM = WIDTH - 2 * _LEFT
_BOLD = 1.3 * svg.LETTER
"""Width of a letter of the ends, about."""


def draw(p: int | None, low: int | None, high: int | None, step: int, *, title: str, about: str, name: str = "range",
         cut: int | None = None, cut_name: str = "", words: str = "") -> Markup:  # fmt: skip
    """The bar from low to high in the colour of the level, its ends as numbers, a dot at p.

    Parameters
    ----------
    p, low, high : whole numbers out of 100. step : level 1 to 5; 0 where no level is told, which no colour tells then.
    cut : where the officer's list ends, a dashed tick named `cut_name`. words : what stands above the bar in the place
        of its ends, for a range of one end.
    """
    top = 0 if cut is None else 16  # a row of its own for the name of the cut, above the numbers of the ends
    ends: list[tuple[float, str, str]] = []  # x, words and anchor of the numbers above the bar
    parts = [svg.hatch(name), svg.line(_LEFT, top + 34, WIDTH - _LEFT, top + 34, "axis")]
    for tick in (0, 25, 50, 75, 100):
        parts.append(svg.line(_x(tick), top + 34, _x(tick), top + 38, "axis"))
        parts.append(svg.text(_x(tick), top + 51, str(tick), css="small", anchor="middle"))
    if p is None:
        parts.append(svg.rect(_LEFT, top + 22, _ROOM, 12, "none", f"url(#{name}-hatch)"))
    elif low is not None and high is not None:
        parts.append(svg.rect(_x(low), top + 22, max(3.0, _x(high) - _x(low)), 12, f"{_fill(step)} edge", radius=2))
        if words:
            ends.append((_x(0), words, "start") if low < 100 - high else (_x(100), words, "end"))
        elif _x(high) - _x(low) < 24:
            ends.append(((_x(low) + _x(high)) / 2, f"{low}-{high}", _side(low, high)))
        else:
            ends += [(_x(low), str(low), "start" if low < 3 else "middle"),
                     (_x(high), str(high), "end" if high > 97 else "middle")]  # fmt: skip
        parts += [svg.text(x, top + 15, own, css="end", anchor=anchor) for x, own, anchor in ends]
    if p is not None:
        parts.append(svg.circle(_x(p), top + 28, 5, "point"))
    if cut is not None:
        if any(abs(_x(cut) - x) < _BOLD * (len(own) + 1) for x, own, _ in ends):
            # Not through a number: from its name to above the numbers, and on from beneath them.
            parts.append(svg.line(_x(cut), 0, _x(cut), top + 2, "cut"))
            parts.append(svg.line(_x(cut), top + 18, _x(cut), top + 40, "cut"))
        else:
            parts.append(svg.line(_x(cut), 0, _x(cut), top + 40, "cut"))
        shift, anchor = (5, "start") if cut < 70 else (-5, "end")
        parts.append(svg.text(_x(cut) + shift, 11, cut_name, css="small", anchor=anchor))
    return svg.picture(name, WIDTH, HEIGHT + top, title, about, parts, css="interval")


def small(p: int, low: int | None, high: int | None, step: int) -> Markup:
    """The same for a row of a table, without numbers: the cell beside it has them."""
    parts = [svg.line(0, 15.5, 200, 15.5, "axis"), *(svg.line(x, 12.5, x, 18, "axis") for x in (0.5, 100, 199.5))]
    if low is not None and high is not None:
        parts.append(svg.rect(2 * low, 4, max(3, 2 * (high - low)), 9, f"{_fill(step)} edge", radius=2))
    parts.append(svg.circle(min(195.0, max(5.0, 2.0 * p)), 8.5, 4, "point"))
    return Markup('<svg class="pic mini" viewBox="0 0 200 18" aria-hidden="true" focusable="false">{}</svg>').format(
        Markup("").join(parts))  # fmt: skip


def _fill(step: int) -> str:
    return f"r{step}" if step else "amount"


def _x(value: float) -> float:
    return _LEFT + _ROOM * min(100.0, max(0.0, value)) / 100


def _side(low: int, high: int) -> str:
    return "start" if low < 5 else "end" if high > 95 else "middle"
