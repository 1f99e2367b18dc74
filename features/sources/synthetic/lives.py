"""What becomes of the families of a partition: marriages, births, new families and deaths, planned for the whole panel.

The plan knows nothing of shocks. A planned event takes place only if those it needs are there when its period comes
(`kin`), so a death on the way needs no new plan.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from features.sources.synthetic import kin, people, schooling
from features.sources.synthetic.law import per_period
from features.sources.synthetic.people import (
    CHILD,
    CHILD_IN_LAW,
    GRANDCHILD,
    HEAD,
    MAN,
    NEVER,
    NOBODY,
    PARENT,
    SPOUSE,
    WOMAN,
    Families,
    Persons,
)
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

GROWN, LAST_WEDDING = 19, 45
"""Ages between which people leave their parents or marry, once out of school: assumptions."""

FERTILE = np.array([15, 20, 30, 35, 40, people.OLDEST_MOTHER])
SHAPE = np.array([0.0, 0.7, 1.0, 0.7, 0.35, 0.10, 0.0])
"""Births of a married woman by age, relative to her twenties: the usual shape, an assumption."""

ENDING = 0.2
"""Added to the unseen part of new families' welfare: those that end are small, so better off than others, and the
country would grow poorer at every formation. Measured on generated families, whose mean then stays where it is."""

MOST = 1.1
"""Log of how many times oftener than others a poor family can have a child, at most: few have one every other year."""

REST = 2.0
"""Years between two births of a mother, at least: an assumption."""


def plan(world: World, partition: int, families: Families, persons: Persons) -> tuple[Families, Persons]:
    """All families and persons of a partition, those of the first period among them, in order of family."""
    book = _Book(world, families, persons)
    if len(world.periods) > 1:
        fresh, generation = np.arange(len(persons)), 0
        while len(fresh):
            fresh = book.generation(fresh, stream(world.seed, partition, Purpose.LIFE, generation))
            generation += 1
    book.mortality(stream(world.seed, partition, Purpose.LIFE, 1 << 20))
    return book.bound()


@dataclass(slots=True)
class _Book:
    """Families and persons so far; rows are appended and never move until `bound`."""

    world: World
    families: Families
    persons: Persons

    def generation(self, fresh: Array, draw: np.random.Generator) -> Array:
        """Marriages, departures and births of these persons; rows of the persons that come of it."""
        first = len(self.persons)
        self._marry_alone(fresh, draw)
        self._depart(fresh, draw)
        wed = np.concatenate([fresh, np.arange(first, len(self.persons))])
        self._births(wed, draw)
        self._parents(fresh, draw)
        born = np.arange(first, len(self.persons))
        return born[(self.persons.mother[born] != NOBODY) | (self.persons.twin[born] != NOBODY)]

    def _wait(self, rows: Array, rate: float, draw: np.random.Generator) -> Array:
        """Period of an event of this yearly rate from marrying age on, `NEVER` where that is too late."""
        world, persons = self.world, self.persons
        chance = float(per_period(rate, world.per_year))
        wait = 1 + (np.log(draw.random(len(rows))) / np.log1p(-chance)).astype(np.int64)
        age, enter = persons.age[rows], persons.enter[rows]
        level = schooling.levels(world, self.families, persons)[rows]
        grown = np.ceil((np.maximum(GROWN, schooling.DONE_AT[level]) - age) * world.per_year).astype(np.int64)
        when = np.maximum(np.maximum(grown, enter), 0) + wait
        late = (age + when / world.per_year > LAST_WEDDING) & (persons.relation[rows] == HEAD)
        return np.where(late | (when >= len(world.periods)), NEVER, when)

    def _marry_alone(self, fresh: Array, draw: np.random.Generator) -> None:
        """Heads without a husband or wife who live alone marry."""
        persons = self.persons
        size = np.bincount(persons.family, minlength=len(self.families))
        single = fresh[(persons.relation[fresh] == HEAD) & (persons.partner[fresh] == NOBODY)
                       & (size[persons.family[fresh]] == 1)]  # fmt: skip
        when = self._wait(single, self.world.parameters.wedding_rate, draw)
        weds = when < NEVER
        self._bring(single[weds], when[weds], SPOUSE, draw)

    def _depart(self, fresh: Array, draw: np.random.Generator) -> None:
        """Grown children leave: daughters marry into families elsewhere, sons found one or bring the wife home."""
        persons, chosen = self.persons, self.world.parameters
        child = fresh[(persons.relation[fresh] == CHILD) & (persons.partner[fresh] == NOBODY)]
        when = self._wait(child, chosen.leave_rate, draw)
        alone, stays = draw.random((2, len(child)))
        goes = when < NEVER
        son = persons.sex[child] == MAN
        single = goes & (alone < chosen.leave_alone)
        home = goes & son & ~single & (stays < chosen.stay_home)
        persons.exit[child] = np.where(home, NEVER, when)
        self._bring(child[home], when[home], CHILD_IN_LAW, draw)
        founds = single | (goes & son & ~home)
        self._found(child[founds], when[founds], single[founds], draw)

    def _bring(self, rows: Array, when: Array, relation: int, draw: np.random.Generator) -> None:
        """Husbands and wives from elsewhere join these persons in these periods."""
        persons = self.persons
        new = len(persons) + np.arange(len(rows))
        self._add(persons.family[rows], np.full(len(rows), relation), 1 - persons.sex[rows],
                  self._mate(rows, when, draw), when, draw, partner=rows)  # fmt: skip
        self.persons.partner[rows] = new

    def _mate(self, rows: Array, when: Array, draw: np.random.Generator) -> Array:
        """Ages of husbands and wives, like those of the first period; grown when they marry."""
        persons = self.persons
        gap = np.where(persons.sex[rows] == MAN, -3, 3) + 3.0 * draw.standard_normal(len(rows))
        return np.maximum(persons.age[rows] + gap, GROWN - when / self.world.per_year)

    def _found(self, rows: Array, when: Array, single: Array, draw: np.random.Generator) -> None:
        """These children found families of their own in these periods, where they live for now like their parents."""
        families, persons = self.families, self.persons
        origin, count = persons.family[rows], len(families)
        tie = self.world.parameters.kinship
        normal = draw.standard_normal((3, len(rows)))
        craft, rest = people.unscored(families, origin)
        bias = _bias(self.world)
        inherited = [tie * (part + shift) + np.sqrt(1 - tie**2) * own
                     for part, shift, own in zip((craft, rest), bias[1:], normal[1:], strict=True)]  # fmt: skip
        inherited[1] = inherited[1] + ENDING
        schooling = 0.6 * (families.schooling[origin] + bias[0]) + 0.8 * persons.schooling[rows]
        self.families = Families(*(np.concatenate(pair) for pair in zip(
            (getattr(families, name) for name in Families.__slots__),
            (families.number[origin], families.stratum[origin], families.regency[origin], families.cluster[origin],
             families.weight[origin], *people.scores(schooling, normal[0], *inherited), when,
             families.root[origin], rows), strict=True)))  # fmt: skip
        new, here = count + np.arange(len(rows)), len(persons)
        self._add(new, np.full(len(rows), HEAD), persons.sex[rows], persons.age[rows], when, draw, twin=rows)
        heads = here + np.arange(len(rows))
        self._bring(heads[~single], when[~single], SPOUSE, draw)

    def _births(self, wed: Array, draw: np.random.Generator) -> None:
        """Children of the married women among these, one period after the other."""
        world, persons, chosen = self.world, self.persons, self.world.parameters
        mothers = wed[(persons.sex[wed] == WOMAN) & (persons.partner[wed] != NOBODY)]
        family = persons.family[mothers]
        more = _steeper(world) * (chosen.size_by_welfare * self.families.permanent
                                  + chosen.size_by_demography * self.families.demography)  # fmt: skip
        ease = np.exp(np.clip(-more, -1.5, MOST))[family]
        since = np.maximum(persons.enter[mothers], persons.enter[persons.partner[mothers]])
        children = np.bincount(self._last_child(mothers), minlength=len(mothers))
        rest, gap = REST * world.per_year, np.ceil(0.75 * world.per_year)
        ready = np.where(since > 0, since + gap, 1 + (rest - gap) * (children > 0))
        for period in range(1, len(world.periods)):
            age = persons.age[mothers] + period / world.per_year
            rate = np.minimum(chosen.birth_rate * SHAPE[np.digitize(age, FERTILE)] * ease, 0.9)
            gives = (draw.random(len(mothers)) < per_period(rate, world.per_year)) & (ready <= period)
            rows = mothers[gives]
            if len(rows):
                ready[gives] = period + rest
                grand = np.isin(persons.relation[rows], (CHILD, CHILD_IN_LAW))
                self._add(persons.family[rows], np.where(grand, GRANDCHILD, CHILD),
                          (draw.random(len(rows)) < 0.5).astype(np.int64), np.full(len(rows), -period / world.per_year),
                          np.full(len(rows), period), draw, mother=rows)  # fmt: skip

    def _parents(self, fresh: Array, draw: np.random.Generator) -> None:
        """A mother or father of the head, alone elsewhere, moves in."""
        world, persons = self.world, self.persons
        head = fresh[persons.relation[fresh] == HEAD]
        chance = float(per_period(world.parameters.parent_rate, world.per_year))
        when = np.maximum(persons.enter[head], 0) + 1 + (np.log(draw.random(len(head))) / np.log1p(-chance)).astype(int)
        gap, woman = 26 + 4 * draw.standard_normal(len(head)), draw.random(len(head)) < 0.75
        age = persons.age[head] + np.maximum(gap, people.YOUNGEST_PARENT + 1)
        old = age + when / world.per_year
        comes = (when < len(world.periods)) & (old > kin.LONELY) & (old < kin.LONELY + 25)
        self._add(persons.family[head[comes]], np.full(int(comes.sum()), PARENT), woman[comes].astype(np.int64),
                  age[comes], when[comes], draw)  # fmt: skip

    def _last_child(self, mothers: Array) -> Array:
        """Mothers, by place in the list, whose family has a child too young for another birth at once."""
        persons = self.persons
        small = np.zeros(len(self.families), dtype=bool)
        small[persons.family[(persons.age >= 0) & (persons.age < REST)]] = True
        return np.flatnonzero(small[persons.family[mothers]])

    def _add(self, family: Array, relation: Array, sex: Array, age: Array, enter: Array, draw: np.random.Generator,
             **links: Array) -> None:  # fmt: skip
        count = len(family)
        nobody, never = np.full(count, NOBODY), np.full(count, NEVER)
        duty = people.duty(self.world, age, draw.random(count))
        new = {"family": family, "relation": relation, "sex": sex, "age": age, "enter": enter, "exit": never,
               "death": never, "schooling": draw.standard_normal(count), "duty": duty, "partner": nobody,
               "mother": nobody, "twin": nobody} | links  # fmt: skip
        if "twin" in links:  # the same person: what was drawn for the child holds
            new |= {name: getattr(self.persons, name)[links["twin"]] for name in ("schooling", "duty")}
        self.persons = Persons(**{f.name: np.concatenate([getattr(self.persons, f.name), new[f.name]])
                                  for f in fields(Persons)})  # fmt: skip

    def mortality(self, draw: np.random.Generator) -> None:
        """Period of everyone's ordinary death, by a hazard that grows with age; who founds a family dies there."""
        world, persons, chosen = self.world, self.persons, self.world.parameters
        slope, since = chosen.death_growth, np.where(persons.enter < NEVER, persons.enter, 0)
        age = np.maximum(persons.age + since / world.per_year, 0.0)
        level = chosen.death_at_60 * np.exp(slope * (age - 60))
        level = np.where(persons.sex == WOMAN, level * chosen.death_of_women, level)
        years = np.log1p(-np.log(draw.random(len(persons))) * slope / level) / slope
        persons.death = since + np.ceil(years * world.per_year).astype(np.int64)

    def bound(self) -> tuple[Families, Persons]:
        """Both in order of family; rows that point to others follow."""
        order = np.argsort(self.persons.family, kind="stable")
        place = np.empty(len(order) + 1, dtype=np.int64)
        place[order], place[NOBODY] = np.arange(len(order)), NOBODY
        persons = Persons(**{f.name: getattr(self.persons, f.name)[order] for f in fields(Persons)})
        for name in ("partner", "mother", "twin"):
            setattr(persons, name, place[getattr(persons, name)])
        self.families.founder = place[self.families.founder]
        return self.families, persons


def _steeper(world: World) -> float:
    """How much steeper births go with a family's scores than its further members do, of whom one is the partner."""
    return world.parameters.size_at_mean / max(world.parameters.size_at_mean - 0.85, 0.1)


def _bias(world: World) -> tuple[float, float, float]:
    """Means, taken off, of schooling, craft and rest among families weighted by their children.

    Poor families have more children, so unshifted scores would sink from one generation to the next; they are places
    in the country's order and keep their law. For normals under exponential weights the mean moves by the covariance.
    """
    slope = _steeper(world) * world.parameters.size_by_welfare
    return slope * 0.50, slope * 0.20 * float(np.sqrt(0.75)), slope * float(np.sqrt(0.63))
