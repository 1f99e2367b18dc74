"""Writing the tables of a country: partitions in order, one file a table, memory bounded by a few partitions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from features.sources.synthetic import country, rows
from features.sources.synthetic.streams import PARTITION
from features.sources.synthetic.world import World

Progress = Callable[[int, int], None]


def write(world: World, part: Path, workers: int, progress: Progress | None) -> dict[str, dict[str, Any]]:
    """Write every table under `part`; rows, bytes and hash of each file by its path."""
    total = -(-world.households // PARTITION)
    files = _Files(part)
    faces = ("registry", "survey") if world.survey else ("registry",)
    for name, table in country.tables(world).items():
        for face in faces:
            files.add(f"{face}/{name}", table)
    for done, tables in enumerate(_partitions(world, total, workers), 1):
        for path, table in tables.items():
            files.add(path, table)
        if progress:
            progress(done, total)
    return files.close()


class _Files:
    """One parquet file a table, a row group a partition, written in order; words are stored as plain text."""

    def __init__(self, part: Path) -> None:
        self._part = part
        self._open: dict[str, pq.ParquetWriter] = {}
        self._rows: dict[str, int] = {}

    def add(self, path: str, table: pa.Table) -> None:
        name = f"{path}.parquet"
        if name not in self._open:
            (self._part / name).parent.mkdir(parents=True, exist_ok=True)
            worded = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
            self._open[name] = pq.ParquetWriter(self._part / name, table.schema, compression="zstd",
                                                compression_level=1, store_schema=False,
                                                use_dictionary=worded)  # fmt: skip
        self._open[name].write_table(table)
        self._rows[name] = self._rows.get(name, 0) + table.num_rows

    def close(self) -> dict[str, dict[str, Any]]:
        out = {}
        for name, writer in sorted(self._open.items()):
            writer.close()
            path = self._part / name
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            out[name] = {"rows": self._rows[name], "bytes": path.stat().st_size, "sha256": digest}
        return out


_world: World | None = None


def _begin(world: World) -> None:
    global _world  # a worker is handed the world once, not with every partition
    _world = world


def _one(partition: int) -> dict[str, pa.Table]:
    if _world is None:
        raise RuntimeError("the worker has no world")
    return rows.simulate(_world, partition)


def _partitions(world: World, total: int, workers: int) -> Iterator[dict[str, pa.Table]]:
    """Tables of every partition, in order; a few are under way at a time, so memory stays bounded."""
    if workers <= 1 or total == 1:
        yield from (rows.simulate(world, partition) for partition in range(total))
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (world,)) as pool:
        waiting: list[Future[dict[str, pa.Table]]] = []
        for partition in range(total):
            waiting.append(pool.submit(_one, partition))
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
