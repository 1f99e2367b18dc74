"""`jaga score` on twenty million synthetic families, as a fifth of the nation: rate and memory beside half a million.

About an hour and 60 GB of disk on two cores.
"""

from __future__ import annotations

import shutil
from typing import Any

from benchmarks import batch

FAMILIES, NEAR = 20_000_000, 0.15


def run() -> dict[str, Any]:
    """Score them once without reasons and once with; the smaller register in the same run."""
    bundle = batch.model()
    small = batch.measured(batch.SIZES[0], bundle, 2)
    large = batch.measured(FAMILIES, bundle, 1)
    shutil.rmtree(batch.register(FAMILIES))
    kept = {name: large[name]["rate"] / small[name]["rate"] for name in ("bare", "reasons")}
    peak = max(one[name]["peak_gib"] for one in (small, large) for name in kept)
    hours = {name: batch.NATION / large[name]["rate"] / 3600 for name in kept}
    print(f"   rate at {FAMILIES:,} over that at {batch.SIZES[0]:,}: {kept['bare']:.2f} without reasons, "
          f"{kept['reasons']:.2f} with; {batch.NATION:,} families in {hours['bare']:.2f} h and "
          f"{hours['reasons']:.2f} h with reasons", flush=True)  # fmt: skip
    return {"quarters": batch.QUARTERS, "seed": batch.SEED, "small": small, "large": large, "kept": kept,
            "bar_kept": 1 - NEAR, "hours": hours, "peak_gib": peak, "bar_gib": batch.MEMORY_GIB,
            "passed": min(kept.values()) > 1 - NEAR and peak < batch.MEMORY_GIB}  # fmt: skip
