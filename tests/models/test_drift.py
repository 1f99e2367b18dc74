"""The stability index: nothing against itself, more the further families move, whatever they lack."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import drift


@given(st.lists(st.one_of(st.floats(-50, 50), st.just(float("nan"))), min_size=5, max_size=200))
def test_a_sample_against_itself_has_not_moved(values):
    x = np.array(values)
    own = drift.reference(x)
    assert sum(own["shares"]) == pytest.approx(1, abs=1e-4)
    assert drift.index(own, x, np.ones((1, len(x))))[0] == pytest.approx(0, abs=1e-3)


def test_it_agrees_with_the_sum_written_out():
    before, after = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.4, 0.2])
    expected = (0.4 - 0.5) * np.log(0.4 / 0.5) + (0.4 - 0.3) * np.log(0.4 / 0.3)
    assert drift.stability(before, after) == pytest.approx(expected)


def test_it_grows_with_the_shift():
    rng = np.random.default_rng(1)
    own = drift.reference(rng.normal(size=4000))
    found = [drift.index(own, rng.normal(by, 1, 4000), np.ones((1, 4000)))[0] for by in (0, 0.3, 1)]
    assert found[0] < 0.02 < found[1] < found[2]
    assert found[2] > drift.MOVED


def test_what_goes_missing_is_a_shift():
    rng = np.random.default_rng(2)
    x = rng.normal(size=4000)
    own = drift.reference(x)
    gone = np.where(rng.random(4000) < 0.4, np.nan, x)
    assert drift.index(own, gone, np.ones((1, 4000)))[0] > drift.MOVED
