"""To who may not see its households a list tells no count of few, nor what one could be worked out from."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.few import FEWEST
from models.targeting import CHANNELS
from serving.access.rights import Areas, Grant
from serving.cases import list_reads, lists
from serving.console import list_errors, list_words
from serving.console.strings import strings
from serving.lists import files
from serving.scores import small_areas
from serving.store import people, tokens
from tests.serving import stores
from tests.serving.api.world import MINE, OTHER, SCOPES, World

FEW_AREA = "9202"
"""A regency of the world with few families."""


def holder(one: World, account: str, *grants: tuple[Any, str]) -> None:
    """A person with a token."""
    with one.store.writing() as connection:
        person = stores.person(connection, account, *(Grant(*grant) for grant in grants))
        _, one.secrets[account] = tokens.make(connection, person, "tests", SCOPES, days=30)


def cell(area: str, candidates: int, **more: int) -> dict[str, Any]:
    edge = {"household": "2222ABCD2222", "rank": 3, "value": 0.4, "risk": 0.4, "why": ""}
    own = dict.fromkeys((*CHANNELS, "no_budget", "too_few", "displaced", "verify", "verify_outside", "left"), 0)
    own |= {"ranked": candidates} | more
    quota = sum(own[name] for name in (*CHANNELS[:4], "no_budget", "too_few"))
    return {"scheme": "pkh", "area": area, "quota": quota, "places": quota, "cost": 5, "budget": 9,
            "candidates": candidates, "cut": 0.4, "tie_at_cut": False, "last_in": edge, "first_out": edge,
            **own}  # fmt: skip


def result(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "cells": list(cells), "channels": {how: sum(own[how] for own in cells) for how in CHANNELS}, "shut": [],
        "places": sum(own["quota"] for own in cells), "too_few": 0, "cost": 7, "left": 1, "no_budget": 0,
        "verify": {"places": 0, "outside": 0},
        "households": {"pkh": {"below": 3, "could_be_ranked": 400, "no_score": 90, "kind": 0}},
        "expected": [
            {"by": by, "level": level, "households": count, "unscored": lacking, "listed": count, "falls": 1.0,
             "caught": 1.0, "exclusion": None, "inclusion": None, "poor": None, "neither": None, "intervals": True}
            for by, level, count, lacking in (
                ("all", "", 240, 4), ("province", "31", 120, 0), ("province", "32", 120, 0),
                ("urban", "urban", 12, 0), ("urban", "rural", 28, 31), ("urban", "", 200, 0))],
        "gone": [{"household_id": "2222ABCD2222", "scheme": "pkh", "why": "moved"}],
        "visited": [{"household_id": "2222ABCD2222", "found": "died", "listed": False}],
    } | more  # fmt: skip


def groups(told: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return {(own["by"], own["level"]): (own["households"], own["listed"], own["unscored"]) for own in told["expected"]}


def no_sums(told: dict[str, Any]) -> bool:
    """Whether nothing is told of a list as a whole, but its rules."""
    counts = [told["no_budget"], told["too_few"], told["cost"], told["left"], *told["channels"].values(),
              *told["verify"].values(), *(count for own in told["households"].values() for count in own.values()),
              *(count for own in groups(told).values() for count in own)]  # fmt: skip
    return counts == [None] * len(counts) and not told["gone"] and not told["visited"]


def test_of_a_list_those_who_fall_are_told_apart_from_those_poor_already() -> None:
    def share(value: float) -> dict[str, float]:
        return {"value": value, "low": value - 0.05, "high": value + 0.05, "of": 240.0}

    def rangeless(value: float) -> dict[str, float | None]:
        return {"value": value, "low": None, "high": None, "of": 240.0}

    one = {"by": "all", "level": "", "households": 4000, "exclusion": share(0.87), "inclusion": share(0.88),
           "poor": rangeless(0.24), "neither": rangeless(0.64), "intervals": True}  # fmt: skip
    caught, listed = list_errors.errors([one], strings("en"))["errors"]
    assert caught == "Of 100 families that fall, 13 are on the list (range 8-18)."
    assert "12 expected to fall (range 7-17); 24 likely below the line already" in listed
    assert "64 neither. The last two are estimates without a range." in listed
    assert listed.count("range ") == 1
    # 9, 13 and 77, each rounded by itself.
    one |= {"inclusion": share(0.906), "poor": rangeless(0.1345), "neither": rangeless(0.7715)}
    listed = list_errors.errors([one], strings("en"))["errors"][1]
    assert [int(own) for own in re.findall(r"(\d+) (?:expected|likely|neither)", listed)] == [9, 14, 77]
    one |= {"exclusion": {"value": 0.998, "low": 0.98, "high": 1.0, "of": 240.0}}
    few, _ = list_errors.errors([one], strings("en"))["errors"]
    assert few == "Of 100 families that fall, fewer than 1 are on the list (up to 2).", "neither 0 nor 100 is told"
    one |= {"exclusion": {"value": 0.99, "low": 0.98, "high": 1.0, "of": 240.0}}
    assert (
        list_errors.errors([one], strings("en"))["errors"][0]
        == "Of 100 families that fall, 1 is on the list (up to 2)."
    )


@pytest.mark.parametrize(("areas", "name"), [
    ({"32"}, "Jawa Barat"), ({""}, "Jawa Barat"), ({"3204"}, "Kab. Bandung"), ({"3204", "51"}, "Kab. Bandung"),
    ({"3204", "3205"}, "Jawa Barat, kabupaten/kota di daftar ini"),
])  # fmt: skip
def test_a_group_is_named_by_the_areas_that_are_counted(areas: set[str], name: str) -> None:
    one = {"by": "province", "level": "32", "households": 575, "exclusion": None, "inclusion": None, "poor": None,
           "neither": None, "intervals": False}  # fmt: skip
    (group,) = list_errors.errors([one], strings("id"), areas)["groups"]
    assert (group["name"], group["households"]) == (name, 575)


def test_where_most_places_are_to_be_checked_it_is_said() -> None:
    most = list_words._verify({"places": 209, "outside": 545}, 240, strings("en"))
    assert most[0].startswith("209 of 240 places, and 545 families outside")
    assert len(most) == 2
    assert len(list_words._verify({"places": 20, "outside": 30}, 240, strings("id"))) == 1
    assert list_words._verify({"places": None, "outside": 30}, 240, strings("id")) == []


def test_no_count_of_few_is_told_to_who_may_not_see_the_households() -> None:
    told = list_reads._without_codes(result(cell("3101", 240)))
    assert told["households"]["pkh"] == {"below": None, "no_score": None, "could_be_ranked": 400, "kind": 0}
    nothing = (None, None, None)
    assert groups(told) == {
        ("all", ""): (240, 240, None), ("province", "31"): (120, 120, 0), ("province", "32"): (120, 120, 0),
        ("urban", "urban"): nothing, ("urban", "rural"): nothing, ("urban", ""): (200, 200, 0)}  # fmt: skip
    assert (told["gone"], told["visited"], told["visited_few"]) == ([], [], True)
    assert told["cells"][0]["last_in"]["household"] is told["cells"][0]["last_in"]["value"] is None


def test_no_few_without_a_score_follow_from_the_others_and_the_whole() -> None:
    def told(*lacking: int) -> list[int | None]:
        one = result()["expected"][1]
        own = [("all", "", sum(lacking)), *(("province", str(11 + at), count) for at, count in enumerate(lacking))]
        return [each["unscored"] for each in files.groups(
            [{**one, "by": by, "level": level, "unscored": count} for by, level, count in own])]  # fmt: skip

    assert told(61, 40, 12) == [None, 61, 40, None], "12 are 113 less 61 less 40, and the overview tells these"
    assert told(61, 40, 0) == [101, 61, 40, 0], "that there is none is told"
    assert told(12, 8) == [None, None, None]
    assert told(70, 16, 17) == [None, 70, None, None]
    one = result()["expected"]
    own = [{**one[1], "level": "31", "unscored": 61}, {**one[1], "level": "32", "unscored": 12},
           {**one[1], "by": "urban", "level": "urban", "unscored": 73}]  # fmt: skip
    assert [each["unscored"] for each in files.groups(own)] == [61, None, None], "73 less 61"
    kept_out = {"no_score": 73, "poor_now": 270, "kind": 90, "rung": 0}
    assert files.reasons(kept_out, result(cell("31", 300), cell("32", 300))) == {
        "no_score": None, "poor_now": None, "kind": 90, "rung": 0}, "of several areas"  # fmt: skip
    assert files.reasons(kept_out, result(cell("31", 300), cell("31", 300))) == kept_out


def test_a_cell_of_few_is_kept_back_with_all_the_sums_that_it_is_part_of() -> None:
    told = list_reads._without_codes(result(cell("3101", 12), cell("3201", 40), cell("3301", 300, ranked=100)))
    few, next_, enough = told["cells"]
    assert {name: own for name, own in few.items() if own is not None} == {
        "scheme": "pkh", "area": "3101", "quota": 12}  # fmt: skip
    assert next_["candidates"] is None
    assert enough["candidates"] is None, "beside those assessed there it tells who could not be ranked"
    assert enough["ranked"] == 100
    assert no_sums(told)
    assert no_sums(list_reads._without_codes(result(cell("3101", 29))))


def test_who_could_not_be_ranked_is_not_what_the_overview_has_beyond_those_who_could() -> None:
    """The overview tells that 575 are assessed there."""
    kept_out = {"pkh": {"could_be_ranked": 574, "found_moved": 1, "kind": 0}}
    told = list_reads._without_codes(result(cell("3101", 574, ranked=200), households=kept_out))
    assert told["households"]["pkh"] == {"could_be_ranked": None, "found_moved": None, "kind": 0}
    own = told["cells"][0]
    assert (own["candidates"], own["ranked"], told["channels"]["ranked"]) == (None, 200, 200)
    # With a place for each, or a place in the reserve, the places tell it.
    for more in ({"ranked": 574}, {"ranked": 474, "reserve": 100}, {"ranked": 574, "too_few": 126}):
        told = list_reads._without_codes(result(cell("3101", 574, **more), households=kept_out))
        assert no_sums(told)
        assert {name for name, value in told["cells"][0].items() if value is not None} == {"scheme", "area", "quota"}
    # So does how many outside the list are to be checked, where all of them are.
    for checked, said in ((374, None), (300, 300)):
        told = list_reads._without_codes(result(cell("3101", 574, ranked=200, verify_outside=checked),
                                                households=kept_out))  # fmt: skip
        assert told["cells"][0]["verify_outside"] == said
    many = {"pkh": {"could_be_ranked": 500, "found_moved": 75, "kind": 0}}
    assert list_reads._without_codes(result(cell("3101", 500), households=many))["cells"][0]["candidates"] == 500


def test_a_cell_of_an_area_that_the_overview_shuts_is_kept_back_however_many_it_has() -> None:
    told = list_reads._without_codes(result(cell("3101", 90), cell("3201", 300), shut=["3101"]))
    assert [own["candidates"] for own in told["cells"]] == [None, None]
    assert no_sums(told)
    # A province of the nation's list, too, with the next smallest.
    told = list_reads._without_codes(result(cell("", 300), shut=["31"]))
    assert groups(told)["province", "31"] == (None, None, None)
    assert groups(told)["province", "32"] == (120, 120, 0)


def test_channels_of_few_are_told_neither_in_the_cell_nor_in_the_sums() -> None:
    one = cell("3101", 300, ranked=50, fast_lane=3, random=31, reserve=8)
    told = list_reads._without_codes(result(one, cell("3201", 300, ranked=200, fast_lane=40)))
    first = told["cells"][0]
    assert (first["fast_lane"], first["random"], first["reserve"], first["ranked"]) == (None, None, None, 50)
    assert first["kept"] == 0, "that nobody is in a channel is told"
    assert told["channels"] == {"ranked": 250, "kept": 0, "fast_lane": None, "random": None, "reserve": None}
    totals = list_reads._totals(told["cells"], Areas(("32",)))
    assert totals == {("pkh", "ranked"): 200, ("pkh", "fast_lane"): 40}
    # Where it is not told how many were ranked, the rank of the last one in does not tell it.
    told = list_reads._without_codes(result(cell("3101", 300, ranked=38, random=2)))
    assert told["cells"][0]["ranked"] is told["cells"][0]["last_in"]["rank"] is None
    # Money is places: where it is not told how many are free, it is not told what the others cost.
    told = list_reads._without_codes(result(cell("3101", 300, too_few=4)))
    assert told["cost"] is told["left"] is told["too_few"] is told["cells"][0]["cost"] is None


@given(st.lists(st.lists(st.integers(0, 70), min_size=6, max_size=6), min_size=1, max_size=4))
def test_no_channel_of_few_follows_from_the_cells_and_their_sums(cells: list[list[int]]) -> None:
    names = (*CHANNELS[:4], "no_budget", "too_few")
    own = [cell(f"31{at:02}", 300, **dict(zip(names, counts, strict=True))) for at, counts in enumerate(cells)]
    told = list_reads._without_codes(result(*own))
    for was, is_ in zip(own, told["cells"], strict=True):
        hidden = [was[name] for name in names if is_[name] is None]
        assert all(is_[name] in (None, 0) or is_[name] >= FEWEST for name in names)
        assert not hidden or sum(hidden) >= FEWEST or sum(hidden) == was["quota"]
    for how, count in told["channels"].items():
        assert count is None or all(is_[how] is not None for is_ in told["cells"])


def test_findings_are_counted_by_all_that_is_told_of_them() -> None:
    def found(found: str, listed: bool) -> dict[str, Any]:
        return {"household_id": "2222ABCD2222", "found": found, "listed": listed}

    def gone(scheme: str, why: str) -> dict[str, Any]:
        return {"household_id": "2222ABCD2222", "scheme": scheme, "why": why}

    told = list_reads._without_codes(result(
        cell("3101", 300), visited=[found("below", True)] * 90 + [found("died", False)] * 34 + [found("below", False)],
        gone=[gone("pkh", "moved")] * 90 + [gone("blt", "moved")] * 2 + [gone("pkh", "poor_now")] * 40))  # fmt: skip
    assert Counter((one["found"], one["listed"]) for one in told["visited"]) == {("below", True): 90}
    assert Counter((one["scheme"], one["why"]) for one in told["gone"]) == {
        ("pkh", "moved"): 90, ("pkh", "poor_now"): 40}  # fmt: skip
    assert told["gone_few"] is True


@pytest.mark.parametrize(("left", "before"), lists.GONE.items())
def test_many_who_left_are_told_beside_few_and_by_several_reasons_together_where_each_is_of_few(
    left: str, before: str
) -> None:
    def told(*counts: tuple[str, int]) -> list[str]:
        rows = [{"household_id": "2222ABCD2222", "scheme": "pkh", "why": why} for why, n in counts for _ in range(n)]
        seen = list_reads._without_codes(result(cell("3101", 300), **{"gone": [], left: rows}, inputs={before: ""},
                                                rules={"scheme": [{"name": "pkh"}]}))  # fmt: skip
        assert lists.codes(seen) == []
        [one] = list_words.gone(seen, strings("en"))
        assert one.name == left
        return [*one.lines]

    rest = "The rest is not told here: fewer than 30 families, or so few could be worked out from it."
    number = "How many families is not told here: fewer than 30, or so few could be worked out from it."
    assert told(("below", 91), ("by_lot", 4)) == ["91 families, below the cut of this list.", rest]
    assert told(("below", 91), ("by_lot", 4), ("kind", 28)) == [
        "91 families, below the cut of this list.",
        "32 families, for several reasons that are not told one by one.",
    ]
    assert told(("below", 29)) == [number], "no rest of nothing"


@pytest.mark.parametrize("name", lists.GONE)
def test_who_left_is_named_where_the_caller_sees_the_families_and_elsewhere_counted_unless_few(name: str) -> None:
    def left(area: str, count: int, why: str = "below") -> list[dict[str, Any]]:
        return [{"household_id": f"{area}{at:08}", "scheme": "pkh", "area": area, "why": why} for at in range(count)]

    mine, far = left("3201", 3), left("7301", 40)
    for few in ([], left("7302", 5, "by_lot")):
        left_ = {"gone": [], name: mine + far + few}
        told = list_reads._without_codes(result(cell("3201", 400), cell("7301", 400), **left_), Areas(("3201",)))
        assert told[name][:3] == mine
        assert [(one["household_id"], one["area"], one["why"]) for one in told[name][3:]] == (
            [(None, None, "below")] * 40)  # fmt: skip
        assert told[f"{name}_few"] is bool(few)
        assert lists.codes(told) == [one["household_id"] for one in mine]
    nobody = list_reads._without_codes(result(cell("3201", 400), cell("7301", 400), **{"gone": [], name: mine + far}))
    assert lists.codes(nobody) == []
    assert nobody[f"{name}_part"] is False


def test_who_left_large_areas_is_told_beside_a_small_one_of_which_no_sum_holds_anything() -> None:
    def left(area: str, count: int) -> list[dict[str, Any]]:
        return [
            {"household_id": f"{area}{at:08}", "scheme": "pkh", "area": area, "why": "below"} for at in range(count)
        ]

    def told(cells: list[dict[str, Any]], *rows: dict[str, Any], shut: list[str] | None = None) -> tuple[int, bool]:
        seen = list_reads._without_codes(result(*cells, gone=[*rows], visited=[], shut=shut or []), Areas(("3201",)))
        return len([one for one in seen["gone"] if not one["household_id"]]), seen["gone_few"]

    own, large, small = cell("3201", 400), cell("7301", 400), cell("7302", 12)
    mine, many = left("3201", 40), left("7301", 50)
    assert told([own, large, small], *mine, *many, *left("7302", 0)) == (50, False)
    # However many left the small area, the number told is that of the large one.
    for few in (1, 12, 40):
        assert told([own, large, small], *mine, *many, *left("7302", few)) == (50, True)
        assert told([own, large, cell("7302", 400)], *mine, *many, *left("7302", few), shut=["7302"]) == (50, True)
        assert told([own, small], *mine, *left("7302", few)) == (0, True)
    # Of whom it is not known where they were may have been there; and a province may hold what is small.
    assert told([own, large, small], *left("", 60), *left("73", 60)) == (0, True)
    assert told([own, large], *left("", 60)) == (60, False)


def test_what_visits_found_is_named_where_the_caller_sees_the_families_and_elsewhere_counted_unless_few() -> None:
    def found(area: str, count: int) -> list[dict[str, Any]]:
        return [{"household_id": f"{area}{at:08}", "area": area, "found": "died", "listed": False}
                for at in range(count)]  # fmt: skip

    def told(*rows: dict[str, Any]) -> tuple[list[str], list[str]]:
        seen = list_reads._without_codes(result(cell("3201", 400), cell("7301", 400), visited=[*rows], gone=[],
                                                rules={"kept_out": ["died"]}), Areas(("3201",)))  # fmt: skip
        return lists.codes(seen), list_words.visited(seen, strings("en"))["visited"]

    mine = found("3201", 1)
    few = "Elsewhere, findings about fewer than 30 families are not told here."
    none = "In your areas, when the list was drawn, no visit had found anything to look at."
    out = "Given no place, by what a visit found (died): "
    assert told(*mine, *found("7301", 5)) == ([mine[0]["household_id"]], [f"In your areas: {out}1 family.", few])
    assert told(*found("7301", 5)) == ([], [none, few])
    assert told(*found("7301", 40)) == ([], [none, f"Elsewhere: {out}40 families."])


def test_of_programmes_that_are_not_known_nothing_is_said_where_their_number_is_kept_back() -> None:
    def told(places: int | None, known: int) -> list[str]:
        one = {"scheme": "pkh", "places": places, "known": known, "programmes": {"pkh": 216}}
        return list_words.received({"receipt": [one]}, strings("en"))[1:]

    assert told(None, 320) == told(320, 320) == []
    assert told(350, 320) == ["On the list of PKH, the programmes of 30 families are not known."]
    assert len(told(None, 0)) == len(told(9, 0)) == 1


def test_who_sees_the_families_of_a_cell_is_told_its_counts_and_no_others() -> None:
    told = list_reads._without_codes(result(cell("3101", 12), cell("3201", 12), cell("3301", 300)), Areas(("31",)))
    assert [own["candidates"] for own in told["cells"]] == [12, None, None]
    assert told["cells"][0]["last_in"]["household"] is None
    assert no_sums(told)


def test_a_list_tells_no_area_that_the_overview_keeps_back(one: World) -> None:
    few = small_areas.few(small_areas.tree(one.office.scores()))
    assert FEW_AREA in few
    for quota in ({MINE: 40, OTHER: 40, FEW_AREA: 60}, {FEW_AREA: 5}):
        draft = one.post("nina", "/v1/lists", {"rules": one.rules(scheme={"quota": quota}, reserve=0.0)}).json()
        assert FEW_AREA in draft["result"]["shut"]
        assert draft["result"]["households"]["pkh"]["could_be_ranked"]
        assert one.confirm(draft, "nina").status_code == 200
    holder(one, "vinas", ("viewer", ""))
    holder(one, "few", ("viewer", FEW_AREA))
    holder(one, "mixed", ("officer", OTHER), ("viewer", FEW_AREA))
    for number in ("D-2026-0001", "D-2026-0002"):
        for who in ("vinas", "few", "mixed"):
            told = one.get(who, f"/v1/lists/{number}").json()
            assert no_sums(told["result"]), who
            assert set(told["expected_errors"].values()) == {None}
            own = next(own for own in told["result"]["cells"] if own["area"] == FEW_AREA)
            assert own["candidates"] is own["ranked"] is own["too_few"] is None
            counts = {count for by in told["totals"].values() for count in by.values()}
            if who == "mixed" and number == "D-2026-0001":
                # What they may see of the families of their own regency, and no place of the other.
                assert sum(told["totals"]["pkh"].values()) == 40
            else:
                assert counts <= {None}, who


def test_a_token_of_one_area_does_not_read_its_owners_draft_of_another(one: World) -> None:
    draft = one.draft("nina", MINE)
    own = f"/v1/lists/{draft['list']}"
    with one.store.writing() as connection:
        nina = people.by_account(connection, "nina")
        assert nina is not None
        _, one.secrets["elsewhere"] = tokens.make(connection, nina.id, "tests", SCOPES, days=5, area=OTHER)
        _, one.secrets["here"] = tokens.make(connection, nina.id, "tests", SCOPES, days=5, area=MINE)
    assert one.get("here", own).status_code == 200
    assert one.get("elsewhere", own).status_code == 404
    assert one.get("elsewhere", f"{own}/places").status_code == 404
    assert one.confirm(draft, "elsewhere").status_code == 404
    assert one.get("elsewhere", "/v1/lists?status=draft").json()["lists"] == []


def test_a_group_is_called_missed_most_only_where_its_range_tells_it_from_the_others() -> None:
    def group(by: str, level: str, low: float, high: float, households: int = 400) -> dict[str, Any]:
        caught = {"value": 1 - (low + high) / 2, "low": 1 - high, "high": 1 - low, "of": 240.0}
        share = {"value": 0.5, "low": 0.4, "high": 0.6, "of": 240.0}
        return {"by": by, "level": level, "households": households, "exclusion": caught, "inclusion": share,
                "poor": share, "neither": share, "intervals": True}  # fmt: skip

    whole, west = group("all", "", 0.02, 0.05), group("province", "32", 0.0, 0.01)
    urban, rural = group("urban", "urban", 0.0, 0.03), group("urban", "rural", 0.03, 0.06)
    far = group("urban", "rural", 0.08, 0.12)
    none = group("kind", "", 0.0, 0.0, households=0)
    for groups_, told in (
        ([west], ""),  # the only one of its kind is the list itself
        ([west, urban, rural], ""),  # 0 to 3 beside 3 to 6
        ([west, urban, far], "missed most: Urban, 2 of 100 that fall are on the list (up to 3)"),
        ([group("kind", "relapse", 0.5, 0.6), none], ""),
    ):
        said = list_errors.errors([whole, *groups_], strings("en"))
        assert said["worst"].partition(" that")[0] == told.partition(" that")[0]
        assert len(said["groups"]) == len(groups_) - (none in groups_), "nobody of an unknown kind is no group"
