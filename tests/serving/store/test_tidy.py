"""What has outlived its use is deleted; what proves a decision is not."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from serving.audit import trail
from serving.store import attempts, drafts, flows, list_drafts, lists, objections, once, schema, sessions, tidy, visits
from serving.store.engine import Store
from serving.store.flows import Flow
from serving.store.objections import Lodged
from tests.serving.stores import CODES, NATION, Hands, confirmed, draft, outside, person, place

OLD = {"sessions": 1, "flows": 1, "attempts": 1, "once": 1, "drafts": 1, "list_places": 2, "list_outside": 1,
       "lists": 1}  # fmt: skip
NOTHING = dict.fromkeys(OLD, 0)


def fill(connection: Connection) -> int:
    """One of everything that grows old, and one of everything that stays; who did it."""
    dewi = person(connection)
    sessions.begin(connection, dewi, "password")
    flows.begin(connection, "state", Flow("nonce", "verifier", "/ikhtisar"))
    attempts.begin(connection, "account", "dewi")
    once.begin(connection, dewi, "key-00000001", b"asked")
    drafts.keep(connection, dewi, "/kunjungan", {"catatan": ["lantai retak"]})
    list_drafts.draft(connection, NATION, dewi, draft(), [place(), place(CODES[1])], [outside()])
    own = confirmed(connection, dewi, beyond=[outside()])
    visits.plan(connection, own, date(2026, 12, 31))
    objections.open(connection, NATION, dewi, Lodged(CODES[0], "32", "3204", "result", "family", "counter", list=own))
    trail.write(connection, trail.NOBODY, "session.begin")
    return dewi


def sizes(connection: Connection) -> dict[str, int]:
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in schema.TABLES}  # fmt: skip


def test_what_has_outlived_its_use_goes_and_what_proves_a_decision_stays(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        dewi = fill(connection)
        assert tidy.tidy(connection) == NOTHING
    hands.move(days=tidy.DRAFT_DAYS, minutes=1)
    with store.writing() as connection:
        list_drafts.draft(connection, NATION, dewi, draft(title="baru"), [place()])
        before = sizes(connection)
        assert tidy.count(connection) == OLD
        assert sizes(connection) == before
        assert tidy.tidy(connection) == OLD
        assert sizes(connection) == {name: rows - OLD.get(name, 0) for name, rows in before.items()}
        assert tidy.count(connection) == tidy.tidy(connection) == NOTHING
        assert list(lists.broken(connection)) == []
        assert trail.verify(connection).count == 1


def test_nothing_goes_before_its_time(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        fill(connection)
    gone: dict[str, float] = {}
    hours = (0.1, 0.2, 0.3, 0.9, 1.1, 9, 11, 23, 25, 33, 35, 24 * 29, 24 * 31)
    at = hands.time
    for hour in hours:
        hands.time = at
        hands.move(hours=hour)
        with store.reading() as connection:
            for name, rows in tidy.count(connection, draft_days=30).items():
                if rows:
                    gone.setdefault(name, hour)
    assert gone == {"flows": 0.2, "drafts": 0.3, "attempts": 1.1, "once": 25, "sessions": 35, "lists": 24 * 31,
                    "list_places": 24 * 31, "list_outside": 24 * 31}  # fmt: skip
