"""What each chart of `models.charts` draws, in Altair, and the colours, lines and room that all share."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from models import dot_names, ticks
from models.words import CHARTS, METRICS, MODELS, NBSP, Language, word

Table = Sequence[Mapping[str, Any]]
WIDTH, HEIGHT = 336, 220
"""Natural width in px, and height of what is drawn between the axes of a chart that may be lower on paper."""
INK, INK_2, LINE, SOFT, PANEL = "#1A1A1A", "#4A4F55", "#6B7178", "#C9CDD2", "#F3F4F5"
PRIMARY = "#0B4F8A"
BAND = "#8B929A"
"""The wider of two ranges, behind the narrower."""
_PLANE = 280
"""Width between the axes of a picture of cost, px."""
_PANEL = 190
"""Width between the axes of a panel of figures, px."""
_LETTER = 6
"""Width of a letter along an axis, px."""
_GAPS = 7
"""Between the years that an axis names, at most."""
LETTERS = 18
"""On a line of a label beside a panel."""
_NOTE = 50
"""Letters on a line beneath a picture."""
ROOM = {"left": 4, "top": 4, "right": 18, "bottom": 4}
"""Around a chart whose words a reader's font may draw wider than the one that measured them."""
FONT = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, Helvetica Neue, Arial, sans-serif"
# Lightness and dash both tell the lines apart, so a grey print still does.
_LINES: tuple[tuple[str, tuple[int, ...]], ...] = (
    (PRIMARY, (1, 0)),
    ("#A8441F", (7, 3)),
    ("#7A4B00", (2, 2)),
    ("#2F7DA8", (9, 3, 2, 3)),
    ("#5B2A86", (4, 4)),
    ("#0B5F6B", (1, 3)),
    ("#1B6B3A", (12, 3)),
    ("#4A4F55", (6, 2, 1, 2, 1, 2)),
    ("#5E3A9E", (3, 1)),
    ("#6B7178", (10, 5)),
    ("#2B0A4F", (5, 1, 1, 1)),
)


def style(models: Sequence[str]) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Colour and dash of each model; the first of `_LINES` is kept for Jaga."""
    free = iter([*_LINES[1:]] * (1 + len(models) // (len(_LINES) - 1)))
    return {name: _LINES[0] if name == "jaga" else next(free) for name in models}


def reliability(alt: Any, rows: list[dict[str, Any]], language: Language) -> Any:
    """Dots with their intervals about the diagonal, a panel a model."""
    names = models(rows)
    # The dots decide where the axes end; the interval of a group of few rows would push them into a corner. One that
    # goes on beyond them ends in an arrow.
    top = end(max(max(row["predicted"], row["observed"]) for row in rows))
    rows = [row | {"low": min(row["low"], top), "high": min(row["high"], top), "on": row["high"] > top}
            for row in rows]  # fmt: skip
    columns = 1 if len(names) == 1 else 2
    side = 272 if columns == 1 else 118
    scale = alt.Scale(domain=[0, top], nice=False, zero=True)
    axis = alt.Axis(tickCount=5 if columns == 1 else 3)
    x = alt.X("predicted:Q", scale=scale, title=word(CHARTS, "predicted", language), axis=axis)

    def panel(number: int, name: str) -> Any:
        title = None if number % columns else word(CHARTS, "observed", language)
        y = alt.Y("observed:Q", scale=scale, title=title, axis=axis)
        bar = alt.Y("low:Q", scale=scale, title=title)
        mine = [row for row in rows if row["model"] == name]
        own, on = _base(alt, mine), [row for row in mine if row["on"]]
        arrows = [_base(alt, on).mark_point(shape="triangle-up", filled=True, size=60, color=INK_2, opacity=1).encode(
            x=x, y=alt.Y("high:Q", scale=scale, title=title))] if on else []  # fmt: skip
        even = _base(alt, [{"predicted": 0, "observed": 0}, {"predicted": top, "observed": top}])
        return alt.layer(
            even.mark_line(stroke=LINE, strokeDash=[4, 3], strokeWidth=1).encode(x=x, y=y),
            own.mark_rule(stroke=INK_2, strokeWidth=1.5).encode(x=x, y=bar, y2="high:Q"),
            own.mark_point(filled=True, size=34, color=PRIMARY if name == "jaga" else INK, opacity=1).encode(x=x, y=y),
            *arrows,
        ).properties(width=side, height=side, title=word(MODELS, name, language))

    panels = [panel(number, name) for number, name in enumerate(names)]
    return alt.concat(*panels, columns=columns, spacing={"row": 12, "column": 8})


def gain(alt: Any, rows: list[dict[str, Any]], language: Language) -> Any:
    """Lines, and a mark at each budget."""
    lines = curve(alt, [row for row in rows if not row.get("budget")], "listed", "caught", language, True)
    marks = [row for row in rows if row.get("budget")]
    if not marks:
        return lines
    places = [{"listed": place, "label": f"{place:g}"} for place in sorted({row["listed"] for row in marks})]
    rule = _base(alt, places).encode(x=alt.X("listed:Q"))
    points = _base(alt, marks).mark_point(filled=True, size=26, opacity=1).encode(
        x="listed:Q", y="caught:Q", color=alt.Color("model:N"))  # fmt: skip
    return alt.layer(rule.mark_rule(stroke=LINE, strokeWidth=0.75, strokeDash=[2, 2]), lines, points,
                     rule.mark_text(dy=-5, baseline="bottom").encode(text="label:N", y=alt.value(0)))  # fmt: skip


def curve(alt: Any, rows: list[dict[str, Any]], x: str, y: str, language: Language, diagonal: bool) -> Any:
    """A line a model of `y` against `x`; `diagonal`: what a draw by lot gives, too."""
    names = models(rows)
    scales = style(names)
    share = alt.Scale(domain=[0, 100], nice=False)
    title = {key: word(CHARTS, key, language) for key in (x, y)}
    top = share if y == "caught" else alt.Scale(domain=[0, _ceiling(max(row[y] for row in rows))], nice=False)
    axes = {"x": alt.X(f"{x}:Q", scale=share, title=title[x], axis=alt.Axis(tickCount=5)),
            "y": alt.Y(f"{y}:Q", scale=top, title=title[y], axis=alt.Axis(tickCount=5))}  # fmt: skip
    labels = _labels(names, language)
    legend = alt.Legend(orient="bottom", columns=2, labelExpr=labels, symbolType="stroke")
    color = alt.Color("model:N", scale=alt.Scale(domain=names, range=[scales[n][0] for n in names]), legend=legend)
    dash = alt.StrokeDash("model:N", legend=legend,
                          scale=alt.Scale(domain=names, range=[list(scales[n][1]) for n in names]))  # fmt: skip
    width = alt.condition(alt.datum.model == "jaga", alt.value(2.5), alt.value(1.75))
    # Jaga is drawn last, above the others; `order` keeps the points of a vertical stretch in their order.
    last = sorted(rows, key=lambda row: row["model"] == "jaga")
    own = [row | {"step": number} for number, row in enumerate(last)]
    layers = [_base(alt, own).mark_line(clip=False).encode(color=color, strokeDash=dash, strokeWidth=width,
                                                           order="step:Q", **axes)]  # fmt: skip
    if diagonal:  # thin, grey and whole: several models are dotted or dashed
        even = _base(alt, [{x: 0, y: 0}, {x: 100, y: 100}])
        layers.insert(0, even.mark_line(stroke=LINE, strokeWidth=0.75).encode(**axes))
    return alt.layer(*layers).properties(width=272, height=230)


def dots(alt: Any, rows: list[dict[str, Any]], language: Language) -> Any:
    """Dots with intervals, a panel a metric."""
    metrics = list(dict.fromkeys(row["metric"] for row in rows))

    def panel(metric: str) -> Any:
        own = [row | {"missing": row["value"] is None} for row in rows if row["metric"] == metric]
        names = models(own)
        # The renderer measures words with a font of its own, so their room is fixed.
        axis = alt.Axis(labelExpr=_labels(names, language), grid=True, domain=False, ticks=False, minExtent=122)
        y = alt.Y("model:N", sort=names, title=None, axis=axis)
        known = [row for row in own if not row["missing"]]
        bars = [row for row in known if row["low"] is not None and row["high"] is not None]
        ends = [row[key] for row in known for key in ("value", "low", "high") if row[key] is not None]
        x = _fitted(alt, [*ends, *([0.0] if metric.endswith("_difference") or not ends else [])])
        unknown = _base(alt, [row for row in own if row["missing"]])
        jaga = alt.condition(alt.datum.model == "jaga", alt.value(PRIMARY), alt.value(INK))
        layers = [_base(alt, bars).mark_rule(strokeWidth=2, stroke=LINE).encode(x=alt.X("low:Q", title=None),
                                                                                x2="high:Q", y=y),
                  _base(alt, known).mark_point(filled=True, size=52, opacity=1).encode(x=x, y=y, color=jaga),
                  unknown.mark_text(align="left", fontStyle="italic").encode(
                      x=alt.value(4), y=y, text=alt.value(word(CHARTS, "undefined", language)))]  # fmt: skip
        if metric.endswith("_difference"):
            zero = _base(alt, [{"value": 0}])
            layers.insert(0, zero.mark_rule(stroke=INK, strokeWidth=1, strokeDash=[3, 2]).encode(x=x))
        title = alt.TitleParams(word(METRICS, metric, language), frame="bounds")
        return alt.layer(*layers).properties(width=_PANEL, height=20 * len(names) + 4, title=title)

    return alt.vconcat(*map(panel, metrics), spacing=14)


def ranges(alt: Any, rows: list[dict[str, Any]], language: Language) -> Any:
    """Dots with intervals by label, a panel a title, behind them a second range (`least`, `most`) where rows hold one;
    what has no upper end goes on, dashed."""
    lines = max(len(_broken(row["label"])) for row in rows)
    panels = dict.fromkeys(row["panel"] for row in rows)
    return alt.vconcat(*(_ranged(alt, [row for row in rows if row["panel"] == title], title, lines)
                         for title in panels), spacing=14)  # fmt: skip


def _ranged(alt: Any, own: list[dict[str, Any]], title: str, lines: int) -> Any:
    """One panel of `ranges`, its labels on up to so many lines."""
    names = list(dict.fromkeys(row["label"] for row in own))
    written = {} if lines == 1 else {"labelExpr": f"{json.dumps({name: _broken(name) for name in names})}[datum.value]"}
    axis = alt.Axis(grid=True, domain=False, ticks=False, minExtent=122, labelLimit=120, **written)
    y = alt.Y("label:N", sort=names, title=None, axis=axis)
    ends = [row[key] for row in own for key in ("value", "low", "high", "least", "most") if is_number(row.get(key))]
    around = min(ends) < 0 < max(ends) or 0 in ends
    far = max(ends) + 0.25 * ((max(ends) - min(ends)) or 1.0)
    goes_on = any(key in row and row[key] is None for row in own for key in ("high", "most"))
    x = _fitted(alt, [*ends, far] if goes_on else ends)
    layers = []
    for low, high, line in (("least", "most", {"stroke": BAND, "strokeWidth": 8}),
                            ("low", "high", {"stroke": INK_2, "strokeWidth": 2})):  # fmt: skip
        bars = [row for row in own if is_number(row.get(low)) and is_number(row.get(high))]
        # A range without an upper end goes on, dashed, to where the picture ends.
        free = [row | {high: far} for row in own if is_number(row.get(low)) and row.get(high) is None]
        span = {"x": alt.X(f"{low}:Q", title=None), "x2": f"{high}:Q", "y": y}
        layers += [_base(alt, some).mark_rule(**line, **dash).encode(**span)
                   for some, dash in ((free, {"strokeDash": [2, 3]}), (bars, {})) if some]  # fmt: skip
    layers.append(_base(alt, own).mark_point(filled=True, size=52, opacity=1, color=PRIMARY).encode(x=x, y=y))
    if around:
        zero = _base(alt, [{"value": 0}])
        layers.insert(0, zero.mark_rule(stroke=INK, strokeWidth=1, strokeDash=[3, 2]).encode(x=x))
    return alt.layer(*layers).properties(width=_PANEL, height=max(20, 13 * lines + 9) * len(names) + 4,
                                         title=alt.TitleParams(title, frame="bounds"))  # fmt: skip


def _fitted(alt: Any, values: list[float]) -> Any:
    """The axis of a panel of figures, each of whose ticks has its label."""
    own = ticks.told(values, _PANEL)
    return alt.X("value:Q", title=None, scale=alt.Scale(domain=list(own.ends), nice=False, zero=False),
                 axis=alt.Axis(values=own.values, format=own.format, labelOverlap=False))  # fmt: skip


def _broken(label: str) -> list[str]:
    """A label on as many lines as it takes beside a panel, four at most."""
    return textwrap.wrap(label, LETTERS, max_lines=4, placeholder=" \N{HORIZONTAL ELLIPSIS}") or [label]


def stacked(alt: Any, rows: list[dict[str, Any]], parts: Sequence[str], colours: Sequence[str],
             language: Language) -> Any:  # fmt: skip
    """Bars of shares, from the lowest part up."""
    order = {name: number for number, name in enumerate(parts)}
    own = [row | {"order": order[row["part"]]} for row in rows]
    shown = years_told([row["year"] for row in rows])
    color = alt.Color("part:N", legend=alt.Legend(orient="bottom", columns=2, symbolType="square"),
                      scale=alt.Scale(domain=list(parts), range=list(colours)))  # fmt: skip
    return _base(alt, own).mark_bar(stroke="#FFFFFF", strokeWidth=0.5).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(values=shown, labelAngle=0)),
        y=alt.Y("share:Q", title=word(CHARTS, "people", language), scale=alt.Scale(domain=[0, 100], nice=False)),
        color=color, order="order:Q").properties(width=272, height=220, padding=ROOM)  # fmt: skip


def paths(alt: Any, rows: list[dict[str, Any]], goal: float | None, height: int, language: Language,
          what: str = "middle_share") -> Any:  # fmt: skip
    """A line a label with the range about it, and the goal; `what` they are of, in `CHARTS`."""
    # Along a low axis the title stands on two lines, or its ends would be cut.
    title = textwrap.wrap(word(CHARTS, what, language), height // _LETTER)
    names = list(dict.fromkeys(row["label"] for row in rows))
    scales = {name: _LINES[number % len(_LINES)] for number, name in enumerate(names)}
    top = 100.0 if goal is not None else _ceiling(max(row["high"] for row in rows))
    # Years were chosen to have room: none is left out, and none moved to the side of its tick.
    axis = alt.Axis(format="d", values=years_told([row["year"] for row in rows]), labelOverlap=False, labelFlush=False)
    x = alt.X("year:Q", title=None, scale=alt.Scale(nice=False), axis=axis)
    y = alt.Y("value:Q", title=title, scale=alt.Scale(domain=[0, top], nice=False))
    legend = alt.Legend(orient="bottom", columns=1, symbolType="stroke", labelLimit=240)
    color = alt.Color("label:N", legend=legend, scale=alt.Scale(domain=names, range=[scales[n][0] for n in names]))
    dash = alt.StrokeDash("label:N", legend=legend,
                          scale=alt.Scale(domain=names, range=[list(scales[n][1]) for n in names]))  # fmt: skip
    band = _base(alt, rows).mark_area(fillOpacity=0.15).encode(x=x, y=alt.Y("low:Q", title=title), y2="high:Q",
                                                             color=color)  # fmt: skip
    line = _base(alt, rows).mark_line(strokeWidth=2).encode(x=x, y=y, color=color, strokeDash=dash)
    layers = [band, line]
    if goal is not None:
        mark = _base(alt, [{"value": 100 * goal, "label": f"{word(CHARTS, 'goal', language)} {100 * goal:g}{NBSP}%"}])
        layers += [mark.mark_rule(stroke=INK, strokeDash=[4, 3]).encode(y="value:Q"),
                   mark.mark_text(align="left", dy=-6, dx=4).encode(y="value:Q", x=alt.value(0),
                                                                    text="label:N")]  # fmt: skip
    return alt.layer(*layers).properties(width=272, height=height, padding=ROOM)


def pareto(alt: Any, rows: list[dict[str, Any]], outcome: str, note: str, height: int,
           language: Language) -> Any:  # fmt: skip
    """Dots with both ranges and their names, with a line to one that has no room beside its dot; those that are beaten
    hollow, the others joined in the order of cost; beneath them the note."""
    ends = {
        "x": _wide([0.0, *(row["cost"] for row in rows)]),
        "y": _wide([0.0, *(row[key] for row in rows for key in ("value", "low", "high", "least", "most"))]),
    }
    x = alt.X("cost:Q", title=word(CHARTS, "cost_billion", language), axis=alt.Axis(tickCount=4),
              scale=alt.Scale(domain=ends["x"], nice=False))  # fmt: skip
    y = alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=5), scale=alt.Scale(domain=ends["y"], nice=False))
    base = _base(alt, rows)
    # In steps: money between two answers buys no mix of them, and the line keeps clear of their names.
    front = [row for row in rows if not row["beaten"]]
    placed = _named(rows, ends, height)
    names = [_base(alt, [row | {"label": "\n".join(_broken(row["label"]))}]).mark_text(
                 align=at.align, dx=at.dx, dy=at.dy, lineBreak="\n").encode(x=x, y=y, text="label:N")
             for row, at in zip(rows, placed, strict=True)]  # fmt: skip
    leaders = [_base(alt, [row | {"across": row["cost"] + at.to[0] * (ends["x"][1] - ends["x"][0]) / _PLANE,
                                  "down": row["value"] - at.to[1] * (ends["y"][1] - ends["y"][0]) / height}]).mark_rule(
                   stroke=INK_2, strokeWidth=0.75).encode(x=x, y=y, x2="across:Q", y2="down:Q")
               for row, at in zip(rows, placed, strict=True) if at.to is not None]  # fmt: skip
    own = alt.layer(
        base.mark_rule(stroke=BAND, strokeWidth=7).encode(x=x, y=alt.Y("least:Q", title=None), y2="most:Q"),
        base.mark_rule(stroke=INK_2, strokeWidth=2).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q"),
        _base(alt, front).mark_line(stroke=PRIMARY, strokeWidth=1.25, strokeDash=[4, 3],
                                    interpolate="step-after").encode(x=x, y=y, order="cost:Q"),
        *leaders,
        base.mark_point(filled=True, size=60, opacity=1, stroke=PRIMARY, strokeWidth=1.5).encode(
            x=x, y=y, fill=alt.condition("datum.beaten", alt.value("#FFFFFF"), alt.value(PRIMARY))),
        *names,
    ).properties(width=_PLANE, height=height, title=alt.TitleParams(
        word(CHARTS, outcome, language), anchor="start", fontSize=11, fontWeight="normal", color=INK))  # fmt: skip
    beneath = {"title": alt.TitleParams(noted(note), orient="bottom", anchor="start", fontSize=11, offset=8)}
    return alt.vconcat(own, **(beneath if note else {})).properties(padding=ROOM | {"left": 18})


def _wide(values: Sequence[float]) -> list[float]:
    """Ends of an axis that holds the values, with room for what stands about the outer ones."""
    low, high = min(values), max(values)
    room = 0.08 * ((high - low) or 1.0)
    return [low - room, high + room]


def _named(rows: Sequence[Mapping[str, Any]], ends: Mapping[str, list[float]], height: int) -> list[dot_names.Place]:
    """Where the names of the dots of `pareto` stand, clear of each other and of the ranges as far as they can."""

    def across(value: float) -> float:
        return _PLANE * (value - ends["x"][0]) / (ends["x"][1] - ends["x"][0])

    def down(value: float) -> float:
        return height * (ends["y"][1] - value) / (ends["y"][1] - ends["y"][0])

    bars = [dot_names.Box(across(row["cost"]) - 4, down(max(row["high"], row["most"])) - 4, across(row["cost"]) + 4,
                       down(min(row["low"], row["least"])) + 4) for row in rows]  # fmt: skip
    dots = [(across(row["cost"]), down(row["value"])) for row in rows]
    return dot_names.places(dots, [_broken(row["label"]) for row in rows], bars, _PLANE, height)


def noted(note: str) -> list[str]:
    """Lines of what stands beneath a picture, as wide as it is."""
    return textwrap.wrap(note, _NOTE)


def distribution(alt: Any, rows: list[dict[str, Any]], language: Language) -> Any:
    """Bars of those who did not fall, and over them the outline of those who did."""
    names = {True: word(CHARTS, "fell", language), False: word(CHARTS, "safe", language)}
    own = [{"from": row["from"], "to": row["to"], "share": row["share"], "group": names[bool(row["fell"])]}
           for row in rows]  # fmt: skip
    safe = [row for row in own if row["group"] == names[False]]
    fell = [row for row in own if row["group"] == names[True]]
    # An outline needs the right edge of its last bar as well, and a foot at either end.
    if fell:
        first, last = fell[0], fell[-1]
        fell = [first | {"share": 0}, *fell, last | {"from": last["to"]}, last | {"from": last["to"], "share": 0}]
    fell = [row | {"step": number} for number, row in enumerate(fell)]
    x = alt.X("from:Q", title=word(CHARTS, "predicted", language), scale=alt.Scale(nice=False, zero=True))
    y = alt.Y("share:Q", title=word(CHARTS, "share", language), axis=alt.Axis(tickCount=5))
    legend = alt.Legend(orient="bottom", symbolType="square", symbolSize=110)
    color = alt.Color("group:N", legend=legend, scale=alt.Scale(domain=[names[False], names[True]],
                                                                range=[SOFT, "#5C1A12"]))  # fmt: skip
    bars = _base(alt, safe).mark_bar(binSpacing=0).encode(x=x.bin("binned"), x2="to:Q", y=y, color=color)
    line = _base(alt, fell).mark_line(interpolate="step-after", strokeWidth=2).encode(x=x, y=y, color=color,
                                                                                     order="step:Q")  # fmt: skip
    return alt.layer(bars, line).properties(width=272, height=190)


def years_told(years: Sequence[int]) -> list[int]:
    """Years that an axis names, eight at most: the first, the last, and between them every one, or each second or third
    where these end with the last; else those of a round step that keep clear of both."""
    first, last = min(years), max(years)
    span = last - first
    even = next((own for own in (1, 2, 3) if span % own == 0 and span / own <= _GAPS), None)
    if even is not None:
        return [*range(first, last + 1, even)]
    step = next(own for own in (2, 5, 10, 20, 50) if span / own <= _GAPS)
    between = [year for year in range(first + 1, last) if year % step == 0]
    clear = [year for year in between if min(year - first, last - year) >= step * 0.75]
    return list(dict.fromkeys([first, *clear, last]))


def _base(alt: Any, rows: list[dict[str, Any]]) -> Any:
    return alt.Chart(alt.Data(values=rows))


def _labels(names: Sequence[str], language: Language) -> str:
    """A Vega expression that turns a model's name into words."""
    return f"{json.dumps({name: word(MODELS, name, language) for name in names})}[datum.value]"


def models(rows: Table) -> list[str]:
    """Names in the order of the table, Jaga first."""
    names = list(dict.fromkeys(str(row["model"]) for row in rows if "model" in row))
    return sorted(names, key=lambda name: name != "jaga")


def _ceiling(value: float) -> float:
    """The next round number above, for an axis."""
    if value <= 0:
        return 1.0
    unit = 10 ** math.floor(math.log10(value))
    return float(next(step * unit for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * unit >= value - 1e-9))


def end(value: float) -> float:
    """Where an axis of percentages ends: a twentieth of its own size above the data."""
    wanted = min(1.05 * max(value, 0.1), 100.0)
    unit = 10 ** (math.floor(math.log10(wanted)) - 1)
    step = unit if wanted < 20 * unit else 2 * unit if wanted < 50 * unit else 5 * unit
    return float(min(step * math.ceil(wanted / step - 1e-9), 100.0))


def is_number(value: Any) -> bool:
    """Whether a cell holds something to draw."""
    return isinstance(value, int | float) and math.isfinite(value)
