"""`jaga score` on half a million and five million synthetic families, beside bare LightGBM and what one would write.

Peers work on the ready matrix of the same rows (as many as `PEERS`), with as many threads as there are processors:
`Booster.predict` of the boosters that a score needs; `pred_contrib=True` of the risk alone; `mlflow.pyfunc`; pandas
with `Booster.predict` and SHAP's TreeExplainer, reasons picked row by row.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from features.home import home
from features.types import Array

SIZES = (500_000, 5_000_000)
PEERS, FEW = 200_000, 5_000
"""Rows of the matrix that the peers are given; of the slow ones, fewer."""
QUARTERS, START, SEED = 4, 2025, 6
TAUGHT, TAUGHT_QUARTERS, TAUGHT_START = 20_000, 16, 2021
NATION = 95_000_000
BARE_RATIO, REASONS_RATIO, MEMORY_GIB, HOURS = 2.0, 20.0, 4.0, (2.0, 1.5)
RUNS = (3, 2)
"""Timed, of each size; memory is that of one more, since looking at it takes a tenth of the two processors."""
JAGA = [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())"]


def run() -> dict[str, Any]:
    """Score each size with and without reasons; the peers once."""
    bundle = model()
    sizes = [measured(size, bundle, runs) for size, runs in zip(SIZES, RUNS, strict=True)]
    found = peers(register(SIZES[0]), bundle)
    return judged({"sizes": sizes, "peers": found})


def judged(found: dict[str, Any]) -> dict[str, Any]:
    """Ratios to the peers, the nation, and whether the bars are met, by the slower size.

    The bar of the reasons is judged by the step that makes them. A whole job cannot meet it: it predicts too, and bare
    `Booster.predict` alone is less than twenty times as fast as `pred_contrib` (`most_ratio`).
    """
    peer = found["peers"]
    rates = {name: min(own[name]["rate"] for own in found["sizes"]) for name in ("bare", "reasons")}
    found |= {
        "quarters": QUARTERS, "seed": SEED, "bar_bare": BARE_RATIO, "bar_reasons": REASONS_RATIO, "bar_gib": MEMORY_GIB,
        "bare_ratio": peer["predict"]["rate"] / rates["bare"],
        "bare_ratios": [peer["predict"]["rate"] / own["bare"]["rate"] for own in found["sizes"]],
        "reasons_ratio": rates["reasons"] / peer["contributions"]["rate"],
        "most_ratio": peer["predict"]["rate"] / peer["contributions"]["rate"],
        "kernel_ratio": peer["reasons"]["rate"] / peer["contributions"]["rate"],
        "hours": {name: NATION / rate / 3600 for name, rate in rates.items()}, "bar_hours": HOURS,
    }  # fmt: skip
    shown = " and ".join(f"{ratio:.2f}" for ratio in found["bare_ratios"])
    print(f"   without reasons {shown} times bare Booster.predict; with them "
          f"{found['reasons_ratio']:.1f} times as fast as pred_contrib alone; the reasons alone "
          f"{found['kernel_ratio']:.0f} times; {NATION:,} families in {found['hours']['bare']:.2f} h and "
          f"{found['hours']['reasons']:.2f} h with reasons", flush=True)  # fmt: skip
    found["passed"] = bool(
        found["bare_ratio"] < BARE_RATIO and found["kernel_ratio"] > REASONS_RATIO
        and found["hours"]["bare"] < HOURS[0] and found["hours"]["reasons"] < HOURS[1]
        and all(one[name]["peak_gib"] < MEMORY_GIB for one in found["sizes"] for name in rates))  # fmt: skip
    return found


def scratch() -> Path:
    """Where models and registers of the benchmark lie; made once."""
    folder = home() / "bench" / "batch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def model() -> Path:
    """A registry-view model of 20,000 other families; trained once."""
    own = scratch() / "home"
    if not list(own.glob("bundles/[0-9a-f]*")):
        data = scratch() / "taught"
        _jaga("data", "synth", "--households", TAUGHT, "--periods", TAUGHT_QUARTERS, "--start", TAUGHT_START, "--seed",
              5, "--workers", 2, "--force", "--output", data)  # fmt: skip
        _jaga("train", "--source", "synthetic", "--input", data, "--refit", env={"JAGA_HOME": str(own)})
        shutil.rmtree(data)
    (path,) = own.glob("bundles/[0-9a-f]*")
    return path


def register(families: int) -> Path:
    """A synthetic register of so many families and four quarters; made once."""
    folder = scratch() / f"register-{families}"
    if not (folder / "manifest.json").exists():
        began = time.monotonic()
        _jaga("data", "synth", "--households", families, "--periods", QUARTERS, "--start", START, "--seed", SEED,
              "--survey", 0, "--no-truth", "--workers", 2, "--force", "--output", folder)  # fmt: skip
        print(f"   {families:,} families made in {time.monotonic() - began:.0f} s", flush=True)
    return folder


def _jaga(*arguments: Any, env: dict[str, str] | None = None) -> str:
    done = subprocess.run([*JAGA, *map(str, arguments)], capture_output=True, text=True, env=os.environ | (env or {}))
    if done.returncode:
        raise RuntimeError(done.stderr or done.stdout)
    return done.stdout


def measured(families: int, bundle: Path, runs: int) -> dict[str, Any]:
    """Seconds of whole commands, from nothing to a published folder, and the memory of all their processes."""
    source = register(families)
    found: dict[str, Any] = {"families": families}
    for name, reasons in (("bare", 0), ("reasons", 5)):
        output, seconds = scratch() / "out", []
        call = ("score", "--input", source, "--output", output, "--bundle", bundle, "--reasons", reasons, "--top", 0)
        for _ in range(runs):
            shutil.rmtree(output, ignore_errors=True)
            began = time.monotonic()
            _jaga(*call)
            seconds.append(time.monotonic() - began)
        shutil.rmtree(output)
        peak, work = _watched(*call)
        files = sum(path.stat().st_size for path in output.rglob("*.parquet"))
        counted = json.loads((output / "manifest.json").read_text())["households"]
        rate = counted["in"] / min(seconds)
        found[name] = {"rate": rate, "seconds": seconds, "peak_gib": peak, "work_bytes": work, "output_bytes": files}
        found["counted"] = counted
        print(f"   {families:,} families, {reasons} reasons: {rate:,.0f} a second "
              f"({', '.join(f'{one:.0f} s' for one in seconds)}), peak {peak:.2f} GiB, "
              f"work {work / 1e9:.2f} GB, scores {files / 1e9:.2f} GB", flush=True)  # fmt: skip
    shutil.rmtree(scratch() / "out")
    found["families"] = found["counted"]["in"]
    return found


def _watched(*arguments: Any) -> tuple[float, int]:
    """Peak memory in GiB of all processes (shared pages once), and most bytes of unfinished work."""
    process = subprocess.Popen([*JAGA, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak, work, ended = [0.0], [0], threading.Event()

    def watch() -> None:
        output = Path(str(arguments[arguments.index("--output") + 1]))
        while not ended.wait(0.5):
            try:
                own = psutil.Process(process.pid)
                peak[0] = max(peak[0], sum(each.memory_full_info().pss - _mapped(each)
                                           for each in [own, *own.children(recursive=True)]))  # fmt: skip
            except psutil.Error:
                continue
            # Files that are renamed while they are looked at are counted the next time.
            try:
                work[0] = max(work[0], sum(path.stat().st_size for path in (output / ".work").rglob("*.arrow")))
            except OSError:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert process.stderr is not None
    told = process.stderr.read().decode()
    code = process.wait()
    ended.set()
    watcher.join()
    if code:
        raise RuntimeError(told[-2000:])
    return peak[0] / 2**30, work[0]


def _mapped(process: psutil.Process) -> int:
    """Pages of mapped data files: the system's cache, which it takes back when it needs it."""
    return sum(each.pss for each in process.memory_maps() if each.path.endswith(".arrow"))


def peers(source: Path, bundle: Path) -> dict[str, Any]:
    """Rows a second of each on the matrix of the first rows of a register."""
    matrix, names = _matrix(source, bundle)
    import lightgbm

    from models import bundle as bundles
    from models.forest import Forest

    threads = len(os.sched_getaffinity(0))
    texts = bundles.load(bundle).texts  # what a score needs; a bundle may hold more boosters, which serving never reads
    boosters = {name: lightgbm.Booster(model_str=text) for name, text in texts.items()}

    forest = Forest(texts["risk"])
    told_by = np.arange(forest.width)
    few, risk = matrix[:FEW], boosters["risk"]
    forest.strongest(few, told_by, 5, threads)
    return {
        "rows": len(matrix), "few": FEW, "threads": threads, "features": matrix.shape[1],
        "boosters": len(boosters), "trees": {name: booster.num_trees() for name, booster in boosters.items()},
        "predict": _timed("bare Booster.predict of all boosters", len(matrix), lambda: [
            booster.predict(matrix, num_threads=threads) for booster in boosters.values()]),
        "contributions": _timed("Booster.predict(pred_contrib=True)", FEW,
                                lambda: risk.predict(few, pred_contrib=True, num_threads=threads)),
        "reasons": _timed("five strongest reasons by Jaga's tables", len(matrix),
                          lambda: forest.strongest(matrix, told_by, 5, threads)),
        "woodelf": _timed("woodelf-explainer, all contributions", len(matrix), _woodelf(risk, matrix, names)),
        "pyfunc": _timed("mlflow.pyfunc predict of the risk", len(matrix), _pyfunc(risk, matrix, names)),
        "by_hand": _timed("pandas + predict + SHAP TreeExplainer", FEW, _by_hand(risk, few, names)),
    }  # fmt: skip


def _matrix(source: Path, bundle: Path) -> tuple[Array, list[str]]:
    from features.admit import admit
    from models import score
    from serving.batch import batch, input_rows, part, task
    from serving.batch.cut import OWN
    from serving.batch.runs import Run
    from serving.batch.task import Task

    with tempfile.TemporaryDirectory() as folder:
        job = batch.prepare(batch.Request(source, folder, bundle))
        own = Task(job.register, Run(Path(folder), job.plan), bundle, job.extent.quarterly, 0, 1)
        own.run.pieces.mkdir(parents=True)
        batch._shared(job, own.run)
        for name in OWN:
            for item in enumerate(input_rows.units(job.register.sources[name], job.extent.by_file[name])):
                task.cut_unit(own, item)
        setting, found = task._setting(own), []
        for number in range(job.plan["parts"]):
            tables = {name: part.cells(table) for name, table in setting.parts.read(number).items()}
            admitted = admit(tables, whole=False, quarterly=job.extent.quarterly)
            told = score.chances(setting.bundle, admitted.tables, job.as_of, context=setting.context)
            found.append(told.matrix[told.known])
            if sum(map(len, found)) >= PEERS:
                break
        names = [*setting.bundle.schema["features"], "stratum"]
        return np.ascontiguousarray(np.concatenate(found)[:PEERS]), names


def _timed(what: str, rows: int, work: Callable[[], object]) -> dict[str, Any]:
    work()
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    print(f"   {what:40} {rows / min(seconds):>12,.0f} rows/s (of {rows:,})", flush=True)
    return {"rate": rows / min(seconds), "seconds": seconds, "rows": rows}


def _pyfunc(booster: Any, matrix: Array, names: list[str]) -> Callable[[], object]:
    import mlflow
    import pandas as pd

    frame = pd.DataFrame(matrix, columns=names)
    signature = mlflow.models.infer_signature(frame.head(5), booster.predict(matrix[:5]))
    with tempfile.TemporaryDirectory() as folder:
        mlflow.lightgbm.save_model(booster, f"{folder}/model", signature=signature)
        loaded = mlflow.pyfunc.load_model(f"{folder}/model")
    return lambda: loaded.predict(frame)


def _by_hand(booster: Any, matrix: Array, names: list[str]) -> Callable[[], object]:
    """Risk and the five strongest reasons of each row, as a notebook has them."""
    import pandas as pd
    import shap

    frame = pd.DataFrame(matrix, columns=names)
    explainer = shap.TreeExplainer(booster)

    def work() -> list[Any]:
        risk = booster.predict(frame)
        values = explainer.shap_values(frame)
        values = values[-1] if isinstance(values, list) else values
        found = []
        for at, row in enumerate(values):
            top = pd.Series(row, index=names).abs().nlargest(5).index
            found.append({"risk": risk[at], "reasons": [(name, frame[name].iat[at]) for name in top]})
        return found

    return work


def _woodelf(booster: Any, matrix: Array, names: list[str]) -> Callable[[], object]:
    import pandas as pd
    from woodelf import WoodelfExplainer

    frame = pd.DataFrame(matrix, columns=names)
    explainer = WoodelfExplainer(booster)
    return lambda: explainer.shap_values(frame)
