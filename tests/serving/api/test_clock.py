"""The server's clock stepping back and forth, and what clients say of the time: nobody gains by either."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from serving.audit import trail
from serving.store import people, sessions
from tests.serving.api.world import MINE, World


def session(world: World) -> dict[str, str]:
    """A session of an officer."""
    with world.store.writing() as connection:
        person = people.by_account(connection, "dewi")
        assert person is not None
        return {"Cookie": f"jaga={sessions.begin(connection, person.id, 'password')}"}


def code(world: World, **headers: str) -> str:
    answer = world.get(None, "/v1/lists", **headers)
    assert answer.status_code in (200, 401)
    return str(answer.json().get("code", "open"))


@pytest.mark.parametrize(("minutes", "then"), [
    (-4, "open"), (-6, "sign_in_expired"), (-60 * 24, "sign_in_expired"), (-60 * 24 * 3650, "sign_in_expired"),
    (29, "open"), (31, "sign_in_expired"), (60 * 24 * 3650, "sign_in_expired"),
])  # fmt: skip
def test_a_session_is_closed_by_a_clock_that_steps_far_either_way(one: World, minutes: int, then: str) -> None:
    own = session(one)
    assert code(one, **own) == "open"
    one.store.clock.move(minutes=minutes)  # type: ignore[attr-defined]
    assert code(one, **own) == then


def test_a_clock_that_goes_back_and_forth_makes_no_session_longer(one: World) -> None:
    own, began, opened = session(one), one.store.clock(), []
    # Ten hours are the most, whatever the clock does in between.
    for minutes in (20, -4, 20, 20, -4) * 14:
        one.store.clock.move(minutes=minutes)  # type: ignore[attr-defined]
        if code(one, **own) == "open":
            opened.append(one.store.clock() - began)
    assert opened
    assert max(opened) < sessions.LONGEST
    assert one.store.clock() - began > sessions.LONGEST
    assert code(one, **own) == "sign_in_expired"


def test_a_clock_set_back_revives_no_token(one: World) -> None:
    own = {"Authorization": f"Bearer {one.secrets['dewi']}"}
    one.store.clock.move(days=29, hours=23, minutes=58)  # type: ignore[attr-defined]
    assert code(one, **own) == "open"
    for minutes, then in ((4, "bad_token"), (-3, "open"), (-60, "bad_token"), (-60 * 24 * 400, "bad_token")):
        one.store.clock.move(minutes=minutes)  # type: ignore[attr-defined]
        assert code(one, **own) == then, minutes


def test_what_a_client_says_of_the_time_changes_nothing(one: World) -> None:
    own = session(one)
    one.store.clock.move(minutes=31)  # type: ignore[attr-defined]
    told = {"Date": "Tue, 24 Nov 2026 03:00:00 GMT", "If-Modified-Since": "Tue, 24 Nov 2026 03:00:00 GMT",
            "X-Forwarded-Date": "2026-11-24T03:00:00Z"}  # fmt: skip
    assert code(one, **own, **told) == "sign_in_expired"
    household = one.households(MINE)[0]["household_id"]
    for day, status in (("2026-11-24", 201), ("2026-11-25", 422), ("2099-01-01", 422), ("2024-11-24", 422),
                        ("0001-01-01", 422)):  # fmt: skip
        body = {"household_id": household, "result": "above", "visited": day}
        assert one.post("dewi", "/v1/visits", body, **told).status_code == status, day


def test_the_log_stays_whole_over_steps_and_tells_of_them(one: World) -> None:
    household = one.households(MINE)[0]["household_id"]
    before = one.audited()
    for minutes in (0, 90, -4, 240, -3):
        one.store.clock.move(minutes=minutes)  # type: ignore[attr-defined]
        assert one.get("dewi", f"/v1/households/{household}").status_code == 200
    with one.store.reading() as connection:
        verified = trail.verify(connection)
    assert verified.count == before + 5
    assert verified.backward == 2


def test_a_write_sent_again_after_the_clock_went_back_is_still_done_once(one: World) -> None:
    household = one.households(MINE)[0]["household_id"]
    body = {"household_id": household, "result": "above", "visited": "2026-11-20"}
    first = one.post("dewi", "/v1/visits", body, key="over-a-step")
    for minutes in (-4, 60 * 20):
        one.store.clock.move(minutes=minutes)  # type: ignore[attr-defined]
        again = one.post("dewi", "/v1/visits", body, key="over-a-step")
        assert (again.status_code, again.json()) == (201, first.json())
    assert len(one.get("dewi", "/v1/visits").json()["visits"]) == 1


def test_scores_that_expired_draw_no_list_and_a_clock_set_back_is_no_way_round_for_long(one: World) -> None:
    one.store.clock.time = datetime(2027, 6, 1, tzinfo=UTC)  # type: ignore[attr-defined]
    with one.store.writing() as connection:
        person = people.by_account(connection, "dewi")
        assert person is not None
        own = {"Cookie": f"jaga={sessions.begin(connection, person.id, 'password')}"}
        word = sessions.csrf(own["Cookie"].removeprefix("jaga="))
    answer = one.post(None, "/v1/lists", {"rules": one.rules()}, **own, **{"X-CSRF-Token": word})
    assert (answer.status_code, answer.json()["code"]) == (409, "scores_expired")
