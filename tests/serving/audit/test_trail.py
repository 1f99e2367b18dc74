"""The audit log: an act and its row stand or fall together, and every way of tampering is found."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from features.keys import Keys
from models.chain import ChainError
from serving.access.rights import Caller, Grant
from serving.audit import trail
from serving.store import lists, people
from serving.store.engine import Store, open_store
from serving.store.tables import audit as log
from serving.store.tables import audit_heads
from tests.serving.stores import CODES, NATION, Hands, confirmed, person

DEWI = Caller(7, "dewi", "Dewi", (Grant("officer", "3204"), Grant("viewer", "")), "session")


def fill(store: Store, rows: int = 6) -> None:
    for at in range(rows):
        with store.writing() as connection:
            trail.write(connection, DEWI, "household.see", object=CODES[at % 4], area="3204", detail={"page": at})


def verify(store: Store, anchor: tuple[int, str] | None = None) -> trail.Verified:
    with store.reading() as connection:
        return trail.verify(connection, anchor)


def tamper(store: Store, *acts: object) -> None:
    """As somebody who owns the database would, without the guards."""
    with store.writing() as connection:
        if store.sqlite:
            for name in connection.execute(text("SELECT name FROM sqlite_master WHERE name LIKE 'guard_audit%'")).all():
                connection.execute(text(f"DROP TRIGGER {name[0]}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        for act in acts:
            connection.execute(act)  # type: ignore[call-overload]


def test_a_row_says_who_did_what_where_and_a_hash_of_the_rest(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        assert trail.write(connection, DEWI, "list.see", object="D-2026-0001", area="3204", count=2,
                           households=CODES[:2], detail={"q": "rahasia"}) == 1  # fmt: skip
        assert trail.write(connection, trail.NOBODY, "session.begin", result="refused") == 2
    with store.reading() as connection:
        first, second = connection.execute(select(log).order_by(log.c.n))
    assert (first.account, first.person, first.roles, first.via, first.act, first.object, first.households) == (
        "dewi", 7, "officer viewer", "session", "list.see", "D-2026-0001", f"{CODES[0]} {CODES[1]}")  # fmt: skip
    assert (first.at, first.province, first.regency, first._mapping["count"]) == (hands.time, "32", "3204", 2)
    assert "rahasia" not in str(first)
    assert (second.person, second.account, second.result, second.province) == (None, "-", "refused", None)
    assert first.detail != second.detail
    assert verify(store) == trail.Verified(2, second.hash, 0)


def test_rows_written_together_are_one_chain_in_their_order(store: Store, hands: Hands) -> None:
    fill(store, 2)
    with store.writing() as connection:
        rows = [trail.row(connection, DEWI, "household.see", object=code, area="3204") for code in CODES]
        hands.move(minutes=1)  # as where another writer was waited for: the time is that of writing
        assert trail.write_rows(connection, rows) == 2 + len(CODES)
    fill(store, 1)
    assert verify(store).count == 3 + len(CODES)
    with store.reading() as connection:
        assert set(connection.scalars(select(log.c.at).where(log.c.n > 2))) == {hands.time}
        assert connection.scalars(select(log.c.object).where(log.c.n > 2).order_by(log.c.n)).all() == [*CODES, CODES[0]]
    tamper(store, update(log).where(log.c.n == 4).values(object=CODES[0]))
    with pytest.raises(trail.BrokenLogError, match="audit row 4 was changed"):
        verify(store)


def test_an_act_without_its_row_does_not_happen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def act() -> None:
        with store.writing() as connection:
            own = person(connection)
            confirmed(connection, own)
            trail.write(connection, DEWI, "list.build", object="D-2026-0001")

    tamper(store, text("ALTER TABLE audit RENAME COLUMN detail TO details"))
    with pytest.raises(Exception, match="detail"):
        act()
    with store.reading() as connection:
        assert people.everyone(connection) == []
        assert lists.search(connection, NATION) == []
    tamper(store, text("ALTER TABLE audit RENAME COLUMN details TO detail"))
    act()
    assert verify(store).count == 1


def test_the_log_itself_is_never_changed_by_us(store: Store) -> None:
    fill(store)
    for act in (update(log).values(act="model.see"), delete(log)):
        with pytest.raises(Exception, match="never changed"), store.writing() as connection:
            connection.execute(act)
    if not store.sqlite:
        with pytest.raises(Exception, match="never changed"), store.writing() as connection:
            connection.execute(text("TRUNCATE audit"))
    assert verify(store).count == 6


def _changed(store: Store) -> None:
    tamper(store, update(log).where(log.c.n == 3).values(account="budi"))


def _removed(store: Store) -> None:
    tamper(store, delete(log).where(log.c.n == 3))


def _removed_and_numbered_anew(store: Store) -> None:
    tamper(store, delete(log).where(log.c.n == 3),
           *(update(log).where(log.c.n == n).values(n=n - 1) for n in (4, 5, 6)))  # fmt: skip


def _inserted(store: Store) -> None:
    tamper(store, *(update(log).where(log.c.n == n).values(n=n + 1) for n in (6, 5, 4, 3)), _copy(5, 3))


def _reordered(store: Store) -> None:
    tamper(store, *(update(log).where(log.c.n == n).values(n=to) for n, to in ((3, 99), (4, 3), (99, 4))))


def _copy(of: int, to: int) -> object:
    columns = [column for column in log.c if column.name != "n"]
    return insert(log).from_select(["n", *(column.name for column in columns)],
                                   select(to, *columns).where(log.c.n == of))  # fmt: skip


@pytest.mark.parametrize("act", [_changed, _removed, _removed_and_numbered_anew, _inserted, _reordered])
def test_the_first_row_that_is_not_as_it_was_written_is_named(store: Store, act: Callable[[Store], None]) -> None:
    fill(store)
    act(store)
    with pytest.raises(ChainError, match="audit row 3 "):
        verify(store)


@pytest.mark.parametrize("name", [column.name for column in log.c if column.name not in ("n", "hash")])
def test_every_column_is_covered(sqlite_store: Store, name: str) -> None:
    fill(sqlite_store)
    other = {"at": func.datetime("now"), "person": 8, "count": 9, "regency": "3205", "province": "33"}.get(name, "x")
    tamper(sqlite_store, update(log).where(log.c.n == 2).values({name: other}))
    with pytest.raises(ChainError, match="audit row 2 was changed"):
        verify(sqlite_store)


def test_a_tail_that_was_cut_or_put_on_is_found(store: Store) -> None:
    fill(store)
    tamper(store, delete(log).where(log.c.n > 4))
    with pytest.raises(ChainError, match="row 5 is missing: 6 were written, 4 are there"):
        verify(store)
    tamper(store, delete(log))
    with pytest.raises(ChainError, match="row 1 is missing"):
        verify(store)


def test_a_row_put_on_at_the_end_is_found(store: Store) -> None:
    fill(store)
    tamper(store, _copy(6, 7))
    with pytest.raises(ChainError, match="row 7 was put in without the key"):
        verify(store)


def test_a_head_that_was_altered_or_taken_away_stops_the_log_and_with_it_all_acts(store: Store) -> None:
    fill(store)
    tamper(store, update(audit_heads).values(count=5))
    with pytest.raises(ChainError, match="altered"):
        verify(store)
    with pytest.raises(ChainError, match="altered"):
        fill(store, 1)
    tamper(store, delete(audit_heads))
    for ask in (verify, fill):
        with pytest.raises(ChainError, match="head is missing"):
            ask(store)


def test_another_key_does_not_pass(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    monkeypatch.setattr("features.keys.load", lambda: Keys(b"d" * 16, b"s" * 16))
    other = open_store(store.engine.url.render_as_string(hide_password=False))
    with pytest.raises(ChainError, match="JAGA_KEYS"):
        verify(other)
    other.close()


def test_a_log_set_back_with_its_head_is_found_by_a_row_seen_before(store: Store, hands: Hands) -> None:
    fill(store)
    with store.reading() as connection:
        head = connection.execute(select(audit_heads)).one()
    fill(store, 2)
    seen = verify(store)
    assert verify(store, (seen.count, seen.last)) == seen
    values = {"count": head._mapping["count"], "last": head.last, "seal": head.seal}
    tamper(store, delete(log).where(log.c.n > 6), update(audit_heads).values(values))
    assert verify(store).count == 6  # nothing in the database tells
    with pytest.raises(ChainError, match="row 8 was seen before"):
        verify(store, (seen.count, seen.last))
    hands.move(hours=1)
    fill(store, 3)
    with pytest.raises(ChainError, match="row 8 is not the one that was seen before"):
        verify(store, (seen.count, seen.last))


def test_a_clock_that_jumps_back_reorders_nothing(store: Store, hands: Hands) -> None:
    fill(store, 2)
    hands.move(days=-400)
    fill(store, 2)
    assert verify(store).backward == 1
    with store.reading() as connection:
        assert [row.n for row in connection.execute(select(log.c.n).order_by(log.c.n))] == [1, 2, 3, 4]


def test_many_writers_make_one_chain(store: Store) -> None:
    def work() -> None:
        fill(store, 8)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(store).count == 40


def test_the_newest_row_of_an_act_is_told_and_held_against_the_row_before(sqlite_store: Store, hands: Hands) -> None:
    with sqlite_store.writing() as connection:
        assert trail.newest(connection, "list.see") is None
        assert trail.verify(connection) == trail.Verified(0, "0" * 64, 0)
        assert trail.write(connection, trail.terminal("x" * 65), "list.see", object="a") == 1
        for name in ("b", "c"):
            trail.write(connection, trail.NOBODY, "session.begin", object=name, area="3204")
        assert trail.write(connection, trail.NOBODY, "list.see", object="d", count=7) == 4
        first, last = trail.newest(connection, "session.begin"), trail.newest(connection, "list.see")
        assert first is not None
        assert last is not None
        assert (first["object"], first["n"], first["count"], first["person"]) == ("c", 3, 1, None)
        assert (first["province"], first["regency"], first["account"]) == ("32", "3204", "-")
        assert (last["object"], last["n"], last["count"], last["detail"]) == ("d", 4, 7, first["detail"])
        whole = trail.verify(connection)
        assert (whole.count, whole.last, whole.backward) == (4, last["hash"], 0), "rows of one moment go on"
        for anchor, wrong in (((4, last["hash"]), None), ((3, first["hash"]), None), ((3, last["hash"]), 3),
                              ((5, last["hash"]), 5), ((99, last["hash"]), 5)):  # fmt: skip
            if wrong is None:
                assert trail.verify(connection, anchor).count == 4
                continue
            with pytest.raises(trail.BrokenLogError) as broken:
                trail.verify(connection, anchor)
            assert broken.value.row == wrong
    assert trail.terminal("x" * 65).account == "x" * 64
    keyed = trail.digest(b"k", {"b": 1, "a": "é"})
    assert keyed == hmac.new(b"k", '{"a":"é","b":1}'.encode(), hashlib.sha256).hexdigest()
    assert trail.digest(b"k", None) == trail.digest(b"k", {}) != keyed
