"""Routes of households: look-up, search and filter."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from features.cohort import KINDS
from features.contract import PROGRAMMES, SECTIONS
from serving.answer import in_words
from serving.api import examples, told
from serving.api.routes import Answer, Call, Route
from serving.api.shapes import AREA_ABOUT, Asked, Code, KnownArea, Page, PageQuery, Query, Subdistrict
from serving.api.told import Objection, Visit
from serving.cases import households, list_reads
from serving.office import Office
from serving.problems import bad_query
from serving.schemas import ScoreRow
from serving.scores.area_figures import CHANGES, Filter
from serving.scores.listing import ORDERS
from serving.scores.scores import LEVELS, Row

Level = Literal["very_low", "low", "medium", "high", "very_high"]
Kind = Literal["relapse", "first_entry", "unknown_history"]
Change = Literal["up", "same", "down"]
Certainty = Literal["usual", "low"]
Programme = Literal["pkh", "sembako", "pbi"]
Section = Literal[
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U"
]
Order = Literal["-risk", "risk", "-change", "change", "-range", "range"]
assert (LEVELS, KINDS, tuple(CHANGES)) == (Level.__args__, Kind.__args__, Change.__args__)  # type: ignore[attr-defined]
assert (Programme.__args__, Section.__args__) == (PROGRAMMES, SECTIONS)  # type: ignore[attr-defined]
assert set(Order.__args__) == set(ORDERS)  # type: ignore[attr-defined]
_SUBDISTRICT = "BPS code of a sub-district (kecamatan) in one of the caller's areas, such as 3204010."

_PROGRAMME = "Who receives one of these by the register; not known is not received. No part of the score."
_SECTOR = (
    "Sections of industry (KBLI 2020, A to U) of the job that stands for the household, as `facts.section` tells "
    "it; who is not known to work in one of them is left out. Refused where no facts stand beside the scores."
)
_CERTAINTY = (
    "`low`: the model is not sure, since the range touches three levels or more, a usual fact is missing, or a value "
    "lies outside what the model has seen."
)
_CHECK = (
    "Only who is to be looked at in the field: whose certainty is `low`, or whose range crosses the end of the list "
    "that was confirmed last for the place; without those whom a visit since the scores has answered."
)
_ORDER = ("What the list is ordered by, `-` the most first: the risk; its change since the run before, where one that "
          "means nothing is 0 and one that cannot be told comes last; the width of its range, both as whole numbers "
          "out of 100. Among equal ones the highest risk is first.")  # fmt: skip


class Households(PageQuery):
    """Which households at risk."""

    area: KnownArea = Field("", description=AREA_ABOUT)
    subdistrict: Subdistrict | None = Field(None, description=_SUBDISTRICT)
    level: list[Level] = Field([], max_length=5, description="Levels of risk.")
    kind: list[Kind] = Field([], max_length=3, description="Kinds of fall.")
    certainty: Certainty | None = Field(None, description=_CERTAINTY)
    check: bool = Field(False, description=_CHECK)
    change: list[Change] = Field([], max_length=3, description="How the risk (of 100) moved since the run before.")
    programme: list[Programme] = Field([], max_length=3, description=_PROGRAMME)
    sector: list[Section] = Field([], max_length=21, description=_SECTOR)
    order: Order = Field("-risk", description=_ORDER)


class HouseholdSearch(Asked):
    """Which households at risk; or one, by its number or code, which then stands in no address and no log."""

    id: Code | None = Field(None, description="Number or code of one household; made into a code and not kept.")
    area: KnownArea = Field("", description=AREA_ABOUT)
    subdistrict: Subdistrict | None = Field(None, description=_SUBDISTRICT)
    level: list[Level] = Field(default_factory=list, max_length=5)
    kind: list[Kind] = Field(default_factory=list, max_length=3)
    certainty: Certainty | None = Field(None, description=_CERTAINTY)
    check: bool = Field(False, description=_CHECK)
    change: list[Change] = Field(default_factory=list, max_length=3)
    programme: list[Programme] = Field(default_factory=list, max_length=3, description=_PROGRAMME)
    sector: list[Section] = Field(default_factory=list, max_length=21, description=_SECTOR)
    order: Order = Field("-risk", description=_ORDER)
    cursor: str | None = Field(None, max_length=600)
    count: int = Field(25, ge=25, le=500)


class Checked(BaseModel):
    """What a visit found that the scores do not know."""

    visit: int
    result: str
    visited: datetime.date


class Listed(BaseModel):
    """A household in a list by risk."""

    household_id: str
    province: str | None
    regency: str | None
    subdistrict: str | None = Field(description="Kecamatan; null where the register or the run does not tell it.")
    urban: bool | None
    unit: str | None
    rung: str | None
    kind: str | None
    risk: float | None = Field(
        description="Given that it is not poor now. Null for a household found by its number that is not "
        "at risk, or refused."
    )
    low: float | None
    high: float | None
    fall_within: float | None
    certainty: str | None
    was: float | None = Field(description="Risk in the run before; null where it was not at risk there.")
    moved: int | None = Field(description="1 risen, -1 fallen, 0 no change that can be told: each risk lies within "
                              "the range of the other; null where it cannot be compared.")  # fmt: skip
    checked: Checked | None = Field(description="As of the household itself; of one found dead no risk is told.")


class HouseholdPage(Page):
    """Households at risk, in the order asked for."""

    run: str
    as_of: datetime.date
    expires: datetime.date
    synthetic: bool
    total: int = Field(description="Households that the filter lets through.")
    by_level: dict[str, int] = Field(description="Of them by level of risk; empty where levels are not known.")
    households: list[Listed]


class Earlier(BaseModel):
    """The household in a published run."""

    run: str
    as_of: datetime.date
    bundle: str
    status: str
    refusal: str | None
    applies: bool | None
    rung: str | None
    kind: str | None
    risk: float | None = Field(
        description="Given that it is not poor then. Of earlier runs to within 1/40,000, and so are `low` and `high`."
    )
    low: float | None
    high: float | None
    certainty: str | None


class OnList(BaseModel):
    """A place of the household on a confirmed list."""

    list: str
    version: int
    newest: int = Field(description="The newest version there is of this list.")
    quarter: str
    scheme: str
    place: int
    channel: str


class Facts(BaseModel):
    """What people read of a household beside its score, known on one day; no input of a score for standing here. Null
    where it is not known."""

    known_at: datetime.date | None
    section: str | None = Field(description="Section of industry (KBLI 2020, A to U) of the job that stands for the "
                                "household: the head's, else that of the eldest who earns.")  # fmt: skip
    occupation: str | None = Field(description="Occupation of that job, four digits of KBJI 2014 (ISCO-08).")
    head: bool | None = Field(description="Whether that job is the head's.")
    earners: int | None = Field(description="Members who earn.")
    routine: float | None = Field(description="Routine task intensity of the earners' jobs, -1 to 1.")
    computerisation: float | None = Field(description="Probability of computerisation, 0 to 1.")
    software: float | None = Field(description="Share of tasks exposed to generative AI, 0 to 1.")
    layoffs: float | None = Field(description="Recorded layoffs a year over employees in the earners' industries.")
    growth: float | None = Field(description="Change of workers there on a year before, as a share.")
    programmes: dict[Programme, bool | None] = Field(description="Whether each is received, by the register.")


class HouseholdAnswer(BaseModel):
    """All that is known here of one household. Lists, visits and objections are null while the database is away."""

    household: ScoreRow  # type: ignore[valid-type]
    subdistrict: str | None = Field(description="Kecamatan, as a BPS code; no part of the score row.")
    facts: Facts | None = Field(description="Null in scores made without reasons, or before facts were kept.")
    run: str
    synthetic: bool
    expired: bool
    history: list[Earlier] = Field(description="What the last eight published runs told of it, the newest first. Risks "
                                   "of different bundles cannot be compared.")  # fmt: skip
    lists: list[OnList] | None
    visits: list[Visit] | None
    checked: Checked | None = Field(description="The visit that leaves nothing to be looked at in the field: the last "
                                    "that found something about the household, made after the day of the scores, or "
                                    "found all dead, of whom no risk is told any more, "
                                    "nor of earlier runs (`applies` false). Null where there is none.")  # fmt: skip
    objections: list[Objection] | None


def _look(office: Office, call: Call) -> Answer:
    found = households.look(office, call.who, call.path["code"])
    runs = [{**found.row, "run": found.scores.run.name}, *found.history]
    history = [{name: row[name] for name in Earlier.model_fields}
               for row in (households.of_the_living(run, found.checked) for run in runs)]  # fmt: skip
    lists = None if found.lists is None else [
        {"list": row.number, "version": row.version, "newest": row.newest, "quarter": row.quarter,
         "scheme": row.scheme, "place": row.place, "channel": row.how} for row in found.lists]  # fmt: skip
    about = [row.list for row in (*(found.visits or ()), *(found.objections or ()))]
    names = list_reads.names(office, call.who, about)
    row = households.of_the_living(found.row, found.checked)
    subdistrict = row.pop("subdistrict")
    return Answer({
        "household": in_words(row, call.languages), "subdistrict": subdistrict, "facts": _facts(found.facts),
        "run": found.scores.run.name,
        "synthetic": found.scores.synthetic, "expired": found.scores.expired(office.today), "history": history,
        "lists": lists, "visits": None if found.visits is None else [
            told.visit(row, names) for row in found.visits],
        "checked": _checked(found.checked),
        "objections": None if found.objections is None else [
            told.objection(row, names) for row in found.objections],
    }, synthetic=found.scores.synthetic)  # fmt: skip


def _checked(row: Any) -> dict[str, Any] | None:
    return row and {"visit": row.id, "result": row.result, "visited": row.visited}


def _facts(found: Row | None) -> dict[str, Any] | None:
    if found is None:
        return None
    job = found["occupation"]
    return {**{name: found[name] for name in Facts.model_fields if name != "programmes"},
            "occupation": None if job is None else f"{job:04d}",
            "programmes": {name: found[name] for name in PROGRAMMES}}  # fmt: skip


def _index(office: Office, call: Call) -> Answer:
    asked: Any = call.body or call.query
    if isinstance(asked, HouseholdSearch) and asked.id is not None:
        return _one(office, call, asked.id)
    after = call.after()
    chosen = Filter(levels=tuple(asked.level), kinds=tuple(asked.kind), certainty=asked.certainty or "",
                    changes=tuple(asked.change), programmes=tuple(asked.programme),
                    sections=tuple(asked.sector), subdistrict=asked.subdistrict or "")  # fmt: skip
    if after is not None and after[0] != office.scores().run.name:
        raise bad_query("cursor", "cursor")  # of a run that answers no longer
    found = households.search(office, call.who, asked.area, chosen, after=after and after[1], count=asked.count,
                              order=asked.order, check=asked.check)  # fmt: skip
    last = None if found.page.after is None else [found.scores.run.name, found.page.after]
    rows = [{name: row.get(name) for name in Listed.model_fields} for row in found.page.rows]
    return _page(office, call, found.scores, rows, last, found.page.total, dict(found.by_level))


def _one(office: Office, call: Call, typed: str) -> Answer:
    scores, row = office.scores(), households.find(office, call.who, typed)
    rows = [] if row is None else [{name: row.get(name) for name in Listed.model_fields}]
    return _page(office, call, scores, rows, None, len(rows), {})


def _page(office: Office, call: Call, scores: Any, rows: Sequence[Any], last: Any, total: int, by_level: dict[str, int],
          ) -> Answer:  # fmt: skip
    checked = households.visited(office, call.who, scores, [row["household_id"] for row in rows])
    rows = [households.of_the_living(row, own) | {"checked": _checked(own)}
            for row in rows for own in (checked.get(row["household_id"]),)]  # fmt: skip
    return Answer({"run": scores.run.name, "as_of": scores.as_of, "expires": scores.expires,
                   "synthetic": scores.synthetic, "total": total, "by_level": by_level,
                   **call.page("households", rows, last)}, synthetic=scores.synthetic)  # fmt: skip


_ACT: dict[str, Any] = {"tag": "households", "scope": "households.read", "act": "household.see"}
_BAD = ("bad_query", "not_in_area", "no_scores")
ROUTES = (
    Route("GET", "/v1/households/{code}", "household", summary="One household with all that is known of it",
          about="Its score row in words, the published runs, its places on confirmed lists, visits and objections. A "
                "household of another area is answered like none at all. Reading it is in the audit log.",
          handle=_look, answer=HouseholdAnswer, query=Query, example=examples.HOUSEHOLD, problems=_BAD,
          **_ACT),
    Route("GET", "/v1/households", "households", summary="Households at risk by filter",
          about="The highest risk first, or as `order` says, in pages. Lists of readings go into the audit log "
                "with the codes they show.",
          handle=_index, answer=HouseholdPage, query=Households, example=examples.HOUSEHOLD_PAGE, problems=_BAD,
          **_ACT),
    Route("POST", "/v1/households/search", "search", summary="Households by filter, or one by its number",
          about="As `GET /v1/households`, with the filter in the body: what is searched for stands in no address and "
                "no log. With `id` the answer holds that household or none.",
          handle=_index, answer=HouseholdPage, body=HouseholdSearch, asked={"area": "3204", "level": ["high"],
          "certainty": "low", "count": 25}, example=examples.HOUSEHOLD_PAGE, problems=("invalid", *_BAD),
          **_ACT),
)  # fmt: skip
