"""A million families lived through twenty years a hundred times: nothing happening, two arms for few, and an arm and
shocks that reach all; and a comparison on a sample as a page asks for it."""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from typing import Any

import numpy as np

from features import reference
from models.dynamics import AGES, RUNG_OF, SPELLS, STATES, Dynamics
from models.schemes import scenario, simulate
from models.schemes.draws import keys_of
from models.schemes.fit import CUTS, VARIANTS
from models.schemes.nation import THOUSAND, Nation, indexed
from models.schemes.nation import told as logit
from models.schemes.selection import within
from models.targeting.rows import Coded

FAMILIES, YEARS, DRAWS, SAMPLE, START = 1_000_000, 20, 100, 50_000, 2026
BAR_S, BAR_GIB, BAR_SAMPLE_S = 180.0, 6.0, 5.0


def run() -> dict[str, Any]:
    """Made-up families of all provinces; the two arms of the shipped scenario of jobs against businesses, which touch
    few, and one that touches all."""
    nation = families(FAMILIES)
    plan = scenario.named("kerja-atau-usaha")
    simulate(replace(plan, draws=2), nation.take(slice(0, 1000)))  # compiled before anything is measured
    page, page_cpu, _ = _timed(plan, nation.sample(SAMPLE, 1))
    print(f"   comparison on {SAMPLE:,} families: {page:.1f} s ({page_cpu:.1f} s of processors)", flush=True)
    told: dict[str, Any] = {"sample": {"families": SAMPLE, "seconds": page, "cpu_s": page_cpu}}
    usual = replace(plan, years=YEARS, draws=DRAWS)
    for name, own in (("bare", replace(usual, arms=(), shocks=())), ("few", usual), ("all", _everybody(nation))):
        seconds, cpu, touched = _timed(own, nation)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # of all up to now: the largest comes last
        told[name] = {"seconds": seconds, "cpu_s": cpu, "touched": touched, "peak_gib": peak,
                      "rate": FAMILIES * YEARS * DRAWS / seconds}  # fmt: skip
        print(f"   {FAMILIES:,} families x {YEARS} years x {DRAWS} draws, {name}: {seconds:.0f} s ({cpu:.0f} s of "
              f"processors), {100 * touched:.0f} % touched, peak {peak:.1f} GiB", flush=True)  # fmt: skip
    slowest, peak = max(told[name]["seconds"] for name in ("few", "all")), told["all"]["peak_gib"]
    return {"families": FAMILIES, "years": YEARS, "draws": DRAWS, **told, "bar_s": BAR_S, "bar_gib": BAR_GIB,
            "bar_sample_s": BAR_SAMPLE_S,
            "passed": slowest < BAR_S and peak < BAR_GIB and page < BAR_SAMPLE_S}  # fmt: skip


def _everybody(nation: Nation) -> scenario.Scenario:
    """Cash for every family in all years, dearer rice that hits all each year and illness that may hit any, with all
    the ranges that the library gives them: no family's life stays as it is at any end."""
    title, last = {"id": "Coba", "en": "Trial"}, START + YEARS
    return scenario.of({
        "format": 1, "kind": "scenario", "name": "semua", "title": title, "start": START, "years": YEARS,
        "draws": DRAWS,
        "shocks": [{"use": name, "years": [START + 1, last]} for name in ("harga-pangan", "sakit-berat")],
        "arms": [{"name": "tunai", "schemes": [{
            "use": "sembako", "years": [START + 1, START + 1], "places": int(nation.families.sum() / THOUSAND) + 1,
            "with": {"eligibility": {"desil": [1, 10]}, "take_up": 1.0, "duration": YEARS}}]}]})  # fmt: skip


def _timed(plan: scenario.Scenario, nation: Nation) -> tuple[float, float, float]:
    """Seconds, those of processors, and the largest share of the families that an arm or a shock touches."""
    begin, cpu = time.perf_counter(), time.process_time()
    result = simulate(plan, nation)
    result.to_dict()
    taken = time.perf_counter() - begin, time.process_time() - cpu
    arms = [np.unique(np.concatenate([rows for own in arm for rows in (own.row, own.pushed)]))
            for arm in result.plan.arms]  # fmt: skip
    hit = [within(nation, one.shock.scope)[0].sum() for one in plan.shocks]
    return *taken, max([*map(len, arms), *hit], default=0) / len(nation)


def families(count: int, seed: int = 7) -> Nation:
    """Made-up scored families: dynamics of as many variants and cuts as fitted ones have."""
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
        key=keys_of(codes), start=start, spell=spell, index=logit(risk), first=indexed(start, spell, risk, law),
        risk=risk, poor_now=start[:, :2].sum(axis=1), size=chance.integers(1, 8, count).astype(float),
        weight=np.full(count, 95.0), province=Coded(province, tuple(places)), regency=Coded(province, regency),
        urban=chance.integers(0, 2, count), desil=chance.integers(1, 11, count), section=none, division=none,
        working=np.ones(count, np.int64), exposure={}, line=np.full(count, 609_160.0), dynamics=law, synthetic=True,
        source=f"{count:,} made-up families", version="made up",
    ).check()  # fmt: skip


def _law(chance: np.random.Generator) -> Dynamics:
    cuts, each = np.log([0.69, *CUTS]), VARIANTS + 1
    middle = np.array([-0.1, 0.15, 0.25, *np.repeat([0.35, 0.8, 1.5], SPELLS)])
    level = (cuts[:, None] - middle) * 4.5
    many = level + chance.normal(0, 0.05, (each, AGES, len(cuts), STATES))
    return Dynamics(
        cuts, float(cuts[0]), many, np.full((each, AGES, len(cuts), len(set(RUNG_OF))), 0.6), 0.05, synthetic=True
    )
