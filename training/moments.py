"""Moments of a synthetic folder beside the published ones, each judged at its own date and headcount."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from training import moments_cross, moments_dynamic, moments_families, moments_lives, moments_panel, moments_people
from training.moments_cross import Cells
from training.moments_weights import Value

RULE = (
    "in: the error is at most the tolerance plus two standard errors of sampling; cannot tell: it is, and these two "
    "alone exceed the tolerance, so that a value outside it would often pass too"
)
MISSING = {
    "cell_error": "the folder holds no clean cells to compare with; an assumption of the generator",
    "pass_through": "the tables hold no loss of income by illness",
    "ever_chronic": "needs a panel of 21 years",
    "layoffs": "the tables do not tell which lay-offs a firm recorded",
    "robots": "a figure of five countries, without a count of Indonesian families",
    "error_share": "no figure was found to hold it against; the value comes from the assumptions",
}
"""Why a moment is not measured in any folder."""
NO_WAVE = "the panel has no wave of that date, is too short or lacks the column"


@dataclass(frozen=True, slots=True)
class Target:
    """A row of the table of targets."""

    number: str
    key: str
    moment: str
    target: float | None
    tolerance: float | None
    kind: str
    unit: str
    year: str
    mark: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A target beside what was measured.

    `value`, `error` (one standard error) and `family` (family weights, dynamic moments) are None where not measured;
    for a moment of many places `value` counts those within the tolerance plus two standard errors and `of` all of
    them. `verdict` is `in`, `out`, `cannot tell`, `no target` or `not measured`.
    """

    target: Target
    verdict: str
    value: float | None = None
    error: float | None = None
    family: float | None = None
    of: int | None = None
    worst: str = ""
    reason: str = ""
    cells: tuple[dict[str, Any], ...] = field(default=())

    @property
    def farthest(self) -> str:
        """What is told of the places of a row that is not in."""
        return self.worst if self.verdict in ("out", "cannot tell") else ""


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, where they come from, and the chance of falling back in each year since leaving poverty."""

    rows: tuple[Row, ...]
    manifest: dict[str, Any]
    hazard: tuple[float, ...] = ()

    def counts(self) -> dict[str, int]:
        """Rows by verdict."""
        kinds = ("in", "out", "cannot tell", "no target", "not measured")
        return {kind: sum(row.verdict == kind for row in self.rows) for kind in kinds}

    def table(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {"synthetic": True, "config": self.manifest.get("config", {}), "rule": RULE, "counts": self.counts(),
                "re_entry_by_year": [round(value, 6) for value in self.hazard],
                "rows": [asdict(row.target) | {k: v for k, v in asdict(row).items() if k != "target"}
                         for row in self.rows]}  # fmt: skip


def targets() -> tuple[Target, ...]:
    """The published moments, in order."""
    text = (files("training") / "moments_targets.csv").read_text(encoding="utf-8")
    out = []
    for row in csv.DictReader(text.splitlines()):
        goal, tolerance = (float(row[name]) if row[name] else None for name in ("target", "tolerance"))
        words = {name: row[name] for name in row if name not in ("target", "tolerance")}
        out.append(Target(target=goal, tolerance=tolerance, **words))
    return tuple(out)


def measure(folder: Path) -> Report:
    """Measure every moment that the folder allows; UserError where it is no synthetic folder."""
    panel = moments_panel.load(folder)
    cross = moments_cross.measure(panel)
    people = moments_people.measure(panel)
    values = cross.values | people.values | moments_families.measure(panel) | moments_lives.measure(panel)
    values |= moments_dynamic.measure(panel)
    family = moments_dynamic.measure(panel, person=False)
    cells = cross.cells | people.cells
    rows = tuple(_row(target, values.get(target.key), family.get(target.key), cells.get(target.key))
                 for target in targets())  # fmt: skip
    hazard = tuple(values[key][0] for year in range(1, moments_dynamic.YEARS_OUT + 1)
                   if (key := f"re_entry_{year}") in values)  # fmt: skip
    return Report(rows, panel.manifest, hazard)


def _row(target: Target, value: Value | None, family: Value | None, cells: Cells | None) -> Row:
    if cells is not None and len(cells.value):
        return _places(target, cells)
    if value is None or not math.isfinite(value[0]):
        return Row(target, "not measured", reason=MISSING.get(target.key, NO_WAVE))
    error = value[1] if math.isfinite(value[1]) else None
    other = family[0] if family and math.isfinite(family[0]) else None
    return Row(target, verdict(target, value[0], error or 0.0), value[0], error, other)


def verdict(target: Target, value: float, error: float) -> str:
    """`in` where the value is within the tolerance plus two standard errors; `max` and `min` judge one side.

    `cannot tell` where it is, but two standard errors alone exceed the tolerance: so small a panel would pass with
    most errors. A value that is two standard errors or more on the right side of its bound is `in` all the same.
    """
    if target.target is None or target.tolerance is None or target.kind == "none":
        return "no target"
    off = value - target.target
    off = off if target.kind == "max" else -off if target.kind == "min" else abs(off)
    tolerance = target.tolerance * (target.target if target.kind == "rel" else 1.0)
    if off > tolerance + 2 * error + 1e-12:
        return "out"
    return "cannot tell" if 2 * error > tolerance and off + 2 * error > tolerance else "in"


def _places(target: Target, cells: Cells) -> Row:
    unit = cells.target if target.kind == "provinces_rel" else np.ones(len(cells.value))
    tolerance = (target.tolerance or 0.0) * unit
    room = tolerance + 2 * cells.error
    off = np.abs(cells.value - cells.target)
    inside, unsure = off <= room + 1e-12, 2 * cells.error > tolerance
    last = int(np.argmax(off / np.maximum(room, 1e-12)))
    worst = f"{cells.label[last]}: {figure(cells.value[last])} for {figure(cells.target[last])}"
    each = tuple({"label": label, "value": float(value), "target": float(goal), "error": float(error), "in": bool(ok)}
                 for label, value, goal, error, ok in
                 zip(cells.label, cells.value, cells.target, cells.error, inside, strict=True))  # fmt: skip
    said = "out" if not inside.all() else "cannot tell" if unsure.any() else "in"
    if said == "cannot tell":
        worst = f"too few families in {unsure.sum()} of {len(unsure)} places"
    return Row(target, said, float(inside.sum()), None, None, len(inside), worst, cells=each)


def figure(value: float | None) -> str:
    """A figure in print, with as many digits as it needs."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2f}" if abs(value) >= 10 else f"{value:.4g}"


def shown(row: Row) -> tuple[str, str, str]:
    """Target, value and sampling error in print."""
    if row.of is not None:
        return "table", f"{row.value:.0f} of {row.of}", ""
    sign = {"max": "at most ", "min": "at least "}.get(row.target.kind, "") if row.target.target is not None else ""
    return sign + figure(row.target.target), figure(row.value), figure(row.error)


def lines(report: Report) -> Sequence[str]:
    """The table in print."""
    head = f"{'no':>4} {'moment':58} {'mark':9} {'target':>15} {'tol.':>7} {'value':>12} {'s.e.':>9}  verdict"
    out = [head]
    for row in report.rows:
        target, value, error = shown(row)
        rel = "%" if row.target.kind in ("rel", "provinces_rel") else ""
        room = row.target.tolerance
        tolerance = "" if room is None else f"{100 * room:g}%" if rel else f"{room:g}"
        family = "" if row.family is None else f"families {figure(row.family)}"
        tail = "; ".join(part for part in (row.reason, row.farthest, family) if part)
        left = f"{row.target.number:>4} {row.target.moment[:58]:58} {row.target.mark:9} {target:>15} {tolerance:>7}"
        out.append(f"{left} {value:>12} {error:>9}  {row.verdict}{': ' if tail else ''}{tail}")
    counts = report.counts()
    return [*out, "", ", ".join(f"{number} {kind}" for kind, number in counts.items()), RULE]
