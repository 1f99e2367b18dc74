"""Schooling of every person: the level they reach, and where they stand at an age."""

from __future__ import annotations

import numpy as np

from features.sources.synthetic import figures
from features.sources.synthetic.people import HEAD, Families, Persons
from features.sources.synthetic.world import World
from features.types import Array

CUTS = np.array([-1.70, -1.15, -0.37, 0.12, 1.09, 1.23])
"""Normal scores that part the seven levels (about a third of workers at primary or less, 13 % above upper
secondary in August 2025)."""

DONE_AT = np.array([6, 10, 13, 16, 19, 22, 23])
"""Age at which schooling ends, by the level reached."""


def levels(world: World, families: Families, persons: Persons) -> Array:
    """Level that each person reaches or will reach, index in the contract's `EDUCATION`, shape (persons,)."""
    shift = (figures.by_province("mean_schooling") - 9.2) / 4.0
    score = families.schooling[persons.family]
    score = np.where(persons.relation == HEAD, score, 0.6 * score + 0.8 * persons.schooling)
    cohort = np.where(persons.age < 20, 0.55, np.clip(-0.02 * (persons.age - 42), -0.9, 0.6))
    place = shift[world.strata.province[families.stratum]][persons.family]
    return np.digitize(score + cohort + place, CUTS)


def standing(level: Array, age: Array) -> tuple[Array, Array]:
    """Level completed or begun, and whether at school, at an age in whole years."""
    school = (age >= 7) & (age < DONE_AT[level])
    begun = np.select([age < 7, age < 13, age < 16, age < 19], [0, 1, 2, 3], 4)
    return np.where(school | (age < 7), np.minimum(begun, level), level), school
