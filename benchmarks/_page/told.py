"""A line of the benchmarks' page, what a bar says of a figure, and the words that all subjects share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MET = "met"
One = dict[str, Any]
"""What a benchmark left in its file."""


@dataclass(frozen=True, slots=True)
class Line:
    """A figure, the bar that it is held to ("" where none is) and `MET` or by how much it is missed.

    goal : how the summary calls it; "" where it stands in its section alone.
    """

    what: str
    measured: str
    bar: str = ""
    verdict: str = ""
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one benchmark measured: data, seed and spread in words, then its figures."""

    about: str
    lines: Sequence[Line]


def under(value: float, bar: float) -> str:
    """Verdict on a figure that has to stay under its bar."""
    return MET if value < bar else f"**missed** by {_share(value / bar - 1)}"


def least(value: float, bar: float) -> str:
    """Verdict on a figure that has to reach its bar."""
    return MET if value >= bar else f"**missed** by {_share(1 - value / bar)}"


def points(value: float, bar: float) -> str:
    """Verdict on a share that has to reach its bar, told in points."""
    return MET if value >= bar else f"**missed** by {100 * (bar - value):.1f} points"


def both(*verdicts: str) -> str:
    """The verdict on a line of several figures: those that miss, or that all are met."""
    return "; ".join(own for own in verdicts if own != MET) or MET


def spread(runs: Sequence[float], form: str, unit: str) -> str:
    """Median of the runs and, in brackets, the least and the most."""
    low, high = (format(own, form) for own in (min(runs), max(runs)))
    return f"{np.median(runs):{form}}{unit} ({low} to {high}, {len(runs)} runs)"


def _share(part: float) -> str:
    return f"{100 * part:.0f} %" if part >= 0.01 else "less than 1 %"
