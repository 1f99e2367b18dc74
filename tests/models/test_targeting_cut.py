"""Who is in at a cut: hysteresis to its last share, lots in whole numbers, and ties by code."""

from __future__ import annotations

import numpy as np
import pytest

from models.targeting.cut import Lots, choose, listed, picked, probabilities

VALUE = np.array([0.8, 0.7, 0.6, 0.5, 0.48, 0.4, 0.3])


@pytest.mark.parametrize(("before", "places", "hysteresis", "ranked", "kept", "displaced"), [
    ([3], 3, 0.0, [0, 1, 2], [], []),  # without hysteresis the highest are in
    ([3], 0, 0.5, [], [], []), ([3], 7, 0.5, [0, 1, 2, 3, 4, 5, 6], [], []), ([3], 9, 0.5, list(range(7)), [], []),
    ([3], 3, 1 / 6, [0, 1], [3], [2]),  # .5 is one sixth below .6, and that is allowed
    ([3], 3, 0.166, [0, 1, 2], [], []),
    ([4], 3, 0.2, [0, 1], [4], [2]), ([5], 3, 0.2, [0, 1, 2], [], []),
    ([2, 3], 3, 0.5, [0], [2, 3], [1]),  # one of the last list above the cut stays, and the newcomer above it goes
    ([0, 1, 2, 3], 3, 0.5, [0, 1, 2], [], []),  # nobody above the cut is a newcomer
    ([3, 4, 5], 3, 0.2, [0, 1], [3], [2]),  # .48 is more than a fifth below .7
    ([3, 4, 5], 3, 0.32, [0], [3, 4], [1, 2]), ([3, 4, 5], 3, 0.5, [], [3, 4, 5], [0, 1, 2]),
    ([4], 1, 0.5, [], [4], [0]), ([6], 6, 0.5, [0, 1, 2, 3, 4], [6], [5]),
])  # fmt: skip
def test_one_of_the_last_list_keeps_the_place_of_the_lowest_newcomer_within_the_share(
    before: list[int], places: int, hysteresis: float, ranked: list[int], kept: list[int], displaced: list[int]
) -> None:
    was = np.isin(np.arange(7), before)
    found = choose(VALUE, was, places, hysteresis)
    assert (found.ranked.tolist(), found.kept.tolist(), found.displaced.tolist()) == (ranked, kept, displaced)
    assert listed(found, 7).nonzero()[0].tolist() == sorted([*ranked, *kept])


def test_a_share_of_places_by_lot_is_rounded_up_as_often_as_its_rest_says() -> None:
    """Of 50 places 3 % are one and a half: with half of the lots two, with the others one."""
    half = 1 << 63
    for lot, drawn in ((0, 1), (half - (1 << 44), 1), (half, 2), ((1 << 64) - 1, 2)):
        own = Lots.of(50, 0.03, lot)
        assert (own.places, own.low, own.odds, own.drawn) == (50, 1, 0.5, drawn)
    for lot in (0, half, (1 << 64) - 1):
        assert Lots.of(100, 0.03, lot).drawn == 3
        assert Lots.of(0, 0.03, lot).drawn == 0
    assert Lots.of(10, 0.03, (1 << 64) - 1) == Lots(10, 0, 0.3, 1)


def test_the_smallest_lots_are_picked_and_equal_ones_by_code() -> None:
    pool, lots = np.array([1, 3, 4, 6]), np.array([0, 9, 0, 5, 5, 0, 7])
    code = np.array([b"A", b"B", b"C", b"Z", b"D", b"E", b"F"])
    for number, found in ((0, []), (1, [4]), (2, [3, 4]), (3, [3, 4, 6]), (4, [1, 3, 4, 6]), (9, [1, 3, 4, 6])):
        assert picked(pool, lots, number, code).tolist() == found
    assert picked(pool[:0], lots, 3, code).tolist() == []


def test_the_chance_of_a_place_is_over_both_numbers_of_lots() -> None:
    none = np.zeros(7, bool)
    wanted = np.array([0, 2, 3, 6])
    # Of four places one is by lot: three by rank, and one of the other four has a chance of a quarter.
    assert probabilities(VALUE, none, 0.0, Lots(4, 1, 0.0, 1), wanted).tolist() == [1, 1, 0.25, 0.25]
    # One or two by lot: three by rank and one of four, or two by rank and two of five.
    found = probabilities(VALUE, none, 0.0, Lots(4, 1, 0.25, 1), wanted)
    assert found == pytest.approx([1, 0.75 + 0.25 * 0.4, 0.75 * 0.25 + 0.25 * 0.4, 0.75 * 0.25 + 0.25 * 0.4])
    assert probabilities(VALUE, none, 0.0, Lots(9, 0, 0.0, 0), wanted).tolist() == [1] * 4
    assert probabilities(VALUE[:2], none[:2], 0.0, Lots(2, 2, 0.0, 2), np.array([0, 1])).tolist() == [1, 1]
    # Two of the three places by rank are left when two are drawn, and who stays by hysteresis is in for certain.
    was = np.isin(np.arange(7), [3])
    assert probabilities(VALUE, was, 0.5, Lots(3, 1, 0.0, 1), wanted).tolist() == [1, 0.2, 1, 0.2]
