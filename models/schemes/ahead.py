"""Which outcome the answers of a scenario are judged by, which of them is ahead by it, and which is beaten on cost.

They are judged by what lasts 24 months. Where that is not seen, where nothing lasts at all, and where it leaves open
which is ahead, they are judged by falls averted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from models.schemes.lasting import FALLS, LASTING, nothing, state

Row = dict[str, Any]


def shown(arms: Sequence[Row]) -> str:
    """The outcome that answers are judged by first: what lasts 24 months, or falls averted where that is not seen of
    one of them or nothing lasts of any."""
    states = [state(arm) for arm in arms if not nothing(arm)]
    return FALLS if "unseen" in states or {*states} == {"none"} else LASTING


def deciding(arms: Sequence[Row], differences: Sequence[Row]) -> str:
    """The outcome that decides in the end: falls averted also where what lasts leaves open which is ahead."""
    names = [arm["name"] for arm in arms if not nothing(arm)]
    if len(names) < 2 or shown(arms) == FALLS:
        return shown(arms)
    best, equal = best_of(names, differences, LASTING)
    return LASTING if best or equal else FALLS


class Pair(NamedTuple):
    """Two answers beside each other by an outcome.

    verdict : `first` (the first is ahead, so the two stand the other way round where the second is), `equal`, or
    another word of `differences`. gap : what the first is ahead by, by the mean.
    """

    first: str
    second: str
    verdict: str
    gap: float


def pairs(names: Sequence[str], differences: Sequence[Row], outcome: str) -> list[Pair]:
    """Every two of some answers, by an outcome."""
    found = []
    for row in differences:
        if row["first"] in names and row["second"] in names:
            own = row["outcomes"][outcome]
            turned = own["verdict"] == "second"
            one, two = (row["second"], row["first"]) if turned else (row["first"], row["second"])
            found.append(Pair(one, two, "first" if turned else own["verdict"], abs(own["value"] or 0.0)))
    return found


def best_of(names: Sequence[str], differences: Sequence[Row], outcome: str) -> tuple[str | None, bool]:
    """The answer that is ahead of all others by both ranges, None if none is; and whether no two of them differ."""
    every = pairs(names, differences, outcome)
    won = [pair.first for pair in every if pair.verdict == "first"]
    best = next((name for name in won if won.count(name) == len(names) - 1), None)
    return best, all(pair.verdict == "equal" for pair in every)


def leaders(names: Sequence[str], differences: Sequence[Row], by: str) -> tuple[list[str], str]:
    """The fewest answers each of which is ahead of every other by both ranges, and the outcome by which they are:
    `by`, or falls averted where no two differ surely by it. One, or two or more that are no more than half of all
    (two of three too); none where there are no such."""
    for outcome in dict.fromkeys((by, FALLS)):
        won = [one for one in pairs(names, differences, outcome) if one.verdict == "first"]
        behind = {name: {one.second for one in won if one.first == name} for name in names}
        for count in range(1, min(max(2, len(names) // 2), len(names) - 1) + 1):
            few = [name for name in names if len(behind[name]) >= len(names) - count]
            if len(few) == count and all({*names} - {*few} <= behind[name] for name in few):
                return few, outcome
        if won:
            break
    return [], by


def pareto(arms: Sequence[Row], differences: Sequence[Row]) -> list[Row]:
    """Cost, lasting exits and falls averted of each answer whose cost is known (of `Result.to_dict`).

    `cost` : rupiah really spent. `used_up` : the budget in rupiah where the answer has one for each of its schemes and
    all of it is used up, else None (`same_cost`). `beaten_by` : those that cost no more and hold as many by the means
    of the outcome that decides (`by`), and are better in one. `surely_beaten_by` : those of them that are better by
    both ranges too (the verdict of the differences), or as good in every draw and cheaper. `reached` : whether anybody
    is reached; an answer that reaches nobody has no effect and no cost.
    """
    by = deciding(arms, differences)
    points = [_priced(arm) | {name: arm["outcomes"][name] for name in (LASTING, FALLS)}
              | {"by": by, "reached": not nothing(arm)} for arm in arms if arm["cost_at_least"] is None]  # fmt: skip
    verdicts = pairs([own["name"] for own in points], differences, by)
    sure = {(one.first, one.second) for one in verdicts if one.verdict in ("first", "equal")}
    sure |= {(one.second, one.first) for one in verdicts if one.verdict == "equal"}
    beaten = beaten_by(points, by)
    return [own | {"beaten_by": beaten[own["name"]],
                   "surely_beaten_by": [name for name in beaten[own["name"]] if (name, own["name"]) in sure]}
            for own in points]  # fmt: skip


def with_dot(points: Sequence[Row]) -> list[Row]:
    """Points of `pareto` that have a dot in the picture of cost: those that reach somebody."""
    return [own for own in points if own["reached"]]


def beaten_by(points: Sequence[Row], by: str) -> dict[str, list[str]]:
    """Of each point of `pareto` those that cost no more and hold as many by the means of an outcome, and are better in
    one."""
    return {own["name"]: [one["name"] for one in points if _beats(one, own, by)] for own in points}


def same_cost(one: Row, other: Row) -> bool:
    """Whether two points of `pareto` cost the same: what they spend, or one budget that both used up. What is left of
    it buys no place more, so the one that leaves more is not cheaper."""
    used = one["used_up"]
    return one["cost"] == other["cost"] or (used is not None and used == other["used_up"])


def level(arms: Sequence[Row], differences: Sequence[Row]) -> list[Row]:
    """The differences with the verdict `equal` on the cost of two answers that cost the same (`same_cost`); the figure
    stays what was really spent."""
    priced = {arm["name"]: _priced(arm) for arm in arms if arm["cost_at_least"] is None}

    def same(row: Row) -> bool:
        one, other = priced.get(row["first"]), priced.get(row["second"])
        return one is not None and other is not None and same_cost(one, other)

    return [row | {"outcomes": row["outcomes"] | {"cost": row["outcomes"]["cost"] | {"verdict": "equal"}}}
            if same(row) else row for row in differences]  # fmt: skip


def _priced(arm: Row) -> Row:
    return {"name": arm["name"], "cost": arm["outcomes"]["cost"]["value"], "used_up": _used_up(arm)}


def _used_up(arm: Row) -> int | None:
    schemes = arm["schemes"]
    whole = all(own["budget"] is not None and "budget" in own["limited_by"].values() for own in schemes)
    return sum(own["budget"] for own in schemes) if schemes and whole else None


def _beats(one: Row, own: Row, by: str) -> bool:
    more, held, same = one[by]["value"], own[by]["value"], same_cost(one, own)
    if more is None or held is None or more < held:
        return False
    return bool(more > held if same else one["cost"] < own["cost"])
