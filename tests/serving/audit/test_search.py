"""Who looked at what is found again, by those who may see it and in their area alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from serving.access.rights import Caller, Grant
from serving.audit import trail
from serving.audit.search import Asked, readers, rows
from serving.problems import Problem
from serving.store.engine import Store
from tests.serving.stores import CODES, Hands


def caller(person: int, *grants: Grant, via: str = "session", scopes: frozenset[str] = frozenset()) -> Caller:
    return Caller(person, f"p{person}", "", grants, via, scopes)  # type: ignore[arg-type]


OFFICER, VERIFIER = caller(1, Grant("officer", "3204")), caller(2, Grant("verifier", "32"))
OTHER, CHIEF = caller(3, Grant("officer", "3322")), caller(4, Grant("administrator", ""))
LOCAL = caller(5, Grant("administrator", "33"))


@pytest.fixture
def filled(store: Store, hands: Hands) -> Store:
    for who, act, object_, area in (
        (OFFICER, "household.see", CODES[0], "3204"), (VERIFIER, "household.see", CODES[0], "3204"),
        (OTHER, "household.see", CODES[1], "3322"), (OFFICER, "list.see", "D-2026-0001", "32"),
        (CHIEF, "people.grant", "p1", ""), (OFFICER, "household.report", CODES[0], "3204"),
    ):  # fmt: skip
        hands.move(hours=1)
        with store.writing() as connection:
            trail.write(connection, who, act, object=object_, area=area)
    with store.writing() as connection:
        trail.write(connection, OTHER, "household.see", object=CODES[0], area="3204", result="refused")
    return store


def numbers(store: Store, who: Caller | None, asked: Asked | None = None, **more: int) -> list[int]:
    with store.reading() as connection:
        return [row.n for row in rows(connection, who, asked or Asked(), **more)]


def test_everybody_sees_of_the_log_what_their_role_and_area_let_through(filled: Store) -> None:
    assert numbers(filled, None) == numbers(filled, CHIEF) == [7, 6, 5, 4, 3, 2, 1]
    assert numbers(filled, OFFICER) == [6, 4, 1]
    assert numbers(filled, VERIFIER) == [7, 6, 4, 2, 1]
    assert numbers(filled, LOCAL) == [3]
    assert numbers(filled, caller(9, Grant("viewer", ""))) == []
    for who in (caller(1), caller(1, Grant("officer", ""), via="token", scopes=frozenset({"score"}))):
        with pytest.raises(Problem, match="forbidden"):
            numbers(filled, who)
    assert numbers(filled, caller(4, Grant("administrator", ""), via="token", scopes=frozenset({"audit.read"})))


def test_a_token_of_one_area_does_not_read_its_owners_acts_in_another(filled: Store) -> None:
    reads = frozenset({"audit.read"})
    for area, seen in (("3204", [6, 1]), ("32", [6, 4, 1]), ("33", []), ("", [6, 4, 1])):
        assert numbers(filled, caller(1, Grant("officer", area), via="token", scopes=reads)) == seen


def test_rows_are_found_by_who_what_about_what_and_when(filled: Store, hands: Hands) -> None:
    assert numbers(filled, None, Asked(by="p1")) == [6, 4, 1]
    assert numbers(filled, None, Asked(act="household")) == [7, 6, 3, 2, 1]
    assert numbers(filled, None, Asked(act="household.report")) == [6]
    for wild in ("house%", "h_usehold", "household.", "'; --"):
        assert numbers(filled, None, Asked(act=wild)) == []
    assert numbers(filled, None, Asked(object="7k3m-9q2p-t5xa")) == [7, 6, 2, 1]
    assert numbers(filled, None, Asked(object="D-2026-0001")) == [4]
    end = hands.time
    assert numbers(filled, None, Asked(since=end - timedelta(hours=2), until=end)) == [5, 4]
    assert numbers(filled, None, limit=2) == [7, 6]
    assert numbers(filled, None, before=6, limit=2) == [5, 4]


def test_a_family_is_told_when_and_by_which_role_its_page_was_opened(filled: Store, hands: Hands) -> None:
    with filled.reading() as connection:
        found = readers(connection, CODES[0])
    assert [roles for _, roles in found] == ["officer", "verifier", "officer"]
    assert found[0][0] == hands.time


def test_every_row_that_showed_a_family_is_found_by_its_code(filled: Store) -> None:
    with filled.writing() as connection:
        trail.write(connection, OTHER, "list.see", object="D-2026-0001", households=[CODES[2], CODES[0]], area="3322")
    assert numbers(filled, None, Asked(household="7k3m-9q2p-t5xa")) == [8, 7, 6, 2, 1]
    assert numbers(filled, None, Asked(object="7k3m-9q2p-t5xa")) == [8, 7, 6, 2, 1], (
        "by every door, not a part as if all"
    )
    assert numbers(filled, None, Asked(object="D-2026-0001", household=CODES[0])) == [8]
    assert numbers(filled, None, Asked(household=CODES[2])) == [8]
    assert numbers(filled, OFFICER, Asked(household=CODES[0])) == [6, 1]
    assert numbers(filled, None, Asked(household="%")) == []
