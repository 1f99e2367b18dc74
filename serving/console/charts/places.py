"""Rows of the sector compass: a rank with its range on an axis of all ranks, and a figure that may be below zero."""

from __future__ import annotations

from markupsafe import Markup

from serving.console.charts import svg

WIDTH, HEIGHT = 200, 22
_MIDDLE = HEIGHT / 2


def rank(rank: float | None, low: float | None, high: float | None, most: int, name: str) -> Markup:
    """A dot at the rank and a line over its range, 1 at the left; hidden from a screen reader, as in `bars`.

    Parameters
    ----------
    rank, low, high : from 1 to `most`; a rank that is not known is hatched.
    """
    parts = [svg.line(0, HEIGHT - 0.5, WIDTH, HEIGHT - 0.5, "rule")]
    if not svg.known(rank):
        return _drawn([svg.hatch(name), svg.rect(0, 5, WIDTH, 11, "none", f"url(#{name}-hatch)")])
    at = _scale(rank or 0.0, 1, most)
    if svg.known(low) and svg.known(high):
        ends = [_scale(end or 0.0, 1, most) for end in (low, high)]
        parts += [svg.line(*_flat(ends), "range"), *(svg.line(end, 6, end, 16, "range") for end in ends)]
    return _drawn([*parts, svg.circle(at, _MIDDLE, 6, "dot")])


def amount(value: float | None, low: float, high: float, step: int, name: str) -> Markup:
    """A bar from zero; the axis reaches from the lesser of `low` and 0 to the greater of `high` and 0.

    step : class of the ramp of the compass, 1 to 5; 0 for a figure that is not judged.
    """
    ends = (min(low, 0.0), max(high, 0.0))
    if not svg.known(value) or not svg.known(low) or not svg.known(high) or ends[0] == ends[1]:
        return _drawn([svg.hatch(name), svg.rect(0, 5, WIDTH, 11, "none", f"url(#{name}-hatch)")])
    zero, at = (_scale(own, *ends) for own in (0.0, value or 0.0))
    bar = svg.rect(min(zero, at), 4, abs(at - zero), 14, f"f{step} edge")
    return _drawn([bar, svg.line(zero, 0, zero, HEIGHT, "axis")])


def _scale(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return 7 + (WIDTH - 14) * min(1.0, max(0.0, share))


def _flat(ends: list[float]) -> tuple[float, float, float, float]:
    return ends[0], _MIDDLE, ends[1], _MIDDLE


def _drawn(parts: list[Markup]) -> Markup:
    return Markup('<svg class="pic bar" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>').format(
        WIDTH, HEIGHT, Markup("").join(parts))  # fmt: skip
