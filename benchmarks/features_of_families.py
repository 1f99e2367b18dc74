"""Features of 100,000 families with members and four periods, beside twenty pandas group-by aggregates.

The peer is what a data scientist would write first: twenty aggregates of members by household and period.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features import frame, registry
from features.admit import admit
from features.context import Context
from features.files import read_tables
from features.sources import synthetic

FAMILIES, PERIODS, SEED, RUNS = 100_000, 4, 1, 3
BAR_SECONDS = 10.0


def run() -> dict[str, Any]:
    """Make the families, admit them, and time features of the registry view against the peer."""
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "data"
        synthetic.generate(made, households=FAMILIES, periods=PERIODS, seed=SEED, truth=False)
        raw = read_tables(made / "registry")
    start = time.perf_counter()
    tables = admit(raw).tables
    door = time.perf_counter() - start
    context, chosen = Context(tables), registry.select("registry")
    as_of = tables["households"]["known_at"].max()
    own = _times(lambda: frame.build(tables, context, as_of, chosen))
    peer = _times(lambda: _peer(raw["members"]))
    ratio = float(np.median(own) / np.median(peer))
    print(f"features: {FAMILIES:,} families, {len(raw['members']):,} member rows, {len(chosen)} features")
    print(
        f"  door {door:.1f} s; features {np.median(own):.2f} s ({min(own):.2f}-{max(own):.2f}), bar {BAR_SECONDS:g} s"
    )
    print(f"  20 pandas aggregates {np.median(peer):.2f} s; ratio {ratio:.2f}")
    return {"families": FAMILIES, "periods": PERIODS, "seed": SEED, "features": len(chosen), "door_s": door,
            "features_s": own, "pandas_20_aggregates_s": peer, "ratio": ratio, "bar_s": BAR_SECONDS,
            "passed": float(np.median(own)) < BAR_SECONDS}  # fmt: skip


def _times(work: Any) -> list[float]:
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def _peer(members: pd.DataFrame) -> pd.DataFrame:
    grouped = members.groupby(["household_id", "period"], sort=False)
    numbers = ["age", "chronic_illness", "disability", "in_school", "literate"]
    held = [name for name in numbers if name in members]
    return grouped[held].agg(["count", "sum", "min", "max"])
