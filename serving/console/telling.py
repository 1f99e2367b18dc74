"""How risk is told: every figure rounded once, the word never without its number, "check in the field" with its cause.

Label, picture and sentence all use the rounded numbers, so they cannot contradict each other.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from models import interval
from models.text import words
from serving.cases.cuts import End
from serving.cases.objections import contestable
from serving.console import formats, places
from serving.console.strings import Strings
from serving.scores.lines import beside
from serving.scores.move import relocated
from serving.scores.moved import Risks, direction
from serving.scores.scores import LEVELS

BIG, MIDDLE = 0.30, 0.10
"""Shares of the summed absolute contributions from which a fact weighs much, and something."""
OLD_DAYS = 183
"""A fact older than two quarters at the date of the score is old, and a source whose newest fact is."""
SHOWN = 3
"""Facts shown on each side; the rest is folded."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A risk as it is told, whole numbers out of 100.

    step : level 1 to 5; 0 where the run does not say where levels begin. low, high : None where there is no range.
    """

    p: int
    low: int | None
    high: int | None
    step: int

    @property
    def up_to(self) -> int | None:
        """The upper end of a range that begins at nothing, and is told by it alone; None of others. It holds what is
        less than one, and the estimate."""
        return max(1, self.high) if self.low == 0 and self.high is not None and self.high < 100 else None

    @property
    def at_least(self) -> int | None:
        """The lower end of a range that ends at all, and is told by it alone; None of others. It holds what is more
        than 99, and the estimate."""
        return min(99, self.low) if self.high == 100 and self.low is not None and self.low > 0 else None

    @property
    def drawn(self) -> tuple[int | None, int | None]:
        """Both ends as a picture has them: those that are told."""
        return self.low if self.at_least is None else self.at_least, self.high if self.up_to is None else self.up_to

    @property
    def rest(self) -> int:
        """The others of a hundred."""
        return 100 - self.p

    @property
    def level(self) -> str:
        """Name of the level, empty without one."""
        return LEVELS[self.step - 1] if self.step else ""


def estimate(risk: float, low: float | None, high: float | None, labels: Sequence[float] | None) -> Estimate:
    """A risk and its range, rounded once.

    labels : whole percentages at which the upper four levels begin; None where no level is told of it.
    """
    p = formats.percent(risk)
    ends = [None if end is None else formats.percent(end) for end in (low, high)]
    if ends[0] is not None and ends[1] is not None:
        ends = [min(ends[0], p), max(ends[1], p)]
    return Estimate(p, ends[0], ends[1], 0 if labels is None else step(p, labels))


def step(p: int, labels: Sequence[float]) -> int:
    """Level 1 to 5 of a whole number out of 100."""
    return 1 + sum(p >= label for label in labels)


def wide(own: Estimate, labels: Sequence[float]) -> bool:
    """Whether a range touches three levels or more: of low certainty, as `models.interval.unsure` has it."""
    return own.low is not None and own.high is not None and step(own.high, labels) - step(own.low, labels) >= 2


def span(own: Estimate, say: Strings, key: str = "risk.short") -> str:
    """The range in the words of `key`, of `key`.most or of `key`.least, so that it is told alike everywhere; empty
    without one."""
    if own.low is None or own.high is None:
        return ""
    if own.up_to is not None:
        return say.say(f"{key}.most", hi=own.up_to)
    if own.at_least is not None:
        return say.say(f"{key}.least", lo=own.at_least)
    return say.say(key, lo=formats.out_of(own.low, say.language), hi=formats.out_of(own.high, say.language))


def about(own: Estimate, say: Strings) -> str:
    """The estimate within a sentence: about so many, or what is less than one or more than 99, which is not about."""
    told = formats.out_of(own.p, say.language)
    return say.say("risk.about", p=told) if 0 < own.p < 100 else told


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason as it is told. weight : big, middle or small. raises : the side it stands on."""

    key: str
    text: str
    known_at: datetime.date | None
    weight: str
    raises: bool
    old: bool
    contestable: bool


def facts(row: Row, say: Strings) -> list[Fact]:
    """All reasons of a row, the strongest first."""
    reasons = row["reasons"] or []
    total = sum(abs(reason["contribution"]) for reason in reasons) + abs(row["place"] or 0) + abs(row["other"] or 0)
    found = []
    for reason in reasons:
        share = abs(reason["contribution"]) / total if total else 0.0
        known = reason["known_at"]
        old = known is not None and (row["as_of"] - known).days > OLD_DAYS
        found.append(Fact(reason["key"], sentence(reason["key"], reason, say), known,
                          "big" if share >= BIG else "middle" if share >= MIDDLE else "small",
                          reason["contribution"] > 0, old, reason["key"] in contestable()))  # fmt: skip
    return found


def sentence(key: str, reason: Row, say: Strings) -> str:
    """One reason in words; reason : its `value` and `contribution`, as a score row or an objection keeps them."""
    return words(say.language).reason(key, reason["value"], reason["contribution"])


def poor(row: Row, key: str) -> str:
    """Key of the words for a family below the line: where that was not measured they call it an estimate."""
    return key if row["rung"] else f"{key}.estimate"


def named(keys: Sequence[str], say: Strings) -> list[str]:
    """Names of facts by reason key, for facts that are missing."""
    told = words(say.language)
    return [told.reasons[key].name for key in keys if key in told.reasons]


def doubts(row: Row, own: Estimate, labels: Sequence[float], say: Strings,
           ends: Sequence[End] = ()) -> list[str]:  # fmt: skip
    """Why to look at a household in the field; empty where the word for its level may stand.

    ends : where the last confirmed list of its place ends.
    """
    causes = []
    if own.low is not None and own.high is not None:
        crossed = crosses(own, ends)
        if crossed is not None:
            cut = formats.out_of(formats.percent(crossed.cut), say.language)
            causes.append(say.say("house.cause.cut", no=crossed.name, cut=cut))
        if wide(own, labels):
            causes.append(say.say("house.cause.labels"))
    missing = named(row["missing"] or [], say)
    if missing and row["certainty"] == "low":
        causes.append(say.say("house.cause.missing", facts=", ".join(missing[:3])))
    heavy = [fact for fact in facts(row, say) if fact.old and fact.weight == "big"]
    if heavy and heavy[0].known_at is not None:
        causes.append(say.say("house.cause.old", facts=words(say.language).reasons[heavy[0].key].name,
                              date=formats.month(heavy[0].known_at, say.language)))  # fmt: skip
    if row["certainty"] == "low" and not causes:
        causes.append(say.say("house.cause.outside"))
    return causes


def crosses(own: Estimate, ends: Sequence[End]) -> End | None:
    """The first end of a list that lies within a range: above its lower end, not above its upper."""
    if own.low is None or own.high is None:
        return None
    return next((end for end in ends if interval.crosses(own.low / 100, own.high / 100, end.cut)), None)


def uncertain(row: Row, own: Estimate, ends: Sequence[End] = ()) -> bool:
    """Whether a row of a list is to be checked in the field, by what a list knows."""
    return bool(row["certainty"] == "low" or crosses(own, ends))


def change(now: Row, before: Row | None, there_was_one: bool, say: Strings,
           poor_from: tuple[float | None, float | None] = (None, None)) -> list[str]:  # fmt: skip
    """How place and estimate moved since the run before, in sentences.

    there_was_one : whether there is a run before at all. poor_from : chance of being poor now from which on a household
        is judged poor, in the run before and in this one; None where there is none before.
    """
    if not there_was_one:
        return [say.say("house.change.first")]
    if before is None:
        return [say.say("house.change.new")]
    told = []
    if relocated(before, now):
        a, b = (places.name(row["regency"] or row["province"], say) for row in (before, now))
        told.append(say.say("house.change.moved", a=a, b=b))
    if not before["applies"] or not now["applies"]:
        return [*told, *_crossed(now, before, say, poor_from)]
    if before["bundle"] != now["bundle"]:
        return [*told, say.say("house.change.model")]
    was, is_ = (formats.percent(row["risk"]) for row in (before, now))
    a, b = (formats.out_of(p, say.language) for p in (was, is_))
    if differs(now, before):
        told.append(say.say(f"house.change.{'up' if is_ > was else 'down'}", n=abs(is_ - was), a=a, b=b))
    elif was == is_:
        told.append(say.say("house.change.equal", b=b))
    else:
        told.append(say.say("house.change.same", a=a, b=b))
    if before["kind"] != now["kind"] and before["kind"] and now["kind"]:
        told.append(say.say("house.change.kind", a=say.say(f"kind.{before['kind']}").lower(),
                            b=say.say(f"kind.{now['kind']}").lower()))  # fmt: skip
    return told


def _crossed(now: Row, before: Row, say: Strings, poor_from: tuple[float | None, float | None]) -> list[str]:
    """Why there is an estimate of a fall in one of two runs only: what was refused, or who is judged poor."""
    if now["status"] == "refused" or (not now["applies"] and before["status"] == "scored" and not before["applies"]):
        return []
    told = []
    if not before["applies"]:
        why = f"refusal.{before['refusal']}" if before["refusal"] else poor(before, "refusal.not_at_risk")
        told.append(say.say("house.change.before", why=say.say(why)))
    else:
        told.append(say.say("house.change.risk", a=formats.out_of(formats.percent(before["risk"]), say.language)))
    if before["status"] == "refused":
        return told
    if not before["rung"] and not now["rung"]:
        a, b = (beside(row["p_poor_now"], cut, say.language, 0)
                for row, cut in zip((before, now), poor_from, strict=True))  # fmt: skip
        told.append(say.say("house.change.poor_now", a=a, b=b))
        was, cut = ("" if own is None else words(say.language).number(100 * own) for own in poor_from)
        if was and cut:
            told.append(say.say(f"house.change.{'cut' if was == cut else 'cuts'}", a=was, b=cut))
    if before["bundle"] != now["bundle"]:
        told.append(say.say("house.change.poor_model"))
    return told


def differs(now: Row, before: Row) -> bool:
    """Whether an estimate is another than that of the run before, as both are told and beyond their ranges."""
    return bool(direction(_risks(now), _risks(before))[0] != 0)


def _risks(row: Row) -> Risks:
    return Risks(*(np.array([row[name]], float) for name in ("risk", "low", "high")))


def legend(labels: Sequence[float], say: Strings) -> list[tuple[int, str, str]]:
    """Step, word and limits of each level, as a legend prints them."""
    cuts = [int(label) for label in labels]
    limits = [say.say("level.below", n=cuts[0])]
    for low, high in pairwise(cuts):
        limits.append(say.say("level.span", a=low, b=high - 1) if high - 1 > low else str(low))
    limits.append(say.say("level.above", n=cuts[-1]))
    return [(at + 1, say.say(f"level.{LEVELS[at]}"), words) for at, words in enumerate(limits)]
