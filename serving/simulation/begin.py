"""How a process that answers has scenarios lived: by one beside it, begun when there is something to do."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

from models.drawn import environment
from serving.simulation import worker
from serving.store.engine import Store

log = logging.getLogger("jaga")
AGAIN_SECONDS = 5.0
"""Between two beginnings: a process that dies at once is not begun in a circle."""


class Beginner:
    """Begins the process that lives scenarios where there is none."""

    def __init__(self, home: Path, store: Store) -> None:
        self.home, self._store = home, store
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = -AGAIN_SECONDS
        self._lock = threading.Lock()

    def wake(self) -> None:
        """See to it that what waits is lived."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return
            if time.monotonic() - self._begun < AGAIN_SECONDS:
                return
            with worker.turn(self.home) as free:
                if not free:
                    return
            self._begun = time.monotonic()
            own = environment() | {"JAGA_HOME": str(self.home),
                                   "JAGA_DB": self._store.engine.url.render_as_string(hide_password=False)}  # fmt: skip
            try:
                self._process = subprocess.Popen([sys.executable, "-m", "serving.simulation.worker"],
                                                 stdin=subprocess.PIPE, env=own)  # fmt: skip
            except OSError as error:
                log.warning("scenarios cannot be lived: %s", error.strerror)
                return
            threading.Thread(target=self._follow, args=(self._process,), name="scenarios", daemon=True).start()

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        """Begin another where one ended itself with a scenario, so that the next one waits for nobody to look."""
        status = process.wait()
        assert process.stdin is not None
        process.stdin.close()
        if status != worker.ENDED:
            return
        with self._lock:
            if self._process is not process:  # closed
                return
            self._begun = -AGAIN_SECONDS
        self.wake()

    def close(self) -> None:
        """End it; a scenario that is under way is lived again when the service is."""
        with self._lock:
            own, self._process = self._process, None
        if own is None:
            return
        assert own.stdin is not None
        own.stdin.close()
        try:
            own.wait(1)
        except subprocess.TimeoutExpired:
            own.kill()
            own.wait(5)
