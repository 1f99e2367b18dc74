"""Scenarios for the console: a sample of 50,000 synthetic families lives the worked comparison of the docs as the
process of the service does, its pictures drawn in the language of who asked, its answer told beside another's."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from models.schemes import beside, judging, kept, library, pictures
from models.schemes.nation import Nation
from models.schemes.sample import Sample, within
from models.schemes.source import nation_of
from serving.simulation import lived, spec
from serving.simulation.families import Origin, make

BAR_SECONDS = 5.0
RUNS, DRAWS, SEED = 3, 100, 2045


def run() -> dict[str, Any]:
    """Make the families in a temporary folder, then live the scenario `RUNS` times in this process, warm."""
    with tempfile.TemporaryDirectory(prefix="jaga-scenarios-") as name:
        home = Path(name)
        folder = home / "nation"
        make(folder)
        nation = within(nation_of(folder), Sample(spec.FAMILIES))
        return measure(home, nation)


def measure(home: Path, nation: Nation) -> dict[str, Any]:
    """Seconds of the worked scenario over a nation: lived and drawn, read and told."""
    path = Origin("synthetic", home, None).file(home, "")
    kept.write(nation, path)
    plain = library.raw("scenarios", "kerja-atau-usaha") | {"draws": DRAWS}
    times: dict[str, list[float]] = {"read": [], "lived": [], "drawn": [], "told": []}
    for at in range(RUNS + 1):  # the first one loads the library of charts and machine code
        own: dict[str, float] = {}
        began = time.perf_counter()
        families = kept.read(path)
        own["read"] = time.perf_counter() - began
        began = time.perf_counter()
        found, paired = lived.live({**plain, "seed": SEED + at}, families, SEED + at)
        own["lived"] = time.perf_counter() - began
        began = time.perf_counter()
        one = beside.Kept("K-2026-0001", found, paired)
        lived.draw(home, one, "id")
        own["drawn"] = time.perf_counter() - began
        began = time.perf_counter()
        told = beside.together([one, one])
        judging.answer(told, "id")
        pictures.asks(told, "id")
        own["told"] = time.perf_counter() - began
        if at:
            for name, seconds in own.items():
                times[name].append(round(seconds, 2))
    whole = [sum(own) for own in zip(*times.values(), strict=True)]
    print(f"   {len(nation):,} families, {plain['years']} years, {DRAWS} draws, {len(plain['arms'])} answers: "
          f"{max(whole):.1f} s at most (bar: {BAR_SECONDS:.0f}); {times}", flush=True)  # fmt: skip
    parts = {name: float(np.median(own)) for name, own in times.items()}
    return {"families": len(nation), "years": plain["years"], "draws": DRAWS, "arms": len(plain["arms"]), "seed": SEED,
            "threads": len(os.sched_getaffinity(0)), "seconds": parts, "whole_s": [round(one, 2) for one in whole],
            "bar_s": BAR_SECONDS, "passed": max(whole) < BAR_SECONDS}  # fmt: skip
