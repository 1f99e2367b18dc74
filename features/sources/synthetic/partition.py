"""One partition of families, from its first period to its last: the unit of work of a process."""

from __future__ import annotations

import numpy as np

from features.sources.synthetic import (
    dwelling,
    events,
    figures,
    kin,
    law,
    lives,
    people,
    ranking,
    schooling,
    welfare,
    work,
)
from features.sources.synthetic.law import per_period
from features.sources.synthetic.record import Record
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import HORIZONS, World
from features.types import Array

CHRONIC = np.array([0.01, 0.02, 0.05, 0.12, 0.25, 0.38])
DISABLED = np.array([0.008, 0.01, 0.015, 0.03, 0.07, 0.18])
"""Share with a chronic illness and with a functional difficulty by age group: assumptions, no national figure
was found; the parameters `chronic` and `disabled` scale them."""


class Town:
    """The families of a partition and all their states; `step` moves them one period on."""

    def __init__(self, world: World, partition: int, count: int, *, clean: bool = False) -> None:
        self.world, self.partition, self.period = world, partition, 0
        families = people.settle(world, partition, count)
        persons = people.compose(world, partition, families)
        self.families, self.persons = lives.plan(world, partition, families, persons)
        self.kin = kin.Kin(world, partition, self.families, self.persons)
        self.changes = kin.Changes.of()
        self.level = schooling.levels(world, self.families, self.persons)
        self.work = work.Work(world, partition, self.families, self.persons, self.level)
        draw = stream(world.seed, partition, Purpose.PERSON, 1)
        self._health = draw.random((2, len(self.persons)))
        self._ill = np.zeros(len(self.persons), dtype=bool)
        count = len(self.families)
        self.noise = stream(world.seed, partition, Purpose.PROGRAMME).standard_normal((3, count))
        self._observe()
        farm = events.farm_families(world, self.families.stratum, self.work.job, self.earner)
        size = np.maximum(np.bincount(self.persons.family, self.present, count), 1.0)
        self.house = dwelling.Dwelling(world, partition, self.families, size, farm)
        self.welfare = welfare.start(world, partition, self.families.permanent, world.displacement(self.exposure))
        self._recent_losses()
        self.shocks = events.Shocks(np.full(count, events.NONE), np.zeros(count), np.zeros(count, dtype=bool))
        self.alive = np.ones(count, dtype=bool)
        self.record = Record(world, partition, self.province, self.persons.family, self.persons.sex, clean=clean)
        self._measure()
        self._look(np.ones(count, dtype=bool))

    @property
    def province(self) -> Array:
        """Province of each family, index in the 38."""
        return self.world.strata.province[self.families.stratum]

    @property
    def present(self) -> Array:
        """Who is a member now, by person."""
        return self.kin.present

    @property
    def exists(self) -> Array:
        """Which families there are now."""
        return self.kin.exists

    def _recent_losses(self) -> None:
        """Earners who lost their job before the first period and still look for one."""
        cause, displaced = events.rates(self.world, self.families.permanent, self.exposure)
        share = self.world.parameters.job_loss_share
        rate, earns = share * cause + displaced, self.earner >= 0
        draw, past = stream(self.world.seed, self.partition, Purpose.CONSEQUENCE).random((2, len(self.families)))
        usual = share * cause + per_period(self.world.parameters.displacement_rate, self.world.per_year)
        self.work.scar(self.earner[earns], past[earns], usual[earns])
        stock = self.work.out_of_work(rate)
        self.work.lose(self.earner[(draw < stock) & earns], 0)
        self._observe()

    def step(self) -> None:
        """Ageing, moves, work, shocks and their consequences, then a new measurement and a new look."""
        self.period += 1
        world, period = self.world, self.period
        moved = self._move()
        self.work.step(period, self.years)
        rate = events.rates(world, self.families.permanent, self.exposure)
        farm = events.farm_families(world, self.families.stratum, self.work.job, self.earner)
        self.shocks = events.draw(world, self.partition, period, self.province, farm, rate, self.kin.wed >= 0)
        self._consequences()
        self.changes = self.kin.step(period, moved)
        formed = self.changes.family[self.changes.kind == kin.FORMED]
        self._follow(formed)
        normal = stream(world.seed, self.partition, Purpose.WELFARE, period).standard_normal(len(self.families))
        self.welfare.step(world, normal, self.shocks.drop)
        self.house.step(period)
        self._observe()
        self._measure()
        self._attrition()
        seen = np.zeros(len(self.families), dtype=bool)
        seen[formed] = seen[moved] = True
        self._look(seen)

    def _move(self) -> Array:
        """Some families move: within the province or anywhere, to where people live; the welfare score is kept."""
        world, families, chosen = self.world, self.families, self.world.parameters
        uniform = stream(world.seed, self.partition, Purpose.MOVE, self.period).random((5, len(families)))
        rate = float(per_period(chosen.move_rate, world.per_year))
        rows = np.flatnonzero(self.exists & (uniform[0] < rate))
        far, place, spot, lost = uniform[1:, rows]
        stratum = world.strata.elsewhere(families.stratum[rows], far < chosen.move_far, place)
        regency = world.regencies.pick(stratum, spot)
        gone = (stratum != families.stratum[rows]) | (regency != families.regency[rows])
        rows = rows[gone]
        families.stratum[rows], families.regency[rows] = stratum[gone], regency[gone]
        self.alive[rows] &= lost[gone] >= chosen.move_lost
        if len(rows):
            self.house.move(rows)
            self.record.place(self.province)
            mine = np.isin(self.persons.family, rows) & self.present & (self.activity == work.EMPLOYED)
            self.work.move(np.flatnonzero(mine), self.period)
        return rows

    def _follow(self, formed: Array) -> None:
        """Those who found a family bring what they are; the survey follows them where it still met their parents."""
        rows = np.flatnonzero((self.persons.twin >= 0) & np.isin(self.persons.family, formed))
        before = self.persons.twin[rows]
        origin = self.persons.family[self.families.founder[formed]]
        self.alive[formed] = self.alive[origin]
        self.families.stratum[formed] = self.families.stratum[origin]
        self.families.regency[formed] = self.families.regency[origin]
        self.work.follow(rows, before)
        self._health[:, rows], self._ill[rows] = self._health[:, before], self._ill[before]
        if len(formed):
            self.house.move(formed)
            self.record.place(self.province)

    def _consequences(self) -> None:
        kind, persons = self.shocks.kind, self.persons
        lost = np.isin(kind, (events.JOB_LOSS, events.LAYOFF)) & (self.earner >= 0)
        self.work.lose(self.earner[lost], self.period)
        persons.death[self.kin.head[kind == events.DEATH]] = self.period
        draw = stream(self.world.seed, self.partition, Purpose.CONSEQUENCE, self.period).random(len(persons))
        self._ill |= (kind == events.ILLNESS)[persons.family] & (draw < np.where(self.years > 40, 0.35, 0.08))

    def _observe(self) -> None:
        """What is true of everyone now: ages, school, work and the main earner."""
        persons = self.persons
        self.years = np.floor(persons.age + self.period / self.world.per_year + 1e-9).astype(np.int64)
        self.years = np.maximum(self.years, 0)
        self.education, self.school = schooling.standing(self.level, self.years)
        self.school &= ~self.kin.bound()
        self.activity = self.work.activity(self.years, self.school)
        self.earner = self.work.main_earner(self.present & (self.activity == work.EMPLOYED), self.kin.head)
        self.exposure = self.work.exposure(self.earner)

    def _measure(self) -> None:
        world, stratum = self.world, self.families.stratum
        count = len(self.families)
        normal = stream(world.seed, self.partition, Purpose.MEASURE, self.period).standard_normal(count)
        self.score = self.welfare.score(world)
        start, date = world.given(self.period, self.period), figures.when(world.periods[self.period])
        measured = self.score + world.parameters.error * normal
        self.true_ratio = np.exp(world.spread.log_ratio(world.ranks.rank(self.score), stratum, start, date))
        self.normal = world.ranks.rank(measured)
        self.ratio = np.exp(world.spread.log_ratio(self.normal, stratum, start, date))
        self.consumption = np.round(self.ratio * world.lines[self.period][stratum])

    def _attrition(self) -> None:
        """Some families are not found again, the well-off and the shaken more often; none comes back."""
        chosen, count = self.world.parameters, len(self.families)
        hazard = chosen.attrition * np.exp(chosen.attrition_slope * self.normal
                                           + chosen.attrition_shock * (self.shocks.kind >= 0))  # fmt: skip
        draw = stream(self.world.seed, self.partition, Purpose.ATTRITION, self.period).random(count)
        self.alive &= draw > np.minimum(hazard / self.world.per_year, 0.9)

    def _look(self, new: Array) -> None:
        self.record.look(self.period, self.house.columns, self._facts(), self.present, self.years, new & self.exists)

    def _facts(self) -> dict[str, Array]:
        """True cells of every person by contract column (`job` stands for sector and occupation)."""
        jobs, years, act = self.work, self.years, self.activity
        group, chosen = np.digitize(years, work.AGES), self.world.parameters
        disabled = self._health[0] < chosen.disabled * DISABLED[group]
        ill = (self._health[1] < chosen.chronic * CHRONIC[group]) | self._ill
        reason = np.select([years < 7, self.school, disabled, (years >= 58) & (self._health[1] > 0.6), years >= 15],
                           [work.SMALL_CHILD, work.STUDENT, work.DISABLED, work.PENSIONER, work.HOUSEWORK],
                           work.NO_REASON)  # fmt: skip
        reason = np.where((reason == work.HOUSEWORK) & (self.persons.sex == people.MAN), work.NO_REASON, reason)
        return {
            "relation": self.persons.relation, "marital": self._marital(), "education": self.education,
            "literate": (years >= 7) & (self.education > 0), "in_school": self.school, "activity": act,
            "inactive_reason": np.where(act == work.INACTIVE, reason, -1), "job": jobs.job, "status": jobs.status,
            "formal": jobs.formal, "permanent": jobs.lasting, "hours": jobs.hours, "firm_size": jobs.firm,
            "public": jobs.formal & np.isin(self.world.jobs.section[jobs.job], self.world.jobs.public),
            "underemployed": (jobs.hours < 35) & (self._health[1] > 0.7), "chronic_illness": ill,
            "disability": disabled,
        }  # fmt: skip

    def _marital(self) -> Array:
        relation, years, persons = self.persons.relation, self.years, self.persons
        married = self.kin.married()
        was = (persons.partner >= 0) & (persons.enter[persons.partner] <= self.period) & ~married
        alone = np.select([years > 48, years < 30], [4, 0], 3)
        return np.select([married, was | (relation == people.PARENT), relation == people.HEAD, years < 30],
                         [1, 4, alone, 0], 0)  # fmt: skip

    def matrix(self) -> Array:
        """What the register's ranking looks at."""
        return ranking.matrix(self.world, self.families, self.record, self.years, self.persons.family)

    def risks(self) -> dict[int, Array]:
        """True risk of being measured poor 1, 2, 4 and 8 periods ahead, given the whole state now.

        Shocks ahead and the error of measurement are integrated out; the main earner's exposure is taken to
        stay as it is, and food prices to rise as they do in the mean.
        """
        world, welfare_now = self.world, self.welfare
        rate = law.total_rate(*events.rates(world, self.families.permanent, self.exposure))
        marks = welfare_now.ahead(world)
        out = {}
        for h in HORIZONS:
            keep = world.parameters.persistence ** (h / world.per_year)
            known = welfare_now.permanent + world.parameters.spread * keep * welfare_now.passing + marks[h - 1]
            cut = world.cut(self.period + h, self.period)[self.families.stratum]
            out[h] = world.risks[h].risk(cut - known, rate)
        return out
