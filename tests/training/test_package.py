"""What a bundle says besides its boosters."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.scores.kept_run import _rise
from training.package import LABEL_CUTS, labels


@given(st.floats(0, 1))
def test_all_five_labels_can_be_said_at_any_base_rate(rate: float) -> None:
    found = labels(rate)
    assert len(found) == len(LABEL_CUTS)
    assert all(low < high for low, high in pairwise([0, *found, 100]))
    assert _rise(found), "scores of such a bundle can be published"


@pytest.mark.parametrize(("rate", "said"), [(0.083, [4, 8, 17, 33]), (0.009, [1, 2, 3, 4]), (0.6, [30, 60, 98, 99])])
def test_labels_begin_at_multiples_of_the_base_rate_where_there_is_room(rate: float, said: list[int]) -> None:
    assert labels(rate) == said
