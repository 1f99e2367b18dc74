"""The drift report: chance alone is no drift, and a real shift is told at its size."""

from __future__ import annotations

import numpy as np
import pytest

from models import drift as index
from training import drift
from training.judge import Resamples, summary, unbiased

ROWS = 400


def shift(seed, by=0.0, rows=ROWS, each=1):
    """The index of `rows` values against as many training values, both of clusters of `each` equal values."""
    rng = np.random.default_rng(seed)
    clusters = np.arange(rows) // each
    reference = index.reference(np.repeat(rng.normal(size=rows // each), each))
    values = np.repeat(rng.normal(by, 1, rows // each), each)
    draws = Resamples.of(clusters, np.ones(rows), 200, seed)
    return index.index(reference, values, draws.weights)


@pytest.mark.parametrize("each", [1, 4])
def test_two_samples_of_one_distribution_have_not_moved(each):
    """The plain index is above 0 with its whole interval; less what chance adds it is 0 within its interval."""
    found = [shift(seed, each=each) for seed in range(40)]
    plain = [summary(values, 0.95) for values in found]
    mended = [unbiased(values, 0.95, 1.0) for values in found]
    assert np.mean([own["low"] > 0 for own in plain]) > 0.9
    assert np.mean([own["low"] == 0 for own in mended]) > 0.9
    expected = 2 * index.BINS * each / ROWS
    assert np.mean([own["value"] for own in plain]) > 0.7 * expected
    assert np.mean([own["value"] for own in mended]) < 0.25 * expected
    for own in mended:
        assert 0 <= own["low"] <= own["value"] <= own["high"]


def test_the_report_says_how_many_moved_and_from_how_many_on_it_is_due():
    own = {"value": 0.3, "low": 0.26, "high": 0.4}
    features = {f"f{n}": own if n < 2 else {"value": 0.3, "low": 0.1, "high": 0.4} for n in range(30)}
    found = {"bundle": "0123456789ab", "origin": "2026Q3", "rows": 900, "refused": 0, "features": features,
             "moved": ["f0", "f1"], "scores": own,
             "calibration": {"rows": 0, "events": 0, "figures": None}}  # fmt: skip
    told = drift.lines(drift.Report(found, ()))
    assert "2 of 30 features moved by more than 0.25 with the whole interval; due where more than 10 % did" in told


def test_a_shift_is_told_at_its_size():
    """The index of normal values that moved by d spreads is about d squared; 0.8 moves it to 0.6 or so."""
    large = np.mean([unbiased(shift(seed, 0.8, rows=40_000), 0.95, 1.0)["value"] for seed in range(3)])
    small = np.mean([unbiased(shift(seed, 0.8), 0.95, 1.0)["value"] for seed in range(40)])
    assert large > 0.5
    assert small == pytest.approx(large, rel=0.1)
