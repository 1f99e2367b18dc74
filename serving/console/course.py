"""What happened to a family in the order of time: estimates of the runs, facts, visits, lists, objections, shocks."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from serving.cases.households import Household
from serving.console import formats, telling
from serving.console.charts import timeline
from serving.console.charts.timeline import Event
from serving.console.strings import Strings
from serving.console.telling import Fact
from serving.store.lists import Name
from serving.store.numbers import day_of


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened, drawn and in words; at : seconds, to put what is of one day in order: 0 for what has no
    hour (runs and facts come before what people do), infinite for a visit that was written down on a later day."""

    event: Event
    text: str
    at: float = 0.0


def told(found: Household, facts: Sequence[Fact], say: Strings) -> dict[str, Any]:
    """The timeline and its ordered list, oldest first.

    facts : of the row that answers.
    """
    # Of those who are dead nothing is foretold, nor told what was: the visit stands in their course.
    runs = [] if found.gone else [*reversed(found.history), found.row]
    estimates = [run for run in runs if run["applies"]]
    breaks = [after["as_of"] for before, after in pairwise(estimates)
              if before["bundle"] != after["bundle"]]  # fmt: skip
    all_ = sorted([*_runs(runs, breaks, found, say), *_facts(facts, say), *_cases(found, say)],
                  key=lambda own: (own.event.date, own.at, timeline.LANES.index(own.event.lane)))  # fmt: skip
    texts = [own.text for own in all_]
    lanes = {lane: say.say(f"pic.timeline.{lane}") for lane in timeline.LANES}
    if any(run["applies"] is False and not run["rung"] for run in runs):
        lanes["below"] = say.say("pic.timeline.below.estimate")
    empty = say.say("pic.timeline.empty")
    return {"events": texts, "timeline": timeline.draw(
        _joined([own.event for own in all_]), lanes, title=say.say("pic.timeline.title"), breaks=breaks, empty=empty,
        about=" ".join(f"{text}." for text in texts) or empty)}  # fmt: skip


def _runs(runs: Sequence[Any], breaks: Sequence[datetime.date], found: Household, say: Strings) -> Iterator[Told]:
    """What each run told; breaks : dates of estimates by another model than the estimate before."""
    for row in runs:
        day = row["as_of"]
        when = formats.date(day, say.language)
        if row["applies"]:
            own = telling.estimate(row["risk"], row["low"], row["high"], found.scores.labels)
            text = say.say("house.history.score", date=when, p=formats.out_of(own.p, say.language),
                           model=row["bundle"],
                           range=telling.span(own, say) or say.say("house.history.norange"))  # fmt: skip
            if day in breaks:
                text += f". {say.say('house.change.model').rstrip('.')}"
            yield Told(Event(day, "score", formats.out_of(own.p, say.language)), text)
        elif row["refusal"]:
            why = say.say(f"refusal.{row['refusal']}")
            yield Told(Event(day, "score", "?"), say.say("house.history.noscore", date=when, why=why))
        else:
            yield Told(Event(day, "below", end=day), say.say(telling.poor(row, "house.history.below"), date=when))


def _facts(facts: Sequence[Fact], say: Strings) -> Iterator[Told]:
    for day, count in Counter(fact.known_at for fact in facts if fact.known_at is not None).items():
        text = say.say("house.history.fact", date=formats.date(day, say.language), n=count)
        yield Told(Event(day, "fact", str(count)), text)


def _cases(found: Household, say: Strings) -> Iterator[Told]:
    """What stands in the database, and the last shock that is known."""

    def one(moment: datetime.date, lane: str, key: str, label: str = "", at: float = 0.0, **values: Any) -> Told:
        day = moment
        if isinstance(moment, datetime.datetime):
            day, at = day_of(moment), moment.timestamp()
        return Told(Event(day, lane, label), say.say(key, date=formats.date(day, say.language), **values), at)

    for own in found.visits or ():
        if own.visited is not None:
            result = say.say(f"visit.{own.result}")
            written = own.recorded_at
            at = written.timestamp() if written is not None and day_of(written) == own.visited else math.inf
            yield one(own.visited, "visit", "house.history.visit", result, at, result=result)
    for own in found.held:
        name = str(Name.of(own))
        key = "house.history.list" if own.version == own.newest else "house.history.list.left"
        yield one(own.confirmed_at, "list", key, name, no=name, place=own.place, n=own.newest)
    for own in found.objections or ():
        yield one(own.opened_at, "case", "house.history.opened", "", no=own.number)
        if own.decided_at is not None:
            outcome = say.say(f"obj.{own.outcome}")
            yield one(own.decided_at, "case", "house.history.decided", outcome, no=own.number, outcome=outcome)
    if found.shock is not None:
        kind = say.say(f"shock.{found.shock[0]}")
        yield one(found.shock[1], "shock", "house.history.shock", kind, kind=kind)


def _joined(events: Sequence[Event]) -> list[Event]:
    """The same with runs in a row that found the family below the line as one spell."""
    found: list[Event] = []
    spell: int | None = None
    for event in events:
        if event.lane == "below" and spell is not None:
            found[spell] = replace(found[spell], end=event.date)
            continue
        if event.lane in ("below", "score"):
            spell = len(found) if event.lane == "below" else None
        found.append(event)
    return found
