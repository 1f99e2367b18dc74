"""Who entered and left since the last run, and what moved their risk, adds up and names its causes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.commands import UserError
from serving.scores import publishing, scores
from serving.scores.change import ENTERED, LEFT, between, change
from serving.scores.move import Fact, move, moved, relocated
from serving.scores.scores import Scores
from tests.serving import scored

OLD = scored.rows(1200, seed=3).to_pylist()
OTHER = "b" * 12


def _next() -> list[dict[str, Any]]:
    """The same households a quarter later: some gone, new, refused, poor, moved, others with another risk."""
    draw = np.random.default_rng(4)
    fresh = {row["household_id"]: row for row in scored.rows(300, seed=9, as_of="2027-02-15").to_pylist()}
    rows = []
    for row in OLD:
        if draw.random() < 0.05:
            continue
        own = dict(row)
        fate = draw.random()
        if own["applies"] and fate < 0.05:
            own |= _refused()
        elif own["applies"] and fate < 0.1:
            own |= {**_poor(), "p_poor_now": 0.9}
        elif own["applies"] and fate < 0.2:
            own |= {"province": "73" if own["province"] == "31" else "31", "regency": None}
        elif own["applies"] and fate < 0.25 and own["province"] == "31":
            own |= {"regency": "3102" if own["regency"] == "3101" else "3101"}
        elif own["applies"] and fate < 0.7:
            own |= _shifted(own, draw)
        elif own["status"] == "refused" and own["household_id"] and fate < 0.5:
            twin = next(each for each in fresh.values() if each["applies"])
            own |= {name: twin[name] for name in twin if name not in ("household_id", "province", "regency")}
        rows.append(own)
    known = {row["household_id"] for row in rows}
    return rows + [row for code, row in fresh.items() if code and code not in known]


def _refused() -> dict[str, Any]:
    empty = ("rung", "kind", "applies", "risk", "low", "high", "p_poor_now", "p_poor_next", "base", "place", "reasons",
             "other", "missing", "certainty")  # fmt: skip
    return {"status": "refused", "refusal": "stale"} | dict.fromkeys(empty)


def _poor() -> dict[str, Any]:
    return _refused() | {"status": "scored", "refusal": None, "applies": False}


def _shifted(row: dict[str, Any], draw: np.random.Generator) -> dict[str, Any]:
    reasons = [dict(own) for own in row["reasons"]]
    reasons[0]["contribution"] = round(reasons[0]["contribution"] + draw.normal(0, 1), 6)
    reasons[1] = reasons[1] | {"key": "hh.adults", "value": "3"}
    reasons = list({own["key"]: own for own in reasons}.values())
    reasons.sort(key=lambda own: -abs(own["contribution"]))
    other = round(row["other"] + draw.normal(0, 0.3), 6)
    eta = row["base"] + row["place"] + other + sum(own["contribution"] for own in reasons)
    return {"reasons": reasons, "other": other, "risk": round(1 / (1 + math.exp(-eta)), 12)}


NEW = _next()
BY_CODE = [{row["household_id"]: row for row in rows} for rows in (OLD, NEW)]


def _open(folder: Path, rows: list[dict[str, Any]], **asked: Any) -> Scores:
    scored.write(folder / "run", scored.pa.Table.from_pylist(rows, schema=scored.SCORES), most=300, group=64, **asked)
    publishing.publish(folder / "store", folder / "run")
    return scores.open(folder / "store")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scores, Scores, Scores]]:
    """The old run, the new one, and the new one said to be of another model."""
    home = tmp_path_factory.mktemp("runs")
    with (
        _open(home / "old", OLD) as old,
        _open(home / "new", NEW, as_of="2027-02-15") as new,
        _open(home / "model", NEW, as_of="2027-02-15", bundle=OTHER) as model,
    ):
        yield old, new, model


def _elsewhere(code: str) -> bool:
    """Whether both runs know where a household lives, and it is not the same place."""
    before, after = (own.get(code) for own in BY_CODE)
    if before is None or after is None:
        return False
    places = [(before[name], after[name]) for name in ("province", "regency")]
    return any(one != two for one, two in places if one is not None and two is not None)


def _inside(row: dict[str, Any], province: str | None, regency: str | None) -> bool:
    return (province is None or (row["province"] or "unknown") == province) and (
        regency is None or row["regency"] == regency
    )


def _listed(rows: list[dict[str, Any]], cut: float | None, top: int | None, area: tuple[Any, Any]) -> dict[str, Any]:
    own = sorted((row for row in rows if row["applies"] and _inside(row, *area)),
                 key=lambda row: (-row["risk"], row["household_id"]))  # fmt: skip
    return {row["household_id"]: row for row in (own[:top] if cut is None else [r for r in own if r["risk"] >= cut])}


def _why(row: dict[str, Any], other: dict[str, Any] | None, area: tuple[Any, Any], model: bool, *, entered: bool,
         ) -> str:  # fmt: skip
    causes = ENTERED if entered else LEFT
    if other is None:
        return causes[0]
    if other["status"] == "refused":
        return causes[1]
    if not other["applies"]:
        return causes[2]
    if not _inside(other, *area):
        return causes[3]
    if model:
        return causes[4]
    return causes[5 if row["risk"] > other["risk"] else 6]


def _expected(old: list[dict[str, Any]], new: list[dict[str, Any]], cut: float | None, top: int | None,
              area: tuple[Any, Any], model: bool) -> Any:  # fmt: skip
    was, now = (_listed(rows, cut, top, area) for rows in (old, new))
    before, after = ({row["household_id"]: row for row in rows if row["household_id"]} for rows in (old, new))
    entered = {code: _why(row, before.get(code), area, model, entered=True)
               for code, row in now.items() if code not in was}  # fmt: skip
    left = {code: _why(row, after.get(code), area, model, entered=False)
            for code, row in was.items() if code not in now}  # fmt: skip
    return was, now, entered, left


_AREA = st.sampled_from([(None, None), ("31", None), ("73", None), ("unknown", None), (None, "3101"), ("31", "3103"),
                         ("99", None)])  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.tuples(st.floats(0, 0.6), st.none()), st.tuples(st.none(), st.integers(0, 1300))), _AREA,
       st.booleans())  # fmt: skip
def test_entered_and_left_are_those_of_a_reference_with_their_reasons(
    runs: tuple[Scores, Scores, Scores], how: tuple[float | None, int | None], area: tuple[Any, Any], model: bool
) -> None:
    old, new = runs[0], runs[2 if model else 1]
    found = change(old, new, cut=how[0], top=how[1], province=area[0], regency=area[1], count=5000)
    was, now, entered, left = _expected(OLD, NEW, *how, area, model)
    assert {move.household_id: move.why for move in found.entered} == entered
    assert {move.household_id: move.why for move in found.left} == left
    assert (found.size_old, found.size_new, found.stayed) == (len(was), len(now), len(was.keys() & now.keys()))
    assert (found.entered_why, found.left_why) == (Counter(entered.values()), Counter(left.values()))
    assert found.model_changed is model
    # entered + stayed = new list, left + stayed = old list
    assert len(entered) + found.stayed == found.size_new
    assert len(left) + found.stayed == found.size_old
    both = was.keys() & now.keys()
    # Who moved house stays on the list of the nation; it is told there, and enters and leaves areas.
    assert {own.household_id for own in found.stayed_relocated} == {code for code in both if _elsewhere(code)}
    assert found.relocated == {side: sum(map(_elsewhere, codes)) for side, codes in
                               (("entered", entered), ("left", left), ("stayed", both))}  # fmt: skip
    if area == (None, None):
        assert not {"moved_in", "moved_out"} & {*found.entered_why, *found.left_why}
    for own in (*found.entered, *found.left, *found.stayed_relocated):
        _check(own)


def _check(move: Any) -> None:
    before, after = (own.get(move.household_id) for own in BY_CODE)
    assert move.relocated is _elsewhere(move.household_id)
    assert {**(move.before or {}), "bundle": 0} == {**(before or {}), "bundle": 0}
    assert {**(move.after or {}), "bundle": 0} == {**(after or {}), "bundle": 0}
    if before is None or after is None or not before["applies"] or not after["applies"]:
        assert (move.facts, move.parts) == ((), {})


def test_what_moved_adds_up_to_the_risks(runs: tuple[Scores, Scores, Scores]) -> None:
    found = change(runs[0], runs[1], cut=0.1, count=5000, facts=99)
    explained = 0
    for own in (*found.entered, *found.left):
        if not own.parts:
            continue
        explained += 1
        eta = [math.log(row["risk"] / (1 - row["risk"])) for row in (own.before, own.after) if row is not None]
        assert own.moved == pytest.approx(eta[1] - eta[0], abs=1e-4)
        sizes = [amount for _, amount in own.carried]
        assert own.other_leads is (own.carried[0][0] == "other")
        assert sum(sizes) == pytest.approx(own.moved, abs=1e-5)
        assert sizes == sorted(sizes, key=abs, reverse=True)
        assert 0 not in sizes
    assert explained > 10


@pytest.mark.parametrize("how", [{"cut": 0.05}, {"top": 100}, {"cut": 0.0}, {"top": 0}, {"top": 10, "province": "73"}])
def test_a_run_against_itself_changes_nothing(runs: tuple[Scores, Scores, Scores], how: dict[str, Any]) -> None:
    for own in runs:
        found = change(own, own, **how)
        assert found.entered == found.left == ()
        assert found.entered_why == found.left_why == {}
        assert found.size_old == found.size_new == found.stayed
        assert not found.model_changed


def test_pages_join_and_are_ordered_by_risk(runs: tuple[Scores, Scores, Scores]) -> None:
    whole = change(runs[0], runs[1], cut=0.05, count=5000)
    pages = [change(runs[0], runs[1], cut=0.05, count=20, offset=offset) for offset in range(0, 200, 20)]
    assert tuple(move for page in pages for move in page.entered) == whole.entered[:200]
    assert tuple(move for page in pages for move in page.left) == whole.left[:200]
    risks = [move.after["risk"] for move in whole.entered if move.after is not None]
    assert risks == sorted(risks, reverse=True)
    assert len(risks) == len(whole.entered) > 20


def test_an_area_in_which_nothing_is(runs: tuple[Scores, Scores, Scores]) -> None:
    found = change(runs[0], runs[1], cut=0.05, province="99")
    assert (found.size_old, found.size_new, found.stayed, found.entered, found.left) == (0, 0, 0, (), ())
    assert found.relocated == {"entered": 0, "left": 0, "stayed": 0}


def test_a_household_that_moved_house_is_told_on_both_sides_and_stays_for_the_nation(
    runs: tuple[Scores, Scores, Scores],
) -> None:
    asked: dict[str, Any] = {"cut": 0.01, "count": 5000}
    nation, out, into = (change(runs[0], runs[1], **asked, province=own) for own in (None, "31", "73"))
    gone = {own.household_id for own in out.left if own.why == "moved_out" and own.after is not None
            and own.after["province"] == "73"}  # fmt: skip
    assert gone == {own.household_id for own in into.entered if own.why == "moved_in"
                    and own.before is not None and own.before["province"] == "31"}  # fmt: skip
    stayed = {own.household_id for own in nation.stayed_relocated}
    assert len(gone) > 5
    assert gone <= stayed
    within = stayed - gone - {own.household_id for own in (*into.left, *out.entered)}
    assert {own.household_id for own in out.stayed_relocated} == {
        code for code in within if BY_CODE[1][code]["province"] == "31"}  # fmt: skip


def test_lists_know_the_risk_before_of_who_came_from_another_province(tmp_path: Path) -> None:
    for name, rows, day in (("old", OLD, "2026-11-15"), ("new", NEW, "2027-02-15")):
        scored.write(tmp_path / name, scored.pa.Table.from_pylist(rows, schema=scored.SCORES), as_of=day, most=300)
        publishing.publish(tmp_path / "store", tmp_path / name)
    with scores.open(tmp_path / "store") as own:
        rows = own.rows("SELECT household_id, was FROM read_parquet($files)", own.ranked(None, None), {})
    old, new = BY_CODE
    assert {row["household_id"]: row["was"] for row in rows} == {
        code: old[code]["risk"] if code in old and old[code]["applies"] else None
        for code, row in new.items() if code and row["applies"]}  # fmt: skip
    assert sum(old[row["household_id"]]["province"] != new[row["household_id"]]["province"]
               for row in rows if row["was"] is not None) > 20  # fmt: skip


def test_what_is_not_known_is_no_move() -> None:
    known, unknown = {"province": "31", "regency": "3101"}, {"province": None, "regency": None}
    assert not relocated(known, unknown)
    assert not relocated(unknown, known)
    assert not relocated(known, {"province": "31", "regency": None})
    assert relocated(known, {"province": "31", "regency": "3102"})
    assert relocated({"province": "31", "regency": None}, {"province": "73", "regency": "7301"})
    assert not relocated(known, None)


def test_runs_say_from_which_chance_on_a_family_is_judged_poor_and_how_many_reasons_they_kept(tmp_path: Path) -> None:
    with (_open(tmp_path / "old", OLD, poor_now=0.4) as old,
          _open(tmp_path / "new", NEW, as_of="2027-02-15", reasons=7, poor_now=0.43) as new):  # fmt: skip
        found = change(old, new, cut=0.1)
    assert (found.poor_from_old, found.poor_from_new) == (0.4, 0.43)
    assert (found.reasons_old, found.reasons_new) == (5, 7)


@pytest.mark.parametrize(
    ("ask", "words"),
    [({}, "give one of the two"), ({"cut": 0.1, "top": 5}, "give one of the two"), ({"cut": 1.5}, "from 0 to 1"),
     ({"top": -1}, "0 or more"), ({"cut": 0.1, "count": -1}, "0 or more")],
)  # fmt: skip
def test_a_list_that_cannot_be_made_is_told(runs: tuple[Scores, Scores, Scores], ask: dict[str, Any],
                                            words: str) -> None:  # fmt: skip
    with pytest.raises(UserError, match=words):
        change(runs[0], runs[1], **ask)


def _reason(key: str, contribution: float, value: str = "1") -> dict[str, Any]:
    return {"key": key, "value": value, "known_at": None, "contribution": contribution}


def test_the_strongest_move_is_told_first() -> None:
    before = [_reason("a", 1.0), _reason("b", -0.5), _reason("c", 0.2)]
    after = [_reason("d", 0.9), _reason("a", 0.7), _reason("b", -0.5)]
    facts = moved(before, after, (3, 3))
    # Not told before, so it weighed .2 or less.
    assert facts[0] == Fact("d", None, "1", None, 0.9, pytest.approx(0.7))
    assert facts[1] == Fact("a", "1", "1", 1.0, 0.7, pytest.approx(-0.3))
    assert len(facts) == 2  # b did not move, and c need not have moved at all
    # With room left in the earlier row, what it does not tell weighed nothing.
    assert [fact.key for fact in moved(before, after, (3, 5))] == ["d", "a", "c"]
    assert [fact.key for fact in moved([*before[:2], _reason("c", 0.4)], after, (5, 5))] == ["d", "c", "a"]
    # Of a row without room for any nothing is known.
    assert moved([], after, (0, 3)) == moved(before, [], (3, 0)) == ()


def test_a_value_that_moved_nothing_is_no_cause() -> None:
    assert moved([_reason("a", 0.3, "1")], [_reason("a", 0.3, "2")], (3, 3)) == ()


def _row(reasons: list[dict[str, Any]], place: float, other: float) -> dict[str, Any]:
    return {"province": "31", "regency": None, "applies": True, "reasons": reasons, "base": -2.0, "place": place,
            "other": other}  # fmt: skip


def test_what_the_score_does_not_tell_one_by_one_is_told_as_a_cause() -> None:
    before = _row([_reason("a", 0.3), _reason("b", 0.2)], 0.1, 0.5)
    after = _row([_reason("a", 0.4), _reason("c", -0.5)], 0.1, 1.4)
    own = move("x", "risk_rose", before, after, (2, 2), 9)
    # c was told for the first time: it weighed .2 at most before, so at least .3 are its own. b may weigh what it did.
    assert [(what if isinstance(what, str) else what.key, round(size, 6)) for what, size in own.carried] == [
        ("other", 0.5), ("c", -0.3), ("a", 0.1)]  # fmt: skip
    assert own.moved == pytest.approx(0.3)
    assert own.other_leads
    told = move("x", "risk_rose", before, after | {"other": 0.7}, (2, 2), 1)
    assert not told.other_leads  # c alone moved it by .3, the rest by .2 the other way


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(-2, 2)), unique_by=lambda own: own[0]),
       st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(-2, 2)), unique_by=lambda own: own[0]))  # fmt: skip
def test_every_fact_that_differs_is_told_once(one: list[tuple[str, float]], two: list[tuple[str, float]]) -> None:
    was, now = dict(one), dict(two)
    facts = moved([_reason(*own) for own in one], [_reason(*own) for own in two], (None, 3))
    told = {fact.key for fact in facts}
    assert {key for key in was.keys() & now.keys() if was[key] != now[key]} == told & was.keys() & now.keys()
    assert len(facts) == len(told)
    assert all((fact.before, fact.after) == (was.get(fact.key), now.get(fact.key)) for fact in facts)
    for fact in facts:  # the least that it moved: whatever it weighed where it is not told, it moved as much
        ends = [[own] if own is not None else [-floor, floor] for own, floor in (
            (fact.before, min(map(abs, was.values()), default=math.inf)),
            (fact.after, 0.0 if len(now) < 3 else min(map(abs, now.values()))))]  # fmt: skip
        sure = min((b - a for a in ends[0] for b in ends[1]), key=abs)
        assert fact.moved == pytest.approx(sure)


def test_which_runs_are_compared(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with pytest.raises(UserError, match="no two runs to compare"):
        between(store)
    names = []
    for day in (14, 15):
        scored.write(tmp_path / str(day), scored.rows(50, as_of=f"2026-11-{day}"), as_of=f"2026-11-{day}")
        names.append(publishing.publish(store, tmp_path / str(day)).name)
    assert between(store) == tuple(names)
    assert between(store, "x", None) == ("x", names[1])


def test_values_of_a_user_are_bound(runs: tuple[Scores, Scores, Scores]) -> None:
    ask: Callable[[str], int] = lambda text: change(runs[0], runs[1], cut=0.1, province=text).size_new  # noqa: E731
    assert [ask(text) for text in ("' OR TRUE --", "31'; DROP TABLE was; --")] == [0, 0]
