"""A simulation held against published shares: what the page for printing and the PDF say of years of which shares were
published, how far the simulation misses them, and what the named shocks alone come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.numbers import number, signed
from models.schemes.named import shares
from models.schemes.words import between, said
from models.words import Language

Row = dict[str, Any]


def table(found: Mapping[str, Any], language: Language) -> Row:
    """Heads and rows, a row for each year after the start and rung of which a share was published, per cent of people;
    and a line for each rung of the last of these years: of the change that was published since the start, how much
    is told. All empty where nothing was published of later years."""
    start = found["without"]["rungs"][0]["year"]
    cells = [(row["year"], name, own) for row in found["published"] if row["year"] > start
             for name, own in row["shares"].items() if own["published"] is not None]  # fmt: skip
    if not cells:
        return {"heads": [], "rows": [], "lines": []}
    alone = any(own["shocks_alone"] is not None for _, _, own in cells)
    names = ("year", "rung", "simulated", *(["alone"] if alone else []), "published", "miss")
    heads = [said(f"published.{name}", language) for name in names]
    return {"heads": heads, "rows": [_row(*cell, language, alone=alone) for cell in cells],
            "lines": _lines(found, cells, language)}  # fmt: skip


def _row(year: int, name: str, own: Row, language: Language, *, alone: bool) -> list[str]:
    simulated = between(*(_percent(own[key], language) for key in ("simulated", "low", "high")))
    still = "" if own["shocks_alone"] is None else _percent(own["shocks_alone"], language)
    return [str(year), shares(language)[name], simulated, *([still] if alone else []),
            _percent(own["published"], language), signed(100 * own["miss"], language, 1)]  # fmt: skip


def _lines(found: Mapping[str, Any], cells: list[tuple[int, str, Row]], language: Language) -> list[str]:
    """How far the published change of each rung was told, from the published share of the start; none where that was
    not published."""
    first: Row = next((row["shares"] for row in found["published"]
                  if row["year"] == found["without"]["rungs"][0]["year"]), {})  # fmt: skip
    last, told = cells[-1][0], []
    for year, name, own in cells:
        begin = first.get(name, {}).get("published")
        if year != last or begin is None:
            continue
        values = {"rung": shares(language)[name], "year": year, "begin": _percent(begin, language),
                  "end": _percent(own["published"], language),
                  "change": signed(100 * (own["published"] - begin), language, 1),
                  "simulated": signed(100 * (own["simulated"] - first[name]["simulated"]), language, 1)}  # fmt: skip
        if own["shocks_alone"] is None:
            told.append(said("published.change", language, **values))
        else:
            still = signed(100 * (own["shocks_alone"] - first[name]["simulated"]), language, 1)
            told.append(said("published.change.alone", language, alone=still, **values))
    return told


def _percent(share: float, language: Language) -> str:
    return number(100 * share, language, 1)
