"""A store with one run that the batch made, facts beside its scores; and what its register holds of each family."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from serving.scores import publishing
from tests import small
from tests.serving import registers

FAMILIES = 240
SECTIONS = {"01": "A", "47": "G", "26": "C"}


def made() -> dict[str, list[dict[str, Any]]]:
    """A register of families of whom it is known which programmes they receive, but PBI."""
    tables = small.families(FAMILIES, 11) | small.context()
    for row in tables["households"]:
        row["pbi"] = None
    return tables


def publish(folder: Path, bundle: Path, *, reasons: int = 5) -> Path:
    """Publish its scores into `folder/scores`; the store."""
    source = registers.write(folder / "in", made())
    registers.score(source, folder / "out", bundle, reasons=reasons)
    publishing.publish(folder / "scores", folder / "out")
    return folder / "scores"


def newest() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """By code the newest row of a family and of its head."""
    tables, last = made(), small.PERIODS[-1]
    homes = {row["household_id"]: row for row in tables["households"] if row["period"] == last}
    heads = {row["household_id"]: row for row in tables["members"]
             if row["period"] == last and row["relation"] == "head"}  # fmt: skip
    return {code: (row, heads[code]) for code, row in homes.items()}
