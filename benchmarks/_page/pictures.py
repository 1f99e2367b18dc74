"""Pictures of the benchmarks' page, each from the files that its figures stand in; drawn anew where those change."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks._page import batch
from benchmarks._page.accuracy import NAMES, PANELS
from benchmarks._page.simulation import KINDS
from models import ticks
from models.marks import FONT, INK, INK_2, LINE, PRIMARY, SOFT

Found = dict[str, Any]
SECOND = "#A8441F"
_HARD = ("logistic", "logistic_hazard", "random_forest", "xgboost", "catboost")
_METRICS = {"log_loss": "log-loss; left of 0 Jaga is better",
            "average_precision": "average precision; right of 0 Jaga is better"}  # fmt: skip


def write(own: Found, folder: Path) -> list[str]:
    """Draw those whose files are there and whose figures changed into a folder; names of the files written.

    A picture tells in its first bytes what it was drawn from: the same figures leave it as it is, since letters are
    measured by the fonts of a machine, and two machines draw the same figures a little differently.
    """
    import vl_convert

    written = []
    for name, (title, spec) in specs(own).items():
        path, mark = folder / name, stamp(spec)
        if path.exists() and mark in path.read_text(encoding="utf-8"):
            continue
        svg = str(vl_convert.vegalite_to_svg(spec, vl_version="6.1"))
        label = f'<svg role="img" aria-label="{escape(title)}" '
        path.write_text(f"{mark}\n{svg.replace('<svg ', label, 1)}\n", encoding="utf-8")
        written.append(name)
    return written


def stamp(spec: dict[str, Any]) -> str:
    """The comment that a picture of this specification begins with."""
    return f"<!-- {hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:16]} -->"


def specs(own: Found) -> dict[str, tuple[str, dict[str, Any]]]:
    """Title and Vega-Lite specification of each picture whose figures are there, by file name."""
    makers: dict[str, tuple[str, tuple[str, ...], Callable[[Found], Any]]] = {
        "accuracy": ("Jaga minus each baseline, with paired 95 % intervals", ("accuracy",), _accuracy),
        "speed": ("Speed beside peers", ("batch", "throughput"), _speed),
        "size": ("Cost against size", ("batch", "training_time"), _size),
        "coverage": ("Simulated falls inside their range, by kind", ("simulation_coverage",), _coverage),
    }
    return {f"benchmarks_{name}.svg": (title, json.loads(draw(own).configure(**_THEME).to_json()))
            for name, (title, needs, draw) in makers.items() if all(need in own for need in needs)}  # fmt: skip


# A ground of its own: it is read on a dark page too.
_THEME = {"font": FONT, "background": "#FFFFFF", "padding": 10, "view": {"stroke": None},
          "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK_2,
                   "titleColor": INK, "domainColor": LINE, "tickColor": LINE, "gridColor": SOFT, "gridOpacity": 0.6,
                   "labelLimit": 330},
          "axisQuantitative": {"labelOverlap": "greedy", "labelSeparation": 5},
          "title": {"fontSize": 13, "fontWeight": "normal", "color": INK, "anchor": "start", "frame": "group"},
          "legend": {"labelFontSize": 12, "labelColor": INK, "title": None, "labelLimit": 400, "symbolSize": 80,
                     "columnPadding": 70},
          "text": {"font": FONT, "fontSize": 12, "color": INK_2}}  # fmt: skip


def _chart(rows: Iterable[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.Chart(alt.Data(values=list(rows)))


def _two(labels: Iterable[str]) -> tuple[Any, Any]:
    """Colour and shape that tell two series apart, in print too."""
    import altair as alt

    labels = list(labels)
    legend = alt.Legend(orient="top", title=None)
    color = alt.Color("series:N", scale=alt.Scale(domain=labels, range=[PRIMARY, SECOND]), legend=legend)
    return color, alt.Shape("series:N", scale=alt.Scale(domain=labels, range=["circle", "triangle-up"]), legend=legend)


def _accuracy(own: Found) -> Any:
    """Learners and simpler tools apart: what the former differ by would not be seen at the scale of the latter."""
    import altair as alt

    panels = own["accuracy"]["panels"]
    color, shape = _two(PANELS.values())

    def panel(metric: str, names: list[str], title: str, labelled: bool) -> Any:
        rows = [{"baseline": NAMES[name], "series": label, **panels[key]["differences"][name][metric]}
                for key, label in PANELS.items() for name in names]  # fmt: skip
        axis = alt.Axis(labels=labelled, ticks=False, domain=False, **({"minExtent": 130} if labelled else {}))
        y = alt.Y("baseline:N", sort=[NAMES[name] for name in names], title=None, axis=axis)
        aside = alt.YOffset("series:N", sort=list(PANELS.values()))
        at = ticks.told([0.0, *(row[end] for row in rows for end in ("low", "high"))], 250)
        x = alt.X("low:Q", title=title, scale=alt.Scale(domain=list(at.ends), nice=False),
                  axis=alt.Axis(values=at.values, format=at.format, labelOverlap=False))  # fmt: skip
        zero = _chart([{"at": 0}]).mark_rule(stroke=LINE, strokeDash=[4, 3]).encode(x="at:Q")
        bars = _chart(rows).mark_rule(strokeWidth=2).encode(y=y, yOffset=aside, x=x, x2="high:Q", color=color)
        dots = _chart(rows).mark_point(filled=True, size=50, opacity=1).encode(
            y=y, yOffset=aside, x="value:Q", color=color, shape=shape)  # fmt: skip
        return alt.layer(zero, bars, dots).properties(width=250, height=26 * len(names))

    easy = [name for name in NAMES if name not in _HARD]
    rows = [alt.hconcat(*(panel(metric, names, title if below else "", metric == "log_loss")
                          for metric, title in _METRICS.items()), spacing=16)
            for names, below in ((list(_HARD), False), (easy, True))]  # fmt: skip
    return alt.vconcat(*rows, spacing=10)


def _speed(own: Found) -> Any:
    import altair as alt

    one, largest = own["batch"]["peers"], own["batch"]["sizes"][-1]
    telling = {"pandas and SHAP TreeExplainer": one["by_hand"]["rate"],
               "LightGBM pred_contrib": one["contributions"]["rate"],
               "jaga score, whole command": largest["reasons"]["rate"], "woodelf-explainer": one["woodelf"]["rate"],
               "Jaga's tables, reasons alone": one["reasons"]["rate"]}  # fmt: skip
    scoring = {"jaga score, whole command": largest["bare"]["rate"],
               "LightGBM predict, three boosters": one["predict"]["rate"],
               "mlflow.pyfunc, one booster": one["pyfunc"]["rate"]}  # fmt: skip
    asked: dict[str, float] = {}
    for workers, told in own["throughput"]["by_workers"].items():
        each = f"{workers} worker{'s' if workers != '1' else ''}"
        asked |= {f"{who}, {each}": median(told["rates"][key]) for who, key in (("Jaga", "jaga"), ("MLflow", "mlflow"))}

    def panel(title: str, rates: dict[str, float], unit: str) -> Any:
        rows = [{"who": who, "rate": rate, "told": f"{rate:,.0f}", "own": who.startswith(("jaga", "Jaga"))}
                for who, rate in rates.items()]  # fmt: skip
        ends = [10 ** math.floor(math.log10(min(rates.values()))), 10 ** math.ceil(math.log10(max(rates.values())))]
        tens = alt.Axis(values=[10**at for at in range(8)], format=",d")
        base = _chart(rows).encode(
            y=alt.Y("who:N", sort=list(rates), title=None, axis=alt.Axis(minExtent=230, ticks=False, domain=False)),
            x=alt.X("rate:Q", scale=alt.Scale(type="log", domain=ends), title=f"{unit}, log scale", axis=tens),
            color=alt.condition(alt.datum.own, alt.value(PRIMARY), alt.value(INK_2)))  # fmt: skip
        dots = base.mark_point(filled=True, size=90, opacity=1)
        texts = base.mark_text(align="left", dx=10).encode(text="told:N")
        return alt.layer(dots, texts).properties(width=330, height=24 * len(rows), title=title)

    return alt.vconcat(panel("Reasons of a family's risk", telling, "rows a second"),
                       panel("Scores alone", scoring, "rows a second"),
                       panel("One family a request, over HTTP", asked, "requests a second"), spacing=16)  # fmt: skip


def _size(own: Found) -> Any:
    import altair as alt

    labels = {"bare": "without reasons", "reasons": "with five reasons each"}
    color, shape = _two(labels.values())
    rows = [{"size": one["families"] / 1e6, "series": label, "minutes": one["families"] / one[name]["rate"] / 60,
             "gib": one[name]["peak_gib"]} for one in batch.sizes(own) for name, label in labels.items()]  # fmt: skip
    fitted = [*own["training_time"]["sizes"], *([own["training_memory"]] if "training_memory" in own else [])]
    fits = [{"size": one["rows"] / 1e6, "series": "training", "minutes": one["fit_s"] / 60, "gib": one["peak_gib"]}
            for one in fitted]  # fmt: skip

    def panel(rows: list[dict[str, Any]], field: str, title: str, x: str) -> Any:
        time = field == "minutes"
        tens = alt.Axis(values=[0.1, 1, 10, 100] if time else alt.Undefined, format="~g", tickCount=5)
        base = _chart(rows).encode(
            x=alt.X("size:Q", scale=alt.Scale(type="log", domain=[0.1, 20], nice=False), title=f"{x}, log scale",
                    axis=alt.Axis(format="~g", values=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20])),
            y=alt.Y(f"{field}:Q", scale=alt.Scale(type="log", domain=[0.1, 100]) if time else alt.Scale(zero=True),
                    title="minutes, log scale" if time else "GiB", axis=tens))  # fmt: skip
        many = "training" not in {row["series"] for row in rows}
        shown = {"color": color, "shape": shape} if many else {"color": alt.value(INK_2)}
        return alt.layer(base.mark_line(strokeWidth=2).encode(color=shown["color"]),
                         base.mark_point(filled=True, size=60, opacity=1).encode(**shown)
                         ).properties(width=250, height=170, title=title)  # fmt: skip

    kinds = (("minutes", "time"), ("gib", "peak memory"))
    return alt.vconcat(*(
        alt.hconcat(*(panel(own_rows, field, f"{what}, {kind}", x) for field, kind in kinds), spacing=24)
        for own_rows, what, x in ((rows, "jaga score", "million families"), (fits, "training", "million training rows"))
    ), spacing=18)  # fmt: skip


def _coverage(own: Found) -> Any:
    import altair as alt

    one = own["simulation_coverage"]
    parts = {"all": one["all"], **{KINDS[name]: part for name, part in one["by"]["kinds"].items()}}
    rows = [{"kind": f"{name} ({part['scenarios']})", "all": name == "all",
             **{key: 100 * part[key] for key in ("coverage", "low", "high")}}
            for name, part in parts.items()]  # fmt: skip
    axis = alt.Axis(ticks=False, domain=False, minExtent=200)
    y = alt.Y("kind:N", sort=[row["kind"] for row in rows], title=None, axis=axis)
    title = "per cent inside their range; dashed: the bar of all"

    def x(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=alt.Scale(domain=[40, 100], zero=False), title=title)

    color = alt.condition(alt.datum.all, alt.value(PRIMARY), alt.value(INK_2))
    bar = _chart([{"at": 100 * one["bar"]}]).mark_rule(stroke=SECOND, strokeDash=[4, 3]).encode(x=x("at"))
    base = _chart(rows).encode(y=y, color=color)
    return alt.layer(bar, base.mark_rule(strokeWidth=2).encode(x=x("low"), x2="high:Q"),
                     base.mark_point(filled=True, size=70, opacity=1).encode(x=x("coverage"))
                     ).properties(width=360, height=26 * len(rows))  # fmt: skip
