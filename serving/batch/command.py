"""What `jaga score` does with its arguments: run, tell on the way, and print what came of it."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from features import answer_file, crew
from features.commands import NO_ROOM, Exit, UserError
from models.text import Language
from serving import places
from serving.batch import batch, estimate, runs, top
from serving.batch import told as batch_told
from serving.batch.batch import Job, Outcome, Request
from serving.batch.progress import Progress

CHAMPION = "champion"
TOP = 10
"""Households at the highest risk that a terminal is shown unasked."""


def command(arguments: argparse.Namespace) -> int:
    """Run `jaga score`; `Exit.FAILED` where it is stopped by too many bad rows, or a dry run finds too little room."""
    if str(arguments.output).startswith("memory://"):
        raise UserError(f"{arguments.output}: what lies there ends with this process; name a folder or another URL")
    if arguments.top is not None and arguments.top < 0:
        raise UserError("--top is a number of households, 0 or more")
    language = arguments.language
    asked = _asked(arguments)
    answer_file.writable(arguments.json)
    looking = Progress(language=language)
    try:
        job = batch.prepare(_request(arguments), looking)
    finally:
        looking.end()
    workers = _workers(asked, job)
    told = _Told()
    if arguments.dry_run:
        return told.end(_dry(job, workers, asked, arguments, told), job, language)
    outcome = _done(job, workers, asked, arguments, told)
    best: list[str] = []
    many = arguments.top if arguments.top is not None else TOP if sys.stdout.isatty() else 0
    if many and outcome.state == "published":
        best = ["", batch_told.top_line(job, language),
                *top.lines(top.top(places.place(job.request.output), many), language)]  # fmt: skip
    said = {"state": outcome.state, "over_limit": outcome.over,
            "seconds": round(time.monotonic() - arguments.began, 3), **outcome.manifest}  # fmt: skip
    answer_file.write(arguments.json, runs.as_json(said))
    if outcome.state == "stopped":
        first, *rest = batch_told.stopped_lines(job, outcome, language)
        sys.stderr.writelines(f"{line}\n" for line in (f"jaga: {first}", *rest))
        return Exit.FAILED
    told.lines([*batch_told.result_lines(job, outcome, said["seconds"], language), *best])
    return told.end(Exit.DONE, job, language)


def _done(job: Job, workers: int, asked: int | None, arguments: argparse.Namespace, told: _Told) -> Outcome:
    """What came of the job, told on the way; UserError where no room is left to write."""
    language = arguments.language
    where = batch_told.where(workers, arguments.scheduler, language, asked)
    progress = Progress(language=language)
    try:
        with crew.crew(workers, arguments.scheduler, progress) as own:
            progress.workers = own.workers
            return batch.run(job, progress, own, lambda: told.lines([batch_told.begun_line(job, where, language)]))
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise UserError(f"no room is left to write in {job.folder} ({error.strerror}); free some, and the same command "
                        "goes on where it stopped") from None  # fmt: skip
    finally:
        progress.end()


def _dry(job: Job, workers: int, asked: int | None, arguments: argparse.Namespace, told: _Told) -> Exit:
    """Say what the run would do; `Exit.FAILED` where the disk has too little room."""
    free, guess, state = _free(job), None, "done"
    if batch.finished(job) is None:
        state = "begun" if batch.begun_before(job) else "new"  # refuses what the run would, before the trial
        spent = time.monotonic() - arguments.began
        if arguments.scheduler is not None:
            progress = Progress(language=arguments.language)
            with crew.crew(workers, arguments.scheduler, progress) as own:
                workers = own.workers
            progress.end()
        guess = estimate.of(job, workers, cluster=arguments.scheduler is not None, spent=spent)
    told.lines(batch_told.plan_lines(job, guess, free, arguments.language, asked))
    answer_file.write(arguments.json, runs.as_json(batch_told.plan(job, state, guess, free)))
    return Exit.DONE if guess is None or guess.fits(free) else Exit.FAILED


class _Told:
    """What is printed. Where it cannot be, the work goes on all the same, and that is told at its end."""

    def __init__(self) -> None:
        self._lost: OSError | None = None

    def lines(self, lines: list[str]) -> None:
        """Print lines, or nothing where that was not possible before."""
        if self._lost is not None:
            return
        try:
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()
        except OSError as error:
            self._lost = error
            with suppress(OSError, ValueError):  # what is left in it would be tried again as this process ends
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def end(self, code: Exit, job: Job, language: Language) -> Exit:
        """The exit code; that of wrong use where what was to be printed is lost. A reader that left wants none."""
        if self._lost is None or isinstance(self._lost, BrokenPipeError):
            return code
        sys.stderr.write(f"jaga: {batch_told.unprinted_line(job, self._lost.strerror or '', language)}\n")
        return Exit.WRONG


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
    raise UserError(f"{text!r} is not a date; write 2026-03-31", f"{text!r} bukan tanggal; tulis 2026-03-31")


def _free(job: Job) -> int:
    return shutil.disk_usage(_standing(job.folder)).free


def _standing(folder: Path) -> Path:
    """The nearest folder above that is there."""
    return folder if folder.exists() else _standing(folder.absolute().parent)
