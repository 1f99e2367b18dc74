"""Scored parts put together: parquet files by province, sorted by household, each written once.

Parts are ranges of household codes in order, and a part's rows lie by province and household: what a file holds is
known from the parts' notes alone, so that files can be written in any order and by anyone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from features import halves
from models import shown
from serving.batch import rows, runs
from serving.batch.runs import Run

MOST_ROWS = 1 << 20
"""Rows of a file."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows, one after the other, of a part's batch: the rows of one province."""

    part: int
    batch: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """One file to be: a province, its number there, and the rows it takes."""

    province: str
    number: int
    rows: tuple[Stretch, ...]

    @property
    def size(self) -> int:
        """Rows in all."""
        return sum(stretch.stop - stretch.start for stretch in self.rows)


def plan(notes: list[dict[str, Any]]) -> list[Shelf]:
    """The files that hold the rows of all parts. Rows without a code stand after those of all parts."""
    named: dict[str, list[Stretch]] = defaultdict(list)
    nameless: dict[str, list[Stretch]] = defaultdict(list)
    for part, note in enumerate(notes):
        for batch, (province, coded, count) in enumerate(note["batches"]):
            named[province].append(Stretch(part, batch, 0, coded))
            nameless[province].append(Stretch(part, batch, coded, count))
    return [Shelf(province, number, own)
            for province in sorted(named)
            for number, own in enumerate(_files([*named[province], *nameless[province]]))]  # fmt: skip


def _files(stretches: list[Stretch]) -> Iterator[tuple[Stretch, ...]]:
    own: list[Stretch] = []
    free = MOST_ROWS
    for stretch in stretches:
        start = stretch.start
        while start < stretch.stop:
            stop = min(stretch.stop, start + free)
            own.append(Stretch(stretch.part, stretch.batch, start, stop))
            start, free = stop, free - (stop - start)
            if not free:
                yield tuple(own)
                own, free = [], MOST_ROWS
    if own:
        yield tuple(own)


def fill(run: Run, shelf: Shelf) -> tuple[str, dict[str, Any]]:
    """Write the file of a shelf; its name and what the manifest says of it."""
    path = run.scores(shelf.province, shelf.number)
    name, note = str(path.relative_to(run.work)), run.work / "shelves" / f"{path.parent.name}-{path.stem}.json"
    had = runs.read_json(note) if note.exists() else None
    if had is not None and runs.is_as_told(path, had):
        return name, had
    path.parent.mkdir(parents=True, exist_ok=True)
    half = halves.of(path)
    ends: list[str | None] = []
    rows.write(
        _groups(run, shelf, ends), shown.joined(rows.FILED, run.plan["reasons"]), half, run.said, by="household_id"
    )
    told = {"rows": shelf.size, **runs.told(half),
            "low": ends[0], "high": next((code for code in reversed(ends) if code is not None), None)}  # fmt: skip
    runs.settle(half, path)
    runs.write_json(note, told)
    return name, told


def _groups(run: Run, shelf: Shelf, ends: list[str | None]) -> Iterator[Any]:
    """The rows of a shelf in tables of one row group each; notes the first and last code of each on the way."""
    waiting: list[Any] = []
    held = 0
    for stretch in shelf.rows:
        with pa.memory_map(str(run.scored(stretch.part))) as file:
            whole = pa.Table.from_batches([pa.ipc.open_file(file).get_batch(stretch.batch)])
        waiting.append(whole.slice(stretch.start, stretch.stop - stretch.start).drop_columns(["province"]))
        held += waiting[-1].num_rows
        while held >= rows.GROUP:
            table = pa.concat_tables(waiting)
            yield _seen(table.slice(0, rows.GROUP), ends)
            waiting, held = [table.slice(rows.GROUP)], held - rows.GROUP
    if held:
        yield _seen(pa.concat_tables(waiting), ends)


def _seen(table: Any, ends: list[str | None]) -> Any:
    codes = table.column("household_id").drop_null()
    ends += [codes[0].as_py(), codes[-1].as_py()] if len(codes) else [None, None]
    return table.combine_chunks()
