"""Composition, schooling, dwelling and property of families made by hand."""

from __future__ import annotations

from features import contract
from tests.features.families import features, now, person, same


def test_who_lives_there() -> None:
    couple = now(person(70), person(65, "spouse"), person(64, "parent"), person(5, "grandchild"))
    mother = now(person(40), person(15, "child"), person(14, "child"), person(6, "child"), person(0, "child"))
    alone = now(person(60))
    made = features(couple, mother, alone)
    same(made["household_size"], 4, 5, 1)
    same(made["adults"], 3, 2, 1)
    same(made["children_under_6"], 1, 1, 0)
    same(made["children_6_14"], 0, 2, 0)
    same(made["elderly"], 3, 0, 1)
    same(made["dependent_share"], 3 / 4, 3 / 5, 0)
    same(made["head_age"], 70, 40, 60)
    same(made["single_adult"], 0, 0, 1)
    same(made["elderly_alone"], 0, 0, 1)
    same(made["partner_present"], 1, 0, 0)
    same(made["three_generations"], 1, 0, 0)


def test_schooling() -> None:
    level = contract.EDUCATION.index
    family = now(person(40, education="primary"), person(38, "spouse", education="degree"),
                 person(20, "child", education=None), person(10, "child", education="primary_incomplete"))  # fmt: skip
    unknown = now(person(40), person(8, "child", education="primary"))
    made = features(family, unknown)
    same(made["head_education"], level("primary"), None)
    same(made["highest_education"], level("degree"), None)
    same(made["mean_schooling"], (6 + 16) / 2, None)


def test_out_of_school_is_not_known_where_it_is_not_known_of_one_child() -> None:
    def children(*in_school: bool | None) -> list[dict[str, object]]:
        return [person(age, "child", in_school=goes) for age, goes in zip((7, 15), in_school, strict=True)]

    left_out = now(person(), *children(False, True), person(16, "child", in_school=False))
    made = features(left_out, now(person(), *children(False, None)), now(person()))
    same(made["children_out_of_school"], 1, None, 0)


def test_a_yes_is_enough_but_a_no_needs_everyone() -> None:
    def pair(one: bool | None, other: bool | None, fact: str) -> dict[str, object]:
        return now(person(**{fact: one}), person(30, "spouse", **{fact: other}))

    for fact, feature in (("disability", "disability_present"), ("chronic_illness", "chronic_illness_present")):
        made = features(pair(True, None, fact), pair(False, None, fact), pair(False, False, fact))
        same(made[feature], 1, None, 0)
    made = features(pair(True, None, "health_cover"), pair(True, False, "health_cover"), pair(None, None, "sex"))
    same(made["health_cover_share"], None, 0.5, None)


def test_the_sex_of_the_head_is_a_column_for_the_audit() -> None:
    made = features(now(person(sex="woman"), person(30, "spouse", sex="man")), now(person(sex="man")), now(person()))
    same(made["head_woman"], 1, 0, None)


def test_dwelling() -> None:
    housed = now(person(), person(3, "child"), person(2, "child"), rooms=2, floor_area=45, floor="tile", water="piped",
                 tenure="rented", slum=True)  # fmt: skip
    bare = now(person(), rooms=0)
    made = features(housed, bare)
    same(made["crowding"], 1.5, 1)
    same(made["floor_area_per_person"], 15, None)
    same(made["floor"], 4, None)
    same(made["water"], 3, None)
    same(made["tenure"], contract.HOUSEHOLDS["tenure"].choices.index("rented"), None)
    same(made["slum"], 1, None)


def test_property_counts_what_the_source_asks() -> None:
    rich = now(person(), fridge=True, car=True, gold=False, bicycle=None, cattle=2, goat=3)
    poor = now(person(), fridge=False, car=False, gold=False, bicycle=False, cattle=0, goat=None)
    made = features(rich, poor, now(person()))
    same(made["asset_share"], 2 / 3, 0, None)
    same(made["fridge"], 1, 0, None)
    same(made["livestock_units"], 2 * 0.7 + 3 * 0.1, 0, None)


def test_coping_needs_all_five_ways() -> None:
    ways = dict.fromkeys(contract.COPING, False)
    made = features(now(person(), **(ways | {"savings_spent": True, "goods_sold": True})),
                    now(person(), **(ways | {"goods_sold": None, "savings_spent": True})))  # fmt: skip
    same(made["coping_count"], 2, None)
    same(made["savings_spent"], 1, 1)
