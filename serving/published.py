"""The published scores as a long-running service reads them: the run that answers now, opened once."""

from __future__ import annotations

import threading
from pathlib import Path

from features.commands import UserError
from serving import scores, scores_publish
from serving.scores import Row, Scores


class Published:
    """Follows the store: whoever asks gets the run that answers now. Threads may share it."""

    def __init__(self, store: Path) -> None:
        self._store, self._lock = store, threading.Lock()
        self._now: Scores | None = None
        self._before: tuple[str, Scores | None] = ("", None)

    def current(self) -> Scores | None:
        """The run that answers; None where none is published or it cannot be read."""
        name = self._name()
        with self._lock:
            # One that is replaced is left to its readers: its files are let go when the last of them has ended.
            if name is None:
                self._now = None
            elif self._now is None or self._now.run.name != name:
                self._now = _opened(self._store, name)
            return self._now

    def before(self) -> Scores | None:
        """The run that answered before it, None where there is none that can be read."""
        try:
            name = scores_publish.previous(self._store) or ""
        except UserError:
            name = ""
        with self._lock:
            if self._before[0] != name:
                self._before = (name, _opened(self._store, name) if name else None)
            return self._before[1]

    def run(self, name: str) -> Scores | None:
        """A run by its name, whether it answers or not; None where its files are gone."""
        known = next((own for own in (self.current(), self.before()) if own is not None and own.run.name == name), None)
        return known or _opened(self._store, name)

    def _name(self) -> str | None:
        try:
            return scores_publish.current(self._store)
        except UserError:
            return None

    def history(self, code: str) -> tuple[Row | None, Row | None]:
        """The row of a household now and in the run before."""
        now, before = self.current(), self.before()
        return (now.household(code) if now else None), (before.household(code) if before else None)


def _opened(store: Path, name: str) -> Scores | None:
    try:
        return scores.open_run(store, name)
    except UserError:
        return None
