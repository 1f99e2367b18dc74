"""Which jobs in which industries a worker could look into, and why: openings, never promises or duties.

Nothing is read of a person but schooling, occupation, industry and place. A job is within reach where its skill level
is not above what schooling or the present job opens and not below that of the present job; the nearest come first
(`occupations.distance`), then those in industries with more new jobs, and half are of a higher level where schooling
opens one. Which jobs an industry has is jobs.csv, this
project's own choice of typical unit groups, since no table of occupations by industry is published for Indonesia.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from features import reference
from models.compass import occupations, table
from models.compass.measures import TASKS
from models.compass.occupations import all_occupations, level, shared, tasks_apart
from models.compass.table import Cell, Place

MOST, A_SECTION, A_GROUP = 6, 2, 1
"""Openings at most for a worker, of one section, and of one group of three digits."""
REGULATED = ("0", "11", "22", "23", "32", "261", "315")
"""Armed forces, legislators, health, teaching, law, ships and aircraft: they ask for a licence or an appointment, so
they are openings only to those who work in the same group of two digits."""
MIDDLE = 3
"""Skill level from which the field of schooling matters, which no table knows."""
WAGES = {"none": "primary", "primary_incomplete": "primary"}
"""Schooling to the class of the tables of wages, where they differ."""

_USUAL = {1: "primary", 2: "lower_secondary", 3: "diploma", 4: "degree"}
"""Skill level to the least schooling that opens it (`occupations.SCHOOLING`)."""
NO_TRADE = ("9622", "9624", "9629")
"""Odd jobs, water and firewood that a household mostly gathers for itself, labour that is not specified: no table gives
them a share of the industry under which they stand, so its wage and growth say nothing of them."""

Job = tuple[str, str]
"""Section and unit group."""


@dataclass(frozen=True, slots=True)
class Worker:
    """What counts of a worker; empty where not known.

    occupation : up to four digits of KBJI or ISCO-08. section : letter of KBLI 2020. schooling : of
        `contract.EDUCATION`. working : False for one who looks for work.
    """

    occupation: str = ""
    section: str = ""
    schooling: str = ""
    working: bool = True

    @property
    def attained(self) -> int:
        """Skill level that schooling or the present job opens; 0 where neither is known."""
        own = level(self.occupation) if self.occupation else 0
        return max(occupations.SCHOOLING.get(self.schooling, 0), own)


@dataclass(frozen=True, slots=True)
class Opening:
    """A job in an industry.

    Attributes
    ----------
    apart, shared, tasks : distance 0 to 1, digits shared, tasks apart (None: not known); None where the worker's
        occupation is not known.
    exposure : by measure, of this job; None where not known.
    wage : mean of the industry in the place, or in the nation. schooled : in the nation at `schooling_of`.
    growth : change of the industry's jobs in a year, in the nation.
    """

    section: str
    occupation: str
    level: int
    apart: float | None
    shared: int | None
    tasks: float | None
    exposure: dict[str, float | None]
    wage: Cell | None
    schooled: Cell | None
    growth: Cell | None

    @property
    def asks_field(self) -> bool:
        """Whether schooling of a certain field is usual."""
        return self.level >= MIDDLE


@dataclass(frozen=True, slots=True)
class Prospect:
    """A worker, how exposed the present job is now, the openings, and what is not known.

    Attributes
    ----------
    exposure : by measure; of the occupation, or of the industry's typical jobs (`of_section`).
    missing : `occupation`, `section`, `schooling`, or `openings` where nothing is within reach.
    """

    worker: Worker
    exposure: dict[str, float | None]
    of_section: bool
    openings: tuple[Opening, ...]
    missing: tuple[str, ...]


NOT_KNOWN = ("vacancies", "field", "travel", "local")
"""What is known of no worker: vacancies by industry, field of schooling and certificates, the way to work, and jobs of
an industry in the province."""


def prospect(worker: Worker, place: Place) -> Prospect:
    """Openings of one worker.

    Parameters
    ----------
    place : the compass of the province in which the household lives; that of the nation where it is not known.
    """
    missing = [name for name in ("occupation", "section", "schooling") if not getattr(worker, name)]
    found = _found(worker, place)
    if not found:
        missing.append("openings")
    of_section = not worker.occupation and bool(worker.section)
    return Prospect(worker, _now(worker, place), of_section, tuple(found), tuple(missing))


def _now(worker: Worker, place: Place) -> dict[str, float | None]:
    if worker.occupation:
        return {key: _exposure(worker.occupation, key) for key in TASKS}
    cells = {key: place.cell(worker.section, key) for key in TASKS}
    return {key: None if cell is None else cell.value for key, cell in cells.items()}


def _exposure(code: str, key: str) -> float | None:
    return table.exposure(code.ljust(4, "0"), key)


def _found(worker: Worker, place: Place) -> list[Opening]:
    if not worker.attained:
        return []
    near = sorted((job for job in _jobs() if within_reach(worker, *job)), key=lambda job: _order(worker, place, *job))
    now = level(worker.occupation) if worker.occupation else 0
    # Half of the room is kept for jobs of a higher level, which lie farther off by their codes.
    first = _spread([job for job in near if level(job[1]) > now], MOST // 2, []) if now else []
    found = _spread([job for job in near if level(job[1]) == now], MOST - len(first), first)
    found = _spread(near, MOST - len(found), found)
    return [_opening(worker, *job, place) for job in near if job in found]


def _spread(near: Sequence[Job], most: int, taken: Sequence[Job]) -> list[Job]:
    """The nearest of different groups and few of one section, beside those taken; with `taken` at the front."""
    found = list(taken)
    sections = Counter(section for section, _ in found)
    groups = Counter(code[:3] for _, code in found)
    for section, code in near:
        full = sections[section] == A_SECTION or groups[code[:3]] == A_GROUP
        if len(found) - len(taken) < most and not full:
            found.append((section, code))
            sections[section] += 1
            groups[code[:3]] += 1
    return found


def within_reach(worker: Worker, section: str, code: str) -> bool:
    """Whether a job in an industry is an opening to a worker."""
    now = worker.occupation
    if (section, code) == (worker.section, now) or (now and not worker.section and code == now):
        return False
    if any(code.startswith(group) for group in REGULATED) and code[:2] != now[:2]:
        return False
    least = level(now) if now else max(1, worker.attained - 1)
    return least <= level(code) <= worker.attained


def _opening(worker: Worker, section: str, code: str, place: Place) -> Opening:
    now = worker.occupation
    return Opening(
        section, code, level(code), occupations.distance(now, code) if now else None,
        shared(now, code) if now else None, tasks_apart(now, code) if now else None,
        {key: _exposure(code, key) for key in TASKS}, place.cell(section, "wage"),
        table.schooled(section, schooling_of(worker, code)), place.cell(section, "jobs_growth"),
    )  # fmt: skip


def standing(exposure: Mapping[str, float | None]) -> tuple[int, int, int]:
    """Measures by which a job is in the quarter of all unit groups that is least exposed, in that which is most
    exposed, and those known of it. For whom there is no present job to hold it against.

    In a quarter is a value that no more than a quarter of the unit groups reach: of a measure that is 0 for most, 0 is
    in neither.
    """
    known = {key: value for key, value in exposure.items() if value is not None}
    every = {key: _values(key) for key in known}
    return (sum(4 * bisect_right(every[key], value) <= len(every[key]) for key, value in known.items()),
            sum(4 * (len(every[key]) - bisect_left(every[key], value)) <= len(every[key])
                for key, value in known.items()), len(known))  # fmt: skip


@cache
def _values(key: str) -> tuple[float, ...]:
    """A measure of all unit groups that have it, rising."""
    return tuple(sorted(value for code in all_occupations() if (value := _exposure(code, key)) is not None))


def schooling_of(worker: Worker, code: str) -> str:
    """Schooling at which the wage of a job is told: the worker's own, else that which the level of the job asks for,
    since the mean of an industry is that of managers too."""
    own = worker.schooling or _USUAL[level(code)]
    return WAGES.get(own, own)


def _order(worker: Worker, place: Place, section: str, code: str) -> tuple[float, int, float, str, str]:
    growth = place.cell(section, "jobs_growth")
    apart = round(occupations.distance(worker.occupation, code), 2) if worker.occupation else 0.0
    return apart, -level(code), 0.0 if growth is None else -growth.value, section, code


@cache
def _jobs() -> tuple[Job, ...]:
    """Typical jobs of the sections, each once."""
    known = all_occupations()
    return tuple(dict.fromkeys((row["section"], row["occupation"]) for row in reference.rows("jobs.csv")
                               if row["occupation"] in known and row["occupation"] not in NO_TRADE))  # fmt: skip


def household(workers: Sequence[Worker], place: Place) -> tuple[Prospect, ...]:
    """Openings of each worker of a household, in the order given."""
    return tuple(prospect(worker, place) for worker in workers)
