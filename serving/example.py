"""A made-up family: the example of the documentation, and what warms a model before it answers."""

from __future__ import annotations

import json
from typing import Any

from models.bundle import Bundle
from serving import openings
from serving.requests import parse

_HOUSEHOLD: dict[str, Any] = {
    "household_id": "KELUARGA-1", "unit": "family", "province": "32", "regency": "3204", "urban": False,
    "tenure": "owned", "floor_area": 42, "rooms": 3, "floor": "cement", "wall": "plastered", "roof": "tile",
    "water": "protected_well", "sanitation": "own_unimproved", "sewage": "septic_tank", "power": "450",
    "fuel": "gas_cylinder", "motorcycle": True, "fridge": False, "smartphone": True, "land_area": 0.25, "goat": 2,
}  # fmt: skip
_MEMBERS: list[dict[str, Any]] = [
    {"person_id": "1", "sex": "man", "age": 41, "relation": "head", "education": "primary", "in_school": False,
     "activity": "employed", "status": "own_account", "formal": False, "sector_scheme": "KBLI2020", "sector": "01",
     "occupation_scheme": "ISCO08", "occupation": "9211", "hours": 38, "health_cover": True,
     "chronic_illness": False},
    {"person_id": "2", "sex": "woman", "age": 38, "relation": "spouse", "education": "lower_secondary",
     "in_school": False, "activity": "employed", "status": "own_account", "formal": False,
     "sector_scheme": "KBLI2020", "sector": "47", "occupation_scheme": "ISCO08", "occupation": "5221", "hours": 30,
     "health_cover": True, "chronic_illness": False},
    {"person_id": "3", "sex": "woman", "age": 14, "relation": "child", "education": "primary", "in_school": True,
     "health_cover": True, "chronic_illness": False},
    {"person_id": "4", "sex": "man", "age": 6, "relation": "child", "education": "none", "in_school": True,
     "health_cover": True, "chronic_illness": False},
]  # fmt: skip
_PERIODS = (("2026Q1", "2026-04-20"), ("2026Q2", "2026-07-20"))


def request(province: str = "32", urban: bool = False) -> dict[str, Any]:
    """Body of `POST /v1/score` for the family, over two quarters."""
    asked: dict[str, Any] = {"as_of": "2026-10-01", "reasons": 5, "households": [], "members": []}
    for period, known_at in _PERIODS:
        when = {"period": period, "known_at": known_at}
        asked["households"].append({**_HOUSEHOLD, "province": province, "urban": urban, **when})
        asked["members"] += [{"household_id": _HOUSEHOLD["household_id"], **member, **when} for member in _MEMBERS]
    return asked


def for_model(bundle: Bundle) -> dict[str, Any]:
    """The family moved to a place that the model knows, with welfare where it needs that."""
    province, _, urban = str(bundle.schema["strata"][0]).partition("/")
    asked = request(province, urban == "urban")
    for row in asked["households"]:
        if urban == "all":
            row["urban"] = None
        if bundle.schema["view"] == "survey":
            row["welfare"] = 1e6
    return asked


def opened() -> dict[str, Any]:
    """What `POST /v1/openings` answers of the family, with one opening for each worker."""
    told = openings.answer(parse(json.dumps(request()).encode(), b"a key for a made-up family"))
    for worker in told["households"][0]["workers"]:
        for text in worker["text"].values():
            text["openings"] = text["openings"][:1]
    return told
