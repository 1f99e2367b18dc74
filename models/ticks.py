"""Where an axis has ticks: as many as have room for their labels, so that no line of the grid stands without one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LETTER, GAP = 6.6, 14
"""Width of a figure of a label, and between two labels, px: a browser's letters are wider than the renderer's."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """Ends of an axis, where its ticks are, and how labels are written, in the form of d3-format."""

    ends: tuple[float, float]
    values: list[float]
    format: str


def told(values: Sequence[float], room: float) -> Ticks:
    """Ticks of an axis of `room` px that holds the values, two at least."""
    low, high = min(values), max(values)
    pad = 0.04 * ((high - low) or abs(high) or 1.0)
    low, high = low - pad, high + pad
    power = math.floor(math.log10(high - low)) - 1
    found = [_every(low, high, digit, power + more) for more in (0, 1, 2) for digit in (1, 2, 5)]
    return next((own for own in found if _fits(own, room)), found[-1])


def _every(low: float, high: float, digit: int, power: int) -> Ticks:
    """A tick at each multiple of a step between the ends, which reach to the next ones where fewer than two are."""
    step, decimals = digit * 10.0**power, max(0, -power)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last <= first:
        first, last = math.floor(low / step), math.ceil(high / step)
        low, high = first * step, last * step
    values = [round(at * step, decimals) + 0.0 for at in range(first, last + 1)]
    return Ticks((low, high), values, f",.{decimals}f")


def _fits(own: Ticks, room: float) -> bool:
    letters = max(len(format(value, own.format)) for value in own.values)
    apart = room * (own.values[1] - own.values[0]) / (own.ends[1] - own.ends[0])
    return LETTER * letters + GAP <= apart
