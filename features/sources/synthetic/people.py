"""The families of a partition when the panel starts: where they live and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.sources.synthetic.streams import PARTITION, Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

HEAD, SPOUSE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, OTHER = range(7)
MAN, WOMAN = 0, 1
NEVER = 1 << 30
NOBODY = -1

YOUNGEST_PARENT, OLDEST_MOTHER, OLDEST_FATHER = 15, 45, 60
"""Ages at a birth: assumptions that keep families possible, well outside the usual ages."""

SPACING = 1.1
"""Years between brothers and sisters, at least, where the mother's age leaves room: an assumption."""

COHORT_2025 = (20, 44)
"""Ages in 2025 of the first who met nine compulsory years of school in full (see the parameter `compulsory`) and of
the last who did not meet them at all, in school when they were made compulsory in 1994; in between by age."""

_KINDS = np.array([CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, OTHER])
_MIX = np.array([[0.92, 0.0, 0.0, 0.05, 0.03], [0.80, 0.05, 0.08, 0.03, 0.04], [0.45, 0.12, 0.33, 0.0, 0.10]])
"""Who the further members are, by age of the head (under 50, under 65, older): an assumption."""


@dataclass(slots=True)
class Families:
    """Facts of all families a partition ever holds, shape (families,), those of the first period in front.

    Scores are standard normal. `formed` is the period in which a family comes to be (0: was there), `root` the family
    of the first period it descends from, `founder` the row in `Persons` of the child who left to found it (-1 none).
    """

    number: Array
    stratum: Array
    regency: Array
    cluster: Array
    weight: Array
    permanent: Array
    schooling: Array
    demography: Array
    skill: Array
    formed: Array
    root: Array
    founder: Array

    def __len__(self) -> int:
        return len(self.number)


@dataclass(slots=True)
class Persons:
    """Facts of every person who is ever a member, sorted by family, shape (persons,).

    `age` is in years at the start of the first period, negative before birth; `enter`, `exit` and `death` are periods
    in which a person comes, moves out and dies, `NEVER` where they do not. `partner`, `mother` and `twin` are rows:
    husband or wife; the mother of a child born later; the same person's row in the family of origin. `relation`
    changes when a head dies.
    """

    family: Array
    relation: Array
    sex: Array
    age: Array
    enter: Array
    exit: Array
    death: Array
    schooling: Array
    duty: Array
    partner: Array
    mother: Array
    twin: Array

    def __len__(self) -> int:
        return len(self.family)

    @property
    def start(self) -> Array:
        """First row of each family, shape (families,)."""
        return np.flatnonzero(np.diff(self.family, prepend=-1))

    @property
    def leave(self) -> Array:
        """Period from which a person is no longer there."""
        return np.minimum(self.exit, self.death)


def settle(world: World, partition: int, count: int) -> Families:
    """Draw the families of a partition."""
    draw = stream(world.seed, partition, Purpose.PLACE)
    stratum = np.searchsorted(np.cumsum(world.draw), draw.random(PARTITION) * world.draw.sum())
    stratum = np.minimum(stratum, len(world.draw) - 1)
    regency = world.regencies.pick(stratum, draw.random(PARTITION))
    cluster = _clusters(stratum, regency, draw.random(PARTITION))
    draw = stream(world.seed, partition, Purpose.PEOPLE)
    normal = draw.standard_normal((5, PARTITION))
    own = np.arange(PARTITION)
    first = (partition % (1 << 47)) * PARTITION
    whole = Families(first + own, stratum, regency, cluster, world.weight[stratum], *scores(*normal[:4]),
                     np.zeros(PARTITION, dtype=np.int64), own, np.full(PARTITION, NOBODY))  # fmt: skip
    return Families(**{name: getattr(whole, name)[:count] for name in Families.__slots__})


def scores(schooling: Array, demography: Array, craft: Array, rest: Array) -> tuple[Array, Array, Array, Array]:
    """Lasting welfare, schooling, demography and skill of families from four independent normals."""
    skill = 0.5 * schooling + np.sqrt(0.75) * craft
    permanent = 0.40 * schooling + 0.30 * demography + 0.20 * skill + np.sqrt(0.63) * rest
    return permanent, schooling, demography, skill


def unscored(families: Families, rows: Array) -> tuple[Array, Array]:
    """The normals behind skill and the unseen rest of these families: `scores` undone."""
    schooling, skill = families.schooling[rows], families.skill[rows]
    rest = families.permanent[rows] - 0.40 * schooling - 0.30 * families.demography[rows] - 0.20 * skill
    return (skill - 0.5 * schooling) / np.sqrt(0.75), rest / np.sqrt(0.63)


def _clusters(stratum: Array, regency: Array, uniform: Array) -> Array:
    """Number of a family's cluster in its partition: about ten families of one regency and stratum."""
    order = np.lexsort((uniform, regency, stratum))
    same = np.diff(stratum[order], prepend=-1) + np.diff(regency[order], prepend=-1) != 0
    run = np.arange(len(order)) - np.maximum.accumulate(np.where(same, np.arange(len(order)), 0))
    out = np.empty(len(order), dtype=np.int64)
    out[order] = np.cumsum(same | (run % 10 == 0)) - 1
    return out


def compose(world: World, partition: int, families: Families) -> Persons:
    """Draw the members of every family of the first period."""
    draw = stream(world.seed, partition, Purpose.PEOPLE, 1)
    parameters, count = world.parameters, len(families)
    mean = np.exp(np.log(parameters.size_at_mean) - 0.03 - parameters.size_by_welfare * families.permanent
                  - parameters.size_by_demography * families.demography)  # fmt: skip
    size = np.minimum(1 + _poisson(mean, draw.random(PARTITION)[:count]), 14)
    age = 51 + 15 * draw.standard_normal(PARTITION)[:count]
    # large families are at the age of small children: the children of the old have left
    age = np.clip(np.select([size > 3, size == 3], [36 + (age - 36) * 0.5, 36 + (age - 36) * 0.8], age), 19, 92)
    widowed = np.exp((age - 50) / 25) / 1.08  # more women among the old heads, as many in all
    woman = draw.random(PARTITION)[:count] < np.where(size > 3, 0.05, 0.17) * widowed * parameters.woman_head / 0.13
    couple = draw.random(PARTITION)[:count] < _couples(size, woman)
    return _people(world, partition, size, age, woman, couple)


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


def _people(world: World, partition: int, size: Array, age: Array, woman: Array, couple: Array) -> Persons:
    family = np.repeat(np.arange(len(size)), size)
    start = np.cumsum(size) - size
    slot = np.arange(len(family)) - start[family]
    draw = stream(world.seed, partition, Purpose.PERSON)
    uniform, normal = draw.random((4, len(family))), draw.standard_normal((2, len(family)))
    relation = _relations(slot, family, age, couple, uniform[0])
    sex = np.where(uniform[1] < 0.5, MAN, WOMAN)
    sex = np.where(relation == HEAD, woman[family], np.where(relation == SPOUSE, ~woman[family], sex)).astype(np.int64)
    ages = _ages(relation, age[family], sex, uniform[2], normal[0])
    partner = _weddings(relation, sex, ages, family)
    partner[start[couple]], partner[start[couple] + 1] = start[couple] + 1, start[couple]
    ages = _parents(relation, ages, sex, family, start)
    nobody, never = np.full(len(family), NOBODY), np.full(len(family), NEVER)
    return Persons(family, relation, sex, ages, np.zeros(len(family), dtype=np.int64), never, never.copy(), normal[1],
                   duty(world, ages, uniform[3]), partner, nobody, nobody.copy())  # fmt: skip


def duty(world: World, age: Array, uniform: Array) -> Array:
    """Who finishes the nine compulsory years in any case."""
    young, old = COHORT_2025
    return uniform < world.parameters.compulsory * np.clip((old - world.age_2025(age)) / (old - young), 0, 1)


def _relations(slot: Array, family: Array, age: Array, couple: Array, uniform: Array) -> Array:
    group = np.digitize(age, (50, 65))[family]
    mix = np.cumsum(_MIX, axis=1)[group]
    kind = _KINDS[np.minimum((uniform[:, None] > mix).sum(axis=1), 4)]
    kind = np.where((slot == 1) & couple[family], SPOUSE, kind)
    return np.where(slot == 0, HEAD, kind)


def _ages(relation: Array, head: Array, sex: Array, uniform: Array, normal: Array) -> Array:
    """Ages that fit the relation: children of any age until they leave, few grown ones."""
    eldest, youngest = head - 19, np.clip(head - 42, 0, 18)
    leaving = np.maximum(np.minimum(eldest, 25), youngest + 1)
    stays = (normal > 1.1) & (eldest > 25)
    child = np.where(stays, 25 + uniform * np.minimum(eldest - 25, 12), youngest + uniform * (leaving - youngest))
    child = np.clip(child, 0, np.maximum(eldest, 0))
    spouse = np.clip(head + np.where(sex == WOMAN, -3, 3) + 3.0 * normal, 18, 90)
    choices = [head, spouse, child, np.clip(head - 26 + 4 * normal, 18, 60), np.clip(head - 50 + 8 * uniform, 0, 24),
               np.clip(head + 24 + 4 * normal, head + 16, 95), np.clip(5 + 45 * uniform, 0, 90)]  # fmt: skip
    return np.select([relation == kind for kind in range(7)], choices)


def _weddings(relation: Array, sex: Array, age: Array, family: Array) -> Array:
    """Partners of grown children among children-in-law; an in-law without one becomes a child, in place."""
    grown = np.flatnonzero((relation == CHILD) & (age >= 18))
    inlaw = np.flatnonzero(relation == CHILD_IN_LAW)
    most = int(family[-1]) + 1
    pairs = np.minimum(np.bincount(family[grown], minlength=most), np.bincount(family[inlaw], minlength=most))
    husband, wife = (rows[_rank(family[rows]) < pairs[family[rows]]] for rows in (grown, inlaw))
    relation[inlaw] = CHILD
    relation[wife] = CHILD_IN_LAW
    sex[wife] = 1 - sex[husband]
    partner = np.full(len(family), NOBODY)
    partner[husband], partner[wife] = wife, husband
    return partner


def _rank(family: Array) -> Array:
    """Number of rows of the same family before each row of a sorted column."""
    return np.arange(len(family)) - np.searchsorted(family, family)


def _parents(relation: Array, age: Array, sex: Array, family: Array, start: Array) -> Array:
    """Ages with every child between the ages at which both its parents can have had it, and some time between two."""
    second = np.minimum(start + 1, len(age) - 1)
    couple = relation[second] == SPOUSE
    head, spouse = age[start], np.where(couple, age[second], age[start])
    mother = np.where(sex[start] == WOMAN, head, np.where(couple, spouse, head - OLDEST_FATHER + OLDEST_MOTHER))
    least, most = np.maximum(mother - OLDEST_MOTHER, 0.0), np.minimum(head, spouse) - YOUNGEST_PARENT
    child = np.flatnonzero(relation == CHILD)
    child = child[np.lexsort((-age[child], family[child]))]
    rank = _rank(family[child])
    table = np.full((len(start), int(rank.max(initial=-1)) + 1), np.nan)
    table[family[child], rank] = np.clip(age[child], least[family[child]], np.maximum(most, least)[family[child]])
    for k in range(1, table.shape[1]):  # from the oldest down, then back up from the youngest
        table[:, k] = np.maximum(np.minimum(table[:, k], table[:, k - 1] - SPACING), least)
    for k in range(table.shape[1] - 2, -1, -1):
        older = np.minimum(table[:, k + 1] + SPACING, np.maximum(most, least))
        table[:, k] = np.fmax(table[:, k], older)
    out = age.copy()
    out[child] = table[family[child], rank]
    return out
