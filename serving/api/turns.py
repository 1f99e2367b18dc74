"""One computation at a time in each process: who has the turn does the work of all who wait with it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    done: asyncio.Future[Done]


class Turns(Generic[Asked, Done]):
    """The turn of one process; numpy and LightGBM gain nothing from more threads on a few rows.

    work : for what several ask, what each gets, or the error that each gets. together : most of the size of what is
    worked at together; what is larger comes alone.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Sequence[Done | Exception]], together: int) -> None:
        self._work, self._together = work, together
        self._thread = anyio.CapacityLimiter(1)
        self._waiting: deque[_Job[Asked, Done]] = deque()
        self._working: asyncio.Task[None] | None = None

    def room(self) -> None:
        """Problem `busy` where so many wait that the wait would be long."""
        if len(self._waiting) >= limits.MOST_WAITING:
            raise Problem("busy", headers={"Retry-After": "1"})

    async def take(self, asked: Asked, size: int) -> Done:
        """What is done of what is asked, in turn. Problem `time_limit`."""
        loop = asyncio.get_running_loop()
        job = _Job[Asked, Done](asked, size, loop.create_future())
        self._waiting.append(job)
        if self._working is None:
            self._working = loop.create_task(self._work_off())
        try:
            async with asyncio.timeout(limits.WORK_SECONDS):
                return await job.done
        except TimeoutError:
            raise Problem("time_limit") from None
        finally:
            if job in self._waiting:
                self._waiting.remove(job)

    async def _work_off(self) -> None:
        """Work until nobody waits: one task for all, so that who is given up holds up nobody."""
        try:
            while self._waiting:
                jobs = self._gather()
                for job, done in zip(jobs, await self._done(jobs), strict=True):
                    if job.done.done():  # given up
                        continue
                    if isinstance(done, Exception):
                        job.done.set_exception(done)
                    else:
                        job.done.set_result(done)
        finally:
            self._working = None

    def _gather(self) -> list[_Job[Asked, Done]]:
        """The first one who waits and those behind it that may go with it."""
        jobs = [self._waiting.popleft()]
        size = jobs[0].size
        while self._waiting and len(jobs) < AT_ONCE and size + self._waiting[0].size <= self._together:
            jobs.append(self._waiting.popleft())
            size += jobs[-1].size
        return jobs

    async def _done(self, jobs: Sequence[_Job[Asked, Done]]) -> Sequence[Done | Exception]:
        try:
            return await anyio.to_thread.run_sync(self._work, [job.asked for job in jobs], abandon_on_cancel=True,
                                                  limiter=self._thread)  # fmt: skip
        except Exception as error:
            return [error] * len(jobs)
