"""Lists: the laws, and agreement with a list drawn by hand."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from features.commands import UserError
from models.targeting import CHANNELS, Drawn, FastLane, Rules, Scheme, draw
from models.targeting.keyed import CODE
from tests.models.listed import AS_OF, Family, by_hand, code, eligible, rows, worth

AREAS = ("3201", "3202", "7301")
RISKS = st.sampled_from([0.02, 0.05, 0.05, 0.1, 0.2, 0.24, 0.25, 0.3, 0.6])


@st.composite
def families(draw: st.DrawFn, most: int = 45) -> list[Family]:
    found = []
    for number in range(draw(st.integers(0, most))):
        risk = draw(st.none() | RISKS | st.floats(0.01, 0.9))
        low = None if risk is None else risk * draw(st.sampled_from([0.4, 0.9, 1.0]))
        high = None if risk is None else min(1.0, risk * draw(st.sampled_from([1.0, 1.1, 2.0])))
        found.append(Family(
            code(number), draw(st.sampled_from([*AREAS, *AREAS, "9999", None])), risk, low, high,
            poor=risk is None and draw(st.booleans()), rung=draw(st.sampled_from([None, "vulnerable", "middle"])),
            kind=draw(st.sampled_from([None, "relapse", "first_entry"])), urban=draw(st.sampled_from([-1, 0, 1])),
            poor_now=draw(st.sampled_from([0.1, 0.4])), size=draw(st.sampled_from([None, 1.0, 4.0, 7.0])),
            programmes=draw(st.sampled_from([None, "-", "pkh", "pkh sembako"])),
            shock=draw(st.sampled_from([None, None, "job_loss", "disaster", "harvest"])),
            shock_day=draw(st.sampled_from(["2026-10-01", "2026-11-14", "2026-01-01", "2026-12-01"])),
        ))  # fmt: skip
    return found


@st.composite
def schemes(draw: st.DrawFn, name: str) -> Scheme:
    areas = draw(st.sampled_from([("",), ("32",), ("32", "73"), ("3201", "3202"), ("3201", "73"), AREAS]))
    rungs = draw(st.sampled_from([(), ("vulnerable",), ("vulnerable", "middle")]))
    receives, without = draw(st.sampled_from([((), ()), (("pkh",), ()), ((), ("sembako",)), ((), ("pkh",))]))
    return Scheme(
        name, draw(st.sampled_from([1, 7, 3_000_000])),
        tuple((area, draw(st.integers(0, 30))) for area in areas), draw(st.none() | st.integers(0, 100)), rungs,
        bool(rungs) and draw(st.booleans()), draw(st.sampled_from([None, None, 0.3])),
        draw(st.sampled_from([(), (), ("relapse",)])), receives, without,
        bool(receives or without) and draw(st.booleans()),
    )  # fmt: skip


@st.composite
def rules(draw: st.DrawFn, number: int | None = None) -> Rules:
    count = number or draw(st.integers(1, 2))
    lane = FastLane(draw(st.sampled_from([0.1, 0.34, 0.5])), ("job_loss", "disaster"), draw(st.sampled_from([30, 90])))
    return Rules(
        "Daftar uji", "2026Q4", tuple(draw(schemes(name)) for name in ("pkh", "pena")[:count]),
        *draw(st.sampled_from([("risk", None), ("risk", None), ("need", "size")])),
        draw(st.none() | st.integers(0, 400)), draw(st.sampled_from([0.0, 0.02, 0.05])),
        draw(st.sampled_from([0.0, 0.1, 1.5])), draw(st.sampled_from([0.0, 0.2, 0.5])),
        draw(st.sampled_from([0, 2, 20])), draw(st.none() | st.just(lane)),
    )  # fmt: skip


@st.composite
def last_lists(draw: st.DrawFn) -> dict[str, set[str]]:
    return {name: {code(number) for number in draw(st.sets(st.integers(0, 60), max_size=25))}
            for name in ("pkh", "pena")}  # fmt: skip


def make(some: list[Family], own: Rules, seed: str = "benih", before: dict[str, set[str]] | None = None) -> Drawn:
    told = {name: np.array([one.encode() for one in codes], CODE) for name, codes in (before or {}).items()}
    return draw(rows(some), own, seed=seed, run="2026-11-15-abc", as_of=AS_OF, before=told)


def told(found: Drawn) -> list[dict[str, Any]]:
    """Places as rows."""
    own = found.places
    names = ("rank", "value", "risk", "verify", "probability", "tied", "before")
    return [{"code": own.household[at].decode(), "cell": int(own.cell[at]), "channel": CHANNELS[own.channel[at]],
             **{name: getattr(own, name)[at].item() for name in names}} for at in range(len(own))]  # fmt: skip


def on_list(found: Drawn) -> set[str]:
    return {one["code"] for one in told(found) if one["channel"] != "reserve"}


@settings(max_examples=200)
@given(families(), rules(), st.sampled_from(["a", "b"]), last_lists())
def test_the_list_is_the_one_drawn_by_hand(
    some: list[Family], own: Rules, seed: str, before: dict[str, set[str]]
) -> None:
    found = make(some, own, seed, before)
    hand = by_hand(some, own, seed, before)
    for number, cell in enumerate(found.cells):
        key = (cell.scheme, cell.area)
        assert cell.places == hand["places"][key]
        assert {one["code"]: one["channel"] for one in told(found)
                if one["cell"] == number and one["channel"] != "reserve"} == hand["on"][key]  # fmt: skip


@given(families(), rules(), last_lists())
def test_every_place_is_accounted_for_and_no_limit_is_passed(some: list[Family], own: Rules,
                                                            before: dict[str, set[str]]) -> None:  # fmt: skip
    found = make(some, own, before=before)
    places = told(found)
    counts = Counter((one["cell"], one["channel"]) for one in places)
    for number, cell in enumerate(found.cells):
        assert cell.quota == cell.ranked + cell.kept + cell.fast_lane + cell.random + cell.no_budget + cell.too_few
        assert min(cell.ranked, cell.kept, cell.fast_lane, cell.random, cell.no_budget, cell.too_few) >= 0
        assert [counts[number, channel] for channel in CHANNELS] == [
            cell.ranked, cell.kept, cell.fast_lane, cell.random, cell.reserve]  # fmt: skip
        assert cell.filled <= cell.places <= cell.quota
        assert cell.cost + cell.left == cell.budget
        assert cell.verify == sum(one["verify"] for one in places if one["cell"] == number
                                  and one["channel"] != "reserve")  # fmt: skip
    for scheme in own.schemes:
        spent = sum(cell.cost for cell in found.cells if cell.scheme == scheme.name)
        assert scheme.budget is None or spent <= scheme.budget
        assert sum(found.why_not[scheme.name].values()) == len(some)
    assert found.cost == sum(cell.cost for cell in found.cells)
    assert own.budget is None or (found.cost <= own.budget and found.left == own.budget - found.cost)
    everybody = [one["code"] for one in places] + [name.decode() for name in found.band.household]
    assert len(everybody) == len(set(everybody))
    was = {name for scheme in own.schemes for name in before[scheme.name]}
    assert {name.decode() for name in found.gone.household} == was - on_list(found)


@given(families(), rules(), last_lists())
def test_only_the_eligible_and_by_their_own_number(some: list[Family], own: Rules,
                                                   before: dict[str, set[str]]) -> None:  # fmt: skip
    found, by_code = make(some, own, before=before), {one.code: one for one in some}
    for place in told(found):
        cell, family = found.cells[place["cell"]], by_code[place["code"]]
        at = [scheme.name for scheme in own.schemes].index(cell.scheme)
        lane = place["channel"] == "fast_lane"
        assert eligible(family, own, at, cell.area, ranked=not lane)
        number = worth(family, own)
        if number is None:
            assert lane
            assert np.isnan(place["value"])
            assert place["rank"] == 0
            assert not place["verify"]
        else:
            assert place["value"] == number
        assert place["before"] == (place["code"] in before[cell.scheme])
        assert place["channel"] != "kept" or place["before"]
        chance = place["probability"]
        assert np.isnan(chance) if place["channel"] == "reserve" else 0 < chance <= 1


@given(families(), rules(), last_lists())
def test_nobody_of_lower_risk_goes_before_one_of_higher_but_by_a_written_rule(
        some: list[Family], own: Rules, before: dict[str, set[str]]) -> None:  # fmt: skip
    found = make(some, own, before=before)
    places, listed = told(found), on_list(found)
    for number, cell in enumerate(found.cells):
        at = [scheme.name for scheme in own.schemes].index(cell.scheme)
        earlier = {one["code"] for one in places if one["cell"] < number and one["channel"] != "reserve"}
        mine = [one for one in places if one["cell"] == number]
        ranked = [one["value"] for one in mine if one["channel"] == "ranked"]
        out = [worth(one, own) for one in some if one.code not in listed | earlier
               and eligible(one, own, at, cell.area, ranked=True)]  # fmt: skip
        assert not ranked or not out or min(ranked) >= max(out)
        kept = [one["value"] for one in mine if one["channel"] == "kept"]
        assert all(value >= (1 - own.hysteresis) * (cell.cut or 0) for value in kept)
        # Only newcomers give way, and only to the highest of the last list.
        assert not any(one.code in before[cell.scheme] for one in some if one.code not in listed | earlier
                       and eligible(one, own, at, cell.area, ranked=True)
                       and (worth(one, own) or 0) > min(kept, default=1e9))  # fmt: skip
        spare = [one["value"] for one in mine if one["channel"] == "reserve"]
        rest = [value for value in out if value is not None]
        assert sorted(spare, reverse=True) == spare
        assert not spare or sorted(rest, reverse=True)[: len(spare)] >= spare
        for edge in (cell.last_in, cell.first_out):
            assert edge is None or edge.value == worth(next(one for one in some if one.code == edge.household), own)
        if cell.last_in and cell.first_out:
            assert cell.last_in.value >= cell.first_out.value
            assert cell.last_in.rank < cell.first_out.rank
            assert cell.tie_at_cut == (cell.last_in.value == cell.first_out.value)


@given(families(), rules(), last_lists(), st.randoms())
def test_same_input_same_list_whatever_the_order_of_rows(some: list[Family], own: Rules, before: dict[str, set[str]],
                                                         chance: Any) -> None:  # fmt: skip
    found = make(some, own, before=before)
    mixed = list(some)
    chance.shuffle(mixed)
    again = make(mixed, own, before=before)
    assert again.identity == found.identity
    assert again.cells == found.cells
    assert repr(told(again)) == repr(told(found))
    assert again.band.household.tolist() == found.band.household.tolist()
    assert again.why_not == found.why_not
    for one, two in zip(again.expected, found.expected, strict=True):
        assert (one.by, one.level, one.households, one.listed) == (two.by, two.level, two.households, two.listed)
        assert one.falls == pytest.approx(two.falls)


@settings(max_examples=200)
@given(families(), rules(1), last_lists(), st.data())
def test_a_larger_quota_drops_nobody_who_was_in_by_rank(some: list[Family], own: Rules, before: dict[str, set[str]],
                                                        data: st.DataObject) -> None:  # fmt: skip
    quota = own.schemes[0].quota
    at = data.draw(st.integers(0, len(quota) - 1))
    more = tuple((area, places + (data.draw(st.integers(1, 9)) if at == number else 0))
                 for number, (area, places) in enumerate(quota))  # fmt: skip
    larger = dataclasses.replace(own, schemes=(dataclasses.replace(own.schemes[0], quota=more),))
    found, grown = make(some, own, before=before), make(some, larger, before=before)
    assert grown.cells[at].places >= found.cells[at].places
    paid = own.budget is None and own.schemes[0].budget is None
    was = {one["code"] for one in told(found) if one["channel"] in ("ranked", "kept", "fast_lane")
           and (paid or one["cell"] == at)}  # fmt: skip
    assert was <= on_list(grown)


@given(families(), rules(), last_lists())
def test_no_quota_or_no_money_is_an_empty_list(some: list[Family], own: Rules, before: dict[str, set[str]]) -> None:
    none = tuple(dataclasses.replace(one, quota=tuple((area, 0) for area, _ in one.quota)) for one in own.schemes)
    found = make(some, dataclasses.replace(own, schemes=none), before=before)
    assert not len(found.places)
    assert not len(found.band.row)
    broke = make(some, dataclasses.replace(own, budget=0), before=before)
    assert not len(broke.places)
    assert [cell.no_budget for cell in broke.cells] == [cell.quota for cell in broke.cells]
    assert broke.cost == 0


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
