"""Families made by hand, read through the door as any other."""

from __future__ import annotations

from typing import Any

import numpy as np

from features import admit, frame, periods, registry
from features.context import TABLES, Context
from features.keys import PUBLIC_KEY, key_ids
from features.types import Array, Tables

Facts = dict[str, Any]
Family = dict[str, tuple[Facts, list[Facts]]]
"""Period to the household's facts and its members'."""
LATE = np.datetime64("2030-01-01")


def person(age: int = 30, relation: str = "head", **facts: Any) -> Facts:
    """A member."""
    return {"age": age, "relation": relation} | facts


def worker(relation: str = "head", age: int = 30, **facts: Any) -> Facts:
    """A member who works as an employee unless told otherwise."""
    return person(age, relation, **({"activity": "employed", "status": "employee"} | facts))


def now(*members: Facts, **facts: Any) -> Family:
    """A family seen once."""
    return {"2026Q4": (facts, list(members))}


def raw(*families: Family, **more: list[Facts]) -> dict[str, list[Facts]]:
    """Contract rows: `households`, `members` and the tables in `more`; family number n has the id `code(n)`."""
    tables: dict[str, list[Facts]] = {"households": [], "members": [], **more}
    for number, family in enumerate(families):
        for period, (facts, members) in family.items():
            known = facts.get("known_at", str(periods.end(periods.parse(period))))
            when = {"household_id": code(number), "period": period, "known_at": known}
            tables["households"].append({"unit": "family", "province": "32"} | facts | when)
            people = [{"person_id": str(place)} | facts for place, facts in enumerate(members)]
            tables["members"] += [one | when for one in people]
    return tables


def code(number: int) -> str:
    """Keyed code of family number n."""
    return key_ids([f"family {number}"], PUBLIC_KEY)[0]


def admitted(rows: dict[str, list[Facts]]) -> Tables:
    """Encoded tables; nothing may be quarantined."""
    columns = {
        name: {field: [row.get(field) for row in table] for field in sorted({key for row in table for key in row})}
        for name, table in rows.items()
    }
    result = admit.admit(columns, key=PUBLIC_KEY)
    assert not result.quarantine.columns()["rule"]
    return result.tables


def features(*families: Family, as_of: np.datetime64 = LATE, **more: list[Facts]) -> dict[str, Array]:
    """Every feature of the families by name, protected ones too; none may leave its range."""
    made = framed(*families, as_of=as_of, **more)
    assert not made.out_of_range.any()
    return {name: made.values[:, place] for place, name in enumerate(made.names)}


def framed(*families: Family, as_of: np.datetime64 = LATE, **more: list[Facts]) -> frame.Frame:
    """The frame of the families, with every feature."""
    tables = admitted(raw(*families, **more))
    context = Context({name: tables[name] for name in TABLES if name in tables})
    return frame.build(tables, context, as_of, registry.all_features())


def line(value: float = 100.0, period: str = "2020Q1", **facts: Any) -> Facts:
    """A poverty line."""
    return {"line": value, "period": period, "known_at": str(periods.start(periods.parse(period)))} | facts


def same(values: Array, *expected: float | None) -> None:
    """Assert values, None standing for missing."""
    wanted = np.array([np.nan if value is None else value for value in expected])
    np.testing.assert_allclose(values, wanted, rtol=1e-6, atol=1e-6)
