"""Splits: nothing known late trains, no cluster on both sides, folds keep groups whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import asof, periods
from features.commands import UserError
from training import split


@pytest.mark.parametrize("first", ["2020Q3", "2021Q1", "2021Q2"])
def test_the_embargo_holds(small, first):
    found = split.out_of_time(small, periods.parse(first))
    day = asof.origin_date(periods.parse(first), small.lag_days)
    assert (small.outcome_known[found.train] <= day).all()
    assert (small.meta["period"][found.test] >= periods.parse(first)).all()
    assert found.train.any()
    assert found.test.any()


def test_no_cluster_trains_and_is_judged(small):
    found = split.out_of_time(small)
    clusters = small.clusters().astype(str)
    assert not set(clusters[found.train]) & set(clusters[found.test])


def test_only_rows_at_risk_with_an_outcome_count(small):
    found = split.out_of_time(small)
    for rows in (found.train, found.test):
        assert (small.meta["ratio"][rows] >= 1).all()
        assert small.seen[rows].all()


def test_rows_add_up(small):
    found = split.out_of_time(small)
    usable = int((small.at_risk & small.seen).sum())
    assert int(found.train.sum() + found.test.sum()) + found.embargoed + found.shared_clusters == usable


def test_an_impossible_split_is_said(small):
    with pytest.raises(UserError, match="no training rows"):
        split.out_of_time(small, periods.parse("2020Q1"))


@given(st.lists(st.integers(0, 30), min_size=8, max_size=200), st.integers(2, 6), st.integers(0, 5))
def test_folds_keep_groups_whole(groups, count, seed):
    names = np.array(groups)
    fold = split.folds(names, count, seed)
    assert ((fold >= 0) & (fold < count)).all()
    for name in np.unique(names):
        assert len(np.unique(fold[names == name])) == 1
