"""The dynamics of the simulation, fitted to a training panel: only where the horizon is a year, near what is seen."""

from __future__ import annotations

import numpy as np
import pytest

from features import registry
from models import dynamics
from models.dynamics import state_of
from models.schemes.nation import told
from tests.training.small import QUICK
from training import backtest, moves, panel
from training.split import out_of_time


@pytest.fixture(scope="module")
def yearly(tables):
    return panel.build(tables, registry.select("survey"), horizon=4)


def test_the_first_year_is_as_often_poor_as_was_seen(yearly):
    rows = yearly.seen
    model = backtest.train(yearly, rows & yearly.at_risk, yearly.poor_next == 1, yearly.ratio_next, QUICK)
    own = moves.fit(yearly, rows, model, 1)
    assert own is not None
    assert np.isneginf(own.extreme)  # this panel has no extreme line
    seen = yearly.take(np.flatnonzero(rows & yearly.seen & ~np.isnan(yearly.meta["ratio"])))
    rung = np.digitize(seen.meta["ratio"], (1.0, 1.5, 3.5)) + 1
    chance = own.below(state_of(rung, np.full(len(rung), 3)), told(model.predict(seen, 1)), 0.0)
    for code in (1, 2, 3):
        there = rung == code
        assert chance[there].mean() == pytest.approx(seen.poor_next[there].mean(), abs=0.06)
    again = moves.fit(yearly, rows, model, 2)
    assert again is not None
    assert dynamics.to_bytes(again) == dynamics.to_bytes(own)


def test_a_horizon_that_is_no_year_has_none(small):
    split = out_of_time(small)
    model = backtest.train(small, split.train, small.poor_next == 1, small.ratio_next, QUICK)
    assert moves.fit(small, backtest.known(small, split), model, 1) is None
