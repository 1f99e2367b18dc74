"""Published headcounts of a scoring run: read, checked against its date, matched to the model's places, solved."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from features.commands import UserError
from features.context import COUNTRY
from features.files import read_flat
from models.headcount import Tally

COLUMNS = ("province", "urban", "headcount", "known_at", "forecast")
_TOWN = {"1": "urban", "true": "urban", "urban": "urban", "0": "rural", "false": "rural", "rural": "rural", "": "all"}


@dataclass(frozen=True, slots=True)
class Headcounts:
    """Headcounts by (province, urban | rural | all), the province `ID` for the whole country, and the file's hash."""

    targets: dict[tuple[str, str], float]
    hash: str


def read(path: Path, as_of: np.datetime64) -> Headcounts:
    """Headcounts for scores of a date.

    Columns: province (BPS code, or ID), urban (true, false, empty for both), headcount (share of people below the
    line at the horizon), known_at (a date no later than the scores), forecast (true where it is no measurement; then
    known_at may be empty).

    Raises
    ------
    UserError : a column or cell breaks its rule; the error names the row (1 is the first after the head).
    """
    table = read_flat(path)
    for name in ("province", "headcount"):
        if name not in table.columns:
            raise UserError(f"{path}: column {name} is missing; columns are {', '.join(COLUMNS)}")
    found: dict[tuple[str, str], float] = {}
    for row, cells in enumerate(table.to_dict("records"), 1):
        province = _text(cells.get("province")).removesuffix(".0")
        town = _TOWN.get(_text(cells.get("urban")).lower().removesuffix(".0"))
        share = _number(cells.get("headcount"))
        if not province or town is None or share is None or not 0 < share < 1:
            raise UserError(f"{path}: row {row}: province {province or 'empty'}, urban {cells.get('urban')!r}, "
                            f"headcount {cells.get('headcount')!r}: a province, true, false or empty, and a share "
                            "between 0 and 1 are needed")  # fmt: skip
        _known(path, row, cells, as_of)
        if (province, town) in found:
            raise UserError(f"{path}: row {row}: {province} {town} is there twice")
        found[province, town] = share
    if not found:
        raise UserError(f"{path}: no rows")
    return Headcounts(found, hashlib.sha256(path.read_bytes()).hexdigest())


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _known(path: Path, row: int, cells: dict[Any, Any], as_of: np.datetime64) -> None:
    """A headcount counts where it was known by the date of the scores, or says that it is a forecast."""
    if _text(cells.get("forecast")).lower() in ("1", "true"):
        return
    text = _text(cells.get("known_at"))[:10]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise UserError(f"{path}: row {row}: known_at {text or 'empty'}: the date on which it was published is needed "
                        "(2026-03-31), or forecast true")  # fmt: skip
    day = np.datetime64(text, "D")
    if day > as_of:
        raise UserError(f"{path}: row {row}: known on {day}, after the date of the scores, {as_of}")


def place_of(strata: tuple[str, ...], own: Headcounts) -> dict[str, str]:
    """Name of the headcount that holds for each stratum of a model: its own, its province's, or the country's."""
    found = {}
    for stratum in strata:
        province, _, town = stratum.partition("/")
        for key in ((province, town), (province, "all"), (COUNTRY, "all")):
            if key in own.targets:
                found[stratum] = "/".join(key)
                break
    return found


def solve(tally: Tally, own: Headcounts, place: dict[str, str]) -> tuple[dict[str, float], dict[str, Any]]:
    """Shift of each stratum, and the story of each place for the manifest: headcount before, asked and after."""
    targets = {"/".join(key): share for key, share in own.targets.items()}
    used = {name: targets[name] for name in dict.fromkeys(place.values()) if name in tally.people}
    shifts = tally.solve(used)
    told = {name: {"people": round(tally.people[name], 3), "before": round(tally.headcount(name), 6),
                   "asked": used[name], "after": round(tally.headcount(name, shifts[name]), 6),
                   "shift": round(shifts[name], 6)} for name in sorted(shifts)}  # fmt: skip
    unused = sorted(set(targets) - set(used))
    return ({stratum: shifts[name] for stratum, name in place.items() if name in shifts},
            {"file": own.hash, "places": told, "not_used": unused})  # fmt: skip
