"""Published shares of people, jobs and pay that the generated families meet in 2025."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from features import contract
from features.sources.synthetic import calibrate, dwelling, figures, jobs, local, people, places, schooling, work
from features.sources.synthetic import world as worlds
from features.sources.synthetic.jobs import ORDER
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.partition import Town
from features.sources.synthetic.streams import PARTITION
from features.types import Array

TOWNS = 14


@pytest.fixture(scope="module")
def world() -> worlds.World:
    return calibrate.calibrate(worlds.make(5, (2025,), 1, PARTITION * TOWNS, 0, 1, False), 1.5)


@pytest.fixture(scope="module")
def towns(world: worlds.World) -> list[Town]:
    return [Town(world, part, PARTITION) for part in range(TOWNS)]


@pytest.fixture(scope="module")
def persons(world: worlds.World, towns: list[Town]) -> Mapping[str, Array]:
    pieces = [_persons(world, town) for town in towns]
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def _persons(world: worlds.World, town: Town) -> dict[str, Array]:
    family = town.persons.family
    pay = town.work.earnings(places.wage_ratio(2025, world.parameters), town.score, np.zeros(len(family)))
    columns = {"weight": town.families.weight[family], "province": town.province[family], "activity": town.activity,
               "status": town.work.status, "formal": town.work.formal, "section": world.jobs.section[town.work.job],
               "level": town.education, "age": town.years, "sex": town.persons.sex, "pay": pay / 1e6}  # fmt: skip
    return {name: values[town.present] for name, values in columns.items()}


def _share(persons: Mapping[str, Array], what: Array, among: Array) -> float:
    return float(np.average(what[among], weights=persons["weight"][among]))


def test_jobs_have_the_published_sections_and_terms(persons: Mapping[str, Array]) -> None:
    at_work = persons["activity"] == work.EMPLOYED
    for letter, share in zip(ORDER, jobs.shares() / jobs.shares().sum(), strict=True):
        assert _share(persons, persons["section"] == ORDER.index(letter), at_work) == pytest.approx(share, abs=0.01)
    assert _share(persons, ~persons["formal"], at_work) == pytest.approx(figures.national("informal"), abs=0.01)
    for code, name in ((work.EMPLOYEE, "employee"), (work.OWN, "own_account")):
        assert _share(persons, persons["status"] == code, at_work) == pytest.approx(figures.national(name), abs=0.01)
    assert _share(persons, persons["level"] <= 2, at_work) == pytest.approx(0.3475, abs=0.012)
    assert _share(persons, persons["level"] >= 5, at_work) == pytest.approx(0.1306, abs=0.01)


def test_every_province_has_its_schooling_participation_and_unemployment(persons: Mapping[str, Array]) -> None:
    grown = persons["age"] >= 15
    force = grown & (persons["activity"] != work.INACTIVE)
    rate = figures.by_province("unemployment")
    for values, among, target, spread in (
        (schooling.YEARS[persons["level"]], grown, figures.by_province("mean_schooling"), 4.5),
        (persons["activity"] != work.INACTIVE, grown, figures.by_province("participation"), 0.5),
        (persons["activity"] == work.UNEMPLOYED, force, rate, np.sqrt(rate)),
    ):
        weight, place = persons["weight"][among], persons["province"][among]
        found = np.bincount(place, weight * values[among], 38) / np.bincount(place, weight, 38)
        # families share much: an effective sample of a third of the persons
        error = spread * np.sqrt(3 / np.bincount(place, minlength=38))
        assert (np.abs(found - target) < 0.03 * target + 3.3 * error).all()
    assert _share(persons, persons["activity"] == work.UNEMPLOYED, force) == pytest.approx(0.0485, abs=0.003)


def test_employees_are_paid_what_is_published(persons: Mapping[str, Array]) -> None:
    paid = (persons["activity"] == work.EMPLOYED) & (persons["status"] == work.EMPLOYEE)
    man = persons["sex"] == people.MAN
    for among, target in ((paid, 3.33), (paid & man, 3.59), (paid & ~man, 2.86), (paid & (persons["level"] == 6), 4.80),
                          (paid & (persons["level"] <= 2), 2.19)):  # fmt: skip
        assert _share(persons, persons["pay"], among) == pytest.approx(target, rel=0.05)


def test_pay_of_a_date_grows_with_the_line() -> None:
    chosen = Parameters()
    assert places.wage_ratio(2025 * 4 + 2, chosen) == pytest.approx(1.0)
    assert places.wage_ratio(2025, chosen) == pytest.approx(1.0, abs=0.02)
    assert places.wage_ratio(2019, chosen) < 0.75


def test_programmes_reach_the_published_numbers(world: worlds.World, towns: list[Town]) -> None:
    from features.sources.synthetic import ranking

    assert world.ranking is not None
    got = dict.fromkeys(contract.PROGRAMMES, 0.0)
    for town in towns:
        value, parts = world.ranking.value(town.matrix()), calibrate.components(town)
        size = np.bincount(town.persons.family, town.record.present, PARTITION)
        for row, name in enumerate(contract.PROGRAMMES):
            noise = town.noise[row] * world.parameters.programme_noise
            receives = world.ranking.receives(name, ranking.score(world.ranking, value, noise), parts)
            counted = town.families.weight * (size if name == "pbi" else 1.0)
            got[name] += float((receives * counted).sum()) / (PARTITION * TOWNS)
    for name, measure in (("pkh", "pkh_families"), ("sembako", "sembako_families"), ("pbi", "pbi_people")):
        assert got[name] == pytest.approx(figures.national(measure, 2026), rel=0.05)


@pytest.mark.parametrize("item", ["water", "sanitation"])
def test_safe_water_and_toilets_have_the_share_of_every_province(towns: list[Town], item: str) -> None:
    measure, first = dwelling.SAFE[item]
    safe = np.concatenate([town.house.columns[item] >= first for town in towns])
    place = np.concatenate([town.province for town in towns])
    weight = np.concatenate([town.families.weight for town in towns])
    found = np.bincount(place, weight * safe) / np.bincount(place, weight)
    target = figures.by_province(measure)
    # families of a province bear two weights: three quarters of them count
    error = np.sqrt(target * (1 - target) / np.bincount(place) / 0.75)
    assert (np.abs(found - target) < 0.001 + 3.8 * error).all()


def test_what_is_fitted_does_not_depend_on_the_seed(world: worlds.World) -> None:
    other = calibrate.calibrate(worlds.make(6, (2025,), 1, 10, 0, 1, False), 0.0)
    assert other.local is world.local
    assert local.solve(Parameters(), 4, 2025 * 4).idle.shape == (38,)


def test_a_world_without_its_fit_says_so() -> None:
    with pytest.raises(ValueError, match="not calibrated"):
        Town(worlds.make(5, (2025,), 1, 10, 0, 1, False), 0, 10)


def test_informal_work_and_unemployment_do_not_drift() -> None:
    years = calibrate.calibrate(worlds.make(5, tuple(range(2021, 2026)), 1, PARTITION * 4, 0, 1, False), 1.5)
    towns = [Town(years, part, PARTITION) for part in range(4)]
    for _ in range(4):
        for town in towns:
            town.step()
    pieces = [_persons(years, town) for town in towns]
    later = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    at_work = later["activity"] == work.EMPLOYED
    assert _share(later, ~later["formal"], at_work) == pytest.approx(figures.national("informal"), abs=0.02)
    force = (later["age"] >= 15) & (later["activity"] != work.INACTIVE)
    assert _share(later, later["activity"] == work.UNEMPLOYED, force) == pytest.approx(0.0485, abs=0.008)
