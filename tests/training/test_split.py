"""Splits: nothing known late trains, no cluster on both sides, folds keep groups whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import asof, keys, periods, registry
from features.admit import admit
from features.commands import UserError
from tests.training.flat import SPEC, table
from tests.training.small import raw_tables
from training import panel, split
from training.table import build


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
    left_out = found.embargoed + found.kept_from_training + found.kept_from_judging
    assert int(found.train.sum() + found.test.sum()) + left_out == usable


def test_a_panel_that_is_too_short_says_which_periods_it_has(small):
    late = replace(small, outcome_known=small.outcome_known + np.timedelta64(5000, "D"))
    origins = np.unique(late.meta["period"][late.at_risk & late.seen])
    first, last = periods.text(int(origins[0])), periods.text(int(origins[-1]))
    with pytest.raises(UserError, match=f"run from {first} to {last}, but .* {late.horizon} periods ahead"):
        split.out_of_time(late)


@pytest.mark.parametrize(("quarters", "horizon", "words"), [(6, 2, "too short"), (4, 1, "at least two origins")])
def test_a_panel_made_short_by_its_history_says_what_uses_it(quarters, horizon, words):
    tables = admit(raw_tables(households=200, quarters=quarters), key=keys.PUBLIC_KEY).tables
    features = registry.select("registry")[:3]
    short = panel.build(tables, features, horizon, burn_in=2)
    with pytest.raises(UserError, match=rf"{words}.*the first 2 periods are history only \(--burn-in\): --burn-in 0"):
        split.out_of_time(short)
    assert "(2020Q1 to 2020Q2 are history only, --burn-in)" in panel.describe(short)
    whole = panel.build(tables, features, horizon)
    assert split.out_of_time(whole).test.any()
    assert "history" not in panel.describe(whole)


def test_the_draw_of_clusters_does_not_look_at_what_became_of_them():
    """Drawn or not, falls are as frequent: a draw among clusters with usable rows on both sides would favour falls."""
    rows = {"train": [0.0, 0.0], "test": [0.0, 0.0]}
    whole = {"train": [0.0, 0.0], "test": [0.0, 0.0]}
    for seed in range(3):
        raw = raw_tables(households=500, quarters=10, seed=seed)
        raw["households"] = raw["households"].drop(columns="cluster")
        raw["households"]["household_id"] += f" of {seed}"
        raw["members"]["household_id"] += f" of {seed}"
        built = panel.build(admit(raw, key=keys.PUBLIC_KEY).tables, registry.select("registry")[:3], 1, burn_in=2)
        found = split.out_of_time(built)
        assert found.drawn
        day = asof.origin_date(found.test_from, built.lag_days)
        usable, late = built.at_risk & built.seen, built.meta["period"] >= found.test_from
        for name, drawn, all_rows in (("train", found.train, usable & ~late & (built.outcome_known <= day)),
                                      ("test", found.test, usable & late)):  # fmt: skip
            for kept, mask in ((rows, drawn), (whole, all_rows)):
                kept[name][0] += np.nansum(built.poor_next[mask])
                kept[name][1] += mask.sum()
    for name in rows:
        rate, expected = rows[name][0] / rows[name][1], whole[name][0] / whole[name][1]
        error = np.sqrt(expected * (1 - expected) / rows[name][1])
        assert abs(rate - expected) < 3 * error


def test_a_rotating_panel_is_not_drawn(small):
    some = small.take(np.flatnonzero(small.meta["period"] % 2 == 0))
    some.meta["cluster"] = np.array([f"{c} in {t}" for c, t in zip(some.meta["cluster"], some.meta["period"],
                                                                   strict=True)], dtype=object)  # fmt: skip
    assert not split.out_of_time(some).drawn


def test_an_impossible_split_is_said(small):
    with pytest.raises(UserError, match="no training rows"):
        split.out_of_time(small, periods.parse("2020Q1"))


def clustered(years, households, clusters):
    """A flat panel whose households stand in so many clusters."""
    rows = table(households=households, years=years)
    rows["village"] = [f"k{int(n) % clusters}" for n in rows["id"]]  # k0, k1 and k2 are drawn for one side
    return build(rows, SPEC).panel


@pytest.mark.parametrize(("households", "clusters"), [(300, 3), (300, 2), (12, 12)])
def test_clusters_too_few_to_roll_through_time_are_crossed(households, clusters):
    own = clustered(8, households, clusters)
    windows = split.plan(own, None, blocks=3, seed=1)
    assert all(one.test_from is None and one.train.any() and one.test.any() for one in windows)
    np.testing.assert_array_equal(np.sum([one.test for one in windows], axis=0), own.at_risk & own.seen)


def test_one_cluster_is_refused_by_its_number_and_not_by_an_option_nobody_gave():
    own = clustered(8, 300, 1)
    for judged in (lambda: split.plan(own, None, blocks=3, seed=1), lambda: split.out_of_time(own)):
        with pytest.raises(UserError, match=r"too few clusters .* in 1 cluster;") as error:
            judged()
        assert "--test-from" not in str(error.value)


@given(st.lists(st.integers(0, 30), min_size=8, max_size=200), st.integers(2, 6), st.integers(0, 5))
def test_folds_keep_groups_whole(groups, count, seed):
    names = np.array(groups)
    fold = split.folds(names, count, seed)
    assert ((fold >= 0) & (fold < count)).all()
    for name in np.unique(names):
        assert len(np.unique(fold[names == name])) == 1
