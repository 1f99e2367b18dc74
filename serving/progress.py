"""How far a run is: one line that renews itself on a terminal, one line a part with named fields elsewhere."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO


@dataclass(slots=True)
class Progress:
    """Counts parts as they are finished; its rate is of this process alone, not of parts found finished.

    Attributes
    ----------
    out : where the lines go, never standard output.
    """

    out: TextIO = field(default_factory=lambda: sys.stderr)
    began: float = field(default_factory=time.monotonic)
    households: int = 0
    rows: int = 0

    def __call__(self, number: int, parts: int, households: int, rows: int, left: int) -> None:
        """Part `number` of `parts` is done, with its households and household rows; `left` rows are to come."""
        self.households += households
        self.rows += rows
        seconds = max(time.monotonic() - self.began, 1e-9)
        rate = self.households / seconds
        remaining = left * seconds / max(self.rows, 1)
        if self.out.isatty():
            line = f"part {number + 1} of {parts}: {rate:,.0f} households a second, {duration(remaining)} left"
            self.out.write(f"\r{line}\x1b[K")
        else:
            self.out.write(f"event=part number={number + 1} parts={parts} households={households} "
                           f"rate={rate:.0f} seconds_left={remaining:.0f}\n")  # fmt: skip
        self.out.flush()

    def end(self) -> None:
        """Leave the line that renews itself, so that what is printed next has a line of its own."""
        if self.rows and self.out.isatty():
            self.out.write("\n")


def duration(seconds: float) -> str:
    """Seconds as a person says them: `42 s`, `3 min 20 s`, `1 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
