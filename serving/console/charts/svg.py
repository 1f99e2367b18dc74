"""What all pictures share: the root with its text alternative, numbers of coordinates, and the hatch for "unknown"."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

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
    """The pattern for what is not known; used by `fill="url(#NAME-hatch)"`."""
    return Markup(
        '<defs><pattern id="{}-hatch" class="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6"/><path d="M0 0V6"/></pattern></defs>'
    ).format(name)


def text(x: float, y: float, words: str, *, css: str = "", anchor: str = "") -> Markup:
    """One line of text."""
    return _element("text", {"x": x, "y": y, "class": css, "text-anchor": anchor}, words)


def rect(x: float, y: float, width: float, height: float, css: str = "", fill: str = "", radius: float = 0) -> Markup:
    """A rectangle; `fill` only for a pattern."""
    return _element("rect", {"x": x, "y": y, "width": max(0.0, width), "height": height, "rx": radius or "",
                             "class": css, "fill": fill})  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    """A straight line."""
    return _element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": css})


def circle(x: float, y: float, r: float, css: str, fill: str = "") -> Markup:
    """A dot."""
    return _element("circle", {"cx": x, "cy": y, "r": r, "class": css, "fill": fill})


def _element(name: str, attributes: Mapping[str, float | str], words: str | None = None) -> Markup:
    """An element with the attributes that are not empty; hundreds stand on a page, and `Markup.format` takes four times
    as long."""
    told = "".join(f' {key}="{escape(own) if isinstance(own, str) else coordinate(own)}"'
                   for key, own in attributes.items() if own != "")  # fmt: skip
    end = "/>" if words is None else f">{escape(words)}</{name}>"
    return Markup(f"<{name}{told}{end}")  # noqa: S704 - all that comes from elsewhere is escaped or a number


def coordinate(value: float) -> str:
    """A number as SVG writes it, with one decimal at most."""
    return f"{round(value, 1):g}" if abs(value) < 100000 else f"{value:.0f}"


def known(value: float | None) -> bool:
    """Whether a number is there: None, NaN and infinity are drawn as "not known"."""
    return value is not None and math.isfinite(value)


def shortened(words: str, most: int) -> str:
    """Words cut where they would not fit; the page has them whole beside the picture."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
