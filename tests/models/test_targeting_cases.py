"""Lists: single cases of each rule, and rows that are refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from features.commands import UserError
from models.targeting import Coded, FastLane, Rules, Scheme, draw
from tests.models.drawing import families, last, make, on_list, told
from tests.models.listed import AS_OF, Family, code, rows


def simple(**asked: Any) -> Rules:
    quota = asked.pop("quota", (("3201", 10),))
    return Rules("Uji", "2026Q4", (Scheme("pkh", 1000, quota),), **({"random": 0.0, "reserve": 0.0} | asked))


def ladder(count: int = 40) -> list[Family]:
    """Families of falling risk, .8 and less."""
    return [Family(code(at), "3201", round(0.8 - at * 0.015, 6), round(0.7 - at * 0.015, 6), round(0.9 - at * 0.015, 6))
            for at in range(count)]  # fmt: skip


def test_who_is_around_the_cut_is_to_be_checked() -> None:
    found = make(ladder(), simple(band=2))
    cut = 0.8 - 9 * 0.015
    assert found.cells[0].cut == pytest.approx(cut)
    checked = {one["rank"] for one in told(found) if one["verify"]}
    assert checked == {rank for rank in range(1, 11) if 0.7 - (rank - 1) * 0.015 < cut - 1e-9 or rank > 8}
    outside = [rank for rank in range(11, 41) if 0.9 - (rank - 1) * 0.015 > cut + 1e-9 or rank <= 12]
    assert found.band.rank.tolist() == outside
    assert found.cells[0].verify_outside == len(outside)
    near = make([dataclasses.replace(one, low=None, high=None) for one in ladder()], simple(band=2))
    assert [one["rank"] for one in told(near) if one["verify"]] == [9, 10]
    assert near.band.rank.tolist() == [11, 12]


def test_the_two_at_the_cut_are_shown() -> None:
    some = ladder()
    own = make(some, simple()).cells[0]
    assert own.last_in is not None
    assert own.first_out is not None
    assert (own.last_in.household, own.last_in.rank, own.last_in.risk) == (some[9].code, 10, some[9].risk)
    assert (own.first_out.household, own.first_out.rank, own.first_out.why) == (some[10].code, 11, "quota")
    poor = make(some, simple(budget=5000)).cells[0]
    assert poor.first_out is not None
    assert (poor.places, poor.no_budget, poor.first_out.why) == (5, 5, "budget")
    everybody = make(some[:4], simple()).cells[0]
    assert (everybody.first_out, everybody.cut, everybody.too_few) == (None, None, 6)
    same = [dataclasses.replace(one, risk=0.5, low=None, high=None) for one in some]
    found = make(same, simple())
    assert found.cells[0].tie_at_cut
    assert all(one["tied"] for one in told(found))
    other = make(same, simple(), seed="lain")
    assert on_list(other) != on_list(found)
    assert other.identity != found.identity


def test_one_of_the_last_list_stays_within_the_declared_share() -> None:
    some = ladder()
    below, far = some[14], some[30]  # .59 and .35; the lowest newcomer in by rank has .665
    before = {"pkh": {below.code, far.code, some[0].code, code(999)}}
    found = make(some, simple(hysteresis=0.2), before=before)
    places = {one["code"]: one["channel"] for one in told(found)}
    assert places[below.code] == "kept"
    assert far.code not in places
    assert some[9].code not in places
    own = found.cells[0]
    assert (own.ranked, own.kept, own.displaced) == (9, 1, 1)
    assert own.first_out is not None
    assert (own.first_out.household, own.first_out.why) == (some[9].code, "hysteresis")
    gone = dict(zip(found.gone.household.tolist(), found.gone.why.tolist(), strict=True))
    assert gone == {far.code.encode(): "below", code(999).encode(): "not_in_rows"}
    assert some[9].code in on_list(make(some, simple(hysteresis=0.1), before=before))


def test_who_moves_to_the_reserve_is_not_told_as_below_the_cut() -> None:
    """However they came by their place: in the reserve they are next in turn."""
    some = ladder()
    two = (("pkh", (("3201", 10),)), ("bantuan", (("3201", 4),)))
    rules = Rules("Uji", "2026Q4", tuple(Scheme(name, 1000, quota) for name, quota in two), random=0.0, reserve=0.2)
    first, second, low = some[14].code, some[15].code, some[30].code  # the reserves are of two and of one
    before = last([(first, "pkh", "ranked", "3201"), (second, "pkh", "random", "3201"),
                   (some[16].code, "pkh", "ranked", "3201"), (low, "pkh", "ranked", "3201")])  # fmt: skip
    found = draw(rows(some), rules, seed="s", run="r", as_of=AS_OF, before=before)
    held = {one["code"]: (found.cells[one["cell"]].scheme, one["channel"]) for one in told(found)}
    assert (held[first], held[second], held[some[16].code]) == (
        ("pkh", "reserve"), ("pkh", "reserve"), ("bantuan", "reserve"))  # fmt: skip
    assert dict(zip(found.gone.household.tolist(), found.gone.why.tolist(), strict=True)) == {
        first.encode(): "reserve", second.encode(): "reserve", some[16].code.encode(): "below", low.encode(): "below",
    }  # fmt: skip


def test_whoever_had_a_place_and_has_none_is_told_with_the_reason_that_holds() -> None:
    some = ladder()
    low, died = some[30:36], dataclasses.replace(some[36], found="died")
    some[36] = died
    held = {
        low[0].code: ("pkh", "ranked", "3201", "below"), low[1].code: ("pkh", "random", "3201", "by_lot"),
        low[2].code: ("pkh", "fast_lane", "3201", "by_fast_lane"), died.code: ("pkh", "random", "3201", "found_died"),
        low[3].code: ("bantuan", "ranked", "3201", "scheme_ended"), code(990): ("pkh", "ranked", "3201", "not_in_rows"),
        code(991): ("pkh", "random", "", "not_in_rows"), code(992): ("pkh", "kept", "3202", "outside_areas"),
        code(993): ("pkh", "ranked", "32", "not_in_rows"), code(994): ("bantuan", "kept", "7301", "scheme_ended"),
    }  # fmt: skip
    stays = {some[0].code: ("bantuan", "random", "3201", ""), some[1].code: ("pkh", "fast_lane", "3201", "")}
    before = last((own, *told_[:3]) for own, told_ in (held | stays).items())
    found = draw(rows([*some[:36], died]), simple(), seed="s", run="r", as_of=AS_OF, before=before)
    gone = found.gone
    assert {own.decode(): (scheme, area, why) for own, scheme, area, why in zip(
        gone.household.tolist(), gone.scheme.tolist(), gone.area.tolist(), gone.why.tolist(), strict=True)
        } == {own: (scheme, area, why) for own, (scheme, _, area, why) in held.items()}  # fmt: skip
    told_ = {one["code"]: one["before"] for one in told(found)}
    assert told_[some[0].code]
    assert told_[some[1].code]
    assert not told_[some[2].code]


def test_a_place_by_lot_or_of_another_scheme_is_not_kept_by_hysteresis() -> None:
    some = ladder()
    for scheme, channel, stays in (("pkh", "ranked", True), ("pkh", "random", False), ("pena", "ranked", False)):
        before = last([(some[14].code, scheme, channel, "3201")])
        found = draw(rows(some), simple(hysteresis=0.2), seed="s", run="r", as_of=AS_OF, before=before)
        assert (some[14].code in on_list(found)) is stays, (scheme, channel)


def test_the_fast_lane_asks_no_score() -> None:
    lane = FastLane(0.2, ("job_loss",), 60)
    unscored = Family(code(100), "3201", None, kind=None, shock="job_loss", shock_day="2026-10-02")
    older = Family(code(101), "3201", 0.03, shock="job_loss", shock_day="2026-10-01")
    late = Family(code(102), "3201", 0.03, shock="job_loss", shock_day="2026-11-01")
    stale = Family(code(103), "3201", 0.03, shock="job_loss", shock_day="2026-09-15")
    poor = Family(code(104), "3201", None, poor=True, shock="job_loss", shock_day="2026-09-20")
    found = make([*ladder(), unscored, older, late, stale, poor], simple(fast_lane=lane))
    assert [one["code"] for one in told(found) if one["channel"] == "fast_lane"] == [older.code, unscored.code]
    assert found.cells[0].ranked == 8
    own = rows(ladder())
    bare = dataclasses.replace(own, shock=None, shock_day=None)
    with pytest.raises(UserError, match="fast_lane: asks for shocks and these rows have none"):
        draw(bare, simple(fast_lane=lane), seed="s", run="r", as_of=AS_OF)


def test_need_is_risk_times_what_the_rules_name() -> None:
    some = [Family(code(1), "3201", 0.2, size=8.0), Family(code(2), "3201", 0.5, size=2.0),
            Family(code(3), "3201", 0.9, size=None)]  # fmt: skip
    found = make(some, simple(order="need", need="size", quota=(("3201", 1),)))
    assert [(one["code"], one["value"]) for one in told(found)] == [(code(1), 1.6)]
    assert found.why_not["pkh"]["no_need"] == 1
    with pytest.raises(UserError, match='need: no household here has "gap"'):
        make(some, simple(order="need", need="gap"))


@given(families(most=12), st.sampled_from(["risk", "twice", "size", "length", "low", "code"]))
def test_rows_that_are_not_right_are_refused(some: list[Family], what: str) -> None:
    assume(sum(one.risk is not None for one in some) > 1)
    own = rows(some)
    told_ = np.flatnonzero(~np.isnan(own.risk))[0]
    bad: dict[str, Any] = {}
    if what == "risk":
        bad["risk"] = own.risk.copy()
        bad["risk"][told_] = np.nan
    elif what == "low":
        bad["low"] = own.low.copy()
        bad["low"][told_] = 0.999
    elif what == "length":
        bad["urban"] = own.urban[1:]
    elif what == "size":
        bad["amounts"] = {"size": -np.ones(len(own))}
    else:
        bad["household"] = own.household.copy()
        bad["household"][0] = own.household[1] if what == "twice" else b"SHORT"
    with pytest.raises(UserError, match=r"^\w+: |has \d+ rows"):
        draw(dataclasses.replace(own, **bad), simple(), seed="s", run="r", as_of=AS_OF)


def test_identity_is_of_rules_run_seed_and_inputs() -> None:
    some, own = rows(ladder()), simple()
    asked: dict[str, Any] = {"seed": "s", "run": "r", "as_of": AS_OF}
    found = {draw(some, own, **asked).identity,
             draw(some, own, **asked | {"seed": "t"}).identity, draw(some, own, **asked | {"run": "q"}).identity,
             draw(some, own, inputs={"facts": "1"}, **asked).identity,
             draw(some, simple(band=3), **asked).identity}  # fmt: skip
    assert len(found) == 5


def test_a_reserve_is_a_share_of_the_places_rounded_up_and_of_those_who_have_none() -> None:
    for places, share, size in ((10, 0.1, 1), (11, 0.1, 2), (10, 0.0, 0), (3, 1.5, 5), (10, 5, 30), (38, 0.1, 2)):
        found = make(ladder(), simple(quota=(("3201", places),), reserve=share, band=2))
        spare = [one for one in told(found) if one["channel"] == "reserve"]
        assert [one["rank"] for one in spare] == list(range(places + 1, places + 1 + size))
        assert not set(found.band.rank.tolist()) & {one["rank"] for one in spare}
        assert all(np.isnan(one["probability"]) for one in spare)


def test_the_band_ends_where_the_list_does() -> None:
    bare = [dataclasses.replace(one, low=None, high=None) for one in ladder(12)]
    for band, checked, outside in ((0, [], []), (1, [3], [4]), (3, [1, 2, 3], [4, 5, 6]),
                                   (20, [1, 2, 3], list(range(4, 13)))):  # fmt: skip
        found = make(bare, simple(quota=(("3201", 3),), band=band))
        assert [one["rank"] for one in told(found) if one["verify"]] == checked
        assert found.band.rank.tolist() == outside
    touching = [
        dataclasses.replace(one, low=0.77, high=one.risk if at != 9 else 0.77) for at, one in enumerate(ladder(3))
    ]
    found = told(make(touching, simple(quota=(("3201", 2),), band=0)))
    assert [one["verify"] for one in found if one["rank"] <= 2] == [True, True], "one that ends at the cut holds it"


def test_who_is_first_in_the_rows_is_told_as_any_other() -> None:
    """The first row, the first text and the first area have number 0, which is no sign of anything."""
    died = dataclasses.replace(ladder()[39], found="died", programmes="pkh sembako")
    some = [died, *(dataclasses.replace(one, programmes="pkh" if at < 3 else "-") for at, one in enumerate(ladder(20)))]
    before = last([(died.code, "pkh", "ranked", "3201")])
    found = draw(rows(some), simple(), seed="s", run="r", as_of=AS_OF, before=before)
    assert found.gone.why.tolist() == ["found_died"]
    assert found.visited.household.tolist() == [died.code.encode()]
    assert (found.visited.found.tolist(), found.visited.area.tolist(), found.visited.listed.tolist()) == (
        ["died"], ["3201"], [False])  # fmt: skip
    own = found.receipt[0]
    assert (own.places, own.known, own.programmes) == (10, 10, {"pkh": 3})
    kept = draw(rows(some), simple(kept_out=()), seed="s", run="r", as_of=AS_OF, before=before, inputs={"a": "b"})
    assert kept.gone.why.tolist() == ["below"]
    assert len(kept.visited.household) == 0
    assert kept.inputs == {"a": "b"}
    for lacking, nothing in (("found", None), ("programmes", {})):
        bare = draw(dataclasses.replace(rows(some), **{lacking: nothing}), simple(), seed="s", run="r", as_of=AS_OF)
        assert len(bare.visited.household) == (0 if lacking == "found" else 1)
        assert bare.receipt[0].known == (0 if lacking == "programmes" else 10)
    top = [dataclasses.replace(some[1], found="below"), *some[2:]]
    listed_ = draw(rows(top), simple(), seed="s", run="r", as_of=AS_OF, before=last([(top[0].code, "pkh", "kept", "")]))
    assert (listed_.visited.found.tolist(), listed_.visited.listed.tolist()) == (["below"], [True])
    assert [one["before"] for one in told(listed_)] == [True] + [False] * 9
    assert len(listed_.gone.household) == 0


def test_of_no_families_everybody_of_the_last_list_is_gone() -> None:
    before = last([(code(1), "pkh", "ranked", "3201"), (code(2), "pkh", "ranked", "7301")])
    found = draw(rows([]), simple(), seed="s", run="r", as_of=AS_OF, before=before)
    assert sorted(found.gone.why.tolist()) == ["not_in_rows", "outside_areas"]
    own = found.cells[0]
    assert (own.filled, own.too_few, own.cut, own.last_in, own.first_out, own.tie_at_cut) == (
        0,
        10,
        None,
        None,
        None,
        False,
    )
    assert found.receipt[0].places == 0


def test_of_a_version_that_is_replaced_places_are_kept_and_both_tell_who_left() -> None:
    some = ladder()
    old, version = (last([(some[at].code, "pkh", "ranked", "3201"), (some[30].code, "pkh", "ranked", "3201")])
                    for at in (13, 14))  # fmt: skip
    found = draw(rows(some), simple(hysteresis=0.2), seed="s", run="r", as_of=AS_OF, before=old, replaced=version)
    on = on_list(found)
    assert (some[14].code in on, some[13].code in on) == (True, False)
    assert {own.decode() for own in found.gone.household} == {some[13].code, some[30].code}
    assert {own.decode() for own in found.gone_version.household} == {some[30].code}


def test_a_sub_district_goes_along_where_it_is_known() -> None:
    own = rows(ladder(3))
    places = draw(own, simple(), seed="s", run="r", as_of=AS_OF).places
    assert places.subdistrict.tolist() == [""] * 3
    known = dataclasses.replace(own, subdistrict=Coded.of(np.array(["3201010", None, "3201020"], dtype=object)))
    assert draw(known, simple(), seed="s", run="r", as_of=AS_OF).places.subdistrict.tolist() == [
        "3201010", "", "3201020"]  # fmt: skip
