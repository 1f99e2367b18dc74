"""`jaga score` on 100,000 and on a million synthetic families, for its cost against size: no peers, no bar of time."""

from __future__ import annotations

from typing import Any

from benchmarks import batch

FAMILIES, RUNS = (100_000, 1_000_000), 2


def run() -> dict[str, Any]:
    """Score each with and without reasons."""
    bundle = batch.model()
    sizes = [batch.measured(size, bundle, RUNS) for size in FAMILIES]
    peak = max(one[name]["peak_gib"] for one in sizes for name in ("bare", "reasons"))
    return {"sizes": sizes, "bar_gib": batch.MEMORY_GIB, "passed": peak < batch.MEMORY_GIB}
