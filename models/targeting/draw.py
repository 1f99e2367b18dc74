"""Drawing a list: rows, rules and a seed in, the list out; nothing is read, written or looked up on the way.

Schemes choose one after the other, as the rules have them. In each cell the fast lane comes first, then the places by
lot are set aside, the others go by value, and the lots are drawn among who is left. Reserves are filled last of all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from features.commands import UserError
from features.types import Array
from models.interval import crosses
from models.targeting import keyed, money
from models.targeting.asked import WHY
from models.targeting.cut import Lots, choose, listed, picked, probabilities
from models.targeting.drawn import STAYS, Drawn, Last, Left
from models.targeting.expected import expected
from models.targeting.gather import Filled, cells_of, gone_of, places_of, receipt_of, reserve, visited_of, why_left
from models.targeting.rows import NO_NUMBER, Rows, cell_of, hit, need_of, why_not
from models.targeting.rule_checks import MILLION
from models.targeting.rules import Rules, Scheme


def draw(rows: Rows, rules: Rules, *, seed: str, run: str, as_of: np.datetime64,
         before: Last | None = None, replaced: Last | None = None,
         inputs: Mapping[str, str] | None = None) -> Drawn:  # fmt: skip
    """Draw a list.

    Parameters
    ----------
    rows : households of the list's areas at least; others change nothing. seed : decides ties and lots. run : name of
        the scores, as_of : their date. before : the last list. replaced : the version that this one replaces. Who left
        is told of both; places of the channels `drawn.STAYS` may be kept in the scheme of the same name, those of
        `replaced` where there is one, since it kept those of the last list. inputs : hashes of what else the rows and
        these two were made of.

    Raises
    ------
    UserError : a column is not as it must be, a code is there twice, or the rules ask for what the rows lack.
    """
    rows.check()
    ties = keyed.lots(rows.household, keyed.key(seed, "tie"))
    index = _Index.of(rows.household, ties)
    taken, inside = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    value, *ends = (need_of(rows, rules, chance) for chance in (rows.risk, rows.low, rows.high))
    last, version = (_Held.of(own or _NO_LIST, index, seed) for own in (before, replaced))
    had = np.zeros(len(rows), bool)
    had[last.at[last.at >= 0]] = True
    work = _Work(rows, rules, seed, ties, hit(rows, rules, as_of), value, (ends[0], ends[1]), had)
    filled: list[Filled] = []
    counts = {}
    for scheme, places in zip(rules.schemes, money.places(rules), strict=True):
        cell = cell_of(rows, scheme)
        why = why_not(rows, rules, scheme, cell, taken)
        inside |= cell >= 0
        for held in (last, version):
            held.leave(scheme.name, why, rules.areas)
        stayed = (last if replaced is None else version).stayed(scheme.name)
        filled += work.scheme(scheme, places, cell, why, stayed, taken)
        counts[scheme.name] = dict(zip(WHY, np.bincount(why, minlength=len(WHY)).tolist(), strict=True))
    reserve(filled, rules, taken)
    found, band = places_of(filled, rows, value)
    cells = cells_of(filled, rows, value)
    cost = sum(cell.cost for cell in cells)
    told = dict(inputs or {})
    said = {"rules": rules.digest, "run": run, "seed": seed, "inputs": told}
    identity = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return Drawn(rules, rules.digest, run, seed, told, identity, found, band, cells,
                 last.gone(taken, filled), version.gone(taken, filled), visited_of(rows, rules, inside, taken),
                 receipt_of(rows, rules, found, cells), counts, expected(rows, inside, taken), cost,
                 money.left(rules, cells))  # fmt: skip


_NO_LIST = Last(np.empty(0, keyed.CODE), *(np.empty(0, "U1") for _ in range(3)))


@dataclass(frozen=True, slots=True)
class _Index:
    """Where each code is: rows in the order of their lots."""

    codes: Array
    order: Array
    lots: Array

    @classmethod
    def of(cls, codes: Array, lots: Array) -> _Index:
        """UserError where a code is there twice."""
        order = np.argsort(lots)
        ordered = lots[order]
        same = np.flatnonzero(ordered[1:] == ordered[:-1])
        # Other codes of one lot are as good as impossible; they would only cost the check its certainty.
        if (codes[order[same]] == codes[order[same + 1]]).any():
            raise UserError("household: a code is there twice; every household may stand in the rows once")
        return cls(codes, order, ordered)

    def find(self, codes: Array, lots: Array) -> Array:
        """Rows of some codes, -1 where there is none."""
        if not len(self.order):
            return np.full(len(codes), -1)
        at = self.order[np.minimum(np.searchsorted(self.lots, lots), len(self.order) - 1)]
        return np.where(self.codes[at] == codes, at, -1)


@dataclass(frozen=True, slots=True)
class _Held:
    """Places of a list before, n: their rows (`at`, -1 where there is none), and why each would be lost (`why`)."""

    last: Last
    at: Array
    why: Array

    @classmethod
    def of(cls, last: Last, index: _Index, seed: str) -> _Held:
        """Of no scheme yet."""
        at = index.find(last.household, keyed.lots(last.household, keyed.key(seed, "tie")))
        return cls(last, at, np.full(len(last), "scheme_ended", "U20"))

    def leave(self, scheme: str, why: Array, areas: Collection[str]) -> None:
        """Note why places of a scheme would be lost, as of `why_left`."""
        own = self.last.scheme == scheme
        self.why[own] = why_left(self.last.of(own), self.at[own], why, areas)

    def stayed(self, scheme: str) -> Array:
        """Rows whose places in a scheme may be kept."""
        return self.at[(self.last.scheme == scheme) & (self.at >= 0) & np.isin(self.last.channel, STAYS)]

    def gone(self, taken: Array, filled: Sequence[Filled]) -> Left:
        """See `gone_of`."""
        return gone_of(self.last, self.at, self.why, taken, filled)


@dataclass(frozen=True, slots=True)
class _Work:
    """What all schemes of one list share; had : n bools, had a place of the last list."""

    rows: Rows
    rules: Rules
    seed: str
    ties: Array
    shocked: Array
    value: Array
    ends: tuple[Array, Array]
    had: Array

    def scheme(self, scheme: Scheme, places: list[int], cell: Array, why: Array, stayed: Array,
               taken: Array) -> list[Filled]:  # fmt: skip
        """Fill the cells of a scheme and mark in `taken` who has a place.

        stayed : rows whose places of the last list may be kept.
        """
        order = self._ordered(np.flatnonzero(why == 0), cell)
        lots = keyed.lots(self.rows.household[order], keyed.key(self.seed, "sample")) if self.rules.random else None
        lane = self._lane(cell, why)
        before = np.zeros(len(self.rows), bool)
        before[stayed] = True
        edges = np.searchsorted(cell[order], np.arange(len(places) + 1))
        lanes = np.searchsorted(cell[lane], np.arange(len(places) + 1))
        found = []
        for at, (area, quota) in enumerate(scheme.quota):
            own = slice(edges[at], edges[at + 1])
            found.append(self._cell(scheme, area, quota, places[at], order[own], None if lots is None else lots[own],
                                    lane[lanes[at] : lanes[at + 1]], before, taken))  # fmt: skip
        return found

    def _ordered(self, some: Array, cell: Array) -> Array:
        """Rows by cell, the highest value first, equal ones by their lots."""
        order = some[np.argsort(-self.value[some])]
        # Areas are a few hundred at most (`rule_checks.MOST_AREAS`), and numpy sorts 16 bits by radix.
        order = order[np.argsort(cell[order].astype(np.int16), kind="stable")]
        value, home = self.value[order], cell[order]
        same = (value[1:] == value[:-1]) & (home[1:] == home[:-1])
        tied = np.flatnonzero(np.append(same, False) | np.append(False, same)) if len(order) else order
        if len(tied):
            runs = np.cumsum(~np.append(False, same))[tied]
            rows = order[tied]
            order[tied] = rows[np.lexsort((self.rows.household[rows], self.ties[rows], runs))]
        return order

    def _lane(self, cell: Array, why: Array) -> Array:
        """Rows that the fast lane is open to, by cell, the oldest shock first, those of one day by their lots."""
        lane = np.flatnonzero(self.shocked & np.isin(why, NO_NUMBER)) if self.shocked.any() else np.empty(0, np.int64)
        if not len(lane) or self.rows.shock_day is None:
            return lane
        day = self.rows.shock_day[lane].astype("datetime64[D]").astype(np.int64)
        return lane[np.lexsort((self.rows.household[lane], self.ties[lane], day, cell[lane]))]

    def _cell(self, scheme: Scheme, area: str, quota: int, places: int, own: Array, lots: Array | None, lane: Array,
              before: Array, taken: Array) -> Filled:  # fmt: skip
        rules, candidates = self.rules, len(own)
        if rules.fast_lane is not None:
            lane = lane[: round(rules.fast_lane.share * MILLION) * places // MILLION]
            taken[lane] = True
            ranks = np.flatnonzero(~taken[own]) + 1
            own = own[ranks - 1]
            lots = None if lots is None else lots[ranks - 1]
        else:
            lane, ranks = lane[:0], np.arange(1, len(own) + 1)
        lot = keyed.lot(f"{scheme.name}/{area}", keyed.key(self.seed, "cell"))
        share = Lots.of(places - len(lane), rules.random, lot)
        value, stayed = self.value[own], before[own]
        seats = share.places - share.drawn
        chosen = choose(value, stayed, seats, rules.hysteresis)
        on = listed(chosen, len(own))
        random = np.empty(0, np.int64)
        if lots is not None:
            random = picked(np.flatnonzero(~on), lots, share.drawn, self.rows.household[own])
        verify, cut = self._band(own, value, seats)
        taken[own[on]] = taken[own[random]] = True
        wanted = np.concatenate([chosen.ranked, chosen.kept, random])
        chances = (probabilities(value, stayed, rules.hysteresis, share, wanted) if lots is not None
                   else np.ones(len(wanted)))  # fmt: skip
        return Filled(scheme, area, quota, places, candidates, own, ranks, lane, chosen, random, chances, verify, cut,
                      seats, self.had)  # fmt: skip

    def _band(self, own: Array, value: Array, seats: int) -> tuple[Array, float | None]:
        """Whether each position is to be checked in the field, and the value at the cut."""
        if not 0 < seats < len(own):
            return np.zeros(len(own), bool), None
        cut = float(value[seats - 1])
        low, high = self.ends
        if self.rules.need is None:  # chances: as every page tells them
            verify = crosses(low[own], high[own], cut)
        else:
            with np.errstate(invalid="ignore"):
                verify = (low[own] < cut) & (high[own] > cut)
        verify[max(0, seats - self.rules.band) : seats + self.rules.band] = True
        return verify, cut
