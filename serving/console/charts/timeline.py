"""Marks on an axis of dates: estimates, spells below the line, facts, visits, lists, objections, shocks."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, _LEFT = 336, 14
LANES = ("score", "below", "fact", "visit", "list", "case", "shock")
_ROW, _BENEATH = 50, 11
"""Height of a lane, and what a label beneath its line takes more, so that it does not stand beside the next name."""
NAME = 40
"""Letters of a lane's name, in bold, that have room from side to side."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a date; `lane` is one of `LANES`, `end` for what lasts, `label` a word or two shown beside it."""

    date: datetime.date
    lane: str
    label: str = ""
    end: datetime.date | None = None


def draw(events: Sequence[Event], names: dict[str, str], *, title: str, about: str, name: str = "timeline",
         empty: str = "", breaks: Sequence[datetime.date] = ()) -> Markup:  # fmt: skip
    """The axis from the first to the last date; lanes without an event are left out.

    Parameters
    ----------
    names : words for each lane. empty : what is said where there is no event. breaks : dates of estimates that cannot
        be compared with those before them; a dashed line stands between.
    """
    lanes = [lane for lane in LANES if any(event.lane == lane for event in events)]
    if not lanes:
        parts = [svg.rect(1, 1, WIDTH - 2, 38, "panel"), svg.text(WIDTH / 2, 25, empty, anchor="middle")]
        return svg.picture(name, WIDTH, 40, title, about, parts, css="timeline")
    days = [at for event in events for at in (event.date, event.end or event.date)]
    x = _scale(min(days), max(days))
    parts, top, beneath = [], 0, False
    for lane in lanes:
        own = sorted((event for event in events if event.lane == lane), key=lambda event: event.date)
        breaks_ = _between(events, breaks, x) if lane == "score" else []
        drawn, beneath = _lane(lane, names[lane], own, top + 37, x, breaks_)
        parts += drawn
        top += _ROW + _BENEATH if beneath else _ROW
    axis = top if beneath else top + 11  # clear of the marks and labels of the last lane
    return svg.picture(name, WIDTH, axis + 22, title, about, [*parts, *_axis(min(days), max(days), axis)],
                       css="timeline")  # fmt: skip


def _scale(first: datetime.date, last: datetime.date) -> Callable[[datetime.date], float]:
    """Where a date stands between the first and the last; in the middle where they are one."""
    span = (last - first).days
    return lambda day: WIDTH / 2 if not span else _LEFT + (WIDTH - 2 * _LEFT) * (day - first).days / span


def _lane(lane: str, name: str, events: Sequence[Event], y: float, x: Callable[[datetime.date], float],
          breaks: Sequence[float]) -> tuple[list[Markup], bool]:  # fmt: skip
    """A line with its name, marks and labels, and whether a label stands beneath it."""
    parts = [svg.text(4, y - 24, svg.shortened(name, NAME), css="small strong"),
             svg.line(_LEFT, y, WIDTH - _LEFT, y, "rule"),
             *(svg.line(at, y - 18, at, y + 9, "cut") for at in breaks)]  # fmt: skip
    room = [-1.0, -1.0]  # where the labels above the line and beneath it end
    for event in events:
        at = x(event.date)
        if event.end is not None:
            parts.append(svg.rect(at, y - 4, max(2.0, x(event.end) - at), 8, f"spell {lane}"))
        else:
            parts.append(_mark(lane, at, y))
        if event.label:
            parts += _label(event.label, at, y, room)
    return parts, room[1] >= 0


def _label(label: str, at: float, y: float, room: list[float]) -> list[Markup]:
    """A label above the line or beneath it, where `room` has room for it, which it then takes; one that has none in
    either place is told in the ordered list beside the picture."""
    anchor = "start" if at < 60 else "end" if at > WIDTH - 60 else "middle"
    words = svg.shortened(label, 14)
    width = svg.LETTER * len(words)
    begin = at - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    free = next((side for side in (0, 1) if begin > room[side]), None)
    if free is None:
        return []
    room[free] = begin + width + svg.LETTER
    return [svg.text(at, y + (17 if free else -9), words, css="small", anchor=anchor)]


def _axis(first: datetime.date, last: datetime.date, y: float) -> list[Markup]:
    """The line at the foot, with the month of either end."""
    ends = [(first, WIDTH / 2, "middle")] if first == last else [(first, 4.0, "start"), (last, WIDTH - 4.0, "end")]
    return [svg.line(_LEFT, y, WIDTH - _LEFT, y, "axis"),
            *(svg.text(at, y + 16, f"{day.month:02d}/{day.year}", css="small", anchor=anchor)
              for day, at, anchor in ends)]  # fmt: skip


def _between(events: Sequence[Event], breaks: Sequence[datetime.date],
             x: Callable[[datetime.date], float]) -> list[float]:  # fmt: skip
    """Places half way between an estimate that begins something new and the one before it."""
    days = sorted({event.date for event in events if event.lane == "score"})
    return [(x(before) + x(day)) / 2 for before, day in pairwise(days) if day in breaks]


def _mark(lane: str, x: float, y: float) -> Markup:
    """Each lane has a shape of its own, so that grey print keeps them apart."""
    if lane == "score":
        return svg.circle(x, y, 5, "mark score")
    if lane == "fact":
        return svg.rect(x - 4, y - 4, 8, 8, "mark fact")
    if lane == "list":
        return svg.rect(x - 7, y - 3, 14, 6, "mark list")
    if lane == "case":
        points = " ".join(f"{svg.coordinate(x + dx)},{svg.coordinate(y + dy)}"
                          for dx, dy in ((0, -6), (6, 0), (0, 6), (-6, 0)))  # fmt: skip
        return Markup('<polygon points="{}" class="mark case"/>').format(points)
    points = f"{svg.coordinate(x)},{svg.coordinate(y - 6)} {svg.coordinate(x + 6)},{svg.coordinate(y + 5)} " \
             f"{svg.coordinate(x - 6)},{svg.coordinate(y + 5)}"  # fmt: skip
    return Markup('<polygon points="{}" class="mark {}"/>').format(points, lane)
