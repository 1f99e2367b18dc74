"""Households that a list is drawn from, as columns, and who of them may be on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Self

import numpy as np

from features.commands import UserError
from features.types import Array
from models.targeting.asked import POOR_NOW, PROGRAMME, WHY, Asked, asked
from models.targeting.keyed import CODE
from models.targeting.rules import Rules, Scheme

NO_NUMBER = tuple(WHY.index(name) for name in ("", "no_score", "no_need"))
"""All but these keep a household out of the fast lane too, which asks no number."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Texts of n rows.

    Attributes
    ----------
    codes : n whole numbers, places in `names`; -1 where not known. names : different texts.
    """

    codes: Array
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Array) -> Self:
        """From n texts; None or empty is not known."""
        texts = np.array([value or "" for value in values], dtype=str)
        names, codes = np.unique(texts, return_inverse=True)
        own = tuple(name for name in names.tolist() if name)
        return cls(codes.astype(np.int32) - (len(names) - len(own)), own)

    def within(self, wanted: Mapping[str, int], other: int = -1) -> Array:
        """A number for each row by its text, n; `other` where the text has none or is not known."""
        table = np.array([*(wanted.get(name, other) for name in self.names), other], dtype=np.int32)
        return table[self.codes]

    def texts(self, at: Array) -> Array:
        """Texts of some rows, empty where not known."""
        return np.array([*self.names, ""], dtype=str)[self.codes[at]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of n score rows, in any order, and what else is known of the households on the date of the scores.

    Attributes
    ----------
    household : codes (`keyed.CODE`). province, regency : BPS codes. scored : has a score; applies : not poor now.
    risk, low, high : chances, NaN where the risk does not apply; the ends NaN where the model has no interval.
    rung, kind : as on the score row. urban : 1, 0, -1 not known. poor_now : chance of being poor now, NaN unknown.
    amounts : what the need of a household can be: `size`, `gap`; NaN where not known.
    programmes : by name whether each household receives one: 1, 0, -1 not known. One that is not here is known of
        nobody.
    shock, shock_day : the last shock of a household and its day. shocks_until : date up to which shocks are known,
        None: that of the scores.
    found : what the last visit found (`rule_checks.FOUND`), a fact beside the score.
    subdistrict : BPS code, carried to the list for those who visit; no rule asks for it. None: known of nobody.
    """

    household: Array
    province: Coded
    regency: Coded
    scored: Array
    applies: Array
    risk: Array
    low: Array
    high: Array
    rung: Coded
    kind: Coded
    urban: Array
    poor_now: Array | None = None
    amounts: Mapping[str, Array] = field(default_factory=dict)
    programmes: Mapping[str, Array] = field(default_factory=dict)
    shock: Coded | None = None
    shock_day: Array | None = None
    shocks_until: np.datetime64 | None = None
    found: Coded | None = None
    subdistrict: Coded | None = None

    def __len__(self) -> int:
        return len(self.household)

    def check(self) -> None:
        """UserError where a column is not as the list needs it; it names the column and the rule."""
        sizes = {one.name: getattr(self, one.name) for one in fields(self)}
        for part in ("amounts", "programmes"):
            sizes |= {f"{part}.{name}": value for name, value in getattr(self, part).items()}
        for name, value in sizes.items():
            own = value.codes if isinstance(value, Coded) else value
            if isinstance(own, np.ndarray) and len(own) != len(self):
                raise UserError(f"{name} has {len(own):,} rows and household {len(self):,}")
        if self.household.dtype != CODE or (len(self) and (self.household.view("S1").reshape(-1, 12) == b"").any()):
            raise UserError("household: every row needs a code of twelve symbols")
        told = self.scored & self.applies
        if not np.array_equal(told, ~np.isnan(self.risk)):
            raise UserError("risk: must be there exactly where a household is scored and the risk applies to it")
        with np.errstate(invalid="ignore"):
            odd = (self.risk < 0) | (self.risk > 1) | (self.low > self.risk) | (self.high < self.risk)
            odd |= (self.low < 0) | (self.high > 1)
        if odd.any():
            raise UserError("risk: must lie from low to high, and all three from 0 to 1")
        for name, amount in self.amounts.items():
            if (amount < 0).any() or np.isinf(amount).any():
                raise UserError(f"{name}: must be 0 or more where it is known")


def cell_of(rows: Rows, scheme: Scheme) -> Array:
    """Place of each row's area in the scheme's quota, n; -1 outside."""
    at = {area: number for number, (area, _) in enumerate(scheme.quota)}
    found = rows.regency.within(at)
    if any(len(area) == 2 for area in at):
        found = np.where(found < 0, rows.province.within(at), found)
    return np.full(len(rows), at[""], np.int32) if "" in at else found


def why_not(rows: Rows, rules: Rules, scheme: Scheme, cell: Array, taken: Array) -> Array:
    """Place in `WHY` of each row, n.

    Parameters
    ----------
    cell : of `cell_of`. taken : n bools, on the list by an earlier scheme.
    """
    found = np.zeros(len(rows), np.int8)

    def mark(why: str, rows_: Array) -> None:
        found[rows_ & (found == 0)] = WHY.index(why)

    mark("listed_already", taken)
    mark("outside_areas", cell < 0)
    if rows.found is not None:
        for name in rules.kept_out:
            mark(f"found_{name}", rows.found.within({name: 1}) > 0)
    mark("poor_now", rows.scored & ~rows.applies)
    some = asked(scheme)
    if scheme.most_poor_now is not None and rows.scored.any() and rows.poor_now is None:
        raise UserError(f"scheme {scheme.name}: most_poor_now asks for the chance of being poor now, which these "
                        "rows lack")  # fmt: skip
    first = np.full(len(rows), len(WHY), np.int8)
    for own in some:
        np.minimum(first, _out(rows, own), out=first)
    found = np.where((found == 0) & (first < len(WHY)), first, found)
    mark("no_score", ~rows.scored)
    if rules.need is not None:
        mark("no_need", np.isnan(rows.amounts[rules.need]))
    return found


def _out(rows: Rows, own: Asked) -> Array:
    """Place in `WHY` of why one thing that a scheme asks keeps each row out, n; `len(WHY)` where it does not."""
    if own.fact == POOR_NOW:  # none of those without a score has it
        high = np.zeros(len(rows), bool) if rows.poor_now is None else rows.scored & ~(rows.poor_now <= own.most)
        return np.where(high, WHY.index(own.why), len(WHY)).astype(np.int8)
    if own.fact == PROGRAMME:
        codes, values = rows.programmes.get(own.name), (False, True)
    else:
        codes, values = (told := getattr(rows, own.fact)).codes, told.names
    outs: Array = np.array([WHY.index(own.out(value)) or len(WHY) for value in (*values, None)], dtype=np.int8)
    return np.full(len(rows), outs[-1]) if codes is None else outs[codes]


def hit(rows: Rows, rules: Rules, as_of: np.datetime64) -> Array:
    """Whether a shock that opens the fast lane hit a household lately, n: in the days before the date of the scores, or
    before the date up to which shocks are known where that is later. A lane need not wait for the next scores."""
    lane = rules.fast_lane
    if lane is None:
        return np.zeros(len(rows), bool)
    if rows.shock is None or rows.shock_day is None:
        raise UserError("fast_lane: asks for shocks and these rows have none; give the facts that hold shock and "
                        "shock_day, or leave the fast lane out")  # fmt: skip
    until = as_of if rows.shocks_until is None else max(as_of, rows.shocks_until)
    age = (until - rows.shock_day).astype("timedelta64[D]")
    own = rows.shock.within(dict.fromkeys(lane.shocks, 1)) > 0
    return own & (age >= np.timedelta64(0, "D")) & (age <= np.timedelta64(lane.days, "D"))


def need_of(rows: Rows, rules: Rules, chance: Array) -> Array:
    """What households are put in order by: the chance itself, or the chance times the amount that the rules name.

    Raises
    ------
    UserError : the rows do not have that amount.
    """
    if rules.need is None:
        return chance
    if rules.need not in rows.amounts:
        raise UserError(f'need: no household here has "{rules.need}"; give the facts that hold it, or order by risk')
    return chance * rows.amounts[rules.need]
