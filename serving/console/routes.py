"""Everything of the console in one app: pages, files, the start address, and errors as pages."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import RedirectResponse

from serving.champion import Champion
from serving.console import assets
from serving.console.pages import household, households, model, overview, plain, sign_in
from serving.console.view import Desk
from serving.published import Published


def add(app: FastAPI, champion: Champion, published: Published) -> Desk:
    """Add the console; `app.state.desk` is what its pages stand on."""
    desk = app.state.desk = Desk(app, published, champion)
    for part in (sign_in, overview, households, household, model, plain):
        part.add(app, desk)

    @app.get("/", include_in_schema=False)
    def start() -> RedirectResponse:
        return RedirectResponse("/ikhtisar", 307)

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> RedirectResponse:
        return RedirectResponse(assets.address("icon.svg"), 308)

    app.mount("/static", assets.Static(), name="static")
    return desk
