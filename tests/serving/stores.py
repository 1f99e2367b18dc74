"""Stores for tests: a clock to be moved, people, places of a list, one of everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Connection

from serving.access.rights import Areas, Caller, Grant
from serving.store import list_drafts, people, schema
from serving.store.engine import Store, open_store
from tests.serving.live import KEYS

NATION = Areas(("",))
BANDUNG = Areas(("3204",))
SEMARANG = Areas(("3322",))
CODES = ("7K3M9Q2PT5XA", "8K3M9Q2PT5XB", "9K3M9Q2PT5XC", "AK3M9Q2PT5XD")


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


def migrate(url: str) -> None:
    """Make the tables of an empty database, under the keys of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAGA_KEYS", KEYS)
        made = open_store(url)
        schema.upgrade(made)
        made.close()


def sqlite(folder: Path) -> str:
    """URL of a new file with the tables in it: the migrations run once, the rest are copies."""
    (folder / "jaga.sqlite").write_bytes(_migrated())
    return f"sqlite:///{folder / 'jaga.sqlite'}"


@cache
def _migrated() -> bytes:
    with TemporaryDirectory(prefix="jaga-store-") as folder:
        migrate(f"sqlite:///{folder}/jaga.sqlite")
        return Path(folder, "jaga.sqlite").read_bytes()


def person(connection: Connection, account: str = "dewi", *grants: Grant) -> int:
    own = people.add(connection, account, account.title())
    for grant in grants:
        people.give(connection, own, grant, None)
    return own


def caller(store: Store, account: str) -> Caller:
    with store.reading() as connection:
        found = people.by_account(connection, account)
        assert found is not None
        return Caller(found.id, account, found.name, people.grants_of(connection, found.id), "session")


def place(code: str = CODES[0], regency: str | None = "3204", how: str = "ranked", **more: object) -> list_drafts.Place:
    province = regency[:2] if regency else None
    values = {"risk": 0.14, "low": 0.08, "high": 0.2, "kind": "relapse", "probability": 1.0, "amount": 750_000} | more
    return list_drafts.Place(code, province, regency, "pkh", how, **values)  # type: ignore[arg-type]


def outside(code: str = CODES[2], regency: str | None = "3204", rank: int = 5, **more: object) -> list_drafts.Outside:
    values = {"risk": 0.13, "low": 0.07, "high": 0.19} | more
    return list_drafts.Outside(code, regency[:2] if regency else None, regency, "pkh", rank, **values)  # type: ignore[arg-type]


def draft(area: str = "3204", **more: object) -> list_drafts.Draft:
    values: dict[str, object] = {
        "quarter": "2026Q4", "title": "PKH", "area": area, "settings": {
            "name": "PKH", "period": "2026Q4", "order": "risk", "random": 0.03, "reserve": 0.1, "hysteresis": 0.0,
            "band": 0, "scheme": [{"name": "pkh", "cost": 750_000, "quota": {area: 4}}]},
        "result": {"places": 4, "no_budget": 0, "too_few": 3, "missed": [0.33, 0.38, 0.43], "cells": []},
        "run": "2026-09-30-0a1b2c3d4e5f", "bundle": "0a1b2c3d4e5f", "synthetic": True,
        "cut": 0.14, "budget": 1_250_000_000,
    }  # fmt: skip
    return list_drafts.Draft(**(values | more))  # type: ignore[arg-type]


def confirmed(connection: Connection, by: int, area: str = "3204", places: list[list_drafts.Place] | None = None,
              replaces: int | None = None, beyond: Sequence[list_drafts.Outside] = ()) -> int:  # fmt: skip
    own = list_drafts.draft(connection, NATION, by, draft(area, replaces=replaces), places or [place()], beyond)
    list_drafts.confirm(connection, NATION, by, own, 1, "kuota triwulan ini")
    return own
