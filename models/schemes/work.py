"""How many lives a scenario takes: what a service weighs before it begins."""

from __future__ import annotations

from models.schemes import ends, growth
from models.schemes.published import held_against
from models.schemes.scenario import Scenario


def lives(scenario: Scenario) -> int:
    """Lives of one family in one draw at most, as `models.schemes.run.piece` and `simulate` live them: one that every
    scheme touches and every shock may hit. With help and without it at one end of the ranges is one life.

    Without schemes it lives at the middle of all and, where shocks have a range, at both of its ends; without growth
    where years are held against published ones; without shocks and growth (`Scenario.beside_calm`); at another growth
    (`growth.ends`). With each answer it lives at the
    middle and at every corner that is not the same as another (`ends.of`, `ends.lived`).
    """
    others = held_against(scenario) + scenario.beside_calm + len(growth.ends(scenario))
    without = 1 + len(ends.shock_ends(scenario)) + others
    corners = ({ends.lived(arm, end) for end in ends.of(scenario, arm)} for arm in scenario.arms)
    return without + sum(map(len, corners))
