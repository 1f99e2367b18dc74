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
"""Shape by age group of the share of the labour force without work, apart from those whom a shock put out of
work; scaled so that each province reaches its published rate."""

KIN_SKILL, OWN_SKILL = 0.70, 0.71
"""Skill of a member who is not the head: share of the head's and spread of the rest."""

SECTION_NOISE = 0.8

_FORMAL = {"A": -1.4, "T": -1.5, "F": -0.3, "E": 0.0, "G": -0.3, "I": -0.3, "S": -0.8, "H": -0.3, "C": 0.5, "N": 0.7,
           "R": -0.3, "L": 0.2, "P": 1.1, "Q": 1.1, "O": 2.2, "M": 0.7, "B": 0.6, "D": 1.2, "J": 0.6,
           "K": 1.4}  # fmt: skip
FORMAL = np.array([_FORMAL[letter] for letter in ORDER])
_BAND = {"A": -0.7, "F": -0.4, "T": -1.0, "P": 1.4, "Q": 1.0, "J": 0.8, "K": 0.6, "M": 0.9, "O": 0.5}
BAND = np.array([_BAND.get(letter, 0.0) for letter in ORDER])
"""Shifts of formality and of the skill band by section: assumptions; the intercept meets 42.2 % formal."""

FORMAL_START = 0.110
EMPLOYER_SHARE = 0.082
"""Of formal jobs: the formal who are not employees."""
CASUAL_SHARE, ASSISTED_SHARE = 0.20, 0.362
"""Of the paid informal, casual workers and those whom unpaid or irregular workers assist (an employer in the contract's
terms, which has no code of its own for them); together they bring the own-account to their published share."""

WAGE = 14.636
WAGE_LEVEL = np.array([-0.455, -0.375, -0.295, 0.0, 0.08, 0.14, 0.183])
WAGE_GAP = 0.183
_PAY = {"J": 0.13, "K": -0.02, "D": 0.06, "B": 0.10, "R": -0.49, "S": -0.49, "T": -0.49}
WAGE_SECTION = np.array([_PAY.get(letter, 0.0) for letter in ORDER])
"""Intercept, schooling, women's gap and sections of log pay: meet the published mean pay of employees, of men, women,
degree, primary or less, and the sections published (August 2025), half-way between people as they are and as the
survey records them: its wrong cells mix levels and terms."""

EMPLOYER, OWN, EMPLOYEE, CASUAL, UNPAID = range(5)
EMPLOYED, UNEMPLOYED, INACTIVE = range(3)
STUDENT, HOUSEWORK, SMALL_CHILD, DISABLED, PENSIONER, NO_REASON = 2, 3, 4, 5, 0, 6


def working() -> Array:
    """Share in the labour force by head or not, sex and age group, shape (2, 2, 6), before its fit by province."""
    head = WORKING.copy()
    head[:, :4] = np.maximum(head[:, :4], 0.82)
    return np.stack([WORKING, head])


def section_place(urban: Array) -> Array:
    """What a place adds to the score that parts the sections."""
    return np.where(urban > 0, 0.5, -0.7)


class Work:
    """Working lives of a partition's persons, arrays of shape (persons,)."""

    def __init__(self, world: World, partition: int, families: Families, persons: Persons, level: Array) -> None:
        self._world, self._partition, self._families, self._persons = world, partition, families, persons
        count = len(persons)
        draw = stream(world.seed, partition, Purpose.WORK_START)
        uniform, normal = draw.random((4, count)), draw.standard_normal((4, count))
        own = families.skill[persons.family]
        self._skill = np.where(persons.relation == HEAD, own, KIN_SKILL * own + OWN_SKILL * normal[0])
        self._level, self._start = level, persons.start
        self._taste, self._luck = uniform[0], uniform[2]
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

    @property
    def _province(self) -> Array:
        return self._world.strata.province[self._families.stratum][self._persons.family]

    def _jobless(self, age: Array) -> Array:
        return np.asarray(self._world.local.seeking[self._province, np.digitize(age, AGES)])

    def _hire(self, who: Array, uniform: Array, normal: Array, same: Array | None = None) -> None:
        """Draw a job for these persons: section by skill and place, or the `same` as before; band by schooling too."""
        jobs = self._world.jobs
        family = self._persons.family[who]
        urban = self._world.urban[self._families.stratum[family]]
        skill = self._skill[who]
        section = np.digitize(skill + section_place(urban) + SECTION_NOISE * normal[0], self._world.local.sections)
        if same is not None:
            section = np.where(same, jobs.section[self.job[who]], section)
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
                            np.where(uniform[3] < CASUAL_SHARE, CASUAL,
                                     np.where(uniform[3] > 1 - ASSISTED_SHARE, EMPLOYER, OWN)))  # fmt: skip
        self.formal[who] = formal
        self.status[who] = np.where(formal, np.where(uniform[2] < EMPLOYER_SHARE, EMPLOYER, EMPLOYEE), informal)
        base = np.where(self.status[who] == UNPAID, 25, np.where(formal, 43, 38))
        self.hours[who] = np.round(np.clip(base + 10 * normal, 4, 90))
        self.firm[who] = np.where(formal, np.where(uniform[4] < 0.45, 2, 3), np.where(uniform[4] < 0.6, 0, 1))
        self.lasting[who] = formal & (uniform[5] < 0.7)

    def activity(self, age: Array, school: Array) -> Array:
        """Main activity at these ages: employed, unemployed or inactive."""
        persons = self._persons
        group = np.digitize(age, AGES)
        head = (persons.relation == HEAD).astype(np.int64)
        rate = self._world.local.working[self._province, head, persons.sex, group]
        active = (age >= 15) & ~school & (self._taste < rate)
        return np.where(active, np.where(self.searching, UNEMPLOYED, EMPLOYED), INACTIVE)

    def main_earner(self, employed: Array, head: Array) -> Array:
        """The head of each family where employed, else its first employed person, -1 where none works."""
        rank = np.where(employed, np.arange(len(employed)), NEVER)
        first = np.minimum.reduceat(rank, self._start)
        first = np.where((head >= 0) & employed[head], head, first)
        return np.where(first == NEVER, -1, first)

    def exposure(self, earner: Array) -> Array:
        """Exposure of each family's main earner, NaN where none works."""
        return np.where(earner < 0, np.nan, self._world.jobs.exposure[self.job[np.maximum(earner, 0)]])

    def out_of_work(self, rate: Array) -> Array:
        """Share of main earners still looking for work after a loss with this probability in a period."""
        leave = float(per_period(self._world.parameters.job_search_exit, self._world.per_year))
        return np.minimum(rate / leave, 0.9)

    def scar(self, who: Array, uniform: Array, rate: Array) -> None:
        """Some of these persons, by their rate of loss in a period, hold the job they took after an earlier loss.

        Without them informal work would grow for years, until losses and moves balance.
        """
        move = float(per_period(self._world.parameters.job_move, self._world.per_year))
        hurt = who[uniform < rate / (rate + move)]
        self._take_any(hurt, stream(self._world.seed, self._partition, Purpose.SCAR))

    def lose(self, who: Array, period: int) -> None:
        """These persons lose their job: some look for another, the others take one at once, mostly informal."""
        idle = self._luck[who] < self._world.local.idle[self._province[who]]
        self.searching[who[idle]] = True
        self._scarred[who[idle]] = True
        self._take_any(who[~idle], stream(self._world.seed, self._partition, Purpose.REHIRE, period))

    def _take_any(self, who: Array, draw: np.random.Generator) -> None:
        """These persons take a job as people do who have just lost one."""
        self._scarred[who] = True
        self._hire(who, draw.random((6, len(who))), draw.standard_normal((3, len(who))))
        self._scarred[who] = False

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
        again, *rest = draw.random((7, len(who)))
        same = moved[who] & (again < world.parameters.same_section)
        self._hire(who, np.array(rest), draw.standard_normal((3, len(who))), same)
        self._scarred[who] = False

    def move(self, who: Array, period: int) -> None:
        """These persons work where their family has moved to."""
        draw = stream(self._world.seed, self._partition, Purpose.MOVE, 1 << 20 | period)
        self._hire(who, draw.random((6, len(who))), draw.standard_normal((3, len(who))))

    def follow(self, rows: Array, before: Array) -> None:
        """The same persons in a family of their own: `rows` go on where `before` left off."""
        for state in (self._taste, self._luck, self.pay_noise, self.searching, self.job, self.formal, self.status,
                      self.hours, self.firm, self.lasting, self._scarred):  # fmt: skip
            state[rows] = state[before]

    def earnings(self, ratio: float, score: Array, normal: Array) -> Array:
        """Monthly earnings in rupiah of every person, were they at work; NaN for unpaid family workers."""
        persons, family = self._persons, self._persons.family
        wage = np.log(figures.by_province("wage") / figures.national("wage"))
        log = WAGE + 0.25 * self._skill + WAGE_LEVEL[self._level] + 0.25 * self.formal + 0.8 * wage[self._province]
        log = log - np.where(persons.sex == MAN, 0.0, WAGE_GAP) + 0.10 * np.clip(score, -6, 3)[family]
        log = (
            log
            + WAGE_SECTION[self._world.jobs.section[self.job]]
            - 0.3 * (self.status == CASUAL)
            + 0.4 * self.pay_noise
            + 0.15 * normal
        )
        pay = np.exp(log) * ratio * np.sqrt(self.hours / 40)
        return np.where(self.status == UNPAID, np.nan, np.round(pay, -3))
