"""Facts that the page of a family tells as changed are not passed off as the cause of what they did not do."""

from __future__ import annotations

from typing import Any

import pytest

from serving.console.pages.household import _moves
from serving.console.strings import strings


def _row(risk: float, other: float, adults: tuple[str, float], range_: float = 0.001) -> dict[str, Any]:
    reasons = [{"key": "hh.adults", "value": adults[0], "known_at": None, "contribution": adults[1]}]
    return {"risk": risk, "low": risk - range_, "high": risk + range_, "base": -2.0, "place": 0.0, "other": other,
            "reasons": reasons}  # fmt: skip


@pytest.mark.parametrize(
    ("after", "told", "rest"),
    [
        (_row(0.3, 0.1, ("3", 1.0)), 1, False),  # it made all of the change
        (_row(0.3, 0.8, ("3", 0.4)), 1, True),  # it made an eighth
        (_row(0.3, 1.0, ("3", 0.1)), 1, True),  # it worked against it
        (_row(0.3, 0.9, ("2", 0.3)), 0, True),  # no fact changed
        (_row(0.3, 0.9, ("3", 0.3)), 0, True),  # one changed and moved nothing
        (_row(0.101, 0.13, ("2", 0.3), 0.1), 0, False),  # the change means nothing
    ],
)
def test_where_most_of_a_change_comes_from_is_said(after: dict[str, Any], told: int, rest: bool) -> None:
    found, elsewhere = _moves(_row(0.1, 0.1, ("2", 0.3)), after, strings("id"))
    assert (len(found), elsewhere) == (told, rest)
    assert not found or found[0].endswith("2 menjadi 3")
