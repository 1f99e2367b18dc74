"""Registers on disk for the tests of the batch, and what is read back."""

from __future__ import annotations

import csv
import hashlib
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import dataset

from models.row import SCORES
from serving.batch import batch
from serving.batch.batch import Outcome, Request
from tests import small

Rows = list[dict[str, Any]]


def tables(count: int = 60, seed: int = 5) -> dict[str, Rows]:
    """Families, lines, signals and shocks, of single households and of places."""
    made = small.families(count, seed) | small.context()
    codes = [row["household_id"] for row in made["households"]]
    made["shocks"] = [{"place": code, "scope": "household", "shock": "illness", "period": "2026Q2",
                       "known_at": "2026-07-10"} for code in codes[::12]]  # fmt: skip
    made["shocks"] += [{"place": "35", "scope": "province", "shock": "disaster", "period": "2026Q3",
                        "known_at": "2026-10-01"}]  # fmt: skip
    return made


def shuffled(made: dict[str, Rows]) -> dict[str, Rows]:
    """The same rows in another order."""
    return {name: random.Random(7).sample(rows, len(rows)) for name, rows in made.items()}


def write(folder: Path, made: dict[str, Rows], *, kind: str = "parquet", synthetic: bool = True) -> Path:
    """Write a register as `kind`, in `registry/` where it is synthetic."""
    home = folder / "registry" if synthetic else folder
    home.mkdir(parents=True)
    if synthetic:
        (folder / "manifest.json").write_text('{"synthetic": true}')
    for name, rows in made.items():
        if kind == "parquet":
            pq.write_table(pa.Table.from_pylist(rows), home / f"{name}.parquet")
            continue
        with (home / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def score(source: Path, output: Path, bundle: Path, **asked: Any) -> Outcome:
    """Run a batch in this process."""
    return batch.run(batch.prepare(Request(source, output, bundle, **asked)))


def rows(output: Path) -> Any:
    """All score rows of a folder, sorted by household."""
    found = dataset.dataset(output / "scores", partitioning=dataset.partitioning(
        pa.schema([("province", pa.string())]), flavor="hive"))  # fmt: skip
    return found.to_table(columns=SCORES.names).sort_by("household_id").cast(SCORES)


def contents(output: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder, hidden and unfinished ones too; the empty lock file apart."""
    return {str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(output.rglob("*")) if path.is_file() and path.name != ".lock"}  # fmt: skip
