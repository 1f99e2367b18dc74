"""What the compass and the openings answer."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from serving.schemas import Quarantined

Texts = dict[Literal["id", "en"], str]
Lines = dict[Literal["id", "en"], list[str]]


class Figure(BaseModel):
    """A published figure with its unit, year and source."""

    value: float
    unit: str
    year: int
    source: str
    province: str | None = Field(description="Where it holds; null for the nation.")
    sections: str | None = Field(description="Sections that the source puts together, for example MN.")
    low: float | None = Field(description="Of a mean over typical jobs: the least.")
    high: float | None
    jobs: int | None = Field(description="Of a mean over typical jobs: how many.")


class CompassMeasure(BaseModel):
    """What is compared."""

    measure: str
    group: Literal["exposure", "growth", "demand", "flexibility", "resilience", "size"]
    better: Literal[-1, 0, 1] = Field(description="1: more speaks for an industry; -1: less does; 0: either.")
    weight: float
    known: bool = Field(description="Whether there is a figure for one industry at least.")
    name: Texts
    about: Texts


class CompassSection(BaseModel):
    """An industry section of KBLI 2020."""

    section: str
    name: Texts
    rank: int | None = Field(description="1 is first; null where less than half of the weight is on known figures.")
    rank_low: int | None = Field(description="Best rank under other weights.")
    rank_high: int | None = Field(description="Worst rank under other weights.")
    value: float | None = Field(description="Weighted mean of its places, 0 last in all to 1 first in all.")
    known: float = Field(description="Share of the weight that is on known figures.")
    figures: dict[str, Figure | None] = Field(description="By measure; null where not known, never 0.")


class CompassDivision(BaseModel):
    """A division of KBLI 2020 and the figures that are known of it."""

    division: str
    section: str
    title: Texts
    figures: dict[str, Figure]


class CompassCoverage(BaseModel):
    """How many cells, an industry by a measure each, hold a figure of what."""

    own: int = Field(description="Of the province itself.")
    nation: int
    jobs: int = Field(description="The mean of the industry's typical jobs, the same anywhere.")
    empty: int = Field(description="Not known.")
    measures: list[str] = Field(description="Those with figures of the province itself.")


class Compass(BaseModel):
    """The industries of a place side by side."""

    province: str | None
    place: Texts
    measures: list[CompassMeasure]
    sections: list[CompassSection]
    divisions: list[CompassDivision]
    coverage: CompassCoverage
    facts: dict[str, Figure | None] = Field(description="Figures of the place, of all industries together.")


class Opening(BaseModel):
    """A job in an industry that a worker could look into."""

    section: str
    section_name: str
    occupation: str = Field(description="Unit group of KBJI 2014, ISCO-08.")
    title: str
    level: int = Field(description="Skill level of ISCO-08, 1 to 4.")
    distance: float | None = Field(description="From the present job, 0 to 1; null where that is not known.")
    exposure: dict[str, float | None]
    wage: Figure | None = Field(description="Mean of all employees of the industry, in the province where it is known.")
    wage_schooled: Figure | None = Field(
        description="In the nation at the own schooling, else at that which the level of the job asks for; of other "
        "employees than `wage`, so not to be compared with it.")  # fmt: skip
    growth: Figure | None
    why: list[str]
    mind: list[str] = Field(description="What is to be minded.")
    wages: str


class WorkerText(BaseModel):
    """A worker and the openings in one language."""

    occupation: str | None
    title: str | None
    section: str | None
    section_name: str | None
    schooling: str | None
    schooling_name: str | None
    working: bool
    openings: list[Opening]
    missing: list[str]


class Prospect(BaseModel):
    """A worker of a household, in the order of the rows sent."""

    exposure: dict[str, float | None] = Field(description="Of the present job, by measure.")
    exposure_of: Literal["occupation", "section"]
    missing: list[Literal["occupation", "section", "schooling", "openings"]]
    text: dict[Literal["id", "en"], WorkerText]


class HouseholdOpenings(BaseModel):
    """Openings of a household."""

    index: int
    household_id: str | None
    quarantined: bool
    province: str | None = Field(description="Whose figures are told; null for those of the nation.")
    workers: list[Prospect]
    missing: Lines = Field(description="What is known of no worker.")
    note: Texts


class OpeningCounts(BaseModel):
    """How many came."""

    households: int
    workers: int
    quarantined: int


class Openings(BaseModel):
    """An answer for every household that was sent; nothing of it is kept."""

    as_of: str
    counts: OpeningCounts
    households: list[HouseholdOpenings]
    quarantine: list[Quarantined]
