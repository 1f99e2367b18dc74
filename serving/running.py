"""What a process that answers is made of: its database, its model, its app and what it makes ahead."""

from __future__ import annotations

from functools import partial

from serving.app import build, warm
from serving.audit import seen
from serving.champion import from_environment
from serving.console.ahead import Ahead
from serving.store.engine import Store


class Running:
    """Answers from the moment it is made until it is closed.

    Attributes
    ----------
    app : the routes, as an ASGI app.
    """

    def __init__(self, store: Store) -> None:
        self._store, self._champion = store, from_environment(warm, partial(seen.check, store))
        self.app = build(self._champion, store)
        self._ahead = Ahead(self.app.state.desk)
        # A worker that takes the place of a lost one shares its socket: it must not answer before it has a model.
        self._champion.refresh()
        self._champion.start()
        self._ahead.start()

    @property
    def ready(self) -> bool:
        """Whether a model is loaded and warm."""
        return self._champion.current is not None

    def close(self) -> None:
        """Follow the champion and the published scores no longer."""
        self._champion.stop()
        self._ahead.stop()
        self.app.state.office.close()
        self._store.close()
