"""Writing the tables of a country: partitions in order, one file a table, memory bounded by a few partitions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from features.sources.synthetic import country, rows
from features.sources.synthetic.joining import Joined
from features.sources.synthetic.streams import PARTITION
from features.sources.synthetic.world import World

Progress = Callable[[int, int], None]
Encoded = dict[str, pa.Buffer]
"""A partition's tables by path, each a whole parquet file."""

AHEAD = 2
"""Partitions under way for each worker: one being made, one made or about to be."""


def write(world: World, part: Path, workers: int, progress: Progress | None) -> dict[str, dict[str, Any]]:
    """Write every table under `part`; rows, bytes and hash of each file by its path."""
    total = -(-world.households // PARTITION)
    faces = ("registry", "survey") if world.survey else ("registry",)
    with ExitStack() as stack:
        files = _Files(part, stack)
        for name, table in country.tables(world).items():
            for face in faces:
                files.add(f"{face}/{name}", encode(table))
        for done, tables in enumerate(_partitions(world, total, workers), 1):
            for path, table in tables.items():
                files.add(path, table)
            if progress:
                progress(done, total)
        return files.finish()


def encode(table: pa.Table) -> pa.Buffer:
    """A table as a parquet file in memory; words are stored as plain text.

    No statistics: a partition is a random part of the country, so least and greatest values let no reader skip one,
    and finding them is a third of the work.
    """
    sink = pa.BufferOutputStream()
    worded = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    pq.write_table(table, sink, compression="zstd", compression_level=1, store_schema=False, use_dictionary=worded,
                   write_statistics=False)  # fmt: skip
    return sink.getvalue()


class _Files:
    """One parquet file a table, a row group a partition, written in order; `stack` closes them in any case."""

    def __init__(self, part: Path, stack: ExitStack) -> None:
        self._part, self._stack = part, stack
        self._open: dict[str, tuple[_Hashed, Joined]] = {}

    def add(self, path: str, parquet: pa.Buffer) -> None:
        name = f"{path}.parquet"
        if name not in self._open:
            (self._part / name).parent.mkdir(parents=True, exist_ok=True)
            file = self._stack.enter_context(closing(_Hashed(self._part / name)))
            self._open[name] = file, Joined(file)
        self._open[name][1].add(memoryview(parquet))

    def finish(self) -> dict[str, dict[str, Any]]:
        out = {}
        for name, (file, joined) in sorted(self._open.items()):
            joined.finish()
            out[name] = {"rows": joined.rows, "bytes": file.size, "sha256": file.digest.hexdigest()}
        return out


class _Hashed:
    """A new file whose hash is known when the last byte is written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self.digest, self.size = hashlib.sha256(), 0

    def write(self, data: bytes | memoryview) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def close(self) -> None:
        self._file.close()


_world: World | None = None


def _begin(world: World) -> None:
    global _world  # a worker is handed the world once, not with every partition
    _world = world


def _one(partition: int) -> Encoded:
    if _world is None:
        raise RuntimeError("the worker has no world")
    return _made(_world, partition)


def _made(world: World, partition: int) -> Encoded:
    return {path: encode(table) for path, table in rows.simulate(world, partition).items()}


def _partitions(world: World, total: int, workers: int) -> Iterator[Encoded]:
    """Tables of every partition, in order; a few are under way at a time, so memory stays bounded."""
    if workers <= 1 or total == 1:
        yield from (_made(world, partition) for partition in range(total))
        return
    with ProcessPoolExecutor(min(workers, total), get_context("spawn"), _begin, (world,)) as pool:
        waiting: list[Future[Encoded]] = []
        for partition in range(total):
            waiting.append(pool.submit(_one, partition))
            if len(waiting) > AHEAD * workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
