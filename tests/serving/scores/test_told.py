"""Who entered a list and why, as it is printed: one language, the strongest cause first whatever it is called."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from typing import Any

import pytest

from models.text import Language, words
from serving.scores.change import Change
from serving.scores.move import RELOCATED, Move, move
from serving.scores.told import change_lines


def _row(risk: float, other: float, *reasons: tuple[str, str, float], place: float = 0.2) -> dict[str, Any]:
    told = [{"key": key, "value": value, "known_at": datetime.date(2026, 10, 20), "contribution": contribution}
            for key, value, contribution in reasons]  # fmt: skip
    return {"household_id": "ABCD2345EFGH", "province": "32", "regency": "3204", "rung": None, "p_poor_now": 0.1,
            "status": "scored", "applies": True, "risk": risk, "base": -2.0,
            "place": place, "other": other, "reasons": told}  # fmt: skip


BEFORE = _row(0.123, 0.1, ("hh.adults", "2", 0.3), ("hh.elderly", "1", -0.2))
AFTER = _row(0.151, 0.9, ("hh.elderly", "1", -0.2), ("hh.adults", "3", 0.05))


def _lines(language: Language, before: dict[str, Any], after: dict[str, Any], facts: int = 3) -> list[str]:
    return change_lines(_change(entered=(move("ABCD2345EFGH", "risk_rose", before, after, (2, 2), facts),)), language)


def _change(entered: tuple[Move, ...] = (), left: tuple[Move, ...] = (), stayed: tuple[Move, ...] = (),
            **more: Any) -> Change:  # fmt: skip
    relocated = {side: sum(own.relocated for own in moves)
                 for side, moves in (("entered", entered), ("left", left), ("stayed", stayed))}  # fmt: skip
    return Change(**{  # type: ignore[arg-type]
        "old": "a", "new": "b", "old_as_of": "2026-11-14", "new_as_of": "2026-11-15", "model_changed": False,
        "reasons_old": 2, "reasons_new": 2, "poor_from_old": 0.5, "poor_from_new": 0.5, "size_old": 0, "size_new": 1234,
        "stayed": 1233, "relocated": relocated, "entered_why": Counter(own.why for own in entered),
        "left_why": Counter(own.why for own in left), "entered": entered, "left": left, "stayed_relocated": stayed,
    } | more)  # fmt: skip


FEW = ("For 1 of the 1 households told here whose risk is told in both runs nothing moved it more than what the scores "
       "do not tell one by one, since both runs kept only the 2 strongest reasons of a family. Scored with a larger "
       "number (jaga score --reasons M) and published again, a run tells more of it")  # fmt: skip


def test_what_carries_the_change_is_told_first_though_no_fact_carries_it() -> None:
    lines = _lines("en", BEFORE, AFTER)
    assert lines[:4] == [
        "On the list 0 before, 1,234 now: 1,233 stayed, 1 entered, 0 left",
        "Entered, its risk rose: 1",
        "  ABCD-2345-EFGH  12.3 % -> 15.1 %  its risk rose",
        "       log-odds moved +0.55, the most first:",
    ]
    told, kept = words("en"), lines[4:-1]
    assert kept == [
        "       * +0.80  Other factors, which the score does not tell one by one",
        f"       * -0.25  {told.reason('hh.adults', '3', 0.05)}; before: {told.reason('hh.adults', '2', 0.3)} "
        "[0.30 -> 0.05]",
    ]  # what did not move (hh.elderly, base and place) is no cause
    assert lines[-1] == FEW


def test_place_moves_and_facts_that_are_not_printed_are_the_rest() -> None:
    after = AFTER | {"place": 0.5}
    assert _lines("en", BEFORE, after, facts=0)[3:] == [
        "       log-odds moved +0.85, the most first:",
        "       * +0.80  Other factors, which the score does not tell one by one",
        "       * +0.30  General state of the place [0.20 -> 0.50]",
        "       * -0.25  the rest",
        FEW,
    ]


def test_a_fact_of_one_run_is_told_with_the_least_that_it_moved() -> None:
    after = _row(0.3, 0.1, ("hh.adults", "2", 0.3), ("hh.children", "2", 0.9))
    told, lines = words("en"), _lines("en", BEFORE, after)
    assert lines[4] == f"       * at least +0.70  {told.reason('hh.children', '2', 0.9)} [not told -> 0.90]"
    assert FEW not in lines  # a fact that is told moved the risk most


def test_how_many_reasons_each_run_kept_is_told_where_they_do_not_tell_enough() -> None:
    own = move("x", "risk_rose", BEFORE, AFTER, (2, 9), 3)
    lines = change_lines(_change(entered=(own,), reasons_old=2, reasons_new=9), "en")
    assert "since the runs kept only the 2 and the 9 strongest reasons of a family" in lines[-1]
    assert "jaga score --reasons M" in lines[-1]
    # All reasons that there are to tell are told: more of them would tell no more.
    lines = change_lines(_change(entered=(own,), reasons_old=9, reasons_new=9), "en")
    assert lines[-1].endswith("facts that are never told one by one: those without words, and protected ones")
    assert "--reasons" not in "".join(lines)


def _poor(chance: float, rung: str | None = None) -> dict[str, Any]:
    empty = ("risk", "base", "place", "other", "reasons")
    return BEFORE | dict.fromkeys(empty) | {"applies": False, "p_poor_now": chance, "rung": rung}


@pytest.mark.parametrize(
    ("before", "after", "more", "said"),
    [
        (BEFORE | {"p_poor_now": 0.31}, _poor(0.6234), {},
         "chance of being poor now 31.0 % -> 62.3 %; judged poor from 50.0 % on"),
        (_poor(0.71), BEFORE, {"poor_from_old": 0.5, "poor_from_new": 0.43},
         "chance of being poor now 71.0 % -> 10.0 %; judged poor from 50.0 % on before, from 43.0 % on now"),
        # Told with as many decimals as it takes: 49.98 % is not 50.0 %.
        (BEFORE | {"p_poor_now": 0.4998}, _poor(0.5), {},
         "chance of being poor now 49.98 % -> 50.0 %; judged poor from 50.0 % on"),
        (BEFORE | {"p_poor_now": 0.0, "rung": "vulnerable"}, _poor(1.0, "poor"), {},
         "chance of being poor now vulnerable as measured -> poor as measured"),
        (BEFORE, _poor(0.9), {"model_changed": True},
         "chance of being poor now 10.0 % -> 90.0 %; judged poor from 50.0 % on; told by different models"),
    ],
)  # fmt: skip
def test_why_a_family_is_judged_poor_is_told_by_its_chance_of_being_poor_now_and_the_cut(
    before: dict[str, Any], after: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    for side, why in (("left", "judged_poor_now"), ("entered", "judged_poor_before")):
        own = move("ABCD2345EFGH", why, before, after, (2, 2), 3)
        lines = change_lines(_change(**{side: (own,)}, **more), "en")
        at = next(number for number, line in enumerate(lines) if "ABCD-2345-EFGH" in line)
        assert lines[at + 1] == f"       {said}"
        ends = " -> ".join("12.3 %" if row["applies"] else "poor" if row["rung"] else "judged poor"
                           for row in (before, after))  # fmt: skip
        assert f"ABCD-2345-EFGH  {ends}  " in lines[at]


def test_another_model_is_said_to_change_who_is_judged_poor() -> None:
    assert "who is judged poor, or gets no score, can differ for that reason too" in change_lines(
        _change(model_changed=True), "en")[1]  # fmt: skip
    assert "siapa yang dinilai miskin atau tanpa skor pun dapat berbeda" in change_lines(
        _change(model_changed=True), "id")[1]  # fmt: skip


def test_who_moved_house_is_told_with_both_places_and_counted() -> None:
    city = AFTER | {"province": "32", "regency": "3273"}
    stayed = move("ABCD2345EFGH", RELOCATED, BEFORE, city, (2, 2), 3)
    out = move("ABCD2345EFGJ", "moved_out", BEFORE, AFTER | {"province": "99", "regency": None}, (2, 2), 3)
    learnt = move("ABCD2345EFGK", "moved_in", BEFORE | {"province": None, "regency": None}, AFTER, (2, 2), 3)
    lines = change_lines(_change((learnt,), (out,), (stayed,)), "en")
    assert lines[1] == ("Moved to another regency or province between the runs: 1 of those that stayed, 0 of those "
                        "that entered, 1 of those that left")  # fmt: skip
    assert "       moved from Bandung Regency (3204) to 99" in lines
    assert "       place before: unknown; now: Bandung Regency (3204)" in lines
    at = lines.index("Stayed and moved:")
    assert lines[at + 1 : at + 3] == [
        "  ABCD-2345-EFGH  12.3 % -> 15.1 %",
        "       moved from Bandung Regency (3204) to Kota Bandung (3273)",
    ]


@pytest.mark.parametrize(("language", "strange"), [("id", r"\b(the|its|before|moved|not|told|rose|left)\b"),
                                                   ("en", r"\b(yang|risiko|masuk|sebelum|tidak|dan)\b")])  # fmt: skip
def test_one_language_is_spoken(language: Language, strange: str) -> None:
    city = AFTER | {"regency": "3273"}
    whole = _change((move("x", "risk_rose", BEFORE, _row(0.3, 0.1, ("hh.children", "2", 0.9), place=0.4), (2, 2), 3),
                     move("x", "risk_rose", BEFORE, city, (2, 2), 3)),
                    (move("x", "judged_poor_now", BEFORE, _poor(0.9), (2, 2), 3),),
                    (move("x", RELOCATED, BEFORE, city, (2, 2), 3),), model_changed=True)  # fmt: skip
    text = "\n".join(change_lines(whole, language))
    assert not re.search(strange, text, re.IGNORECASE)
    assert not re.search(r"(?m)^ +- ", text)  # a stroke says elsewhere that a fact lowers the risk
