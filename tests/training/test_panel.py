"""The panel: as of each origin, with outcomes that are known, and nothing from later."""

from __future__ import annotations

import numpy as np
import pytest

from features import asof, keys, periods, registry
from features.admit import admit
from features.commands import UserError
from tests.training.small import raw_tables
from training import panel


def test_every_origin_within_the_horizon_is_there_and_no_other(small, tables):
    last = tables["households"]["period"].max()
    assert set(np.unique(small.meta["period"])) == set(np.unique(tables["households"]["period"])) - {last}
    assert len(small) == int((tables["households"]["period"] < last).sum())


def test_the_outcome_is_welfare_over_the_line_one_period_later(small, tables):
    households = tables["households"]
    later = {(h, t): w for h, t, w in zip(households["household_id"], households["period"], households["welfare"],
                                          strict=True)}  # fmt: skip
    for row in range(0, len(small), 97):
        expected = later.get((small.meta["household_id"][row], small.meta["period"][row] + 1))
        if expected is None:
            assert np.isnan(small.ratio_next[row])
            assert np.isnat(small.outcome_known[row])
        else:
            assert small.ratio_next[row] == pytest.approx(expected / 1000)


def test_a_household_not_seen_again_is_censored_not_safe(small):
    assert (~small.seen).any()
    assert np.isnan(small.poor_next[~small.seen]).all()


def test_changing_the_future_changes_no_feature():
    raw = raw_tables(households=40, quarters=6)
    cut = "2020Q4"
    before = panel.build(admit(raw, key=keys.PUBLIC_KEY).tables, registry.select("survey"), 1, lag_days=10)
    raw["households"].loc[raw["households"].period > cut, ["welfare", "floor_area"]] = 5.0
    raw["members"].loc[raw["members"].period > cut, "age"] = 99
    after = panel.build(admit(raw, key=keys.PUBLIC_KEY).tables, registry.select("survey"), 1, lag_days=10)
    past = before.meta["period"] <= periods.parse(cut)
    assert past.sum() > 50
    np.testing.assert_array_equal(before.X[past], after.X[past])
    assert not np.array_equal(before.X[~past], after.X[~past], equal_nan=True)


def test_a_fact_known_late_is_not_seen_by_an_earlier_score():
    raw = raw_tables(households=40, quarters=6)
    late = raw["households"].copy()
    row = late.index[(late.period == "2020Q2")][0]
    late.loc[row, "known_at"] = "2021-12-31"
    tables = admit({**raw, "households": late}, key=keys.PUBLIC_KEY).tables
    built = panel.build(tables, registry.select("survey"), 1, lag_days=10)
    name = keys.key_ids([late.loc[row, "household_id"]], keys.PUBLIC_KEY)[0]
    own = built.meta["household_id"] == name
    assert periods.parse("2020Q2") not in built.meta["period"][own], "a row nobody knew cannot be an origin"
    assert (built.meta["known_at"] <= built.as_of).all()


def test_the_lag_is_read_off_the_data(small, tables):
    assert small.lag_days == 10
    assert asof.publication_lag(tables["households"]) == 10


def test_no_welfare_no_label(tables):
    blind = {**tables, "households": {k: v for k, v in tables["households"].items() if k != "welfare"}}
    with pytest.raises(UserError, match="welfare"):
        panel.build(blind, registry.select("registry"), 1)


def test_a_horizon_longer_than_the_panel_is_said(tables):
    with pytest.raises(UserError, match="horizon"):
        panel.build(tables, registry.select("survey"), 40)
