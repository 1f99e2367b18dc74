"""Whether anything is seen to last, and so whether there is a cost of each that lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LASTING, FALLS = "lasting_24", "falls_averted"
WITHOUT_PRICE = ("none", "fewer")
"""States in which nothing is bought, so that there is no price of each."""


def nothing(arm: Mapping[str, Any]) -> bool:
    """Whether an answer has nobody in it, so that it changes nothing."""
    return not any(own["families"] for own in arm["schemes"])


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
