"""A database full of rows takes further steps on both engines without loss; one of another version is let alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select, text

from features.commands import UserError
from serving.access import accounts
from serving.access.rights import Grant
from serving.audit import trail
from serving.store import (
    attempts,
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
from tests.serving.stores import CODES, NATION, Hands, confirmed, draft, outside, person, place

TWICE = "BK3M9Q2PT5XE"
STEP = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "v2", "v1"


def upgrade():
    op.add_column("people", sa.Column("more", sa.Integer, nullable=True))
    op.execute("UPDATE people SET more = id")
    with op.batch_alter_table("scenarios") as table:  # SQLite changes no rule of a table: it is made anew
        table.drop_constraint(op.f("ck_scenarios_status"), type_="check")
        table.create_check_constraint(op.f("ck_scenarios_status"), "status <> 'odd'")
"""
Step = Callable[[str], None]


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """Lets this version of Jaga have one more step than the first, as written in Python."""

    def add(code: str) -> None:
        own = tmp_path / "migrations"
        shutil.copytree(schema._HERE, own, ignore=shutil.ignore_patterns("__pycache__"))
        (own / "versions" / "v2_more.py").write_text(code)
        monkeypatch.setattr(schema, "_HERE", own)

    return add


def fill(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        by, other = person(connection, "dewi", Grant("officer", "3204")), person(connection, "sari")
        tokens.make(connection, by, "SIKS", ["score"], by=other)
        attempts.begin(connection, "account", "dewi")
        flows.begin(connection, "state", flows.Flow("n", "v", "/ikhtisar"))
        once.begin(connection, by, "a-key-of-tests", b"asked")
        drafts.keep(connection, by, "/kunjungan", {"note": ["ada orang \u2013 \u00e9"]})
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
        first = confirmed(connection, by, places=[place(TWICE)])
        visits.plan(connection, first, date(2027, 1, 24))
        (asked,) = visits.search(connection, NATION, list=first)
        visits.record(connection, NATION, by, asked.id, Found("above", day))
    hands.move(days=2)
    with store.writing() as connection:
        visits.plan(connection, confirmed(connection, by, places=[place(TWICE)], replaces=first), date(2027, 1, 26))
    accounts.add(store, trail.terminal("operator"), "budi", "Budi", password="kopi tubruk pagi hari")
    accounts.enter(store, "budi", "kopi tubruk pagi hari", "203.0.113.7")


def rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold, in plain values."""
    return {table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in schema.TABLES}  # fmt: skip


def test_the_first_step_makes_what_the_code_expects_under_the_names_it_gives(url: str, hands: Hands) -> None:
    store = open_store(url, hands)
    assert schema.upgrade(store) == (None, "v1")
    assert schema.differences(store) == []
    with store.reading() as connection:
        there = inspect(connection)
        for table in schema.TABLES:
            kinds = there.get_unique_constraints, there.get_check_constraints, there.get_foreign_keys
            found = {one["name"] for kind in kinds for one in kind(table.name)}
            named = {rule.name for rule in table.constraints if rule is not table.primary_key}
            assert found == named, table.name
    store.close()


def test_a_full_database_takes_a_second_step_and_loses_nothing(store: Store, hands: Hands, step: Step) -> None:
    fill(store, hands)
    with store.reading() as connection:
        held = rows(connection)
    assert {name for name, own in held.items() if not own} == set(), "a table that nothing is kept of is not looked at"
    step(STEP)
    assert [one[1] for one in schema.differences(store)] == ["revision v1, expected v2; type: jaga db upgrade"]
    if not store.sqlite:
        with pytest.raises(UserError, match="the tables of the database are missing or old; type: jaga db upgrade"):
            schema.prepare(store)
    assert schema.upgrade(store) == ("v1", "v2")
    assert schema.upgrade(store) == ("v2", "v2")
    with store.writing() as connection:
        assert rows(connection) == held
        assert all(row.id == row.more for row in connection.execute(text("SELECT id, more FROM people")))
        trail.verify(connection)
        assert list(lists.broken(connection)) == []
        connection.execute(scenario_rows.update().where(scenario_rows.c.status == "waiting").values(status="even"))
    assert schema._guards(store.sqlite) == {name for name in _triggers(store) if name.startswith("guard_")}


def _triggers(store: Store) -> set[str]:
    with store.reading() as connection:
        return schema._triggers(connection)


def test_a_file_takes_the_next_step_when_it_is_first_used(sqlite_store: Store, step: Step) -> None:
    step(STEP)
    schema.prepare(sqlite_store)
    with sqlite_store.reading() as connection:
        assert schema.revision(connection) == "v2"


def test_of_a_step_that_breaks_off_nothing_is_kept_and_it_can_be_taken_again(
    store: Store, hands: Hands, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, hands)
    with store.reading() as connection:
        held = rows(connection)
    with monkeypatch.context():
        step(f"{STEP}    raise RuntimeError('half way')\n")
        with pytest.raises(RuntimeError, match="half way"):
            schema.upgrade(store)
        assert [one[0] for one in schema.differences(store)] == [
            "revisi v1, yang diharapkan v2; ketik: jaga db upgrade"]  # fmt: skip
    with store.reading() as connection:
        assert schema.revision(connection) == "v1"
        assert rows(connection) == held
        assert "more" not in {column["name"] for column in inspect(connection).get_columns("people")}
    (schema._HERE / "versions" / "v2_more.py").write_text(STEP)
    assert schema.upgrade(store) == ("v1", "v2")


@pytest.mark.parametrize("other", ["v9", "0001", "0013", "e3b0c44298fc"])
def test_a_database_of_another_version_is_refused_and_left_as_it_is(store: Store, hands: Hands, other: str) -> None:
    fill(store, hands)
    with store.writing() as connection:
        connection.execute(text("ALTER TABLE people DROP COLUMN keeper"))
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{other}'"))
        held = _plain(connection)
    told = (f"database ada di revisi {other}, yang tidak dikenal versi Jaga ini: ",
            f"the database is at revision {other}, which this version of Jaga does not know: ")  # fmt: skip
    for use in (schema.prepare, schema.upgrade):
        with pytest.raises(UserError) as refused:
            use(store)
        assert str(refused.value).startswith(told[1])
        assert str(refused.value).endswith("it is left as it is, use the version that made it")
    ((indonesian, english),) = schema.differences(store)
    assert indonesian.startswith(told[0])
    assert english == str(refused.value)
    with store.reading() as connection:
        assert _plain(connection) == held


def _plain(connection: Connection) -> dict[str, Any]:
    """All that a database holds, whatever its shape."""
    return {name: sorted(map(str, connection.execute(text(f"SELECT * FROM {name}")).all()))
            for name in inspect(connection).get_table_names()}  # fmt: skip
