"""Lists: the laws, and agreement with a list drawn by hand."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.targeting import CHANNELS, Rules
from tests.models.drawing import families, last_lists, make, on_list, rules, told
from tests.models.listed import Family, by_hand, eligible, worth


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
    was = {name for codes in before.values() for name in codes}
    assert {name.decode() for name in found.gone.household} == was - on_list(found)


@given(families(), rules(), last_lists())
def test_who_is_kept_out_by_a_visit_is_told_by_name_and_the_visit_alone_decides(
        some: list[Family], own: Rules, before: dict[str, set[str]]) -> None:  # fmt: skip
    found = make(some, own, before=before)
    names = [name.decode() for name in found.visited.household]
    told_ = dict(zip(names, zip(found.visited.found.tolist(), found.visited.listed.tolist(), strict=True), strict=True))
    assert len(names) == len(told_)
    for one in some:
        inside = any((one.regency is not None or not area) and (one.regency or "").startswith(area)
                     for area in own.areas)  # fmt: skip
        out, on = one.found in own.kept_out, one.code in on_list(found)
        assert (one.code in told_) == (inside and (out or (on and one.found is not None)))
        assert not (out and on)
        if one.code in told_:
            assert told_[one.code] == (one.found, on)
    # Without what visits found nobody is kept out, and the rest of the list is drawn by the same rules.
    bare = make([dataclasses.replace(one, found=None) for one in some], own, before=before)
    assert not len(bare.visited.household)
    assert bare.why_not == make(some, dataclasses.replace(own, kept_out=()), before=before).why_not


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
        assert place["before"] == any(place["code"] in codes for codes in before.values())
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
        by_rank = [one["rank"] for one in mine if one["channel"] in ("ranked", "kept")]
        assert max(by_rank, default=None) == (cell.last_in and cell.last_in.rank), "who is kept is on the list too"
        if cell.last_in and cell.first_out:
            assert cell.kept > 0 or cell.last_in.value >= cell.first_out.value
            assert (cell.last_in.rank > cell.first_out.rank) == (cell.first_out.why == "hysteresis")
            assert cell.tie_at_cut == (min(ranked, default=None) == cell.first_out.value)


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
