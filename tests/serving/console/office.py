"""An office for tests: a score store with two runs of made-up families, a model, and people who ask."""

from __future__ import annotations

import datetime
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from fastapi import FastAPI
from sqlalchemy import select

from serving import app as serving_app
from serving import office as serving_office
from serving.access import passwords, signin
from serving.access.rights import Caller, Grant
from serving.champion import Champion
from serving.console.charts.tilemap import TILES
from serving.front import Front
from serving.scores import publishing
from serving.settings import Settings
from serving.store import people
from serving.store.engine import open_store
from serving.store.tables import audit
from tests.serving import scored, stores
from tests.serving.stores import Hands

LABELS = [3, 7, 14, 27]
DAYS = ("2026-08-15", "2026-11-15")
KNOWN = {"households": "2026-10-31", "members": "2026-10-31", "sector_signals": "2026-03-31"}
NOW = datetime.datetime(2026, 11, 28, 3, tzinfo=datetime.UTC)
PASSWORD = "kopi tubruk pagi hari"
REGENCIES = {"32": 18, "16": 9}
CSRF = "a-token-of-the-tests"


FULL = {"32": 0.35, "16": 0.15, "51": 0.07}
"""Provinces with so many families that each regency has figures, and their shares of all; the others have none but
their own."""


def rows(seed: int, day: str, count: int = 6000) -> Any:
    """Score rows of families in all provinces; the same families with other risks for another seed."""
    ids = scored.numbers(count, np.random.default_rng(7))
    places = [*TILES, None]
    rest = (1 - sum(FULL.values())) / (len(places) - len(FULL))
    home = np.random.default_rng(8).choice(len(places), count, p=[FULL.get(str(place), rest) for place in places])
    draw = np.random.default_rng(seed)
    parts = [scored.table(place, ids[home == at], draw, regencies=REGENCIES.get(str(place), 4), as_of=day)
             for at, place in enumerate(places)]  # fmt: skip
    return pa.concat_tables(parts)


def few(seed: int, day: str) -> Any:
    """Score rows of families in one province, for what does not hang on the place: published in a tenth of the time."""
    return scored.table("32", scored.numbers(900, np.random.default_rng(7)), np.random.default_rng(seed), as_of=day)


def publish(home: Path, folder: Path, *, synthetic: bool = True, days: tuple[str, ...] = DAYS,
            made: Callable[[int, str], Any] = rows) -> None:  # fmt: skip
    """Publish a run for each date into the store of an installation."""
    for seed, day in enumerate(days, start=1):
        scored.write(folder / day, made(seed, day), as_of=day, labels=LABELS, synthetic=synthetic, known=KNOWN)
        publishing.publish(home / "scores", folder / day)


def bare(page: str) -> str:
    """A page without the spans that only keep words together."""
    return re.sub(r"</?span[^>]*>", "", page)


def person(*grants: tuple[str, str], name: str = "Dewi") -> Caller:
    """Someone signed in with these roles in these areas."""
    return Caller(1, "dewi", name, tuple(Grant(role, area) for role, area in grants), "session", csrf=CSRF)  # type: ignore[arg-type]


class Office:
    """The app with its middleware and a database of its own.

    `who` is asked as somebody without signing in; None leaves that to the sign-in pages.
    """

    def __init__(self, home: Path, champion: Champion | None = None) -> None:
        self.clock = Hands()
        self.clock.time = NOW
        self._folder = tempfile.TemporaryDirectory(prefix="jaga-office-")
        self.store = open_store(stores.sqlite(Path(self._folder.name)), self.clock)
        with self.store.writing() as connection:
            stores.person(connection, "dewi")
        self.who: Caller | None = person(("officer", ""))
        model = champion or Champion(home, None, lambda loaded: None)
        self.office = serving_office.Office.of(self.store, model, Settings(), home)
        inner: FastAPI = serving_app.build(model, self.store, self.office)
        self.doors = {signin.caller: lambda: self.who, signin.caller_keeping: lambda: self.who,
                      signin.caller_changing: lambda: self.who, signin.csrf: lambda: None,
                      signin.csrf_keeping: lambda: None}  # fmt: skip
        inner.dependency_overrides.update(self.doors)
        self.inner, self.app = inner, Front(inner)

    def locked(self) -> None:
        """From now on people sign in."""
        self.inner.dependency_overrides.clear()

    def hire(self, account: str, *grants: tuple[str, str], password: str | None = PASSWORD) -> None:
        """Somebody with rights, who chose this password; a program without one."""
        made = passwords.make(password) if password else None
        with self.store.writing() as connection:
            own = people.add(connection, account, account.title(), password=made, must_change=False)
            for role, area in grants:
                people.give(connection, own, Grant(role, area), None)  # type: ignore[arg-type]

    def rows(self) -> list[Any]:
        """The audit log."""
        with self.store.reading() as connection:
            return [*connection.execute(select(audit).order_by(audit.c.n))]

    def __enter__(self) -> Office:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.office.close()
        self.store.close()
        self._folder.cleanup()
