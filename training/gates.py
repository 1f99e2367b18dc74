"""The gates: what the figures of held-out rows say of a model, pass, fail, or unknown where they are too few to tell.

An unknown gate is closed like a failed one, but a person may answer for it: with a reason, which is recorded with the
name. What failed stays closed whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from features import registry
from models.fairness import LOWEST, UNDERTOLD, told_enough
from models.words import GROUPS, LEVELS, METRICS, MODELS, VIEWS, lacking, word
from training import probast
from training.figures import LOWER_IS_BETTER, few
from training.limits import (
    ALARM,
    FEWEST_CLUSTERS,
    TOLERANCE,
    WIDEST,
    Answer,
    Summary,
    calibrated,
    few_clusters,
    margin_of_gain,
    margins,
    worst,
)
from training.sentences import Say

Facts = Mapping[str, Any]

FEWEST_EVENTS = 50
OFFICE = ("welfare_rule", "welfare_rank", "last_status")
"""Rules that an office has without a fitted model: a model must be ahead of each in both figures, not only not worse
(`training.limits.MARGIN`)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who answers for an unknown gate, and why; why_id : the same in Bahasa Indonesia where it was told."""

    who: str
    why: str
    why_id: str = ""

    def told(self) -> dict[str, str]:
        """As the promotion record keeps it."""
        return {"who": self.who, "why": self.why} | ({"why_id": self.why_id} if self.why_id else {})


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its answer, the figures in words, in English and in Bahasa Indonesia, and the person who answers for an
    unknown one."""

    name: str
    answer: Answer
    found: str
    found_id: str = ""
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
        own: dict[str, Any] = {"passed": self.answer == "pass", "answer": self.answer, "found": self.found,
                               "found_id": self.found_id}  # fmt: skip
        return own | ({"accepted": self.accepted.told()} if self.accepted else {})


ENGLISH, INDONESIAN = Say("gates", "en"), Say("gates", "id")


def gates(result: Facts, schema: Facts, champion: str | None = None) -> list[Gate]:
    """Every gate that the figures of the held-out rows decide.

    Parameters
    ----------
    result : of `jaga train`. schema : of the bundle. champion : name of the bundle that answers now, None: none does.
    """
    both = zip(*(_gates(result, schema, champion, say) for say in (ENGLISH, INDONESIAN)), strict=True)
    return [replace(english, found_id=other.found) for english, other in both]


def _gates(result: Facts, schema: Facts, champion: str | None, say: Say) -> list[Gate]:
    own, events = result["models"]["jaga"], result["cohort"]["events"]
    rate = events / max(1, result["cohort"]["rows"])
    enough: Answer = "pass" if events >= FEWEST_EVENTS else "fail"
    auc = own["auc"]["value"]
    leak = auc is not None and auc > ALARM
    view = schema["view"] if say.language == "en" else word(VIEWS, schema["view"], say.language)

    def sure(gate: Gate) -> Gate:
        return _on_clusters(gate, result["cohort"], say)

    return [
        Gate("enough events", enough, "; ".join([say("events", events=events, needed=FEWEST_EVENTS),
                                                 *([say("more")] if enough == "fail" else [])])),
        _judged(result, say),
        *(sure(_not_worse(name, difference, rate, say)) for name, difference in result["differences"].items()),
        sure(_within("calibration slope", "calibration_slope", result, say)),
        sure(_within("expected over observed", "expected_over_observed", result, say)),
        Gate("leak alarm", "fail" if leak else "pass",
             say("leak", auc="-" if auc is None else (auc, 3), alarm=(ALARM, 2), view=view)),
        _champion(result.get("champion"), champion, str(schema.get("name", "")), say),
        sure(_fair(result.get("fairness") or {}, say)),
        _bias(result, schema, say),
    ]  # fmt: skip


def _on_clusters(gate: Gate, cohort: Facts, say: Say) -> Gate:
    """A gate that stands on intervals: unknown where it would pass on rows of too few clusters for any."""
    if gate.answer != "pass" or not few_clusters(cohort):
        return gate
    why = say("clusters", clusters=cohort["clusters"], needed=FEWEST_CLUSTERS)
    return replace(gate, answer="unknown", found=f"{gate.found}; {why}")


def _within(name: str, metric: str, result: Facts, say: Say) -> Gate:
    """A figure of calibration within its limits; where not, on how many falls it stands and what can be done."""
    summary = result["models"]["jaga"][metric]
    answer = calibrated(summary)
    if summary["value"] is None:
        return Gate(name, answer, say("no_value"))
    rule = say("within", figure=_with_interval(summary, say), least=(TOLERANCE[0], 1), most=(TOLERANCE[1], 2),
               low=(WIDEST[0], 2), high=(WIDEST[1], 2))  # fmt: skip
    hint = {"pass": [], "unknown": [say("few")],
            "fail": [say("off", train=result["train"]["events"], events=result["cohort"]["events"])]}  # fmt: skip
    return Gate(name, answer, "; ".join([rule, *hint[answer]]))


def _not_worse(name: str, difference: Mapping[str, Summary], rate: float, say: Say) -> Gate:
    """Worse beyond the paired interval on either measure fails; an interval that reaches past the margin is unknown.

    So is a model whose figure is not ahead of a rule of the office: the margin alone would call it "not worse".
    """
    worse, unsure, behind, words = False, False, list[str](), list[str]()
    for metric, most in margins(rate).items():
        value, low, high = (difference[metric][key] for key in ("value", "low", "high"))
        title = word(METRICS, metric, say.language)
        if value is None or low is None or high is None:
            unsure = True
            words.append(say("gap_alone", metric=title))
            continue
        lower = metric in LOWER_IS_BETTER
        least, bad = (low, high) if lower else (-high, -low)
        worse, unsure = worse or least > 0, unsure or bad > most
        if name in OFFICE and not (value < 0 if lower else value > 0):
            behind.append(title)
        words.append(say("gap", metric=title, value=say.signed(value, 4), low=say.signed(low, 4),
                         high=say.signed(high, 4), most=(most, 4)))  # fmt: skip
    answer: Answer = "fail" if worse else "unknown" if unsure or behind else "pass"
    why = [say("not_ahead", metrics=behind)] if behind else []
    why += [say("few")] if unsure and not worse else []
    return Gate(f"not worse than {name}", answer, "; ".join([", ".join(words), *why]))


def _judged(result: Facts, say: Say) -> Gate:
    """Which baselines the model was held against, and which not, with the reason; how large the margin is beside what
    the model gains."""
    own, absent = [word(MODELS, name, say.language) for name in result["differences"]], result.get("left_out") or {}
    found = [say("judged", names=own) if own else say("judged_alone")]
    found += [say("not_beside", name=word(MODELS, name, say.language), why=lacking(why, say.language))
              for name, why in absent.items()]  # fmt: skip
    if own:
        cohort = result["cohort"]
        rate = cohort.get("rate") or cohort["events"] / max(1, cohort["rows"])
        found += [say("margin", metric=word(METRICS, metric, say.language), share=(100 * share, 0))
                  for metric, share in margin_of_gain(result["models"]["jaga"], rate).items()]  # fmt: skip
    return Gate("baselines", "pass" if own else "unknown", "; ".join(found))


def _champion(compared: Facts | None, champion: str | None, own: str, say: Say) -> Gate:
    """Not worse than the champion on rows that neither was taught; unknown where that cannot be told."""
    name = "not worse than the champion"
    if champion is None:
        return Gate(name, "pass", say("no_champion"))
    if champion == own:
        return Gate(name, "pass", say("is_champion"))
    if compared is None:
        return Gate(name, "unknown", say("no_other_champion", champion=champion))
    if compared["bundle"] != champion:
        return Gate(name, "unknown", say("other_champion", other=str(compared["bundle"]), champion=champion))
    if compared["differences"] is None:
        why = compared["reason"] if say.language == "en" else compared.get("reason_id") or compared["reason"]
        return Gate(name, "unknown", say("not_comparable", champion=champion, why=str(why)))
    found = _not_worse("the champion", compared["differences"], compared["events"] / max(1, compared["rows"]), say)
    told = Gate(name, found.answer, say("compared", champion=champion, rows=compared["rows"],
                                        events=compared["events"], found=found.found))  # fmt: skip
    return _on_clusters(told, compared, say)


def _fair(groups: Facts, say: Say) -> Gate:
    """No protected group is told a risk that is too small, by `models.fairness.told_enough`; the lowest is named.

    Unknown where a group that the data tell apart, the one or the other side of it, cannot be judged: too small, large
    enough and without a value, or with an interval that holds too much. It is named with the reason. Gaps of falls
    caught are reported and not gated: with risks that are right in every group they follow from how often each falls
    (Kleinberg, Mullainathan and Raghavan 2016, 'Inherent trade-offs in the fair determination of risk scores').
    """
    name = "fair to protected groups"
    known: dict[str, Summary] = {}
    low, wide, dark = list[str](), list[str](), list[str]()
    for group, levels in groups.items():
        for level, cell in levels.items():
            who = say("group", group=_group(group, say), level=level if say.language == "en" else
                      word(LEVELS, level, say.language))  # fmt: skip
            if cell["too_small"]:
                dark.append(f"{who} ({few(cell['rows'], cell['events'], say.language)})")
                continue
            own = cell["figures"]["expected_over_observed"]
            if own["value"] is None:
                dark.append(say("group_without_value", group=who))
                continue
            known[who], answer = own, told_enough(own)
            if answer != "pass":
                (low if answer == "fail" else wide).append(f"{who} {_with_interval(own, say)}")
    unjudged = [say("not_known", groups=wide)] if wide else []
    unjudged += [say("unjudged", groups=dark)] if dark else []
    rule = say("closes", least=(UNDERTOLD, 1), begins=(LOWEST, 1))
    if not known:
        return Gate(name, "unknown", "; ".join([say("none_judged"), *unjudged, rule]))
    lowest = min(known, key=lambda who: known[who]["value"] or 0.0)
    shown = low or [f"{lowest} {_with_interval(known[lowest], say)}"]
    told = say("told_low" if low else "lowest", groups=shown)
    count = say("one_judged") if len(known) == 1 else say("groups_judged", number=len(known))
    return Gate(name, "fail" if low else "unknown" if unjudged else "pass", "; ".join(
        [f"{count}, {told}", *unjudged, rule]))  # fmt: skip


def _group(group: str, say: Say) -> str:
    return group if say.language == "en" else word(GROUPS, group, say.language)


def _with_interval(summary: Summary, say: Say) -> str:
    value, low, high = (summary[key] for key in ("value", "low", "high"))
    assert value is not None
    if low is None or high is None:
        return say("figure_alone", value=(value, 3))
    return say("figure", value=(value, 3), low=(low, 3), high=(high, 3))


def _bias(result: Facts, schema: Facts, say: Say) -> Gate:
    """The risk-of-bias sheet: any fail closes, and what neither the run nor a person answered is unknown."""
    items = probast.sheet(result, schema, protected_features(), say.language)
    by = {answer: [item for item in items if item.answer == answer] for answer in ("pass", "unknown", "fail")}
    found = say("sheet", passed=len(by["pass"]), unknown=len(by["unknown"]), failed=len(by["fail"]))
    told = [f"{item.number} {item.why}" for item in (*by["fail"], *by["unknown"])]
    told += [say("sheet_passed", number=item.number, why=item.why) for item in by["pass"] if item.who]
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
    key = "no_version" if version is None else "signed" if has_one else "unsigned"
    found, found_id = (say(key, version=str(version)) for say in (ENGLISH, INDONESIAN))
    return Gate("signature", "pass" if key == "signed" else "fail", found, found_id)
