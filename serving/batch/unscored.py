"""The row of a household that no model saw: all its rows are in quarantine, or became known after the date."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from features.cells import Refusals, parse_column
from features.contract import HOUSEHOLDS
from models import score
from models.bundle import Bundle


def row(bundle: Bundle, as_of: np.datetime64, known: Collection[str], home: dict[str, Any]) -> dict[str, Any]:
    """Cells of a score row that are told of it; it has no others.

    Parameters
    ----------
    known : codes of families with rows that were admitted. home : `household_id`, `unit`, `province` and `regency`, as
        `cells` reads them.
    """
    unit = home["unit"]
    return home | {
        "unit": None if unit != unit else HOUSEHOLDS["unit"].choices[int(unit)],
        "as_of": as_of.item(),
        "expires": score.expiry(as_of).item(),
        "horizon": int(bundle.schema["horizon"]),
        "bundle": bundle.name,
        "status": "refused",
        "refusal": "not_known" if home["household_id"] in known else "quarantined",
    }


def cells(name: str, column: Sequence[Any]) -> list[Any]:
    """Cells of a column as the door reads them, also of rows it refuses; empty where the cell itself is refused."""
    found: list[Any] = parse_column(HOUSEHOLDS[name], column, Refusals(), None).tolist()
    return found
