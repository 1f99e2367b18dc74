"""The gates a model passes before it may answer, and the promotion that is written down."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from features import registry
from features.commands import UserError
from models import bundle as bundles
from models import record
from training import probast, track

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


UNDERTOLD = 0.8
"""A protected group is told too small a risk where expected over observed falls lie wholly under this. Gaps of falls
caught are reported and not gated: with risks that are right in every group they follow from how often each falls
(Kleinberg, Mullainathan and Raghavan 2016, 'Inherent trade-offs in the fair determination of risk scores')."""


def gates(result: dict[str, Any], schema: dict[str, Any], champion: str | None = None) -> list[Gate]:
    """Every gate that the figures of the held-out rows decide.

    Parameters
    ----------
    result : of `jaga train`. schema : of the bundle. champion : name of the bundle that answers now, None: none does.
    """
    view = schema["view"]
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
    checks.append(_champion(result.get("champion"), champion, str(schema.get("name", ""))))
    checks.append(_fair(result.get("fairness") or {}))
    checks.append(_bias(result, schema))
    return checks


def _champion(compared: dict[str, Any] | None, champion: str | None, own: str) -> Gate:
    """Not worse than the champion on rows that neither was taught; closed where that cannot be told."""
    name = "not worse than the champion"
    if champion is None:
        return Gate(name, True, "there is no champion yet")
    if champion == own:
        return Gate(name, True, "it is the champion")
    again = "train again (jaga retrain), or promote with --accept REASON"
    if compared is None or compared["bundle"] != champion:
        other = "none" if compared is None else compared["bundle"]
        return Gate(name, False, f"it was compared with {other}, the champion is {champion}: {again}")
    if compared["differences"] is None:
        return Gate(name, False, f"it cannot be compared with {champion}: {compared['reason']}; {again}")
    found = _not_worse("the champion", compared["differences"])
    return Gate(name, found.passed, f"{champion} on {compared['rows']} rows, {compared['events']} falls: {found.found}")


def _fair(groups: dict[str, Any]) -> Gate:
    """No protected group is told a risk that is too small beyond its interval; the lowest is named either way."""
    name = "fair to protected groups"
    rule = f"the gate closes where the whole interval lies under {UNDERTOLD}"
    told = {f"{group} {level}": cell["figures"]["expected_over_observed"] for group, levels in groups.items()
            for level, cell in levels.items() if not cell["too_small"]}  # fmt: skip
    known = {who: own for who, own in told.items() if own["value"] is not None}
    if not known:
        return Gate(name, True, f"no group has rows and falls enough to be judged; {rule}")
    low = [who for who, own in known.items() if own["high"] is not None and own["high"] < UNDERTOLD]
    shown = low or [min(known, key=lambda who: known[who]["value"])]
    words = ", ".join(f"{who} {_with_interval(known[who])}" for who in shown)
    count = f"{len(known)} group{'' if len(known) == 1 else 's'} judged by expected over observed falls"
    return Gate(name, not low, f"{count}, {'told too small a risk' if low else 'lowest'}: {words}; {rule}")


def _with_interval(summary: dict[str, float | None]) -> str:
    if summary["low"] is None or summary["high"] is None:
        return f"{summary['value']:.3f} (no interval)"
    return f"{summary['value']:.3f} ({summary['low']:.3f} to {summary['high']:.3f})"


def _bias(result: dict[str, Any], schema: dict[str, Any]) -> Gate:
    """The risk-of-bias sheet: any fail closes, unknown is told."""
    items = probast.sheet(result, schema, protected_features())
    failed = [f"{item.number} {item.why}" for item in items if item.answer == "fail"]
    counts = {answer: sum(item.answer == answer for item in items) for answer in ("pass", "unknown", "fail")}
    found = ", ".join(f"{number} {answer}" for answer, number in counts.items())
    return Gate("risk of bias (PROBAST)", not failed, found + (f": {'; '.join(failed)}" if failed else ""))


def protected_features() -> tuple[str, ...]:
    """Names of the features that no model may be given."""
    return tuple(feature.name for feature in registry.all_features() if feature.protected)


def signature(version: str | None, has_one: bool) -> Gate:
    """The registered model has a signature: what answers over MLflow refuses other columns."""
    if version is None:
        return Gate("signature", False, "no registered model carries this bundle's name; train it again")
    return Gate("signature", has_one, f"registered version {version} {'has' if has_one else 'lacks'} one")


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


def promote(home: Path, path: Path, accept: str | None = None) -> list[Gate]:
    """Let a bundle through its gates and, if all pass, make it the champion; the gates say what was found.

    Parameters
    ----------
    accept : why a person lets it through where it cannot be compared with the champion; written into the record.
    """
    found = look(home, path)
    if accept:
        found = [_accepted(gate, accept) for gate in found]
    if all(gate.passed for gate in found) and record.promoted(home) != bundles.load(path).identity:
        record.promote(home, path, entry("promote", bundles.meta(path), found))
    return found


def look(home: Path, path: Path) -> list[Gate]:
    """Every gate of a bundle as it would be promoted now; nothing is changed."""
    bundle = bundles.load(path)
    meta = bundles.meta(path)
    before = record.promoted(home)
    found = gates(meta["result"], bundle.schema | {"name": bundle.name}, before and before[:12])
    return [*found, signature(*track.signature(bundle.name))]


def _accepted(gate: Gate, why: str) -> Gate:
    """A comparison that could not be made stands open by a person's word; one that was made stays as it is."""
    if gate.passed or gate.name != "not worse than the champion" or "--accept" not in gate.found:
        return gate
    return Gate(gate.name, True, f"{_ACCEPTED}{getpass.getuser()}: {why}; {gate.found.partition(': train')[0]}")


_ACCEPTED = "accepted by "


def accepted(gates: Mapping[str, Any]) -> list[str]:
    """What a person let through by word, and why, from the gates of an entry of the record."""
    return [str(one["found"]) for one in gates.values() if str(one["found"]).startswith(_ACCEPTED)]


def rollback(home: Path, name: str | None = None) -> bundles.Bundle:
    """Make an earlier champion answer again, the one before without a name; returns it. Nothing is erased.

    Raises
    ------
    UserError : there is none before, or the named one was never promoted.
    """
    past = [str(entry["bundle"]) for entry in record.entries(home)]
    if not past:
        raise UserError("no bundle was ever promoted; there is nothing to go back to")
    earlier = list(dict.fromkeys(identity for identity in reversed(past) if identity != past[-1]))
    if name:
        wanted = [identity for identity in past if identity.startswith(name)]
        if not wanted:
            raise UserError(f"bundle {name} was never promoted; jaga promote --history tells which were")
        identity = wanted[-1]
    elif earlier:
        identity = earlier[0]
    else:
        raise UserError("only one bundle was ever promoted; there is none to go back to")
    if identity == past[-1]:
        raise UserError(f"bundle {identity[:12]} is the champion already")
    path = record.folder(home) / identity[:12]
    bundle = bundles.load(path)
    meta = json.loads((path / "meta.json").read_text())
    was = next(one for one in reversed(record.entries(home)) if one["bundle"] == identity)
    made = entry("rollback", meta, [])
    record.promote(home, path, {**made, "gates": was["gates"]})
    return bundle


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
