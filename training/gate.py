"""The gates a model passes before it may answer, and the promotion that is written down."""

from __future__ import annotations

import getpass
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from features.commands import UserError
from models import bundle as bundles
from models import record

LEAK_ALARM = 0.90
"""AUC above this on register features has, in every published case read, meant a leaked label."""
SLOPE = (0.8, 1.25)
"""Range of the calibration slope on held-out rows; a year ahead .90 to .95 is usual."""
BALANCE = (0.8, 1.25)
"""Range of expected over observed falls."""
FEWEST_EVENTS = 50
BETTER_WHEN = {"log_loss": "lower", "average_precision": "higher"}


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: passed or not, and the figures in words."""

    name: str
    passed: bool
    found: str


def gates(result: dict[str, Any], view: str) -> list[Gate]:
    """Every gate, from the figures of the held-out rows."""
    own = result["models"]["jaga"]
    events = result["cohort"]["events"]
    checks = [Gate("enough events", events >= FEWEST_EVENTS, f"{events} judged falls, {FEWEST_EVENTS} needed")]
    checks += [_not_worse(name, result["differences"][name]) for name in result["differences"]]
    checks.append(_within("calibration slope", own["calibration_slope"], SLOPE))
    checks.append(_within("expected over observed", own["expected_over_observed"], BALANCE))
    auc = own["auc"]["value"]
    leak = view == "registry" and auc is not None and auc > LEAK_ALARM
    checks.append(
        Gate("leak alarm", not leak, f"AUC {auc}; alarm above {LEAK_ALARM} on the registry view, this one is {view}")
    )
    return checks


def _not_worse(name: str, difference: dict[str, Any]) -> Gate:
    """Not worse than a baseline or the champion beyond the paired interval, on either measure."""
    worse, words = False, []
    for metric, better in BETTER_WHEN.items():
        low, high = difference[metric]["low"], difference[metric]["high"]
        if low is None or high is None:
            return Gate(f"not worse than {name}", False, f"{metric} has no interval")
        worse |= low > 0 if better == "lower" else high < 0
        words.append(f"{metric} {difference[metric]['value']:+.4f} ({low:+.4f} to {high:+.4f})")
    return Gate(f"not worse than {name}", not worse, ", ".join(words))


def _within(name: str, summary: dict[str, float | None], bounds: tuple[float, float]) -> Gate:
    """Within the bounds, or outside them with an interval that still holds 1: too few falls to call it wrong."""
    value, low, high = summary["value"], summary["low"], summary["high"]
    if value is None or low is None or high is None:
        return Gate(name, False, "has no value or no interval")
    inside, holds = bounds[0] <= value <= bounds[1], low <= 1 <= high
    why = "" if inside or not holds else "; outside, but the interval holds 1"
    found = f"{value:.3f} ({low:.3f} to {high:.3f}), from {bounds[0]} to {bounds[1]} allowed{why}"
    return Gate(name, inside or holds, found)


def newest(home: Path) -> Path:
    """The bundle trained last; UserError where there is none."""
    made = {path: _created(path) for path in record.folder(home).glob("*/meta.json") if not path.parent.is_symlink()}
    if not made:
        raise UserError(f"no bundle in {record.folder(home)}; run jaga train first")
    return max(made, key=lambda path: made[path]).parent


def _created(meta: Path) -> str:
    return str(json.loads(meta.read_text()).get("created", ""))


def promote(home: Path, path: Path) -> list[Gate]:
    """Let a bundle through its gates and, if all pass, make it the champion; the gates say what was found."""
    bundle = bundles.load(path)
    meta = json.loads((path / "meta.json").read_text())
    found = gates(meta["result"], bundle.schema["view"])
    if all(gate.passed for gate in found) and record.promoted(home) != bundle.identity:
        record.promote(home, path, entry("promote", meta, found))
    return found


def entry(action: str, meta: dict[str, Any], found: list[Gate]) -> record.Entry:
    """What the record keeps of a decision."""
    figures = {name: meta["result"]["models"]["jaga"][name] for name in ("auc", "average_precision", "log_loss")}
    return {
        "action": "rollback" if action == "rollback" else "promote",
        "who": getpass.getuser(),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "data_hash": meta["data_hash"],
        "gates": {gate.name: {"passed": gate.passed, "found": gate.found} for gate in found},
        "figures": figures,
    }
