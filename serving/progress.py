"""How far a run is: one line that renews itself on a terminal, one line a part with named fields elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TextIO

_BAR = 20
_STAGES = {"cut": "cutting the input", "score": "scoring", "write": "writing by province", "send": "sending to the URL"}
_STEPS = {"look": "looking through the input", "check": "looking whether the input is as it was",
          "prepare": "preparing the model (the first run on a machine compiles it, about a minute)"}  # fmt: skip
"""Steps of one piece, told before they begin."""


class Tell(Protocol):
    """Hears how far a run is."""

    def __call__(self, stage: str, done: int = 0, of: int = 0, rows: int = 0, of_rows: int = 0, households: int = 0,
                 ) -> None:  # fmt: skip
        """Of a stage (cut, score, write, send) `done` pieces of `of` are done, with `rows` of `of_rows` rows.

        `households` are those of a part that was scored now. The steps look, check and prepare have no pieces; each is
        told once, before it begins.
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
    """

    out: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    workers: int = 1
    _stage: str = ""
    _began: float = 0.0
    _ended: float = 0.0
    _from: tuple[float, int] = (0.0, 0)
    _pieces: int = 0
    _households: int = 0
    _wrote: bool = False

    def __post_init__(self) -> None:
        """Start the clock."""
        self._began = self.clock()

    def __call__(self, stage: str, done: int = 0, of: int = 0, rows: int = 0, of_rows: int = 0, households: int = 0,
                 ) -> None:  # fmt: skip
        """Say how far a stage is; see `Tell`."""
        if stage in _STEPS:
            self._write(f"{_STEPS[stage]}\x1b[K", f"event={stage}")
            return
        now = self.clock()
        if stage != self._stage:
            self._began = self._ended if self._stage else self._began
            self._stage, self._from, self._pieces, self._households = stage, (self._began, 0), 0, 0
        self._ended = now
        self._pieces += 1
        self._households += households
        speed, left = self._pace(now, of - done)
        bar = "#" * (_BAR * done // of)
        line = f"[{bar:.<{_BAR}}] {_STAGES[stage]}, {done} of {of}"
        event = f"event={stage} done={done} of={of} rows={rows} of_rows={of_rows}"
        if stage == "score":
            line += f": {speed:,.0f} households a second" if left is not None else ""
            event += f" households={households}" + (f" rate={speed:.0f}" if left is not None else "")
            if self._pieces == self.workers and left is None:  # what came until now began with the model's start
                self._from, self._households = (now, self._pieces), 0
        if left is None:
            self._write(f"{line}, time left not known yet\x1b[K", event)
        else:
            self._write(f"{line}, {duration(left)} left\x1b[K", f"{event} seconds_left={left:.0f}")

    def _pace(self, now: float, more: int) -> tuple[float, float | None]:
        """Households a second and seconds left.

        The first part of each worker also reads, and on a machine's first run compiles, the model: where further ones
        follow they alone are the measure, and until the first of them is there nothing is told.
        """
        if self._stage == "score" and self._pieces <= self.workers and more:
            return 0.0, None
        began, before = self._from
        seconds = max(now - began, 1e-9)
        return self._households / seconds, more * seconds / (self._pieces - before)

    def _write(self, line: str, event: str) -> None:
        """One of both: `line` renews itself on a terminal, `event` is a line of its own elsewhere."""
        self.out.write(f"\r{line}" if self.out.isatty() else f"time={_now()} {event}\n")
        self._wrote = True
        self.out.flush()

    def end(self) -> None:
        """Leave the line that renews itself, so that what is printed next has a line of its own."""
        if self._wrote and self.out.isatty():
            self.out.write("\n")


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def duration(seconds: float) -> str:
    """Seconds as a person says them: `42 s`, `3 min 20 s`, `1 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
