"""The published scores as a long-running service reads them: the run that answers now, opened once."""

from __future__ import annotations

import threading
from pathlib import Path

from features.commands import UserError
from serving.scores import publishing, scores
from serving.scores.kept_run import INDEX
from serving.scores.scores import Row, Scores

_Key = tuple[str, int, int] | None


class Published:
    """Follows the store: whoever asks gets the run that answers now. Threads may share it."""

    def __init__(self, store: Path) -> None:
        self._store, self._lock = store, threading.Lock()
        self._now: tuple[_Key, Scores | None] = (None, None)
        self._before: tuple[_Key, Scores | None] = (None, None)

    def current(self) -> Scores | None:
        """The run that answers; None where none is published or it cannot be read."""
        name = self._name()
        with self._lock:
            # One that is replaced is left to its readers: its files are let go when the last of them has ended.
            self._now = self._follow(self._now, name)
            return self._now[1]

    def before(self) -> Scores | None:
        """The run that answered before it, None where there is none that can be read."""
        try:
            name = publishing.previous(self._store)
        except UserError:
            name = None
        with self._lock:
            self._before = self._follow(self._before, name)
            return self._before[1]

    def _follow(self, had: tuple[_Key, Scores | None], name: str | None) -> tuple[_Key, Scores | None]:
        """What was opened, if it is still this run; else the run, opened, unless it cannot be read."""
        key = None if name is None else _key(self._store, name)
        if key is not None and had[0] == key and had[1] is not None:
            return had
        return key, _opened(self._store, name) if name else None

    def run(self, name: str) -> Scores | None:
        """A run by its name, whether it answers or not; None where its files are gone."""
        known = next((own for own in (self.current(), self.before()) if own is not None and own.run.name == name), None)
        return known or _opened(self._store, name)

    def _name(self) -> str | None:
        try:
            return publishing.current(self._store)
        except UserError:
            return None

    def history(self, code: str) -> tuple[Row | None, Row | None]:
        """The row of a household now and in the run before."""
        now, before = self.current(), self.before()
        return (now.household(code) if now else None), (before.household(code) if before else None)


def _key(store: Path, name: str) -> _Key:
    """What tells a run from another, and from itself published again, which may tell its changes from another run."""
    try:
        index = (store / publishing.RUNS / name / INDEX).stat()
    except OSError:
        return name, 0, 0
    return name, index.st_ino, index.st_mtime_ns


def _opened(store: Path, name: str) -> Scores | None:
    try:
        return scores.open_run(store, name)
    except UserError:
        return None
