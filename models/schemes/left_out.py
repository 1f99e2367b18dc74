"""Answers of which nothing is told, and why: known once it is settled who takes part, before any life is lived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from models.few import FEWEST, told
from models.numbers import about
from models.schemes.checks import plain
from models.schemes.nation import Nation
from models.schemes.selection import Taking
from models.schemes.words import said
from models.words import Language

if TYPE_CHECKING:
    from models.schemes.run import Plan

Why = Literal["", "few", "coarse"]


def why(takings: Sequence[Taking]) -> Why:
    """Why nothing is told of an answer with these schemes; empty where it is told.

    `coarse` : one of them has room for less than one family of the sample. `few` : in one so few take part that one
    family may be known by the figures (`models.few`), and what the others come to would tell of it beside the answer.
    """
    if any(coarse(own) for own in takings):
        return "coarse"
    return "few" if any(told(len(own.row)) is None for own in takings) else ""


def coarse(own: Taking) -> bool:
    """Whether a scheme has places or money, but less than one family of the sample, which stands for many, would take:
    that nobody joins is then the sample's doing, and no finding that nothing changes."""
    return not len(own.row) and bool(own.full) and 0 not in (own.plan.places, own.plan.budget)


def all_coarse(plan: Plan) -> bool:
    """Whether every answer is so, so that there is nothing to be lived for."""
    return bool(plan.arms) and all(why(takings) == "coarse" for takings in plan.arms)


def stand_for(nation: Nation) -> int:
    """Families that one of the sample stands for, as a mean."""
    return round(float(nation.weight.mean()))


def rows(plan: Plan, nation: Nation) -> list[dict[str, Any]]:
    """The answers left out, as plain values: name, title, why, and for how many one of the sample stands."""
    return [{"name": arm.name, "title": plain(arm.title), "why": reason, "stand_for": stand_for(nation)}
            for arm, takings in zip(plan.scenario.arms, plan.arms, strict=True)
            if (reason := why(takings))]  # fmt: skip


def sentence(row: Mapping[str, Any], language: Language) -> str:
    """One of these rows in words, with what to do."""
    return said(f"answer.{row['why']}", language, a=row["title"][language], few=FEWEST,
                n=about(row["stand_for"], language))  # fmt: skip
