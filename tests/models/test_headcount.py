"""A shift to a headcount: it is met, by one number a place, and the order of families stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.commands import UserError
from models.calibration import sigmoid
from models.headcount import Tally


def families(seed: int, size: int = 400):
    rng = np.random.default_rng(seed)
    return rng.random(size) * 0.4, rng.normal(0.5, 1, size), rng.normal(-2.5, 1, size), rng.integers(1, 8, size)


@given(st.integers(0, 50), st.floats(0.06, 0.5))
def test_the_headcount_is_met_exactly(seed, target):
    poor_now, stay, entry, people = families(seed)
    tally = Tally()
    tally.add(["a"] * len(people), poor_now, stay, entry, people.astype(float))
    shift = tally.solve({"a": target})["a"]
    poor = poor_now * sigmoid(stay + shift) + (1 - poor_now) * sigmoid(entry + shift)
    assert people @ poor / people.sum() == pytest.approx(target, abs=1e-6)


def test_parts_add_up_to_the_whole():
    poor_now, stay, entry, people = families(1)
    whole, parts = Tally(), Tally()
    places = ["a" if n % 3 else "b" for n in range(len(people))]
    whole.add(places, poor_now, stay, entry, people.astype(float))
    for rows in (slice(0, 130), slice(130, 400)):
        parts.add(places[rows], poor_now[rows], stay[rows], entry[rows], people[rows].astype(float))
    for place in ("a", "b"):
        assert parts.headcount(place) == pytest.approx(whole.headcount(place), abs=1e-12)
    assert parts.solve({"a": 0.2, "b": 0.1}) == pytest.approx(whole.solve({"a": 0.2, "b": 0.1}), abs=1e-8)


def test_the_headcount_of_the_model_itself_needs_no_shift():
    poor_now, stay, entry, people = families(2)
    tally = Tally()
    tally.add(["a"] * len(people), poor_now, stay, entry, people.astype(float))
    assert tally.solve({"a": tally.headcount("a")})["a"] == pytest.approx(0, abs=1e-8)


def test_what_cannot_be_met_is_said():
    poor_now, stay, entry, people = families(3)
    tally = Tally()
    tally.add(["a"] * len(people), poor_now, stay, entry, people.astype(float))
    with pytest.raises(UserError, match="no shift of 3"):
        tally.solve({"a": 0.999})
    with pytest.raises(UserError, match="no scored family lives in b"):
        tally.solve({"b": 0.1})
