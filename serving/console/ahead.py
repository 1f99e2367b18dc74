"""The overview of the nation, added up before anybody asks for it.

It is the first page of the day for many at once, and the only one whose figures take as long as the store is large.
"""

from __future__ import annotations

import logging
import threading
import traceback
from pathlib import PurePath

from serving.access.rights import Areas
from serving.console.figures import of as figures_of
from serving.console.view import Desk

log = logging.getLogger("jaga")

EVERY = 2.0
"""Seconds between two looks at which run answers."""
NATION = Areas(("",))


class Ahead:
    """Follows the runs that are published, in a thread of its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._stop = desk, threading.Event()
        self._thread = threading.Thread(target=self._follow, name="ahead", daemon=True)

    def start(self) -> None:
        """From now until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Follow them no longer; what is being added up is finished first."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _follow(self) -> None:
        last = ""
        while True:
            try:
                self.look()
                last = ""
            except Exception as error:  # a store that cannot be read is told on the page that asks for it
                # Its place in the code, not its message, which may hold what was read; once, not every two seconds.
                at = traceback.extract_tb(error.__traceback__)[-1]
                why = f"{type(error).__name__} at {PurePath(at.filename).name}:{at.lineno}"
                if why != last:
                    log.warning("the overview could not be made ahead: %s", why)
                last = why
            if self._stop.wait(EVERY):
                return

    def look(self) -> None:
        """Add up the figures of the run that answers; nothing to do where that was done."""
        scores = self._desk.published.current()
        if scores is not None:
            figures_of(self._desk.kept, scores, NATION, "")
