"""A whole register scored: planned, cut into parts, scored part by part, counted and published."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from features import keys
from features.admit import admit
from features.commands import UserError
from features.context import TABLES as CONTEXT
from features.context import Context
from features.home import home
from models import bundle as bundles
from models import record
from models.bundle import Bundle
from models.headcount import Tally
from serving import headcounts, inputs, part, partitions, runs
from serving.headcounts import Headcounts
from serving.inputs import ROW, Extent, Register
from serving.part import STATES, Setting
from serving.partitions import Parts

FORMAT = 1
"""Version of the output folder's layout and of its columns."""

Tell = Callable[[int, int, int, int, int], None]
"""Called after each part: its number, the number of parts, its households, its household rows, rows still to come."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do; see `jaga score --help`.

    bundle : its folder; None takes the promoted one. as_of : None takes the latest known_at of the families' rows.
    """

    input: Path
    output: Path
    bundle: Path | None = None
    as_of: np.datetime64 | None = None
    chunk: int = 100_000
    reasons: int = 5
    limit_bad: float = 0.05
    headcounts: Path | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A request looked into: the register, its extent, the model, and the plan that names the run."""

    request: Request
    register: Register
    extent: Extent
    bundle: Bundle
    as_of: np.datetime64
    plan: dict[str, Any]
    headcounts: Headcounts | None = None

    def key(self) -> bytes:
        """Key for ids that are not codes yet."""
        return keys.PUBLIC_KEY if self.register.synthetic else keys.load().door


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: `published` now, found `done` before, or `stopped` by too many bad rows.

    Attributes
    ----------
    manifest : the manifest, or for a stopped run the counts so far.
    over : tables above the limit, with their share in quarantine.
    """

    state: Literal["published", "done", "stopped"]
    manifest: dict[str, Any]
    over: dict[str, float]


def prepare(request: Request) -> Job:
    """Look into a request and plan it, writing nothing.

    Raises
    ------
    UserError : input or bundle cannot be used, or a figure is out of its range.
    """
    if request.chunk < 1 or request.reasons < 0 or not 0 <= request.limit_bad <= 1:
        raise UserError("chunk must be 1 or more, reasons 0 or more, and the limit of bad rows from 0 to 1")
    bundle = _model(request.bundle)
    register = inputs.find(request.input)
    extent = inputs.survey(register)
    as_of = extent.latest if request.as_of is None else request.as_of
    plan = {"format": FORMAT, "version": version("jaga"), "input": register.fingerprint(), "bundle": bundle.identity,
            "as_of": str(as_of), "parts": -(-extent.rows["households"] // request.chunk), "reasons": request.reasons,
            # What a model of synthetic families says of real ones is not real either.
            "synthetic": register.synthetic or bool(bundle.schema["synthetic"])}  # fmt: skip
    asked = None
    if request.headcounts is not None:
        asked = headcounts.read(request.headcounts, as_of)
        plan["headcounts"] = asked.hash
    return Job(request, register, extent, bundle, as_of, plan, asked)


def _model(path: Path | None) -> Bundle:
    """The bundle at `path`, or the one promoted last, which the record vouches for; one that this version can serve."""
    found = path or record.champion(home())
    if found is None:
        raise UserError(f"no bundle is promoted in {home()}; promote one (jaga promote) or name one with --bundle")
    bundle = bundles.load(found)
    if path is None:
        record.check(home(), bundle)
    _ = bundle.features  # raises where this version lacks one
    return bundle


def run(job: Job, tell: Tell = lambda *_: None) -> Outcome:
    """Do a job: nothing where it is done, the rest where it was stopped.

    Raises
    ------
    UserError : the output folder holds another run, or another run holds it.
    """
    folder = job.request.output
    with runs.held(folder):
        manifest = runs.published(folder)
        if manifest is not None:
            runs.agree(folder, manifest["run"], job.plan)
            runs.clean(folder)
            return Outcome("done", manifest, {})
        return _work(job, runs.open_run(folder, job.plan), tell)


def _work(job: Job, run: runs.Run, tell: Tell) -> Outcome:
    setting, shared = _setting(job, run)
    parts = partitions.arrange(job.register, job.plan["parts"], run.work / "parts", job.key)
    setting, told = _brought(job, setting, parts)
    notes = [shared]
    for note in _notes(job, setting, parts, tell):
        notes.append(note)
        over = _over(job, notes)
        if over:
            return Outcome("stopped", _manifest(job, notes), over)
    manifest = _manifest(job, notes) | told
    for name, told in manifest["input"]["tables"].items():
        if told["rows"] != job.extent.rows[name]:
            raise UserError(f"{name} changed while it was read; score again once the input is at rest")
    runs.publish(run, manifest)
    return Outcome("published", manifest, {})


def _brought(job: Job, setting: Setting, parts: Parts) -> tuple[Setting, dict[str, Any]]:
    """The setting with the shifts that bring the run to its headcounts, and what the manifest says of them."""
    if job.headcounts is None:
        return setting, {}
    place, tally = headcounts.place_of(tuple(job.bundle.schema["strata"]), job.headcounts), Tally()
    for number in range(parts.count):
        part.tally_part(setting, parts, number, place, tally)
    shifts, told = headcounts.solve(tally, job.headcounts, place)
    return replace(setting, shifts=shifts), {"headcounts": told}


def _setting(job: Job, run: runs.Run) -> tuple[Setting, dict[str, Any]]:
    """What all parts share, and the note on the rows that were admitted for it."""
    tables = {name: partitions.shared(job.register, name) for name in (*CONTEXT, "shocks")
              if job.extent.rows.get(name)}  # fmt: skip
    admitted = admit({name: part.cells(table) for name, table in tables.items()}, required=())
    files = part.save_quarantine(run, "shared", admitted, {name: table.column(ROW) for name, table in tables.items()})
    # A table that the register lacks is that of the bundle: what was published when the model was made.
    context = Context({**job.bundle.context.tables, **admitted.tables})
    setting = Setting(run, job.bundle, context, admitted.tables.get("shocks"), job.extent.quarterly, job.as_of,
                      job.request.reasons, len(os.sched_getaffinity(0)))  # fmt: skip
    return setting, {"files": files, "rows": part.row_counts(admitted), "provinces": {}, "refusals": {}}


def _notes(job: Job, setting: Setting, parts: Parts, tell: Tell) -> Iterator[dict[str, Any]]:
    left = job.extent.rows["households"]
    for number in range(parts.count):
        path = setting.run.note(number)
        ready = path.exists()
        note = json.loads(path.read_text()) if ready else part.score_part(setting, parts, number)
        left -= note["rows"]["households"]["rows"]
        if not ready:
            came = sum(home["in"] for home in note["provinces"].values())
            tell(number, parts.count, came, note["rows"]["households"]["rows"], left)
        yield note


def _over(job: Job, notes: list[dict[str, Any]]) -> dict[str, float]:
    """Tables of which a larger share than the limit is in quarantine already."""
    bad: Counter[str] = Counter()
    for note in notes:
        bad.update({name: told["quarantined"] for name, told in note["rows"].items()})
    shares = {name: count / job.extent.rows[name] for name, count in bad.items() if count}
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
                   "horizon": job.bundle.schema["horizon"]},
        "input": {"hash": job.plan["input"], "tables": {name: dict(told) for name, told in tables.items()},
                  "columns_not_read": {name: list(source.extra) for name, source in job.register.sources.items()
                                       if source.extra}},
        "households": total,
        "provinces": {name: dict(home) for name, home in provinces.items()},
        "refusals": dict(refusals),
        "files": files,
    }  # fmt: skip
