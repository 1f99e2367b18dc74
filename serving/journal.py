"""Audit rows of what was only read: many at once in one transaction, and kept aside while the database is away.

An answer is sent once its row is on disk, so nothing is read without a trace. Where the database is away the row goes
to a file of this machine (signed line by line) and into the log when the database is back, with its own time: reading
goes on, and so does its record. Where neither can be written nothing is answered.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import logging
import os
import queue
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from serving import audit
from serving.access import Caller, Grant
from serving.problems import Problem
from serving.store.engine import Store

log = logging.getLogger("jaga")

AT_ONCE = 200
WAIT_SECONDS = 15
EVERY = 5.0
"""Seconds between two tries to bring the file into the log."""


@dataclass(frozen=True, slots=True)
class Note:
    """What `audit.write` is told; `grants` as (role, area)."""

    at: str
    person: int
    account: str
    via: str
    grants: tuple[tuple[str, str], ...]
    act: str
    object: str
    households: tuple[str, ...]
    area: str
    count: int
    detail: Mapping[str, Any] | None

    def write(self, connection: Connection) -> None:
        """Write the row, with the time of what it tells of."""
        who = Caller(self.person, self.account, "", tuple(Grant(role, area) for role, area in self.grants),  # type: ignore[arg-type]
                     self.via)  # type: ignore[arg-type] # fmt: skip
        audit.write(connection, who, self.act, object=self.object, households=self.households, area=self.area,
                    count=self.count, detail=self.detail)  # fmt: skip


class Journal:
    """The one who writes audit rows of readings, in a thread of its own that begins with the first of them."""

    def __init__(self, store: Store, waiting: Path) -> None:
        """waiting : file for rows that could not be written yet; all processes of an installation share it."""
        self._store, self._waiting = store, waiting
        self._queue: queue.SimpleQueue[tuple[Note, Future[None]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def note(self, who: Caller, act: str, *, object: str = "", households: Sequence[str] = (), area: str = "",
             count: int = 1, detail: Mapping[str, Any] | None = None) -> Future[None]:  # fmt: skip
        """Have a row written; done when it is on disk. Parameters as of `audit.write`."""
        own = Note(self._store.clock().isoformat(), who.person, who.account, who.via,
                   tuple((grant.role, grant.area) for grant in who.grants), act, object, tuple(households), area,
                   count, detail)  # fmt: skip
        done: Future[None] = Future()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
                self._thread.start()
        self._queue.put((own, done))
        return done

    def write(self, who: Caller, act: str, **more: Any) -> None:
        """The same, waiting for it. Problem `storage_full`, `busy`."""
        try:
            self.note(who, act, **more).result(WAIT_SECONDS)
        except TimeoutError:
            raise Problem("busy", headers={"Retry-After": "2"}) from None

    def close(self) -> None:
        """Write what is waiting and end."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join(WAIT_SECONDS)

    def _work(self) -> None:
        while True:
            jobs = self._gather()
            batch = [job for job in jobs if job is not None]
            if batch:
                self._settle(batch)
            else:
                self._bring()
            if None in jobs:
                return

    def _gather(self) -> list[tuple[Note, Future[None]] | None]:
        """What is waiting; nothing after a while without any, and None at the end."""
        jobs: list[tuple[Note, Future[None]] | None] = []
        try:
            jobs.append(self._queue.get(timeout=EVERY))
            while jobs[-1] is not None and len(jobs) < AT_ONCE:
                jobs.append(self._queue.get_nowait())
        except queue.Empty:
            pass
        return jobs

    def _settle(self, batch: list[tuple[Note, Future[None]]]) -> None:
        failed: BaseException | None = None
        try:
            self._keep([own for own, _ in batch])
        except BaseException as error:
            failed = error
        for _, done in batch:
            if failed is None:
                done.set_result(None)
            else:
                done.set_exception(failed)

    def _keep(self, notes: list[Note]) -> None:
        try:
            with self._store.writing() as connection:
                for own in notes:
                    own.write(connection)
        except Problem as problem:
            if problem.code != "read_only":
                raise
            log.warning("the database is away: %d audit rows wait in a file", len(notes))
            self._put_aside(notes)
        else:
            if self._waiting.exists():
                self._bring()

    def _put_aside(self, notes: list[Note]) -> None:
        try:
            self._waiting.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(self._waiting, "ab", opener=_private) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                for own in notes:
                    text = json.dumps(asdict(own), ensure_ascii=False)
                    file.write(json.dumps([text, self._sealed(text)], ensure_ascii=False).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            raise Problem("storage_full") from None

    def _bring(self) -> None:
        """Bring the file into the log and empty it; stopped between the two, its rows are there twice."""
        try:
            with self._waiting.open("rb+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                lines = file.read().splitlines()
                if not lines:
                    return
                with self._store.writing() as connection:
                    for line in lines:
                        self._read(line).write(_then(connection, self._read(line).at))
                file.truncate(0)
            log.info("%d audit rows that had waited are in the log", len(lines))
        except FileNotFoundError:
            pass
        except Problem as problem:
            log.warning("audit rows go on waiting: %s", problem.code)

    def _read(self, line: bytes) -> Note:
        try:
            text, seal = json.loads(line)
            if hmac.compare_digest(seal, self._sealed(text)):
                told = json.loads(text)
                return Note(**told | {"grants": tuple(map(tuple, told["grants"])),
                                      "households": tuple(told["households"])})  # fmt: skip
        except (ValueError, TypeError):
            pass
        # Told in the log rather than passed over: somebody changed the file, or the disk lost a part of it.
        return Note(self._store.clock().isoformat(), 0, "-", "command", (), "audit.damaged", "", (), "", 1, None)

    def _sealed(self, text: str) -> str:
        return hmac.new(self._store.seal, b"waiting " + text.encode(), hashlib.sha256).hexdigest()


def _then(connection: Connection, at: str) -> Connection:
    moment = datetime.fromisoformat(at)
    return connection.execution_options(jaga_clock=lambda: moment)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
