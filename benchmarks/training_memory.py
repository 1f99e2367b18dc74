"""Fitting and calibrating the main score on 10 million household-periods: does it fit into 20 GiB?

It runs only when named: `benchmarks/_long.py` tells how long.
"""

from __future__ import annotations

from typing import Any

from benchmarks import training_time

ROWS, BAR_GIB = 10_000_000, 20.0


def run() -> dict[str, Any]:
    """Time and peak of memory of one fit, the data included."""
    found = training_time.one(ROWS, kernel=False)
    print(f"   {ROWS:,} rows x {training_time.COLUMNS} features, {found['rounds']} rounds: {found['fit_s']:.0f} s, "
          f"peak {found['peak_gib']:.1f} GiB", flush=True)  # fmt: skip
    return {"rows": ROWS, "features": training_time.COLUMNS, "seed": training_time.SEED, "rounds": found["rounds"],
            "fit_s": found["fit_s"], "peak_gib": found["peak_gib"], "bar_gib": BAR_GIB,
            "passed": found["peak_gib"] < BAR_GIB}  # fmt: skip
