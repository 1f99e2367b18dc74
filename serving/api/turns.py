"""One computation at a time in each process: who has the turn does the work of all who wait with it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import anyio
import anyio.to_thread

from serving import limits
from serving.problems import Problem

Asked = TypeVar("Asked")
Done = TypeVar("Done")
AT_ONCE = 32
"""Requests that are worked at together at most."""


@dataclass(eq=False, slots=True)
class _Job(Generic[Asked, Done]):
    asked: Asked
    size: int
    done: list[Done | Exception] = field(default_factory=list)


class Turns(Generic[Asked, Done]):
    """The turn of one process; numpy and LightGBM gain nothing from more threads on a few rows.

    work : for what several ask, what each gets, or the error that each gets. together : most of the size of what is
    worked at together; what is larger comes alone.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Sequence[Done | Exception]], together: int) -> None:
        self._work, self._together = work, together
        self._turn, self._thread = anyio.CapacityLimiter(1), anyio.CapacityLimiter(1)
        self._waiting: deque[_Job[Asked, Done]] = deque()

    def room(self) -> None:
        """Problem `busy` where so many wait that the wait would be long."""
        if self._turn.statistics().tasks_waiting >= limits.MOST_WAITING:
            raise Problem("busy", headers={"Retry-After": "1"})

    async def take(self, asked: Asked, size: int) -> Done:
        """What is done of what is asked, in turn. Problem `time_limit`."""
        job = _Job[Asked, Done](asked, size)
        self._waiting.append(job)
        try:
            with anyio.fail_after(limits.WORK_SECONDS):
                async with self._turn:
                    if not job.done:
                        jobs = self._gather(job)
                        await anyio.to_thread.run_sync(self._settle, jobs, abandon_on_cancel=True,
                                                       limiter=self._thread)  # fmt: skip
        except TimeoutError:
            raise Problem("time_limit") from None
        finally:
            if job in self._waiting:
                self._waiting.remove(job)
        (done,) = job.done
        if isinstance(done, Exception):
            raise done
        return done

    def _gather(self, first: _Job[Asked, Done]) -> list[_Job[Asked, Done]]:
        """The first one and those behind it that may go with it."""
        if first in self._waiting:  # not where another one took it along and was given up
            self._waiting.remove(first)
        jobs, size = [first], first.size
        while self._waiting and len(jobs) < AT_ONCE and size + self._waiting[0].size <= self._together:
            jobs.append(self._waiting.popleft())
            size += jobs[-1].size
        return jobs

    def _settle(self, jobs: Sequence[_Job[Asked, Done]]) -> None:
        for job, done in zip(jobs, self._work([job.asked for job in jobs]), strict=True):
            if not job.done:
                job.done.append(done)
