"""Fifty random SIGKILLs over a run of `jaga score`: the same bytes as undisturbed, no row lost or twice.

Every other kill takes the main process alone, whose workers must end by themselves; the others take all at once. Then
a run by two Dask workers of which one is killed on the way.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks import batch

LONG = True
FAMILIES, CHUNK, KILLS, SEED = 100_000, 8_000, 50, 9


def run() -> dict[str, Any]:
    """Kill and start again until it has been killed often enough, then let it finish."""
    import pyarrow.dataset as dataset

    bundle, source = batch.model(), batch.register(FAMILIES)
    whole, output = batch.scratch() / "whole", batch.scratch() / "killed"
    for folder in (whole, output):
        shutil.rmtree(folder, ignore_errors=True)
    began = time.monotonic()
    _started(source, whole, bundle, 1).wait()
    taken = time.monotonic() - began
    draw, kills, turns = random.Random(SEED), 0, 0
    while kills < KILLS:
        turns += 1
        process = _started(source, output, bundle, 1 + turns % 2)
        try:
            process.wait(draw.uniform(1.0, 0.6 * taken))
        except subprocess.TimeoutExpired:
            if turns % 4 < 2:
                os.kill(process.pid, signal.SIGKILL)
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
        else:  # done before the kill: begin anew, so that all kills fall on work
            shutil.rmtree(output)
    rest = _started(source, output, bundle, 2)
    code = rest.wait()
    same = code == 0 and _contents(output) == _contents(whole)
    ids = dataset.dataset(output / "scores", partitioning="hive").to_table(columns=["household_id"])["household_id"]
    told = json.loads((output / "manifest.json").read_text())["households"]
    exact = len(ids) == len(ids.unique()) == told["in"]
    print(f"   {kills} SIGKILLs in {turns} starts: {'the same bytes' if same else 'OTHER BYTES'}, {len(ids):,} rows of "
          f"{len(ids.unique()):,} households, {told['in']:,} came in", flush=True)  # fmt: skip
    lost = _lost_worker(source, bundle, whole)
    return {"families": told["in"], "kills": kills, "starts": turns, "same_bytes": same, "exact": exact, "seed": SEED,
            "lost_worker_same_bytes": lost, "passed": same and exact and lost}  # fmt: skip


def _started(source: Path, output: Path, bundle: Path, workers: int) -> subprocess.Popen[bytes]:
    command = [*batch.JAGA, "score", "--input", source, "--output", output, "--bundle", bundle, "--chunk", CHUNK,
               "--top", 0, "--workers", workers]  # fmt: skip
    return subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            start_new_session=True)  # fmt: skip


def _lost_worker(source: Path, bundle: Path, whole: Path) -> bool:
    output = batch.scratch() / "lost"
    shutil.rmtree(output, ignore_errors=True)
    process = _started(source, output, bundle, 2)
    notes, killed = output / ".work" / "notes", False
    while process.poll() is None:
        time.sleep(0.2)
        if not killed and notes.is_dir() and len(list(notes.glob("*.json"))) > 3:
            for worker in workers(process.pid)[:1]:
                worker.kill()
                killed = True
    same = killed and process.returncode == 0 and _contents(output) == _contents(whole)
    print(f"   one of two Dask workers killed: {'the same bytes' if same else 'OTHER BYTES, or none was killed'}",
          flush=True)  # fmt: skip
    return same


def workers(pid: int) -> list[psutil.Process]:
    """Dask's workers of a process that leads them: they are forked from one that it starts, so its grandchildren."""
    return [child for server in psutil.Process(pid).children() for child in server.children()]


def _contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"}  # fmt: skip
