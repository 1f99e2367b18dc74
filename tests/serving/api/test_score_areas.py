"""Rows that are sent to be scored: only those of the caller's area, and the log has theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from serving.access.rights import Grant
from serving.example import request
from serving.store import tokens
from tests.serving import stores
from tests.serving.api.world import SCOPES, World

PATHS = ("/v1/score", "/v1/openings")


@pytest.fixture
def adds(one: World) -> Callable[..., None]:
    """Somebody who may score where they are said to."""

    def add(account: str, *areas: str) -> None:
        with one.store.writing() as connection:
            person = stores.person(connection, account, *(Grant("officer", area) for area in areas))
            _, one.secrets[account] = tokens.make(connection, person, "tests", SCOPES, days=30)

    return add


def placed(*places: tuple[str | None, str | None]) -> dict[str, Any]:
    """The family, at one place after the other."""
    asked = request()
    first = asked["households"][0]
    asked["households"] = [first | {"period": f"2026Q{at + 1}", "province": province, "regency": regency}
                           for at, (province, regency) in enumerate(places)]  # fmt: skip
    asked["members"] = [row for row in asked["members"] if row["period"] == "2026Q1"]
    return asked


OUTSIDE: dict[str, tuple[str | None, str | None]] = {
    "foreign": ("33", "3301"), "neighbour": ("32", "3273"), "unknown": ("99", "9999"), "nowhere": (None, None),
    "province alone": ("32", None), "at odds": ("33", "3204"), "no code": ("32", "Bandung"),
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("place", [*OUTSIDE.values()], ids=[*OUTSIDE])
def test_a_row_outside_the_area_of_the_caller_is_refused_by_name(
    one: World, adds: Callable[..., None], path: str, place: tuple[str | None, str | None]
) -> None:
    adds("lina", "3204")
    before = one.audited()
    answer = one.post("lina", path, placed(("32", "3204"), place))
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["field"] == f"households[1].{'regency' if place[1] else 'province'}"
    assert (error["rule"], error["text"]) == ("outside_area", "lies outside your area, or in none that is known")
    assert "risk" not in answer.text
    assert one.audited() == before, "nothing was told, so nothing was read"


@pytest.mark.parametrize("path", PATHS)
def test_a_row_of_another_area_breaks_no_request_beside_it_and_the_log_has_the_area_of_the_rows(
    one: World, adds: Callable[..., None], path: str
) -> None:
    adds("lina", "3204", "33")
    adds("nasional", "")
    act = "score.make" if path == PATHS[0] else "openings.make"
    for who, places, area in (
        ("lina", (("32", "3204"),), ("32", "3204")), ("lina", (("33", None),), ("33", None)),
        ("lina", (("32", "3204"), ("33", "3301")), (None, None)), ("nasional", (("33", "3301"),), ("33", "3301")),
        ("nasional", (("33", "3301"), ("33", "3302")), ("33", None)), ("nasional", ((None, None),), (None, None)),
        ("nasional", (("99", "9999"),), (None, None)),
    ):  # fmt: skip
        answer = one.post(who, path, placed(*places))
        assert answer.status_code == 200, answer.text
        row = one.rows()[-1]
        assert (row.account, row.act, row.province, row.regency) == (who, act, *area), places
