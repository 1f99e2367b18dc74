"""Money: every area keeps the same share of its quota, in whole places, and what is left is told."""

from __future__ import annotations

import pytest

from models.targeting import Rules, Scheme, money
from tests.models.drawing import make
from tests.models.test_targeting_cases import ladder


def rules(*schemes: tuple[int, tuple[int, ...], int | None], budget: int | None = None) -> Rules:
    made = tuple(Scheme(f"s{at}", cost, tuple((f"32{area:02}", quota) for area, quota in enumerate(quotas, 1)), own)
                 for at, (cost, quotas, own) in enumerate(schemes))  # fmt: skip
    return Rules("Uji", "2026", made, budget=budget, random=0.0, reserve=0.0)


@pytest.mark.parametrize(("schemes", "budget", "found"), [
    ([(3, (5, 7), None)], None, [[5, 7]]), ([(3, (5, 7), None)], 36, [[5, 7]]), ([(3, (5, 7), None)], 35, [[4, 7]]),
    ([(3, (5, 7), None)], 10**9, [[5, 7]]), ([(3, (5, 7), None)], 0, [[0, 0]]), ([(3, (5, 7), 18)], None, [[2, 4]]),
    ([(3, (5, 7), 18)], 9, [[1, 2]]), ([(3, (5, 7), 9)], 18, [[1, 2]]), ([(3, (0, 0), 9)], 18, [[0, 0]]),
    ([(3, (4,), None), (1, (8, 4), None)], 12, [[2], [4, 2]]), ([(3, (4,), 6), (1, (8, 4), None)], None, [[2], [8, 4]]),
    ([(1, (1, 1, 1, 1), 2)], None, [[0, 1, 0, 1]]),
])  # fmt: skip
def test_places_that_are_paid_for(schemes: list[tuple[int, tuple[int, ...], int | None]], budget: int | None,
                                  found: list[list[int]]) -> None:  # fmt: skip
    assert money.places(rules(*schemes, budget=budget)) == found


def test_what_is_left_is_that_of_the_list_or_of_the_schemes_that_name_money() -> None:
    """Families live in 3201 alone, and of four schemes' places each first one is filled."""
    two = [(3, (4,), 20), (1, (8,), None)]
    for budget, left in ((100, 100 - 12 - 8), (None, 20 - 12)):
        found = make(ladder(), rules(*two, budget=budget))
        assert (found.cost, found.left) == (20, left)
    assert make(ladder(), rules((3, (4,), None))).left is None
    few = make(ladder(3), rules((3, (4, 2), 18)))
    own = few.cells[0]
    assert (own.filled, own.cost, own.budget, own.left, own.no_budget, own.too_few) == (3, 9, 12, 3, 0, 1)
    assert [cell.budget for cell in few.cells] == [12, 6]
    assert few.left == 9
