"""Where a simulation starts: expected shares of the rungs beside those last published, and what the first year makes of
them though nothing happens. All of it is expected by the best estimate; draws have chance on top of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.contract import RUNGS
from features.types import Array
from models.compass.telling import place_name
from models.numbers import number, signed
from models.schemes import named, origin, published
from models.schemes.classes import Classes, rungs_of, step
from models.schemes.nation import Nation
from models.schemes.words import said
from models.words import Language

SEEN = 0.0005
"""Share from which on a change shows in points of one decimal."""
DRIFT = {"share": 0.008, "years": 20}
"""Most that the middle class of one province moved in so many years in which nothing happened, in scenarios of the
nation: each province keeps its shares by the best estimate, and the mean of the draws for all together. Of the demo's
provinces by Jaga's own law, 50,000 scored families, 100 draws, seeds 1, 2 and 2045 (`docs/simulation.md`)."""
FAR = 0.01
"""Share from which on a miss is told beside the verdict: a point, a choice. It is more than a simulation is asked to
move a rung by in a year, so that who reads any share needs to know it; smaller misses stay with the rest."""


def of(nation: Nation, start: int) -> dict[str, Any]:
    """Shares of people, by rung, at the start (`begin`) and a year later (`next`) where nothing changes; and by the
    shares that are published of their `place` (`published.place`), each beside the last year of which it was, up to the
    families' own and the start's, whichever is earlier (`published`, `year` of each: a headcount is published every
    year, the shares above the line of few years); None where there is none; and of a nation what is to be read beside
    the figures of one province (`DRIFT`), where it was measured of such: scored families by the law of the model that
    scored them, no law from a file and no families whose true chances are known."""
    people = nation.weight * nation.size
    begin = people @ nation.start / people.sum()
    classes, law = Classes.of(nation), origin.law_file(nation.dynamics.source)
    after = rungs_of(step(classes.people, classes.moves(0)))
    place = published.place(nation)
    until = min(nation.year or start, start)
    years = {name: year for name in published.SHARES if (year := published.latest(until, name, place)) is not None}
    return {"begin": dict(zip(RUNGS, begin.tolist(), strict=True)),
            "next": dict(zip(RUNGS, after.tolist(), strict=True)), "place": place,
            "place_drift": DRIFT if place == published.NATION and not law and nation.version != origin.TRUE else None,
            "published": {"shares": {name: _held(begin, name, year, place) for name, year in years.items()}}
                         if years else None}  # fmt: skip


def _held(begin: Array, name: str, year: int, place: str) -> dict[str, Any]:
    return {"year": year, **published.missed(begin[None, :], year, place=place)["shares"][name]}


def missed(found: Mapping[str, Any], language: Language) -> list[str]:
    """Sentences: what each published share is missed by at the start, but those that round to nought; of one province
    what the start is."""
    own = found["start"]
    return _missed(own, language) if own["place"] == published.NATION else [_alone(own, language)]


def far(found: Mapping[str, Any]) -> bool:
    """Whether a published share is missed by so much (`FAR`) that it is to be read with the verdict."""
    held = found["start"]["published"] or {"shares": {}}
    return any(abs(one["miss"]) >= FAR for one in held["shares"].values())


def first_year(found: Mapping[str, Any], language: Language) -> list[str]:
    """By how much each rung changes in the first year without anything that changes it: one sentence, but rungs whose
    shares are told alike; none where there is no other. The change is that between the shares as they are told."""
    own = found["start"]
    changes = {rung: round(100 * own["next"][rung], 1) - round(100 * own["begin"][rung], 1) for rung in RUNGS}
    changed = "; ".join(said("start.change", language, rung=named.rungs(language)[rung],
                             change=signed(change, language, 1),
                             **{key: _percent(own[key][rung], language) for key in ("begin", "next")})
                        for rung, change in changes.items() if abs(change) >= 100 * SEEN)  # fmt: skip
    return [said("start.first", language, changes=changed, by=by(found["data"], language))] if changed else []


def by(data: Mapping[str, Any], language: Language) -> str:
    """What the moves of the first year are by."""
    if file := origin.law_file(data["dynamics"]):
        return said("start.by.law", language, file=file)
    return said("start.by.true" if data["model"] == origin.TRUE else "start.by.scores", language)


def _missed(own: Mapping[str, Any], language: Language) -> list[str]:
    """By how much the nation's published shares are missed."""
    shares = {} if own["published"] is None else own["published"]["shares"]
    by_year: dict[int, list[str]] = {}
    for name, one in shares.items():
        if abs(one["miss"]) >= SEEN:
            by_year.setdefault(one["year"], []).append(_miss(name, one, language))
    misses = "; ".join(said("start.of_year", language, year=year, misses="; ".join(told))
                       for year, told in by_year.items())  # fmt: skip
    return [said("start.missed", language, misses=misses)] if misses else []


def _alone(own: Mapping[str, Any], language: Language) -> str:
    """Where families of one place start, of which not all shares are published."""
    if own["published"] is None:
        shares = "; ".join(f"{named.rungs(language)[rung]} {_percent(own['begin'][rung], language)}" for rung in RUNGS)
        return said("start.unheld", language, shares=shares)
    below = own["published"]["shares"]["below_line"]
    return said("start.place", language, place=place_name(own["place"], language), year=below["year"],
                miss=signed(100 * below["miss"], language, 1),
                **{key: _percent(below[key], language) for key in ("simulated", "published")})  # fmt: skip


def _miss(name: str, own: Mapping[str, Any], language: Language) -> str:
    return said("asked.miss", language, rung=named.shares(language)[name], miss=signed(100 * own["miss"], language, 1),
                **{key: _percent(own[key], language) for key in ("simulated", "published")})  # fmt: skip


def _percent(share: float, language: Language) -> str:
    return number(100 * share, language, 1)
