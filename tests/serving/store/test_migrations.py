"""A database of each earlier revision, full of rows, brought up to date step by step on both engines without loss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, inspect, select
from sqlalchemy.exc import IntegrityError

from serving import accounts, audit
from serving.access import Grant
from serving.store import (
    answers,
    attempts,
    copy,
    drafts,
    flows,
    list_drafts,
    lists,
    objections,
    once,
    scenarios,
    schema,
    tokens,
    visits,
)
from serving.store.engine import Store, open_store
from serving.store.objections import Lodged
from serving.store.tables_cases import scenarios as scenario_rows
from serving.store.visits import Found
from tests.serving.live import KEYS
from tests.serving.stores import CODES, NATION, Hands, confirmed, draft, outside, person, place

STEPS = [own.revision for own in reversed([*ScriptDirectory(str(schema._HERE)).walk_revisions()])]
TWICE = "BK3M9Q2PT5XE"
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def full(tmp_path: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of the newest shape with rows in every table, visits of every kind among them."""
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    store = open_store(f"sqlite:///{tmp_path / 'full.sqlite'}", hands)
    schema.upgrade(store)
    fill(store, hands)
    yield store
    store.close()


def fill(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        by, other = person(connection, "dewi", Grant("officer", "3204")), person(connection, "sari")
        tokens.make(connection, by, "SIKS", ["score"], by=other)
        attempts.begin(connection, "account", "dewi")
        flows.begin(connection, "state", flows.Flow("n", "v", "/ikhtisar"))
        once.begin(connection, by, "a-key-of-tests", b"asked")
        drafts.keep(connection, by, "/kunjungan", {"note": ["ada orang \u2013 \u00e9"]})
        # One who died before the list and was recorded after it: 0007; another finding of the same family besides.
        for code, regency in ((CODES[0], "3204"), (CODES[1], "3204"), (CODES[2], None), (CODES[3], "3204")):
            confirmed(connection, by, places=[place(code, regency)])
        list_drafts.draft(connection, NATION, by, draft(), [place()], [outside()])
        connection.execute(lists.lists.delete().where(lists.lists.c.id == 0))
        for number in range(1, 5):
            visits.plan(connection, number, date(2026, 12, 24))
    hands.move(days=3)
    day = hands.time.date()
    with store.writing() as connection:
        for number, code in ((1, CODES[0]), (2, CODES[1])):
            confirmed(connection, by, places=[place(code)])
            visits.plan(connection, 5 + number, date(2027, 1, 24))
        visits.record(connection, NATION, by, 1, Found("above", day, "x"))
        visits.add(connection, NATION, by, CODES[1], "32", "3204", Found("above", day))
        visits.add(connection, NATION, by, CODES[1], "32", "3204", Found("died", date(2026, 11, 1)))
        visits.add(connection, NATION, by, CODES[2], None, None, Found("moved", day, moved_to="3273"))
        own = visits.add(connection, NATION, by, CODES[3], "32", "3204", Found("wrong", day, wrong={"hh.size": "4"}))
        visits.correct(connection, NATION, by, own, Found("refused", day))
        case = objections.open(connection, NATION, by, Lodged(
            CODES[0], "32", "3204", "data", "family", "counter", ["hh.size"], ["photo"], "x",
            contested={"as_of": "2026-11-15", "values": {"hh.size": {"value": "4", "contribution": 0.2}}}))  # fmt: skip
        objections.step(connection, NATION, other, case.number, 1, "village", "done", "musdes")
        for status in ("waiting", "failed"):
            row = scenarios.ask(connection, NATION, by, scenarios.Asked("", {"id": status, "en": status}, {}, {"a": 1},
                                                                        "0" * 64, 1))  # fmt: skip
            if status == "failed":
                connection.execute(scenario_rows.update().where(scenario_rows.c.number == row.number).values(
                    status="failed", reason="internal"))  # fmt: skip
        # One who was visited for the first version of a list, which then was drawn again: 0010.
        first = confirmed(connection, by, places=[place(TWICE)])
        visits.plan(connection, first, date(2027, 1, 24))
        (asked,) = visits.search(connection, NATION, list=first)
        visits.record(connection, NATION, by, asked.id, Found("above", day))
    hands.move(days=2)
    with store.writing() as connection:
        visits.plan(connection, confirmed(connection, by, places=[place(TWICE)], replaces=first), date(2027, 1, 26))
    accounts.add(store, audit.terminal("operator"), "budi", "Budi", password="kopi tubruk pagi hari")
    accounts.enter(store, "budi", "kopi tubruk pagi hari", "203.0.113.7")


def rows(connection: Connection) -> Rows:
    """What the tables hold as they are, in plain values."""
    found: Rows = {}
    for name in sorted(inspect(connection).get_table_names()):
        if name != "alembic_version":
            table = schema.metadata.tables[name]
            there = {column["name"] for column in inspect(connection).get_columns(name)}
            columns = [column for column in table.columns if column.name in there]
            query = select(*columns).order_by(*table.primary_key)
            found[name] = [dict(row._mapping) for row in connection.execute(query)]
    return found


def same(before: Rows, after: Rows, but: tuple[str, ...] = ()) -> None:
    """All that was there is there, and nothing in its tables besides."""
    for name, held in before.items():
        assert len(after[name]) == len(held), name
        for old, new in zip(held, after[name], strict=True):
            kept = {column: new[column] for column in old if column not in but}
            assert kept == {column: value for column, value in old.items() if column not in but}, name


def take(store: Store, revision: str, held: Rows) -> None:
    """A database of an earlier revision that holds these rows, as far as it had room for them."""
    with store.writing() as connection:
        command.upgrade(schema._config(connection), revision)
        put_back = copy._unguarded(connection)
        there = inspect(connection)
        for table in schema.TABLES:
            if not there.has_table(table.name):
                continue
            known = {column["name"] for column in there.get_columns(table.name)}
            own = Table(table.name, MetaData(), *(column._copy() for column in table.columns if column.name in known))
            for row in held[table.name]:
                connection.execute(own.insert().values({name: row[name] for name in row if name in known}))
        for statement in put_back:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("revision", STEPS[:-1])
def test_a_full_database_of_an_earlier_revision_loses_nothing_on_its_way(full: Store, url: str, hands: Hands,
                                                                         revision: str) -> None:  # fmt: skip
    with full.reading() as connection:
        held = rows(connection)
    assert {name for name, own in held.items() if not own} == set(), "a table that nothing is kept of is not looked at"
    store = open_store(url, hands)
    take(store, revision, held)
    with store.reading() as connection:
        before = rows(connection)
    same({name: [{column: row[column] for column in before[name][0]} for row in held[name]] for name in before}, before)
    for step in STEPS[STEPS.index(revision) + 1 :]:
        with store.writing() as connection:
            command.upgrade(schema._config(connection), step)
        with store.reading() as connection:
            assert MigrationContext.configure(connection).get_current_revision() == step
            after = rows(connection)
        same(before, after, ("answered_by",))
        before = after
    assert schema.differences(store) == []
    if revision < "0006":
        derived = [(row["planned_on"], row["answered_by"]) for row in after["visits"]]
        assert derived == [(row["planned_on"], row["answered_by"]) for row in held["visits"]]
        assert len({answer for _, answer in derived}) > 3
    with store.writing() as connection:
        audit.verify(connection)
        assert list(lists.broken(connection)) == []
        answers.settle(connection, visits.visits.c.id.is_not(None))
        assert rows(connection)["visits"] == after["visits"], "what a migration answered is what is answered now"
        visits.record(connection, NATION, 1, next(row["id"] for row in after["visits"] if row["status"] == "planned"),
                      Found("above", hands.time.date()))  # fmt: skip
    store.close()


def test_a_scenario_may_be_cancelled_and_an_older_version_tells_it_as_failed(store: Store) -> None:
    with store.writing() as connection:
        by = person(connection, "tono", Grant("analyst", ""))
        asked = scenarios.Asked("", {"id": "a", "en": "a"}, {}, {"a": 1}, "0" * 64, 1)
        first, second = (scenarios.ask(connection, NATION, by, asked) for _ in range(2))
        scenarios.cancel(connection, NATION, by, first.number)
    for revision, told in (("0012", ("failed", "cancelled")), ("head", ("failed", "cancelled"))):
        with store.writing() as connection:
            move = command.downgrade if revision == "0012" else command.upgrade
            move(schema._config(connection), revision)
            query = select(scenario_rows.c.status, scenario_rows.c.reason).order_by(scenario_rows.c.id)
            assert [tuple(row) for row in connection.execute(query)] == [told, ("waiting", "")]
        broken = scenario_rows.update().where(scenario_rows.c.number == second.number)
        for status in ("done", "odd", *(["cancelled"] if revision == "0012" else [])):
            with pytest.raises(IntegrityError), store.engine.begin() as connection:
                connection.execute(broken.values(status=status))
    assert schema.differences(store) == []
    with store.writing() as connection:
        assert scenarios.cancel(connection, NATION, by, second.number).status == "cancelled"


def test_the_way_back_from_answers_and_forth_again_loses_nothing(full: Store, url: str, hands: Hands) -> None:
    with full.reading() as connection:
        held = rows(connection)
    store = open_store(url, hands)
    take(store, STEPS[-1], held)
    for step in ("0006", "0005"):
        with store.writing() as connection:
            command.downgrade(schema._config(connection), step)
    with store.reading() as connection:
        back = rows(connection)
        assert "answered_by" not in back["visits"][0]
        same(back, held)
    schema.upgrade(store)
    assert schema.differences(store) == []
    with store.reading() as connection:
        assert rows(connection) == held | {
            "list_outside": [], "objections": [row | {"contested": None} for row in held["objections"]],
        }, "for which an older version has no room"  # fmt: skip
    store.close()
