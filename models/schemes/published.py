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
from models.numbers import number
from models.schemes.nation import Nation
from models.schemes.ranges import ranged
from models.schemes.scenario import Scenario
from models.schemes.settle import settled
from models.schemes.words import both

_CLOSE, _MOST, _FAR = 1e-9, 20.0, 50.0
"""Of raking: the shares may be off by, a weight may grow by at most this factor, and its logarithm is held within in
between."""


SHARES = ("below_line", "vulnerable", "aspiring", "middle")
"""Shares of people that are published: of all below the line, the extreme poor too; two rungs; middle with upper."""
NATION = "ID"
"""The place of which shares of all rungs are published; of a province the headcount alone is."""


@cache
def _rows(place: str = NATION) -> tuple[dict[str, str], ...]:
    return tuple(row for row in reference.rows("provinces.csv") if row["province"] == place and row["value"])


def place(nation: Nation) -> str:
    """Of whose published shares families are held against: `NATION`, or the BPS code of their province where all are of
    one. Empty where there is nothing to hold them against: no place is known, or all are of one regency, whose
    published headcount is by a line of its own and not by that of its province, as families are judged here."""
    own = np.unique(nation.province.codes)
    if len(own) > 1:
        return NATION
    regencies = np.unique(nation.regency.codes)
    known = own[0] >= 0 and (len(regencies) > 1 or regencies[0] < 0)
    return nation.province.names[own[0]] if known else ""


def of_area(nation: Nation) -> bool:
    """Whether all families are known to be of one province, so that what is published of the nation is not of them."""
    own = np.unique(nation.province.codes)
    return len(own) == 1 and bool(own[0] >= 0)


def seen() -> list[dict[str, Any]]:
    """Published shares of the middle class and above, by year, with their sources."""
    found: dict[int, dict[str, Any]] = {}
    for row in _rows():
        if row["measure"] in ("middle", "upper"):
            own = found.setdefault(int(row["year"]), {"year": int(row["year"]), "share": 0.0, "source": row["source"]})
            own["share"] += float(row["value"])
    return [found[year] for year in sorted(found)]


def published(year: int, place: str = NATION) -> Array:
    """Published shares (`SHARES`) of a year, 4; NaN where not found."""
    found = {row["measure"]: float(row["value"]) for row in _rows(place) if row["year"] == str(year)}
    own = [found.get(name, np.nan) for name in ("headcount", "vulnerable", "aspiring", "middle", "upper")]
    return np.array([*own[:3], own[3] + own[4]])


def latest(year: int, name: str, place: str = NATION) -> int | None:
    """The last year up to this one of which a share (of `SHARES`) was published; None where there is none."""
    at = SHARES.index(name)
    years = {int(row["year"]) for row in _rows(place) if int(row["year"]) <= year}
    return max((one for one in years if np.isfinite(published(one, place)[at])), default=None)


def best_pace() -> float:
    """The fastest rise of the middle class between published years, share a year."""
    own = seen()
    return max((two["share"] - one["share"]) / (two["year"] - one["year"]) for one, two in pairwise(own))


def raked(nation: Nation, year: int) -> Nation:
    """The nation with weights changed so that its people are expected to have the published shares of a year, and moves
    that leave them so where nothing changes (`settled`).

    A scored family is on no one rung but has a chance of each, so that its weight is raked by all of these at once
    (generalised raking: Deville, Sarndal and Sautory 1993, doi 10.1080/01621459.1993.10476369); where rungs are known
    that is to multiply by the published share over the own one.

    Raises
    ------
    UserError : the shares of that year were not found, or no weights give them; all families are of one province,
        and the shares are the nation's.
    """
    if (own := place(nation)) not in (NATION, ""):
        raise UserError(
            f"all families are of province {own}, and published shares of all rungs are the nation's; "
            "simulate without --published",
            f"semua keluarga berasal dari provinsi {own}, sedangkan bagian semua jenjang yang diterbitkan adalah angka "
            "nasional; jalankan tanpa --published",
        )
    shares = published(year)
    if np.isnan(shares).any():
        known = ", ".join(str(one["year"]) for one in seen() if not np.isnan(published(one["year"])).any())
        raise UserError(
            f"no published shares of the rungs of {year} were found; there are those of {known}",
            f"bagian jenjang yang diterbitkan untuk {year} tidak ditemukan; yang ada untuk {known}",
        )
    factor = _factors(nation, shares / shares.sum(), year)
    note = both("note.raked", lambda language: {"year": year, **{
        name: number(end, language, 2) for name, end in (("low", factor.min()), ("high", factor.max()))}})  # fmt: skip
    weighed = replace(nation, weight=nation.weight * factor, notes=(*nation.notes, note), year=year)
    return settled(weighed, known=False)


def _factors(nation: Nation, shares: Array, year: int) -> Array:
    """What each weight is multiplied by, n: the exponent of a sum over the rungs, each times the family's chance of it,
    so that none falls to nought or below and all change as little as the shares allow."""
    from scipy import optimize

    chance = np.column_stack([nation.start[:, :2].sum(axis=1), nation.start[:, 2:]])
    people = nation.weight * nation.size / (nation.weight * nation.size).sum()

    def off(tilt: Array) -> Array:
        return np.asarray((people * np.exp(np.clip(chance @ tilt, -_FAR, _FAR))) @ chance - shares)

    def slope(tilt: Array) -> Array:
        return np.asarray(chance.T @ (chance * (people * np.exp(np.clip(chance @ tilt, -_FAR, _FAR)))[:, None]))

    found = optimize.root(off, np.zeros(len(shares)), jac=slope, tol=1e-12)
    factor = np.exp(np.clip(chance @ found.x, -_FAR, _FAR))
    if not (np.abs(off(found.x)).max() < _CLOSE and factor.max() < _MOST):
        own = ", ".join(f"{100 * one:.1f}" for one in people @ chance)
        wanted = ", ".join(f"{100 * one:.1f}" for one in shares)
        raise UserError(
            f"--published {year}: no weights, none more than {_MOST:.0f} times what it was, "
            f"bring the shares of those below the line, vulnerable, aspiring and middle with upper from {own} % to "
            f"the published {wanted} %: these families are too far from that year, or their scores tell "
            "the rungs too little apart; simulate without --published",
            f"--published {year}: tidak ada bobot, masing-masing paling besar {_MOST:.0f} kali semula, yang membawa "
            f"bagian di bawah garis, rentan, menuju menengah, dan menengah ke atas dari {own} % ke angka terbitan "
            f"{wanted} %: keluarga ini terlalu jauh dari tahun itu, atau skornya kurang membedakan jenjang; "
            "simulasikan tanpa --published",
        )
    return factor


def held_against(scenario: Scenario) -> bool:
    """Whether a scenario has growth and later years of which shares were published, so that it is told what its shocks
    alone come to: growth may be measured at its end."""
    years = range(scenario.start + 1, scenario.start + scenario.years + 1)
    grown = any(one.value for name, one in scenario.figures.items() if name.endswith("growth"))
    return grown and any(not np.isnan(published(year)).all() for year in years)


def missed(rungs: Array, year: int, alone: Array | None = None, *, place: str = NATION) -> dict[str, Any]:
    """Simulated shares of a year beside the published ones (`SHARES`): shares over the draws x 5.

    alone : the same with the shocks alone, without growth; None where there is no growth. place : whose published
    ones (`place`).
    """
    told = _four(rungs)
    still = None if alone is None else _four(alone).mean(axis=0)
    real = published(year, place)
    found: dict[str, dict[str, float | None]] = {}
    for at, name in enumerate(SHARES):
        own, wanted = ranged(told[:, at]), None if np.isnan(real[at]) else float(real[at])
        miss = None if wanted is None or own["value"] is None else own["value"] - wanted
        found[name] = {"simulated": own["value"], "low": own["low"], "high": own["high"],
                       "shocks_alone": None if still is None else float(still[at]), "published": wanted, "miss": miss,
                       }  # fmt: skip
    return {"year": year, "shares": found}


def _four(rungs: Array) -> Array:
    """`SHARES`, draws x 4."""
    return np.column_stack([rungs[:, 0] + rungs[:, 1], rungs[:, 2:]])
