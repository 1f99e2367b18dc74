"""Wrong cells of the register come from somebody whose cells the person could have."""

from __future__ import annotations

import numpy as np
import pytest

from features.sources.synthetic import calibrate, people, record, schooling, work
from features.sources.synthetic import world as worlds
from features.sources.synthetic.partition import Town
from features.sources.synthetic.streams import PARTITION


@pytest.fixture(scope="module")
def town() -> Town:
    world = worlds.make(3, (2024, 2025), 1, PARTITION, PARTITION, 2, True)
    return Town(calibrate.calibrate(world, 0.0), 0, PARTITION)


def test_donors_are_others_of_the_same_sex_age_class_and_province(town: Town) -> None:
    persons, age = town.persons, town.years
    place = town.province[persons.family]
    donor = record._donors(np.random.default_rng(1).random(len(age)), town.present, age, persons.sex, place)
    there = np.flatnonzero(town.present)
    mine, theirs = there, donor[there]
    assert town.present[theirs].all()
    assert (persons.sex[mine] == persons.sex[theirs]).all()
    assert (place[mine] == place[theirs]).all()
    assert (np.digitize(age[mine], record.AGE_CLASSES) == np.digitize(age[theirs], record.AGE_CLASSES)).all()
    assert (np.abs(age[mine] - age[theirs]) <= 5).mean() > 0.9
    assert (mine == theirs).mean() < 0.005


def test_the_record_holds_possible_people(town: Town) -> None:
    told, there = town.record.person, town.record.present
    young, man = there & (town.years < 19), town.persons.sex == people.MAN
    assert told["education"][young].max() <= 4
    assert not (there & man & (told["inactive_reason"] == work.HOUSEWORK)).any()
    assert (told["education"][there & (town.years < 7)] == 0).all()
    level = told["education"] != town.education
    assert 0.02 < level[there & (town.years >= 25)].mean() < town.world.parameters.cell_error
    assert schooling.YEARS[told["education"]][there].mean() == pytest.approx(
        schooling.YEARS[town.education][there].mean(), abs=0.15
    )


def test_wrong_jobs_are_as_many_as_the_parameter_says(town: Town) -> None:
    both = town.record.present & (town.years >= 25)
    moved = (town.record.person["job"] != town.work.job)[both].mean()
    assert moved == pytest.approx(town.world.parameters.cell_error, abs=0.01)
