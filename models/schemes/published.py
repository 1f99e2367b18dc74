"""Published shares of the rungs: what the simulation is held against, and what families can be made to stand for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from features import reference
from features.commands import UserError
from features.types import Array
from models.schemes.nation import Nation
from models.schemes.ranges import ranged
from models.schemes.scenario import Scenario
from models.schemes.settle import settled


@cache
def _national() -> tuple[dict[str, str], ...]:
    return tuple(row for row in reference.rows("provinces.csv") if row["province"] == "ID" and row["value"])


def seen() -> list[dict[str, Any]]:
    """Published shares of the middle class and above, by year, with their sources."""
    found: dict[int, dict[str, Any]] = {}
    for row in _national():
        if row["measure"] in ("middle", "upper"):
            own = found.setdefault(int(row["year"]), {"year": int(row["year"]), "share": 0.0, "source": row["source"]})
            own["share"] += float(row["value"])
    return [found[year] for year in sorted(found)]


def published(year: int) -> Array:
    """Published shares of poor, vulnerable, aspiring, and middle with upper, of a year, 4; NaN where not found."""
    found = {row["measure"]: float(row["value"]) for row in _national() if row["year"] == str(year)}
    own = [found.get(name, np.nan) for name in ("headcount", "vulnerable", "aspiring", "middle", "upper")]
    return np.array([*own[:3], own[3] + own[4]])


def best_pace() -> float:
    """The fastest rise of the middle class between published years, share a year."""
    own = seen()
    return max((two["share"] - one["share"]) / (two["year"] - one["year"]) for one, two in pairwise(own))


def raked(nation: Nation, year: int) -> Nation:
    """The nation with weights changed by present rung so that its people have the published shares of a year, and moves
    that leave them so where nothing changes (`settled`).

    Raises
    ------
    UserError : the shares of that year were not found.
    """
    shares = published(year)
    if np.isnan(shares).any():
        known = ", ".join(str(one["year"]) for one in seen() if not np.isnan(published(one["year"])).any())
        raise UserError(f"no published shares of the rungs of {year} were found; there are those of {known}")
    kind = np.array([0, 0, 1, 2, 3])
    own = np.bincount(kind, (nation.people[:, None] * nation.start).sum(axis=0))
    factor = shares / shares.sum() / (own / own.sum())
    note = f"weights are changed so that the rungs have the shares published for {year}"
    weighed = replace(nation, weight=nation.weight * (nation.start @ factor[kind]), notes=(*nation.notes, note),
                     year=year)  # fmt: skip
    return settled(weighed, known=False)


def held_against(scenario: Scenario) -> bool:
    """Whether a scenario has growth and later years of which shares were published, so that it is told what its shocks
    alone come to: growth may be measured at its end."""
    years = range(scenario.start + 1, scenario.start + scenario.years + 1)
    grown = any(one.value for name, one in scenario.figures.items() if name.endswith("growth"))
    return grown and any(not np.isnan(published(year)).all() for year in years)


def missed(rungs: Array, year: int, alone: Array | None = None) -> dict[str, Any]:
    """Simulated shares of a year beside the published ones: shares over the draws x 5, extreme poor with poor.

    alone : the same with the shocks alone, without growth; None where there is no growth.
    """
    told = _four(rungs)
    still = None if alone is None else _four(alone).mean(axis=0)
    real = published(year)
    names = ("poor", "vulnerable", "aspiring", "middle")
    found: dict[str, dict[str, float | None]] = {}
    for at, name in enumerate(names):
        own, wanted = ranged(told[:, at]), None if np.isnan(real[at]) else float(real[at])
        miss = None if wanted is None or own["value"] is None else own["value"] - wanted
        found[name] = {"simulated": own["value"], "low": own["low"], "high": own["high"],
                       "shocks_alone": None if still is None else float(still[at]), "published": wanted, "miss": miss,
                       }  # fmt: skip
    return {"year": year, "shares": found}


def _four(rungs: Array) -> Array:
    """Shares of poor, vulnerable, aspiring and middle, draws x 4."""
    return np.column_stack([rungs[:, 0] + rungs[:, 1], rungs[:, 2:]])
