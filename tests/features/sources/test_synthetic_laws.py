"""What holds in every family: laws over a generated folder, and over the truth that the register errs about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import contract, periods
from features.sources.synthetic import calibrate, dwelling, figures, generate, people
from features.sources.synthetic import world as worlds
from features.sources.synthetic.partition import Town
from features.sources.synthetic.streams import PARTITION

FRAMES = {"quarter": 9, "year": 10}
FAMILY, PERSON = ["household_id", "t"], ["household_id", "person_id", "t"]


@pytest.fixture(scope="module", params=FRAMES)
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder: Path = tmp_path_factory.mktemp("laws") / "families"
    frequency = request.param
    generate(folder, households=3000, periods=FRAMES[frequency], seed=11, start="2016", frequency=frequency,
             displacement=0.0)  # fmt: skip
    found = {name: pd.read_parquet(folder / f"survey/{name}") for name in ("households", "members")}
    for table in found.values():
        count = table["period"].astype(str).map(periods.parse)
        table["t"] = count - count.min()
    found["members"]["span"] = 4 if frequency == "quarter" else 1
    return found


@pytest.fixture(scope="module")
def members(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows = tables["members"].sort_values(PERSON)
    head = rows[rows["relation"] == "head"].set_index(FAMILY)["age"].rename("head_age")
    return rows.join(head, on=FAMILY)


@pytest.fixture(scope="module")
def houses(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return tables["households"]


def test_rows_are_told_apart_by_their_keys(houses: pd.DataFrame, members: pd.DataFrame) -> None:
    assert not houses.duplicated(FAMILY).any()
    assert not members.duplicated(PERSON).any()
    assert set(map(tuple, houses[FAMILY].to_numpy())) == set(map(tuple, members[FAMILY].to_numpy()))


def test_every_family_stands_for_some_and_lives_in_its_province(houses: pd.DataFrame) -> None:
    assert (houses["weight"] > 0).all()
    assert set(houses["province"]) <= set(figures.provinces())
    assert (houses["regency"].str[:2] == houses["province"]).all()
    assert houses.groupby("household_id")["weight"].nunique().eq(1).all()
    moved = houses.groupby("household_id")["regency"].nunique() > 1
    assert 0 < moved.mean() < 0.2


def test_a_family_has_one_head_and_at_most_one_spouse_of_the_head(members: pd.DataFrame) -> None:
    count = members.groupby([*FAMILY, "relation"], observed=True).size().unstack(fill_value=0)
    assert count["head"].eq(1).all()
    assert count["spouse"].max() == 1
    grown = members.loc[members["relation"].isin(("head", "spouse", "child_in_law")), "age"]
    assert grown.min() >= 15  # an eldest child who heads those whom both parents left
    assert (grown < 18).mean() < 0.002


def test_generations_are_apart(members: pd.DataFrame) -> None:
    older = members["head_age"] - members["age"]
    assert older[members["relation"] == "child"].between(12, 66).all()
    assert older[members["relation"] == "grandchild"].min() >= 24
    assert older[members["relation"] == "parent"].max() <= -12
    assert members.loc[members["marital"] != "single", "age"].min() >= 15


def test_nobody_under_15_is_at_work_or_looks_for_work(members: pd.DataFrame) -> None:
    young = members[members["age"] < 15]
    assert (young["activity"] == "inactive").all()
    assert young[["sector", "occupation", "status", "hours", "earnings"]].isna().all().all()


def test_only_paid_work_earns(members: pd.DataFrame) -> None:
    paid = members[members["earnings"].notna()]
    assert (paid["activity"] == "employed").all()
    assert (paid["status"] != "unpaid_family").all()
    assert (paid["earnings"] > 0).all()


def test_a_person_who_is_gone_never_comes_back(members: pd.DataFrame, houses: pd.DataFrame) -> None:
    for rows, key in ((members, PERSON[:2]), (houses, FAMILY[:1])):
        span = rows.groupby(key, observed=True)["t"].agg(["min", "max", "size"])
        assert (span["max"] - span["min"] + 1 == span["size"]).all()


def test_everyone_ages_by_exactly_the_time_that_passed(members: pd.DataFrame) -> None:
    one = members.groupby(PERSON[:2], observed=True)
    assert one["sex"].nunique().eq(1).all()
    # whole years at a birthday that never moves: the age less the time lies in one span of less than a year
    birth = members["age"] - members["t"] / members["span"]
    low, high = birth.groupby([members[name] for name in PERSON[:2]], observed=True).agg(["min", "max"]).T.to_numpy()
    assert (high - low < 1).all()


def test_few_records_hold_what_no_house_can_hold(houses: pd.DataFrame) -> None:
    """Wrong cells alone make these: never more than the share of wrong cells."""
    dark = houses["power"] == "none"
    for name in dwelling.ELECTRIC:
        owners = houses[houses[name].astype(bool)]
        assert dark[owners.index].mean() < 0.015
    drained = houses["sewage"] != "ground"
    assert (drained & (houses["sanitation"] == "none")).mean() < 0.02


def test_schooling_falls_on_record_only_by_wrong_cells(members: pd.DataFrame) -> None:
    level = members["education"].map(contract.EDUCATION.index).astype(int)
    fell = level.groupby([members[name] for name in PERSON[:2]], observed=True).diff() < 0
    assert fell.mean() < 0.07


# The truth


@pytest.fixture(scope="module")
def town() -> Town:
    world = worlds.make(3, tuple(range(2016, 2024)), 1, PARTITION, PARTITION, 2, True)
    return Town(calibrate.calibrate(world, 0.0), 0, PARTITION, clean=True)


def test_the_truth_errs_about_nothing(town: Town) -> None:
    persons, level, there = town.persons, town.education, town.present
    gone = np.zeros(len(persons), dtype=bool)
    for _ in range(8):
        assert not (gone & town.present).any()
        inlaw = town.present & (persons.relation == people.CHILD_IN_LAW)
        assert (persons.partner[inlaw] >= 0).all()
        house = town.house.columns
        assert not any((house[name] & (house["power"] == 0)).any() for name in dwelling.ELECTRIC)
        assert not ((house["sanitation"] == 0) & (house["sewage"] > 0)).any()
        if town.period == 7:
            break
        gone |= there & ~town.present
        there = town.present
        town.step()
        assert (town.education >= level)[there & town.present].all()
        level = town.education
