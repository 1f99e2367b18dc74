"""Who does the work of a run: this process, processes of this machine, or the workers of a Dask cluster.

Work is cut into pieces that need nothing but the task and their number, leave files that have their name only once
they are whole, and do nothing where these are there already. So a piece can be done anywhere, again, or twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol, TypeVar

from features.commands import UserError
from serving.task import Task

Item = TypeVar("Item")
Found = TypeVar("Found")
_WORKER = {"OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1, "MALLOC_ARENA_MAX": 1,
           "MALLOC_TOP_PAD_": 256 << 20, "MALLOC_TRIM_THRESHOLD_": 1 << 30, "MALLOC_MMAP_THRESHOLD_": 32 << 20,
           }  # fmt: skip
"""Environment of a worker. Dask's own would give memory back to the system after every column, and a third of the time
would go into getting it again; the next part needs as much."""
_AHEAD = 3
"""Pieces handed out for each worker at a time: none waits for the next, and a stop leaves few behind."""


class Crew(Protocol):
    """Does pieces of work, in any order."""

    def each(self, work: Callable[[Task, Item], Found], task: Task, items: Sequence[Item],
             ) -> Iterator[tuple[Item, Found]]:  # fmt: skip
        """What each piece gives, as it is done."""
        ...


class Alone:
    """This process."""

    def each(self, work: Callable[[Task, Item], Found], task: Task, items: Sequence[Item],
             ) -> Iterator[tuple[Item, Found]]:  # fmt: skip
        """One piece after the other."""
        for item in items:
            yield item, work(task, item)


class Cluster:
    """The workers of a Dask client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def each(self, work: Callable[[Task, Item], Found], task: Task, items: Sequence[Item],
             ) -> Iterator[tuple[Item, Found]]:  # fmt: skip
        """Pieces side by side; those of a lost worker are done again by another."""
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        left = iter(items)
        workers = max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))
        own = {self._client.submit(work, task, item, pure=False): item for item in islice(left, _AHEAD * workers)}
        done = as_completed(list(own))
        try:
            for future in done:
                item = own.pop(future)
                try:
                    found = future.result()
                except KilledWorker as error:
                    raise UserError(
                        f"the workers that were given {item} died one after the other ({error}); is their memory "
                        "enough for a part? A smaller --chunk needs less"
                    ) from None
                yield item, found
                for further in islice(left, 1):
                    new = self._client.submit(work, task, further, pure=False)
                    own[new] = further
                    done.add(new)
        finally:
            self._client.cancel(list(own))


@contextmanager
def crew(workers: int, scheduler: str | None) -> Iterator[Crew]:
    """This process for one worker, else Dask: on this machine, or at a scheduler's address.

    Raises
    ------
    UserError : Dask is not installed, or no scheduler answers.
    """
    if scheduler is None and workers == 1:
        yield Alone()
        return
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise UserError("--workers and --scheduler need Dask: pip install 'jaga[scale]'") from None
    with dask.config.set({"distributed.scheduler.allowed-failures": 5, "distributed.worker.daemon": True,
                          "distributed.logging.distributed": "critical",
                          "distributed.nanny.pre-spawn-environ": _WORKER}):  # fmt: skip
        if scheduler is not None:
            try:
                with Client(scheduler, timeout=20) as client:
                    client.wait_for_workers(1, timeout=60)
                    yield Cluster(client)
            except (OSError, TimeoutError) as error:
                raise UserError(f"no scheduler with workers at {scheduler}: {error}") from None
            return
        with (
            # One thread each, so that the libraries' own threads do not fight; memory is bounded by --chunk.
            LocalCluster(workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                         memory_limit=0, silence_logs=50) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
            yield Cluster(client)


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0))
