"""Lives of generated families in plain words, for a reader who knows such families."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.commands import UserError
from features.sources.synthetic import figures

HEADER = "DATA SINTETIS: these families do not exist"
SHOCK_WORDS = {"illness": "a severe illness", "death_of_earner": "an earner died", "job_loss": "a lost job",
               "layoff_wave": "laid off in a wave of layoffs", "harvest": "the harvest failed",
               "disaster": "a disaster", "food_price": "food prices rose"}  # fmt: skip


def tell(folder: Path, families: int, seed: int) -> Iterator[str]:
    """Lines of the stories of some surveyed families, drawn at random by `seed`.

    Raises
    ------
    UserError : the folder holds no survey of synthetic families.
    """
    face = Path(folder) / "survey"
    if not (face / "households.parquet").is_file():
        raise UserError(f"{folder} holds no synthetic survey; make one with jaga data synth")
    column = pd.read_parquet(face / "households.parquet", columns=["household_id"])["household_id"].unique()
    chosen = np.random.default_rng(seed).choice(column, min(families, len(column)), replace=False).tolist()
    keep = [("household_id", "in", chosen)]
    houses = pd.read_parquet(face / "households.parquet", filters=keep)
    members = pd.read_parquet(face / "members.parquet", filters=keep)
    lines = pd.read_parquet(face / "poverty_lines.parquet")
    houses = houses.merge(lines, left_on=["province", "urban", "period"],
                          right_on=["line_province", "line_urban", "period"])  # fmt: skip
    truth = Path(folder) / "truth" / "families.parquet"
    told = pd.read_parquet(truth, filters=keep) if truth.is_file() else pd.DataFrame()
    yield HEADER
    for one in chosen:
        yield ""
        yield from _story(houses[houses.household_id == one].sort_values("period"),
                          members[members.household_id == one], _of(told, one))  # fmt: skip


def _of(told: pd.DataFrame, one: str) -> pd.DataFrame:
    return told[told.household_id == one].set_index("period") if len(told) else told


def _story(houses: pd.DataFrame, members: pd.DataFrame, told: pd.DataFrame) -> Iterator[str]:
    first = houses.iloc[0]
    place = "town" if first.urban else "village"
    yield (f"Family {first.household_id}, a {place} of {figures.names()[first.province]}; house with {first.floor} "
           f"floor and {first.wall} walls, water {first.water}, power {first.power}")  # fmt: skip
    before = ""
    for house in houses.to_dict("records"):
        period = house["period"]
        now = _people(members[members.period == period])
        yield _standing(house) + (_truth(told.loc[period]) if len(told) else "")
        if now != before:
            yield f"    on record: {now}"
        before = now


def _standing(house: dict[Any, Any]) -> str:
    ratio = house["welfare"] / house["line"]
    rung = _rung(ratio, house["extreme_line"] / house["line"])
    return f"  {house['period']}: {ratio:.2f} lines ({rung}), desil {house['desil']}"


def _truth(state: pd.Series) -> str:
    shock = SHOCK_WORDS.get(state["shock"], "") if isinstance(state["shock"], str) else ""
    return f"; true risk next period {100 * state['risk_1']:.1f} %" + (f"; {shock}" if shock else "")


def _rung(ratio: float, extreme: float) -> str:
    names = ("extreme poor", "poor", "vulnerable", "aspiring", "middle")
    return names[int(np.digitize(ratio, (extreme, 1, 1.5, 3.5)))]


def _people(members: pd.DataFrame) -> str:
    return ", ".join(_person(person) for person in members.sort_values("person_id").to_dict("records"))


def _person(person: dict[Any, Any]) -> str:
    doing = person["activity"]
    if doing == "employed":
        doing = f"{person['status']}, industry {person['sector']}".replace("_", " ")
    elif person["in_school"]:
        doing = "at school"
    return f"{person['relation'].replace('_', ' ')} {person['age']} ({doing})"
