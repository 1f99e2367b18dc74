"""Scenarios side by side: the answers of several as those of one, where all are lived by the same families.

The same families with the same chance and the same shocks have the same lives without schemes, to the last digit. Only
then is the difference of two answers that of their schemes; anything else is refused, and says what differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from features.types import Array
from models.schemes import ahead, named
from models.schemes.ends import Uncertain
from models.schemes.lasting import nothing
from models.schemes.ranges import difference
from models.schemes.result import DIFFERENCES

Row = dict[str, Any]
Pairs = dict[str, dict[str, dict[str, Array]]]
"""By answer, by end of its effect, the draws of each outcome."""
MOST = 4
"""Scenarios at a time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A scenario as it was lived.

    Attributes
    ----------
    number : what it is called where it is kept. found : of `Result.to_dict`. paired : of `Result.paired`.
    """

    number: str
    found: Mapping[str, Any]
    paired: Mapping[str, Any]


def unlike(kept: Sequence[Kept]) -> list[str]:
    """What keeps scenarios from being compared: `families`, `seed`, `draws`, `years`, `shocks`; nothing where they can
    be."""
    first = kept[0].found
    found: list[str] = []
    for own in (one.found for one in kept[1:]):
        same = {"families": own["data"] == first["data"], "seed": own["seed"] == first["seed"],
                "draws": own["draws"] == first["draws"],
                "years": [own["scenario"][name] for name in ("start", "years")]
                == [first["scenario"][name] for name in ("start", "years")]}  # fmt: skip
        other = [name for name, holds in same.items() if not holds]
        # What growth comes to is told where no scheme is tried, and says no more of the lives. Lives that differ anyway
        # do not tell whether the shocks do: then it is what is stated of them.
        same_lives = own["without"] | {"calm": None} == first["without"] | {"calm": None}
        same_shocks = _upon(own) == _upon(first) if other else same_lives
        found += [*other, *([] if same_shocks else ["shocks"])]
    return list(dict.fromkeys(found))


def _upon(found: Mapping[str, Any]) -> tuple[list[Row], list[Row]]:
    """What is stated of the shocks and the growth of a scenario: whom they hit and when, and every figure."""
    return ([row for row in found["whom"] if row["arm"] is None],
            [row for row in found["assumptions"] if row["part"] in ("shock", "scenario")])  # fmt: skip


def together(kept: Sequence[Kept]) -> Row:
    """One result (as of `Result.to_dict`) with the answers of all scenarios, each called by a letter; `from` tells
    whose it is. ValueError where they are not alike.

    An answer that stands in two scenarios stands there twice, with the difference of exactly nothing between them.
    """
    if different := unlike(kept):
        raise ValueError(f"scenarios differ in {', '.join(different)}")
    first = kept[0].found
    arms: list[Row] = []
    left_out: list[Row] = []
    whom = [row for row in first["whom"] if row["arm"] is None]
    pairs: Pairs = {}
    middle = [row for row in first["goal"]["middle"] if row["name"] == "without"]
    held: dict[str, Uncertain] = {}
    several = len(kept) > 1
    for own in kept:
        left_out += [arm | {"title": _title(own, arm, several)} for arm in own.found["arms_left_out"]]
        for arm in own.found["arms"]:
            name = named.letter(len(arms))
            arms.append(
                {
                    **arm,
                    "name": name,
                    "letter": name,
                    "title": _title(own, arm, several),
                    "from": {"number": own.number, "arm": arm["name"]},
                }
            )
            pairs[name] = {end: {what: np.array(values, float) for what, values in ends.items()}
                           for end, ends in own.paired[arm["name"]].items()}  # fmt: skip
            held[name] = Uncertain.of(own.found["assumptions"], arm["name"])
            whom += [row | {"arm": name} for row in own.found["whom"] if row["arm"] == arm["name"]]
            middle += [row | {"name": name} for row in own.found["goal"]["middle"] if row["name"] == arm["name"]]
    differences = _differences(arms, pairs, held)
    return {
        **first,
        "scenarios": [{"number": own.number, **own.found["scenario"]} for own in kept],
        "whom": whom,
        "arms": arms,
        "arms_left_out": left_out,
        "differences": differences,
        "pareto": ahead.pareto(arms, differences),
        "goal": {**first["goal"], "middle": middle},
        "assumptions": _assumptions(kept, several),
    }  # fmt: skip


def _title(own: Kept, arm: Row, several: bool) -> dict[str, str]:
    """Title of an answer, with that of its scenario in front where there are several."""
    return {language: f"{own.found['scenario']['title'][language]}: {arm['title'][language]}"
            if several else arm["title"][language] for language in ("id", "en")}  # fmt: skip


def _differences(arms: Sequence[Row], pairs: Pairs, held: Mapping[str, Uncertain]) -> list[Row]:
    """How each two answers differ in every outcome."""
    names, idle = [arm["name"] for arm in arms], {arm["name"] for arm in arms if nothing(arm)}
    return ahead.level(arms, [{"first": one, "second": two, "outcomes": {
        what: difference(what, pairs[one], pairs[two], held[one].shared(held[two]),
                         reached=one not in idle and two not in idle) for what in DIFFERENCES}}
        for at, one in enumerate(names) for two in names[at + 1 :]])  # fmt: skip


def _assumptions(kept: Sequence[Kept], several: bool) -> list[Row]:
    found: list[Row] = []
    for own in kept:
        for row in own.found["assumptions"]:
            told = {**row, "part": f"{own.number} {row['part']}" if several else row["part"]}
            if told not in found:
                found.append(told)
    return found
