"""Power of the test of displacement through the product's exposure features, as fixed in `protocol.toml`.

Every seed is a country of its own. The bar: found in most countries with displacement and in none without.
"""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from typing import Any

from features.sources import synthetic
from features.sources.synthetic import make
from training import planted, prepare
from training.fit import Settings

SETTINGS = Settings(inner=2, rounds=60, patience=10, rate=0.12, bandwidths=(1 / 3,), penalties=(300.0,), threads=2)
RESAMPLES = 100


def run() -> dict[str, Any]:
    """Slope and z by seed, with displacement and without."""
    chosen = tomllib.loads((Path(__file__).parent / "protocol.toml").read_text(encoding="utf-8"))["displacement"]
    if tuple(chosen["features_again"]) != planted.MEASURES:
        raise ValueError("the protocol names other features than training.planted")
    found = {name: [_one(chosen, seed, effect) for seed in chosen[f"{name}_again"]]
             for name, effect in (("on", chosen["effect"]), ("off", 0.0))}  # fmt: skip
    level = chosen["found_from_z"]
    share = {name: sum(one["z"] >= level for one in rows) / len(rows) for name, rows in found.items()}
    passed = share["on"] > 0.5 and share["off"] == 0
    return {"families": chosen["families"], "years": chosen["years"], "effect": chosen["effect"], "level": level,
            "generator": make.GENERATOR, "seeds": found, "share_found": share, "passed": passed}  # fmt: skip


def _one(chosen: dict[str, Any], seed: int, effect: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "families"
        synthetic.generate(folder, households=chosen["families"], periods=chosen["years"], start=str(chosen["start"]),
                           frequency="year", seed=seed, displacement=effect, workers=2)  # fmt: skip
        prepared = prepare.prepare("synthetic", folder, burn_in=0, tell=lambda text: None)
    own = planted.base(prepared.panel, chosen["start"] + chosen["years"] - 2, SETTINGS)
    slope = planted.slope(own, planted.cells(prepared), number=RESAMPLES)
    print(f"   effect {effect:g}, seed {seed}: z {slope.z:.2f}, slope {slope.slope:.3f}, "
          f"{slope.train_rows:,} + {slope.test_rows:,} rows", flush=True)  # fmt: skip
    return {"seed": seed, "z": slope.z, "slope": slope.slope, "error": slope.error, "change": slope.change,
            "train_rows": slope.train_rows, "test_rows": slope.test_rows}  # fmt: skip
