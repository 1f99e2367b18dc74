"""The shapes of the API, for its documentation: requests from the contract, answers from the score row.

Requests are checked by the contract itself (`serving.requests`), not by these.
"""

from __future__ import annotations

import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from features import contract
from models import reasons, score
from models.row import CHANCES
from serving.limits import MOST_HOUSEHOLDS, MOST_REASONS

_TYPES: dict[str, Any] = {"id": str, "text": str, "period": str, "date": datetime.date, "number": float, "count": int,
                          "flag": bool}  # fmt: skip


def row_model(table: contract.Table) -> type[BaseModel]:
    """One row of a contract table."""
    fields: dict[str, Any] = {rule.name: _field(rule) for rule in table.fields}
    name = "".join(part.capitalize() for part in table.name.split("_")) + "Row"
    return create_model(name, __config__=ConfigDict(extra="forbid"), __doc__=table.doc, **fields)


def _field(rule: contract.Field) -> tuple[Any, Any]:
    kind: Any = Literal[rule.choices] if rule.kind == "choice" else _TYPES[rule.kind]
    settings: dict[str, Any] = {"description": f"{rule.doc} Unit: {rule.unit}." if rule.unit else rule.doc}
    if rule.kind == "period":
        settings["pattern"] = r"^(1[89]|20|21)\d\d(Q[1-4])?$"
    if rule.kind in ("id", "text"):
        settings["max_length"] = rule.digits or 200
    if rule.digits:
        settings["pattern"] = rf"^[0-9]{{{rule.digits}}}$"
    if rule.low is not None:
        settings["ge"] = rule.low
    if rule.high is not None:
        settings["le"] = rule.high
    if rule.null:
        return kind | None, Field(None, **settings)
    return kind, Field(..., **settings)


def _request_model() -> type[BaseModel]:
    fields: dict[str, Any] = {
        "as_of": (datetime.date, Field(..., description="Date of the score; facts known later are not seen.")),
        "language": (Literal["id", "en"] | None, Field(None, description="Language of sentences; both without it.")),
        "reasons": (int, Field(reasons.SHOWN, ge=0, le=MOST_REASONS, description="Reasons at most a household.")),
    }  # fmt: skip
    replaced = "Replaces what the model brings."
    for name, table in contract.TABLES.items():
        rows: Any = list[row_model(table)]  # type: ignore[misc]
        if name == "households":
            text = f"{table.doc} At most {MOST_HOUSEHOLDS} different households."
            fields[name] = (rows, Field(..., min_length=1, description=text))
        elif name in contract.REQUIRED:
            fields[name] = (rows, Field(..., min_length=1, description=table.doc))
        else:
            text = table.doc if name == "shocks" else f"{table.doc} {replaced}"
            fields[name] = (rows | None, Field(None, description=text))
    about = "Households in contract shape: every period of each that is known."
    return create_model("ScoreRequest", __config__=ConfigDict(extra="forbid"), __doc__=about, **fields)


ScoreRequest = _request_model()


class Model(BaseModel):
    """The model that answered."""

    name: str = Field(description="Name of its bundle: first 12 hex digits of the hash over its files.")
    view: Literal["survey", "registry"] = Field(description="Whether it uses measured welfare.")
    horizon: int = Field(description="Periods between the facts and the outcome.")
    synthetic: bool = Field(description="Trained on synthetic data: its figures say nothing of real families.")
    source: str | None
    trained_until: datetime.date | None = Field(description="Outcomes known later had no part in it.")
    promoted: datetime.datetime | None = Field(description="When it was promoted; null where its path was given.")


class ModelCard(Model):
    """The model that answers, in full."""

    identity: str
    lookback: int = Field(description="Periods that must have been observed without poverty for a first entry.")
    trained_rows: int | None
    base_rate: float = Field(description="Share of the training rows that fell.")
    labels: list[float] = Field(description="Percentages at which the levels of risk above the lowest begin.")
    strata: list[str] = Field(description="Places it knows: province and urban, rural or all.")
    features: list[str]
    data_hash: str | None
    gates: dict[str, Any] | None = Field(description="What each gate found when it was promoted.")
    figures: dict[str, Any] | None = Field(description="Measured on held-out rows when it was promoted.")


class Counts(BaseModel):
    """households = scored + refused + quarantined."""

    households: int
    scored: int
    refused: int
    quarantined: int


class Reason(BaseModel):
    """One fact and what it does to the log-odds of the risk."""

    key: str
    value: str | None
    known_at: datetime.date | None = Field(description="Day on which the fact became known: the row of the family, the "
                                           "figure of its place or industry, or the last event; null where there is "
                                           "none.")  # fmt: skip
    contribution: float = Field(description="Log-odds; above 0 raises the risk.")
    text: dict[Literal["id", "en"], str]


_TOLD: dict[str, Any] = {
    "household_id": str | None, "unit": Literal["household", "family"] | None, "province": str | None,
    "regency": str | None, "urban": bool | None, "as_of": datetime.date, "expires": datetime.date, "horizon": int,
    "bundle": str, "status": Literal["scored", "refused"], "refusal": Literal[score.REFUSALS] | None,
    "rung": Literal[contract.RUNGS] | None, "kind": Literal["relapse", "first_entry", "unknown_history"] | None,
    "applies": bool | None, "base": float | None, "place": float | None, "reasons": list[Reason] | None,
    "other": float | None, "missing": list[str] | None, "certainty": Literal["usual", "low"] | None,
}  # fmt: skip
_ABOUT = {
    "household_id": "Keyed code, also where the request gave another id; null where that could not be read, and "
    "for callers without the act household.see, who tell rows by `index`.",
    "refusal": "Why there is no score.",
    "applies": "False for a family below the line now, whose risk is null: measured so where `rung` is told, else by "
    "estimate (`p_poor_now`).",
    "risk": "Chance of being poor at the horizon, given that it is not poor now.",
    "low": "Lower end of the 90 % interval; null where the model has none.",
    "high": "Upper end of the 90 % interval; null where the model has none.",
    "other": "Log-odds of all that is not among the reasons: base + place + reasons + other = logit of risk.",
    **{f"ladder_{rung}": "Chance of this rung at the horizon, not of where it stands now, given that it is not poor "
       "now; the two poor ones add up to `risk`, or to `p_poor_next` where the risk does not apply."
       for rung in contract.RUNGS},
}  # fmt: skip


def _score_model(name: str, doc: str, **first: Any) -> type[BaseModel]:
    fields: dict[str, Any] = dict(first)
    for column in score.COLUMNS:
        chance = column in CHANCES
        bounds: dict[str, Any] = {"ge": 0, "le": 1} if chance else {}
        fields[column] = (float | None if chance else _TOLD[column], Field(description=_ABOUT.get(column), **bounds))
    fields["refusal_text"] = (dict[str, str] | None, Field(description="The refusal in words, by language."))
    return create_model(name, __doc__=doc, **fields)


Score = _score_model("Score", "The answer for one household.",
                     index=(int, Field(description="Place of the household in the request, from 0.")))  # fmt: skip
ScoreRow = _score_model("ScoreRow", "A household of the published scores.")


class Quarantined(BaseModel):
    """A row that was kept out, and the rule it breaks."""

    table: str
    row: int = Field(description="Place in the table of the request, from 0.")
    household_id: str | None
    field: str
    rule: str
    text: dict[Literal["id", "en"], str] = Field(description="The rule in the languages asked for.")


class ScoreAnswer(BaseModel):
    """A score or a refusal for every household that was sent."""

    model: Model
    as_of: datetime.date
    expires: datetime.date
    counts: Counts
    scores: list[Score]  # type: ignore[valid-type]
    quarantine: list[Quarantined]


class BrokenRule(BaseModel):
    """A field and the rule that it breaks."""

    field: str
    rule: str
    text: str


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Address of the page that tells what it is, relative to this service.")
    title: str = Field(description="What it is called: the same for every problem of its `type`, but for the language.")
    status: int
    code: str
    detail: str | None = Field(None, description="What happened here, where that says more than the title.")
    errors: list[BrokenRule] | None = None
