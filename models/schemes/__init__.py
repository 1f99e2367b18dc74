"""Shocks, schemes and their simulation over a nation of families: from risk to what would hold.

from models.schemes import nation_of, read_scenario, simulate

result = simulate(read_scenario(path), nation_of(folder), seed=1)
result.to_dict()
"""

from __future__ import annotations

from features.crew import Crew
from models.schemes.nation import Nation
from models.schemes.result import Result
from models.schemes.run import lived, prepare
from models.schemes.scenario import Scenario
from models.schemes.scenario import read as read_scenario
from models.schemes.source import nation_of

__all__ = ["Nation", "Result", "Scenario", "lived", "nation_of", "prepare", "read_scenario", "simulate"]


def simulate(scenario: Scenario, nation: Nation, seed: int | None = None, *, threads: int | None = None,
             crew: Crew | None = None) -> Result:  # fmt: skip
    """Live a scenario through a nation.

    Parameters
    ----------
    scenario : from `read_scenario` or `models.schemes.scenario.of`. nation : its families (`models.schemes.source`).
    seed : of all chance; the scenario's own if not given. threads : the same result on any number. crew : workers that
        live the pieces (`features.crew.crew`), with the same result; this process if not given.
    """
    plan = prepare(scenario, nation, scenario.seed if seed is None else seed)
    return Result(plan, nation, lived(plan, nation, threads, crew))
