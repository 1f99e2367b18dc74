"""Fitting and calibrating the main score on 200,000 household-periods, beside a bare `lightgbm.train`.

The bare kernel grows as many trees on as many folds, on the same rows, and does nothing else.
"""

from __future__ import annotations

import time
from typing import Any

import lightgbm
import numpy as np

from features.registry import Feature
from training import fit
from training.split import folds

ROWS, COLUMNS, SEED = 200_000, 60, 1
BAR_SECONDS = 60.0


def run() -> dict[str, Any]:
    """Time one fit, then the kernel with the rounds that the fit chose."""
    rows, features = _rows()
    settings = fit.Settings(seed=SEED)
    start = time.perf_counter()
    fitted = fit.fit(rows, features, 20, settings)
    own = time.perf_counter() - start
    rounds = int(fitted.chosen["rounds"])
    kernel = _kernel(rows, settings, rounds)
    print(f"training: {ROWS:,} rows x {COLUMNS} features, {rounds} rounds, {settings.inner} folds")
    print(f"  fit and calibrate {own:.1f} s, bar {BAR_SECONDS:g} s; bare lightgbm.train {kernel:.1f} s; "
          f"ratio {own / kernel:.2f}")  # fmt: skip
    return {"rows": ROWS, "features": COLUMNS, "seed": SEED, "rounds": rounds, "folds": settings.inner, "fit_s": own,
            "lightgbm_s": kernel, "ratio": own / kernel, "bar_s": BAR_SECONDS,
            "passed": own < BAR_SECONDS}  # fmt: skip


def _rows() -> tuple[fit.Rows, tuple[Feature, ...]]:
    """Numbers, codes and gaps in the shape of a feature frame, with a fall that depends on a few of them."""
    rng = np.random.default_rng(SEED)
    X = rng.normal(size=(ROWS, COLUMNS)).astype(np.float32)
    X[:, 20:40] = rng.integers(0, 6, (ROWS, 20))
    X[rng.random(X.shape) < 0.1] = np.nan
    filled = np.nan_to_num(X)
    log_next = 0.9 + filled[:, :8] @ rng.normal(0, 0.2, 8) + 0.05 * filled[:, 20] + rng.normal(0, 0.5, ROWS)
    features = tuple(
        Feature(f"x{i}", "", lambda c: c.last, "household", "", -np.inf, np.inf,
                tuple("abcdef") if 20 <= i < 30 else (), (), ("survey",), False, 0, False, True, None)
        for i in range(COLUMNS)
    )  # fmt: skip
    households = np.arange(ROWS) // 4
    hard = (log_next < 0).astype(float)
    return fit.Rows(X, hard, log_next, households, households % 20), features


def _kernel(rows: fit.Rows, settings: fit.Settings, rounds: int) -> float:
    params = fit.params(settings, ROWS)
    fold = folds(rows.groups, settings.inner, settings.seed)
    start = time.perf_counter()
    for k in range(settings.inner):
        lightgbm.train(params, lightgbm.Dataset(rows.X[fold != k], rows.hard[fold != k]), rounds)
    lightgbm.train(params, lightgbm.Dataset(rows.X, rows.hard), rounds)
    return time.perf_counter() - start
