"""Fifty random SIGKILLs over the work of `jaga score`: the same bytes as undisturbed, no row lost or twice.

Kills before the work begins and after it is published are counted apart. Every output that was finished on the way is
held against the undisturbed one.

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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks import batch

FAMILIES, CHUNK, KILLS, SEED = 100_000, 2_000, 50, 9


@dataclass(slots=True)
class Kills:
    """What became of the starts of a run that is killed again and again.

    Attributes
    ----------
    working : kills after the work began, before it was published. early : kills before any work. late : kills after it
        was published. finished : starts that ended before their kill. other : finished outputs unlike the undisturbed.
    """

    working: int = 0
    early: int = 0
    late: int = 0
    finished: int = 0
    other: int = 0

    @property
    def starts(self) -> int:
        """Of the command, the last one apart."""
        return self.working + self.early + self.late + self.finished


def run() -> dict[str, Any]:
    """Kill and start again until it has been killed at work often enough, then let it finish."""
    import pyarrow.dataset as dataset

    bundle, source = batch.model(), batch.register(FAMILIES)
    whole, output = batch.scratch() / "whole", batch.scratch() / "killed"
    for folder in (whole, output):
        shutil.rmtree(folder, ignore_errors=True)
    span = _undisturbed(_started(source, whole, bundle, 1), whole)
    expected = contents(whole)
    found = killed(lambda workers: _started(source, output, bundle, workers), output, expected, span, KILLS)
    code = _started(source, output, bundle, 2).wait()
    same = code == 0 and contents(output) == expected and not found.other
    ids = dataset.dataset(output / "scores", partitioning="hive").to_table(columns=["household_id"])["household_id"]
    told = json.loads((output / "manifest.json").read_text())["households"]
    exact = len(ids) == len(ids.unique()) == told["in"]
    print(f"   {found.working} SIGKILLs at work, {found.early} before it and {found.late} after it in {found.starts} "
          f"starts, of which {found.finished} ended before their kill: {'the same bytes' if same else 'OTHER BYTES'}, "
          f"{len(ids):,} rows of {len(ids.unique()):,} households, {told['in']:,} came in", flush=True)  # fmt: skip
    lost = _lost_worker(source, bundle, whole)
    return {"families": told["in"], "kills": found.working, "kills_before": found.early, "kills_after": found.late,
            "starts": found.starts, "finished": found.finished, "finished_other": found.other, "same_bytes": same,
            "exact": exact, "seed": SEED, "lost_worker_same_bytes": lost,
            "passed": same and exact and lost}  # fmt: skip


def _undisturbed(process: subprocess.Popen[bytes], output: Path) -> tuple[float, float]:
    """Seconds from the start of a run until its work begins, and until its end."""
    began, work = time.monotonic(), 0.0
    while process.poll() is None:
        if not work and _working(output):
            work = time.monotonic() - began
        time.sleep(0.02)
    if process.returncode or not work:
        raise RuntimeError(f"the undisturbed run ended with {process.returncode}")
    return work, time.monotonic() - began


def killed(start: Callable[[int], subprocess.Popen[bytes]], output: Path, expected: dict[str, str],
           span: tuple[float, float], count: int) -> Kills:  # fmt: skip
    """Start a run into `output` and kill it at a random moment, until `count` kills fell on work.

    Parameters
    ----------
    start : starts the run with so many workers, as the leader of a session. expected : SHA-256 of the output's files.
    span : seconds until the work of an undisturbed run begins, and until its end. A kill falls from shortly before the
        work to the middle of it, since a run that was killed before has less left.

    A run that ends before its kill is held against the undisturbed one, then its output is removed.
    """
    draw, found = random.Random(SEED), Kills()
    begins, ends = span
    while found.working < count:
        turn = found.starts + 1
        process = start(1 + turn % 2)
        try:
            process.wait(draw.uniform(0.8 * begins, (begins + ends) / 2))
        except subprocess.TimeoutExpired:
            if turn % 4 < 2:
                os.kill(process.pid, signal.SIGKILL)
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if _working(output):
                found.working += 1
            elif (output / "manifest.json").exists():
                found.late += 1
            else:
                found.early += 1
        else:
            found.finished += 1
            if process.returncode or contents(output) != expected:
                found.other += 1
            shutil.rmtree(output)
    return found


def _working(output: Path) -> bool:
    """Whether a run has begun its work there and not published it."""
    return (output / ".work" / "plan.json").exists() and not (output / "manifest.json").exists()


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
    same = killed and process.returncode == 0 and contents(output) == contents(whole)
    print(f"   one of two Dask workers killed: {'the same bytes' if same else 'OTHER BYTES, or none was killed'}",
          flush=True)  # fmt: skip
    return same


def workers(pid: int) -> list[psutil.Process]:
    """Dask's workers of a process that leads them: they are forked from one that it starts, so its grandchildren."""
    return [child for server in psutil.Process(pid).children() for child in server.children()]


def contents(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of an output, the lock apart."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"}  # fmt: skip
