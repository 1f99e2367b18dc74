"""Writing the tables of a country: a folder a table, a file for every few partitions, which one process makes alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from features import crew
from features.sources.synthetic import country, rows
from features.sources.synthetic.streams import PARTITION
from features.sources.synthetic.world import World

Progress = Callable[[int, int], None]
Facts = dict[str, dict[str, Any]]
"""Rows, bytes and hash of each file by its path."""

BLOCK = 4
"""Partitions in a file: a constant, never a function of the number of workers."""


def write(world: World, part: Path, workers: int, progress: Progress | None) -> Facts:
    """Write every table under `part`, each a folder of parquet files."""
    total = -(-world.households // PARTITION)
    faces = ("registry", "survey") if world.survey else ("registry",)
    facts: Facts = {}
    with ExitStack() as stack:
        files = _Files(part, "country", stack)
        for name, table in country.tables(world).items():
            for face in faces:
                files.add(f"{face}/{name}", table)
    facts |= files.facts()
    for done, made in enumerate(_blocks(world, part, total, workers), 1):
        facts |= made
        if progress:
            progress(min(done * BLOCK, total), total)
    return dict(sorted(facts.items()))


class _Files:
    """Files of one name, one in the folder of each table, a row group for each piece added."""

    def __init__(self, part: Path, name: str, stack: ExitStack) -> None:
        self._part, self._name, self._stack = part, name, stack
        self._open: dict[str, pq.ParquetWriter] = {}
        self._rows: dict[str, int] = {}

    def add(self, table: str, piece: pa.Table) -> None:
        """Append rows of a table; words are stored as plain text.

        No statistics: a partition is a random part of the country, so least and greatest values let no reader skip
        one, and finding them is a third of the work.
        """
        path = f"{table}/{self._name}.parquet"
        if path not in self._open:
            (self._part / path).parent.mkdir(parents=True, exist_ok=True)
            worded = [field.name for field in piece.schema if not pa.types.is_floating(field.type)]
            self._open[path] = self._stack.enter_context(pq.ParquetWriter(
                self._part / path, piece.schema, compression="zstd", compression_level=1, store_schema=False,
                use_dictionary=worded, write_statistics=False))  # fmt: skip
            self._rows[path] = 0
        self._open[path].write_table(piece)
        self._rows[path] += len(piece)

    def facts(self) -> Facts:
        """What was written, once the files are closed."""
        out = {}
        for path, count in self._rows.items():
            with (self._part / path).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                out[path] = {"rows": count, "bytes": file.tell(), "sha256": digest}
        return out


_world: World | None = None


def _begin(world: World) -> None:
    global _world  # a worker is handed the world once, not with every block
    _world = world


def _one(part: Path, total: int, block: int) -> Facts:
    if _world is None:
        raise RuntimeError("the worker has no world")
    return _block(_world, part, total, block)


def _block(world: World, part: Path, total: int, block: int) -> Facts:
    """Make the partitions of a block, one at a time, and write them."""
    with ExitStack() as stack:
        files = _Files(part, f"part-{block:05d}", stack)
        for partition in range(block * BLOCK, min((block + 1) * BLOCK, total)):
            for table, piece in rows.simulate(world, partition).items():
                files.add(table, piece)
    return files.facts()


def _blocks(world: World, part: Path, total: int, workers: int) -> Iterator[Facts]:
    """Write every block; each process makes whole files, so nothing but their names and hashes passes between them."""
    blocks = range(-(-total // BLOCK))
    if workers <= 1 or len(blocks) == 1:
        yield from (_block(world, part, total, block) for block in blocks)
        return
    yield from crew.spread(partial(_one, part, total), blocks, min(workers, len(blocks)), _begin, (world,))
