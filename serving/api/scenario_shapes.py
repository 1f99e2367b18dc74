"""What routes of scenarios take and answer."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from models.schemes.beside import MOST
from serving.api.shapes import Area, Asked, Page, PageQuery, Query

Number = Annotated[str, StringConstraints(pattern=r"^K-[0-9]{4}-[0-9]{4,6}$")]
Texts = dict[Literal["id", "en"], str]
_RESULT = ("As `Result.to_dict` of the simulation (docs/simulation.md): every figure has a value, the 90 % range of "
           "the draws and, apart from it, the range from the size of the effect.")  # fmt: skip


class NewScenario(Asked):
    """A scenario to be checked or lived."""

    scenario: dict[str, Any] = Field(description="As its YAML file holds it (docs/simulation.md).")
    area: Area = Field("", description="BPS code of whose families live it; all of them without it.")
    seed: int | None = Field(None, ge=0, le=2**31 - 1, description="Of all chance; the scenario's own without it.")


class Scenarios(PageQuery):
    """A page of the scenarios."""


class Compare(Query):
    """Which scenarios side by side."""

    number: list[Number] = Field(min_length=1, max_length=MOST, description=f"One to {MOST} numbers of scenarios.")


class SchemeFigure(BaseModel):
    """A figure with its range, unit and source."""

    value: float | None = Field(description="Null of a cost of which nothing was found; an effect of which nothing was "
                                "found is lived as 0.")  # fmt: skip
    low: float | None
    high: float | None
    unit: str
    basis: Literal["evidence", "arithmetic", "assumption", "none"]
    source: str
    year: int | None
    note: str
    lacks: str = Field(description="A part of it that was not found: the value is the rest alone.")


class Part(BaseModel):
    """What schemes and shocks have in common."""

    name: str
    title: Texts
    dated: str
    references: list[dict[str, str]]
    scope: dict[str, Any] = Field(description="Facts that a family must have; empty for everybody.")
    figures: dict[str, SchemeFigure]


class SchemePart(Part):
    """A scheme of the library."""

    approach: str
    rule: str = Field(description="Of targeting.")
    duration: int = Field(description="Years of support.")
    ramp: list[float] = Field(description="Shares of the places that are open in the first years, the last from then "
                              "on.")  # fmt: skip
    effect: str = Field(description="What `figures` of the effect are of: consumption, income, protection or none. "
                        "Without a figure `effect.fade` nothing is left once support ends.")  # fmt: skip
    against: str | None = Field(description="Shock that protection is from.")
    evidence: bool = Field(description="Whether every figure of the effect is published evidence; if not, what comes "
                           "out is a model response, not effect.")  # fmt: skip
    no_evidence: bool = Field(description="Whether none was found: the effect counts as nought.")


class ShockPart(Part):
    """A shock of the library."""

    shock: str
    exposure: str | None = Field(description="Measure of the main earner's occupation that its chance rises with.")


class SchemeList(BaseModel):
    """Schemes that scenarios may use."""

    schemes: list[SchemePart]


class ShockList(BaseModel):
    """Shocks that scenarios may use."""

    shocks: list[ShockPart]


class PlannedScheme(BaseModel):
    """A scheme of an answer before it is lived."""

    name: str
    title: Texts
    rule: str
    eligible: float | None = Field(description="To ten families of the sample, down; null of fewer than 30.")
    facts_unknown: float | None = Field(description="As `eligible`.")
    families: float | None = Field(description="That take part; null where fewer than 30 of the sample may or do.")
    cost: float | None = Field(description="Rupiah in the simulated years; null as `families`, and where a part of it "
                               "was not found: `cost_why` says which.")  # fmt: skip
    cost_at_least: float | None = Field(description="What is known of a cost of which a part is not; null else.")
    cost_of_one: float | None = Field(description="Rupiah a family, for the whole time of support; null as `cost`.")
    cost_of_one_at_least: float | None = Field(description="As `cost_at_least`.")
    cost_why: Texts | None = Field(description="Why `cost` is null.")
    limited_by: dict[str, str] = Field(description="Year to what ran out: places or budget.")
    evidence: bool
    no_evidence: bool
    lacks_shock: str | None = Field(description="Shock that it protects against and that the scenario lacks, so that "
                                    "it changes nothing; null else.")  # fmt: skip
    rolling: bool = Field(
        description="Families of the answer join in several years: more places need not avert more falls."
    )
    coarse: bool = Field(description="Room for less than one family of the sample: the answer would be left out.")
    coarse_why: Texts | None = Field(description="That it would, and what to change; null where `coarse` is not so.")
    cost_known: bool = Field(description="False where a part of the cost was not found.")
    cost_unknown: list[Literal["cost", "setup"]] = Field(description="Parts of it that were not found, or not in full.")
    cost_assumed: dict[Literal["cost", "setup"], float] = Field(
        description="Rupiah of the parts that are an assumption.")  # fmt: skip
    budget: float | None = Field(description="Rupiah in all that the scenario gives it, which its cost never "
                                 "passes; null without one.")  # fmt: skip
    take_up: float = Field(description="Share of the families that are asked that takes part.")
    take_up_basis: Literal["evidence", "arithmetic", "assumption", "none"]
    rows: int | None = Field(description="Families of the sample that take part, to ten; figures of fewer than 100 are "
                                         "rough, those of fewer than 30 are null.")  # fmt: skip


class YearMoney(BaseModel):
    """Money of a year."""

    year: int
    rupiah: float


class PlannedArm(BaseModel):
    """An answer before it is lived."""

    name: str
    title: Texts
    cost: float | None = Field(description="Null, as `cost_by_year`, where that of one of the schemes is.")
    cost_at_least: float | None = Field(description="What is known of a cost of which a part is not; null else.")
    cost_why: Texts | None = Field(description="Why `cost` is null.")
    families: float | None = Field(description="Null where those of one of the schemes are.")
    cost_by_year: list[YearMoney] | None
    effect_figures: int
    effect_figures_from_evidence: int
    schemes: list[PlannedScheme]


class ScenarioPlan(BaseModel):
    """A scenario that is in order, and what it would cost and reach."""

    name: str
    title: Texts
    start: int
    years: int
    draws: int
    seed: int
    sha256: str
    area: str
    ready: bool = Field(description="False while the sample of the area is being drawn, as after the first call: "
                       "nothing below is told then; ask again after `Retry-After` seconds.")  # fmt: skip
    families: int = Field(description="Families of the sample.")
    stand_for: int
    synthetic: bool | None
    arms: list[PlannedArm]


class ScenarioHead(BaseModel):
    """A scenario as it stands."""

    number: str
    area: str
    title: Texts
    question: Texts
    sha256: str
    seed: int
    status: Literal["waiting", "running", "done", "failed", "cancelled"]
    reason: str = Field(description="Why it failed: interrupted (twice), time_limit, internal, few SCHEME (it "
                        "may reach fewer than 30 families of the sample), few_shock SHOCK (it may hit so few), "
                        "few_area (the sample has so few), older (it was lived by an "
                        "older version: run it again), coarse SCHEME N ARM (in every "
                        "answer, that one the first, a scheme has room for less than one family of the sample, which "
                        "stands for N), or a sentence.")  # fmt: skip
    families: str = Field(description="Run of scores that lived it, or `synthetic`.")
    bundle: str
    synthetic: bool | None
    made_at: datetime.datetime
    ended_at: datetime.datetime | None


class ScenarioAnswer(ScenarioHead):
    """A scenario with what it came to."""

    scenario: dict[str, Any]
    result: dict[str, Any] | None = Field(description=_RESULT)


class ScenarioPage(Page):
    """A page of scenarios."""

    scenarios: list[ScenarioHead]


class Comparison(BaseModel):
    """Answers of scenarios side by side, each called by a letter."""

    scenarios: list[dict[str, Any]]
    seed: int
    draws: int
    level: float
    data: dict[str, Any]
    match: dict[str, Any]
    start: dict[str, Any] = Field(description="Expected shares of the rungs at the start, beside those last published "
                                  "of their `place` (of one province its headcount alone), and a year later where "
                                  "nothing happens.")  # fmt: skip
    without: dict[str, Any]
    arms: list[dict[str, Any]] = Field(description="`from` tells the scenario and arm of each.")
    differences: list[dict[str, Any]] = Field(
        description="Over the same draws; undecided where a range holds 0, unreached where one reaches nobody, equal "
        "where they never differ."
    )
    pareto: list[dict[str, Any]]
    goal: dict[str, Any]
    published: list[dict[str, Any]]
    assumptions: list[dict[str, Any]]
    answer: Texts = Field(description="Sentences as sure as the ranges allow, the verdict first.")
