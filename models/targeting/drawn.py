"""A drawn list: places, cells, what is around the cut, who leaves, and what the list is expected to get wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from features.types import Array
from models.targeting.expected import Expected
from models.targeting.rules import Rules

Channel = Literal["ranked", "kept", "fast_lane", "random", "reserve"]
CHANNELS: tuple[Channel, ...] = ("ranked", "kept", "fast_lane", "random", "reserve")
"""How a household came on the list; the reserve is not on it."""
ON = 4
"""The first of them hold places."""
STAYS = ("ranked", "kept")
"""Channels by which hysteresis counts a household as having been on the last list."""

TIE_RULE: Mapping[str, str] = {
    "id": "Keluarga dengan nilai sama diurutkan menurut undian: SipHash-2-4 dari 12 huruf kode keluarga, dengan kunci "
          "BLAKE2b (16 bita, person 'tie') dari benih daftar; bilangan kecil didahulukan.",
    "en": "Households of equal value stand in the order of a lot: SipHash-2-4 of the 12 letters of the household's "
          "code under the BLAKE2b (16 bytes, person 'tie') of the list's seed; the smaller number first.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Last:
    """Places of the last list, n: by rank, kept, by lot or of the fast lane. Its reserve had none.

    Attributes
    ----------
    household : codes (`keyed.CODE`). scheme : names. channel : of the first `ON` of `CHANNELS`, as texts. area : BPS
        code of the smallest area that was known of the household, empty where none was.
    """

    household: Array
    scheme: Array
    channel: Array
    area: Array

    def __len__(self) -> int:
        return len(self.household)

    def of(self, some: Array) -> Last:
        """Some of the places, by n bools."""
        return Last(self.household[some], self.scheme[some], self.channel[some], self.area[some])


@dataclass(frozen=True, slots=True)
class Places:
    """Places of the list and its reserve, m: by scheme, area, channel and rank.

    Attributes
    ----------
    row : place of the household among the rows it was drawn from. household : code (`keyed.CODE`).
    subdistrict : BPS code, empty where not known. cell : place in `Drawn.cells`. channel : place in `CHANNELS`.
    rank : place among those of its cell who could be ranked, from 1; 0 in the fast lane without a number.
    value : what they are put in order by; risk, low, high : NaN where there is no score.
    verify : to be checked in the field. probability : chance of being on the list, over the lots of the sample; NaN
        in the reserve, which is not on it. tied : its rank among equals was drawn. before : had a place of the last
        list.
    """

    row: Array
    household: Array
    province: Array
    regency: Array
    subdistrict: Array
    cell: Array
    channel: Array
    rank: Array
    value: Array
    risk: Array
    low: Array
    high: Array
    verify: Array
    probability: Array
    tied: Array
    before: Array

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class Band:
    """Households around a cut that are neither on the list nor in its reserve, by cell and rank.

    Attributes
    ----------
    row, household, province, regency, cell, rank, value, risk, low, high : as of `Places`.
    """

    row: Array
    household: Array
    province: Array
    regency: Array
    cell: Array
    rank: Array
    value: Array
    risk: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True)
class Edge:
    """One of the two households at the end of a list.

    Attributes
    ----------
    why : of the first one out, what keeps it out: `quota`, `budget` or `hysteresis`; empty of the last one in.
    """

    household: str
    rank: int
    value: float
    risk: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One area of one scheme. quota = ranked + kept + fast_lane + random + no_budget + too_few.

    Attributes
    ----------
    places : what the budget leaves of the quota. no_budget : places that it does not pay for. too_few : places that
        nobody can take. cost : rupiah of the places filled. budget : rupiah set aside; left : what is not spent of it.
    candidates : households that could be ranked. displaced : newcomers whose places were kept by others.
    cut : value of the last one in by rank alone; None where nobody who could be ranked is out.
    verify, verify_outside : to be checked in the field, among the places and outside of them (the reserve with them).
    tie_at_cut : a lot decided between the last one `ranked` and the first one out.
    last_in : the last one by rank who is `ranked` or `kept`; first_out : the first one who is neither and has no lot.
    """

    scheme: str
    area: str
    quota: int
    places: int
    ranked: int
    kept: int
    fast_lane: int
    random: int
    reserve: int
    no_budget: int
    too_few: int
    cost: int
    budget: int
    left: int
    candidates: int
    displaced: int
    cut: float | None
    verify: int
    verify_outside: int
    tie_at_cut: bool
    last_in: Edge | None
    first_out: Edge | None

    @property
    def filled(self) -> int:
        """Places that somebody has."""
        return self.ranked + self.kept + self.fast_lane + self.random


@dataclass(frozen=True, slots=True)
class Left:
    """Households with a place of a list before and none of this one: told to the officer, who decides.

    Attributes
    ----------
    household, scheme, area : as of `Last`. why : one of `rows.WHY`; `not_in_rows`; `scheme_ended` where the list has no
        scheme of that name; of those who could be ranked `reserve` where they are in that of the scheme now, else
        `by_lot` or `by_fast_lane`, as they came by their place, else `below` the cut.
    """

    household: Array
    scheme: Array
    area: Array
    why: Array


@dataclass(frozen=True, slots=True)
class Visited:
    """Households of the list's areas of which a visit found what the officer has to know before they confirm: those
    that a rule kept out, and those on the list that were found below the line, k.

    Attributes
    ----------
    household : codes. area : BPS code of the regency, else of the province, "" where neither is known. found : of
        `rule_checks.FOUND`. listed : has a place.
    """

    household: Array
    area: Array
    found: Array
    listed: Array


@dataclass(frozen=True, slots=True)
class Receipt:
    """Programmes that those with a place of one scheme receive already, by the data.

    places : who has one. known : of how many of them it is known: of a scheme that is itself a programme whether they
        receive that, else all that is known of anybody. programmes : how many of these receive each.
    """

    scheme: str
    places: int
    known: int
    programmes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A list. The same rows in any order, rules, seed and last list make the same.

    Attributes
    ----------
    identity : SHA-256 over the hash of the rules, the run of the scores, the seed and the hashes of `inputs`.
    inputs : hashes of what else went in: the last list, the version replaced, further facts.
    gone : of the last list, gone_version : of the version that this one replaces; without it nobody.
    why_not : households by scheme and reason of `rows.WHY`; "" counts those who could be ranked.
    cost : rupiah. left : rupiah of the budget that are not spent, None where the rules name none.
    """

    rules: Rules
    digest: str
    run: str
    seed: str
    inputs: Mapping[str, str]
    identity: str
    places: Places
    band: Band
    cells: tuple[Cell, ...]
    gone: Left
    gone_version: Left
    visited: Visited
    receipt: tuple[Receipt, ...]
    why_not: Mapping[str, Mapping[str, int]]
    expected: tuple[Expected, ...]
    cost: int
    left: int | None
