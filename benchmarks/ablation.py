"""Whether the ablation finds a family of features of known effect and calls families of pure noise undecided.

Every seed is a country of its own, of households whose welfare is made by a formula, so that the worth of the planted
family is known: its log-loss beside that of the same risk without it. Settings in `protocol.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.types import Array
from models.calibration import log_loss
from training import ablation, backtest
from training.fit import Settings
from training.panel import Panel
from training.spec import Spec
from training.split import Split, out_of_time
from training.table import build

SETTINGS = Settings(inner=3, rounds=60, patience=10, rate=0.12, bandwidths=(1 / 3,), penalties=(300.0,), threads=2)
RESAMPLES = 100
FACTS = ("welfare", "job", "age")
PLANTED, NOISE = "planted", "noise"
_EARN, _LASTING, _PASSING = 0.45, 0.3, 0.4
"""Mean of log welfare over the line, and spreads of its lasting and passing part."""


@dataclass(frozen=True, slots=True)
class World:
    """A panel, and the true risk of each row with the planted family known and not, n."""

    panel: Panel
    risk: Array
    risk_without: Array


def world(seed: int, *, households: int, years: int, effect: float, noises: int, width: int = 4) -> World:
    """Households of villages with facts, a planted family and families of noise.

    Parameters
    ----------
    effect : log welfare that a standard deviation of the one column of the planted family that says anything takes
        away a year later; the others of its `width` columns are noise.
    noises : families of noise; half of their columns stay with the household, so that its years are no fresh draws.
    """
    from scipy.special import ndtr

    rng = np.random.default_rng(seed)
    home, year = (part.ravel() for part in np.meshgrid(np.arange(households), np.arange(years), indexing="ij"))
    job = rng.integers(0, 4, households)
    village = home // 5
    lasting = _EARN + 0.25 * (job - 1.5) + rng.normal(0, _LASTING, households) + rng.normal(0, 0.1, households)[
        np.arange(households) // 5]  # fmt: skip
    rows = len(home)
    told = rng.normal(size=rows)
    # The first year has nothing before it that could have taken anything away.
    hit = np.where(year > 0, np.roll(told, 1), 0.0)
    now = lasting[home] - effect * hit + rng.normal(0, _PASSING, rows)
    mean = lasting[home] - effect * told
    later = mean + rng.normal(0, _PASSING, rows)
    following = np.append(home[1:] == home[:-1], False)
    later[following] = now[1:][following[:-1]]
    columns = {f"{PLANTED}_0": told, **{f"{PLANTED}_{n}": rng.normal(size=rows) for n in range(1, width)}}
    for number in range(noises):
        for n in range(width):
            own = rng.normal(size=households)[home] if n % 2 else rng.normal(size=rows)
            columns[f"{NOISE}{number}_{n}"] = own
    table = pd.DataFrame({"id": home, "year": 2010 + year, "village": village, "welfare": np.exp(now),
                          "next": np.exp(later), "poor": (now < 0).astype(int), "falls": (later < 0).astype(float),
                          "job": job[home].astype(float), "age": rng.normal(45, 10, rows), **columns})  # fmt: skip
    spec = Spec(household="id", outcome="falls", period="year", cluster="village", poor_now="poor", welfare="welfare",
                welfare_next="next", line=1.0, numeric=(*FACTS, *columns))  # fmt: skip
    panel = build(table, spec).panel
    features = tuple(replace(f, family=f.name.partition("_")[0] if f.name in columns else "facts")
                     for f in panel.features)  # fmt: skip
    blind = float(np.hypot(_PASSING, effect))
    return World(replace(panel, features=features), ndtr(-mean / _PASSING), ndtr(-lasting[home] / blind))


def run() -> dict[str, Any]:
    """Verdicts by seed, and the shares that the bars are for."""
    chosen = tomllib.loads((Path(__file__).parent / "protocol.toml").read_text(encoding="utf-8"))["ablation"]
    seeds = [_one(chosen, seed) for seed in chosen["seeds"]]
    noise = [own for seed in seeds for own in seed["noise"]]
    share = {
        "found": float(np.mean([seed["planted"]["verdict"] == "better" for seed in seeds])),
        "noise_undecided": float(np.mean([own["verdict"] == "undecided" for own in noise])),
        "noise_uncorrected": float(np.mean([own["p"] >= 0.05 for own in noise])),
    }
    passed = (share["found"] >= chosen["found"] and share["noise_undecided"] >= chosen["undecided"]
              and share["noise_uncorrected"] >= chosen["uncorrected"])  # fmt: skip
    return {key: chosen[key] for key in ("households", "years", "effect", "noises")} | {
        "countries": len(seeds), "share": share,
        "gain": float(np.mean([seed["planted"]["log_loss"]["value"] for seed in seeds])),
        "true_gain": float(np.mean([seed["true_log_loss"] for seed in seeds])), "seeds": seeds,
        "bars": {key: chosen[key] for key in ("found", "undecided", "uncorrected")},
        "passed": passed}  # fmt: skip


def _one(chosen: dict[str, Any], seed: int) -> dict[str, Any]:
    own = world(seed, **{key: chosen[key] for key in ("households", "years", "effect", "noises")})
    panel, split = own.panel, out_of_time(own.panel)
    model = backtest.train(panel, split.train, panel.poor_next == 1, panel.ratio_next, SETTINGS)
    found = ablation.judge(panel, split, model, panel.take(split.test), SETTINGS, {}, number=RESAMPLES, seed=seed)
    planted = found[PLANTED]
    noise = [one for name, one in found.items() if name.startswith(NOISE)]
    true = truth(own, split)
    told = ", ".join(f"{one['p']:.2f}" for one in noise)
    print(f"   seed {seed}: planted slope {planted['slope']['value']:.3f}, p {planted['adjusted']:.4f}, log-loss "
          f"{planted['log_loss']['value']:+.5f} (true {true:+.5f}); noise p {told}", flush=True)  # fmt: skip
    return {"seed": seed, "planted": planted, "noise": noise, "true_log_loss": true, "rows": planted["rows"],
            "events": planted["events"]}  # fmt: skip


def truth(own: World, split: Split) -> float:
    """Log-loss that the true risk gains on the judged rows by the planted family, below 0."""
    y = own.panel.poor_next[split.test]
    return log_loss(own.risk[split.test], y) - log_loss(own.risk_without[split.test], y)
