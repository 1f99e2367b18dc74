"""The random sample: its chances are those that are stored, so that figures from it are unbiased; over many seeds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from models.targeting import CHANNELS, FastLane, Last, Rules, Scheme, draw
from models.targeting.cut import Lots
from tests.models.drawing import last
from tests.models.listed import AS_OF, Family, code, rows

SEEDS = 2500
WORLDS = {
    "plain": (30, 10, 0.05, 0.0),
    "a place that is now and then drawn by lot": (12, 1, 0.05, 0.0),
    "hysteresis": (30, 10, 0.05, 0.5),
    "hardly anybody is left": (11, 10, 0.05, 0.0),
    "many lots": (60, 45, 0.05, 0.5),
}


def world(size: int, places: int, share: float, hysteresis: float) -> tuple[list[Family], Rules, Last]:
    """Families of different risks and a list of some of them; every third of the lower ones was on the last list."""
    some = [Family(code(at), "3201", round(0.9 - 0.8 * at / size, 6), shock="disaster" if at % 9 == 5 else None)
            for at in range(size)]  # fmt: skip
    own = Rules("Uji", "2026Q4", (Scheme("pkh", 1, (("3201", places),)),), random=share, hysteresis=hysteresis,
                reserve=0, fast_lane=FastLane(0.1, ("disaster",), 90))  # fmt: skip
    return some, own, last((one.code, "pkh", "ranked", "3201") for one in some[places // 2 :: 3])


@pytest.mark.parametrize("name", WORLDS)
def test_weights_by_the_stored_chance_are_unbiased_for_every_household(name: str) -> None:
    some, own, before = world(*WORLDS[name])
    columns = rows(some)
    weights, random = np.zeros((SEEDS, len(some))), np.zeros(SEEDS)
    for seed in range(SEEDS):
        found = draw(columns, own, seed=str(seed), run="r", as_of=AS_OF, before=before).places
        weights[seed, found.row] = 1 / found.probability
        random[seed] = (found.channel == CHANNELS.index("random")).sum()
    error = weights.std(axis=0, ddof=1) / np.sqrt(SEEDS)
    sure = error == 0
    assert sure.any() or own.schemes[0].quota[0][1] == 1
    # Whoever is on the list under every seed has the weight 1; the others weigh 1 on average.
    assert (weights[:, sure] == 1).all()
    assert (np.abs(weights.mean(axis=0) - 1)[~sure] < 4.5 * error[~sure]).all()
    # Horvitz-Thompson of any outcome, here one that is nearly all among those who are not listed by rank.
    outcome = np.arange(len(some), dtype=float) ** 2
    totals = weights @ outcome
    assert abs(totals.mean() - outcome.sum()) < 4 * totals.std(ddof=1) / np.sqrt(SEEDS) + 1e-9
    seats = own.schemes[0].quota[0][1]
    seats -= int(0.1 * seats)
    wanted = min(own.random * seats, len(some) - seats)
    assert abs(random.mean() - wanted) < 4 * random.std(ddof=1) / np.sqrt(SEEDS) + 0.05


def test_a_sample_from_those_not_listed_has_the_chance_of_a_lot_each() -> None:
    """Where the share is a whole number of places the chance is places over pool, and nothing else is drawn."""
    some, own, _ = world(100, 40, 0.05, 0.0)
    own = dataclasses.replace(own, fast_lane=None)
    found = draw(rows(some), own, seed="s", run="r", as_of=AS_OF).places
    random = found.channel == CHANNELS.index("random")
    assert random.sum() == 2
    assert found.probability[random].tolist() == [pytest.approx(2 / 62)] * 2
    assert (found.probability[~random] == 1).all()


def test_more_places_are_never_fewer_by_rank() -> None:
    for lot in (0, 1 << 62, 3 << 62, (1 << 64) - 1):
        for share in (0.0, 0.02, 0.03, 0.05):
            seats = [places - Lots.of(places, share, lot).drawn for places in range(500)]
            assert (np.diff(seats) >= 0).all()
            assert seats[0] == 0
            assert all(abs(places - own - share * places) < 1 for places, own in enumerate(seats))
