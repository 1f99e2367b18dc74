"""Where lists end: the places either side of a cut, and the cut that a household of a place is held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Row

from models.interval import hundredths
from models.targeting import CHANNELS, Drawn, Scheme
from models.targeting.asked import KIND, POOR_NOW, PROGRAMME, RUNG, Asked, asked, out
from serving.access.rights import Areas, Caller, allow
from serving.cases import list_reads, places
from serving.cases.lists import ends as ends_of
from serving.cases.lists import find, named
from serving.cases.places import EITHER, Why, largest
from serving.office import Office
from serving.problems import Problem
from serving.scores.area_figures import totals
from serving.scores.scores import Scores
from serving.scores.to_check import Reach
from serving.store import lists
from serving.store.lists import RESERVE

BY_RANK = ("ranked", "kept")
"""Channels of places that have a cut. Not `models.targeting.drawn.STAYS`: what hysteresis counts may change alone."""
_Place = tuple[str | None, str | None]
"""Province and regency of a household, as far as they are known."""


@dataclass(frozen=True, slots=True)
class Near:
    """A household near the cut: its rank, shares with their range (None: not known), whether it is on the list, and
    whether it is there because it was on the last one (hysteresis)."""

    household: str
    rank: int
    risk: float | None
    low: float | None
    high: float | None
    listed: bool
    kept: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The end of a confirmed list: its name, the risk of the last one in by rank alone, and what its scheme asks."""

    name: lists.Name
    cut: float
    asked: tuple[Asked, ...]


def barred(end: End, row: Mapping[str, Any], facts: Mapping[str, Any] | None) -> str:
    """By which rule of its scheme a household could not be on a list, of `models.targeting.asked.WHY`; empty where none
    keeps it out.

    row : of `listing.page` or `Scores.household`. facts : with its programmes, of the same page or of
    `Scores.facts`.
    """
    poor_now = row.get("p_poor_now")
    if row.get("falls") is not None and row["risk"]:  # falls = risk x (1 - p_poor_now)
        poor_now = round(1 - row["falls"] / row["risk"], 12)
    some = end.asked
    if poor_now is None and row["risk"] is None:  # it is asked of those with a score
        some = tuple(one for one in some if one.fact != POOR_NOW)
    return out(some, {POOR_NOW: poor_now, RUNG: row["rung"], KIND: row["kind"]}, facts or {})


def unfit(end: End, facts: Mapping[str, Any] | None) -> tuple[list[str], list[str]]:
    """Programmes that the scheme asks for and the household is known not to receive; and those that it receives,
    though the scheme is for households without. facts : of `Scores.facts`."""
    known = facts or {}
    wrong = [one for one in end.asked if one.fact == PROGRAMME and known.get(one.name) is not None
             and one.out(known[one.name])]  # fmt: skip
    return [one.name for one in wrong if True in one.among], [one.name for one in wrong if False in one.among]


def _asked(rules: Mapping[str, Any], by_file: bool) -> tuple[Asked, ...]:
    """What a scheme of a list asks. by_file : a file of facts was beside the scores, so that who is not known here may
    have been known there."""
    names = ("rungs", "rung_unknown", "most_poor_now", "kinds", "receives", "without", "programme_unknown")
    own: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name in names
           if (value := rules.get(name)) is not None}  # fmt: skip
    return asked(Scheme("", 0, (), **own | ({"programme_unknown": True} if by_file else {})))


def ends(office: Office, areas: Areas, rows: Iterable[Mapping[str, Any]],
         ) -> dict[_Place, tuple[End, ...]]:  # fmt: skip
    """Where the last confirmed list of each place ends, one end for each of its schemes there.

    rows : with `province` and `regency`. Of lists that caller may see; none where the last one has no cut there (all
    who could be ranked are on it), and none while the database is away.
    """
    return _ends_in(office, areas, {(row["province"], row["regency"]) for row in rows}, lists.MOST_LISTS)


def reaches(office: Office, areas: Areas, scores: Scores) -> tuple[Reach, ...]:
    """The same of all places that the run knows in some areas, to ask for the households whose range crosses one."""
    known = {total.key for total in totals(scores, areas, by="regency")}
    places: set[_Place] = {(code and code[:2], code) for code in known}
    if None in known:
        places |= {(total.key, None) for total in totals(scores, areas, by="province")}
    same: dict[tuple[int, tuple[Asked, ...]], list[_Place]] = {}
    for place, own in _ends_in(office, areas, places, None).items():
        for end in own:
            same.setdefault((int(hundredths(end.cut)), end.asked), []).append(place)
    return tuple(
        Reach(percent, tuple(sorted(code for _, code in own if code)),
              tuple(sorted(province for province, code in own if province and not code)), (None, None) in own, some)
        for (percent, some), own in same.items())  # fmt: skip


def _ends_in(office: Office, areas: Areas, places: set[_Place], most: int | None) -> dict[_Place, tuple[End, ...]]:
    try:
        with office.store.reading() as connection:
            known = lists.cells(connection, areas, {place[0] for place in places if place[0]},
                                {place[1] for place in places if place[1]}, most)  # fmt: skip
    except Problem as problem:
        if problem.code != "read_only":
            raise
        known = []
    return {place: _ends(known, {"", *filter(None, place)}) for place in places}


def _ends(known: Iterable[Row[Any]], homes: set[str]) -> tuple[End, ...]:
    for row in known:
        own = [cell for cell in row.cells if cell["area"] in homes]
        if own:
            schemes = {scheme["name"]: _asked(scheme, "facts" in (row.inputs or {})) for scheme in row.schemes}
            return tuple(End(lists.Name.of(row), cell["cut"], schemes.get(cell["scheme"], ())) for cell in own
                         if cell["cut"] is not None)  # fmt: skip
    return ()


def drawn(own: Drawn) -> list[Near]:
    """Households around the cut of the largest cell of a drawn list, in the order of their ranks."""
    cell = largest(own.cells)
    if cell is None:
        return []
    found = [
        _near(own.places, at, how)
        for how in (*BY_RANK, RESERVE)
        for at in np.flatnonzero((own.places.cell == cell) & (own.places.channel == CHANNELS.index(how))).tolist()
    ]
    return either(found, places.outside(own))


def see(office: Office, who: Caller, name: str, version: int | None = None,
        ) -> tuple[Row[Any], Mapping[str, Any], list[Near]]:  # fmt: skip
    """The same of a stored list as it was drawn, of the caller's areas, with its accounts as the caller is told them; a
    reading of these and of the two at each cut."""
    areas = allow(who, "list.see")
    with office.store.reading() as connection:
        row = find(connection, areas, who, name, version)
        cells = row.result["cells"]
        widest = max(cells, key=lambda cell: cell["quota"]) if cells else {"scheme": "", "area": ""}
        found = [Near(place.household, Why.of(place.why).rank, place.risk, place.low, place.high, how != RESERVE,
                      how == "kept")
                 for how in (*BY_RANK, RESERVE)
                 for place in lists.places(connection, areas, row.id, how=how, limit=None)
                 if (place.scheme, Why.of(place.why).area) == (widest["scheme"], widest["area"])]  # fmt: skip
        near = either(found, lists.outside(connection, areas, row.id))
    result = list_reads.told_to(office, row, areas)
    shown = dict.fromkeys([*(own.household for own in near), *ends_of(result)])
    office.journal.write(who, "list.see", object=named(row), area=row.regency or row.province or "", count=len(shown),
                         households=[*shown],
                         detail={"version": row.version, "cut": True})  # fmt: skip
    return row, result, near


def either(found: Sequence[Near], beyond: Iterable[Any]) -> list[Near]:
    """The last by rank on a list and the first that are not, of the places and the reserve of a cell and of those
    beyond."""
    others = [Near(own.household, own.rank, own.risk, own.low, own.high, False) for own in beyond]
    near = sorted((*found, *others), key=lambda own: own.rank)
    return [own for own in near if own.listed][-EITHER:] + [own for own in near if not own.listed][:EITHER]


def edge(near: Sequence[Near]) -> tuple[Near, Near] | None:
    """The last on the list and the first that is not, of `drawn` or `see`; None where either side has nobody."""
    on, off = [own for own in near if own.listed], [own for own in near if not own.listed]
    return (on[-1], off[0]) if on and off else None


def alike(one: Near, other: Near) -> bool:
    """Whether two households can hardly be told apart: as told their risks are the same, or their ranges meet."""
    if one.risk is None or other.risk is None:
        return False
    lows, highs = ([hundredths(risk if end is None else end) for risk, end in ends]
                   for ends in (((one.risk, one.low), (other.risk, other.low)),
                                ((one.risk, one.high), (other.risk, other.high))))  # fmt: skip
    return bool(max(lows) <= min(highs))


def _near(part: Any, at: int, how: str) -> Near:
    risk, low, high = (None if np.isnan(column[at]) else float(column[at])
                       for column in (part.risk, part.low, part.high))  # fmt: skip
    return Near(part.household[at].decode(), int(part.rank[at]), risk, low, high, how != RESERVE, how == "kept")
