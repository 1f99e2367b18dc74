"""Whether a group of families is told enough risk: the one rule of the gate, the card and the page of fairness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

UNDERTOLD = 0.8
"""Expected over observed falls under which a group is told too small a risk: fewer than four told for five seen."""
LOWEST = 0.6
"""What the lower end of its interval must reach before the group is known to be told enough: an interval that begins
lower says too little, as with the gates of calibration (`training.limits.WIDEST`)."""


def told_enough(summary: Mapping[str, float | None] | None) -> Literal["pass", "fail", "unknown"]:
    """The answer of one group by its expected over observed falls (`value`, `low`, `high`; None: too few to judge).

    It fails where the whole interval lies under `UNDERTOLD`, and passes where the figure is that or more and its
    interval begins at `LOWEST` or above; in between the data cannot tell.
    """
    value, low, high = (None if summary is None else summary.get(name) for name in ("value", "low", "high"))
    if high is not None and high < UNDERTOLD:
        return "fail"
    known = value is not None and low is not None and value >= UNDERTOLD and low >= LOWEST
    return "pass" if known else "unknown"
