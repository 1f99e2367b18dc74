"""A run as each of its workers sees it, and the pieces of work it is cut into."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from features import halves, keys
from features.admit import admit
from features.commands import UserError
from features.context import TABLES as CONTEXT
from features.context import Context
from models import bundle as bundles
from models.bundle import Bundle
from models.headcount import Tally
from serving.batch import cut, part, runs, shelves
from serving.batch.input_rows import Unit
from serving.batch.inputs import Register
from serving.batch.part import Setting
from serving.batch.runs import Run
from serving.batch.shelves import Shelf

SHARED = (*CONTEXT, "shocks")
"""Tables that every part needs whole; of the shocks, those of places."""


@dataclass(frozen=True, slots=True)
class Task:
    """All that a worker needs to know; small, so that it travels with every piece.

    Attributes
    ----------
    register : where the input lies. run : the folder of the run, which all workers reach by the same path.
    bundle : folder of the model, which they reach too. threads : for each worker.
    keyed : mark of the key for ids that are not codes yet, which workers on other machines must have too.
    place : name of the headcount of each stratum. shifts : log-odds by stratum that bring the run to them.
    files : rows of each file, by table.
    """

    register: Register
    run: Run
    bundle: Path
    quarterly: bool
    reasons: int
    threads: int
    keyed: str = ""
    place: dict[str, str] = field(default_factory=dict)
    shifts: dict[str, float] = field(default_factory=dict)
    files: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def key(self) -> bytes:
        """Key for ids that are not codes yet."""
        door = keys.door(self.register.synthetic)
        if self.keyed and self.keyed != mark(door):
            raise UserError("a worker has other keys than the run, and would give families other codes; give all "
                            "workers the same JAGA_KEYS")  # fmt: skip
        return door


def mark(key: bytes) -> str:
    """What tells whether two keys are the same, and nothing else of them."""
    return hmac.new(key, b"jaga: the same key", "sha256").hexdigest()[:16]


def cut_unit(task: Task, item: tuple[int, Unit]) -> None:
    """Cut one unit of the input into the parts of the run."""
    number, unit = item
    cut.cut(task.register, unit, number, task.run.plan["parts"], task.run.pieces, task.key)


def score_part(task: Task, number: int) -> dict[str, Any]:
    """Score one part; what its note says."""
    return part.score_part(_setting(task), number)


def tally_part(task: Task, number: int) -> Tally:
    """Count the people of one part."""
    return part.tally_part(_setting(task), number, task.place)


def fill(task: Task, shelf: Shelf) -> tuple[str, dict[str, Any]]:
    """Write one file of scores; its name and what the manifest says of it."""
    return shelves.fill(task.run, shelf)


_held: dict[str, Any] = {}
"""The setting of the task that this process works for, and its model: read once, not for every part."""


def _setting(task: Task) -> Setting:
    mark = repr((task.run, task.bundle, task.shifts))
    if _held.get("mark") != mark:
        _held.update(mark=mark, setting=_open(task, hold(task.bundle, task.run.plan["bundle"])))
    found: Setting = _held["setting"]
    return found


def hold(path: Path, identity: str, bundle: Bundle | None = None) -> Bundle:
    """The model of a run, read and verified once by each process; `bundle` is one that was read already."""
    if bundle is not None:
        _held["bundle"] = bundle
    elif getattr(_held.get("bundle"), "identity", None) != identity:
        _held["bundle"] = bundles.load(path)
    found: Bundle = _held["bundle"]
    return found


def _open(task: Task, bundle: Bundle) -> Setting:
    tables = {path.stem: read_shared(path) for path in sorted((task.run.work / "shared").glob("*.arrow"))}
    admitted = admit({name: part.cells(table) for name, table in tables.items()}, required=())
    # A table that the register lacks is that of the bundle: what was published when the model was made.
    context = Context({**bundle.context.tables, **admitted.tables})
    columns = {name: task.register.sources[name].columns for name in cut.OWN if name in task.register.sources}
    return Setting(task.run, cut.Parts(task.run.pieces, columns), bundle, context, admitted.tables.get("shocks"),
                   task.quarterly, np.datetime64(task.run.plan["as_of"], "D"), task.reasons, task.threads,
                   task.shifts, task.files)  # fmt: skip


def write_shared(run: Run, name: str, table: Any) -> None:
    """Put a shared table where every worker finds it."""
    path = run.work / "shared" / f"{name}.arrow"
    path.parent.mkdir(parents=True, exist_ok=True)
    half = halves.of(path)
    with half.open("wb") as file, pa.ipc.new_file(file, table.schema) as sink:
        sink.write_table(table)
    runs.settle(half, path)


def read_shared(path: Path) -> Any:
    """What `write_shared` wrote."""
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()
