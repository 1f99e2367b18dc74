"""The route of the sector compass."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import Field

from features.commands import UserError
from models.compass import rank, table, telling
from serving.access.rights import allow
from serving.api.compass_shapes import Compass
from serving.api.routes import Answer, Call, Route
from serving.api.shapes import Query
from serving.office import Office
from serving.problems import bad_query


class Asked(Query):
    """Which place, and how measures are weighed."""

    province: str = Field("", max_length=2, description="BPS code of a province (32); the nation without it.")
    weights: str = Field("", max_length=600, description="Weights of measures, 0 to 3: wage:2,ilo_genai:1. Every "
                         "measure once without it.")  # fmt: skip


def _compass(office: Office, call: Call) -> Answer:
    allow(call.who, "model.see")
    asked = call.query
    if asked.province and asked.province not in table.provinces():
        raise bad_query("province", "place")
    try:
        weights = rank.weights(rank.read_weights(asked.weights))
    except UserError:
        raise bad_query("weights", "weights") from None
    place = table.place(asked.province)
    return Answer(telling.compass(place, weights, rank.standings(place, weights), call.languages))


@cache
def _example() -> dict[str, Any]:
    """The compass of the nation with its first industry, first division and few measures."""
    place, weights = table.place(), rank.weights()
    told = telling.compass(place, weights, rank.standings(place, weights))
    few = ("ilo_genai", "wage", "vacancy_rate")
    section = told["sections"][0]
    return told | {
        "measures": [own for own in told["measures"] if own["measure"] in few],
        "sections": [{**section, "figures": {key: section["figures"][key] for key in few}}],
        "divisions": told["divisions"][:1], "facts": {"informality": told["facts"]["informality"]},
    }  # fmt: skip


ROUTES = (
    Route("GET", "/v1/compass", "compass", tag="compass", scope="score", act="model.see",
          summary="Industries side by side",
          about="Published figures by industry section and place with unit, year and source, and a rank by weights "
                "that the caller sets, with its range under other weights. What is not known is null.",
          handle=_compass, query=Asked, answer=Compass, example=_example(), problems=("bad_query",),
          logged=False),
)  # fmt: skip
