"""Every Altair chart: a table in, SVG text out; the same table gives the same bytes.

The SVG has no script and no style, so it passes a strict content policy, and no id, so a page may hold it twice. It
is drawn at 336 px, the text width of a small phone, and grows with its box.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from models import marks
from models.marks import FONT, HEIGHT, INK, INK_2, LINE, PANEL, SOFT, WIDTH, Table
from models.words import CHARTS, MODELS, Language, word


def reliability(table: Table, language: Language = "en") -> str:
    """Predicted against observed falls, one panel a model; rows of `model, predicted, observed, low, high`."""
    rows = _percent(_finite(table, "predicted", "observed", "low", "high"), "predicted", "observed", "low", "high")
    return _drawn("reliability", rows, language, marks.reliability)


def gain(table: Table, language: Language = "en") -> str:
    """Falls caught against households listed; rows of `model, listed, caught, budget` (true at a marked budget)."""
    rows = _percent(_finite(table, "listed", "caught"), "listed", "caught")
    return _drawn("gain", rows, language, marks.gain)


def roc(table: Table, language: Language = "en") -> str:
    """Falls caught against safe households listed; rows of `model, false_alarm, caught`."""
    rows = _percent(_finite(table, "false_alarm", "caught"), "false_alarm", "caught")
    return _drawn("roc", rows, language,
                  lambda alt, own, lang: marks.curve(alt, own, "false_alarm", "caught", lang, True))  # fmt: skip


def precision_recall(table: Table, language: Language = "en") -> str:
    """Falls among the listed against falls caught; rows of `model, caught, precision`."""
    rows = _percent(_finite(table, "caught", "precision"), "caught", "precision")
    return _drawn("precision_recall", rows, language,
                  lambda alt, own, lang: marks.curve(alt, own, "caught", "precision", lang, False))  # fmt: skip


def dots(table: Table, language: Language = "en") -> str:
    """Figures with intervals, one panel a metric; rows of `metric, model, value, low, high` (None: not defined)."""
    rows = [dict(row) | {key: row[key] if marks.is_number(row.get(key)) else None for key in ("value", "low", "high")}
            for row in table]  # fmt: skip
    return _drawn("dots", rows, language, marks.dots)


def distribution(table: Table, language: Language = "en") -> str:
    """Histogram of predicted risk of those who fell and who did not; rows of `fell, from, to, share`."""
    rows = _percent(_finite(table, "from", "to", "share"), "from", "to", "share")
    return _drawn("distribution", rows, language, marks.distribution)


def ranges(name: str, table: Table, language: Language = "en") -> str:
    """Figures with intervals by label, one panel a title; rows of `panel, label, value, low, high` (None: none).

    Parameters
    ----------
    name : of the chart, in `models.words.CHARTS`: groups, horizon, steadiness, ageing, ablation or
        scheme_outcomes.
    """
    return _drawn(name, [dict(row) for row in table if marks.is_number(row.get("value"))], language, marks.ranges)


def stacked(table: Table, parts: Sequence[str], colours: Sequence[str], language: Language = "en") -> str:
    """Shares of the rungs by year, one bar a year; rows of `year, part, share`, parts from the lowest up."""
    rows = _percent(_finite(table, "share"), "share")
    return _drawn("stacked", rows, language, lambda alt, own, lang: marks.stacked(alt, own, parts, colours, lang))


def paths(table: Table, goal: float | None, language: Language = "en", height: int = HEIGHT) -> str:
    """The middle class by year with the range of the draws; rows of `label, year, value, low, high`.

    Parameters
    ----------
    goal : share to mark, or None. height : px between the axes.
    """
    rows = _percent(_finite(table, "value", "low", "high"), "value", "low", "high")
    return _drawn("paths", rows, language, lambda alt, own, lang: marks.paths(alt, own, goal, height, lang))


def counts(table: Table, language: Language = "en", height: int = HEIGHT) -> str:
    """Families below the poverty line by year with the range of the draws; rows of `label, year, value, low, high`
    (families). height : px between the axes."""
    rows = [row | {name: row[name] / 1e3 for name in ("value", "low", "high")}
            for row in _finite(table, "value", "low", "high")]  # fmt: skip
    return _drawn("counts", rows, language,
                  lambda alt, own, lang: marks.paths(alt, own, None, height, lang, "thousand_families"))  # fmt: skip


def pareto(table: Table, outcome: str, language: Language = "en", note: str = "", height: int = HEIGHT) -> str:
    """Cost against an outcome, lasting_24 or falls_averted; rows of `label, cost` (billion rupiah), `value, low, high`
    (range of the draws), `least, most` (range of the effects), `beaten` (whether another costs no more and is better).

    Parameters
    ----------
    note : what the picture leaves out and why; it stands beneath it and in its description. height : px between the
        axes.
    """
    rows = _finite(table, "cost", "value", "low", "high", "least", "most")
    return _drawn(f"pareto.{outcome}", rows, language,
                  lambda alt, own, lang: marks.pareto(alt, own, outcome, note, height, lang),
                  note)  # fmt: skip


def _drawn(name: str, rows: list[dict[str, Any]], language: Language, draw: Callable[..., Any],
           note: str = "") -> str:  # fmt: skip
    title, about = word(CHARTS, name, language), word(CHARTS, f"{name}.about", language)
    if not rows:
        return _empty(title, word(CHARTS, "empty", language), note)
    import altair
    import vl_convert
    from altair.utils import schemapi

    # The parts are this project's own, and its tests hold them to the schema: the look at each of them takes half of
    # the time of a picture.
    with schemapi.debug_mode(False):
        spec = json.loads(draw(altair, rows, language).configure(**_theme()).to_json(validate=False))
    svg = vl_convert.vegalite_to_svg(spec, vl_version="6.1", format_locale=_NUMBERS.get(language))
    return _accessible(svg, title, " ".join(filter(None, (about, _summary(rows, language), note))))


def _summary(rows: list[dict[str, Any]], language: Language) -> str:
    """Names of the models drawn, for the description."""
    names = [word(MODELS, name, language) for name in marks.models(rows)]
    return f"{'Model' if language == 'id' else 'Models'}: {', '.join(names)}." if names else ""


def _empty(title: str, text: str, note: str) -> str:
    lines = [text, *marks.noted(note)]
    height, middle = 72 + 16 * (len(lines) + bool(note)), f'x="{WIDTH / 2:g}" text-anchor="middle" font-family="{FONT}"'
    told = "".join(f'<text {middle} y="{52 + 16 * (at + bool(at)) if note else 52}" font-size="{11 if at else 13}px" '
                   f'fill="{INK_2}">{escape(line)}</text>' for at, line in enumerate(lines))  # fmt: skip
    about = f"{escape(text)}. {escape(note)}" if note else escape(text)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'role="img" aria-label="{escape(title)}. {about}"><title>{escape(title)}</title><desc>{about}</desc>'
            f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" fill="{PANEL}" stroke="{SOFT}"/>'
            f"{told}</svg>\n")  # fmt: skip


def _accessible(svg: str, title: str, about: str) -> str:
    """The root as one named picture; the parts inside say nothing of their own, so their roles go."""
    body = re.sub(r' (?:role|aria-[a-z]+|pointer-events)="[^"]*"| opacity="1"', "", svg)
    body = re.sub(r'<path class="(?:foreground|background)"[^>]*d="(?:|M0,0h0v0h0Z)"[^>]*/>', "", body)
    # A page holds many: what each text repeats stands once, and nobody sees a thousandth of a pixel.
    body = re.sub(rf' (?:font-family="{re.escape(FONT)}"|class="[^"]*"|transform="translate\(0,0\)")', "", body)
    body = re.sub(r' (?:transform="translate|(?:d|[xy][12]?|width|height)=")[^"]*"', _rounded, body)
    label = f'role="img" aria-label="{escape(title)}. {escape(about)}"'
    head, rest = body.split(">", 1)
    head = re.sub(r' (?:xmlns:xlink|version|class)="[^"]*"', "", head)
    return f'{head} font-family="{FONT}" {label}><title>{escape(title)}</title><desc>{escape(about)}</desc>{rest}\n'


def _rounded(found: re.Match[str]) -> str:
    """An attribute with its coordinates to a tenth of a pixel."""
    return re.sub(r"-?\d+\.\d{2,}", lambda own: f"{round(float(own[0]), 1):g}", found[0])


_NUMBERS: dict[str, dict[str, Any]] = {
    "id": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""], "percent": " %"},
}
"""How axes write numbers, in the form of d3-format; English is what they write by themselves."""


def _theme() -> dict[str, Any]:
    return {
        "font": FONT,
        "background": "#FFFFFF",
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelColor": INK_2,
            "titleColor": INK, "domainColor": LINE, "tickColor": LINE, "gridColor": SOFT, "gridOpacity": 0.6,
            "tickSize": 4, "labelLimit": 150,
        },
        # The renderer's letters are narrower than a browser's: what it sets side by side would touch there.
        "axisQuantitative": {"labelOverlap": "greedy", "labelSeparation": 14},
        "header": {"labelFontSize": 12, "labelColor": INK, "title": None, "labelPadding": 4},
        "title": {"fontSize": 12, "fontWeight": "normal", "color": INK, "anchor": "start", "frame": "group"},
        "legend": {
            "labelFontSize": 11, "labelColor": INK, "title": None, "symbolSize": 300, "symbolStrokeWidth": 2.5,
            "labelLimit": 150, "columnPadding": 32, "rowPadding": 3, "offset": 8,
        },
        "text": {"font": FONT, "fontSize": 11, "color": INK_2},
    }  # fmt: skip


def _finite(table: Table, *keys: str) -> list[dict[str, Any]]:
    return [dict(row) for row in table if all(marks.is_number(row.get(key)) for key in keys)]


def _percent(rows: list[dict[str, Any]], *keys: str) -> list[dict[str, Any]]:
    return [row | {key: round(100 * row[key], 3) for key in keys} for row in rows]
