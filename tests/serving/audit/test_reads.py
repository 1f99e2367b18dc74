"""Reading while the database is away: it goes on, it is in the log afterwards, and never without a row."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from models import chain
from models.chain import ChainError
from serving.access.rights import Caller, Grant
from serving.audit import reads, trail
from serving.audit.reads import Read
from serving.problems import Problem
from serving.store.engine import Store, open_store
from serving.store.tables import audit as log
from tests.serving.live import KEYS
from tests.serving.stores import CODES, Hands

DEWI = Caller(7, "dewi", "Dewi", (Grant("officer", "3204"),), "session", csrf="word", session="id")


@pytest.fixture
def away(hands: Hands, free_port: int, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    return open_store(f"postgresql://jaga@127.0.0.1:{free_port}/jaga", hands)


def read(store: Store, at: int = 0) -> None:
    reads.write_many(store, [Read(DEWI, "household.see", CODES[at], CODES[:2], "3204", 2, {"page": at})])


def test_a_row_is_written_at_once_where_it_can_be(store: Store) -> None:
    read(store)
    assert not reads.waiting().exists()
    with store.reading() as connection:
        assert trail.verify(connection).count == 1


def test_rows_wait_in_a_signed_file_and_come_into_the_log_with_their_own_time(
    store: Store, away: Store, hands: Hands
) -> None:
    read(store)
    begin = hands.time
    for at in (1, 2):
        hands.move(minutes=1)
        read(away, at)
    text = reads.waiting().read_text()
    assert "word" not in text
    assert reads.waiting().stat().st_mode & 0o777 == 0o600, "codes and accounts are for the service alone"
    assert reads.waiting().exists()
    hands.move(hours=1)
    read(store, 3)
    assert not reads.waiting().exists()
    with store.reading() as connection:
        assert trail.verify(connection).count == 5
        told = connection.execute(select(log).where(log.c.act == "audit.absorb")).one()
        rows = connection.execute(select(log).where(log.c.act != "audit.absorb").order_by(log.c.n)).all()
    assert told._mapping["count"] == 2
    assert [row.object for row in rows] == list(CODES)
    assert [int((row.at - begin).total_seconds() // 60) for row in rows] == [0, 1, 2, 62]
    assert {(row.account, row.roles, row.regency, row.households, row._mapping["count"]) for row in rows} == {
        ("dewi", "officer", "3204", f"{CODES[0]} {CODES[1]}", 2)}  # fmt: skip
    assert len({row.detail for row in rows}) == 4
    assert reads.absorb(store) == 0


def test_a_long_outage_makes_no_reading_dearer_and_does_not_drown_the_log(
    away: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("jaga"), "propagate", True)
    monkeypatch.setattr(chain, "bodies", lambda *_: pytest.fail("what waits is read once the database is there"))
    for _ in range(5):
        read(away)
    assert [line.rsplit(" ")[-1] for line in caplog.messages if "rows that wait" in line] == ["1", "2", "4"]


def keep(to: Path) -> None:
    """Copy the file and its head aside."""
    to.mkdir()
    for path in (reads.waiting(), chain.head_file(reads.waiting())):
        shutil.copy(path, to)


def put_back(kept: Path) -> None:
    shutil.copytree(kept, reads.waiting().parent, dirs_exist_ok=True)


def readings(store: Store) -> list[str]:
    with store.reading() as connection:
        trail.verify(connection)
        return list(
            connection.execute(select(log.c.object).where(log.c.act == "household.see").order_by(log.c.n)).scalars()
        )


def test_a_file_that_is_put_back_whole_or_in_part_enters_no_reading_again(
    store: Store, away: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("jaga"), "propagate", True)
    read(away, 0)
    keep(tmp_path / "part")
    read(away, 1)
    keep(tmp_path / "whole")
    assert reads.absorb(store) == 2
    for name in ("part", "whole"):
        put_back(tmp_path / name)
        assert reads.verify(store) == 0
        caplog.clear()
        read(store, 2)
        assert "were in the log already" in caplog.text
        assert not reads.pending()
    assert readings(store) == [CODES[0], CODES[1], CODES[2], CODES[2]]
    put_back(
        tmp_path / "whole"
    )  # as a service leaves it that stops before it is deleted, and reads on without database
    read(away, 3)
    assert reads.absorb(store) == 1
    assert readings(store)[4:] == [CODES[3]]


@pytest.mark.parametrize("count", [0, 2])
def test_the_head_of_another_log_vouches_for_no_row_that_waits(store: Store, away: Store, count: int) -> None:
    file = reads.waiting()
    read(away)
    file.unlink()
    chain.head_file(file).unlink()
    for number in range(count):
        chain.append(file, {"action": "promote", "number": number}, store.seal)
    if not count:
        head = {"count": 0, "size": 0, "last": chain.START, "seal": trail.empty_head(store.seal)["seal"]}
        file.touch()
        chain.head_file(file).write_text(json.dumps(head))
    with pytest.raises(ChainError, match="that of another log"):
        read(store)
    assert readings(store) == []


def test_a_file_that_was_tampered_with_stops_reading(store: Store, away: Store) -> None:
    read(away)
    file = reads.waiting()
    file.write_text(file.read_text().replace("dewi", "budi"))
    with pytest.raises(ChainError):
        read(store)
    with store.reading() as connection:
        assert trail.verify(connection).count == 0


def test_a_file_that_was_taken_away_stops_reading_and_is_told(
    store: Store, away: Store, caplog: pytest.LogCaptureFixture
) -> None:
    read(away)
    assert reads.verify(store) == 1
    reads.waiting().unlink()
    for act in (reads.absorb, reads.verify, read):
        caplog.clear()
        with pytest.raises(ChainError, match="line 1 is missing"):
            act(store)
        assert "rows that wait cannot be trusted" in caplog.text
    with store.reading() as connection:
        assert trail.verify(connection).count == 0


def test_nothing_is_shown_where_no_row_can_be_written_at_all(away: Store, monkeypatch: pytest.MonkeyPatch,
                                                             tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "file"))
    with pytest.raises(Problem) as told:
        read(away)
    assert told.value.code == "read_only"


def test_what_is_full_or_crowded_is_no_reason_to_read_past_the_log(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_store.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version")

        def busy(*_: object, **__: object) -> int:
            raise Problem("busy")

    monkeypatch.setattr(trail, "write_rows", busy)
    with pytest.raises(Problem, match="busy"):
        read(sqlite_store)
    assert not reads.waiting().exists()
    shutil.rmtree(reads.waiting().parent, ignore_errors=True)


def test_a_refused_reading_that_waited_is_refused_in_the_log(store: Store, away: Store) -> None:
    reads.write_many(away, [Read(DEWI, "household.see", CODES[0], area="3204", count=0, result="refused")])
    assert reads.absorb(store) == 1
    with store.reading() as connection:
        row = connection.execute(select(log).where(log.c.act == "household.see")).one()
    assert (row.result, row.object) == ("refused", CODES[0])
