"""Who works, at what and on which terms; how jobs are lost, found and changed."""

from __future__ import annotations

import numpy as np

from features.sources.synthetic import figures
from features.sources.synthetic.jobs import BAND_CUTS, ORDER
from features.sources.synthetic.law import per_period
from features.sources.synthetic.people import CHILD, HEAD, MAN, NEVER, SPOUSE, Families, Persons
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

AGES = (20, 25, 55, 65, 75)
WORKING = np.array([[0.45, 0.88, 0.97, 0.88, 0.62, 0.35], [0.30, 0.52, 0.58, 0.55, 0.33, 0.12]])
"""Share in the labour force by sex and age group, out of school: an assumption near the published total."""

SEEKING = np.array([0.08, 0.06, 0.010, 0.004, 0.0, 0.0])
"""Share of the labour force without work by age group, apart from those whom a shock put out of work; scaled to
each province's published rate."""

_FORMAL = {"A": -1.4, "T": -1.5, "F": -0.3, "E": 0.0, "G": -0.3, "I": -0.3, "S": -0.8, "H": -0.3, "C": 0.5, "N": 0.7,
           "R": -0.3, "L": 0.2, "P": 1.1, "Q": 1.1, "O": 2.2, "M": 0.7, "B": 0.6, "D": 1.2, "J": 0.6,
           "K": 1.4}  # fmt: skip
FORMAL = np.array([_FORMAL[letter] for letter in ORDER])
_BAND = {"A": -0.7, "F": -0.4, "T": -1.0, "P": 1.4, "Q": 1.0, "J": 0.8, "K": 0.6, "M": 0.9, "O": 0.5}
BAND = np.array([_BAND.get(letter, 0.0) for letter in ORDER])
"""Shifts of formality and of the skill band by section: assumptions; the intercept meets 42.2 % formal."""

FORMAL_START = -0.13
EMPLOYER, OWN, EMPLOYEE, CASUAL, UNPAID = range(5)
EMPLOYED, UNEMPLOYED, INACTIVE = range(3)
STUDENT, HOUSEWORK, SMALL_CHILD, DISABLED, PENSIONER, NO_REASON = 2, 3, 4, 5, 0, 6


class Work:
    """Working lives of a partition's persons, arrays of shape (persons,)."""

    def __init__(self, world: World, partition: int, families: Families, persons: Persons, level: Array) -> None:
        self._world, self._partition, self._families, self._persons = world, partition, families, persons
        count = len(persons)
        draw = stream(world.seed, partition, Purpose.WORK_START)
        uniform, normal = draw.random((4, count)), draw.standard_normal((4, count))
        own = families.skill[persons.family]
        self._skill = np.where(persons.relation == HEAD, own, 0.7 * own + 0.71 * normal[0])
        self._level = level
        self._taste = uniform[0]
        self.pay_noise = normal[3]
        self.searching = uniform[1] < self._jobless(persons.age)
        self.job = np.zeros(count, dtype=np.int64)
        self.formal = np.zeros(count, dtype=bool)
        self.status = np.zeros(count, dtype=np.int64)
        self.hours = np.zeros(count)
        self.firm = np.zeros(count, dtype=np.int64)
        self.lasting = np.zeros(count, dtype=bool)
        self._scarred = np.zeros(count, dtype=bool)
        everyone = np.arange(count)
        self._hire(everyone, draw.random((6, count)), draw.standard_normal((3, count)))

    def _jobless(self, age: Array) -> Array:
        rate = figures.by_province("unemployment") / figures.national("unemployment")
        place = self._world.strata.province[self._families.stratum][self._persons.family]
        return np.minimum(SEEKING[np.digitize(age, AGES)] * rate[place], 0.6)

    def _hire(self, who: Array, uniform: Array, normal: Array) -> None:
        """Draw a job for these persons: section by skill and place, band by skill and schooling."""
        jobs = self._world.jobs
        family = self._persons.family[who]
        urban = self._world.urban[self._families.stratum[family]]
        skill = self._skill[who]
        section = np.digitize((skill + np.where(urban > 0, 0.5, -0.7) + 0.8 * normal[0]) / 1.41, jobs.cuts)
        school = (self._level[who] - 3.0) / 1.6
        band = np.digitize((0.5 * skill + 0.55 * school + 0.65 * normal[1]) / 1.12 + BAND[section], BAND_CUTS)
        band = np.where(self._level[who] < 4, np.minimum(band, 1), band)
        self.job[who] = jobs.pick(section, band, uniform[0])
        from scipy.special import ndtr

        chance = ndtr(FORMAL_START + 0.5 * skill + 0.3 * urban + FORMAL[section])
        chance = np.where(self._scarred[who], chance * (1 - self._world.parameters.informal_after_loss), chance)
        self._terms(who, uniform[1] < chance, uniform, normal[2])

    def _terms(self, who: Array, formal: Array, uniform: Array, normal: Array) -> None:
        alone = self._persons.relation[who] == HEAD
        helper = np.isin(self._persons.relation[who], (SPOUSE, CHILD))
        informal = np.where(uniform[2] < np.where(helper, 0.38, np.where(alone, 0.0, 0.2)), UNPAID,
                            np.where(uniform[3] < 0.20, CASUAL, OWN))  # fmt: skip
        self.formal[who] = formal
        self.status[who] = np.where(formal, np.where(uniform[2] < 0.08, EMPLOYER, EMPLOYEE), informal)
        base = np.where(self.status[who] == UNPAID, 25, np.where(formal, 43, 38))
        self.hours[who] = np.round(np.clip(base + 10 * normal, 4, 90))
        self.firm[who] = np.where(formal, np.where(uniform[4] < 0.45, 2, 3), np.where(uniform[4] < 0.6, 0, 1))
        self.lasting[who] = formal & (uniform[5] < 0.7)

    def activity(self, age: Array, school: Array) -> Array:
        """Main activity at these ages: employed, unemployed or inactive."""
        persons = self._persons
        group = np.digitize(age, AGES)
        rate = WORKING[persons.sex, group]
        rate = np.where(persons.relation == HEAD, np.maximum(rate, np.where(age < 65, 0.82, rate)), rate)
        active = (age >= 15) & ~school & (self._taste < rate)
        return np.where(active, np.where(self.searching, UNEMPLOYED, EMPLOYED), INACTIVE)

    def main_earner(self, employed: Array) -> Array:
        """First employed person of each family (the head, else the spouse, ...), -1 where none works."""
        rank = np.where(employed, np.arange(len(employed)), NEVER)
        first = np.minimum.reduceat(rank, self._persons.start)
        return np.where(first == NEVER, -1, first)

    def exposure(self, earner: Array) -> Array:
        """Exposure of each family's main earner, NaN where none works."""
        return np.where(earner < 0, np.nan, self._world.jobs.exposure[self.job[np.maximum(earner, 0)]])

    def out_of_work(self, rate: Array) -> Array:
        """Share of main earners still looking for work after a loss with this probability in a period."""
        leave = float(per_period(self._world.parameters.job_search_exit, self._world.per_year))
        return np.minimum(rate / leave, 0.9)

    def lose(self, who: Array) -> None:
        """These persons lose their job and look for another, mostly an informal one."""
        self.searching[who] = True
        self._scarred[who] = True

    def step(self, period: int, age: Array) -> None:
        """Job seekers find work, workers lose it or move, one period on."""
        world = self._world
        count = len(self.job)
        draw = stream(world.seed, self._partition, Purpose.WORK, period)
        uniform = draw.random((2, count))
        leave = float(per_period(world.parameters.job_search_exit, world.per_year))
        found = self.searching & (uniform[0] < leave)
        stock = self._jobless(age)
        lost = ~self.searching & (uniform[0] < leave * stock / (1 - stock))
        moved = ~self.searching & (uniform[1] < per_period(world.parameters.job_move, world.per_year))
        self.searching = (self.searching & ~found) | lost
        who = np.flatnonzero(found | moved)
        self._hire(who, draw.random((6, len(who))), draw.standard_normal((3, len(who))))
        self._scarred[who] = False

    def earnings(self, ratio: float, score: Array, normal: Array) -> Array:
        """Monthly earnings in rupiah of every person, were they at work; NaN for unpaid family workers."""
        world, persons, family = self._world, self._persons, self._persons.family
        wage = figures.by_province("wage") / figures.national("wage")
        place = np.log(wage)[world.strata.province[self._families.stratum]][family]
        gap = np.log(figures.national("wage_men") / figures.national("wage_women"))
        log = 14.93 + 0.25 * self._skill + 0.08 * (self._level - 3) + 0.25 * self.formal + 0.8 * place
        log = log + np.where(persons.sex == MAN, 0.0, -gap) + 0.10 * np.clip(score, -6, 3)[family]
        log = log - 0.3 * (self.status == CASUAL) + 0.4 * self.pay_noise + 0.15 * normal
        pay = np.exp(log) * ratio * np.sqrt(self.hours / 40)
        return np.where(self.status == UNPAID, np.nan, np.round(pay, -3))
