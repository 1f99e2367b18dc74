"""The families of a partition: where they live, what they are made of, and who joins or leaves later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features import contract
from features.sources.synthetic.streams import PARTITION, Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

RELATIONS = contract.MEMBERS["relation"].choices
HEAD, SPOUSE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, OTHER = range(7)
MAN, WOMAN = 0, 1
NEVER = 1 << 30

YOUNGEST_PARENT, OLDEST_MOTHER, OLDEST_FATHER = 15, 45, 60
"""Ages at a birth: assumptions that keep families possible, well outside the usual ages."""

_KINDS = np.array([CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, OTHER])
_MIX = np.array([[0.93, 0.0, 0.0, 0.04, 0.03], [0.80, 0.05, 0.08, 0.03, 0.04], [0.45, 0.12, 0.33, 0.0, 0.10]])
"""Who the further members are, by age of the head (under 50, under 65, older): an assumption."""


@dataclass(slots=True)
class Families:
    """Lasting facts of a partition's families, shape (families,). Scores are standard normal."""

    number: Array
    stratum: Array
    regency: Array
    cluster: Array
    weight: Array
    permanent: Array
    schooling: Array
    demography: Array
    skill: Array

    def __len__(self) -> int:
        return len(self.number)


@dataclass(slots=True)
class Persons:
    """Facts of every person who is ever a member, sorted by family, shape (persons,).

    `age` is in years at the start of the first period and negative before birth; `enter` and `leave` are
    period indices. `relation` changes when a head dies. `wed` says which children are married to a child-in-law of
    the family: these stay.
    """

    family: Array
    start: Array
    slot: Array
    relation: Array
    sex: Array
    age: Array
    enter: Array
    leave: Array
    schooling: Array
    couple: Array
    wed: Array

    def __len__(self) -> int:
        return len(self.family)


def settle(world: World, partition: int, count: int) -> Families:
    """Draw the families of a partition."""
    draw = stream(world.seed, partition, Purpose.PLACE)
    stratum = np.searchsorted(np.cumsum(world.draw), draw.random(PARTITION) * world.draw.sum())
    stratum = np.minimum(stratum, len(world.draw) - 1)
    regency = world.regencies.pick(stratum, draw.random(PARTITION))
    cluster = _clusters(stratum, regency, draw.random(PARTITION))
    draw = stream(world.seed, partition, Purpose.PEOPLE)
    normal = draw.standard_normal((5, PARTITION))
    schooling, demography = normal[0], normal[1]
    skill = 0.5 * schooling + np.sqrt(0.75) * normal[2]
    permanent = 0.40 * schooling + 0.30 * demography + 0.20 * skill + np.sqrt(0.63) * normal[3]
    first = (partition % (1 << 47)) * PARTITION
    whole = Families(first + np.arange(PARTITION), stratum, regency, cluster, world.weight[stratum], permanent,
                     schooling, demography, skill)  # fmt: skip
    return Families(**{name: getattr(whole, name)[:count] for name in Families.__slots__})


def _clusters(stratum: Array, regency: Array, uniform: Array) -> Array:
    """Number of a family's cluster in its partition: about ten families of one regency and stratum."""
    order = np.lexsort((uniform, regency, stratum))
    same = np.diff(stratum[order], prepend=-1) + np.diff(regency[order], prepend=-1) != 0
    run = np.arange(len(order)) - np.maximum.accumulate(np.where(same, np.arange(len(order)), 0))
    out = np.empty(len(order), dtype=np.int64)
    out[order] = np.cumsum(same | (run % 10 == 0)) - 1
    return out


def compose(world: World, partition: int, families: Families) -> Persons:
    """Draw the members of every family, the births to come and the departures."""
    draw = stream(world.seed, partition, Purpose.PEOPLE, 1)
    parameters, count = world.parameters, len(families)
    mean = np.exp(np.log(parameters.size_at_mean) - 0.03 - parameters.size_by_welfare * families.permanent
                  - parameters.size_by_demography * families.demography)  # fmt: skip
    size = np.minimum(1 + _poisson(mean, draw.random(PARTITION)[:count]), 14)
    age = np.clip(46 + 13 * draw.standard_normal(PARTITION)[:count], 19, 92)
    age = np.where(size > 3, 30 + (age - 30) * 0.85, age)
    age = np.maximum(age, 19)
    woman = draw.random(PARTITION)[:count] < np.where(size > 3, 0.05, 0.17) * parameters.woman_head / 0.13
    couple = draw.random(PARTITION)[:count] < _couples(size, woman)
    births = _births(world, draw.random((2, PARTITION))[:, :count], couple & _fertile(age, woman),
                     np.where(woman, age, age - 3))  # fmt: skip
    return _people(world, partition, size, births, age, woman, couple)


def _poisson(mean: Array, uniform: Array) -> Array:
    """Poisson counts by inversion: the same on every version of numpy."""
    count = np.zeros(len(mean), dtype=np.int64)
    term = np.exp(-mean)
    total = term.copy()
    for k in range(1, 14):
        count += uniform > total
        term = term * mean / k
        total = total + term
    return count


def _couples(size: Array, woman: Array) -> Array:
    return np.where(size == 1, 0.0, np.where(woman, 0.08, np.where(size == 2, 0.72, 0.95)))


def _fertile(age: Array, woman: Array) -> Array:
    wife = np.where(woman, age, age - 3)
    return (wife >= 18) & (wife <= 42)


def _births(world: World, uniform: Array, able: Array, mother: Array) -> Array:
    """Period index of up to two births a family, shape (2, families); `NEVER` where there is none."""
    rate = world.parameters.birth_rate / world.per_year
    wait = 1 + (np.log(uniform) / np.log1p(-rate)).astype(np.int64)
    when = np.cumsum(wait + np.array([[0], [2 * world.per_year]]), axis=0)
    able = able & (mother + when / world.per_year < OLDEST_MOTHER)
    return np.where(able & (when < len(world.periods)), when, NEVER)


def _people(world: World, partition: int, size: Array, births: Array, age: Array, woman: Array,
            couple: Array) -> Persons:  # fmt: skip
    born = births < NEVER
    total = size + born.sum(axis=0)
    family = np.repeat(np.arange(len(size)), total)
    start = np.concatenate([[0], np.cumsum(total)[:-1]])
    slot = np.arange(len(family)) - start[family]
    draw = stream(world.seed, partition, Purpose.PERSON)
    uniform, normal = draw.random((4, len(family))), draw.standard_normal((2, len(family)))
    relation = _relations(slot, family, size, age, couple, uniform[0])
    sex = np.where(uniform[1] < 0.5, MAN, WOMAN)
    sex = np.where(relation == HEAD, woman[family], np.where(relation == SPOUSE, ~woman[family], sex))
    ages = _ages(relation, age[family], sex, uniform[2], normal[0])
    wed = _weddings(relation, sex, ages, family)
    ages = _parents(relation, ages, sex, family, start)
    order = slot - size[family]
    enter = np.where(order >= 0, births[np.clip(order, 0, 1), family], 0)
    only = (order == 0) & (births[0, family] == NEVER)
    enter = np.where(only, births[1, family], enter)
    ages = np.where(order >= 0, -(enter / world.per_year), ages)
    leave = np.where(wed, NEVER, _leaving(world, relation, ages, uniform[3]))
    return Persons(family, start, slot, relation, sex.astype(np.int64), ages, enter, leave, normal[1], couple, wed)


def _relations(slot: Array, family: Array, size: Array, age: Array, couple: Array, uniform: Array) -> Array:
    group = np.digitize(age, (50, 65))[family]
    mix = np.cumsum(_MIX, axis=1)[group]
    kind = _KINDS[np.minimum((uniform[:, None] > mix).sum(axis=1), 4)]
    kind = np.where(slot >= size[family], CHILD, kind)
    kind = np.where((slot == 1) & couple[family], SPOUSE, kind)
    return np.where(slot == 0, HEAD, kind)


def _ages(relation: Array, head: Array, sex: Array, uniform: Array, normal: Array) -> Array:
    """Ages that fit the relation: a child is 17 to 42 years younger than the head, grown ones are fewer."""
    child = head - np.clip(27 + 5.5 * normal, 17, 42)
    child = np.where(child < 0, uniform * np.minimum(4, head - 17), child)
    child = np.where(child > 28, np.where(uniform < 0.6, 6 + uniform * 30, child), child)
    child = np.minimum(child, head - 17)
    spouse = np.clip(head + np.where(sex == WOMAN, -3, 3) + 3.0 * normal, 18, 90)
    choices = [head, spouse, child, np.clip(head - 26 + 4 * normal, 18, 60), np.clip(head - 50 + 8 * uniform, 0, 24),
               np.clip(head + 24 + 4 * normal, head + 16, 95), np.clip(5 + 45 * uniform, 0, 90)]  # fmt: skip
    return np.select([relation == kind for kind in range(7)], choices)


def _weddings(relation: Array, sex: Array, age: Array, family: Array) -> Array:
    """Grown children married to the family's children-in-law; an in-law without one becomes a child, in place."""
    grown = np.flatnonzero((relation == CHILD) & (age >= 18))
    inlaw = np.flatnonzero(relation == CHILD_IN_LAW)
    most = int(family[-1]) + 1
    pairs = np.minimum(np.bincount(family[grown], minlength=most), np.bincount(family[inlaw], minlength=most))
    husband, wife = (rows[_rank(family[rows]) < pairs[family[rows]]] for rows in (grown, inlaw))
    relation[inlaw] = CHILD
    relation[wife] = CHILD_IN_LAW
    sex[wife] = 1 - sex[husband]
    wed = np.zeros(len(family), dtype=bool)
    wed[husband] = True
    return wed


def _rank(family: Array) -> Array:
    """Number of rows of the same family before each row of a sorted column."""
    return np.arange(len(family)) - np.searchsorted(family, family)


def _parents(relation: Array, age: Array, sex: Array, family: Array, start: Array) -> Array:
    """Ages with every child between the ages at which both its parents can have had it."""
    second = np.minimum(start + 1, len(age) - 1)
    couple = relation[second] == SPOUSE
    head, spouse = age[start], np.where(couple, age[second], age[start])
    mother = np.where(sex[start] == WOMAN, head, np.where(couple, spouse, head - OLDEST_FATHER + OLDEST_MOTHER))
    least, most = mother - OLDEST_MOTHER, np.minimum(head, spouse) - YOUNGEST_PARENT
    fitting = np.minimum(np.maximum(age, least[family]), most[family])
    return np.where(relation == CHILD, np.maximum(fitting, 0.0), age)


def _leaving(world: World, relation: Array, age: Array, uniform: Array) -> Array:
    """Grown children marry or move away; their new families are not followed."""
    rate = world.parameters.leave_rate / world.per_year
    wait = 1 + (np.log(uniform) / np.log1p(-rate)).astype(np.int64)
    grown = np.maximum(0, np.ceil((20 - age) * world.per_year)).astype(np.int64)
    return np.where((relation == CHILD) & (age >= 0), grown + wait, NEVER)
