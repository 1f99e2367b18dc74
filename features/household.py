"""Who lives in the household, what they learned, how they live and what they own."""

from __future__ import annotations

import numpy as np

from features import contract
from features.columns import Columns
from features.facts import YES_NO, adult, any_of, as_told, count_of, everyone, is_one_of, share_of, share_of_all, size
from features.registry import View, feature
from features.types import Array

SURVEY: tuple[View, ...] = ("survey",)
MOST = 120
"""People in the largest household that is still read as one."""
OLD = 60
"""Age from which Indonesian law counts a person as elderly (UU 13/1998)."""
SCHOOL_AGE = (7, 15)
"""Years of age of nine-year basic schooling (PP 47/2008)."""
CATTLE_UNITS = {"cattle": 0.7, "buffalo": 0.75, "horse": 0.8, "pig": 0.25, "goat": 0.1}
"""Tropical livestock units a head (FAO, Livestock-Environment Interactions 1999; horse after Jahnke 1982)."""


@feature("household", "people", inputs=("age",), low=1, high=MOST, reason="hh.size")
def household_size(c: Columns) -> Array:
    """Members."""
    return c.now(size(c))


@feature("household", "people", inputs=("age",), high=MOST, reason="hh.adults")
def adults(c: Columns) -> Array:
    """Members of 15 years and over."""
    return c.now(c.count(adult(c)))


@feature("household", "people", inputs=("age",), high=MOST, reason="hh.small_children")
def children_under_6(c: Columns) -> Array:
    """Children under 6."""
    return c.now(c.count(c["age"] < 6))


@feature("household", "people", inputs=("age",), high=MOST, reason="hh.children")
def children_6_14(c: Columns) -> Array:
    """Children of 6 to 14."""
    return c.now(c.count((c["age"] >= 6) & (c["age"] < 15)))


@feature("household", "people", inputs=("age",), high=MOST, reason="hh.elderly")
def elderly(c: Columns) -> Array:
    """Members of 60 and over."""
    return c.now(c.count(c["age"] >= OLD))


@feature("household", "share of members", inputs=("age",), high=1, reason="hh.dependent_ages")
def dependent_share(c: Columns) -> Array:
    """Share of members under 15 or over 64; defined, unlike the dependency ratio, where nobody is in between."""
    return c.now(share_of(c, ((c["age"] < 15) | (c["age"] > 64)).astype(np.float64), everyone(c)))


@feature("household", "years", inputs=("age", "relation"), high=120, reason="hh.head_age")
def head_age(c: Columns) -> Array:
    """Age of the head."""
    return c.now(c.of_head(c["age"]))


@feature("household", "category", inputs=("age",), choices=YES_NO, reason="hh.single_adult")
def single_adult(c: Columns) -> Array:
    """Just one member of 15 and over."""
    return (c.now(c.count(adult(c))) == 1).astype(np.float64)


@feature("household", "category", inputs=("age",), choices=YES_NO, reason="hh.elderly_alone")
def elderly_alone(c: Columns) -> Array:
    """All members are 60 or over."""
    return (c.now(c.lowest(c["age"])) >= OLD).astype(np.float64)


@feature("household", "category", inputs=("relation",), choices=YES_NO, reason="hh.partner")
def partner_present(c: Columns) -> Array:
    """The head's partner lives in the household."""
    return (c.now(c.count(c["relation"] == _SPOUSE)) > 0).astype(np.float64)


@feature("household", "category", inputs=("relation",), choices=YES_NO, reason="hh.generations")
def three_generations(c: Columns) -> Array:
    """A parent or a grandchild of the head lives in the household."""
    return c.now(any_of(c, is_one_of(c, "relation", "parent", "grandchild"), everyone(c)))


@feature("household", "category", inputs=("sex", "relation"), choices=YES_NO, protected=True)
def head_woman(c: Columns) -> Array:
    """The head is a woman."""
    return c.now(c.of_head(c["sex"]))


@feature("household", "category", inputs=("disability",), choices=YES_NO, protected=True)
def disability_present(c: Columns) -> Array:
    """A member has a functional difficulty."""
    return c.now(any_of(c, c["disability"], everyone(c)))


@feature("household", "category", inputs=("chronic_illness",), choices=YES_NO)
def chronic_illness_present(c: Columns) -> Array:
    """A member has a chronic illness; a health fact, so told only among other factors."""
    return c.now(any_of(c, c["chronic_illness"], everyone(c)))


@feature("household", "share of members", inputs=("health_cover",), high=1, views=SURVEY, reason="hh.health_cover")
def health_cover_share(c: Columns) -> Array:
    """Share of members with health insurance of any kind."""
    return c.now(share_of_all(c, c["health_cover"], everyone(c)))


@feature("household", "category", inputs=("education", "relation"), choices=contract.EDUCATION,
         reason="hh.head_school")  # fmt: skip
def head_education(c: Columns) -> Array:
    """Highest schooling of the head."""
    return c.now(c.of_head(c["education"]))


@feature("household", "category", inputs=("education", "age"), choices=contract.EDUCATION, reason="hh.highest_school")
def highest_education(c: Columns) -> Array:
    """Highest schooling of a member of 15 and over."""
    return c.now(c.highest(np.where(adult(c), c["education"], np.nan)))


@feature("household", "years", inputs=("education", "age"), high=16, reason="hh.schooling")
def mean_schooling(c: Columns) -> Array:
    """Mean years of schooling of members of 15 and over."""
    level = c["education"]
    known = ~np.isnan(level)
    years = np.where(known, np.array(contract.SCHOOLING)[np.where(known, level, 0).astype(np.int64)], np.nan)
    return c.now(share_of(c, years, adult(c)))


@feature("household", "children", inputs=("in_school", "age"), high=MOST, reason="hh.out_of_school")
def children_out_of_school(c: Columns) -> Array:
    """Children of 7 to 15 who do not attend school."""
    of_age = (c["age"] >= SCHOOL_AGE[0]) & (c["age"] <= SCHOOL_AGE[1])
    return c.now(count_of(c, 1 - c["in_school"], of_age))


@feature("household", "people a room", inputs=("rooms", "age"), high=MOST, views=SURVEY, reason="hh.crowding")
def crowding(c: Columns) -> Array:
    """Members a room; a dwelling without a room of its own counts as one room."""
    return c.now(size(c) / np.maximum(c["rooms"], 1))


@feature("household", "m2 a person", inputs=("floor_area", "age"), high=10000, reason="hh.floor_area")
def floor_area_per_person(c: Columns) -> Array:
    """Floor area a member."""
    return c.now(c["floor_area"] / size(c))


@feature("household", "share", inputs=contract.ASSETS, high=1, reason="hh.assets")
def asset_share(c: Columns) -> Array:
    """Share owned of the durable goods, land and houses that the source asks about."""
    return c.now(assets(c))


def assets(c: Columns) -> Array:
    """Share of the recorded assets that are owned, R; missing where none is recorded."""

    def make() -> Array:
        recorded, owned = np.zeros(len(c.member_starts)), np.zeros(len(c.member_starts))
        for name in contract.ASSETS:
            recorded += ~np.isnan(c[name])
            owned += c[name] == 1
        return np.where(recorded > 0, owned / recorded, np.nan)

    return c.shared("assets", make)


@feature("household", "livestock units", inputs=contract.LIVESTOCK, high=50000, reason="hh.livestock")
def livestock_units(c: Columns) -> Array:
    """Livestock in tropical livestock units (cattle .7, buffalo .75, horse .8, pig .25, goat .1)."""
    recorded, units = np.zeros(c.size, dtype=bool), np.zeros(c.size)
    for animal, unit in CATTLE_UNITS.items():
        head = c.now(c[animal])
        known = ~np.isnan(head)
        recorded |= known
        units += np.where(known, head * unit, 0.0)
    return np.where(recorded, units, np.nan)


@feature("household", "number", inputs=contract.COPING, high=len(contract.COPING), views=SURVEY, reason="hh.coping")
def coping_count(c: Columns) -> Array:
    """Ways, of five, in which the household lived on savings, loans, credit or sold goods in three months."""
    return c.now(np.sum([c[way] for way in contract.COPING], axis=0))


_SPOUSE = contract.MEMBERS["relation"].choices.index("spouse")

for _name in ("tenure", "floor", "wall", "roof", "water", "sanitation", "sewage", "power", "fuel"):
    as_told(_name, "household", reason=f"hh.{_name}")
for _name in ("dwelling", "slum", "near_hazard", "land_area"):
    as_told(_name, "household", views=SURVEY, reason=f"hh.{_name}")
for _name in ("fridge", "air_conditioner", "water_heater", "flat_tv", "gold", "computer", "motorcycle", "car", "boat",
              "motorboat", "smartphone", "other_land", "other_house"):  # fmt: skip
    as_told(_name, "household", reason=f"hh.{_name}")
for _name in ("savings_spent", "loan_from_family", "loan_from_bank", "bought_on_credit", "goods_sold"):
    as_told(_name, "household", views=SURVEY, reason=f"hh.{_name}")
