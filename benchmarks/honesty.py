"""How hard the synthetic families are to foresee, over the seeds fixed in `protocol.toml`.

Every seed is a country of its own. The bar: a good model of registry features falls into the published window.
"""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from typing import Any

from features.sources import synthetic
from features.sources.synthetic import make
from training import backtest, oracle, prepare
from training.fit import Settings

SETTINGS = Settings(inner=3, rounds=200, patience=10, rate=0.12, bandwidths=(1 / 3,), penalties=(300.0,), threads=2)
RESAMPLES = 100
PAST = 3
"""Years an origin must have behind it to teach."""


def run() -> dict[str, Any]:
    """AUC of Jaga, the rule and the true risk by seed, out of time, one year ahead."""
    chosen = tomllib.loads((Path(__file__).parent / "protocol.toml").read_text(encoding="utf-8"))["honesty"]
    low, high = chosen["window"]
    found = [_one(chosen, seed) for seed in chosen["seeds"]]
    passed = all(low <= one["auc"]["value"] <= high for one in found)
    return {name: chosen[name] for name in ("families", "years", "displacement", "window")} | {
        "generator": make.GENERATOR, "seeds": found, "passed": passed}  # fmt: skip


def _one(chosen: dict[str, Any], seed: int) -> dict[str, Any]:
    judged = chosen["start"] + chosen["years"] - 2
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "families"
        synthetic.generate(folder, households=chosen["families"], periods=chosen["years"], start=str(chosen["start"]),
                           frequency="year", seed=seed, displacement=chosen["displacement"], workers=2)  # fmt: skip
        prepared = prepare.prepare("synthetic", folder, burn_in=0, tell=lambda text: None)
        panel = prepared.panel.take(prepared.panel.meta["period"] > judged - PAST)
        result = backtest.run(panel, lookback=1, settings=SETTINGS, test_from=judged, number=RESAMPLES,
                              rivals=backtest.Rivals(("welfare_rule",)))  # fmt: skip
        truth = oracle.judge(prepared.truth, result.test, result.scores, number=RESAMPLES, seed=1)
    if truth is None or truth["latent"] is None:
        raise ValueError("the folder has no truth for the judged rows")
    models = result.result["models"]
    one = {"seed": seed, "rows": len(result.test), "auc": models["jaga"]["auc"], "rule": models["welfare_rule"]["auc"],
           "true": truth["latent"]["auc"], "slope": truth["latent"]["calibration_slope"],
           "share": truth["share"]["jaga"]}  # fmt: skip
    print(f"   seed {seed}: Jaga {one['auc']['value']:.3f}, rule {one['rule']['value']:.3f}, true risk "
          f"{one['true']['value']:.3f}, share of its lift {one['share']['value']:.2f}", flush=True)  # fmt: skip
    return one
