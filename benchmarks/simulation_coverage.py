"""Falls averted by a scheme of known effect: simulated from what was known before, beside what the same families of a
synthetic country then lived through."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from features import periods
from features.sources.synthetic import make
from models.schemes import scenario, simulate, synthetic
from models.schemes.checks import Words
from models.schemes.draws import keys_of
from models.schemes.nation import THOUSAND, Nation
from models.schemes.parts import RULES, scheme
from models.schemes.scenario import Arm, Planned, Scenario
from models.schemes.settle import settled

NATIONS, EACH = 20, 5
"""Scenarios of one country share its lives, so many countries with few of them each tell more."""
HOUSEHOLDS, YEARS, AHEAD = 20_000, 5, 2
DRAWS, LEAST_TAKING = 80, 50
BAR, SEED = 0.85, 10100


def run() -> dict[str, Any]:
    """Each scenario in a country and a future of its own that nothing was fitted to."""
    found: list[dict[str, float]] = []
    for number in range(NATIONS):
        found += _country(SEED + number)
        share = float(np.mean([one["inside"] for one in found]))
        told, truth = (sum(one[name] for one in found[-EACH:]) for name in ("told", "truth"))
        print(f"   country {number + 1} of {NATIONS}: {len(found)} scenarios, {100 * share:.0f} % inside; told over "
              f"true {told / truth:.2f} in this one", flush=True)  # fmt: skip
    inside = np.array([one["inside"] for one in found])
    share = float(inside.mean())
    by_country = inside.reshape(NATIONS, EACH).mean(axis=1)
    by_years = {str(years): float(inside[[one["years"] == years for one in found]].mean()) for years in (1, AHEAD)}
    return {
        "scenarios": len(found), "households": HOUSEHOLDS, "draws": DRAWS, "coverage": share, "level": scenario.LEVEL,
        "standard_error": float(by_country.std(ddof=1) / np.sqrt(NATIONS)), "coverage_by_years": by_years,
        "width_over_effect": float(np.mean([one["width"] for one in found]) / np.mean([one["told"] for one in found])),
        "width_over_truth": float(np.median([one["width"] / max(one["truth"], 1.0) for one in found])),
        "seed": SEED,
        "told_over_truth": float(sum(one["told"] for one in found) / sum(one["truth"] for one in found)),
        "averted": float(np.median([one["rows"] for one in found])), "bar": BAR, "passed": share >= BAR,
    }  # fmt: skip


def _country(seed: int) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "families"
        make.generate(place, households=HOUSEHOLDS, periods=YEARS, seed=seed, start="2022", frequency="year",
                      survey=HOUSEHOLDS)  # fmt: skip
        last = periods.parse("2022") + YEARS - 1
        nation = settled(synthetic.read(place, until=last - AHEAD))
        later = _later(place, nation, last)
    kept = ~np.isnan(later).any(axis=0)
    nation, later = nation.take(kept), later[:, kept]
    chance = np.random.default_rng(seed)
    return [_one(nation, later, chance, number) for number in range(EACH)]


def _later(place: Path, nation: Nation, last: int) -> Any:
    """Measured welfare ratios of the years ahead, AHEAD x n; NaN where a family is no more."""
    own = synthetic.panel(place)
    found = np.full((AHEAD, len(nation)), np.nan)
    order = np.argsort(nation.key)
    for year in range(AHEAD):
        rows = own.period == last - AHEAD + 1 + year
        key = keys_of(own.household[rows])
        at = np.minimum(np.searchsorted(nation.key[order], key), len(order) - 1)
        same = nation.key[order][at] == key
        found[year, order[at[same]]] = own.ratio[rows][same]
    return found


def _one(nation: Nation, later: Any, chance: np.random.Generator, number: int) -> dict[str, float]:
    """One scenario; drawn again while hardly anybody takes part."""
    while True:
        years = int(chance.integers(1, AHEAD + 1))
        plan = _scenario(nation, chance, years, number)
        result = simulate(plan, nation, number)
        taking = result.plan.arms[0][0]
        if len(taking.row) >= LEAST_TAKING:
            break
    gain = 1 + plan.arms[0].schemes[0].scheme.effect.size.value
    own = later[:years, taking.row]
    fell, falls = (own < 1).any(axis=0), (own * gain < 1).any(axis=0)
    safe = nation.start[taking.row, 2:].sum(axis=1) > 0.5
    averted = safe & fell & ~falls
    truth = float(nation.families[taking.row][averted].sum()) / THOUSAND
    told = result.tally.arms[0]["value"].pairs[:, 0] / THOUSAND
    low, high = np.quantile(told, [(1 - scenario.LEVEL) / 2, (1 + scenario.LEVEL) / 2])
    return {"years": years, "truth": truth, "told": float(told.mean()), "width": float(high - low),
            "inside": float(low <= truth <= high), "rows": float(averted.sum())}  # fmt: skip


def _scenario(nation: Nation, chance: np.random.Generator, years: int, number: int) -> Scenario:
    """A scheme of a random effect, reach and rule in random places."""
    eligible: dict[str, Any] = {}
    if chance.random() < 0.5:
        eligible["provinces"] = chance.choice(
            nation.province.names, int(chance.integers(3, 20)), replace=False
        ).tolist()
    if chance.random() < 0.3:
        eligible["urban"] = bool(chance.random() < 0.5)
    if chance.random() < 0.5:
        low = int(chance.integers(1, 6))
        eligible["desil"] = [low, int(chance.integers(low, 11))]
    found = scheme({
        "format": 1, "kind": "scheme", "name": f"coba-{number}", "title": {"id": "Coba", "en": "Trial"},
        "approach": "cash", "dated": "2026-11-24", "references": [{"text": "made up", "source": "benchmark"}],
        "eligibility": eligible, "targeting": {"rule": str(chance.choice(RULES))}, "cost": 1,
        "take_up": round(float(chance.uniform(0.3, 1)), 3), "duration": years,
        "effect": {"kind": "consumption", "size": round(float(chance.uniform(0.03, 0.4)), 3)},
    }, "benchmark: ")  # fmt: skip
    places = int(nation.families.sum() / THOUSAND * chance.uniform(0.02, 0.5))
    words = Words("Coba", "Trial")
    base = scenario.of({"format": 1, "kind": "scenario", "name": "coba", "title": {"id": "Coba", "en": "Trial"},
                        "start": 2024, "years": years, "draws": DRAWS})  # fmt: skip
    return replace(base, arms=(Arm("coba", words, (Planned(found, 2025, 2025, places, None),)),))
