"""SQLite to PostgreSQL and back: every row, the numbers go on, and nothing broken is carried over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from features.commands import UserError
from models.chain import ChainError
from serving.access import accounts
from serving.access.rights import Grant
from serving.audit import trail
from serving.store import copy, lists, objections, once, people, schema, visits
from serving.store.engine import Store, open_store
from serving.store.tables import audit as log
from serving.store.visits import Found
from tests.serving.conftest import fresh
from tests.serving.store.test_cases import lodged
from tests.serving.stores import BANDUNG, CODES, NATION, Hands, confirmed, outside, place

ROOT = trail.terminal("operator")


@pytest.fixture
def target(request: pytest.FixtureRequest, store: Store, tmp_path: Path, hands: Hands) -> Iterator[Store]:
    """An empty store of the other engine."""
    other = "postgresql" if store.sqlite else "sqlite"
    (tmp_path / "other").mkdir()
    made = open_store(fresh(request, other, tmp_path / "other"), hands)
    schema.upgrade(made)
    yield made
    made.close()


def fill(store: Store) -> None:
    accounts.add(store, ROOT, "dewi", "Dewi", password="kopi tubruk pagi")
    accounts.grant(store, ROOT, "dewi", Grant("officer", "3204"))
    accounts.enter(store, "dewi", "kopi tubruk pagi", "203.0.113.7")
    accounts.make_token(store, ROOT, "dewi", "SIKS", ["score"])
    with store.writing() as connection:
        own = confirmed(connection, 1, "", [place(), place(CODES[1], "3322", risk=0.1 + 0.2)],
                        beyond=[outside(), outside(CODES[3], "3322", 6, risk=None)])  # fmt: skip
        visits.plan(connection, own, date(2026, 12, 15))
        visits.add(connection, BANDUNG, 1, CODES[0], "32", "3204", Found("wrong", date(2026, 11, 20), wrong={"a": "b"}))
        objections.open(connection, BANDUNG, 1, lodged(kind="result", list=own))
        once.begin(connection, 1, "kunci-0001", b"x")
        trail.write(connection, ROOT, "list.build", object="D-2026-0001")


def test_everything_arrives_and_goes_on(store: Store, target: Store) -> None:
    fill(store)
    counts = copy.copy(store, target)
    assert counts["audit"] == 5
    assert counts["list_places"] == 2
    assert schema.differences(target) == []
    for table in schema.TABLES:
        with store.reading() as old, target.reading() as new:
            assert [tuple(row) for row in old.execute(select(table).order_by(*table.primary_key))] == [
                tuple(row) for row in new.execute(select(table).order_by(*table.primary_key))]  # fmt: skip
    accounts.enter(target, "dewi", "kopi tubruk pagi", "203.0.113.7")
    with target.writing() as connection:
        assert people.add(connection, "budi", "Budi") == 2
        assert confirmed(connection, 2) == 2
        assert [row.number for row in lists.search(connection, NATION)] == ["D-2026-0002", "D-2026-0001"]
        assert list(lists.broken(connection)) == []
        assert objections.open(connection, BANDUNG, 2, lodged()).number == "S-2026-0002"
        assert trail.verify(connection).count == 6
    with pytest.raises(Exception, match="list_immutable"), target.writing() as connection:
        connection.execute(text("DELETE FROM list_places WHERE list = 1"))
    with pytest.raises(Exception, match="list_immutable"), target.writing() as connection:
        connection.execute(text("DELETE FROM list_outside WHERE list = 1"))


def test_a_target_that_is_in_use_or_has_no_tables_is_refused(store: Store, target: Store, tmp_path: Path) -> None:
    fill(store)
    fill(target)
    with pytest.raises(UserError, match="holds rows already"):
        copy.copy(store, target)
    bare = open_store(f"sqlite:///{tmp_path / 'bare.sqlite'}")
    with pytest.raises(UserError, match="the target: revision none"):
        copy.copy(store, bare)
    bare.close()


def test_nothing_is_kept_of_a_copy_of_something_broken(store: Store, target: Store) -> None:
    fill(store)
    with store.writing() as connection:
        if store.sqlite:
            connection.execute(text("DROP TRIGGER guard_audit_update"))
            sql = ("CREATE TRIGGER guard_audit_update BEFORE UPDATE ON audit WHEN TRUE "
                   "BEGIN SELECT RAISE(ABORT, 'jaga: an audit row is never changed'); END")  # fmt: skip
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
            sql = "ALTER TABLE audit ENABLE TRIGGER USER"
        connection.execute(update(log).where(log.c.n == 2).values(account="budi"))
        connection.execute(text(sql))
    with pytest.raises(ChainError, match="audit row 2 was changed"):
        copy.copy(store, target)
    with target.reading() as connection:
        assert people.everyone(connection) == []
        assert trail.verify(connection).count == 0
