"""Who takes part: eligibility by the facts of the register, the rule with its errors, take-up, places and budget.

The register is that of the start: nobody is ranked anew in later years. All lots are frozen by household and scheme, so
more places only add families to those who are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from features.commands import UserError
from features.types import Array
from models.numbers import number as written
from models.schemes.draws import uniforms
from models.schemes.ends import MIDDLE, SIDES, End
from models.schemes.nation import THOUSAND, Nation
from models.schemes.parts import Scheme, Scope
from models.schemes.scenario import Arm, Planned


class Pushed(NamedTuple):
    """Families that a scheme pushes down: rows of the nation, and from which year."""

    row: Array
    since: Array


@dataclass(frozen=True, slots=True)
class Taking:
    """Families of one scheme in an arm.

    Attributes
    ----------
    row : k rows of the nation. entry, end : first and last year of support, counted from the start (1: the first year).
    pushing : who is pushed down by displacement, at its middle and at the ends of its range.
    eligible, unknown : families that may be reached, and whose facts do not say. full : years in which places or money
    ran out, or families: nobody is left to join, or in support; and which.
    """

    plan: Planned
    row: Array
    entry: Array
    end: Array
    pushing: Mapping[str, Pushed]
    eligible: float
    unknown: float
    full: dict[int, str]

    @property
    def pushed(self) -> Array:
        """Rows that are pushed down at the middle of the range of displacement."""
        return self.pushing["value"].row

    def cost(self, nation: Nation, years: int) -> Array:
        """Rupiah by simulated year, years + 1 of them."""
        scheme, weight = self.plan.scheme, nation.families[self.row] / THOUSAND
        found = np.bincount(self.entry, weight * round(scheme.setup.value), minlength=years + 1)
        for year in range(1, years + 1):
            there = (self.entry <= year) & (self.end >= year)
            found[year] += round(scheme.cost.value) * float(weight[there].sum())
        return np.asarray(found[: years + 1])

    def part(self, begin: int, end: int) -> Taking:
        """What falls on the rows from `begin` (with) to `end` (without), counted from `begin`."""

        def inside(rows: Array) -> Array:
            return np.asarray((rows >= begin) & (rows < end))

        own = inside(self.row)
        pushing = {name: Pushed(one.row[inside(one.row)] - begin, one.since[inside(one.row)])
                   for name, one in self.pushing.items()}  # fmt: skip
        return replace(self, row=self.row[own] - begin, entry=self.entry[own], end=self.end[own], pushing=pushing)


def rolling(years: Iterable[int]) -> bool:
    """Whether those who join an answer in these years join in several, so that more places need not avert more falls:
    the one rule of check, builder and result."""
    return len(set(years)) > 1


def within(nation: Nation, scope: Scope) -> tuple[Array, Array]:
    """Whether each family has the facts that a scope asks for, and whether it is not known, n each."""
    inside, unknown = np.ones(len(nation), bool), np.zeros(len(nation), bool)

    def ask(known: Array, kept: Array) -> None:
        inside[:] &= kept & known
        unknown[:] |= ~known

    def ranged(values: Array, ends: tuple[float, float] | None) -> None:
        if ends is not None:
            with np.errstate(invalid="ignore"):
                ask(~np.isnan(values), (values >= ends[0]) & (values <= ends[1]))

    ranged(np.where(nation.desil > 0, nation.desil, np.nan), scope.desil)
    ranged(nation.risk, scope.risk)
    ranged(nation.poor_now, scope.poor_now)
    ranged(nation.size, scope.size)
    for coded, wanted in ((nation.province, scope.provinces), (nation.regency, scope.regencies),
                          (nation.section, scope.sections), (nation.division, scope.divisions)):  # fmt: skip
        if wanted is not None:
            ask(coded.codes >= 0, coded.within(dict.fromkeys(wanted, 1)) > 0)
    if scope.urban is not None:
        ask(nation.urban >= 0, nation.urban == int(scope.urban))
    if scope.working is not None:
        ask(nation.working >= 0, nation.working == int(scope.working))
    return inside & ~unknown, unknown


def order(nation: Nation, scheme: Scheme, seed: int) -> Array:
    """Rows in the order in which the rule of a scheme asks them, n; equal ones by a lot of their own."""
    lot = uniforms(nation.key, seed, f"{scheme.name} order")
    need = nation.poor_next() if nation.following is None else nation.following
    if scheme.rule == "risk":
        value: Array = -np.nan_to_num(nation.risk, nan=-1.0)
    elif scheme.rule == "desil":
        value = np.where(nation.desil > 0, nation.desil, 99).astype(float)
    elif scheme.rule == "self_selection":
        # Whoever needs it more applies sooner: a race in which the pace is the chance of being poor next year.
        value = -np.log(np.maximum(lot, 1e-300)) / np.maximum(need, 1e-9)
    elif scheme.rule == "geography":
        place, weight = nation.regency.codes + 1, nation.weight
        rate = np.bincount(place, weight * need) / np.maximum(np.bincount(place, weight), 1e-300)
        value = -rate[place]
    else:
        value = lot
    return np.lexsort((lot, value))


def select(nation: Nation, arm: Arm, start: int, years: int, seed: int) -> list[Taking]:
    """Families of each scheme of an arm; a family is in one at most.

    start : year of the nation. years : simulated. seed : of the lots.
    """
    taken = np.zeros(len(nation), bool)
    found = []
    for plan in arm.schemes:
        own = _take(nation, plan, taken, start, years, seed)
        taken[own.row] = True
        found.append(own)
    return [_pushing(nation, own, taken, seed) for own in found]


def _take(nation: Nation, plan: Planned, taken: Array, start: int, years: int, seed: int) -> Taking:
    scheme, families = plan.scheme, nation.families
    eligible, unknown = within(nation, scheme.eligibility)
    reachable = np.where(eligible, uniforms(nation.key, seed, f"{scheme.name} exclusion") >= scheme.exclusion.value,
                         uniforms(nation.key, seed, f"{scheme.name} inclusion") < scheme.inclusion.value)  # fmt: skip
    willing = uniforms(nation.key, seed, f"{scheme.name} take-up") < scheme.take_up.value
    rows = order(nation, scheme, seed)
    rows = rows[(reachable & willing & ~taken)[rows]]
    each = plan.each
    left = None if plan.budget is None else plan.budget * THOUSAND
    entry, full, begin = np.zeros(len(rows), np.int64), dict[int, str](), 0
    leaving = np.zeros(years + scheme.duration + 2, np.int64)
    there = 0
    for year in range(plan.first - start, plan.last - start + 1):
        there -= int(leaving[year])
        room = np.cumsum(families[rows[begin:]])
        upto = len(room)
        if (places := plan.open_places(start + year)) is not None:
            upto = int(np.searchsorted(room, round(places * THOUSAND) - there, side="right"))
        if upto < len(room):
            full[start + year] = "places"
        if left is not None and each:
            paid = int(np.searchsorted(room, left // each, side="right"))
            if paid < upto:
                upto, full[start + year] = paid, "budget"
        entry[begin : begin + upto] = year
        many = int(room[upto - 1]) if upto else 0
        there, begin = there + many, begin + upto
        if rows.size and begin == len(rows) and not there:  # a family joins once: all have had their support
            full[start + year] = "families"
        leaving[year + scheme.duration] += many
        left = None if left is None else left - many * each
    rows, entry = rows[:begin], entry[:begin]
    none = np.zeros(0, np.int64)
    return Taking(
        plan,
        rows,
        entry,
        entry + scheme.duration - 1,
        dict.fromkeys(("value", *SIDES), Pushed(none, none)),
        float(families[eligible].sum()) / THOUSAND,
        float(families[unknown].sum()) / THOUSAND,
        full,
    )


@dataclass(frozen=True, slots=True)
class Helped:
    """Rows that an arm touches, and what it does to them by year, at one end of the ranges.

    Attributes
    ----------
    row : m rows of the nation. scheme : number of the scheme in the arm, m; those pushed down have -1.
    entry, end : of support; of those pushed down, of the support of those who push, the last where several do.
    log_gain, line_gain : m x years + 1. shield : m x years + 1 x shocks. reach : share of draws in which it works, m.
    """

    row: Array
    scheme: Array
    entry: Array
    end: Array
    log_gain: Array
    line_gain: Array
    shield: Array
    reach: Array

    def by_lot(self, some: Array, lot: Array) -> Helped:
        """Of some rows (mask, m) whether it works is told by a lot (m, from 0 to 1), the same in all draws."""
        works = np.where(some, lot < self.reach, 1.0)[:, None]
        return replace(self, log_gain=self.log_gain * works, line_gain=self.line_gain * works,
                       shield=self.shield * works[:, :, None], reach=np.where(some, 1.0, self.reach))  # fmt: skip


def touched(nation: Nation, takings: Sequence[Taking], shocks: tuple[str, ...], years: int, seed: int,
            end: End = MIDDLE) -> Helped:  # fmt: skip
    """What an arm does at one end of its ranges.

    Whether a scheme with a reach works for a family is chance anew in every draw; where several things befall a family
    one lot for each says it for all draws.

    Parameters
    ----------
    shocks : kinds of the scenario's shocks, in order.
    """
    own = [(at, one) for at, one in enumerate(takings)]
    own += [(-1, one) for one in takings if len(one.pushing[end.displacement].row)]
    pieces = [_path(nation, number, one, shocks, years, end) for number, one in own]
    row, often = np.unique(np.concatenate([np.empty(0, np.int64), *(one.row for one in pieces)]), return_counts=True)
    several = row[often > 1]
    for at, ((_, one), piece) in enumerate(zip(own, pieces, strict=True)):
        both = np.isin(piece.row, several) & (piece.reach < 1.0)
        if both.any():
            lot = uniforms(nation.key[piece.row], seed, f"{one.plan.scheme.name} reach")
            pieces[at] = piece.by_lot(both, lot)
    return _joined(pieces, years, len(shocks))


def _path(nation: Nation, number: int, own: Taking, shocks: tuple[str, ...], years: int, ends: End) -> Helped:
    """Those of a scheme by its number, or those that it pushes down (-1), by as much as it would lift them."""
    end = ends.effect
    scheme, effect, down = own.plan.scheme, own.plan.scheme.effect, number < 0
    row, entry = own.pushing[ends.displacement] if down else (own.row, own.entry)
    sign = -1.0 if down else 1.0
    reach = np.full(len(row), 1.0 if effect.reach is None else effect.reach.at(end))
    fade = 0.0 if effect.fade is None else effect.fade.at(end)
    since = np.arange(years + 1)[None, :] - entry[:, None]
    rest = np.where(since < 0, 0.0, fade ** np.maximum(since - scheme.duration + 1, 0))
    size = effect.size.at(end) * (1.0 if effect.share is None else effect.share.at(end))
    nothing = np.zeros((len(row), years + 1))
    log_gain, line_gain = nothing, nothing
    shield = np.zeros((len(row), years + 1, len(shocks)))
    if effect.kind == "consumption":
        log_gain = sign * np.log1p(size * rest)
    elif effect.kind == "income":
        line = nation.line[row]
        if np.isnan(line).any():
            without = int(np.isnan(line).sum())
            raise UserError(
                f"{scheme.name}: its effect is in rupiah and the line of {without:,} families is not known",
                f"{scheme.name}: dampaknya dalam rupiah, dan garis kemiskinan {written(without, 'id')} keluarga tidak "
                "diketahui",
            )
        line_gain = sign * size / 12 / (nation.size[row] * line)[:, None] * rest
    elif effect.kind == "protection" and not down:
        for at, kind in enumerate(shocks):
            if kind == effect.against:
                shield[:, :, at] = size * rest
    return Helped(row, np.full(len(row), number), entry, entry + scheme.duration - 1, log_gain, line_gain, shield,
                  reach)  # fmt: skip


def _pushing(nation: Nation, own: Taking, inside: Array, seed: int) -> Taking:
    """With the families that its displacement pushes down, at the middle and the ends of its range."""
    figure = own.plan.scheme.displacement
    if not figure.high or not len(own.row):
        return own
    found: dict[float, Pushed] = {}
    for end in ("value", *SIDES):
        if figure.at(end) not in found:
            found[figure.at(end)] = _pushed(nation, own, figure.at(end), inside, seed)
    return replace(own, pushing={end: found[figure.at(end)] for end in ("value", *SIDES)})


def _pushed(nation: Nation, own: Taking, share: float, inside: Array, seed: int) -> Pushed:
    """Families pushed down, by lot, as many for each year's intake as a share says.

    They have no place and may work; of the same province and section, and where a sample holds too few of these, or
    those that take part have no section, of the same province.
    """
    name = f"{own.plan.scheme.name} displacement"
    sections = len(nation.section.names) + 1
    province = nation.province.codes.astype(np.int64) + 1
    cell = province * sections + nation.section.codes + 1
    years = np.unique(own.entry)
    came = [own.row[own.entry == year] for year in years.tolist()]
    asked = np.cumsum([share * np.bincount(cell[rows], nation.families[rows], minlength=int(cell.max()) + 1)
                       for rows in came], axis=0)  # fmt: skip
    free = np.flatnonzero(~inside & (nation.working != 0))
    free = free[np.argsort(uniforms(nation.key[free], seed, name), kind="stable")]
    rows, when, short = _by_lot(free, cell, nation.families, asked, seed, name)
    wider = np.zeros((len(years), int(province.max()) + 1))
    np.add.at(wider.T, np.arange(asked.shape[1]) // sections, short.T)
    others, then, _ = _by_lot(free[~np.isin(free, rows)], province, nation.families, wider, seed, f"{name} province")
    return Pushed(np.concatenate([rows, others]), years[np.concatenate([when, then])])


def _by_lot(free: Array, place: Array, families: Array, asked: Array, seed: int, name: str,
            ) -> tuple[Array, Array, Array]:  # fmt: skip
    """Rows of `free`, in its order, that are asked of their place by each year, the year of each, and what is short.

    Parameters
    ----------
    asked : years x places, families asked up to each year. A place takes its first family from a random part of its
        weight on (systematic sampling), so that on average as many are taken as asked, however few a sample holds.
    """
    order = free[np.argsort(place[free], kind="stable")]
    home, weight = place[order], families[order].astype(float)
    before = np.cumsum(weight) - weight
    first = np.searchsorted(home, np.arange(asked.shape[1]))
    offset = np.concatenate([before, [weight.sum()]])[first]
    start = uniforms(np.arange(asked.shape[1], dtype=np.uint64), seed, name)
    reached = before - offset[home] + start[home] * weight
    held = np.bincount(home, weight, minlength=asked.shape[1])
    when = np.zeros(len(order), np.int64)
    for own in asked:  # a year at a time: a table of years and families would not fit for a nation
        when += reached >= own[home]
    taken = when < len(asked)
    return order[taken], when[taken], np.maximum(asked - held, 0.0)


def _joined(pieces: list[Helped], years: int, shocks: int) -> Helped:
    """One row for each family: what several schemes do to it is added up."""
    if not pieces:
        none = np.zeros(0, np.int64)
        return Helped(none, none, none, none, np.zeros((0, years + 1)), np.zeros((0, years + 1)),
                      np.zeros((0, years + 1, shocks)), np.empty(0))  # fmt: skip
    row = np.concatenate([one.row for one in pieces])
    rows = np.argsort(row, kind="stable")
    own, begin = np.unique(row[rows], return_index=True)

    def joined(name: str, by: np.ufunc) -> Array:
        values = np.concatenate([getattr(one, name) for one in pieces])[rows]
        return np.asarray(by.reduceat(values, begin, axis=0)) if len(begin) else values

    return Helped(own, joined("scheme", np.maximum), joined("entry", np.maximum), joined("end", np.maximum),
                  joined("log_gain", np.add), joined("line_gain", np.add), joined("shield", np.add),
                  joined("reach", np.minimum))  # fmt: skip
