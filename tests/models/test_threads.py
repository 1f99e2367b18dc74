"""Threads of a booster: one for each 50,000 rows."""

from __future__ import annotations

import pytest

from models import threads


@pytest.mark.parametrize(
    ("given", "rows", "used"),
    [(2, 20_000, 1), (2, 49_999, 1), (2, 50_000, 2), (2, 10**7, 2), (8, 120_000, 3), (1, 10**7, 1)],
)
def test_few_rows_are_grown_by_few_threads(given: int, rows: int, used: int) -> None:
    assert threads.useful(given, rows) == used
