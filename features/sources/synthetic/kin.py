"""Who is there: in each period the planned events that can take place do, and who heads a family is settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.sources.synthetic.law import per_period
from features.sources.synthetic.people import (
    CHILD,
    CHILD_IN_LAW,
    GRANDCHILD,
    HEAD,
    MAN,
    NEVER,
    NOBODY,
    OLDEST_MOTHER,
    OTHER,
    PARENT,
    SPOUSE,
    YOUNGEST_PARENT,
    Families,
    Persons,
)
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

LONELY = 60
"""Age from which those who live alone may be taken in by their children elsewhere."""

SON = 25
"""Age from which a son heads the family rather than his widowed mother, if she is old."""

GROWN = 15
"""Age from which somebody can head a family."""

CHANGES = ("formed", "ended", "moved", "birth", "joined", "death", "left")
FORMED, ENDED, MOVED, BIRTH, JOINED, DEATH, LEFT = range(len(CHANGES))

_FIRST = np.array([9, 1, 2, 3, 5, 6, 4])
"""Who heads a family next, by relation to the one who died; the oldest among equals. A grown son comes before an old
widow: he heads the family, and she is his mother there."""

_AFTER = np.full((7, 7), OTHER)
_AFTER[SPOUSE, [CHILD, CHILD_IN_LAW, GRANDCHILD]] = CHILD, CHILD_IN_LAW, GRANDCHILD
_AFTER[PARENT, CHILD] = GRANDCHILD
_AFTER[CHILD, SPOUSE] = PARENT
_AFTER[[CHILD, CHILD_IN_LAW], GRANDCHILD] = CHILD
"""Relation to the new head, by the new head's own to the old one and that of the person."""


@dataclass(slots=True)
class Changes:
    """What happened in a period: kind (index in `CHANGES`), family, person (row) and other family, -1 where none."""

    kind: Array
    family: Array
    person: Array
    other: Array

    @classmethod
    def of(cls, *parts: tuple[int, Array, Array | None, Array | None]) -> Changes:
        """Put together from kind, families, persons and other families."""
        nobody = np.empty(0, dtype=np.int64)
        parts = ((FORMED, nobody, None, None), *parts)
        columns = [(np.full(len(family), kind), family,
                    *(np.full(len(family), NOBODY) if rows is None else rows for rows in (person, other)))
                   for kind, family, person, other in parts]  # fmt: skip
        return cls(*(np.concatenate(pieces) for pieces in zip(*columns, strict=True)))


class Kin:
    """The state of a partition's families: `exists` by family, `present` by person, `head` and `wed` rows by family.

    `wed` is the row of the head's husband or wife if there, -1 else.
    """

    def __init__(self, world: World, partition: int, families: Families, persons: Persons) -> None:
        self._world, self._partition, self._families, self._persons = world, partition, families, persons
        self.start = persons.start
        self.exists = families.formed == 0
        self.present = (persons.enter == 0) & (persons.leave > 0) & self.exists[persons.family]
        self._heads()

    def step(self, period: int, moved: Array) -> Changes:
        """Bring everyone to this period; deaths by a shock are in `Persons.death` already."""
        families, persons, was = self._families, self._persons, self.present
        self._take_in(period)
        formed = self._form(period)
        self._come(period)
        here = (persons.enter <= period) & (persons.leave > period)
        self.present = here & self.exists[persons.family]
        ended = self._succeed(period)
        gone = np.flatnonzero(was & ~self.present)
        died = persons.death[gone] <= persons.exit[gone]
        left = gone[~died]
        new = np.flatnonzero(self.present & ~was)
        born = persons.mother[new] >= 0
        joined = new[~born]
        target = np.full(len(persons), NOBODY)
        target[families.founder[formed]] = formed
        twin = persons.twin[joined]
        return Changes.of(
            (FORMED, formed, None, persons.family[families.founder[formed]]),
            (ENDED, ended, None, None),
            (MOVED, moved, None, None),
            (BIRTH, persons.family[new[born]], new[born], None),
            (JOINED, persons.family[joined], joined, np.where(twin >= 0, persons.family[twin], NOBODY)),
            (DEATH, persons.family[gone[died]], gone[died], None),
            (LEFT, persons.family[left], left, target[left]),
        )

    def married(self) -> Array:
        """Persons whose husband or wife is there."""
        return (self._persons.partner >= 0) & self.present[self._persons.partner]

    def bound(self) -> Array:
        """Persons whom a family of their own keeps from school: the married, and heads who do not live alone."""
        persons = self._persons
        alone = np.bincount(persons.family, self.present)[persons.family] == 1
        return self.married() | ((persons.relation == HEAD) & ~alone)

    def _heads(self) -> None:
        persons = self._persons
        rows = np.flatnonzero(self.present & (persons.relation == HEAD))
        self.head = np.full(len(self._families), NOBODY)
        self.head[persons.family[rows]] = rows
        partner = np.where(self.head >= 0, persons.partner[self.head], NOBODY)
        self.wed = np.where((partner >= 0) & self.present[partner], partner, NOBODY)

    def _take_in(self, period: int) -> None:
        """Old people who live alone move to their children elsewhere."""
        persons, world = self._persons, self._world
        draw = stream(world.seed, self._partition, Purpose.LIFE, 1 << 21 | period)
        chance = per_period(world.parameters.take_in, world.per_year)
        alone = np.bincount(persons.family, self.present, len(self._families)) == 1
        old = persons.age[self.head] + period / world.per_year >= LONELY
        goes = self.exists & alone & old & (draw.random(len(alone)) < chance)
        persons.exit[self.head[goes]] = period

    def _form(self, period: int) -> Array:
        """New families whose founder was there to leave and lives."""
        families, persons = self._families, self._persons
        new = np.flatnonzero(families.formed == period)
        founder = families.founder[new]
        able = self.present[founder] & (persons.exit[founder] == period) & (persons.death[founder] > period)
        families.formed[new[~able]] = NEVER
        self.exists[new[able]] = True
        return new[able]

    def _come(self, period: int) -> None:
        """Births and weddings that cannot be: the mother, or who was to be married, is no longer there."""
        families, persons = self._families, self._persons
        come = np.flatnonzero(persons.enter == period)
        mother, partner = persons.mother[come], persons.partner[come]
        nine_months = self._world.per_year * 3 // 4
        father = persons.partner[mother]
        born = self.present[mother] & (persons.leave[mother] > period) & (persons.leave[father] + nine_months >= period)
        weds = (partner < 0) | (self.present[partner] & (persons.leave[partner] > period))
        founded = families.formed[persons.family[come]] == period
        able = np.where(mother >= 0, born, founded | weds)
        persons.enter[come[~able]] = NEVER

    def _succeed(self, period: int) -> Array:
        """Settle who heads the families whose head is gone; those without anyone of age end."""
        families, persons = self._families, self._persons
        headed = np.zeros(len(families), dtype=bool)
        headed[persons.family[self.present & (persons.relation == HEAD)]] = True
        age = persons.age + period / self._world.per_year
        without = self.exists & ~headed
        able = np.flatnonzero(self.present & without[persons.family] & (age >= GROWN))
        son = (persons.relation[able] == CHILD) & (persons.sex[able] == MAN) & (age[able] >= SON)
        widow = (persons.relation[able] == SPOUSE) & (age[able] >= LONELY)
        rank = np.where(son, 1.5, _FIRST[persons.relation[able]] + widow)
        able = able[np.lexsort((-age[able], rank, persons.family[able]))]
        heads = able[np.diff(persons.family[able], prepend=-1) != 0]
        self._restate(heads)
        without[persons.family[heads]] = False
        ended = np.flatnonzero(without)
        self.exists[ended] = False
        rest = np.flatnonzero(self.present & without[persons.family])
        persons.exit[rest] = period
        self.present[rest] = False
        self._heads()
        return ended

    def _restate(self, heads: Array) -> None:
        """Say of everyone in these heads' families, also of those to come, what they are to the new head."""
        families, persons = self._families, self._persons
        of = np.full(len(families), NOBODY)
        of[persons.family[heads]] = heads
        rows = np.flatnonzero(of[persons.family] >= 0)
        head = of[persons.family[rows]]
        before = persons.relation[rows]
        now = _AFTER[persons.relation[head], before]
        gap = persons.age[head] - persons.age[rows]
        mother = persons.mother[rows]
        own = (mother < 0) | (mother == head) | (mother == persons.partner[head])
        fits = (gap >= YOUNGEST_PARENT) & (gap <= OLDEST_MOTHER) & own & (persons.partner[head] >= 0)
        now = np.where((before == GRANDCHILD) & (now == CHILD) & ~fits, OTHER, now)
        now = np.where((before == CHILD) & (now == GRANDCHILD) & (gap < 2 * YOUNGEST_PARENT), OTHER, now)
        now = np.where(persons.partner[rows] == head, SPOUSE, now)
        persons.relation[rows] = np.where(rows == head, HEAD, now)
        persons.exit[heads] = NEVER
