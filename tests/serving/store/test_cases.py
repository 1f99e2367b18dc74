"""Lists, visits and objections: what may be changed, by whom, and what is seen from which area."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from serving.access.rights import Areas
from serving.problems import Problem
from serving.store import checks, list_drafts, lists, objections, once, visits
from serving.store.engine import Store
from serving.store.objections import Lodged
from serving.store.visits import Found
from tests.serving.stores import BANDUNG, CODES, NATION, SEMARANG, Hands, confirmed, draft, person, place

TODAY = date(2026, 11, 24)
BOTH = [place(), place(CODES[1], "3322"), place(CODES[2], None), place(CODES[3], how="reserve")]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as told:
        act()
    rules = [broken.rule for broken in told.value.broken]
    return ":".join([told.value.code, *rules])


def test_a_list_is_drafted_changed_and_confirmed_as_it_was_seen(store: Store) -> None:
    with store.writing() as connection:
        dewi, budi = person(connection), person(connection, "budi")
        own = list_drafts.draft(connection, BANDUNG, dewi, draft(), [place()])
        assert lists.find(connection, NATION, "D-2026-0001") is None
        assert (
            refused(lambda: list_drafts.redraft(connection, BANDUNG, budi, own, 1, draft(), [])) == "changed_meanwhile"
        )
        seen = list_drafts.redraft(connection, BANDUNG, dewi, own, 1, draft(cut=0.2), [place(), place(CODES[1])])
        assert (
            refused(lambda: list_drafts.redraft(connection, BANDUNG, dewi, own, 1, draft(), [])) == "changed_meanwhile"
        )
        assert refused(lambda: list_drafts.confirm(connection, BANDUNG, budi, own, 1, "alasan")) == "changed_meanwhile"
        assert refused(lambda: list_drafts.confirm(connection, BANDUNG, budi, own, seen, " ")) == "invalid:required"
        assert refused(lambda: list_drafts.confirm(connection, SEMARANG, budi, own, seen, "alasan")) == "not_in_area"
        done = list_drafts.confirm(connection, BANDUNG, budi, own, seen, "kuota triwulan ini")
        assert (done.number, done.version, done.confirmed_by, done.cut) == ("D-2026-0001", 1, budi, 0.2)
        assert done.hash == lists.digest(connection, own)
        assert refused(lambda: list_drafts.confirm(connection, BANDUNG, budi, own, seen, "lagi")) == "list_immutable"
        assert (
            refused(lambda: list_drafts.redraft(connection, BANDUNG, dewi, own, seen, draft(), []))
            == "changed_meanwhile"
        )


def test_a_change_is_a_new_version_and_of_two_the_second_has_to_look_again(store: Store) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        first = confirmed(connection, dewi)
        two = [list_drafts.draft(connection, BANDUNG, dewi, draft(replaces=first), [place(CODES[at])]) for at in (1, 2)]
        assert list_drafts.confirm(connection, BANDUNG, dewi, two[0], 1, "data baru").version == 2
        assert (
            refused(lambda: list_drafts.confirm(connection, BANDUNG, dewi, two[1], 1, "data baru"))
            == "changed_meanwhile"
        )
        newest, old = (lists.find(connection, BANDUNG, "D-2026-0001", version) for version in (None, 1))
        assert newest is not None
        assert old is not None
        assert (newest.id, newest.newest, old.id, old.newest) == (two[0], 2, first, 2)
        assert [row.place for row in lists.holding(connection, BANDUNG, CODES[0])] == [1]


def test_cells_are_those_of_the_last_list_by_risk_of_a_place(store: Store) -> None:
    def made(area: str, by: int, order: str, cut: float, replaces: int | None = None) -> int:
        own = draft(area, replaces=replaces, settings={"order": order},
                    result={"cells": [{"scheme": "pkh", "area": area, "cut": cut}]})  # fmt: skip
        number = list_drafts.draft(connection, NATION, by, own, [place(regency=area or "3204")])
        list_drafts.confirm(connection, NATION, by, number, 1, "kuota triwulan ini")
        return number

    with store.writing() as connection:
        dewi = person(connection)
        made("", dewi, "risk", 0.1)
        first = made("3204", dewi, "risk", 0.2)
        made("3204", dewi, "risk", 0.3, replaces=first)
        made("3204", dewi, "need", 5.0)
        made("3322", dewi, "risk", 0.4)

    def cuts(areas: Areas, province: str, regency: str) -> list[float]:
        with store.reading() as connection:
            found = lists.cells(connection, areas, {province}, {regency})
        return [cell["cut"] for row in found for cell in row.cells]

    assert cuts(NATION, "32", "3204") == [0.3, 0.1], "the newest first, of each list its newest version"
    assert cuts(NATION, "33", "3322") == [0.4, 0.1]
    assert cuts(NATION, "16", "1601") == [0.1]
    assert 0.4 not in cuts(BANDUNG, "33", "3322"), "a list that the caller does not see"


def test_of_a_list_everybody_sees_their_own_places(store: Store) -> None:
    with store.writing() as connection:
        own = confirmed(connection, person(connection), "", BOTH)
        other = confirmed(connection, 1, "3322", [place(CODES[1], "3322")])

    def codes(areas: Areas) -> list[str]:
        with store.reading() as connection:
            return [row.household for row in lists.places(connection, areas, own)]

    assert codes(NATION) == list(CODES)
    assert codes(BANDUNG) == [CODES[0], CODES[3]]
    assert codes(Areas(("32", "3322"))) == [CODES[0], CODES[1], CODES[3]]
    assert codes(Areas(())) == []
    with store.reading() as connection:
        assert lists.totals(connection, NATION, own) == {("pkh", "ranked"): 3, ("pkh", "reserve"): 1}
        assert lists.totals(connection, SEMARANG, own) == {("pkh", "ranked"): 1}
        assert lists.find(connection, BANDUNG, "D-2026-0001") is not None
        assert lists.find(connection, BANDUNG, "D-2026-0002") is None
        assert [row.id for row in lists.search(connection, SEMARANG)] == [other, own]
        assert [row.id for row in lists.search(connection, BANDUNG)] == [own]
        assert lists.holding(connection, BANDUNG, CODES[1]) == []
        assert [row.id for row in lists.search(connection, NATION, quarter="2026Q4", status="confirmed", made_by=1,
                                               before=other, limit=1)] == [own]  # fmt: skip
        assert [row.place for row in lists.places(connection, NATION, own, how="ranked", after=1, limit=1)] == [2]
        assert len(lists.places(connection, NATION, own, limit=None)) == 4


def test_nobody_writes_outside_their_areas_nor_what_is_no_code(store: Store) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        for act in (
            lambda: list_drafts.draft(connection, BANDUNG, dewi, draft("3322"), []),
            lambda: list_drafts.draft(connection, BANDUNG, dewi, draft("32"), []),
            lambda: list_drafts.draft(connection, BANDUNG, dewi, draft(), [place(CODES[1], "3322")]),
            lambda: list_drafts.draft(connection, BANDUNG, dewi, draft(), [place("3204123412341234")]),
            lambda: visits.add(connection, BANDUNG, dewi, CODES[0], "33", "3322", Found("above", TODAY)),
            lambda: visits.add(connection, BANDUNG, dewi, "ANA", "32", "3204", Found("above", TODAY)),
            lambda: objections.open(connection, BANDUNG, dewi, lodged(regency="3322", province="33")),
        ):
            assert refused(act) == "not_in_area"


def test_visits_are_planned_for_all_but_the_reserve_with_the_way_they_were_chosen(store: Store) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        own = confirmed(connection, dewi, "", [*BOTH[:2], place(CODES[2], how="random", probability=0.03), BOTH[3]])
        assert visits.plan(connection, own, date(2026, 12, 15)) == 3
        assert visits.plan(connection, own, date(2026, 12, 15)) == 0
        left = list_drafts.draft(connection, NATION, dewi, draft(), [place()])
        assert visits.plan(connection, left, date(2026, 12, 15)) == 0
        rows = visits.search(connection, NATION, status="planned", list=own)
        assert [(row.household, row.channel, row.probability) for row in rows] == [
            (CODES[0], "ranked", 1.0), (CODES[1], "ranked", 1.0), (CODES[2], "random", 0.03)]  # fmt: skip
        after = visits.search(connection, NATION, after=(date(2026, 12, 15), rows[0].id), limit=1)
        assert [row.id for row in after] == [rows[1].id]
        assert [row.household for row in visits.search(connection, SEMARANG)] == [CODES[1]]
        assert visits.search(connection, NATION, due_before=date(2026, 12, 15)) == []


def test_a_visit_is_recorded_once_corrected_by_another_row_and_closed_by_somebody_else(
    store: Store, hands: Hands
) -> None:
    with store.writing() as connection:
        dewi, budi = person(connection), person(connection, "budi")
        own = confirmed(connection, dewi)
        visits.plan(connection, own, date(2026, 12, 15))
        (planned,) = visits.search(connection, BANDUNG)
        found = Found("wrong", TODAY - timedelta(days=3), "rumah kontrak", {"tenure": "rented"})
        assert refused(lambda: visits.record(connection, SEMARANG, dewi, planned.id, found)) == "not_in_area"
        visits.record(connection, BANDUNG, dewi, planned.id, found)
        assert refused(lambda: visits.record(connection, BANDUNG, dewi, planned.id, found)) == "visit_made"
        assert refused(lambda: visits.close(connection, BANDUNG, dewi, planned.id)) == "own_visit"
        assert refused(lambda: visits.correct(connection, BANDUNG, budi, planned.id, found)) == "own_visit"
        hands.move(days=2)
        better = visits.correct(connection, BANDUNG, dewi, planned.id, Found("below", TODAY))
        assert refused(lambda: visits.correct(connection, BANDUNG, dewi, planned.id, found)) == "visit_corrected"
        (row,) = visits.of(connection, BANDUNG, CODES[0])
        assert (row.id, row.result, row.list, row.probability, row.known_at) == (
            better, "below", own, 1.0, TODAY + timedelta(days=2))  # fmt: skip
        visits.close(connection, BANDUNG, budi, better)
        known = [[(row.id, row.result) for row in visits.outcomes(connection, TODAY + timedelta(days=days))]
                 for days in (-1, 0, 2)]  # fmt: skip
        assert known == [[], [(planned.id, "wrong")], [(better, "below")]]


def _standing(connection: Connection, areas: Areas, household: str) -> dict[int, tuple[str, str | None]]:
    """Visits of a household by id: how each stands, and what answered it."""
    return {row.id: (visits.state(row), row.answer) for row in visits.of(connection, areas, household)}


@pytest.mark.parametrize("result", visits.RESULTS)
def test_a_finding_about_a_family_answers_its_waiting_visits_of_every_list_and_another_result_only_its_own(
    store: Store, result: str
) -> None:
    wrong = {"tenure": "rented"} if result == "wrong" else None
    with store.writing() as connection:
        dewi = person(connection)
        own = [confirmed(connection, dewi, "", [place(how="random", probability=0.03), place(CODES[1])]),
               confirmed(connection, dewi)]  # fmt: skip
        for number in own:
            visits.plan(connection, number, date(2026, 12, 15))
        mine, neighbour, other = (row.id for row in visits.search(connection, NATION))
        visits.record(connection, BANDUNG, dewi, other, Found(result, TODAY, wrong=wrong))
        answers = result not in ("refused", "notfound")
        assert _standing(connection, NATION, CODES[0]) == {
            mine: ("answered", result) if answers else ("planned", None), other: ("done", None)}  # fmt: skip
        waiting = [row.id for row in visits.search(connection, NATION, status="planned")]
        assert waiting == ([neighbour] if answers else [mine, neighbour])
        assert visits.count(connection, NATION, status="planned") == len(waiting)
        assert [row.id for row in visits.search(connection, NATION, status="answered")] == [mine] * answers
        made = visits.by_id(connection, other)
        assert made is not None
        assert visits.answered(connection, made) == [mine] * answers
        told = [(row.id, row.list, row.channel, row.probability, row.result, row.answered_by)
                for row in visits.outcomes(connection, TODAY)]  # fmt: skip
        assert told == [(mine, own[0], "random", 0.03, result, other)] * answers + [
            (other, own[1], "ranked", 1.0, result, None)]  # fmt: skip


def test_a_new_version_asks_in_place_of_the_old_one_and_nobody_is_asked_twice(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        both = [place(), place(CODES[1])]
        old = confirmed(connection, dewi, "", both)
        visits.plan(connection, old, date(2026, 12, 15))
        made, left = (row.id for row in visits.search(connection, NATION, list=old))
        visits.record(connection, BANDUNG, dewi, made, Found("above", TODAY))
        hands.move(days=2)
        new = confirmed(connection, dewi, "", both, replaces=old)
        visits.plan(connection, new, date(2026, 12, 15))
        again, other = (row.id for row in visits.search(connection, NATION, list=new))
        assert _standing(connection, NATION, CODES[0]) == {made: ("done", None), again: ("answered", "above")}
        assert _standing(connection, NATION, CODES[1]) == {left: ("replaced", None), other: ("planned", None)}
        assert [row.id for row in visits.search(connection, NATION, status="planned")] == [other]
        assert visits.count(connection, NATION, status="planned") == 1
        assert [row.id for row in visits.search(connection, NATION, status="replaced")] == [left]
        # Who went there by the old print has visited the family all the same, and a refusal answers for nobody.
        visits.record(connection, NATION, dewi, left, Found("refused", TODAY))
        assert _standing(connection, NATION, CODES[1]) == {left: ("done", None), other: ("planned", None)}
        assert [(row.id, row.list, row.answered_by) for row in visits.outcomes(connection, TODAY + timedelta(days=2))
                if row.household == CODES[0]] == [(made, old, None), (again, new, made)]  # fmt: skip


def test_a_correction_takes_an_answer_back_and_what_was_known_before_stays_known(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        for _ in range(2):
            visits.plan(connection, confirmed(connection, dewi), date(2026, 12, 15))
        first, second = (row.id for row in visits.search(connection, BANDUNG))
        visits.record(connection, BANDUNG, dewi, first, Found("above", TODAY))
        hands.move(days=2)
        visits.correct(connection, BANDUNG, dewi, first, Found("refused", TODAY))
        assert _standing(connection, BANDUNG, CODES[0])[second] == ("planned", None)
        assert [[(row.id, row.result) for row in visits.outcomes(connection, TODAY + timedelta(days=days))]
                for days in (0, 2)] == [[(first, "above"), (second, "above")], [(first + 2, "refused")]]  # fmt: skip
        visits.record(connection, BANDUNG, dewi, second, Found("below", TODAY + timedelta(days=2)))
        assert _standing(connection, BANDUNG, CODES[0])[second] == ("done", None)


def test_what_a_list_takes_for_its_answer_an_older_one_takes_too_also_if_found_before_both(
    store: Store, hands: Hands
) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        visits.plan(connection, confirmed(connection, dewi), date(2026, 12, 15))
        hands.move(days=1)
        visits.plan(connection, confirmed(connection, dewi), date(2026, 12, 15))
        older, newer = (row.id for row in visits.search(connection, BANDUNG))
        hands.move(days=1)
        visits.plan(connection, confirmed(connection, dewi), date(2026, 12, 15))
        newest = max(row.id for row in visits.search(connection, BANDUNG))
        visits.record(connection, BANDUNG, dewi, newer, Found("above", TODAY - timedelta(days=3)))
        assert _standing(connection, BANDUNG, CODES[0]) == {
            older: ("answered", "above"), newer: ("done", None), newest: ("planned", None)}  # fmt: skip


def test_a_finding_answers_what_waited_on_its_day_in_its_regency(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        visits.add(connection, BANDUNG, dewi, CODES[0], "32", "3204", Found("above", TODAY))
        hands.move(days=1)
        visits.plan(connection, confirmed(connection, dewi, "", [place(), place(CODES[1], "3322")]), date(2026, 12, 15))
        later, elsewhere = (row.id for row in visits.search(connection, NATION, status="planned"))
        assert visits.count(connection, NATION, status="planned") == 2, "found before the list asked again"
        visits.add(connection, BANDUNG, dewi, CODES[1], "32", "3204", Found("above", TODAY + timedelta(days=1)))
        assert _standing(connection, NATION, CODES[1])[elsewhere] == ("planned", None)
        made = visits.add(connection, BANDUNG, dewi, CODES[0], "32", "3204", Found("above", TODAY + timedelta(days=1)))
        assert _standing(connection, BANDUNG, CODES[0])[later] == ("answered", "above")
        visits.record(connection, BANDUNG, dewi, later, Found("below", TODAY + timedelta(days=1)))
        assert _standing(connection, BANDUNG, CODES[0])[later] == ("done", None), "a visit that was made all the same"
        row = visits.by_id(connection, made)
        assert row is not None
        assert visits.answered(connection, row) == []


def test_the_last_finding_of_a_family_holds_also_for_visits_that_an_earlier_one_had_answered(
    store: Store, hands: Hands
) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        old = confirmed(connection, dewi)
        for number in (old, confirmed(connection, dewi)):
            visits.plan(connection, number, date(2026, 12, 15))
        made, other = (row.id for row in visits.search(connection, NATION))
        visits.record(connection, BANDUNG, dewi, made, Found("died", TODAY))
        hands.move(days=2)
        visits.add(connection, BANDUNG, dewi, CODES[0], "32", "3204", Found("wrong", TODAY, wrong={"hh.land": "0"}))
        assert _standing(connection, BANDUNG, CODES[0])[other] == ("answered", "died"), "says nothing of how it stands"
        for day in (TODAY - timedelta(days=9), TODAY + timedelta(days=9)):
            assert visits.checked(connection, NATION, day, [CODES[0]])[CODES[0]].result == "died"
        alive = visits.add(connection, BANDUNG, dewi, CODES[0], "32", "3204", Found("above", TODAY + timedelta(days=1)))
        new = confirmed(connection, dewi, "", [place()], replaces=old)
        visits.plan(connection, new, date(2026, 12, 15))
        (again,) = (row.id for row in visits.search(connection, NATION, list=new))
        standing = _standing(connection, BANDUNG, CODES[0])
        assert standing[other] == standing[again] == ("answered", "above")
        row = visits.by_id(connection, made)
        assert row is not None
        assert (row.result, row.superseded_by, row.last) == ("died", alive, "above")
        for own in (old, new):
            assert visits.results(connection, NATION, own) == {1: ("above", TODAY + timedelta(days=1))}
        told = {row.id: row.result for row in visits.outcomes(connection, TODAY + timedelta(days=2))}
        assert (told[made], told[other], told[again]) == ("died", "above", "above")
        over = {row.id: row.superseded_by for row in visits.outcomes(connection, TODAY + timedelta(days=2))}
        assert (over[made], over[other], over[again], over[alive]) == (alive, None, None, None)
        assert {row.superseded_by for row in visits.outcomes(connection, TODAY)} == {None}, "not known yet"
        assert visits.checked(connection, NATION, TODAY - timedelta(days=1))[CODES[0]].id == alive
        known = {row.id: row.result for row in visits.outcomes(connection, TODAY)}
        assert (known[made], known[other]) == ("died", "died"), "as it was known then"


@pytest.mark.parametrize("result", visits.RESULTS)
def test_that_a_family_is_gone_answers_what_was_planned_until_it_was_recorded(
    store: Store, hands: Hands, result: str
) -> None:
    gone = result in ("died", "moved")
    wrong = {"hh.members": "4"} if result == "wrong" else None
    with store.writing() as connection:
        dewi = person(connection)
        for _ in range(2):
            hands.move(days=1)
            visits.plan(connection, confirmed(connection, dewi), date(2026, 12, 15))
        first, second = (row.id for row in visits.search(connection, BANDUNG))
        # Visited on the day before the first list was confirmed, recorded on that of the second.
        visits.record(connection, BANDUNG, dewi, first, Found(result, TODAY, wrong=wrong))
        assert _standing(connection, BANDUNG, CODES[0])[second] == (
            ("answered", result) if gone else ("planned", None))  # fmt: skip
        hands.move(days=1)
        visits.plan(connection, confirmed(connection, dewi), date(2026, 12, 15))
        third = max(row.id for row in visits.search(connection, BANDUNG, status="planned"))
        assert _standing(connection, BANDUNG, CODES[0])[third] == ("planned", None), "asked since it was recorded"
        known = [[row.id for row in visits.outcomes(connection, TODAY + timedelta(days=days))] for days in (1, 2, 3)]
        assert known == [[], [first, *[second] * gone], [first, *[second] * gone]]


def test_planned_and_own_visits_and_what_they_may_hold(store: Store) -> None:
    with store.writing() as connection:
        dewi = person(connection)

        def add(found: Found) -> int:
            return visits.add(connection, BANDUNG, dewi, CODES[0], "32", "3204", found)

        own = add(Found("moved", TODAY, moved_to="3322", intervention="kredit usaha"))
        (row,) = visits.search(connection, BANDUNG, recorded_by=dewi)
        assert (row.id, row.channel, row.probability, row.moved_to, row.intervention) == (
            own, "own", None, "3322", "kredit usaha")  # fmt: skip
        for found, told in (
            (Found("poor", TODAY), "choice"),
            (Found("above", TODAY + timedelta(days=1)), "past"),
            (Found("above", date(2024, 1, 1)), "past"),
            (Found("above", TODAY, "NIK 3204 1234 1234 1234"), "no_id_number"),
            (Found("above", TODAY, intervention="KK 3204/0101/0101/0001"), "no_id_number"),
            (Found("wrong", TODAY, wrong={"tenure": "3204--0101--0101--0001"}), "no_id_number"),
            (Found("above", TODAY, "x" * 501), "text"),
            (Found("above", TODAY, "a\0b"), "text"),
            (Found("above", TODAY, moved_to="3322"), "area"),
            (Found("moved", TODAY, moved_to="33'--"), "area"),
            (Found("wrong", TODAY), "required"),
            (Found("above", TODAY, wrong={"tenure": "own"}), "choice"),
        ):
            assert refused(lambda found=found: add(found)) == f"invalid:{told}"  # type: ignore[misc]


@pytest.mark.parametrize("between", ["", "  ", "/", "--", "\n", "\u2013", ", ", "_", ") (", ".\n"])
@pytest.mark.parametrize("first", ["3204", "\uff13\uff12\uff10\uff14", "\u0663\u0662\u0660\u0664"])
def test_sixteen_digits_are_found_however_they_are_set_apart(first: str, between: str) -> None:
    text = f"NIK {between.join([first, '0101', '0101', '0001'])} dicatat"
    assert refused(lambda: checks.note("note", text)) == "invalid:no_id_number"


@pytest.mark.parametrize("text", ["Bantuan 2025 Rp750.000, rumah 3 kamar", "3204 0101 0101 000", "HP 081234567890",
                                  "RT 001/RW 002, dikunjungi 24/11/2026"])  # fmt: skip
def test_other_numbers_may_stand_in_a_note(text: str) -> None:
    assert checks.note("note", text) == text


def lodged(**more: object) -> Lodged:
    values: dict[str, object] = {
        "household": CODES[0], "province": "32", "regency": "3204", "kind": "data", "asker": "family",
        "channel": "counter", "facts": ["has_formal"], "evidence": ["payslip"],
    }  # fmt: skip
    return Lodged(**(values | more))  # type: ignore[arg-type]


def test_an_objection_goes_through_its_stages_and_is_decided_once(store: Store) -> None:
    with store.writing() as connection:
        dewi, sari = person(connection), person(connection, "sari")
        row = objections.open(connection, BANDUNG, dewi, lodged())
        assert (row.number, row.deadline, row.stage) == ("S-2026-0001", TODAY + timedelta(days=14), "lodged")

        def step(seen: int, stage: str, state: str = "done", note: str = "") -> int:
            return objections.step(connection, BANDUNG, sari, row.number, seen, stage, state, note)

        seen = step(1, "completeness", "incomplete", "surat keterangan kerja")
        assert refused(lambda: step(1, "completeness")) == "changed_meanwhile"
        assert refused(lambda: step(seen, "notice")) == "invalid:choice"
        assert refused(lambda: step(seen, "lodged")) == "invalid:choice"
        seen = step(seen, "verification", "running")
        assert refused(lambda: step(seen, "village")) == "invalid:choice"

        def decide(outcome: str, reason: str, areas: Areas = BANDUNG) -> int:
            return objections.decide(connection, areas, sari, row.number, seen, outcome, reason)

        assert refused(lambda: decide("upheld", "")) == "invalid:required"
        assert refused(lambda: decide("won", "alasan")) == "invalid:choice"
        assert refused(lambda: decide("upheld", "alasan", SEMARANG)) == "not_in_area"
        seen = decide("partly", "pekerjaan formal terbukti")
        assert refused(lambda: decide("rejected", "berubah pikiran")) == "case_decided"
        assert refused(lambda: step(seen, "village")) == "invalid:choice"
        step(seen, "notice")
        assert [(event.n, event.stage, event.state) for event in objections.events(connection, row.id)] == [
            (1, "lodged", "done"), (2, "completeness", "incomplete"), (3, "verification", "running"),
            (4, "decision", "done"), (5, "notice", "done")]  # fmt: skip
        assert objections.search(connection, BANDUNG, waiting=True) == []
        assert [found.id for found in objections.search(connection, BANDUNG, waiting=False, opened_by=dewi)] == [row.id]
        assert objections.find(connection, SEMARANG, row.number) is None
        assert objections.of(connection, SEMARANG, CODES[0]) == []
        assert [found.outcome for found in objections.of(connection, BANDUNG, CODES[0])] == ["partly"]


def test_who_drew_or_confirmed_a_list_does_not_decide_about_it(store: Store) -> None:
    with store.writing() as connection:
        dewi, budi, sari = (person(connection, name) for name in ("dewi", "budi", "sari"))
        own = list_drafts.draft(connection, BANDUNG, dewi, draft(), [place()])
        list_drafts.confirm(connection, BANDUNG, budi, own, 1, "kuota")
        for case in (lodged(kind="result", list=own), lodged()):
            row = objections.open(connection, BANDUNG, dewi, case)
            for maker in (dewi, budi):
                act = (connection, BANDUNG, maker, row.number, 1, "rejected", "alasan")
                assert refused(lambda act=act: objections.decide(*act)) == "own_list"  # type: ignore[misc]
            assert objections.decide(connection, BANDUNG, sari, row.number, 1, "rejected", "alasan") == 2
        assert refused(lambda: objections.open(connection, BANDUNG, dewi, lodged(kind="result"))) == "invalid:required"
        assert refused(lambda: objections.open(connection, BANDUNG, dewi, lodged(list=own + 1))) == "not_in_area"


def test_naming_another_list_or_none_does_not_let_who_drew_one_decide(store: Store) -> None:
    """A family left off belongs to no list; the lists around it that may have left it off count all the same."""
    with store.writing() as connection:
        dewi, budi, sari, rini, tono = (person(connection, name) for name in ("dewi", "budi", "sari", "rini", "tono"))
        confirmed(connection, dewi)
        other = confirmed(connection, budi, places=[place(CODES[1])])
        confirmed(connection, tono, "3322", [place(CODES[2], "3322")])
        for case in (lodged(kind="result", list=other), lodged(household=CODES[3])):
            row = objections.open(connection, BANDUNG, rini, case)
            for own in (dewi, budi, rini):
                act = (connection, BANDUNG, own, row.number, 1, "rejected", "alasan")
                assert refused(lambda act=act: objections.decide(*act)) == "own_list"  # type: ignore[misc]
            assert objections.decide(connection, BANDUNG, tono, row.number, 1, "rejected", "alasan") == 2
        later = list_drafts.draft(connection, BANDUNG, sari, draft(quarter="2027Q1"), [place(CODES[1])])
        list_drafts.confirm(connection, BANDUNG, sari, later, 1, "kuota")
        row = objections.open(connection, BANDUNG, rini, lodged(household=CODES[3]))
        assert refused(lambda: objections.decide(connection, BANDUNG, sari, row.number, 1, "upheld", "x")) == "own_list"
        assert objections.decide(connection, BANDUNG, dewi, row.number, 1, "upheld", "daftar triwulan lalu") == 2


def test_numbers_have_no_gaps_and_no_doubles_when_many_write(store: Store) -> None:
    with store.writing() as connection:
        dewi = person(connection)
    taken: list[str] = []

    def work(name: int) -> None:
        for turn in range(4):
            try:
                with store.writing() as connection:
                    row = objections.open(connection, BANDUNG, dewi, lodged(note=f"{name} {turn}"))
                    if turn == 1:
                        raise RuntimeError("given back")
                taken.append(row.number)
            except RuntimeError:
                pass

    threads = [threading.Thread(target=work, args=(name,)) for name in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"S-2026-{n:04d}" for n in range(1, 16)]


def test_numbers_begin_anew_with_the_year_of_jakarta(store: Store, hands: Hands) -> None:
    found = []
    for hours in (0, 24 * 37 + 13, 1):
        hands.move(hours=hours)
        with store.writing() as connection:
            who = person(connection, f"dewi{len(found)}")
            found.append(lists.find(connection, NATION, confirmed_number(connection, who)))
    assert [row.number for row in found if row] == ["D-2026-0001", "D-2026-0002", "D-2027-0001"]


def confirmed_number(connection: object, who: int) -> str:
    own = confirmed(connection, who)  # type: ignore[arg-type]
    row = next(row for row in lists.search(connection, NATION) if row.id == own)  # type: ignore[arg-type]
    return str(row.number)


def test_a_place_cannot_slip_into_a_list_that_is_being_confirmed(store: Store) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        own = list_drafts.draft(connection, BANDUNG, dewi, draft(), [place()])
    told: list[str] = []

    def slip() -> None:
        try:
            with store.writing() as connection:
                connection.execute(text("INSERT INTO list_places (list, place, household, scheme, how, why, verify) "
                                        "VALUES (:list, 9, :code, 'pkh', 'ranked', '', FALSE)"),
                                   {"list": own, "code": CODES[3]})  # fmt: skip
        except Problem as problem:
            told.append(problem.code)

    with store.writing() as connection:
        list_drafts.confirm(connection, BANDUNG, dewi, own, 1, "kuota")
        other = threading.Thread(target=slip)
        other.start()
        other.join(0.5)
        assert other.is_alive()  # it waits for us
    other.join()
    assert told == ["list_immutable"]


def test_the_same_request_is_done_once_and_answered_alike(store: Store, hands: Hands) -> None:
    with store.writing() as connection:
        dewi, budi = person(connection), person(connection, "budi")
        assert once.begin(connection, dewi, "kunci-0001", b"visit 1") is None
        once.keep(connection, dewi, "kunci-0001", once.Answer(201, "text/html", "Tersimpan"))
    with store.writing() as connection:
        assert once.begin(connection, dewi, "kunci-0001", b"visit 1") == once.Answer(201, "text/html", "Tersimpan")
        assert once.begin(connection, budi, "kunci-0001", b"visit 2") is None
        assert refused(lambda: once.begin(connection, dewi, "kunci-0001", b"visit 2")) == "duplicate_request"
        assert refused(lambda: once.begin(connection, dewi, "'; --", b"visit 2")) == "invalid:idempotency_key"
    hands.move(hours=25)
    with store.writing() as connection:
        assert once.begin(connection, dewi, "kunci-0001", b"visit 2") is None


def test_a_double_tap_waits_for_the_first_and_is_done_once(store: Store) -> None:
    with store.writing() as connection:
        dewi = person(connection)
    results: list[str] = []
    gate = threading.Barrier(4)

    def tap() -> None:
        gate.wait()
        with store.writing() as connection:
            before = once.begin(connection, dewi, "kunci-0001", b"visit 1")
            if before is None:
                own = visits.add(connection, BANDUNG, dewi, CODES[0], "32", "3204", Found("above", TODAY))
                before = once.Answer(201, "text/plain", str(own))
                once.keep(connection, dewi, "kunci-0001", before)
            results.append(before.body)

    threads = [threading.Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(set(results)) == 1
    with store.reading() as connection:
        assert len(visits.of(connection, BANDUNG, CODES[0])) == 1


def test_visits_and_places_are_found_by_sub_district(store: Store) -> None:
    own = [place(subdistrict="3204010"), place(CODES[1], subdistrict="3204020"), place(CODES[2]),
           place(CODES[3], "3322", subdistrict="3322010")]  # fmt: skip
    with store.writing() as connection:
        dewi = person(connection)
        number = confirmed(connection, dewi, "", own)
        visits.plan(connection, number, TODAY)
        assert lists.subdistricts(connection, NATION, number) == ["3204010", "3204020", "3322010"]
        assert lists.subdistricts(connection, BANDUNG, number) == ["3204010", "3204020"]
        found = lists.places(connection, NATION, number, subdistrict="3204020")
        assert [row.household for row in found] == [CODES[1]]
        assert lists.places(connection, BANDUNG, number, subdistrict="3322010") == []
        assert visits.subdistricts(connection, BANDUNG, "planned") == ["3204010", "3204020"]
        (planned,) = visits.search(connection, BANDUNG, status="planned", subdistrict="3204010")
        assert planned.household == CODES[0]
        assert visits.search(connection, BANDUNG, subdistrict="3322010") == []
        visits.record(connection, BANDUNG, dewi, planned.id, Found("above", TODAY))
        visits.correct(connection, BANDUNG, dewi, planned.id, Found("below", TODAY))
        (newer,) = visits.search(connection, BANDUNG, status="done", subdistrict="3204010")
        assert (newer.result, newer.corrects) == ("below", planned.id)
        assert visits.subdistricts(connection, BANDUNG, "planned") == ["3204020"]
        made = visits.add(
            connection, BANDUNG, dewi, CODES[2], "32", "3204", Found("above", TODAY), subdistrict="3204030"
        )
        assert [row.id for row in visits.search(connection, BANDUNG, subdistrict="3204030")] == [made]


def test_more_sub_districts_than_one_can_choose_from_are_not_offered(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing() as connection:
        number = confirmed(connection, person(connection), "", [
            place(code, subdistrict=f"32040{at}0") for at, code in enumerate(CODES[:3])])  # fmt: skip
        visits.plan(connection, number, TODAY)
        assert len(visits.subdistricts(connection, NATION, "planned")) == 3
        monkeypatch.setattr(visits, "MOST_SUBDISTRICTS", 2)
        assert visits.subdistricts(connection, NATION, "planned") == []


def test_the_hash_of_a_list_holds_the_sub_district_of_its_places(store: Store) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        numbers = [list_drafts.draft(connection, NATION, dewi, draft(), own) for own in (
            [place()], [place(subdistrict="3204010")])]  # fmt: skip
        plain, told = (lists.digest(connection, number) for number in numbers)
    assert told != plain
