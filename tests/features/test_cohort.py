"""Who is poor, on which rung, and of which kind a fall would be: the multiples of the line hold at their very edge."""

from __future__ import annotations

import numpy as np
import pytest

from features import cohort
from features.contract import RUNGS
from models import row

EDGES = [
    (0.3, 0.9, "extreme_poor"),
    (0.3, 1.0, "poor"), (0.3, np.nan, "poor"), (0.999, 1.2, "poor"), (1.0, 1.2, "vulnerable"),
    (1.0, 0.9, "vulnerable"), (1.499, 2.0, "vulnerable"), (1.5, 2.0, "aspiring"), (3.499, 4.0, "aspiring"),
    (3.5, 4.0, "middle"), (np.nan, np.nan, None),
]  # fmt: skip


@pytest.mark.parametrize(("ratio", "extreme", "rung"), EDGES)
def test_a_rung_begins_at_its_multiple_of_the_line(ratio: float, extreme: float, rung: str | None) -> None:
    code = cohort.rung(np.array([ratio]), np.array([extreme]))
    assert row.labels(code, RUNGS).to_pylist() == [rung]


def test_poor_is_below_the_line_and_unknown_where_welfare_is_not_measured() -> None:
    assert cohort.below(np.array([0.0, 0.999999, 1.0, 9.0])).tolist() == [1, 1, 0, 0]
    assert np.isnan(cohort.below(np.array([np.nan]))).all()


def test_kinds_tell_known_poverty_a_whole_look_back_and_neither() -> None:
    found = cohort.kind(np.array([1.0, 0.0, 0.0]), np.array([4.0, 4.0, 3.0]), 4)
    assert [cohort.KINDS[code] for code in found] == ["relapse", "first_entry", "unknown_history"]
