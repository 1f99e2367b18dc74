"""The page of moments: table, plots and the assumptions behind the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models import marks
from training.moments import RULE, Report, Row, shown


def write(report: Report, path: Path) -> None:
    """Write the page and its plots beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plots = {"tolerances": ("Distance from the target, in tolerances", _tolerances(report)),
             "provinces": ("Headcount of the provinces, measured against published", _provinces(report)),
             "dynamics": ("Staying and falling, measured against published", _dynamics(report))}  # fmt: skip
    text = [_intro(report)]
    for name, (title, rows) in plots.items():
        if rows:
            file = path.with_name(f"{path.stem}_{name}.svg")
            file.write_text(_drawn(title, rows, name), encoding="utf-8")
            text.append(f"## {title}\n\n![{title}]({file.name})\n")
    path.write_text("\n".join([*text, _table(report), _assumptions(report)]), encoding="utf-8")


def _intro(report: Report) -> str:
    config = ", ".join(f"{name} {value}" for name, value in report.manifest.get("config", {}).items())
    counts = ", ".join(f"{number} {kind}" for kind, number in report.counts().items())
    first = report.manifest.get("config", {}).get("start", "")
    return (f"# Synthetic families from {first} on\n\n**Data sintetis: no real family is behind these "
            f"figures.** `make synthetic` writes this page.\n\n"
            f"The families of `jaga data synth` ({config}) beside the published moments. **{counts}.** "
            f"Rule: {RULE}. An out row stays out.\n\nMoments of one wave are measured on all families (with the truth, "
            "those too that the survey lost), dynamic ones on families that the survey met in each wave, at the "
            "headcount of their own study: the line is moved until that share of people is under it. "
            "They weigh people; the column of families weighs families.\n\nWork, pay and programmes are fitted to "
            "2025 at the ages of the first wave, schooling by year of birth. From there families live: births, deaths, "
            "weddings, new families and moves, so a panel that starts long before the date of such a moment can have "
            "drifted from it. Who the poor of South Sumatra are (15) is judged at the wave nearest to 2021, up to four "
            "years off. A family of the register has 3.04 people; the published households of 13 to 15 are larger "
            "units. Cells are those on record, of which some 15 % are another family's, so what is told of the poor "
            "alone (15, 15b) lies nearer to the others than the truth does.\n")  # fmt: skip


def _table(report: Report) -> str:
    heads = ("no", "moment", "mark", "target", "tolerance", "value", "s.e.", "families", "verdict", "source", "note")
    out = ["## Moments\n", "| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for row in report.rows:
        target, value, error = shown(row)
        own, room = row.target, row.target.tolerance
        tolerance = "" if room is None else f"{100 * room:g} %" if own.kind in ("rel", "provinces_rel") else f"{room:g}"
        why = row.reason or row.farthest
        family = "" if row.family is None else f"{row.family:.4g}"
        name = f"{own.moment} ({own.unit}; {own.year})"
        cells = (own.number, name, own.mark, target, tolerance, value, error, family,
                 f"{row.verdict}: {why}" if why else row.verdict, own.source, own.note)  # fmt: skip
        out.append("| " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"


def _assumptions(report: Report) -> str:
    found: dict[str, Any] = report.manifest.get("assumptions", {})
    out = ["## Assumptions\n", "No source gives these numbers.\n", "| name | value | why |", "| --- | --- | --- |"]
    return "\n".join([*out, *(f"| {k} | {v['value']:g} | {v['why']} |" for k, v in found.items())]) + "\n"


_JUDGED = {"in": ("circle", marks.PRIMARY), "out": ("triangle-up", "#A8441F"), "cannot tell": ("square", marks.BAND)}
"""Verdicts that a picture shows, each with its shape and colour."""


def _single(row: Row) -> bool:
    return row.of is None and row.value is not None and row.verdict in _JUDGED


def _tolerances(report: Report) -> list[dict[str, Any]]:
    out = []
    for row in filter(_single, report.rows):
        goal, room = row.target.target or 0.0, row.target.tolerance or 1.0
        unit = room * (goal if row.target.kind == "rel" else 1.0)
        off = ((row.value or 0.0) - goal) / unit
        label = f"{row.target.number} {row.target.moment}"
        out.append({"label": label, "x": round(max(-6.0, min(6.0, off)), 3), "verdict": row.verdict})
    return out


def _provinces(report: Report) -> list[dict[str, Any]]:
    row = next(row for row in report.rows if row.target.key == "headcount_provinces")
    return [{"label": cell["label"], "x": round(100 * cell["target"], 2), "y": round(100 * cell["value"], 2),
             "verdict": "in" if cell["in"] else "out"} for cell in row.cells]  # fmt: skip


_SHARES = ("stay_2y", "stay_1y", "re_entry", "entry_2y", "entry_band", "entry_above", "entry_all", "both_2y")


def _dynamics(report: Report) -> list[dict[str, Any]]:
    """Measured share, target and its tolerance in per cent, and the chance of falling back by year since leaving."""
    out: list[dict[str, Any]] = []
    by_key = {row.target.key: row for row in report.rows}
    for key in _SHARES:
        row = by_key[key]
        goal, room = row.target.target, row.target.tolerance
        if row.value is not None and goal is not None and room is not None:
            most = row.target.kind == "max"
            out.append({"label": f"{row.target.moment} (at most)" if most else row.target.moment,
                        "x": round(100 * row.value, 2), "low": None if most else round(100 * (goal - room), 2),
                        "high": round(100 * (goal + room), 2), "verdict": row.verdict, "panel": "share"})  # fmt: skip
    if not out:
        return []
    return out + [{"label": str(year), "x": round(100 * value, 2), "panel": "hazard"}
                  for year, value in enumerate(report.hazard, 1)]  # fmt: skip


def _drawn(title: str, rows: list[dict[str, Any]], name: str) -> str:
    import altair as alt
    import vl_convert

    base = alt.Chart(alt.Data(values=rows))
    found = {row["verdict"] for row in rows if "verdict" in row}
    kinds = {kind: look for kind, look in _JUDGED.items() if kind != "cannot tell" or kind in found}
    shape = alt.Shape("verdict:N", scale=alt.Scale(domain=list(kinds), range=[look for look, _ in kinds.values()]))
    color = alt.Color("verdict:N", scale=alt.Scale(domain=list(kinds), range=[ink for _, ink in kinds.values()]),
                      legend=alt.Legend(orient="bottom", title=None))  # fmt: skip
    points = base.mark_point(filled=True, size=40, opacity=1)
    if name == "dynamics":
        chart: Any = _dynamic_chart(rows, color, shape)
    elif name == "provinces":
        top = max(max(row["x"], row["y"]) for row in rows)
        even = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": top, "y": top}]))
        chart = alt.layer(
            even.mark_line(stroke=marks.LINE, strokeDash=[4, 3], strokeWidth=1).encode(x="x:Q", y="y:Q"),
            points.encode(x=alt.X("x:Q", title="published (%)"), y=alt.Y("y:Q", title="measured (%)"), color=color,
                          shape=shape)).properties(width=272, height=272)  # fmt: skip
    else:
        bounds = alt.Chart(alt.Data(values=[{"x": -1}, {"x": 1}]))
        axis = alt.Axis(labelLimit=400, minExtent=330, grid=True)
        chart = alt.layer(
            bounds.mark_rule(stroke=marks.LINE, strokeDash=[4, 3]).encode(x="x:Q"),
            points.encode(x=alt.X("x:Q", title="tolerances from target (cut at 6)"), color=color, shape=shape,
                          y=alt.Y("label:N", sort=None, title=None, axis=axis))
        ).properties(width=240, height=14 * len(rows))  # fmt: skip
    spec = json.loads(chart.to_json(validate=False))  # each part was looked at as it was made
    return str(vl_convert.vegalite_to_svg(spec, vl_version="6.1")).replace("<svg ", f'<svg aria-label="{title}" ', 1)


def _dynamic_chart(rows: list[dict[str, Any]], color: Any, shape: Any) -> Any:
    """Tolerance as a bar, of a target that is a most its end alone, and the measured share as a point; below it the
    chance of falling back by year."""
    import altair as alt

    shares = [row for row in rows if row["panel"] == "share"]
    years = [row for row in rows if row["panel"] == "hazard"]
    axis = alt.Axis(labelLimit=400, minExtent=330)
    order = [row["label"] for row in shares]

    def own(rows: list[dict[str, Any]]) -> Any:
        return alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("label:N", sort=order, title=None, axis=axis))

    base, x = own(shares), alt.X("low:Q", title="per cent; bar: tolerance; tick: at most")
    share = alt.layer(
        own([row for row in shares if row["low"] is not None]).mark_bar(height=9, color=marks.SOFT).encode(
            x=x, x2="high:Q"),
        own([row for row in shares if row["low"] is None]).mark_tick(thickness=3, size=13, color=marks.LINE).encode(
            x=alt.X("high:Q")),
        base.mark_point(filled=True, size=40, opacity=1).encode(x="x:Q", color=color, shape=shape),
    ).properties(width=240, height=18 * len(shares))  # fmt: skip
    if not years:
        return share
    line = alt.Chart(alt.Data(values=years)).mark_line(point={"filled": True, "fill": marks.PRIMARY},
                                                       stroke=marks.PRIMARY).encode(
        x=alt.X("label:O", title="years since leaving poverty", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("x:Q", title="fall back in that year (%)", scale=alt.Scale(zero=True)))  # fmt: skip
    return alt.vconcat(share, line.properties(width=240, height=120))
