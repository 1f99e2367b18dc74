"""Fitting and calibrating the main score on 200,000 and 1 million household-periods, beside a bare `lightgbm.train`.

The bare kernel grows as many trees on as many folds, on the same rows, and does nothing else. Each size runs in a
process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from features.registry import Feature
from training import fit
from training.split import folds

SIZES, COLUMNS, SEED = (200_000, 1_000_000), 60, 1
BAR_RATIO, BAR_GIB = 1.5, 6.0
"""Of 1 million rows: time over the kernel's, and peak of memory."""


def run() -> dict[str, Any]:
    """Time one fit of each size, then the kernel with the rounds that the fit chose."""
    import json

    found = []
    for size in SIZES:
        code = f"import json; from benchmarks import training_time as t; print(json.dumps(t.one({size})))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                              cwd=Path(__file__).parents[1])  # fmt: skip
        one = json.loads(done.stdout.strip().splitlines()[-1])
        found.append(one)
        print(f"   {size:,} rows x {COLUMNS} features, {one['rounds']} rounds, {one['folds']} folds: fit and calibrate "
              f"{one['fit_s']:.1f} s, bare lightgbm.train {one['lightgbm_s']:.1f} s; ratio {one['ratio']:.2f}; peak "
              f"{one['peak_gib']:.1f} GiB", flush=True)  # fmt: skip
    last = found[-1]
    return {"features": COLUMNS, "seed": SEED, "sizes": found, "bar_ratio": BAR_RATIO, "bar_gib": BAR_GIB,
            "passed": last["ratio"] < BAR_RATIO and last["peak_gib"] < BAR_GIB}  # fmt: skip


def one(size: int, kernel: bool = True) -> dict[str, Any]:
    """Fit `size` rows; without the kernel only the peak of memory is of interest."""
    rows, features = _rows(size)
    settings = fit.Settings(seed=SEED)
    start = time.perf_counter()
    fitted = fit.fit(rows, features, 20, settings)
    own = time.perf_counter() - start
    rounds, peak = int(fitted.chosen["rounds"]), _peak()
    bare = _kernel(rows, settings, rounds) if kernel else float("nan")
    return {"rows": size, "rounds": rounds, "folds": settings.inner, "fit_s": own, "lightgbm_s": bare,
            "ratio": own / bare, "peak_gib": peak}  # fmt: skip


def _peak() -> float:
    """Peak of this process's memory in GiB, the data included."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**20


def _rows(size: int) -> tuple[fit.Rows, tuple[Feature, ...]]:
    """Numbers, codes and gaps in the shape of a feature frame, with a fall that depends on a few of them."""
    rng = np.random.default_rng(SEED)
    X = rng.standard_normal((size, COLUMNS), dtype=np.float32)
    X[:, 20:40] = rng.integers(0, 6, (size, 20))
    for column in X.T:
        column[rng.random(size) < 0.1] = np.nan
    filled = np.nan_to_num(X[:, :21])
    log_next = 0.9 + filled[:, :8] @ rng.normal(0, 0.2, 8) + 0.05 * filled[:, 20] + rng.normal(0, 0.5, size)
    features = tuple(
        Feature(f"x{i}", "", lambda c: c.last, "household", "", -np.inf, np.inf,
                tuple("abcdef") if 20 <= i < 30 else (), (), ("survey",), False, 0, False, True, None)
        for i in range(COLUMNS)
    )  # fmt: skip
    households = np.arange(size) // 4
    hard = (log_next < 0).astype(float)
    return fit.Rows(X, hard, log_next, households, households % 20), features


def _kernel(rows: fit.Rows, settings: fit.Settings, rounds: int) -> float:
    params = fit.params(settings, len(rows.hard))
    fold = folds(rows.groups, settings.inner, settings.seed)
    start = time.perf_counter()
    for k in range(settings.inner):
        lightgbm.train(params, lightgbm.Dataset(rows.X[fold != k], rows.hard[fold != k]), rounds)
    lightgbm.train(params, lightgbm.Dataset(rows.X, rows.hard), rounds)
    return time.perf_counter() - start
