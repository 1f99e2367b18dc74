"""The score store over 20 million made-up score rows: publishing, one household, a list, a distribution."""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from features.home import home
from serving.scores import publishing, scores
from serving.scores.change import change
from serving.scores.kept_run import connect
from serving.scores.scores import Scores
from tests.serving import scored

HOUSEHOLDS = 20_000_000
BAR_LOOK_UP_MS, BAR_LIST_MS = 30.0, 300.0
LOOK_UPS, LISTS, PROCESSES, PLAIN = 1000, 60, 15, 40
_PART = 500_000


def run() -> dict[str, Any]:
    """Measure on files of a temporary folder, which needs 6 GB."""
    (home() / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home() / "bench", prefix="store-") as scratch:
        return measure(Path(scratch), HOUSEHOLDS)


def measure(scratch: Path, households: int) -> dict[str, Any]:
    """Make a run of so many households in `scratch`, publish it, delete it, and read it."""
    begin = time.perf_counter()
    codes = make(scratch / "run", households)
    made = time.perf_counter() - begin
    begin = time.perf_counter()
    name = publishing.publish(scratch / "store", scratch / "run").name
    published = time.perf_counter() - begin
    shutil.rmtree(scratch / "run")
    folder = scratch / "store" / "runs" / name
    sizes = {part: sum(path.stat().st_size for path in (folder / part).rglob("*") if path.is_file())
             for part in ("scores", "index")}  # fmt: skip
    print(f"   {households:,} households made in {made:.0f} s, {sizes['scores'] / 1e9:.2f} GB; published in "
          f"{published:.0f} s, index {sizes['index'] / 1e9:.2f} GB", flush=True)  # fmt: skip
    with scores.open(scratch / "store") as own:
        result = _read(own, codes)
    result |= _processes(scratch / "store", codes)
    result |= {"households": households, "publish_s": round(published, 1), "scores_gb": round(sizes["scores"] / 1e9, 3),
               "index_gb": round(sizes["index"] / 1e9, 3), "bar_look_up_ms": BAR_LOOK_UP_MS,
               "bar_list_ms": BAR_LIST_MS}  # fmt: skip
    result["passed"] = result["look_up_ms"]["p95"] < BAR_LOOK_UP_MS and result["list_ms"]["p95"] < BAR_LIST_MS
    return result


def make(path: Path, households: int, *, as_of: str = "2026-11-15", seed: int = 2046, labels: list[int] | None = None,
         ) -> list[str]:  # fmt: skip
    """A run with the provinces' own shares of the people; codes of some of its households.

    seed : of the scores; the households are the same for every seed.
    """
    ids, draw = np.random.default_rng(2045), np.random.default_rng(seed)
    folder = scored.Folder(path, as_of=as_of, labels=labels)
    regencies = Counter(row["code"][:2] for row in _table("regencies") if row["measure"] == "headcount")
    people = {row["province"]: float(row["value"]) for row in _table("provinces")
              if row["measure"] == "people" and row["province"] != "ID"}  # fmt: skip
    some: list[str] = []
    for province, count in people.items():
        own = scored.numbers(max(1, round(households * count / sum(people.values()))), ids)
        for begin in range(0, len(own), scored.MOST):
            rows = [scored.with_facts(scored.table(province, own[at : min(at + _PART, begin + scored.MOST)], draw,
                                                   as_of=as_of, regencies=regencies[province] or 9), draw)
                    for at in range(begin, min(begin + scored.MOST, len(own)), _PART)]  # fmt: skip
            folder.add(scored.pa.concat_tables(rows))
        some += scored.codes(ids.choice(own, max(1, 3 * LOOK_UPS * len(own) // households))).to_pylist()
    folder.close()
    random.Random(1).shuffle(some)
    return some


def _table(name: str) -> list[dict[str, str]]:
    with files("features.reference").joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _read(own: Scores, codes: list[str]) -> dict[str, Any]:
    """Milliseconds in one process; the first few of each are not counted but for `first`."""
    places = sorted((file.province, regency) for file in own.run.files for regency in file.regencies)
    draw = random.Random(2)
    areas = draw.sample(sorted(set(places)), min(LISTS, len(set(places))))
    absent = scored.codes(scored.numbers(LOOK_UPS // 4, np.random.default_rng(99))).to_pylist()
    first = _times([lambda: own.household(codes[0])])[0][0]
    found, cpu = _times([lambda code=code: own.household(code) for code in codes[:LOOK_UPS]])
    missed, _ = _times([lambda code=code: own.household(code) for code in absent])
    lists, _ = _times([lambda area=area: own.top(500, regency=area[1]) for area in areas])
    kinds, _ = _times([lambda area=area: own.top(500, regency=area[1], kind="relapse", band=(0.1, 0.3))
                       for area in areas])  # fmt: skip
    provinces, _ = _times([lambda area=area: own.top(500, province=area[0]) for area in areas[:20]])
    rest = {"top 500 of the nation": lambda: own.top(500), "distribution by province": own.distribution,
            "distribution by regency": lambda: own.distribution("regency"),
            "change against itself at risk .2": lambda: change(own, own, cut=0.2)}  # fmt: skip
    plain, _ = _times([lambda code=code: _plain(own, code) for code in codes[:PLAIN]])
    told = {"first_ms": round(first, 1), "look_up_ms": quantiles(found), "look_up_cpu_ms": quantiles(cpu),
            "absent_ms": quantiles(missed), "plain_ms": quantiles(plain), "list_ms": quantiles(lists),
            "list_filtered_ms": quantiles(kinds), "list_of_province_ms": quantiles(provinces),
            "files": len(own.run.files),
            "other_s": {name: round(_times([act])[0][0] / 1000, 2) for name, act in rest.items()}}  # fmt: skip
    for name, value in told.items():
        print(f"   {name:22} {value}", flush=True)
    return told


def _plain(own: Scores, code: str) -> Any:
    """The same look-up without the index: every file whose ends leave room for the code, pruned by statistics."""
    paths = [str(file.path) for file in own.run.files if file.low is not None and file.high is not None
             and file.low <= code <= file.high]  # fmt: skip
    with _plain_connection(own).cursor() as cursor:
        sql = "SELECT * FROM read_parquet($files, hive_partitioning = false) WHERE household_id = $code"
        return cursor.execute(sql, {"files": paths, "code": code}).fetchall()


_connections: dict[str, Any] = {}


def _plain_connection(own: Scores) -> Any:
    return _connections.setdefault(own.run.name, connect(own.run.path))


def _times(acts: list[Callable[[], Any]]) -> tuple[list[float], list[float]]:
    """Milliseconds by the clock and of the processor, one a call."""
    clock, cpu = [], []
    for act in acts:
        begin, busy = time.perf_counter(), time.process_time()
        act()
        clock.append(1000 * (time.perf_counter() - begin))
        cpu.append(1000 * (time.process_time() - busy))
    return clock, cpu


def quantiles(times: list[float]) -> dict[str, float]:
    """Middle, 95 % and worst."""
    found = np.quantile(times, [0.5, 0.95, 1.0]).tolist()
    return dict(zip(("p50", "p95", "worst"), (round(value, 2) for value in found), strict=True))


def _processes(store: Path, codes: list[str]) -> dict[str, Any]:
    """Milliseconds from starting Python to the first answer, with the files in memory and with none of them there."""
    result = {}
    for name, evict in (("process_ms", False), ("process_no_cache_ms", True)):
        times = []
        for code in codes[:PROCESSES]:
            if evict:
                for path in _files(store):
                    _evict(path)
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", _ONE, str(store), code], check=True, stdout=subprocess.DEVNULL)
            times.append(1000 * (time.perf_counter() - begin))
        result[name] = quantiles(times)
        print(f"   {name:22} {result[name]}", flush=True)
    return result


_ONE = "import sys; from pathlib import Path; from serving.scores import scores; " \
       "assert scores.open(Path(sys.argv[1])).household(sys.argv[2])"  # fmt: skip


def _files(store: Path) -> Iterator[Path]:
    yield from (path for path in (store / "runs").rglob("*") if path.is_file())


def _evict(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
