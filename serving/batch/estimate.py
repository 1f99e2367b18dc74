"""How long a run would take and how much disk: a trial on some of its rows, in memory, and the rule of three."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from features import keys
from features.admit import admit
from features.context import Context
from models import shown
from serving.batch import codes, cut, part, rows
from serving.batch.batch import Job
from serving.batch.input_rows import Unit

TRIAL = 20_000
"""Household rows of the trial."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take.

    Attributes
    ----------
    seconds : of the whole run from its start to its end.
    work, output : bytes on the disk while it works, and after.
    rows : household rows of the trial that it rests on. workers : by how many the work is divided.
    cluster : workers that a scheduler has, whatever the work is divided by, each taken to be as fast as a processor of
        this machine; 0 where the work is done here.
    """

    seconds: float
    work: int
    output: int
    rows: int
    workers: int
    cluster: int

    def fits(self, free: int) -> bool:
        """Whether a disk with so many bytes has room for what the run would write."""
        return self.work + self.output <= free


def of(job: Job, workers: int, *, cluster: bool = False, spent: float = 0.0) -> Estimate:
    """Try and extrapolate; the families' own rows are used, in whatever order they lie.

    spent : seconds of the start and the look through the input, which the run does too.

    Members are dealt to the trial's households as they come, for those of a family may lie anywhere: they are right in
    number, so right in cost.
    """
    share, seconds, size = {}, 0.0, 0
    some: dict[str, Any] = {}
    for name in cut.OWN:
        if not job.extent.rows.get(name):
            continue
        share[name] = TRIAL * job.extent.rows[name] / job.extent.rows["households"]
        began = time.perf_counter()
        some[name] = _some(job, name, max(1, round(share[name])))
        share[name] = job.extent.rows[name] / max(1, some[name].num_rows)
        order = codes.spread(some[name].column(cut.OWN[name]).combine_chunks(),
                             np.arange(some[name].num_rows), job.plan["parts"]).argsort()  # fmt: skip
        sink, cut_ = pa.BufferOutputStream(), cut.light(some[name], cut.OWN[name])
        with pa.ipc.new_file(sink, cut_.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as file:
            file.write_table(cut_.take(order))
        size += round(sink.getvalue().size * share[name])
        seconds += (time.perf_counter() - began) * share[name]
    first, again, held, written = _scored(job, some)
    seconds += again * share["households"]
    # Once, by each worker at the same time: what a first part reads and compiles.
    once = spent + job.hashing + max(0.0, first - again)
    busy = max(1, min(workers, job.plan["parts"]))
    work, output = size + round(held * share["households"]), round(written * share["households"])
    return Estimate(once + seconds / busy, work, output, some["households"].num_rows, busy, workers if cluster else 0)


def _some(job: Job, name: str, count: int) -> Any:
    tables: list[Any] = []
    key = partial(keys.door, job.register.synthetic)
    source = job.register.sources[name]
    for number in range(len(source.files)):
        for table in cut.rows_of(job.register, Unit.of_file(name, number), key):
            tables.append(table)
            if sum(own.num_rows for own in tables) >= count:
                return cut.joined(tables).slice(0, count)
    return cut.joined(tables, source.columns)


def _scored(job: Job, some: dict[str, Any]) -> tuple[float, float, int, int]:
    """Seconds of one processor, the first time and again, and bytes held and written, for the trial's households."""
    homes, people = some["households"], some["members"]
    owner = np.arange(people.num_rows) * homes.num_rows // people.num_rows
    place = np.arange(people.num_rows) - np.searchsorted(owner, owner)
    dealt = {name: homes.column(name).take(pa.array(owner)) for name in ("household_id", "period", "known_at")}
    dealt["person_id"] = pa.array(place.astype(str))
    dealt["relation"] = pa.array(np.where(place == 0, "head", "child"))
    for name, column in dealt.items():
        people = people.set_column(people.column_names.index(name), name, column)
    tables = {name: part.cells(table) for name, table in (some | {"households": homes, "members": people}).items()}
    context = {name: part.cells(cut.shared(job.register, name, job.extent.by_file[name]))
               for name in job.bundle.context.tables if job.extent.rows.get(name)}  # fmt: skip
    own = Context({**job.bundle.context.tables, **admit(context, required=()).tables})
    spent = []
    for _ in range(2):  # the first time compiles
        began = time.perf_counter()
        admitted = admit(tables, whole=False, quarterly=job.extent.quarterly)
        told = shown.score_and_show(job.bundle, admitted.tables, job.as_of, context=own, count=job.request.reasons)
        held, written = pa.BufferOutputStream(), pa.BufferOutputStream()
        with pa.ipc.new_file(held, told.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as file:
            file.write_table(told)
        rows.write([told.drop_columns(["province"])], shown.joined(rows.FILED, job.request.reasons), written, {})
        spent.append(time.perf_counter() - began)
    return spent[0], spent[1], held.getvalue().size, written.getvalue().size
