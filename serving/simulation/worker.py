"""The process that lives scenarios, one after the other: begun when one waits, gone when none has come for a while.

It is one a machine, behind all that answers (`os.nice`), and it ends with the process that began it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Row

from features.commands import UserError
from features.home import home as installation
from models.schemes.beside import Kept
from models.text import LANGUAGES, Language
from serving.log_lines import Lines
from serving.problems import Problem
from serving.settings import read as read_settings
from serving.simulation import families, lived
from serving.simulation.families import FOLDER, Origin
from serving.store import people, scenarios
from serving.store.engine import Store, open_store

log = logging.getLogger("jaga")
IDLE_SECONDS, RUN_SECONDS, BEAT_SECONDS, LOOK_SECONDS, TICK_SECONDS = 600.0, 300.0, 10.0, 0.5, 0.1
ENDED = 3
"""Status of a process that ended itself to end a scenario: others may wait."""
WANTED = "wanted"
"""Folder of areas whose sample somebody asks for before there is a scenario."""


def work(store: Store, home: Path, register: Path | None, left: threading.Event, idle: float = IDLE_SECONDS) -> None:
    """Live what waits, until nothing has come for `idle` seconds or `left` is set."""
    quiet = time.monotonic()
    while not left.is_set():
        if _prepare(home, register) or _one(store, home, register):
            quiet = time.monotonic()
        elif time.monotonic() - quiet >= idle:
            return
        else:
            left.wait(TICK_SECONDS)


def want(home: Path, area: str) -> None:
    """Ask for the sample of an area."""
    path = home / FOLDER / WANTED / (area or "all")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


@contextmanager
def turn(home: Path) -> Iterator[bool]:
    """Whether this process may be the one that lives scenarios; nobody else may then."""
    path = home / FOLDER / ".turn"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _prepare(home: Path, register: Path | None) -> bool:
    """Draw a sample that is asked for; whether there was one."""
    folder = home / FOLDER / WANTED
    path = next(iter(sorted(folder.iterdir())), None) if folder.is_dir() else None
    if path is None:
        return False
    try:
        families.sample(home, Origin.of(home, register), "" if path.name == "all" else path.name)
    except UserError as error:
        log.warning("no sample of %s: %s", path.name, error)
    path.unlink(missing_ok=True)
    return True


def _one(store: Store, home: Path, register: Path | None) -> bool:
    """Live the scenario that waits longest; whether there was one."""
    with store.reading() as connection:
        if not scenarios.waiting(connection):
            return False
    with store.writing() as connection:
        row = scenarios.take(connection)
    if row is None:
        return False
    with _held(store, row.id):
        reason = _lived(store, home, register, row)
    if reason:
        log.warning("scenario %s failed: %s", row.number, reason)
        with store.writing() as connection:
            scenarios.failed(connection, row.id, reason)
    return True


def _lived(store: Store, home: Path, register: Path | None, row: Row[object]) -> str:
    """Live one and keep what it came to; why it cannot be, empty where it can."""
    try:
        origin = Origin.of(home, register)
        nation = families.sample(home, origin, row.regency or row.province or "")
        found, paired = lived.live(row.asked, nation, row.seed)
        kept = Kept(row.number, found, paired)
        with store.reading() as connection:
            maker = people.by_id(connection, row.made_by)
        own: Language = maker.language if maker else "id"
        lived.draw(home, kept, own)
        with store.writing() as connection:
            scenarios.done(connection, row.id, families=origin.name, bundle=nation.version, result=found,
                           paired=paired)  # fmt: skip
        # Whoever asked has all there is to see; pictures for the others follow.
        for other in LANGUAGES:
            lived.draw(home, kept, other)
    except UserError as error:
        return str(error)
    except Problem as problem:
        return problem.sentence("en")
    except Exception:  # whatever a scenario provokes, the next one is lived
        log.exception("scenario %s", row.number)
        return "internal"
    return ""


@contextmanager
def _held(store: Store, number: int) -> Iterator[None]:
    """Say while it is lived that it still is; past the time limit, or once it is cancelled, the process ends, and with
    it the scenario: what lives a family cannot be stopped otherwise."""
    over = threading.Event()

    def speak() -> None:
        begun = told = time.monotonic()
        while not over.wait(LOOK_SECONDS):
            now, unwanted = time.monotonic(), False
            late = now - begun > RUN_SECONDS
            try:
                with store.reading() as connection:
                    unwanted = scenarios.cancelled(connection, number)
                if not unwanted and (late or now - told > BEAT_SECONDS):
                    with store.writing() as connection:
                        if late:
                            scenarios.failed(connection, number, "time_limit")
                        else:
                            scenarios.hold(connection, number)
                    told = now
            except Problem:
                pass  # the database is away; another process takes the scenario if that lasts
            if late or unwanted:
                families.stop()
                os._exit(ENDED)

    thread = threading.Thread(target=speak, name="held", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _watch(left: threading.Event) -> None:
    # Not through `sys.stdin`: a thread that waits holds the lock of its buffer, and the interpreter dies of that.
    while os.read(0, 4096):
        pass
    left.set()


def main() -> int:
    """Be that process; standard input ends when the one that began it does."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    os.nice(10)
    left = threading.Event()
    threading.Thread(target=_watch, args=(left,), name="parent", daemon=True).start()
    store, home = open_store(), installation()
    try:
        while not left.is_set():
            with turn(home) as mine:
                if not mine:
                    return 0
                families.tidy(home)
                work(store, home, read_settings().register, left)
            # One that came between the last look and the end of the turn saw it taken and began no other process.
            with store.reading() as connection:
                if not scenarios.waiting(connection):
                    return 0
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
