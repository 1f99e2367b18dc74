"""How far two occupations lie apart: shared digits of KBJI (ISCO-08) and shared kinds of tasks; and who may enter one.

The distance is the mean of two parts, each 0 (the same) to 1: digits of the code that are not shared, over four; and
half the summed difference of the shares of five kinds of tasks (`TASKS`, Mihaylov & Tijdens 2019) of the two unit
groups. Where the tasks of one are not known, the digits stand alone.

The skill level of a major group is ISCO-08's own (ILO 2012): 1 elementary, 2 clerks to operators, 3 technicians, 4
professionals and managers. Schooling gives the level that ISCO-08 sets beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from features import reference
from features.codes import ISCO_LIKE
from models.text import Language

DIGITS = 4
TASKS = ("nra", "nri", "rc", "rm", "nrm")
"""Shares of tasks: analytic and interactive ones that follow no routine, routine ones of the head and of the hand, and
other work of the hand."""
_LEVEL = {"1": 4, "2": 4, "3": 3, "4": 2, "5": 2, "6": 2, "7": 2, "8": 2, "9": 1}
_EXCEPT = {"14": 3, "01": 4, "02": 2, "03": 1}
_SHORT = {"YBDI": "yang berhubungan dengan itu", "YTDL": "yang tidak diklasifikasikan di tempat lain"}
SCHOOLING = {"none": 1, "primary_incomplete": 1, "primary": 1, "lower_secondary": 2, "upper_secondary": 2, "diploma": 3,
             "degree": 4}  # fmt: skip
"""Skill level that schooling opens."""


@dataclass(frozen=True, slots=True)
class Occupation:
    """A unit group.

    title_id : its name in KBJI 2014: of minor groups 011, 021 and 031 for the armed forces; of the police, whom KBJI
        has among these, our translation of ISCO-08. title_en : in ISCO-08. tasks : shares, None where not known.
    """

    code: str
    title_id: str
    title_en: str
    tasks: tuple[float, ...] | None

    @property
    def level(self) -> int:
        """Skill level, 1 to 4."""
        return level(self.code)

    def title(self, language: Language) -> str:
        """Its name."""
        return written_out(self.title_id if language == "id" else self.title_en)


def written_out(title: str) -> str:
    """A title of KBJI or KBLI without its abbreviations."""
    for short, whole in _SHORT.items():
        title = title.replace(short, whole)
    return title


@cache
def all_occupations() -> dict[str, Occupation]:
    """Unit groups by code, in order."""
    found = {}
    for row in sorted(reference.rows("occupations.csv"), key=lambda row: row["isco4"]):
        tasks = tuple(float(row[name]) for name in TASKS) if all(row[name] for name in TASKS) else None
        found[row["isco4"]] = Occupation(row["isco4"], row["title_id"], row["title_en"], tasks)
    return found


def level(code: str) -> int:
    """Skill level of an occupation code of one digit or more."""
    return _EXCEPT.get(code[:2], _LEVEL.get(code[:1], 0)) or _LEVEL.get(code[:1], 1)


def plain(scheme: str | None, code: str | None) -> str:
    """At most four digits of an occupation code; empty where it is none of KBJI or ISCO-08."""
    digits = (code or "").strip()
    return digits[:DIGITS] if scheme in ISCO_LIKE and digits.isdecimal() else ""


def shared(one: str, other: str) -> int:
    """Leading digits that two codes share."""
    count = 0
    for mine, theirs in zip(one[:DIGITS], other[:DIGITS], strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def tasks_apart(one: str, other: str) -> float | None:
    """How far the tasks of two unit groups lie apart, 0 to 1; None where those of one are not known."""
    known = all_occupations()
    mine, theirs = known.get(one), known.get(other)
    if mine is None or theirs is None or mine.tasks is None or theirs.tasks is None:
        return None
    return min(1.0, sum(abs(a - b) for a, b in zip(mine.tasks, theirs.tasks, strict=True)) / 2)


@lru_cache(maxsize=50_000)
def distance(one: str, other: str) -> float:
    """Distance of two occupation codes, 0 (the same) to 1; symmetric."""
    digits = (DIGITS - shared(one, other)) / DIGITS
    tasks = tasks_apart(one, other)
    return digits if tasks is None else (digits + tasks) / 2
