"""Everything of the console in one app: pages, files, the start address, and errors as pages."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import RedirectResponse

from serving.console import assets
from serving.console.pages import (
    audit,
    builder,
    compass,
    household,
    households,
    lists,
    model,
    objections,
    openings,
    overview,
    people,
    plain,
    problems,
    rights,
    scenario_builder,
    scenarios,
    scheme_library,
    sign_in,
    tokens,
    visit,
    visits,
)
from serving.console.view import Desk
from serving.office import Office


def add(app: FastAPI, office: Office) -> Desk:
    """Add the console; `app.state.desk` is what its pages stand on."""
    desk = app.state.desk = Desk(app, office)
    # In this order, since the first address that fits answers: /skenario/pustaka before /skenario/{no}.
    for part in (sign_in, overview, households, household, openings, builder, lists, visits, visit, objections, people,
                 rights, tokens, audit, model, compass, scenario_builder, scheme_library, scenarios,
                 plain, problems):  # fmt: skip
        part.add(app, desk)

    @app.get("/", include_in_schema=False)
    def start() -> RedirectResponse:
        return RedirectResponse("/ikhtisar", 307)

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> RedirectResponse:
        return RedirectResponse(assets.address("icon.svg"), 308)

    app.mount("/static", assets.Static(), name="static")
    return desk
