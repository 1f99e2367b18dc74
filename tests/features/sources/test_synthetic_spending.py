"""What only the survey asks: food, coping, income by source, insurance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features import contract
from features.sources.synthetic import calibrate, figures, rows, spending
from features.sources.synthetic import world as worlds
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.partition import Town
from features.sources.synthetic.streams import PARTITION
from features.types import Array

TOWNS = 8
LEFT_EMPTY = {"households": {"pension_income_share"}, "members": {"pension"}}


def _world(parameters: Parameters | None = None) -> worlds.World:
    size = PARTITION * TOWNS
    return calibrate.calibrate(worlds.make(5, (2025,), 1, size, size, 1, False, parameters), 0.0)


@pytest.fixture(scope="module")
def world() -> worlds.World:
    return _world()


@pytest.fixture(scope="module")
def towns(world: worlds.World) -> list[Town]:
    return [Town(world, part, PARTITION) for part in range(TOWNS)]


@pytest.fixture(scope="module")
def tables(world: worlds.World) -> dict[str, pa.Table]:
    return rows.simulate(world, 0)


def test_food_takes_the_published_share_of_spending_in_every_province(towns: list[Town]) -> None:
    share = np.concatenate([spending.food_share(town) for town in towns])
    size = np.concatenate([np.bincount(town.persons.family, town.present, PARTITION) for town in towns])
    spent = np.concatenate([town.families.weight * town.consumption for town in towns]) * size
    place = np.concatenate([town.province for town in towns])
    total = np.bincount(place, spent)
    found = np.bincount(place, spent * share) / total
    error = np.sqrt(np.bincount(place, (spent * (share - found[place])) ** 2)) / total
    target = figures.by_province("expenditure_food") / figures.by_province("expenditure")
    assert (np.abs(found - target) < 0.005 + 3.5 * error).all()
    assert ((share > 0) & (share < 1)).all()


def test_the_poor_spend_more_of_it_on_food(towns: list[Town]) -> None:
    town = towns[0]
    share = spending.food_share(town)
    assert (
        share[town.ratio < 1].mean() > share[(town.ratio > 1) & (town.ratio < 3)].mean() > share[town.ratio > 4].mean()
    )


def test_without_slope_and_taste_everyone_of_a_province_eats_the_same_share() -> None:
    town = Town(_world(Parameters.of({"food_slope": 0, "food_noise": 0})), 0, PARTITION)
    target = figures.by_province("expenditure_food") / figures.by_province("expenditure")
    np.testing.assert_allclose(spending.food_share(town), target[town.province], atol=1e-6)


def test_coping_follows_shocks_and_low_welfare(world: worlds.World) -> None:
    town = Town(world, 0, PARTITION)
    hit = np.arange(PARTITION) % 2 == 0
    town.shocks = replace(town.shocks, kind=np.where(hit, 0, -1))
    ways = np.sum(list(spending.coping(town).values()), axis=0)
    poor = town.normal < 0
    assert ways[hit].mean() > 2 * ways[~hit].mean()
    assert ways[poor].mean() > 1.3 * ways[~poor].mean()
    none = replace(town.world, parameters=Parameters.of({"coping": 0}))
    town.world = none
    assert not np.any(list(spending.coping(town).values()))


def _income(town: Town, received: Array | bool) -> dict[str, Any]:
    got = {name: np.full(PARTITION, received) for name in ("pkh", "sembako", "pbi")}
    pay = np.where(town.present & (town.activity == 0), 1e6, np.nan)
    return spending.income(town, pay, got) | {"aid": spending.aid(town, got)}


def test_income_holds_what_is_earned_and_given(towns: list[Town]) -> None:
    town = towns[0]
    told = _income(town, True)
    work, given = told["labour_income_share"], told["aid_income_share"]
    assert ((work >= 0) & (given >= 0) & (work + given <= 1)).all()
    earners = np.bincount(town.persons.family, town.present & (town.activity == 0), PARTITION)
    np.testing.assert_allclose(work * told["income"], earners * 1e6)
    assert (_income(town, False)["aid_income_share"] == 0).all()


def test_aid_is_what_the_programmes_pay(towns: list[Town]) -> None:
    town = towns[0]
    none, all_of = np.zeros(PARTITION, dtype=bool), np.ones(PARTITION, dtype=bool)
    moved = spending.aid(town, {"pkh": none, "sembako": all_of})
    assert np.unique(moved).size == 1
    assert 0.85 * 200_000 < moved[0] < 200_000  # the amount of 2026 in the prices of 2025
    pkh = spending.aid(town, {"pkh": all_of, "sembako": none})
    assert pkh.max() <= 4 * 3_000_000 / 12
    alone = np.bincount(town.persons.family, town.record.present, PARTITION) == 1
    grown = np.bincount(town.persons.family, (town.years > 20) & (town.years < 60) & town.record.present, PARTITION) > 0
    assert (pkh[alone & grown] == 0).all()


def test_saving_grows_with_welfare(towns: list[Town]) -> None:
    town = towns[0]
    size = np.bincount(town.persons.family, town.present, PARTITION)
    saved = np.log(_income(town, False)["income"] / (town.consumption * size))
    assert saved[town.normal > 1].mean() > saved[town.normal < 0].mean() - 0.5
    assert (saved < 0).mean() > 0.15


def test_pbi_and_formal_work_insure_a_family(towns: list[Town]) -> None:
    town, family = towns[0], towns[0].persons.family
    none, all_of = np.zeros(PARTITION, dtype=bool), np.ones(PARTITION, dtype=bool)
    assert spending.insured(town, {"pbi": all_of}).all()
    covered = spending.insured(town, {"pbi": none})
    formal = town.present & (town.activity == 0) & town.work.formal
    assert covered[np.isin(family, family[formal])].all()
    assert 0.4 < covered.mean() < 0.95
    assert (np.bincount(family, covered) % np.bincount(family) == 0).all()


def test_the_survey_fills_the_contract_but_for_pensions(tables: dict[str, pa.Table]) -> None:
    for name, table in (("households", contract.HOUSEHOLDS), ("members", contract.MEMBERS)):
        there = {column for column in tables[f"survey/{name}"].column_names
                 if tables[f"survey/{name}"][column].null_count < tables[f"survey/{name}"].num_rows}  # fmt: skip
        assert set(table.names) - there == LEFT_EMPTY[name]
    asked = {"food_share", "income", "labour_income_share", "aid_income_share", *contract.COPING}
    assert not asked & set(tables["registry/households"].column_names)
    assert "health_cover" not in tables["registry/members"].column_names
