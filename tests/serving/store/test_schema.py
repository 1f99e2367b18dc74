"""The database is made ready and upgraded without loss, and itself refuses to change what was confirmed."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from features.commands import UserError
from serving.audit import trail
from serving.problems import Problem
from serving.store import list_drafts, lists, numbers, schema
from serving.store.engine import Store, open_store
from serving.store.tables import audit_heads, people
from tests.serving.stores import NATION, SEMARANG, Hands, confirmed, draft, outside, person, place


def test_an_upgraded_store_is_what_the_code_expects_and_upgrading_again_changes_nothing(store: Store) -> None:
    assert schema.differences(store) == []
    with store.reading() as connection:
        head = connection.execute(select(audit_heads)).one()
    assert schema.upgrade(store) == (schema.newest(), schema.newest())
    with store.reading() as connection:
        assert connection.execute(select(audit_heads)).one() == head


def test_the_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        own = open_store(f"sqlite:///{tmp_path / 'store' / 'jaga.sqlite'}")
        schema.upgrade(own)
        with own.writing() as connection:
            person(connection)
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "store").iterdir()}
    finally:
        os.umask(before)
    assert modes["jaga.sqlite"] == modes["jaga.sqlite-wal"] == 0o600
    assert not any(mode & 0o077 for name, mode in modes.items() if name.startswith("jaga.sqlite"))
    own.engine.dispose()


def test_what_differs_is_told(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("ALTER TABLE people ADD COLUMN nik VARCHAR(16)"))
        of = "" if store.sqlite else " ON audit"
        connection.execute(text(f"DROP TRIGGER {'guard_audit_delete' if store.sqlite else 'guard_audit_rows'}{of}"))
        if store.sqlite:
            connection.execute(text("DROP TRIGGER guard_audit_update"))
        else:
            connection.execute(text("DROP TRIGGER guard_audit_truncate ON audit"))
    told = schema.differences(store)
    assert all("nik" in own for own in told[0])
    gone = ("delete", "update") if store.sqlite else ("rows", "truncate")
    assert told[1:] == [(f"trigger guard_audit_{name} tidak ada", f"trigger guard_audit_{name} is missing")
                        for name in gone]  # fmt: skip


def test_a_file_is_made_ready_by_itself_and_a_server_only_by_command(url: str, hands: Hands) -> None:
    store = open_store(url, hands)
    if store.sqlite:
        schema.prepare(store)
    else:
        with pytest.raises(UserError, match="jaga db upgrade"):
            schema.prepare(store)
        assert all("jaga db upgrade" in own for own in schema.differences(store)[0])
        schema.upgrade(store)
    schema.prepare(store)
    assert schema.differences(store) == []
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (schema.prepare, schema.upgrade):
        with pytest.raises(UserError, match="does not know"):
            act(store)
    ((_, told),) = schema.differences(store)
    assert "use the version that made it" in told
    assert "jaga db upgrade" not in told, "which cannot help"
    store.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [("mysql://a@b/c", "not known"), ("no url", "not a database URL"), ("sqlite://", "in memory")],
)
def test_other_databases_are_refused_by_what_to_write_instead(url: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        open_store(url)


def test_without_a_url_the_file_lies_in_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "own"))
    store = open_store()
    schema.prepare(store)
    assert (tmp_path / "own" / "store" / "jaga.sqlite").exists()
    assert (tmp_path / "own" / "store").stat().st_mode & 0o077 == 0
    store.close()


def test_nothing_is_kept_of_a_transaction_that_fails(store: Store) -> None:
    def fails() -> None:
        with store.writing() as connection:
            person(connection)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        fails()
    with store.reading() as connection:
        assert connection.execute(select(people)).all() == []


@pytest.mark.parametrize("act", [
    "UPDATE lists SET cut = 0.5", "UPDATE lists SET status = 'draft', number = NULL", "DELETE FROM lists",
    "UPDATE list_places SET risk = 0.9", "DELETE FROM list_places",
    "UPDATE list_outside SET risk = 0.9", "DELETE FROM list_outside",
    "INSERT INTO list_outside (list, n, household, scheme, rank) SELECT id, 9, 'AK3M9Q2PT5XD', 'pkh', 9 FROM lists",
    "INSERT INTO list_places (list, place, household, scheme, how, why, verify) "
    "SELECT id, 9, 'AK3M9Q2PT5XD', 'pkh', 'ranked', '', false FROM lists",
])  # fmt: skip
def test_the_database_itself_refuses_to_change_a_confirmed_list(store: Store, act: str) -> None:
    with store.writing() as connection:
        own = confirmed(connection, person(connection), beyond=[outside()])

    def change() -> None:
        with store.writing() as connection:
            connection.execute(text(act))

    with pytest.raises(Problem) as told:
        change()
    assert told.value.code == "list_immutable"
    with store.reading() as connection:
        assert list(lists.broken(connection)) == []
        assert len(lists.places(connection, NATION, own)) == 1
        assert [row.rank for row in lists.outside(connection, NATION, own)] == [5]
        assert lists.outside(connection, SEMARANG, own) == []


@pytest.mark.parametrize("act", [
    "INSERT OR REPLACE INTO lists SELECT * FROM lists WHERE id = 1",
    "INSERT OR REPLACE INTO lists SELECT 9, {rest} FROM lists WHERE id = 1",
    "UPDATE OR REPLACE lists SET id = 1 WHERE id = 2",
    "UPDATE OR REPLACE lists SET status = 'confirmed', hash = 'x', confirmed_by = 1, confirmed_at = made_at, "
    "number = 'D-2026-0001', version = 1 WHERE id = 2",
    "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE n = 1",
])  # fmt: skip
def test_sqlite_replaces_no_confirmed_list_and_no_row_of_the_log(sqlite_store: Store, act: str) -> None:
    with sqlite_store.writing() as connection:
        by = person(connection)
        assert (confirmed(connection, by), list_drafts.draft(connection, NATION, by, draft(), [])) == (1, 2)
        trail.write(connection, trail.NOBODY, "session.begin")
        rest = ", ".join(column.name for column in lists.lists.columns if column.name != "id")

    def change() -> None:
        with sqlite_store.writing() as connection:
            # Its places point to a list that is gone for a moment.
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            connection.execute(text(act.format(rest=rest)))

    with pytest.raises((Problem, IntegrityError), match=r"list_immutable|an audit row is never changed"):
        change()


def test_the_database_lets_a_draft_be_changed(store: Store) -> None:
    with store.writing() as connection:
        own = list_drafts.draft(connection, NATION, person(connection), draft(), [place()], [outside()])
        connection.execute(text("UPDATE list_outside SET risk = 0.9"))
        connection.execute(text("DELETE FROM list_outside"))
        connection.execute(text("UPDATE list_places SET risk = 0.9"))
        connection.execute(text("DELETE FROM list_places"))
        connection.execute(text("UPDATE lists SET cut = 0.5"))
        connection.execute(text("DELETE FROM lists"))
        assert list_drafts.own_draft(connection, NATION, 1, own) is None


def test_a_person_who_is_not_there_cannot_make_a_list(store: Store) -> None:
    def make() -> None:
        with store.writing() as connection:
            list_drafts.draft(connection, NATION, 77, draft(), [])

    with pytest.raises(IntegrityError):
        make()


def test_a_full_disk_is_told_and_keeps_nothing(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger("jaga"), "propagate", True)
    with sqlite_store.writing() as connection:
        person(connection)
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        with sqlite_store.writing() as connection:
            own = list_drafts.draft(connection, NATION, 1, draft(), [])
            many = [{"list": own, "place": n, "household": "7K3M9Q2PT5XA", "scheme": str(n)} for n in range(5000)]
            connection.execute(text("INSERT INTO list_places (list, place, household, scheme, how, why, verify) VALUES "
                                    "(:list, :place, :household, :scheme, 'ranked', '', FALSE)"), many)  # fmt: skip

    with pytest.raises(Problem) as told:
        fill()
    assert told.value.code == "storage_full"
    (line,) = (own for own in caplog.records if "no room is left" in own.getMessage())
    assert line.levelno == logging.WARNING, "the sentence of the problem says that the log has it"
    with sqlite_store.reading() as connection:
        assert lists.search(connection, NATION) == []


def test_a_database_that_is_away_is_told(tmp_path: Path, free_port: int) -> None:
    server = open_store(f"postgresql://jaga@127.0.0.1:{free_port}/jaga")
    folder = tmp_path / "store"
    file = open_store(f"sqlite:///{folder / 'jaga.sqlite'}")
    schema.upgrade(file)
    file.close()
    shutil.rmtree(folder)

    def ask(store: Store) -> None:
        with store.reading() as connection:
            connection.execute(select(people))

    for store in (server, file):
        with pytest.raises(Problem) as told:
            ask(store)
        assert told.value.code == "read_only"
        store.close()


def test_a_writer_waits_for_another_and_is_told_where_that_takes_too_long(
    store: Store, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def add(using: Store) -> None:
        try:
            with using.writing() as connection:
                numbers.take(connection, "D")
                person(connection, "budi")
            done.append("budi")
        except Problem as problem:
            done.append(problem.code)

    url = store.engine.url.render_as_string()
    patient = open_store(url, hands)
    monkeypatch.setattr("serving.store.engine.BUSY_SECONDS", 1)
    monkeypatch.setattr("serving.store.engine.STATEMENT_SECONDS", 1)
    hasty = open_store(url, hands)
    for other, until, told in ((patient, 0.3, "budi"), (hasty, None, "busy")):
        thread = threading.Thread(target=add, args=(other,))
        with store.writing() as connection:
            numbers.take(connection, "D")
            thread.start()
            thread.join(until)
        thread.join()
        assert done.pop() == told
        other.close()
    with store.reading() as connection:
        assert connection.execute(select(people.c.account)).scalars().all() == ["budi"]


def test_reading_does_not_wait_for_a_writer(store: Store) -> None:
    with store.writing() as connection:
        person(connection)
        with store.reading() as reader:
            assert reader.execute(select(people)).all() == []


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_is_stored_by_neither_engine(store: Store, value: float) -> None:
    with pytest.raises(Exception, match="JSON compliant"), store.writing() as connection:
        list_drafts.draft(connection, NATION, person(connection), draft(result={"missed": value}), [])
