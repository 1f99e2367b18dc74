"""Small good tables as lists, for tests that break one thing in them."""

from __future__ import annotations

from typing import Any

from features.admit import Admitted, admit
from features.keys import key_ids

KEY = b"a key of this test, 32 bytes ....."
Tables = dict[str, dict[str, list[Any]]]


def good(households: int = 3, members: int = 2, periods: tuple[str, ...] = ("2026Q1",)) -> Tables:
    """Every family in every period, with raw ids `family 0`, `family 1` ..."""
    homes = [(f"family {home}", period) for home in range(households) for period in periods]
    persons = [(home, period, person) for home, period in homes for person in range(1, members + 1)]
    return {
        "households": {
            "household_id": [home for home, _ in homes], "period": [period for _, period in homes],
            "known_at": ["2027-01-31"] * len(homes), "unit": ["family"] * len(homes), "province": ["06"] * len(homes),
        },
        "members": {
            "household_id": [home for home, _, _ in persons], "period": [period for _, period, _ in persons],
            "known_at": ["2027-01-31"] * len(persons), "person_id": [str(person) for _, _, person in persons],
            "age": [40] * len(persons), "relation": ["head" if person == 1 else "spouse" for _, _, person in persons],
        },
    }  # fmt: skip


def code(raw: str) -> str:
    """Keyed code of a raw id under the key of these tests."""
    return key_ids([raw], KEY)[0]


def rules(tables: Any, **options: Any) -> dict[tuple[str, int, str], str]:
    """Rule of every quarantined cell by table, row and field."""
    bad = let_in(tables, **options).quarantine
    return dict(zip(zip(bad.table, bad.row, bad.field, strict=True), bad.rule, strict=True))


def let_in(tables: Any, **options: Any) -> Admitted:
    """Admit under the key of these tests; counts of every table add up."""
    answer = admit(tables, **{"key": KEY, **options})
    for name, count in answer.counts.items():
        rows = {row for table, row in zip(answer.quarantine.table, answer.quarantine.row, strict=True) if table == name}
        assert count.rows == count.admitted + count.quarantined + count.identical
        assert count.quarantined == len(rows)
        assert all(len(column) == count.admitted for column in answer.tables[name].values())
    return answer
