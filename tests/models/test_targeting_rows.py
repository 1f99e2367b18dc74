"""Columns that a list is drawn from: what is not known, what is refused, and the first reason to keep a family out."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from features.commands import UserError
from models.targeting import Coded, FastLane, Rows, Rules, Scheme
from models.targeting.rows import WHY, cell_of, hit, need_of, why_not
from tests.models.listed import AS_OF, Family, code, rows

FIRST = Family(code(0), "1101", 0.5, 0.4, 0.6, rung="aspiring", kind="first_entry", programmes="-", shock="disaster")
"""Stands before those that a test asks about, so that its texts have the first codes in turn."""


def of(*some: Family) -> Rows:
    return rows([FIRST, *some])


def rules(scheme: Scheme, **other: Any) -> Rules:
    return Rules("Uji", "2026Q4", (scheme,), **other)


def why(own: Rows, scheme: Scheme, taken: tuple[int, ...] = (), **other: Any) -> list[str]:
    on = np.isin(np.arange(len(own)), taken)
    return [WHY[at] for at in why_not(own, rules(scheme, **other), scheme, cell_of(own, scheme), on).tolist()]


def test_a_text_that_is_not_known_has_no_code_and_no_name() -> None:
    for values in (["b", "", None, "a", "b"], ["b", "a", "b", "a", "b"]):
        own = Coded.of(np.array(values, dtype=object))
        assert own.names == ("a", "b")
        assert own.codes.tolist() == [{"a": 0, "b": 1}.get(value or "", -1) for value in values]
        assert own.texts(np.arange(5)).tolist() == [value or "" for value in values]
        assert own.within({"b": 7}).tolist() == [7 if value == "b" else -1 for value in values]
        assert own.within({"b": 7}, -5).tolist() == [7 if value == "b" else -5 for value in values]


def test_a_family_is_in_the_cell_of_its_regency_else_of_its_province_else_of_the_nation() -> None:
    some = [Family(code(1), "3201"), Family(code(2), "3202"), Family(code(3), None), Family(code(4), "1101")]
    own = of(*some)
    for areas, cells in ((("3201", "3202"), [-1, 0, 1, -1, -1]), (("11", "3202"), [0, -1, 1, -1, 0]), (("",), [0] * 5),
                         (("32",), [-1, 0, 0, -1, -1])):  # fmt: skip
        assert cell_of(own, Scheme("pkh", 1, tuple((area, 1) for area in areas))).tolist() == cells


def test_what_keeps_a_family_out_is_told_by_the_first_reason_that_holds() -> None:
    some = [Family(code(1), "7301"), Family(code(2), None), Family(code(3), found="died"),
            Family(code(4), found="below"), Family(code(5), risk=None, poor=True), Family(code(6), poor_now=0.3),
            Family(code(7), poor_now=0.31), Family(code(8), risk=None),
            Family(code(9), "7301", found="moved")]  # fmt: skip
    scheme = Scheme("pkh", 1, (("32", 1), ("11", 1)), most_poor_now=0.3)
    assert why(of(*some), scheme) == ["", "outside_areas", "outside_areas", "found_died", "", "poor_now", "",
                                      "perhaps_poor_now", "no_score", "outside_areas"]  # fmt: skip
    assert why(of(*some), scheme, (0, 1, 3)) == ["listed_already", "listed_already", "outside_areas", "listed_already",
                                                 "", "poor_now", "", "perhaps_poor_now", "no_score", "outside_areas",
                                                 ]  # fmt: skip
    assert why(of(*some), scheme, kept_out=("below",))[3:5] == ["", "found_below"]
    lacking = dataclasses.replace(of(*some), poor_now=None)
    with pytest.raises(UserError, match="most_poor_now asks for the chance"):
        why(lacking, scheme)
    free = dataclasses.replace(scheme, most_poor_now=None)
    assert why(lacking, free)[7] == ""
    nobody = rows([Family(code(1), risk=None)])
    assert why(dataclasses.replace(nobody, poor_now=None), scheme) == ["no_score"]


def test_rungs_kinds_and_programmes_keep_out_who_has_another_and_the_unknown_by_the_rule() -> None:
    some = [Family(code(1), rung="vulnerable", kind="relapse", programmes="pkh"), Family(code(2), rung=None, kind=None),
            Family(code(3), rung="middle", kind="first_entry", programmes="pkh sembako")]  # fmt: skip
    own, plain = of(*some), Scheme("pkh", 1, (("", 9),))

    def found(**asked: Any) -> list[str]:
        return why(own, dataclasses.replace(plain, **asked))

    assert found() == [""] * 4
    assert found(rungs=("aspiring",)) == ["", "rung", "rung_unknown", "rung"]
    assert found(rungs=("vulnerable", "middle"), rung_unknown=True) == ["rung", "", "", ""]
    assert found(kinds=("relapse",)) == ["kind", "", "", "kind"]
    assert found(receives=("pkh",)) == ["programme", "", "programme_unknown", ""]
    assert found(without=("sembako",)) == ["", "", "programme_unknown", "programme"]
    assert found(receives=("pkh",), without=("sembako",), programme_unknown=True) == ["programme", "", "", "programme"]
    bare = dataclasses.replace(own, programmes={})
    assert why(bare, dataclasses.replace(plain, receives=("pkh",))) == ["programme_unknown"] * 4


def test_need_is_the_chance_times_the_amount_and_nobody_without_one_is_ranked() -> None:
    own = rows([Family(code(1), risk=0.2, size=3.0), Family(code(2), risk=0.2, size=None), Family(code(3), size=0.0)])
    scheme = Scheme("pkh", 1, (("", 9),))
    asked = rules(scheme, order="need", need="size")
    np.testing.assert_allclose(need_of(own, asked, own.risk), [0.6, np.nan, 0])
    np.testing.assert_array_equal(need_of(own, rules(scheme), own.risk), own.risk)
    assert why(own, scheme, order="need", need="size") == ["", "no_need", ""]
    with pytest.raises(UserError, match='need: no household here has "gap"'):
        need_of(own, rules(scheme, order="need", need="gap"), own.risk)


@pytest.mark.parametrize(
    ("day", "counts"), [("2026-11-15", True), ("2026-11-16", False), ("2026-10-16", True), ("2026-10-15", False)]
)
def test_a_shock_counts_from_its_own_day_for_as_many_days_as_are_written(day: str, counts: bool) -> None:
    lane = FastLane(0.1, ("job_loss",), 30)
    scheme = Scheme("pkh", 1, (("", 9),))
    own = of(Family(code(1), shock="job_loss", shock_day=day), Family(code(2), shock="harvest", shock_day=day))
    assert hit(own, rules(scheme, fast_lane=lane), AS_OF).tolist() == [False, counts, False]
    assert hit(own, rules(scheme), AS_OF).tolist() == [False] * 3
    later = dataclasses.replace(own, shocks_until=np.datetime64("2026-11-16"))
    assert hit(later, rules(scheme, fast_lane=lane), AS_OF)[1] == (day not in ("2026-10-16", "2026-10-15"))
    earlier = dataclasses.replace(own, shocks_until=np.datetime64("2026-11-01"))
    assert hit(earlier, rules(scheme, fast_lane=lane), AS_OF)[1] == counts
    for name in ("shock", "shock_day"):
        with pytest.raises(UserError, match="asks for shocks and these rows have none"):
            hit(dataclasses.replace(own, **{name: None}), rules(scheme, fast_lane=lane), AS_OF)


@pytest.mark.parametrize(("changed", "words"), [
    ({}, ""), ({"risk": [0.0, 1.0], "low": [0.0, 1.0], "high": [0.0, 1.0]}, ""),
    ({"low": [np.nan] * 2, "high": [np.nan] * 2}, ""), ({"size": [0.0, np.nan]}, ""),
    ({"risk": [-1e-9, 0.5], "low": [np.nan] * 2, "high": [np.nan] * 2}, "from low to high"),
    ({"risk": [1.01, 0.5], "low": [np.nan] * 2, "high": [np.nan] * 2}, "from low to high"),
    ({"low": [0.51, 0.4]}, "from low to high"), ({"high": [0.49, 0.6]}, "from low to high"),
    ({"low": [-0.01, 0.4]}, "from low to high"), ({"high": [1.01, 0.6]}, "from low to high"),
    ({"risk": [np.nan, 0.5]}, "exactly where"), ({"scored": [False, True]}, "exactly where"),
    ({"applies": [False, True]}, "exactly where"), ({"size": [-1e-9, 1.0]}, "size: must be 0 or more"),
    ({"size": [np.inf, 1.0]}, "size: must be 0 or more"), ({"urban": [1]}, "urban has 1 rows and household 2"),
    ({"size": [1.0]}, "amounts.size has 1 rows"), ({"rung": Coded(np.zeros(1, np.int32), ("a",))}, "rung has 1 rows"),
    ({"household": [b"SHORT", code(1).encode()]}, "twelve symbols"),
    ({"household": np.array([code(0), code(1)])}, "twelve symbols"),
])  # fmt: skip
def test_a_column_that_is_not_as_the_list_needs_it_is_refused_by_name(changed: dict[str, Any], words: str) -> None:
    own = of(Family(code(1), "1101", 0.5, 0.4, 0.6))
    if "size" in changed:
        changed = {"amounts": {"size": np.array(changed["size"])}}
    cells = {name: value if not isinstance(value, list) else np.array(value, dtype=getattr(own, name).dtype)
             for name, value in changed.items()}  # fmt: skip
    made = dataclasses.replace(own, **cells)
    if not words:
        made.check()
        return
    with pytest.raises(UserError, match=words):
        made.check()
    dataclasses.replace(own, **{one.name: getattr(own, one.name)[:0] for one in dataclasses.fields(own)
                                if isinstance(getattr(own, one.name), np.ndarray)},
                        **{name: Coded(np.empty(0, np.int32), ()) for name in (
                            "province", "regency", "rung", "kind", "shock", "found")},
                        amounts={}, programmes={}).check()  # fmt: skip
