"""A whole register scored: planned, cut into parts, scored part by part, put together by province, and published."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from features import keys
from features.admit import admit
from features.commands import UserError
from features.crew import Alone, Crew, processors
from features.home import home
from models import bundle as bundles
from models import forest, record
from models.bundle import Bundle
from models.headcount import Tally
from serving import places
from serving.batch import away, cut, doubles, headcounts, input_rows, inputs, part, runs, shelves, task
from serving.batch.headcounts import Headcounts
from serving.batch.input_rows import ROW, Unit
from serving.batch.inputs import Extent, Register
from serving.batch.part import STATES
from serving.batch.progress import Tell, silent
from serving.batch.task import SHARED, Task
from serving.places import Place

CHUNK = 200_000
"""Household rows of a part, about."""
REFUSED = "families refused"
FORMAT = 3
"""Version of the output folder's layout and of its columns."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do; see `jaga score --help`.

    input, output : folders, or URLs. bundle : its folder; None takes the promoted one.
    as_of : None takes the latest known_at of the families' rows.
    work : where an output that is a URL is made before it is sent there; None: in the installation's folder.
    """

    input: str | Path
    output: str | Path
    bundle: Path | None = None
    as_of: np.datetime64 | None = None
    chunk: int = CHUNK
    reasons: int = 5
    limit_bad: float = 0.05
    limit_refused: float = 0.5
    headcounts: Path | None = None
    work: Path | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A request looked into: the register, its extent, the model, and the plan that names the run.

    hashing : seconds that it took to read the input's bytes, which a run does once more.
    """

    request: Request
    register: Register
    extent: Extent
    bundle: Bundle
    as_of: np.datetime64
    plan: dict[str, Any]
    headcounts: Headcounts | None = None
    hashing: float = 0.0

    @property
    def folder(self) -> Path:
        """Where the run works: the output itself, or what is sent there when it is whole.

        Absolute, since workers may have been started in another folder.
        """
        if not places.is_url(self.request.output):
            return Path(self.request.output).absolute()
        mark = hashlib.sha256(str(self.request.output).encode()).hexdigest()[:16]
        return (self.request.work or home() / "work" / mark).absolute()

    @property
    def there(self) -> Place | None:
        """Where the run is sent when it is whole; None where it works in the output itself."""
        return places.place(self.request.output) if places.is_url(self.request.output) else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: `published` now, found `done` before, or `stopped` by too many bad rows or refusals.

    Attributes
    ----------
    manifest : the manifest, or for a stopped run the counts so far.
    over : tables above the limit, with their share in quarantine; `REFUSED` with the share of families without a score.
    """

    state: Literal["published", "done", "stopped"]
    manifest: dict[str, Any]
    over: dict[str, float]


def prepare(request: Request, tell: Tell = silent) -> Job:
    """Look into a request and plan it, writing nothing.

    Raises
    ------
    UserError : input or bundle cannot be used, or a figure is out of its range.
    """
    limits = (request.limit_bad, request.limit_refused)
    if request.chunk < 1 or request.reasons < 0 or not all(0 <= limit <= 1 for limit in limits):
        raise UserError("chunk must be 1 or more, reasons 0 or more, and the limits of bad rows and of refused "
                        "families from 0 to 1")  # fmt: skip
    bundle = _model(request.bundle)
    with inputs.readable(request.input):
        register = inputs.find(request.input)
        tell("look")
        extent = inputs.survey(register, lambda rows: tell("look", rows=rows))
        began = time.monotonic()
        fingerprint = register.fingerprint(extent.by_file, _hashed(register, "look", tell))
        hashing = time.monotonic() - began
    as_of = extent.latest if request.as_of is None else request.as_of
    plan = {"format": FORMAT, "version": version("jaga"), "input": fingerprint, "bundle": bundle.identity,
            "as_of": str(as_of), "parts": -(-extent.rows["households"] // request.chunk), "reasons": request.reasons,
            # What a model of synthetic families says of real ones is not real either.
            "synthetic": register.synthetic or bool(bundle.schema["synthetic"])}  # fmt: skip
    asked = None
    if request.headcounts is not None:
        asked = headcounts.read(request.headcounts, as_of)
        plan["headcounts"] = asked.hash
    return Job(request, register, extent, bundle, as_of, plan, asked, hashing)


def _model(path: Path | None) -> Bundle:
    """The bundle at `path`, or the one promoted last, which the record vouches for; one that this version can serve."""
    found = path or record.champion(home())
    if found is None:
        raise UserError(f"no bundle is promoted in {home()}; promote one (jaga promote) or name one with --bundle",
                        f"belum ada model yang dipakai di {home()}; tetapkan satu (jaga promote) atau sebut satu "
                        "dengan --bundle")  # fmt: skip
    bundle = bundles.load(found)
    if path is None:
        record.check(home(), bundle)
    _ = bundle.features, bundle.forests  # raise where this version lacks one, or a tree is none: in a second, not later
    return bundle


def run(job: Job, tell: Tell = silent, crew: Crew | None = None, begun: Callable[[], None] = silent) -> Outcome:
    """Do a job: nothing where it is done, the rest where it was stopped. `begun` is called before any work.

    Raises
    ------
    UserError : the output holds another run or files of none, or another run holds it.
    """
    with runs.held(job.folder):
        there, manifest = job.there, finished(job, whole=True)
        if manifest is not None:
            runs.clean(job.folder)
            if there is not None:
                away.leave(there, job.folder)
            return Outcome("done", manifest, {})
        if there is not None:
            away.claim(there, job.plan)
            manifest = runs.published(job.folder, job.plan, whole=True)
            if manifest is not None:  # stopped while it was sent
                away.send(there, job.folder, manifest, tell)
                return Outcome("done", manifest, {})
        opened = runs.open_run(job.folder, job.plan)
        begun()
        outcome = _work(job, opened, tell, crew or Alone())
        if outcome.state == "published":
            runs.publish(job.folder, outcome.manifest)
            if there is not None:
                away.send(there, job.folder, outcome.manifest, tell)
        return outcome


def finished(job: Job, *, whole: bool = False) -> dict[str, Any] | None:
    """The manifest of the job where its output holds it; see `serving.batch.runs.published`. Writes nothing."""
    return runs.published(job.there or Path(job.request.output), job.plan, whole=whole)


def begun_before(job: Job) -> bool:
    """Whether the output holds this job, begun and not finished; parts that are done are done no more. Writes nothing.

    Raises
    ------
    UserError : the output holds another run's work, or files of none.
    """
    if job.there is None:
        return runs.taken_up(job.folder, job.plan)
    claimed = away.taken_up(job.there, job.plan)
    made = runs.published(job.folder, job.plan) is not None  # whole, and not sent
    return made or runs.taken_up(job.folder, job.plan) or claimed


def parts_done(job: Job) -> int:
    """Parts that an earlier start has scored."""
    return sum(runs.Run(job.folder, job.plan).note(number).exists() for number in range(job.plan["parts"]))


def _work(job: Job, run: runs.Run, tell: Tell, crew: Crew) -> Outcome:
    shared = _shared(job, run)
    alone = isinstance(crew, Alone)
    keyed = "" if alone or job.register.synthetic else task.mark(keys.load().door)
    task.hold(job.bundle.path, job.bundle.identity, job.bundle)
    own = Task(job.register, run, job.bundle.path, job.extent.quarterly, job.request.reasons,
               processors() if alone else 1, keyed, files=job.extent.by_file)  # fmt: skip
    units = _cut(job, own, crew, tell)
    own, brought = _brought(job, own, crew)
    notes: dict[int, dict[str, Any]] = {}
    bad, elsewhere = _quarantined(shared), _elsewhere(shared)
    for number, note in _scored(job, own, units, crew, tell):
        notes[number] = note
        bad.update(_quarantined(note))
        elsewhere.update(_elsewhere(note))
        over = _over(job, bad, elsewhere)
        if over:
            return Outcome("stopped", _manifest(job, [shared, *notes.values()]), over)
    in_order = [notes[number] for number in range(job.plan["parts"])]
    manifest = _manifest(job, [shared, *in_order])
    homes = manifest["households"]
    if homes["refused"] > job.request.limit_refused * homes["in"]:
        return Outcome("stopped", manifest, {REFUSED: homes["refused"] / homes["in"]})
    if any(told["rows"] != job.extent.rows[name] for name, told in manifest["input"]["tables"].items()):
        raise RuntimeError(f"rows were lost: {manifest['input']['tables']} of {job.extent.rows}")
    manifest["files"] |= _files(own, crew, in_order, tell)
    return Outcome("published", manifest | brought, {})


def _shared(job: Job, run: runs.Run) -> dict[str, Any]:
    """Put the tables that all parts share where every worker finds them; a note on their rows."""
    tables = {name: cut.shared(job.register, name, job.extent.by_file[name]) for name in SHARED
              if job.extent.rows.get(name)}  # fmt: skip
    admitted = admit({name: part.cells(table) for name, table in tables.items()}, required=())
    for name, table in tables.items():
        task.write_shared(run, name, table)
    files = part.save_quarantine(run, "shared", admitted, {name: table.column(ROW) for name, table in tables.items()})
    return {"files": files, "rows": part.row_counts(admitted), "provinces": {}, "refusals": {}}


def _cut(job: Job, own: Task, crew: Crew, tell: Tell) -> list[tuple[int, Unit]]:
    names = [name for name in cut.OWN if name in job.register.sources]
    units = [item for name in names
             for item in enumerate(input_rows.units(job.register.sources[name], job.extent.by_file[name]))]  # fmt: skip
    total = sum(job.extent.rows[name] for name in names)
    for done, _ in enumerate(crew.each(task.cut_unit, own, units), 1):
        tell("cut", done, len(units), total * done // len(units), total)
    return units


def _hashed(register: Register, stage: str, tell: Tell) -> Callable[[int], None]:
    """Hears how many bytes of the register are read."""
    total = register.size(tuple(register.sources))
    return lambda done: tell(stage, done, total)


def _check(job: Job, own: Task, units: list[tuple[int, Unit]], tell: Tell) -> None:
    """UserError where the input changed: files that hold now what the plan says, and were not written to since they
    were read, held it then."""
    with inputs.readable(job.request.input):
        again = inputs.find(job.request.input)
        same = again.fingerprint(hear=_hashed(again, "check", tell)) == job.plan["input"]
        if not same or not cut.still(job.register, units, own.run.pieces):
            raise UserError(*cut.CHANGED)


def _brought(job: Job, own: Task, crew: Crew) -> tuple[Task, dict[str, Any]]:
    """The task with the shifts that bring the run to its headcounts, and what the manifest says of them."""
    if job.headcounts is None:
        return own, {}
    place = headcounts.place_of(tuple(job.bundle.schema["strata"]), job.headcounts)
    asked = replace(own, place=place)
    tallies = dict(crew.each(task.tally_part, asked, range(job.plan["parts"])))
    tally = Tally()
    for number in sorted(tallies):  # sums do not depend on who was first
        tally.join(tallies[number])
    shifts, told = headcounts.solve(tally, job.headcounts, place)
    return replace(own, shifts=shifts), {"headcounts": told}


def _scored(job: Job, own: Task, units: list[tuple[int, Unit]], crew: Crew, tell: Tell,
            ) -> Iterator[tuple[int, dict[str, Any]]]:  # fmt: skip
    """The notes of all parts: those that are there, then the others as they are done."""
    found = {number: part.finished(own.run, number) for number in range(job.plan["parts"])}
    ready = {number: note for number, note in found.items() if note is not None}
    total, rows, done = job.extent.rows["households"], 0, 0
    for number, note in ready.items():
        rows, done = rows + note["rows"]["households"]["rows"], done + 1
        yield number, note
    left = [number for number in range(job.plan["parts"]) if number not in ready]
    begun = crew.each(task.score_part, own, left)  # workers need not wait for the check
    tell("check")
    _check(job, own, units, tell)
    if left and not forest.ready():
        tell("prepare")
    if job.plan["parts"] == len(left) == 1:
        tell("one")
    for number, note in begun:
        rows, done = rows + note["rows"]["households"]["rows"], done + 1
        tell("score", done, job.plan["parts"], rows, total, sum(home["in"] for home in note["provinces"].values()))
        yield number, note


def _files(own: Task, crew: Crew, notes: list[dict[str, Any]], tell: Tell) -> dict[str, Any]:
    """Write the files of scores; what the manifest says of each."""
    plan = shelves.plan(notes)
    total, rows, found = sum(shelf.size for shelf in plan), 0, {}
    for done, (shelf, (name, told)) in enumerate(crew.each(task.fill, own, plan), 1):
        found[name], rows = told, rows + shelf.size
        tell("write", done, len(plan), rows, total)
    return found


def _quarantined(note: Mapping[str, Any]) -> Counter[str]:
    """Rows in quarantine by table, of one note."""
    return Counter({name: told["quarantined"] for name, told in note["rows"].items()})


def _elsewhere(note: Mapping[str, Any]) -> Counter[str]:
    """Rows in quarantine by table, of one note, whose household the register lacks: no fault of the row."""
    return Counter({name: told.get("not_in_register", 0) for name, told in note["rows"].items()})


def _over(job: Job, bad: Mapping[str, int], elsewhere: Mapping[str, int]) -> dict[str, float]:
    """Tables of which a larger share than the limit is in quarantine already, of the rows that concern the register."""
    faults = {name: count - elsewhere[name] for name, count in bad.items()}
    shares = {name: count / (job.extent.rows[name] - elsewhere[name]) for name, count in faults.items() if count}
    return {name: share for name, share in shares.items() if share > job.request.limit_bad}


def _manifest(job: Job, notes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the folder holds, from what its parts say; no clock and no path, so that equal runs are equal bytes."""
    tables: dict[str, Counter[str]] = {name: Counter(rows=0, admitted=0, quarantined=0) for name in job.extent.rows}
    provinces: dict[str, Counter[str]] = {}
    files: dict[str, Any] = {}
    refusals: Counter[str] = Counter()
    for note in notes:
        files |= note["files"]
        refusals.update(note["refusals"])
        for name, told in note["rows"].items():
            tables[name].update(told)
        for name, told in note["provinces"].items():
            provinces.setdefault(name, Counter()).update(told)
    total = {state: sum(home[state] for home in provinces.values()) for state in ("in", *STATES, "at_risk")}
    if total["in"] != sum(total[state] for state in STATES):
        raise RuntimeError(f"counts do not add up: {total}")
    return {
        "run": job.plan,
        "synthetic": job.plan["synthetic"],
        "as_of": job.plan["as_of"],
        "bundle": {"name": job.bundle.name, "identity": job.bundle.identity, "view": job.bundle.schema["view"],
                   "horizon": job.bundle.schema["horizon"], "labels": job.bundle.cuts["labels"],
                   "poor_now": job.bundle.cuts["poor_now"]},
        "input": {"hash": job.plan["input"], "known": job.extent.newest(job.as_of),
                  "tables": {name: dict(told) for name, told in tables.items()},
                  "columns_not_read": {name: list(source.extra) for name, source in job.register.sources.items()
                                       if source.extra},
                  "columns_absent": {name: list(source.absent) for name, source in job.register.sources.items()
                                     if source.absent},
                  **({"doubles": told} if (told := doubles.named(notes, job.register.sources)) else {})},
        "households": total,
        "provinces": {name: dict(home) for name, home in provinces.items()},
        "refusals": dict(refusals),
        "files": files,
    }  # fmt: skip
