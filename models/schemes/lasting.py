"""Whether anything is seen to last, and so whether there is a cost of each that lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LASTING, FALLS = "lasting_24", "falls_averted"
WITHOUT_PRICE = ("none", "fewer")
"""States in which nothing is bought, so that there is no price of each."""


def nothing(arm: Mapping[str, Any]) -> bool:
    """Whether an answer has nobody in it, so that it changes nothing: the answer says so once, and its lines would be
    those without schemes again."""
    return not any(own["families"] for own in arm["schemes"])


def trying(found: Mapping[str, Any]) -> list[Any]:
    """The answers of a result that somebody takes part in."""
    return [arm for arm in found["arms"] if not nothing(arm)]


def no_aspirin(outcomes: Mapping[str, Any]) -> str | None:
    """Why there is no share of averted falls that come back; None where there is one.

    `unseen` : of nobody three years after support lie in the simulated ones. `none` : they do, and of nobody a fall
    during support is averted, so that there is none of which it could be a share.
    """
    if outcomes["aspirin"]["value"] is not None:
        return None
    return "unseen" if outcomes["lasting_36"]["value"] is None else "none"


def state(arm: Mapping[str, Any], name: str = LASTING) -> str:
    """What the figures of an answer's outcome allow to be said (`Result.to_dict`).

    `unseen` : the simulation ends before. `none` : exactly nothing, in every draw and at every end of the ranges.
    `fewer` : on balance not more than without it. `open` : more on balance, and a range holds nought. `more` : both
    ranges are above nought.
    """
    own = arm["outcomes"][name]
    ends = [end for kind in ("draws", "effects") for end in own[kind] if end is not None]
    if own["value"] is None:
        return "unseen"
    if own["value"] == 0 and not any(ends):
        return "none"
    if own["value"] <= 0:
        return "fewer"
    return "open" if min(ends) <= 0 else "more"
