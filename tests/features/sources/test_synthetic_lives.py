"""Families are born, grow, move, split and end: what is conserved on the way, and what stays put over years."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.sources.synthetic import calibrate, generate, kin, people
from features.sources.synthetic import world as worlds
from features.sources.synthetic.partition import Town
from features.sources.synthetic.places import strata
from features.sources.synthetic.streams import PARTITION
from features.types import Array

YEARS = 15


def _towns(frequency: int, periods: int, parts: int = 1) -> list[Town]:
    first = 2012 * frequency if frequency > 1 else 2012
    world = worlds.make(5, tuple(range(first, first + periods)), frequency, PARTITION * parts, 0, 1, True)
    world = calibrate.calibrate(world, 0.0)
    return [Town(world, part, PARTITION) for part in range(parts)]


@pytest.fixture(scope="module", params=[1, 4])
def walk(request: pytest.FixtureRequest) -> list[tuple[Array, Array, Array, kin.Changes, Town]]:
    """Who was there before each step, which families there were, who is there after it, what happened, the town."""
    town = _towns(request.param, 12)[0]
    out = []
    for _ in range(11):
        was, existed = town.present.copy(), town.exists.copy()
        town.step()
        out.append((was, existed, town.present.copy(), town.changes, town))
    return out


def test_people_are_conserved(walk: list[tuple[Array, Array, Array, kin.Changes, Town]]) -> None:
    for was, _, now, changes, town in walk:
        count = len(town.families)
        by = {kind: np.bincount(changes.family[changes.kind == kind], minlength=count) for kind in range(7)}
        before, after = (np.bincount(town.persons.family, there, count) for there in (was, now))
        gains = by[kin.BIRTH] + by[kin.JOINED] - by[kin.DEATH] - by[kin.LEFT]
        assert (before + gains == after).all()


def test_a_family_forms_once_from_one_that_was_there_and_never_comes_back(
    walk: list[tuple[Array, Array, Array, kin.Changes, Town]],
) -> None:
    over: set[int] = set()
    for _, existed, now, changes, town in walk:
        formed = changes.kind == kin.FORMED
        assert not existed[changes.family[formed]].any()
        assert existed[changes.other[formed]].all()
        ended = changes.family[changes.kind == kin.ENDED]
        assert existed[ended].all()
        here = set(town.persons.family[now].tolist())
        over |= set(ended.tolist())
        assert not over & here
        # who founds a family is the child who leaves the other one in that period
        left = changes.kind == kin.LEFT
        gone = dict(zip(changes.other[left].tolist(), changes.family[left].tolist(), strict=True))
        assert all(gone[int(new)] == int(old) for new, old in
                   zip(changes.family[formed], changes.other[formed], strict=True))  # fmt: skip


def test_nobody_is_born_to_a_mother_who_is_not_there(walk: list[tuple[Array, Array, Array, kin.Changes, Town]]) -> None:
    for was, _, now, changes, town in walk:
        born = changes.person[changes.kind == kin.BIRTH]
        mother = town.persons.mother[born]
        assert (was[mother] & now[mother]).all()
        assert (town.persons.family[mother] == town.persons.family[born]).all()
        gap = town.persons.age[mother] - town.persons.age[born]
        assert ((gap >= people.YOUNGEST_PARENT) & (gap <= people.OLDEST_MOTHER + 1)).all()


def test_every_family_has_one_head_of_age_and_husbands_have_one_wife() -> None:
    for town in _towns(1, YEARS):
        for _ in range(YEARS - 1):
            town.step()
            persons, there = town.persons, town.present
            heads = there & (persons.relation == people.HEAD)
            assert (np.bincount(persons.family[heads], minlength=len(town.families)) == town.exists).all()
            assert (town.years[heads] >= kin.GROWN).all()
            spouses = np.flatnonzero(there & (persons.relation == people.SPOUSE))
            assert (persons.partner[persons.partner[spouses]] == spouses).all()
            assert (town.kin.wed[persons.family[spouses]] == spouses).all()
            assert not town.school[heads & (town.kin.married())].any()
            assert town.years[there].max() < 112


@pytest.fixture(scope="module")
def long() -> dict[str, list[float]]:
    """Figures of the population by year, over fifteen years without any fit on the way."""
    towns = _towns(1, YEARS, 4)
    found: dict[str, list[float]] = {}

    def note() -> None:
        here = np.concatenate([town.present for town in towns])
        years = np.concatenate([town.years for town in towns])[here]
        exists = np.concatenate([town.exists for town in towns])
        size = np.concatenate([np.bincount(t.persons.family, t.present, len(t.families)) for t in towns])[exists]
        lasting = np.concatenate([town.families.permanent for town in towns])[exists]
        for name, value in {"families": exists.sum(), "size": size.mean(), "children": (years < 15).mean(),
                            "old": (years >= 65).mean(), "poorest": size[lasting < -1].mean() / size.mean(),
                            "mean": lasting.mean(), "spread": lasting.std()}.items():  # fmt: skip
            found.setdefault(name, []).append(float(value))

    note()
    for _ in range(YEARS - 1):
        for town in towns:
            town.step()
        note()
    return found


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("size", 2.8, 3.3), ("children", 0.17, 0.26), ("old", 0.04, 0.10), ("poorest", 1.15, 1.45), ("mean", -0.06, 0.06),
     ("spread", 0.96, 1.04)],
)  # fmt: skip
def test_the_population_stays_what_it_is(long: dict[str, list[float]], name: str, low: float, high: float) -> None:
    assert low <= min(long[name]) <= max(long[name]) <= high, long[name]


def test_families_grow_in_number_but_slowly(long: dict[str, list[float]]) -> None:
    yearly = (long["families"][-1] / long["families"][0]) ** (1 / (YEARS - 1)) - 1
    assert 0.0 < yearly < 0.02, yearly


def test_moves_leave_the_share_of_every_stratum_as_it_is() -> None:
    places = strata()
    rng = np.random.default_rng(1)
    stratum = rng.choice(len(places.people), 400_000, p=places.share)
    after = places.elsewhere(stratum, rng.random(400_000) < 0.25, rng.random(400_000))
    np.testing.assert_allclose(np.bincount(after, minlength=75) / 400_000, places.share, atol=0.002)
    near = places.elsewhere(stratum, np.zeros(400_000, dtype=bool), rng.random(400_000))
    assert (places.province[near] == places.province[stratum]).all()


def test_new_families_are_in_all_tables_and_in_the_lineage(tmp_path: Path) -> None:
    generate(tmp_path / "made", households=2000, periods=8, start="2016", frequency="year", displacement=0.0)
    names = ("registry/households", "registry/members", "survey/households", "truth/families", "truth/changes")
    read = {name: pd.read_parquet(tmp_path / f"made/{name}") for name in names}
    changes = read["truth/changes"]
    formed = changes[changes["change"] == "formed"]
    assert 100 < len(formed) < 500
    assert formed["household_id"].is_unique
    first = set(read["truth/families"].query("period == '2016'")["household_id"])
    assert len(first) == 2000
    assert not first & set(formed["household_id"])
    assert set(formed["other"]) <= first | set(formed["household_id"])
    houses, members = read["registry/households"], read["registry/members"]
    key = ["household_id", "period"]
    assert set(map(tuple, houses[key].to_numpy())) == set(map(tuple, members[key].to_numpy()))
    truth = read["truth/families"]
    for face in ("registry/households", "survey/households"):
        assert set(map(tuple, read[face][key].to_numpy())) <= set(map(tuple, truth[key].to_numpy()))
    last = houses[houses["period"] == "2023"]
    assert set(last["household_id"]) & set(formed["household_id"])
    ended = changes[changes["change"] == "ended"].set_index("household_id")["period"]
    seen = truth.groupby("household_id")["period"].max()
    assert (seen.reindex(ended.index).dropna() < ended[seen.reindex(ended.index).notna()]).all()
    # the survey goes on with those who leave a family it met
    assert set(read["survey/households"]["household_id"]) & set(formed["household_id"])
