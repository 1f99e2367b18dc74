"""What routes and pages stand on: the database, the published scores, the model, the journal, and the settings."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from features.commands import UserError
from features.home import home
from serving.access.rates import Rates
from serving.audit.journal import Journal
from serving.champion import Champion
from serving.lists.facts_file import FACTS, Facts, read_facts
from serving.problems import Problem
from serving.scores.published import Published
from serving.scores.scores import Scores
from serving.settings import Settings
from serving.simulation.begin import Beginner
from serving.store.engine import Store
from serving.store.numbers import day_of

log = logging.getLogger("jaga")
_PATIENCE = 5.0
"""Seconds for which a file of facts that somebody else reads is waited for."""


@dataclass
class Office:
    """One process of the service (`app.state.office`)."""

    store: Store
    published: Published
    champion: Champion
    settings: Settings
    journal: Journal
    callers: Rates
    addresses: Rates
    home: Path
    simulation: Beginner
    _facts: tuple[tuple[int, int], Facts | UserError] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, store: Store, champion: Champion, settings: Settings, folder: Path | None = None) -> Office:
        """The office of an installation, that of `JAGA_HOME` without a folder."""
        place = folder or home()
        return cls(store, Published(place / "scores"), champion, settings,
                   Journal(store), Rates(settings.rate), Rates(4 * settings.rate), place,
                   Beginner(place, store))  # fmt: skip

    def close(self) -> None:
        """End what it began."""
        self.simulation.close()
        self.journal.close()

    @property
    def today(self) -> date:
        """The day in Jakarta."""
        return day_of(self.store.clock())

    def scores(self) -> Scores:
        """The run that answers; Problem `no_scores` where there is none."""
        found = self.published.current()
        if found is None:
            raise Problem("no_scores", headers={"Retry-After": "60"})
        return found

    def facts(self) -> Facts | None:
        """Further facts by household, read once for each state of their file, by one reader at a time.

        The file is the one of the settings, else that of the installation where there is one.

        Raises
        ------
        UserError : it cannot be used; the log says why, once. `LaterFactsError` : it is of a day after today.
        Problem : `busy` while another request reads it.
        """
        path = self.settings.facts or self.home / FACTS
        if self.settings.facts is None and not path.exists():
            return None
        if not self._lock.acquire(timeout=_PATIENCE):
            raise Problem("busy", headers={"Retry-After": "10"})
        try:
            found = path.stat() if path.exists() else None
            state = (found.st_mtime_ns, found.st_size) if found else (0, 0)
            if self._facts is None or self._facts[0] != state:
                self._facts = (state, _read(path))
            read = self._facts[1]
        finally:
            self._lock.release()
        if isinstance(read, UserError):
            raise UserError(str(read))
        scores = self.published.current()
        return read.known(self.today, None if scores is None else scores.as_of)


def _read(path: Path) -> Facts | UserError:
    """Facts, or why they cannot be used: a file that failed is not read again until it is another."""
    try:
        return read_facts(path)
    except UserError as error:
        log.warning("the facts cannot be used, so no list is drawn: %s", error)
        return error
