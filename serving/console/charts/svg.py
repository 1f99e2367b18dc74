"""What all pictures share: the root with its text alternative, numbers of coordinates, and the hatch for "unknown"."""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup

LETTER = 6.4
"""Width of a letter of a small label, about, so that no label lies on another or leaves its plate."""


def picture(name: str, width: float, height: float, title: str, about: str, parts: Iterable[Markup], *,
            css: str = "", role: str = "img") -> Markup:  # fmt: skip
    """An SVG of its own natural size that grows with its box.

    Parameters
    ----------
    name : unique in the page; ids of the title, the description and the hatch are made of it.
    title, about : the text alternative. css : further classes. role : `group` for a map whose tiles are links.
    """
    return Markup(
        '<svg class="pic {css}" viewBox="0 0 {width} {height}" role="{role}" aria-labelledby="{name}-t {name}-d" '
        'focusable="false"><title id="{name}-t">{title}</title><desc id="{name}-d">{about}</desc>{body}</svg>'
    ).format(css=css, width=coordinate(width), height=coordinate(height), role=role, name=name, title=title,
             about=about, body=Markup("").join(parts))  # fmt: skip


def hatch(name: str) -> Markup:
    """The pattern for what is not known; used by `fill="url(#NAME-h)"`."""
    return Markup(
        '<defs><pattern id="{}-h" class="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6"/><path d="M0 0V6"/></pattern></defs>'
    ).format(name)


def text(x: float, y: float, words: str, *, css: str = "", anchor: str = "") -> Markup:
    """One line of text."""
    return Markup('<text x="{}" y="{}"{}{}>{}</text>').format(
        coordinate(x), coordinate(y), Markup(' class="{}"').format(css) if css else "",
        Markup(' text-anchor="{}"').format(anchor) if anchor else "", words)  # fmt: skip


def rect(x: float, y: float, width: float, height: float, css: str = "", fill: str = "", radius: float = 0) -> Markup:
    """A rectangle; `fill` only for a pattern."""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}"{}{}{}/>').format(
        *(coordinate(at) for at in (x, y, max(0.0, width), height)),
        Markup(' rx="{}"').format(coordinate(radius)) if radius else "",
        Markup(' class="{}"').format(css) if css else "",
        Markup(' fill="{}"').format(fill) if fill else "")  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    """A straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(
        *(coordinate(at) for at in (x1, y1, x2, y2)), css)  # fmt: skip


def circle(x: float, y: float, r: float, css: str, fill: str = "") -> Markup:
    """A dot."""
    return Markup('<circle cx="{}" cy="{}" r="{}" class="{}"{}/>').format(
        *(coordinate(at) for at in (x, y, r)), css, Markup(' fill="{}"').format(fill) if fill else "")  # fmt: skip


def coordinate(value: float) -> str:
    """A number as SVG writes it, with one decimal at most."""
    return f"{round(value, 1):g}" if abs(value) < 100000 else f"{value:.0f}"


def known(value: float | None) -> bool:
    """Whether a number is there: None, NaN and infinity are drawn as "not known"."""
    return value is not None and math.isfinite(value)


def shortened(words: str, most: int) -> str:
    """Words cut where they would not fit; the page has them whole beside the picture."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
