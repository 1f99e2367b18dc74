"""Twenty dots over the five rungs: where families like this one are at the horizon."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from serving.console.charts import svg

DOTS = 20
_WIDTH, _ROW, _LABEL, _PITCH = 336, 28, 172, 8.0


def draw(counts: Sequence[int] | None, names: Sequence[str], *, title: str, about: str, name: str = "ladder",
         now: int | None = None, empty: str = "") -> Markup:  # fmt: skip
    """The dots, the highest rung on top as on a ladder.

    Parameters
    ----------
    counts : dots of each rung from the lowest up, as `formats.spread` gives them; None is drawn as the words `empty`.
    now : rung where it stands now, outlined; None where that is not known.
    """
    height = _ROW * max(1, len(names))
    parts = [svg.hatch(name)]
    for at, rung in enumerate(names):
        y = height - (at + 1) * _ROW
        if at == now:
            parts.append(svg.rect(1, y + 1, _WIDTH - 2, _ROW - 2, "here", radius=3))
        parts.append(svg.text(8, y + 18, svg.shortened(rung, 23), css="small strong" if at == now else "small"))
        parts.append(svg.line(_LABEL, y + _ROW - 0.5, _WIDTH, y + _ROW - 0.5, "rule"))
        if counts is None:
            parts.append(svg.rect(_LABEL, y + 5, _WIDTH - _LABEL - 4, _ROW - 10, "none", f"url(#{name}-hatch)"))
        else:
            parts += [svg.circle(_LABEL + 7 + dot * _PITCH, y + _ROW / 2, 3.7, f"g{at + 1} edge")
                      for dot in range(counts[at])]  # fmt: skip
    if counts is None and empty:
        words = svg.shortened(empty, int((_WIDTH - _LABEL - 24) / svg.LETTER))
        parts.append(svg.rect(_LABEL + 4, height / 2 - 12, _WIDTH - _LABEL - 12, 24, "plate"))
        parts.append(svg.text(_LABEL + (_WIDTH - _LABEL - 4) / 2, height / 2 + 4, words, css="small", anchor="middle"))
    return svg.picture(name, _WIDTH, height, title, about, parts, css="ladder")
