"""The welfare score over time: a lasting part, a passing part and rare shocks that fade."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from features.sources.synthetic import law
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array


@dataclass(slots=True)
class Welfare:
    """State of the process, shape (families,): `drops` and `marks` hold the last year, newest first."""

    permanent: Array
    passing: Array
    drops: list[Array] = field(default_factory=list)
    marks: list[Array] = field(default_factory=list)

    @property
    def mark(self) -> Array:
        """What past shocks take off the score now."""
        return self.marks[0]

    def score(self, world: World) -> Array:
        """True score."""
        return self.permanent + world.parameters.spread * self.passing + self.mark

    def step(self, world: World, normal: Array, drop: Array) -> None:
        """Move one period on with this innovation and this drop (0 for no shock)."""
        keep = world.parameters.persistence ** (1 / world.per_year)
        self.passing = keep * self.passing + np.sqrt(1 - keep**2) * normal
        self._mark(world, drop)

    def _mark(self, world: World, drop: Array) -> None:
        self.drops = [drop, *self.drops[:-1]]
        # a shock counts in full for a year, then its rest fades: the recursion equals `law.fades`
        mark = world.parameters.shock_fade * self.marks[-1] - sum(self.drops)
        self.marks = [mark, *self.marks[:-1]]

    def ahead(self, world: World) -> list[Array]:
        """Marks 1, 2, ... 8 periods ahead if no further shock comes."""
        copy = Welfare(self.permanent, self.passing, self.drops, self.marks)
        out = []
        for _ in range(8):
            copy._mark(world, np.zeros(len(self.permanent)))
            out.append(copy.mark)
        return out


def start(world: World, partition: int, permanent: Array, other: Array) -> Welfare:
    """State at the first period after the burn-in; `other` is the yearly hazard of displacement."""
    count = len(permanent)
    draw = stream(world.seed, partition, Purpose.BURN_IN)
    zero = np.zeros(count)
    state = Welfare(permanent, draw.standard_normal(count), [zero] * world.per_year,
                    [zero] * world.per_year)  # fmt: skip
    rate = law.total_rate(law.per_period(law.yearly_rate(permanent, world.parameters), world.per_year),
                      law.per_period(other, world.per_year))  # fmt: skip
    for _ in range(int(world.parameters.burn_in * world.per_year)):
        normal, uniform, size = draw.standard_normal(count), draw.random(count), draw.random(count)
        state.step(world, normal, np.where(uniform < rate, drop_size(world, size), 0.0))
    return state


def drop_size(world: World, uniform: Array) -> Array:
    """Exponential drops by inversion."""
    return -world.parameters.shock_size * np.log1p(-uniform)
