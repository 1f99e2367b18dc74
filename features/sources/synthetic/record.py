"""What the register says of a family: cells of another family of its province, and facts that nobody looked at again.

The survey's rows carry the same record, so that a model trained on them meets in service what it was
trained on; only welfare and earnings are measured afresh. Place, people (who is there, sex, age, relation,
marital state) and programmes come from other registers and hold no wrong cells, but who is there is as old
as the last look.
"""

from __future__ import annotations

import numpy as np

from features.sources.synthetic.law import per_period
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

CLEAN = ("large_city",)
BLOCKS: tuple[tuple[str, ...], ...] = (
    ("education", "literate"), ("in_school",),
    ("activity", "inactive_reason", "job", "status", "formal", "permanent", "public", "underemployed", "hours",
     "firm_size"),
    ("chronic_illness",), ("disability",),
)  # fmt: skip
"""Cells of a person that are wrong together: a wrong job brings its own terms."""

AGE_CLASSES = (7, 13, 15, 19, 23, 60)
FINE_CLASSES = (5, 7, 9, 11, 13, 15, *range(16, 26), 28, 32, 36, 40, 45, 50, 55, 60, 65, 70, 75)
"""First ages of the classes a wrong cell comes from: single years while people leave school and begin to work. The
fine ones serve where `ENOUGH` people of a sex and province are in them, else the wider ones."""

ENOUGH = 4


class Record:
    """The register's state: `house` by family, `person` and `present` by person; `clean` keeps errors out."""

    def __init__(self, world: World, partition: int, province: Array, family: Array, sex: Array, *,
                 clean: bool = False) -> None:  # fmt: skip
        self._world, self._partition, self._family, self._sex = world, partition, family, sex
        self._count = len(province)
        self.place(province)
        self._chance = 0.0 if clean else world.parameters.cell_error
        self.house: dict[str, Array] = {}
        self.person: dict[str, Array] = {}
        self.present: Array = np.zeros(len(family), dtype=bool)

    def place(self, province: Array) -> None:
        """Where the families live: a cell goes astray within a province, figures would else drift to the country's."""
        self._province, self._order = province, np.argsort(province, kind="stable")
        self._size = np.bincount(province, minlength=province.max(initial=0) + 1)

    def look(self, period: int, house: dict[str, Array], person: dict[str, Array], present: Array,
             age: Array, new: Array) -> None:  # fmt: skip
        """Bring part of the families up to date, and all that are new (everyone the first time)."""
        draw = stream(self._world.seed, self._partition, Purpose.RECORD, period)
        chance = per_period(self._world.parameters.refresh, self._world.per_year)
        seen = (draw.random(self._count) < chance) | new
        rows = np.flatnonzero(seen)
        for name, values in house.items():
            wrong, donor = draw.random((2, len(rows)))
            other = values[self._neighbour(rows, donor)]
            told = values[rows] if name in CLEAN else np.where(wrong < self._chance, other, values[rows])
            self._store(self.house, name, values, rows, told)
        self._persons(period, seen, person, present, age)

    def _neighbour(self, rows: Array, uniform: Array) -> Array:
        """A family of the same province for each of these, itself among them."""
        place = self._province[rows]
        return self._order[(np.cumsum(self._size) - self._size)[place] + (uniform * self._size[place]).astype(np.int64)]

    def _persons(self, period: int, seen: Array, person: dict[str, Array], present: Array, age: Array) -> None:
        draw = stream(self._world.seed, self._partition, Purpose.RECORD_PEOPLE, period)
        donor = _donors(draw.random(len(age)), present, age, self._sex, self._province[self._family])
        rows = np.flatnonzero(seen[self._family])
        self.present[rows] = present[rows]
        wrong_of: dict[str, Array] = {}
        for block in BLOCKS:
            wrong = draw.random(len(age))[rows] < self._chance
            wrong_of |= dict.fromkeys(block, wrong)
        for name, values in person.items():
            told = np.where(wrong_of[name], values[donor[rows]], values[rows]) if name in wrong_of else values[rows]
            self._store(self.person, name, values, rows, told)

    def _store(self, state: dict[str, Array], name: str, values: Array, rows: Array, told: Array) -> None:
        if name not in state:
            state[name] = values.copy()
        state[name][rows] = told


def _donors(uniform: Array, present: Array, age: Array, sex: Array, province: Array) -> Array:
    """Another person of the same sex, age class and province for everyone, so that a wrong cell is still possible."""
    place = (province * 2 + sex) * 100
    fine, wide = (np.where(present, place + np.digitize(age, classes), -1) for classes in (FINE_CLASSES, AGE_CLASSES))
    enough = np.bincount(fine + 1)[fine + 1] >= ENOUGH
    return np.where(enough, _following(fine, uniform), _following(wide, uniform))


def _following(group: Array, uniform: Array) -> Array:
    """For everyone the next one of their group in an order drawn at random; for a last one, the one before."""
    order = np.argsort(group + uniform * 0.999)
    following = np.roll(order, -1)
    ends = group[order] != group[following]
    following[ends] = np.roll(order, 1)[ends]
    alone = group[order] != group[following]
    following[alone] = order[alone]
    donor = np.empty(len(group), dtype=np.int64)
    donor[order] = following
    return donor
