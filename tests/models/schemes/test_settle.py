"""Start and moves agree: where nothing changes nothing moves, the first year too, and the score's own chance stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features.commands import UserError
from features.contract import RUNGS
from models.dynamics import RUNG_OF, Dynamics
from models.schemes import nation_of, simulate
from models.schemes.classes import Classes, Draws, rungs_of
from models.schemes.fit import fit
from models.schemes.nation import Nation, indexed, told
from models.schemes.published import published, raked
from models.schemes.sample import Sample, within
from models.schemes.settle import YEARS, settled
from models.targeting.rows import Coded
from tests.models.schemes.test_fit import panel
from tests.models.schemes.worlds import nation, scenario


@pytest.fixture(scope="module")
def law() -> Dynamics:
    return fit(panel())


def families(law: Dynamics, shares: tuple[float, ...], count: int = 4000) -> Nation:
    """Families of other shares than the panel has, whose scores are higher the lower they stand."""
    chance = np.random.default_rng(3)
    rung = chance.choice(5, count, p=shares)
    start, spell = np.eye(5)[rung], chance.integers(1, 4, count)
    risk = np.clip(np.array([0.5, 0.35, 0.15, 0.05, 0.01])[rung] * chance.uniform(0.5, 1.5, count), 1e-4, 0.9)
    poor = rung < 2
    return nation(count, dynamics=law, start=start, spell=spell, risk=np.where(poor, np.nan, risk), following=risk,
                  poor_now=poor.astype(float), index=law.index_of(told(risk), np.ones(count)),
                  first=indexed(start, spell, risk, law, poor))  # fmt: skip


SHARES = (0.01, 0.08, 0.24, 0.49, 0.18)


def test_the_shares_stay_from_the_first_year_on(law):
    own = families(law, SHARES)
    plain, still = Classes.of(own), Classes.of(settled(own))
    start = rungs_of(plain.people)
    assert np.abs(rungs_of(plain.years(1)[1]) - start)[3:].max() > 0.02  # the panel's own shares are others
    path = np.array([rungs_of(one) for one in still.years(YEARS)])
    np.testing.assert_allclose(path[1, 3:], start[3:], atol=1e-5)
    np.testing.assert_allclose(path[2], path[1], atol=1e-5)
    np.testing.assert_allclose(path[1:].mean(axis=0), path[1], atol=1e-3)


def test_synthetic_families_stay_year_by_year_and_those_of_another_year_too(families_folder):
    own = nation_of(families_folder)
    for nation_, poor in ((own, 0.02), (raked(own, 2019), 0.01)):
        path = np.array([rungs_of(one) for one in Classes.of(nation_).years(YEARS)])
        np.testing.assert_allclose(path[1:, 3:], np.tile(path[0, 3:], (YEARS, 1)), atol=0.006)
        np.testing.assert_allclose(path[1:, :3], np.tile(path[0, :3], (YEARS, 1)), atol=poor)
    loose = replace(raked(own, 2019), dynamics=own.dynamics)
    jump = np.diff([rungs_of(one)[4] for one in Classes.of(loose).years(1)])[0]
    assert jump < -0.008  # the moves of the panel's own years would undo the shares of 2019 at once


def test_the_chance_of_the_first_year_is_the_score_s_own(law):
    own = families(law, SHARES)
    assert settled(own).match() == own.match()
    assert own.match()["largest_by_tenth"] < 1e-3
    np.testing.assert_allclose(settled(own).poor_next(), own.poor_next(), atol=1e-12)


def test_as_many_are_poor_after_the_first_year_as_by_the_chances_of_each(law, families_folder):
    for own in (families(law, SHARES), nation_of(families_folder)):
        told_ = float(np.average(own.poor_next(), weights=own.people))
        path = [rungs_of(one)[:2].sum() for one in Classes.of(own).years(2)]
        assert path[1] == pytest.approx(told_, rel=1e-4)
        assert rungs_of(Classes.of(settled(own)).years(2)[2])[:2].sum() == pytest.approx(told_, rel=1e-3)


def test_each_province_keeps_its_own_shares_however_far_it_stands_from_the_nation(law):
    """One province poor, one better off; and one in which all stand close together, as no index tells."""
    chance, count = np.random.default_rng(5), 6000
    place = np.repeat(["31", "53", "19"], count // 3)
    shares = {"31": (0.005, 0.035, 0.16, 0.5, 0.3), "53": (0.05, 0.17, 0.38, 0.35, 0.05),
              "19": (0.005, 0.045, 0.25, 0.66, 0.04)}  # fmt: skip
    rung = np.concatenate([chance.choice(5, count // 3, p=shares[name]) for name in ("31", "53", "19")])
    base = np.array([0.5, 0.35, 0.15, 0.05, 0.01])[rung] * np.where(place == "53", 1.6, 0.8)
    risk, poor, start = np.clip(base * chance.uniform(0.5, 1.5, count), 1e-4, 0.9), rung < 2, np.eye(5)[rung]
    spell = np.full(count, 3)
    own = nation(count, dynamics=law, start=start, spell=spell, risk=np.where(poor, np.nan, risk), following=risk,
                 poor_now=poor.astype(float), index=law.index_of(told(risk), np.ones(count)), province=Coded.of(place),
                 first=indexed(start, spell, risk, law, poor), weight=np.full(count, 20.0))  # fmt: skip
    still = settled(own)
    loose = replace(still, dynamics=replace(still.dynamics, home=np.zeros((0, 0, 0))))

    def lived(families: Nation) -> np.ndarray:
        """Shares of the rungs by province and year."""
        people = simulate(scenario(years=6, draws=40), families, 1).tally.rungs[1:].sum(axis=1)
        return people / people.sum(axis=2, keepdims=True)

    rungs, drift = lived(still), lived(loose)
    for at, name in enumerate(own.province.names):
        first, last = rungs[at, 1], rungs[at, -1]
        assert last[:2].sum() == pytest.approx(first[:2].sum(), abs=0.03), name
        assert first[4] == pytest.approx(rungs[at, 0, 4], abs=0.02), name
        assert last[4] == pytest.approx(rungs[at, 0, 4], abs=0.03), name
    close = own.province.names.index("19")
    assert drift[close, -1, 4] > drift[close, 0, 4] + 0.05  # one shift for the nation lets it drift
    path = np.array([rungs_of(one) for one in Classes.of(still).years(YEARS)])
    np.testing.assert_allclose(path[1:].mean(axis=0), path[1], atol=1e-3)


def test_town_and_country_of_a_province_keep_their_own_shares(law):
    chance, count = np.random.default_rng(6), 6000
    urban = np.arange(count) % 2
    shares = ((0.015, 0.1, 0.3, 0.5, 0.085), (0.005, 0.05, 0.18, 0.49, 0.275))
    rung = np.where(urban, chance.choice(5, count, p=shares[1]), chance.choice(5, count, p=shares[0]))
    risk = np.clip(np.array([0.5, 0.35, 0.15, 0.05, 0.01])[rung] * chance.uniform(0.5, 1.5, count), 1e-4, 0.9)
    poor, start, spell = rung < 2, np.eye(5)[rung], np.full(count, 3)
    own = nation(count, dynamics=law, start=start, spell=spell, risk=np.where(poor, np.nan, risk), following=risk,
                 poor_now=poor.astype(float), index=law.index_of(told(risk), np.ones(count)), urban=urban,
                 province=Coded.of(np.full(count, "33")), first=indexed(start, spell, risk, law, poor))  # fmt: skip

    def path(families: Nation) -> np.ndarray:
        """Shares of the rungs by year, of country and town."""
        classes = Classes.of(families)
        towns = [classes.place % 3 == 1 + town for town in (0, 1)]
        return np.array([[rungs_of(people[rows]) for rows in towns] for people in classes.years(8)])

    still = settled(own)
    kept, drift = path(still), path(replace(still, dynamics=replace(still.dynamics, home=np.zeros((0, 0, 0)))))
    np.testing.assert_allclose(kept[1:, :, 3:], np.broadcast_to(kept[0, :, 3:], kept[1:, :, 3:].shape), atol=0.006)
    np.testing.assert_allclose(kept[1:, :, :2].sum(axis=2), np.tile(kept[1, :, :2].sum(axis=1), (8, 1)), atol=0.006)
    assert drift[-1, 0, 4] > drift[0, 0, 4] + 0.03  # one shift for both lets the country come near the town


def test_what_a_score_says_at_the_line_fades_out_to_one_and_a_half_lines(law):
    """A higher score means more families just above the line too, none of them from nowhere."""
    index = np.zeros(1)
    low, high = (law.logits(index, 0, np.full((1, 5), first))[0] for first in (-1.0, 1.0))
    cuts = np.exp(law.cuts)
    moved = (high - low)[:, RUNG_OF == 2][:, 0]  # of the vulnerable
    slope = 2 * law.slope[0, 0, :, 2]
    np.testing.assert_allclose(moved[cuts <= 1], slope[cuts <= 1], rtol=1e-6)
    np.testing.assert_allclose(moved[cuts >= 1.5], 0, atol=1e-9)
    between = (cuts > 1) & (cuts < 1.5)
    assert between.any()
    assert ((0.2 * slope < moved) & (moved < 0.9 * slope))[between].all()


def test_the_simulation_stays_too_and_says_what_was_moved(law):
    own = replace(settled(families(law, SHARES)), weight=np.full(4000, 10.0))
    found = simulate(scenario(years=4, draws=40), own, 1).to_dict()
    middle = [row["middle"] for row in found["without"]["rungs"]]
    for row in middle[1:]:
        assert row["value"] == pytest.approx(middle[0]["value"], abs=0.012)
    assert any("as fitted, the middle class would have gone from" in note["en"] for note in found["data"]["notes"])
    assert any("tanpa itu kelas menengah dan atas berubah dari" in note["id"] for note in found["data"]["notes"])


def test_families_that_stand_for_another_year_stay_there(law):
    own = raked(families(law, SHARES), 2019)
    path = np.array([rungs_of(one) for one in Classes.of(own).years(5)])
    assert path[0, 4] == pytest.approx(0.2183, abs=2e-3)
    np.testing.assert_allclose(path[1], path[0], atol=2e-3)


def test_a_chain_in_its_long_run_needs_no_shift():
    chain = nation(2000)
    far = Classes.of(chain).years(200)[-1]
    still = far.sum(axis=0) / far.sum()
    long = np.bincount(RUNG_OF, still)
    own = replace(chain, start=np.tile(long, (2000, 1)), size=np.ones(2000), weight=np.ones(2000))
    # A chain knows no index, so a start in the long run of its matrix is one of all its states but the spells.
    level = settled(own, known=False).dynamics.level
    np.testing.assert_allclose(level, own.dynamics.level[:, [0, 1, 1]], atol=0.02)


def test_the_mean_of_the_draws_stays_where_the_best_estimate_does():
    """A small panel is unsure of its moves. Draws bend each its own way, so that moved alike with the best estimate
    their mean would go off: in classes, by errors that it was settled for and by others, and as lived."""
    unsure = replace(fit(panel(count=1500)), spread=0.2, shape=0.5)
    still = settled(replace(families(unsure, SHARES, 3000), weight=np.full(3000, 10.0)))
    ages = np.minimum(np.arange(3), unsure.ages - 1)
    alike = unsure.level[:, ages] + (still.dynamics.level[0] - unsure.level[0, ages])
    loose = replace(still, dynamics=replace(still.dynamics, level=alike))

    def poor(own: Nation, seed: int) -> np.ndarray:
        """Share of the poor after each year, as draws are expected to have it."""
        path = Draws.by_all(Classes.of(own), seed).years(YEARS + 2)
        return np.array([rungs_of(people)[:2].sum() for people in path[1:]])

    told_ = rungs_of(Classes.of(still).years(1)[1])[:2].sum()
    assert np.abs(poor(still, 0) - told_).max() < 1e-3
    assert np.abs(poor(still, 7) - told_).max() < 4e-3
    assert poor(loose, 0)[-1] - poor(still, 0)[-1] > 1.5e-3
    lived = [simulate(scenario(years=20, draws=40), own, 1).to_dict()["without"]["below_line"][-1]["value"]
             for own in (still, loose)]  # fmt: skip
    assert lived[1] > 1.01 * lived[0]


def scored(law: Dynamics, count: int = 5000) -> Nation:
    """Families as a score leaves them: on no one rung, each with a chance of every rung, more poor a year later."""
    chance = np.random.default_rng(9)
    place = chance.normal(0.0, 1.4, count)
    kernel = np.exp(-((place[:, None] - np.array([-2.4, -1.7, -0.8, 0.6, 2.2])) ** 2))
    start = kernel / kernel.sum(axis=1, keepdims=True)
    poor, spell = start[:, :2].sum(axis=1), np.full(count, 3)
    risk = np.clip(0.02 + 0.3 * poor, 1e-4, 0.9)
    return nation(count, dynamics=law, start=start, spell=spell, risk=risk, following=risk, poor_now=poor,
                  index=law.index_of(told(risk), np.ones(count)), weight=np.full(count, 2000.0),
                  first=indexed(start, spell, risk, law))  # fmt: skip


def expected(own: Nation) -> np.ndarray:
    """Shares of the people expected on the rungs at the start, 5."""
    people = own.weight * own.size
    return people @ own.start / people.sum()


@pytest.mark.parametrize("year", [2019, 2024])
def test_scored_families_start_at_the_published_shares_and_stay_there(law, year):
    own = settled(scored(law))
    wanted = published(year) / published(year).sum()
    assert np.abs(expected(own)[2:] - wanted[1:]).max() > 0.02
    stand = raked(own, year)
    found = expected(stand)
    np.testing.assert_allclose([found[:2].sum(), *found[2:]], wanted, atol=1e-6)
    assert stand.people.sum() == pytest.approx(own.people.sum(), rel=1e-6)
    assert any("times as before" in note["en"] for note in stand.notes)
    assert sum("as fitted" in note["en"] for note in stand.notes) == 1
    rungs = simulate(scenario(years=6, draws=100), stand, 4).to_dict()["without"]["rungs"]
    for row in rungs:
        for at, name in enumerate(RUNGS):
            assert row[name]["value"] == pytest.approx(found[at], abs=0.005), (row["year"], name)


def test_scores_that_tell_no_rung_apart_cannot_stand_for_a_year(law):
    own = scored(law)
    blind = replace(own, start=np.tile(own.start.mean(axis=0), (len(own), 1)))
    with pytest.raises(UserError, match=r"--published 2024: no weights.*tell the rungs too little apart"):
        raked(blind, 2024)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_scored_families_as_many_stay_extreme_poor_whatever_the_seed(law, seed):
    own = settled(scored(replace(law, shape=0.45)))
    rungs = simulate(scenario(years=6, draws=100), own, seed).to_dict()["without"]["rungs"]
    start = expected(own)
    for row in rungs[1:]:
        assert row["extreme_poor"]["value"] == pytest.approx(start[0], rel=0.1), row["year"]
        assert row["middle"]["value"] == pytest.approx(start[4], abs=0.006), row["year"]


def three(law: Dynamics) -> Nation:
    """Families of a province that stands as the nation does, a poor one and one that is better off."""
    chance, each = np.random.default_rng(8), 1500
    shares = {"33": SHARES, "53": (0.05, 0.17, 0.38, 0.35, 0.05), "31": (0.005, 0.035, 0.16, 0.5, 0.3)}
    rung = np.concatenate([chance.choice(5, each, p=own) for own in shares.values()])
    base = np.array([0.45, 0.3, 0.15, 0.05, 0.01])[rung]
    risk, poor, start = np.clip(base * chance.uniform(0.5, 1.5, 3 * each), 1e-4, 0.9), rung < 2, np.eye(5)[rung]
    spell = np.full(3 * each, 3)
    return nation(3 * each, dynamics=law, start=start, spell=spell, risk=np.where(poor, np.nan, risk), following=risk,
                  poor_now=poor.astype(float), index=law.index_of(told(risk), np.ones(3 * each)),
                  province=Coded.of(np.repeat(list(shares), each)), weight=np.full(3 * each, 20.0),
                  first=indexed(start, spell, risk, law, poor))  # fmt: skip


@pytest.fixture(scope="module")
def erring() -> Dynamics:
    """A law of a panel with a model's score: its places err by as much as those of the demo's do."""
    return replace(fit(panel(count=1500)), spread=0.31, shape=0.29)


@pytest.mark.parametrize("area", ["33", "53", "31"])
def test_a_scenario_of_one_province_keeps_its_shares_whatever_the_seed(erring, area):
    """Its families alone are lived. Twenty free errors of one place lean to a side, and no other place makes up."""
    own = settled(within(three(erring), Sample(10_000, area=area)))
    still = Classes.of(own)
    start, told_ = (rungs_of(people) for people in still.years(1))
    wanted = np.array([start[0], told_[:2].sum() - start[0], told_[2], *start[3:]])  # of the poor the score's own
    for seed in (3, 4, 5, 2045):
        path = np.array([rungs_of(people) for people in Draws.by_all(still, seed).years(YEARS)])
        np.testing.assert_allclose(path[1:], np.tile(wanted, (YEARS, 1)), atol=0.006, err_msg=f"seed {seed}")
        assert abs(path[-1, 4] - start[4]) < 0.004, seed
    people = simulate(scenario(years=20, draws=40), own, 2045).tally.rungs.sum(axis=0).mean(axis=0)
    lived = people / people.sum(axis=1, keepdims=True)
    assert lived[-1, 4] == pytest.approx(lived[0, 4], abs=0.006)


def test_an_area_of_families_that_were_settled_as_a_nation_stays_once_it_is_settled_itself(erring):
    area = within(settled(three(erring)), Sample(10_000, area="53"))
    own = settled(area)

    def middle(families: Nation) -> float:
        """Change of the middle class over the years, by the mean of the draws."""
        path = Draws.by_all(Classes.of(families), 0).years(YEARS)
        return abs(float(rungs_of(path[-1])[4] - rungs_of(path[0])[4]))

    assert middle(own) < 1e-3 < middle(area)
    assert own.notes == area.notes


def test_errors_of_the_laws_lean_to_no_side_in_any_province(erring):
    """Nor do they go along with those of the nation and of the shape; they stay as wide as the fit has them."""
    for seed in (1, 2, 2045):
        law = erring.law(4, seed)
        every = law.offset[:, 0]
        np.testing.assert_allclose(every.mean(axis=0), 0, atol=1e-12)
        apart = every - every.mean(axis=1, keepdims=True)  # of the nation is in all of them
        assert ((apart.std(axis=0) > 0.15) & (apart.std(axis=0) < 0.4)).all()
        assert not np.allclose(every[:, 1], every[:, 2])
        np.testing.assert_array_equal(law.offset[:, :, :2], erring.law(2, seed).offset)  # more provinces change none
