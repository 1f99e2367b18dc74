"""The HTML report of `jaga evaluate`: one file that needs no network and no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from features.types import Array
from models import charts
from models.words import BUDGETS, CHARTS, KINDS, METRICS, MODELS, word
from training import audit_report, chances_report, curves, places
from training.figures import (
    about_panel,
    answer,
    count,
    decimal,
    design,
    few,
    figure,
    interval,
    judged_rows,
    last_window,
    span,
    strongest,
    strongest_beside,
    verdict,
)
from training.gates import OFFICE
from training.limits import too_few
from training.metrics import LISTS, ORDER, SIZES, WORTH

Block = dict[str, Any]
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Order of the list", ("auc", "average_precision")),
    ("Lists under a budget", tuple(f"{name}_at_{size}" for name in LISTS for size in SIZES)),
    ("What a list is worth", tuple(f"{name}_at_{size}" for name in WORTH for size in SIZES)),
    ("Probabilities", ("log_loss", "brier", "brier_skill", "calibration_slope", "calibration_intercept",
                       "expected_over_observed", "ece")),
)  # fmt: skip
COMPARED = ("auc", "average_precision", "log_loss", "brier", *(f"recall_at_{k}" for k in BUDGETS))
BANDS = {"vulnerable": "Vulnerable band", "strict": "Out of poverty strictly"}
LINED = ("gain", "roc", "precision_recall")
"""Pictures of a line a method."""
MOST_LINES = 4
PARTS = ("auc", "average_precision", "log_loss", "calibration_slope", "recall_at_10", "precision_at_10")


def drawn(result: Mapping[str, Any], scores: Mapping[str, Array], y: Array, weights: Array,
          ) -> tuple[str, list[Block]]:  # fmt: skip
    """The report of one evaluation as HTML text, and the pictures of its scores, as `figures`.

    Parameters
    ----------
    result : what `jaga evaluate --json` writes (docs/schema/evaluate.schema.json).
    scores : name to n probabilities of the judged rows; the pictures are drawn from them.
    y, weights : n outcomes (0 or 1) and weights of the judged rows.
    """
    pictures, undrawn = figures(result, scores, y, weights)
    return _page(result, pictures, undrawn), pictures


def render(result: Mapping[str, Any], scores: Mapping[str, Array], y: Array, weights: Array) -> str:
    """The report alone, as `drawn`; the same input gives the same bytes."""
    return drawn(result, scores, y, weights)[0]


def _page(result: Mapping[str, Any], pictures: list[Block], undrawn: list[tuple[str, str]]) -> str:
    return str(
        _template().render(
            result=result,
            answer=answer(result),
            second=strongest_beside(result),
            panel=about_panel(result),
            facts=_facts(result),
            horizon=span(result["horizon"], result.get("frequency")),
            lookback=span(result["lookback"], result.get("frequency")),
            counts=_counts(result),
            door=[
                (name, [count(own[key]) for key in ("rows", "admitted", "quarantined")])
                for name, own in (result.get("counts") or {}).items()
            ],
            figures=[*pictures, *audit_report.pictures(result)],
            undrawn=undrawn,
            audit=audit_report.block(result),
            bins=_bins(result),
            places=_places(result),
            tables=[(title, _table(result, metrics)) for title, metrics in GROUPS],
            differences=_differences(result, COMPARED),
            kinds=[_part(word(KINDS, name, "en"), part) for name, part in result["kinds"].items()],
            bands=[
                _part(BANDS.get(name, f"{name} lines"), part)
                for name, part in result["bands"].items()
                if part["cohort"]["rows"]
            ],
            downgrade=_downgrade(result),
            worth=_worth(result),
            reason=result.get("reason") or {},
            splits=_splits(result),
            left_out=[(word(MODELS, name, "en"), why) for name, why in (result.get("left_out") or {}).items()],
            notes=result.get("notes") or [],
            warnings=result.get("warnings") or [],
            ladder=chances_report.ladder(result.get("ladder"), result.get("frequency")),
            coverage=chances_report.coverage(result.get("interval")),
            oracle=chances_report.oracle(result.get("oracle"), PARTS),
            chosen=[(name.replace("_", " "), _plain(value)) for name, value in (result.get("chosen") or {}).items()],
        )
    )


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    return environment.get_template("report.html")


def _facts(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was judged, as terms and descriptions; what the result does not say is left out."""
    cohort, frequency = result["cohort"], result.get("frequency")
    facts = [
        ("Source", result.get("source")),
        ("Place", result.get("place")),
        ("Poverty line", result.get("line")),
        ("Horizon", span(result["horizon"], frequency)),
        ("View", result.get("view")),
        ("Bundle", result.get("bundle")),
        ("Design", design(result)),
        ("Judged from", None if _crossed(result) else result.get("test_from")),
        ("Judged origins", _span(cohort)),
        (
            "Trained on origins" + (f", {last_window(result)}" if last_window(result) else ""),
            _span(result.get("train") or {}),
        ),
        ("Judged rows", judged_rows(cohort)),
        ("Falls among them", f"{count(cohort['events'])}{_rate(cohort)}"),
        ("Look-back", span(result["lookback"], frequency)),
        ("Publication lag", f"{result['lag_days']} days" if "lag_days" in result else None),
        ("Seed", result.get("seed")),
        ("Intervals", _bootstrap(result)),
    ]
    return [(name, str(value)) for name, value in facts if value not in (None, "")]


def _crossed(result: Mapping[str, Any]) -> bool:
    """Whether clusters were crossed and time was not: no origin is the first judged."""
    return bool(result.get("design") == "grouped cross-validation")


def _span(part: Mapping[str, Any]) -> str:
    return f"{part['from']} to {part['to']}" if "from" in part and "to" in part else ""


def _rate(cohort: Mapping[str, Any]) -> str:
    return f", weighted rate {decimal(100 * cohort['rate'], 1)} %" if cohort.get("rate") is not None else ""


def _bootstrap(result: Mapping[str, Any]) -> str:
    own = result.get("bootstrap")
    if not own:
        return ""
    return f"{decimal(100 * own['level'], 0)} %, {count(own['resamples'])} resamples of whole {own['unit']}s"


def _counts(result: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Rows by what became of them: name, number, meaning."""
    cohort, train, where = result["cohort"], result.get("train") or {}, last_window(result)
    rows = [
        ("Trained on", train.get("rows"), f"{count(train.get('events', 0))} of them falls" + (where and f"; {where}")),
        ("Judged", cohort["rows"], f"{count(cohort['events'])} of them falls" + (where and "; in all of them")),
        ("Embargoed", cohort.get("embargoed"), "earlier rows whose outcome was not known on the first judged day"),
        (
            "Shared clusters",
            cohort.get("shared_clusters"),
            "earlier rows whose cluster is judged, by all windows",
        ),
        ("Drawn for training", cohort.get("shared_judged"), "later rows not judged since their cluster trains"),
        ("Censored", cohort.get("censored"), "rows to be judged that were not seen again; weights make up for them"),
    ]
    return [(name, count(value), why) for name, value, why in rows if value is not None]


def figures(result: Mapping[str, Any], scores: Mapping[str, Array], y: Array, weights: Array,
            ) -> tuple[list[Block], list[tuple[str, str]]]:  # fmt: skip
    """Every picture that has something to show, with its title and what to read in it; of the others title and why."""
    y, weights = np.asarray(y, dtype=float), np.asarray(weights, dtype=float)
    main = {name: p for name, p in scores.items() if name == "jaga"} or dict(scores)
    lines = {name: scores[name] for name in _lines(result, scores)}
    rest = " The other methods are in the tables." if len(lines) < len(scores) else ""
    tables: dict[str, tuple[Callable[[curves.Table], str], curves.Table]] = {
        "gain": (charts.gain, curves.gain(lines, y, weights)),
        "dots": (charts.dots, [row for row in curves.dots(result) if row["value"] is not None]),
        "roc": (charts.roc, curves.roc(lines, y, weights)),
        "precision_recall": (charts.precision_recall, curves.precision_recall(lines, y, weights)),
        "distribution": (charts.distribution, curves.distribution(main, y, weights)),
        "reliability": (charts.reliability, _with_interval(result)),
    }
    cohort = result["cohort"]
    why = few(cohort["rows"], cohort["events"]) if too_few(cohort["rows"], cohort["events"]) else "no score has a value"
    drawn = [{"name": name, "title": word(CHARTS, name, "en"), "svg": draw(rows),
              "about": word(CHARTS, f"{name}.about", "en") + (rest if name in LINED else "")}
             for name, (draw, rows) in tables.items() if rows]  # fmt: skip
    return drawn, [(word(CHARTS, name, "en"), why) for name, (_, rows) in tables.items() if not rows]


def _lines(result: Mapping[str, Any], scores: Mapping[str, Array]) -> list[str]:
    """Of which methods a line is drawn: Jaga, the strongest baseline and a rule; ten lines over each other tell
    nothing. All where they are few, or where Jaga is not among them."""
    if len(scores) <= MOST_LINES or "jaga" not in scores:
        return list(scores)
    best = strongest(result)
    rule = next((name for name in OFFICE if name in scores and name != best), None)
    return [name for name in scores if name in ("jaga", best, rule)]


def _with_interval(result: Mapping[str, Any]) -> curves.Table:
    """What each model told against what came; a bin whose clusters are too few for an interval is not shown."""
    return [row for row in result.get("reliability") or [] if row["observed"] is not None and row["low"] is not None]


def _bins(result: Mapping[str, Any]) -> list[list[str]]:
    """The reliability picture of Jaga as a table."""
    return [[f"{decimal(100 * row['predicted'], 1)} %", f"{decimal(100 * row['observed'], 1)} %",
             f"{decimal(100 * row['low'], 1)} to {decimal(100 * row['high'], 1)} %", count(row["rows"]),
             count(row["events"])] for row in _with_interval(result) if row["model"] == "jaga"]  # fmt: skip


def _places(result: Mapping[str, Any]) -> Block | None:
    """Calibration by province and urban or rural; None in a result that does not tell it."""
    found = result.get("calibration_by_place")
    if not found:
        return None
    titles = _province_names() if result.get("place") == "Indonesia" else {}
    rows = []
    for name, cell in found["cells"].items():
        code, _, rest = name.partition(" ")
        title = name if name == places.TOGETHER else f"{titles.get(code, code)} {rest}".strip()
        size = [(count(cell["rows"]), ""), (count(cell["events"]), "")]
        shares = [(few(cell["rows"], cell["events"]), ""), ("", ""), ("", "")] if cell["too_small"] else [
            (figure(cell["expected_over_observed"], "expected_over_observed", cell["events"]),
             interval(cell["expected_over_observed"], "expected_over_observed")),
            *((figure(cell[key], "recall_", cell["events"]), interval(cell[key], "recall_"))
              for key in ("told", "fell"))]  # fmt: skip
        rows.append((title, [*shares, *size]))
    fewest = [count(found["fewest"][key]) for key in ("rows", "events")]
    head = ["Expected over observed", "Mean risk told", "Fell", "Rows", "Falls"]
    return {"reason": found["reason"], "fewest": fewest, "table": {"head": head, "rows": rows}}


def _province_names() -> Mapping[str, str]:
    from features.sources.synthetic.figures import names

    return names()


def _table(part: Mapping[str, Any], metrics: tuple[str, ...]) -> Block:
    """Metrics by model: head and rows of (value, interval). A metric that no model has a value of gets no row (what
    would tell it stands below, `_worth`), and a part that is too small `none` in place of rows, which says so."""
    cohort, models = part["cohort"], part["models"].values()
    rows, events = cohort["rows"], cohort["events"]
    shown = [metric for metric in metrics if any((own.get(metric) or {}).get("value") is not None for own in models)]
    return {
        "none": f"no figures, {few(rows, events)}." if too_few(rows, events) else "",
        "head": [word(MODELS, name, "en") for name in part["models"]],
        "rows": [
            (word(METRICS, metric, "en"),
             [(figure(own.get(metric), metric, events), interval(own.get(metric), metric)) for own in models])
            for metric in shown
        ],
    }  # fmt: skip


def _differences(part: Mapping[str, Any], metrics: tuple[str, ...]) -> Block:
    """Paired differences by baseline: head and rows of (value, interval, verdict)."""
    events, found = part["cohort"]["events"], part["differences"]
    return {
        "head": [word(MODELS, name, "en") for name in found],
        "rows": [] if not found or too_few(part["cohort"]["rows"], events) else [
            (word(METRICS, metric, "en"),
             [(figure(own.get(metric), metric, events, gap=True), interval(own.get(metric), metric, gap=True),
               verdict(own.get(metric), metric, part["cohort"])) for own in found.values()])
            for metric in metrics
        ],
    }  # fmt: skip


def _part(title: str, part: Mapping[str, Any]) -> Block:
    cohort = part["cohort"]
    return {
        "title": title,
        "size": f"{count(cohort['rows'])} rows, {count(cohort['households'])} households, "
                f"{count(cohort['events'])} falls{_rate(cohort)}",
        "table": _table(part, PARTS),
        "differences": _differences(part, ("auc", "average_precision", "log_loss", "recall_at_10")),
    }  # fmt: skip


def _downgrade(result: Mapping[str, Any]) -> Block | None:
    """The order of the scores against one rung or more down; None where rungs are not known."""
    part = (result.get("outcomes") or {}).get("downgrade")
    if not part:
        return None
    shown = (*ORDER, "recall_at_10", "precision_at_10")
    cohort = part["cohort"]
    return {"size": f"{count(cohort['rows'])} rows, {count(cohort['events'])} downgrades{_rate(cohort)}",
            "table": _table(part, shown), "differences": _differences(part, shown)}  # fmt: skip


def _worth(result: Mapping[str, Any]) -> list[str]:
    """What welfare, months and the budget stand on, a sentence each."""
    worth, reason = result.get("worth"), result.get("reason") or {}
    if not worth:
        return []
    said = [f"Welfare: not told, {reason.get('welfare') or worth['welfare']}." if worth["welfare"] else
            f"Welfare: each listed household gets {worth['transfer']:g} of its poverty line; 0 is nobody, 1 the best "
            f"list of the same length; welfare under {worth['floor']:g} lines counts as that (after Hanna and Olken "
            "2018)."]  # fmt: skip
    if worth["months"]:
        said.append(f"Months: not told, {worth['months']}.")
    if worth["places"] is not None:
        said.append(f"Budget: {count(worth['budget'])} at each origin, {count(worth['benefit'])} a family: "
                    f"{count(worth['places'])} places over all judged origins.")  # fmt: skip
    else:
        said.append("Budget: no list of a sum of money, none was given (--budget SUM --benefit PER_FAMILY).")
    return said


def _splits(result: Mapping[str, Any]) -> list[list[str]]:
    """The windows as rows of a table, where there are several."""
    own = result.get("splits") or []
    return (
        [
            [
                one["test_from"] or "crossed",
                *(count(one[part][key]) for part in ("train", "judged") for key in ("rows", "events")),
            ]
            for one in own
        ]
        if len(own) > 1
        else []
    )


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
