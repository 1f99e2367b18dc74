"""Who does the work of a run: this process, processes of this machine, or the workers of a Dask cluster.

Work is cut into pieces that need nothing but the task and what they are given, so a piece can be done anywhere, again,
or twice: the files it leaves have their name only once they are whole, and it does nothing where these are there
already.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from itertools import islice
from typing import Any, Protocol, Self, TypeVar

from features.commands import UserError

Task = TypeVar("Task")
Item = TypeVar("Item")
Found = TypeVar("Found")
_WORKER = {"OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1, "MALLOC_ARENA_MAX": 1,
           "MALLOC_TOP_PAD_": 256 << 20, "MALLOC_TRIM_THRESHOLD_": 1 << 30, "MALLOC_MMAP_THRESHOLD_": 32 << 20,
           }  # fmt: skip
"""Environment of a worker. Dask's own would give memory back to the system after every column, and a third of the time
would go into getting it again; the next part needs as much."""
_NO_DASK = "--workers and --scheduler need Dask: pip install 'jaga[scale]'"
_GOES_ON = "the same command goes on where this one stopped"
LOOK = 5.0
"""Seconds without a finished piece after which it is looked whether any worker is left."""
CONNECT = 20.0
"""Seconds in which a scheduler must answer."""
WAIT = 60.0
"""Seconds that a scheduler's first worker is waited for."""
NO_WORKER_YET, NO_WORKER, WORKER_BACK = "no_worker_yet", "no_worker", "worker_back"
"""What a cluster tells: that its first worker is waited for, that nothing can go on, and that it does again."""
_SAID = {
    NO_WORKER_YET: f"the scheduler is there and has no worker; waiting {WAIT:.0f} s for one; Ctrl-C stops",
    NO_WORKER: "no worker is left; waiting for one; Ctrl-C stops",
    WORKER_BACK: "a worker is there again",
}
_SEALED = ("tls://", "wss://")
_AHEAD = 3
"""Pieces handed out for each worker at a time: none waits for the next, and a stop leaves few behind."""


class Crew(Protocol):
    """Does pieces of work, in any order."""

    @property
    def workers(self) -> int:
        """Pieces that are done side by side."""
        ...

    def each(self, work: Callable[[Task, Item], Found], task: Task, items: Iterable[Item],
             ) -> Iterator[tuple[Item, Found]]:  # fmt: skip
        """What each piece gives, as it is done; work may begin before it is asked for."""
        ...


class Alone:
    """This process."""

    workers = 1

    def each(self, work: Callable[[Task, Item], Found], task: Task, items: Iterable[Item],
             ) -> Iterator[tuple[Item, Found]]:  # fmt: skip
        """One piece after the other."""
        for item in items:
            yield item, work(task, item)


class Cluster:
    """The workers of a Dask client."""

    def __init__(self, client: Any, tell: Callable[[str], object] | None = None) -> None:
        """tell : hears `NO_WORKER` and `WORKER_BACK`, each once a time; without it standard error does, in words."""
        self._client = client
        self._tell = tell or _say
        self._manned = True

    def each(self, work: Callable[[Task, Item], Found], task: Task, items: Iterable[Item],
             ) -> Iterator[tuple[Item, Found]]:  # fmt: skip
        """Pieces side by side, the first handed out at once; those of a lost worker are done again by another."""
        left = iter(items)

        def give(count: int) -> dict[Any, Item]:
            return {self._client.submit(work, task, item, pure=False): item for item in islice(left, count)}

        return self._done(give(_AHEAD * max(1, self.workers)), give)

    def _done(self, own: dict[Any, Item], give: Callable[[int], dict[Any, Item]]) -> Iterator[tuple[Item, Any]]:
        from distributed import wait
        from distributed.scheduler import KilledWorker

        with lost_told(self._client, _GOES_ON):
            try:
                yield from self._finished(own, give, wait)
            except KilledWorker as error:
                count = error.allowed_failures + 1
                raise UserError(f"{count} workers died one after the other of the same piece; is their memory enough "
                                "for it? In jaga score a smaller --chunk needs less, with another --output or once the "
                                "unfinished one is removed") from None  # fmt: skip
            finally:
                with suppress(OSError):
                    self._client.cancel(list(own))

    def _finished(self, own: dict[Any, Item], give: Callable[[int], dict[Any, Item]], wait: Any,
                  ) -> Iterator[tuple[Item, Any]]:  # fmt: skip
        while own:
            try:
                done = wait(list(own), timeout=LOOK, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                self._look()
                continue
            if not self._manned:
                self._look()
            for future in done:
                try:
                    found = future.result(timeout=LOOK)
                except TimeoutError:
                    if future.status == "error":  # the piece's own
                        raise
                    self._look()  # what was found lay with a worker that is lost; it is done again
                    continue
                yield own.pop(future), found
                own |= give(1)

    @property
    def workers(self) -> int:
        """Workers that are there now; UserError where the scheduler is lost."""
        with lost_told(self._client, _GOES_ON):
            return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def _look(self) -> None:
        """Tell that nothing can go on, rather than wait in silence, and that it does again."""
        manned = self._client.status == "running" and self.workers > 0
        if manned is not self._manned:
            self._manned = manned
            self._tell(WORKER_BACK if manned else NO_WORKER)


def _say(event: str) -> None:
    sys.stderr.write(f"jaga: {_SAID[event]}\n")


@contextmanager
def lost_told(client: Any, then: str) -> Iterator[None]:
    """UserError where the scheduler of a client is lost meanwhile; `then` is what there is to do."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        from distributed.comm import CommClosedError

        if not isinstance(error, CancelledError | CommClosedError) and client.status == "running":
            raise
        raise UserError(f"the scheduler is lost; {then}") from None


@contextmanager
def quiet() -> Iterator[None]:
    """Dask's own log is silent in here, where what goes wrong is told in words, once.

    Raises
    ------
    UserError : Dask is not installed.
    """
    try:
        import dask
        from distributed.utils import silence_logging_cmgr
    except ImportError:
        raise UserError(_NO_DASK) from None
    with dask.config.set({"distributed.logging.distributed": "critical"}), silence_logging_cmgr(logging.CRITICAL):
        yield


def connect(scheduler: str, tell: Callable[[str], object] | None = None) -> Any:
    """A client of a Dask scheduler that has workers; `tell` hears `NO_WORKER_YET` where it has none at first.

    Raises
    ------
    UserError : Dask is not installed, it is no address, or no scheduler with workers answers.
    """
    try:
        from distributed import Client, Security
        from distributed.comm import get_address_host_port
    except ImportError:
        raise UserError(_NO_DASK) from None
    try:
        get_address_host_port(scheduler)  # before a client is half made
    except (ValueError, ImportError):
        raise UserError(f"--scheduler {scheduler!r} is no address of a Dask scheduler; write tcp://HOST:8786") from None
    if scheduler.startswith(_SEALED) and Security().get_connection_args("client").get("ssl_context") is None:
        raise UserError(f"--scheduler {scheduler!r}: Dask has no certificate for it; name one in Dask's configuration "
                        "(distributed.comm.tls), or write tcp://HOST:8786")  # fmt: skip
    try:
        client = Client(scheduler, timeout=CONNECT)
    except (OSError, TimeoutError) as error:
        raise UserError(f"no scheduler with workers at {scheduler}: {error}") from None
    try:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            (tell or _say)(NO_WORKER_YET)
        client.wait_for_workers(1, timeout=WAIT)
    except (OSError, TimeoutError) as error:
        client.close()
        raise UserError(f"no scheduler with workers at {scheduler}: {error}") from None
    return client


@contextmanager
def crew(workers: int, scheduler: str | None, tell: Callable[[str], object] | None = None) -> Iterator[Crew]:
    """This process for one worker, else Dask: on this machine, or at a scheduler's address; `tell` as of `Cluster`.

    Raises
    ------
    UserError : Dask is not installed, or no scheduler answers.
    """
    if scheduler is None and workers == 1:
        yield Alone()
        return
    with quiet():
        if scheduler is not None:
            with connect(scheduler, tell) as client:
                yield Cluster(client, tell)
            return
        import dask
        from distributed import Client, LocalCluster

        stay = dask.config.set({"distributed.scheduler.allowed-failures": 5, "distributed.worker.daemon": True,
                                "distributed.worker.multiprocessing-method": "forkserver",
                                "distributed.nanny.pre-spawn-environ": _WORKER})  # fmt: skip
        warm()
        # One thread each, so that the libraries' own threads do not fight; memory is bounded by --chunk.
        with stay, _PutOff() as put_off, ExitStack() as stack:
            cluster = LocalCluster(n_workers=workers, threads_per_worker=1, host="127.0.0.1",
                                   dashboard_address="127.0.0.1:0", memory_limit=0, silence_logs=50)  # fmt: skip
            client = stack.enter_context(Client(stack.enter_context(cluster)))
            stack.callback(put_off.hold)
            put_off.let()
            yield Cluster(client, tell)


def warm(modules: Sequence[str] = ()) -> None:
    """Start the process that workers of this machine fork from, which reads what they need while this one goes on.

    Nothing where it runs already. So a worker is there at once, also in the place of one that was lost.

    modules : names of the modules that hold the work.
    """
    if find_spec("distributed") is None:
        return
    from multiprocessing import forkserver

    own = {name: os.environ.get(name) for name in _WORKER}
    os.environ.update({name: str(value) for name, value in _WORKER.items()})
    forkserver.set_forkserver_preload(["distributed.nanny", "distributed.worker", *modules])
    try:
        with _uninterrupted():
            forkserver.ensure_running()
    finally:
        for name, value in own.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


class _PutOff:
    """Ctrl-C while it is held back comes after: Dask that is stopped as it starts or ends leaves half of it behind."""

    def __init__(self) -> None:
        self._had: Any = None
        self._came = False

    def hold(self) -> None:
        """Hold it back from here."""
        if self._had is None and threading.current_thread() is threading.main_thread():
            self._had = signal.signal(signal.SIGINT, self._note)

    def _note(self, *_: Any) -> None:
        self._came = True

    def let(self) -> None:
        """Let it through from here, and that which came."""
        if self._had is not None:
            signal.signal(signal.SIGINT, self._had)
        came, self._had, self._came = self._came, None, False
        if came:
            raise KeyboardInterrupt

    def __enter__(self) -> Self:
        """Hold it back."""
        self.hold()
        return self

    def __exit__(self, *_: object) -> None:
        """Let it through."""
        self.let()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that start in here, and theirs, leave Ctrl-C to this one, which has it after and ends them."""
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its start lets through what is held back
    had = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, had)


def spread(work: Callable[[Item], Found], items: Sequence[Item], workers: int,
           begin: Callable[..., object] | None = None, given: tuple[Any, ...] = ()) -> Iterator[Found]:  # fmt: skip
    """What each piece gives, in order, by processes of this machine that know nothing of this one's memory.

    They leave Ctrl-C to this process from their start on, and are ended with whatever ends this before all is done.

    begin, given : what each process does first, and with what.
    """
    from multiprocessing import active_children, get_context

    before = set(active_children())
    pool = ProcessPoolExecutor(workers, get_context("spawn"), begin, given)
    try:
        with _uninterrupted():
            found = pool.map(work, items)  # starts them all
        yield from found
    except BaseException:
        with _PutOff():
            for process in set(active_children()) - before:
                process.kill()
            pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0))
