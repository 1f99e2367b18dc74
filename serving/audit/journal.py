"""Audit rows of readings that come together are written together, in a thread of its own.

What a row is and where it goes while the database is away is in `serving.audit.reads`; one transaction for all that is
waiting costs little more than one for each, and the request that reads waits for it either way.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Literal

from serving.access.rights import Caller
from serving.audit import reads
from serving.audit.reads import Read
from serving.problems import Problem
from serving.store.engine import Store

AT_ONCE = 200
WAIT_SECONDS = 15
EVERY = 5.0
"""Seconds between two looks at the rows that wait for the database."""
_Job = tuple[Read, Future[None]]


class Journal:
    """The one who writes audit rows of readings; its thread begins with the first of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def note(self, who: Caller, act: str, *, object: str = "", households: Sequence[str] = (), area: str = "",
             count: int = 1, detail: Mapping[str, Any] | None = None,
             result: Literal["done", "refused"] = "done") -> Future[None]:  # fmt: skip
        """Have a row written; done when it is on disk. Parameters as of `trail.write`."""
        done: Future[None] = Future()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
                self._thread.start()
        self._queue.put((Read(who, act, object, tuple(households), area, count, detail, result), done))
        return done

    def write(self, who: Caller, act: str, **more: Any) -> None:
        """The same, waiting for it. Problem `read_only`, `storage_full`, `busy`: then nothing may be shown."""
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
            elif reads.pending():
                _tried(lambda: reads.absorb(self._store))
            if None in jobs:
                return

    def _gather(self) -> list[_Job | None]:
        """What is waiting; nothing after a while without any, and None at the end."""
        jobs: list[_Job | None] = []
        try:
            jobs.append(self._queue.get(timeout=EVERY))
            while jobs[-1] is not None and len(jobs) < AT_ONCE:
                jobs.append(self._queue.get_nowait())
        except queue.Empty:
            pass
        return jobs

    def _settle(self, batch: list[_Job]) -> None:
        failed = _tried(lambda: reads.write_many(self._store, [read for read, _ in batch]))
        for _, done in batch:
            if failed is None:
                done.set_result(None)
            else:
                done.set_exception(failed)


def _tried(act: Callable[[], object]) -> Exception | None:
    """What an act raised: whoever waits for it is told, and the thread lives on."""
    try:
        act()
    except Exception as error:
        return error
    return None
