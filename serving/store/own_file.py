"""The file of a database of this machine: what was opened is used, and nothing that was put in its place."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock

from serving.problems import Problem

log = logging.getLogger("jaga")

_GONE = ("berkasnya tidak ada lagi di tempatnya; kembalikan", "its file is no longer in its place; put it back")
_OTHER = (
    "berkas lain ada di tempatnya; kembalikan yang tadi, atau jalankan ulang layanan agar yang ini dipakai",
    "another file is in its place; put the one before back, or restart the service so that this one is used",
)


class OwnFile:
    """Tells whether a path still leads to the file that was opened first. Threads may share it.

    A connection goes on writing into a file that was moved away or removed: what it keeps would be told as kept, and
    lost. A file put in its place may be older, and the log of what was not yet written back is not its own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: tuple[int, int] | None = None
        self._told: tuple[str, str] | None = None
        self._lock = Lock()

    def opened(self) -> None:
        """A connection to it was made: the first tells which file it is."""
        with self._lock:
            self._opened = self._opened or _which(self.path)

    def check(self, database: str) -> None:
        """Problem `read_only`, with `database` and why among its values, where it was taken away or replaced."""
        now = _which(self.path)
        with self._lock:
            why = None if self._opened in (None, now) else _GONE if now is None else _OTHER
            if why is not None and why != self._told:
                log.warning("store: of %s %s; nothing is read or stored until then", database, why[1])
            self._told = why
        if why is not None:
            raise Problem("read_only", headers={"Retry-After": "10"}, values={"database": database, "why": why})


def _which(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
