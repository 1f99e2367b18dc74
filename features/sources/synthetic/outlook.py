"""Events that hit whole provinces: layoff waves, disasters and failed harvests, drawn once for the country.

Each multiplies a hazard while it lasts and lowers it a little otherwise, so that the mean stays: the risk of
a family that knows nothing of the events to come is the risk at the mean hazard. They do not persist.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.sources.synthetic import figures
from features.sources.synthetic.law import per_period
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.streams import Purpose, stream
from features.types import Array


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether an event takes place and the factor on its hazard, each of shape (periods, 38)."""

    layoff: Array
    layoff_factor: Array
    disaster: Array
    disaster_factor: Array
    harvest: Array
    harvest_factor: Array


def draw(seed: int, count: int, per_year: int, parameters: Parameters) -> Outlook:
    """Draw the regional events of every period."""
    source = stream(seed, 0, Purpose.REGION)
    parts: list[Array] = []
    for rate, force in ((parameters.layoff_wave, parameters.layoff_force),
                        (parameters.disaster, parameters.disaster_force),
                        (parameters.harvest, parameters.harvest_force)):  # fmt: skip
        chance = float(per_period(rate, per_year))
        there = source.random((count, len(figures.provinces()))) < chance
        parts += [there, np.where(there, force, (1 - chance * force) / (1 - chance))]
    return Outlook(*parts)
