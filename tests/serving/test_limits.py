"""What the documentation promises of sizes and times at the door, to the last one that is let through."""

from __future__ import annotations

import dataclasses
from contextlib import ExitStack
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from serving import limits
from serving.access import passwords
from serving.problems import Problem
from serving.store import attempts, sessions, tokens
from serving.store.engine import Store
from serving.store.tables import attempts as attempts_table
from tests.serving.stores import Hands, person

MICRO = timedelta(microseconds=1)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def test_how_much_one_request_may_ask_for() -> None:
    assert (limits.BODY_MIB, limits.FORM_KIB, limits.HEAD_KIB, limits.HELD_MIB) == (16, 256, 64, 256)
    assert (limits.SEND_SECONDS, limits.WORK_SECONDS) == (20, 20)
    assert (limits.MOST_WAITING, limits.MOST_AT_DOOR) == (64, 12)
    assert (limits.MOST_HOUSEHOLDS, limits.MOST_REASONS) == (1000, 10)
    with ExitStack() as taken:
        for _ in range(limits.MOST_AT_DOOR):
            taken.enter_context(passwords.place())
        with pytest.raises(Problem, match="busy") as busy:
            taken.enter_context(passwords.place())
        assert busy.value.headers["Retry-After"] == "5"
    with passwords.place():
        pass


@pytest.mark.parametrize(("account", "password", "rule"), [
    ("dewi", "kopi tubruk!", ""), ("dewi", "kopi tubruk", "password_length"), ("dewi", LETTERS * 9 + "x" * 22, ""),
    ("dewi", LETTERS * 9 + "x" * 23, "password_length"), ("dewi", "abcdeabcdeab", ""),
    ("dewi", "abcdabcdabcd", "password_common"), ("dewi", "saya DEWI selalu", "password_account"),
    ("", "saya dewi selalu", ""), ("dewi", "BISMILLAH123", "password_common"),
])  # fmt: skip
def test_a_password_is_of_12_to_256_signs_and_five_different_ones(account: str, password: str, rule: str) -> None:
    found = ""
    try:
        passwords.check(account, password)
    except Problem as problem:
        found = problem.broken[0].rule
    assert found == rule


def test_the_longest_password_matches_and_none_that_is_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    passwords._nobody.cache_clear()
    for size, right in ((256, True), (257, False)):
        assert passwords.matches(passwords.make("x" * size), "x" * size) is right
    assert not passwords.matches(None, "x" * 12)
    made = passwords.generated()
    assert [len(part) for part in made.split("-")] == [5, 5, 5, 5]


def live(store: Store, secret: str) -> bool:
    with store.reading() as connection:
        found = sessions.find(connection, secret)
        return found is not None and found.state == "live"


def test_a_session_ends_after_thirty_minutes_without_a_sign_and_ten_hours_in_all(
    sqlite_store: Store, hands: Hands
) -> None:
    with sqlite_store.writing() as connection:
        who = person(connection)
        secret, other = sessions.begin(connection, who, "password"), sessions.begin(connection, who, "provider")
    begun, own = hands.time, sessions.digest(secret)
    for after, stays in ((timedelta(minutes=30) - MICRO, True), (timedelta(minutes=30), False),
                         (timedelta(minutes=-5), True), (-timedelta(minutes=5) - MICRO, False)):  # fmt: skip
        hands.time = begun + after
        assert live(sqlite_store, secret) is stays, after
    for after, due in ((timedelta(seconds=60), True), (timedelta(seconds=60) - MICRO, False)):
        hands.time = begun + after
        with sqlite_store.reading() as connection:
            assert sessions.due(connection, own) is due
            assert not sessions.due(connection, "nobody's")
    for at in range(1, 25):
        hands.time = begun + timedelta(minutes=24.9 * at)
        with sqlite_store.writing() as connection:
            sessions.touch(connection, own)
    hands.time = begun + timedelta(hours=10) - MICRO
    assert live(sqlite_store, secret)
    assert not live(sqlite_store, other)
    hands.time = begun + timedelta(hours=10)
    assert not live(sqlite_store, secret)


def test_sessions_are_ended_one_by_one_or_all_of_a_person_and_cleared_away_a_day_later(
    sqlite_store: Store, hands: Hands
) -> None:
    with sqlite_store.writing() as connection:
        one, two = person(connection), person(connection, "budi")
        secrets = [sessions.begin(connection, who, "password") for who in (one, one, one, two)]
        sessions.end(connection, sessions.digest(secrets[0]))
    assert [live(sqlite_store, secret) for secret in secrets] == [False, True, True, True]
    with sqlite_store.writing() as connection:
        assert sessions.end_all(connection, one) == 2
    assert [live(sqlite_store, secret) for secret in secrets] == [False, False, False, True]
    assert len(set(secrets)) == 4
    assert {len(secret) for secret in secrets} == {43}, "256 bits"
    for after, kept in ((timedelta(0), True), (MICRO, False)):
        hands.time += (timedelta(hours=34) if kept else timedelta(0)) + after
        with sqlite_store.writing() as connection:
            sessions.begin(connection, two, "password")
            assert (sessions.find(connection, secrets[3]) is not None) is kept


@pytest.mark.parametrize(("kind", "most"), [("account", 5), ("browser", 5), ("address", 30)])
def test_one_waits_a_quarter_of_an_hour_after_so_many_failures(
    sqlite_store: Store, hands: Hands, kind: str, most: int
) -> None:
    def tries() -> tuple[int, bool]:
        with sqlite_store.writing() as connection:
            found = attempts.begin(connection, kind, "x")
            attempts.begin(connection, kind, "another")
        return found.minutes, found.begins

    begun = hands.time
    for after in (timedelta(0), timedelta(minutes=15)):  # the count begins anew a quarter of an hour after its first
        hands.time = begun + after
        assert [tries() for _ in range(most - 1)] == [(0, False)] * (most - 1)
    hands.time = begun + timedelta(minutes=30) - MICRO
    assert [tries() for _ in range(3)] == [(0, False), (15, True), (15, False)]
    locked = hands.time
    for after, minutes in ((timedelta(minutes=14), 1), (timedelta(minutes=14) - MICRO, 2), (timedelta(days=-3), 15),
                           (timedelta(minutes=15) - MICRO, 1), (timedelta(minutes=15), 0)):  # fmt: skip
        hands.time = locked + after
        assert tries() == (minutes, False), after
    assert [tries() for _ in range(most)] == [(0, False)] * (most - 1) + [(15, True)]


def test_who_signs_in_gets_the_try_back_and_what_nobody_waits_for_is_cleared_away(
    sqlite_store: Store, hands: Hands
) -> None:
    def counted() -> dict[str, int]:
        with sqlite_store.reading() as connection:
            rows = connection.execute(select(attempts_table)).all()
            names = {attempts.key(connection, *own): own[1] for own in
                     (("account", "dewi"), ("account", "budi"), ("address", "::1"), ("address", "::2"))}  # fmt: skip
        return {names[row.key]: row.failures for row in rows}

    with sqlite_store.writing() as connection:
        for kind, value in (("account", "dewi"), ("account", "budi"), ("address", "::1"), ("address", "::1"),
                            ("address", "::2")):  # fmt: skip
            attempts.begin(connection, kind, value)
        assert attempts.key(connection, "account", "dewi").startswith("ac")
        assert len(attempts.key(connection, "account", "dewi")) == 64
        attempts.succeeded(connection, "account", "dewi", "::1")
    assert counted() == {"budi": 1, "::1": 1, "::2": 1}
    for left in (0, 0):
        with sqlite_store.writing() as connection:
            attempts.succeeded(connection, "account", "dewi", "::1")
        assert counted() == {"budi": 1, "::1": left, "::2": 1}
    begun = hands.time
    for after, kept in ((timedelta(hours=1), 3), (timedelta(hours=1) + MICRO, 0)):
        hands.time = begun + after
        with sqlite_store.writing() as connection:
            attempts.forget(connection, "account", "dewi")
        assert len(counted()) == kept


def test_a_token_holds_to_its_last_day_and_not_by_a_clock_that_was_set_back(sqlite_store: Store, hands: Hands) -> None:
    with sqlite_store.writing() as connection:
        who = person(connection)
        token, secret = tokens.make(connection, who, "  SIKS  ", ["score"])
        other, _ = tokens.make(connection, person(connection, "budi"), "SIKS", ["score"])
    made, skew = hands.time, timedelta(minutes=5)
    assert (token.label, token.expires - made, len(token.prefix), len(secret)) == ("SIKS", timedelta(days=90), 8, 57)
    used = dataclasses.replace(token, last_used=made + timedelta(days=2))
    for own, after, holds in (
        (token, timedelta(days=90) - MICRO, True), (token, timedelta(days=90), False), (token, -skew, True),
        (token, -skew - MICRO, False), (used, timedelta(days=2) - skew, True),
        (used, timedelta(days=2) - skew - MICRO, False),
        (dataclasses.replace(token, revoked=made), timedelta(days=1), False),
        (dataclasses.replace(token, last_used=token.expires), timedelta(days=90) - MICRO, False),
    ):  # fmt: skip
        assert own.usable(made + after) is holds, after
    for after, due in ((timedelta(seconds=60), True), (timedelta(seconds=60) - MICRO, False)):
        hands.time = made + after
        with sqlite_store.reading() as connection:
            assert tokens.due(connection, token)
            assert tokens.due(connection, dataclasses.replace(token, last_used=made)) is due
    with sqlite_store.writing() as connection:
        tokens.touch(connection, token)
        assert [own.last_used for own in tokens.everyone(connection)] == [None, hands.time]
        assert [own.prefix for own in tokens.of(connection, who)] == [token.prefix]
        assert tokens.find(connection, secret) is not None
        assert tokens.revoke_all(connection, who) == 1
        assert tokens.find(connection, secret) is None
        assert tokens.revoke(connection, token.prefix) is None
        assert tokens.revoke(connection, "nothing") is None
        found = tokens.revoke(connection, other.prefix)
    assert found is not None
    assert (found.account, found.revoked) == ("budi", hands.time)


@pytest.mark.parametrize(("asked", "rules"), [
    ({}, []), ({"label": "x" * 120}, []), ({"label": "x" * 121}, ["token_label"]), ({"label": "x"}, []),
    ({"label": ""}, ["token_label"]), ({"label": "a\nb"}, ["token_label"]), ({"days": 1}, []), ({"days": 90}, []),
    ({"days": 0}, ["token_days"]), ({"days": 91}, ["token_days"]), ({"area": ""}, []), ({"area": "3204"}, []),
    ({"area": "320"}, ["area"]), ({"scopes": []}, ["token_scopes"]), ({"scopes": ["score", "root"]}, ["token_scopes"]),
    ({"scopes": list(tokens.SCOPES)}, []), ({"label": "x" * 121, "days": 0}, ["token_label", "token_days"]),
])  # fmt: skip
def test_every_field_of_a_token_that_breaks_a_rule_is_told(asked: dict[str, object], rules: list[str]) -> None:
    own: dict[str, object] = {"label": "SIKS", "scopes": ["score"], "area": "32", "days": 30} | asked
    assert [one.rule for one in tokens.broken(**own).broken] == rules  # type: ignore[arg-type]
