"""A database file that is taken away or replaced under a service: nothing is told as kept that is not, nothing is made
anew in its place."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from argparse import Namespace
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from features.commands import UserError
from serving import store_commands
from serving.audit import trail
from serving.problems import Problem
from serving.store import schema
from serving.store.engine import Store, open_store
from serving.store.tables import audit as log
from tests.serving.live import KEYS

Own = tuple[Store, Path]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Own:
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    path = tmp_path / "store" / "jaga.sqlite"
    store = open_store(f"sqlite:///{path}")
    schema.prepare(store)
    with store.writing() as connection:
        trail.write(connection, trail.NOBODY, "session.begin")
    return store, path


def rows(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(log)).scalar_one()


def moved(path: Path, to: Path) -> None:
    to.mkdir()
    for file in path.parent.glob("jaga.sqlite*"):
        file.rename(to / file.name)


def refused(store: Store) -> Problem:
    with pytest.raises(Problem) as caught, store.writing() as connection:
        trail.write(connection, trail.NOBODY, "session.begin")
    with pytest.raises(Problem, match="read_only"), store.reading():
        pass
    assert caught.value.code == "read_only"
    return caught.value


def test_a_file_that_was_moved_away_takes_no_write_until_it_is_back(
    own: Own, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store, path = own
    moved(path, tmp_path / "elsewhere")
    with caplog.at_level(logging.WARNING, "jaga"):
        assert refused(store).values["why"][1].startswith("its file is no longer in its place")
        refused(store)
    assert len([one for one in caplog.records if "no longer in its place" in one.getMessage()]) == 1
    assert not path.exists()
    path.parent.rmdir()
    (tmp_path / "elsewhere").rename(path.parent)
    assert rows(store) == 1
    with store.writing() as connection:
        trail.write(connection, trail.NOBODY, "session.begin")
    assert rows(store) == 2


def test_a_copy_in_its_place_is_used_after_a_restart_alone(own: Own, tmp_path: Path) -> None:
    store, path = own
    copied = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copied)) as target:
        source.backup(target)
    moved(path, tmp_path / "elsewhere")
    shutil.copyfile(copied, path)
    assert refused(store).values["why"][1].startswith("another file is in its place")
    again = open_store(f"sqlite:///{path}")
    assert rows(again) == 1
    again.close()


def test_a_write_during_which_the_file_went_is_not_told_as_kept(own: Own, tmp_path: Path) -> None:
    store, path = own

    def write() -> None:
        with store.writing() as connection:
            trail.write(connection, trail.NOBODY, "session.begin")
            moved(path, tmp_path / "elsewhere")

    with pytest.raises(Problem, match="read_only"):
        write()
    path.parent.rmdir()
    (tmp_path / "elsewhere").rename(path.parent)
    assert rows(store) == 1


@pytest.mark.parametrize("command", ["audit verify", "audit show", "db check", "db tidy", "people list", "tokens list"])
def test_a_command_that_looks_makes_no_database(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    monkeypatch.setenv("JAGA_DB", f"sqlite:///{tmp_path / 'none.sqlite'}")
    with pytest.raises(UserError, match=r"no database at .*none\.sqlite") as caught:
        store_commands.run(command, Namespace(language="en"))
    assert "tidak ada database" in caught.value.words[0]
    assert not (tmp_path / "none.sqlite").exists()


def test_a_new_one_is_made_by_the_command_that_begins_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    monkeypatch.setenv("JAGA_DB", f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert store_commands.run("db upgrade", Namespace(language="en")) == 0
    assert store_commands.run("db check", Namespace(language="en")) == 0
