"""Requests that are worked at together get the answers that each would get alone."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import bundle
from serving import together
from serving.api import score as api
from serving.api.turns import AT_ONCE, Turns
from serving.champion import Loaded
from serving.problems import Problem
from serving.requests import NATION
from tests import small

KEY = b"a key of the tests"
FAMILIES = small.families(12, seed=5)
SHOCK = {"scope": "household", "shock": "job_loss", "period": "2026Q3", "known_at": "2026-10-10"}


@pytest.fixture(scope="module")
def loaded(bundles: tuple[Path, Path]) -> Loaded:
    return Loaded(bundle.load(bundles[0]), None)


def body(at: int, twist: str) -> bytes:
    """The request of one family, or of three, with something that sets it apart."""
    codes = list(dict.fromkeys(row["household_id"] for row in FAMILIES["households"]))
    own = [codes[at], *(codes[:2] if twist == "three" else [])]
    asked: dict[str, Any] = {"as_of": small.AS_OF, **copy.deepcopy(
        {name: [row for row in rows if row["household_id"] in own] for name, rows in FAMILIES.items()})}  # fmt: skip
    if twist == "other day":
        asked["as_of"] = "2026-08-01"
    elif twist == "no reasons":
        asked["reasons"] = 0
    elif twist == "english":
        asked["language"] = "en"
    elif twist == "shock":
        asked["shocks"] = [SHOCK | {"place": codes[at]}]
    elif twist == "quarantined":
        asked["households"][-1]["floor_area"] = -9
    elif twist == "all quarantined":
        for row in asked["households"]:
            row["floor_area"] = -9
    elif twist == "not known":
        for row in asked["households"] + asked["members"]:
            row["known_at"] = "2027-01-01"
    elif twist == "fewer columns":
        for row in asked["households"]:
            row.pop("power", None)
    elif twist == "richer":
        for row in asked["households"]:
            row["floor_area"] = 200
    elif twist == "not json":
        return b"{"
    elif twist == "invalid":
        asked["colour"] = 1
    return json.dumps(asked).encode()


TWISTS = ("", "", "three", "other day", "no reasons", "english", "shock", "quarantined", "all quarantined", "not known",
          "fewer columns", "richer", "not json", "invalid")  # fmt: skip
ASKED = st.lists(st.tuples(st.integers(0, 11), st.sampled_from(TWISTS)), min_size=1, max_size=12)


def plain(done: Any) -> Any:
    """An answer, or what an error says."""
    return (done.code, done.broken) if isinstance(done, Problem) else done


@given(asked=ASKED)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_request_gets_the_same_answer_among_others_as_alone(loaded: Loaded, asked: list[tuple[int, str]]) -> None:
    sent = [(body(*one), NATION, True) for one in asked]
    among = api.respond(loaded, sent, KEY)
    for one, own in zip(sent, among, strict=True):
        (alone,) = api.respond(loaded, [one], KEY)
        assert plain(own) == plain(alone)


def test_requests_that_are_alike_are_scored_in_one_go(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = together.score.score
    monkeypatch.setattr(together.score, "score", lambda *args, **more: calls.append(1) or real(*args, **more))
    api.respond(loaded, [(body(at, ""), NATION, True) for at in range(12)], KEY)
    assert len(calls) == 1
    api.respond(loaded, [(body(1, ""), NATION, True), (body(1, "richer"), NATION, True)], KEY)
    assert len(calls) == 3, "two requests about one family must not see each other's facts"


def test_what_breaks_one_request_breaks_no_other(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    real = together.score.score
    (lost,) = {row["household_id"] for row in json.loads(body(3, ""))["households"]}

    def breaks(model: Any, tables: Any, *args: Any, **more: Any) -> Any:
        if lost in set(tables["households"]["household_id"]):
            raise ZeroDivisionError
        return real(model, tables, *args, **more)

    monkeypatch.setattr(together.score, "score", breaks)
    done = api.respond(loaded, [(body(at, ""), NATION, True) for at in range(6)], KEY)
    assert [isinstance(own, ZeroDivisionError) for own in done] == [False, False, False, True, False, False]


def run(sizes: Sequence[int], most: int) -> tuple[list[list[int]], list[Any]]:
    """Take turns with so many requests at once; what was worked at together, and what each got."""
    seen: list[list[int]] = []

    def work(asked: Sequence[int]) -> list[int | Exception]:
        seen.append(list(asked))
        return [ValueError(one) if one == 3 else -one for one in asked]

    got: list[Any] = [None] * len(sizes)

    async def one(turns: Turns[int, int], at: int) -> None:
        try:
            got[at] = await turns.take(at, sizes[at])
        except ValueError as error:
            got[at] = error.args

    async def all_at_once() -> None:
        turns = Turns[int, int](work, most)
        async with anyio.create_task_group() as group:
            for at in range(len(sizes)):
                group.start_soon(one, turns, at)

    anyio.run(all_at_once)
    return seen, got


@given(sizes=st.lists(st.integers(1, 10), min_size=1, max_size=80))
@settings(max_examples=30, deadline=None)
def test_everyone_who_waits_gets_the_own_answer_once_and_in_order(sizes: list[int]) -> None:
    seen, got = run(sizes, most=20)
    assert [at for own in seen for at in own] == list(range(len(sizes)))
    assert got == [(3,) if at == 3 else -at for at in range(len(sizes))]
    assert all(len(own) <= AT_ONCE and (len(own) == 1 or sum(sizes[at] for at in own) <= 20) for own in seen)


def test_who_waits_is_worked_at_together() -> None:
    seen, _ = run([1] * 10, most=20)
    assert len(seen) <= 2, "the first one alone, all others with it or after it"
