"""Growth of consumption over the line: one assumption for all, and what another one would come to.

No figure of a scenario has a range from growth. So where a scenario gives its growth a range, or reaches the year of
the goal, its lives without schemes are lived again at a lower and a higher growth, with the same chance.
"""

from __future__ import annotations

from models.schemes.projection import GOAL_YEAR
from models.schemes.scenario import Scenario

STEP = 0.01
"""What growth is moved by where no range of it is given: one percentage point a year, a yardstick and no range."""


def given(scenario: Scenario) -> bool:
    """Whether the scenario gives its growth a range."""
    return scenario.growth.low < scenario.growth.high


def ends(scenario: Scenario) -> tuple[float, ...]:
    """The growth at which lives are lived again, lower and higher; none where the scenario asks for none."""
    own = scenario.growth
    if given(scenario):
        return own.low, own.high
    reaches = scenario.start + scenario.years >= GOAL_YEAR
    return (round(own.value - STEP, 9), round(own.value + STEP, 9)) if reaches else ()
