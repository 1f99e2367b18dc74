"""The audit as tables and pictures of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models import charts
from models.words import CHARTS, METRICS, word
from training import ablation_report
from training.figures import count, decimal, few, figure, interval, span
from training.groups import MEASURES

Block = dict[str, Any]
_TITLES = {"listed": "Listed", "recall": "Falls caught", "precision": "Precision",
           "expected_over_observed": "Expected over observed", "calibration_intercept": "Calibration intercept",
           "rank_residual": "Rank residual"}  # fmt: skip
_SHARES = ("listed", "recall", "precision")
_MADE = {"reseed": "Another seed", "retrain": "Other clusters", "update": "One period less"}
_EMPTY = {"groups": "Groups", "ageing": "Quality by age of the model", "gaming": "What other answers would win",
          **{name: f"List kept: {title[0].lower()}{title[1:]}" for name, title in _MADE.items()}}  # fmt: skip
MOST_GAMED = 15


def block(result: Mapping[str, Any]) -> Block | None:
    """Everything the template shows; None without an audit."""
    audit = result.get("audit")
    if not audit:
        return None
    frequency = result.get("frequency")
    return {
        "budget": audit["budget"],
        "fewest": [count(audit["fewest"][key]) for key in ("rows", "events")],
        "groups": [(name.capitalize(), _group(levels)) for name, levels in audit["groups"].items()],
        "steadiness": [[_MADE[name], f"{decimal(100 * own['kept'], 1)} %", decimal(own["jaccard"], 3),
                        count(own["models"])] for name, own in audit["stability"].items() if own],
        "ageing": [[f"{own['period']} ({span(own['age'], frequency)})", count(own["rows"]), count(own["events"]),
                    *(figure(own[name], name, own["events"]) for name in ("auc", "log_loss", "expected_over_observed"))]
                   for own in audit["ageing"]],
        "gaming": [[one["feature"].replace("_", " "), f"{one['value']:g}", f"{decimal(100 * one['moved'], 1)} points",
                    f"{decimal(100 * one['won'], 1)} %"] for one in audit["gaming"][:MOST_GAMED]],
        "reason": [(_EMPTY.get(name, name), why) for name, why in (audit.get("reason") or {}).items()],
        "verdicts": [said for said in (ablation_report.sentence(audit["ablation"]),
                                       ablation_report.whom(audit["ablation"])) if said],
        "ablation": ablation_report.table(audit["ablation"]),
        "automation": ablation_report.tables(audit["ablation"]),
    }  # fmt: skip


def pictures(result: Mapping[str, Any]) -> list[Block]:
    """Groups, horizon, steadiness, ageing and ablation, those there are."""
    audit, ladder = result.get("audit") or {}, result.get("ladder") or {}
    drawn: dict[str, list[dict[str, Any]]] = {
        "groups": [{"panel": name.capitalize(), "label": level, **cell["gaps"]["recall"]}
                   for name, levels in (audit.get("groups") or {}).items() for level, cell in levels.items()
                   if cell["gaps"]],
        "horizon": [{"panel": METRICS[metric][1], "label": f"within {span(one['periods'], result.get('frequency'))}",
                     **one[metric]} for metric in ("auc", "expected_over_observed")
                    for one in ladder.get("within") or []],
        "steadiness": [{"panel": "Share of the list kept", "label": _MADE[name], "value": own["kept"]}
                       for name, own in (audit.get("stability") or {}).items() if own],
        "ageing": [{"panel": METRICS[metric][1], "label": own["period"], **own[metric]}
                   for metric in ("auc", "log_loss") for own in audit.get("ageing") or []],
        "ablation": ablation_report.drawn(audit.get("ablation") or {}),
    }  # fmt: skip
    # Where nothing has a value the tables and `reason` say why; an empty box would not.
    shown = {name: [row for row in rows if row["value"] is not None] for name, rows in drawn.items()}
    return [{"name": name, "title": word(CHARTS, name, "en"), "about": word(CHARTS, f"{name}.about", "en"),
             "svg": charts.ranges(name, rows)} for name, rows in shown.items() if rows]  # fmt: skip


def _group(levels: Mapping[str, Any]) -> Block:
    """One grouping: each level's figures and gaps to the rest."""
    rows = []
    for level, cell in levels.items():
        size = f"{count(cell['rows'])} rows, {count(cell['events'])} falls"
        if cell["too_small"]:
            rows.append((f"{level} ({size})", [(few(cell["rows"], cell["events"]), "")] * len(MEASURES)))
            continue
        if not cell["gaps"]:
            why = f"no gap, the rest: {few(**cell['rest'])}"
            rows.append((f"{level} ({size})", [(f"{_cell(cell['figures'][name], name)}; {why}", "")
                                               for name in MEASURES]))  # fmt: skip
            continue
        rows.append((f"{level} ({size})", [
            (f"{_cell(cell['figures'][name], name)}; gap {_signed(cell['gaps'][name], name)}",
             _range(cell["gaps"][name], name)) for name in MEASURES]))  # fmt: skip
    return {"head": [_TITLES[name] for name in MEASURES], "rows": rows}


def _metric(name: str) -> str:
    return "recall_" if name in _SHARES else name


def _cell(summary: Mapping[str, Any], name: str) -> str:
    return figure(summary, _metric(name), None)


def _signed(summary: Mapping[str, Any], name: str) -> str:
    value = summary["value"]
    return "" if value is None else ("+" if value > 0 else "") + figure(summary, _metric(name), None, gap=True)


def _range(summary: Mapping[str, Any], name: str) -> str:
    return interval(summary, _metric(name), gap=True)
