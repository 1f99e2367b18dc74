"""A million families lived through twenty years a hundred times, and a comparison on a sample as a page asks for it."""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from typing import Any

import numpy as np

from features import reference
from models.dynamics import AGES, RUNG_OF, STATES, Dynamics
from models.schemes import scenario, simulate
from models.schemes.draws import keys_of
from models.schemes.nation import Nation, indexed, told
from models.targeting.rows import Coded

LONG = True
FAMILIES, YEARS, DRAWS, SAMPLE = 1_000_000, 20, 100, 50_000
BAR_S, BAR_GIB, BAR_SAMPLE_S = 180.0, 6.0, 5.0


def run() -> dict[str, Any]:
    """Made-up families of all provinces; the two arms of the shipped scenario of jobs against businesses."""
    nation = families(FAMILIES)
    plan = scenario.named("kerja-atau-usaha")
    simulate(replace(plan, draws=2), nation.take(slice(0, 1000)))  # compiled before anything is measured
    page, page_cpu = _timed(plan, nation.sample(SAMPLE, 1))
    print(f"   comparison on {SAMPLE:,} families: {page:.1f} s ({page_cpu:.1f} s of processors)", flush=True)
    large, large_cpu = _timed(replace(plan, years=YEARS, draws=DRAWS), nation)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rate = FAMILIES * YEARS * DRAWS / large
    print(f"   {FAMILIES:,} families x {YEARS} years x {DRAWS} draws: {large:.0f} s ({large_cpu:.0f} s of processors), "
          f"peak {peak:.1f} GiB, {rate / 1e6:.0f} million family-years a second", flush=True)  # fmt: skip
    return {"families": FAMILIES, "years": YEARS, "draws": DRAWS, "seconds": large, "cpu_s": large_cpu,
            "sample": SAMPLE, "sample_s": page, "sample_cpu_s": page_cpu, "peak_gib": peak, "rate": rate,
            "bar_s": BAR_S, "bar_gib": BAR_GIB, "bar_sample_s": BAR_SAMPLE_S,
            "passed": large < BAR_S and peak < BAR_GIB and page < BAR_SAMPLE_S}  # fmt: skip


def _timed(plan: scenario.Scenario, nation: Nation) -> tuple[float, float]:
    begin, cpu = time.perf_counter(), time.process_time()
    simulate(plan, nation).to_dict()
    return time.perf_counter() - begin, time.process_time() - cpu


def families(count: int, seed: int = 7) -> Nation:
    """Made-up scored families: dynamics of twenty variants and eight cuts, as fitted ones have."""
    chance = np.random.default_rng(seed)
    law = _law(chance)
    places = sorted({row["province"] for row in reference.rows("provinces.csv") if row["province"] != "ID"})
    province = chance.integers(0, len(places), count).astype(np.int32)
    start = chance.dirichlet([0.1, 0.8, 2.4, 5.0, 1.7], count)
    spell, risk = np.full(count, 3), np.clip(chance.beta(1, 12, count), 1e-4, 0.95)
    regency = tuple(f"{name}01" for name in places)
    codes = np.array([f"F{number:011d}" for number in range(count)], dtype="S12")
    none = Coded(np.full(count, -1, np.int32), ())
    return Nation(
        key=keys_of(codes), start=start, spell=spell, index=told(risk), first=indexed(start, spell, risk, law),
        risk=risk, poor_now=start[:, :2].sum(axis=1), size=chance.integers(1, 8, count).astype(float),
        weight=np.full(count, 95.0), province=Coded(province, tuple(places)), regency=Coded(province, regency),
        urban=chance.integers(0, 2, count), desil=chance.integers(1, 11, count), section=none, division=none,
        working=np.ones(count, np.int64), exposure={}, line=np.full(count, 609_160.0), dynamics=law, synthetic=True,
        source=f"{count:,} made-up families", version="made up",
    ).check()  # fmt: skip


def _law(chance: np.random.Generator) -> Dynamics:
    cuts = np.log([0.69, 0.85, 1.0, 1.2, 1.5, 2.2, 3.5, 6.0])
    middle = np.array([-0.1, 0.15, *np.repeat([0.35, 0.8, 1.5], 3)])
    level = (cuts[:, None] - middle) * 4.5
    many = level + chance.normal(0, 0.05, (21, AGES, len(cuts), STATES))
    return Dynamics(cuts, float(cuts[0]), many, np.full((21, AGES, len(cuts), len(set(RUNG_OF))), 0.6), 0.05, True)
