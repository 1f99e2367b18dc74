"""The interval of a household: it holds the risk, widens with what is missing, and reads back as written."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.calibration import sigmoid
from models.interval import Widths, crosses, hundredths, lacking, read, unsure, usual
from serving.console import telling

AT = np.array([-4.0, -2.0, 0.0])
WIDTHS = Widths(
    AT, np.array([[-0.5, -0.4, -0.3], [-0.9, -0.8, -0.7]]), np.array([[0.6, 0.4, 0.2], [0.8, 0.7, 0.6]]), -3.0
)


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=30), st.booleans())
def test_the_interval_holds_the_risk_and_lies_in_0_to_1(logits, lacks):
    z = np.array(logits)
    low, high = WIDTHS.bounds(z, np.full(len(z), lacks))
    assert ((low >= 0) & (low <= sigmoid(z)) & (sigmoid(z) <= high) & (high <= 1)).all()
    assert (low[z <= -3] == 0).all()


def test_a_missing_fact_widens_it():
    z = np.linspace(-2.9, 3, 30)
    sure, unsure = (WIDTHS.bounds(z, np.full(30, lacks)) for lacks in (False, True))
    assert (unsure[0] < sure[0]).all()
    assert (unsure[1] > sure[1]).all()


def test_it_reads_back_as_written():
    again = read(json.loads(json.dumps(WIDTHS.to_json())))
    z = np.linspace(-6, 3, 40)
    np.testing.assert_array_equal(again.bounds(z, z > 0), WIDTHS.bounds(z, z > 0))


def test_only_facts_that_families_usually_have_can_be_lacking():
    X = np.array([[1.0, np.nan, 2.0], [1.0, np.nan, np.nan], [2.0, 3.0, 1.0]])
    np.testing.assert_array_equal(usual(X), [True, False, True])
    np.testing.assert_array_equal(lacking(X, usual(X)), [False, True, False])


def test_an_interval_over_three_labels_is_to_be_looked_at():
    labels = [2, 5, 10, 20]
    low, high = np.array([0.03, 0.03, 0.01, 0.06]), np.array([0.04, 0.08, 0.06, 0.25])
    np.testing.assert_array_equal(unsure(low, high, labels), [False, False, True, True])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
@example([(0.040155, 0.095551)])
def test_pages_and_scores_are_in_doubt_of_the_same_intervals(ends):
    """A figure of an area counts certainty, a row of the console compares the levels that it prints."""
    labels = [2, 5, 10, 20]
    low, high = np.sort(np.array(ends), axis=1).T
    told = [telling.wide(telling.estimate(a, a, b, labels), labels) for a, b in zip(low, high, strict=True)]
    assert unsure(low, high, labels).tolist() == told


def test_at_the_floor_the_lower_end_is_none_and_between_the_points_it_is_a_straight_line():
    low, high = WIDTHS.bounds(np.array([-3.0, np.nextafter(-3, 0), -1.0, 5.0]), np.array([True, True, False, True]))
    assert low[0] == 0
    assert low[1:] == pytest.approx(sigmoid(np.array([-3.85, -1.35, 4.3])))
    assert high == pytest.approx(sigmoid(np.array([-2.25, -2.25, -0.7, 5.6])))
    assert WIDTHS.to_json()["level"] == 0.9


@pytest.mark.parametrize("changed", [
    {"at": []}, {"at": [[-4.0, -2.0, 0.0]]}, {"at": [-4.0, -2.0]}, {"low": [[-0.5, -0.4, -0.3]]},
    {"high": [[0.6, 0.4], [0.8, 0.7]]}, {"floor": np.inf}, {"at": [-4.0, np.nan, 0.0]}, {"at": [-4.0, 0.0, -2.0]},
    {"low": [[-0.5, -0.4, -np.inf]] * 2}, {"high": [[0.6, 0.4, np.nan]] * 2},
])  # fmt: skip
def test_widths_that_are_none_are_refused(changed):
    with pytest.raises(ValueError, match=r"rows as long as at|must be finite, and at rise"):
        read(WIDTHS.to_json() | changed)


def test_two_widths_at_one_risk_are_in_order_too():
    assert read(WIDTHS.to_json() | {"at": [-4.0, -2.0, -2.0]}).at.tolist() == [-4, -2, -2]


def test_chances_are_told_in_whole_hundredths_half_up():
    found = hundredths(np.array([0.0, 0.00499, 0.005, 0.125, 1.0, np.nan]))
    np.testing.assert_array_equal(found, [0, 0, 1, 13, 100, np.nan])


def test_an_interval_touches_the_label_that_begins_where_it_ends():
    """Labels begin at 2, 5, 10 and 20 out of 100: from 4 to 10 touches three, from 5 to 10 two."""
    low, high = np.array([0.04, 0.05, 0.04, 0.0149]), np.array([0.10, 0.10, 0.09, 0.05])
    np.testing.assert_array_equal(unsure(low, high, [2, 5, 10, 20]), [True, False, False, True])


def test_a_fact_that_half_of_the_families_lack_is_one_that_families_usually_have():
    X = np.array([[np.nan, np.nan, 1.0], [np.nan, np.nan, 1.0], [1.0, np.nan, 1.0], [1.0, 1.0, 1.0]])
    np.testing.assert_array_equal(usual(X), [True, False, True])


@pytest.mark.parametrize(("low", "high", "cut", "said"), [
    (0.096, 0.23, 0.101, False), (0.094, 0.23, 0.101, True), (0.02, 0.098, 0.1, True), (0.02, 0.094, 0.1, False),
    (np.nan, np.nan, 0.1, False),
])  # fmt: skip
def test_a_list_and_a_page_know_alike_whether_a_range_crosses_a_cut(low, high, cut, said):
    """What is told as 10 to 23 does not begin below a cut that is told as 10."""
    assert crosses(low, high, cut) == said
    if low == low:
        end = SimpleNamespace(cut=cut)
        own = telling.estimate((low + high) / 2, low, high, None)
        assert bool(telling.crosses(own, [end])) == said
