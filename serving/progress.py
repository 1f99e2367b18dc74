"""How far a run is: one line that renews itself on a terminal, one line a part with named fields elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

_BAR = 20
_STAGES = {"cut": "cutting the input", "score": "scoring", "write": "writing by province"}


@dataclass(slots=True)
class Progress:
    """Counts pieces as they are finished; rates are of this call alone, not of pieces found finished.

    Attributes
    ----------
    out : where the lines go, never standard output.
    """

    out: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    households: int = 0
    _stage: str = ""
    _began: float = 0.0
    _first: int = 0
    _ended: float = 0.0
    _wrote: bool = False

    def __post_init__(self) -> None:
        """Start the clock."""
        self._began = self.clock()

    def __call__(self, stage: str, done: int, of: int, rows: int, of_rows: int, households: int = 0) -> None:
        """Say how far a stage is; see `serving.batch.Tell`."""
        now = self.clock()
        if stage != self._stage:
            self._began = self._ended if self._stage else self._began
            self._stage, self._first = stage, 0
        self._ended = now
        self._first += 1
        self.households += households
        seconds = max(now - self._began, 1e-9)
        left = (of - done) * seconds / self._first
        rate = self.households / seconds if stage == "score" else 0.0
        if self.out.isatty():
            speed = f": {rate:,.0f} households a second," if rate else ","
            bar = "#" * (_BAR * done // of)
            self.out.write(f"\r[{bar:.<{_BAR}}] {_STAGES[stage]}, {done} of {of}{speed} {duration(left)} left\x1b[K")
        else:
            speed = f" households={households} rate={rate:.0f}" if stage == "score" else ""
            self.out.write(f"time={_now()} event={stage} done={done} of={of} rows={rows} of_rows={of_rows}{speed} "
                           f"seconds_left={left:.0f}\n")  # fmt: skip
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
