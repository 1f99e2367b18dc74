"""The cells of a list, filled, brought together: reserves, columns of places, accounts, who left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from features.types import Array
from models.targeting.asked import WHY
from models.targeting.cut import Chosen, listed
from models.targeting.drawn import CHANNELS, ON, Band, Cell, Edge, Last, Left, Places, Receipt, Visited
from models.targeting.keyed import CODE
from models.targeting.rows import NO_NUMBER, Rows
from models.targeting.rule_checks import MILLION
from models.targeting.rules import Rules, Scheme


@dataclass(slots=True)
class Filled:
    """One cell with its places filled.

    Attributes
    ----------
    candidates : how many could be ranked. own : rows of those, without the fast lane, from the highest value down;
        ranks : with it, from 1.
    lane : rows of the fast lane. chosen, random : positions in `own`; chances : of ranked, kept and random, in turn.
    verify : by position. seats : places by value. before : by row, had a place of the last list. reserve, band :
        positions, found last of all.
    """

    scheme: Scheme
    area: str
    quota: int
    places: int
    candidates: int
    own: Array
    ranks: Array
    lane: Array
    chosen: Chosen
    random: Array
    chances: Array
    verify: Array
    cut: float | None
    seats: int
    before: Array
    reserve: Array = field(default_factory=lambda: np.empty(0, np.int64))
    band: Array = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def out(self) -> Array:
        """Positions without a place of this cell."""
        on = listed(self.chosen, len(self.own))
        on[self.random] = True
        return np.flatnonzero(~on)


def reserve(filled: Sequence[Filled], rules: Rules, taken: Array) -> None:
    """Fill the reserves from the highest value down with those who have no place anywhere, then find the bands: who is
    on no list and on no reserve, around the first cut that they are near.

    taken : n bools, has a place.
    """
    spare = taken.copy()
    for cell in filled:
        wanted = -(-round(rules.reserve * MILLION) * cell.places // MILLION)
        out = cell.out
        free = out[~spare[cell.own[out]]]
        cell.reserve = free[:wanted]
        spare[cell.own[cell.reserve]] = True
    for cell in filled:
        near = np.flatnonzero(cell.verify & ~spare[cell.own])
        cell.band = near[np.isin(near, cell.out)]
        spare[cell.own[cell.band]] = True


def places_of(filled: Sequence[Filled], rows: Rows, value: Array) -> tuple[Places, Band]:
    """All places and reserves, and who is around the cuts, cell by cell."""
    parts = [_columns(number, cell, value) for number, cell in enumerate(filled)]
    names = ("row", "cell", "channel", "rank", "verify", "probability", "tied", "before")
    found = {name: np.concatenate([part[at] for part in parts]) for at, name in enumerate(names)}
    row = found["row"]
    # A household without a score holds a place of the fast lane; it has no value, and none is made up for it.
    told = {name: getattr(rows, name)[row] for name in ("risk", "low", "high")}
    part = np.full(len(row), "") if rows.subdistrict is None else rows.subdistrict.texts(row)
    places = Places(household=rows.household[row], province=rows.province.texts(row), regency=rows.regency.texts(row),
                    subdistrict=part, value=value[row], **told, **found)  # fmt: skip
    around = np.concatenate([cell.own[cell.band] for cell in filled])
    band = Band(around, rows.household[around], rows.province.texts(around), rows.regency.texts(around),
                np.repeat(np.arange(len(filled)), [len(own.band) for own in filled]),
                np.concatenate([cell.ranks[cell.band] for cell in filled]), value[around],
                *(getattr(rows, name)[around] for name in ("risk", "low", "high")))  # fmt: skip
    return places, band


def _columns(number: int, cell: Filled, value: Array) -> tuple[Array, ...]:
    at = np.concatenate([cell.chosen.ranked, cell.chosen.kept, cell.random, cell.reserve])
    sizes = [len(own) for own in (cell.chosen.ranked, cell.chosen.kept, cell.lane, cell.random, cell.reserve)]
    channel = np.repeat(np.arange(len(CHANNELS), dtype=np.int8), sizes)
    own = value[cell.own]
    same = own[1:] == own[:-1]
    tied = (np.append(same, False) | np.append(False, same))[at] if len(own) else np.zeros(0, bool)
    lane = sizes[0] + sizes[1]

    def spread(of_rest: Array, of_lane: Array) -> Array:
        return np.concatenate([of_rest[:lane], of_lane, of_rest[lane:]])

    row = spread(cell.own[at], cell.lane)
    chances = np.append(cell.chances, np.full(sizes[4], np.nan))
    none, ones = np.zeros(len(cell.lane)), np.ones(len(cell.lane))
    return (row, np.full(len(row), number, np.int32), channel, spread(cell.ranks[at], none.astype(np.int64)),
            spread(cell.verify[at], none.astype(bool)), spread(chances, ones), spread(tied, none.astype(bool)),
            cell.before[row])  # fmt: skip


def cells_of(filled: Sequence[Filled], rows: Rows, value: Array) -> tuple[Cell, ...]:
    """Accounts of the cells."""
    return tuple(_account(cell, rows, value) for cell in filled)


def _account(cell: Filled, rows: Rows, value: Array) -> Cell:
    out = cell.out
    counts = [len(own) for own in (cell.chosen.ranked, cell.chosen.kept, cell.lane, cell.random)]
    by_value = np.concatenate([cell.chosen.ranked, cell.chosen.kept])
    on = np.append(by_value, cell.random)
    verify, cost, filled = int(cell.verify[on].sum()), cell.scheme.cost, sum(counts)
    last = _edge(cell, int(by_value.max()), rows, value) if len(by_value) else None
    first, tie = None, False
    if len(out):
        at = int(out[0])
        why = "hysteresis" if at < cell.seats else "budget" if cell.places < cell.quota else "quota"
        first = _edge(cell, at, rows, value, why)
        tie = counts[0] > 0 and bool(value[cell.own[cell.chosen.ranked[-1]]] == first.value)
    return Cell(
        cell.scheme.name, cell.area, cell.quota, cell.places, counts[0], counts[1], counts[2], counts[3],
        reserve=len(cell.reserve),
        no_budget=cell.quota - cell.places, too_few=cell.places - filled, cost=cost * filled,
        budget=cost * cell.places, left=cost * (cell.places - filled), candidates=cell.candidates,
        displaced=len(cell.chosen.displaced), cut=cell.cut, verify=verify,
        verify_outside=int(cell.verify.sum()) - verify,
        tie_at_cut=tie, last_in=last, first_out=first,
    )  # fmt: skip


def _edge(cell: Filled, at: int, rows: Rows, value: Array, why: str = "") -> Edge:
    row = cell.own[at]
    return Edge(rows.household[row].decode(), int(cell.ranks[at]), float(value[row]), float(rows.risk[row]), why)


def why_left(last: Last, at: Array, why: Array, areas: Collection[str]) -> Array:
    """Why places of one scheme of a list before, n, would be lost.

    Parameters
    ----------
    at : their rows, -1 where there is none. why : place in `WHY` of each row. areas : of this list.
    """
    words = np.array(["below", *WHY[1:]], "U20")
    found = np.full(len(last), "not_in_rows", "U20")
    missing = np.flatnonzero(at < 0)
    homes, which = np.unique(last.area[missing], return_inverse=True)
    outside = [home != "" and not any(home.startswith(area) or area.startswith(home) for area in areas)
               for home in homes.tolist()]  # fmt: skip
    found[missing[np.array(outside, bool)[which]]] = "outside_areas"
    known = np.flatnonzero(at >= 0)
    own = why[at[known]]
    found[known] = words[own]
    found[known[(own == 0) & (last.channel[known] == "random")]] = "by_lot"
    found[known[np.isin(own, NO_NUMBER) & (last.channel[known] == "fast_lane")]] = "by_fast_lane"
    return found


def gone_of(last: Last, at: Array, why: Array, taken: Array, filled: Sequence[Filled]) -> Left:
    """Who had a place of a list before and has none now, by scheme and code.

    at : rows of the places, -1 where there is none. why : of `why_left`, but `reserve` of who is in that of the same
    scheme now. taken : n bools, has a place. filled : with its reserves.
    """
    lost, known = np.ones(len(last), bool), at >= 0
    lost[known] = ~taken[at[known]]
    scheme_of = np.full(len(taken), "", object)  # a household is in one reserve at most
    for cell in filled:
        scheme_of[cell.own[cell.reserve]] = cell.scheme.name
    moved = known.copy()
    moved[known] = scheme_of[at[known]] == last.scheme[known]
    why = np.where(moved, "reserve", why)
    order = np.flatnonzero(lost)
    order = order[np.lexsort((last.household[order], last.scheme[order]))]
    return Left(last.household[order], last.scheme[order], last.area[order], why[order])


def visited_of(rows: Rows, rules: Rules, inside: Array, taken: Array) -> Visited:
    """Who was kept out by what a visit found, and who is on the list although one found them below the line.

    inside : n bools, in an area of the list. taken : n bools, has a place.
    """
    if rows.found is None:
        return Visited(np.empty(0, CODE), np.empty(0, "U4"), np.empty(0, "U8"), np.empty(0, bool))
    out = rows.found.within(dict.fromkeys(rules.kept_out, 1)) > 0
    at = np.flatnonzero(inside & (out | (taken & (rows.found.codes >= 0))))
    at = at[np.argsort(rows.household[at])]
    regency = rows.regency.texts(at)
    area = np.where(regency == "", rows.province.texts(at), regency)
    return Visited(rows.household[at], area, rows.found.texts(at), taken[at])


def receipt_of(rows: Rows, rules: Rules, places: Places, cells: Sequence[Cell]) -> tuple[Receipt, ...]:
    """What those with a place receive already, of each scheme. Of a scheme that is itself a programme those count of
    whom that one is known; of another those of whom all are that the rows know of anybody."""
    scheme = np.array([cell.scheme for cell in cells], dtype=object)[places.cell]
    told = {name: flag for name, flag in rows.programmes.items() if (flag >= 0).any()}
    found = []
    for own in rules.schemes:
        at = places.row[(places.channel < ON) & (scheme == own.name)]
        needed = [own.name] if own.name in rows.programmes else [*told]
        known = np.full(len(at), bool(needed))
        for name in needed:
            known &= rows.programmes[name][at] >= 0
        counts = {name: int((known & (told[name][at] == 1)).sum()) for name in sorted(told)}
        found.append(Receipt(own.name, len(at), int(known.sum()), {name: n for name, n in counts.items() if n}))
    return tuple(found)
