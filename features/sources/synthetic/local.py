"""What makes every province reach its published schooling, participation and unemployment, and jobs their shares.

Solved on families that are never written, as though all of them lived in the province: its own families differ
in nothing else that matters here, and a small province then has as many as a large one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from features.sources.synthetic import dwelling, figures, jobs, kin, lives, people, schooling, spending, work
from features.sources.synthetic.fitted import Local
from features.sources.synthetic.law import per_period, yearly_rate
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.streams import OTHER_FAMILIES, PARTITION
from features.types import Array

if TYPE_CHECKING:
    from features.sources.synthetic.world import World

PARTITIONS = 8
FIRST = OTHER_FAMILIES + (1 << 20)
"""First partition of the families that only serve here."""


LATE = {"mean_schooling": 0.10, "participation": 0.0045}
"""What a record as old as its last look lacks of both, measured on generated families: those who have come of age or
through a school since then. The figures are held against the record, so families are fitted to this much more."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """Persons of 15 and over, arrays of shape (persons,)."""

    weight: Array
    cell: Array
    age: Array
    group: Array
    score: Array
    wed: Array
    duty: Array
    province: Array
    urban: Array
    skill: Array
    head: Array
    lost: Array


@cache
def solve(parameters: Parameters, per_year: int, start: int) -> Local:
    """Shifts of every province and cuts of the sections, the same for all seeds.

    The figures are of 2025: families of a panel that starts in the period `start` before it are read there, at the
    ages and in the shape to which they have come by then.
    """
    from features.sources.synthetic import world as worlds

    last = worlds.YEAR * per_year if per_year > 1 else worlds.YEAR
    world = worlds.make(0, (last,), per_year, PARTITION, 0, 1, False, parameters)
    found = _fit(_sample(world), world, late=False)
    if start >= last:
        return found
    # how they live until then hangs on schooling, which the first fit has met but for a little
    world = worlds.make(0, tuple(range(start, last + 1)), per_year, PARTITION, 0, 1, False, parameters)
    return _fit(_sample(replace(world, fitted=found)), world, late=True)


def _fit(sample: _Sample, world: World, *, late: bool) -> Local:
    parameters = world.parameters
    target = {name: figures.by_province(name) + late * lack for name, lack in LATE.items()}
    shift = _schooling(sample, target["mean_schooling"])
    free = _free(sample, shift)
    rates = _participation(free, target["participation"])
    idle, seeking = _search(sample, free, rates, parameters)
    cuts = _sections(sample, shift, rates)
    return Local(shift, rates, idle, seeking, cuts, {name: _item(name, world) for name in dwelling.SAFE},
                 spending.solve_food(world))  # fmt: skip


def _sample(world: World) -> _Sample:
    parts = [_persons(world, FIRST + part) for part in range(PARTITIONS)]
    return _Sample(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _persons(world: World, partition: int) -> tuple[Array, ...]:
    families = people.settle(world, partition, PARTITION)
    persons = people.compose(world, partition, families)
    last = len(world.periods) - 1
    if last:
        families, persons = lives.plan(world, partition, families, persons)
    score = schooling.score(world, families, persons)
    score = np.where(persons.twin >= 0, score[persons.twin], score)
    now = kin.Kin(world, partition, families, persons)
    for period in range(1, last + 1):
        now.step(period, np.empty(0, dtype=np.int64))
    age = np.floor(persons.age + last / world.per_year + 1e-9).astype(np.int64)
    keep = np.flatnonzero(now.present & (age >= 15))
    family, age = persons.family[keep], age[keep]
    head = (persons.relation[keep] == people.HEAD).astype(np.int64)
    group = np.digitize(age, work.AGES)
    cell = (head * 2 + persons.sex[keep]) * 6 + group
    stratum = families.stratum[family]
    # a shock takes the main earner's job: the head, or the spouse of a head who does not work
    first = work.working()[1, persons.sex[now.head], np.digitize(persons.age[now.head], work.AGES)][family]
    earner = np.where(head == 1, 1.0, np.where(persons.relation[keep] == people.SPOUSE, 1 - first, 0.0))
    chosen = world.parameters
    loss = per_period(yearly_rate(families.permanent, chosen), world.per_year) * chosen.job_loss_share
    loss = loss + per_period(chosen.displacement_rate, world.per_year)
    lost = earner * np.minimum(loss / float(per_period(chosen.job_search_exit, world.per_year)), 0.9)[family]
    return (families.weight[family], cell, age, np.digitize(age, (16, 19, 22, 23)),
            score[keep], now.bound()[keep], persons.duty[keep],
            world.strata.province[stratum], world.urban[stratum], families.skill[family], head, lost)  # fmt: skip


def _schooling(sample: _Sample, target: Array) -> Array:
    """Shift of each province's scores that meets its mean years of schooling at 15 and over."""
    gain = np.diff(schooling.YEARS)
    groups = []
    for group, duty in product(range(5), (False, True)):  # those still at school count the level they have finished
        mine = np.flatnonzero((sample.group == group) & (sample.duty == duty))
        order = mine[np.argsort(sample.score[mine])]
        total = np.concatenate([[0.0], np.cumsum(sample.weight[order])]) / sample.weight.sum()
        groups.append((sample.score[order], total, group + 2, schooling.COMPULSORY if duty else 0))

    def mean(shift: Array) -> Array:
        out = np.zeros(len(shift))
        for score, total, top, sure in groups:
            place = np.searchsorted(score, schooling.CUTS[None, :top] - shift[:, None])
            place[:, :sure] = 0
            out += (total[-1] - total[place]) @ gain[:top]
        return out

    return _bisect(mean, target, -5.0, 4.0)


def _free(sample: _Sample, shift: Array) -> Array:
    """Share of all people of 15 and over who are out of school, by province and cell, shape (38, 24)."""
    size = 24
    old = sample.age >= 23
    always = np.bincount(sample.cell[old], sample.weight[old], size)
    names = ("age", "cell", "score", "weight", "wed", "duty")
    age, cell, score, weight, wed, duty = (getattr(sample, name)[~old] for name in names)
    out = []
    for move in shift:
        level = np.digitize(score + move, schooling.CUTS)
        level = np.where(duty, np.maximum(level, schooling.COMPULSORY), level)
        out.append(always + np.bincount(cell, weight * ((age >= schooling.DONE_AT[level]) | wed), size))
    return np.asarray(np.array(out) / sample.weight.sum())


def _participation(free: Array, target: Array) -> Array:
    """Share in the labour force by province, head or not, sex and age group, shape (38, 2, 2, 6)."""
    from scipy.special import ndtr, ndtri

    base = ndtri(work.working()).reshape(1, 24)

    def share(shift: Array) -> Array:
        return np.asarray((free * ndtr(base + shift[:, None])).sum(axis=1))

    shift = _bisect(share, target, -3.0, 4.0)
    return np.asarray(ndtr(base + shift[:, None]).reshape(-1, 2, 2, 6))


def _search(sample: _Sample, free: Array, rates: Array, parameters: Parameters) -> tuple[Array, Array]:
    """Share of those who lose a job that look for another, and the others' rate of search by age, by province.

    The figures by province are of February; all are raised to the national one of August.
    """
    force = free * rates.reshape(len(free), 24)
    rate, people_of = figures.by_province("unemployment"), figures.by_province("people") * force.sum(axis=1)
    target = rate * figures.national("unemployment") / np.average(rate, weights=people_of)
    lost = np.bincount(sample.cell, sample.weight * sample.lost, 24) / np.bincount(sample.cell, sample.weight, 24)
    after = (force @ lost) / force.sum(axis=1)
    idle = np.minimum(1.0, parameters.shock_unemployed * target / after)
    age = np.tile(work.SEEKING, 4)

    def share(scale: Array) -> Array:
        seek = np.minimum(scale[:, None] * age, 0.6)
        none = (1 - seek) * (1 - idle[:, None] * lost)
        return np.asarray((force * (1 - none)).sum(axis=1) / force.sum(axis=1))

    scale = _bisect(share, target, 0.0, 10.0)
    return idle, np.minimum(scale[:, None] * work.SEEKING, 0.6)


def _sections(sample: _Sample, shift: Array, rates: Array) -> Array:
    """Scores that part the sections among those at work: a mixture of normals inverted at the published shares."""
    from scipy.special import ndtr

    level = np.digitize(sample.score + shift[sample.province], schooling.CUTS)
    weight = sample.weight * rates.reshape(-1, 24)[sample.province, sample.cell]
    level = np.where(sample.duty, np.maximum(level, schooling.COMPULSORY), level)
    weight = weight * ((sample.age >= schooling.DONE_AT[level]) | sample.wed)
    mean = np.where(sample.head == 1, 1.0, work.KIN_SKILL) * sample.skill + work.section_place(sample.urban)
    grid, at = np.linspace(-5, 5, 401), np.linspace(-5, 5, 2001)
    total = np.zeros(len(at))
    for head, spread in ((1, work.SECTION_NOISE), (0, float(np.hypot(work.SECTION_NOISE, work.OWN_SKILL)))):
        mine = sample.head == head
        share = np.histogram(mean[mine], np.append(grid, 5.025) - 0.0125, weights=weight[mine])[0]
        total += ndtr((at[:, None] - grid) / spread) @ share
    return np.interp(np.cumsum(jobs.shares())[:-1] / jobs.shares().sum(), total / total[-1], at)


def _item(name: str, world: World) -> Array:
    """Shift of an item's score in each province that meets its published share of safe ones, in closed form."""
    from scipy.special import ndtr, ndtri

    measure, first = dwelling.SAFE[name]
    strata, loading = world.strata, dwelling.URBAN_LOADING
    cut = ndtri(dwelling.ITEMS[name][1][first - 1])
    mean, spread = loading * dwelling.urban_place(strata.urban), np.sqrt(1 - loading**2)
    total = np.bincount(strata.province, strata.people)

    def share(shift: Array) -> Array:
        safe = strata.people * ndtr((mean + shift[strata.province] - cut) / spread)
        return np.asarray(np.bincount(strata.province, safe) / total)

    return _bisect(share, figures.by_province(measure), -5.0, 5.0)


def _bisect(rise: Callable[[Array], Array], target: Array, low: float, high: float) -> Array:
    """Where each of these rising functions takes its target."""
    least, most = np.full(len(target), low), np.full(len(target), high)
    for _ in range(36):
        middle = (least + most) / 2
        short = rise(middle) < target
        least, most = np.where(short, middle, least), np.where(short, most, middle)
    return np.asarray((least + most) / 2)
