"""How many lives a scenario takes: what a service weighs before it begins."""

from __future__ import annotations

from models.schemes import ends, growth
from models.schemes.published import held_against
from models.schemes.scenario import Scenario


def lives(scenario: Scenario) -> int:
    """Lives of one family in one draw at most, as `models.schemes.run.piece` and `simulate` live them: one that every
    scheme touches and every shock may hit. With help and without it at one end of the ranges is one life.

    Without schemes it lives at the middle of all, where shocks have a range there and at both ends once more; without
    growth where years are held against published ones; at another growth (`growth.ends`). With each answer it lives at
    the middle and at every corner (`ends.of`).
    """
    shocks = len(ends.shock_ends(scenario))
    without = 1 + (1 + shocks if shocks else 0) + held_against(scenario) + len(growth.ends(scenario))
    return without + sum(len(ends.of(scenario, arm)) for arm in scenario.arms)
