"""Synthetic families a second with one worker and with two, beside pyarrow writing ready tables of the same kind.

Each run is a process of its own, from its start to the finished folder: registry, survey and truth, every family with
its members over eight quarters. Peak memory is that of the first process plus that of the largest worker times their
number.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

FAMILIES, PERIODS, SEED, RUNS = 100_000, 8, 1, 3
BAR_RATE, BAR_GIB = 10_000.0, 2.0
AIM_RATE = 50_000.0
"""What the design aims at; the bar is what must hold."""
_ONE = """
import resource, sys
from pathlib import Path
from features.sources import synthetic

if __name__ == "__main__":
    folder, families, periods, seed, workers = Path(sys.argv[1]), *map(int, sys.argv[2:])
    synthetic.generate(folder, households=families, survey=families, periods=periods, seed=seed, workers=workers)
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    # not ru_maxrss: it keeps, through the start of a program, the size of the process that started it
    status = Path("/proc/self/status").read_text()
    mine = int(status.split("VmHWM:")[1].split()[0])
    peak = mine + (workers * others.ru_maxrss if workers > 1 else 0)
    print([peak / 2**20, sum(used.ru_utime + used.ru_stime for used in (own, others))])
"""


def run() -> dict[str, Any]:
    """Time whole runs; a fifth of the families shows whether memory grows with their number."""
    seconds: dict[str, list[float]] = {"1": [], "2": []}
    peaks: dict[str, float] = {}
    spent: dict[str, list[float]] = {"1": [], "2": []}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "one.py").write_text(_ONE)
        small = _make(folder, "small", FAMILIES // 5, 2)[1]
        for number in range(RUNS):
            for workers in (1, 2):
                taken, peak, used = _make(folder, f"{workers}-{number}", FAMILIES, workers)
                seconds[str(workers)].append(taken)
                spent[str(workers)].append(used)
                peaks[str(workers)] = max(peak, peaks.get(str(workers), 0.0))
        kernel = _kernel(folder / "1-0", folder / "kernel")
        size = sum(file.stat().st_size for file in (folder / "1-0").rglob("*.parquet")) / 2**20
    rate = {name: [FAMILIES / one for one in taken] for name, taken in seconds.items()}
    cpu_rate = {name: float(FAMILIES / np.median(used)) for name, used in spent.items()}
    for name, rates in rate.items():
        print(f"   {name} worker(s): {np.median(rates):,.0f} families/s ({min(rates):,.0f} to {max(rates):,.0f}), "
              f"{cpu_rate[name]:,.0f} a CPU second, peak {peaks[name]:.2f} GiB",
              flush=True)  # fmt: skip
    ratio = float(np.median(seconds["1"]) / np.median(kernel))
    print(f"   pyarrow writes the same tables in {np.median(kernel):.1f} s: ratio {ratio:.1f} with one worker; "
          f"peak of {FAMILIES // 5:,} families {small:.2f} GiB")  # fmt: skip
    return {"families": FAMILIES, "periods": PERIODS, "seed": SEED, "rate": rate, "cpu_rate": cpu_rate,
            "peak_gib": peaks,
            "small_families": FAMILIES // 5, "small_peak_gib": small, "size_mib": size, "pyarrow_s": kernel,
            "ratio": ratio, "bar_rate": BAR_RATE, "bar_gib": BAR_GIB,
            "passed": float(np.median(rate["2"])) >= BAR_RATE and max(peaks.values()) < BAR_GIB}  # fmt: skip


def _make(folder: Path, name: str, families: int, workers: int) -> tuple[float, float, float]:
    """Seconds, peak GiB and CPU seconds of all processes of one run."""
    call = [sys.executable, str(folder / "one.py"), str(folder / name),
            *(str(value) for value in (families, PERIODS, SEED, workers))]  # fmt: skip
    start = time.perf_counter()
    told = subprocess.run(call, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - start, *json.loads(told)


def _kernel(made: Path, folder: Path) -> list[float]:
    """Seconds that writing the finished tables takes, ready in memory, one after the other."""
    folder.mkdir()
    tables = [pq.read_table(folder) for face in ("registry", "survey", "truth") for folder in (made / face).iterdir()]
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for table in tables:
            pq.write_table(table, folder / "table.parquet", compression="zstd", compression_level=1)
        taken.append(time.perf_counter() - start)
    return taken
