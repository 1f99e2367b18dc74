"""The gates: what the figures of held-out rows say of a model, pass, fail, or unknown where they are too few to tell.

An unknown gate is closed like a failed one, but a person may answer for it: with a reason, which is recorded with the
name. What failed stays closed whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from features import registry
from training import probast
from training.figures import LOWER_IS_BETTER, few
from training.limits import ALARM, TOLERANCE, WIDEST, Answer, Summary, calibrated, margins, worst

Facts = Mapping[str, Any]

FEWEST_EVENTS = 50
UNDERTOLD = 0.8
"""A protected group is told too small a risk where expected over observed falls lie wholly under this. Gaps of falls
caught are reported and not gated: with risks that are right in every group they follow from how often each falls
(Kleinberg, Mullainathan and Raghavan 2016, 'Inherent trade-offs in the fair determination of risk scores')."""
FEW = "too few falls to tell"
OFFICE = ("welfare_rank", "welfare_rule", "last_status")
"""Rules that an office has without a fitted model: a model must be ahead of each in both figures, not only not worse
(`training.limits.MARGIN`)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who answers for an unknown gate, and why."""

    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its answer, the figures in words, and the person who answers for an unknown one."""

    name: str
    answer: Answer
    found: str
    accepted: Accepted | None = None

    @property
    def open(self) -> bool:
        """Whether the model may go through."""
        return self.answer == "pass" or (self.answer == "unknown" and self.accepted is not None)

    @property
    def key(self) -> str:
        """The name as `jaga promote --accept` takes it."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    def told(self) -> dict[str, Any]:
        """As the promotion record keeps it."""
        own: dict[str, Any] = {"passed": self.answer == "pass", "answer": self.answer, "found": self.found}
        return own | ({"accepted": {"who": self.accepted.who, "why": self.accepted.why}} if self.accepted else {})


def gates(result: Facts, schema: Facts, champion: str | None = None) -> list[Gate]:
    """Every gate that the figures of the held-out rows decide.

    Parameters
    ----------
    result : of `jaga train`. schema : of the bundle. champion : name of the bundle that answers now, None: none does.
    """
    own, events = result["models"]["jaga"], result["cohort"]["events"]
    rate = events / max(1, result["cohort"]["rows"])
    enough: Answer = "pass" if events >= FEWEST_EVENTS else "fail"
    auc = own["auc"]["value"]
    leak = auc is not None and auc > ALARM
    return [
        Gate("enough events", enough, f"{events} judged falls, {FEWEST_EVENTS} needed"),
        _judged(result),
        *(_not_worse(name, difference, rate) for name, difference in result["differences"].items()),
        _within("calibration slope", own["calibration_slope"]),
        _within("expected over observed", own["expected_over_observed"]),
        Gate("leak alarm", "fail" if leak else "pass", f"AUC {auc}; alarm above {ALARM} in every view, this one is "
             f"{schema['view']}"),
        _champion(result.get("champion"), champion, str(schema.get("name", ""))),
        _fair(result.get("fairness") or {}),
        _bias(result, schema),
    ]  # fmt: skip


def _within(name: str, summary: Summary) -> Gate:
    answer = calibrated(summary)
    if summary["value"] is None:
        return Gate(name, answer, f"has no value: {FEW}")
    rule = f"from {TOLERANCE[0]} to {TOLERANCE[1]} allowed, its interval from {WIDEST[0]:.2f} to {WIDEST[1]:.2f}"
    few = f"; {FEW}" if answer == "unknown" else ""
    return Gate(name, answer, f"{_with_interval(summary)}, {rule}{few}")


def _not_worse(name: str, difference: Mapping[str, Summary], rate: float) -> Gate:
    """Worse beyond the paired interval on either measure fails; an interval that reaches past the margin is unknown.

    So is a model whose figure is not ahead of a rule of the office: the margin alone would call it "not worse".
    """
    worse, unsure, behind, words = False, False, [], []
    for metric, most in margins(rate).items():
        value, low, high = (difference[metric][key] for key in ("value", "low", "high"))
        if value is None or low is None or high is None:
            unsure = True
            words.append(f"{metric} has no interval")
            continue
        lower = metric in LOWER_IS_BETTER
        least, bad = (low, high) if lower else (-high, -low)
        worse, unsure = worse or least > 0, unsure or bad > most
        if name in OFFICE and not (value < 0 if lower else value > 0):
            behind.append(metric)
        words.append(f"{metric} {value:+.4f} ({low:+.4f} to {high:+.4f}; {most:.4f} worse at most)")
    answer: Answer = "fail" if worse else "unknown" if unsure or behind else "pass"
    why = f"; not ahead of this rule, which needs no model, on {' and '.join(behind)}" if behind else ""
    why += f"; {FEW}" if unsure and not worse else ""
    return Gate(f"not worse than {name}", answer, ", ".join(words) + why)


def _judged(result: Facts) -> Gate:
    """Which baselines the model was held against, and which not, with the reason."""
    own, lacking = list(result["differences"]), result.get("left_out") or {}
    found = f"judged beside {', '.join(own) or 'none'}"
    found += "".join(f"; not beside {name}: {why}" for name, why in lacking.items())
    return Gate("baselines", "pass" if own else "unknown", found)


def _champion(compared: Facts | None, champion: str | None, own: str) -> Gate:
    """Not worse than the champion on rows that neither was taught; unknown where that cannot be told."""
    name = "not worse than the champion"
    if champion is None:
        return Gate(name, "pass", "there is no champion yet")
    if champion == own:
        return Gate(name, "pass", "it is the champion")
    if compared is None or compared["bundle"] != champion:
        other = "none" if compared is None else compared["bundle"]
        return Gate(name, "unknown", f"it was compared with {other}, the champion is {champion}: train again (jaga "
                    "retrain)")  # fmt: skip
    if compared["differences"] is None:
        return Gate(name, "unknown", f"it cannot be compared with {champion}: {compared['reason']}")
    found = _not_worse("the champion", compared["differences"], compared["events"] / max(1, compared["rows"]))
    size = f"{champion} on {compared['rows']} rows, {compared['events']} falls"
    return Gate(name, found.answer, f"{size}: {found.found}")


def _fair(groups: Facts) -> Gate:
    """No protected group is told a risk that is too small beyond its interval; the lowest is named either way.

    Unknown where a group that the data tell apart, the one or the other side of it, is too small to be judged.
    """
    name = "fair to protected groups"
    rule = f"the gate closes where the whole interval lies under {UNDERTOLD}"
    told = {f"{group} {level}": cell["figures"]["expected_over_observed"] for group, levels in groups.items()
            for level, cell in levels.items() if not cell["too_small"]}  # fmt: skip
    known = {who: own for who, own in told.items() if own["value"] is not None}
    dark = [f"{group} {level} ({few(cell['rows'], cell['events'])})" for group, levels in groups.items()
            for level, cell in levels.items() if f"{group} {level}" not in known]  # fmt: skip
    unjudged = f"; not to be judged: {', '.join(dark)}" if dark else ""
    if not known:
        return Gate(name, "unknown", f"no group has rows and falls enough to be judged{unjudged}; {rule}")
    low = [who for who, own in known.items() if own["high"] is not None and own["high"] < UNDERTOLD]
    shown = low or [min(known, key=lambda who: known[who]["value"])]
    words = ", ".join(f"{who} {_with_interval(known[who])}" for who in shown)
    count = f"{len(known)} group{'' if len(known) == 1 else 's'} judged by expected over observed falls"
    found = f"{count}, {'told too small a risk' if low else 'lowest'}: {words}{unjudged}; {rule}"
    return Gate(name, "fail" if low else "unknown" if dark else "pass", found)


def _with_interval(summary: Summary) -> str:
    if summary["low"] is None or summary["high"] is None:
        return f"{summary['value']:.3f} (no interval)"
    return f"{summary['value']:.3f} ({summary['low']:.3f} to {summary['high']:.3f})"


def _bias(result: Facts, schema: Facts) -> Gate:
    """The risk-of-bias sheet: any fail closes, and what neither the run nor a person answered is unknown."""
    items = probast.sheet(result, schema, protected_features())
    by = {answer: [item for item in items if item.answer == answer] for answer in ("pass", "unknown", "fail")}
    found = ", ".join(f"{len(own)} {answer}" for answer, own in by.items())
    told = [f"{item.number} {item.why}" for item in (*by["fail"], *by["unknown"])]
    told += [f"{item.number} {item.answer}, {item.why}" for item in items if item.who and item.answer == "pass"]
    return Gate(
        "risk of bias (PROBAST)",
        worst([item.answer for item in items]),
        found + (f": {'; '.join(told)}" if told else ""),
    )


def protected_features() -> tuple[str, ...]:
    """Names of the features that no model may be given."""
    return tuple(feature.name for feature in registry.all_features() if feature.protected)


def signature(version: str | None, has_one: bool) -> Gate:
    """The registered model has a signature: what answers over MLflow refuses other columns."""
    if version is None:
        return Gate("signature", "fail", "no registered model carries this bundle's name; train it again")
    answer: Answer = "pass" if has_one else "fail"
    return Gate("signature", answer, f"registered version {version} {'has' if has_one else 'lacks'} one")
