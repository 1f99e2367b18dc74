"""The interval of a household: it holds the risk, widens with what is missing, and reads back as written."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from models.calibration import sigmoid
from models.interval import Widths, lacking, read, unsure, usual
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
