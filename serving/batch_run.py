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

import numpy as np

from features import crew
from features.commands import Exit, UserError
from serving import batch, batch_told, estimate, places, runs, top
from serving.batch import Job, Request
from serving.progress import Progress

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CHAMPION = "champion"


def command(arguments: argparse.Namespace) -> int:
    """Run `jaga score`; `Exit.FAILED` where it is stopped by too many bad rows, or a dry run finds too little room."""
    if str(arguments.output).startswith("memory://"):
        raise UserError(f"{arguments.output}: what lies there ends with this process; name a folder or another URL")
    if arguments.top < 0:
        raise UserError("--top is a number of households, 0 or more")
    language = arguments.language
    asked = _asked(arguments)
    looking = Progress(language=language)
    try:
        job = batch.prepare(_request(arguments), looking)
    finally:
        looking.end()
    workers = _workers(asked, job)
    if arguments.dry_run:
        return _dry(job, workers, asked, arguments)
    if arguments.json:
        _writable(arguments.json)
    began = time.monotonic()

    def begun() -> None:
        _print([batch_told.begun_line(job, batch_told.where(workers, arguments.scheduler, language, asked), language)])

    progress = Progress(language=language)
    try:
        with crew.crew(workers, arguments.scheduler, progress) as own:
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
        first, *rest = batch_told.stopped_lines(job, outcome, language)
        sys.stderr.writelines(f"{line}\n" for line in (f"jaga: {first}", *rest))
        return Exit.FAILED
    _print(batch_told.result_lines(job, outcome, said["seconds"], language))
    if arguments.top and outcome.state == "published":
        _print(["", batch_told.top_line(job, language),
                *top.lines(top.top(places.place(job.request.output), arguments.top), language)])  # fmt: skip
    return Exit.DONE


def _dry(job: Job, workers: int, asked: int | None, arguments: argparse.Namespace) -> int:
    """Say what the run would do; `Exit.FAILED` where the disk has too little room."""
    free = _free(job)
    if batch.finished(job) is not None:
        _print(batch_told.plan_lines(job, None, free, arguments.language))
        return Exit.DONE
    batch.begun_before(job)  # refuses what the run would, before the trial
    if arguments.scheduler is not None:
        with crew.crew(workers, arguments.scheduler) as own:
            workers = own.workers
    guess = estimate.of(job, workers, cluster=arguments.scheduler is not None)
    _print(batch_told.plan_lines(job, guess, free, arguments.language, asked))
    return Exit.DONE if guess.fits(free) else Exit.FAILED


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


def _asked(arguments: argparse.Namespace) -> int | None:
    """Processes that are asked for; None for as many as the register is worth."""
    text = arguments.workers
    if text == "auto":
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise UserError(f"--workers {text!r}: a number from 1 on, or auto, is needed")
    if arguments.scheduler is not None:
        raise UserError("choose one of --workers and --scheduler: a scheduler has workers of its own")
    return int(text)


def _workers(asked: int | None, job: Job) -> int:
    """Processes that score: no more than there are parts, each of which is scored by one."""
    if asked is None:
        many = job.extent.rows["households"] >= MANY and find_spec("distributed") is not None
        asked = crew.processors() if many else 1
    return min(asked, job.plan["parts"])


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


def _free(job: Job) -> int:
    return shutil.disk_usage(_standing(job.folder)).free


def _standing(folder: Path) -> Path:
    """The nearest folder above that is there."""
    return folder if folder.exists() else _standing(folder.absolute().parent)


def _print(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
