"""What `jaga score` does with its arguments: run, tell on the way, and print what came of it."""

from __future__ import annotations

import argparse
import errno
import re
import shutil
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features import crew
from features.commands import UserError
from features.report import rule_lines
from serving import batch, estimate, places, runs, top
from serving.batch import Job, Outcome, Request
from serving.estimate import Estimate
from serving.part import STATES
from serving.progress import Progress, duration

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CHAMPION = "champion"
LABEL = "DATA SINTETIS"


def command(arguments: argparse.Namespace) -> int:
    """Run `jaga score`; 0 done, 1 stopped by too many bad rows, or a dry run found too little room."""
    if str(arguments.output).startswith("memory://"):
        raise UserError(f"{arguments.output}: what lies there ends with this process; name a folder or another URL")
    if arguments.top < 0:
        raise UserError("--top is a number of households, 0 or more")
    looking = Progress()
    try:
        job = batch.prepare(_request(arguments), looking)
    finally:
        looking.end()
    workers = _workers(arguments.workers, job)
    if arguments.dry_run:
        guess = estimate.of(job, workers if arguments.scheduler is None else None)
        _print(plan_lines(job, guess))
        return 0 if batch.finished(job) or _fits(job, guess) else 1
    if arguments.json:
        _writable(arguments.json)
    began = time.monotonic()
    where = arguments.scheduler or ("this process" if workers == 1 else f"{workers} processes")

    def begun() -> None:
        _print([f"Scoring {job.extent.rows['households']:,} household rows as of {job.as_of}, bundle "
                f"{job.bundle.name}, {_parts(job)}, by {where}"])  # fmt: skip

    progress = Progress()
    try:
        with crew.crew(workers, arguments.scheduler) as own:
            progress.workers = own.workers
            outcome = batch.run(job, progress, own, begun)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise UserError(f"no room is left to write in {job.folder} ({error.strerror}); free some, and the same command "
                        "goes on where it stopped") from None  # fmt: skip
    finally:
        progress.end()
    said = {"state": outcome.state, "over_limit": outcome.over, "seconds": round(time.monotonic() - began, 3),
            **outcome.manifest}  # fmt: skip
    if arguments.json:
        runs.write_json(arguments.json, said)
    if outcome.state == "stopped":
        _stopped(job, outcome)
        return 1
    _print(result_lines(job, outcome, said["seconds"]))
    if arguments.top:
        _print(["", f"Highest risk{f' ({LABEL})' if job.plan['synthetic'] else ''} (+ raises it, - lowers it):",
                *top.lines(top.top(places.place(job.request.output), arguments.top), arguments.language)])  # fmt: skip
    return 0


def _writable(path: Path) -> None:
    """UserError where a file cannot be written: told before the work, not after it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = runs.half(path)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from None


def _request(arguments: argparse.Namespace) -> Request:
    path = None if arguments.bundle == CHAMPION else Path(arguments.bundle)
    return Request(arguments.input, arguments.output, path, day(arguments.as_of), arguments.chunk,
                   arguments.reasons, arguments.limit_bad, arguments.limit_refused, arguments.headcounts,
                   arguments.work)  # fmt: skip


MANY = 400_000
"""Household rows from which processes of their own are worth their start."""


def _workers(text: str, job: Job) -> int:
    if text == "auto":
        many = job.extent.rows["households"] >= MANY and find_spec("distributed") is not None
        return min(crew.processors(), job.plan["parts"]) if many else 1
    if not text.isdigit() or int(text) < 1:
        raise UserError(f"--workers {text!r}: a number from 1 on, or auto, is needed")
    return int(text)


def day(text: str) -> np.datetime64 | None:
    """A date as it is typed; None for `latest`."""
    if text == "latest":
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return np.datetime64(text, "D")
    except ValueError:
        pass
    raise UserError(f"{text!r} is not a date; write 2026-03-31")


def plan_lines(job: Job, guess: Estimate) -> list[str]:
    """What a run would do; UserError where it would refuse the output."""
    manifest = batch.finished(job)
    begun = manifest is None and batch.begun_before(job)
    rows = ", ".join(f"{name} {count:,}" for name, count in job.extent.rows.items())
    lines = [
        f"Input   {job.register.folder}{f' ({LABEL})' if job.plan['synthetic'] else ''}: {rows} rows",
        f"Bundle  {job.bundle.name}, view {job.bundle.schema['view']}, horizon {job.bundle.schema['horizon']}",
        f"As of   {job.as_of}",
        f"Output  {places.shown(job.request.output)}: "
        f"{'done already, nothing to do' if manifest else 'begun, to be finished' if begun else 'to be written'}",
    ]
    if manifest:
        return lines
    time = "as long as those workers take" if guess.seconds is None else f"about {duration(guess.seconds)}"
    done = batch.parts_done(job) if begun else 0
    ready = f"; {done} of them scored already, so less" if done else ""
    lines += [f"Work    {_parts(job)}; {time}, by a trial on {estimate.TRIAL:,} of the rows{ready}",
              f"Disk    about {_size(guess.work)} while the run lasts and {_size(guess.output)} of scores; "
              f"{_size(_free(job))} are free"]  # fmt: skip
    if not _fits(job, guess):
        lines.append("        which is not enough: free some, or name an --output elsewhere")
    return lines


def _fits(job: Job, guess: Estimate) -> bool:
    """Whether the disk has room for what the run would write."""
    return guess.work + guess.output <= _free(job)


def _free(job: Job) -> int:
    return shutil.disk_usage(_standing(job.folder)).free


def _standing(folder: Path) -> Path:
    """The nearest folder above that is there."""
    return folder if folder.exists() else _standing(folder.absolute().parent)


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


def _parts(job: Job) -> str:
    count = job.plan["parts"]
    return "in one part" if count == 1 else f"in {count} parts"


def result_lines(job: Job, outcome: Outcome, seconds: float) -> list[str]:
    """Counts of a finished run."""
    manifest = outcome.manifest
    total = manifest["households"]
    rate = f"; {total['in'] / max(seconds, 1e-9):,.0f} households a second, {duration(seconds)}"
    if outcome.state == "done":
        return ["Nothing to do: the same input, bundle and date are scored already", *_sums(job, total)]
    lines = [f"Scored{rate}", "", *count_lines(manifest)]
    lines += [f"Refused, {name}: {count:,}" for name, count in sorted(manifest["refusals"].items())]
    lines += [f"Rows of {name}: {told['rows']:,} = {told['admitted']:,} admitted + {told['quarantined']:,} quarantined"
              for name, told in manifest["input"]["tables"].items()]  # fmt: skip
    lines += [f"{name.capitalize()} of households that are not in this register: {told['not_in_register']:,}, left out"
              for name, told in manifest["input"]["tables"].items() if told.get("not_in_register")]  # fmt: skip
    lines += [f"Columns of {name} that are not in the contract and were not read: {', '.join(columns)}"
              for name, columns in manifest["input"]["columns_not_read"].items()]  # fmt: skip
    lines += [f"Columns of {name} that the contract has and this table lacks: {', '.join(columns)}"
              for name, columns in manifest["input"].get("columns_absent", {}).items()]  # fmt: skip
    lines += [f"Headcount {name}: {100 * own['before']:.2f} % before, {100 * own['after']:.2f} % after, "
              f"{100 * own['asked']:.2f} % asked; shift {own['shift']:+.3f}"
              for name, own in manifest.get("headcounts", {}).get("places", {}).items()]  # fmt: skip
    return [*lines, *_sums(job, total)]


def _sums(job: Job, total: dict[str, int]) -> list[str]:
    return [f"Households in {total['in']:,} = scored {total['scored']:,} + refused {total['refused']:,} "
            f"+ quarantined {total['quarantined']:,}; at risk {total['at_risk']:,}",
            f"Output: {places.shown(job.request.output)}"]  # fmt: skip


def count_lines(manifest: dict[str, Any]) -> list[str]:
    """Households by province and state, as a table."""
    heads = ("province", "in", *STATES, "at risk")
    rows = [(name, *(f"{home[state]:,}" for state in ("in", *STATES, "at_risk")))
            for name, home in manifest["provinces"].items()]  # fmt: skip
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    return ["  ".join(f"{cell:{'<' if at == 0 else '>'}{widths[at]}}" for at, cell in enumerate(row))
            for row in (heads, *rows)]  # fmt: skip


def _stopped(job: Job, outcome: Outcome) -> None:
    if batch.REFUSED in outcome.over:
        why = ", ".join(f"{name} {count:,}" for name, count in sorted(outcome.manifest["refusals"].items()))
        sys.stderr.write(f"jaga: stopped, nothing published: {outcome.over[batch.REFUSED]:.1%} of the families get no "
                         f"score ({why}), above the limit of {job.request.limit_refused:.1%}. As of {job.as_of}"
                         f"{', the latest known_at of the input' if job.request.as_of is None else ''}: is that date "
                         "right? --as-of names another; if it is, raise --limit-refused\n")  # fmt: skip
        return
    shares = ", ".join(f"{name} {share:.2%} so far" for name, share in outcome.over.items())
    sys.stderr.write(f"jaga: stopped, nothing published: rows in quarantine are above the limit of "
                     f"{job.request.limit_bad:.2%} ({shares}); read {job.folder / 'quarantine'}, "
                     "mend the input, or raise --limit-bad\n")  # fmt: skip
    kept = pa.concat_tables(pq.read_table(path, partitioning=None)
                            for path in sorted((job.folder / "quarantine").glob("*.parquet")))  # fmt: skip
    sys.stderr.writelines(f"{line}\n" for line in rule_lines(kept))


def _print(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
