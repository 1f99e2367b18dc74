"""How far a run is: one line that renews itself on a terminal, one line a part with named fields elsewhere."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TextIO

from features.crew import NO_WORKER, NO_WORKER_YET, WORKER_BACK
from models.text import Language, Words, words

_BAR = 20
_SECONDS, _FEW = 1.0, 2
"""Seconds and pieces, of each worker one, from which a rate is worth telling."""
_STEPS = ("look", "check", "prepare", "one", NO_WORKER_YET, NO_WORKER, WORKER_BACK)
"""What is told before it begins, or as it happens, and has no pieces."""
_READ = ("look", "check")
"""Of them those in which the input is read, so that how far that is can be told."""
_APART = (0.2, 5.0)
"""Seconds between two lines of what is read, or of what is written by province, at least: on a terminal, in a log."""
_MESSAGES = (NO_WORKER_YET, NO_WORKER, WORKER_BACK)
"""Of them those that a log tells in words too: somebody has to do something."""


class Tell(Protocol):
    """Hears how far a run is."""

    def __call__(self, stage: str, done: int = 0, of: int = 0, rows: int = 0, of_rows: int = 0, households: int = 0,
                 ) -> None:  # fmt: skip
        """Of a stage (cut, score, write, send) `done` pieces of `of` are done, with `rows` of `of_rows` rows.

        `households` are those of a part that was scored now. Steps have no pieces: look, check and prepare, told before
        they begin; one, that all is scored in one part; `no_worker_yet`, `no_worker` and `worker_back`
        (`features.crew`). While look and check read the input, `done` of `of` are bytes, or `rows` those read where
        their number is not known before.
        """


def silent(*_: Any, **__: Any) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Progress:
    """Counts pieces as they are finished; rates are of this call alone, not of pieces found finished.

    Attributes
    ----------
    out : where the lines go, never standard output.
    workers : parts that are scored side by side.
    language : of the line on a terminal.
    """

    out: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    workers: int = 1
    language: Language = "id"
    _stage: str = ""
    _began: float = 0.0
    _ended: float = 0.0
    _from: tuple[float, int] = (0.0, 0)
    _pieces: int = 0
    _households: int = 0
    _wrote: bool = False
    _reading: str = ""
    _read_from: tuple[float, int] = (0.0, 0)
    _told_at: float = 0.0

    def __post_init__(self) -> None:
        """Start the clock."""
        self._began = self.clock()

    def __call__(self, stage: str, done: int = 0, of: int = 0, rows: int = 0, of_rows: int = 0, households: int = 0,
                 ) -> None:  # fmt: skip
        """Say how far a stage is; see `Tell`."""
        say = words(self.language).run
        if stage in _READ and (of or rows):
            self._read(stage, done, of, rows)
            return
        if stage in _STEPS:
            self._reading = ""
            message = f" message={json.dumps(say[stage])}" if stage in _MESSAGES else ""
            self._write(say[stage], f"event={stage}{message}")
            return
        now = self.clock()
        if stage != self._stage:
            self._began = self._ended if self._stage else self._began
            self._stage, self._from, self._pieces, self._households = stage, (self._began, 0), 0, 0
        self._ended = now
        self._pieces += 1
        self._households += households
        if stage == "write" and done < of and not self.out.isatty():  # a piece is a province, many of them small
            if now - max(self._began, self._told_at) < _APART[1]:
                return
            self._told_at = now
        speed, left = self._pace(now, done, of)
        line = f"[{'#' * (_BAR * done // of):.<{_BAR}}] {say['piece'].format(stage=say[stage], done=done, of=of)}"
        event = f"event={stage} done={done} of={of} rows={rows} of_rows={of_rows}"
        if stage == "score":
            if left is not None:
                line += f": {say['speed'].format(rate=words(self.language).number(speed, 0))}"
            event += f" households={households}" + (f" rate={speed:.0f}" if left is not None else "")
            if self._pieces == self.workers and left is None:  # what came until now began with the model's start
                self._from, self._households = (now, self._pieces), 0
        if left is not None:
            line += f", {say['left'].format(time=duration(left, self.language))}"
            event += f" stage_seconds_left={left:.0f}"
        elif done < of:
            line += f", {say['left_unknown']}"
        self._write(line, event)

    def _pace(self, now: float, done: int, of: int) -> tuple[float, float | None]:
        """Households a second and seconds left of the stage; None where they are not known.

        The first part of each worker also reads, and on a machine's first run compiles, the model: parts after it alone
        are the measure, and where there are none nothing is told. Nor is it of a stage of one piece, which is over, nor
        from so little that it says nothing: pieces that were half done when the clock was set end at once.
        """
        if of == 1 or (self._stage == "score" and self._pieces <= self.workers):
            return 0.0, None
        began, before = self._from
        seconds, pieces = now - began, self._pieces - before
        if seconds < _SECONDS or pieces < max(_FEW, self.workers):
            return 0.0, None
        return self._households / seconds, (of - done) * seconds / pieces

    def _read(self, stage: str, done: int, of: int, rows: int) -> None:
        """Say how much of the input is read, not more often than is of use."""
        now, told = self.clock(), words(self.language)
        what = f"{stage} {'bytes' if of else 'rows'}"
        if what != self._reading:
            self._reading, self._read_from, self._told_at = what, (now, done), now
        if now - self._told_at < _APART[0 if self.out.isatty() else 1]:
            return
        self._told_at = now
        if not of:
            self._write(told.run["read.rows"].format(stage=told.run[stage], rows=told.number(rows, 0)),
                        f"event={stage} rows={rows}")  # fmt: skip
            return
        began, before = self._read_from
        left = (of - done) * (now - began) / max(1, done - before)
        line = told.run["read.bytes"].format(stage=told.run[stage], done=size(done, told), of=size(of, told))
        self._write(f"{line}, {told.run['left'].format(time=duration(left, self.language))}",
                    f"event={stage} bytes={done} of_bytes={of} stage_seconds_left={left:.0f}")  # fmt: skip

    def _write(self, line: str, event: str) -> None:
        """One of both: `line` renews itself on a terminal, `event` is a line of its own elsewhere. Where neither can be
        written the work goes on: a full log is no reason to stop it."""
        with suppress(OSError):
            self.out.write(f"\r{line}\x1b[K" if self.out.isatty() else f"time={_now()} {event}\n")
            self._wrote = True
            self.out.flush()

    def end(self) -> None:
        """Leave the line that renews itself, so that what is printed next has a line of its own."""
        if self._wrote and self.out.isatty():
            self.out.write("\n")


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def duration(seconds: float, language: Language) -> str:
    """Seconds as a person says them: `42 s`, `3 min 20 s`, `1 h 5 min`."""
    say, whole = words(language).run, round(seconds)
    if whole < 60:
        return say["seconds"].format(s=whole)
    if whole < 3600:
        return say["minutes"].format(min=whole // 60, s=whole % 60)
    return say["hours"].format(h=whole // 3600, min=whole % 3600 // 60)


def size(count: int, told: Words) -> str:
    """Bytes as a person says them, in their language: `12.3 MB`, `4,5 GB`."""
    return f"{told.number(count / 1e9, 1)} GB" if count >= 1e9 else f"{told.number(count / 1e6, 1)} MB"
