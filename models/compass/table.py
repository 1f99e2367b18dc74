"""The figures of the compass by industry section and place, each with source, year and unit; unknown ones are absent.

Nothing is filled in: a figure of the nation stands in a province's table as the nation's, and says so; figures that are
published for two to four sections together stand at each of them, and say so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from statistics import fmean

from features import reference
from features.commands import UserError
from features.contract import SECTIONS
from models.compass import own
from models.compass.measures import MEASURES, TASKS, Measure
from models.compass.occupations import written_out
from models.text import Language

TYPICAL = "unweighted mean over the typical jobs of the industry (jobs.csv, this project's own choice of unit groups)"


RISK = "automation_risk"
"""Share of workers of a division at risk of automation, as published for three of them."""
OF_DIVISIONS = (*TASKS, RISK)
"""What may be known of a division."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure.

    Attributes
    ----------
    unit, year, source : as in the table that it comes from.
    province : place that it holds for; empty for the nation.
    published : sections that the source puts together, for example MN.
    low, high, jobs : of a mean over typical jobs, its least and highest and how many there are.
    """

    value: float
    unit: str
    year: str
    source: str
    province: str = ""
    published: str = ""
    low: float | None = None
    high: float | None = None
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """The compass of a place.

    Attributes
    ----------
    province : BPS code; empty for the nation.
    cells : by section and key of the measure; what is not known is absent.
    facts : figures of the place as a whole, by name.
    """

    province: str
    cells: Mapping[tuple[str, str], Cell]
    facts: Mapping[str, Cell] = field(default_factory=dict)

    def cell(self, section: str, measure: str) -> Cell | None:
        """The figure, None where it is not known."""
        return self.cells.get((section, measure))

    def known(self) -> tuple[Measure, ...]:
        """Measures with a figure for one section at least."""
        held = {measure for _, measure in self.cells}
        return tuple(measure for measure in MEASURES if measure.key in held)

    def unknown(self) -> tuple[Measure, ...]:
        """Measures without any figure by section."""
        known = self.known()
        return tuple(measure for measure in MEASURES if measure not in known)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many cells of a place's table, a section by a measure each, hold a figure of what.

    Attributes
    ----------
    own : of the province itself; of the nation none. nation : of the nation. jobs : of the industry's typical jobs,
        wherever they are done. empty : not known. measures : keys of the measures with figures of the province.
    """

    own: int
    nation: int
    jobs: int
    empty: int
    measures: tuple[str, ...]

    @property
    def cells(self) -> int:
        """All of them."""
        return self.own + self.nation + self.jobs + self.empty


def coverage(place: Place) -> Coverage:
    """What the cells of a place's table hold."""
    cells = [(measure.key, place.cell(section, measure.key)) for measure in MEASURES for section in SECTIONS]
    own = [key for key, cell in cells if cell is not None and cell.province]
    jobs = sum(cell is not None and bool(cell.jobs) for _, cell in cells)
    empty = sum(cell is None for _, cell in cells)
    return Coverage(len(own), len(cells) - len(own) - jobs - empty, jobs, empty, tuple(dict.fromkeys(own)))


@cache
def provinces() -> tuple[str, ...]:
    """BPS codes of the provinces that the tables know."""
    return tuple(sorted({row["province"] for row in reference.rows("compass.csv") if row["province"]}))


def place(province: str = "") -> Place:
    """The compass of a province, or of the nation.

    Parameters
    ----------
    province : BPS code (two digits); empty for the nation.

    Raises
    ------
    UserError : there is no such province, or a row of the office's own table breaks a rule.
    """
    if province and province not in provinces():
        few = ", ".join(provinces()[:3])
        raise UserError(
            f"no province {province!r}; give a BPS code, for example {few}",
            f"tidak ada provinsi {province}; beri kode BPS, misalnya {few}",
        )
    return _place(province, os.environ.get(own.OWN, ""))


def schooled(section: str, schooling: str) -> Cell | None:
    """Mean wage in the nation by schooling (a name of `SCHOOLED` without "wage_"), None where it is not known."""
    return _tables(os.environ.get(own.OWN, "")).get((section, "", "", f"wage_{schooling}"))


def division(code: str, measure: str) -> Cell | None:
    """The figure of a division (two digits of KBLI), None where it is not known."""
    found = _tables(os.environ.get(own.OWN, "")).get((own.sections_of()[code], code, "", measure))
    return found or (_exposure(division=code).get(measure) if measure in TASKS else None)


@cache
def divisions(section: str, language: Language = "id") -> dict[str, str]:
    """Divisions of a section: code to title, of KBLI 2020 in Bahasa Indonesia, of ISIC Rev. 4 in English, whose
    divisions are the same (United Nations, `ISIC_Rev_4_english_structure.txt`)."""
    return {row["division"]: written_out(row[f"title_{language}"]) for row in reference.rows("divisions.csv")
            if row["section"] == section}  # fmt: skip


@cache
def _place(province: str, path: str) -> Place:
    table, cells = _tables(path), {}
    for section in SECTIONS:
        for key, cell in _exposure(section=section).items():
            cells[section, key] = cell
        for measure in MEASURES:
            found = table.get((section, "", province, measure.key)) or table.get((section, "", "", measure.key))
            if found is not None:
                cells[section, measure.key] = found
    facts = {name: fact for name in own.FACTS if (fact := table.get(("", "", province, name))) is not None}
    return Place(province, cells, facts)


@cache
def _tables(path: str) -> Mapping[tuple[str, str, str, str], Cell]:
    """Newest figure by section, division, province and measure; the office's own rows last, so they count."""
    found: dict[tuple[str, str, str, str], Cell] = {}
    for row in (*sorted(_shipped(), key=lambda row: row["year"]), *own.rows(path, provinces())):
        cell = Cell(float(row["value"]), row["unit"], row["year"], row["source"], row["province"],
                    row["section"] if len(row["section"]) > 1 else "")  # fmt: skip
        for section in row["section"] or ("",):
            found[section, row["division"], row["province"], row["measure"]] = cell
    return found


@cache
def _shipped() -> tuple[dict[str, str], ...]:
    decade = ({"division": "", "province": "", **row} for row in reference.rows("sectors.csv")
              if row["measure"] in ("employment_growth", "output_growth"))  # fmt: skip
    whole = ({"section": "", "division": "", **row} for row in reference.rows("provinces.csv")
               if row["measure"] in own.OF_PROVINCES and row["value"])  # fmt: skip
    return (*decade, *whole, *reference.rows("compass.csv"))


@cache
def _exposure(section: str = "", division: str = "") -> Mapping[str, Cell]:
    """Exposure of the typical jobs of a section or division: mean, least and highest over its different unit groups."""
    groups = sorted({row["occupation"] for row in reference.rows("jobs.csv")
                     if (row["section"] == section if section else row["division"] == division)})  # fmt: skip
    found = {}
    for key in TASKS:
        values = [value for group in groups if (value := exposure(group, key)) is not None]
        if values:
            _, unit, year, source = _told(key)
            found[key] = Cell(round(fmean(values), 4), unit, year, f"{source}; {TYPICAL}", low=min(values),
                              high=max(values), jobs=len(values))  # fmt: skip
    return found


def exposure(group: str, measure: str) -> float | None:
    """Exposure of an ISCO-08 unit group; of its sub-major group where it has no figure of its own."""
    return reference.unit_exposure(measure).get(group, reference.exposure(measure).get(group[:2]))


@cache
def _told(measure: str) -> tuple[str, str, str, str]:
    row = next(row for row in reference.rows("exposure.csv") if row["measure"] == measure)
    return measure, row["unit"], row["year"], row["source"].removesuffix(", mean of the unit groups")
