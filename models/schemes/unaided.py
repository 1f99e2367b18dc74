"""What a scenario without schemes says: what it moves families by, how many are below the line, how large the middle
class is by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.marks import years_told
from models.numbers import about, number
from models.schemes import named
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]
_NAMED = 3
"""Shocks up to which each is named."""


def told(found: Found, language: Language) -> list[str]:
    """The answer of a scenario without schemes, in sentences."""
    return [_tried(found, language), _below(found, language), _fallen(found, language), _middle(found, language)]


def moving(found: Found) -> list[Row]:
    """Figures by which a scenario itself moves families: those of its shocks, and growth other than nought."""
    return [row for row in found["assumptions"] if _of_shock(row)
            or (row["part"].endswith("scenario") and row["figure"].endswith("growth") and row["value"])]  # fmt: skip


def _of_shock(row: Row) -> bool:
    return row["part"].split()[-1] == "shock"


def _tried(found: Found, language: Language) -> str:
    rows = moving(found)
    names = [*dict.fromkeys(row["name"] for row in rows if _of_shock(row))]
    what = []
    if len(names) > _NAMED:
        what.append(said("unaided.shocks", language, n=len(names)))
    elif names:
        what.append(", ".join(named.part(found, name, language) for name in names))
    what += [said(f"unaided.{row['figure']}", language, n=number(100 * row["value"], language, 1))
             for row in rows if not _of_shock(row)]  # fmt: skip
    if not what:
        return said("unaided.nothing", language)
    return said("unaided.with", language, what=said("unaided.and", language).join(what))


def _below(found: Found, language: Language) -> str:
    """Families below the line at the start, at their most until the last shock is over, and at the end."""
    rows = found["without"]["poor"]
    first, last = rows[0], rows[-1]
    until = max((own["years"][-1] for own in named.shocks(found)), default=last["year"])
    most = max((row for row in rows if row["year"] <= until), key=lambda row: row["value"])
    key, ranged = ("end", last) if most in (first, last) else ("peak", most)
    values = {"first": about(first["value"], language), "start": first["year"], "most": about(most["value"], language),
              "year": most["year"], "last": about(last["value"], language), "end": last["year"],
              "gap": about(abs(ranged["value"] - first["value"]), language), "low": about(ranged["low"], language),
              "high": about(ranged["high"], language)}  # fmt: skip
    way = said("unaided.more" if ranged["value"] >= first["value"] else "unaided.less", language)
    return said(f"unaided.below.{key}", language, way=way, **values)


def _fallen(found: Found, language: Language) -> str:
    rows = found["without"]["falls"]
    return said("unaided.fallen", language, n=about(sum(row["value"] for row in rows), language),
                start=rows[0]["year"], end=rows[-1]["year"])  # fmt: skip


def _middle(found: Found, language: Language) -> str:
    rows = {row["year"]: row["middle"]["value"] for row in found["without"]["rungs"]}
    shares = "; ".join(f"{year}: {number(100 * rows[year], language, 1)}" for year in years_told([*rows]))
    return said("unaided.middle", language, shares=shares)
