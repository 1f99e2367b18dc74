"""From the body of a request to admitted tables: the door of the API, by the contract's own rules."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from features import contract
from features.admit import Admitted, admit
from features.cells import Refusals, parse_column
from features.context import TABLES as CONTEXT
from models.reasons import SHOWN
from models.text import LANGUAGES, Language
from serving.access.rights import Areas, known_area, smallest
from serving.json_names import loads
from serving.limits import MOST_HOUSEHOLDS, MOST_REASONS, MOST_ROWS
from serving.problems import MOST, Broken, Problem

OPTIONS = ("as_of", "language", "reasons")
_DATE = re.compile(r"^(19|20|21)\d\d-\d\d-\d\d$")
NATION = Areas(("",))
_PLAIN = {str, int, float, bool, type(None)}


@dataclass(frozen=True, slots=True)
class Home:
    """A household of the request, in order of first appearance; `household_id` None where its id cannot be used."""

    household_id: str | None
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """What is asked.

    Attributes
    ----------
    languages : languages of the sentences.
    reasons : reasons at most for each household.
    homes : every household that came, also those that cannot be scored.
    admitted : what passed the door, with the context tables that replace the bundle's own.
    area : the smallest area that holds all household rows, by BPS code; empty where that is the nation, or not known.
    named : whether the answer tells codes: who may see no household would learn from it the code of any number.
    """

    as_of: np.datetime64
    languages: tuple[Language, ...]
    reasons: int
    homes: tuple[Home, ...]
    admitted: Admitted
    area: str = ""
    named: bool = True


def parse(body: bytes, key: bytes, *, areas: Areas = NATION, named: bool = True) -> ScoreRequest:
    """Read the body of `POST /v1/score`.

    Parameters
    ----------
    key : key that makes ids into codes (`features.keys`). areas : in which every household row has to lie. named : as
        of `ScoreRequest`.

    Raises
    ------
    Problem : not JSON, or not of the shape that the API describes. What is wrong with a single row is no problem of
        the request: that row goes to the quarantine of the answer.
    """
    asked = _read(body)
    broken = [Broken(str(name)[:40], "unknown_field") for name in asked
              if name not in OPTIONS and name not in contract.TABLES]  # fmt: skip
    as_of, languages, reasons = _options(asked, broken)
    raw: dict[str, dict[str, list[Any]]] = {}
    for name, table in contract.TABLES.items():
        if name in contract.REQUIRED and name not in asked:
            broken.append(Broken(name, "required"))
        elif name in asked and (name in contract.REQUIRED or asked[name] is not None):
            raw[name] = _columns(table, asked[name], broken)
    if broken:
        raise Problem("invalid", broken)
    area = _area(raw["households"], areas)
    homes = _homes(raw["households"], asked["households"], key)
    return ScoreRequest(as_of, languages, reasons, homes, admit(raw, key=key, whole=False), area, named)


def _read(body: bytes) -> dict[str, Any]:
    if body.count(b"{") + body.count(b"[") > MOST_ROWS:
        raise Problem("invalid", [Broken("", "request_rows")])
    try:
        asked = loads(body.decode("utf-8"), _refuse)
        if b"\\ud" in body or b"\\uD" in body:  # half of a surrogate pair is JSON, yet no text
            json.dumps(asked, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Problem("not_json") from None
    if not isinstance(asked, dict):
        raise Problem("invalid", [Broken("", "object")])
    return asked


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _options(asked: dict[str, Any], broken: list[Broken]) -> tuple[np.datetime64, tuple[Language, ...], int]:
    as_of, language, reasons = asked.get("as_of"), asked.get("language"), asked.get("reasons", SHOWN)
    date: np.datetime64 = np.datetime64("NaT", "D")
    if isinstance(as_of, str) and _DATE.match(as_of):
        with contextlib.suppress(ValueError):  # no such day: told below, with all that is no date
            date = np.datetime64(as_of, "D")
    if np.isnat(date):
        broken.append(Broken("as_of", "required" if as_of is None else "date"))
    if language is not None and language not in LANGUAGES:
        broken.append(Broken("language", "language"))
    if not isinstance(reasons, int) or isinstance(reasons, bool) or not 0 <= reasons <= MOST_REASONS:
        broken.append(Broken("reasons", "reasons"))
    return date, LANGUAGES if language is None else (language,), reasons


def _columns(table: contract.Table, rows: Any, broken: list[Broken]) -> dict[str, list[Any]]:
    """Columns of a table given by rows: the required ones and those that any row has."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        broken.append(Broken(table.name, "rows"))
        return {}
    if not rows and table.name in contract.REQUIRED:
        broken.append(Broken(table.name, "not_empty"))
    used = set().union(*rows) if rows else set()
    for name in sorted(used.difference(table.names))[:MOST]:
        at = next(number for number, row in enumerate(rows) if name in row)
        broken.append(Broken(f"{table.name}[{at}].{name[:40]}", "unknown_field"))
    names = [rule.name for rule in table.fields if rule.required or rule.name in used]
    columns = {name: [row.get(name) for row in rows] for name in names}
    for name, values in columns.items():
        if not _PLAIN.issuperset(map(type, values)):
            at = next(at for at, value in enumerate(values) if type(value) not in _PLAIN)
            broken.append(Broken(f"{table.name}[{at}].{name}", "value"))
    return columns


def _area(columns: dict[str, list[Any]], areas: Areas) -> str:
    """The smallest area that holds all rows. Problem `invalid` names each that does not lie in `areas`.

    Every row counts, older ones too, for a risk is told of what all of them say. What lies elsewhere, what has no place
    and what has one that there is not are told alike.
    """
    none = [None] * len(columns["household_id"])
    provinces, regencies = (parse_column(contract.HOUSEHOLDS[name], columns.get(name, none), Refusals(), None).tolist()
                            for name in ("province", "regency"))  # fmt: skip
    places = {pair: _place(*pair) for pair in set(zip(provinces, regencies, strict=True))}
    broken = []
    if not areas.everywhere:
        outside = {pair for pair, place in places.items() if not areas.holds(place) or _at_odds(*pair)}
        broken = [Broken(f"households[{at}].{'regency' if pair[1] else 'province'}", "outside_area")
                  for at, pair in enumerate(zip(provinces, regencies, strict=True)) if pair in outside]  # fmt: skip
    if broken:
        raise Problem("invalid", broken)
    return smallest(places.values()) if places else ""


def _place(province: str | None, regency: str | None) -> str:
    """The area of a row; empty for one that is not known."""
    return next((code for code in (regency, province) if code and known_area(code)), "")


def _at_odds(province: str | None, regency: str | None) -> bool:
    return bool(province and regency) and not str(regency).startswith(str(province))


def _homes(columns: dict[str, list[Any]], rows: list[dict[str, Any]], key: bytes) -> tuple[Home, ...]:
    rule = contract.HOUSEHOLDS["household_id"]
    codes = parse_column(rule, columns["household_id"], Refusals(), key).tolist()
    homes: dict[str | int, Home] = {}
    for at, (code, row) in enumerate(zip(codes, rows, strict=True)):
        homes[at if code is None else code] = Home(code, row)  # keeps its first place, takes its last row
    if len(homes) > MOST_HOUSEHOLDS:
        raise Problem("invalid", [Broken("households", "households")])
    return tuple(homes.values())


def context(tables: Mapping[str, Any], admitted: Admitted) -> dict[str, Any] | None:
    """Context tables of a request over those of a bundle; None where the request brings none."""
    own = {name: admitted.tables[name] for name in CONTEXT if name in admitted.tables}
    return {**tables, **own} if own else None
