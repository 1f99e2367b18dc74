"""Ladder and interval as they are fitted: what they find, what they must not contradict, what they cannot tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features.contract import RUNGS
from models.calibration import log_odds, sigmoid
from models.interval import lacking, usual
from models.ladder import WIDTH, design
from tests.training.small import QUICK
from training import backtest, chances_report, coverage, interval, ladder
from training.backtest import columns
from training.split import out_of_time


@pytest.fixture(scope="module")
def fitted(small):
    split = out_of_time(small)
    return split, backtest.train(small, split.train, small.poor_next == 1, small.ratio_next, QUICK)


@pytest.fixture(scope="module")
def kernel(small, fitted):
    split, model = fitted
    return ladder.fit(small, backtest.known(small, split), model, 1, blind=False)


def test_the_ladder_beats_the_table_of_transitions(small, fitted, kernel):
    split, model = fitted
    test = small.take(split.test)
    train = small.take(backtest.known(small, split))
    found = ladder.judge(kernel, train, test, model.predict(test, 1), False, number=40, seed=1)
    assert found["differences"]["log_loss"]["value"] < 0
    for own in found["rungs"].values():
        assert own["told"]["value"] == pytest.approx(own["seen"]["value"], abs=0.08)
    assert sum(own["told"]["value"] for own in found["rungs"].values()) == pytest.approx(1, abs=1e-4)


def test_rungs_told_and_seen_are_those_of_rows_whose_rung_at_the_horizon_is_known(small, fitted, kernel):
    """Told and seen add up to 1 each, whatever share of the rows has no welfare at the horizon."""
    split, model = fitted
    test = small.take(split.test)
    gone = np.arange(len(test)) % 5 < 2
    test = replace(test, ratio_next=np.where(gone, np.nan, test.ratio_next))
    risk = model.predict(test, 1)
    train = small.take(backtest.known(small, split))
    found = ladder.judge(kernel, train, test, risk, False, number=40, seed=1)
    assert (found["rows"], found["known_rows"]) == (len(test), int((~gone).sum()))
    for side in ("told", "seen"):
        assert sum(own[side]["value"] for own in found["rungs"].values()) == pytest.approx(1, abs=1e-4), side
    page = chances_report.ladder(found, "quarter")
    assert page["unknown"] == f"{int(gone.sum()):,}"
    assert page["known"] == f"{int((~gone).sum()):,}"


def test_the_poor_part_is_the_risk(small, fitted, kernel):
    split, model = fitted
    test = small.take(split.test)
    risk = model.predict(test, 1)
    p = kernel.ladder(ladder.inputs(test, risk, False), risk)
    np.testing.assert_allclose(p[:, :2].sum(axis=1), risk, atol=1e-9)
    assert (p[:, RUNGS.index("extreme_poor")] == 0).all()  # this panel has no extreme line


def test_a_register_is_told_the_rungs_that_the_panel_saw(small, fitted):
    """The panel knows how long each household has been out of poverty, the register that is scored does not."""
    blind = ladder.fit(small, small.seen, fitted[1], 1, blind=True)
    rows = small.take(small.at_risk & small.seen)
    risk, (_, then) = fitted[1].predict(rows, 1), ladder.rungs(rows)
    nowhere = np.full(len(rows), np.nan)
    told = blind.ladder(design(nowhere, nowhere, log_odds(risk, 1e-9)), risk)
    for code, name in enumerate(RUNGS):
        assert told[:, code].mean() == pytest.approx((then == code).mean(), abs=0.01), name


def test_transitions_are_the_shares_counted(small):
    table = ladder.transitions(small)
    now, then = ladder.rungs(small)
    rows = (now == 2) & ~np.isnan(then)
    assert table[2, 1] == pytest.approx((then[rows] == 1).mean(), abs=0.02)
    np.testing.assert_allclose(table.sum(axis=1), 1)


def test_without_welfare_there_is_no_ladder(small, fitted):
    gone = replace(small, ratio_next=np.full(len(small), np.nan))
    assert ladder.fit(gone, gone.seen, fitted[1], 1, blind=False) is None


def test_falls_within_are_told_as_often_as_they_happen(small):
    """Paths drawn from known chances of falling and of coming back in each period."""
    rng = np.random.default_rng(5)
    at_risk = small.at_risk
    logit = np.where(at_risk, rng.normal(-2, 0.7, len(small)), 0.0)
    path, poor = np.empty((len(small), 3)), np.zeros(len(small))
    for step, shift in enumerate((0.0, -0.4, -0.8)):
        poor = (rng.random(len(small)) < np.where(poor == 1, 0.4, sigmoid(logit + shift))).astype(float)
        path[:, step] = poor
    panel = replace(small, path=path, horizon=3, poor_next=path[:, -1])
    chance = sigmoid(logit + np.array([[0.0], [-0.4], [-0.8]]))
    risk = np.zeros(len(small))
    for own in chance:
        risk = risk * 0.4 + (1 - risk) * own
    X = ladder.inputs(panel, risk, True)
    kernel = ladder.Kernel(np.zeros((3, WIDTH)), np.zeros(WIDTH), np.array(False), np.zeros(WIDTH),
                           ladder._hazards(panel, X), ladder._back(panel, X))  # fmt: skip
    told = kernel.fall_within(X, risk)[at_risk]
    truth = 1 - np.cumprod(1 - chance, axis=0)[:, at_risk]
    for step in range(3):
        seen = path[at_risk, : step + 1].max(axis=1)
        assert told[:, step].mean() == pytest.approx(seen.mean(), abs=0.01)
        assert np.abs(told[:, step] - truth[step]).mean() < 0.02
    assert (told[:, -1] > risk[at_risk]).all()


def test_paths_with_gaps_teach_no_hazard(small):
    path = np.column_stack([np.full((len(small), 3), np.nan), small.poor_next])
    panel = replace(small, path=path, horizon=4)
    X = ladder.inputs(panel, np.full(len(small), 0.1), True)
    assert ladder._hazards(panel, X).shape == (0, WIDTH)


@pytest.mark.slow
def test_the_interval_holds_a_risk_that_is_known(small, fitted):
    """Outcomes drawn anew from a known risk of these families, the model fitted on them: it holds nine in ten."""
    rng = np.random.default_rng(11)
    split, model = fitted
    truth = model.predict(small, 1)
    below = rng.random(len(small)) < truth
    # As far from the line as before, on the side that was drawn.
    far = np.abs(np.log(np.where(np.isnan(small.ratio_next), 1.5, small.ratio_next))) + 0.01
    ratio = np.where(np.isnan(small.ratio_next), np.nan, np.exp(np.where(below, -far, far)))
    panel = replace(small, ratio_next=ratio, poor_next=np.where(np.isnan(ratio), np.nan, ratio < 1.0))
    own = backtest.train(panel, split.train, panel.poor_next == 1, panel.ratio_next, QUICK)
    widths = interval.fit(panel, split.train, own, QUICK, refits=4)
    test = panel.take(split.test)
    p = own.predict(test, 1)
    X = columns(test, own.features)
    low, high = widths.bounds(np.log(p / (1 - p)), lacking(X, usual(X)))
    held = (low <= truth[split.test]) & (truth[split.test] <= high)
    assert 0.8 < held.mean() <= 1.0
    assert (high - low).mean() < 0.35


def test_coverage_counts_what_is_inside(small, fitted):
    split, model = fitted
    test = small.take(split.test)
    risk = model.predict(test, 1)
    widths = interval.fit(small, split.train, model, QUICK, refits=2)
    found = coverage.judge(widths, model, test, risk, None, risk, number=20, seed=1)
    assert found["view"] is None
    assert found["latent"]["coverage"]["value"] == 1.0  # the risk told lies inside its own interval
    assert found["latent"]["score"]["value"] == pytest.approx(found["width"]["value"], abs=1e-6)
    assert sum(fifth["rows"] for fifth in found["latent"]["fifths"]) == len(test)
    outside = coverage.judge(widths, model, test, risk, None, np.ones(len(test)), number=20, seed=1)
    assert outside["latent"]["coverage"]["value"] == 0.0


def test_the_same_rows_give_the_same_widths(small, fitted):
    split, model = fitted
    one, two = (interval.fit(small, split.train, model, QUICK, refits=2).to_json() for _ in range(2))
    assert one == two
