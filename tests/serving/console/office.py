"""An office for tests: a score store with two runs of made-up families, a model, and people who ask."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from fastapi import FastAPI

from serving import app as serving_app
from serving import scores_publish, signin
from serving.access import Caller, Grant
from serving.champion import Champion
from serving.console.charts.tilemap import TILES
from serving.front import Front
from tests.serving import scored

LABELS = [3, 7, 14, 27]
DAYS = ("2026-08-15", "2026-11-15")
TODAY = datetime.date(2026, 11, 28)
REGENCIES = {"32": 18, "16": 9}
CSRF = "a-token-of-the-tests"


def rows(seed: int, day: str, count: int = 4000) -> Any:
    """Score rows of families in all provinces; the same families with other risks for another seed."""
    ids = scored.numbers(count, np.random.default_rng(7))
    home = np.random.default_rng(8).choice(len(TILES) + 1, count)
    places = [*TILES, None]
    draw = np.random.default_rng(seed)
    parts = [scored.table(place, ids[home == at], draw, regencies=REGENCIES.get(str(place), 4), as_of=day)
             for at, place in enumerate(places)]  # fmt: skip
    return pa.concat_tables(parts)


def publish(home: Path, folder: Path, *, synthetic: bool = True, days: tuple[str, ...] = DAYS) -> None:
    """Publish a run for each date into the store of an installation."""
    for seed, day in enumerate(days, start=1):
        scored.write(folder / day, rows(seed, day), as_of=day, labels=LABELS, synthetic=synthetic)
        scores_publish.publish(home / "scores", folder / day)


def person(*grants: tuple[str, str], name: str = "Dewi") -> Caller:
    """Someone signed in with these roles in these areas."""
    return Caller(1, "dewi", name, tuple(Grant(role, area) for role, area in grants), "session", csrf=CSRF)  # type: ignore[arg-type]


class Office:
    """The app with its middleware, asked as whoever `who` is."""

    def __init__(self, home: Path, champion: Champion | None = None) -> None:
        self.who = person(("officer", ""))
        inner: FastAPI = serving_app.build(champion or Champion(home, None, lambda loaded: None))
        inner.state.desk.today = lambda: TODAY
        inner.dependency_overrides[signin.caller] = lambda: self.who
        inner.dependency_overrides[signin.csrf] = lambda: None
        self.inner, self.app = inner, Front(inner)
