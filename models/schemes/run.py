"""A scenario run over a nation: prepared once, lived piece by piece, the pieces added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Self

import numba
import numpy as np

from features.crew import Alone, Crew
from features.types import Array
from models.dynamics import Law
from models.schemes import ends, exposed, growth
from models.schemes.checks import Figure
from models.schemes.draws import stream
from models.schemes.ends import End
from models.schemes.kernel import Sums, chained, live
from models.schemes.lives import Chains, Help, Lives, Times
from models.schemes.nation import Nation
from models.schemes.parts import Shock
from models.schemes.published import held_against
from models.schemes.scenario import Coming, Scenario
from models.schemes.selection import Helped, Taking, select, touched

PIECE = 65_536
"""Families that are lived through at a time: memory is that of a piece, whatever the nation."""
MOST_BYTES = 2**26
"""Of the chains that are held at once."""
NONE = "none"
"""No growth, among `Plan.others`."""
CALM = "calm"
"""Neither growth nor shocks, among `Plan.others`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is settled before any life: who takes part in each arm, and the law that all share.

    middles : by end of the shocks' ranges, for each shock the measure at which its chance is the stated one.
    """

    scenario: Scenario
    seed: int
    arms: tuple[tuple[Taking, ...], ...]
    law: Law
    groups: tuple[tuple[str, str], ...]
    places: int
    middles: dict[str, tuple[float, ...]]

    @property
    def shocks(self) -> tuple[str, ...]:
        """Kinds of the shocks, in order."""
        return tuple(one.shock.kind for one in self.scenario.shocks)

    @property
    def others(self) -> dict[str, Scenario]:
        """The same lives at another growth, seen without schemes and with the shocks at their middle.

        `none`: without growth, where years are held against published ones (what known shocks alone come to). `calm`:
        without shocks too (`Scenario.beside_calm`: what they come to, apart from how families move anyhow). The others
        by the growth itself (`models.schemes.growth.ends`): that of those who stand low is as much lower or
        higher.
        """
        own = self.scenario
        still = replace(own, growth=Figure.assumed(0.0, "share a year"), growth_below=None)
        after = own.start + own.years + 1
        calm = replace(still, shocks=tuple(replace(one, first=after, last=after) for one in own.shocks))
        found = ({NONE: still} if held_against(own) else {}) | ({CALM: calm} if own.beside_calm else {})
        return found | {str(end): _grown(own, end) for end in growth.ends(own)}

    def part(self, begin: int, end: int) -> Plan:
        """What it says of the rows from `begin` (with) to `end` (without), counted from `begin`."""
        return replace(self, arms=tuple(tuple(own.part(begin, end) for own in arm) for arm in self.arms))


@dataclass(slots=True)
class Beside:
    """Sums of one arm at one end of its ranges, thousandths (see `models.schemes.kernel.Sums`)."""

    rungs: Array
    pairs: Array
    falls: Array
    groups: Array

    def copy(self) -> Self:
        """The same, to be added to."""
        return type(self)(*(getattr(self, one.name).copy() for one in fields(self)))


@dataclass(slots=True)
class Without:
    """Sums without schemes at one end of the shocks' ranges, thousandths (see `models.schemes.kernel.Sums`)."""

    rungs: Array
    events: Array

    @classmethod
    def of(cls, *parts: Sums) -> Self:
        """Those of all threads, of some parts of the rows."""
        return cls(*(np.sum([one.of(name) for one in parts], axis=0) for name in ("rungs", "events")))


@dataclass(slots=True)
class Tally:
    """Sums over families, in thousandths; those of pieces add up to those of the whole.

    Attributes
    ----------
    without : without schemes, by end of the shocks (`value`, and `low` and `high` where these have a range). others :
    without schemes at another growth (`Plan.others`). arms : of each arm, by `End.name`.
    needed : for each arm schemes x 3, thousandths of families times draws: those that would be poor at the end of the
    first year of intake without the scheme, in the area of the scheme; those of them reached; all reached.
    """

    without: dict[str, Without]
    others: dict[str, Without]
    arms: list[dict[str, Beside]]
    needed: list[Array] = field(default_factory=list)

    @property
    def rungs(self) -> Array:
        """Those without schemes, the shocks at their middle."""
        return self.without["value"].rungs

    @property
    def events(self) -> Array:
        """Likewise."""
        return self.without["value"].events

    def add(self, other: Tally) -> None:
        """Take in the sums of another piece."""
        for ours, theirs in ((self.without, other.without), (self.others, other.others)):
            for end, alone in ours.items():
                alone.rungs += theirs[end].rungs
                alone.events += theirs[end].events
        for own, more in zip(self.needed, other.needed, strict=True):
            own += more
        for mine, others in zip(self.arms, other.arms, strict=True):
            for end in mine:
                for one in fields(Beside):
                    values: Array = getattr(mine[end], one.name)
                    values += getattr(others[end], one.name)


def prepare(scenario: Scenario, nation: Nation, seed: int) -> Plan:
    """Settle who takes part; this needs the whole nation, as lists do."""
    arms = tuple(tuple(select(nation, arm, scenario.start, scenario.years, seed)) for arm in scenario.arms)
    law = nation.dynamics.law(len(nation.province.names) + 1, seed)
    middles = {end: tuple(exposed.middle(one.shock, nation, end) for one in scenario.shocks)
               for end in ("value", *ends.shock_ends(scenario))}  # fmt: skip
    return Plan(
        scenario,
        seed,
        arms,
        law,
        _group_names(nation, scenario),
        len(nation.province.names) + 1,
        middles,
    )


def piece(plan: Plan, nation: Nation, threads: int | None = None) -> Tally:
    """Live through the families of a piece of the nation.

    Parameters
    ----------
    plan, nation : of the piece (`Plan.part`, `Nation.take`). threads : of numba; its own number if not given.
    """
    count = threads or numba.get_num_threads()
    draws, years = plan.scenario.draws, plan.scenario.years + 1
    each = min(len(nation), max(1, MOST_BYTES // (9 * draws * years)))
    room = np.empty((each, years, draws), np.uint8), np.empty((each, years, draws))  # one for all: new pages cost
    return _total(_block(plan.part(begin, end), nation.take(slice(begin, end)), count, room)
                  for begin, end in _cuts(len(nation), each))  # fmt: skip


def _block(plan: Plan, nation: Nation, count: int, room: tuple[Array, Array]) -> Tally:
    """The same of so many that there is `room` for all their chains: these are lived once, and seen at every end."""
    shocks = [one.shock for one in plan.scenario.shocks]
    arms = list(zip(plan.scenario.arms, plan.arms, strict=True))
    every = {end: (_lives(nation, shocks, end, middles), _times(plan.scenario, plan.seed, end))
             for end, middles in plan.middles.items()}  # fmt: skip
    others = {name: _times(own, plan.seed, "value") for name, own in plan.others.items()}
    hit = np.any([(lives.hazard > 0).any(axis=1) for lives, _ in every.values()], axis=0)
    middle, times = every["value"]
    moving = hit | any((one.growth != 1.0).any() or (one.below != 1.0).any() for one in (times, *others.values()))
    seen = _Seen(plan, nation, count, _chains(plan, middle, times, moving, count, room))
    # Whom no shock may hit at any end lives the same life at all of them: it is counted once.
    still = seen.alone(middle, times, np.flatnonzero(~hit))
    moved = {end: seen.alone(*own, np.flatnonzero(hit)) for end, own in every.items()}
    found = Tally({end: Without.of(still, one) for end, one in moved.items()},
                  {name: seen.other(middle, own, times, hit, still) for name, own in others.items()},
                  [{} for _ in plan.arms])  # fmt: skip
    poor = still.poor + moved["value"].poor
    found.needed = [np.array([_needed(nation, own, poor, plan) for own in arm], np.int64).reshape(-1, 3)
                    for arm in plan.arms]  # fmt: skip
    for (arm, takings), own in zip(arms, found.arms, strict=True):
        once: dict[End, Beside] = {}
        for corner in ends.of(plan.scenario, arm):
            end = ends.lived(arm, corner)
            if end not in once:
                once[end] = seen.beside(*every[corner.shock], takings, end)
            own[corner.name] = once[end].copy()
    return found


def lived(plan: Plan, nation: Nation, threads: int | None = None, crew: Crew | None = None) -> Tally:
    """All pieces of a nation, added up: the same whoever lives them, and in whatever order.

    Parameters
    ----------
    threads : of numba, for each piece; one where a crew does them side by side. crew : who does the pieces; this
        process if not given.
    """
    if crew is not None:
        threads = threads or 1
    return _total(own for _, own in (crew or Alone()).each(_one, threads, _pieces(plan, nation)))


def _total(parts: Iterable[Tally]) -> Tally:
    """The sums of parts, added to those of the first."""
    total: Tally | None = None
    for own in parts:
        if total is None:
            total = own
        else:
            total.add(own)
    if total is None:
        raise ValueError("a nation has families")
    return total


def _cuts(size: int, each: int) -> Iterator[tuple[int, int]]:
    return ((begin, min(begin + each, size)) for begin in range(0, size, each))


def _pieces(plan: Plan, nation: Nation) -> Iterator[tuple[Plan, Nation]]:
    for begin, end in _cuts(len(nation), PIECE):
        yield plan.part(begin, end), nation.take(slice(begin, end))


def _one(threads: int | None, own: tuple[Plan, Nation]) -> Tally:
    return piece(*own, threads)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Chains of the families of a block, to be seen under shocks and schemes on `count` threads."""

    plan: Plan
    nation: Nation
    count: int
    chains: Chains

    def alone(self, lives: Lives, times: Times, rows: Array) -> Sums:
        """Sums without schemes of some rows."""
        return self._lived(lives, times, _none(self.plan.scenario.years, len(self.plan.shocks)), rows)

    def other(self, lives: Lives, own: Times, times: Times, hit: Array, still: Sums) -> Without:
        """Sums without schemes at other times: where growth is that of `times`, whom no shock may hit lives as there
        (`still`)."""
        if all(np.array_equal(getattr(own, name), getattr(times, name)) for name in ("growth", "below", "ratio")):
            return Without.of(still, self.alone(lives, own, np.flatnonzero(hit)))
        return Without.of(self.alone(lives, own, np.arange(len(hit))))

    def beside(self, lives: Lives, times: Times, takings: tuple[Taking, ...], end: End) -> Beside:
        """What an arm changes at one end of its ranges."""
        plan = self.plan
        own = touched(self.nation, takings, plan.shocks, plan.scenario.years, plan.seed, end)
        sums = self._lived(lives, times, _help(own, self.nation, plan.groups), own.row)
        return Beside(*(sums.of(one.name) for one in fields(Beside)))

    def _lived(self, lives: Lives, times: Times, help: Help, rows: Array) -> Sums:
        plan = self.plan
        sums = Sums.nothing(self.count, plan.places, plan.scenario.draws, plan.scenario.years, len(plan.groups),
                            len(lives.key))  # fmt: skip
        if len(rows):
            live(lives, self.chains, np.exp(plan.law.bounds), times, help, rows, sums)
        return sums


def _chains(plan: Plan, lives: Lives, times: Times, moving: Array, count: int, room: tuple[Array, Array]) -> Chains:
    """Chains of all rows; their welfare is asked of whom growth or a shock (`moving`) or a scheme may move."""
    needed = moving.copy()
    for own in (own for arm in plan.arms for own in arm):
        needed[own.row] = True
        for pushed in own.pushing.values():
            needed[pushed.row] = True
    rung, ratio = (own[: len(lives.key)] for own in room)
    found = Chains(rung, ratio, needed)
    chained(lives, plan.law, times.stream, plan.scenario.draws, count, found)
    return found


def _lives(nation: Nation, shocks: list[Shock], end: str, middles: tuple[float, ...]) -> Lives:
    """Lives of families, the chances of shocks at one end of their ranges."""
    hazard = np.zeros((len(nation), len(shocks)))
    for at, (shock, middle) in enumerate(zip(shocks, middles, strict=True)):
        hazard[:, at] = exposed.chances(shock, nation, end, middle)
    start = np.cumsum(nation.start, axis=1)
    start /= start[:, -1:]
    return Lives(
        nation.key,
        start,
        nation.spell.astype(np.int64),
        np.column_stack([nation.first, nation.index, nation.index]).astype(float),
        nation.province.codes.astype(np.int64) + 1,
        nation.stratum,
        nation.people,
        nation.families,
        hazard,
    )


def _times(scenario: Scenario, seed: int, end: str) -> Times:
    years = np.arange(scenario.years + 1)
    active = np.array([_active(one, scenario.start + years) for one in scenario.shocks], bool)
    size = np.array([one.shock.size.at(end) for one in scenario.shocks], float)
    below = scenario.growth_below
    grown = 1.0 + scenario.growth.value
    more = 1.0 if below is None else (1.0 + below.growth.value) / grown
    return Times(
        grown**years,
        more**years,
        0.0 if below is None else float(below.ratio.value),
        active.reshape(len(size), len(years)),
        size,
        np.array([one.shock.fade.at(end) for one in scenario.shocks]),
        np.uint64(stream(seed, "life")),
    )


def _grown(scenario: Scenario, end: float) -> Scenario:
    own, below = scenario.growth, scenario.growth_below
    if below is not None:
        below = replace(below, growth=replace(below.growth, value=below.growth.value + end - own.value))
    return replace(scenario, growth=replace(own, value=end), growth_below=below)


def _active(coming: Coming, years: Array) -> Array:
    return np.asarray((years >= coming.first) & (years <= coming.last))


def _none(years: int, shocks: int) -> Help:
    none, empty = np.zeros(0, np.int64), np.zeros((0, years + 1))
    return Help(empty, empty, np.zeros((0, years + 1, shocks)), np.empty(0), none, none, np.zeros((0, 1), np.int64))


def _help(own: Helped, nation: Nation, names: tuple[tuple[str, str], ...]) -> Help:
    groups = np.column_stack([*groups_of(nation, own.row, own.scheme, names)]).astype(np.int64)
    return Help(np.exp(own.log_gain), own.line_gain, own.shield, own.reach, own.entry, own.end, groups)


def _group_names(nation: Nation, scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """Groups that gains are told for: kind and name."""
    most = max((len(arm.schemes) for arm in scenario.arms), default=0)
    kinds = {"scheme": [f"{at}" for at in range(most)], "place": ["rural", "urban"],
             "desil": [f"{at}" for at in range(1, 11)], "size": ["1-2", "3-4", "5+"],
             "section": nation.section.names, "province": nation.province.names}  # fmt: skip
    return tuple((kind, name) for kind, names in kinds.items() for name in names)


def groups_of(nation: Nation, row: Array, scheme: Array, names: tuple[tuple[str, str], ...]) -> Iterator[Array]:
    """Number of the group of each touched family, kind by kind, m each; -1 where not known.

    row : m rows of the nation. scheme : number of its scheme in the arm, -1 for who is pushed down.
    """
    first = {kind: at for at, (kind, _) in reversed(list(enumerate(names)))}
    codes: dict[str, Callable[[], Array]] = {
        "scheme": lambda: scheme, "place": lambda: nation.urban[row], "desil": lambda: nation.desil[row] - 1,
             "size": lambda: np.digitize(nation.size[row], (3, 5)), "section": lambda: nation.section.codes[row],
             "province": lambda: nation.province.codes[row]}  # fmt: skip
    for kind, read in codes.items():
        code = read()
        yield np.where(code >= 0, code + first.get(kind, 0), -1)


def _needed(nation: Nation, own: Taking, poor: Array, plan: Plan) -> tuple[int, int, int]:
    scope = own.plan.scheme.eligibility
    area = np.ones(len(nation), bool)
    for coded, wanted in ((nation.province, scope.provinces), (nation.regency, scope.regencies)):
        if wanted is not None:
            area &= coded.within(dict.fromkeys(wanted, 1)) > 0
    need = nation.families * poor[:, own.plan.first - plan.scenario.start].astype(np.int64)
    reached = nation.families[own.row].sum() * plan.scenario.draws
    return int(need[area].sum()), int(need[own.row].sum()), int(reached)
