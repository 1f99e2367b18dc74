"""Schooling of every person: the level they reach, and where they stand at an age."""

from __future__ import annotations

import numpy as np

from features import contract
from features.sources.synthetic.people import COHORT_2025, HEAD, Families, Persons
from features.sources.synthetic.world import World
from features.types import Array

CUTS = np.array([-1.66, -1.10, -0.07, 0.18, 1.24, 1.375])
"""Normal scores that part the seven levels: once the provinces' means are met, 34.75 % of workers have primary or
less and 13.06 % a diploma or more (BPS, Sakernas August 2025)."""

DONE_AT = np.array([6, 10, 13, 16, 19, 22, 23])
"""Age at which schooling ends, by the level reached."""

COMPULSORY = 3
"""Level at the end of the nine compulsory years."""

YEARS = np.array(contract.SCHOOLING)
"""Years of schooling that a level counts for."""


def score(world: World, families: Families, persons: Persons) -> Array:
    """Standing of every person in schooling, whatever the province: family, self and year of birth."""
    own = families.schooling[persons.family]
    own = np.where(persons.relation == HEAD, own, 0.6 * own + 0.8 * persons.schooling)
    age = world.age_2025(persons.age)
    return own + np.where(age < COHORT_2025[0], 0.55, np.clip(-0.02 * (age - 42), -0.9, 0.6))


def levels(world: World, families: Families, persons: Persons) -> Array:
    """Level that each person reaches or will reach, index in the contract's `EDUCATION`, shape (persons,)."""
    place = world.local.schooling[world.strata.province[families.stratum]][persons.family]
    level = np.digitize(score(world, families, persons) + place, CUTS)
    level = np.where(persons.duty, np.maximum(level, COMPULSORY), level)
    level = np.where(persons.twin >= 0, level[persons.twin], level)
    done = standing(level, np.maximum(persons.age, 0.0).astype(np.int64))[0]
    return np.where(free(persons) & (persons.enter == 0), np.minimum(level, done), level)


def free(persons: Persons) -> Array:
    """Who is out of school whatever the age: the married, and heads of families of more than one."""
    alone = np.bincount(persons.family)[persons.family] == 1
    return (persons.partner >= 0) | ((persons.relation == HEAD) & ~alone)


def standing(level: Array, age: Array) -> tuple[Array, Array]:
    """Level completed or begun, and whether at school, at an age in whole years."""
    school = (age >= 7) & (age < DONE_AT[level])
    begun = np.select([age < 7, age < 13, age < 16, age < 19], [0, 1, 2, 3], 4)
    return np.where(school | (age < 7), np.minimum(begun, level), level), school
