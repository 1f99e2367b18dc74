"""What few falls leave unsure of the calibration: as wide as calibrations of drawn outcomes differ, wider by group."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import fit_affine, sigmoid
from tests.training.small import QUICK
from training import backtest, interval, run
from training.interval import Doubt
from training.spec import Spec
from training.table import build


def _drawn(rows: int, seed: int, alike: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-odds, outcomes that follow them, and groups of `alike` rows that share both."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(-2.5, 0.8, rows)
    hard = (rng.random(rows) < sigmoid(logit)).astype(float)
    return np.repeat(logit, alike), np.repeat(hard, alike), np.repeat(np.arange(rows), alike)


def test_it_is_as_wide_as_calibrations_of_drawn_outcomes_differ():
    at = np.array([-3.3, -2.5, -1.7])
    found = np.array([fit_affine(*_drawn(4000, seed)[:2]).logit(at) - at for seed in range(60)])
    told = Doubt.of(*_drawn(4000, 99)).width(at)
    # A bend is told beside level and slope, so that it is never narrower than a straight line's.
    assert (told > 0.8 * 1.645 * found.std(axis=0)).all()
    assert (told < 2.0 * 1.645 * found.std(axis=0)).all()


def test_fewer_rows_and_rows_alike_are_less_sure():
    at = np.array([-4.5, -2.5])
    many, few, alike = (Doubt.of(*own).width(at) for own in (_drawn(8000, 1), _drawn(500, 1), _drawn(500, 1, alike=16)))
    assert (few > 2 * many).all()
    np.testing.assert_allclose(alike, few, rtol=0.1)  # sixteen copies of a row say no more than one
    assert few[0] > few[1]


@pytest.mark.parametrize("spread", [0.0, 1e-12])
def test_log_odds_that_hardly_differ_are_no_error(spread):
    rng = np.random.default_rng(0)
    found = Doubt.of(-2 + spread * rng.normal(size=300), (rng.random(300) < 0.12).astype(float), np.arange(300))
    assert np.isfinite(found.width(np.array([-2.0]))).all()


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.integers(0, 60))
def test_every_bin_holds_log_odds_however_many_are_tied(drawn, top):
    z = np.array(drawn + [9] * top, dtype=float)
    edges = interval._edges(z)
    assert (np.diff(edges) > 0).all()
    assert set(np.searchsorted(edges, z)) == set(range(len(edges) + 1))


def test_bins_without_ties_hold_alike_many():
    z = np.random.default_rng(1).normal(size=3000)
    assert np.bincount(np.searchsorted(interval._edges(z), z)).tolist() == [200] * 15


@pytest.fixture(scope="module")
def tied():
    """A table whose only feature is the outcome, one in ten wrong: most families share the highest log-odds."""
    rng = np.random.default_rng(1)
    falls = (rng.random(900) < 0.7).astype(int)
    told = np.where(rng.random(900) < 0.1, 1 - falls, falls)
    rows = pd.DataFrame({"id": np.arange(900), "falls": falls, "told": told})
    return build(rows, Spec(household="id", outcome="falls", numeric=("told",)))


def test_tied_log_odds_get_an_interval(tied):
    found = run.evaluate_table(tied, QUICK, test_from=None, number=20, rivals=backtest.Rivals(()), blocks=1).result
    assert 0 < found["interval"]["width"]["value"] < 1
    assert found["models"]["jaga"]["auc"]["value"] > 0.8
