"""Lives of generated families in plain words, for a reader who knows such families."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features import contract
from features.commands import UserError
from features.sources.synthetic import figures, words

HEADER = "DATA SINTETIS: these families do not exist"
NOTE = (
    "On record: as the register has it, with its wrong cells and old facts. True: known only because the family "
    "was made by a program; the true risk is that of being measured below the line in the next period."
)
Row = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class _Family:
    """Rows of one family in order: houses and truth by period, people by period and number."""

    houses: list[Row]
    people: dict[str, dict[str, Row]]
    truth: dict[str, Row]
    reported: set[str]
    changes: dict[str, list[Row]]
    last: str


def tell(folder: Path, families: int, seed: int) -> Iterator[str]:
    """Lines of the stories of some surveyed families, drawn at random by `seed`.

    Raises
    ------
    UserError : the folder holds no survey of synthetic families.
    """
    face = Path(folder) / "survey"
    if not (face / "households").is_dir():
        raise UserError(f"{folder} holds no synthetic survey; make one with jaga data synth")
    column = pd.read_parquet(face / "households", columns=["household_id", "period"])
    chosen, last = column["household_id"].unique(), str(column["period"].max())
    chosen = np.random.default_rng(seed).choice(chosen, min(families, len(chosen)), replace=False).tolist()
    keep = [("household_id", "in", chosen)]
    houses = pd.read_parquet(face / "households", filters=keep)
    lines = pd.read_parquet(face / "poverty_lines")
    houses = houses.merge(lines, left_on=["province", "urban", "period"],
                          right_on=["line_province", "line_urban", "period"])  # fmt: skip
    members = pd.read_parquet(face / "members", filters=keep)
    events = pd.read_parquet(face / "shocks", filters=[("place", "in", chosen)])
    truth = Path(folder) / "truth" / "families"
    told = pd.read_parquet(truth, filters=keep) if truth.is_dir() else pd.DataFrame({"household_id": []})
    lineage = truth.with_name("changes")
    lived = pd.read_parquet(lineage, filters=keep) if lineage.is_dir() else pd.DataFrame({"household_id": []})
    yield HEADER
    yield NOTE
    for number, one in enumerate(chosen, 1):
        mine = members[members["household_id"] == one]
        yield ""
        yield from _story(number, _Family(
            houses[houses["household_id"] == one].sort_values("period").to_dict("records"),
            {str(period): {row["person_id"]: row for row in rows.sort_values("person_id").to_dict("records")}
             for period, rows in mine.groupby("period", observed=True)},
            {row["period"]: row for row in told[told["household_id"] == one].to_dict("records")},
            set(events.loc[events["place"] == one, "period"]),
            {} if lived.empty else {str(period): rows.to_dict("records") for period, rows in
                                    lived[lived["household_id"] == one].groupby("period", observed=True)},
            last,
        ))  # fmt: skip


def _story(number: int, family: _Family) -> Iterator[str]:
    first = family.houses[0]
    where = f"{'a town' if first['urban'] else 'a village'} in {words.regencies()[first['regency']]}"
    yield f"Family {number} ({first['household_id']}), {where}, {figures.names()[first['province']]}"
    yield f"  lives in {words.house(first)}"
    given = words.listed((said for name, said in words.PROGRAMMES.items() if first[name]), "no programme")
    yield f"  receives {given}"
    for person in family.people[first["period"]].values():
        pay: str = "" if pd.isna(person["earnings"]) else f", {words.rupiah(person['earnings'])} a month"
        school = "" if person["age"] < 15 else f"; {words.SCHOOL[person['education']]}"
        yield f"    {words.who(person)}, {person['age']}: {words.doing(person)}{pay}{school}"
    before: Row = {}
    for house in family.houses:
        period = house["period"]
        yield _standing(house, before, family.truth.get(period))
        yield from _happened(family, period)
        if before:
            yield from _changes(before, house)
            yield from _people(family.people[before["period"]], family.people[period])
        before = house
    if any(change["change"] == "ended" for rows in family.changes.values() for change in rows):
        yield f"  {words.CHANGES['ended']}"
    elif before["period"] != family.last:
        yield "  not found again by the survey"


def _rung(house: Row) -> int:
    return int(np.digitize(house["welfare"] / house["line"], (house["extreme_line"] / house["line"], 1, 1.5, 3.5)))


def _standing(house: Row, before: Row, truth: Row | None) -> str:
    ratio, rung = house["welfare"] / house["line"], _rung(house)
    step = np.sign(rung - _rung(before)) if before else 0
    move = {1: "up to ", -1: "down to "}.get(int(step), "")
    line = "" if before else f" of {words.rupiah(house['line'])}"
    text = (f"  {house['period']}: {words.rupiah(house['welfare'])} a head a month, {ratio:.2f} times the line{line}: "
            f"{move}{words.RUNGS[rung]}; desil {house['desil']}")  # fmt: skip
    if truth is None:
        return text
    real = words.RUNGS[contract.RUNGS.index(truth["rung"])]
    other = "" if real == words.RUNGS[rung] else f" (truly {real}, {truth['ratio']:.2f})"
    return f"{text}{other}; true risk {_percent(truth['risk_1'])}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _happened(family: _Family, period: str) -> Iterator[str]:
    shock = family.truth.get(period, {}).get("shock")
    if isinstance(shock, str):
        told = "reported" if period in family.reported else "nobody reported it"
        yield f"    happened: {words.SHOCKS[shock]} ({told})"
    for change in family.changes.get(period, []):
        if text := words.change(change):
            yield f"    truly: {text}"


def _changes(before: Row, house: Row) -> Iterator[str]:
    for name, said in words.PROGRAMMES.items():
        if house[name] != before[name]:
            yield f"    {'now receives' if house[name] else 'no longer receives'} {said}"


def _people(before: dict[str, Row], now: dict[str, Row]) -> Iterator[str]:
    """What changed in the record of the people, ages apart."""
    for number, was in before.items():
        if number not in now:
            yield f"    on record: the {words.who(was)} of {was['age']} is no longer there"
    for number, person in now.items():
        if number not in before:
            how = "is born" if person["age"] <= 2 else "has come"
            yield f"    on record: a {words.who(person)} {how}"
        else:
            yield from _person(before[number], person)


def _person(was: Row, person: Row) -> Iterator[str]:
    if was["relation"] != "head" and person["relation"] == "head":
        yield f"    on record: the {words.who(was)} now heads the family"
    if words.doing(was) != words.doing(person):
        yield (f"    on record: the {words.who(person)} of {person['age']}: {words.doing(person)} "
               f"(before: {words.doing(was)})")  # fmt: skip
