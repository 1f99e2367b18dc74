"""Who entered a list and why, as it is printed: one language, the strongest cause first whatever it is called."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from models.text import Language, words
from serving.scores_change import Change, _move
from serving.scores_told import change_lines


def _row(risk: float, other: float, *reasons: tuple[str, str, float], place: float = 0.2) -> dict[str, Any]:
    told = [{"key": key, "value": value, "known_at": datetime.date(2026, 10, 20), "contribution": contribution}
            for key, value, contribution in reasons]  # fmt: skip
    return {"household_id": "ABCD2345EFGH", "status": "scored", "applies": True, "risk": risk, "base": -2.0,
            "place": place, "other": other, "reasons": told}  # fmt: skip


BEFORE = _row(0.123, 0.1, ("hh.adults", "2", 0.3), ("hh.elderly", "1", -0.2))
AFTER = _row(0.151, 0.9, ("hh.elderly", "1", -0.2), ("hh.adults", "3", 0.05))


def _lines(language: Language, before: dict[str, Any], after: dict[str, Any], facts: int = 3) -> list[str]:
    move = _move("ABCD2345EFGH", "risk_rose", before, after, (2, 2), facts)
    found = Change("a", "b", "2026-11-14", "2026-11-15", False, 0, 1234, 1233, {"risk_rose": 1}, {}, (move,), ())
    return change_lines(found, language)


def test_what_carries_the_change_is_told_first_though_no_fact_carries_it() -> None:
    lines = _lines("en", BEFORE, AFTER)
    assert lines[:4] == [
        "On the list 0 before, 1,234 now: 1,233 stayed, 1 entered, 0 left",
        "Entered, its risk rose: 1",
        "  ABCD2345EFGH  12.3 % -> 15.1 %  its risk rose",
        "       log-odds moved +0.55, the most first:",
    ]
    told, kept = words("en"), lines[4:]
    assert kept == [
        "       * +0.80  Other factors, which the score does not tell one by one",
        f"       * -0.25  {told.reason('hh.adults', '3', 0.05)}; before: {told.reason('hh.adults', '2', 0.3)} "
        "[0.30 -> 0.05]",
    ]  # what did not move (hh.elderly, base and place) is no cause


def test_place_moves_and_facts_that_are_not_printed_are_the_rest() -> None:
    after = AFTER | {"place": 0.5}
    assert _lines("en", BEFORE, after, facts=0)[3:] == [
        "       log-odds moved +0.85, the most first:",
        "       * +0.80  Other factors, which the score does not tell one by one",
        "       * +0.30  General state of the place [0.20 -> 0.50]",
        "       * -0.25  the rest",
    ]


def test_a_fact_of_one_run_is_told_with_the_least_that_it_moved() -> None:
    after = _row(0.3, 0.1, ("hh.adults", "2", 0.3), ("hh.children", "2", 0.9))
    told = words("en")
    assert _lines("en", BEFORE, after)[4] == (
        f"       * at least +0.70  {told.reason('hh.children', '2', 0.9)} [not told -> 0.90]"
    )


@pytest.mark.parametrize(("language", "strange"), [("id", r"\b(the|its|before|moved|not|told|rose|left)\b"),
                                                   ("en", r"\b(yang|risiko|masuk|sebelum|tidak|dan)\b")])  # fmt: skip
def test_one_language_is_spoken(language: Language, strange: str) -> None:
    text = "\n".join(_lines(language, BEFORE, _row(0.3, 0.1, ("hh.children", "2", 0.9), place=0.4)))
    assert not re.search(strange, text, re.IGNORECASE)
    assert not re.search(r"(?m)^ +- ", text)  # a stroke says elsewhere that a fact lowers the risk
