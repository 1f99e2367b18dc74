"""Codes of the tables in plain words, for the stories."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from features import contract
from features.sources.synthetic import figures

SHOCKS = {"illness": "a severe illness", "death_of_earner": "an earner died", "job_loss": "an earner lost the job",
          "layoff_wave": "laid off in a wave of layoffs", "harvest": "the harvest failed",
          "disaster": "a disaster", "food_price": "food prices rose"}  # fmt: skip
RUNGS = ("extreme poor", "poor", "vulnerable", "aspiring", "middle class")
SECTIONS = {"A": "farming, forestry or fishing", "B": "mining", "C": "manufacturing", "D": "electricity and gas",
            "E": "water and waste", "F": "building", "G": "trade and repair", "H": "transport and storage",
            "I": "food and lodging", "J": "information and telecommunication", "K": "finance", "L": "real estate",
            "M": "professional services", "N": "business services", "O": "public administration", "P": "education",
            "Q": "health and social work", "R": "arts and recreation", "S": "other services",
            "T": "other people's homes", "U": "international bodies"}  # fmt: skip
STATUS = {"employer": "with helpers or workers of one's own", "own_account": "own account", "employee": "employee",
          "casual": "casual worker", "unpaid_family": "unpaid, helps the family"}  # fmt: skip
IDLE = {"pensioner": "pensioner", "rentier": "lives on rents", "student": "at school", "housework": "keeps the house",
        "small_child": "small child", "disabled": "disabled", "other": "not working"}  # fmt: skip
SCHOOL = dict(zip(contract.EDUCATION, ("no schooling", "primary not finished", "primary (SD)",
                                       "lower secondary (SMP)", "upper secondary (SMA/SMK)", "diploma",
                                       "degree"), strict=True))  # fmt: skip
FLOOR = {"earth": "earth", "bamboo": "bamboo", "wood": "wooden", "cement": "cement", "tile": "tiled"}
WALL = {"bamboo": "bamboo", "wood": "wooden", "plastered": "plastered bamboo", "masonry": "brick"}
WATER = {"surface": "river or rain water", "unprotected_well": "water of an open well",
         "protected_well": "water of a protected well", "piped": "piped water", "bottled": "bottled water"}  # fmt: skip
TOILET = {"none": "no toilet", "shared": "a shared toilet", "own_unimproved": "a simple toilet",
          "own_improved": "a good toilet"}  # fmt: skip
POWER = {"none": "no electricity", "other": "electricity from elsewhere than PLN", "450": "450 VA", "900": "900 VA",
         "1300_up": "1,300 VA or more"}  # fmt: skip
FUEL = {"wood": "wood", "kerosene": "kerosene", "gas_cylinder": "gas", "piped_gas": "piped gas",
        "electricity": "electricity"}  # fmt: skip
OWNED = ("motorcycle", "car", "fridge", "air_conditioner", "flat_tv", "computer", "smartphone", "gold", "boat",
         "motorboat", "other_land", "other_house")  # fmt: skip
PROGRAMMES = {"pkh": "PKH", "sembako": "Sembako", "pbi": "PBI-JKN"}


CHANGES = {"ended": "the family is no more", "moved": "the family moved", "birth": "a child is born",
           "joined": "somebody joined the family", "death": "somebody died", "left": "somebody left"}  # fmt: skip


def change(row: dict[Any, Any]) -> str:
    """What became of a family in a period by its lineage; a new family is told by where it came from."""
    if row["change"] == "formed":
        return f"founded by a child of family {row['other']}"
    if row["change"] == "joined" and isinstance(row["other"], str):
        return ""  # the founder, told already
    number = f" (number {row['person_id']})" if isinstance(row["person_id"], str) else ""
    where = f" and founded family {row['other']}" if isinstance(row["other"], str) else ""
    return f"{CHANGES[row['change']]}{number}{where}"


def rupiah(value: float) -> str:
    """Money as it is written in Indonesia."""
    return f"Rp{value:,.0f}".replace(",", ".")


def listed(parts: Iterable[str], empty: str = "nothing") -> str:
    """A, b and c."""
    *first, last = list(parts) or [empty]
    return f"{', '.join(first)} and {last}" if first else last


@cache
def regencies() -> dict[str, str]:
    """Names of cities and regencies by code."""
    city = {row["code"]: int(row["code"][2:]) >= 71 for row in figures.rows("regencies")}
    return {row["code"]: f"{'Kota' if city[row['code']] else 'Kabupaten'} {row['name'].removeprefix('Kota ')}"
            for row in figures.rows("regencies")}  # fmt: skip


@cache
def _jobs() -> tuple[dict[str, str], dict[str, str]]:
    """Title of every occupation (the ministry's, in Indonesian) and section of every division."""
    text = (files("features") / "reference" / "jobs.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return ({row["occupation"]: re.sub(r",?( dan)? YBDI", "", row["title"]).replace("YTDL", "lainnya") for row in rows},
            {row["division"]: row["section"] for row in rows})  # fmt: skip


def job(person: dict[Any, Any]) -> str:
    """What somebody does for a living."""
    titles, sections = _jobs()
    what = f"{titles[person['occupation']]}, {SECTIONS[sections[person['sector']]]}"
    return f"{what}; {STATUS[person['status']]}, {'formal' if person['formal'] else 'informal'}"


def doing(person: dict[Any, Any]) -> str:
    """Main activity in words."""
    if person["activity"] == "employed":
        return job(person)
    if person["activity"] == "unemployed":
        return "looks for work"
    if person["in_school"]:
        return "at school"
    return "not at school" if 7 <= person["age"] < 15 else IDLE.get(person["inactive_reason"], "not working")


def who(person: dict[Any, Any]) -> str:
    """Relation to the head, by sex where the language has a word."""
    man = person["sex"] == "man"
    pairs = {"spouse": ("husband", "wife"), "child": ("son", "daughter"),
             "child_in_law": ("son-in-law", "daughter-in-law"), "grandchild": ("grandson", "granddaughter"),
             "parent": ("father", "mother")}  # fmt: skip
    pair = pairs.get(person["relation"])
    return pair[0 if man else 1] if pair else str(person["relation"]).replace("_", " ")


def house(row: dict[Any, Any]) -> str:
    """The dwelling and what the family owns."""
    owned = listed((name.replace("_", " ") for name in OWNED if row[name]), "none of the things asked about")
    herd = [f"{row[name]:.0f} {name}" for name in contract.LIVESTOCK if row[name]]
    land = [f"{row['land_area']:g} ha of farm land"] if row["land_area"] else []
    return (f"a house of {row['floor_area']:.0f} m2 with {FLOOR[row['floor']]} floor and {WALL[row['wall']]} walls, "
            f"{WATER[row['water']]}, {TOILET[row['sanitation']]}, {POWER[row['power']]}, cooks with "
            f"{FUEL[row['fuel']]}; owns {owned}" + "".join(f"; {item}" for item in land + herd))  # fmt: skip
