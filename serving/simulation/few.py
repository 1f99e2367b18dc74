"""What is kept back of a simulation since few families would be known by it: of an area, a scheme, a shock, a province.

A count of nought is kept back as one of few is: told apart from it, a range that is halved again and again would read
what the register says of one family.
"""

from __future__ import annotations

from typing import Any

from features.commands import UserError
from models.few import FEWEST
from models.rule_words import Pair, said
from models.schemes.nation import Nation
from models.schemes.parts import Scope
from models.schemes.scenario import Scenario
from models.schemes.selection import within

STEP = 0.05
"""Chances between which a scope may lie, for who may see no household."""


class FewError(UserError):
    """Too few families; its text is the code that a scenario keeps. words : what is told, in both languages."""

    def __init__(self, code: str, words: Pair) -> None:
        super().__init__(code)
        self.words = words


def area(nation: Nation) -> None:
    """FewError `few_area` for an area of so few families that all that is told of it would be nearly of one."""
    if len(nation) < FEWEST:
        raise FewError("few_area", said("few.area", n=FEWEST))


def shocks(scenario: Scenario, nation: Nation) -> None:
    """FewError `few_shock SHOCK` where one may hit too few families: their moves would be told by the difference to
    the same scenario without it."""
    for own in scenario.shocks:
        if not enough(nation, own.shock.scope):
            raise FewError(f"few_shock {own.shock.name}", said("few.shock", n=FEWEST, name=own.shock.name))


def schemes(scenario: Scenario, nation: Nation) -> None:
    """UserError `few SCHEME` where one may reach too few families to be told of."""
    for arm in scenario.arms:
        for own in arm.schemes:
            if not enough(nation, own.scheme.eligibility):
                raise UserError(f"few {own.scheme.name}")


def grid(scenario: Scenario) -> None:
    """FewError `few_grid NAME` for a scope that asks for a chance between two steps of `STEP`: ends that move by less
    would tell, by where a count rises, the chance of single families to who may not see any."""
    asked = [(own.scheme.name, own.scheme.eligibility) for arm in scenario.arms for own in arm.schemes]
    for name, scope in asked + [(own.shock.name, own.shock.scope) for own in scenario.shocks]:
        for end in (*(scope.risk or ()), *(scope.poor_now or ())):
            if abs(end / STEP - round(end / STEP)) > 1e-9:
                raise FewError(f"few_grid {name}", said("few.grid", step=STEP, name=name))


def coarse(scheme: str, arm: str, families: int) -> str:
    """The code that a scenario keeps where a scheme of an answer has room for less than one family of the sample, which
    stands for so many."""
    return f"coarse {scheme} {families} {arm}"


def enough(nation: Nation, scope: Scope) -> bool:
    """Whether it may be told how many families have the facts of a scope: `FEWEST` at least, or nobody for a reason
    that says nothing of anybody's facts: no family lives in its places, or the facts are known of none."""
    inside, unknown = within(nation, scope)
    if int(inside.sum()) >= FEWEST or unknown.all():
        return True
    there, _ = within(nation, Scope(provinces=scope.provinces, regencies=scope.regencies))
    return not there.any()


def unknown(nation: Nation, scope: Scope) -> bool:
    """Whether so few families lack a fact that a scope asks for that their number is kept back."""
    return 0 < int(within(nation, scope)[1].sum()) < FEWEST


def words(scope: Scope) -> str:
    """A scope in a line of the log, without what it does not ask: `size=5-50 risk=0-0.5 regencies=3279`."""
    told = []
    for name in ("size", "desil", "risk", "poor_now", "urban", "working", "regencies", "provinces", "sections",
                 "divisions"):  # fmt: skip
        value: Any = getattr(scope, name)
        if value is None:
            continue
        if not isinstance(value, tuple):
            told.append(f"{name}={'yes' if value else 'no'}")
        elif isinstance(value[0], str):
            told.append(f"{name}={','.join(value)}")
        else:
            told.append(f"{name}={value[0]:g}-{value[1]:g}")
    return " ".join(told)
